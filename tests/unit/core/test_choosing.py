from dataclasses import replace

from bot.model.backend import Lengths, Mode
from bot.model.command import Attachment, Choose, Create
from bot.model.job import Stage
from tests.fakes import FREE, until
from tests.unit.planning.samples import SHORT, WORDS_ONLY

WISH = Create("A kitsune jumps from the large hill at dusk", sport="ski-jumping")
PICTURE = Attachment("fox.png", b"\x89PNG picture")


async def offered(world, wish: Create = WISH):
    reply = await world.ask(wish)
    (card,) = reply.told
    return card


def pressed(button) -> Choose:
    _, draft, field, value = button.action.split(":")
    return Choose(draft, field, value)


async def test_what_cannot_be_done_is_answered_with_choices_and_their_prices(world) -> None:
    world.backend.able = SHORT
    card = await offered(world)

    assert [button.label for button in card.buttons] == ["9 s · cut from 3 shots · 0.9 USD", "3 s · 0.3 USD"]


async def test_the_reason_is_told_and_the_words_are_kept(world) -> None:
    world.backend.able = SHORT
    card = await offered(world)

    assert ("cannot draw this length" in card.lines[0], card.quote) == (True, WISH.prompt)


async def test_a_pressed_choice_puts_the_changed_request_in_line(world) -> None:
    world.backend.able = SHORT
    card = await offered(world)

    await world.ask(pressed(card.buttons[1]))
    (job,) = await world.jobs()

    assert (job.request.seconds, job.plan.seconds, len(job.plan.shots)) == (3.0, 3.0, 1)


async def test_the_price_of_the_choice_is_told_again_once_it_is_taken(world) -> None:
    world.backend.able = SHORT
    card = await offered(world)

    reply = await world.ask(pressed(card.buttons[1]))

    assert "0.3 USD" in reply.text


async def test_a_choice_without_the_picture_draws_from_words(world) -> None:
    world.backend.able = WORDS_ONLY
    card = await offered(world, replace(WISH, image=PICTURE))

    await world.ask(pressed(card.buttons[0]))
    (job,) = await world.jobs()

    assert (job.request.image, job.plan.shots[0].mode) == (None, Mode.TEXT)


async def test_a_sport_chosen_late_can_still_lead_to_choices(world) -> None:
    world.backend.able = SHORT
    card = await offered(world, Create("A cat is happy"))
    curling = next(button for button in card.buttons if button.action.endswith(":curling"))

    reply = await world.ask(pressed(curling))

    assert [pressed(button).field for button in reply.told[0].buttons] == ["plan", "plan"]


async def test_a_short_film_is_as_long_as_chosen_all_the_way(world) -> None:
    world.backend.able = replace(FREE, modes={Mode.TEXT: Lengths(2, 3)})
    await world.start()
    card = await offered(world)

    await world.ask(pressed(card.buttons[1]))
    (job,) = await world.ended()
    await until(lambda: world.platform.entries)

    shown = world.platform.entries[0].card.video
    assert (job.stage, job.clip.inspection.seconds, shown.seconds) == (Stage.DONE, 3.0, 3.0)
    assert "3 seconds" in shown.alt
