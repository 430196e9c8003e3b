"""What in the votes is worth a moderator's look, and what is not."""

from __future__ import annotations

from datetime import timedelta

from bot.model.contest import Ballot, Why
from bot.usecases.suspicion import Odd, Ring, odd, rings
from tests.samples import NOON


def given(account: str, entry: str = "a", seconds: float = 0, why: Why | None = None) -> Ballot:
    return Ballot(entry, account, "m", NOON + timedelta(seconds=seconds), why)


def test_votes_that_come_as_people_pass_by_are_not_odd():
    assert not odd("a", [given(f"m{number}", seconds=number * 600) for number in range(30)]).worth_a_look


def test_many_votes_in_two_minutes_are_a_burst():
    ballots = [given(f"m{number}", seconds=number * 10) for number in range(9)]
    assert odd("a", [*ballots, given("late", seconds=9999)]) == Odd("a", burst=9, votes=10)


def test_a_burst_among_many_calm_votes_is_none():
    ballots = [given(f"m{number}", seconds=1000 + number * 600) for number in range(30)]
    assert odd("a", [*ballots, *(given(f"b{number}") for number in range(8))]).burst == 0


def test_the_same_account_under_several_messages_is_one_vote_of_a_burst():
    assert odd("a", [given("m") for _ in range(20)]).burst == 0


def test_some_accounts_too_new_are_worth_a_look():
    ballots = [given(f"m{number}", why=Why.YOUNG_ACCOUNT) for number in range(3)]
    assert odd("a", ballots) == Odd("a", new=3)
    assert odd("a", ballots).worth_a_look


MAKERS = {"a1": "ada", "a2": "ada", "a3": "ada", "b1": "bea", "b2": "bea", "b3": "bea", "c1": "cleo"}


def test_two_who_vote_almost_only_for_each_other_are_a_ring():
    ballots = [given("ada", entry) for entry in ("b1", "b2", "b3", "c1")]
    ballots += [given("bea", entry) for entry in ("a1", "a2", "a3")]
    assert rings(MAKERS, ballots) == [Ring("ada", "bea", (3, 4), (3, 3))]


def test_a_fan_is_no_ring():
    assert rings(MAKERS, [given("ada", entry) for entry in ("b1", "b2", "b3")]) == []


def test_who_votes_for_many_is_in_no_ring():
    ballots = [given("bea", entry) for entry in ("a1", "a2", "a3")]
    ballots += [given("ada", entry) for entry in ("b1", "b2", "c1")]
    assert rings(MAKERS, ballots) == []


def test_votes_that_do_not_count_make_no_ring():
    ballots = [given(who, entry, why=Why.PAUSED) for who, entry in (("ada", "b1"), ("ada", "b2"), ("ada", "b3"))]
    ballots += [given("bea", entry) for entry in ("a1", "a2", "a3")]
    assert rings(MAKERS, ballots) == []
