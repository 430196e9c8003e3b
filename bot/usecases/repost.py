"""A work whose message was deleted in the chat, or could not be posted, hangs if its maker wants that."""

from __future__ import annotations

from bot import cards
from bot.errors import NotAllowed, NotFound
from bot.model.card import Tone
from bot.model.command import Asked, Repost
from bot.model.contest import EntryState, Shown
from bot.model.entry import Entry
from bot.ports import Reply
from bot.usecases.create import own
from bot.usecases.entries import visible
from bot.usecases.house import House


async def repost(house: House, asked: Asked, wish: Repost, reply: Reply) -> None:
    """Post it once more where it was asked for. Votes given under the deleted message stay lost."""
    entry = await visible(house, asked, wish.entry)
    if not await own(house, asked, entry):
        raise NotAllowed(key="refusal.not_yours")
    if entry.state is EntryState.REMOVED:
        raise NotFound(key="refusal.entry_gone")
    language = asked.member.language
    if await hangs(house, entry):
        await reply.tell(cards.notice(language, "repost.hangs"))
        return
    if entry.message is None:  # it could not be posted, or is just being posted
        again = await house.engine.deliver_again(entry.job, asked.place)
        await reply.tell(cards.notice(language, "retry.posting" if again else "job.delivering"))
        return
    home = await house.tools.repos.communities.get(asked.member.community)
    key = f"repost:{entry.id}:{entry.message.id}"  # a second press finds the first one's message
    ref = await house.engine.showcase.hang(entry, home, asked.place, Shown.ENTRY, key)
    await house.tools.repos.entries.moved(entry.id, ref)
    house.engine.showcase.hung(entry.id)
    await reply.tell(cards.notice(language, "repost.done", tone=Tone.GOOD))


async def hangs(house: House, entry: Entry) -> bool:
    """Whether its own message is still there; one that a crash left unnoted is noted."""
    shown = await house.tools.repos.showings.of(entry.id, {Shown.ENTRY})
    if shown and entry.message != shown[-1].ref:
        await house.tools.repos.entries.moved(entry.id, shown[-1].ref)
    return bool(shown)
