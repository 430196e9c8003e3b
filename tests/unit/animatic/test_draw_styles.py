"""What the pictures of all styles promise."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from backends.animatic.draw.actors import cast
from backends.animatic.draw.figure import Part
from backends.animatic.draw.hall import draw_roof
from backends.animatic.draw.picture import _brush as brush_of
from backends.animatic.draw.picture import background
from backends.animatic.draw.styles import STYLES
from backends.animatic.film import prepare, render_frame
from backends.animatic.scene import Setting
from tests.unit.animatic.samples import brief, rink, slalom

SECONDS = 2.0


def film(style, performance=slalom, **changes):
    order = brief(style, seconds=SECONDS, **changes)
    return prepare(order, performance(order.fps, SECONDS))


@cache
def kept(style):
    """One film of each style for all tests that only draw from it: its preparation is the dearest thing here."""
    return film(style)


def signature(image):
    """Histogram of colours and share of edges: enough to tell drawings apart."""
    histogram = cv2.calcHist([image], [0, 1, 2], None, [4, 4, 4], [0, 256] * 3).ravel() / image[..., 0].size
    edges = cv2.Canny(image, 60, 160).mean() / 255
    return np.append(histogram, edges * 4)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_a_frame_is_the_same_however_often_and_in_whatever_order_it_is_drawn(style):
    first = kept(style)
    early, late = render_frame(first, 6), render_frame(first, 30)
    second = film(style)
    assert np.array_equal(late, render_frame(second, 30))
    assert np.array_equal(early, render_frame(second, 6))


def test_every_style_draws_differently_not_only_in_other_colours():
    pictures = {style: render_frame(kept(style), 20) for style in STYLES}
    found = {style: signature(picture) for style, picture in pictures.items()}
    names = sorted(found)
    gaps = [np.abs(found[a] - found[b]).sum() for i, a in enumerate(names) for b in names[i + 1 :]]
    assert min(gaps) > 0.3


@pytest.mark.parametrize("style", sorted(STYLES))
def test_no_frame_is_black_and_none_repeats_the_one_before(style):
    prepared = kept(style)
    frames = [render_frame(prepared, index).astype(np.int16) for index in (0, 1, 16, 17, 46, 47)]
    assert all(frame.mean() > 18 for frame in frames)
    moved = [np.abs(b - a).mean() for a, b in zip(frames[::2], frames[1::2], strict=True)]
    assert min(moved) > 0.3


@pytest.mark.parametrize("style", sorted(STYLES))
def test_the_style_does_not_flicker(style):
    prepared = kept(style)
    means = np.array([render_frame(prepared, index).mean() for index in range(34, 43)])
    assert np.median(np.abs(np.diff(means, 2))) / 2 < 1.0


def test_a_hall_is_drawn_with_ice_that_mirrors():
    prepared = film("realistic", rink)
    assert prepared.scenery.hall
    assert prepared.performance.stage.setting is Setting.HALL
    assert render_frame(prepared, 10).std() > 20


def test_a_roof_whose_trusses_reach_behind_the_lens_leaves_the_ice_alone():
    frame = background(film("realistic", rink).scenery, 10)
    across = np.float32([[0, -1, 0], [0, 0, -1], [1, 0, 0]])
    lens = replace(frame.view, eye=np.float32([0, 0, 0.8]), basis=across)
    stage, before = frame.scenery.performance.stage, frame.image.copy()

    draw_roof(replace(brush_of(frame), view=lens), stage, frame.scenery.lamps)

    changed = (frame.image != before).any(axis=-1)
    assert changed.any()
    assert not changed[changed.shape[0] // 2 :].any()


def test_the_sentence_changes_light_and_weather():
    noon = render_frame(film("realistic", prompt="a skier at noon"), 20).astype(int)
    night = render_frame(film("realistic", prompt="a skier at night in a snowstorm"), 20).astype(int)
    assert noon.mean() - night.mean() > 30


def test_colours_of_the_sentence_dress_the_athlete():
    red = film("realistic", prompt="a red skier").scenery.palette.suit
    green = film("realistic", prompt="a green skier").scenery.palette.suit
    assert red[2] > red[1]
    assert green[1] > green[2]


def test_words_keep_clear_of_a_styles_own_display():
    order = brief("sci-fi", staging="alpine-skiing", seed=3, prompt="a robot racing downhill on a snowy night")
    prepared = prepare(order)
    left, top, right, bottom = prepared.scenery.style.display(prepared.performance, order)[0]

    for beat in prepared.words:
        high, wide = beat.label.picture.shape[:2]
        beyond = beat.left >= right or beat.left + wide <= left
        assert beyond or beat.top >= bottom or beat.top + high <= top


def test_an_unknown_style_is_drawn_plainly():
    assert film("no-such-style").scenery.style.slug == "realistic"


def test_a_reference_picture_is_worn(tmp_path):
    picture = np.full((80, 80, 3), (30, 200, 40), np.uint8)
    path = tmp_path / "face.png"
    cv2.imwrite(str(path), picture)
    with_it = film("realistic", image=str(path), prompt="a skier")
    assert with_it.notes == ()
    assert with_it.scenery.palette.suit[1] > 150
    assert not np.array_equal(render_frame(with_it, 20), render_frame(film("realistic", prompt="a skier"), 20))


@pytest.mark.parametrize(
    ("pictured", "worn", "other"), [(False, Part.HAIR, Part.HELMET), (True, Part.HELMET, Part.HAIR)]
)
def test_a_figure_skater_wears_a_helmet_only_to_show_a_reference_picture(tmp_path, pictured, worn, other):
    path = tmp_path / "face.png"
    cv2.imwrite(str(path), np.full((80, 80, 3), (30, 200, 40), np.uint8))
    order = brief("pictogram", staging="figure-skating", image=str(path) if pictured else None)

    _, _, limbs = cast(background(prepare(order).scenery, 30))[0]

    parts = {limb.part for limb in limbs}
    assert worn in parts
    assert other not in parts


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_an_unreadable_picture_is_left_out_and_said_so(tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    prepared = film("realistic", image=str(path))
    assert prepared.notes == ("note.reference_unreadable",)
    assert render_frame(prepared, 3).mean() > 18


def test_a_missing_picture_is_left_out_and_said_so(tmp_path):
    assert film("realistic", image=str(tmp_path / "none.png")).notes
