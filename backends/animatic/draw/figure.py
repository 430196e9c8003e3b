"""An athlete's body from eighteen joints: limbs with volume, a suit with a pattern, a helmet with a visor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from backends.animatic.draw.arrays import Reals, crossed, unit
from backends.animatic.draw.body import Cloth, Limb
from backends.animatic.draw.palette import Palette, mix, vector
from backends.animatic.scene import JOINTS

if TYPE_CHECKING:
    from backends.animatic.draw.palette import Colour


class Part(IntEnum):
    """Materials a figure is made of."""

    SUIT = 0
    TRIM = 1
    THIRD = 2
    GLOVE = 3
    BOOT = 4
    HELMET = 5
    VISOR = 6
    SKIN = 7
    FUR = 8
    PALE = 9
    DARK = 10
    EYE = 11
    METAL = 12
    GLOW = 13
    COMB = 14
    HAIR = 15


J = {name: index for index, name in enumerate(JOINTS)}


@dataclass(frozen=True, slots=True)
class Pose:
    """One instant of an actor: `joints` (18, 3), `facing` (3,), `velocity` (3,), the world `time` in seconds."""

    joints: Reals
    facing: Reals
    velocity: Reals
    time: float

    def __getitem__(self, name: str) -> Reals:
        return self.joints[J[name]]


def wardrobe(suit: Colour, trim: Colour, third: Colour, palette: Palette, fur: Colour) -> Cloth:
    """The colours of all materials for one figure."""
    skin = (150.0, 178.0, 226.0)
    table: dict[Part, tuple[Colour, float, float]] = {
        Part.SUIT: (suit, 0.10, 0), Part.TRIM: (trim, 0.10, 0), Part.THIRD: (third, 0.10, 0),
        Part.GLOVE: (mix(third, palette.dark, 0.5), 0.1, 0), Part.BOOT: (mix(palette.dark, trim, 0.12), 0.35, 0),
        Part.HELMET: (trim, 0.75, 0), Part.VISOR: (mix(palette.dark, (120, 60, 20), 0.3), 1.0, 0),
        Part.SKIN: (skin, 0.05, 0), Part.FUR: (fur, 0.0, 0), Part.PALE: ((235, 242, 248), 0.0, 0),
        Part.DARK: (palette.dark, 0.15, 0), Part.EYE: ((20, 16, 14), 0.9, 0), Part.METAL: ((172, 164, 156), 1.0, 0),
        Part.GLOW: ((255, 236, 120), 0.0, 0.9), Part.COMB: ((48, 40, 216), 0.1, 0),
        Part.HAIR: (mix(palette.dark, (38, 58, 92), 0.6), 0.3, 0),
    }  # fmt: skip
    rows = [table[part] for part in Part]
    return Cloth(
        np.array([row[0] for row in rows], np.float32),
        np.array([row[1] for row in rows], np.float32),
        np.array([row[2] for row in rows], np.float32),
    )


def limbs_of(pose: Pose, loose: float = 0.0, helmet: bool = True) -> list[Limb]:
    """The clothed body, with no head of its own without the helmet; `loose` metres thicken the clothes."""
    return [*_torso(pose, loose), *_arms(pose, loose), *_legs(pose, loose), *(_head(pose) if helmet else [])]


def _torso(pose: Pose, loose: float) -> list[Limb]:
    pelvis, chest, neck = pose["pelvis"], pose["chest"], pose["neck"]
    left, right = pose["l_shoulder"], pose["r_shoulder"]
    waist = pelvis * 0.55 + chest * 0.45
    front = unit(crossed(right - left, neck - pelvis)) * 0.045
    return [
        Limb(pose["l_hip"], pose["r_hip"], 0.105 + loose, 0.105 + loose, Part.SUIT),
        Limb(pelvis, waist, 0.135 + loose, 0.122 + loose, Part.SUIT, Part.TRIM, (0.72, 1.0)),
        Limb(waist, chest, 0.122 + loose, 0.148 + loose, Part.SUIT),
        Limb(waist + front * 0.1, chest - front * 0.4, 0.122 + loose, 0.145 + loose, Part.SUIT, Part.TRIM, (0.5, 0.86)),
        Limb(chest, neck, 0.14 + loose, 0.07, Part.SUIT, Part.TRIM, (0.78, 1.0)),
        Limb(left, right, 0.078 + loose, 0.078 + loose, Part.THIRD, Part.SUIT, (0.22, 0.78)),
        Limb((left + chest) / 2, (right + chest) / 2, 0.112 + loose, 0.112 + loose, Part.SUIT),
        Limb(neck, pose["head"], 0.058, 0.06, Part.SKIN),
    ]


def _arms(pose: Pose, loose: float) -> list[Limb]:
    found: list[Limb] = []
    for side in ("l_", "r_"):
        shoulder, elbow, hand = pose[side + "shoulder"], pose[side + "elbow"], pose[side + "hand"]
        wrist = hand + (elbow - hand) * 0.16
        found += [
            Limb(shoulder, elbow, 0.066 + loose, 0.05 + loose, Part.THIRD, Part.TRIM, (0.62, 0.80)),
            Limb(elbow, wrist, 0.05 + loose, 0.038 + loose, Part.SUIT),
            Limb(wrist, hand, 0.048, 0.052, Part.GLOVE),
        ]
    return found


def _legs(pose: Pose, loose: float) -> list[Limb]:
    found: list[Limb] = []
    for side in ("l_", "r_"):
        hip, knee, ankle, toe = (pose[side + name] for name in ("hip", "knee", "ankle", "toe"))
        cuff = knee + (ankle - knee) * 0.52
        calf = knee + (ankle - knee) * 0.3
        heel = ankle - unit(toe - ankle) * 0.06
        found += [
            Limb(hip, knee, 0.102 + loose, 0.068 + loose, Part.SUIT, Part.TRIM, stripe=0.2),
            Limb(knee, calf, 0.068 + loose, 0.066 + loose, Part.SUIT, Part.TRIM, stripe=0.2),
            Limb(calf, cuff, 0.066 + loose, 0.058 + loose, Part.SUIT, Part.TRIM, stripe=0.2),
            Limb(cuff, ankle, 0.068, 0.062, Part.BOOT, Part.TRIM, (0.0, 0.14)),
            Limb(heel, toe, 0.058, 0.046, Part.BOOT),
        ]
    return found


def _head(pose: Pose) -> list[Limb]:
    head, ahead = pose["head"], unit(pose.facing)
    up = unit(head - pose["neck"])
    across = unit(crossed(ahead, up))
    brow = head + ahead * 0.062 + up * 0.012
    return [
        Limb(
            head + up * 0.035 - ahead * 0.022,
            head + up * 0.02 + ahead * 0.012,
            0.126,
            0.122,
            Part.HELMET,
            Part.SUIT,
            stripe=0.22,
        ),
        Limb(brow - across * 0.044, brow + across * 0.044, 0.077, 0.077, Part.VISOR),
        Limb(head + ahead * 0.035 - up * 0.072, head + ahead * 0.05 - up * 0.055, 0.068, 0.066, Part.SKIN),
    ]


def bare_head(pose: Pose) -> list[Limb]:
    """A face under hair that is tied at the back."""
    head, ahead = pose["head"], unit(pose.facing)
    up = unit(head - pose["neck"])
    across = unit(crossed(ahead, up))
    crown, knot, chin = head + up * 0.034 - ahead * 0.024, head + up * 0.03 - ahead * 0.142, head + ahead * 0.042
    eyes = [head + ahead * 0.098 + up * 0.012 + across * side for side in (-0.038, 0.038)]
    return [
        Limb(head + ahead * 0.012, chin - up * 0.06, 0.1, 0.062, Part.SKIN),
        Limb(crown, crown - up * 0.02 - ahead * 0.01, 0.112, 0.104, Part.HAIR),
        Limb(knot, knot, 0.05, 0.05, Part.HAIR),
        *[Limb(eye, eye, 0.014, 0.014, Part.EYE) for eye in eyes],
    ]


def tinted(palette: Palette, key: float) -> tuple[Reals, Reals, Reals]:
    """Factors (3,) of key light, shadow and rim for a scene's palette."""
    light, shade = vector(palette.light), vector(palette.shade)
    tint = shade / max(float(shade.max()), 1)
    fill = (tint * 0.62 + 0.38) * (0.56 if palette.night else 0.68)
    rim = np.minimum(vector(mix(palette.sun, palette.light, 0.3)) / 255 * 1.05, 1.0)
    return (light / 255 * key).astype(np.float32), fill.astype(np.float32), rim.astype(np.float32)
