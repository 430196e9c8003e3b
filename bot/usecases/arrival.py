"""The bot is brought into a community, or removed from it."""

from __future__ import annotations

from bot.model.contest import Arrived, Departed
from bot.usecases.house import House


async def arrived(house: House, what: Arrived) -> None:
    """Remember the community."""
    await house.tools.repos.communities.see(what.community, what.name, house.tools.clock.now())


async def departed(house: House, what: Departed) -> None:
    """Nothing is posted there any more until the bot is back."""
    await house.tools.repos.communities.leave(what.community, house.tools.clock.now())
