"""Each sport against closed forms or the figures its module cites."""

import numpy as np
import pytest

from backends.animatic.motion.alpine import SKIER
from backends.animatic.motion.body import UP
from backends.animatic.motion.channel import CURL
from backends.animatic.motion.hill import Air, Hill, jump
from backends.animatic.motion.rotation import free_turn
from backends.animatic.motion.signals import clock, ramp
from backends.animatic.motion.stones import FRICTION, slide_out
from backends.animatic.motion.track import AIR, G, Glider, glide
from backends.animatic.scene import RATE
from tests.unit.animatic.rehearsals import SEEDS, act, times


def kmh(run):
    return run.speed * 3.6


def test_a_glider_without_drag_or_friction_gains_speed_as_free_fall_along_the_slope():
    way, pace = glide(600, (0.0, 0.0), lambda _: 0.3, lambda _s, _v: 1.0, Glider(80.0, 0.0, 0.0))

    assert pace[-1] ** 2 == pytest.approx(2 * G * 0.3 * way[-1], rel=1e-3)


def test_a_glider_in_the_air_stream_settles_at_the_terminal_speed():
    glider = Glider(90.0, 0.45, 0.05)
    _, pace = glide(60 * RATE, (0.0, 1.0), lambda _: 0.25, lambda _s, _v: 1.0, glider)

    terminal = np.sqrt((0.25 - 0.05) * G * 2 * 90.0 / (AIR * 0.45))
    assert pace[-1] == pytest.approx(terminal, rel=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_giant_slalom_runs_at_world_cup_speed(seed):
    assert 58 < kmh(act("alpine-skiing", seed)).mean() < 75


def test_the_giant_slalom_leans_by_speed_and_radius():
    run = act("alpine-skiing")
    skis = np.mean([gear.points[:, 1] for gear in run.actors[0].gear if gear.kind == "ski"], axis=0).astype(float)
    a, b, c = skis[:-24, :2], skis[12:-12, :2], skis[24:, :2]
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    sides = np.linalg.norm(b - a, axis=1) * np.linalg.norm(c - b, axis=1) * np.linalg.norm(c - a, axis=1)
    circle = 2 * area / sides
    expected = np.degrees(np.arctan(run.speed[12:-12] ** 2 * circle / G))

    apex = np.abs(expected) > 45
    assert apex.sum() > 200
    assert np.abs(np.abs(run.hud["angle"][12:-12][apex]) - np.abs(expected[apex])).mean() < 5


def test_gates_are_passed_on_alternating_sides_at_the_times_of_their_events():
    run = act("alpine-skiing")
    passing = np.array(times(run, "gate"))

    assert len(passing) >= 7
    assert np.diff(passing).min() > 0.9
    assert np.diff(passing).max() < 2.2
    sides = np.sign(run.actors[0].contact[(passing * RATE).astype(int), 0])
    assert (sides[1:] == -sides[:-1]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_large_hill_gives_published_in_run_speeds(seed):
    run = act("ski-jumping", seed)
    takeoff = times(run, "takeoff")[0]

    assert 85 < kmh(run)[int(takeoff * RATE)] < 95


@pytest.mark.parametrize("gate", [90.0, 91.0, 92.0])
def test_jumps_on_the_large_hill_land_between_120_and_145_metres(gate):
    hill = Hill(np.random.default_rng(1))

    assert 120 < jump(hill, 1600, gate, 6.4).distance < 145


def test_without_air_the_jumper_falls_on_a_parabola():
    hill = Hill(np.random.default_rng(1))
    leap = jump(hill, 1600, 91.0, 6.4, Air(0.0, 0.0, 2.6))
    y, z = leap.y[leap.aloft], leap.z[leap.aloft]
    after = (np.arange(len(y)) + 1) / RATE
    across = np.polyfit(after, y, 1)
    fall = np.polyfit(after, z, 2)

    assert np.abs(np.polyval(across, after) - y).max() < 0.01
    assert 2 * fall[0] == pytest.approx(-G, rel=0.01)


def test_lift_carries_the_jumper_farther_than_a_stone():
    hill = Hill(np.random.default_rng(1))

    assert jump(hill, 1600, 91.0, 6.4).distance > 2 * jump(hill, 1600, 91.0, 6.4, Air(0.0, 0.0, 2.6)).distance


def test_a_tuck_speeds_a_free_turn_up_at_one_angular_momentum():
    t = clock(3.0)
    turn = free_turn(t, 0.5, 2.5, 3.5, ramp(t, 0.8, 1.2) * (1 - ramp(t, 1.9, 2.3)), 3.6, 1.2)
    inside = (t > 0.51) & (t < 2.49)
    momentum = turn.inertia[inside] * turn.rate[inside]

    assert np.abs(momentum / turn.momentum - 1).max() < 0.01
    assert turn.angle[-1] == pytest.approx(3.5 * 2 * np.pi, rel=1e-6)
    assert turn.rate.max() > 2.5 * turn.rate[inside][0]


def test_the_axel_is_as_high_long_and_fast_as_measured_ones():
    run = act("figure-skating")
    takeoff, landing = times(run, "takeoff")[0], times(run, "landing")[0]

    assert 0.62 < landing - takeoff < 0.75
    assert 0.45 < run.hud["height"].max() < 0.7
    assert 4.5 < run.hud["turns"][int(takeoff * RATE) : int(landing * RATE)].max() < 6.2


def test_the_spin_speeds_up_as_the_skater_draws_in():
    run = act("figure-skating")
    start, late = run.hud["turns"][int(10.0 * RATE)], run.hud["turns"][int(12.5 * RATE)]

    assert late > 2.2 * start


def test_the_body_in_the_air_turns_as_often_as_the_figure_says():
    run = act("figure-skating")
    shoulders = run.actors[0].joints[:, 7] - run.actors[0].joints[:, 4]
    angle = np.unwrap(np.arctan2(shoulders[:, 1].astype(float), shoulders[:, 0].astype(float)))
    takeoff, landing = times(run, "takeoff")[0], times(run, "landing")[0]

    turned = (angle[int((landing + 0.1) * RATE)] - angle[int((takeoff - 0.1) * RATE)]) / (2 * np.pi)
    assert turned == pytest.approx(3.5, abs=0.35)


@pytest.mark.parametrize(
    ("staging", "low", "high"), [("luge", 125, 150), ("skeleton", 110, 135), ("bobsleigh", 120, 145)]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_sleds_reach_race_speeds(staging, low, high, seed):
    assert low < kmh(act(staging, seed)).max() < high


@pytest.mark.parametrize("staging", ["luge", "skeleton", "bobsleigh"])
def test_a_sled_climbs_the_wall_to_where_its_slope_balances_the_curve(staging):
    run = act(staging)
    contact = run.actors[0].contact.astype(float)
    x, y = contact[:, 0], contact[:, 1]
    height = run.stage.height
    step = 0.05
    across = (height(x + step, y) - height(x - step, y)).astype(float) / (2 * step)
    tilt = np.tan(np.radians(np.abs(run.hud["angle"])))
    firm = (tilt > 1.0) & (np.arange(len(x)) % 6 == 0)

    assert firm.sum() > 60
    assert np.median(np.abs(np.abs(across[firm]) / tilt[firm] - 1)) < 0.35
    assert CURL > 1


def test_sled_riders_feel_no_more_than_five_times_their_weight():
    assert (
        max(act(sport, seed).actors[0].load.max() for sport in ("luge", "skeleton", "bobsleigh") for seed in SEEDS) < 5
    )


def test_a_speed_skater_holds_a_thousand_metre_pace_and_leans_with_it():
    run = act("speed-skating")
    middle = int(run.decisive * RATE)

    assert 46 < kmh(run).mean() < 54
    assert run.hud["angle"][middle] == pytest.approx(
        np.degrees(np.arctan(run.speed[middle] ** 2 / (26.0 * G))), abs=2.5
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_short_track_is_raced_near_twelve_metres_a_second_deep_in_the_corner(seed):
    run = act("short-track", seed)

    assert 41 < kmh(run).mean() < 46
    assert 48 < run.hud["angle"].max() < 64


def test_a_stone_slows_by_friction_alone():
    t = clock(14.0)
    stones = slide_out(t, 3.9, 1.0)
    gliding = (t > 3.2) & (t < stones.hit - 0.1)
    slow = -np.polyfit(t[gliding], stones.speed[gliding], 1)[0]

    assert slow == pytest.approx(FRICTION * G, rel=0.05)


def test_stones_keep_their_momentum_when_they_meet():
    t = clock(14.0)
    stones = slide_out(t, 3.9, 1.0)
    hit = round(stones.hit * RATE)
    before = np.gradient(stones.thrown, axis=0)[hit - 6] * RATE
    gone = np.gradient(stones.thrown, axis=0)[hit + 6] * RATE
    driven = np.gradient(stones.struck, axis=0)[hit + 6] * RATE

    assert (gone + driven)[1] == pytest.approx(before[1], rel=0.05)
    assert np.linalg.norm(gone) ** 2 + np.linalg.norm(driven) ** 2 < np.linalg.norm(before) ** 2


def test_a_stone_curls_most_at_the_end_of_its_way():
    t = clock(14.0)
    stones = slide_out(t, 3.9, 1.0)
    start, hit = 3 * RATE, round(stones.hit * RATE)
    x = stones.thrown[:, 0]
    half = int(np.searchsorted(stones.thrown[:, 1], 0.5 * (stones.thrown[start, 1] + stones.thrown[hit, 1])))

    assert abs(x[hit - 1] - x[half]) > 2 * abs(x[half] - x[start])


def test_a_half_pipe_rider_is_in_free_fall_over_the_lip():
    run = act("snowboard")
    height = run.hud["height"]
    over = height > 0.8
    fall = (height[2:] - 2 * height[1:-1] + height[:-2]) * RATE**2
    inside = over[2:] & over[:-2]

    assert np.median(fall[inside]) == pytest.approx(-G, rel=0.03)
    assert height.max() == pytest.approx(4.4, abs=0.1)


def test_big_air_lasts_as_long_as_real_jumps_and_takes_off_as_fast():
    run = act("freestyle")
    takeoff, landing = times(run, "takeoff")[0], times(run, "landing")[0]

    assert 1.9 < landing - takeoff < 3.2
    assert 55 < kmh(run)[int(takeoff * RATE) + 2] < 75
    assert run.hud["angle"][-1] == pytest.approx(1440, abs=1)


def test_a_puck_flies_at_shot_speed_and_falls_under_gravity():
    run = act("ice-hockey")
    puck = next(gear for gear in run.actors[0].gear if gear.kind == "puck").points[:, 0].astype(float)
    shot, goal = times(run, "hit")[-1], times(run, "goal")[0]
    flight = puck[int(shot * RATE) + 1 : int(goal * RATE)]
    speed = np.linalg.norm(np.diff(flight, axis=0), axis=1) * RATE
    fall = np.diff(flight[:, 2], 2) * RATE**2

    assert 26 < speed.mean() < 38
    assert np.median(fall) == pytest.approx(-G, rel=0.1)
    assert abs(puck[int(goal * RATE) + 1, 1] - 26.0) < 0.4


def test_every_biathlon_target_falls_when_its_bullet_can_have_arrived():
    run = act("biathlon")
    shots, targets = times(run, "shot"), times(run, "target")

    assert len(shots) == len(targets) == 5
    assert np.allclose(np.subtract(targets, shots), 50 / 320, atol=1e-6)


def test_the_biathlete_stands_still_while_shooting():
    run = act("biathlon")
    shots = times(run, "shot")

    assert run.speed[int(shots[0] * RATE) : int(shots[-1] * RATE)].max() < 0.15


def test_the_rifle_points_at_the_targets_when_it_fires():
    run = act("biathlon")
    rifle = next(gear for gear in run.actors[0].gear if gear.kind == "rifle").points.astype(float)
    for shot in times(run, "shot"):
        butt, muzzle = rifle[int(shot * RATE) - 2]
        along = (muzzle - butt) / np.linalg.norm(muzzle - butt)
        reach = (-50.0 - butt[0]) / along[0]
        place = butt + along * reach
        assert abs(place[2] - 1.45) < 0.6
        assert abs(place[1] - butt[1]) < 1.5


def test_cross_country_sprinters_ski_at_sprint_speed():
    assert 23 < kmh(act("cross-country")).mean() < 34


def test_ski_mountaineers_climb_slowly_and_come_down_fast():
    run = act("ski-mountaineering")

    assert 1.4 < run.speed[: 2 * RATE].mean() < 2.6
    assert kmh(run).max() > 40


def test_the_combined_athlete_jumps_first_and_then_skates():
    run = act("nordic-combined")

    assert 78 < kmh(run)[int(times(run, "takeoff")[0] * RATE)] < 90
    assert 15 < kmh(run)[-60:].mean() < 30
    assert len(times(run, "push")) >= 4


def test_the_alpine_skier_has_a_racers_mass_and_drag():
    assert 70 < SKIER.mass < 110
    assert 0.2 < SKIER.drag < 0.6
    assert UP[2] == 1.0
