"""The child that reads strangers' bytes: `python -m storage.media.decode image|audio`, the file on stdin.

Answers on stdout: one line of JSON, `{"mime": …}` followed by the new file, or `{"key": …, "facts": {…}}` alone.
Its memory and time are limited by the system where that is possible, it may write no file, and each format is named
to its library after a look at the first bytes, so that no playlist, script or vector file is ever interpreted.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Final

from bot.errors import BadReference

MEMORY: Final = 1_500_000_000
"""Bytes of address space: 25 megapixels take about 300 MB, the libraries themselves about 600 MB."""
CPU_SECONDS: Final = 20


def main() -> None:
    """Read, decode, answer."""
    _limit()
    data = sys.stdin.buffer.read()
    try:
        made, mime = _decoder(sys.argv[1])(data)
        head: Mapping[str, object] = {"mime": mime}
    except BadReference as error:
        made, head = b"", {"key": error.sentence, "facts": dict(error.facts)}
        sys.stderr.write(error.detail)
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + made)


def _decoder(kind: str) -> Callable[[bytes], tuple[bytes, str]]:
    # a picture needs no sound library and the other way round: less to start, less to attack
    if kind == "image":
        from storage.media.picture import remade
    else:
        from storage.media.voice import remade
    return remade


def _limit() -> None:
    """Bound this process, where the system can: memory, CPU time, and no file may be written."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: 0}
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
