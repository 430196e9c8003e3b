"""From whose works a work comes: they are named on it, and hear of it once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.model.entry import Entry
from bot.model.letter import Kind, Letter
from bot.model.people import Member
from bot.pipeline.accounts import account_key
from bot.pipeline.tools import Tools

FARTHEST: Final = 50
"""Remixes of remixes that are followed back."""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody whose work is in another one; without a `name` they wanted to be forgotten."""

    account: str
    person: str
    name: str


async def before(tools: Tools, entry: Entry) -> list[Author]:
    """The earlier authors, the nearest first, each person once and the maker's own left out. What was taken back since
    still counts: its words are in the work."""
    maker = await author(tools, entry.member)
    known, found, seen = {maker.person}, list[Author](), {entry.id}
    parent = entry.request.parent
    while parent and parent not in seen and len(seen) <= FARTHEST:
        seen.add(parent)
        work = await tools.repos.entries.get(parent)
        if work is None:
            break
        one = await author(tools, work.member)
        if one.person not in known:
            known.add(one.person)
            found.append(one)
        parent = work.request.parent
    return found


async def author(tools: Tools, member: Member) -> Author:
    """Who made something, as they wish to be named."""
    key = account_key(tools, member.community, member.id)
    account = await tools.repos.people.get(key)
    if account is None:
        return Author(key, key, member.name)
    profile = await tools.repos.people.profile(account.person)
    return Author(key, account.person, profile.name or account.name or member.name)


async def tell(tools: Tools, entry: Entry, authors: Sequence[Author]) -> None:
    """A letter to each earlier author; said again it is no second one."""
    maker, now = await author(tools, entry.member), tools.clock.now()
    facts = {"maker": maker.name, "sentence": entry.request.prompt[:200]}
    for one in authors:
        letter = Letter(f"remix:{entry.id}:{one.account}", one.account, Kind.REMIXED, now, facts, entry.id)
        await tools.repos.letters.put(letter)
