"""The end of a round: ranking, podium, the winner's role, letters, the reel. Each step may be repeated."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import announcing
from bot.announcing import Placed
from bot.cards import clipped, notice
from bot.errors import OlympicError, PlatformBusy
from bot.locales import words
from bot.model.card import Card
from bot.model.contest import EntryState, Rank, Round, Shown
from bot.model.entry import Entry
from bot.model.letter import Kind, Letter
from bot.model.people import Place
from bot.model.setup import Home, Voting
from bot.pipeline import reel
from bot.pipeline.accounts import account_key, accounts_in, maker_name
from bot.pipeline.hanging import REEL, STEPS, hang, in_reel, patient, podium_key
from bot.pipeline.ranking import Contender, ranking
from bot.pipeline.showcase import channel_of
from bot.pipeline.titling import link
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

EARLIER: Final = 5
"""Rounds back in which a winner may still hold the role."""


class Ceremony:
    """Ranks a round and celebrates it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def ranking(self, contest_round: Round) -> tuple[Rank, ...]:
        """The round's works by the published rule, with the rules of the contest's oldest community."""
        entries = await self._tools.repos.rounds.entries(contest_round.id)
        votes = await self._tools.repos.votes.cast([entry.id for entry in entries])
        homes = await self._homes(contest_round)
        voting = homes[0].setup.voting if homes else Voting()
        contenders = await self._contenders(entries)
        return ranking(contenders, votes, jury_share=voting.jury_share, best_of=voting.best_of)

    async def hold(self, contest_round: Round) -> None:
        """All of it, in the order people wait for it. A platform that is away holds up nobody else: raises
        `PlatformBusy` at the end, and it is held again later."""
        best = await self._placed(contest_round, STEPS)
        homes = await self._homes(contest_round)
        away: list[PlatformBusy] = []
        for home in homes:
            await patient(self._show_podium(contest_round, best, home), away)
        if best:
            for home in homes:
                await patient(self._crown(contest_round, best[0], home), away)
            for placed in best:
                await self._write(contest_round, placed)
        await self._screen(contest_round, homes, away)
        if away:
            raise away[0]

    async def mend(self, contest_round: Round) -> None:
        """Cut and show the film anew that lost a work. Raises `PlatformBusy`; it is done again later then."""
        away: list[PlatformBusy] = []
        shown = await self._screen(contest_round, await self._homes(contest_round), away)
        if away:
            raise away[0]
        await self._tools.repos.rounds.mended(contest_round.id, shown.reel)

    async def _screen(self, contest_round: Round, homes: Sequence[Home], away: list[PlatformBusy]) -> Round:
        contest_round = await self._filmed(contest_round, homes)
        for home in homes:
            await patient(self._show_reel(contest_round, home), away)
        return contest_round

    async def _homes(self, contest_round: Round) -> list[Home]:
        """The communities of the contest, the oldest first."""
        return await self._tools.repos.communities.of_contest(contest_round.contest)

    async def _contenders(self, entries: Sequence[Entry]) -> list[Contender]:
        keys = [account_key(self._tools, entry.member.community, entry.member.id) for entry in entries]
        persons = {one.key: one.person for one in await self._tools.repos.people.among(keys)}
        return [
            Contender(entry.id, persons.get(key, key), entry.created, entry.nominated)
            for key, entry in zip(keys, entries, strict=True)
        ]

    async def _placed(self, contest_round: Round, most: int) -> list[Placed]:
        """The first ones that still stand and that somebody voted for."""
        best = await in_reel(self._tools, contest_round, most)
        return [Placed(rank, one, await maker_name(self._tools, one), self._hall(one)) for rank, one in best]

    def _hall(self, entry: Entry) -> str:
        return link(self._tools, entry.id) if entry.state is EntryState.APPROVED else ""

    async def _show_podium(self, contest_round: Round, best: Sequence[Placed], home: Home) -> None:
        place, key = place_of(home), podium_key(contest_round, home.community)
        if place is None or home.community.platform not in self._tools.platforms:
            return
        if not best:
            await self._say(place, announcing.nobody(contest_round, words(place.language)), key)
            return
        entry = best[0].entry
        label = await self._tools.label(entry.backend)

        def draw(film: Path, poster: Path) -> Card:
            return announcing.podium(contest_round, best, film, poster, label, place.language)

        await hang(self._tools, entry, place, draw, key=key, kind=Shown.PODIUM)

    async def _crown(self, contest_round: Round, winner: Placed, home: Home) -> None:
        """The winner gets the role in a community, those of earlier rounds give it back."""
        platform, role = self._tools.platforms.get(home.community.platform), home.setup.roles.winner
        if not role or platform is None or not platform.traits.roles:
            return
        new = await self._there(contest_round, winner.entry, home)
        try:
            for member in await self._earlier(contest_round, home):
                if member not in new:
                    await platform.grant(home.community, member, role, on=False)
            for member in new:
                await platform.grant(home.community, member, role, on=True)
        except PlatformBusy:
            raise
        except OlympicError as error:
            log.warning("the winner's role of %s cannot be given or taken: %r", home.community, error)
            channel, language = home.setup.channels.review, home.setup.language or "en"
            if channel:
                card = notice(language, "podium.role_refused", name=winner.maker)
                await self._say(Place(home.community, channel, language=language), card, f"{contest_round.id}:role")

    async def _earlier(self, contest_round: Round, home: Home) -> list[str]:
        """Members who may still hold the role: who stood on the podiums before this one."""
        found: list[str] = []
        for earlier in await self._tools.repos.rounds.over(contest_round.contest, most=EARLIER):
            for rank in earlier.places[:STEPS]:
                if entry := await self._tools.repos.entries.get(rank.entry):
                    found += await self._there(contest_round, entry, home)
        return list(dict.fromkeys(found))

    async def _there(self, contest_round: Round, entry: Entry, home: Home) -> list[str]:
        """A work's maker as members of one community."""
        known = await accounts_in(self._tools, contest_round.contest, entry.member.community, entry.member.id)
        return [member for community, member in known if community == home.community]

    async def _say(self, place: Place, card: Card, key: str) -> None:
        noted, ref = await self._tools.repos.postings.begin(key)
        if ref is None:
            ref = await self._tools.platforms[place.community.platform].post(place, card, key=key, again=noted)
            await self._tools.repos.postings.done(key, ref)

    async def _write(self, contest_round: Round, placed: Placed) -> None:
        member, now = placed.entry.member, self._tools.clock.now()
        facts = {
            "sentence": clipped(placed.entry.request.prompt, 200),
            "theme": contest_round.theme,
            "number": str(contest_round.number),
            "medal": announcing.medal(placed.rank.rank),
            "votes": str(placed.rank.votes),
        }
        account = account_key(self._tools, member.community, member.id)
        key = f"{contest_round.id}:podium:{placed.entry.id}"
        await self._tools.repos.letters.put(Letter(key, account, Kind.PODIUM, now, facts, placed.entry.id))

    async def _filmed(self, contest_round: Round, homes: Sequence[Home]) -> Round:
        """Cut the film once and keep it; anew where a work in it was taken back meanwhile. A film that cannot be made
        does not hold up the end."""
        if contest_round.reel or self._tools.lettering is None:
            return contest_round
        best = await self._placed(contest_round, REEL)
        works = await self._tools.repos.rounds.entries(contest_round.id)
        makers = list(dict.fromkeys([await maker_name(self._tools, entry) for entry in works]))
        language = next((home.setup.language for home in homes if home.setup.language), "en")
        try:
            blob = await reel.cut(self._tools, contest_round, best, makers, language)
        except (OlympicError, TimeoutError) as error:
            log.warning("round %s has no reel: %r", contest_round.id, error)
            return contest_round
        except Exception:
            log.exception("round %s has no reel", contest_round.id)
            return contest_round
        if not blob:
            return contest_round
        kept = await self._tools.repos.rounds.reeled(contest_round.id, blob, [one.entry.id for one in best])
        if kept is None or kept.reel:
            return kept or contest_round
        await self._tools.repos.media.delete(blob)
        return await self._filmed(kept, homes)

    async def _show_reel(self, contest_round: Round, home: Home) -> None:
        place = place_of(home)
        if contest_round.reel and place and place.community.platform in self._tools.platforms:
            await reel.show(self._tools, contest_round, place)


def place_of(home: Home) -> Place | None:
    """Where a community hears of rounds; None where it named no channel."""
    channel = channel_of(home)
    return Place(home.community, channel, language=home.setup.language or "en") if channel else None
