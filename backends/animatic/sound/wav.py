"""Sound on disk."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from backends.animatic.scene import Floats
from backends.animatic.sound.noise import SAMPLES, Reals


def write_wav(path: Path, samples: Floats) -> None:
    """(2, n) in -1..1 as 16-bit stereo at 48 kHz, dithered; complete or not there at all."""
    dither = np.random.default_rng(samples.shape[1]).random((2, *samples.shape), dtype=np.float32)
    steps: Reals = np.rint(samples * np.float32(32767) + dither[0] - dither[1])
    frames = np.clip(steps, -32768, 32767).astype(np.dtype("<i2")).T
    unfinished = path.with_name(f".{path.name}.part")
    with wave.open(str(unfinished), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(SAMPLES)
        file.writeframes(np.ascontiguousarray(frames).tobytes())
    unfinished.replace(path)


def read_wav(path: Path) -> Floats:
    """What `write_wav` writes, (2, n) in -1..1: a member's own sound as it was taken in.

    :raises ValueError: when the file is no 16-bit stereo at 48 kHz, or none at all.
    """
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ValueError(f"not a sound: {error}") from error
    if shape != (2, 2, SAMPLES):
        raise ValueError(f"not 16-bit stereo at {SAMPLES} Hz but {shape}")
    return (np.frombuffer(frames, np.dtype("<i2")).reshape(-1, 2).T / np.float32(32767)).astype(np.float32)
