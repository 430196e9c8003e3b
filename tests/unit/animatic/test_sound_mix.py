"""What the whole mix keeps: length, loudness, peaks, silence, sides, and a member's own sound."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from backends.animatic.scene import RATE, Event, EventKind, GearKind, Material, Setting
from backends.animatic.sound import SAMPLES, Blend, Ground, bed, synthesise
from backends.animatic.sound.composer import compose
from backends.animatic.sound.loudness import loudness, true_peak
from tests.performances import performance, shot

JUMP = [
    Event(EventKind.START, 0.5),
    Event(EventKind.TAKEOFF, 7.0),
    Event(EventKind.LANDING, 10.0),
    Event(EventKind.FINISH, 13.0),
]


def jump():
    load = np.ones(15 * RATE, np.float32)
    load[7 * RATE : 10 * RATE] = 0
    return performance(events=JUMP, load=load, decisive=7.0, speed=25)


def rink(gear=GearKind.BLADE, events=()):
    return performance(speed=12, gear=gear, material=Material.ICE, setting=Setting.HALL, events=events)


def level(wave, since, until):
    return float(20 * np.log10(np.sqrt(np.square(wave[:, int(since * SAMPLES) : int(until * SAMPLES)]).mean()) + 1e-9))


SHOTS = [Event(EventKind.SHOT, 5 + 0.8 * index) for index in range(5)]
SCENES = {
    "jump": jump(),
    "skating": rink(events=[Event(EventKind.PUSH, 0.6 * index + 0.3) for index in range(20)]),
    "curling": rink(GearKind.STONE, [Event(EventKind.HIT, 8.0)]),
    "luge": performance(speed=33, gear=GearKind.SLED, material=Material.ICE),
    "rifle": performance(speed=0, load=0.3, gear=GearKind.RIFLE, events=SHOTS),
    "still": performance(speed=0, load=0, people=False),
}


@cache
def film(name):
    return synthesise(SCENES[name], 15.0, seed=2)


@pytest.mark.parametrize("name", SCENES)
def test_a_film_is_as_loud_as_promised(name):
    assert loudness(film(name)) == pytest.approx(-14, abs=0.5)


@pytest.mark.parametrize("name", SCENES)
def test_no_peak_passes_the_ceiling(name):
    assert true_peak(film(name)) <= -1.5


@pytest.mark.parametrize("seconds", [15.0, 5.0625, 10.0, 1.0])
def test_the_length_is_exact(seconds):
    assert synthesise(jump(), seconds, seed=1).shape == (2, round(seconds * SAMPLES))


def test_the_same_seed_gives_the_same_sound():
    assert np.array_equal(synthesise(jump(), 5.0, seed=4), synthesise(jump(), 5.0, seed=4))


def test_another_seed_gives_another_sound():
    assert not np.array_equal(synthesise(jump(), 5.0, seed=4), synthesise(jump(), 5.0, seed=5))


def test_everyone_holds_their_breath_before_the_take_off():
    wave = film("jump")
    assert level(wave, 6.5, 6.97) < level(wave, 3, 5.5) - 8


def bright(wave, since, until):
    """Mean magnitude above 6 kHz between two clip times."""
    part = wave[0, since * SAMPLES : until * SAMPLES]
    return np.abs(np.fft.rfft(part))[(until - since) * 6000 :].mean() / len(part) ** 0.5


def test_in_the_air_the_ground_is_silent():
    wave = film("jump")
    assert bright(wave, 8, 9) < bright(wave, 3, 5) / 2


def test_the_crowd_breaks_out_after_the_landing():
    wave = film("jump")
    assert level(wave, 10.4, 11.4) > level(wave, 8, 9.9) + 6


def spectrum(name):
    """Parts of the energy of seconds 3 to 5 in eight octave bands from 62 Hz on, in dB."""
    power = np.square(np.abs(np.fft.rfft(film(name)[0, 3 * SAMPLES : 5 * SAMPLES])))
    edges = 2 * 62 * 2 ** np.arange(9)
    bands = np.array([power[a:b].sum() for a, b in pairwise(edges)])
    return 10 * np.log10(bands / bands.sum())


@pytest.mark.parametrize(
    ("one", "other"), [("jump", "skating"), ("skating", "curling"), ("curling", "luge"), ("luge", "jump")]
)
def test_sports_sound_different(one, other):
    assert np.linalg.norm(spectrum(one) - spectrum(other)) > 6


def test_an_athlete_on_the_left_is_heard_on_the_left():
    cameras = (shot(0, 15, 0, 15),)
    cameras[0].target[:, 1] += 5  # the camera stands to the right of the course and looks ahead of the athlete
    wave = synthesise(performance(shots=cameras, people=False, spray=1.0), 5.0, seed=1)
    high = np.abs(np.fft.rfft(wave))[:, 5 * 5000 :].sum(1)
    assert high[0] > 1.3 * high[1]


def test_far_away_is_softer_than_near():
    far, near = (compose(performance(shots=(shot(0, 15, 0, 15, beside=x),)), 15.0).near for x in (80.0, 4.0))
    assert far.max() < 0.6 * near.min()


@pytest.mark.parametrize("ground", list(Ground))
def test_a_bed_is_complete_for_every_ground(ground):
    wave = bed(15.0, 3, ground, seed=9)
    assert (wave.shape, loudness(wave), true_peak(wave) <= -1.5) == (
        (2, 15 * SAMPLES),
        pytest.approx(-14, abs=0.5),
        True,
    )


@pytest.mark.parametrize("seconds", [4.0, 15.0625, 30.0])
def test_a_bed_has_the_length_that_was_asked(seconds):
    assert bed(seconds, 5, "snow", seed=1).shape[1] == round(seconds * SAMPLES)


def tone(seconds, hertz=997.0, gain=0.2):
    time = np.arange(round(seconds * SAMPLES)) / SAMPLES
    return np.stack([gain * np.sin(2 * np.pi * hertz * time)] * 2).astype(np.float32)


def purity(wave, hertz=997):
    """Part of the energy that lies within 5 Hz of a tone."""
    power = np.square(np.abs(np.fft.rfft(wave[0])))
    seconds = wave.shape[1] / SAMPLES
    return power[round((hertz - 5) * seconds) : round((hertz + 5) * seconds)].sum() / power.sum()


def test_a_members_sound_can_replace_ours():
    assert purity(synthesise(jump(), 15.0, 1, under=tone(15))) > 0.99


def test_a_members_sound_can_lie_under_ours():
    part = purity(synthesise(jump(), 15.0, 1, under=tone(15), mode=Blend.UNDER))
    assert 0.2 < part < 0.98


def test_a_members_short_sound_leaves_the_rest_of_the_film_to_us():
    wave = synthesise(jump(), 15.0, 1, under=tone(3), mode=Blend.UNDER)
    assert purity(wave[:, 11 * SAMPLES :]) < 0.05


def test_a_members_silence_stays_silence_and_breaks_nothing():
    assert not synthesise(jump(), 5.0, 1, under=np.zeros((2, SAMPLES), np.float32)).any()


@pytest.mark.parametrize("own", [tone(20, gain=1.0), tone(15, gain=0.001)])
def test_a_members_sound_is_brought_to_the_same_loudness(own):
    assert loudness(synthesise(jump(), 15.0, 1, under=own)) == pytest.approx(-14, abs=0.5)


def test_an_empty_sound_of_a_member_is_no_sound():
    nothing = np.zeros((2, 0), np.float32)
    assert np.array_equal(synthesise(jump(), 2.0, 1, under=nothing), synthesise(jump(), 2.0, 1))


def test_a_skater_who_glides_backwards_makes_sound_too():
    assert np.isfinite(synthesise(performance(speed=-3, material=Material.ICE), 2.0, 1)).all()
