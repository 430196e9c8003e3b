"""A film that a video model might have drawn: real pictures, real sound."""

from __future__ import annotations

import functools
import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg


@functools.cache
def film(seconds: int = 15, size: str = "1280x720", *, sound: bool = True) -> bytes:
    """H.264 with AAC in MP4 at 24 frames a second."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "film.mp4"
        heard = ["-f", "lavfi", "-i", f"sine=frequency=330:duration={seconds}"] if sound else []
        command = [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi",
            "-i", f"testsrc2=size={size}:rate=24:duration={seconds}", *heard,
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", str(out),
        ]  # fmt: skip
        subprocess.run(command, check=True, timeout=120)
        return out.read_bytes()
