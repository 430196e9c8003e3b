"""Votes by reaction: what is heard from a platform becomes ballots, each judged once, when it is first seen.

A vote is a reaction with the message's own emoji under a message that shows an entry. It is kept in any case; one that
must not count says why. How the rules read for members stands in docs/contest.md.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from bot.errors import PlatformBusy, PlatformError
from bot.model.contest import (
    VOTED_ON,
    Ballot,
    Cleared,
    Facts,
    Reacted,
    Vanished,
    Why,
    showing_key,
)
from bot.model.measure import VOTES
from bot.model.people import Account, MessageRef, Place
from bot.model.setup import Voting
from bot.pipeline.window import open_for_votes
from bot.usecases.house import House
from bot.usecases.known import account_key
from bot.usecases.polls import Poll

log = logging.getLogger(__name__)

VARIANT = "\ufe0f"
"""Asks for the colourful form of a sign; platforms send an emoji with or without it."""
_OWN = re.compile(r"<a?:\w*:(\d+)>")
"""A community's own sign: its number says which; its name may change, and whether it moves is not always told."""


async def poll_at(house: House, ref: MessageRef) -> Poll | None:
    """What people vote on at a message; None where nobody votes."""
    return (await house.polls.at.ask(ref))[0]


async def reacted(house: House, what: Reacted) -> None:
    """A reaction came or went."""
    account = account_key(house, what.ref.community, what.member)
    message = showing_key(what.ref)
    house.polls.noticed(message, account)
    turn = house.polls.turn(message, account)
    async with turn:
        poll = await poll_at(house, what.ref)
        if poll is None or not same_emoji(what.emoji, poll.emoji):
            return
        house.polls.voted(poll.entry.id, what.ref)  # first: what fails now is put right by the recount
        if what.on:
            ballot = await judged(house, poll, what.member, bot=what.bot, when=house.tools.clock.now())
            await house.tools.repos.votes.record(ballot)
            outcome = "counted" if ballot.counts else "ignored"
        else:
            await house.tools.repos.votes.withdraw(poll.entry.id, message, account)
            outcome = "withdrawn"
        house.tools.meter.add(VOTES, 1, outcome)


async def cleared(house: House, what: Cleared) -> None:
    """All reactions went at once. What was given since then may be among them, so the platform is asked."""
    poll = await poll_at(house, what.ref)
    if poll and (not what.emoji or same_emoji(what.emoji, poll.emoji)):
        house.polls.recounts.add(what.ref)


async def vanished(house: House, what: Vanished) -> None:
    """Messages were deleted: votes under them do not count any more, those under the others do."""
    for ref in what.refs:
        showing = await house.tools.repos.showings.gone(ref, house.tools.clock.now())
        if showing and showing.kind in VOTED_ON:
            log.info("a message that showed entry %s is gone", showing.entry)
            house.polls.shifted(showing.entry)


async def judged(house: House, poll: Poll, member: str, *, bot: bool, when: datetime) -> Ballot:
    """A reaction as a ballot, with the reason why it does not count. Raises `PlatformBusy`."""
    account = account_key(house, poll.ref.community, member)
    if bot:
        return Ballot(poll.entry.id, account, poll.key, when, Why.BOT)
    facts = await _facts(house, poll, account, member)
    maker = account_key(house, poll.entry.member.community, poll.entry.member.id)
    known, author = await house.polls.accounts.ask(account, maker)
    if known is None:
        language = poll.home.setup.language or "en"
        new = Account(account, account, poll.ref.community, member, facts.name or member, language)
        house.polls.newcomers.add(new)
    jury = not set(poll.home.setup.voting.jury).isdisjoint({member, *facts.roles})
    own = (known.person if known else account) == (author.person if author else maker)
    why = Why.OWN if own else _refused(poll, known, facts, when)
    if why is None and not await open_for_votes(house.tools, poll.entry, when):
        why = Why.CLOSED
    if why is None and not await house.tools.platforms[poll.ref.community.platform].sees(_place(poll), member):
        why = Why.UNSEEN
    return Ballot(poll.entry.id, account, poll.key, when, why, jury)


def _refused(poll: Poll, known: Account | None, facts: Facts, when: datetime) -> Why | None:
    if facts.bot:
        return Why.BOT
    if known and known.paused(poll.entry.contest):
        return Why.PAUSED
    if not facts.member:
        return Why.UNSEEN
    return young(poll.home.setup.voting, facts, when)


def young(rules: Voting, facts: Facts, when: datetime) -> Why | None:
    """Whether an account was too new for a vote at that moment; where the platform does not tell, it is old enough."""
    if facts.created and when - facts.created < timedelta(days=rules.account_days):
        return Why.YOUNG_ACCOUNT
    if facts.joined and when - facts.joined < timedelta(days=rules.member_days):
        return Why.NEW_MEMBER
    return None


async def _facts(house: House, poll: Poll, account: str, member: str) -> Facts:
    """What the platform knows; nothing where it refuses to say."""
    key = f"{poll.ref.community} {account}"
    if known := house.polls.told(key):
        return known
    try:
        facts = await house.tools.platforms[poll.ref.community.platform].facts(poll.ref.community, member)
    except PlatformBusy:
        raise
    except PlatformError as error:
        log.warning("nothing is known of a voter in %s: %r", poll.ref.community, error)
        return Facts()
    return house.polls.tell(key, facts) if facts.member else facts  # they may come any moment


def _place(poll: Poll) -> Place:
    return Place(poll.ref.community, poll.ref.channel)


def same_emoji(one: str, other: str) -> bool:
    """Whether two spellings mean the same sign."""
    return _meant(one) == _meant(other)


def _meant(emoji: str) -> str:
    own = _OWN.fullmatch(emoji.strip())
    return own[1] if own else emoji.replace(VARIANT, "")
