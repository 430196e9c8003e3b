"""A backend that fails: its jobs wait for it, or go to the next, by the operator's rule."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from backends.guards import Rest, Rested
from bot.errors import AuthFailed, Transient
from bot.model.backend import Health, Lengths, Mode, Price
from bot.model.command import Create
from bot.model.job import Stage
from bot.pipeline.engine import TICK
from bot.pipeline.gate import Gate
from bot.planner import Rules
from tests.fakes import FREE, FakeBackend, FakeClock, until

WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")
SOON = Rest(first=0.001, most=0.002)


class Sick(FakeBackend):
    """Well only when somebody says so; orders fail until then."""

    well = False
    trouble = Transient

    async def health(self) -> Health:
        return Health(self.well, "")

    async def submit(self, order, *, key):
        if not self.well:
            raise self.trouble("down")
        return await super().submit(order, key=key)


def house(world, *backends, rules=None) -> None:
    """A world with these backends, each of which may rest."""
    world.rested = {one.name: Rested(one, SOON) for one in backends}
    world.rules = rules or Rules()
    world._build()
    world.house.tools.backends.clear()
    world.house.tools.backends.update(world.rested)
    world.engine._rules = world.rules


@pytest.fixture
async def sick(world):
    yield Sick("sick")
    for one in world.rested.values():
        await one.aclose()


async def test_a_job_waits_in_line_while_its_backend_rests_and_is_drawn_when_it_is_well(world, sick) -> None:
    house(world, sick)
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.rested["sick"]._why is not None)
    await until(lambda: "resting" in str(world.platform.cards[-1].lines))
    (waiting,) = await world.jobs()
    sick.well = True

    (job,) = await world.ended()

    assert (waiting.stage, job.stage, sick.submits) == (Stage.QUEUED, Stage.DONE, 1)


async def test_a_member_can_cancel_what_waits_for_a_resting_backend(world, sick) -> None:
    house(world, sick)
    await world.start()
    await world.ask(WISH)
    await until(lambda: "resting" in str(world.platform.cards[-1].lines))
    (job,) = await world.jobs()

    await world.engine.cancel(job.id)

    assert [one.stage for one in await world.jobs()] == [Stage.CANCELLED]


async def test_it_goes_to_the_next_where_the_operator_says_so_and_the_member_reads_it(world, sick) -> None:
    other = FakeBackend("other")
    house(world, sick, other, rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(WISH)

    (job,) = await world.ended()

    assert (job.stage, job.plan.backend, other.submits, job.notes) == (
        Stage.DONE,
        "other",
        1,
        ("note.elsewhere:other",),
    )


async def test_a_wrong_key_is_enough_to_go_to_the_next(world, sick) -> None:
    sick.trouble = AuthFailed
    house(world, sick, FakeBackend("other"), rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(WISH)

    (job,) = await world.ended()

    assert (job.stage, job.plan.backend) == (Stage.DONE, "other")


async def test_it_goes_to_the_next_at_once_and_not_at_the_next_look_at_everything(world, sick) -> None:
    class OneLook(FakeClock):
        async def sleep(self, seconds: float) -> None:
            if seconds >= TICK:
                await asyncio.Event().wait()
            await super().sleep(seconds)

    world.clock = OneLook()
    sick.trouble = AuthFailed
    house(world, sick, FakeBackend("well"), rules=Rules(elsewhere=True, preferred="sick"))
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.plan.backend) == (Stage.DONE, "well")


async def test_a_backend_the_member_named_is_waited_for(world, sick) -> None:
    other = FakeBackend("other")
    house(world, sick, other, rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(replace(WISH, backend="sick"))
    await until(lambda: "resting" in str(world.platform.cards[-1].lines))
    sick.well = True

    (job,) = await world.ended()

    assert (job.plan.backend, other.submits) == ("sick", 0)


async def test_new_wishes_pass_a_resting_backend_by(world, sick) -> None:
    house(world, sick, FakeBackend("other"), rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(WISH)
    await world.ended()
    await world.ask(WISH)

    jobs = await world.ended(2)

    assert (jobs[1].plan.backend, jobs[1].notes) == ("other", ())


async def test_a_film_of_which_a_shot_was_paid_does_not_go_elsewhere(world, sick) -> None:
    """The first shot is taken, the others are not: they wait for the same backend."""
    five = replace(FREE, modes={Mode.TEXT: Lengths(5, 5)}, free_resend=False, concurrency=1)
    sick.able, sick.well = replace(five, price=Price(Decimal(1), "USD")), True
    sick.gate = asyncio.Event()
    other = FakeBackend("other")
    house(world, sick, other, rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(WISH)
    await until(lambda: sick.submits == 1)
    sick.well = False
    sick.gate.set()
    await until(lambda: world.rested["sick"]._why is not None)
    sick.well = True

    (job,) = await world.ended()

    assert (job.stage, job.plan.backend, sick.submits, other.submits) == (Stage.DONE, "sick", 3, 0)


async def test_two_that_fail_do_not_hand_a_job_to_each_other_for_ever(world, sick) -> None:
    other = Sick("other")
    house(world, sick, other, rules=Rules(elsewhere=True))
    await world.start()
    await world.ask(WISH)
    await until(lambda: all(one._why for one in world.rested.values()))
    other.well = True

    (job,) = await world.ended()

    assert (job.stage, other.submits) == (Stage.DONE, 1)


async def test_no_more_are_inside_a_gate_than_it_holds() -> None:
    gate, inside, most = Gate(), 0, 0

    async def visit() -> None:
        nonlocal inside, most
        async with gate.place(2):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(visit() for _ in range(10)))

    assert most == 2


async def test_a_place_that_was_given_up_goes_to_the_next() -> None:
    gate = Gate()
    async with gate.place(1) as place:
        place.give_up()
        async with asyncio.timeout(30), gate.place(1):
            pass


async def test_somebody_who_left_the_line_does_not_keep_a_place() -> None:
    gate = Gate()
    async with gate.place(1):
        impatient, patient = (asyncio.create_task(gate.place(1).__aenter__()) for _ in range(2))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)

    await asyncio.wait_for(patient, 30)


async def test_one_job_is_made_ready_while_another_is_drawn_but_not_sent(world) -> None:
    busy = FakeBackend("busy", able=replace(FREE, concurrency=1, ahead=1), gate=asyncio.Event())
    house(world, busy)
    await world.start()
    for _ in range(3):
        await world.ask(WISH)
    await until(lambda: busy.submits == 1)
    await until(lambda: "Next at the backend" in str([card.title for card in world.platform.cards]))
    stages = sorted(job.stage for job in await world.jobs())
    sent = busy.submits
    busy.gate.set()
    await world.ended(3)

    assert (stages, sent, busy.submits) == ([Stage.DRAWING, Stage.DRAWING, Stage.QUEUED], 1, 3)


async def test_a_member_can_cancel_what_waits_for_a_place(world) -> None:
    busy = FakeBackend("busy", able=replace(FREE, concurrency=1, ahead=1), gate=asyncio.Event())
    house(world, busy)
    await world.start()
    await world.ask(WISH)
    await until(lambda: busy.submits == 1)
    await world.ask(WISH)
    await until(lambda: "Next at the backend" in str([card.title for card in world.platform.cards]))

    await world.engine.cancel((await world.jobs())[1].id)
    jobs = await world.ended(1)

    assert (jobs[1].stage, busy.submits) == (Stage.CANCELLED, 1)
