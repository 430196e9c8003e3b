"""The files that hang under a message of ours, which an edit keeps by their numbers and shows by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui
from discord.http import MultipartParameters
from yarl import URL

from handlers.discord.client import Client

_V2: Final = 1 << 15
_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class File:
    """One file as Discord keeps it; not every message tells its number."""

    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Hung:
    """A message as it hangs: its files, and the number its container goes by."""

    files: tuple[File, ...]
    mark: int | None


class Hanging:
    """What hangs where, remembered so that a work that is voted on all day is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, Hung] = {}

    def forget(self, message: int) -> None:
        """Other files hang there from now on."""
        self._known.pop(message, None)

    async def under(self, client: Client, channel: int, message: int) -> Hung:
        """A message of ours."""
        if message not in self._known:
            found = await client.get_partial_messageable(channel).fetch_message(message)
            self._known[message] = Hung(_files(found), _mark(found))
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        return self._known[message]


async def redraw(client: Client, channel: int, message: int, view: ui.LayoutView, files: Sequence[File]) -> None:
    """New words around the same files: kept by their numbers, all of them where nobody knows those; none is sent."""
    payload: dict[str, Any] = {
        "components": view.to_components(),
        "flags": _V2,
        "allowed_mentions": discord.AllowedMentions.none().to_dict(),
    }
    if files and all(file.id for file in files):
        payload["attachments"] = [{"id": str(file.id), "filename": file.name} for file in files]
    params = MultipartParameters(payload=payload, multipart=None, files=None)
    await client.http.edit_message(channel, message, params=params)


def _files(message: discord.Message) -> tuple[File, ...]:
    """By name; Discord lists only files that no component shows, and those shown stand in their component."""
    found = {file.name: file for file in _shown(message)}
    found |= {file.filename: File(file.id, file.filename) for file in message.attachments}
    return tuple(found.values())


def _shown(message: discord.Message) -> Iterator[File]:
    for part in message.components:
        for inner in getattr(part, "children", ()):
            if isinstance(inner, discord.MediaGalleryComponent):
                for item in inner.items:
                    yield File(item.media.attachment_id, URL(item.media.url).name)


def _mark(message: discord.Message) -> int | None:
    return next((part.id for part in message.components if isinstance(part, discord.Container)), None)
