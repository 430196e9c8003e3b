"""Pictures with words for films that are cut from others."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from backends.animatic.cards import Cards
from bot.model.request import Size

SIZE = Size(640, 360)
LONG = "狐と狸が夕暮れの大きなジャンプ台から飛ぶ " * 6


def seen(path) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return picture


@pytest.mark.parametrize("lines", [(), ("Feb 6",), tuple(f"Maker {n} 海" for n in range(16))])
async def test_a_title_fills_the_picture_and_keeps_its_words_inside(tmp_path, lines):
    out = tmp_path / "title.png"
    await Cards().title(out, LONG, kicker="Round 3", lines=lines, size=SIZE)
    picture = seen(out)
    assert picture.shape == (360, 640, 3)
    bright = np.argwhere(picture.min(axis=2) > 200)
    assert len(bright)
    assert bright[:, 1].min() > 20
    assert bright[:, 1].max() < 620


async def test_a_lower_third_lies_below_left_and_leaves_the_rest_clear(tmp_path):
    out = tmp_path / "words.png"
    await Cards().lower_third(out, LONG, kicker="1 · Ada", detail="🎿 Ski jumping", size=SIZE)
    picture = seen(out)
    assert picture.shape == (360, 640, 4)
    assert picture[:180, :, 3].max() == 0
    assert picture[:, 560:, 3].max() == 0
    assert picture[200:, :320, 3].max() > 200
