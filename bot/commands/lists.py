"""Lists for the shell: sports and styles, settings."""

from __future__ import annotations

import json as js
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from bot import settings as configuration
from bot.model.named import Named
from bot.settings import Settings
from bot.sports import sports as all_sports
from bot.styles import styles as all_styles


def sports(language: str, *, json: bool) -> None:
    """Every sport and style with its name."""
    groups = {"sports": all_sports(), "styles": all_styles()}
    if json:
        typer.echo(js.dumps({group: _plain(things, language) for group, things in groups.items()}))
        return
    for group, things in groups.items():
        table = Table(title=group, box=None, title_justify="left", show_header=False)
        for thing in things:
            table.add_row(thing.emoji, thing.slug, thing.name(language))
        Console().print(table)


def _plain(things: Sequence[Named], language: str) -> list[dict[str, str]]:
    return [{"slug": thing.slug, "name": thing.name(language), "emoji": thing.emoji} for thing in things]


def settings(present: Settings, *, json: bool) -> None:
    """Every setting: name, variable, meaning, value, whether it is the default."""
    rows = list(_settings(present))
    if json:
        typer.echo(js.dumps(rows, default=str))
        return
    console = Console(highlight=False, markup=False)
    for row in rows:  # a table would cut names short that are there to be copied
        style = "" if row["default"] else "bold"
        console.print(f"{row['variable']} = {row['value']}".rstrip(), style=style, soft_wrap=True)
        console.print(Padding(row["meaning"], (0, 0, 0, 4), expand=False), style="dim")


def _settings(present: Settings) -> Iterator[dict[str, Any]]:
    for name, meaning, default in configuration.names():
        value: Any = present
        for part in name.split("."):
            value = getattr(value, part)
        shown = "••••" if isinstance(value, SecretStr) else "" if value is None else str(value)
        yield {
            "name": name,
            "variable": configuration.PREFIX + name.replace(".", "_").upper(),
            "value": shown,
            "default": value == default,
            "meaning": meaning,
        }
