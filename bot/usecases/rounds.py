"""Rounds: what runs, who takes part, and how admins open, plan and close them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import announcing, cards
from bot.errors import NotAllowed, NotFound, Refusal
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.command import Asked, CloseRound, OpenRound, Submit, Withdraw
from bot.model.contest import EntryState, Round
from bot.model.entry import Entry
from bot.model.people import Role
from bot.model.setup import Act, AuditLine, Home
from bot.pipeline import joining
from bot.pipeline.accounts import accounts_in
from bot.pipeline.showcase import channel_of
from bot.ports import Reply
from bot.usecases import counting
from bot.usecases.house import House
from bot.usecases.known import account_key, person
from bot.usecases.schedule import AHEAD, drafted, moment, plain

OFFERED: Final = 3
"""Works for which a card has a button."""


async def recounted(house: House, entries: Sequence[str], when: datetime) -> int:
    """Read the votes of these entries once more, for votes given until `when`; how many messages could not be read."""
    return (await counting.recount_entries(house, entries, when)).failed


# ---------------------------------------------------------------------------------------------------- members


async def show(house: House, asked: Asked, reply: Reply) -> None:
    """What runs, what one does, how much time is left, and the asker's own works in it."""
    home, say, now = await _home(house, asked), words(asked.member.language), house.tools.clock.now()
    rounds = house.tools.repos.rounds
    current = await rounds.current(home.contest, now)
    voting = await rounds.voting(home.contest, now)
    coming = await rounds.coming(home.contest, now)
    lines: list[str] = []
    buttons: list[Button] = []
    if current:
        lines += [f"**{announcing.title(current, say)}**", say("round.do")]
        own = await joining.own_sports(house.tools, current)
        lines += announcing.rules(current, say, now, home.setup.voting.entries, own)
        more, buttons = await _own_part(house, asked, current, say)
        lines += more
    for one in voting:
        own = await joining.own_sports(house.tools, one)
        lines += [f"**{announcing.title(one, say)}**", *announcing.rules(one, say, now, 0, own)]
        lines.append(say("round.vote", emoji=home.setup.voting.emoji))
    for one in coming[:3]:
        left = say.length(one.opens - now)
        lines.append(say("round.coming", theme=one.theme, number=one.number, when=say.moment(one.opens), left=left))
    top = Button("top:round", say("button.top"), "🏆")
    make = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
    card = Card(CardKind.LIST, say("round.now"), tuple(lines or [say("round.none")]), buttons=(make, top, *buttons))
    await reply.tell(card)


async def _own_part(house: House, asked: Asked, contest_round: Round, say: Words) -> tuple[list[str], list[Button]]:
    """The asker's works in the round, with a way out, and older ones that could enter."""
    mine = await _works_of(house, asked, contest_round)
    lines = [say("round.mine", n=len(mine))] if mine else [say("round.mine_none")]
    lines += [f"• {cards.clipped(entry.request.prompt, 80)}" for entry in mine]
    buttons = [
        Button(f"withdraw:{entry.id}", say("button.withdraw", sentence=cards.clipped(entry.request.prompt, 24)), "↩️")
        for entry in mine[:OFFERED]
    ]
    most = await joining.allowed(house.tools, asked.member.community)
    if not most or len(mine) < most:
        older = await house.tools.repos.entries.of_member(asked.member.community, asked.member.id, most=10)
        free = [entry for entry in older if _could(entry, contest_round)][:OFFERED]
        buttons += [
            Button(f"submit:{one.id}", say("button.submit", sentence=cards.clipped(one.request.prompt, 24)), "🏁")
            for one in free
        ]
    return lines, buttons


def _could(entry: Entry, contest_round: Round) -> bool:
    fits = not contest_round.sport or entry.request.sport == contest_round.sport
    return fits and entry.round is None and entry.message is not None and entry.state is not EntryState.REMOVED


async def _works_of(house: House, asked: Asked, contest_round: Round) -> list[Entry]:
    member = asked.member
    known = await accounts_in(house.tools, contest_round.contest, member.community, member.id)
    return [one for account in known for one in await house.tools.repos.rounds.of_member(contest_round.id, *account)]


async def submit(house: House, asked: Asked, wish: Submit, reply: Reply) -> None:
    """Enter an older work; one that is in the round already is told so kindly."""
    entry, home = await _own(house, asked, wish.entry), await _home(house, asked)
    contest_round = await house.tools.repos.rounds.current(home.contest, house.tools.clock.now())
    if contest_round is None:
        raise Refusal(key="refusal.round_closed")
    if entry.round and entry.round != contest_round.id:
        raise Refusal(key="refusal.round_taken")
    if not entry.round and (why := await joining.enter(house.tools, entry, contest_round)):
        own = await joining.own_sports(house.tools, contest_round)
        raise _refused(why, contest_round, home, asked.member.language, own)
    house.engine.showcase.changed(entry.id)
    await reply.tell(cards.notice(asked.member.language, "round.entered", tone=Tone.GOOD, theme=contest_round.theme))


def _refused(why: str, contest_round: Round, home: Home, language: str, own: Sequence[str]) -> Refusal:
    facts: dict[str, str | int] = {"theme": contest_round.theme}
    if why == "sport":
        facts = {"sport": cards.sport_name(contest_round.sport, language, own)}
    elif why == "full":
        facts = {"n": home.setup.voting.entries}
    return Refusal(key=f"refusal.round_{why}", **facts)


async def withdraw(house: House, asked: Asked, wish: Withdraw, reply: Reply) -> None:
    """Take a work out of the round while it takes works; it stays where it hangs."""
    entry = await _own(house, asked, wish.entry)
    if not entry.round:
        raise Refusal(key="refusal.round_not_in")
    if not await house.tools.repos.rounds.leave(entry.round, entry.id, house.tools.clock.now()):
        raise Refusal(key="refusal.round_late")
    house.engine.showcase.changed(entry.id)
    await reply.tell(cards.notice(asked.member.language, "round.withdrawn", tone=Tone.GOOD))


async def _own(house: House, asked: Asked, entry_id: str) -> Entry:
    """A work of the asker's person, in their contest. Raises `NotFound`, `NotAllowed`."""
    home = await _home(house, asked)
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is None or entry.deleted or entry.contest != home.contest:
        raise NotFound(key="refusal.entry_gone")
    mine = await person(house, asked.member.community, asked.member.id)
    if mine != await person(house, entry.member.community, entry.member.id):
        raise NotAllowed(key="refusal.not_yours")
    return entry


# ----------------------------------------------------------------------------------------------------- admins


async def open_(house: House, asked: Asked, wish: OpenRound, reply: Reply) -> None:
    """A new round, now or later. Said without anything, `schedule` shows what is planned."""
    _admin(asked)
    home, now = await _home(house, asked), house.tools.clock.now()
    if wish == OpenRound(later=True):
        await show(house, asked, reply)
        return
    opens = await _opening(house, home, wish, now)
    contest_round = drafted(home, await house.offers.of(home), wish, opens, asked.place.language)
    made = await house.tools.repos.rounds.add(
        contest_round, _line(house, asked, "", plain(contest_round), contest_round.id)
    )
    if made is None:
        raise Refusal(key="refusal.round_overlap")
    house.engine.calendar.wake()
    own = await joining.own_sports(house.tools, made)
    await reply.tell(_made(made, home, words(asked.member.language), own, later=opens > now))


async def close(house: House, asked: Asked, wish: CloseRound, reply: Reply) -> None:
    """End the time for works, or the voting, or call off what was planned; asked once before."""
    _admin(asked)
    home, now = await _home(house, asked), house.tools.clock.now()
    contest_round = await _meant(house, home, wish.round, now)
    if contest_round is None:
        raise Refusal(key="refusal.no_round")
    if not wish.sure:
        await reply.tell(_question(contest_round, words(asked.member.language), now))
        return
    rounds = house.tools.repos.rounds
    if now < contest_round.opens:
        done = await rounds.call_off(
            contest_round.id, now, _line(house, asked, plain(contest_round), "called off", contest_round.id)
        )
        key = "round.called_off"
    else:
        closes = min(contest_round.closes, now)
        ends = now + (contest_round.ends - contest_round.closes) if now < contest_round.closes else now
        after = replace(contest_round, closes=closes, ends=ends)
        done = await rounds.move(
            contest_round, closes, ends, _line(house, asked, plain(contest_round), plain(after), contest_round.id)
        )
        key = "round.works_closed" if ends > now else "round.votes_closed"
    if done is None:
        raise Refusal(key="refusal.round_changed")
    house.engine.calendar.wake()
    say = words(asked.member.language)
    await reply.tell(
        cards.notice(say.language, key, tone=Tone.GOOD, theme=contest_round.theme, when=say.moment(done.ends))
    )


async def _meant(house: House, home: Home, said: str, now: datetime) -> Round | None:
    """The round with this id or number; without one, what runs, else what is voted on, else what comes."""
    rounds = house.tools.repos.rounds
    current = await rounds.current(home.contest, now)
    alive = [*([current] if current else []), *await rounds.voting(home.contest, now)]
    alive += await rounds.coming(home.contest, now)
    if not said:
        return alive[0] if alive else None
    return next((one for one in alive if said in (one.id, str(one.number))), None)


async def _opening(house: House, home: Home, wish: OpenRound, now: datetime) -> datetime:
    """When it opens: now; as said; or, planned without a moment, when the last one takes no more works."""
    if not wish.later:
        return now
    if not wish.opens:
        rounds = house.tools.repos.rounds
        current = await rounds.current(home.contest, now)
        ahead = [*([current] if current else []), *await rounds.coming(home.contest, now)]
        return max((one.closes for one in ahead), default=now + timedelta(days=1))
    opens = moment(wish.opens, now)
    if opens is None:
        raise Refusal(
            key="refusal.round_opens", said=wish.opens[:40], example=f"{now + timedelta(days=2):%Y-%m-%d} 18:00"
        )
    if not now < opens <= now + AHEAD:
        raise Refusal(key="refusal.round_past")
    return opens


def _made(contest_round: Round, home: Home, say: Words, own: Sequence[str], *, later: bool) -> Card:
    lines = [
        say("round.planned", when=say.moment(contest_round.opens)) if later else say("round.runs"),
        say("round.times", closes=say.moment(contest_round.closes), ends=say.moment(contest_round.ends)),
    ]
    if contest_round.sport:
        lines.append(say("round.sport", sport=cards.sport_name(contest_round.sport, say.language, own)))
    if contest_round.repeat:
        lines.append(say(f"round.repeats_{contest_round.repeat}"))
    if contest_round.themes:
        lines.append(say("round.themes", themes=cards.clipped(" · ".join(contest_round.themes), 500)))
    if not channel_of(home):
        lines.append(say("round.untold"))
    sure = Button(f"round-ask:{contest_round.id}", say("button.round_close"), "🏁")
    return Card(CardKind.NOTICE, announcing.title(contest_round, say), tuple(lines), tone=Tone.GOOD, buttons=(sure,))


def _question(contest_round: Round, say: Words, now: datetime) -> Card:
    running = "round.ask_works" if now < contest_round.closes else "round.ask_votes"
    key = "round.ask_call_off" if now < contest_round.opens else running
    sure = Button(f"round-close:{contest_round.id}", say("button.round_sure"), "🏁", ButtonStyle.DANGER)
    lines = (say(key), *((say("round.ask_repeat"),) if contest_round.repeat else ()))
    return Card(CardKind.CHOICE, announcing.title(contest_round, say), lines, buttons=(sure,))


def _line(house: House, asked: Asked, before: str, after: str, subject: str) -> AuditLine:
    actor = account_key(house, asked.member.community, asked.member.id)
    return AuditLine(house.tools.clock.now(), asked.member.community, actor, Act.ROUND, subject, before, after)


def _admin(asked: Asked) -> None:
    if asked.member.role < Role.ADMIN:
        raise NotAllowed(key="refusal.admins_only")


async def _home(house: House, asked: Asked) -> Home:
    return await house.tools.repos.communities.get(asked.member.community)
