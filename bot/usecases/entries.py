"""What a maker or a passer-by does with a finished work: again, remix, retry, delete."""

from __future__ import annotations

from dataclasses import replace

from bot import cards, styles
from bot.errors import NotAllowed, NotFound
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.command import Again, Asked, Compose, Create, Delete, Remix, Retry, Whole
from bot.model.entry import Entry
from bot.model.people import Role
from bot.model.request import STORYBOARD, Request
from bot.model.setup import Home
from bot.pipeline.delivery import remove
from bot.pipeline.hanging import take_down
from bot.ports import Reply
from bot.usecases import allowed
from bot.usecases.create import create, own, usual_style
from bot.usecases.house import House


async def again(house: House, asked: Asked, wish: Again, reply: Reply) -> None:
    """The same request with another seed. Somebody else's becomes a remix of theirs, without their files."""
    await create(house, asked, await _once_more(house, asked, await visible(house, asked, wish.entry)), reply)


async def whole(house: House, asked: Asked, wish: Whole, reply: Reply) -> None:
    """A storyboard's film in full: the same request with the same seed, large. Somebody else's becomes a remix."""
    entry = await visible(house, asked, wish.entry)
    same = await _once_more(house, asked, entry)
    await create(house, asked, replace(same, size="720p", seed=str(entry.request.seed)), reply)


async def _once_more(house: House, asked: Asked, entry: Entry) -> Create:
    mine = await own(house, asked, entry)
    source, parent = (entry.job, entry.request.parent) if mine else ("", entry.id)
    return _same(entry.request, source=source, parent=parent)


async def compose(house: House, asked: Asked, wish: Compose, reply: Reply) -> None:
    """Open the form for a new clip."""
    home = await house.tools.repos.communities.get(asked.member.community)
    offer = await _offer(house, home, asked)
    await reply.ask(cards.create_form(asked.member.language, prompt=wish.prompt, offer=offer))


async def remix(house: House, asked: Asked, wish: Remix, reply: Reply) -> None:
    """Make a film from the entry's words, changed as said; where nothing was said the form with them opens."""
    if not wish.entry:
        raise NotFound(key="refusal.remix_which")
    entry = await visible(house, asked, wish.entry)
    if not entry.remixable and not await own(house, asked, entry):
        raise NotAllowed(key="refusal.not_remixable", name=entry.member.name)
    said = {name: getattr(wish, name) for name in ("prompt", "sport", "style", "camera") if getattr(wish, name)}
    if said:
        same = _same(entry.request, source="", parent=entry.id)
        await create(house, asked, replace(same, **said), reply)
        return
    home = await house.tools.repos.communities.get(asked.member.community)
    offer = await _offer(house, home, asked)
    await reply.ask(cards.create_form(asked.member.language, entry.request, parent=entry.id, offer=offer))


async def _offer(house: House, home: Home, asked: Asked) -> cards.Offer:
    """What the form of a new clip offers this member."""
    offered = (await house.offers.of(home)).offered
    mine = allowed.styles_of(home, asked.member)
    shown = tuple(style for style in styles.styles() if style.slug in mine)
    return cards.Offer(offered, shown, usual_style(home, asked), allowed.may_attach(home, asked.member))


async def retry(house: House, asked: Asked, wish: Retry, reply: Reply) -> None:
    """Ask once more for what failed or was cancelled."""
    job = await house.tools.repos.jobs.get(wish.job)
    if job is None or job.community != asked.member.community:
        raise NotFound(key="refusal.job_gone")
    if job.member.id != asked.member.id:
        raise NotAllowed(key="refusal.not_yours")
    await create(house, asked, _same(job.request, source=job.id, parent=job.request.parent), reply)


async def delete(house: House, asked: Asked, wish: Delete, reply: Reply) -> None:
    """Take a work back: its message and its files go. Asked once before; moderators may do it too."""
    entry = await visible(house, asked, wish.entry)
    if not await own(house, asked, entry) and asked.member.role < Role.MODERATOR:
        raise NotAllowed(key="refusal.not_yours")
    if not wish.sure:
        await reply.tell(_question(entry, asked.member.language))
        return
    await take_down(house.tools, entry)  # first: while the platform does not answer, Delete can be pressed again
    gone = await house.tools.repos.entries.delete(entry.id, house.tools.clock.now())
    if gone is None:
        raise NotFound(key="refusal.entry_gone")
    if gone.message is not None:  # else it is just being posted, and the delivery takes it down
        await remove(house.tools, gone)
    await reply.tell(cards.notice(asked.member.language, "delete.done", tone=Tone.GOOD))


async def visible(house: House, asked: Asked, entry_id: str) -> Entry:
    """An entry of the asker's contest that still stands. Raises `NotFound`."""
    entry = await house.tools.repos.entries.get(entry_id)
    home = await house.tools.repos.communities.get(asked.member.community)
    if entry is None or entry.deleted or entry.contest != home.contest:
        raise NotFound(key="refusal.entry_gone")
    return entry


def _same(request: Request, *, source: str, parent: str | None) -> Create:
    return Create(
        prompt=request.prompt,
        sport=request.sport,
        style=request.style,
        camera=request.camera.value,
        size=STORYBOARD if request.storyboard else str(request.size),
        backend=request.backend or "",
        parent=parent or "",
        source=source,
    )


def _question(entry: Entry, language: str) -> Card:
    say = words(language)
    sure = Button(f"delete-sure:{entry.id}", say("button.delete_sure"), "🗑️", ButtonStyle.DANGER)
    return Card(
        CardKind.CHOICE, say("delete.title"), (say("delete.question"),), quote=entry.request.prompt, buttons=(sure,)
    )
