"""Whatever is sent by whatever form: a sentence, and a setup that is whole."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import sports, syntax
from bot.errors import BadSetting
from bot.locales import words
from bot.model.card import Card
from bot.model.people import Role
from bot.model.setup import Setup
from bot.sports import own
from bot.usecases.guide import moving, steps
from bot.usecases.guide.plain import chosen, setup_of
from bot.usecases.guide.steps import Known
from tests.fakes import COMMUNITY, member
from tests.unit.core.test_own_sports import POLO

ADMIN = member("root", role=Role.ADMIN)
KNOWN = Known(("fake", "wan"), sports.catalogue(Setup()))
STEPS = steps.steps(KNOWN)
SAY = words("en")
NASTY = st.one_of(
    st.text(max_size=60),
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(allow_nan=True).map(str),
    st.lists(st.text(string.ascii_letters + string.digits + "-_<>#@&|", max_size=12), max_size=30).map(",".join),
    st.sampled_from(
        ["", "-", "none", "on", "off", "🏅", ":fox:", "<:a:1>", "luge", "en", "fake", "USD", "１２", "1e5", "∞"]
    ),
)
QUICK = settings(max_examples=60, deadline=None)
IN_A_WORLD = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def said(step: steps.Step) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={setting.name: NASTY for setting in step.settings})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
@QUICK
@given(data=st.data())
def test_a_step_takes_what_is_sensible_whole_and_refuses_the_rest(step, data):
    values = data.draw(said(step))
    try:
        after = steps.applied(step, Setup(), values, SAY)
    except BadSetting:
        return
    steps.valid(KNOWN, after, SAY)
    assert setup_of(chosen(after)) == Setup(**{**vars_of(after), "done": ()})


def vars_of(setup: Setup) -> dict[str, object]:
    return {name: getattr(setup, name) for name in Setup.__dataclass_fields__}


@IN_A_WORLD
@given(data=st.data())
async def test_no_form_of_the_setup_ends_in_a_traceback_or_half_a_change(world, data):
    step = data.draw(st.sampled_from(STEPS))
    version = data.draw(st.sampled_from(["0", "1", "7", "x", "-1", "99999999999", ""]))
    before = (await world.repos.communities.get(COMMUNITY)).setup
    reply = await world.ask(syntax.submit(f"setup:{step.name}:{version}", data.draw(said(step))), ADMIN)
    after = (await world.repos.communities.get(COMMUNITY)).setup
    assert not any("incident" in line.lower() for card in reply.told for line in lines(card))
    assert after == before or after.done
    steps.valid(KNOWN, after, SAY)


@IN_A_WORLD
@given(values=st.fixed_dictionaries({}, optional={name: st.text(max_size=80) for name in POLO}))
async def test_no_form_of_a_sport_ends_in_a_traceback_or_a_sport_that_cannot_be_read(world, values):
    reply = await world.ask(syntax.submit("sport:", POLO | values), ADMIN)
    assert not any("incident" in line.lower() for card in reply.told for line in lines(card))
    for one in await world.repos.sports.of(str(COMMUNITY)):
        own.read(one.toml)


def lines(card: Card) -> tuple[str, ...]:
    return (card.title, *card.lines)


@QUICK
@given(text=st.text(max_size=200))
def test_no_file_of_a_sport_ends_in_a_traceback(text):
    with pytest.raises(BadSetting):
        own.read(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@QUICK
@given(name=st.sampled_from(list(Setup.__dataclass_fields__)), value=JSON)
def test_no_document_ends_in_a_traceback(name, value):
    try:
        setup = setup_of({name: value})
        steps.valid(KNOWN, setup, SAY)
    except BadSetting:
        return
    assert moving.read(moving.written(setup)).setup == Setup(**{**vars_of(setup), "done": ()})
