"""What every implementation of `bot.ports.Communities` and `bot.ports.Audit` promises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import Changed
from bot.model.character import Character
from bot.model.people import Community
from bot.model.setup import Act, AuditLine, Budget, Home, Setup, Voting
from bot.ports import OwnSport
from storage import Storage
from tests.samples import GUILD, NOON

TEAM = Community("slack", "T1")
SETUP = Setup(voting=Voting(nominate=9), budget=Budget(day=Decimal("1.10")))


def line(subject: str = "voting", actor: str = "discord:42") -> AuditLine:
    return AuditLine(NOON, GUILD, actor, Act.SETUP, subject, "5", "9")


async def test_a_community_never_seen_has_the_defaults_and_its_own_contest(storage: Storage):
    assert await storage.communities.get(GUILD) == Home(GUILD, "discord:8001")


async def test_a_setup_is_kept_with_its_audit_line(storage: Storage):
    home = await storage.communities.see(GUILD, "Snow", NOON)
    changed = await storage.communities.change(home, SETUP, line())
    assert await storage.communities.get(GUILD) == changed == replace(home, setup=SETUP, version=1)
    assert await storage.audit.latest(GUILD) == [line()]


async def test_a_community_never_seen_can_be_set_up(storage: Storage):
    home = await storage.communities.change(await storage.communities.get(GUILD), SETUP)
    assert (home.setup, home.contest) == (SETUP, "discord:8001")


async def test_who_changes_an_older_setup_changes_nothing(storage: Storage):
    home = await storage.communities.see(GUILD, "Snow", NOON)
    newest = await storage.communities.change(home, SETUP)
    with pytest.raises(Changed):
        await storage.communities.change(home, Setup(language="ja"), line())
    assert await storage.communities.get(GUILD) == newest
    assert await storage.audit.latest(GUILD) == []


async def test_communities_that_joined_vote_together_and_one_that_left_does_not(storage: Storage):
    home = await storage.communities.see(GUILD, "Snow", NOON)
    await storage.communities.join(TEAM, home.contest, NOON)
    assert {one.community for one in await storage.communities.of_contest(home.contest)} == {GUILD, TEAM}
    await storage.communities.leave(TEAM, NOON)
    assert [one.community for one in await storage.communities.all()] == [GUILD]


async def sports(storage: Storage, contest: str) -> dict[str, str]:
    return {one.slug: one.toml for one in await storage.sports.of(contest)}


async def brought(storage: Storage) -> None:
    """A workspace with a character and two sports of its own; another contest knows one of them too."""
    fox = Character("c1", str(TEAM), "slack:T1:U1", "Fox", "fox", NOON)
    await storage.characters.save(fox)
    for contest, slug in ((TEAM, "polo"), (TEAM, "fog"), (GUILD, "fog")):
        await storage.sports.put(OwnSport(str(contest), slug, f"{slug} of {contest}"), NOON, line(slug))


async def test_who_was_alone_brings_characters_and_own_sports_along(storage: Storage):
    home = await storage.communities.see(GUILD, "Snow", NOON)
    await brought(storage)
    await storage.communities.join(TEAM, home.contest, NOON)
    assert [one.id for one in await storage.characters.of_contest(home.contest)] == ["c1"]
    assert await sports(storage, home.contest) == {"polo": "polo of slack:T1", "fog": f"fog of {GUILD}"}


async def test_what_others_still_use_stays_with_them(storage: Storage):
    home = await storage.communities.see(GUILD, "Snow", NOON)
    await storage.communities.join(Community("slack", "T2"), str(TEAM), NOON)
    await brought(storage)
    await storage.communities.join(TEAM, home.contest, NOON)
    assert [one.id for one in await storage.characters.of_contest(str(TEAM))] == ["c1"]
    assert set(await sports(storage, str(TEAM))) == {"polo", "fog"}


async def test_who_comes_back_is_there_again_with_its_setup(storage: Storage):
    home = await storage.communities.change(await storage.communities.see(GUILD, "Snow", NOON), SETUP)
    await storage.communities.leave(GUILD, NOON)
    assert await storage.communities.see(GUILD, "", NOON) == home


async def test_the_newest_audit_lines_come_first(storage: Storage):
    for subject in ("a", "b", "c"):
        await storage.audit.add(line(subject))
    await storage.audit.add(replace(line("elsewhere"), community=TEAM))
    assert [one.subject for one in await storage.audit.latest(GUILD, 2)] == ["c", "b"]
