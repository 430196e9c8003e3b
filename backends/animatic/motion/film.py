"""The camera crew: eyes that travel or stand, operators who lag a little, lenses that keep the athlete in the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from backends.animatic.camera import axes
from backends.animatic.motion.gear import single
from backends.animatic.motion.plan import Slot, slots
from backends.animatic.motion.signals import Array, col, noise, smooth, spring, unit, vector
from backends.animatic.scene import RATE, FurnitureKind, Shot

if TYPE_CHECKING:
    from backends.animatic.motion.act import Act
    from backends.animatic.scene import Brief

MARGIN: Final = 0.055
"""Free border around the athlete's joints, in frame heights."""

FAR: Final = 16.0
BARRED: Final = 1.5
"""Metres from the athlete beyond which an operator looks over fences that tall, to the athlete's feet; nearer ones step
over them."""

LEAST: Final = {"establish": 0.075}
"""Smallest size of the athlete in a shot, in frame heights; 0.15 where nothing is said."""


class Crew:
    """Everything the cameras need to know of a run, sampled at `RATE`."""

    def __init__(self, act: Act, brief: Brief) -> None:
        self.act, self.brief = act, brief
        self.aspect = brief.width / brief.height
        self.rng = np.random.default_rng([brief.seed, 977])
        athlete = act.actors[0]
        self.joints = athlete.joints.astype(np.float64)
        middle = 0.5 * (self.joints.min(1) + self.joints.max(1))
        self.centre = smooth(middle, 0.4)
        self.lag = spring(self.centre, 7.0, 0.7) - self.centre
        self.velocity = smooth(athlete.velocity.astype(np.float64), 0.4)
        self.heading = self._heading(athlete.facing.astype(np.float64))
        flat = np.linalg.norm(self.velocity[:, :2], axis=1) + 3.0
        self.slope = np.clip(smooth(0.9 * self.velocity[:, 2] / flat, 1.5), -0.6, 0.6)

    def _heading(self, facing: Array) -> Array:
        way = self.velocity + 0.6 * facing if self.act.heading is None else self.act.heading
        flat = smooth(way * [1.0, 1.0, 0.0], 1.2)
        return unit(flat + np.array([0.0, 1e-6, 0.0]))

    def at(self, track: Array, times: Array) -> Array:
        """A track (N, …) at world times (F,)."""
        place = np.clip(times * RATE, 0, len(track) - 1)
        cell = np.minimum(place.astype(np.int64), len(track) - 2)
        part = (place - cell).reshape(-1, *[1] * (track.ndim - 1))
        return track[cell] * (1 - part) + track[cell + 1] * part

    def shoot(self, slot: Slot) -> Shot:
        """One shot, frame by frame."""
        count, cut, fps = slot.last - slot.first, slot.cut, self.brief.fps
        part = np.arange(count) / count
        times = slot.since + part * (slot.until - slot.since)
        centre = self.at(self.centre, times)
        joints = self.at(self.joints, times)
        eye = self._clear(self._eye(slot, times, part), centre)
        if cut.distance >= FAR:
            feet = np.column_stack([centre[:, :2], joints[..., 2].min(axis=1)])
            eye[:, 2] += _above(self._fenced(eye, feet), max(3, fps))
        target, focal, roll = self._aim(slot, times, eye, joints)
        focal = self._lens(slot, eye, target, roll, joints, focal)
        return Shot(
            cut.kind, slot.first / fps, slot.last / fps, slot.since, slot.until,
            single(eye), single(target), single(focal), single(roll), cut.replay,
        )  # fmt: skip

    def _eye(self, slot: Slot, times: Array, part: Array) -> Array:
        cut = slot.cut
        if cut.post is not None:
            times = np.full(len(times), times[round(cut.post * (len(times) - 1))])
        centre, heading, slope = (self.at(track, times) for track in (self.centre, self.heading, self.slope))
        angle = np.radians(cut.azimuth + cut.orbit * (part - 0.5))
        level = np.radians(cut.elevation)
        right = np.stack([heading[:, 1], -heading[:, 0], np.zeros(len(times))], axis=1)
        flat = heading * col(np.cos(angle)) + right * col(np.sin(angle))
        eye = centre + flat * (cut.distance * np.cos(level))
        eye[:, 2] += cut.distance * (np.sin(level) + np.cos(level) * np.cos(angle) * slope) + cut.rise * (part - 0.5)
        clip = np.arange(len(times)) / self.brief.fps
        return eye + noise(self.rng, clip, 0.35, 3) * (0.003 * min(cut.distance, 12.0))

    def _clear(self, eye: Array, centre: Array) -> Array:
        """Out of the ground, out of the stands, inside the hall, and with nothing but air between eye and athlete."""
        eye = self._indoors(eye)
        ground = self.act.stage.height
        lift = np.maximum(0.35 - (eye[:, 2] - ground(single(eye[:, 0]), single(eye[:, 1]))), 0.0)
        for part in np.linspace(0.15, 0.85, 8):
            spot = eye + (centre - eye) * part
            air = spot[:, 2] + lift * (1 - part) - ground(single(spot[:, 0]), single(spot[:, 1]))
            lift += np.maximum(0.25 - air, 0.0) / (1 - part)
        lift = np.maximum(lift, self._stands(eye))
        eye[:, 2] += _above(lift, max(3, self.brief.fps))
        return eye

    def _indoors(self, eye: Array) -> Array:
        if self.act.room is None:
            return eye
        low_x, high_x, low_y, high_y, top = self.act.room
        x, y = np.clip(eye[:, 0], low_x, high_x), np.clip(eye[:, 1], low_y, high_y)
        return smooth(vector(len(eye), x, y, np.minimum(eye[:, 2], top)), 0.8, self.brief.fps)

    def _stands(self, eye: Array) -> Array:
        lift = np.zeros(len(eye))
        for item in self.act.stage.furniture:
            if item.kind is FurnitureKind.STAND:
                inside, top = within_stand(item.points.astype(np.float64), eye)
                lift = np.maximum(lift, np.where(inside, top + 1.0 - eye[:, 2], 0.0))
        return np.maximum(lift, 0.0)

    def _fenced(self, eye: Array, feet: Array) -> Array:
        """How much higher eyes (F, 3) must be to see feet (F, 3) over the fences between."""
        lift = np.zeros(len(eye))
        for item in self.act.stage.furniture:
            if item.kind is FurnitureKind.FENCE:
                part, top = crossed(item.points.astype(np.float64), eye, feet)
                sight = eye[:, None, 2] + (feet - eye)[:, None, 2] * part
                lift = np.maximum(lift, np.nanmax((top + BARRED - sight) / (1 - part), axis=1, initial=0.0))
        return lift

    def _aim(self, slot: Slot, times: Array, eye: Array, joints: Array) -> tuple[Array, Array, Array]:
        cut, fps = slot.cut, self.brief.fps
        centre = self.at(self.centre, times)
        far = np.linalg.norm(centre - eye, axis=1)
        view = axes(eye, centre, np.zeros(len(eye)))
        middle, half = _box(joints, eye, view, fps)
        extent = 2.0 * half.max(axis=1)
        focal = smooth(cut.size * extent**-cut.zoom * np.exp(np.log(extent).mean()) ** (cut.zoom - 1), 0.7, fps)
        drift = noise(self.rng, np.arange(len(times)) / fps, 0.3, 2) * 0.007
        velocity = self.at(self.velocity, times)
        pace = np.linalg.norm(velocity, axis=1) + 2.0
        sight = np.stack([np.sum(velocity * view[:, k], axis=1) / pace for k in (0, 1)], axis=1)
        late = np.stack([np.sum(self.at(self.lag, times) * view[:, k], axis=1) for k in (0, 1)], axis=1)
        late = 0.05 * np.tanh(-late * col(focal / far) / 0.05)
        off = drift + late - sight * [cut.lead * 0.5 * self.aspect, cut.lead * 0.1] - np.array([0.0, 0.03])
        off += self._regard(slot, times, eye, view, focal)
        room = np.maximum(np.array([self.aspect / 2, 0.5]) - MARGIN - 0.02 - half * col(focal), 0.004)
        off = smooth(room * np.tanh(off / room), 0.3, fps)
        shift = middle - off / col(focal)
        aim = view[:, 2] + view[:, 0] * shift[:, :1] + view[:, 1] * shift[:, 1:]
        roll = 0.07 * np.tanh(sight[:, 0] * pace / 30.0) + 0.006 * noise(self.rng, np.arange(len(times)) / fps, 0.25)
        return eye + unit(aim) * col(far), focal, smooth(roll, 0.6, fps)

    def _regard(self, slot: Slot, times: Array, eye: Array, view: Array, focal: Array) -> Array:
        """Where the athlete must stand in the picture so that the point of interest comes in on the other side."""
        if self.act.interest is None or slot.cut.regard == 0:
            return np.zeros((len(times), 2))
        seen = np.einsum("fij,fj->fi", view, self.at(self.act.interest, times) - eye)
        place = seen[:, :2] / np.maximum(seen[:, 2:], 0.5) * col(focal)
        return -slot.cut.regard * 0.5 * np.tanh(place)

    def _lens(self, slot: Slot, eye: Array, target: Array, roll: Array, joints: Array, focal: Array) -> Array:
        """The focal length wanted, held between where the athlete would be cut and where they would be lost."""
        place = np.einsum("fij,fpj->fpi", axes(eye, target, roll), joints - eye[:, None])
        flat = place[..., :2] / np.maximum(place[..., 2:], 0.05)
        limits = np.array([self.aspect / 2, 0.5]) - MARGIN
        most = (limits / np.abs(flat).max(axis=1)).min(axis=1)
        least = LEAST.get(slot.cut.kind, 0.15) / (flat.max(1) - flat.min(1)).max(1)
        window = max(3, self.brief.fps // 2)
        focal = np.maximum(focal, _above(least, window))
        return np.minimum(focal, -_above(-most, window))


def _box(joints: Array, eye: Array, view: Array, fps: int) -> tuple[Array, Array]:
    """Middle and half size (F, 2) of the athlete in the picture, as tangents, calmed over time."""
    place = np.einsum("fij,fpj->fpi", view, joints - eye[:, None])
    flat = place[..., :2] / np.maximum(place[..., 2:], 0.3)
    low, high = flat.min(axis=1), flat.max(axis=1)
    half = 0.5 * (high - low)
    calm = np.stack([_above(half[:, k], max(3, fps // 2)) for k in (0, 1)], axis=1)
    return smooth(0.5 * (low + high), 0.5, fps), calm


def _above(x: Array, window: int) -> Array:
    """A calm curve that never falls below x (F,): the running maximum, then a mean over the same window."""
    half = window // 2
    padded = np.pad(x, 2 * half, mode="edge")
    most = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1).max(axis=1)
    return np.lib.stride_tricks.sliding_window_view(most, 2 * half + 1).mean(axis=1)


def within_stand(corners: Array, eye: Array) -> tuple[Array, Array]:
    """Whether eyes (F, 3) are over a tribune's ground rectangle (4, 3), and how high its people reach there (F,)."""
    front, deep = (corners[1] - corners[0])[:2], (corners[3] - corners[0])[:2]
    local = (eye - corners[0])[:, :2]
    along = (local @ front) / max(float(front @ front), 1e-6)
    back = (local @ deep) / max(float(deep @ deep), 1e-6)
    inside = (along > -0.05) & (along < 1.05) & (back > -0.1) & (back < 1.1)
    depth = float(np.linalg.norm(deep))
    return inside, corners[0, 2] + 2.2 + 0.6 * np.clip(back, 0, 1) * depth


def crossed(line: Array, eye: Array, goal: Array) -> tuple[Array, Array]:
    """Where sights from eyes to goals (F, 3) cross the pieces of a line (P, 3), seen from above: the part of the way
    (F, P - 1) and the line's height there; not a number where they don't."""
    way, along = (goal - eye)[:, None, :2], np.diff(line, axis=0)
    offset = line[None, :-1, :2] - eye[:, None, :2]
    turn = way[..., 0] * along[:, 1] - way[..., 1] * along[:, 0]
    turn = np.where(np.abs(turn) < 1e-9, 1e-9, turn)
    part = (offset[..., 0] * along[:, 1] - offset[..., 1] * along[:, 0]) / turn
    place = (offset[..., 0] * way[..., 1] - offset[..., 1] * way[..., 0]) / turn
    met = (part > 0.02) & (part < 0.9) & (place >= 0) & (place <= 1)
    return np.where(met, part, np.nan), np.where(met, line[:-1, 2] + place * along[:, 2], np.nan)


def film(act: Act, brief: Brief) -> tuple[Shot, ...]:
    """All shots of the film, in order."""
    crew = Crew(act, brief)
    return tuple(crew.shoot(slot) for slot in slots(act, brief))
