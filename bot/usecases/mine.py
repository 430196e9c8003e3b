"""My works."""

from __future__ import annotations

from typing import Final

from bot import cards
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked, Mine
from bot.model.contest import EntryState
from bot.model.entry import Entry
from bot.ports import Reply
from bot.usecases.house import House
from bot.usecases.repost import hangs

PAGE: Final = 5


async def mine(house: House, asked: Asked, wish: Mine, reply: Reply) -> None:
    """A page of the asker's works, newest first, each with its next steps."""
    entries, member, say = house.tools.repos.entries, asked.member, words(asked.member.language)
    count = await entries.count_of_member(member.community, member.id)
    if not count:
        invite = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
        await reply.tell(Card(CardKind.LIST, say("mine.title", n=0), (say("mine.none"),), buttons=(invite,)))
        return
    pages = -(-count // PAGE)
    page = min(wish.page, pages)
    works = await entries.of_member(member.community, member.id, skip=(page - 1) * PAGE, most=PAGE)
    lines = tuple(_line(number, work, member.language) for number, work in enumerate(works, (page - 1) * PAGE + 1))
    small = say("mine.page", page=page, pages=pages) if pages > 1 else ""
    numbered = list(enumerate(works, (page - 1) * PAGE + 1))
    again = [Button(f"repost:{work.id}", f"{number}", "📌") for number, work in numbered if await _lost(house, work)]
    buttons = (*_remixes(works, (page - 1) * PAGE + 1), *again, *_turning(page, pages, member.language))
    await reply.tell(Card(CardKind.LIST, say("mine.title", n=count), lines, small=small, buttons=buttons))


async def _lost(house: House, work: Entry) -> bool:
    """Whether its message was deleted in the chat, so that it may be hung again."""
    return work.message is not None and work.state is not EntryState.REMOVED and not await hangs(house, work)


def _line(number: int, work: Entry, language: str) -> str:
    say = words(language)
    when = say("mine.made", date=say.day(work.created), style=cards.style_name(work.request.style, language))
    name = cards.sport_title(work.request, language)
    return f"{number}. **{name}** — {cards.clipped(work.request.prompt, 80)}\n{when}"


def _remixes(works: list[Entry], first: int) -> tuple[Button, ...]:
    return tuple(Button(f"remix:{work.id}", f"{number}", "🎬") for number, work in enumerate(works, first))


def _turning(page: int, pages: int, language: str) -> tuple[Button, ...]:
    say = words(language)
    back = (Button(f"mine:{page - 1}", say("button.newer"), "◀️"),) if page > 1 else ()
    on = (Button(f"mine:{page + 1}", say("button.older"), "▶️"),) if page < pages else ()
    return (*back, *on)
