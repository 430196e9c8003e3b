"""What is loaded when: drawing starts without the bot, the bot without what draws."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("started", "spared"),
    [("backends.animatic.worker", ("pydantic", "bot.settings")), ("bot.app", ("numpy", "cv2"))],
)
def test_each_process_loads_only_what_it_needs_to_start(started, spared):
    asked = f"import sys, {started}; print([name for name in {spared!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
