"""Whatever is sent with somebody else's ids in it is refused with a sentence, and nothing changes."""

from __future__ import annotations

import pytest

from bot import syntax
from bot.model.people import Community, Role
from tests import forgeries
from tests.fakes import COMMUNITY, member

THERE = Community("fake", "c2")
MEMBER, MODERATOR, ADMIN = member("eve"), member("mo", role=Role.MODERATOR), member("root", role=Role.ADMIN)
EVERYBODY = pytest.mark.parametrize("who", [MEMBER, MODERATOR, ADMIN], ids=["member", "moderator", "admin"])


@pytest.fixture
async def world(world):
    await world.repos.communities.see(COMMUNITY, "Ours", world.clock.now())
    await forgeries.furnished(world, THERE)
    return world


async def refused(world, tmp_path, command, who) -> None:
    before = forgeries.records(tmp_path)
    reply = await world.ask(command, who)
    assert reply.forms == []
    assert reply.text.strip()
    assert "incident" not in reply.text.lower()
    assert [button.action for card in reply.told for button in card.buttons if "open" in button.action] == []
    assert forgeries.records(tmp_path) == before


@EVERYBODY
@pytest.mark.parametrize("action", forgeries.FOREIGN)
async def test_a_button_with_another_communitys_id_is_refused(world, tmp_path, who, action):
    await refused(world, tmp_path, syntax.press(action), who)


@EVERYBODY
@pytest.mark.parametrize("action", forgeries.FOREIGN_FORMS)
async def test_a_form_with_another_communitys_id_is_refused(world, tmp_path, who, action):
    await refused(world, tmp_path, syntax.submit(action, forgeries.VALUES), who)
