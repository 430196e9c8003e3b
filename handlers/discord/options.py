"""A word's options as Discord's: what each kind takes, and what comes back, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import discord
from discord import app_commands

from bot.completion import Completions
from bot.grammar import Kind, Option
from bot.locales import FALLBACK
from handlers.discord import language, parse

MOST: Final = 25
"""Choices Discord shows at a time."""
_LONGEST_CHOICE: Final = 100
_LONGEST_TEXT: Final = 6000
FIXED: Final = frozenset({"camera", "size"})
"""Fields whose few choices are the same for everybody: they are told with the command and need no question later."""

FILES: Final = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.FILE})
_TYPES: Final[Mapping[Kind, discord.AppCommandOptionType]] = {
    Kind.NUMBER: discord.AppCommandOptionType.number,
    Kind.SWITCH: discord.AppCommandOptionType.boolean,
    Kind.CHANNEL: discord.AppCommandOptionType.channel,
    Kind.ROLE: discord.AppCommandOptionType.role,
    Kind.MEMBER: discord.AppCommandOptionType.user,
    **dict.fromkeys(FILES, discord.AppCommandOptionType.attachment),
}
_CHANNELS: Final = [discord.ChannelType.text, discord.ChannelType.news]


class Taken(app_commands.Transformer[Any]):
    """One option: its type and limits, and its value as the grammar wants it."""

    def __init__(self, option: Option, completions: Completions) -> None:
        self._option = option
        self._completions = completions

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Text where nothing else fits."""
        return _TYPES.get(self._option.kind, discord.AppCommandOptionType.string)

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Channels one can write in."""
        return _CHANNELS if self._option.kind is Kind.CHANNEL else []

    @property
    def min_value(self) -> int | None:
        """A required text is not empty."""
        return 1 if self._option.kind is Kind.TEXT and self._option.required else None

    @property
    def max_value(self) -> int | None:
        """As long as the grammar allows."""
        return min(self._option.longest, _LONGEST_TEXT) if self._option.kind is Kind.TEXT else None

    @property
    def choices(self) -> list[app_commands.Choice[int | float | str]] | None:
        """The fixed ones; the translator asks for their labels by field and value."""
        field = self._option.field
        if self._option.kind is not Kind.CHOICE or field not in FIXED:
            return None
        return [
            app_commands.Choice(
                name=app_commands.locale_str(choice.label[:_LONGEST_CHOICE], field=field, value=choice.value),
                value=choice.value,
            )
            for choice in self._completions(field, "", FALLBACK)[:MOST]
        ] or None

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> str | parse.Upload:
        """What was said, in words; a file as where it lies."""
        del interaction
        return told(self._option.kind, value)


class Completed(Taken):
    """An option whose choices depend on what was typed so far."""

    async def autocomplete(
        self, interaction: discord.Interaction[Any], value: float | str, /
    ) -> list[app_commands.Choice[int | float | str]]:
        """What fits, in the asker's language."""
        where = parse.community(interaction.guild_id)
        found = self._completions(self._option.field, str(value), language.tag(interaction.locale), where)
        return [
            app_commands.Choice(name=choice.label[:_LONGEST_CHOICE], value=choice.value)
            for choice in found[:MOST]
            if len(choice.value) <= _LONGEST_CHOICE
        ]


def taken(option: Option, completions: Completions) -> Taken:
    """How Discord is to take an option."""
    asks = option.kind is Kind.CHOICE and option.field not in FIXED
    return (Completed if asks else Taken)(option, completions)


def told(kind: Kind, value: Any) -> str | parse.Upload:
    """Discord's value in the grammar's words."""
    if isinstance(value, discord.Attachment):
        return parse.Upload(value.filename, value.url, value.size, value.content_type or "")
    match kind:
        case Kind.SWITCH:
            return "on" if value else "off"
        case Kind.NUMBER:
            return format(Decimal(str(value)).normalize(), "f")
        case Kind.CHANNEL | Kind.ROLE | Kind.MEMBER:
            return str(value.id)
        case _:
            return str(value)
