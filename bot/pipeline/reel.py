"""The reel of a round: its best works cut together, with everybody's name at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import announcing
from bot.announcing import Placed
from bot.cards import sport_title
from bot.errors import ResultInvalid
from bot.locales import words
from bot.model.card import Card, Video
from bot.model.contest import EntryState, Round
from bot.model.people import MessageRef, Place
from bot.model.reel import Highlight, Reel
from bot.model.request import HD
from bot.pipeline.hanging import Film, in_reel, publish_film, reel_key, take_away
from bot.pipeline.tools import Tools

LIMIT: Final = 1800.0
"""Seconds after which a reel is given up; one of ten works takes about a minute on two cores."""
NAMES: Final = 16
"""Names on one closing picture."""


async def cut(tools: Tools, contest_round: Round, best: Sequence[Placed], makers: Sequence[str], language: str) -> str:
    """Make the film and keep it; returns its blob, or nothing where there is no work to show.

    The best comes last. Raises `TimeoutError` and what the tools raise.
    """
    if not best or tools.lettering is None:
        return ""
    folder = tools.repos.media.scratch(_scratch(contest_round))
    try:
        async with asyncio.timeout(LIMIT):
            film = folder / "reel.mp4"
            await tools.video.reel(await _lettered(tools, contest_round, best, makers, folder, language), film, size=HD)
            return await tools.repos.media.put(film, "video/mp4")
    finally:
        await tools.repos.media.sweep(_scratch(contest_round))


async def show(tools: Tools, contest_round: Round, place: Place) -> None:
    """Post the film in a place, once, and take it down at once if it lost a work meanwhile. Raises `PlatformBusy`."""
    key = reel_key(contest_round, place.community)
    noted, ref = await tools.repos.postings.begin(key)
    if ref is None and await _whole(tools, contest_round):
        ref = await _posted(tools, contest_round, place, key, again=noted)
        await tools.repos.postings.done(key, ref)
    if ref and not await _whole(tools, contest_round):  # who tore it could not know this message yet
        await take_away(tools.platforms[place.community.platform], ref)


async def _whole(tools: Tools, contest_round: Round) -> bool:
    """Whether this is still the round's film."""
    now = await tools.repos.rounds.get(contest_round.id)
    return now is not None and now.reel == contest_round.reel


async def _posted(tools: Tools, contest_round: Round, place: Place, key: str, *, again: bool) -> MessageRef:
    path = await tools.repos.media.local(contest_round.reel)
    folder = tools.repos.media.scratch(_scratch(contest_round))
    poster = folder / "poster.jpg"
    try:
        seen = await tools.video.inspect(path, seconds=0.0, size=HD)
        await tools.video.poster(path, poster, at=min(1.5, seen.seconds / 2))
        say, link = words(place.language), await _hung(tools, contest_round)
        alt = say("reel.alt", number=contest_round.number, theme=contest_round.theme)

        def draw(film: Path) -> Card:
            name = f"round-{contest_round.number}.mp4"
            size = seen.size
            video = Video(
                film, name, alt, poster, seen.seconds, size.width, size.height, seen.bytes, contest_round.reel
            )
            return announcing.reel(contest_round, video, say, link)

        film = Film(path, seen.bytes, seen.seconds, _scratch(contest_round))
        return await publish_film(tools, film, place, draw, key=key, again=again)
    finally:
        await tools.repos.media.sweep(_scratch(contest_round))


async def _hung(tools: Tools, contest_round: Round) -> str:
    """Where the film hangs in the hall: it does once all works in it do. Empty: nowhere yet."""
    works = [entry for _, entry in await in_reel(tools, contest_round)]
    hangs = tools.hall and all(entry.state is EntryState.APPROVED for entry in works)
    return f"{tools.hall.rstrip('/')}/reels/{contest_round.id}" if hangs else ""


async def _lettered(
    tools: Tools, contest_round: Round, best: Sequence[Placed], makers: Sequence[str], folder: Path, language: str
) -> Reel:
    """Everything that is written, as pictures."""
    if tools.lettering is None:
        raise ResultInvalid("nobody can write on pictures")
    say = words(language)
    opening = folder / "opening.png"
    kicker = say("reel.kicker", number=contest_round.number)
    dates = f"{say.day(contest_round.opens)} – {say.day(contest_round.ends)}"
    await tools.lettering.title(opening, contest_round.theme, kicker=kicker, lines=(dates,), size=HD)
    highlights: list[Highlight] = []
    for number, placed in enumerate(reversed(best)):
        over = folder / f"words-{number}.png"
        request = placed.entry.request
        kicker = say("reel.place", rank=placed.rank.rank, maker=placed.maker)
        detail = sport_title(request, language)
        await tools.lettering.lower_third(over, request.prompt, kicker=kicker, detail=detail, size=HD)
        highlights.append(Highlight(await tools.repos.media.local(placed.entry.clip.blob), over))
    closing: list[Path] = []
    for first in range(0, len(makers), NAMES):
        page = folder / f"closing-{first}.png"
        named = tuple(makers[first : first + NAMES])
        await tools.lettering.title(page, say("reel.credits"), kicker="", lines=named, size=HD)
        closing.append(page)
    return Reel(opening, tuple(highlights), tuple(closing))


def _scratch(contest_round: Round) -> str:
    return f"{contest_round.id}-reel"
