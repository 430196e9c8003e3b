"""Bringing the entry to the community: once, by the bot's own rights, however often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.cards import entry_card
from bot.errors import NotFound, PlatformBusy, TooLarge
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import MessageRef
from bot.pipeline.shot import CancelledByMember
from bot.pipeline.tools import Tools
from bot.ports import Platform


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
    delivered = await tools.repos.jobs.delivered(job, ref)
    entry = await _work(tools, job)
    if entry.deleted:  # who pressed Delete meanwhile could not know the message yet
        await remove(tools, entry)
    return delivered


async def remove(tools: Tools, entry: Entry) -> None:
    """The message first, so that nobody plays what is gone; a file that another work also shows stays."""
    await unpost(tools, entry)
    for blob in (entry.clip.blob, entry.clip.poster):
        if not await tools.repos.entries.uses(blob):
            await tools.repos.media.delete(blob)


async def unpost(tools: Tools, entry: Entry) -> None:
    """Remove its message; silent when it hangs nowhere any more."""
    platform = tools.platforms.get(entry.member.community.platform)
    if platform and entry.message:
        await platform.delete(entry.message)


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


def _platform(tools: Tools, job: Job) -> Platform:
    platform = tools.platforms.get(job.place.community.platform)
    if platform is None:
        raise PlatformBusy("the platform of this request is not connected")
    return platform


async def _post(tools: Tools, job: Job, entry: Entry, label: str, key: str, *, again: bool) -> MessageRef:
    platform = _platform(tools, job)
    limit = job.place.upload_limit or platform.traits.upload_limit
    for wait in (*tools.backoff[:3], None):
        video = await _fitting(tools, job, entry, limit)
        poster = await tools.repos.media.local(entry.clip.poster)
        card = entry_card(entry, video, poster, label, job.notes, job.place.language)
        try:
            return await platform.publish(job.place, card, key=key, again=again, instead_of=job.card)
        except TooLarge as error:
            if wait is None:
                raise
            limit = min(int(error.facts.get("limit", 0) or limit) - 1, int(limit * 0.8))
        except PlatformBusy:
            again = True
            if wait is None:
                raise
            await tools.clock.sleep(wait * tools.patience)
    raise AssertionError


async def _fitting(tools: Tools, job: Job, entry: Entry, limit: int) -> Path:
    """The clip itself, or a smaller encode where the platform refuses its size."""
    media = tools.repos.media
    original = await media.local(entry.clip.blob)
    if entry.clip.inspection.bytes <= limit:
        return original
    smaller = media.scratch(job.id) / f"fit-{limit}.mp4"
    if not smaller.exists():
        await tools.video.fit(original, smaller, limit=limit, seconds=job.plan.seconds)
    return smaller
