from datetime import UTC, datetime

from bot.model.job import Waiting
from bot.model.people import Community
from bot.pipeline.estimate import remaining, standing, usual
from bot.ports import Timing

START = datetime(2026, 2, 6, tzinfo=UTC)


def jobs(count: int, backend: str = "b") -> list[Waiting]:
    return [Waiting(f"{backend}{number}", Community("fake", "a"), "x", START, backend) for number in range(count)]


def test_little_history_leaves_the_stated_range() -> None:
    assert usual([Timing("b", 500.0)] * 4, (10, 20)) == (10, 20)


def test_enough_history_replaces_the_stated_range() -> None:
    low, high = usual([Timing("b", float(seconds)) for seconds in range(100, 151)], (10, 20))

    assert (100 < low < 110, 140 < high < 150) == (True, True)


def test_a_free_slot_means_starting_at_once() -> None:
    assert standing("b0", jobs(1), [], 1, (10, 20)).start == (0, 0)


def test_one_running_ahead_means_waiting_between_nothing_and_one_whole_job() -> None:
    assert standing("b0", jobs(1), jobs(1, "b"), 1, (10, 20)).start == (0, 20)


def test_only_the_same_backend_is_in_the_way() -> None:
    line = [*jobs(5, "other"), *jobs(1)]

    assert standing("b0", line, [], 1, (10, 20)).ahead == 0


def test_more_slots_shorten_the_wait() -> None:
    line = jobs(9)

    one, three = (standing("b8", line, [], slots, (10, 20)).start[1] for slots in (1, 3))

    assert three < one


def test_the_finish_is_the_start_and_one_job() -> None:
    found = standing("b2", jobs(3), [], 1, (10, 20))

    assert found.finish == (found.start[0] + 10, found.start[1] + 20)


def test_progress_beats_history_once_there_is_some() -> None:
    low, high = remaining(0.5, 30.0, (100, 200))

    assert low < 30 < high < 100


def test_the_first_pictures_do_not_make_the_time_left_leap() -> None:
    seen = [(None, 1.4), (0.0, 1.8), (0.04, 2.5), (0.051, 2.7), (0.086, 3.3), (0.15, 4.5), (0.25, 7.8)]

    highs = [remaining(fraction, spent, (10, 45))[1] for fraction, spent in seen]

    assert max(highs) < 45


def test_a_long_preparation_does_not_count_as_pace() -> None:
    low, high = remaining(0.5, 40.0, (10, 45), begun=(0.1, 30.0))

    assert 5 < low < 12.5 < high < 20


def test_what_was_only_just_heard_of_has_no_pace_yet() -> None:
    assert remaining(0.4, 20.0, (10, 45), begun=(0.4, 20.0)) == (0.0, 25.0)


def test_a_film_slower_than_any_before_is_told_of_long_before_its_end() -> None:
    low, high = remaining(0.2, 40.0, (10, 45))

    assert 60 < low < 130 < high


def test_time_left_is_never_negative() -> None:
    low, high = remaining(None, 500.0, (10, 20))

    assert (low, high >= 1) == (0.0, True)
