"""Every sport the animator stages sounds as promised."""

import numpy as np
import pytest

from backends.animatic.motion import STAGINGS, perform
from backends.animatic.scene import Brief
from backends.animatic.sound import synthesise
from backends.animatic.sound.loudness import loudness, true_peak
from bot.sports import sports


def test_every_sport_names_a_staging_that_exists():
    assert {sport.staging for sport in sports()} <= set(STAGINGS)


@pytest.mark.slow
@pytest.mark.parametrize("staging", STAGINGS)
def test_a_staged_sport_is_sound_and_as_loud_as_promised(staging):
    brief = Brief("a fox", "sport", "Sport", staging, {}, "realistic", "multi", seed=7)
    wave = synthesise(perform(brief), 15.0, seed=7)
    assert (bool(np.isfinite(wave).all()), loudness(wave), true_peak(wave) <= -1.5) == (
        True,
        pytest.approx(-14, abs=0.5),
        True,
    )
