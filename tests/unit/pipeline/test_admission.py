from datetime import UTC, datetime, timedelta

from bot.model.job import Waiting
from bot.model.people import Community
from bot.pipeline.admission import Rules, chooser, order

START = datetime(2026, 2, 6, tzinfo=UTC)


def job(number: int, community: str, who: str, *, backend: str = "b", priority: int = 0) -> Waiting:
    when = START + timedelta(seconds=number)
    return Waiting(f"j{number:04}", Community("fake", community), who, when, backend, priority)


def ids(jobs: list[Waiting]) -> list[str]:
    return [waiting.id for waiting in jobs]


def test_one_member_is_served_in_the_order_of_asking() -> None:
    waiting = [job(2, "a", "x"), job(1, "a", "x"), job(3, "a", "x")]

    assert ids(order(waiting, [])) == ["j0001", "j0002", "j0003"]


def test_a_flood_from_one_community_leaves_every_second_turn_to_its_neighbour() -> None:
    flood = [job(number, "a", f"m{number}") for number in range(100)]
    late = [job(1000 + number, "b", f"n{number}") for number in range(5)]

    first = order([*flood, *late], [])[:10]

    assert sum(waiting.community.id == "b" for waiting in first) == 5


def test_within_a_community_members_take_turns() -> None:
    waiting = [job(1, "a", "x"), job(2, "a", "x"), job(3, "a", "y")]

    assert ids(order(waiting, [])) == ["j0001", "j0003", "j0002"]


def test_running_jobs_count_as_turns_already_had() -> None:
    running = [job(0, "a", "x")]
    waiting = [job(1, "a", "y"), job(2, "b", "z")]

    assert ids(order(waiting, running)) == ["j0002", "j0001"]


def test_priority_goes_before_time_within_a_member() -> None:
    waiting = [job(1, "a", "x"), job(2, "a", "x", priority=5)]

    assert ids(order(waiting, [])) == ["j0002", "j0001"]


def test_no_more_are_admitted_than_the_backend_has_slots() -> None:
    choose = chooser(Rules({"b": 3}))

    picked = choose([job(number, "a", f"m{number}") for number in range(10)], [job(100, "z", "q")])

    assert len(picked) == 2


def test_a_member_gets_no_more_slots_than_allowed_at_a_time() -> None:
    choose = chooser(Rules({"b": 5}, per_member=1))

    assert choose([job(1, "a", "x"), job(2, "a", "x"), job(3, "a", "y")], []) == ["j0001", "j0003"]


def test_a_full_backend_does_not_hold_up_another() -> None:
    choose = chooser(Rules({"slow": 0, "fast": 1}))

    assert choose([job(1, "a", "x", backend="slow"), job(2, "a", "x", backend="fast")], []) == ["j0002"]


def test_a_backend_nobody_configured_admits_nothing() -> None:
    assert chooser(Rules({}))([job(1, "a", "x")], []) == []


def test_every_waiting_job_appears_exactly_once_in_the_line() -> None:
    waiting = [job(number, f"c{number % 3}", f"m{number % 7}") for number in range(200)]

    assert sorted(ids(order(waiting, []))) == sorted(ids(waiting))
