"""One order to the animator's own process, timed: what the product does once an order is accepted."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from backends.animatic.scene import Brief
from bot.model.request import Size
from storage.media.tool import Ffmpeg
from tests.benchmarks.process import ROOT, environment


@dataclass(frozen=True)
class Drawn:
    """Seconds from the order to the first picture and to the finished film; seconds of work on all cores together;
    the most that its processes held, in MiB."""

    first: float
    seconds: float
    work: float
    most: float


def work() -> float:
    """Seconds of work of all processes that this one has started and seen end."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def command(home: Path, brief: Brief) -> list[str]:
    """The product's own command for a brief's frames and sound."""
    size, quick = Size(brief.width, brief.height), brief.hold > 1
    sound, out = home / "sound.wav", home / "film.mp4"
    return Ffmpeg().encode_command(size=size, fps=brief.fps, seconds=brief.seconds, sound=sound, out=out, quick=quick)


def drawn(home: Path, brief: Brief, encode: Sequence[str] = ()) -> Drawn:
    """Have a brief drawn into `home`; `encode` instead of the product's own command."""
    order = {
        "brief": asdict(brief),
        "encode": list(encode) or command(home, brief),
        "out": str(home / "film.mp4"),
        "sound": str(home / "sound.wav"),
        "preview": str(home / "look.jpg"),
    }
    argv, pipe = [sys.executable, "-m", "backends.animatic"], subprocess.PIPE
    told: dict[str, object] = {}
    before, began, first, most = work(), time.monotonic(), 0.0, 0.0
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, env=environment(home), cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        for line in child.stdout:
            told = json.loads(line)
            first = first or (time.monotonic() - began if told["stage"] == "preview" else 0.0)
            most = max(most, sum(_held(pid) for pid in _family(child.pid)))
            if told["stage"] in ("done", "error"):
                break
        seconds = time.monotonic() - began
    if child.returncode:
        raise RuntimeError(f"nothing was drawn: {told}")
    return Drawn(first, seconds, work() - before, most / 1024)


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _held(pid: int) -> int:
    """KiB, pages that several share counted in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
