"""From drawn shots to a finished clip: cut, sound, inspection, poster, kept for good."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.errors import ResultInvalid
from bot.model.clip import Clip, Inspection
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.plan import Plan
from bot.pipeline.tools import Tools
from bot.sports import relative

MENDABLE: Final = frozenset(
    {"inspect.duration", "inspect.size", "inspect.fps", "inspect.codec", "inspect.pixels", "inspect.no_sound"}
)
"""Faults that putting the clip into the house format takes away."""


async def finish(tools: Tools, job: Job, blobs: list[str]) -> Job:
    """Make the clip, look at it, keep it. Raises `ResultInvalid` with what is wrong when it cannot be shown."""
    media, scratch = tools.repos.media, tools.repos.media.scratch(job.id)
    shots = [await media.local(blob) for blob in blobs]
    path, seen = await _made(tools, job, shots, scratch)
    if not seen.passed:
        raise ResultInvalid(", ".join(seen.faults), fault=seen.faults[0])
    poster = scratch / "poster.jpg"
    await tools.video.poster(path, poster)
    clip = Clip(await media.put(path, "video/mp4"), await media.put(poster, "image/jpeg"), seen)
    return await tools.repos.jobs.finished(job, clip, await _entry(tools, job, clip))


async def _made(tools: Tools, job: Job, shots: list[Path], scratch: Path) -> tuple[Path, Inspection]:
    """A single call's result is kept as it is when nothing is wrong with it; everything else is put together."""
    plan = job.plan
    if len(shots) == 1 and not plan.sound_added and not _own_sound(job):
        seen = await _inspect(tools, shots[0], plan)
        if seen.passed or not MENDABLE.issuperset(seen.faults):
            return shots[0], seen
    out = scratch / "film.mp4"
    await tools.video.assemble(
        shots,
        out,
        size=plan.size,
        fps=plan.fps,
        seconds=plan.seconds,
        sound=await _sound(tools, job, scratch),
        chained=any(shot.follows is not None for shot in plan.shots),
    )
    return out, await _inspect(tools, out, plan)


def _own_sound(job: Job) -> bool:
    return job.request.audio is not None and "plan.audio_underlaid" in job.plan.approximations


async def _sound(tools: Tools, job: Job, scratch: Path) -> Path | None:
    """The member's own sound, or a bed where the backend is silent, or None to keep the shots' own."""
    if job.request.audio is not None and _own_sound(job):
        return await tools.repos.media.local(job.request.audio.blob)
    if not job.plan.sound_added:
        return None
    bed = scratch / "bed.wav"
    await tools.sound.bed(
        bed, seconds=job.plan.seconds, shots=len(job.plan.shots), sport=relative(job.request), seed=job.request.seed
    )
    return bed


async def _inspect(tools: Tools, path: Path, plan: Plan) -> Inspection:
    cuts = len(plan.shots) - 1 if len(plan.shots) > 1 else None
    return await tools.video.inspect(path, seconds=plan.seconds, size=plan.size, cuts=cuts)


async def _entry(tools: Tools, job: Job, clip: Clip) -> Entry:
    """One job makes one work; they share an id, so making it twice is making it once."""
    home = await tools.repos.communities.get(job.community)
    now = tools.clock.now()
    return Entry(job.id, job.id, job.member, job.request, clip, job.plan.backend, now, contest=home.contest)
