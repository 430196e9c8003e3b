"""A community is remembered when the bot arrives, and set up as suits it while nobody has chosen otherwise."""

from bot.model.contest import Arrived
from bot.model.people import Community
from bot.model.setup import Setup, Voting
from bot.usecases.arrival import arrived

HERE = Community("fake", "g1")
SUITS = Setup(voting=Voting(nominate=2))


async def test_a_community_nobody_has_set_up_gets_what_suits_it(world):
    await arrived(world.house, Arrived(HERE, "Here", setup=SUITS))
    assert (await world.repos.communities.get(HERE)).setup == SUITS


async def test_what_was_chosen_stays(world):
    home = await world.repos.communities.get(HERE)
    chosen = Setup(voting=Voting(nominate=7))
    await world.repos.communities.change(home, chosen)
    await arrived(world.house, Arrived(HERE, "Here", setup=SUITS))
    assert (await world.repos.communities.get(HERE)).setup == chosen
