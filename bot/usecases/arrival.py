"""The bot is brought into a community, or removed from it."""

from __future__ import annotations

from contextlib import suppress

from bot.errors import Changed
from bot.model.contest import Arrived, Departed
from bot.usecases.house import House


async def arrived(house: House, what: Arrived) -> None:
    """Remember the community, and give it the setup that suits it while nobody has chosen another."""
    communities = house.tools.repos.communities
    home = await communities.see(what.community, what.name, house.tools.clock.now())
    if what.setup and home.version == 0:
        with suppress(Changed):
            await communities.change(home, what.setup)


async def departed(house: House, what: Departed) -> None:
    """Nothing is posted there any more until the bot is back."""
    await house.tools.repos.communities.leave(what.community, house.tools.clock.now())
