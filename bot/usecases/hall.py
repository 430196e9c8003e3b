"""What hangs in the exhibit: for the public hall, and for those who ask in chat."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from bot import cards
from bot.errors import BackendError, NotFound, Withdrawn
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked, Exhibit, Share
from bot.model.contest import EntryState, Round
from bot.model.entry import Entry
from bot.model.exhibit import EVERYTHING, Room, Sort
from bot.model.provenance import Credentials
from bot.pipeline.hanging import in_reel
from bot.pipeline.window import secret
from bot.ports import Reply
from bot.usecases.entries import visible
from bot.usecases.house import House
from bot.usecases.known import account_key

PAGE: Final = 5
"""Works on one page in chat."""
ANSWERED: Final = 2.0
"""Seconds in which a backend tells how its clips are labelled."""
READ: Final = 1000
"""Films whose credentials are remembered."""
DEEPEST: Final = 30
"""Generations of remixes that are followed back."""
TITLE: Final = 100
"""Characters of a sentence that a shared line holds."""


@dataclass(frozen=True, slots=True)
class Work:
    """An exhibit with its maker as they wish to be named, and the catalogue key of how it was made."""

    entry: Entry
    maker: str
    label: str
    votes: int | None = 0
    """When it was approved; None while they are hidden."""


@dataclass(frozen=True, slots=True)
class Wall:
    """One page of works: the page's number from 1, how many pages, how many works in all."""

    works: tuple[Work, ...]
    page: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class Screening:
    """A round's reel, and the works it was cut from in the order of their places."""

    round: Round
    works: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Ancestor:
    """Whom a work was remixed from. Without a `work` only the credit is shown: theirs does not hang."""

    maker: str
    work: Work | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a work comes from, the first author first, and what was made from it."""

    ancestors: tuple[Ancestor, ...]
    children: tuple[Work, ...]


async def wall(
    house: House, room: Room = EVERYTHING, *, sort: Sort = Sort.NEWEST, page: int = 1, most: int = 12
) -> Wall:
    """A page of what hangs; one after the last shows the last."""
    entries = house.tools.repos.entries
    count = await entries.count_exhibits(room)
    pages = max(1, -(-count // most))
    page = min(max(page, 1), pages)
    found = await entries.exhibits(room, sort=sort, skip=(page - 1) * most, most=most)
    return Wall(await labelled(house, found), page, pages, count)


async def work(house: House, entry_id: str) -> Work:
    """One exhibit. Raises `Withdrawn` for one that hangs no more, `NotFound` for everything else."""
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is not None and hangs(entry):
        return (await labelled(house, [entry]))[0]
    if entry is not None and await house.tools.repos.entries.withdrawn(entry_id):
        raise Withdrawn(entry_id)
    raise NotFound(entry_id)


async def credentials(house: House, entry: Entry) -> Credentials | None:
    """What the film itself says of where it comes from; read once, for a film never changes."""
    if house.tools.provenance is None:
        return None
    blob = entry.clip.blob
    if blob not in house.credentials:
        while len(house.credentials) >= READ:
            house.credentials.pop(next(iter(house.credentials)), None)
        film = await house.tools.repos.media.local(blob)
        house.credentials[blob] = await house.tools.provenance.read(film)
    return house.credentials[blob]


async def lineage(house: House, entry: Entry) -> Lineage:
    """Everybody whose work is in this one, and the exhibits that came of it."""
    before = await _ancestors(house, entry)
    names = await _makers(house, before)
    shown = {one.entry.id: one for one in await labelled(house, [one for one in before if hangs(one)])}
    ancestors = tuple(Ancestor(name, shown.get(one.id)) for one, name in zip(before, names, strict=True))
    return Lineage(ancestors, await labelled(house, await house.tools.repos.entries.children(entry.id)))


async def reel(house: House, round_id: str) -> Screening:
    """A round's film and the works in it, the first place first; only while every one of them hangs, for the film
    shows them all. Raises `NotFound`."""
    found = await house.tools.repos.rounds.get(round_id)
    if found is None or not found.reel:
        raise NotFound(round_id)
    shown = [entry for _, entry in await in_reel(house.tools, found)]
    if not shown or not all(map(hangs, shown)):
        raise NotFound(round_id)
    return Screening(found, await labelled(house, shown))


def hangs(entry: Entry) -> bool:
    """Whether everybody may see it."""
    return entry.state is EntryState.APPROVED and entry.deleted is None


async def labelled(house: House, entries: Sequence[Entry]) -> tuple[Work, ...]:
    """Entries as the exhibit shows them."""
    names = await _makers(house, entries)
    labels = {name: await _label(house, name) for name in {entry.backend for entry in entries}}
    votes = await _votes(house, entries)
    return tuple(Work(one, name, labels[one.backend], votes[one.id]) for one, name in zip(entries, names, strict=True))


def address(house: House, entry_id: str) -> str:
    """An exhibit's page."""
    return f"{house.tools.hall}/exhibits/{quote(entry_id, safe='')}"


def post_address(say_it: str, link: str) -> str:
    """X's page for a new post that holds the link."""
    return f"https://x.com/intent/post?{urlencode({'text': say_it, 'url': link})}"


def shared_line(language: str, shown: Work) -> str:
    """What a post says before the link."""
    sport = cards.sport_title(shown.entry.request, language)
    sentence = cards.clipped(shown.entry.request.prompt, TITLE)
    return words(language)("share.line", sentence=sentence, sport=sport, maker=shown.maker)


async def exhibit(house: House, asked: Asked, wish: Exhibit, reply: Reply) -> None:
    """A page of the community's newest exhibits, each with its way into the hall."""
    language = asked.member.language
    say = words(language)
    home = await house.tools.repos.communities.get(asked.member.community)
    found = await wall(house, Room(contest=home.contest), page=wish.page, most=PAGE)
    if not found.count:
        invite = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
        await reply.tell(Card(CardKind.LIST, say("exhibit.title", n=0), (say("exhibit.none"),), buttons=(invite,)))
        return
    first = (found.page - 1) * PAGE + 1
    lines = tuple(_line(number, one, language) for number, one in enumerate(found.works, first))
    small = say("mine.page", page=found.page, pages=found.pages) if found.pages > 1 else ""
    shares = tuple(Button(f"share:{one.entry.id}", f"{n}", "🔗") for n, one in enumerate(found.works, first))
    enter = (Button("hall", say("button.hall"), "🏛️", url=f"{house.tools.hall}/"),) if house.tools.hall else ()
    buttons = (*shares, *_turning(found, language), *enter)
    await reply.tell(Card(CardKind.LIST, say("exhibit.title", n=found.count), lines, small=small, buttons=buttons))


async def share(house: House, asked: Asked, wish: Share, reply: Reply) -> None:
    """The link to an exhibit, for the asker alone; what does not hang yet has none."""
    language, entry = asked.member.language, await visible(house, asked, wish.entry)
    say = words(language)
    if not hangs(entry):
        await reply.tell(cards.notice(language, f"share.{entry.state.value}"))
        return
    if not house.tools.hall:
        await reply.tell(cards.notice(language, "share.closed"))
        return
    link = address(house, entry.id)
    (shown,) = await labelled(house, [entry])
    buttons = (
        Button("share-open", say("button.open_exhibit"), "🏛️", ButtonStyle.MAIN, url=link),
        Button("share-post", say("button.post_x"), "📣", url=post_address(shared_line(language, shown), link)),
    )
    small = say("share.local") if _local(link) else ""
    card = Card(CardKind.NOTICE, say("share.title"), (link,), entry.request.prompt, small, buttons=buttons)
    await reply.tell(card)


def _line(number: int, shown: Work, language: str) -> str:
    request, say, maker = shown.entry.request, words(language), shown.maker
    name = cards.sport_title(request, language)
    votes = say("entry.by", maker=maker) if shown.votes is None else say("exhibit.line", maker=maker, n=shown.votes)
    return f"{number}. **{name}** — {cards.clipped(request.prompt, 80)}\n{votes}"


def _turning(found: Wall, language: str) -> tuple[Button, ...]:
    say = words(language)
    back = (Button(f"exhibit:{found.page - 1}", say("button.newer"), "◀️"),) if found.page > 1 else ()
    on = (Button(f"exhibit:{found.page + 1}", say("button.older"), "▶️"),) if found.page < found.pages else ()
    return (*back, *on)


async def _ancestors(house: House, entry: Entry) -> list[Entry]:
    """The works it was remixed from, the first one first; one that was forgotten ends the line."""
    line: list[Entry] = []
    seen = {entry.id}
    while (parent := entry.request.parent) and parent not in seen and len(line) < DEEPEST:
        found = await house.tools.repos.entries.get(parent)
        if found is None:
            break
        seen.add(parent)
        line.append(found)
        entry = found
    return line[::-1]


async def _makers(house: House, entries: Sequence[Entry]) -> list[str]:
    """Each maker's name: the one they chose, else the one their platform told."""
    keys = [account_key(house, one.member.community, one.member.id) for one in entries]
    chosen = await house.tools.repos.people.names(keys) if keys else {}
    return [chosen.get(key) or one.member.name for key, one in zip(keys, entries, strict=True)]


async def _votes(house: House, entries: Sequence[Entry]) -> dict[str, int | None]:
    """How many each work had when it was approved; None while they are hidden."""
    homes = {one: await house.tools.repos.communities.get(one) for one in {work.member.community for work in entries}}
    hidden = [work.id for work in entries if await secret(house.tools, homes[work.member.community], work)]
    return {work.id: None if work.id in hidden else work.review.votes if work.review else 0 for work in entries}


async def _label(house: House, backend: str) -> str:
    """As its backend says; a visitor never waits for one that does not answer."""
    drawn = house.tools.backends.get(backend)
    if drawn is not None and backend not in house.labels:
        with suppress(BackendError, TimeoutError):
            async with asyncio.timeout(ANSWERED):
                house.labels[backend] = (await drawn.capabilities()).label
    return house.labels.get(backend, "label.ai")


def _local(link: str) -> bool:
    """Whether an address leads to the reader's own machine."""
    host = urlsplit(link).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
