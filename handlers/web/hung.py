"""A card as it hangs on the wall: files replaced by names in the media store, the whole as JSON.

A preview of an unfinished work stays in memory: the next one follows within seconds, and a restart draws a new one.
"""

from __future__ import annotations

import asyncio
import dataclasses
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bot.model.card import Card, File, Picture, Video
from bot.ports import MediaStore


@dataclass(frozen=True, slots=True)
class Film:
    """A video to show: `blob` and `poster` are names in the media store."""

    blob: str
    poster: str
    name: str
    alt: str
    seconds: float
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Still:
    """A picture to show: a name in the media store, or nothing where `data` is only in memory."""

    alt: str
    blob: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to fetch: a name in the media store, and what it is called."""

    blob: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Hung:
    """A card without its files (`card.video`, `card.picture` and `card.file` are None) and where the files are."""

    card: Card
    film: Film | None = None
    still: Still | None = None
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture that is only in memory."""

    data: bytes
    mime: str


_JSON = TypeAdapter(Hung)


def write(hung: Hung) -> str:
    """As JSON for the log."""
    return _JSON.dump_json(hung, exclude_defaults=True).decode()


def read(body: str) -> Hung | None:
    """From the log's JSON; None when it is of no shape we know."""
    try:
        return _JSON.validate_json(body)
    except ValidationError:
        return None


async def hang(card: Card, media: MediaStore, *, keep: bool) -> tuple[Hung, Preview | None]:
    """The card as it hangs, and its picture where that stays in memory.

    `keep`: pictures that came as bytes go to the media store too, because the card is to outlive this run.
    """
    film = await _film(card.video, media) if card.video else None
    still, preview = await _still(card.picture, media, keep=keep) if card.picture else (None, None)
    paper = await _paper(card.file, media) if card.file else None
    return Hung(dataclasses.replace(card, picture=None, video=None, file=None), film, still, paper), preview


async def _paper(file: File, media: MediaStore) -> Paper:
    blob = file.blob or await media.put(file.path, "application/octet-stream")
    return Paper(blob, file.name, file.bytes)


async def _film(video: Video, media: MediaStore) -> Film:
    poster = await asyncio.to_thread(video.poster.read_bytes)
    blob = video.blob or await media.put_bytes(await asyncio.to_thread(video.path.read_bytes), "video/mp4")
    return Film(
        blob=blob,
        poster=await media.put_bytes(poster, sniff(poster)),
        name=video.name,
        alt=video.alt,
        seconds=video.seconds,
        width=video.width,
        height=video.height,
        bytes=video.bytes,
    )


async def _still(picture: Picture, media: MediaStore, *, keep: bool) -> tuple[Still | None, Preview | None]:
    data = picture.data or (await asyncio.to_thread(picture.path.read_bytes) if picture.path else b"")
    if not data:
        return None, None
    if keep:
        return Still(picture.alt, await media.put_bytes(data, sniff(data))), None
    return Still(picture.alt), Preview(data, sniff(data))


def sniff(data: bytes) -> str:
    """The content type of a picture of ours: PNG, WebP or JPEG."""
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"
