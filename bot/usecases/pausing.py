"""Moderators let a member rest, and let them go on; members choose which letters they get."""

from __future__ import annotations

from dataclasses import replace

from bot import cards
from bot.errors import NotAllowed, NotFound, Refusal
from bot.model.card import Tone
from bot.model.command import Asked, PauseMember, ResumeMember, Silence
from bot.model.letter import MUST, Kind, Letter
from bot.model.people import UNSAID, Account, Role
from bot.model.setup import Act, AuditLine
from bot.ports import Reply
from bot.usecases.house import House
from bot.usecases.known import account, account_key

LONGEST_REASON = 300


async def pause(house: House, asked: Asked, wish: PauseMember, reply: Reply) -> None:
    """Nothing new can be asked for in the contest and no vote counts, with any of their accounts, until they are let go
    on; they are told why. All of it is written at once: a press that is repeated finds it done."""
    _moderator(asked)
    contest = (await house.tools.repos.communities.get(asked.member.community)).contest
    found = await _account(house, asked, wish.member, wish.entry)
    if found.member == asked.member.id:
        raise NotAllowed(key="refusal.pause_self")
    reason = " ".join(wish.reason.split())[:LONGEST_REASON] or UNSAID
    when = house.tools.clock.now()
    facts = {"reason": reason} if reason != UNSAID else {}
    letter = Letter(f"pause:{found.key}:{when.timestamp()}", found.key, Kind.PAUSED, when, facts)
    line = _line(house, asked, Act.PAUSE, found.key, "", reason)
    if not await house.tools.repos.people.pause(found.key, contest, reason, line, letter):
        raise Refusal(key="refusal.paused_already", name=found.name)
    await reply.tell(cards.notice(asked.member.language, "pause.done", tone=Tone.GOOD, name=found.name))


async def resume(house: House, asked: Asked, wish: ResumeMember, reply: Reply) -> None:
    """They may go on, with all their accounts."""
    _moderator(asked)
    contest = (await house.tools.repos.communities.get(asked.member.community)).contest
    found = await _account(house, asked, wish.member, "")
    line = _line(house, asked, Act.RESUME, found.key, found.paused(contest), "")
    if not await house.tools.repos.people.pause(found.key, contest, "", line):
        raise Refusal(key="refusal.not_paused", name=found.name)
    await reply.tell(cards.notice(asked.member.language, "pause.over", tone=Tone.GOOD, name=found.name))


async def silence(house: House, asked: Asked, wish: Silence, reply: Reply) -> None:
    """No more letters of one kind, or again."""
    if wish.kind not in {kind.value for kind in Kind if kind not in MUST}:
        raise NotFound(key="refusal.no_such_letter")
    mine = await account(house, asked.member)
    profile = await house.tools.repos.people.profile(mine.person)
    silent = {*profile.silent, wish.kind} if not wish.on else set(profile.silent) - {wish.kind}
    await house.tools.repos.people.choose(mine.person, replace(profile, silent=tuple(sorted(silent))))
    key = "letter.on" if wish.on else "letter.silenced"
    await reply.tell(cards.notice(asked.member.language, key, tone=Tone.GOOD))


async def _account(house: House, asked: Asked, member: str, entry_id: str) -> Account:
    """The account a moderator means: of their own community, or the maker of a work of their contest."""
    community, repos = asked.member.community, house.tools.repos
    if entry_id:
        entry = await repos.entries.get(entry_id)
        home = await repos.communities.get(community)
        if entry is None or entry.contest != home.contest:
            raise NotFound(key="refusal.entry_gone")
        community, member = entry.member.community, entry.member.id
    found = await repos.people.get(account_key(house, community, member))
    if found is None:
        raise NotFound(key="refusal.nobody")
    return found


def _line(house: House, asked: Asked, act: Act, subject: str, before: str, after: str) -> AuditLine:
    who = asked.member
    actor = account_key(house, who.community, who.id)
    return AuditLine(house.tools.clock.now(), who.community, actor, act, subject, before, after)


def _moderator(asked: Asked) -> None:
    if asked.member.role < Role.MODERATOR:
        raise NotAllowed(key="refusal.moderators_only")
