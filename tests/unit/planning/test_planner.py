from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import planner, sports, styles
from bot.errors import Infeasible
from bot.model.backend import Lengths, Mode
from bot.planner import Rules
from tests.unit.planning.samples import HOSTED, OWN, PICTURE, SHORT, SOUND, WORDS_ONLY, wish


def test_one_call_holds_the_film_where_it_can() -> None:
    made = planner.plan(wish(), {"hosted": HOSTED})

    assert [shot.seconds for shot in made.shots] == [15]


def test_the_price_is_known_before_anything_is_sent() -> None:
    made = planner.plan(wish(), {"hosted": HOSTED})

    assert (made.price, made.currency) == (Decimal("1.50"), "USD")


def test_fifteen_seconds_are_cut_from_three_shots_of_five() -> None:
    made = planner.plan(wish(), {"own": OWN})

    assert ([shot.seconds for shot in made.shots], made.seconds) == ([5.0625] * 3, 15.0)


def test_each_shot_is_told_its_own_panel_of_the_storyboard() -> None:
    made = planner.plan(wish(), {"own": OWN})
    panels = sports.find("ski-jumping").storyboard

    assert [panel.action in shot.prompt for panel, shot in zip(panels, made.shots, strict=True)] == [True] * 3


def test_the_pieces_that_need_the_least_drawing_are_chosen() -> None:
    able = replace(OWN, modes={Mode.TEXT: Lengths(4, 12, only=(4.0, 8.0, 12.0))})

    assert [shot.seconds for shot in planner.plan(wish(), {"own": able}).shots] == [8.0, 8.0]


def test_a_film_as_long_as_one_call_and_a_hair_is_one_call() -> None:
    assert len(planner.plan(wish(seconds=5.0), {"own": OWN}).shots) == 1


def test_every_shot_starts_from_the_members_picture() -> None:
    made = planner.plan(wish(image=PICTURE), {"own": OWN}, Rules(chained=True))

    assert [(shot.mode, shot.follows) for shot in made.shots] == [(Mode.IMAGE, None)] * 3


def test_a_mode_that_holds_the_film_goes_before_a_better_one_cut_from_shots() -> None:
    able = replace(HOSTED, modes={Mode.REFERENCE: Lengths(2, 10), Mode.IMAGE: Lengths(2, 15)})
    made = planner.plan(wish(image=PICTURE), {"hosted": able})

    assert [(shot.mode, shot.seconds) for shot in made.shots] == [(Mode.IMAGE, 15)]


def test_shots_are_drawn_side_by_side_unless_the_operator_chains_them() -> None:
    made = planner.plan(wish(), {"own": OWN})

    assert [shot.follows for shot in made.shots] == [None] * 3


def test_chained_shots_begin_with_the_last_picture_of_the_one_before() -> None:
    made = planner.plan(wish(), {"own": OWN}, Rules(chained=True))

    assert [(shot.mode, shot.follows) for shot in made.shots] == [(Mode.TEXT, None), (Mode.IMAGE, 0), (Mode.IMAGE, 1)]


def test_chaining_needs_a_backend_that_starts_from_a_picture() -> None:
    made = planner.plan(wish(), {"own": WORDS_ONLY}, Rules(chained=True))

    assert [shot.follows for shot in made.shots] == [None] * 3


def test_a_chain_takes_as_long_as_its_links_together() -> None:
    able = replace(OWN, concurrency=3)
    side, chain = (planner.plan(wish(), {"own": able}, Rules(chained=chained)) for chained in (False, True))

    assert (side.usual, chain.usual) == ((60.0, 90.0), (180.0, 270.0))


def test_a_silent_backend_gets_a_sound_bed() -> None:
    made = planner.plan(wish(), {"own": OWN})

    assert (made.sound_added, "plan.sound_added" in made.approximations) == (True, True)


def test_the_members_sound_is_not_cut_into_pieces() -> None:
    able = replace(OWN, native_audio=True, audio_input=True)

    assert planner.UNDERLAID in planner.plan(wish(audio=SOUND), {"own": able}).approximations


def test_a_picture_is_never_left_out_silently() -> None:
    with pytest.raises(Infeasible) as refused:
        planner.plan(wish(image=PICTURE), {"words": WORDS_ONLY})

    assert refused.value.sentence == "plan.no_mode"


def test_a_length_that_not_even_shots_reach_is_refused() -> None:
    with pytest.raises(Infeasible) as refused:
        planner.plan(wish(), {"short": SHORT})

    assert refused.value.sentence == "plan.no_length"


def test_the_operators_favourite_goes_first() -> None:
    assert planner.plan(wish(), {"own": OWN, "hosted": HOSTED}, Rules("hosted")).backend == "hosted"


@given(
    some.text(some.characters(exclude_categories=("C", "Z")), min_size=1, max_size=300),
    some.integers(300, 2500),
    some.sampled_from([sport.slug for sport in sports.sports()]),
    some.sampled_from([style.slug for style in styles.styles()]),
    some.sampled_from([HOSTED, OWN]),
)
def test_no_prompt_is_longer_than_the_model_takes_nor_cuts_the_sentence(sentence, longest, sport, style, able) -> None:
    base = wish(prompt=sentence.replace("@", "a"), sport=sport, style=style)
    whole = replace(base, sport=sports.find(sport), style=styles.find(style))
    made = planner.plan(whole, {"one": replace(able, longest_prompt=longest, longest_negative=longest // 5)})

    assert all(len(shot.prompt) <= longest and len(shot.negative) <= longest // 5 for shot in made.shots)
    assert all(shot.prompt.startswith(whole.request.prompt) for shot in made.shots)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("@kitsune jumps", "kitsune jumps"),
        ("@きつね が飛ぶ", "きつね が飛ぶ"),
        ("Write to a@b.example", "Write to a@b.example"),
        ("Two foxes @ dusk", "Two foxes @ dusk"),
    ],
)
def test_a_name_loses_its_sign_and_an_address_keeps_it(sentence, told) -> None:
    made = planner.plan(wish(prompt=sentence), {"hosted": HOSTED})

    assert made.shots[0].prompt.startswith(told)


def test_a_plan_over_the_rest_of_the_budget_is_no_plan() -> None:
    made, why = planner.plan_on(wish(), "hosted", replace(HOSTED, left=Decimal("1.49")))

    assert (made, why) == (None, "plan.over_budget")


def test_a_plan_within_the_rest_of_the_budget_is_made() -> None:
    made, _ = planner.plan_on(wish(), "hosted", replace(HOSTED, left=Decimal("1.50")))

    assert made is not None


@pytest.mark.parametrize(("elsewhere", "drawn_by"), [(False, "first"), (True, "second")])
def test_a_resting_backend_is_passed_by_only_where_the_operator_says_so(elsewhere, drawn_by) -> None:
    able = {"first": replace(HOSTED, resting="backend.paused"), "second": HOSTED}

    assert planner.plan(wish(), able, Rules(elsewhere=elsewhere)).backend == drawn_by


def test_a_storyboard_goes_to_the_first_that_draws_one() -> None:
    able = replace(OWN, storyboards=True)

    assert planner.plan(wish(storyboard=True), {"hosted": HOSTED, "own": able}).backend == "own"


def test_a_storyboard_takes_a_part_of_a_films_time() -> None:
    able = replace(HOSTED, storyboards=True)
    whole, quick = (planner.plan(wish(storyboard=one), {"hosted": able}).usual for one in (False, True))

    assert quick[1] < whole[1] / 2


def test_who_draws_no_storyboards_says_so() -> None:
    with pytest.raises(Infeasible) as told:
        planner.plan(wish(storyboard=True, backend="hosted"), {"hosted": HOSTED, "own": replace(OWN, storyboards=True)})

    assert told.value.sentence == "plan.no_storyboard"
