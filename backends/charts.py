"""Numbers as a picture; what draws is loaded with the first one, not with the product."""

from __future__ import annotations

import asyncio

from bot.model.figures import Chart


class PngCharts:
    """Implements `bot.ports.Charts`."""

    async def draw(self, chart: Chart) -> bytes:
        """A PNG."""
        return await asyncio.to_thread(_drawn, chart)


def _drawn(chart: Chart) -> bytes:
    from backends.animatic.draw.charts import drawn

    return drawn(chart)
