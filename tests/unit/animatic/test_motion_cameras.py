"""Cameras: the picture's geometry, the film's timing, and an athlete who is always in the frame."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from backends.animatic.camera import axes, project
from backends.animatic.motion import perform
from backends.animatic.motion.film import crossed, film, within_stand
from backends.animatic.scene import RATE, FurnitureKind, Shot
from tests.unit.animatic.rehearsals import CAMERAS, SEEDS, SPORTS, act, at, brief, times

each_sport = pytest.mark.parametrize("sport", SPORTS)


@cache
def shots(sport, seed=1, camera="multi", **changes):
    return film(act(sport, seed), brief(sport, seed, camera, **changes))


def one_frame(roll=0.0, focal=1.0):
    single = np.float32
    return Shot(
        "follow", 0.0, 1.0, 0.0, 1.0, np.zeros((1, 3), single), np.array([[0, 10, 0]], single),
        np.full(1, focal, single), np.full(1, roll, single),
    )  # fmt: skip


def test_a_point_on_the_axis_lands_in_the_middle_at_its_distance():
    assert project(one_frame(), 0, [[0, 8, 0]])[0] == pytest.approx([640, 360, 8])


def test_right_is_right_and_up_is_up_in_the_picture():
    right, up = project(one_frame(), 0, [[1, 10, 0], [0, 10, 1]])

    assert right == pytest.approx([640 + 72, 360, 10])
    assert up == pytest.approx([640, 360 - 72, 10])


def test_focal_length_one_sees_half_a_frame_height_at_half_a_metre_per_metre():
    assert project(one_frame(focal=1.0), 0, [[0, 10, 5]])[0][1] == pytest.approx(0)


def test_a_positive_roll_lifts_the_horizon_on_the_right():
    left, right = project(one_frame(roll=0.2), 0, [[-5, 10, 0], [5, 10, 0]])

    assert right[1] < left[1]


def test_points_behind_the_lens_keep_their_negative_depth():
    assert project(one_frame(), 0, [[0, -3, 0]])[0][2] == pytest.approx(-3)


def test_camera_axes_are_orthonormal_for_many_frames_at_once():
    rng = np.random.default_rng(1)
    frames = axes(rng.normal(size=(20, 3)), rng.normal(size=(20, 3)) + 5, rng.normal(size=20))

    assert np.allclose(frames @ frames.transpose(0, 2, 1), np.eye(3), atol=1e-9)


@pytest.mark.parametrize(("seconds", "fps"), [(15.0, 24), (5.0, 24), (15.0, 12), (10.0, 30), (25.0, 24), (0.2, 24)])
@each_sport
def test_shots_cover_every_frame_and_no_world_time_is_lost_at_a_cut(sport, seconds, fps):
    film_ = shots(sport, seconds=seconds, fps=fps)

    assert sum(len(shot.eye) for shot in film_) == round(seconds * fps)
    assert film_[0].begin == 0
    for before, after in pairwise(film_):
        assert after.begin == before.end
        assert after.replay or after.since == before.until
    for shot in film_:
        assert len(shot.eye) == round((shot.end - shot.begin) * fps)
        assert 0 <= shot.since < shot.until <= (len(act(sport).speed) - 1) / RATE + 1e-9
        assert shot.until - shot.since <= shot.end - shot.begin + 1e-6


@each_sport
def test_the_pose_at_a_cut_is_the_same_from_both_sides(sport):
    joints = act(sport).actors[0].joints
    film_ = shots(sport)
    for before, after in pairwise(film_):
        if not after.replay:
            assert np.array_equal(at(joints, [before.until]), at(joints, [after.since]))


@each_sport
def test_five_shots_of_at_least_four_kinds_tell_the_story(sport):
    film_ = shots(sport)

    assert len(film_) == 5
    assert len({shot.kind for shot in film_}) >= 4


@each_sport
def test_the_decisive_moment_is_in_the_film_and_slowed_down(sport):
    run = act(sport)
    seen_in = [shot for shot in shots(sport) if shot.since <= run.decisive <= shot.until]

    assert min((shot.until - shot.since) / (shot.end - shot.begin) for shot in seen_in) < 0.8


@pytest.mark.parametrize("camera", CAMERAS[1:])
@each_sport
def test_a_favoured_camera_gets_most_of_the_film_beside_other_angles(sport, camera):
    film_ = shots(sport, camera=camera)
    share = sum(shot.end - shot.begin for shot in film_ if shot.kind == camera) / film_[-1].end

    assert share >= 0.5
    assert len({(shot.kind, round(float(shot.focal[0]), 3)) for shot in film_}) >= 3


def seen(run, shot):
    """Athlete's joints (F, 18, 3) in camera coordinates, and their places in frame heights (F, 18, 2)."""
    moments = shot.since + np.arange(len(shot.eye)) / len(shot.eye) * (shot.until - shot.since)
    joints = at(run.actors[0].joints.astype(float), moments)
    place = np.einsum("fij,fpj->fpi", axes(shot.eye, shot.target, shot.roll), joints - shot.eye[:, None])
    return place, place[..., :2] / np.maximum(place[..., 2:], 0.05) * shot.focal[:, None, None]


@pytest.mark.parametrize("camera", CAMERAS)
@each_sport
def test_the_whole_athlete_is_in_every_frame_and_large_enough(sport, camera):
    for seed in SEEDS:
        run = act(sport, seed)
        for shot in shots(sport, seed, camera):
            place, flat = seen(run, shot)
            size = (flat.max(axis=1) - flat.min(axis=1)).max(axis=1)
            assert place[..., 2].min() > 0.5
            assert np.abs(flat[..., 0]).max() < 16 / 18 - 0.03
            assert np.abs(flat[..., 1]).max() < 0.5 - 0.03
            assert size.min() > (0.05 if shot.kind == "establish" else 0.12)


@pytest.mark.parametrize(("width", "height"), [(720, 1280), (720, 720)])
@each_sport
def test_upright_and_square_films_keep_the_athlete_too(sport, width, height):
    run = act(sport)
    for shot in shots(sport, width=width, height=height):
        _, flat = seen(run, shot)
        assert np.abs(flat[..., 0]).max() < width / height / 2 - 0.02
        assert np.abs(flat[..., 1]).max() < 0.5 - 0.02


@pytest.mark.parametrize("camera", CAMERAS)
@each_sport
def test_no_eye_is_under_ground_or_inside_a_stand(sport, camera):
    for seed in SEEDS:
        run = act(sport, seed)
        stands = [item.points.astype(float) for item in run.stage.furniture if item.kind is FurnitureKind.STAND]
        for shot in shots(sport, seed, camera):
            assert (shot.eye[:, 2] - run.stage.height(shot.eye[:, 0], shot.eye[:, 1])).min() > 0.2
            for corners in stands:
                inside, top = within_stand(corners, shot.eye.astype(float))
                assert not (inside & (shot.eye[:, 2] < top)).any()


@pytest.mark.parametrize(
    ("sport", "event", "kind"),
    [("biathlon", "target", FurnitureKind.TARGETS), ("ice-hockey", "goal", FurnitureKind.GOAL)],
)
def test_what_is_hit_is_in_the_picture_beside_the_athlete(sport, event, kind):
    for seed in SEEDS:
        run = act(sport, seed)
        own = kind is FurnitureKind.TARGETS
        struck = [item.points for item in run.stage.furniture if item.kind is kind and (item.hue == 1 or not own)][-1]
        hit = times(run, event)[-1]
        seen_in = [shot for shot in shots(sport, seed) if shot.since <= hit < shot.until]
        for shot in seen_in:
            part = (hit - shot.since) / (shot.until - shot.since)
            index = min(int(part * len(shot.eye)), len(shot.eye) - 1)
            pixels = project(shot, index, struck)
            body = project(shot, index, at(run.actors[0].joints, [hit])[0])
            assert (pixels[:, 2] > 0).all()
            assert pixels[:, 0].min() > 0
            assert pixels[:, 0].max() < 1280
            assert 0 < pixels[:, 1].min() < pixels[:, 1].max() + 1 < 720
            assert np.ptp(pixels[:, 0]) > 30
            assert pixels[:, 0].max() < body[:, 0].min() or pixels[:, 0].min() > body[:, 0].max()
        assert seen_in


@each_sport
def test_who_films_from_afar_sees_the_athletes_feet_over_every_fence(sport):
    run = act(sport)
    fences = [item.points.astype(float) for item in run.stage.furniture if item.kind is FurnitureKind.FENCE]
    shot = shots(sport)[0]
    joints = at(run.actors[0].joints.astype(float), np.linspace(shot.since, shot.until, len(shot.eye), endpoint=False))
    feet = np.column_stack([joints[..., :2].mean(axis=1), joints[..., 2].min(axis=1)])
    eye = shot.eye.astype(float)
    for fence in fences if np.linalg.norm(feet - eye, axis=1).min() > 16 else []:
        part, top = crossed(fence, eye, feet)
        sight = eye[:, 2:] + (feet - eye)[:, 2:] * part
        assert not (sight < top + 1.1).any()


@each_sport
def test_operators_move_like_people(sport):
    for shot in shots(sport):
        if len(shot.eye) > 4:
            assert np.abs(np.diff(np.log(shot.focal))).max() * 24 < 2.5
            assert np.abs(np.diff(shot.roll)).max() * 24 < 0.5
            gaze = shot.target - shot.eye
            gaze /= np.linalg.norm(gaze, axis=1, keepdims=True)
            turn = np.linalg.norm(np.diff(gaze, axis=0), axis=1)
            assert turn.max() > 1e-5
            assert np.linalg.norm(np.diff(gaze, 2, axis=0), axis=1).max() * shot.focal.max() < 0.3


@each_sport
def test_an_unknown_camera_is_filmed_as_multi(sport):
    assert [shot.kind for shot in shots(sport, camera="drone")] == [shot.kind for shot in shots(sport)]


def test_a_performance_carries_true_data_for_displays():
    show = perform(brief("ski-jumping"))

    assert set(show.hud) >= {"speed", "height", "angle"}
    assert np.allclose(show.hud["speed"], show.speed * 3.6, rtol=1e-5)
    assert [event.time for event in show.events] == sorted(event.time for event in show.events)
