"""Which account a member has: its name everywhere, and the others of the same person."""

from __future__ import annotations

from bot.model.entry import Entry
from bot.model.people import Community
from bot.pipeline.tools import Tools


def account_key(tools: Tools, community: Community, member: str) -> str:
    """The name of an account everywhere: with the community only where ids mean nothing outside it."""
    platform = tools.platforms.get(community.platform)
    if platform and platform.traits.shared_accounts:
        return f"{community.platform}:{member}"
    return f"{community.platform}:{community.id}:{member}"


async def person(tools: Tools, community: Community, member: str) -> str:
    """The person behind an account; the account's own key while it was never seen."""
    key = account_key(tools, community, member)
    found = await tools.repos.people.get(key)
    return found.person if found else key


async def accounts_in(tools: Tools, contest: str, community: Community, member: str) -> list[tuple[Community, str]]:
    """(community, member id) of a person in every community of a contest, their own first."""
    found = [(community, member)]
    accounts = await tools.repos.people.of_person(await person(tools, community, member))
    for home in await tools.repos.communities.of_contest(contest):
        platform = tools.platforms.get(home.community.platform)
        shared = platform is not None and platform.traits.shared_accounts
        for account in accounts:
            there = account.community
            same = there == home.community or (shared and there.platform == home.community.platform)
            if same and (home.community, account.member) not in found:
                found.append((home.community, account.member))
    return found


async def maker_name(tools: Tools, entry: Entry) -> str:
    """A work's maker as they wish to be named."""
    maker = await person(tools, entry.member.community, entry.member.id)
    return (await tools.repos.people.profile(maker)).name or entry.member.name
