"""Lists for the shell: sports and styles, settings."""

from __future__ import annotations

import json as js
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from bot import settings as configuration
from bot.model.named import Named
from bot.scrub import MASK, hider
from bot.settings import Settings, Source
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


def settings(present: Settings, sources: Mapping[str, Source], *, json: bool) -> None:
    """Every setting: name, variable, meaning, value, default, and where the value comes from. No secret is shown."""
    rows = list(_settings(present, sources))
    if json:
        typer.echo(js.dumps(rows))
        return
    console = Console(highlight=False, markup=False)
    for row in rows:  # a table would cut names short that are there to be copied
        changed = row["source"] != Source.DEFAULT
        value = f"{row['variable']} = {row['value']}".rstrip()
        console.print(
            f"{value}  ({row['source']})" if changed else value, style="bold" if changed else "", soft_wrap=True
        )
        meaning = f"{row['meaning']} [{row['default']}]" if changed and row["default"] else row["meaning"]
        console.print(Padding(meaning, (0, 0, 0, 4), expand=False), style="dim")


def _settings(present: Settings, sources: Mapping[str, Source]) -> Iterator[dict[str, str]]:
    hide = hider(present.secrets())
    for name, meaning, default in configuration.names():
        value: Any = present
        for part in name.split("."):
            value = getattr(value, part)
        yield {
            "name": name,
            "variable": configuration.PREFIX + name.replace(".", "_").upper(),
            "value": hide(_shown(value)),
            "default": _shown(default),
            "source": sources[name].value,
            "meaning": meaning,
        }


def _shown(value: Any) -> str:
    """A value as the settings file or a variable would say it; a secret only says that it is there."""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in cast("tuple[Any, ...]", value))
    return "" if value is None else str(value)
