"""The setup as an admin against simcord, with the real core and records."""

from __future__ import annotations

import discord
import pytest

from bot.model.people import Community
from bot.model.setup import Setup


@pytest.fixture
def admin(simcord_env, guild):
    manager = guild.create_role("manager", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(simcord_env.create_user("root"), roles=[manager])


async def chosen(world, guild) -> Setup:
    return (await world.repos.communities.get(Community("discord", str(guild.id)))).setup


async def test_an_admin_opens_the_setup_and_saves_its_steps(world, guild, channel, admin):
    shown = await admin.slash(channel, "olympic-admin setup")
    for step, values in {"Limits": {"daily": "4"}, "Voting": {"nominate": "7"}}.items():
        form = await admin.click(shown.response.message, label=step)
        saved = await admin.submit_modal(form, values)
        assert "Saved" in str(saved.response.components)
    setup = await chosen(world, guild)
    assert (setup.allowance.daily, setup.voting.nominate) == (4, 7)


async def test_the_admins_words_are_hidden_from_members(simcord_env, guild, channel, admin):
    eve = guild.add_member(simcord_env.create_user("eve"))
    assert "olympic-admin setup" in admin.available_commands(channel)
    assert not [word for word in eve.available_commands(channel) if word.startswith("olympic-admin")]
