"""The end of a round: ranking, podium, the winner's role, letters, the reel. Each step may be repeated."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from bot import announcing
from bot.announcing import Placed
from bot.cards import clipped
from bot.errors import OlympicError, PlatformBusy
from bot.locales import words
from bot.model.contest import EntryState, Rank, Round, Shown
from bot.model.entry import Entry
from bot.model.letter import Kind, Letter
from bot.model.people import Community, Place
from bot.model.setup import Home, Voting
from bot.pipeline import reel
from bot.pipeline.accounts import account_key, accounts_in, maker_name, person
from bot.pipeline.hanging import hang
from bot.pipeline.ranking import Contender, ranking
from bot.pipeline.showcase import channel_of
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

STEPS: Final = 3
"""Places on the podium."""
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
        contenders = [await self._contender(entry) for entry in entries]
        return ranking(contenders, votes, jury_share=voting.jury_share, best_of=voting.best_of)

    async def hold(self, contest_round: Round) -> None:
        """All of it, in the order people wait for it. Raises `PlatformBusy`; then it is held again later."""
        best = await self._placed(contest_round, STEPS)
        await self._show_podium(contest_round, best)
        if best:
            await self._crown(contest_round, best[0])
            for placed in best:
                await self._write(contest_round, placed)
        await self._reel(contest_round)

    async def _homes(self, contest_round: Round) -> list[Home]:
        """The communities of the contest, the oldest first."""
        return await self._tools.repos.communities.of_contest(contest_round.contest)

    async def _contender(self, entry: Entry) -> Contender:
        maker = await person(self._tools, entry.member.community, entry.member.id)
        return Contender(entry.id, maker, entry.created, entry.nominated)

    async def _placed(self, contest_round: Round, most: int) -> list[Placed]:
        """The first ones that still stand and that somebody voted for."""
        found: list[Placed] = []
        for rank in contest_round.places:
            entry = await self._tools.repos.entries.get(rank.entry)
            if len(found) < most and rank.votes and entry and not entry.deleted:
                found.append(Placed(rank, entry, await maker_name(self._tools, entry), self._link(entry)))
        return found

    def _link(self, entry: Entry) -> str:
        hangs = self._tools.hall and entry.state is EntryState.APPROVED
        return f"{self._tools.hall.rstrip('/')}/exhibits/{entry.id}" if hangs else ""

    async def _show_podium(self, contest_round: Round, best: list[Placed]) -> None:
        for home in await self._homes(contest_round):
            place = place_of(home)
            if place and place.community.platform in self._tools.platforms:
                await self._podium_in(contest_round, best, place)

    async def _podium_in(self, contest_round: Round, best: list[Placed], place: Place) -> None:
        key = f"{contest_round.id}:podium:{place.community}"
        try:
            if best:
                label = await self._tools.label(best[0].entry.backend)
                await hang(
                    self._tools,
                    best[0].entry,
                    place,
                    lambda film, poster: announcing.podium(contest_round, best, film, poster, label, place.language),
                    key=key,
                    kind=Shown.PODIUM,
                )
            else:
                noted, ref = await self._tools.repos.postings.begin(key)
                if ref is None:
                    card = announcing.nobody(contest_round, words(place.language))
                    platform = self._tools.platforms[place.community.platform]
                    await self._tools.repos.postings.done(key, await platform.post(place, card, key=key, again=noted))
        except PlatformBusy:
            raise
        except OlympicError as error:
            log.warning("%s shows no podium: %r", place.community, error)

    async def _crown(self, contest_round: Round, winner: Placed) -> None:
        """The winner gets the role, earlier winners give it back."""
        new = await self._accounts(contest_round, winner.entry)
        old: list[tuple[Community, str]] = []
        for earlier in await self._tools.repos.rounds.over(contest_round.contest, most=EARLIER):
            first = earlier.places[0] if earlier.places else None
            entry = await self._tools.repos.entries.get(first.entry) if first and first.votes else None
            old += await self._accounts(contest_round, entry) if entry else []
        for home in await self._homes(contest_round):
            if not home.setup.roles.winner:
                continue
            for community, member in dict.fromkeys(old):
                if community == home.community and (community, member) not in new:
                    await self._grant(home, member, on=False)
            for community, member in new:
                if community == home.community:
                    await self._grant(home, member, on=True)

    async def _accounts(self, contest_round: Round, entry: Entry) -> list[tuple[Community, str]]:
        return await accounts_in(self._tools, contest_round.contest, entry.member.community, entry.member.id)

    async def _grant(self, home: Home, member: str, *, on: bool) -> None:
        """A role that cannot be given is told of in the log; the podium is no smaller for it."""
        platform = self._tools.platforms.get(home.community.platform)
        if platform is None or not platform.traits.roles:
            return
        try:
            await platform.grant(home.community, member, home.setup.roles.winner, on=on)
        except PlatformBusy:
            raise
        except OlympicError as error:
            log.warning("the winner's role of %s cannot be given or taken: %r", home.community, error)

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

    async def _reel(self, contest_round: Round) -> None:
        """Cut the film once, keep it, post it everywhere. A film that cannot be made does not hold up the end."""
        homes = await self._homes(contest_round)
        if not contest_round.reel and self._tools.lettering is not None:
            contest_round = await self._filmed(contest_round, homes)
        if contest_round.reel:
            for home in homes:
                if (place := place_of(home)) and place.community.platform in self._tools.platforms:
                    await self._show_reel(contest_round, place)

    async def _filmed(self, contest_round: Round, homes: Sequence[Home]) -> Round:
        best = await self._placed(contest_round, reel.MOST)
        works = await self._tools.repos.rounds.entries(contest_round.id)
        makers = list(dict.fromkeys([await maker_name(self._tools, entry) for entry in works]))
        language = next((home.setup.language for home in homes if home.setup.language), "en")
        try:
            blob = await reel.cut(self._tools, contest_round, best, makers, language)
        except (OlympicError, TimeoutError) as error:
            log.warning("round %s has no reel: %r", contest_round.id, error)
            return contest_round
        kept = await self._tools.repos.rounds.reeled(contest_round.id, blob) if blob else None
        return kept or contest_round

    async def _show_reel(self, contest_round: Round, place: Place) -> None:
        try:
            await reel.show(self._tools, contest_round, place)
        except PlatformBusy:
            raise
        except OlympicError as error:
            log.warning("%s shows no reel: %r", place.community, error)


def place_of(home: Home) -> Place | None:
    """Where a community hears of rounds; None where it named no channel."""
    channel = channel_of(home)
    return Place(home.community, channel, language=home.setup.language or "en") if channel else None
