"""From drawn shots to a finished clip: cut, sound, inspection, poster, kept for good."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.errors import DiskFull, OlympicError, ResultInvalid
from bot.model.clip import Clip, Inspection
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.plan import Plan
from bot.model.provenance import Claim, Origin
from bot.pipeline.accounts import account_key
from bot.pipeline.tools import Tools
from bot.sports import relative

log = logging.getLogger(__name__)

MENDABLE: Final = frozenset(
    {"inspect.duration", "inspect.size", "inspect.fps", "inspect.codec", "inspect.pixels", "inspect.no_sound"}
)
"""Faults that putting the clip into the house format takes away."""
_COMPOSED: Final = {Origin.TRAINED: Origin.TRAINED_COMPOSITE, Origin.ALGORITHMIC: Origin.COMPOSITE}
"""What becomes of an origin when a member's own picture is in the film."""


async def finish(tools: Tools, job: Job, blobs: list[str]) -> Job:
    """Make the clip, look at it, keep it. Raises `ResultInvalid` with what is wrong when it cannot be shown."""
    media, scratch = tools.repos.media, tools.repos.media.scratch(job.id)
    shots = [await media.local(blob) for blob in blobs]
    path, seen = await _made(tools, job, shots, scratch)
    if not seen.passed:
        raise ResultInvalid(", ".join(seen.faults), fault=seen.faults[0])
    poster = scratch / "poster.jpg"
    await tools.video.poster(path, poster, at=seen.moment)
    path, seen = await _sealed(tools, job, path, seen)
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


async def _sealed(tools: Tools, job: Job, path: Path, seen: Inspection) -> tuple[Path, Inspection]:
    """The film with what it says of itself: the last step, for whatever is changed afterwards breaks the seal."""
    if tools.provenance is None:
        return path, seen
    out = tools.repos.media.scratch(job.id) / "sealed.mp4"
    try:
        if not out.exists():  # an earlier run came so far: a second seal would make a second file of the same film
            await tools.provenance.seal(path, out, await _claim(tools, job))
    except DiskFull:
        raise
    except OlympicError as error:
        log.warning("the film of %s goes out without a label: %r", job.id, error)
        return path, seen
    return out, replace(seen, bytes=out.stat().st_size)


async def _claim(tools: Tools, job: Job) -> Claim:
    request = job.request
    able = (await tools.able()).get(job.plan.backend)
    drawn = able.origin if able else Origin.TRAINED
    return Claim(
        title=f"{request.sport} {job.id[:8]}",
        origin=_COMPOSED[drawn] if request.image else drawn,
        sentence=hashlib.sha256(request.prompt.encode()).hexdigest(),
        model=job.plan.backend,
        seed=request.seed,
        created=tools.clock.now(),
    )


async def _inspect(tools: Tools, path: Path, plan: Plan) -> Inspection:
    cuts = len(plan.shots) - 1 if len(plan.shots) > 1 else None
    return await tools.video.inspect(path, seconds=plan.seconds, size=plan.size, cuts=cuts)


async def _entry(tools: Tools, job: Job, clip: Clip) -> Entry:
    """One job makes one work; they share an id, so making it twice is making it once. Whether others may remix it is
    what its maker chose for their works."""
    home = await tools.repos.communities.get(job.community)
    key, now = account_key(tools, job.community, job.member.id), tools.clock.now()
    account = await tools.repos.people.get(key)
    profile = await tools.repos.people.profile(account.person if account else key)
    return Entry(
        id=job.id,
        job=job.id,
        member=job.member,
        request=job.request,
        clip=clip,
        backend=job.plan.backend,
        created=now,
        contest=home.contest,
        remixable=profile.remixable,
    )
