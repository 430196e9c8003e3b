"""Colours on their way to the encoder and back."""

from __future__ import annotations

import numpy as np
import pytest

from backends.animatic.colour import decode, encode

BLUE, GREEN, RED = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def sent(colour, width=32, height=18):
    frame = np.zeros((height * 3 // 2, width), np.uint8)
    encode(np.full((height, width, 3), colour, np.uint8), frame)
    return frame


@pytest.mark.parametrize(
    ("colour", "planes"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        (RED, (63, 102, 240)),
        (GREEN, (173, 42, 26)),
        (BLUE, (32, 240, 118)),
    ],
)
def test_frames_hold_what_bt709_at_limited_range_says(colour, planes):
    frame = sent(colour).reshape(-1).astype(int)
    pixels = 32 * 18
    found = (frame[0], frame[pixels], frame[pixels * 5 // 4])
    assert np.abs(np.subtract(found, planes)).max() <= 1


@pytest.mark.parametrize("colour", [RED, GREEN, BLUE, (90, 140, 200), (255, 255, 255)])
def test_a_look_at_a_frame_has_the_colours_that_were_drawn(colour):
    look = decode(sent(colour), 6).astype(int)
    assert look.shape == (6, 11, 3)
    assert np.abs(look - np.array(colour)).max() <= 5
