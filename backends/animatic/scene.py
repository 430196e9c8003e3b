"""The animator's own words: what is simulated, seen and heard, before a single pixel is drawn.

`motion/` makes a `Performance` (numbers in metres, seconds and radians); `draw/` turns it into frames;
`sound/` turns its events and speeds into a waveform. None of them knows the others, all know this module.

Axes: x to the right of the course, y along it, z up; metres. World time in seconds from the start of the
simulated run. Clip time in seconds of the finished film; a `Shot` maps one to the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

RATE: Final = 120
"""Samples a second of world time of every simulated track."""

JOINTS: Final = (
    "pelvis", "chest", "neck", "head",
    "l_shoulder", "l_elbow", "l_hand", "r_shoulder", "r_elbow", "r_hand",
    "l_hip", "l_knee", "l_ankle", "l_toe", "r_hip", "r_knee", "r_ankle", "r_toe",
)  # fmt: skip
"""The skeleton, in the order of the joint axis of `Actor.joints`."""


class GearKind(StrEnum):
    """What an athlete wears, holds or rides; decides how its points are drawn."""

    SKI = "ski"  # points (N, 3, 3): tail, boot, tip
    BOARD = "board"  # points (N, 3, 3): tail, middle, nose
    POLE = "pole"  # points (N, 2, 3): grip, basket
    BLADE = "blade"  # points (N, 2, 3): heel, toe
    SLED = "sled"  # points (N, 2, 3): rear, front of a luge or skeleton sled
    BOB = "bob"  # points (N, 2, 3): rear, front of a bobsleigh hull
    STONE = "stone"  # points (N, 2, 3): centre, end of the handle
    STICK = "stick"  # points (N, 3, 3): butt, heel, blade tip
    BROOM = "broom"  # points (N, 2, 3): grip, head
    PUCK = "puck"  # points (N, 1, 3)
    RIFLE = "rifle"  # points (N, 2, 3): butt, muzzle


@dataclass(frozen=True, slots=True)
class Gear:
    """One piece of equipment; `points` (N, P, 3) as its kind says, `normal` (N, 3) the upper side."""

    kind: GearKind
    points: Floats
    normal: Floats


@dataclass(frozen=True, slots=True)
class Actor:
    """One body in motion, sampled `RATE` times a second.

    `joints` (N, 18, 3) world positions in the order of `JOINTS`; `velocity` (N, 3) m/s of the pelvis;
    `load` (N,) in g on the contact edge (0 in the air); `spray` (N,) 0..1 how much snow or ice the contact
    throws; `contact` (N, 3) where it does; `facing` (N, 3) where the visor looks.
    `role` is "athlete" for the one the film is about, else "rival", "mate", "sweeper", "keeper" …; `bare` is the head
    of those whose sport knows no helmet.
    """

    role: str
    joints: Floats
    velocity: Floats
    load: Floats
    spray: Floats
    contact: Floats
    facing: Floats
    gear: tuple[Gear, ...] = ()
    bare: bool = False


class FurnitureKind(StrEnum):
    """Things that stand in the world; decides how their points are drawn."""

    GATE = "gate"  # points (4, 3): foot and top of the turning pole, foot and top of the outer pole
    FENCE = "fence"  # points (P, 3): line of feet, 1 m high
    BOARDS = "boards"  # points (P, 3): line of feet of rink boards, 1.1 m high
    STAND = "stand"  # points (4, 3): ground rectangle of a tribune full of people, facing points 0-1
    CROWD = "crowd"  # points (P, 3): people standing along a line
    FLAG = "flag"  # points (2, 3): foot and top of a flag pole
    TOWER = "tower"  # points (P, 3): centre line of the in-run of a jump and its support
    CHANNEL = "channel"  # points (P, 3): centre line of an ice channel (bob, luge, skeleton); width 1.5 m
    TARGETS = "targets"  # points (5, 3): biathlon targets
    ARCH = "arch"  # points (2, 3): feet of a start or finish arch, 5 m high
    HOUSE = "house"  # points (1, 3): centre of a curling house (radii 0.15, 0.61, 1.22, 1.83 m)
    GOAL = "goal"  # points (2, 3): feet of the posts of a hockey goal, 1.22 m high
    LINE = "line"  # points (P, 3): paint on ice or snow
    TREE = "tree"  # points (P, 3): feet of trees that must stand there (the forest is the drawing's own)
    LIP = "lip"  # points (P, 3): edge of a kicker, half-pipe deck or take-off table
    LAMP = "lamp"  # points (2, 3): foot and top of a floodlight mast


@dataclass(frozen=True, slots=True)
class Furniture:
    """One thing that stands in the world; `points` (P, 3) as its kind says, `hue` a slot of the palette 0..3."""

    kind: FurnitureKind
    points: Floats
    hue: int = 0


class Material(StrEnum):
    """What the ground is made of."""

    SNOW = "snow"
    ICE = "ice"


class Setting(StrEnum):
    """What stands around the course."""

    MOUNTAIN = "mountain"  # ranges, forest, sky
    HALL = "hall"  # roof, lamps, stands around ice


@dataclass(frozen=True, slots=True)
class Stage:
    """The place. `height(x, y)` gives the ground's z for arrays of equal shape (metres); `course` (P, 3) is the
    centre line of the groomed surface and `width` its breadth in metres."""

    setting: Setting
    material: Material
    height: Callable[[Floats, Floats], Floats]
    course: Floats
    width: float
    furniture: tuple[Furniture, ...] = ()


class EventKind(StrEnum):
    """Moments one can hear or that the picture answers to."""

    START = "start"
    TAKEOFF = "takeoff"
    LANDING = "landing"
    GATE = "gate"
    TURN = "turn"
    PUSH = "push"  # a skating stride, a poling stroke, a sled push
    HIT = "hit"  # stick on puck, stone on stone
    SHOT = "shot"  # a rifle
    TARGET = "target"  # a target falls
    SWEEP = "sweep"
    GOAL = "goal"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at `time` (world seconds) with `strength` 0..1."""

    kind: EventKind
    time: float
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Shot:
    """One camera's stretch of the film.

    Clip time `begin` ≤ t < `end` shows world time `since` … `until`, linearly: equal lengths are real time, a
    shorter world stretch is slow motion. Only a replay may start before the previous shot's `until`; every other
    shot continues exactly where the last one stopped.
    Sampled once a frame (`frames = round((end - begin) · fps)`): `eye` (F, 3), `target` (F, 3) in metres,
    `focal` (F,) in units of the frame's height (1.0 ≈ 53° vertical view), `roll` (F,) rad.
    `kind` is one of establish, follow, low, front, overhead, athlete, crane, side, replay, finish.
    """

    kind: str
    begin: float
    end: float
    since: float
    until: float
    eye: Floats
    target: Floats
    focal: Floats
    roll: Floats
    replay: bool = False


@dataclass(frozen=True, slots=True)
class Performance:
    """Everything that happens and how it is filmed: one continuous world, several cameras."""

    stage: Stage
    actors: tuple[Actor, ...]
    shots: tuple[Shot, ...]
    events: tuple[Event, ...]
    decisive: float
    """World time of the moment that decides (take-off, shot, last turn)."""
    speed: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """(N,) m/s of the athlete; also what the wind sings by."""
    hud: dict[str, Floats] = field(default_factory=dict[str, Floats])
    """True data for displays, each (N,): "speed" km/h, "height" m above ground, "angle" degrees."""


class Hour(StrEnum):
    """Time of day."""

    DAWN = "dawn"
    NOON = "noon"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """What falls from the sky."""

    CLEAR = "clear"
    SNOWFALL = "snowfall"
    STORM = "storm"


class Subject(StrEnum):
    """Who the athlete is, where the sentence says so and a shape can show it."""

    HUMAN = "human"
    FOX = "fox"
    CAT = "cat"
    CHICKEN = "chicken"
    ROBOT = "robot"
    BEAR = "bear"
    POLAR_BEAR = "polar_bear"
    PANDA = "panda"
    PENGUIN = "penguin"
    RABBIT = "rabbit"
    DRAGON = "dragon"
    MONKEY = "monkey"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the animator understood of the sentence; `colours` are (r, g, b) 0..255, most important first."""

    hour: Hour
    weather: Weather
    subject: Subject
    colours: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """One film to make, complete and JSON-able: what crosses from the bot to the animator's process.

    `staging` names a module of `motion/` and `staging_options` its numbers, both from the sport's TOML.
    `camera` is multi (five shots) or the kind of shot to favour. The film has round(seconds · fps) frames; each
    drawing stands for `hold` of them.
    """

    prompt: str
    sport: str
    sport_title: str
    staging: str
    staging_options: dict[str, float | str]
    style: str
    camera: str
    seed: int
    width: int = 1280
    height: int = 720
    fps: int = 24
    seconds: float = 15.0
    language: str = "en"
    image: str | None = None
    sound: str | None = None
    author: str = ""
    hold: int = 1
