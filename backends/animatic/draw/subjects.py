"""Who the athlete is: a person, or one of the animals and beings a shape can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals, crossed, unit
from backends.animatic.draw.body import Limb
from backends.animatic.draw.figure import Part, Pose, bare_head, limbs_of
from backends.animatic.scene import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from backends.animatic.draw.palette import Colour

FUR: dict[Subject, Colour] = {
    Subject.FOX: (40, 112, 232),
    Subject.CAT: (92, 140, 178),
    Subject.CHICKEN: (240, 246, 250),
    Subject.ROBOT: (188, 176, 166),
    Subject.BEAR: (52, 78, 116),
    Subject.POLAR_BEAR: (206, 226, 236),
    Subject.PANDA: (232, 238, 242),
    Subject.PENGUIN: (58, 46, 40),
    Subject.RABBIT: (214, 214, 222),
    Subject.DRAGON: (76, 158, 64),
    Subject.MONKEY: (48, 84, 132),
}


def fur_of(subject: Subject, number: int) -> Colour:
    """The colour of the fur, feathers, scales or steel."""
    return FUR.get(subject, (60, 90, 130)) if number == 0 else (60, 90, 130)


def limbs_for(subject: Subject | None, pose: Pose, bare: bool = False) -> list[Limb]:
    """The body of an actor, bare-headed or not; only the athlete may be something other than a person."""
    maker = MAKERS.get(subject) if subject is not None else None
    if maker is not None:
        return maker(pose)
    return [*limbs_of(pose, helmet=False), *bare_head(pose)] if bare else limbs_of(pose)


class Head:
    """Axes of a head: `at` its centre, `ahead`, `up`, `side` unit vectors."""

    def __init__(self, pose: Pose) -> None:
        self.at = pose["head"]
        self.ahead = unit(pose.facing)
        self.side = unit(crossed(self.ahead, self.at - pose["neck"]))
        self.up = crossed(self.side, self.ahead)
        self._axes = [tuple(axis.tolist()) for axis in (self.at, self.ahead, self.side, self.up)]

    def place(self, ahead: float, side: float, up: float) -> Reals:
        """A point in metres from the centre of the head."""
        at, way, aside, above = self._axes
        return np.array([at[i] + way[i] * ahead + aside[i] * side + above[i] * up for i in range(3)], np.float32)

    def ball(self, ahead: float, side: float, up: float, radius: float, part: Part) -> Limb:
        """A sphere on the head."""
        at = self.place(ahead, side, up)
        return Limb(at, at, radius, radius, part)

    def pair(self, ahead: float, side: float, up: float, radius: float, part: Part) -> list[Limb]:
        """Two spheres, mirrored."""
        return [self.ball(ahead, sign * side, up, radius, part) for sign in (-1, 1)]

    def horns(
        self, root: tuple[float, float, float], tip: tuple[float, float, float], radii: tuple[float, float], part: Part
    ) -> list[Limb]:
        """Two cones, mirrored: ears, horns."""
        return [
            Limb(
                self.place(root[0], sign * root[1], root[2]),
                self.place(tip[0], sign * tip[1], tip[2]),
                radii[0],
                radii[1],
                part,
            )
            for sign in (-1, 1)
        ]


def tail(
    pose: Pose, length: float, radii: tuple[float, float, float], parts: tuple[Part, Part], lift: float
) -> list[Limb]:
    """A tail that lags behind the body's way and swings; of one who lies feet first it goes along the legs."""
    speed = float(np.linalg.norm(pose.velocity))
    back = -pose.velocity / max(speed, 0.5)
    spine = unit(pose["chest"] - pose["pelvis"])
    lying = min(max((float(back @ spine) - 0.4) / 0.3, 0.0), 1.0)
    back, lift = back * (1 - lying) - spine * lying, lift * (1 - 0.85 * lying)
    length = length * (1 - 0.3 * lying)
    side = np.array([back[1], -back[0], 0], np.float32)
    up = np.array([0, 0, 1], np.float32)
    trail = min(speed / 9, 1.0)
    path = [pose["pelvis"] + up * 0.02]
    for step in range(1, 5):
        part = step / 4
        swing = 0.34 * part * np.sin(pose.time * 7.0 - part * 2.2)
        rise = lift * part * (1.15 - 0.75 * trail) - 0.10 * (1 - trail)
        out = back * (0.35 + 0.65 * trail) * part
        path.append(path[0] + (out + side * swing + up * rise).astype(np.float32) * np.float32(length))
    root, broad, tip = (radius * (1 - 0.5 * lying) for radius in radii)
    middle = [root, root * 0.5 + broad * 0.5, broad, broad * 0.8, tip]
    return [
        Limb(path[step], path[step + 1], middle[step], middle[step + 1], parts[1] if step == 3 else parts[0])
        for step in range(4)
    ]


def _eyes(head: Head, ahead: float, side: float, up: float, size: float = 0.026) -> list[Limb]:
    return [
        *head.pair(ahead, side, up, size, Part.PALE),
        *head.pair(ahead + size * 0.6, side, up, size * 0.68, Part.EYE),
    ]


def fox(pose: Pose) -> list[Limb]:
    """Pointed ears, a narrow white-cheeked muzzle, a great brush tail with a white tip."""
    head = Head(pose)
    return [
        *limbs_of(pose, helmet=False),
        head.ball(0, 0, 0.02, 0.138, Part.FUR),
        Limb(head.place(0.05, 0, -0.03), head.place(0.235, 0, -0.055), 0.085, 0.03, Part.FUR),
        Limb(head.place(0.06, 0, -0.075), head.place(0.2, 0, -0.078), 0.075, 0.028, Part.PALE),
        *head.pair(0.03, 0.085, -0.06, 0.07, Part.PALE),
        head.ball(0.255, 0, -0.05, 0.026, Part.EYE),
        *head.horns((-0.02, 0.075, 0.1), (-0.03, 0.115, 0.31), (0.062, 0.012), Part.FUR),
        *head.horns((0.012, 0.08, 0.11), (0.0, 0.112, 0.255), (0.036, 0.008), Part.DARK),
        *_eyes(head, 0.105, 0.062, 0.035, 0.03),
        *tail(pose, 1.0, (0.07, 0.165, 0.03), (Part.FUR, Part.PALE), 0.75),
    ]


def cat(pose: Pose) -> list[Limb]:
    """A round head, short ears, a thin curling tail."""
    head = Head(pose)
    return [
        *limbs_of(pose, helmet=False),
        head.ball(0, 0, 0.02, 0.15, Part.FUR),
        *head.pair(0.1, 0.04, -0.045, 0.055, Part.PALE),
        head.ball(0.155, 0, -0.02, 0.02, Part.DARK),
        *head.horns((-0.01, 0.085, 0.1), (-0.02, 0.115, 0.235), (0.066, 0.01), Part.FUR),
        *head.horns((0.02, 0.087, 0.11), (0.005, 0.112, 0.2), (0.036, 0.008), Part.SKIN),
        *_eyes(head, 0.115, 0.06, 0.04, 0.036),
        *[
            Limb(
                head.place(0.12, sign * 0.05, -0.05),
                head.place(0.1, sign * 0.26, -0.03 - 0.04 * row),
                0.006,
                0.002,
                Part.PALE,
            )
            for sign in (-1, 1)
            for row in (0, 1)
        ],
        *tail(pose, 0.95, (0.035, 0.045, 0.035), (Part.FUR, Part.DARK), 1.0),
    ]


def rabbit(pose: Pose) -> list[Limb]:
    """Two long ears that stream behind, a bob of a tail."""
    head = Head(pose)
    bob = pose["pelvis"] - pose.velocity / max(float(np.linalg.norm(pose.velocity)), 0.5) * 0.17
    return [
        *limbs_of(pose, helmet=False),
        head.ball(0, 0, 0.015, 0.145, Part.FUR),
        *head.pair(0.1, 0.038, -0.05, 0.056, Part.PALE),
        head.ball(0.16, 0, -0.025, 0.018, Part.SKIN),
        *head.horns((-0.02, 0.05, 0.12), (-0.12, 0.085, 0.47), (0.045, 0.05), Part.FUR),
        *head.horns((0.015, 0.052, 0.15), (-0.085, 0.086, 0.44), (0.024, 0.026), Part.SKIN),
        *_eyes(head, 0.11, 0.068, 0.035, 0.033),
        Limb(bob, bob, 0.1, 0.1, Part.PALE),
    ]


def _stout(pose: Pose) -> list[Limb]:
    """A bear's body: loose clothes over a round belly."""
    belly = pose["pelvis"] * 0.5 + pose["chest"] * 0.5
    return [*limbs_of(pose, loose=0.04, helmet=False), Limb(belly, belly, 0.24, 0.24, Part.SUIT)]


def bear(pose: Pose) -> list[Limb]:
    """Broad, with small round ears and a blunt muzzle."""
    head = Head(pose)
    return [
        *_stout(pose),
        head.ball(0, 0, 0.02, 0.175, Part.FUR),
        Limb(head.place(0.08, 0, -0.05), head.place(0.17, 0, -0.06), 0.092, 0.07, Part.PALE),
        head.ball(0.235, 0, -0.035, 0.035, Part.EYE),
        *head.pair(-0.01, 0.135, 0.14, 0.07, Part.FUR),
        *head.pair(0.02, 0.135, 0.14, 0.042, Part.SKIN),
        *_eyes(head, 0.145, 0.07, 0.05, 0.026),
    ]


def panda(pose: Pose) -> list[Limb]:
    """A bear in two colours: dark ears, and a dark patch slanting down about each eye."""
    head = Head(pose)
    return [
        *_stout(pose),
        head.ball(0, 0, 0.02, 0.178, Part.FUR),
        Limb(head.place(0.09, 0, -0.05), head.place(0.155, 0, -0.06), 0.088, 0.07, Part.FUR),
        head.ball(0.215, 0, -0.035, 0.034, Part.EYE),
        *head.pair(-0.01, 0.14, 0.145, 0.072, Part.DARK),
        *head.horns((0.138, 0.062, 0.06), (0.122, 0.098, 0.0), (0.052, 0.042), Part.DARK),
        *_eyes(head, 0.178, 0.068, 0.05, 0.022),
    ]


def monkey(pose: Pose) -> list[Limb]:
    """A pale heart of a face, side ears, a long thin tail."""
    head = Head(pose)
    return [
        *limbs_of(pose, helmet=False),
        head.ball(0, 0, 0.02, 0.145, Part.FUR),
        *head.pair(0.07, 0.045, 0.03, 0.085, Part.SKIN),
        Limb(head.place(0.09, -0.03, -0.065), head.place(0.09, 0.03, -0.065), 0.08, 0.08, Part.SKIN),
        *head.pair(0.0, 0.16, 0.02, 0.06, Part.FUR),
        *head.pair(0.02, 0.165, 0.02, 0.038, Part.SKIN),
        *_eyes(head, 0.145, 0.045, 0.045, 0.026),
        *[
            Limb(head.place(0.05 * step, 0, 0.15), head.place(0.05 * step, 0, 0.16), 0.02, 0.01, Part.TRIM)
            for step in (0, 1)
        ],
        Limb(head.place(0.06, -0.1, 0.1), head.place(0.06, 0.1, 0.1), 0.03, 0.03, Part.TRIM),
        *tail(pose, 1.15, (0.03, 0.03, 0.026), (Part.FUR, Part.FUR), 1.1),
    ]


def chicken(pose: Pose) -> list[Limb]:
    """A plump feathered body, a red comb, a yellow beak, tail feathers and wings on the arms."""
    head = Head(pose)
    belly = pose["pelvis"] * 0.55 + pose["chest"] * 0.45
    feathers = [
        Limb(
            pose[side + "elbow"],
            pose[side + "hand"] + (pose[side + "hand"] - pose[side + "elbow"]) * 0.35,
            0.105,
            0.035,
            Part.FUR,
        )
        for side in ("l_", "r_")
    ]
    plumes = [
        limb
        for lift in (0.5, 0.9, 1.3)
        for limb in tail(pose, 0.42, (0.09, 0.07, 0.03), (Part.FUR, Part.TRIM), lift)[2:]
    ]
    comb = [
        Limb(
            head.place(0.06 - 0.055 * step, 0, 0.12),
            head.place(0.055 - 0.065 * step, 0, 0.2 - 0.02 * abs(step - 1)),
            0.035,
            0.026,
            Part.COMB,
        )
        for step in range(4)
    ]
    return [
        *limbs_of(pose, helmet=False),
        Limb(belly, pose["chest"], 0.26, 0.2, Part.FUR),
        Limb(pose["chest"], pose["head"], 0.14, 0.11, Part.FUR),
        *feathers,
        *plumes,
        head.ball(0, 0, 0.03, 0.122, Part.FUR),
        *comb,
        Limb(head.place(0.1, 0, 0.015), head.place(0.23, 0, -0.005), 0.052, 0.008, Part.TRIM),
        *head.pair(0.11, 0.022, -0.085, 0.034, Part.COMB),
        *_eyes(head, 0.08, 0.075, 0.055, 0.026),
    ]


def penguin(pose: Pose) -> list[Limb]:
    """A white belly under a dark back, flippers, an orange beak."""
    head = Head(pose)
    belly = pose["pelvis"] * 0.6 + pose["chest"] * 0.4
    front = head.ahead * 0.1
    flippers = [Limb(pose[side + "shoulder"], pose[side + "hand"], 0.085, 0.04, Part.FUR) for side in ("l_", "r_")]
    return [
        *limbs_of(pose, helmet=False),
        Limb(belly, pose["chest"], 0.27, 0.2, Part.FUR),
        Limb(belly + front, pose["chest"] + front, 0.23, 0.165, Part.PALE),
        *flippers,
        head.ball(0, 0, 0.02, 0.145, Part.FUR),
        *head.pair(0.055, 0.055, 0.01, 0.088, Part.PALE),
        Limb(head.place(0.12, 0, -0.01), head.place(0.26, 0, -0.035), 0.045, 0.01, Part.TRIM),
        *head.pair(0.128, 0.055, 0.045, 0.022, Part.EYE),
        Limb(pose["neck"], pose["neck"], 0.125, 0.125, Part.SUIT),
    ]


def robot(pose: Pose) -> list[Limb]:
    """Steel limbs with dark joints, a boxy head with a glowing slit, an antenna."""
    body = [
        limb._replace(part=_steel(limb.part), second=Part.DARK if limb.second >= 0 else -1)
        for limb in limbs_of(pose, helmet=False)
    ]
    joints = [
        Limb(pose[name], pose[name], 0.085, 0.085, Part.DARK)
        for name in ("l_knee", "r_knee", "l_elbow", "r_elbow", "l_shoulder", "r_shoulder")
    ]
    head = Head(pose)
    box = [
        Limb(head.place(ahead, -0.09, up), head.place(ahead, 0.09, up), 0.075, 0.075, Part.METAL)
        for ahead in (-0.06, 0.06)
        for up in (-0.05, 0.09)
    ]
    core = pose["chest"] + head.ahead * 0.13
    return [
        *body,
        *joints,
        *box,
        head.ball(0, 0, 0.02, 0.13, Part.METAL),
        Limb(head.place(0.125, -0.075, 0.035), head.place(0.125, 0.075, 0.035), 0.03, 0.03, Part.GLOW),
        Limb(head.place(0, 0.06, 0.14), head.place(-0.05, 0.07, 0.36), 0.014, 0.01, Part.METAL),
        head.ball(-0.055, 0.07, 0.38, 0.03, Part.SUIT),
        Limb(core, core, 0.06, 0.06, Part.GLOW),
    ]


def _steel(part: int) -> int:
    return {Part.SUIT: Part.METAL, Part.SKIN: Part.DARK, Part.THIRD: Part.SUIT, Part.GLOVE: Part.METAL}.get(
        Part(part), part
    )


def dragon(pose: Pose) -> list[Limb]:
    """Scales, horns, a long muzzle, wings that beat the air and a spiked tail."""
    head = Head(pose)
    spine = pose["chest"] - head.ahead * 0.12
    beat = 0.35 * np.sin(pose.time * 6)
    wings: list[Limb] = []
    for sign in (-1, 1):
        elbow = spine + head.side * (0.5 * sign) + np.array([0, 0, 0.42 + beat * 0.6], np.float32)
        tips = [
            spine + head.side * (out * sign) - head.ahead * 0.25 + np.array([0, 0, high + beat], np.float32)
            for out, high in ((0.95, 0.3), (0.8, 0.02), (0.55, -0.15))
        ]
        wings.append(Limb(spine, elbow, 0.05, 0.035, Part.FUR))
        wings += [Limb(elbow, tip.astype(np.float32), 0.045, 0.02, Part.SUIT) for tip in tips]
        wings += [Limb((elbow + spine) / 2, tip.astype(np.float32), 0.06, 0.03, Part.SUIT) for tip in tips]
    return [
        *[
            limb._replace(part=Part.FUR if limb.part in {Part.THIRD, Part.GLOVE, Part.SKIN} else limb.part)
            for limb in limbs_of(pose, helmet=False)
        ],
        *wings,
        head.ball(0, 0, 0.02, 0.135, Part.FUR),
        Limb(head.place(0.05, 0, -0.02), head.place(0.25, 0, -0.05), 0.09, 0.05, Part.FUR),
        *head.pair(0.27, 0.03, -0.015, 0.024, Part.DARK),
        *head.horns((-0.05, 0.06, 0.1), (-0.22, 0.11, 0.27), (0.036, 0.008), Part.TRIM),
        *_eyes(head, 0.1, 0.075, 0.06, 0.03),
        *tail(pose, 1.25, (0.12, 0.075, 0.02), (Part.FUR, Part.TRIM), 0.55),
    ]


MAKERS: dict[Subject, Callable[[Pose], list[Limb]]] = {
    Subject.FOX: fox,
    Subject.CAT: cat,
    Subject.RABBIT: rabbit,
    Subject.BEAR: bear,
    Subject.POLAR_BEAR: bear,
    Subject.PANDA: panda,
    Subject.MONKEY: monkey,
    Subject.CHICKEN: chicken,
    Subject.PENGUIN: penguin,
    Subject.ROBOT: robot,
    Subject.DRAGON: dragon,
}
