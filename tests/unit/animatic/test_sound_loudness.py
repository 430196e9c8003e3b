"""The measurement agrees with the standard's own examples; the limiter holds what it promises."""

import numpy as np
import pytest

from backends.animatic.sound.loudness import limit, loudness, master, true_peak
from backends.animatic.sound.noise import SAMPLES


def sine(hertz, dbfs, seconds=5.0, phase=0.0):
    time = np.arange(round(seconds * SAMPLES)) / SAMPLES
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * time + phase)).astype(np.float32)


def test_a_full_scale_tone_on_one_side_reads_as_the_standard_says():
    wave = np.stack([sine(997, 0), np.zeros(5 * SAMPLES, np.float32)])
    assert loudness(wave) == pytest.approx(-3.01, abs=0.1)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_a_stereo_tone_at_a_level_reads_that_level(level):
    assert loudness(np.stack([sine(1000, level)] * 2)) == pytest.approx(level, abs=0.1)


def test_quiet_stretches_do_not_count():
    loud, quiet = np.stack([sine(1000, -23, 30)] * 2), np.stack([sine(1000, -36, 10)] * 2)
    assert loudness(np.concatenate([quiet, loud, quiet], axis=1)) == pytest.approx(-23.0, abs=0.1)


def test_low_notes_weigh_less():
    assert loudness(np.stack([sine(40, -20)] * 2)) < loudness(np.stack([sine(1000, -20)] * 2)) - 4


def test_silence_has_no_loudness():
    assert loudness(np.zeros((2, SAMPLES), np.float32)) == float("-inf")


def test_a_peak_between_samples_is_seen():
    wave = np.stack([sine(12_000, 0, 0.5, phase=np.pi / 4)] * 2)  # samples reach only -3 dB
    assert true_peak(wave) == pytest.approx(0.0, abs=0.3)


def test_the_limiter_holds_its_ceiling():
    random = np.random.default_rng(1)
    wave = (random.standard_normal((2, SAMPLES)) * 0.8).astype(np.float32)
    assert true_peak(limit(wave, -1.7)) <= -1.6


def test_the_limiter_leaves_quiet_sound_alone():
    wave = np.stack([sine(440, -12)] * 2)
    assert limit(wave) is wave


def test_mastering_reaches_the_target_through_sharp_peaks():
    wave = np.stack([sine(300, -40, 10)] * 2)
    wave[:, ::SAMPLES] = 1.0
    done = master(wave)
    assert (loudness(done), true_peak(done) <= -1.5) == (pytest.approx(-14, abs=0.5), True)
