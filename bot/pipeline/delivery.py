"""Bringing the entry to the community: once, by the bot's own rights, however often it is tried."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.cards import entry_card
from bot.errors import NotFound, PlatformBusy, TooLarge
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import MessageRef
from bot.pipeline.tools import Tools


async def deliver(tools: Tools, job: Job, entry: Entry, label: str) -> Job:
    """Post the entry in the job's place and remember where it hangs.

    Raises `PlatformBusy` when the platform stays unreachable: the job stays in delivery and is tried again later.
    """
    key = f"{job.id}:entry"
    noted, ref = await tools.repos.postings.begin(key)
    if ref is None:
        ref = await _post(tools, job, entry, label, key, again=noted)
        await tools.repos.postings.done(key, ref)
    return await tools.repos.jobs.delivered(job, ref)


async def _post(tools: Tools, job: Job, entry: Entry, label: str, key: str, *, again: bool) -> MessageRef:
    platform = tools.platforms.get(job.place.community.platform)
    if platform is None:
        raise PlatformBusy("the platform of this request is not connected")
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


async def withdraw(tools: Tools, job: Job, entry: Entry, label: str) -> None:
    """The maker took the work back before its place was known: find what may hang already, and take it down."""
    noted, ref = await tools.repos.postings.begin(f"{job.id}:entry")
    if noted and ref is None:
        ref = await _post(tools, job, entry, label, f"{job.id}:entry", again=True)
    await remove(tools, replace(entry, message=ref))


async def remove(tools: Tools, entry: Entry) -> None:
    """The message first, so that nobody plays what is gone; a file that another work also shows stays."""
    platform = tools.platforms.get(entry.member.community.platform)
    if platform and entry.message:
        await platform.delete(entry.message)
    for blob in (entry.clip.blob, entry.clip.poster):
        if not await tools.repos.entries.uses(blob):
            await tools.repos.media.delete(blob)


async def entry_of(tools: Tools, job: Job) -> Entry:
    """The job's work, deleted or not. Raises `NotFound` when there is none."""
    entry = await tools.repos.entries.get(job.entry or job.id)
    if entry is None:
        raise NotFound("the job has no entry")
    return entry
