"""Who draws: one module or package per backend, registered by name.

To add one: a module with `build(settings, kit) -> Backend | None` (None while it is not configured) and a line here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # the animator's own process is a part of this room and needs nothing of the bot's
    from collections.abc import Callable
    from pathlib import Path

    from bot.ports import Backend, VideoTool
    from bot.settings import Settings

    Build = Callable[[Settings, "Kit"], Backend | None]

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


def build_all(settings: Settings, kit: Kit) -> dict[str, Backend]:
    """Every configured backend by name. Raises `SetupError` for settings that cannot work."""
    built = {name: build_one(name, settings, kit) for name in MODULES}
    return {name: backend for name, backend in built.items() if backend is not None}


def build_one(name: str, settings: Settings, kit: Kit) -> Backend | None:
    """One backend, or None while it is not configured. Raises `SetupError` for settings that cannot work."""
    build: Build = import_module(MODULES[name]).build
    return build(settings, kit)
