"""What the fake Discord knows: servers, channels, people, messages. Payloads as Discord sends them."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import discord

EPOCH = 1420070400000
_count = itertools.count()

P = discord.Permissions
EVERYONE = P(view_channel=True, send_messages=True, read_message_history=True, use_application_commands=True)
BOT = P(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
    add_reactions=True,
)
TIERS = {0: 10 * 2**20, 1: 10 * 2**20, 2: 50 * 2**20, 3: 100 * 2**20}


def snowflake(age: float = 0.0) -> int:
    """A fresh id, `age` seconds old."""
    return (int((time.time() - age) * 1000) - EPOCH) << 22 | next(_count) & 0x3FFFFF


@dataclass
class User:
    name: str
    id: int = field(default_factory=snowflake)
    bot: bool = False

    def payload(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name.title(),
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "flags": 0,
            "public_flags": 0,
        }


@dataclass
class Channel:
    name: str
    guild: Guild | None
    id: int = field(default_factory=snowflake)
    type: int = 0
    parent: int | None = None
    denied: discord.Permissions = field(default_factory=P.none)
    """What the bot may not do here, as overwrites tell everybody."""
    secret: discord.Permissions = field(default_factory=P.none)
    """What the bot may not do here although its cache says otherwise."""
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    recipient: User | None = None
    overwrites: list[dict[str, Any]] = field(default_factory=list)
    """Further ones, as Discord tells them."""

    def payload(self) -> dict[str, Any]:
        if self.recipient:
            return {"id": str(self.id), "type": 1, "recipients": [self.recipient.payload()], "last_message_id": None}
        assert self.guild is not None
        data: dict[str, Any] = {
            "id": str(self.id),
            "type": self.type,
            "name": self.name,
            "guild_id": str(self.guild.id),
            "position": 0,
            "nsfw": False,
            "topic": None,
            "parent_id": str(self.parent) if self.parent else None,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": list(self.overwrites),
        }
        if self.denied.value:
            bot = str(self.guild.bot_role)
            data["permission_overwrites"].append({"id": bot, "type": 0, "allow": "0", "deny": str(self.denied.value)})
            everyone = {"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(self.denied.value)}
            data["permission_overwrites"].append(everyone)
        if self.type == 11:
            data |= {
                "owner_id": str(self.guild.owner.id),
                "message_count": 0,
                "member_count": 1,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": "2026-01-01T00:00:00+00:00",
                    "locked": False,
                },
            }
        return data

    def bot_may(self, permission: str) -> bool:
        taken = P(self.denied.value | self.secret.value)
        return self.guild is None or (getattr(self.guild.rights, permission) and not getattr(taken, permission))


@dataclass
class Guild:
    name: str
    owner: User
    bot: User
    tier: int = 0
    locale: str = "en-US"
    id: int = field(default_factory=snowflake)
    bot_role: int = field(default_factory=snowflake)
    channels: dict[int, Channel] = field(default_factory=dict)
    roles: dict[int, discord.Permissions] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)
    """Of roles that do not stand right above everybody's; the bot's own is the tenth."""
    members: dict[int, tuple[User, list[int]]] = field(default_factory=dict)
    rights: discord.Permissions = field(default_factory=lambda: P(BOT.value))
    """What the bot's role allows."""
    system: int | None = None
    """The channel that greets newcomers."""

    def role(self, *, position: int = 1) -> int:
        made = snowflake()
        self.roles[made] = P.none()
        self.positions[made] = position
        return made

    def channel(self, name: str, *, denied: discord.Permissions | None = None) -> Channel:
        made = Channel(name, self, denied=denied or P.none())
        self.channels[made.id] = made
        return made

    def thread(self, parent: Channel, name: str) -> Channel:
        made = Channel(name, self, type=11, parent=parent.id)
        self.channels[made.id] = made
        return made

    def payload(self) -> dict[str, Any]:
        plain = [channel.payload() for channel in self.channels.values() if channel.type == 0]
        threads = [channel.payload() for channel in self.channels.values() if channel.type == 11]
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner.id),
            "icon": None,
            "splash": None,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [self._role(self.id, "@everyone", EVERYONE), self._role(self.bot_role, "bot", self.rights)]
            + [self._role(number, f"role-{number}", allowed) for number, allowed in self.roles.items()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_id": str(self.system) if self.system else None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "premium_tier": self.tier,
            "preferred_locale": self.locale,
            "nsfw_level": 0,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_progress_bar_enabled": False,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": 2,
            "voice_states": [],
            "members": [member_payload(self.bot, [self.bot_role])],
            "channels": plain,
            "threads": threads,
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
        }

    def _role(self, number: int, name: str, allowed: discord.Permissions) -> dict[str, Any]:
        return {
            "id": str(number),
            "name": name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0 if number == self.id else self.positions.get(number, 10 if number == self.bot_role else 1),
            "permissions": str(allowed.value),
            "managed": number == self.bot_role,
            "mentionable": False,
            "flags": 0,
        }


def member_payload(user: User, roles: list[int]) -> dict[str, Any]:
    return {
        "user": user.payload(),
        "nick": None,
        "avatar": None,
        "roles": [str(role) for role in roles],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def number(components: list[dict[str, Any]]) -> None:
    """Give every component without an id the next free one, as Discord does."""
    from tests.fakediscord.rules import walk

    taken = {component["id"] for component in walk(components) if component.get("id")}
    free = (one for one in itertools.count(1) if one not in taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
