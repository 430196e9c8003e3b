"""Bringing the entry to the community: once, by the bot's own rights, however often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.cards import Stands, entry_card
from bot.errors import NotFound
from bot.model.card import Card
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import MessageRef
from bot.pipeline import lineage
from bot.pipeline.hanging import publish, scratch_of, take_down
from bot.pipeline.shot import CancelledByMember
from bot.pipeline.tools import Tools
from bot.pipeline.window import round_of


async def deliver(tools: Tools, job: Job, label: str, stop_if_wished: Callable[[Job], Awaitable[None]]) -> Job:
    """Post the entry in the job's place and remember where it hangs.

    Raises `CancelledByMember` when it is not wanted any more, and `PlatformBusy` when the platform stays unreachable:
    the job stays in delivery then and is tried again later.
    """
    key = f"{job.id}:entry"
    noted, ref = await tools.repos.postings.begin(key)
    entry = await _work(tools, job)
    if ref is None and not noted:  # else it may hang there already, and an earlier run's posting is brought to its end
        await stop_if_wished(job)
    if entry.deleted:
        await _take_down(tools, job, replace(entry, message=ref), label, noted=noted)
        raise CancelledByMember
    if ref is None:
        ref = await _post(tools, job, entry, label, key, again=noted)
        await tools.repos.postings.done(key, ref)
    await lineage.tell(tools, entry, await lineage.before(tools, entry))
    delivered = await tools.repos.jobs.delivered(job, ref)
    entry = await _work(tools, job)
    if entry.deleted:  # who pressed Delete meanwhile could not know the message yet
        await remove(tools, entry)
    return delivered


async def remove(tools: Tools, entry: Entry) -> None:
    """The message first, so that nobody plays what is gone; a file that another work also shows stays."""
    await take_down(tools, entry)
    for blob in (entry.clip.blob, entry.clip.poster):
        if not await tools.repos.entries.uses(blob):
            await tools.repos.media.delete(blob)


async def _take_down(tools: Tools, job: Job, entry: Entry, label: str, *, noted: bool) -> None:
    """The maker took the work back before its place was known: find what may hang already, and take it down."""
    if noted and entry.message is None:
        ref = await _post(tools, job, entry, label, f"{job.id}:entry", again=True)
        entry = replace(entry, message=ref)
    await remove(tools, entry)


async def _work(tools: Tools, job: Job) -> Entry:
    """The job's work, deleted or not. Raises `NotFound` when there is none."""
    entry = await tools.repos.entries.get(job.entry or job.id)
    if entry is None:
        raise NotFound("the job has no entry")
    return entry


async def _post(tools: Tools, job: Job, entry: Entry, label: str, key: str, *, again: bool) -> MessageRef:
    voting = (await tools.repos.communities.get(job.community)).setup.voting
    contest_round = await round_of(tools, entry)
    theme = contest_round.theme if contest_round else ""
    stands = Stands(voting.emoji, None if voting.hidden else 0, round=theme)
    after = [one.name for one in await lineage.before(tools, entry)]

    def draw(film: Path, poster: Path) -> Card:
        return entry_card(entry, film, poster, label, job.notes, job.place.language, stands, after)

    try:
        return await publish(tools, entry, job.place, draw, key=key, again=again, instead_of=job.card)
    finally:
        await tools.repos.media.sweep(scratch_of(entry))
