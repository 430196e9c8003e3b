"""From a nomination to the hall: what moderators see and decide, once, on the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot import cards, reviewing
from bot.errors import LimitReached, NotAllowed, NotFound, Refusal
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.command import Approve, Asked, Decline, Nominate, Queue, Takedown
from bot.model.contest import EntryState, Review
from bot.model.entry import Entry
from bot.model.letter import Kind, Letter
from bot.model.people import Role
from bot.model.setup import Act, AuditLine
from bot.pipeline.delivery import remove
from bot.pipeline.hanging import take_down
from bot.ports import Decision, Reply
from bot.usecases.create import own
from bot.usecases.house import House
from bot.usecases.known import account, account_key

NOMINATIONS_A_DAY: Final = 3
"""Entries one member may bring before the moderators by hand in a day."""
OPEN: Final = frozenset({EntryState.OPEN})
UNDECIDED: Final = frozenset({EntryState.NOMINATED})
STANDING: Final = frozenset({EntryState.OPEN, EntryState.NOMINATED, EntryState.APPROVED, EntryState.DECLINED})


async def nominate(house: House, entry_id: str, *, by: str = "", since: datetime | None = None) -> Entry | None:
    """Bring an entry before the moderators; None when it is there already or was decided on. `by`: the account that
    did it by hand, a few times since then; empty: the votes."""
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is None or entry.deleted:
        return None
    now = house.tools.clock.now()
    letter = _letter(house, entry, Kind.NOMINATED)
    line = AuditLine(now, entry.member.community, by or "votes", Act.NOMINATE, entry.id, entry.state, "nominated")
    decision = Decision(EntryState.NOMINATED, OPEN, line, letter, nominated=now, since=since, most=NOMINATIONS_A_DAY)
    done = await house.tools.repos.entries.decide(entry.id, decision)
    if done:
        house.changed(entry.id)
    return done


async def unnominate(house: House, entry_id: str) -> Entry | None:
    """Take an entry that lost its votes from the moderators' queue; one brought there by hand stays."""
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is None or entry.deleted or entry.state is not EntryState.NOMINATED:
        return None
    lines = await house.tools.repos.audit.of_subject(entry.id, Act.NOMINATE)
    if not lines or lines[0].actor != "votes":
        return None
    now = house.tools.clock.now()
    line = AuditLine(now, entry.member.community, "votes", Act.NOMINATE, entry.id, "nominated", "open")
    done = await house.tools.repos.entries.decide(entry.id, Decision(EntryState.OPEN, UNDECIDED, line))
    if done:
        house.changed(entry.id)
    return done


async def nominate_by_hand(house: House, asked: Asked, wish: Nominate, reply: Reply) -> None:
    """A member points at a work that deserves the hall: somebody else's, a few times a day. The moderators decide."""
    entry = await _pointed_at(house, asked, wish)
    me = await account(house, asked.member)
    if me.paused(entry.contest):
        raise NotAllowed(key="refusal.you_are_paused")
    if asked.member.role < Role.MODERATOR and await own(house, asked, entry):
        raise NotAllowed(key="refusal.nominate_own")
    if entry.state is not EntryState.OPEN:
        raise Refusal(key=f"refusal.nominate_{entry.state.value}")
    since = house.tools.clock.now() - timedelta(days=1) if asked.member.role < Role.MODERATOR else None
    if await nominate(house, entry.id, by=me.key, since=since) is None:
        if since and await house.tools.repos.audit.count(me.key, Act.NOMINATE, since) >= NOMINATIONS_A_DAY:
            raise LimitReached(key="refusal.nominate_limit", n=NOMINATIONS_A_DAY)
        raise Refusal(key="refusal.nominate_nominated")
    await reply.tell(cards.notice(asked.member.language, "nominate.done", tone=Tone.GOOD))


async def approve(house: House, asked: Asked, wish: Approve, reply: Reply) -> None:
    """Hang it in the exhibit."""
    entry = await _to_decide(house, asked, wish.entry)
    await _decide(house, asked, entry, EntryState.APPROVED, Act.APPROVE, Kind.APPROVED)
    await reply.tell(cards.notice(asked.member.language, "review.approved", tone=Tone.GOOD))


async def decline(house: House, asked: Asked, wish: Decline, reply: Reply) -> None:
    """Not this one; the maker hears why, politely. Without a reason the form for it opens."""
    entry = await _to_decide(house, asked, wish.entry)
    if not wish.reason and not wish.words.strip():
        await reply.ask(reviewing.decline_form(entry, asked.member.language))
        return
    reason = wish.words.strip()[: reviewing.LONGEST_REASON] or reviewing.preset(wish.reason)
    await _decide(house, asked, entry, EntryState.DECLINED, Act.DECLINE, Kind.DECLINED, reason)
    await reply.tell(cards.notice(asked.member.language, "review.declined", tone=Tone.GOOD))


async def takedown(house: House, asked: Asked, wish: Takedown, reply: Reply) -> None:
    """Remove a work from everywhere, its files too; asked once before."""
    _moderator(asked)
    entry = await _of_contest(house, asked, wish.entry)
    if not wish.sure:
        await reply.tell(_question(entry, asked.member.language))
        return
    await take_down(house.tools, entry)  # first: while the platform does not answer, the button can be pressed again
    await _decide(house, asked, entry, EntryState.REMOVED, Act.REMOVE, Kind.REMOVED, allowed=STANDING)
    gone = await house.tools.repos.entries.delete(entry.id, house.tools.clock.now())
    if gone:
        await remove(house.tools, gone)
    await reply.tell(cards.notice(asked.member.language, "review.removed", tone=Tone.GOOD))


async def queue(house: House, asked: Asked, wish: Queue, reply: Reply) -> None:
    """What waits for a decision, one work a page, oldest first."""
    _moderator(asked)
    say = words(asked.member.language)
    home = await house.tools.repos.communities.get(asked.member.community)
    entries = house.tools.repos.entries
    count = await entries.count_in_state(home.contest, EntryState.NOMINATED)
    if not count:
        await reply.tell(Card(CardKind.LIST, say("review.title", n=0), (say("review.none"),)))
        return
    page = min(wish.page, count)
    (entry,) = await entries.in_state(home.contest, EntryState.NOMINATED, skip=page - 1, most=1)
    card = await house.curator.private_card(entry, asked.member.language)
    await reply.tell(_paged(card, page, count, asked.member.language))


def _paged(card: Card, page: int, count: int, language: str) -> Card:
    say = words(language)
    back = (Button(f"review:{page - 1}", say("button.newer"), "◀️"),) if page > 1 else ()
    on = (Button(f"review:{page + 1}", say("button.older"), "▶️"),) if page < count else ()
    lines = (say("review.page", page=page, pages=count), *card.lines)
    return Card(
        CardKind.CHOICE,
        card.title,
        lines,
        quote=card.quote,
        small=card.small,
        picture=card.picture,
        buttons=(*card.buttons, *back, *on),
        subject=card.subject,
    )


async def _decide(
    house: House,
    asked: Asked,
    entry: Entry,
    state: EntryState,
    act: Act,
    kind: Kind,
    reason: str = "",
    *,
    allowed: frozenset[EntryState] = UNDECIDED,
) -> Entry:
    """One outcome, however many press at once: whoever is late is told what was decided, and by whom."""
    now, who = house.tools.clock.now(), asked.member
    actor = account_key(house, who.community, who.id)
    votes = (await house.tools.repos.votes.tally([entry.id])).get(entry.id)
    review = Review(actor, who.name, now, reason, votes.votes if votes else 0)
    line = AuditLine(now, who.community, actor, act, entry.id, entry.state, f"{state}: {reason}" if reason else state)
    letter = _letter(house, entry, kind, reason=reason)
    done = await house.tools.repos.entries.decide(entry.id, Decision(state, allowed, line, letter, review=review))
    if done is None:
        raise await _too_late(house, entry.id)
    house.changed(entry.id)
    return done


async def _to_decide(house: House, asked: Asked, entry_id: str) -> Entry:
    """A nominated entry of the asker's contest, for somebody who may decide on it."""
    _moderator(asked)
    entry = await _of_contest(house, asked, entry_id)
    if entry.state is not EntryState.NOMINATED:
        raise await _too_late(house, entry.id)
    return entry


async def _too_late(house: House, entry_id: str) -> Refusal:
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is None or entry.review is None:
        return NotFound(key="refusal.not_nominated")
    return Refusal(key=f"refusal.decided_{entry.state.value}", name=entry.review.name)


async def _pointed_at(house: House, asked: Asked, wish: Nominate) -> Entry:
    if wish.entry:
        return await _of_contest(house, asked, wish.entry)
    showing = await house.tools.repos.showings.at(wish.message) if wish.message else None
    if showing is None:
        raise NotFound(key="refusal.no_work_there")
    return await _of_contest(house, asked, showing.entry)


async def _of_contest(house: House, asked: Asked, entry_id: str) -> Entry:
    """An entry that still stands, of the contest the asker's community takes part in. Raises `NotFound`."""
    home = await house.tools.repos.communities.get(asked.member.community)
    entry = await house.tools.repos.entries.get(entry_id)
    if entry is None or entry.deleted or entry.contest != home.contest:
        raise NotFound(key="refusal.entry_gone")
    return entry


def _moderator(asked: Asked) -> None:
    if asked.member.role < Role.MODERATOR:
        raise NotAllowed(key="refusal.moderators_only")


def _letter(house: House, entry: Entry, kind: Kind, **facts: str) -> Letter:
    account = account_key(house, entry.member.community, entry.member.id)
    sentence = cards.clipped(entry.request.prompt, 200)
    now = house.tools.clock.now()
    return Letter(f"{entry.id}:{kind}", account, kind, now, {"sentence": sentence, **facts}, entry.id)


def _question(entry: Entry, language: str) -> Card:
    say = words(language)
    sure = Button(f"takedown-sure:{entry.id}", say("button.takedown_sure"), "⛔", ButtonStyle.DANGER)
    lines = (say("takedown.question", maker=entry.member.name),)
    return Card(CardKind.CHOICE, say("takedown.title"), lines, quote=entry.request.prompt, buttons=(sure,))


__all__ = ["approve", "decline", "nominate", "nominate_by_hand", "queue", "takedown", "unnominate"]
