"""Ice hockey: a rush with the puck past a defender, a shot, the keeper's dive, a goal.

IIHF rink 60 × 30 m, corners 8.5 m, goal 1.83 × 1.22 m, 4 m from the end boards. Skating 8–9 m/s with the puck (Bracko
2004), wrist and snap shots 27–36 m/s (Pearsall et al. 2000): the puck flies under gravity and a little drag.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.motion.act import Act, cut
from backends.animatic.motion.body import Arm, Pose, assemble
from backends.animatic.motion.gear import ANKLES, HANDS, actor, blade, gear, reach, single
from backends.animatic.motion.rink import flat, ring, rounded, seats
from backends.animatic.motion.signals import Array, bump, clock, col, keys, lerp, mix, noise, ramp, smooth, unit, vector
from backends.animatic.motion.skating import Stride, beats, pressed, skate
from backends.animatic.motion.stance import alive, leaned
from backends.animatic.motion.terrain import hall, line
from backends.animatic.motion.track import G, Track, arclength, evenly, follow
from backends.animatic.scene import RATE, Event, EventKind, Furniture, FurnitureKind, GearKind

if TYPE_CHECKING:
    from backends.animatic.motion.options import Options
    from backends.animatic.scene import Actor, Gear, Stage

SECONDS: Final = 14.0
SHOT: Final = 6.6
GOAL_Y: Final = 26.0
SHAFT: Final = 1.26
BOOT: Final = 0.13
STRIDE: Final = Stride(push=0.50, sway=0.12, tall=0.68, lift=0.12, trail=0.26, start=0.08)
WAY: Final = ((-9.5, -26.0), (-10.5, -19.0), (-6.5, -11.0), (0.5, -3.0), (3.2, 3.5), (-1.2, 9.5),
              (-1.8, 14.0), (1.5, 18.2),
              (6.6, 20.4), (10.8, 17.0), (11.6, 10.0), (9.0, 3.0), (5.0, -4.0))  # fmt: skip


def build(options: Options, rng: np.random.Generator) -> Act:
    """Out of the own zone, round a defender, shot, goal, joy."""
    t = clock(SECONDS)
    side = float(rng.choice([-1.0, 1.0]))
    power = options.number("shot", 31.0, 22.0, 42.0)
    speed = keys(t, (0, 5.8), (2.8, 8.6), (4.4, 7.4), (5.6, 7.6), (SHOT, 5.6), (SHOT + 1.4, 4.0), (SECONDS, 2.6))
    path = np.array(WAY) * [side, 1.0]
    track = _track(path, speed, SHOT, 7.05 / 12)
    track = replace(follow(flat, track.spot[:, :2], _opened(t, track)), curve=track.curve)
    handled = _handled(t, track)
    puck, goal = _puck(rng, t, handled, power, side)
    joy = ramp(t, goal + 0.45, goal + 1.2)
    heel = _heel(t, track, puck, joy)
    phase = np.cumsum(0.82 - 0.3 * ramp(t, SHOT - 0.8, SHOT)) / RATE
    amount = (
        1
        - bump(t, SHOT - 0.05, 0.6, 0.9)
        - 0.75 * ramp(t, goal + 0.8, goal + 1.4) * (1 - bump(t, SHOT - 0.05, 0.6, 0.9))
    )
    shooter = _player(rng, t, track, phase, np.clip(amount, 0, 1), heel, joy, "athlete", (_disc(puck),), _wind(t))
    others = _others(rng, t, track, puck, goal, side)
    events = [
        Event(EventKind.START, 0.0, 0.2), *beats(phase, 0.0, SHOT - 0.5, 0.6), *_touches(t, handled, track),
        Event(EventKind.HIT, SHOT), Event(EventKind.GOAL, goal),
        Event(EventKind.FINISH, min(goal + 2.5, SECONDS - 0.5), 0.7),
    ]  # fmt: skip
    cuts = (
        cut("establish", azimuth=52, elevation=17, distance=24, size=0.18, orbit=10),
        cut("follow", 2.6, azimuth=168, elevation=16, distance=6.4, size=0.42, regard=0.2),
        cut(
            "low",
            2.5,
            azimuth=-158 * side,
            elevation=7,
            distance=5.6,
            size=0.46,
            orbit=16 * side,
            lead=0.3,
            regard=1.0,
        ),
        cut(
            "replay",
            3.5,
            azimuth=122 * side,
            elevation=15,
            distance=10.0,
            size=0.3,
            orbit=-8 * side,
            lead=0.0,
            regard=1.2,
        ),
        cut("finish", 3.9, azimuth=18, elevation=4, distance=8, size=0.5, lead=0.1),
    )
    return Act(
        _stage(rng), (shooter, *others), events, SHOT, track.speed, cuts, {"angle": np.degrees(track.lean())},
        hinge=0.72, heading=_toward_goal(t, track), interest=_watched(t, puck), room=(-17.0, 17.0, -32.0, 32.0, 9.0),
    )  # fmt: skip


def _track(path: Array, speed: Array, when: float, share: float, back: Array | None = None) -> Track:
    """A track along waypoints (P, 2) that passes the point `share` of the way (by waypoints) at world time `when`."""
    dense = np.column_stack([_spline(path[:, k]) for k in (0, 1)])
    table = evenly(dense, 0.25)
    way = np.cumsum(speed) / RATE
    mark = float(arclength(dense)[round(share * (len(dense) - 1))])
    xy = smooth(table(way + mark - way[round(when * RATE)]), 0.7)
    return follow(flat, xy, back)


def _spline(values: Array, steps: int = 60) -> Array:
    x = np.linspace(0, len(values) - 1, (len(values) - 1) * steps + 1)
    return smooth(lerp(x, np.arange(len(values)), values), 1.3, steps)


def _toward_goal(t: Array, track: Track) -> Array:
    """The way cameras call ahead: along the rush, but to the goal while the shot is taken."""
    goal = unit(np.array([0.0, GOAL_Y, 0.0]) - track.spot[round(SHOT * RATE)])
    taken = ramp(t, SHOT - 1.4, SHOT - 0.5) * (1 - ramp(t, SHOT + 0.6, SHOT + 1.5))
    return mix(track.ahead, np.broadcast_to(goal, track.ahead.shape), taken)


def _watched(t: Array, puck: Array) -> Array:
    """What shares the picture (N, 3): the puck, and from before the shot the goal it will lie in."""
    goal = np.broadcast_to(np.array([0.0, GOAL_Y, 0.6]), puck.shape)
    return mix(puck, goal, ramp(t, SHOT - 1.3, SHOT - 0.5))


def _opened(t: Array, track: Track) -> Array:
    """The way the body faces (N, 2): along the skates, half opened to the goal for the shot."""
    half = 0.5 * ramp(t, SHOT - 0.9, SHOT - 0.2) * (1 - ramp(t, SHOT + 0.3, SHOT + 1.1))
    return unit(mix(track.ahead, _toward_goal(t, track), half))[:, :2]


def _wind(t: Array) -> Array:
    return bump(t, SHOT - 0.22, 0.34, 0.2)


def _handled(t: Array, track: Track) -> Array:
    """The puck (N, 3) while it is led: from side to side before the skates, still and to the right for the shot."""
    calm = ramp(t, SHOT - 0.9, SHOT - 0.45)
    side = (0.14 + 0.34 * np.sin(2 * np.pi * 1.15 * t)) * (1 - calm) + 0.50 * calm
    place = (
        track.spot
        + track.ahead * col(1.05 - 0.15 * calm + 0.08 * np.sin(2 * np.pi * 2.3 * t) * (1 - calm))
        + track.right * col(side)
    )
    place[:, 2] = 0.015
    return place


def _puck(rng: np.random.Generator, t: Array, handled: Array, power: float, side: float) -> tuple[Array, float]:
    """The puck's whole way and when it crosses the line: led, shot to a top corner, caught by the net."""
    start = handled[round(SHOT * RATE)]
    aim = np.array([-side * 0.62, GOAL_Y, 0.86 + rng.uniform(-0.05, 0.05)])
    flat_way = float(np.linalg.norm((aim - start)[:2]))
    duration = flat_way / (power * 0.985)
    goal = SHOT + duration
    tau = np.clip(t - SHOT, 0.0, duration)
    line_xy = start[:2] + (aim - start)[:2] * (tau / duration)[:, None]
    climb = (aim[2] - start[2] + 0.5 * G * duration**2) / duration
    z = start[2] + climb * tau - 0.5 * G * tau * tau
    net = np.clip(t - goal, 0.0, None)
    line_xy[:, 1] += 0.75 * (1 - np.exp(-net * 14.0)) - 0.35 * ramp(net, 0.15, 0.9)
    z: Array = np.where(net > 0, np.maximum(aim[2] - 0.5 * G * np.maximum(net - 0.06, 0) ** 2, 0.015), z)
    return np.where((t <= SHOT)[:, None], handled, np.column_stack([line_xy, z])), goal


def _disc(puck: Array) -> Gear:
    return gear(GearKind.PUCK, vector(len(puck), 0, 0, 1.0), puck)


def _heel(t: Array, track: Track, puck: Array, joy: Array) -> Array:
    """Where the heel of the shooter's stick is: at the puck, drawn back for the shot, through it, up in joy."""
    at = puck - track.ahead * 0.10 - track.right * 0.12
    led = np.where((t <= SHOT)[:, None], at, at[round(SHOT * RATE)])
    up = vector(len(t), 0, 0, 1.0)
    aim = _toward_goal(t, track) * [1.0, 1.0, 0.0]
    back = track.spot + track.right * 0.75 - aim * 0.65 + up * 0.85
    through = track.spot + (aim + track.ahead) * 0.8 + track.right * 0.1 + up * 0.5
    rest = track.spot + track.ahead * 1.1 + track.right * 0.35 + up * 0.04
    raised = track.spot + track.ahead * 0.35 + track.right * 0.55 + up * 2.75
    heel = mix(led, back, bump(t, SHOT - 0.24, 0.3, 0.22))
    heel = mix(heel, through, ramp(t, SHOT, SHOT + 0.22))
    heel = mix(heel, rest, ramp(t, SHOT + 0.3, SHOT + 0.7))
    heel = smooth(mix(heel, raised, joy), 0.14)
    heel[:, 2] = np.maximum(heel[:, 2], 0.03)
    return heel


def _touches(t: Array, handled: Array, track: Track) -> list[Event]:
    side = np.sum((handled - track.spot) * track.right, axis=1)
    turning = np.flatnonzero(np.diff(np.sign(np.gradient(side))) != 0)
    return [Event(EventKind.HIT, float(t[k]), 0.25) for k in turning if 0.1 < t[k] < SHOT - 0.6]


def _player(
    rng: np.random.Generator, t: Array, track: Track, phase: Array, amount: Array, heel: Array, joy: Array, role: str,
    extra: tuple[Gear, ...] = (), wind: Array | float = 0.0,
) -> Actor:  # fmt: skip
    n = len(t)
    lean = smooth(track.lean(), 0.3) * 0.9
    cross = np.clip(smooth(lean, 0.5) / 0.35, 0, 1)
    skating = skate(flat, track, phase, STRIDE, amount, cross, lean, BOOT)
    frame = leaned(track, lean - 0.08 * np.sin(2 * np.pi * phase) * amount)
    deep = np.cos(4 * np.pi * phase) * amount
    pelvis = (
        track.spot
        + track.right * col(skating.sway)
        + frame.up * col(STRIDE.tall + 0.03 * deep - 0.06 * np.asarray(wind) + 0.2 * joy)
    )
    pelvis = pelvis - track.ahead * col(0.10 * (1 - joy))
    left, right, butt = _grip(track, frame.up, pelvis, heel, joy, n)
    feet = skating.feet
    look = unit(mix(track.ahead * 4 + (heel - pelvis) * 0.3, heel - pelvis, 0.25 * (1 - joy)) + vector(n, 0, 0, 0.2))
    pose = Pose(
        pelvis, frame, (feet[0].ankle, feet[1].ankle), (feet[0].ahead, feet[1].ahead), (feet[0].sole, feet[1].sole),
        alive(rng, t, pelvis, frame, (left, right), 0.4), look, bend=0.80 + 0.05 * deep - 0.55 * joy,
        twist=-0.5 * np.asarray(wind) + 0.5 * bump(t, SHOT + 0.1, 0.2, 0.5) * (role == "athlete"), nod=0.8,
        planted=(np.clip(skating.pushes[0] * 3, 0, 1), np.clip(skating.pushes[1] * 3, 0, 1)),
    )  # fmt: skip
    joints = assemble(pose)
    gears = [
        blade(joints[:, ankle], foot.ahead, foot.sole, 0.13, 0.17, BOOT)
        for ankle, foot in zip(ANKLES, feet, strict=True)
    ]
    gears.append(_stick(joints, heel, butt, track))
    contact, load = pressed(flat, skating)
    spray = 0.35 * np.maximum(*skating.pushes) * (0.4 + np.abs(lean)) + 0.3 * np.asarray(wind)
    return actor(role, pose, (*gears, *extra), contact, load / np.maximum(np.cos(lean), 0.5), spray, joints)


def _grip(track: Track, up: Array, pelvis: Array, heel: Array, joy: Array, n: int) -> tuple[Arm, Arm, Array]:
    """Both hands on the shaft: the left at its end, the right a third of the way down; only the right in joy."""
    chest = pelvis + up * 0.02 + track.ahead * 0.50 - track.right * 0.22
    top = pelvis + up * 0.95 + track.right * 0.50 + track.ahead * 0.20
    hand = mix(chest, top, joy)
    butt = heel + unit(hand - heel) * SHAFT
    left = Arm(reach(n, -0.25, 0.1, 0.50).local, world=butt, grip=1 - joy, elbow=reach(n, -0.8, -0.3, -0.2).local)
    low = butt + (heel - butt) * 0.34
    right = Arm(
        reach(n, 0.25, 0.25, -0.3).local,
        world=mix(low, butt + (heel - butt) * 0.12, joy),
        grip=1.0,
        elbow=reach(n, 0.8, -0.4, -0.3).local,
    )
    return left, right, butt


def _stick(joints: Array, heel: Array, butt: Array, track: Track) -> Gear:
    """The stick through the right hand, its heel where it works, its blade ahead."""
    hand = joints[:, HANDS[1]]
    along = unit(heel - hand)
    top = hand - along * np.linalg.norm(butt - hand, axis=1, keepdims=True).clip(0.1, 0.55)
    low = top + along * SHAFT
    tip = low + unit(track.ahead * 0.5 - track.right * 0.8) * 0.28
    tip[:, 2] = np.maximum(tip[:, 2], np.minimum(low[:, 2], 0.03))
    return gear(GearKind.STICK, track.right, top, low, tip)


def _others(
    rng: np.random.Generator, t: Array, track: Track, puck: Array, goal: float, side: float
) -> tuple[Actor, ...]:
    n = len(t)
    none = np.zeros(n)
    # The defender skates backwards before the rush, is passed and turns away.
    y = lerp(t, [0, 3.4, 5.2, 7.5, SECONDS], [-9.0, 9.0, 12.3, 14.5, 17.0])
    x = keys(t, (0, -side * 3.0), (3.2, side * 1.4), (4.6, side * 3.4), (7.0, side * 4.5), (SECONDS, side * 3.0))
    guard_xy = smooth(np.column_stack([x, y]), 1.6)
    guard = follow(flat, guard_xy, smooth(track.spot[:, :2] - guard_xy, 0.8))
    mate_xy = smooth(track.spot[:, :2] * [0.55, 1.0] + [-side * 5.5, -3.5] + 0.5 * noise(rng, t, 0.1, 2), 1.0)
    mate_xy[:, 0] += 0.0 * none
    mate = follow(flat, mate_xy, smooth(np.gradient(mate_xy, axis=0) + np.array([0, 0.01]), 1.0))
    result: list[Actor] = []
    for role, way, pace in (("rival", guard, 0.75), ("mate", mate, 0.8)):
        joy = ramp(t, goal + 0.7, goal + 1.4) if role == "mate" else none
        heel = way.spot + way.ahead * 1.05 + way.right * col(0.25 + 0.2 * np.sin(2 * np.pi * 0.7 * t))
        heel = mix(heel + np.array([0, 0, 0.04]), way.spot + way.ahead * 0.3 + way.right * 0.5 + [0, 0, 2.7], joy)
        result.append(
            _player(rng, t, way, pace * t + rng.uniform(), (1 - joy) * np.clip(way.speed / 3, 0, 1), heel, joy, role)
        )
    return (*result, _keeper(rng, t, puck, goal, side))


def _keeper(rng: np.random.Generator, t: Array, puck: Array, goal: float, side: float) -> Actor:
    n = len(t)
    drop = ramp(t, SHOT + 0.02, goal + 0.06)
    follow_x = smooth(np.clip(puck[:, 0] * 0.12, -0.6, 0.6), 0.5) * (1 - drop) - side * 0.18 * drop
    xy = np.column_stack([follow_x, np.full(n, GOAL_Y - 1.0)])
    track = follow(flat, xy, np.tile([0.0, -1.0], (n, 1)))
    shuffle = 0.03 * np.sin(2 * np.pi * 1.6 * t) * (1 - drop)
    frame = leaned(track, 0.12 * side * drop)
    width = 0.30 + 0.34 * drop + shuffle
    up = vector(n, 0, 0, 1.0)
    feet = [track.spot + track.right * col(s * width) + up * BOOT - track.ahead * col(0.1 * drop) for s in (-1.0, 1.0)]
    pelvis = (
        track.spot
        + up * col(0.72 - 0.24 * drop + 0.02 * np.sin(2 * np.pi * 0.8 * t) + 0.04 * shuffle)
        - track.ahead * 0.14
    )
    glove = track.spot - up * 0.0 + vector(n, -side * 0.75, 0.0, 1.02)
    left_is_glove = side > 0
    heel = track.spot + track.ahead * 0.55 + track.right * 0.25 + up * 0.04
    butt = heel + unit(pelvis + track.right * 0.35 + track.ahead * 0.2 + up * 0.25 - heel) * 1.15
    glove_arm = Arm(
        reach(n, -0.42, 0.30, -0.20).local,
        world=glove,
        grip=ramp(t, SHOT + 0.06, goal + 0.08) * (0.95 if left_is_glove else 0.4),
    )
    stick_arm = Arm(reach(n, 0.3, 0.3, -0.3).local, world=butt + (heel - butt) * 0.3, grip=1.0)
    down = ramp(t, goal + 0.7, goal + 1.8)
    look = unit(puck - pelvis - up * 0.4 + [0, 0, 0.01]) * col(1 - down) + unit(track.ahead - up * 1.0) * col(down)
    look = unit(smooth(look, 0.3))
    toes = [unit(track.ahead + track.right * (0.25 * s) + 0 * up) for s in (-1.0, 1.0)]
    pose = Pose(
        pelvis, frame, (feet[0], feet[1]), (toes[0], toes[1]), (up, up),
        alive(rng, t, pelvis, frame, (glove_arm, stick_arm), 0.6), look, bend=0.72 - 0.25 * drop + 0.4 * down, nod=0.7,
        knees=(0.25 - 1.0 * drop, 0.25 - 1.0 * drop),
    )  # fmt: skip
    joints = assemble(pose)
    gears = [blade(joints[:, ankle], toe, up, 0.13, 0.17, BOOT) for ankle, toe in zip(ANKLES, toes, strict=True)]
    gears.append(_stick(joints, heel, butt, track))
    return actor("keeper", pose, tuple(gears), track.spot, np.ones(n), 0.15 * bump(t, goal, 0.2, 0.3), joints)


def _stage(rng: np.random.Generator) -> Stage:
    rink = rounded(15.0, 30.0, 8.5)
    items: list[Furniture] = [line(flat, FurnitureKind.BOARDS, rink, 2)]
    for end in (-1.0, 1.0):
        posts = np.array([[-0.915, end * GOAL_Y, 0.0], [0.915, end * GOAL_Y, 0.0]])
        items.append(Furniture(FurnitureKind.GOAL, single(posts), 0))
        items.append(line(flat, FurnitureKind.LINE, np.array([[-14.5, end * GOAL_Y], [14.5, end * GOAL_Y]]), 0))
        items.append(line(flat, FurnitureKind.LINE, np.array([[-15.0, end * 7.5], [15.0, end * 7.5]]), 1))
        items += [line(flat, FurnitureKind.LINE, ring(x, end * 20.0, 4.5), 0) for x in (-7.0, 7.0)]
        arc = np.linspace(np.pi, 2 * np.pi, 20) if end > 0 else np.linspace(0, np.pi, 20)
        items.append(
            line(flat, FurnitureKind.LINE, np.column_stack([1.8 * np.cos(arc), end * GOAL_Y + 1.8 * np.sin(arc)]), 1)
        )
    items.append(line(flat, FurnitureKind.LINE, np.array([[-15.0, 0.0], [15.0, 0.0]]), 0))
    items.append(line(flat, FurnitureKind.LINE, ring(0.0, 0.0, 4.5), 1))
    items += seats(rng, flat)
    return hall(rink, 30.0, items)
