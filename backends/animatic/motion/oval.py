"""Speed skating on the 400 m oval: two straights, two curves, two lanes.

Speed follows from a balance of power (van Ingen Schenau 1982, J Biomech 15:449): drag area near 0.24 m², ice friction
0.004 (de Koning et al. 1992), about 450 W of useful power give some 14 m/s, the pace of a 1,000 m. Inner lane radius
25–26 m (ISU rules), the skater half a metre outside its line. Lean in the curve: tan φ = v² / (r · g), near 37°.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Pose, assemble
from backends.animatic.motion.gear import ANKLES, actor, blade, reach
from backends.animatic.motion.rink import flat
from backends.animatic.motion.signals import Array, clock, col, lerp, mix, ramp, smooth, unit
from backends.animatic.motion.skating import Skate, Stride, pressed, skate, swinging
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.terrain import beside, flags, hall, line, pair, tribune
from backends.animatic.motion.track import Glider, Track, follow, glide
from backends.animatic.scene import Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SKATER: Final = Glider(mass=78.0, drag=0.24, friction=0.004)
SECONDS: Final = 14.0
STRAIGHT: Final = 112.0
STRIDE: Final = Stride()
SKATE_BOOT: Final = 0.13


def oval(way: Array, radius: float, straight: float) -> Array:
    """Places (N, 2) along an oval run counter-clockwise; way 0 is the middle of the straight at x = radius."""
    half, turn = straight / 2, np.pi * radius
    s = np.mod(way + half, 2 * (straight + turn))
    back = s >= straight + turn
    s = np.where(back, s - straight - turn, s)
    angle = np.clip((s - straight) / radius, 0.0, np.pi)
    x = radius * np.cos(angle)
    y = np.where(s < straight, s - half, half + radius * np.sin(angle))
    return np.column_stack([x, y]) * np.where(back, -1.0, 1.0)[:, None]


def build(options: Options, rng: np.random.Generator) -> Act:
    """The last curve and the finish of a race in pairs."""
    t = clock(SECONDS)
    power = options.number("power", 450.0, 250.0, 650.0)
    radius = options.number("radius", 26.0, 22.0, 32.0)
    middle = STRAIGHT / 2 + np.pi * radius / 2
    athlete, lean = _racer(rng, t, radius, middle, 6.4, power, "athlete")
    rival, _ = _racer(rng, t, radius + 4.0, middle + 2 * np.pi - 3.0, 6.4, power * 0.985, "rival")
    y = athlete.joints[:, 12, 1]
    done = float(lerp(-18.0, -y[len(t) // 2 :], t[len(t) // 2 :]))
    speed = np.linalg.norm(athlete.velocity, axis=1).astype(np.float64)
    events = [Event(EventKind.START, 0.0, 0.2), *_pushes(athlete, t, done), Event(EventKind.FINISH, done)]
    cuts = (
        cut("establish", azimuth=38, elevation=10, distance=30, size=0.17, orbit=12),
        cut("side", azimuth=-90, elevation=2, distance=9, size=0.46, orbit=-16),
        cut("low", 3.5, rate=0.5, azimuth=-32, elevation=2, distance=4.4, size=0.6, orbit=-22),
        cut("overhead", azimuth=200, elevation=62, distance=12, size=0.3),
        cut("front", azimuth=3, elevation=3, distance=48, size=0.5, post=1.0, zoom=0.7),
    )
    hud = {"angle": np.degrees(lean)}
    room = (-radius - 20.0, radius + 20.0, -STRAIGHT / 2 - radius - 20.0, STRAIGHT / 2 + radius + 20.0, 12.0)
    return Act(_stage(rng, radius), (athlete, rival), events, 6.4, speed, cuts, hud, room=room)


def _pushes(athlete: Actor, t: Array, done: float) -> list[Event]:
    load = athlete.load.astype(np.float64)
    peak = np.flatnonzero((load[1:-1] > load[:-2]) & (load[1:-1] >= load[2:]) & (load[1:-1] > 1.0)) + 1
    return [Event(EventKind.PUSH, float(t[k]), 0.8) for k in peak if t[k] < done]


def _racer(
    rng: np.random.Generator, t: Array, radius: float, middle: float, when: float, power: float, role: str
) -> tuple[Actor, Array]:
    way, _ = glide(
        len(t), (0.0, 13.7), lambda _: 0.0, lambda _s, _v: 1.0, SKATER, lambda _s, v: power / SKATER.mass / v
    )
    way += middle - lerp(when, t, way)
    xy = smooth(oval(way, radius, STRAIGHT), 1.1)
    track = follow(flat, xy)
    lean = smooth(track.lean(), 0.3)
    done = float(lerp(middle + np.pi * radius / 2 + STRAIGHT / 2 + 18.0, way, t))
    tired = ramp(t, done + 0.2, done + 1.4)
    phase = np.cumsum(lerp(lean, [0.1, 0.5], [0.70, 0.86]) * (1 - 0.6 * tired)) / 120.0 + rng.uniform()
    skating = skate(
        flat, track, phase, STRIDE, 1 - 0.95 * tired, smooth(np.clip(lean / 0.45, 0, 1), 0.5), lean, SKATE_BOOT
    )
    return skater(rng, track, phase, skating, lean, tired, role), lean


def skater(
    rng: np.random.Generator, track: Track, phase: Array, skating: Skate, lean: Array, tired: Array, role: str,
    low: float = 1.16, tuck: Array | float = 0.0,
) -> Actor:  # fmt: skip
    """A skater on the ice from what the feet do: trunk nearly level, arms that swing, upright where `tired`."""
    frame = leaned(track, lean - 0.12 * np.sin(2 * np.pi * phase) * (1 - tired))
    deep = np.cos(4 * np.pi * (phase + 0.1)) * (1 - tired)
    pelvis = track.spot + track.right * col(skating.sway) + frame.up * col(STRIDE.tall + 0.03 * deep + 0.28 * tired)
    pelvis = pelvis - track.ahead * col(0.14 * (1 - tired))
    left, right = swinging(
        phase, 1 - tired, tuck=np.maximum(tuck, smooth(np.clip(lean / 0.45, 0, 1), 0.6) * (1 - tired))
    )
    fist = reach(len(phase), 0.2, 0.12, 0.55)
    right.local = mix(right.local, fist.local, tired)
    left.local = mix(left.local, reach(len(phase), -0.2, 0.05, -0.45).local, tired)
    ahead = np.minimum(np.arange(len(phase)) + 70, len(phase) - 1)
    look = unit(track.spot[ahead] - track.spot + 3 * track.ahead - [0.0, 0.0, 0.4])
    feet = skating.feet
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, track.t, pelvis, frame, (left, right), 0.7), look, bend=low - (low - 0.12) * tired + 0.04 * deep,
        twist=0.22 * np.sin(2 * np.pi * (phase + 0.08)) * (1 - tired), nod=0.8,
        planted=(np.clip(skating.pushes[0] * 3, 0, 1), np.clip(skating.pushes[1] * 3, 0, 1)),
    )  # fmt: skip
    joints = assemble(pose)
    contact, load = pressed(flat, skating)
    load = load / np.maximum(np.cos(lean), 0.4)
    gears = tuple(
        blade(joints[:, ankle], foot.ahead, foot.sole, 0.19, 0.25, SKATE_BOOT)
        for ankle, foot in zip(ANKLES, feet, strict=True)
    )
    spray = 0.5 * np.maximum(*skating.pushes) * (0.5 + np.abs(lean))
    return actor(role, pose, gears, contact, load, spray, joints)


def _stage(rng: np.random.Generator, radius: float) -> Stage:
    def ring(r: float, count: int = 240) -> Array:
        return oval(np.linspace(0, 2 * (STRAIGHT + np.pi * r), count), r, STRAIGHT)

    edge = ring(radius + 9.0)
    items: list[Furniture] = [
        line(flat, FurnitureKind.LINE, ring(radius - 0.5), 0), line(flat, FurnitureKind.LINE, ring(radius + 3.5), 1),
        line(flat, FurnitureKind.BOARDS, edge, 2), line(flat, FurnitureKind.FENCE, ring(radius - 5.0), 3),
        line(flat, FurnitureKind.LINE, np.array([[-radius + 0.5, -18.0], [-radius - 8.5, -18.0]]), 0),
        pair(flat, FurnitureKind.ARCH, (-radius + 2.0, -18.0), (-radius - 9.5, -18.0), 1),
    ]  # fmt: skip
    far = radius + 12.0
    for side in (-1.0, 1.0):
        for begin, end in ((-58.0, -21.0), (-17.0, 19.0), (23.0, 57.0)):
            y = (begin, end) if side < 0 else (end, begin)
            front = ((side * far, y[1]), (side * far, y[0])) if side < 0 else ((far, y[1]), (far, y[0]))
            items.append(tribune(flat, _outward(front, side), 11.0, int(rng.integers(4))))
    items += flags(rng, flat, beside(edge, 1.5), 0.6, 24.0, 5.0)
    return hall(ring(radius + 4.0), 9.0, items)


def _outward(
    front: tuple[tuple[float, float], tuple[float, float]], side: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The front edge ordered so that the rows lie outside."""
    (x, a), (_, b) = front
    low, high = min(a, b), max(a, b)
    return ((x, high), (x, low)) if side > 0 else ((x, low), (x, high))
