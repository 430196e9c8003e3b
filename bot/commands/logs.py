"""Where log lines go."""

from __future__ import annotations

import logging

from bot.settings import Settings


def log_to_stderr(settings: Settings) -> None:
    """One line an event, at the level the operator chose; the SDKs only from warnings on."""
    logging.basicConfig(level=settings.log.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if settings.log != "debug":
        for chatty in ("discord", "slack_bolt", "slack_sdk", "aiohttp", "httpx", "httpcore", "uvicorn", "alembic"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
