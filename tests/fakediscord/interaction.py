"""One interaction: what Discord lets the bot answer, when, and what the asker sees."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakediscord import rules
from tests.fakediscord.rules import EPHEMERAL, Refused, need
from tests.fakediscord.world import Channel, snowflake

if TYPE_CHECKING:
    from tests.fakediscord.messages import Files
    from tests.fakediscord.server import FakeDiscord

COMMAND, COMPONENT, COMPLETION, SUBMIT = 2, 3, 4, 5
SAY, THINK, QUIET, UPDATE, COMPLETE, MODAL = 4, 5, 6, 7, 8, 9
LOADING = 1 << 7
_KNOWN_FLAGS = EPHEMERAL | rules.V2 | 4 | 4096


@dataclass
class Interaction:
    """Made by a `Person`; the bot's answers land here."""

    fake: FakeDiscord
    type: int
    channel: Channel
    message: dict[str, Any] | None = None
    """The message whose button was pressed."""
    id: int = field(default_factory=snowflake)
    token: str = ""
    born: float = field(default_factory=time.monotonic)
    acked: float | None = None
    """Seconds until the first answer."""
    kind: int = 0
    """Type of the first answer."""
    original: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    choices: list[dict[str, Any]] | None = None
    dead: bool = False
    edits: int = 0

    def __post_init__(self) -> None:
        self.token = f"token-{self.id}"

    # ------------------------------------------------------------------------------------------ what people see

    async def ack(self) -> Interaction:
        """Wait for the first answer."""
        await self.fake.until(lambda: self.acked is not None)
        return self

    async def answer(self) -> dict[str, Any]:
        """Wait for what the asker reads: the last private message."""
        return await self.fake.until(self._latest)

    async def form(self) -> dict[str, Any]:
        """Wait for the form."""
        return await self.fake.until(lambda: self.modal)

    def _latest(self) -> dict[str, Any] | None:
        if self.followups:
            return self.followups[-1]
        if self.kind in (QUIET, UPDATE) and not self.edits:
            return None
        return None if self.original is None or self.original["flags"] & LOADING else self.original

    # ------------------------------------------------------------------------------------------ what the bot does

    def callback(self, payload: dict[str, Any], files: Files) -> dict[str, Any]:
        if time.monotonic() - self.born > self.fake.patience:
            raise Refused(404, 10062, "Unknown interaction")
        if self.acked is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        kind, data = payload["type"], payload.get("data") or {}
        need(kind in _ALLOWED[self.type], f"answer {kind} to interaction {self.type}")
        need(kind not in (QUIET, UPDATE) or self.message is not None, "no message to update")
        _FIRST[kind](self, data, files)
        self.kind, self.acked = kind, time.monotonic() - self.born
        return self._receipt()

    def edit_original(self, payload: dict[str, Any], files: Files) -> dict[str, Any]:
        if self.original is None:
            raise Refused(404, 10008, "Unknown Message")
        self.edits += 1
        loading = self.original["flags"] & LOADING
        if loading:
            self.original["flags"] &= ~LOADING
        try:
            self.fake.messages.changed(self.original, payload, files, limit=10 * 2**20)
        except Refused:
            self.original["flags"] |= loading
            raise
        return self.original

    def delete_original(self) -> None:
        if self.original is None:
            raise Refused(404, 10008, "Unknown Message")
        self.original = None

    def follow_up(self, payload: dict[str, Any], files: Files) -> dict[str, Any]:
        made = self._made(payload, files)
        self.followups.append(made)
        return made

    def _say(self, data: dict[str, Any], files: Files) -> None:
        self.original = self._made(data, files)

    def _think(self, data: dict[str, Any], _: Files) -> None:
        flags = data.get("flags", 0)
        need(flags in (0, EPHEMERAL), "only the ephemeral flag may be deferred")
        self.original = self.fake.messages.blank(self.channel, self.fake.bot) | {"flags": flags | LOADING}

    def _quiet(self, _: dict[str, Any], __: Files) -> None:
        self.original = self.message

    def _update(self, data: dict[str, Any], files: Files) -> None:
        self.original = self.message
        self.edit_original(data, files)

    def _complete(self, data: dict[str, Any], _: Files) -> None:
        need(len(data["choices"]) <= 25, "more than 25 choices")
        for choice in data["choices"]:
            rules.choice_of(choice)
        self.choices = data["choices"]

    def _modal(self, data: dict[str, Any], _: Files) -> None:
        rules.modal(data)
        self.modal = data

    def _made(self, payload: dict[str, Any], files: Files) -> dict[str, Any]:
        flags = payload.get("flags") or 0
        need(not flags & ~_KNOWN_FLAGS, f"flags {flags}")
        return self.fake.messages.made(self.channel, payload, files, limit=10 * 2**20)

    def _receipt(self) -> dict[str, Any]:
        told: dict[str, Any] = {"id": str(self.id), "type": self.type}
        if self.original:
            told |= {
                "response_message_id": self.original["id"],
                "response_message_loading": bool(self.original["flags"] & LOADING),
                "response_message_ephemeral": bool(self.original["flags"] & EPHEMERAL),
            }
        resource: dict[str, Any] = {"type": self.kind}
        if self.original and self.kind in (SAY, UPDATE):
            resource["message"] = self.original
        return {"interaction": told, "resource": resource}


_ALLOWED = {
    COMMAND: (SAY, THINK, MODAL),
    COMPONENT: (SAY, THINK, QUIET, UPDATE, MODAL),
    COMPLETION: (COMPLETE,),
    SUBMIT: (SAY, THINK, QUIET, UPDATE),
}
_FIRST = {
    SAY: Interaction._say,
    THINK: Interaction._think,
    QUIET: Interaction._quiet,
    UPDATE: Interaction._update,
    COMPLETE: Interaction._complete,
    MODAL: Interaction._modal,
}
