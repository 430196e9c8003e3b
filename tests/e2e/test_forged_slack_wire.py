"""Forged presses and forms on a Slack's wire: refused with a sentence, whoever sends them, and nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.contest import EntryState, Round
from bot.model.people import Community
from bot.model.setup import Roles, Setup
from tests import forgeries
from tests.e2e.test_setup_slack_wire import ADMIN, MEMBER, slack, world  # noqa: F401  # fixtures
from tests.fakes_slack import FakeSlack

MODERATOR = "U2"
OURS, THEIRS = Community("slack", FakeSlack.team), Community("slack", "T0OTHER")


@pytest.fixture
async def home(world):  # noqa: F811
    """A workspace with a moderator and a round of its own, and a foreign one on the same database."""
    repos, now = world.repos, world.clock.now()
    found = await repos.communities.see(OURS, "Ours", now)
    await repos.communities.change(found, Setup(roles=Roles(moderators=(MODERATOR,))))
    closes = now + timedelta(days=7)
    await forgeries.hung(world, OURS, "ourwork", EntryState.NOMINATED)
    await repos.rounds.add(Round("ours", str(OURS), 0, "Ours", now, closes, closes))
    await forgeries.furnished(world, THEIRS)
    return world


async def answered(slack, user: str, sending) -> str:  # noqa: F811
    """What somebody reads after a forgery; no form opens for them."""
    before = len(slack.whispers[user])
    await sending
    said = await slack.until(lambda: slack.views[user] or slack.whispers[user][before:], seconds=30)
    assert slack.views[user] == [], said
    return str(said)


async def let_through(slack, user: str, folder, actions, forms) -> list[str]:  # noqa: F811
    """Forgeries that changed something or were not refused in words."""
    found = []
    for action in actions:
        before = forgeries.records(folder)
        said = await answered(slack, user, slack.forge(user, "C1", action))
        if forgeries.records(folder) != before or "incident" in said:
            found.append(f"{action}: {said}")
    for action in forms:
        before = forgeries.records(folder)
        said = await answered(slack, user, slack.forge_form(user, "C1", action, forgeries.VALUES))
        if forgeries.records(folder) != before or "incident" in said:
            found.append(f"{action}: {said}")
    return found


@pytest.mark.parametrize("user", [MEMBER, MODERATOR, ADMIN], ids=["member", "moderator", "admin"])
async def test_ids_of_another_workspace_open_nothing(slack, home, tmp_path, user):  # noqa: F811
    assert await let_through(slack, user, tmp_path, forgeries.FOREIGN, forgeries.FOREIGN_FORMS) == []


@pytest.mark.parametrize("user", [MEMBER, MODERATOR], ids=["member", "moderator"])
async def test_what_is_an_admins_is_no_members_and_no_moderators(slack, home, tmp_path, user):  # noqa: F811
    actions, forms = forgeries.OWN_ADMINS_BUTTONS, forgeries.OWN_ADMINS_FORMS
    assert await let_through(slack, user, tmp_path, actions, forms) == []


async def test_what_is_a_moderators_is_no_members(slack, home, tmp_path):  # noqa: F811
    actions, forms = forgeries.OWN_MODERATORS_BUTTONS, forgeries.OWN_MODERATORS_FORMS
    assert await let_through(slack, MEMBER, tmp_path, actions, forms) == []
