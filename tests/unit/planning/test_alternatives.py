from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from bot import alternatives, planner
from bot.cards import offer_label
from bot.errors import Infeasible
from bot.locales import words
from bot.model.backend import Lengths, Mode
from bot.model.request import HD
from tests.unit.planning.samples import HOSTED, OWN, PICTURE, SHORT, SOUND, WORDS_ONLY, wish


def labels(asked, backends) -> list[str]:
    return [offer_label(words("en"), one) for one in alternatives.nearest(asked, backends)]


def test_a_picture_nobody_reads_may_be_left_out() -> None:
    assert (
        labels(wish(image=PICTURE), {"words": WORDS_ONLY})[0] == "15 s · without the picture · cut from 3 shots · free"
    )


def test_a_film_too_long_may_be_shorter() -> None:
    assert labels(wish(), {"short": SHORT}) == ["9 s · cut from 3 shots · 0.9 USD", "3 s · 0.3 USD"]


def test_another_backend_comes_before_a_lesser_film() -> None:
    asked = wish(image=PICTURE, backend="words")

    assert labels(asked, {"words": WORDS_ONLY, "hosted": HOSTED})[0] == "15 s · from your picture · hosted · 1.5 USD"


def test_a_reference_shorter_than_the_film_is_offered_beside_the_rest() -> None:
    able = replace(HOSTED, modes={Mode.TEXT: Lengths(2, 15), Mode.IMAGE: Lengths(2, 3)})

    assert labels(wish(image=PICTURE), {"hosted": able}) == [
        "9 s · from your picture · cut from 3 shots · 0.9 USD",
        "3 s · from your picture · 0.3 USD",
        "15 s · without the picture · 1.5 USD",
    ]


def test_a_sound_that_would_only_be_laid_under_is_offered_both_ways() -> None:
    able = replace(OWN, native_audio=True, audio_input=True)
    near = alternatives.nearest(wish(audio=SOUND), {"own": able})

    assert [offer_label(words("en"), one) for one in near] == [
        "15 s · your sound laid under it · cut from 3 shots · free",
        "5 s · drawn to your sound · free",
    ]


def test_no_choice_is_offered_where_the_backend_has_no_ears_at_all() -> None:
    asked = wish(audio=SOUND)
    made = planner.plan(asked, {"own": OWN})

    assert not alternatives.misses_sound(made, alternatives.nearest(asked, {"own": OWN}))


def test_a_storyboard_is_offered_elsewhere_or_as_the_whole_film() -> None:
    quick = replace(HOSTED, price=None, storyboards=True)

    assert labels(wish(storyboard=True, backend="hosted"), {"hosted": HOSTED, "quick": quick})[:2] == [
        "15 s · as a storyboard · quick · free",
        "15 s · the whole film · hosted · 1.5 USD",
    ]


def test_the_whole_film_is_offered_large() -> None:
    (offered, *_) = alternatives.nearest(wish(storyboard=True), {"hosted": HOSTED})

    assert (offered.plan.size, dict(offered.changes)["size"]) == (HD, "720p")


def test_nothing_is_offered_where_nothing_can_be_done() -> None:
    assert alternatives.nearest(wish(prompt="x" * 50), {"tiny": replace(HOSTED, longest_prompt=40)}) == []


@given(
    some.sampled_from([None, PICTURE]),
    some.sampled_from([None, SOUND]),
    some.dictionaries(some.sampled_from("abc"), some.sampled_from([HOSTED, OWN, WORDS_ONLY, SHORT]), min_size=1),
)
def test_every_choice_can_be_pressed_and_gives_what_it_says(image, audio, backends) -> None:
    asked = wish(image=image, audio=audio)
    for one in alternatives.nearest(asked, backends):
        fields = dict(one.changes)
        request = replace(asked.request, backend=fields["backend"], seconds=float(fields["seconds"]))
        changed = replace(asked, request=replace(request, image=None if "image" in fields else image))

        assert planner.plan(changed, backends) == one.plan


@given(some.sampled_from([None, PICTURE]), some.sampled_from([HOSTED, OWN, WORDS_ONLY, SHORT]))
def test_what_cannot_be_done_as_asked_has_a_choice(image, able) -> None:
    asked = wish(image=image)
    try:
        planner.plan(asked, {"one": able})
    except Infeasible:
        assert alternatives.nearest(asked, {"one": able})
