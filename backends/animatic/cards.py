"""The animator's lettering, lent to films that are cut from others: whole title pictures and lower thirds.

What draws is loaded with the first picture, not with the product.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.model.request import Size


class Cards:
    """Draws in a thread so that nothing waits for it."""

    async def title(self, out: Path, text: str, *, kicker: str, lines: Sequence[str], size: Size) -> None:
        """A whole picture: large words before a winter evening."""
        await asyncio.to_thread(_title, out, text, kicker, lines, size)

    async def lower_third(self, out: Path, text: str, *, kicker: str, detail: str, size: Size) -> None:
        """Words for the lower left of a film, transparent everywhere else."""
        await asyncio.to_thread(_lower_third, out, text, kicker, detail, size)


def _title(out: Path, text: str, kicker: str, lines: Sequence[str], size: Size) -> None:
    from backends.animatic.draw import cards

    cards.title(out, text, kicker, lines, size)


def _lower_third(out: Path, text: str, kicker: str, detail: str, size: Size) -> None:
    from backends.animatic.draw import cards

    cards.lower_third(out, text, kicker, detail, size)
