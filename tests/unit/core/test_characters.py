"""Characters: called by name, shared, forgotten, and never of somebody who did not agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import words
from bot.model.backend import Lengths, Mode
from bot.model.command import (
    Agree,
    Attachment,
    Create,
    ForgetCharacter,
    ListCharacters,
    SaveCharacter,
    ShareCharacter,
)
from bot.model.job import Stage
from bot.model.setup import Allowance, Setup
from bot.usecases import wording
from tests.fakes import FREE, member

ADA, BEN, EVE = member("ada"), member("ben"), member("eve")
FOX = Attachment("fox.png", b"\x89PNG fox")
WOLF = Attachment("wolf.png", b"\x89PNG wolf")
HOWL = Attachment("howl.wav", b"RIFF howl")
REFERENCES = replace(FREE, modes={Mode.REFERENCE: Lengths(2, 30), Mode.TEXT: Lengths(2, 30)}, images=2)


def wish(sentence: str) -> Create:
    return Create(sentence, sport="ski-jumping")


async def order(world, sentence: str, who=ADA):
    """What the backend was told for a sentence."""
    await world.start()
    known = set(world.backend.orders)
    await world.ask(wish(sentence), who)
    await world.ended(len(await world.jobs()))
    (new,) = set(world.backend.orders) - known
    return world.backend.orders[new]


async def asked_of(world, name: str = "kitsune") -> str:
    """Save a character that shows Ben; its id."""
    await world.ask(SaveCharacter(name, FOX, depicts="ben"), ADA)
    (one,) = await world.repos.characters.of_accounts(["fake:c1:ben"])
    return one.id


async def test_who_was_never_heard_of_is_asked_in_the_communitys_language(world) -> None:
    await world.set_up(Setup(language="ja"))
    await asked_of(world)
    await world.engine.postman.round()
    ((who, card),) = world.platform.whispers
    assert (who, card.title) == ("ben", words("ja")("letter.consent.title", name="kitsune", owner="Ada"))


async def test_a_saved_character_appears_with_its_picture(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)

    made = await order(world, "@Kitsune jumps on skis")

    assert (made.image.read_bytes(), "kitsune is the one in the picture" in made.prompt) == (FOX.data, True)


async def test_a_name_of_a_script_without_spaces_is_found_at_the_beginning(world) -> None:
    await world.ask(SaveCharacter("大聖", FOX), ADA)

    assert (await order(world, "@大聖が高台から跳ぶ")).image.read_bytes() == FOX.data


async def test_several_characters_are_handed_over_by_name_and_those_without_room_are_noted(world) -> None:
    world.backend.able = REFERENCES
    for name, file in (("kitsune", FOX), ("ookami", WOLF), ("kuma", replace(FOX, data=b"\x89PNG bear"))):
        await world.ask(SaveCharacter(name, file), ADA)

    made = await order(world, "@kitsune, @ookami and @kuma jump on skis")
    (job,) = await world.jobs()

    assert [(one.name, one.picture.read_bytes()) for one in made.references] == [
        ("kitsune", FOX.data),
        ("ookami", WOLF.data),
    ]
    assert "plan.pictures_left:@kuma" in job.plan.approximations


async def test_the_members_own_picture_goes_before_the_characters(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    await world.start()
    await world.ask(replace(wish("@kitsune jumps"), image=WOLF), ADA)
    await world.ended()

    (made,) = world.backend.orders.values()
    assert made.image.read_bytes() == WOLF.data


async def test_a_voice_is_heard_where_the_backend_listens(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX, HOWL), ADA)

    assert (await order(world, "@kitsune jumps")).audio.read_bytes() == HOWL.data


async def test_a_voice_nobody_could_hear_is_left_out_with_a_note(world) -> None:
    world.backend.able = replace(FREE, audio_input=False)
    await world.ask(SaveCharacter("kitsune", FOX, HOWL), ADA)

    reply = await world.ask(wish("@kitsune jumps"), ADA)

    assert ("voice of kitsune is not used" in reply.text, (await world.jobs())[0].request.audio) == (True, None)


async def test_a_backend_that_draws_from_words_draws_the_character_from_its_word(world) -> None:
    world.backend.able = replace(FREE, modes={Mode.TEXT: Lengths(2, 30)}, images=0)
    await world.ask(SaveCharacter("kitsune", FOX), ADA)

    reply = await world.ask(wish("@kitsune jumps"), ADA)

    assert ("picture of kitsune is not used" in reply.text, len(await world.jobs())) == (True, 1)


async def test_a_private_character_is_nobody_elses(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), BEN)

    reply = await world.ask(wish("@kitsune jumps"), ADA)

    assert "no saved character @kitsune" in reply.text


@pytest.mark.parametrize("way", [ShareCharacter("kitsune", "all"), ShareCharacter("kitsune", member="ada")])
async def test_a_shared_character_appears_for_those_it_is_shared_with(world, way) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), BEN)
    await world.ask(way, BEN)

    assert (await order(world, "@kitsune jumps")).image.read_bytes() == FOX.data


async def test_a_character_shared_with_one_member_is_not_everybodys(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), BEN)
    await world.ask(ShareCharacter("kitsune", member="eve"), BEN)

    assert "no saved character" in (await world.ask(wish("@kitsune jumps"), ADA)).text


async def test_an_unknown_name_is_asked_back(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)

    assert "Did you mean @kitsune" in (await world.ask(wish("@kitsunee jumps"), ADA)).text


async def test_who_is_depicted_is_asked_and_not_drawn_before_they_agree(world) -> None:
    await asked_of(world)
    await world.engine.postman.round()

    reply = await world.ask(wish("@kitsune jumps"), ADA)

    assert [who for who, _ in world.platform.whispers] == ["ben"]
    assert "waits for the consent" in reply.text
    assert (await world.jobs())[0].request.cast == ()


async def test_a_press_under_the_letter_agrees(world) -> None:
    await asked_of(world)
    await world.engine.postman.round()
    yes = world.platform.whispers[0][1].buttons[0].action

    assert yes.startswith("consent-yes:")
    await world.ask(Agree(yes.partition(":")[2], on=True), BEN)
    assert (await order(world, "@kitsune jumps")).image.read_bytes() == FOX.data


async def test_nobody_else_agrees_for_them(world) -> None:
    character = await asked_of(world)

    await world.ask(Agree(character, on=True), ADA)

    assert not (await world.repos.characters.get(character)).ready


async def test_consent_can_be_taken_back(world) -> None:
    character = await asked_of(world)
    for on in (True, False):
        await world.ask(Agree(character, on=on), BEN)

    assert "waits for the consent" in (await world.ask(wish("@kitsune jumps"), ADA)).text


async def test_who_takes_consent_back_is_in_no_film_that_still_waits(world) -> None:
    world.backend.able = replace(FREE, concurrency=0)
    character = await asked_of(world)
    await world.ask(Agree(character, on=True), BEN)
    await world.ask(wish("@kitsune jumps"), ADA)

    await world.ask(Agree(character, on=False), BEN)

    assert [job.stage for job in await world.jobs()] == [Stage.CANCELLED]


async def test_its_uses_are_told_at_most_once_a_day(world) -> None:
    await world.ask(Agree(await asked_of(world), on=True), BEN)
    for days in (0, 0, 1):
        world.clock.time += timedelta(days=days)
        await order(world, "@kitsune jumps")
    await world.engine.postman.round()

    assert [card.title for _, card in world.platform.whispers].count("A film shows you") == 2


async def test_a_list_shows_ones_own_and_those_that_show_one(world) -> None:
    character = await asked_of(world)

    own, shown = [await world.ask(ListCharacters(), who) for who in (ADA, BEN)]

    assert ("**@kitsune**" in own.text, "shows you" in shown.text) == (True, True)
    assert [button.action for button in shown.told[0].buttons] == [f"consent-yes:{character}"]


async def test_a_forgotten_character_leaves_no_file(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    blob = (await world.repos.characters.of_accounts(["fake:c1:ada"]))[0].image.blob

    await world.ask(ForgetCharacter("@kitsune", sure=True), ADA)

    assert (await world.repos.media.mime(blob), await world.repos.characters.of_accounts(["fake:c1:ada"])) == (None, [])


async def test_a_file_that_another_character_has_stays(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    await world.ask(SaveCharacter("inari", FOX), BEN)
    blob = (await world.repos.characters.of_accounts(["fake:c1:ben"]))[0].image.blob

    await world.ask(ForgetCharacter("kitsune", sure=True), ADA)

    assert await world.repos.media.mime(blob) == "image/png"


async def test_saving_again_replaces(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    await world.ask(SaveCharacter("KITSUNE", WOLF), ADA)

    assert (await order(world, "@kitsune jumps")).image.read_bytes() == WOLF.data


async def test_nobody_forgets_or_shares_somebody_elses(world) -> None:
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    (one,) = await world.repos.characters.of_accounts(["fake:c1:ada"])

    for forged in (ForgetCharacter(character=one.id, sure=True), ShareCharacter("kitsune", "all")):
        assert "no character" in (await world.ask(forged, EVE)).text


@pytest.mark.parametrize("name", ["", "two words", "a" * 33, "!", "-fox"])
async def test_a_name_that_no_sentence_could_call_is_refused(world, name) -> None:
    assert "A name has" in (await world.ask(SaveCharacter(name, FOX), ADA)).text


async def test_pictures_may_be_switched_off(world) -> None:
    await world.set_up(Setup(allowance=Allowance(pictures=False)))

    assert "switched off" in (await world.ask(SaveCharacter("kitsune", FOX), ADA)).text


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=16))
def test_a_name_is_called_by_itself_among_any_others(name) -> None:
    known = {wording.folded(name), wording.folded(name[:-1] or name)}
    assert wording.called(name, known) == wording.folded(name)


def test_a_latin_name_is_not_found_inside_a_longer_word() -> None:
    assert wording.called("foxtrot", {"fox"}) is None
