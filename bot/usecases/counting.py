"""What goes on behind the votes: tallies that are looked at, messages that are read again, newcomers remembered.

The platform's own reactions are the truth. They are read at a start, after an outage, a minute after a message's last
vote, when a moderator asks, and at the close of voting; differences are put right and logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import MessageGone, OlympicError, PlatformBusy
from bot.model.contest import (
    VOTED_ON,
    Arrived,
    Ballot,
    Cleared,
    Departed,
    EntryState,
    Happening,
    Reacted,
    Resumed,
    Vanished,
    Voter,
    Why,
)
from bot.model.entry import Entry
from bot.model.people import MessageRef
from bot.model.setup import Voting
from bot.usecases.house import House
from bot.usecases.known import account_key
from bot.usecases.polls import Poll
from bot.usecases.review import nominate, unnominate
from bot.usecases.voting import judged, poll_at, vanished

log = logging.getLogger(__name__)

LOOK_BACK: Final = timedelta(days=30)
"""Entries this young are recounted at a start."""
READERS: Final = 3
"""Messages that are read at the same time."""
AT_ONCE: Final = 500
"""Entries whose tallies are looked at together."""
AGAIN: Final = 30.0
"""Seconds before what could not be read or written is tried again."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a recount found: messages read, ballots added and removed, messages that could not be read."""

    messages: int = 0
    added: int = 0
    removed: int = 0
    failed: int = 0

    def __add__(self, other: Recounted) -> Recounted:
        return Recounted(
            self.messages + other.messages,
            self.added + other.added,
            self.removed + other.removed,
            self.failed + other.failed,
        )


async def run(house: House) -> None:
    """Serve until cancelled; begins with everything that may have changed while nobody listened."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_first(house), name="first recount")
        tasks.create_task(_settling(house), name="tallies")
        tasks.create_task(_remembering(house), name="newcomers")
        for number in range(READERS):
            tasks.create_task(_reading(house), name=f"recounts {number}")


async def resumed(house: House, what: Resumed) -> None:
    """A connection was away: everything there is read again."""
    for ref in await _recent_at_last(house):
        if ref.community.platform == what.platform and what.community in (None, ref.community):
            house.polls.recounts.add(ref)


async def recent(house: House) -> list[MessageRef]:
    """The messages people may still vote under."""
    since = house.tools.clock.now() - LOOK_BACK
    return [showing.ref for showing in await house.tools.repos.showings.votable(since)]


def later(house: House, what: Happening) -> None:
    """What happened under messages and could not be followed up is put right by reading the messages again."""
    match what:
        case Reacted(ref) | Cleared(ref):
            house.polls.recounts.add(ref, AGAIN)
        case Vanished(refs):
            for ref in refs:
                house.polls.recounts.add(ref, AGAIN)
        case Resumed() | Arrived() | Departed():
            pass


async def recount_entries(house: House, entries: Sequence[str], when: datetime | None = None) -> Recounted:
    """Read all messages of these entries now; what a platform refuses is tried a few times more.

    `when`: the moment for which votes count that were not known before, where voting has just closed.
    """
    found = Recounted()
    for entry in entries:
        for showing in await house.tools.repos.showings.of(entry, VOTED_ON):
            found += await _patiently(house, showing.ref, when)
    return found


async def _patiently(house: House, ref: MessageRef, when: datetime | None) -> Recounted:
    tools = house.tools
    for wait in (*tools.backoff[:3], None):
        try:
            return await recount(house, ref, when)
        except PlatformBusy as error:
            if wait is None:
                log.warning("the votes of message %s in %s could not be read: %r", ref.id, ref.community, error)
                break
            await tools.clock.sleep(wait * tools.patience)
        except OlympicError as error:
            log.warning("the votes of message %s in %s could not be read: %r", ref.id, ref.community, error)
            break
        except Exception:
            log.exception("the votes of message %s in %s could not be read", ref.id, ref.community)
            break
    house.polls.recounts.add(ref, AGAIN)
    return Recounted(failed=1)


async def recount(house: House, ref: MessageRef, when: datetime | None = None) -> Recounted:
    """Make the platform's reactions the ballots of one message. Raises `PlatformBusy`.

    With a `when` votes count as if they were given then, the first time: while other messages are waited for, this one
    takes no more.
    """
    final = when if when and (ref, when) not in house.polls.closed else None
    poll = await poll_at(house, ref)
    platform = house.tools.platforms.get(ref.community.platform)
    if poll is None or platform is None or poll.home.left:
        return Recounted()
    with house.polls.counting(ref) as heard:
        try:
            voters = [voter async for voter in platform.voters(ref, poll.emoji)]
        except MessageGone:
            await vanished(house, Vanished((ref,)))
            return Recounted(messages=1)
        ballots = await _ballots(house, poll, voters, final)
        added, removed = await house.tools.repos.votes.replace(poll.entry.id, poll.key, ballots, heard)
    if final:
        house.polls.close(ref, final)
    if added or removed:
        log.info(
            "recount of entry %s, message %s: %d added, %d removed", poll.entry.id, ref.id, len(added), len(removed)
        )
    house.polls.changed.add(poll.entry.id)
    return Recounted(1, len(added), len(removed))


async def _ballots(house: House, poll: Poll, voters: Sequence[Voter], when: datetime | None) -> list[Ballot]:
    """Known ones as they were judged; the others judged now. The reaction of who was forgotten stays the vote without
    a name that it became; one that became none is none, for who comes back votes anew."""
    known = {one.account: one for one in await house.tools.repos.votes.of(poll.entry.id) if one.message == poll.key}
    keys = {voter.member: account_key(house, poll.ref.community, voter.member) for voter in voters}
    gone = await house.tools.repos.privacy.gone([key for key in keys.values() if key not in known])
    ballots: list[Ballot] = []
    for voter in voters:
        key = keys[voter.member]
        ballot = known.get(key)
        mark, since = gone.get(key, ("", None))
        if mark in known:
            ballots.append(known[mark])
            continue
        if since and poll.entry.created <= since:
            continue
        if ballot is None or (when and ballot.why is Why.CLOSED):
            moment = when or house.tools.clock.now()
            ballot = await judged(house, poll, voter.member, bot=voter.bot, when=moment)
        ballots.append(ballot)
    return ballots


async def _first(house: House) -> None:
    for ref in await _recent_at_last(house):
        house.polls.recounts.add(ref)


async def _recent_at_last(house: House) -> list[MessageRef]:
    """The messages people may still vote under, as soon as the database tells them."""
    while True:
        try:
            return await recent(house)
        except OlympicError as error:
            log.warning("a recount is put off: %r", error)
            await house.tools.clock.sleep(AGAIN)


async def _reading(house: House) -> None:
    while True:
        for ref in await house.polls.recounts.take(1):
            try:
                await recount(house, ref)
            except OlympicError as error:
                level = logging.DEBUG if isinstance(error, PlatformBusy) else logging.WARNING
                log.log(level, "message %s in %s is read again later: %r", ref.id, ref.community, error)
                house.polls.recounts.add(ref, AGAIN)
            except Exception:
                log.exception("message %s in %s could not be recounted", ref.id, ref.community)


async def _settling(house: House) -> None:
    while True:
        entries = await house.polls.changed.take(AT_ONCE)
        try:
            await settle(house, entries)
        except OlympicError as error:
            log.warning("tallies are looked at later: %r", error)
            for entry in entries:
                house.polls.changed.add(entry, AGAIN)
        except Exception:
            log.exception("the tallies of %s could not be looked at", ", ".join(entries))


async def settle(house: House, entries: Sequence[str]) -> None:
    """What a new tally brings about: entries go before the moderators or leave their queue, and cards follow."""
    repos = house.tools.repos
    tallies = await repos.votes.tally(entries)
    for entry in await repos.entries.among(entries):
        home = await repos.communities.get(entry.member.community)
        await _cross(house, entry, home.setup.voting, tallies[entry.id].votes)
        house.engine.showcase.changed(entry.id)


async def _cross(house: House, entry: Entry, rules: Voting, votes: int) -> None:
    """The thresholds; an entry somebody has decided on stays where it is."""
    if entry.deleted is None and entry.state is EntryState.OPEN and 0 < rules.nominate <= votes:
        await nominate(house, entry.id)
    if entry.state is EntryState.NOMINATED and votes < min(rules.drop, rules.nominate):
        await unnominate(house, entry.id)


async def _remembering(house: House) -> None:
    while True:
        accounts = await house.polls.newcomers.take()
        try:
            await house.tools.repos.people.met(accounts, house.tools.clock.now())
        except OlympicError as error:
            log.warning("new voters could not be remembered: %r", error)
        except Exception:
            log.exception("new voters could not be remembered")
