"""People in front of their Discord app: they type commands, press buttons, fill forms, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from tests.fakediscord.interaction import COMMAND, COMPLETION, COMPONENT, SUBMIT, Interaction
from tests.fakediscord.rules import walk
from tests.fakediscord.world import BOT, EVERYONE, Channel, Guild, User, member_payload, snowflake

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

STRING, ATTACHMENT = 3, 11
PICKED = (6, 7, 8)
TEXT, SELECT, UPLOAD = (4, 3, 19)
AUTOMATIC = (5, 6, 7, 8)


@dataclass
class Person:
    """One member of one server."""

    fake: FakeDiscord
    guild: Guild
    user: User
    permissions: int = 0
    locale: str = "en-US"
    here: int = 0
    """Permissions that a channel's overwrites alone give."""

    def __post_init__(self) -> None:
        self.roles: list[int] = []
        if self.permissions:
            self.roles = [snowflake()]
            self.guild.roles[self.roles[0]] = discord.Permissions(self.permissions)

    async def slash(self, channel: Channel, word: str, **options: Any) -> Interaction:
        """`/olympic word` with options; a file is (name, bytes) or what `Messages.upload` takes."""
        command, under = self._command(word)
        known = {option["name"]: option for option in under[-1].get("options") or []}
        assert set(options) <= set(known), f"unknown options {set(options) - set(known)}"
        missing = [name for name, option in known.items() if option.get("required") and name not in options]
        assert not missing, f"options {missing} are required"
        resolved: dict[str, Any] = {"attachments": {}}
        given = [self._option(known[name], value, resolved) for name, value in options.items()]
        return await self._ask(channel, COMMAND, _called(command, under, given) | {"resolved": resolved})

    async def complete(self, channel: Channel, word: str, field: str, typed: str) -> list[dict[str, Any]]:
        """What the app offers while an option is typed."""
        command, under = self._command(word)
        option = next(option for option in under[-1]["options"] if option["name"] == field)
        assert option.get("autocomplete"), f"{field} is not completed"
        focused = {"name": field, "type": STRING, "value": typed, "focused": True}
        asked = await self._ask(channel, COMPLETION, _called(command, under, [focused]))
        return await self.fake.until(lambda: asked.choices)

    async def press(self, message: dict[str, Any], button: str) -> Interaction:
        """Press a button by its label or custom id."""
        found = [part for part in walk(message["components"]) if part["type"] == 2]
        one = next((part for part in found if button in (part.get("label"), part.get("custom_id"))), None)
        assert one is not None, f"no button {button!r} among {[part.get('label') for part in found]}"
        return await self.forge(message, one["custom_id"])

    async def forge(self, message: dict[str, Any], custom_id: str) -> Interaction:
        """Press a button that may not be there."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return await self._ask(self.fake.channel(int(message["channel_id"])), COMPONENT, data, message)

    async def forge_form(self, channel: Channel, custom_id: str, values: Mapping[str, str]) -> Interaction:
        """Send a form that nobody was shown."""
        fields = [{"type": 4, "custom_id": name, "id": 1, "value": value} for name, value in values.items()]
        components = [{"type": 18, "id": place, "component": field} for place, field in enumerate(fields, 1)]
        return await self._ask(channel, SUBMIT, {"custom_id": custom_id, "components": components, "resolved": {}})

    async def choose(self, message: dict[str, Any], channel: Channel, name: str) -> Interaction:
        """Choose a message's menu by its English name."""
        known = [*self.fake.commands.get(self.guild.id, []), *self.fake.commands.get(0, [])]
        command = next(each for each in known if each["name"] == name)
        data = {"id": command["id"], "name": name, "type": command["type"], "target_id": message["id"]}
        return await self._ask(channel, COMMAND, data | {"resolved": {"messages": {message["id"]: message}}})

    async def react(self, message: dict[str, Any], channel: Channel, emoji: str, *, burst: bool = False) -> None:
        """Put a reaction under a message."""
        await self.fake.reactions.give(channel, message["id"], emoji, self.user, burst=burst)

    async def submit(
        self, shown: Interaction, values: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None
    ) -> Interaction:
        """Fill the form an interaction opened; fields not named keep what was in them."""
        form = await shown.form()
        resolved: dict[str, Any] = {"attachments": {}}
        components = [
            {"type": 18, "id": place, "component": self._filled(label["component"], values, files or {}, resolved)}
            for place, label in enumerate(form["components"], 1)
        ]
        data = {"custom_id": form["custom_id"], "components": components, "resolved": resolved}
        return await self._ask(shown.channel, SUBMIT, data, shown.message)

    def _filled(
        self,
        field: dict[str, Any],
        values: dict[str, str],
        files: dict[str, tuple[str, bytes]],
        resolved: dict[str, Any],
    ) -> dict[str, Any]:
        name, base = field["custom_id"], {"type": field["type"], "custom_id": field["custom_id"], "id": 1}
        if field["type"] == UPLOAD:
            ids = [self._uploaded(files[name], resolved)] if name in files else []
            assert ids or not field.get("required"), f"{name} is required"
            return base | {"values": ids}
        if field["type"] == SELECT:
            default = ",".join(option["value"] for option in field["options"] if option.get("default"))
            chosen = [one for one in values.get(name, default).split(",") if one]
            assert set(chosen) <= {option["value"] for option in field["options"]}
            assert len(chosen) <= field.get("max_values", 1), f"{len(chosen)} chosen"
            return base | {"values": chosen}
        if field["type"] in AUTOMATIC:
            default = ",".join(str(one["id"]) for one in field.get("default_values") or [])
            chosen = [one for one in values.get(name, default).split(",") if one]
            assert field.get("min_values", 1) <= len(chosen) <= field.get("max_values", 1), f"{len(chosen)} chosen"
            return base | {"values": chosen}
        text = values.get(name, field.get("value") or "")
        assert len(text) <= field.get("max_length", 4000), f"{name} is too long"
        assert text or not field.get("required"), f"{name} is required"
        return base | {"value": text}

    def _command(self, words: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """A command and what is under it on the way to a word; `/olympic` need not be said."""
        known = [*self.fake.commands.get(self.guild.id, []), *self.fake.commands.get(0, [])]
        head, *path = words.split()
        command = next((each for each in known if each["name"] == head), None)
        if command is None:
            command, path = next((each for each in known if each["name"] == "olympic"), None), [head, *path]
        assert command is not None, f"no command is registered: {self.fake.refusals}"
        under = [command]
        for part in path:
            found = next((option for option in under[-1]["options"] if option["name"] == part), None)
            assert found is not None, f"{words!r} is not registered"
            under.append(found)
        return command, under[1:]

    def _option(self, option: dict[str, Any], value: Any, resolved: dict[str, Any]) -> dict[str, Any]:
        if option["type"] == ATTACHMENT:
            value = self._uploaded(value, resolved)
        elif option["type"] in PICKED:
            value = self._picked(option["type"], value, resolved)
        elif choices := option.get("choices"):
            assert value in [choice["value"] for choice in choices], f"{value!r} is no choice"
        return {"name": option["name"], "type": option["type"], "value": value}

    def _picked(self, kind: int, value: Channel | User | int, resolved: dict[str, Any]) -> str:
        """A channel, a role by its number, or a user."""
        allowed = {"permissions": str(EVERYONE.value)}
        if isinstance(value, Channel):
            resolved.setdefault("channels", {})[str(value.id)] = value.payload() | allowed
            return str(value.id)
        if isinstance(value, User):
            member = member_payload(value, self.guild.members.get(value.id, (value, []))[1]) | allowed
            resolved.setdefault("users", {})[str(value.id)] = value.payload()
            resolved.setdefault("members", {})[str(value.id)] = {k: v for k, v in member.items() if k != "user"}
            return str(value.id)
        role = next(role for role in self.guild.payload()["roles"] if role["id"] == str(value))
        resolved.setdefault("roles", {})[str(value)] = role
        return str(value)

    def _uploaded(self, file: tuple[Any, ...], resolved: dict[str, Any]) -> str:
        made = self.fake.messages.upload(*file)
        resolved["attachments"][made["id"]] = made
        return str(made["id"])

    async def _ask(
        self, channel: Channel, kind: int, data: dict[str, Any], message: dict[str, Any] | None = None
    ) -> Interaction:
        made = Interaction(self.fake, kind, channel, message)
        self.fake.interactions[made.id] = made
        await self.fake.socket.send("INTERACTION_CREATE", self._payload(made, data))
        return made

    def _payload(self, made: Interaction, data: dict[str, Any]) -> dict[str, Any]:
        allowed = EVERYONE.value | self.permissions | self.here
        payload: dict[str, Any] = {
            "id": str(made.id),
            "application_id": str(self.fake.app),
            "type": made.type,
            "data": data,
            "guild_id": str(self.guild.id),
            "guild": {"id": str(self.guild.id), "locale": self.guild.locale, "features": []},
            "channel_id": str(made.channel.id),
            "channel": made.channel.payload() | {"permissions": str(allowed)},
            "member": member_payload(self.user, self.roles) | {"permissions": str(allowed)},
            "token": made.token,
            "version": 1,
            "app_permissions": str(BOT.value),
            "locale": self.locale,
            "guild_locale": self.guild.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(self.guild.id)},
            "context": 0,
            "attachment_size_limit": 10 * 2**20,
        }
        if made.channel.recipient:  # in direct messages there is no server and no member
            for key in ("guild_id", "guild", "guild_locale", "member"):
                del payload[key]
            payload |= {"user": self.user.payload(), "context": 1, "authorizing_integration_owners": {"0": "0"}}
        return payload | ({"message": made.message} if made.message else {})


def _called(command: dict[str, Any], under: list[dict[str, Any]], options: list[dict[str, Any]]) -> dict[str, Any]:
    for part in reversed(under):
        options = [{"name": part["name"], "type": part["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    return data | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})


def texts(message: dict[str, Any]) -> str:
    """All a message says."""
    parts = [message["content"], *(part["content"] for part in walk(message["components"]) if part["type"] == 10)]
    return "\n".join(part for part in parts if part)


def buttons(message: dict[str, Any]) -> list[str]:
    """Its buttons' custom ids."""
    return [part["custom_id"] for part in walk(message["components"]) if part["type"] == 2]
