"""Orders, recipes and paces for ComfyUI's tests."""

from dataclasses import replace

from backends.comfyui.menu import recipes
from backends.net import Pace
from bot.model.backend import Order
from bot.settings import load

QUICK = Pace(first=0.01, most=0.02)
SLOW = Pace(first=30.0, most=30.0)
"""Looks so rare that only the websocket can have told."""
PNG = b"\x89PNG\r\n\x1a\n" + b"a kitsune on skis"


def order(**changes) -> Order:
    wish = Order(
        prompt="A kitsune jumps", sport="ski-jumping", style="realistic", camera="follow", seconds=5.0, seed=7,
        negative="summer",
    )  # fmt: skip
    return replace(wish, **changes)


def menu(*profiles: str, **settings: object):
    given = {f"comfyui__{name}": value for name, value in settings.items()}
    return recipes(load({}, comfyui__profiles=profiles, **given).comfyui)
