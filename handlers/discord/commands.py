"""The words of the product as Discord's commands, in every language of the catalogues.

Everybody's words stand under `/olympic`, moderators' under `/olympic-mod`, admins' under `/olympic-admin`, which
Discord hides from those who lack the permission. A word of two parts lies in a group of its first part.
"""

from __future__ import annotations

import inspect
import keyword
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import app_commands

from bot.completion import Completions
from bot.grammar import WORDS, Option, Word
from bot.locales import FALLBACK, words
from bot.model.people import Role
from handlers.discord import errors, language, options, parse

log = logging.getLogger(__name__)

Serve = Callable[[parse.AnyInteraction, parse.Heard], Awaitable[None]]

LONGEST_ABOUT: Final = 100
LONGEST_MENU: Final = 32
MENU: Final = "discord.nominate.name"
"""The name of the message menu that nominates."""


@dataclass(frozen=True, slots=True)
class Root:
    """A command that words stand under; `drop` is what their paths begin with and people need not type."""

    name: str
    role: Role
    permissions: discord.Permissions | None = None
    drop: str = ""

    def path(self, word: Word) -> tuple[str, ...]:
        """Where a word stands under it."""
        return tuple(word.path.removeprefix(self.drop).split())


ROOTS: Final = (
    Root("olympic", Role.MEMBER),
    Root("olympic-mod", Role.MODERATOR, discord.Permissions(manage_messages=True)),
    Root("olympic-admin", Role.ADMIN, discord.Permissions(manage_guild=True), "admin "),
)


def said(key: str, default: str | None = None, *, name: bool = False) -> app_commands.locale_str:
    """A catalogue's sentence: in English for Discord's default, in the other languages through the translator."""
    return app_commands.locale_str(default or words(FALLBACK)(key)[:LONGEST_ABOUT], key=key, name=name)


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
            return language.slash_name(words(found)(key)) if string.extras["name"] else _about(found, key)
        if field := string.extras.get("field"):
            labels = {choice.value: choice.label for choice in self._completions(field, "", found)}
            return labels.get(string.extras["value"], string.message)[:LONGEST_ABOUT]
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


def tree(
    client: discord.Client,
    serve: Serve,
    completions: Completions,
    *,
    guild: int | None,
    vocabulary: Sequence[Word] = WORDS,
) -> Tree:
    """All commands, for every server or for `guild` alone."""
    commands = Tree(client)
    where = discord.Object(guild) if guild else None
    for root in ROOTS:
        under = [word for word in vocabulary if word.role is root.role]
        if under:
            commands.add_command(_root(root, under, serve, completions), guild=where)
    commands.add_command(_menu(serve), guild=where)
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


def _root(root: Root, under: Sequence[Word], serve: Serve, completions: Completions) -> app_commands.Group:
    made = app_commands.Group(
        name=root.name,
        description=said(f"discord.{root.name}.about"),
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
        default_permissions=root.permissions,
    )
    inside = {path: word for word in under for path in [root.path(word)]}
    groups = {name: _group(made, name, inside) for name in dict.fromkeys(path[0] for path in inside if len(path) > 1)}
    for path, word in inside.items():
        into = groups[path[0]] if len(path) > 1 else made
        into.add_command(_command(word, serve, completions))
    return made


def _group(parent: app_commands.Group, name: str, inside: Collection[tuple[str, ...]]) -> app_commands.Group:
    """A group inside a root, described by the catalogue or by what is in it."""
    key, say = f"discord.group.{name}", words(FALLBACK)
    within = " · ".join(path[1] for path in inside if len(path) > 1 and path[0] == name)
    return app_commands.Group(
        name=said(f"{key}.name", name, name=True) if say.knows(f"{key}.name") else name,
        description=said(f"{key}.about") if say.knows(f"{key}.about") else within[:LONGEST_ABOUT],
        parent=parent,
    )


def _command(word: Word, serve: Serve, completions: Completions) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction[Any], **given: str | parse.Upload | None) -> None:
        await serve(interaction, heard(word, {option.name: given[_argument(option)] for option in word.options}))

    # discord.py reads options off the callback's signature; required ones come first by themselves.
    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [_parameter(option, completions) for option in word.options]
    callback.__signature__ = inspect.Signature(parameters)
    described = {_argument(option): said(f"option.{option.name}.about") for option in word.options}
    renamed = {
        _argument(option): said(f"option.{option.name}.name", _shown(option), name=True) for option in word.options
    }
    if word.options:
        app_commands.describe(**described)(callback)
        app_commands.rename(**renamed)(callback)
    return app_commands.Command(
        name=said(f"{word.key}.name", word.path.split()[-1], name=True),
        description=said(f"{word.key}.about"),
        callback=callback,
    )


def heard(word: Word, given: Mapping[str, str | parse.Upload | None]) -> parse.Heard:
    """A word with what was said for its options."""
    values = {name: value for name, value in given.items() if isinstance(value, str) and value}
    uploads = {name: value for name, value in given.items() if isinstance(value, parse.Upload)}
    return parse.Heard(lambda files: word.read(values, files), uploads)


def _parameter(option: Option, completions: Completions) -> inspect.Parameter:
    return inspect.Parameter(
        _argument(option),
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if option.required else None,
        annotation=options.taken(option, completions),
    )


def _argument(option: Option) -> str:
    """The option's name in Python, which keeps some words for itself."""
    name = option.name.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def _shown(option: Option) -> str:
    """The option's name as English speakers see it."""
    return language.slash_name(words(FALLBACK)(f"option.{option.name}.name")) or option.name


def _about(tag: str, key: str) -> str:
    return words(tag)(key)[:LONGEST_ABOUT]


def _menu(serve: Serve) -> app_commands.ContextMenu:
    async def nominate(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await serve(interaction, parse.nominated(interaction, message))

    return app_commands.ContextMenu(
        name=said(MENU),
        callback=nominate,
        allowed_contexts=app_commands.AppCommandContext(guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True),
    )
