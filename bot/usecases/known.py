"""Who asks, as the community's own setup sees them: remembered, with the rights it gives, answered in its language."""

from __future__ import annotations

from dataclasses import replace

from bot.model.command import Asked
from bot.model.people import Account, Community, Member, Role
from bot.model.setup import Home
from bot.pipeline import accounts
from bot.usecases.house import House


async def known(house: House, asked: Asked) -> Asked:
    """The same question by a member whose role is the setup's, in a place that speaks the setup's language."""
    member = asked.member
    home = await house.tools.repos.communities.get(member.community)
    await house.offers.once(home)
    await _remembered(house, member)
    place = replace(asked.place, language=home.setup.language or asked.place.language)
    return replace(asked, member=replace(member, role=effective(home, member)), place=place)


def effective(home: Home, member: Member) -> Role:
    """What the platform's permissions say, or more where the setup names the member or one of their roles."""
    held = {member.id, *member.roles}
    if not held.isdisjoint(home.setup.roles.admins):
        return Role.ADMIN
    if not held.isdisjoint(home.setup.roles.moderators):
        return max(member.role, Role.MODERATOR)
    return member.role


def account_key(house: House, community: Community, member: str) -> str:
    """The name of an account everywhere."""
    return accounts.account_key(house.tools, community, member)


async def account(house: House, member: Member) -> Account:
    """The member's account, remembered."""
    key = account_key(house, member.community, member.id)
    new = Account(key, key, member.community, member.id, member.name, member.language)
    return await house.tools.repos.people.seen(new, house.tools.clock.now())


async def person(house: House, community: Community, member: str) -> str:
    """The person behind an account."""
    return await accounts.person(house.tools, community, member)


async def _remembered(house: House, member: Member) -> None:
    found = await account(house, member)
    today = house.tools.clock.now().date()
    if house.visits.get(found.key) != today:
        await house.tools.repos.people.visit(found.key, member.community, today)
        house.visits[found.key] = today
