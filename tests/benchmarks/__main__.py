"""`make bench`: figures, each beside a bare counterpart where there is one. Nothing here can fail a test.

make bench                  all of them
make bench ARGS="clip ack"  only these: first, clip, animatic, ack, queue, slots, votes, memory, hall, reel
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from tests.benchmarks import ack, animatic, clip, first, hall, memory, queue, reel, slots, votes

BENCHES: dict[str, Callable[[], list[tuple[str, str]]]] = {
    "memory": memory.bench,
    "queue": queue.bench,
    "votes": votes.bench,
    "slots": slots.bench,
    "animatic": animatic.bench,
    "ack": ack.bench,
    "hall": hall.bench,
    "clip": clip.bench,
    "first": first.bench,
    "reel": reel.bench,
}


def main(names: list[str]) -> None:
    for name in names or BENCHES:
        began = time.monotonic()
        print(f"\n{name}")
        for what, figure in BENCHES[name]():
            print(f"  {what:<64} {figure}")
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)


main(sys.argv[1:])
