"""Whatever is sent by whichever form or word, by whomever: an answer, no traceback, and a whole setup."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import syntax
from bot.grammar import WORDS
from bot.locales import words
from bot.model.command import Attachment
from bot.model.people import Role
from bot.usecases.guide import steps
from bot.usecases.guide.steps import Known
from tests.fakes import COMMUNITY, member
from tests.forgeries import furnished

FORMS = tuple(syntax._FORMS)
PEOPLE = [member(role.name.lower(), role=role) for role in Role]
FIELDS = (
    *("prompt", "sport", "style", "camera", "size", "seed", "backend", "parent", "reason", "words", "name", "names"),
    *("guidance", "shots", "like", "text", "text2", "nominate", "emoji", "daily", "day", "currency", "sports", "order"),
)
SUBJECTS = ("", "open", "nominated", "exhibit", "luge", "snow-polo", "voting:0", "limits:0", "sports:0", "x:y:z")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NASTY = st.one_of(
    TEXT,
    st.integers(-(10**12), 10**12).map(str),
    st.text(string.ascii_letters + string.digits + "-_<>#@&|:*\n", max_size=80),
    st.sampled_from(["", "-", "a fox on skis", "luge", "manga", "on", "off", "∞", "a\0b", "\u202eback", "x" * 2100]),
    st.sampled_from(["2026-12-01 10:00", "9999-12-31", "1w", "-1d", "<@1>", "<#1>", "12:61", "🏅", "{x}"]),
)
FILE = st.builds(
    Attachment, st.sampled_from(["a.png", "", "../../x"]), st.sampled_from([b"", b"x", b"\x89PNG\r\n\x1a\n"])
)
IN_A_WORLD = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
async def lived_in(world):
    """A community with works, a round, an own sport and a character."""
    await furnished(world, COMMUNITY)
    return world


async def answered(world, command, who) -> None:
    """There is an answer in words, and no incident in it."""
    reply = await world.ask(command, who)
    said = [reply.text, *(line for card in reply.told for line in (card.title, *card.lines))]
    assert reply.told or reply.forms, command
    assert not any("the operator the number" in line for line in said), command
    home = await world.repos.communities.get(COMMUNITY)
    steps.valid(Known(tuple(world.house.tools.backends), await world.house.offers.of(home)), home.setup, words("en"))


@pytest.mark.parametrize("form", FORMS)
@IN_A_WORLD
@given(data=st.data())
async def test_no_form_ends_in_a_traceback(lived_in, form, data):
    subject = data.draw(st.one_of(st.sampled_from(SUBJECTS), TEXT))
    values = data.draw(st.dictionaries(st.sampled_from(FIELDS), NASTY, max_size=8))
    files = data.draw(st.dictionaries(st.sampled_from(["image", "audio", "file"]), FILE, max_size=2))
    command = syntax.submit(f"{form}:{subject}" if subject else form, values, files)
    await answered(lived_in, command, data.draw(st.sampled_from(PEOPLE)))


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.path)
@IN_A_WORLD
@given(data=st.data())
async def test_no_word_ends_in_a_traceback(lived_in, word, data):
    values = data.draw(st.fixed_dictionaries({}, optional={option.name: NASTY for option in word.options}))
    rest = data.draw(NASTY)
    said = " ".join(f'{name}:"{value}"' for name, value in values.items())
    command = syntax.parse(f"{word.path} {rest} {said}")
    await answered(lived_in, command, data.draw(st.sampled_from(PEOPLE)))
