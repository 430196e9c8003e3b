"""How the animator's processes tell whoever ordered a film how it goes."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(word: dict[str, Any]) -> None:
    """One line of JSON, written at once: lines of several processes do not mix."""
    sys.stdout.write(json.dumps(word, ensure_ascii=False) + "\n")
    sys.stdout.flush()
