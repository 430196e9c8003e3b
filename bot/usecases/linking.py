"""One person on several platforms, and several communities in one contest: joined by a code that is said on one side
and entered on the other."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot import cards
from bot.errors import LimitReached, NotAllowed, NotFound, Refusal
from bot.locales import Words, words
from bot.model import linking
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, JoinContest, Link, Unlink
from bot.model.letter import Kind, Letter
from bot.model.linking import LIFE, Joining, Offer
from bot.model.people import Account, Role
from bot.model.setup import Act, AuditLine, Home
from bot.ports import Reply
from bot.usecases.house import House
from bot.usecases.known import account

TRIES: Final = 5
"""Wrong codes one account may enter while a code lives."""
MINUTES: Final = int(LIFE.total_seconds() // 60)


async def link(house: House, asked: Asked, wish: Link, reply: Reply) -> None:
    """Make a code, or join this account to the person that made one. Both hear of it."""
    mine, now = await account(house, asked.member), house.tools.clock.now()
    if not wish.code:
        await _offer(house, asked, Offer(mine.key, Joining.PERSON, now + LIFE), reply)
        return
    code = linking.read(wish.code)
    offer = await _good(house, mine, code, Joining.PERSON, now)
    other = await house.tools.repos.people.get(offer.account)
    if other is None:
        raise NotFound(key="refusal.code_unknown")
    if other.person == mine.person:
        raise Refusal(key="refusal.linked_already")
    letter = Letter(
        f"linked:{mine.key}:{offer.account}:{now.timestamp():.0f}", other.key, Kind.LINKED, now, {"name": mine.name}
    )
    votes = {ballot.entry for one in (mine, other) for ballot in await house.tools.repos.votes.by(one.key)}
    if not await house.tools.repos.linking.link(code, mine.key, now, letter):
        raise Refusal(key="refusal.code_used")
    for entry in votes:
        house.polls.shifted(entry)
    await reply.tell(cards.notice(asked.member.language, "link.done", tone=Tone.GOOD, name=other.name))


async def unlink(house: House, asked: Asked, _: Unlink, reply: Reply) -> None:
    """This account is a person of its own again."""
    mine = await account(house, asked.member)
    if not await house.tools.repos.linking.unlink(mine.key):
        raise Refusal(key="refusal.not_linked")
    for ballot in await house.tools.repos.votes.by(mine.key):
        house.polls.shifted(ballot.entry)
    await reply.tell(cards.notice(asked.member.language, "link.undone", tone=Tone.GOOD))


async def join(house: House, asked: Asked, wish: JoinContest, reply: Reply) -> None:
    """Make a code for this community's contest, or have this community take part in the one of a code."""
    if asked.member.role < Role.ADMIN:
        raise NotAllowed(key="refusal.admins_only")
    repos, now = house.tools.repos, house.tools.clock.now()
    mine, home = await account(house, asked.member), await repos.communities.get(asked.member.community)
    if not wish.code:
        await repos.communities.see(home.community, home.name, now)
        await _offer(house, asked, Offer(mine.key, Joining.CONTEST, now + LIFE, home.contest), reply)
        return
    code = linking.read(wish.code)
    offer = await _good(house, mine, code, Joining.CONTEST, now)
    if offer.subject == home.contest:
        raise Refusal(key="refusal.joined_already")
    await _free(house, home, now)
    line = AuditLine(now, home.community, mine.key, Act.JOIN, offer.subject, home.contest, offer.subject)
    facts = {"name": home.name or str(home.community)}
    letter = Letter(
        f"joined:{home.community}:{offer.subject}:{now.timestamp():.0f}", offer.account, Kind.JOINED, now, facts
    )
    if not await repos.linking.join(code, home.community, now, line, letter):
        raise Refusal(key="refusal.code_used")
    names = [one.name or str(one.community) for one in await repos.communities.of_contest(offer.subject)]
    others = ", ".join(name for name in names if name != facts["name"])
    say = words(asked.member.language)
    lines = [say("join.done", names=others), *await _into_rounds(house, offer.subject, say, now)]
    await reply.tell(Card(CardKind.NOTICE, "", tuple(lines), tone=Tone.GOOD))


async def _free(house: House, home: Home, now: datetime) -> None:
    """Nobody would see the end of rounds whose only community leaves for another contest. Raises `Refusal`."""
    repos = house.tools.repos
    if [one for one in await repos.communities.of_contest(home.contest) if one.community != home.community]:
        return
    running = [one for one in await repos.rounds.due(now) if one.contest == home.contest]
    alive = [*running, *await repos.rounds.coming(home.contest, now)]
    if alive:
        raise Refusal(key="refusal.rounds_of_own", themes=", ".join(one.theme for one in alive))


async def _into_rounds(house: House, contest: str, say: Words, now: datetime) -> list[str]:
    """What runs in the contest is shown to the new community, which takes part from now on; in words."""
    rounds = house.tools.repos.rounds
    current, voting = await rounds.current(contest, now), await rounds.voting(contest, now)
    for one in (*((current,) if current else ()), *voting):
        for entry in await rounds.entries(one.id):
            house.engine.showcase.hung(entry.id)
    lines = [say("join.round", theme=current.theme, when=say.moment(current.ends))] if current else []
    return [*lines, *(say("join.round_votes", theme=one.theme, when=say.moment(one.ends)) for one in voting)]


async def _offer(house: House, asked: Asked, offer: Offer, reply: Reply) -> None:
    code, say = linking.new_code(), words(asked.member.language)
    await house.tools.repos.linking.offer(code, offer)
    kind = "link" if offer.kind is Joining.PERSON else "join"
    lines = (f"**{linking.shown(code)}**", say(f"{kind}.how", code=linking.shown(code), n=MINUTES))
    await reply.tell(Card(CardKind.NOTICE, say(f"{kind}.title"), lines, small=say(f"{kind}.small")))


async def _good(house: House, mine: Account, code: str, kind: Joining, now: datetime) -> Offer:
    """The offer under a code that may be used now. Raises a sentence for everything else; tries are counted, so that
    nobody finds a code by trying."""
    try:
        offer = await house.tools.repos.linking.attempt(code, kind, mine.key, now, TRIES)
    except LimitReached as error:
        raise LimitReached(key="refusal.code_tries", n=MINUTES) from error
    if offer is None:
        raise NotFound(key="refusal.code_unknown")
    if offer.used:
        raise Refusal(key="refusal.code_used")
    if offer.expires <= now:
        raise Refusal(key="refusal.code_expired", n=MINUTES)
    if offer.account == mine.key and kind is Joining.PERSON:
        raise Refusal(key="refusal.code_own")
    return offer
