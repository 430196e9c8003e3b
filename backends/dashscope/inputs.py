"""An order's files: whether a model can take them, and how they travel."""

from __future__ import annotations

import asyncio
import io
import wave
from pathlib import Path
from typing import Final

from backends.dashscope.families import Choice, worded
from backends.dashscope.oss import Uploads
from backends.net.media import inlined, picture
from bot.errors import BadInputMedia, InvalidRequest, Unsupported
from bot.model.backend import Mode, Order

LEAST_SOUND: Final = 3.0
"""Seconds of sound every family takes; shorter ones are followed by silence, as the model would do itself."""
LEAST_SIDE: Final = 240
"""Pixels; smaller pictures are refused, as are transparent ones."""
LARGEST_SOUND: Final = 15 * 2**20


async def validate(order: Order, choice: Choice | None) -> None:
    """Raise `Unsupported`, `InvalidRequest` or `BadInputMedia` for what the model would refuse. Sends nothing."""
    if choice is None:
        raise Unsupported(f"no model is configured for {order.mode.value}")
    family = choice.family
    if not family.modes[order.mode].holds(order.seconds):
        raise Unsupported(f"{choice.model} does not draw {order.seconds:g} s")
    if order.size not in family.sizes:
        raise Unsupported(f"{choice.model} does not draw {order.size}")
    if len(worded(family, order)) > family.longest_prompt or not order.prompt.strip():
        raise InvalidRequest(f"{choice.model} takes 1 to {family.longest_prompt} characters")
    if (order.mode is not Mode.TEXT) != (order.image is not None):
        raise InvalidRequest(f"{order.mode.value} and a picture do not go together")
    if order.audio is not None and order.mode not in family.sound:
        raise Unsupported(f"{choice.model} takes no sound")
    if len(order.references) > family.most:
        raise Unsupported(f"{choice.model} takes {family.most} reference pictures")
    for path in _pictures(order):
        if await _size(path) > family.largest_picture:
            raise BadInputMedia(f"the picture is larger than {family.largest_picture // 2**20} MiB")


async def carried(order: Order, choice: Choice, uploads: Uploads) -> dict[str, str]:
    """The addresses under which the model finds the order's files: inside the order itself, or uploaded."""
    files = dict[str, str]()
    for number, path in enumerate(_pictures(order), 1):
        shown = await picture(path, least=LEAST_SIDE)
        name = "image" if number == 1 else f"image.{number}"
        files[name] = inlined(*shown) if choice.family.inline else await uploads.put(*shown, choice.model)
    if order.audio is not None:
        sound = await asyncio.to_thread(fitted, order.audio, order.seconds)
        files["audio"] = await uploads.put(sound, "audio/wav", choice.model)
    return files


def fitted(path: Path, seconds: float) -> bytes:
    """A WAV of the film's length at most and three seconds at least. Raises `BadInputMedia` for anything else."""
    try:
        with wave.open(str(path), "rb") as sound:
            shape = sound.getparams()
            frames = sound.readframes(int(shape.framerate * seconds))
    except (OSError, EOFError, wave.Error) as error:
        raise BadInputMedia(f"the sound is no WAV: {error}") from error
    least = int(shape.framerate * LEAST_SOUND) * shape.nchannels * shape.sampwidth
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(shape.nchannels)
        made.setsampwidth(shape.sampwidth)
        made.setframerate(shape.framerate)
        made.writeframes(frames.ljust(least, b"\0"))
    if len(out.getvalue()) > LARGEST_SOUND:
        raise BadInputMedia("the sound is larger than 15 MiB")
    return out.getvalue()


def _pictures(order: Order) -> list[Path]:
    """The order's pictures, the first reference or the first frame first."""
    first = [order.image] if order.image else []
    return [*first, *(one.picture for one in order.references[1:])]


async def _size(path: Path) -> int:
    return (await asyncio.to_thread(path.stat)).st_size
