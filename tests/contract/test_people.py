"""What every implementation of `bot.ports.People` promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.model.letter import Kind, Letter
from bot.model.people import Account, Profile
from bot.model.setup import Act, AuditLine
from storage import Storage
from tests.samples import GUILD, NOON

KAI = Account("discord:42", "discord:42", GUILD, "42", "Kai", "ja")
LINE = AuditLine(NOON, GUILD, "discord:1", Act.PAUSE, KAI.key)


async def test_an_account_is_remembered_with_its_first_day(storage: Storage):
    assert await storage.people.seen(KAI, NOON) == replace(KAI, first=NOON)
    assert await storage.people.get(KAI.key) == replace(KAI, first=NOON)


async def test_a_new_name_replaces_the_old_one_and_the_first_day_stays(storage: Storage):
    await storage.people.seen(KAI, NOON)
    renamed = await storage.people.seen(replace(KAI, name="海"), NOON + timedelta(days=3))
    assert (renamed.name, renamed.first) == ("海", NOON)


async def test_a_pause_outlives_being_seen(storage: Storage):
    await storage.people.seen(KAI, NOON)
    await storage.people.pause(KAI.key, "c1", "spam", LINE)
    assert (await storage.people.seen(replace(KAI, name="海"), NOON)).paused("c1") == "spam"


async def test_pausing_somebody_unknown_is_none(storage: Storage):
    assert await storage.people.pause("discord:0", "c1", "spam", LINE) is None
    assert await storage.audit.of_subject(KAI.key, Act.PAUSE) == []


async def test_a_pause_holds_in_one_contest_for_all_accounts_of_the_person(storage: Storage):
    other = replace(KAI, key="discord:43")
    for one in (KAI, other):
        await storage.people.seen(one, NOON)
    await storage.people.pause(other.key, "c1", "spam", LINE)
    paused = await storage.people.among([KAI.key, other.key])
    assert [(one.paused("c1"), one.paused("c2")) for one in paused] == [("spam", "")] * 2
    await storage.people.pause(KAI.key, "c1", "", LINE)
    assert [one.pauses for one in await storage.people.among([KAI.key, other.key])] == [(), ()]


async def test_of_two_pauses_at_once_one_is_written_with_its_line_and_letter(storage: Storage):
    await storage.people.seen(KAI, NOON)
    letters = [Letter(f"pause:{n}", KAI.key, Kind.PAUSED, NOON) for n in range(2)]
    done = await asyncio.gather(*(storage.people.pause(KAI.key, "c1", "spam", LINE, one) for one in letters))
    assert sum(one is not None for one in done) == 1
    assert (len(await storage.audit.of_subject(KAI.key, Act.PAUSE)), len(await storage.letters.waiting())) == (1, 1)


async def test_a_persons_accounts_are_found(storage: Storage):
    await storage.people.seen(KAI, NOON)
    await storage.people.seen(replace(KAI, key="discord:43", person="discord:43"), NOON)
    assert [one.key for one in await storage.people.of_person("discord:42")] == ["discord:42"]


async def test_who_chose_nothing_has_the_defaults(storage: Storage):
    assert await storage.people.profile("discord:42") == Profile()


async def test_what_a_person_chose_is_kept(storage: Storage):
    for chosen in (Profile(name="K."), Profile(name="海", remixable=False, silent=("podium",))):
        await storage.people.choose("discord:42", chosen)
    assert await storage.people.profile("discord:42") == chosen


async def test_a_day_is_noted_once(storage: Storage):
    for _ in range(2):
        await storage.people.visit(KAI.key, GUILD, NOON.date())


async def test_accounts_are_met_once_and_known_ones_stay_as_they_are(storage: Storage):
    await storage.people.seen(KAI, NOON)
    new = replace(KAI, key="discord:43", person="discord:43", member="43", name="43")
    await storage.people.met([replace(KAI, name="42", language="en"), new], NOON + timedelta(days=1))
    assert sorted(await storage.people.among([KAI.key, new.key, "discord:0"]), key=lambda one: one.key) == [
        replace(KAI, first=NOON),
        replace(new, first=NOON + timedelta(days=1)),
    ]
