"""What every implementation of `bot.ports.People` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model.people import Account, Profile
from storage import Storage
from tests.samples import GUILD, NOON

KAI = Account("discord:42", "discord:42", GUILD, "42", "Kai", "ja")


async def test_an_account_is_remembered_with_its_first_day(storage: Storage):
    assert await storage.people.seen(KAI, NOON) == replace(KAI, first=NOON)
    assert await storage.people.get(KAI.key) == replace(KAI, first=NOON)


async def test_a_new_name_replaces_the_old_one_and_the_first_day_stays(storage: Storage):
    await storage.people.seen(KAI, NOON)
    renamed = await storage.people.seen(replace(KAI, name="海"), NOON + timedelta(days=3))
    assert (renamed.name, renamed.first) == ("海", NOON)


async def test_a_pause_outlives_being_seen(storage: Storage):
    await storage.people.seen(KAI, NOON)
    await storage.people.pause(KAI.key, "spam")
    assert (await storage.people.seen(replace(KAI, name="海"), NOON)).paused == "spam"


async def test_pausing_somebody_unknown_is_none(storage: Storage):
    assert await storage.people.pause("discord:0", "spam") is None


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
