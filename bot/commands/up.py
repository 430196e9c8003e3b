"""`olympic up` and `olympic worker`: serve until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import suppress
from functools import partial

import typer

from bot.app import App, lifespan
from bot.commands.logs import change_level, log_to_stderr
from bot.errors import SetupError
from bot.locales import words
from bot.ports import Platform
from bot.settings import Settings, load
from handlers import Kit

log = logging.getLogger(__name__)


async def up(settings: Settings) -> int:
    """Run everything; SIGTERM and Ctrl-C close it gracefully."""
    log_to_stderr(settings)
    stop = _stop_on_signals(settings.language)
    async with lifespan(settings, announce=typer.echo, set_level=change_level) as app:
        if not app.platforms:
            raise SetupError(key="setup.no_platform")
        await _serve(app, stop)
    typer.echo(words(settings.language)("up.stopped"))
    return 0


async def worker(settings: Settings) -> int:
    """Draw what a bot with `workers.enabled` admits; stopping lets go of it for another worker."""
    log_to_stderr(settings)
    stop = _stop_on_signals(settings.language)
    async with lifespan(settings, connect=_nobody, announce=typer.echo, set_level=change_level, worker=True) as app:
        typer.echo(words(settings.language)("worker.ready", backends=", ".join(app.backends)))
        await _serve(app, stop)
    typer.echo(words(settings.language)("up.stopped"))
    return 0


def _nobody(_settings: Settings, _kit: Kit) -> dict[str, Platform]:
    """A worker talks to no people."""
    return {}


async def _serve(app: App, stop: asyncio.Event) -> None:
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


def _stop_on_signals(language: str) -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name, then in (("SIGTERM", stop.set), ("SIGINT", stop.set), ("SIGHUP", partial(_reread_level, language))):
        try:
            loop.add_signal_handler(getattr(signal, name), then)
        except (NotImplementedError, AttributeError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            log.debug("no handler for %s on this system", name)
    return stop


def _reread_level(language: str) -> None:
    """How much is logged, as the settings say it now; everything else waits for a restart."""
    try:
        settings = load()
    except SetupError as error:
        log.error("the settings were not read again: %s", words(language)(error.sentence, **error.facts))
        return
    change_level(settings.log)
