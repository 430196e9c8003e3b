"""What stands in a frame, sorted by depth: trees, panels, furniture, people, actors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.draw import air, things, trees
from backends.animatic.draw.actors import between, draw_actor, icy
from backends.animatic.draw.arrays import Reals
from backends.animatic.draw.brush import SIGHT
from backends.animatic.draw.crowd import draw_people, draw_stand
from backends.animatic.draw.panels import LOOMING, Panel, draw_panel, shown
from backends.animatic.draw.trees import Drawn
from backends.animatic.draw.view import NEAR
from backends.animatic.scene import RATE, Actor, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.draw.body import Lamp, Limb
    from backends.animatic.draw.brush import Brush
    from backends.animatic.draw.styles.base import Frame


@dataclass(frozen=True, slots=True)
class Player:
    """An actor and the limbs of this instant; `number` 0 is the athlete."""

    number: int
    actor: Actor
    limbs: list[Limb]


@dataclass(frozen=True, slots=True)
class Thing:
    """A piece of furniture, hidden below the screen row `cover`."""

    furniture: Furniture
    cover: float


Item = Drawn | Panel | Player | air.Thrown | Thing

HIDING: Final = {FurnitureKind.FLAG, FurnitureKind.CROWD, FurnitureKind.STAND, FurnitureKind.LAMP, FurnitureKind.ARCH}
"""Furniture that steps aside where it would stand between the lens and the athlete."""

VAST: Final = 0.12
"""A flag far before the athlete steps aside, too, where a metre of it fills so much of the frame."""


def standing(frame: Frame, brush: Brush, company: list[tuple[int, Actor, list[Limb]]]) -> list[tuple[float, Item]]:
    """Everything that stands in the frame with its depth in metres."""
    scenery, view = frame.scenery, frame.view
    found: list[tuple[float, Item]] = []
    found += [(tree.depth, tree) for tree in trees.stand(brush, scenery.forest, frame.trees, scenery.light)]
    body = _body(frame)
    found += [(panel.depth, panel) for panel in shown(scenery.panels, brush, body)]
    found += _things(frame, brush, body)
    for number, actor, limbs in company:
        depth = float(view.local(between(actor.joints, frame.world)[0])[2])
        found.append((depth - 0.3, Player(number, actor, limbs)))
        spray = air.spray_of(brush, actor, icy(frame), depth)
        if spray is not None:
            found += [(depth + 0.8, spray[0]), (depth - 0.5, spray[1])]
    return found


def _body(frame: Frame) -> tuple[Reals, Reals, float]:
    """The athlete's box on screen (low and high corner), with some air around, and depth."""
    joints = between(frame.scenery.performance.actors[0].joints, frame.world)
    pixels, depth = frame.view.project(joints)
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    margin = min(frame.height / 24, 0.12 * float((high - low).max()))
    return low - margin, high + margin, float(depth.mean())


def _things(frame: Frame, brush: Brush, body: tuple[Reals, Reals, float]) -> list[tuple[float, Item]]:
    furniture = frame.scenery.furniture
    if not furniture:
        return []
    view, middles, radii = frame.view, frame.scenery.middles, frame.scenery.radii
    local = view.local(middles)
    reach = (
        np.maximum(np.abs(local[:, 0]) * view.scale / view.width, np.abs(local[:, 1]) * view.scale / view.height) * 2
    )
    seen = (local[:, 2] > -radii) & (local[:, 2] < SIGHT) & (reach < local[:, 2] + radii * 3 + 2)
    cover = brush.sight.cover(middles)
    found: list[tuple[float, Item]] = []
    for index in np.flatnonzero(seen).tolist():
        thing, depth = furniture[index], float(local[index, 2])
        if not (thing.kind in HIDING and depth < body[2] and _crosses(brush, thing, depth, body)):
            found.append((depth, Thing(thing, float(cover[index]))))
    return found


def _crosses(brush: Brush, thing: Furniture, depth: float, body: tuple[Reals, Reals, float]) -> bool:
    near = depth < LOOMING * body[2] and brush.view.scale > VAST * brush.view.height * depth
    return (thing.kind is FurnitureKind.FLAG and near) or any(_meets(brush, shape, body) for shape in _outlines(thing))


def _outlines(thing: Furniture) -> list[Reals]:
    """Corners (P, 3) of the parts of a thing that hide what is behind them; one sees through an arch."""
    if thing.kind is FurnitureKind.FLAG:
        return [np.concatenate([thing.points, thing.points[1:] + things.CLOTH])]
    if thing.kind is FurnitureKind.ARCH:
        beam = np.concatenate([thing.points + things.UP * tall for tall in (3.9, 5.1)])
        legs = [foot + np.array([(-0.4, -0.4, 0), (0.4, 0.4, 5)], np.float32) for foot in thing.points]
        return [beam, *legs]
    return [np.concatenate([thing.points, thing.points + things.UP * 2])]


def _meets(brush: Brush, shape: Reals, body: tuple[Reals, Reals, float]) -> bool:
    place, away = brush.view.project(shape)
    if bool((away < NEAR).all()):
        return False
    first, last = place.min(axis=0), place.max(axis=0)
    return bool((away < 0.3).any()) or bool((first < body[1]).all() and (last > body[0]).all())


def draw_item(frame: Frame, brush: Brush, item: Item, lamp: Lamp) -> None:
    """Put one thing on the canvas."""
    if isinstance(item, Drawn):
        frame.scenery.style.tree(brush, item)
    elif isinstance(item, Panel):
        draw_panel(brush, item)
    elif isinstance(item, Player):
        draw_actor(frame, brush, item.number, item.actor, item.limbs, lamp)
    elif isinstance(item, air.Thrown):
        air.draw_spray(brush, item, icy(frame))
    else:
        _furnish(frame, brush, item.furniture, item.cover)


def _furnish(frame: Frame, brush: Brush, thing: Furniture, cover: float) -> None:
    scenery = frame.scenery
    if thing.kind is FurnitureKind.GATE:
        things.draw_gate(brush, thing, _bend(frame, thing), cover)
    elif thing.kind is FurnitureKind.CROWD:
        draw_people(brush, thing.points, _excitement(frame, thing), brush.sight.cover(thing.points))
    elif thing.kind is FurnitureKind.STAND:
        draw_stand(brush, thing, _excitement(frame, thing), cover)
    elif thing.kind is FurnitureKind.FLAG:
        things.draw_flag(brush, thing, cover, 1.0, (scenery.palette.suit, scenery.palette.trim))
    elif thing.kind is FurnitureKind.TARGETS:
        events = scenery.performance.events
        hits = [event for event in events if event.kind is EventKind.TARGET and event.time <= frame.world]
        things.draw_targets(brush, thing, cover, len(hits) if thing.hue else 0)
    elif thing.kind in things.DRAW:
        things.DRAW[thing.kind](brush, thing, cover)


def _bend(frame: Frame, thing: Furniture) -> Reals:
    """How a struck pole leans and swings back: from when the athlete passed within reach."""
    athlete = frame.scenery.performance.actors[0]
    track = athlete.joints[::6, 0]
    away = np.hypot(track[:, 0] - thing.points[0, 0], track[:, 1] - thing.points[0, 1])
    nearest = int(away.argmin())
    since = frame.world - nearest * 6 / RATE
    if float(away[nearest]) > 1.3 or since < 0 or since > 2.2:
        return np.zeros(3, np.float32)
    velocity = athlete.velocity[nearest * 6]
    ahead = velocity / max(float(np.linalg.norm(velocity)), 0.5)
    swing = np.exp(-2.4 * since) * np.cos(11 * since) * min(1.0, since * 14) * 1.1
    return (ahead * swing - np.array([0, 0, 0.45 * abs(swing)])).astype(np.float32)


def _excitement(frame: Frame, thing: Furniture) -> float:
    """The crowd rises when the athlete is near and after the decisive moment."""
    performance = frame.scenery.performance
    place = between(performance.actors[0].joints, frame.world)[0]
    away = float(np.linalg.norm(thing.points.mean(axis=0) - place))
    close = np.clip(1.2 - away / 45, 0, 0.8)
    done = np.clip((frame.world - performance.decisive) / 1.5, 0, 1) * 0.75
    return float(min(1.0, 0.12 + close + done))
