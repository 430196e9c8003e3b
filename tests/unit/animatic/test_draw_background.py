"""The background is drawn only where it is seen, as coarsely as it may be, and leaves no trace of that."""

from __future__ import annotations

import numpy as np
import pytest

from backends.animatic.draw import lens
from backends.animatic.draw.arrays import band, boxed, mixed, picked, polar, stretched
from backends.animatic.draw.backdrop import Sky, Wall, doubled, solid_from
from backends.animatic.draw.noise import clouds
from backends.animatic.draw.shadows import Shades, cast_things
from backends.animatic.draw.surface import merged
from backends.animatic.draw.terrain import measure
from backends.animatic.draw.view import View
from tests.unit.animatic.samples import slalom

EAST, DOWN, NORTH = (1, 0, 0), (0, 0, -1), (0, 1, 0)
PICTURE = clouds(1, 40, 60, 5)


@pytest.fixture(scope="module")
def stage():
    return slalom(24, 2.0).stage


@pytest.fixture(scope="module")
def view():
    return View(np.array([0, 0, 2], np.float32), np.array([EAST, DOWN, NORTH], np.float32), 90.0, 160, 90)


@pytest.mark.parametrize("height", [240, 245])
def test_some_rows_of_a_field_are_those_of_the_whole(height):
    whole, rows = stretched(PICTURE, (90, height), slice(0, height)), slice(37, 118)

    assert np.allclose(stretched(PICTURE, (90, height), rows), whole[rows], atol=1e-5)


def test_a_band_holds_every_pixel_that_a_true_cell_touches():
    where = np.zeros((20, 30), bool)
    where[7:9, 4] = True
    touched = np.flatnonzero(stretched(where.astype(np.float32), (60, 120), slice(0, 120)).any(axis=1))

    rows = band(where, 120)

    assert rows is not None
    assert rows.start <= touched[0]
    assert touched[-1] < rows.stop


def test_nothing_true_has_no_band():
    assert band(np.zeros((4, 4), bool), 40) is None


def test_a_full_weight_covers_and_none_leaves_what_was():
    over, under = np.full((1, 2, 3), 200, np.uint8), np.full((1, 2, 3), 90, np.uint8)

    mixed(over, under, np.array([[255, 0]], np.uint8))

    assert under[0, :, 0].tolist() == [200, 90]


def test_a_box_keeps_its_margin_inside_the_picture():
    mask = np.zeros((20, 20), np.uint8)
    mask[1, 5:8] = 255

    assert boxed(mask, 3) == (slice(0, 5), slice(2, 11))


def test_whole_places_pick_single_pixels():
    picture = np.arange(12, dtype=np.uint8).reshape(3, 4)

    assert picked(picture, np.array([[(3, 0), (1, 2)]], np.int16)).tolist() == [[3, 9]]


def test_angles_are_as_true_as_a_panorama_needs():
    angle = np.linspace(-3.1, 3.1, 400, dtype=np.float32)[None]

    assert np.allclose(polar(np.cos(angle), np.sin(angle))[1], angle, atol=3e-4)


def test_heights_that_were_not_measured_are_as_the_stage_says_even_at_an_edge(stage):
    def terrace(x, y):
        return np.where(x > 1.03, 2.0, 0.0) + 0.02 * np.sin(y / 9)

    course = np.stack([np.zeros(30), np.linspace(0, 60, 30), np.zeros(30)], -1).astype(np.float32)
    steep = type(stage)(stage.setting, stage.material, terrace, course, 6.0)
    fine = measure(steep, course).fine
    x, y = fine.grid()

    assert np.abs(fine.tall - terrace(x, y)).max() < 0.01


def test_the_fine_picture_ends_as_the_coarse_one_begins(stage):
    ground = measure(stage, stage.course)
    rows, columns = ground.fine.tall.shape
    fine, coarse = np.full((rows, columns, 3), 40, np.uint8), np.full((*ground.coarse.tall.shape, 3), 220, np.uint8)

    found = merged(fine, coarse, ground)

    assert found[0, columns // 2, 0] == 220
    assert found[rows // 2, columns // 2, 0] == 40


def test_a_sky_is_the_same_in_part_as_in_whole(view):
    grey = np.clip(128 + 40 * clouds(3, 120, 400, 9), 0, 255).astype(np.uint8)
    sky = Sky(doubled(np.repeat(grey[..., None], 3, axis=2)))
    whole, part = np.zeros((90, 160, 3), np.uint8), np.zeros((90, 160, 3), np.uint8)

    sky.paint(whole, view, slice(0, 90))
    sky.paint(part, view, slice(20, 50))

    assert (part[20:50] == whole[20:50]).all()
    assert not part[:20].any()


def test_what_lies_behind_a_solid_wall_is_known_to_be_hidden(view):
    picture = np.zeros((40, 80, 4), np.uint8)
    picture[12:, :, 3] = 255
    wall = Wall(doubled(picture), (0.0, 0.0), (50.0, 50.0), -40.0, 40.0, 0.0, solid_from(picture))
    canvas = np.full((90, 160, 3), 77, np.uint8)
    seen = wall.seen(view, canvas)

    wall.paint(canvas, seen, slice(0, 90))

    rows = band(seen.thin, 90)
    assert rows is not None
    assert not canvas[rows.stop :].any()
    assert (canvas[:3] == 77).all()


def test_a_moving_lens_smears_an_edge_along_its_way_only():
    image = np.zeros((40, 40, 3), np.uint8)
    image[:, 20:] = 200

    assert (lens.smear(image, np.array([0.0, 24.0])) == image).all()
    assert 0 < lens.smear(image, np.array([24.0, 0.0]))[20, 17, 0] < 200


def test_a_thing_thinner_than_a_pixel_has_a_paler_shadow(view):
    ends = np.array([[(-3, 10, 0), (3, 10, 0)], [(-3, 40, 0), (3, 40, 0)]], np.float32)
    shades = Shades(ends, np.array([0.5, 0.05], np.float32), ends[:, 0])
    mask = np.zeros((90, 160), np.uint8)

    cast_things(mask, view, shades)

    near, far = mask[60:].max(), mask[46:52].max()
    assert 0 < far < near
