"""What an idle product holds."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.process import environment
from tests.scenario.studio_client import Client


def bench() -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot", "up", "--no-browser", "--port", "0"]
        with Client.started(command, environment(Path(folder))) as client:
            time.sleep(5)
            status = Path(f"/proc/{client.process.pid}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return [("idle `olympic up` with the studio: MiB resident", f"{resident / 1024:.0f}")]
