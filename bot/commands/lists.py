"""Lists for the shell: sports and styles, settings."""

from __future__ import annotations

import json as js
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

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

_PASSWORD: Final = re.compile(r"(://[^\s/@:]*:)[^\s/@]+(?=@)")
"""A password in an address, however short."""
_WIDE: Final = 110
_ABOUT: Final = """\
Every setting of olympic-bot with what it is without you. Save this as olympic.toml in the data folder, or anywhere and
name it in OLYMPIC_CONFIG, and take the “#” away from what you change. An environment variable wins over this file
([discord] token is OLYMPIC_DISCORD_TOKEN) and is the better place for secrets."""


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
        console.print(f"{value}  ({row['source']})", style="bold" if changed else "", soft_wrap=True)
        meaning = f"{row['meaning']} [default: {row['default'] or '–'}]" if changed else row["meaning"]
        console.print(Padding(meaning, (0, 0, 0, 4), expand=False), style="dim")


def settings_file() -> None:
    """The settings file with everything in it, said and commented out."""
    typer.echo("\n".join(_lines()))


def _lines() -> Iterator[str]:
    yield from _comment(_ABOUT)
    section = ""
    for name, meaning, default in configuration.names():
        table, _, key = name.rpartition(".")
        if table != section:
            section = table
            yield from ("", *_comment(configuration.about(table)), f"[{table}]")
        yield from ("", *_comment(meaning), f"# {key} = {_toml(default)}".rstrip())


def _comment(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), _WIDE, initial_indent="## ", subsequent_indent="## ")


def _toml(value: Any) -> str:
    """A default as the file would say it; nothing where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, cast('tuple[Any, ...]', value)))}]"
    if isinstance(value, dict):
        return "{}"
    return js.dumps(str(value), ensure_ascii=False)


def _settings(present: Settings, sources: Mapping[str, Source]) -> Iterator[dict[str, str]]:
    hide = hider(present.secrets())
    for name, meaning, default in configuration.names():
        value: Any = present
        for part in name.split("."):
            value = getattr(value, part)
        yield {
            "name": name,
            "variable": configuration.PREFIX + name.replace(".", "_").upper(),
            "value": _PASSWORD.sub(rf"\1{MASK}", hide(_shown(value))),
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
