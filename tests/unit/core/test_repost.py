"""A work whose message was deleted in the chat."""

from __future__ import annotations

from bot.model.command import Mine, Repost
from bot.model.contest import Shown, Vanished
from tests.fakes import member
from tests.hanging import found, hang, press, votes


async def deleted(world) -> None:
    """The work's message is deleted by somebody in the chat."""
    ref = await hang(world)
    world.platform.messages.pop(ref.id)
    await world.core.hear(Vanished((ref,)))


def buttons(reply) -> list[str]:
    return [button.action for card in reply.told for button in card.buttons]


async def test_its_maker_is_offered_to_hang_it_again(world):
    await deleted(world)
    assert "repost:a" in buttons(await world.ask(Mine()))


async def test_a_work_that_hangs_needs_no_such_button(world):
    await hang(world)
    assert "repost:a" not in buttons(await world.ask(Mine()))


async def test_it_hangs_again_once_and_can_be_voted_on(world):
    await deleted(world)
    assert "hangs again" in (await world.ask(Repost("a"))).text
    assert "still hangs" in (await world.ask(Repost("a"))).text
    shown = await world.repos.showings.of("a", {Shown.ENTRY})
    assert [one.ref for one in shown] == [(await found(world)).message]
    await press(world, shown[0].ref, "bea")
    assert await votes(world) == 1


async def test_it_may_be_deleted_and_hung_again_more_than_once(world):
    await deleted(world)
    await world.ask(Repost("a"))
    ref = (await found(world)).message
    world.platform.messages.pop(ref.id)
    await world.core.hear(Vanished((ref,)))
    await world.ask(Repost("a"))
    assert len(world.platform.entries) == 1
    assert (await found(world)).message != ref


async def test_others_may_not_hang_it_again(world):
    await deleted(world)
    assert "Only the one who made it" in (await world.ask(Repost("a"), member("bea"))).text
    assert world.platform.entries == []
