"""Log lines: for people on a terminal, as JSON elsewhere. Each carries the request it belongs to, none a secret.

The product logs through the standard library; only here is structlog known, as what shapes the lines.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.scrub import hider, scrubbed
from bot.settings import Settings
from bot.trail import facts

log = logging.getLogger(__name__)

CHATTY: Final = ("discord", "slack_bolt", "slack_sdk", "aiohttp", "httpx", "httpcore", "uvicorn", "alembic", "pgqueuer")
"""SDKs that speak only from warnings on, unless everything is wanted."""
_LONGEST: Final = 20_000
"""Letters of one field that are kept; a traceback is the longest."""


def log_to_stderr(settings: Settings, stream: TextIO = sys.stderr) -> None:
    """One line an event, in the format and at the level the operator chose."""
    plain = settings.log_format == "console" or (settings.log_format == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(settings, plain=plain, colours=stream.isatty()))
    logging.basicConfig(handlers=[handler], force=True)
    set_level(settings.log)


def set_level(level: str) -> None:
    """How much is logged from now on."""
    logging.getLogger().setLevel(level.upper())
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.NOTSET if level == "debug" else logging.WARNING)


def change_level(level: str) -> None:
    """The same while it runs; the log says so, however little it says from now on."""
    set_level(level)
    log.log(max(logging.WARNING, logging.getLogger().level), "from now on %s is logged", level)


def _formatter(settings: Settings, *, plain: bool, colours: bool) -> logging.Formatter:
    shape: Processor = (
        structlog.dev.ConsoleRenderer(colors=colours, sort_keys=False)
        if plain
        else structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _followed,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _hushed(hider(settings.secrets())),
            shape,
        ],
    )


def _followed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Whose line it is."""
    event.update(facts())
    return event


def _hushed(hide: Callable[[str], str]) -> Processor:
    def clean(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: _clean(value) if isinstance(value, str) else value for name, value in event.items()}

    def _clean(text: str) -> str:
        return scrubbed(hide(text), most=_LONGEST)

    return clean
