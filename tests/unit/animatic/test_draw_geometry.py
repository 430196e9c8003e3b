"""Rays meet the ground where the ground is, bodies hide behind it, shapes are cut at the lens."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from backends.animatic.camera import axes, screen
from backends.animatic.draw.actors import gear_of, pose_of
from backends.animatic.draw.arrays import crossed, unit
from backends.animatic.draw.body import Limb, splat
from backends.animatic.draw.crowd import draw_people
from backends.animatic.draw.equipment import limbs_of_gear
from backends.animatic.draw.figure import Part, limbs_of
from backends.animatic.draw.panels import Panels, bands, shown
from backends.animatic.draw.picture import _brush, background
from backends.animatic.draw.staging import _crosses
from backends.animatic.draw.subjects import MAKERS, limbs_for
from backends.animatic.draw.terrain import look, measure
from backends.animatic.draw.things import CLOTH
from backends.animatic.draw.titles import Inks, beats
from backends.animatic.draw.view import View, view_of
from backends.animatic.film import boxes, prepare
from backends.animatic.scene import Furniture, FurnitureKind
from tests.unit.animatic.rehearsals import act
from tests.unit.animatic.samples import brief, slalom


@pytest.fixture(scope="module")
def performance():
    return slalom(24, 2.0)


@pytest.fixture(scope="module")
def view(performance):
    return view_of(performance.shots[1], 3, 320, 180)


def test_a_view_projects_like_the_camera_that_films(performance, view):
    shot = performance.shots[1]
    points = performance.actors[0].joints[int(shot.since * 120) + 15]
    place = (points - shot.eye[3]) @ axes(shot.eye[3], shot.target[3], shot.roll[3]).T
    expected = screen(place, float(shot.focal[3]), (320, 180))
    pixels, depth = view.project(points)
    assert np.allclose(pixels, expected[:, :2], atol=0.05)
    assert np.allclose(depth, expected[:, 2], atol=1e-3)


def test_rays_end_on_the_ground(performance, view):
    stage = performance.stage
    ground = measure(stage, stage.course)
    sight = look(ground, view, 80, 45)
    near = sight.seen & (sight.distance < 60)
    z = view.eye[2] + sight.distance * sight.rays[..., 2]
    error = np.abs(z - stage.height(sight.x, sight.y))[near]
    assert near.mean() > 0.3
    assert np.quantile(error, 0.98) < 0.15


def test_what_stands_behind_a_crest_is_covered_and_what_stands_before_is_not():
    def ridge(x, y):
        return 6.0 * np.exp(-(((y - 40) / 6) ** 2)) + 0 * x

    stage = slalom(24, 2.0).stage
    course = np.stack([np.zeros(30), np.linspace(0, 120, 30), np.zeros(30)], -1).astype(np.float32)
    stage = type(stage)(stage.setting, stage.material, ridge, course, 6.0)
    eye = np.array([0, 0, 2], np.float32)
    view = View(eye, np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], np.float32), 180.0, 320, 180)
    sight = look(measure(stage, course), view, 80, 45)
    feet = np.array([[0, 20, 0], [0, 80, 0]], np.float32)
    rows, _ = view.project(feet)
    cover = sight.cover(feet)
    assert rows[0, 1] <= cover[0] + 1
    assert rows[1, 1] > cover[1] + 5


@pytest.mark.parametrize("moment", [1.0, 6.7, 11.0])
def test_the_crew_of_a_bob_keeps_legs_and_hands_inside_the_hull(moment):
    crew = act("bobsleigh").actors
    kind, points, normal = gear_of(crew[0], moment)[0]
    way = unit(points[1] - points[0])
    limbs = [limb for rider in crew for limb in limbs_of(pose_of(rider, moment))]
    for toward in (way + normal * 0.4, way + normal, normal * 0.3 - way, crossed(way, normal) + normal * 0.3):
        ahead = -unit(toward.astype(np.float32))
        right = unit(crossed(ahead, normal))
        basis = np.stack([right, crossed(ahead, right), ahead]).astype(np.float32)
        look_on = View((points.mean(axis=0) - ahead * 8).astype(np.float32), basis, 500.0, 640, 480)
        buffer = splat([*limbs, *limbs_of_gear(kind, points, normal)], look_on)

        assert buffer is not None
        seen = buffer.part[buffer.core()]
        assert (seen == Part.HELMET).any()
        assert np.isin(seen, [Part.BOOT, Part.GLOVE]).mean() < 0.002


def test_a_polygon_that_reaches_behind_the_lens_is_cut(view):
    ahead, behind = view.eye + view.basis[2] * 5, view.eye - view.basis[2] * 5
    shape = view.shape(np.stack([ahead, ahead + view.basis[0], behind]))
    assert shape is not None
    assert np.isfinite(shape).all()
    assert view.shape(np.stack([behind, behind + view.basis[0], behind + view.basis[1]])) is None


def test_a_limb_is_round_and_the_nearer_one_hides_the_other(view):
    centre = view.eye + view.basis[2] * 6
    far = Limb(centre + view.basis[2], centre + view.basis[2], 0.5, 0.5, Part.TRIM)
    near = Limb(centre, centre, 0.25, 0.25, Part.SUIT)
    buffer = splat([near, far], view)
    assert buffer is not None
    middle = tuple(side // 2 for side in buffer.cover.shape)
    assert buffer.spread(buffer.part)[middle] == Part.SUIT
    assert (buffer.part[buffer.core()] == Part.TRIM).any()
    lengths = np.linalg.norm(buffer.normal[:, buffer.core()], axis=0)
    assert np.allclose(lengths, 1, atol=0.05)


def test_every_subject_has_a_silhouette_of_its_own(performance):
    actor = performance.actors[0]
    pose = pose_of(actor, 1.0)
    person = {(round(float(limb.ra), 3), limb.part) for limb in limbs_for(None, pose)}
    for subject in MAKERS:
        own = {(round(float(limb.ra), 3), limb.part) for limb in limbs_for(subject, pose)}
        assert own - person, subject


def test_words_keep_clear_of_the_athlete(performance):
    order = brief(seconds=2.0)
    found = beats(order, Inks(), [shot.end for shot in performance.shots], lambda a, b: boxes(order, performance, a, b))
    for beat in found:
        height, width = beat.label.picture.shape[:2]
        for left, top, right, bottom in boxes(order, performance, beat.begin, min(beat.end, 2.0))[0]:
            across = min(right, beat.left + width) - max(left, beat.left)
            down = min(bottom, beat.top + height) - max(top, beat.top)
            assert max(across, 0) * max(down, 0) < 0.12 * width * height


def test_words_make_room_for_rivals_too():
    athlete, rival = np.array([[600, 300, 700, 420]]), np.array([[40, 560, 420, 700]])
    (title, *_) = beats(brief(), Inks(), [1.0, 2.0], lambda begin, end: [athlete, rival])

    assert title.left > 420 or title.top < 300


def test_a_sentence_is_set_narrower_where_a_broad_one_would_cover_somebody():
    order = replace(brief(), prompt="A biathlete in a blue suit skis through the storm and shoots five times")
    width = order.width
    athlete = np.array([[width * 0.34, 0, width * 0.62, order.height]])

    (_, alone, _), (_, beside, _) = (
        beats(order, Inks(), [1.0, 2.0], lambda begin, end, there=there: there) for there in ([], [athlete])
    )

    assert beside.label.picture.shape[1] < alone.label.picture.shape[1]
    right = beside.left + beside.label.picture.shape[1]
    assert right <= width * 0.34 or beside.left >= width * 0.62


@pytest.mark.parametrize("apart", [False, True])
def test_a_line_is_as_broad_as_the_distance_makes_it_at_every_place(performance, view, apart):
    film = prepare(brief(seconds=2.0), performance)
    brush = replace(_brush(background(film.scenery, 30)), view=view, canvas=np.zeros((180, 320), np.uint8))
    away = np.concatenate([np.linspace(-6, 2, 9), np.linspace(2.5, 40, 60)])[:, None]
    line = (view.eye + view.basis[2] * away + view.basis[1] * np.float32(1.0)).astype(np.float32)

    if apart:
        brush.hairlines(np.stack([line[:-1], line[1:]], 1), (255, 255, 255), 0.2)
    else:
        brush.stroke(line, (255, 255, 255), 0.2)

    rows = (brush.canvas > 127).sum(axis=1)
    drawn = np.flatnonzero(rows)
    expected = 0.2 * (drawn + 0.5 - 90)  # a metre below the lens, a row tells its distance: breadth grows with it
    smooth_edges, round_ends = 3.5, 0.4 * expected
    assert (np.abs(rows[drawn] - expected) < smooth_edges + round_ends).all()


def test_a_fence_right_before_the_lens_is_stepped_over(performance, view):
    ahead = view.eye + view.basis[2] * 2 + view.basis[0] * 0.6
    quad = np.stack([ahead, ahead + view.basis[0], ahead + view.basis[0] + view.basis[1], ahead + view.basis[1]])
    panels = Panels(quad[None].astype(np.float32), [(0, 0, 0)], np.zeros(1, np.float32))
    film = prepare(brief(seconds=2.0), performance)
    brush = replace(_brush(background(film.scenery, 30)), view=view)
    aside = (np.array([0.0, 0.0]), np.array([1.0, 1.0]))

    near, far = (len(shown(panels, brush, (*aside, depth))) for depth in (20.0, 2.5))

    assert (near, far) == (0, 1)


def test_only_the_piece_of_a_slanting_fence_that_covers_the_athlete_steps_aside(performance, view):
    film = prepare(brief(seconds=2.0), performance)
    brush = replace(_brush(background(film.scenery, 30)), view=view)
    line = view.eye + view.basis[2] * 9 + view.basis[0] * np.array([[-3], [0], [3]], np.float32)
    line[:, 2] += np.array([-3.5, -2.0, -0.5])  # from the lower left to the upper right
    fence = Panels(bands(line.astype(np.float32), 0.0, 1.0), [(0, 0, 0)] * 2, np.zeros(2, np.float32))
    pixels = view.project(fence.quads.reshape(-1, 3))[0].reshape(2, 4, 2)
    corner = np.array([pixels[0, :, 0].min(), pixels[0, :, 1].min()])  # above the left piece, in the box around it
    above, on = (corner + 4, corner + 8), (pixels[0].mean(axis=0) - 2, pixels[0].mean(axis=0) + 2)

    assert [len(shown(fence, brush, (*box, 12.0))) for box in (above, on)] == [2, 1]


def test_a_flag_steps_aside_where_its_cloth_and_not_only_its_pole_is_before_the_athlete(performance, view):
    brush = replace(_brush(background(prepare(brief(seconds=2.0), performance).scenery, 30)), view=view)
    top = view.eye + view.basis[2] * 12 - CLOTH * 0.5
    flag = Furniture(FurnitureKind.FLAG, np.stack([top - np.array([0, 0, 4.0]), top]).astype(np.float32))
    places, _ = view.project(np.stack([top + CLOTH * 0.5, top - CLOTH * [0.5, 0.5, 0]]).astype(np.float32))

    hidden, beside = (_crosses(brush, flag, 12.0, (place - 2, place + 2, 16.0)) for place in places)

    assert (hidden, beside) == (True, False)


def test_one_sees_through_an_arch_but_not_through_its_leg(performance, view):
    brush = replace(_brush(background(prepare(brief(seconds=2.0), performance).scenery, 30)), view=view)
    middle = view.eye + view.basis[2] * 12 - np.array([0, 0, 2.0])
    arch = Furniture(FurnitureKind.ARCH, np.stack([middle - view.basis[0] * 4, middle + view.basis[0] * 4]))
    places, _ = view.project(np.stack([middle, arch.points[1]]) + np.array([0, 0, 1], np.float32))

    through, behind = (_crosses(brush, arch, 12.0, (place - 2, place + 2, 16.0)) for place in places)

    assert (through, behind) == (False, True)


def test_a_wall_that_a_slope_hides_in_part_is_cut_in_one_line(performance, view):
    film = prepare(brief(seconds=2.0), performance)
    sight = look(film.scenery.paint.ground, view, 80, 45)
    columns, rungs = sight.crest.shape
    rising = np.repeat(np.linspace(-0.4, 0.4, columns, dtype=np.float32)[:, None], rungs, axis=1)
    brush = replace(_brush(background(film.scenery, 30)), view=view, sight=replace(sight, crest=rising))
    line = view.eye + view.basis[2] * 9 + view.basis[0] * np.linspace(-3, 3, 5, dtype=np.float32)[:, None]
    quads = bands(line.astype(np.float32), -3.0, 3.0)
    walls = Panels(quads, [(0, 0, 0)] * 4, np.zeros(4, np.float32))
    aside = (np.array([0.0, 0.0]), np.array([1.0, 1.0]), 1.0)

    cut = [panel.corners for panel in shown(walls, brush, aside)]

    assert all(corners is not None for corners in cut)
    assert all((one[[1, 2]] == other[[0, 3]]).all() for one, other in pairwise(cut))
    assert len({int(corners[0, 1]) for corners in cut}) > 1


def test_people_behind_a_crest_are_not_seen(performance):
    film = prepare(brief(seconds=2.0), performance)
    brush = _brush(background(film.scenery, 30))
    feet = (brush.view.eye + brush.view.basis[2] * 12 - np.array([0, 0, 1.0]))[None].astype(np.float32)
    empty = brush.canvas.copy()

    draw_people(brush, feet, 0.5, np.array([-1e3], np.float32))
    hidden = brush.canvas.copy()
    draw_people(brush, feet, 0.5, np.array([1e6], np.float32))

    assert (np.array_equal(hidden, empty), np.array_equal(brush.canvas, empty)) == (True, False)
