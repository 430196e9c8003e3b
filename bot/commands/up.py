"""`olympic up`: serve until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress

import typer

from bot.app import lifespan
from bot.commands.logs import log_to_stderr
from bot.errors import SetupError
from bot.locales import words
from bot.settings import Settings


async def up(settings: Settings) -> int:
    """Run everything; SIGTERM and Ctrl-C close it gracefully."""
    log_to_stderr(settings)
    stop = _stop_on_signals()
    async with lifespan(settings, announce=typer.echo) as app:
        if not app.platforms:
            raise SetupError(key="setup.no_platform")
        serving = asyncio.create_task(app.run(), name="serving")
        stopping = asyncio.create_task(stop.wait(), name="stopping")
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                await serving
        finally:
            stopping.cancel()
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
    typer.echo(words(settings.language)("up.stopped"))
    return 0


def _stop_on_signals() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        try:
            loop.add_signal_handler(getattr(signal, name), stop.set)
        except (NotImplementedError, AttributeError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            logging.getLogger(__name__).debug("no handler for %s on this system", name)
    return stop
