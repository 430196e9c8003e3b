"""What every implementation of `bot.ports.Communities` and `bot.ports.Audit` promises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import Changed
from bot.model.people import Community
from bot.model.setup import Act, AuditLine, Budget, Home, Setup, Voting
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


async def test_who_comes_back_is_there_again_with_its_setup(storage: Storage):
    home = await storage.communities.change(await storage.communities.see(GUILD, "Snow", NOON), SETUP)
    await storage.communities.leave(GUILD, NOON)
    assert await storage.communities.see(GUILD, "", NOON) == home


async def test_the_newest_audit_lines_come_first(storage: Storage):
    for subject in ("a", "b", "c"):
        await storage.audit.add(line(subject))
    await storage.audit.add(replace(line("elsewhere"), community=TEAM))
    assert [one.subject for one in await storage.audit.latest(GUILD, 2)] == ["c", "b"]
