"""Works as they hang: the first reaction under each, copies for the other communities of a contest, and cards that
follow the votes at a calm pace.

Everything is done again after a crash until it is noted as done: a reaction that is there already is no second one,
and a copy is posted under a key of its own.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.cards import Stands, entry_card, notice
from bot.errors import BadEmoji, MessageGone, OlympicError, PlatformBusy
from bot.locales import words
from bot.model.card import Card
from bot.model.contest import VOTED_ON, Showing, Shown
from bot.model.entry import Entry
from bot.model.people import MessageRef, Place
from bot.model.setup import VOTE_EMOJI, Home
from bot.pipeline import lineage
from bot.pipeline.due import Due
from bot.pipeline.hanging import Draw, hang, patient
from bot.pipeline.pacer import Pacer
from bot.pipeline.titling import titled
from bot.pipeline.tools import Tools
from bot.pipeline.window import open_for_votes, round_of

log = logging.getLogger(__name__)

CALM: Final = 10.0
"""Least seconds between two redrawings of one entry, whatever the burst."""
SOON: Final = 1.0
"""Seconds in which a first change gathers others."""
LATER: Final = 60.0
"""Seconds before what a platform refused for the moment is tried again."""
LOOK_BACK: Final = timedelta(days=3)
"""Works this young get their reaction and copies at a start where an earlier run did not come to it."""
FOLLOWING: Final = frozenset({Shown.ENTRY, Shown.COPY, Shown.SPOTLIGHT, Shown.EXHIBIT})
"""The messages that show votes: as they stand, or as they were at the approval once these are told."""


class Showcase:
    """Owns what happens to a work after it was delivered; `run` must be running for anything to move."""

    def __init__(self, tools: Tools, pacer: Pacer) -> None:
        self._tools = tools
        self._pacer = pacer
        self._fresh = Due[str](tools.clock)
        self._changed = Due[str](tools.clock)
        self._drawn: dict[str, datetime] = {}

    async def run(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._present_all(), name="showing works")
            tasks.create_task(self._redraw_all(), name="redrawing works")

    def hung(self, entry_id: str) -> None:
        """A work was delivered."""
        self._fresh.add(entry_id)

    def changed(self, entry_id: str) -> None:
        """Its votes or its state changed: all its cards follow soon, and the last change always arrives."""
        now = self._tools.clock.now()
        drawn = self._drawn.get(entry_id)
        rest = CALM - (now - drawn).total_seconds() if drawn else SOON
        self._changed.add(entry_id, min(CALM, max(SOON, rest)))

    async def card(self, entry_id: str, showing: Showing) -> Card | None:
        """The work as it stands now, for one message; None when it stands no more."""
        repos = self._tools.repos
        entry = await repos.entries.get(entry_id)
        shown = await repos.showings.at(showing.ref)
        if entry is None or entry.deleted or shown is None or shown.gone:
            return None
        home = await repos.communities.get(showing.ref.community)
        draw = await self._drawing(entry, home, shown.kind, shown.emoji)
        return draw(await repos.media.local(entry.clip.blob), await repos.media.local(entry.clip.poster))

    async def _drawing(self, entry: Entry, home: Home, kind: Shown, emoji: str = "") -> Draw:
        """The card but for its film, whose size the platform may yet refuse. Its maker is mentioned by the first."""
        if kind is Shown.EXHIBIT:
            return await titled(self._tools, entry, home)
        job = await self._tools.repos.jobs.get(entry.job)
        language = home.setup.language or (job.place.language if job else "en")
        stands = await self._stands(entry, home, emoji or home.setup.voting.emoji)
        label = await self._tools.label(entry.backend)
        remarks = job.notes if job else ()
        after = [one.name for one in await lineage.before(self._tools, entry)]
        heading = (words(language)("entry.spotlight"),) if kind is Shown.SPOTLIGHT else ()

        def draw(film: Path, poster: Path) -> Card:
            card = entry_card(entry, film, poster, label, remarks, language, stands, after)
            mention = card.mention if kind is Shown.ENTRY else None
            return replace(card, lines=(*heading, *card.lines), mention=mention)

        return draw

    async def _stands(self, entry: Entry, home: Home, emoji: str) -> Stands:
        tally = (await self._tools.repos.votes.tally([entry.id]))[entry.id]
        remixes = await self._tools.repos.entries.count_remixes(entry.id)
        taking_part = await round_of(self._tools, entry)
        hidden = home.setup.voting.hidden and await open_for_votes(self._tools, entry, self._tools.clock.now())
        jury = tally.jury if home.setup.voting.jury else None
        theme = taking_part.theme if taking_part else ""
        return Stands(emoji, None if hidden else tally.votes, jury, entry.state, remixes, theme)

    async def _redraw_all(self) -> None:
        while True:
            for entry_id in await self._changed.take():
                try:
                    await self._redraw(entry_id)
                except OlympicError as error:
                    log.warning("the cards of entry %s are redrawn later: %r", entry_id, error)
                    self._changed.add(entry_id, LATER)
                except Exception:
                    log.exception("the cards of entry %s could not be redrawn", entry_id)

    async def _redraw(self, entry_id: str) -> None:
        if len(self._drawn) > 10_000:
            self._drawn.clear()
        self._drawn[entry_id] = self._tools.clock.now()
        for showing in await self._tools.repos.showings.of(entry_id, FOLLOWING):
            self._pacer.show(showing.ref, lambda showing=showing: self.card(entry_id, showing))

    async def _present_all(self) -> None:
        try:
            now = self._tools.clock.now()
            for showing in await self._tools.repos.showings.votable(now - LOOK_BACK):
                self._fresh.add(showing.entry)
            for contest_round in await self._tools.repos.rounds.due(now):  # a community may just have joined
                for entry in await self._tools.repos.rounds.entries(contest_round.id):
                    self._fresh.add(entry.id)
        except OlympicError as error:
            log.warning("works that were delivered before are not looked at: %r", error)
        while True:
            for entry_id in await self._fresh.take():
                await self._present(entry_id)

    async def _present(self, entry_id: str) -> None:
        try:
            await self.present(entry_id)
        except OlympicError as error:
            level = logging.DEBUG if isinstance(error, PlatformBusy) else logging.WARNING
            log.log(level, "entry %s could not be shown everywhere yet: %r", entry_id, error)
            if isinstance(error, PlatformBusy):
                self._fresh.add(entry_id, LATER)
        except Exception:
            log.exception("entry %s could not be shown everywhere", entry_id)

    async def present(self, entry_id: str) -> None:
        """Copies in the other communities, and the bot's own reaction under each of its messages; may be repeated. What
        one place refuses is done in the others. Raises `PlatformBusy` at the end."""
        entry = await self._tools.repos.entries.get(entry_id)
        if entry is None or not await open_for_votes(self._tools, entry, self._tools.clock.now()):
            return
        away: list[PlatformBusy] = []
        await self._dress_all(entry_id, away)  # first: nobody waits for a slow copy to vote
        for home in await self._tools.repos.communities.of_contest(entry.contest):
            if home.community != entry.member.community:
                await patient(self._copy(entry, home), away)
        await self._dress_all(entry_id, away)
        if entry.request.parent:
            self.changed(entry.request.parent)  # it counts its remixes
        if away:
            raise away[0]

    async def _dress_all(self, entry_id: str, away: list[PlatformBusy]) -> None:
        for showing in await self._tools.repos.showings.of(entry_id, VOTED_ON):
            if not showing.emoji:
                await patient(self._dress(showing), away)

    async def _dress(self, showing: Showing) -> None:
        """Hang the bot's own reaction, so that voting is one press; an emoji it may not use gives way to the usual."""
        platform = self._tools.platforms.get(showing.ref.community.platform)
        if platform is None:
            return
        home = await self._tools.repos.communities.get(showing.ref.community)
        for emoji in (home.setup.voting.emoji, VOTE_EMOJI):
            try:
                await platform.react(showing.ref, emoji)
            except BadEmoji as error:
                await self._complain(home, emoji, error)
            except MessageGone:
                return
            else:
                await self._tools.repos.showings.dressed(showing.ref, emoji)
                return

    async def _complain(self, home: Home, emoji: str, error: BadEmoji) -> None:
        """Tell those who chose it, once."""
        log.warning("%s may not react with %s: %r", home.community, emoji, error)
        channel = home.setup.channels.review or home.setup.channels.announcements
        if not channel or emoji == VOTE_EMOJI:
            return
        language = home.setup.language or "en"
        card = notice(language, "voting.bad_emoji", emoji=emoji, usual=VOTE_EMOJI)
        await self._post_once(f"emoji:{home.community}:{emoji}", Place(home.community, channel), card)

    async def _post_once(self, key: str, place: Place, card: Card) -> MessageRef | None:
        platform = self._tools.platforms.get(place.community.platform)
        if platform is None:
            return None
        noted, ref = await self._tools.repos.postings.begin(key)
        if ref is None:
            ref = await platform.post(place, card, key=key, again=noted)
            await self._tools.repos.postings.done(key, ref)
        return ref

    async def _copy(self, entry: Entry, home: Home) -> None:
        """The work in another community that votes on it too; where it names no channel, nowhere."""
        channel = channel_of(home)
        platform = self._tools.platforms.get(home.community.platform)
        if not channel or platform is None:
            return
        place = Place(home.community, channel, language=home.setup.language or "en")
        await self.hang(entry, home, place, Shown.COPY, f"copy:{entry.id}:{home.community}")

    async def hang(self, entry: Entry, home: Home, place: Place, kind: Shown, key: str) -> MessageRef:
        """Post a work once more, as it stands, under a key of its own; may be repeated."""
        return await hang(self._tools, entry, place, await self._drawing(entry, home, kind), key=key, kind=kind)


def channel_of(home: Home) -> str:
    """Where works of the contest are shown without anybody asking for them; empty: nowhere."""
    channels = home.setup.channels
    return channels.announcements or next(iter(channels.create), "")
