"""Who asks is seen through the community's own setup."""

from __future__ import annotations

from dataclasses import replace

from bot.model.command import Help
from bot.model.people import Role
from bot.model.setup import Roles, Setup
from bot.usecases.known import known, person
from tests.fakes import COMMUNITY, asked, member


async def seen(world, **roles):
    await world.set_up(Setup(language="ja", roles=Roles(**roles)))
    return await known(world.house, asked(Help(), replace(member(), roles=("r1", "r2"))))


async def test_a_role_that_the_setup_names_makes_a_moderator(world):
    assert (await seen(world, moderators=("r2",))).member.role is Role.MODERATOR


async def test_a_member_that_the_setup_names_is_an_admin(world):
    assert (await seen(world, admins=("ada",))).member.role is Role.ADMIN


async def test_other_roles_make_nobody_more(world):
    assert (await seen(world, moderators=("r3",))).member.role is Role.MEMBER


async def test_a_place_speaks_the_setups_language(world):
    assert (await seen(world)).place.language == "ja"


async def test_an_account_is_remembered_once_it_asked(world):
    await world.ask(Help())
    account = await world.repos.people.get("fake:c1:ada")
    assert (account.name, account.member) == ("Ada", "ada")
    assert await person(world.house, COMMUNITY, "ada") == "fake:c1:ada"
