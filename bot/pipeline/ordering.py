"""What a backend is told for one shot: the plan's words, and the files they begin with."""

from __future__ import annotations

from pathlib import Path

from bot import planner
from bot.model.backend import Capabilities, Mode, Order, Portrait
from bot.model.job import Job
from bot.model.plan import PlannedShot
from bot.pipeline.tools import Tools
from bot.sports import asked_for, relative


async def order_of(tools: Tools, job: Job, shot: PlannedShot, able: Capabilities, before: str | None = None) -> Order:
    """What the backend is told for one shot. `before`: the drawn shot whose last picture this one begins with."""
    request, sport = job.request, asked_for(job.request)
    shown = () if before else await _portraits(tools, job, planner.most_pictures(shot.mode, able))
    return Order(
        prompt=shot.prompt,
        negative=shot.negative,
        sport=relative(request),
        style=request.style,
        camera=shot.camera,
        seconds=shot.seconds,
        seed=shot.seed,
        size=planner.drawn_size(request, able),
        fps=able.fps,
        mode=shot.mode,
        sound=able.native_audio,
        image=await _still(tools, job, before),
        references=shown if shot.mode is Mode.REFERENCE else (),
        audio=await _sound(tools, job),
        multi_shot=len(job.plan.shots) == 1,
        sentence=request.prompt,
        language=request.language,
        sport_title=sport.name(request.language) if sport else request.sport,
        author=job.member.name,
        staging=sport.staging if sport else "",
        staging_options=dict(sport.staging_options) if sport else {},
        price=shot.price,
        storyboard=request.storyboard,
    )


async def _still(tools: Tools, job: Job, before: str | None) -> Path | None:
    """The picture a shot begins with, or the first reference. That of an earlier shot is taken from where it is stored
    each time, so a crash has nothing to lose."""
    media = tools.repos.media
    if before is None:
        shown = job.request.pictures
        return await media.local(shown[0][1].blob) if shown else None
    out = media.scratch(job.id) / f"last-{before[:16]}.png"
    await tools.video.last_frame(await media.local(before), out)
    return out


async def _portraits(tools: Tools, job: Job, most: int) -> tuple[Portrait, ...]:
    media = tools.repos.media
    return tuple([Portrait(name, await media.local(image.blob)) for name, image in job.request.pictures[:most]])


async def _sound(tools: Tools, job: Job) -> Path | None:
    """The member's own sound, unless it is laid under the finished film."""
    if job.request.audio is None or planner.UNDERLAID in job.plan.approximations:
        return None
    return await tools.repos.media.local(job.request.audio.blob)
