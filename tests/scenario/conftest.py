"""A Discord server of simcord's with our bot in it."""

from __future__ import annotations

import pytest

from bot import settings
from handlers.discord import DiscordPlatform
from storage import open_storage
from storage.media.store import Blobs
from tests.databases import tables_in
from tests.fakediscord.bench import completions
from tests.fakes import FakeClock
from tests.unit.conftest import World


@pytest.fixture
async def world(tmp_path):
    clock = FakeClock()
    await tables_in(tmp_path)
    platform = DiscordPlatform(settings.Discord(token="token"), completions)
    async with open_storage(tmp_path, "", clock) as stored:
        made = World(stored, clock, Blobs(tmp_path, stored.blobs, clock), platform=platform)
        yield made
        await made.crash()


@pytest.fixture
def simcord_bot(world):
    return world.platform.client(world.core.handle, world.core.hear)


@pytest.fixture
def guild(simcord_env):
    return simcord_env.create_guild()


@pytest.fixture
def channel(guild):
    return guild.create_text_channel("general")
