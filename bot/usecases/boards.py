"""Who is ahead: the board of the round, and of all time."""

from __future__ import annotations

from typing import Final

from bot import announcing, cards
from bot.locales import Words, words
from bot.model.card import Button, Card, CardKind
from bot.model.command import Asked, Top
from bot.model.contest import Rank, Round
from bot.model.entry import Entry
from bot.model.setup import Home
from bot.pipeline.accounts import maker_name
from bot.ports import Reply
from bot.usecases.house import House

PAGE: Final = 10
ALL: Final = "all"


async def top(house: House, asked: Asked, wish: Top, reply: Reply) -> None:
    """A page of a board; where tallies are hidden, works are shown without order until the voting is over."""
    home = await house.tools.repos.communities.get(asked.member.community)
    say = words(asked.member.language)
    contest_round = None if wish.board == ALL else await _round(house, home)
    if contest_round is None:
        await reply.tell(await _of_all(house, home, wish.page, say))
    else:
        await reply.tell(await _of_round(house, home, contest_round, wish.page, say))


async def _round(house: House, home: Home) -> Round | None:
    """What is voted on now, else what takes works, else the last one that ended."""
    rounds, now = house.tools.repos.rounds, house.tools.clock.now()
    for one in await rounds.voting(home.contest, now):
        return one
    over = await rounds.over(home.contest, most=1)
    return await rounds.current(home.contest, now) or (over[0] if over else None)


async def _of_round(house: House, home: Home, contest_round: Round, page: int, say: Words) -> Card:
    hidden = home.setup.voting.hidden and contest_round.closed is None
    if hidden:
        entries = await house.tools.repos.rounds.entries(contest_round.id)
        ranks = [Rank(entry.id, 0, 0) for entry in entries]
    else:
        ranks = list(await house.engine.calendar.standings(contest_round))
    title = say("top.round_title", number=contest_round.number, theme=contest_round.theme)
    shown, page, pages = _page(ranks, page)
    lines = [line for rank in shown if (line := await _line(house, rank, say, hidden=hidden))]
    if hidden:
        lines.append(say("top.hidden"))
    small = "" if contest_round.closed else say("top.until", when=say.moment(contest_round.ends))
    other = Button(f"top:{ALL}", say("top.all"), "🏆")
    return _card(title, lines, small, (*_turning("round", page, pages, say), other), say)


async def _of_all(house: House, home: Home, page: int, say: Words) -> Card:
    """Works of the whole contest by votes; those that are still voted on are left out where tallies hide."""
    repos, now = house.tools.repos, house.tools.clock.now()
    apart: frozenset[str] = frozenset()
    if home.setup.voting.hidden:
        running = [one.id for one in await repos.rounds.due(now) if one.contest == home.contest]
        apart = frozenset((*running, ""))
    skip = (page - 1) * PAGE
    found = await repos.votes.best(home.contest, apart=apart, skip=skip, most=PAGE + 1)
    ranks = [Rank(entry, skip + place, tally.votes, tally.jury) for place, (entry, tally) in enumerate(found, 1)]
    lines = [line for rank in ranks[:PAGE] if (line := await _line(house, rank, say, hidden=False))]
    turning = _turning(ALL, page, page + (len(found) > PAGE), say)
    other = Button("top:round", say("top.round"), "🏁")
    return _card(say("top.all_title"), lines, "", (*turning, other), say)


def _card(title: str, lines: list[str], small: str, buttons: tuple[Button, ...], say: Words) -> Card:
    return Card(CardKind.LIST, title, tuple(lines or [say("top.none")]), small=small, buttons=buttons)


async def _line(house: House, rank: Rank, say: Words, *, hidden: bool) -> str:
    """One work; nothing for one that stands no more."""
    entry = await house.tools.repos.entries.get(rank.entry)
    if entry is None or entry.deleted:
        return ""
    named = f"**{await maker_name(house.tools, entry)}** — {_sentence(entry)}"
    if hidden:
        return f"• {named}"
    place = announcing.medal(rank.rank) if rank.votes else f"{rank.rank}."
    return f"{place} {named} · {say('top.votes', n=rank.votes)}"


def _sentence(entry: Entry) -> str:
    return cards.clipped(entry.request.prompt, 80)


def _page(ranks: list[Rank], page: int) -> tuple[list[Rank], int, int]:
    pages = max(1, -(-len(ranks) // PAGE))
    page = min(page, pages)
    return ranks[(page - 1) * PAGE : page * PAGE], page, pages


def _turning(board: str, page: int, pages: int, say: Words) -> tuple[Button, ...]:
    back = (Button(f"top:{board}:{page - 1}", say("button.back"), "◀️"),) if page > 1 else ()
    on = (Button(f"top:{board}:{page + 1}", say("button.on"), "▶️"),) if page < pages else ()
    return (*back, *on)
