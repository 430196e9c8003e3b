"""The product as a process, for the benchmarks."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(home: Path, **more: str) -> dict[str, str]:
    """A clean environment over a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OLYMPIC_")}
    return {**kept, "PYTHONPATH": str(ROOT), "OLYMPIC_HOME": str(home / "data"), **more}
