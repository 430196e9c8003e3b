"""The few numbers and words a sport's data may set; everything else is ignored, nonsense falls back to the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping


class Options:
    """A forgiving reader of staging options."""

    def __init__(self, values: Mapping[str, float | str]) -> None:
        self._values = values

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """A finite number held between `low` and `high`."""
        try:
            value = float(self._values.get(name, default))
        except (TypeError, ValueError):
            return default
        return float(np.clip(value, low, high)) if np.isfinite(value) else default

    def word(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """One of the allowed words."""
        value = str(self._values.get(name, default))
        return value if value in allowed else default
