"""Every event is heard when it is seen, within one frame."""

import numpy as np
import pytest

from backends.animatic.scene import Event, EventKind, GearKind, Material, Setting
from backends.animatic.sound import SAMPLES, synthesise
from backends.animatic.sound.composer import compose
from tests.performances import performance, shot

FRAME = 1 / 24
EDGE = SAMPLES // 500


def heard(wave, around, reach=0.25):
    """Clip time of the steepest rise of loudness within `reach` seconds of `around`; 2 ms fine."""
    high = np.diff(wave.sum(0), prepend=0.0)
    level = np.sqrt(np.square(high[: len(high) // EDGE * EDGE]).reshape(-1, EDGE).mean(1))
    smooth = np.convolve(level, np.ones(3) / 3, mode="same")
    step = np.log(smooth[4:] + 1e-4) - np.log(smooth[:-4] + 1e-4)
    first, last = int((around - reach) * 500), int((around + reach) * 500)
    return (first + int(np.argmax(step[first:last])) + 2) / 500


def still(**changes):
    return performance(**({"speed": 0.5, "load": 0.0, "people": False, "decisive": 30.0} | changes))


@pytest.mark.parametrize("kind", [k for k in EventKind if k is not EventKind.TURN])
def test_an_event_sounds_when_it_is_seen(kind):
    wave = synthesise(still(events=[Event(kind, 6.0)]), 10.0, seed=1)
    assert abs(heard(wave, 6.0) - 6.0) < FRAME


@pytest.mark.parametrize(
    ("kind", "gear"),
    [
        (EventKind.HIT, GearKind.STONE),
        (EventKind.HIT, GearKind.STICK),
        (EventKind.PUSH, GearKind.BLADE),
        (EventKind.PUSH, GearKind.SLED),
        (EventKind.START, GearKind.STICK),
    ],
)
def test_on_ice_too(kind, gear):
    scene = still(events=[Event(kind, 6.0)], gear=gear, material=Material.ICE, setting=Setting.HALL)
    assert abs(heard(synthesise(scene, 10.0, seed=1), 6.0) - 6.0) < FRAME


def test_gates_are_heard_in_time_through_wind_and_snow_at_full_speed():
    gates = [2.0, 4.0, 6.0, 10.0, 12.0]
    wave = synthesise(performance(events=[Event(EventKind.GATE, at) for at in gates]), 15.0, seed=3)
    assert max(abs(heard(wave, at) - at) for at in gates) < FRAME


SLOW = (shot(0, 5, 0, 5), shot(5, 9, 5, 7), shot(9, 15, 7, 13))


@pytest.mark.parametrize(("world", "clip"), [(3.0, 3.0), (6.0, 7.0), (6.9, 8.8), (9.0, 11.0)])
def test_slow_motion_moves_an_event_to_the_clip_time_that_shows_it(world, clip):
    wave = synthesise(still(events=[Event(EventKind.SHOT, world)], shots=SLOW), 15.0, seed=1)
    assert abs(heard(wave, clip) - clip) < FRAME


REPLAY = (shot(0, 6, 0, 6), shot(6, 12, 3, 6, replay=True), shot(12, 15, 6, 9))


def test_a_replay_plays_the_event_again():
    cues = compose(still(events=[Event(EventKind.LANDING, 4.0)], shots=REPLAY), 15.0).cues
    assert [round(cue.at, 3) for cue in cues] == [4.0, 8.0]


def test_a_replay_sounds_lower():
    first, again = compose(still(events=[Event(EventKind.LANDING, 4.0)], shots=REPLAY), 15.0).cues
    assert again.pitch < first.pitch


def test_an_event_nobody_sees_is_not_heard():
    shots = (shot(0, 5, 0, 5), shot(5, 15, 8, 18))
    assert compose(still(events=[Event(EventKind.SHOT, 6.5)], shots=shots), 15.0).cues == ()


def test_an_event_on_a_cut_is_heard_once():
    assert len(compose(still(events=[Event(EventKind.GATE, 5.0)], shots=SLOW), 15.0).cues) == 1


def test_a_start_just_before_the_film_is_heard_with_its_first_frame():
    scene = still(events=[Event(EventKind.START, 0.0)], shots=(shot(0, 14.8, 0.2, 15),))
    assert [cue.at for cue in compose(scene, 14.8).cues] == [0.0]


def test_slow_motion_lowers_the_ground():
    pitch = compose(performance(shots=SLOW), 15.0).pitch
    assert pitch[3500] < 0.9 * pitch[1500]


def test_who_comes_closer_sounds_higher_than_who_runs_away():
    gate = (shot(0, 15, 0, 15, speed=0),)
    gate[0].eye[:, 1] = 150  # the camera stands where the athlete passes after 7.5 s
    pitch = compose(performance(shots=gate), 15.0).pitch
    assert (pitch[2500] > 1.03, pitch[5000] < 0.97) == (True, True)


def test_two_events_of_a_kind_at_once_are_one_sound():
    events = [Event(EventKind.TURN, 6.0), Event(EventKind.TURN, 6.02), Event(EventKind.TURN, 6.5)]
    assert [round(cue.at, 2) for cue in compose(still(events=events), 15.0).cues] == [6.0, 6.5]


def test_a_bob_growls_where_a_sled_sings():
    bob, sled = (
        compose(performance(gear=gear, material=Material.ICE), 5.0).pitch for gear in (GearKind.BOB, GearKind.SLED)
    )
    assert bob.max() < 0.8 * sled.min()
