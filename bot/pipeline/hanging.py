"""Showing a work wherever it hangs: its film fitted to the place, posted once however often it is tried, remembered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.errors import DiskFull, OlympicError, PlatformBusy, PlatformError, StorageError, TooLarge
from bot.model.card import Card
from bot.model.contest import Rank, Round, Showing, Shown
from bot.model.entry import Entry
from bot.model.people import Community, MessageRef, Place
from bot.pipeline.tools import Tools
from bot.pipeline.window import round_of
from bot.ports import Platform

log = logging.getLogger(__name__)

STEPS: Final = 3
"""Places on the podium."""
REEL: Final = 10
"""Works in a reel."""
SAID: Final = 64 * 1024
"""Bytes of a smaller copy that are left for what it says of itself; it takes about ten thousand."""

Draw = Callable[[Path, Path], Card]
"""(film, poster) → the card."""


@dataclass(frozen=True, slots=True)
class Film:
    """A film to be posted, and the scratch folder for its smaller encodes."""

    path: Path
    bytes: int
    seconds: float
    scratch: str


async def hang(tools: Tools, entry: Entry, place: Place, draw: Draw, *, key: str, kind: Shown) -> MessageRef:
    """Publish a work in a place under `key` and remember that it is shown there.

    Raises `PlatformBusy` while the platform cannot be reached; it may be tried again then.
    """
    noted, ref = await tools.repos.postings.begin(key)
    if ref is None:
        try:
            ref = await publish(tools, entry, place, draw, key=key, again=noted)
        finally:
            await tools.repos.media.sweep(scratch_of(entry))
        await tools.repos.postings.done(key, ref)
    await tools.repos.showings.add(Showing(entry.id, ref, kind))
    stands = await tools.repos.entries.get(entry.id)
    if stands and stands.deleted:  # who took it back meanwhile could not know this message yet
        await take_down(tools, stands)
    return ref


async def publish(
    tools: Tools,
    entry: Entry,
    place: Place,
    draw: Draw,
    *,
    key: str,
    again: bool,
    instead_of: MessageRef | None = None,
) -> MessageRef:
    """Post a work's film; see `publish_film`."""
    path, poster = [await tools.repos.media.local(blob) for blob in (entry.clip.blob, entry.clip.poster)]
    seen = entry.clip.inspection
    film = Film(path, seen.bytes, seen.seconds, scratch_of(entry))
    return await publish_film(
        tools, film, place, lambda fitted: draw(fitted, poster), key=key, again=again, instead_of=instead_of
    )


async def publish_film(
    tools: Tools,
    film: Film,
    place: Place,
    draw: Callable[[Path], Card],
    *,
    key: str,
    again: bool,
    instead_of: MessageRef | None = None,
) -> MessageRef:
    """Post a film, made smaller where the platform refuses its size; a busy platform is asked a few times."""
    platform = connected(tools, place)
    limit = place.upload_limit or platform.traits.upload_limit
    for wait in (*tools.backoff[:3], None):
        card = draw(await _fitting(tools, film, limit))
        try:
            return await platform.publish(place, card, key=key, again=again, instead_of=instead_of)
        except TooLarge as error:
            if wait is None:
                raise
            limit = min(int(error.facts.get("limit", 0) or limit) - 1, int(limit * 0.8))
        except PlatformBusy:
            again = True
            if wait is None:
                raise
            await tools.clock.sleep(wait * tools.patience)
    raise AssertionError


async def take_down(tools: Tools, entry: Entry) -> None:
    """Remove every message that shows the work; silent where it hangs no more."""
    refs = {showing.ref for showing in await tools.repos.showings.of(entry.id)}
    for ref in (*refs, *({entry.message} - refs if entry.message else ())):
        platform = tools.platforms.get(ref.community.platform)
        if platform:
            await take_away(platform, ref)
            await tools.repos.showings.gone(ref, tools.clock.now())
    await _take_off_stage(tools, entry)


async def take_away(platform: Platform, ref: MessageRef) -> None:
    """Remove a message. One in a place that has thrown us out stays there: whoever wants to be forgotten, and all that
    waits behind them, must not wait for it. Raises `PlatformBusy`."""
    try:
        await platform.delete(ref)
    except PlatformBusy:
        raise
    except PlatformError as error:
        log.warning("message %s in %s stays: %r", ref.id, ref.community, error)


async def patient(step: Awaitable[object], away: list[PlatformBusy]) -> None:
    """One community's part of something: a platform that is away is noted, one that refuses, or breaks in a way nobody
    foresaw, is left at that."""
    try:
        await step
    except PlatformBusy as error:
        away.append(error)
    except StorageError:
        raise
    except OlympicError as error:
        log.warning("one place was left out: %r", error)
    except Exception:
        log.exception("one place was left out")


async def _take_off_stage(tools: Tools, entry: Entry) -> None:
    """What its round ended with goes too where the work is in it: podium (its sentence) and reel (its film)."""
    taking_part = await round_of(tools, entry)
    order = [rank.entry for rank in taking_part.places if rank.votes] if taking_part else []
    if taking_part is None or entry.id not in order:
        return
    before = order[: order.index(entry.id)]
    ahead = sum(one.stands for one in await tools.repos.entries.among(before)) if before else 0
    keys = [podium_key] if ahead < STEPS else []
    keys += [reel_key] if ahead < REEL and taking_part.reel else []
    for home in await tools.repos.communities.of_contest(taking_part.contest):
        for key in keys:
            _, ref = await tools.repos.postings.begin(key(taking_part, home.community))
            platform = tools.platforms.get(home.community.platform)
            if ref and platform:
                await take_away(platform, ref)
                await tools.repos.showings.gone(ref, tools.clock.now())
    if reel_key in keys:
        await tools.repos.media.delete(taking_part.reel)
        await tools.repos.rounds.tear(taking_part.id, taking_part.reel)


async def in_reel(tools: Tools, contest_round: Round, most: int = REEL) -> list[tuple[Rank, Entry]]:
    """The first of a round's works that still stand and that somebody voted for, each at the place it moved up to."""
    voted = [place for place in contest_round.places if place.votes]
    works = {one.id: one for one in await tools.repos.entries.among([place.entry for place in voted])}
    standing = [(place, works[place.entry]) for place in voted if place.entry in works and works[place.entry].stands]
    return [(replace(place, rank=number), work) for number, (place, work) in enumerate(standing[:most], 1)]


def podium_key(contest_round: Round, community: Community) -> str:
    """Under which its podium is posted."""
    return f"{contest_round.id}:podium:{community}"


def reel_key(contest_round: Round, community: Community) -> str:
    """Under which its film is posted; one that is cut anew is another one."""
    return f"{contest_round.id}:reel:{contest_round.reel[:12]}:{community}"


def connected(tools: Tools, place: Place) -> Platform:
    """The place's platform. Raises `PlatformBusy` while it is not connected."""
    platform = tools.platforms.get(place.community.platform)
    if platform is None:
        raise PlatformBusy("the platform of this place is not connected")
    return platform


async def _fitting(tools: Tools, film: Film, limit: int) -> Path:
    """The film itself, or a smaller encode where the platform refuses its size."""
    if film.bytes <= limit:
        return film.path
    folder = tools.repos.media.scratch(film.scratch)
    bare, told, smaller = (folder / f"{name}-{limit}.mp4" for name in ("bare", "told", "fit"))
    if not smaller.exists():
        room = min(SAID, limit // 10) if tools.provenance else 0
        await tools.video.fit(film.path, bare, limit=limit - room, seconds=film.seconds)
        fits = await _told(tools, film, bare, told, limit)
        (told if fits else bare).replace(smaller)
    return smaller


async def _told(tools: Tools, film: Film, bare: Path, out: Path, limit: int) -> bool:
    """Whether the smaller copy says of itself what the film says, and still fits: encoding anew had removed it."""
    if tools.provenance is None:
        return False
    try:
        await tools.provenance.derive(film.path, bare, out)
    except DiskFull:
        raise
    except OlympicError as error:
        log.warning("a smaller copy goes out without a label: %r", error)
        return False
    return out.stat().st_size <= limit


def scratch_of(entry: Entry) -> str:
    """The folder of its smaller encodes."""
    return f"{entry.id}-shown"
