"""Forged presses and forms against simcord: refused with a sentence, whoever sends them, and nothing changes."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from bot.model.card import Button, Card, CardKind
from bot.model.contest import EntryState, Round
from bot.model.people import Community, Place
from tests import forgeries

ROW = 25
"""Buttons one message may hold."""


@pytest.fixture(params=["member", "moderator", "admin"])
def who(request, simcord_env, guild):
    """Somebody with what Discord itself allows them."""
    rights = {"member": {}, "moderator": {"manage_messages": True}, "admin": {"manage_guild": True}}[request.param]
    role = guild.create_role(request.param, permissions=discord.Permissions(**rights))
    return guild.add_member(simcord_env.create_user("eve"), roles=[role])


@pytest.fixture
async def home(world, guild, channel):
    """A server with a round of its own, and a foreign one on the same database."""
    repos, now = world.repos, world.clock.now()
    ours = Community("discord", str(guild.id))
    await repos.communities.see(ours, "Ours", now)
    closes = now + timedelta(days=7)
    await forgeries.hung(world, ours, "ourwork", EntryState.NOMINATED)
    await repos.rounds.add(Round("ours", str(ours), 0, "Ours", now, closes, closes))
    await forgeries.furnished(world, Community("discord", "8001"))
    return Place(ours, str(channel.id))


async def let_through(world, home, who, channel, folder, actions) -> list[str]:
    """Forged buttons that changed something, opened a form, or were not refused in words.

    Nobody can press what was not sent, so the forger's own message carries them.
    """
    found = []
    for first in range(0, len(actions), ROW):
        buttons = tuple(Button(action, action) for action in actions[first : first + ROW])
        await world.platform.post(home, Card(CardKind.LIST, "Forged", buttons=buttons), key=f"forged {first}")
        message = channel.last_message
        before = forgeries.records(folder)
        for button in buttons:
            pressed = await who.click(message, custom_id=f"o:{button.action}")
            said = str(pressed.response and pressed.response.components)
            if pressed.modal or not pressed.response or "incident" in said or forgeries.records(folder) != before:
                found.append(f"{button.action}: {said}")
    return found


async def test_ids_of_another_server_open_nothing(world, home, who, channel, tmp_path):
    assert await let_through(world, home, who, channel, tmp_path, forgeries.FOREIGN) == []


@pytest.mark.parametrize("who", ["member", "moderator"], indirect=True)
async def test_what_is_an_admins_is_no_members_and_no_moderators(world, home, who, channel, tmp_path):
    assert await let_through(world, home, who, channel, tmp_path, forgeries.OWN_ADMINS_BUTTONS) == []


@pytest.mark.parametrize("who", ["member"], indirect=True)
async def test_what_is_a_moderators_is_no_members(world, home, who, channel, tmp_path):
    assert await let_through(world, home, who, channel, tmp_path, forgeries.OWN_MODERATORS_BUTTONS) == []
