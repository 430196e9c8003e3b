"""From a fresh clone and `make run` to the first finished clip, the installation included."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from tests.benchmarks.process import ROOT
from tests.scenario.studio_client import Client


def bench() -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        began = time.monotonic()
        command = ["make", "--silent", "-C", str(clone), "run", "ARGS=--no-browser --port 0"]
        with Client.started(command, kept) as client:
            ready = time.monotonic() - began
            client.say("create A fox on skis at dusk sport:ski-jumping")
            client.wait_for_video(seconds=400)
            done = time.monotonic() - began
    return [
        ("fresh clone, `make run` → the studio answers: seconds", f"{ready:.0f}"),
        ("fresh clone, `make run` → first finished clip: seconds", f"{done:.0f}"),
    ]
