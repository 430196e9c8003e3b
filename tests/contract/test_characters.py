"""What every implementation of `bot.ports.Characters` promises."""

from __future__ import annotations

from dataclasses import replace

from bot.model.character import Character, Consent, Reach
from bot.model.letter import Kind, Letter
from bot.model.request import Reference, ReferenceKind
from storage import Storage
from tests.samples import NOON, job

KAI, UMI = "discord:42", "slack:T1:U1"
FACE = Reference(ReferenceKind.IMAGE, "d" * 64, "image/png")
FOX = Character("c1", "discord:8001", KAI, "大聖", "大聖", NOON, image=FACE, depicts=UMI, consent=Consent.ASKED)


async def test_a_character_is_kept_with_the_letter_that_asks(storage: Storage):
    letter = Letter("consent:c1", UMI, Kind.CONSENT, NOON, {"name": "大聖"}, "c1")
    await storage.characters.save(FOX, letter)
    assert await storage.characters.get("c1") == FOX
    assert await storage.letters.waiting() == [letter]


async def test_a_new_one_of_the_name_replaces_the_owners_earlier_one_alone(storage: Storage):
    await storage.characters.save(FOX)
    await storage.characters.save(replace(FOX, id="c2", owner=UMI))
    await storage.characters.save(replace(FOX, id="c3"))
    assert [one.id for one in await storage.characters.of_contest(FOX.contest)] == ["c2", "c3"]
    assert [one.id for one in await storage.characters.forgotten()] == ["c1"]


async def test_owners_and_those_who_are_depicted_find_theirs(storage: Storage):
    await storage.characters.save(FOX)
    found = [await storage.characters.of_accounts([key]) for key in (KAI, UMI, "discord:43")]
    assert [len(one) for one in found] == [1, 1, 0]


async def test_only_who_is_depicted_consents(storage: Storage):
    await storage.characters.save(FOX)
    refused = await storage.characters.consent("c1", [KAI], Consent.GIVEN)
    given = await storage.characters.consent("c1", [UMI], Consent.GIVEN)
    assert (refused, given) == (None, replace(FOX, consent=Consent.GIVEN))


async def test_who_may_use_it_is_kept(storage: Storage):
    await storage.characters.save(FOX)
    await storage.characters.share("c1", Reach.MEMBERS, [UMI])
    assert await storage.characters.get("c1") == replace(FOX, reach=Reach.MEMBERS, shared=(UMI,))


async def test_a_forgotten_one_waits_for_its_files_to_go(storage: Storage):
    await storage.characters.save(FOX)
    await storage.characters.forget("c1", NOON)
    before = await storage.characters.forgotten()
    await storage.characters.emptied("c1")
    assert ([one.id for one in before], await storage.characters.forgotten()) == (["c1"], [])
    assert await storage.characters.get("c1") is None


async def test_a_file_is_in_use_while_a_character_has_it(storage: Storage):
    await storage.characters.save(FOX)
    used = [await storage.entries.uses(FACE.blob)]
    await storage.characters.forget("c1", NOON)
    assert [*used, await storage.entries.uses(FACE.blob)] == [True, False]


async def test_a_file_is_in_use_while_a_request_waits_for_it(storage: Storage):
    await storage.jobs.add(job("j1"))
    assert await storage.entries.uses("a" * 64)
    await storage.jobs.wish_cancel("j1")
    assert not await storage.entries.uses("a" * 64)
