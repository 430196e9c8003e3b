"""Whoever is no admin changes nothing and sees nothing of the setup: by word, button, form or forged id."""

from __future__ import annotations

import pytest

from bot import syntax
from bot.grammar import WORDS
from bot.model.command import ChangeSetup, ImportSetup, SaveSport
from bot.model.people import Role
from bot.model.setup import Setup
from tests.fakes import COMMUNITY, member

MEMBER, MODERATOR = member("eve"), member("mo", role=Role.MODERATOR)
SPORT = 'slug = "snow-polo"\nlike = "curling"\n[names]\nen = "Snow polo"\n[words]\nen = ["snow polo"]\n'
VALUES = {
    "nominate": "1",
    "admins": "eve",
    "text": SPORT,
    "names": "en: Snow polo",
    "words": "en: snow polo",
    "like": "curling",
}
BUTTONS = (
    *("setup", "setup:roles", "setup:voting", "setup:nowhere", "backends", "sports", "sports:2"),
    *("sport-on:luge", "sport-off:luge", "sport-edit", "sport-edit:luge", "sport-preview:luge", "sport-export:luge"),
    *("sport-import", "setup-export", "setup-import", "import-sure:0123456789abcdef"),
)
FORMS = ("setup:roles:0", "setup:voting:0", "setup:voting:99", "sport:", "sport:luge", "sport-import", "setup-import")
ADMINS_WORDS = [word for word in WORDS if word.role is Role.ADMIN and word.path.startswith("admin")]
OURS = ("setup", "channels", "roles", "language", "limits", "budget", "backend", "sports", "export", "import")


@pytest.fixture(params=[MEMBER, MODERATOR], ids=["member", "moderator"])
def who(request):
    return request.param


async def refused(world, command, who) -> None:
    reply = await world.ask(command, who)
    assert reply.forms == []
    assert "Only admins" in reply.text
    assert (await world.repos.communities.get(COMMUNITY)).setup == Setup()
    assert await world.repos.sports.of(str(COMMUNITY)) == []
    assert await world.repos.audit.latest(COMMUNITY) == []
    assert await world.repos.jobs.waiting() == []


@pytest.mark.parametrize("action", BUTTONS)
async def test_a_pressed_or_forged_button_is_refused(world, who, action):
    await refused(world, syntax.press(action), who)


@pytest.mark.parametrize("action", FORMS)
async def test_a_sent_or_forged_form_is_refused(world, who, action):
    await refused(world, syntax.submit(action, VALUES), who)


@pytest.mark.parametrize("word", [w for w in ADMINS_WORDS if w.path.split()[1] in OURS], ids=lambda word: word.path)
async def test_a_typed_word_is_refused_with_and_without_options(world, who, word):
    said = " ".join(f"{option.name}:1" for option in word.options)
    await refused(world, syntax.parse(word.path), who)
    await refused(world, syntax.parse(f"{word.path} {said}"), who)


@pytest.mark.parametrize("command", [ChangeSetup("roles", {"admins": "eve"}), SaveSport(VALUES), ImportSetup(sure="x")])
async def test_what_no_platform_would_send_is_refused_as_well(world, who, command):
    await refused(world, command, who)


async def test_an_import_that_an_admin_looked_at_is_not_another_admins(world):
    root, other = member("root", role=Role.ADMIN), member("anna", role=Role.ADMIN)
    (card,) = (await world.ask(ImportSetup('{"olympic": 1, "setup": {"language": "ja"}}'), root)).told
    reply = await world.ask(syntax.press(card.buttons[0].action), other)
    assert "no longer in mind" in reply.text
    assert (await world.repos.communities.get(COMMUNITY)).setup == Setup()
