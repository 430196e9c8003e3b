"""Who draws: one module or package per backend, registered by name.

To add one: a module with `build(settings, kit) -> Backend | None` (None while it is not configured) and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from bot.ports import Backend, VideoTool
from bot.settings import Settings

MODULES: Final = {
    "dashscope": "backends.dashscope.backend",
    "comfyui": "backends.comfyui.backend",
    "fal": "backends.fal.backend",
    "openai_video": "backends.openai_video.backend",
    "animatic": "backends.animatic.backend",
}
"""Backend → the module that builds it, imported only when asked; the order is the planner's preference."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What the other rooms lend to backends."""

    video: VideoTool
    scratch: Path
    """A folder for unfinished files."""


Build = Callable[[Settings, Kit], Backend | None]


def build_all(settings: Settings, kit: Kit) -> dict[str, Backend]:
    """Every configured backend by name. Raises `SetupError` for settings that cannot work."""
    built = {name: _build(module)(settings, kit) for name, module in MODULES.items()}
    return {name: backend for name, backend in built.items() if backend is not None}


def _build(module: str) -> Build:
    return import_module(module).build
