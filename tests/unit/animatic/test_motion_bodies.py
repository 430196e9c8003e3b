"""Bodies that could be real: fixed bones, no jumps, feet and gear on the snow."""

import time

import numpy as np
import pytest

from backends.animatic.motion import perform
from backends.animatic.motion.body import BONES, BOOT
from backends.animatic.motion.signals import clock
from backends.animatic.motion.track import follow
from backends.animatic.motion.walk import cycles, walk
from backends.animatic.scene import JOINTS, RATE, GearKind
from tests.unit.animatic.rehearsals import SEEDS, SPORTS, act, brief, times

each_sport = pytest.mark.parametrize("sport", SPORTS)


def bodies(sport):
    return [actor for seed in SEEDS for actor in act(sport, seed).actors]


@each_sport
def test_every_array_of_a_run_has_the_same_length_and_is_finite(sport):
    run = act(sport)
    n = len(run.speed)
    for actor in run.actors:
        assert actor.joints.shape == (n, 18, 3)
        for values in (actor.joints, actor.velocity, actor.load, actor.spray, actor.contact, actor.facing):
            assert len(values) == n
            assert np.isfinite(values).all()
        for gear in actor.gear:
            assert len(gear.points) == n
            assert np.isfinite(gear.points).all()
    assert all(len(values) == n for values in run.hud.values())


@each_sport
def test_bones_keep_their_length(sport):
    for actor in bodies(sport):
        for (a, b), length in BONES.items():
            measured = np.linalg.norm(actor.joints[:, a] - actor.joints[:, b], axis=1)
            assert np.abs(measured / length - 1).max() < 0.02


def test_the_athlete_is_one_metre_seventy_five_tall_when_upright():
    upright = BOOT + sum(BONES[pair] for pair in ((14, 15), (15, 16), (0, 1), (1, 2), (2, 3)))

    assert upright + 0.12 == pytest.approx(1.75, rel=0.03)


@each_sport
def test_no_joint_jumps(sport):
    for actor in bodies(sport):
        push = np.linalg.norm(np.diff(actor.joints.astype(float), 2, axis=0), axis=2) * RATE**2
        assert push.max() < 1400, f"{actor.role} {JOINTS[np.unravel_index(push.argmax(), push.shape)[1]]}"
        assert np.median(push) < 60


@each_sport
def test_contact_lies_on_the_ground_wherever_there_is_load(sport):
    for seed in SEEDS:
        run = act(sport, seed)
        for actor in run.actors:
            gap = actor.contact[:, 2] - run.stage.height(actor.contact[:, 0], actor.contact[:, 1])
            assert np.abs(gap[actor.load > 0]).max() < 0.02


@each_sport
def test_feet_never_sink_into_the_ground(sport):
    for seed in SEEDS:
        run = act(sport, seed)
        for actor in run.actors:
            feet = actor.joints[:, [12, 13, 16, 17]]
            assert (feet[..., 2] - run.stage.height(feet[..., 0], feet[..., 1])).min() > -0.02


@each_sport
def test_skis_stay_under_their_boots(sport):
    for actor in bodies(sport):
        skis = [gear for gear in actor.gear if gear.kind is GearKind.SKI]
        for ankle, ski in zip((12, 16), skis, strict=False):
            assert np.abs(np.linalg.norm(actor.joints[:, ankle] - ski.points[:, 1], axis=1) - BOOT).max() < 0.02


@each_sport
def test_blades_that_carry_touch_the_ice(sport):
    for actor in bodies(sport):
        blades = [gear.points for gear in actor.gear if gear.kind is GearKind.BLADE]
        if blades:
            lowest = np.min([points[..., 2].min(axis=1) for points in blades], axis=0)
            assert np.percentile(np.abs(lowest[actor.load > 0]), 95) < 0.06


@each_sport
def test_knees_bend_forward(sport):
    if sport in {"luge", "skeleton", "bobsleigh"}:
        pytest.skip("they lie or sit")
    for actor in bodies(sport):
        if actor.role == "keeper":
            continue
        joints = actor.joints.astype(float)
        right = joints[:, 14] - joints[:, 10]
        for hip, knee, ankle in ((10, 11, 12), (14, 15, 16)):
            leg = joints[:, ankle] - joints[:, hip]
            forward = np.cross(right, leg)
            forward /= np.linalg.norm(forward, axis=1, keepdims=True)
            bend = np.sum((joints[:, knee] - 0.5 * (joints[:, hip] + joints[:, ankle])) * forward, axis=1)
            assert np.percentile(bend, 2) > -0.06


@each_sport
def test_the_run_fits_the_film_and_its_events_fit_the_run(sport):
    run = act(sport)
    seconds = (len(run.speed) - 1) / RATE

    assert 12 <= seconds <= 16
    assert 0 < run.decisive < seconds
    assert all(0 <= event.time <= seconds and 0 <= event.strength <= 1 for event in run.events)
    assert times(run, "finish")


@each_sport
def test_the_first_actor_is_the_athlete(sport):
    assert [actor.role for actor in act(sport).actors].count("athlete") == 1
    assert act(sport).actors[0].role == "athlete"


@each_sport
def test_the_same_brief_gives_the_same_run(sport):
    one, two = perform(brief(sport, 5)), perform(brief(sport, 5))

    assert np.array_equal(one.actors[0].joints, two.actors[0].joints)
    assert all(
        np.array_equal(a.eye, b.eye) and np.array_equal(a.focal, b.focal)
        for a, b in zip(one.shots, two.shots, strict=True)
    )
    assert one.events == two.events


@each_sport
def test_another_seed_gives_another_run(sport):
    assert not np.array_equal(act(sport, 1).actors[0].joints, act(sport, 2).actors[0].joints)


@each_sport
def test_nonsense_options_are_ignored(sport):
    odd = (("gates", "many"), ("slope", float("nan")), ("speed", 1e9), ("wings", 2.0), ("turns", "x"))

    assert np.isfinite(act(sport, 1, odd).actors[0].joints).all()


@each_sport
def test_a_body_is_never_quite_still(sport):
    joints = act(sport).actors[0].joints.astype(float)
    relative = joints - joints[:, :1]
    moved = np.abs(relative[24:] - relative[:-24]).max(axis=(1, 2))

    assert np.percentile(moved, 5) > 0.001


def test_walking_feet_stand_still_while_they_carry():
    t = clock(4.0)
    track = follow(lambda x, _: np.zeros(x.shape), np.column_stack([0 * t, 1.6 * t + 0.2 * np.sin(t)]))
    feet, _ = walk(lambda x, _: np.zeros(np.shape(x)), track, cycles(track, 1.5), 1.5, duty=0.6)
    for foot, shift in zip(feet, (0.5, 0.0), strict=True):
        planted = np.mod(cycles(track, 1.5) + shift, 1.0) < 0.55
        both = planted[1:] & planted[:-1]
        assert np.abs(np.diff(foot.spot[:, 1]))[both].max() < 0.003


def test_poles_are_planted_in_the_snow_while_they_push():
    run = act("cross-country")
    racing = slice(RATE, 10 * RATE)
    for pole in (gear for gear in run.actors[0].gear if gear.kind is GearKind.POLE):
        basket = pole.points[racing, 1].astype(float)
        still = np.linalg.norm(np.diff(basket, axis=0), axis=1) * RATE < 0.8
        assert 0.12 < still.mean() < 0.5
        low = basket[1:][still][:, 2] - run.stage.height(*basket[1:][still][:, :2].T.astype(np.float32))
        assert np.abs(low).max() < 0.12


def test_a_whole_run_is_simulated_and_filmed_in_moments():
    start = time.process_time()
    for sport in SPORTS:
        perform(brief(sport))

    assert (time.process_time() - start) / len(SPORTS) < 2.0
