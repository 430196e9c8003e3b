"""What moderators ask about votes: count again, and what is worth a look."""

from __future__ import annotations

from typing import Final

from bot import cards
from bot.errors import NotAllowed, NotFound
from bot.locales import Words, words
from bot.model.card import Button, Card, CardKind, Tone
from bot.model.command import Asked, Recount, Report
from bot.model.entry import Entry
from bot.model.people import Role
from bot.model.setup import Act, AuditLine
from bot.ports import Reply
from bot.usecases.counting import LOOK_BACK, Recounted, recent, recount_entries
from bot.usecases.house import House
from bot.usecases.known import account_key
from bot.usecases.suspicion import Odd, Ring, odd, rings

MOST: Final = 200
"""Entries a report looks at, the newest."""
SHOWN: Final = 10
"""Lines a report has."""


async def recount_(house: House, asked: Asked, wish: Recount, reply: Reply) -> None:
    """Read the platform's reactions again: of one entry at once, of all recent ones in the background."""
    _moderator(asked)
    language = asked.member.language
    if wish.entry:
        entry = await _of_contest(house, asked, wish.entry)
        found = await recount_entries(house, [entry.id])
        await _note(house, asked, entry.id, found)
        key = "recount.failed" if found.failed else "recount.done"
        tally = (await house.tools.repos.votes.tally([entry.id]))[entry.id]
        await reply.tell(cards.notice(language, key, n=tally.votes, added=found.added, removed=found.removed))
        return
    home = await house.tools.repos.communities.get(asked.member.community)
    together = {one.community for one in await house.tools.repos.communities.of_contest(home.contest)}
    refs = [ref for ref in await recent(house) if ref.community in {home.community, *together}]
    for ref in refs:
        house.polls.recounts.add(ref)
    await _note(house, asked, home.contest, Recounted(len(refs)))
    await reply.tell(cards.notice(language, "recount.begun", n=len(refs), tone=Tone.GOOD))


async def report(house: House, asked: Asked, wish: Report, reply: Reply) -> None:
    """New accounts, bursts and rings, among the contest's recent entries or under one of them."""
    _moderator(asked)
    if wish.entry:
        entries = {wish.entry: await _of_contest(house, asked, wish.entry)}
    else:
        entries = await _recent_entries(house, asked)
    ballots = await house.tools.repos.votes.among(list(entries))
    seen = [odd(entry, [one for one in ballots if one.entry == entry]) for entry in entries]
    worth = sorted((one for one in seen if one.worth_a_look or wish.entry), key=lambda one: -(one.burst + one.new))
    makers = {entry.id: account_key(house, entry.member.community, entry.member.id) for entry in entries.values()}
    pairs = [] if wish.entry else rings(makers, ballots)
    say = words(asked.member.language)
    lines = [_line(say, entries[one.entry], one) for one in worth[:SHOWN]]
    lines += [await _pair(house, say, pair) for pair in pairs[:SHOWN]]
    recounts = [Button(f"recount:{entry}", say("button.recount"), "🔄") for entry in entries if wish.entry]
    looks = [Button(f"votes-report:{one.entry}", str(number), "🔎") for number, one in enumerate(worth[:5], 1)]
    await reply.tell(
        Card(
            CardKind.LIST,
            say("report.title"),
            tuple(lines) or (say("report.none", n=len(entries)),),
            small=say("report.small"),
            buttons=tuple(recounts or looks),
        )
    )


def _line(say: Words, entry: Entry, found: Odd) -> str:
    parts = [
        say("report.votes", n=found.votes),
        *([say("report.new", n=found.new)] if found.new else []),
        *([say("report.burst", n=found.burst)] if found.burst else []),
    ]
    name = cards.sport_title(entry.request, say.language)
    return f"**{name}** — {cards.clipped(entry.request.prompt, 60)} ({entry.member.name})\n{' · '.join(parts)}"


async def _pair(house: House, say: Words, pair: Ring) -> str:
    one, other = [await _name(house, account) for account in (pair.one, pair.other)]
    given, returned = "{}/{}".format(*pair.given), "{}/{}".format(*pair.returned)
    return say("report.ring", one=one, other=other, given=given, returned=returned)


async def _name(house: House, account: str) -> str:
    known = await house.tools.repos.people.get(account)
    return known.name if known else account


async def _recent_entries(house: House, asked: Asked) -> dict[str, Entry]:
    """The newest of the contest that still hang."""
    repos = house.tools.repos
    home = await repos.communities.get(asked.member.community)
    hanging = await repos.showings.votable(house.tools.clock.now() - LOOK_BACK)
    names = list(dict.fromkeys(showing.entry for showing in reversed(hanging)))
    found = [await repos.entries.get(name) for name in names[: MOST * 5]]
    return {entry.id: entry for entry in [one for one in found if one and one.contest == home.contest][:MOST]}


async def _of_contest(house: House, asked: Asked, entry_id: str) -> Entry:
    """An entry that the asker's community votes on. Raises `NotFound`."""
    entry = await house.tools.repos.entries.get(entry_id)
    home = await house.tools.repos.communities.get(asked.member.community)
    if entry is None or entry.deleted or entry.contest != home.contest:
        raise NotFound(key="refusal.entry_gone")
    return entry


async def _note(house: House, asked: Asked, subject: str, found: Recounted) -> None:
    now, actor = house.tools.clock.now(), account_key(house, asked.member.community, asked.member.id)
    after = f"{found.messages} messages, {found.added} added, {found.removed} removed, {found.failed} not read"
    line = AuditLine(now, asked.member.community, actor, Act.RECOUNT, subject, after=after)
    await house.tools.repos.audit.add(line)


def _moderator(asked: Asked) -> None:
    if asked.member.role < Role.MODERATOR:
        raise NotAllowed(key="refusal.moderators_only")
