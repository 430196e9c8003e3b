"""Theirs to ours: what an interaction asks, who asks, and where. Nothing here touches the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import discord

from bot import syntax
from bot.model.command import FORMS_FIRST, IN_PLACE, Attachment, Command, Delete, Nominate, Takedown, Unknown
from bot.model.people import Community, Member, MessageRef, Place, Role
from handlers.discord import language

PLATFORM: Final = "discord"
_OURS: Final = re.compile(r"o(\d*):(.*)", re.DOTALL)
"""Every button and form of ours carries `o:<action>` as its custom_id, in a letter `o<server>:<action>`."""
_LONGEST: Final = 100
ALONE: Final = "@me"
"""The community of direct messages, as Discord's own addresses call it."""

_UPLOAD: Final = 19
_INPUTS: Final = frozenset({3, 4, 5, 6, 7, 8, _UPLOAD})
"""Choices, text, users, roles, either, channels, files."""

AnyInteraction = discord.Interaction[Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A member's file that still lies with Discord."""

    name: str
    url: str
    size: int
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was asked, before its files are here: `read` makes the command once they are."""

    read: Callable[[Mapping[str, Attachment]], Command]
    uploads: Mapping[str, Upload] = field(default_factory=dict[str, Upload])

    @property
    def command(self) -> Command:
        """The command without its files; enough to know how to acknowledge."""
        return self.read({})


def nominated(interaction: AnyInteraction, message: discord.Message) -> Heard:
    """The menu of a message."""
    command = Nominate(message=reference(interaction.guild_id, message.channel.id, message.id))
    return Heard(lambda _: command)


def custom_id(action: str, home: str = "") -> str:
    """What a button or form of ours carries; `home` is the server it speaks of where its place does not say."""
    made = f"o{home}:{action}"
    return made if len(made) <= _LONGEST else f"o:{action}"[:_LONGEST]


def action(custom_id: str) -> str | None:
    """The action of a button or form of ours; None: it is not ours."""
    ours = _OURS.fullmatch(custom_id)
    return ours[2] if ours else None


def pressed(custom_id: str) -> Heard:
    """A button; anything that is not ours is Unknown."""
    ours = action(custom_id)
    return Heard(lambda _: Unknown(custom_id) if ours is None else syntax.press(ours))


def submitted(data: Mapping[str, Any]) -> Heard:
    """A form as its interaction's data tells it."""
    custom_id = str(data.get("custom_id", ""))
    ours = action(custom_id)
    if ours is None:
        return Heard(lambda _: Unknown(custom_id))
    resolved: Mapping[str, Mapping[str, Any]] = data.get("resolved", {}).get("attachments", {})
    values: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for name, kind, given in _inputs(data.get("components", [])):
        if kind == _UPLOAD and given and given[0] in resolved:
            uploads[name] = _upload(resolved[given[0]])
        elif kind != _UPLOAD and given:
            values[name] = ",".join(given)
    return Heard(lambda files: syntax.submit(ours, values, files), uploads)


def _inputs(components: list[dict[str, Any]]) -> Iterator[tuple[str, int, list[str]]]:
    """(name, type, values) of every input, whether it lies in a label or in a row."""
    for component in components:
        if inner := component.get("component"):
            yield from _inputs([inner])
        elif rows := component.get("components"):
            yield from _inputs(rows)
        elif component.get("type") in _INPUTS:
            given = component.get("values") or [component.get("value") or ""]
            yield str(component.get("custom_id", "")), component["type"], [str(value) for value in given if value]


def _upload(data: Mapping[str, Any]) -> Upload:
    return Upload(str(data["filename"]), str(data["url"]), int(data["size"]), str(data.get("content_type") or ""))


def opens_form(command: Command) -> bool:
    """Whether the answer is a form, which must be the very first answer."""
    return type(command) in FORMS_FIRST


def turns_page(command: Command) -> bool:
    """Whether the answer takes the place of the private card its button hung on."""
    return type(command) in IN_PLACE or (isinstance(command, Delete | Takedown) and command.sure)


def community(guild: int | None) -> Community:
    """The server, or the direct messages."""
    return Community(PLATFORM, str(guild) if guild else ALONE)


def home(interaction: AnyInteraction) -> int | None:
    """The server something is asked in; in direct messages the one that the pressed letter speaks of."""
    spoken = _OURS.fullmatch(interaction.custom_id or "")
    return interaction.guild_id or (int(spoken[1]) if spoken and spoken[1] else None)


def reference(guild: int | None, channel: int, message: int) -> MessageRef:
    """A message by Discord's numbers; a thread counts as the channel it is."""
    return MessageRef(community(guild), str(channel), str(message))


def member(interaction: AnyInteraction) -> Member:
    """Who asks."""
    user = interaction.user
    return Member(
        community(home(interaction)),
        str(user.id),
        user.display_name,
        language.tag(interaction.locale),
        role(interaction),
        held(user) if isinstance(user, discord.Member) else (),
    )


def held(member: discord.Member) -> tuple[str, ...]:
    """Ids of the roles a member holds, without the one everybody has."""
    return tuple(str(role.id) for role in member.roles if not role.is_default())


def role(interaction: AnyInteraction) -> Role:
    """What the server allows the asker; a channel's own overwrites make nobody a moderator."""
    user, guild = interaction.user, interaction.guild
    if not isinstance(user, discord.Member) or guild is None:
        return Role.MEMBER
    known = guild.get_role(guild.id) is not None  # the everyone role: without it the server is not in the cache
    allowed = user.guild_permissions if known else interaction.permissions
    if allowed.administrator or allowed.manage_guild:
        return Role.ADMIN
    return Role.MODERATOR if allowed.manage_messages else Role.MEMBER


def place(interaction: AnyInteraction) -> Place:
    """Where it was asked: the channel, and the thread in it."""
    channel, thread = str(interaction.channel_id or 0), None
    if isinstance(interaction.channel, discord.Thread):
        channel, thread = str(interaction.channel.parent_id), channel
    return Place(
        community(home(interaction)),
        channel,
        thread,
        upload_limit(interaction.guild),
        language.tag(interaction.guild_locale or interaction.locale),
    )


def upload_limit(guild: discord.Guild | None) -> int | None:
    """Bytes of one file the bot itself may post there; the asker's own allowance does not count for it."""
    return guild.filesize_limit if guild is not None and not guild.unavailable else None
