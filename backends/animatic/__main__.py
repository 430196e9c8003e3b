"""`python -m backends.animatic`: the process that draws and encodes one film.

The first line on stdin is one JSON object:

    {"brief": {…the fields of `Brief`…}, "encode": [argv…], "out": "film.mp4", "sound": "film.wav",
     "preview": "look.jpg" or null, "processes": 2}

`encode` is started once the WAV lies at `sound`; it gets raw I420 frames (width × height at fps) on its stdin and must
write `out`. Stdin then has to stay open: when it ends, or on SIGTERM, everything stops at once, `out`, `sound` and
`preview` are removed and the exit status is 1.

On stdout, one JSON object a line: {"stage": "preview", …} each time the preview was rewritten (the first within about
a second), {"stage": "note", "message": …} for what was left out, {"stage": "drawing", "done": n, "total": m} about four
times a second, and last {"stage": "done"} (exit status 0) or {"stage": "error", "message": …} (exit status 1).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

from backends.animatic.news import say
from backends.animatic.scene import Brief
from backends.animatic.team import DrawingFailed, Team
from backends.animatic.worker import Order, render


def order_from(line: str) -> Order:
    """The order in a line of JSON.

    :raises ValueError: when it is not one.
    """
    try:
        words = json.loads(line)
        brief = Brief(**words["brief"])
        return Order(
            brief,
            list(words["encode"]),
            words["out"],
            words["sound"],
            words.get("preview"),
            int(words.get("processes") or os.cpu_count() or 1),
        )
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"not an order: {error}") from error


def remove(order: Order) -> None:
    """Delete what an unfinished film leaves."""
    for path in (order.out, order.sound, order.preview):
        if path is not None:
            Path(path).unlink(missing_ok=True)
            Path(path + ".new").unlink(missing_ok=True)


def stop(order: Order, team: Team) -> None:
    """End everything now."""
    team.kill()
    remove(order)
    os._exit(1)


def watch(order: Order, team: Team) -> None:
    """Stop when whoever ordered the film is gone or has lost interest."""
    while os.read(0, 4096):
        pass
    stop(order, team)


def main() -> int:
    """Read the order, make the film, tell how it went."""
    try:
        order = order_from(sys.stdin.buffer.readline().decode())
    except ValueError as error:
        say({"stage": "error", "message": str(error)})
        return 1
    team = Team()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop(order, team))
    watcher = threading.Thread(target=watch, args=(order, team), daemon=True)  # not before the processes are forked
    try:
        render(order, say, team, watcher.start)
    except (DrawingFailed, OSError, KeyError) as error:
        team.kill()
        remove(order)
        say({"stage": "error", "message": str(error)})
        return 1
    say({"stage": "done"})
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)
