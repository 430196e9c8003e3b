"""Makes one film: prepares, looks, sounds, draws and encodes at the same time, and tells how far it is.

The run is simulated once. A process of its own then draws the first look and makes the sound, while the leader prepares
the film; the drawing processes inherit it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import cv2

from backends.animatic.colour import decode
from backends.animatic.film import Film, prepare, render_frame, smaller
from backends.animatic.motion import perform
from backends.animatic.team import DrawingFailed, Team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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
    """Make the film of an order, telling each step through `say`, which forked processes call too; `started` is called
    once all processes run.

    :raises DrawingFailed: when anything it started failed.
    """
    performance = perform(order.brief)
    team.aside(look_and_listen, say, order, performance if team.forks else None)
    film = prepare(order.brief, performance)
    team.draw(film, order.processes)
    started()
    for note in film.notes:
        say({"stage": "note", "message": note})
    say({"stage": "drawing", "done": 0, "total": film.frames})
    team.await_aside(say)
    encoder = team.encode(order.encode)
    _feed(film, order, team, encoder, say)
    team.finish(encoder)


def look_and_listen(order: Order, performance: Performance | None) -> Iterator[dict[str, Any]]:
    """A small picture of the film's best moment within a second, then the film's sound; what there is to say."""
    performance = performance or perform(order.brief)
    if order.preview:
        film = prepare(smaller(order.brief, FIRST_TALL), performance)
        _write_look(order.preview, render_frame(film, int(film.frames * BEST)))
        yield {"stage": "preview", "done": 0, "total": film.frames}
    yield from make_sound(order, performance)


def make_sound(order: Order, performance: Performance) -> Iterator[dict[str, Any]]:
    """Write the film's sound, with the member's own under it; what of that was left out."""
    from backends.animatic.sound import Blend, read_wav, synthesise, write_wav  # only here: the leader starts without

    brief, own = order.brief, None
    if brief.sound is not None:
        try:
            own = read_wav(Path(brief.sound))
        except ValueError:
            yield {"stage": "note", "message": "note.sound_unreadable"}
    write_wav(Path(order.sound), synthesise(performance, brief.seconds, brief.seed, own, Blend.UNDER))


def _write_look(path: str, image: np.ndarray) -> None:
    width = round(image.shape[1] * LOOK_TALL / image.shape[0])
    small = cv2.resize(image, (width, LOOK_TALL), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])
    fresh = Path(path + ".new")
    fresh.write_bytes(data.tobytes())
    fresh.replace(path)


def _feed(film: Film, order: Order, team: Team, encoder: Popen[bytes], say: Say) -> None:
    """Hand frames to the encoder in order; tell progress four times a second and show a picture now and then."""
    told = looked = time.monotonic()
    for index in range(film.drawings):
        frame = team.frame(index)
        done = min(film.frames, (index + 1) * film.brief.hold)
        for _ in range(index * film.brief.hold, done):
            _hand_over(frame, encoder, team)
        now = time.monotonic()
        if order.preview and now - looked > LOOK_EVERY:
            _write_look(order.preview, decode(frame, min(LOOK_TALL, film.brief.height)))
            say({"stage": "preview", "done": done, "total": film.frames})
            looked = now
        team.release()
        if now - told > 0.25 or done == film.frames:
            say({"stage": "drawing", "done": done, "total": film.frames})
            told = now


def _hand_over(frame: np.ndarray, encoder: Popen[bytes], team: Team) -> None:
    assert encoder.stdin is not None
    try:
        encoder.stdin.write(frame.reshape(-1).data)
    except BrokenPipeError as error:
        raise DrawingFailed(f"the encoder stopped: {team.complaint()}") from error
