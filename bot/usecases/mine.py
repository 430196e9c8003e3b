"""A member's own page: their works on all their accounts, how these stand, and what they chose about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import cards
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked, Mine
from bot.model.contest import EntryState
from bot.model.entry import Entry
from bot.model.people import Account
from bot.model.setup import Home
from bot.model.streak import weeks_in_a_row
from bot.pipeline.window import open_for_votes
from bot.ports import Reply
from bot.usecases.house import House
from bot.usecases.known import account
from bot.usecases.repost import hangs

PAGE: Final = 5


async def mine(house: House, asked: Asked, wish: Mine, reply: Reply) -> None:
    """A page of the asker's works in this contest, newest first, each with its votes and next steps."""
    repos, say, now = house.tools.repos, words(asked.member.language), house.tools.clock.now()
    me, home = await account(house, asked.member), await repos.communities.get(asked.member.community)
    accounts = await repos.people.of_person(me.person)
    settings = Button("notices", say("button.notices"), "⚙️")
    count = await repos.entries.count_of_people(accounts, home.contest)
    title = await _title(house, me, count, say)
    if not count:
        invite = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
        await reply.tell(Card(CardKind.LIST, title, (say("mine.none"),), buttons=(invite, settings)))
        return
    pages = -(-count // PAGE)
    page = min(wish.page, pages)
    first = (page - 1) * PAGE + 1
    works = await repos.entries.of_people(accounts, home.contest, skip=first - 1, most=PAGE)
    votes = await repos.votes.tally([work.id for work in works])
    hidden = [home.setup.voting.hidden and await open_for_votes(house.tools, work, now) for work in works]
    shown = [None if secret else votes[work.id].votes for secret, work in zip(hidden, works, strict=True)]
    numbered = enumerate(zip(works, shown, strict=True), first)
    lines = tuple(_line(number, work, home, count, say) for number, (work, count) in numbered)
    streak = weeks_in_a_row(await repos.entries.days_of(accounts), now.date())
    small = say("mine.page", page=page, pages=pages) if pages > 1 else ""
    again = [_again(number, work) for number, work in enumerate(works, first) if await _lost(house, work)]
    buttons = (*_next(works, first, say), *again, *_turning(page, pages, asked.member.language), settings)
    row = (say("mine.streak", n=streak),) if streak > 1 else ()
    await reply.tell(Card(CardKind.LIST, title, (*row, *lines), small=small, buttons=buttons))


def _again(number: int, work: Entry) -> Button:
    return Button(f"repost:{work.id}", f"{number}", "📌")


async def _lost(house: House, work: Entry) -> bool:
    """Whether its message was deleted in the chat or could not be posted, so that it may be hung."""
    if work.state is EntryState.REMOVED or await hangs(house, work):
        return False
    job = None if work.message else await house.tools.repos.jobs.get(work.job)
    return job is None or job.over


async def _title(house: House, me: Account, count: int, say: Words) -> str:
    name = (await house.tools.repos.people.profile(me.person)).name or me.name
    return say("mine.of", name=name, works=say("mine.title", n=count))


def _line(number: int, work: Entry, home: Home, votes: int | None, say: Words) -> str:
    """`votes`: None while they are hidden."""
    when = say("mine.made", date=say.day(work.created), style=cards.style_name(work.request.style, say.language))
    name = cards.named(work.request, cards.sport_title(work.request, say.language), say)
    stands = [] if work.state is EntryState.OPEN else [say(f"state.{work.state}")]
    if votes is not None:
        stands.insert(0, f"{home.setup.voting.emoji} {votes}")
    end = " · ".join((when, *stands))
    return f"{number}. **{name}** — {cards.clipped(work.request.prompt, 80)}\n{end}"


def _next(works: Sequence[Entry], first: int, say: Words) -> tuple[Button, ...]:
    remixes = [Button(f"remix:{work.id}", f"{number}", "🎬") for number, work in enumerate(works, first)]
    allowed = [_allowing(number, work, say) for number, work in enumerate(works, first)]
    return (*remixes, *allowed)


def _allowing(number: int, work: Entry, say: Words) -> Button:
    """Says how it is; pressing changes it."""
    now, then = ("on", "off") if work.remixable else ("off", "on")
    return Button(f"remixable:{work.id}:{then}", f"{number} · {say(f'button.remixes_{now}')}")


def _turning(page: int, pages: int, language: str) -> tuple[Button, ...]:
    say = words(language)
    back = (Button(f"mine:{page - 1}", say("button.newer"), "◀️"),) if page > 1 else ()
    on = (Button(f"mine:{page + 1}", say("button.older"), "▶️"),) if page < pages else ()
    return (*back, *on)
