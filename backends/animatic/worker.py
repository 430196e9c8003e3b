"""Makes one film: prepares, looks, sounds, draws and encodes at the same time, and tells how far it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2

from backends.animatic.film import Film, prepare, render_frame, smaller
from backends.animatic.motion import perform
from backends.animatic.sound import synthesise, write_wav
from backends.animatic.team import DrawingFailed, Team

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    import numpy as np

    from backends.animatic.scene import Brief, Performance

    Say = Callable[[dict[str, Any]], None]

LOOK_EVERY: Final = 2.0
"""Seconds between preview pictures."""
LOOK_TALL: Final = 270
FIRST_TALL: Final = 180
BEST: Final = 0.45
"""Where in the film the first look is taken."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: `encode` is an encoder's argv that reads raw I420 frames on its stdin and the WAV at `sound`,
    and writes `out`; `preview` a JPEG to keep rewriting."""

    brief: Brief
    encode: list[str]
    out: str
    sound: str
    preview: str | None
    processes: int


def render(order: Order, say: Say, team: Team, started: Callable[[], None]) -> None:
    """Make the film of an order, telling each step through `say`; `started` is called once all processes run.

    :raises DrawingFailed: when anything it started failed.
    """
    if order.preview:
        team.aside(first_look, order)
    performance = perform(order.brief)
    team.aside(make_sound, order, performance if team.forks else None)
    team.poll_asides(say)
    film = prepare(order.brief, performance)
    team.poll_asides(say)
    team.draw(film, order.processes)
    started()
    for note in film.notes:
        say({"stage": "note", "message": note})
    say({"stage": "drawing", "done": 0, "total": film.frames})
    team.await_asides(say)
    encoder = team.encode(order.encode)
    _feed(film, order, team, encoder, say)
    team.finish(encoder)


def make_sound(order: Order, performance: Performance | None) -> dict[str, Any]:
    """Synthesise the film's sound and write it; nothing to say about it."""
    performance = performance or perform(order.brief)
    write_wav(Path(order.sound), synthesise(performance, order.brief.seconds, order.brief.seed))
    return {}


def first_look(order: Order) -> dict[str, Any]:
    """A small picture of the film's best moment within a second; what to say about it."""
    film = prepare(smaller(order.brief, FIRST_TALL))
    _write_look(order.preview, render_frame(film, int(film.frames * BEST)))
    return {"stage": "preview", "done": 0, "total": film.frames}


def _write_look(path: str | None, image: np.ndarray) -> None:
    if path is None:
        return
    width = round(image.shape[1] * LOOK_TALL / image.shape[0])
    small = cv2.resize(image, (width, LOOK_TALL), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])
    fresh = Path(path + ".new")
    fresh.write_bytes(data.tobytes())
    fresh.replace(path)


def _feed(film: Film, order: Order, team: Team, encoder: Popen[bytes], say: Say) -> None:
    """Hand frames to the encoder in order; tell progress four times a second and show a picture now and then."""
    told = looked = time.monotonic()
    assert encoder.stdin is not None
    for index in range(film.frames):
        frame = team.frame(index)
        try:
            encoder.stdin.write(frame.reshape(-1).data)
        except BrokenPipeError as error:
            raise DrawingFailed(f"the encoder stopped: {team.complaint()}") from error
        now = time.monotonic()
        if order.preview and now - looked > LOOK_EVERY:
            _write_look(order.preview, cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420))
            say({"stage": "preview", "done": index + 1, "total": film.frames})
            looked = now
        team.release()
        if now - told > 0.25 or index + 1 == film.frames:
            say({"stage": "drawing", "done": index + 1, "total": film.frames})
            told = now
