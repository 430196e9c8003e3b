"""What every implementation of `bot.ports.OwnSports` promises."""

from __future__ import annotations

from dataclasses import replace

from bot.model.setup import Act, AuditLine
from bot.ports import OwnSport
from storage import Storage
from tests.samples import GUILD, NOON

POLO = OwnSport("discord:8001", "snow-polo", 'slug = "snow-polo"\n')


async def test_a_sport_is_kept_for_its_contest_with_its_audit_line(storage: Storage):
    line = AuditLine(NOON, GUILD, "discord:42", Act.SPORT, "sport snow-polo", "", POLO.toml)
    await storage.sports.put(POLO, NOON, line)
    assert await storage.sports.of(POLO.contest) == [POLO]
    assert await storage.sports.of("another") == []
    assert await storage.audit.latest(GUILD) == [line]


async def test_the_same_slug_is_replaced(storage: Storage):
    newer = replace(POLO, toml='slug = "snow-polo"\norder = 3\n')
    await storage.sports.put(POLO, NOON)
    await storage.sports.put(newer, NOON)
    assert await storage.sports.of(POLO.contest) == [newer]


async def test_sports_come_by_slug(storage: Storage):
    for slug in ("c", "a", "b"):
        await storage.sports.put(replace(POLO, slug=slug), NOON)
    assert [sport.slug for sport in await storage.sports.of(POLO.contest)] == ["a", "b", "c"]
