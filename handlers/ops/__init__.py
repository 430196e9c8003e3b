"""Who watches: a small port for Prometheus, for a container's health check and for whoever is on call.

site     /metrics, /healthz, /readyz, /log-level           meter    keeps what is counted, as Prometheus reads it

It is no platform: nobody asks for a clip here. It starts beside them as soon as `ops.port` is set.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.pipeline.pulse import Watch
from bot.settings import Settings
from handlers.ops.meter import PrometheusMeter
from handlers.ops.site import Site
from handlers.serving import address, bind, serve

__all__ = ["Ops", "PrometheusMeter"]


class Ops:
    """Serves what is to be watched. `set_level` changes how much is logged; `announce` is told the address."""

    def __init__(
        self,
        settings: Settings,
        watch: Watch,
        meter: PrometheusMeter,
        *,
        set_level: Callable[[str], None],
        announce: Callable[[str], None],
    ) -> None:
        self._settings = settings.ops
        self._site = Site(watch, meter, set_level, settings.language)
        self._announce = announce

    async def run(self) -> None:
        """Until cancelled. Raises `SetupError` when the address cannot be had."""
        listening = bind(self._settings.host, self._settings.port or 0, key="ops.no_port")
        url = address(listening)
        with listening:
            await serve(self._site.app(), listening, ready=lambda: self._announce(url), close=lambda: None)
