"""A small performance to draw: a skier on a slope with gates, or a skater in a hall."""

from __future__ import annotations

from functools import cache

import numpy as np

from backends.animatic.scene import (
    JOINTS,
    RATE,
    Actor,
    Brief,
    Event,
    EventKind,
    Furniture,
    FurnitureKind,
    Gear,
    GearKind,
    Material,
    Performance,
    Setting,
    Shot,
    Stage,
)

STEEP = np.float32(np.tan(np.deg2rad(17)))


def brief(style="realistic", **changes) -> Brief:
    values: dict[str, object] = dict(  # noqa: C408 - reads like the call it becomes
        prompt="a red skier carves through the gates at noon",
        sport="alpine-skiing",
        sport_title="Alpine skiing",
        staging="sample",
        staging_options={},
        style=style,
        camera="multi",
        seed=7,
        width=320,
        height=180,
    )
    return Brief(**{**values, **changes})


def _skeleton(place, ahead, lean, crouch):
    """Joints (18, 3) of a crouching skier at a point of the ground."""
    ahead = ahead / np.linalg.norm(ahead)
    across = np.cross(ahead, [0, 0, 1.0])
    across /= np.linalg.norm(across)
    up = np.cross(across, ahead)
    up = up * np.cos(lean) + across * np.sin(lean)
    side = np.cross(ahead, up)

    def at(forward, sideways, height):
        return place + ahead * forward + side * sideways + up * height

    pelvis, chest = at(-0.28 * crouch, 0, 0.86 - 0.25 * crouch), at(0.10, 0, 1.2 - 0.34 * crouch)
    found = {
        "pelvis": pelvis,
        "chest": chest,
        "neck": at(0.24, 0, 1.38 - 0.36 * crouch),
        "head": at(0.36, 0, 1.52 - 0.36 * crouch),
    }
    for name, sign in (("l_", -1), ("r_", 1)):
        found |= {
            name + "shoulder": chest + side * sign * 0.2 + up * 0.1,
            name + "elbow": at(0.32, sign * 0.42, 1.02 - 0.3 * crouch),
            name + "hand": at(0.62, sign * 0.38, 0.98 - 0.25 * crouch),
            name + "hip": pelvis + side * sign * 0.12,
            name + "knee": at(0.14, sign * 0.17, 0.52 - 0.08 * crouch),
            name + "ankle": at(-0.06, sign * 0.18, 0.1),
            name + "toe": at(0.17, sign * 0.18, 0.07),
        }
    return np.array([found[joint] for joint in JOINTS])


def _path(seconds=18.0):
    time = np.arange(int(seconds * RATE)) / RATE
    y = 4 + 15.0 * time
    x = 4.2 * np.sin(y / 26 * np.pi)
    return time, np.stack([x, y, -STEEP * y], -1)


def _skier(time, path):
    velocity = np.gradient(path, 1 / RATE, axis=0)
    lean = -0.75 * np.sin(path[:, 1] / 26 * np.pi)
    joints = np.array([_skeleton(p, v, a, 0.8) for p, v, a in zip(path, velocity, lean, strict=True)])
    ahead = velocity / np.linalg.norm(velocity, axis=1, keepdims=True)
    gear = []
    normal = joints[:, 0] - path
    normal = (normal / np.linalg.norm(normal, axis=1, keepdims=True)).astype(np.float32)
    for side in ("l_", "r_"):
        foot = joints[:, JOINTS.index(side + "ankle")] - normal * 0.08
        points = np.stack([foot - ahead * 0.75, foot, foot + ahead * 0.95], 1)
        gear.append(Gear(GearKind.SKI, points.astype(np.float32), normal))
        hand = joints[:, JOINTS.index(side + "hand")]
        pole = np.stack([hand, hand - ahead * 0.9 - normal * 0.35], 1)
        gear.append(Gear(GearKind.POLE, pole.astype(np.float32), normal))
    load = 1 + 1.4 * np.abs(lean)
    return Actor(
        "athlete",
        joints.astype(np.float32),
        velocity.astype(np.float32),
        load.astype(np.float32),
        np.clip(np.abs(lean) * 1.2, 0, 1).astype(np.float32),
        path.astype(np.float32),
        ahead.astype(np.float32),
        tuple(gear),
    )


def _shot(kind, begin, end, since, actor, offset, focal, fps, lead=6.0, replay=False, until=None):
    until = since + (end - begin) if until is None else until
    count = round((end - begin) * fps)
    world = since + (until - since) * np.arange(count) / count
    index = np.clip((world * RATE).astype(int), 0, len(actor.joints) - 1)
    path = actor.joints[index, 0].astype(float)
    way = actor.velocity[index] / np.linalg.norm(actor.velocity[index], axis=1, keepdims=True)
    eye = path + np.array(offset) if len(offset) == 3 else path * 0 + np.array(offset[:3])
    target = path + way * lead * 0.15
    if kind == "front":
        eye = np.broadcast_to(path[-1] + np.array(offset), path.shape)
        target = path
    f32 = np.float32
    return Shot(
        kind,
        begin,
        end,
        since,
        until,
        eye.astype(f32),
        target.astype(f32),
        np.full(count, focal, f32),
        np.zeros(count, f32),
        replay,
    )


@cache
def slalom(fps=24, seconds=15.0) -> Performance:
    time, path = _path()
    actor = _skier(time, path)
    gates = []
    for index, y in enumerate(np.arange(13, 240, 13.0)):
        x = 3.0 * np.sin(y / 26 * np.pi)
        feet = [[x, y], [x + (6 if x < 0 else -6), y + 1.0]]
        points = [[px, py, -STEEP * py + h] for px, py in feet for h in (0, 1.8)]
        gates.append(Furniture(FurnitureKind.GATE, np.array(points, np.float32), index % 2))
    course = np.stack([np.zeros(60), np.linspace(-10, 300, 60), -STEEP * np.linspace(-10, 300, 60)], -1)
    fence = course + np.array([12, 0, 0])
    crowd = np.stack([np.full(40, 14.0), np.linspace(150, 215, 40), -STEEP * np.linspace(150, 215, 40)], -1)
    arch = np.array([[-9, 225, -STEEP * 225], [9, 225, -STEEP * 225]])
    furniture = (
        *gates,
        Furniture(FurnitureKind.FENCE, fence.astype(np.float32)),
        Furniture(FurnitureKind.CROWD, crowd.astype(np.float32)),
        Furniture(FurnitureKind.ARCH, arch.astype(np.float32)),
    )
    stage = Stage(
        Setting.MOUNTAIN,
        Material.SNOW,
        lambda x, y: (-STEEP * y + 0.0015 * np.maximum(np.abs(x) - 15, 0) ** 2).astype(np.float32),
        course.astype(np.float32),
        18.0,
        furniture,
    )
    cuts = np.array([0, 2.5, 5.5, 9, 12, 15]) * seconds / 15
    shots = (
        _shot("establish", cuts[0], cuts[1], 0.5, actor, (7, -9, 5.0), 1.0, fps),
        _shot("follow", cuts[1], cuts[2], 3.0, actor, (-1.5, -5.0, 2.6), 1.0, fps),
        _shot("front", cuts[2], cuts[3], 6.0, actor, (2, 9, -1.2), 1.6, fps, until=7.75),
        _shot("side", cuts[3], cuts[4], 7.75, actor, (-7, 2, 1.2), 1.2, fps),
        _shot("finish", cuts[4], cuts[5], 10.75, actor, (3.5, 6, 0.6), 1.3, fps),
    )
    speed = np.linalg.norm(actor.velocity, axis=1)
    return Performance(
        stage,
        (actor,),
        shots,
        (Event(EventKind.START, 0.5), Event(EventKind.FINISH, 14.5)),
        6.8,
        speed,
        {"speed": speed * 3.6, "height": speed * 0},
    )


@cache
def rink(fps=24, seconds=15.0) -> Performance:
    time = np.arange(18 * RATE) / RATE
    angle = time * 0.62
    path = np.stack([12 * np.cos(angle), 24 * np.sin(angle), 0 * angle], -1)
    actor = _skier(time, path)
    velocity = actor.velocity / np.linalg.norm(actor.velocity, axis=1, keepdims=True)
    blades = []
    for side in ("l_", "r_"):
        foot = actor.joints[:, JOINTS.index(side + "ankle")] - [0, 0, 0.09]
        points = np.stack([foot - velocity * 0.1, foot + velocity * 0.25], 1)
        blades.append(Gear(GearKind.BLADE, points.astype(np.float32), np.tile(np.float32([0, 0, 1]), (len(foot), 1))))
    actor = Actor(
        "athlete", actor.joints, actor.velocity, actor.load, actor.spray, actor.contact, actor.facing, tuple(blades)
    )
    turn = np.linspace(0, 2 * np.pi, 90)
    ring = np.stack([16 * np.cos(turn), 30 * np.sin(turn), 0 * turn], -1).astype(np.float32)
    furniture = (Furniture(FurnitureKind.BOARDS, ring),)
    stage = Stage(Setting.HALL, Material.ICE, lambda x, y: np.zeros_like(x), ring * np.float32(0.7), 8.0, furniture)
    cuts = np.array([0, 4, 8, 12, 15]) * seconds / 15
    shots = (
        _shot("establish", cuts[0], cuts[1], 0.5, actor, (6, -6, 3.0), 0.9, fps),
        _shot("follow", cuts[1], cuts[2], 4.5, actor, (-3, -4.5, 1.6), 1.0, fps),
        _shot("side", cuts[2], cuts[3], 8.5, actor, (5.5, 0, 0.8), 1.2, fps),
        _shot("finish", cuts[3], cuts[4], 12.5, actor, (3, 4, 1.4), 1.3, fps),
    )
    return Performance(
        stage, (actor,), shots, (Event(EventKind.START, 0.5),), 8.0, np.linalg.norm(actor.velocity, axis=1), {}
    )
