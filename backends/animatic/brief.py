"""An order in the animator's own words."""

from __future__ import annotations

from typing import Final

from backends.animatic.scene import Brief
from bot.model.backend import Order

SKETCHED: Final = 12
"""Drawings a second of a storyboard: each stands for two frames of a film, "on twos" as animators say."""


def brief_of(order: Order) -> Brief:
    """Everything the animator's process must know, JSON-able."""
    return Brief(
        prompt=order.sentence or order.prompt,
        sport=order.sport,
        sport_title=order.sport_title,
        staging=order.staging,
        staging_options=dict(order.staging_options),
        style=order.style,
        camera=order.camera,
        seed=order.seed,
        width=order.size.width,
        height=order.size.height,
        fps=order.fps,
        seconds=order.seconds,
        language=order.language,
        image=str(order.image) if order.image else None,
        sound=str(order.audio) if order.audio else None,
        author=order.author,
        hold=max(1, order.fps // SKETCHED) if order.storyboard else 1,
    )
