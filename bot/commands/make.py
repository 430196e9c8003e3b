"""`olympic make`: one clip to one file, through the same core as every chat."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import typer

from bot.app import App, lifespan
from bot.errors import DataInUse
from bot.locales import words
from bot.model.card import Card, CardKind
from bot.model.command import Create
from bot.ports import Platform
from bot.settings import Settings
from bot.usecases.house import House
from handlers import Kit
from handlers.cli.platform import COMMUNITY, Outcome, Shell, refused
from handlers.cli.screen import say, screen


async def make(settings: Settings, wish: Create, out: Path, *, json: bool, patience: float = 1.0) -> int:
    """Draw; returns the exit code. Ctrl-C stops the drawing and leaves no file. `patience`: as for `lifespan`."""
    logging.basicConfig(level=logging.ERROR)
    out = out.resolve()
    if settings.when_down == "wait":  # whoever sits before a shell would rather be told than wait for hours
        settings = settings.model_copy(update={"when_down": "fail"})
    if why := refused(out):
        return _failed(words(settings.language)("cli.cannot_write", file=str(out), why=why), json=json)
    began = time.monotonic()
    with screen(words(settings.language)("make.title"), json=json) as shown:
        shell = Shell(wish, out, settings.language, shown.show)
        async with _opened(settings, shell, patience) as app:
            outcome = await _drawn(app, shell)
    return _report(outcome, settings.language, time.monotonic() - began, json=json)


@asynccontextmanager
async def _opened(settings: Settings, shell: Shell, patience: float) -> AsyncGenerator[App]:
    """The usual data folder; a private one for this call while another process holds it. A shell draws by itself."""

    def connect(_settings: Settings, _kit: Kit) -> dict[str, Platform]:
        return {shell.name: shell}

    settings = settings.model_copy(update={"workers": settings.workers.model_copy(update={"enabled": False})})
    try:
        async with lifespan(settings, connect=connect, open_sites=_closed, patience=patience) as app:
            yield app
            return
    except DataInUse:
        pass
    with tempfile.TemporaryDirectory(prefix="olympic-") as home:
        own = settings.model_copy(update={"home": Path(home), "database": ""})
        async with lifespan(own, connect=connect, open_sites=_closed, patience=patience) as app:
            yield app


def _closed(_settings: Settings, _kit: Kit, _house: House) -> tuple[()]:
    """One clip for one person opens no pages."""
    return ()


async def _drawn(app: App, shell: Shell) -> Outcome:
    """Run until the clip is there; what an earlier shell left unfinished has nobody waiting for it."""
    await app.engine.abandon(COMMUNITY)
    running = asyncio.create_task(app.run(), name="running")
    ended = asyncio.create_task(shell.outcome(), name="outcome")
    try:
        await asyncio.wait({running, ended}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        outcome = await ended
        await app.engine.settled(shell.job)
        return outcome
    except asyncio.CancelledError:
        await app.engine.abandon(COMMUNITY)
        raise
    finally:
        for task in (ended, running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _told(card: Card, language: str) -> str:
    """Why there is no clip, and the next step from a shell."""
    if card.kind is CardKind.CHOICE:
        if any(":sport:" in button.action for button in card.buttons):
            return words(language)("make.which_sport")
        return "\n".join((card.lines[0], *(f"· {button.label}" for button in card.buttons)))
    return " ".join(card.lines) or card.title


def _failed(told: str, *, json: bool) -> int:
    if json:
        say({"event": "failed", "message": told})
    else:
        typer.echo(told, err=True)
    return 1


def _report(outcome: Outcome, language: str, seconds: float, *, json: bool) -> int:
    card, path = outcome.card, outcome.path
    if path is None or card.video is None:
        return _failed(_told(card, language), json=json)
    about = f"{card.title} · {card.small}"
    facts = {"file": str(path), "seconds": card.video.seconds, "bytes": path.stat().st_size, "about": about}
    if json:
        say({"event": "done", **facts, "took": round(seconds, 2)})
        return 0
    size = f"{path.stat().st_size / 2**20:.1f} MiB"
    typer.echo(words(language)("make.done", file=str(path), about=about, size=size, took=f"{seconds:.1f}"))
    return 0
