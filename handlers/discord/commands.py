"""`/olympic` and its words, in every language of the catalogues."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord import app_commands

from bot.completion import Completions
from bot.locales import FALLBACK, words
from bot.model.request import LONGEST_PROMPT
from handlers.discord import errors, language, parse

log = logging.getLogger(__name__)

Serve = Callable[[parse.AnyInteraction, parse.Heard], Awaitable[None]]

GROUP: Final = "olympic"
PLAIN: Final = ("status", "cancel", "mine", "help")
OPTIONS: Final = ("prompt", "sport", "style", "camera", "size", "seed", "backend", "image", "audio")
COMPLETED: Final = ("sport", "style", "backend")
"""Options whose values are found while one types."""
CHOSEN: Final = ("camera", "size")
"""Options of a few values that never change."""
_MOST: Final = 25
_LONGEST: Final = 100


def said(key: str, default: str | None = None) -> app_commands.locale_str:
    """A catalogue's sentence: in English for Discord's default, in the other languages through the translator."""
    return app_commands.locale_str(default or words(FALLBACK)(key), key=key)


class Translator(app_commands.Translator):
    """Our catalogues, as Discord asks for them; None leaves Discord's default (English) in place."""

    def __init__(self, completions: Completions) -> None:
        self._completions = completions

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """The words for a name, a description or a choice."""
        del context
        found = language.catalogue(locale)
        if found is None:
            return None
        if key := string.extras.get("key"):
            return words(found)(key)
        if field := string.extras.get("field"):
            labels = {choice.value: choice.label for choice in self._completions(field, "", found)}
            return labels.get(string.extras["value"], string.message)[:_LONGEST]
        return None


class Tree(app_commands.CommandTree[Any]):
    """The commands of one client."""

    async def on_error(self, interaction: parse.AnyInteraction, error: app_commands.AppCommandError, /) -> None:
        """Commands Discord still shows from an older version, and our own mistakes: a sentence, never silence."""
        log.error("A command failed before it was understood", exc_info=error)
        if interaction.response.is_done():
            return
        sentence = words(language.tag(interaction.locale))("discord.stale")
        try:
            await interaction.response.send_message(sentence, ephemeral=True)
        except errors.FOREIGN:
            log.warning("Nor could the asker be told")


def tree(client: discord.Client, serve: Serve, completions: Completions, *, guild: int | None) -> Tree:
    """All commands, for every server or for `guild` alone."""
    group = app_commands.Group(
        name=GROUP,
        description=said(f"discord.{GROUP}.about"),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )
    group.add_command(_create(serve, completions))
    for word in PLAIN:
        group.add_command(_plain(word, serve))
    commands = Tree(client)
    commands.add_command(group, guild=discord.Object(guild) if guild else None)
    return commands


async def sync(commands: Tree, completions: Completions, *, guild: int | None) -> None:
    """Tell Discord our commands; with `guild` also that there are none elsewhere.

    Done at every start: one idempotent request that costs no daily quota for commands already there. Comparing first
    would cost a request as well, and could leave stale commands behind when Discord words a field differently.
    """
    await commands.set_translator(Translator(completions))
    if guild:
        await commands.sync(guild=discord.Object(guild))
    await commands.sync()


def _plain(word: str, serve: Serve) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction) -> None:
        await serve(interaction, parse.typed(word))

    return _command(word, callback)


def _create(serve: Serve, completions: Completions) -> app_commands.Command[Any, ..., None]:
    async def callback(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, LONGEST_PROMPT],
        sport: str | None = None,
        style: str | None = None,
        camera: str | None = None,
        size: str | None = None,
        seed: str | None = None,
        backend: str | None = None,
        image: discord.Attachment | None = None,
        audio: discord.Attachment | None = None,
    ) -> None:
        values = {
            "prompt": prompt,
            "sport": sport,
            "style": style,
            "camera": camera,
            "size": size,
            "seed": seed,
            "backend": backend,
        }
        await serve(interaction, parse.created(values, {"image": image, "audio": audio}))

    app_commands.rename(**{name: said(f"option.{name}.name", name) for name in OPTIONS})(callback)
    app_commands.describe(**{name: said(f"option.{name}.about") for name in OPTIONS})(callback)
    for field in CHOSEN:
        if choices := _choices(field, completions):
            app_commands.choices(**{field: choices})(callback)
    command = _command("create", callback)
    for field in COMPLETED:
        command.autocomplete(field)(_completer(field, completions))
    return command


def _command(word: str, callback: Callable[..., Any]) -> app_commands.Command[Any, ..., None]:
    return app_commands.Command(
        name=said(f"word.{word}.name", word), description=said(f"word.{word}.about"), callback=callback
    )


def _choices(field: str, completions: Completions) -> list[app_commands.Choice[str]]:
    return [
        app_commands.Choice(
            name=app_commands.locale_str(choice.label[:_LONGEST], field=field, value=choice.value),
            value=choice.value,
        )
        for choice in completions(field, "", FALLBACK)[:_MOST]
    ]


def _completer(field: str, completions: Completions) -> Callable[..., Any]:
    async def complete(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = completions(field, current, language.tag(interaction.locale))
        return [
            app_commands.Choice(name=choice.label[:_LONGEST], value=choice.value[:_LONGEST]) for choice in found[:_MOST]
        ]

    return complete
