"""The published rule: fair to late works, split with the jury, the best of each maker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.contest import Cast
from bot.pipeline.ranking import Contender, ranking, wilson

NOON = datetime(2026, 2, 6, 12, tzinfo=UTC)


def at(hour: int) -> datetime:
    return NOON + timedelta(hours=hour)


def work(name: str, hour: int = 0, maker: str = "", nominated: int | None = None) -> Contender:
    return Contender(name, maker or f"maker of {name}", at(hour), None if nominated is None else at(nominated))


def votes(entry: str, people: str, hour: int = 10, jury: bool = False) -> list[Cast]:
    return [Cast(entry, person, at(hour), jury) for person in people]


def order(*given, **rules) -> list[str]:
    return [rank.entry for rank in ranking(*given, **rules)]


def test_more_votes_win() -> None:
    assert order([work("a"), work("b")], votes("a", "pq") + votes("b", "pqr")) == ["b", "a"]


def test_a_late_work_is_measured_by_those_who_were_still_there() -> None:
    early = votes("early", "abcdefghij", hour=1) + votes("early", "klm", hour=30)
    late = votes("late", "klmnopqr", hour=30)
    assert order([work("early"), work("late", 24)], early + late) == ["late", "early"]


def test_two_votes_out_of_two_do_not_beat_forty_out_of_fifty() -> None:
    assert wilson(2, 2) < wilson(40, 50)


def test_nobody_is_measured_by_their_own_vote_for_others() -> None:
    ranked = ranking([work("a", maker="m"), work("b")], votes("a", "pq") + votes("b", "mpq"))
    assert ranked[0].score > wilson(2, 3)


def test_ties_go_to_the_earlier_nomination_then_to_the_earlier_work() -> None:
    works = [work("late", 2), work("first", 1), work("nominated", 3, nominated=9), work("sooner", 3, nominated=8)]
    assert order(works, []) == ["sooner", "nominated", "first", "late"]


def test_only_the_best_works_of_a_maker_are_ranked() -> None:
    works = [work("a", maker="m"), work("b", maker="m"), work("c")]
    cast = votes("a", "pqr") + votes("b", "pqrs") + votes("c", "p")
    assert order(works, cast) == ["b", "c"]
    assert order(works, cast, best_of=2) == ["b", "a", "c"]
    assert order(works, cast, best_of=0) == ["b", "a", "c"]


def test_the_jury_decides_its_share() -> None:
    works = [work("public"), work("jury")]
    cast = votes("public", "abcdef") + votes("jury", "ab") + votes("jury", "XYZ", jury=True)
    assert order(works, cast, jury_share=0) == ["public", "jury"]
    assert order(works, cast, jury_share=60) == ["jury", "public"]


def test_votes_and_those_of_the_jury_are_told() -> None:
    (rank,) = ranking([work("a")], votes("a", "pq") + votes("a", "J", jury=True))
    assert (rank.votes, rank.jury, rank.rank) == (3, 1, 1)


NAMES = st.sampled_from("abcdef")
WORKS = st.lists(
    st.builds(work, NAMES, st.integers(0, 20), st.sampled_from(["m", "n", "o", "p1"]), st.none() | st.integers(0, 20)),
    min_size=1,
    unique_by=lambda one: one.entry,
)
PEOPLE = [f"p{number}" for number in range(8)]
CAST = st.lists(
    st.tuples(NAMES, st.sampled_from(PEOPLE), st.integers(0, 30)), max_size=30, unique_by=lambda one: one[:2]
).map(lambda given: [Cast(entry, who, at(hour), who in PEOPLE[:2]) for entry, who, hour in given])
RULES = st.fixed_dictionaries({"jury_share": st.integers(0, 100), "best_of": st.integers(0, 3)})


@given(WORKS, CAST, RULES, st.randoms())
def test_the_order_in_which_works_and_votes_came_is_nothing(works, cast, rules, chance) -> None:
    expected = ranking(works, cast, **rules)
    mixed, shuffled = list(works), list(cast)
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    assert ranking(mixed, shuffled, **rules) == expected


@given(WORKS, CAST, RULES, st.sampled_from(PEOPLE), st.integers(0, 30), st.data())
def test_one_vote_more_never_lowers_a_rank(works, cast, rules, voter, hour, data) -> None:
    liked = data.draw(st.sampled_from(works))
    moment = max(at(hour), liked.made)
    cast = [replace(vote, when=max(vote.when, made(works, vote.entry))) for vote in cast]
    if voter == liked.maker or any((vote.entry, vote.person) == (liked.entry, voter) for vote in cast):
        return
    more = [*cast, Cast(liked.entry, voter, moment, voter in PEOPLE[:2])]
    assert place(works, more, rules, liked.entry) <= place(works, cast, rules, liked.entry)


def made(works: list[Contender], entry: str) -> datetime:
    return next((one.made for one in works if one.entry == entry), NOON)


def place(works, cast, rules, entry: str) -> int:
    ranked = ranking(works, cast, **rules)
    return next((rank.rank for rank in ranked if rank.entry == entry), len(works) + 1)
