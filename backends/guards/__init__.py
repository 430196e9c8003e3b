"""Wrappers around any backend, each a backend itself: what it sends is logged, what it costs is bounded, and after
failures it rests."""

from __future__ import annotations

from pathlib import Path

from backends.guards.budget import Budgeted
from backends.guards.noted import Noted
from backends.guards.rest import Rest, Rested
from bot.ports import Backend
from bot.settings import Settings


def guarded(backend: Backend, settings: Settings, folder: Path) -> Backend:
    """The backend as the engine sees it. The budget is outermost: what it refuses is no
    failure of the backend's."""
    limits = {
        "dashscope": settings.dashscope.budget,
        "fal": settings.fal.budget,
        "openai_video": settings.openai_video.budget,
    }
    most = limits.get(backend.name)
    noted = Noted(backend)
    rested = noted if settings.when_down == "fail" else Rested(noted, Rest())
    return rested if most is None else Budgeted(rested, most, folder / backend.name / "spent.jsonl")


__all__ = ["Budgeted", "Noted", "Rest", "Rested", "guarded"]
