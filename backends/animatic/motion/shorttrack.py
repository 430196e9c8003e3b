"""Short track on the 111.12 m oval: a pack of four, the last corner, a pass on the inside.

ISU track: curve radius 8.0 m at the blocks, straights 28.85 m; the racing line opens to 9.5–11 m. World-class speed
11.5–12.5 m/s; lean tan φ = v² / (r · g), 52–57°, so that the left glove touches the ice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Pose, assemble
from backends.animatic.motion.gear import ANKLES, actor, blade, reach
from backends.animatic.motion.oval import SKATE_BOOT, oval
from backends.animatic.motion.rink import flat, ring, rounded, seats
from backends.animatic.motion.signals import Array, clock, col, keys, lerp, mix, noise, ramp, smooth, unit
from backends.animatic.motion.skating import Stride, pressed, skate, swinging
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.terrain import hall, line
from backends.animatic.motion.track import follow
from backends.animatic.scene import Event, EventKind, Furniture, FurnitureKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Stage

SECONDS: Final = 14.0
RADIUS: Final = 10.2
STRAIGHT: Final = 26.0
STRIDE: Final = Stride(push=0.50, sway=0.14, tall=0.52, start=0.08)
LAP: Final = 2 * (STRAIGHT + np.pi * RADIUS)
PASS: Final = 6.9


def build(options: Options, rng: np.random.Generator) -> Act:
    """One lap and a half; the athlete comes from third to first in the corner and reaches for the line."""
    t = clock(SECONDS)
    pace = options.number("speed", 11.9, 9.0, 12.8)
    corner = LAP * 1.0 - STRAIGHT / 2 - np.pi * RADIUS / 2
    lead = keys(t, (0, -4.6), (3.5, -4.4), (PASS + 0.6, 0.6), (11.5, 1.6))
    inside = keys(t, (0, 0.5), (PASS - 2.0, 0.2), (PASS, -0.75), (PASS + 2.5, 0.0))
    places = [(lead, inside), *((np.full(len(t), gap) + 0.25 * noise(rng, t, 0.15), out + 0.12 * noise(rng, t, 0.2))
              for gap, out in ((0.0, 0.55), (-2.4, 0.75), (-6.8, 0.5)))]  # fmt: skip
    way = pace * t + 0.06 * np.sin(2 * np.pi * 1.4 * t)
    way += corner + 15.0 - lerp(PASS, t, way)
    done_at = corner + np.pi * RADIUS / 2 + STRAIGHT * 1.0 + np.pi * RADIUS + STRAIGHT * 0.5
    actors: list[Actor] = []
    lean = np.zeros(len(t))
    done = SECONDS
    for index, (gap, aside) in enumerate(places):
        mine = way + gap
        finish = float(lerp(done_at, mine, t, right=99.0))
        body, tilt = _racer(rng, t, mine, aside, finish, "athlete" if index == 0 else "rival", index)
        actors.append(body)
        if index == 0:
            lean, done = tilt, finish
    speed = np.linalg.norm(actors[0].velocity, axis=1).astype(np.float64)
    events = [Event(EventKind.TURN, PASS, 0.9), Event(EventKind.FINISH, min(done, SECONDS))]
    load = actors[0].load.astype(np.float64)
    peaks = np.flatnonzero((load[1:-1] > load[:-2]) & (load[1:-1] >= load[2:]) & (load[1:-1] > 1.0)) + 1
    events += [Event(EventKind.PUSH, float(t[k]), 0.7) for k in peaks if t[k] < done]
    cuts = (
        cut("establish", azimuth=60, elevation=20, distance=21, size=0.16, orbit=16),
        cut("front", azimuth=12, elevation=7, distance=9, size=0.36, orbit=-14, lead=0.0),
        cut("low", 3.5, rate=0.5, azimuth=28, elevation=3, distance=4.2, size=0.5, orbit=-40),
        cut("overhead", azimuth=195, elevation=64, distance=14, size=0.22),
        cut("side", azimuth=-80, elevation=4, distance=9, size=0.44, orbit=30),
    )
    room = (-29.0, 29.0, -37.0, 37.0, 11.0)
    return Act(_stage(rng), tuple(actors), events, PASS, speed, cuts, {"angle": np.degrees(lean)}, room=room)


def _racer(
    rng: np.random.Generator, t: Array, way: Array, aside: Array, done: float, role: str, index: int
) -> tuple[Actor, Array]:
    middle = oval(way, RADIUS, STRAIGHT)
    along = np.gradient(middle, axis=0)
    along = smooth(along / np.linalg.norm(along, axis=1, keepdims=True), 0.5)
    track = follow(flat, smooth(middle + col(aside) * np.column_stack([along[:, 1], -along[:, 0]]), 0.7))
    lean = smooth(track.lean(), 0.3) * 0.96
    bent = smooth(np.clip(lean / 0.75, 0, 1), 0.4)
    tired = ramp(t, done + 0.25, done + 1.3)
    phase = np.cumsum(0.78 + 0.2 * bent) / 120.0 + 0.27 * index
    amount = (1 - 0.95 * tired) * (0.62 + 0.38 * np.cos(2 * np.pi * np.clip((lean - 0.5) * 1.2, 0, 0.5)))
    skating = skate(flat, track, phase, STRIDE, amount, bent, lean, SKATE_BOOT)
    frame = leaned(track, lean - 0.1 * np.sin(2 * np.pi * phase) * (1 - tired) * (1 - bent))
    pelvis = track.spot + track.right * col(skating.sway) + frame.up * col(STRIDE.tall + 0.05 * bent + 0.34 * tired)
    pelvis = pelvis - track.ahead * col(0.16 * (1 - tired))
    left, right = swinging(phase, (1 - tired) * (1 - 0.6 * bent), tuck=0.0)
    # The inside glove glides over the ice where the lean is deep: it reaches for a point beside the inner skate.
    touch = track.spot - track.right * 0.95 + track.ahead * 0.38
    touch[:, 2] = 0.04
    left.world, left.grip = touch, ramp(lean, 0.55, 0.8) * (1 - tired)
    right.local = mix(right.local, reach(len(t), -0.12, -0.30, 0.05).local, bent * (1 - tired))
    lunge = np.exp(-(((t - done) / 0.28) ** 2))
    right.local = mix(right.local, reach(len(t), 0.2, 0.1, 0.55).local, tired)
    ahead = np.minimum(np.arange(len(t)) + 55, len(t) - 1)
    look = unit(track.spot[ahead] - track.spot + 2 * track.ahead - [0.0, 0.0, 0.3])
    feet = skating.feet
    pose = Pose(
        pelvis - frame.up * col(0.06 * lunge), frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead),
        (feet[0].sole, feet[1].sole), alive(rng, t, pelvis, frame, (left, right), 0.6), look,
        bend=1.2 - 1.0 * tired + 0.1 * lunge, side=0.25 * lean, twist=0.15 * bent, nod=0.8,
        planted=(np.clip(skating.pushes[0] * 3, 0, 1), np.clip(skating.pushes[1] * 3, 0, 1)),
    )  # fmt: skip
    joints = assemble(pose)
    contact, load = pressed(flat, skating)
    gears = tuple(
        blade(joints[:, ankle], foot.ahead, foot.sole, 0.2, 0.25, SKATE_BOOT)
        for ankle, foot in zip(ANKLES, feet, strict=True)
    )
    spray = 0.45 * np.maximum(*skating.pushes) * (0.4 + np.abs(lean))
    return actor(role, pose, gears, contact, load / np.maximum(np.cos(lean), 0.4), spray, joints), lean


def _stage(rng: np.random.Generator) -> Stage:
    turn = np.linspace(0, LAP, 160)
    items: list[Furniture] = [line(flat, FurnitureKind.LINE, oval(turn, RADIUS, STRAIGHT), 3)]
    rink = rounded(15.0, 30.0, 8.5)
    items.append(line(flat, FurnitureKind.BOARDS, rink, 2))
    for end in (-1.0, 1.0):
        for angle in np.radians((20, 58, 90, 122, 160)):
            x, y = 8.2 * np.cos(angle), end * (STRAIGHT / 2 + 8.2 * np.sin(angle))
            items.append(line(flat, FurnitureKind.LINE, ring(x, y, 0.12, 9), 0))
    items.append(line(flat, FurnitureKind.LINE, np.array([[-RADIUS + 1.2, 0.0], [-RADIUS - 4.0, 0.0]]), 0))
    items.append(line(flat, FurnitureKind.LINE, np.array([[RADIUS - 1.2, 0.0], [RADIUS + 4.0, 0.0]]), 1))
    items += seats(rng, flat, 19.0, 34.0)
    return hall(oval(turn, RADIUS, STRAIGHT), 5.0, items)
