"""Bringing the entry to the community: once, by the bot's own rights, however often it is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from bot.cards import Stands, entry_card
from bot.errors import NotFound, PlatformBusy, TooLarge
from bot.model.card import Card
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import MessageRef, Place
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


def _platform(tools: Tools, place: Place) -> Platform:
    platform = tools.platforms.get(place.community.platform)
    if platform is None:
        raise PlatformBusy(f"{place.community.platform} is not connected")
    return platform


async def _post(tools: Tools, job: Job, entry: Entry, label: str, key: str, *, again: bool) -> MessageRef:
    poster = await tools.repos.media.local(entry.clip.poster)
    home = await tools.repos.communities.get(job.community)
    stands = Stands(home.setup.voting.emoji, None if home.setup.voting.hidden else 0)

    def draw(video: Path) -> Card:
        return entry_card(entry, video, poster, label, job.notes, job.place.language, stands)

    return await publish(tools, entry, job.place, draw, key, again=again, instead_of=job.card)


async def publish(
    tools: Tools,
    entry: Entry,
    place: Place,
    draw: Callable[[Path], Card],
    key: str,
    *,
    again: bool,
    instead_of: MessageRef | None = None,
) -> MessageRef:
    """Post a work's film in a card, made smaller where the platform refuses its size. Journal the key around it.

    Raises `PlatformBusy` when the platform stays unreachable and `TooLarge` when nothing decent fits.
    """
    platform = _platform(tools, place)
    limit = place.upload_limit or platform.traits.upload_limit
    for wait in (*tools.backoff[:3], None):
        card = draw(await _fitting(tools, entry, limit))
        try:
            return await platform.publish(place, card, key=key, again=again, instead_of=instead_of)
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


async def _fitting(tools: Tools, entry: Entry, limit: int) -> Path:
    """The clip itself, or a smaller encode where the platform refuses its size."""
    media = tools.repos.media
    original = await media.local(entry.clip.blob)
    if entry.clip.inspection.bytes <= limit:
        return original
    smaller = media.scratch(entry.job) / f"fit-{limit}.mp4"
    if not smaller.exists():
        await tools.video.fit(original, smaller, limit=limit, seconds=entry.clip.inspection.seconds)
    return smaller
