"""Wireframes of a performance, to look at motion and cameras before anything is drawn.

python -m tests.benchmarks.wireframe alpine-skiing --out sheet.png [--camera multi] [--seed 1] [--frames 15]
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from backends.animatic.camera import NEAR, axes, screen
from backends.animatic.motion import perform
from backends.animatic.motion.body import BONES
from backends.animatic.scene import Brief, FurnitureKind

SIZE: Final = (640, 360)
ROLES: Final = {"athlete": (255, 255, 255), "rival": (120, 160, 255), "mate": (160, 255, 160)}
CLOSED: Final = {FurnitureKind.STAND}


class Canvas:
    """One frame of wires."""

    def __init__(self, shot, index):
        self.picture = np.full((SIZE[1], SIZE[0], 3), 34, np.uint8)
        self.eye = shot.eye[index].astype(float)
        self.axes = axes(self.eye, shot.target[index], shot.roll[index])
        self.focal = float(shot.focal[index])

    def wires(self, points, colour, thick=1, closed=False):
        place = (np.asarray(points, float) - self.eye) @ self.axes.T
        if closed:
            place = np.concatenate([place, place[:1]])
        for a, b in pairwise(place):
            self._wire(a, b, colour, thick)

    def _wire(self, a, b, colour, thick):
        near = max(NEAR, 0.2)
        if a[2] < near and b[2] < near:
            return
        if a[2] < near or b[2] < near:
            part = (near - a[2]) / (b[2] - a[2])
            middle = a + (b - a) * part
            a, b = (middle, b) if a[2] < near else (a, middle)
        ends = screen(np.stack([a, b]), self.focal, SIZE)[:, :2]
        if np.abs(ends).max() < 2e4:
            p, q = (tuple(int(v) for v in end) for end in ends)
            cv2.line(self.picture, p, q, colour, thick, cv2.LINE_AA)


def frame(show, shot, index, fps):
    """One frame as a BGR picture."""
    canvas = Canvas(shot, index)
    part = index / len(shot.eye)
    time = shot.since + part * (shot.until - shot.since)
    _ground(canvas, show, time)
    for item in show.stage.furniture:
        _item(canvas, item, show.stage.height)
    for actor in show.actors[::-1]:
        _actor(canvas, actor, time)
    label = f"{shot.kind}{' R' if shot.replay else ''} t={time:.2f} f={shot.focal[index]:.1f} " + " ".join(
        f"{k}={track(v, time):.1f}" for k, v in show.hud.items()
    )
    cv2.putText(canvas.picture, label, (6, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 220, 255), 1, cv2.LINE_AA)
    return canvas.picture


def track(values, time):
    place = np.clip(time * 120, 0, len(values) - 1.001)
    cell = int(place)
    return values[cell] * (1 - place + cell) + values[cell + 1] * (place - cell)


def _ground(canvas, show, time):
    middle = track(show.actors[0].joints, time).mean(0)
    canvas.wires(show.stage.course, (90, 90, 60))
    near = np.linalg.norm(canvas.eye - middle)
    step = 1.0 if near < 15 else 4.0 if near < 60 else 8.0
    grid = np.arange(-12, 13) * step
    x0, y0 = np.round(middle[:2] / step) * step
    for k in grid:
        for xs, ys in ((x0 + grid, np.full(25, y0 + k)), (np.full(25, x0 + k), y0 + grid)):
            z = show.stage.height(xs.astype(np.float32), ys.astype(np.float32))
            canvas.wires(np.column_stack([xs, ys, z]), (70, 62, 56))


def _item(canvas, item, height):
    colour = ((60, 60, 230), (230, 120, 50), (60, 200, 200), (80, 200, 80))[item.hue % 4]
    points = item.points
    if item.kind is FurnitureKind.GATE:
        canvas.wires(points[:2], colour, 2)
        canvas.wires(points[2:], colour, 1)
    elif item.kind in {FurnitureKind.FENCE, FurnitureKind.BOARDS, FurnitureKind.CROWD, FurnitureKind.GOAL}:
        canvas.wires(points, colour)
        canvas.wires(points + np.array([0, 0, 1.7 if item.kind is FurnitureKind.CROWD else 1.1]), colour)
    elif item.kind is FurnitureKind.ARCH:
        top = points + np.array([0, 0, 5])
        canvas.wires([points[0], top[0], top[1], points[1]], colour, 2)
    elif item.kind is FurnitureKind.CHANNEL:
        _channel(canvas, points, height)
    elif item.kind is FurnitureKind.HOUSE:
        turn = np.linspace(0, 2 * np.pi, 40)
        for radius in (0.15, 0.61, 1.22, 1.83):
            canvas.wires(points[0] + np.column_stack([radius * np.cos(turn), radius * np.sin(turn), 0 * turn]), colour)
    elif item.kind is FurnitureKind.TARGETS:
        turn = np.linspace(0, 2 * np.pi, 12)
        for point in points:
            canvas.wires(point + 0.0575 * np.column_stack([np.cos(turn), 0 * turn, np.sin(turn)]), colour)
    else:
        canvas.wires(points, colour, 1, item.kind in CLOSED)


def _channel(canvas, points, height):
    for a, b in zip(points[:-1:2], points[1::2], strict=False):
        if np.linalg.norm(a - canvas.eye) < 70:
            across = np.array([b[1] - a[1], a[0] - b[0], 0.0]) / np.linalg.norm((b - a)[:2])
            rib = a + across * np.linspace(-1.8, 1.8, 19)[:, None]
            rib[:, 2] = height(rib[:, 0].astype(np.float32), rib[:, 1].astype(np.float32))
            canvas.wires(rib, (150, 140, 90))


def _actor(canvas, actor, time):
    joints = track(actor.joints, time)
    colour = ROLES.get(actor.role, (200, 200, 120))
    for a, b in BONES:
        shade = colour if a == 0 or b in {1, 2, 3} or b > 9 else tuple(int(c * 0.7) for c in colour)
        if 7 <= b <= 9 or b >= 14:
            shade = tuple(int(c * k) for c, k in zip(shade, (0.5, 0.9, 1.0), strict=True))
        canvas.wires(joints[[a, b]], shade, 2)
    head = (joints[3] - canvas.eye) @ canvas.axes.T
    if head[2] > 0.3:
        x, y, depth = screen(head, canvas.focal, SIZE)
        cv2.circle(
            canvas.picture, (int(x), int(y)), max(1, int(0.12 * canvas.focal * SIZE[1] / depth)), colour, 1, cv2.LINE_AA
        )
        canvas.wires([joints[3], joints[3] + 0.25 * track(actor.facing, time)], (80, 80, 255), 2)
    for gear in actor.gear:
        points = track(gear.points, time)
        if len(points) == 1:
            points = points + np.array([[-0.04, 0, 0], [0.04, 0, 0]])
        canvas.wires(points, (80, 220, 255), 2)
    if track(actor.load, time) > 0:
        spot = track(actor.contact, time)
        canvas.wires([spot, spot + np.array([0, 0, 0.05 + 0.3 * track(actor.spray, time)])], (255, 120, 255), 2)


def sheet(show, fps, count=15, columns=3):
    """A contact sheet of `count` frames spread over the film."""
    total = sum(len(shot.eye) for shot in show.shots)
    tiles = []
    for place in np.linspace(0, total - 1, count).astype(int):
        for shot in show.shots:
            if place < len(shot.eye):
                tiles.append(frame(show, shot, int(place), fps))
                break
            place -= len(shot.eye)
    rows = [np.hstack(tiles[k : k + columns]) for k in range(0, len(tiles), columns) if k + columns <= len(tiles)]
    return np.vstack(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("staging")
    parser.add_argument("--out", default="wireframe.png")
    parser.add_argument("--camera", default="multi")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--frames", type=int, default=15)
    parser.add_argument("--columns", type=int, default=3)
    wanted = parser.parse_args()
    brief = Brief("", wanted.staging, "", wanted.staging, {}, "realistic", wanted.camera, wanted.seed)
    cv2.imwrite(wanted.out, sheet(perform(brief), brief.fps, wanted.frames, wanted.columns))


if __name__ == "__main__":
    main()
