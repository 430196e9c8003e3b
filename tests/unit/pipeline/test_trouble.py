"""What may go wrong between two steps of a job, and what its member sees of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import DiskFull, NotFound, PlaceForbidden, PlatformBusy, RateLimited, StorageError, Transient
from bot.model.backend import Capabilities, Lengths, Mode, Order, RemoteRef, RemoteState, RemoteStatus
from bot.model.command import Cancel, Create, Delete
from bot.model.job import Stage
from bot.model.people import Community
from bot.pipeline.engine import TICK
from tests.fakes import FREE, PATIENCE, FakeBackend, FakeClock, FakePlatform, FakeVideo, member, until

WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")
PAID = replace(FREE, free_resend=False)


class Faulty:
    """A port whose named calls raise what is in their list first, one a call."""

    def __init__(self, port, **faults) -> None:
        self.port = port
        self.faults = faults

    def __getattr__(self, name):
        found = getattr(self.port, name)
        if name not in self.faults:
            return found

        async def call(*given, **named):
            if self.faults[name]:
                raise self.faults[name].pop(0)
            return await found(*given, **named)

        return call


def broken_jobs(world, **faults) -> None:
    world.stored = replace(world.stored, jobs=Faulty(world.stored.jobs, **faults))
    world._build()


def with_platform(world, platform) -> None:
    world.platform = platform
    world._build()


def with_backend(world, backend) -> None:
    world.backend = backend
    world._build()


class InPlace(FakePlatform):
    """The card itself becomes the entry, slowly, as in Slack and the studio; `late` are edits that came after."""

    def __init__(self) -> None:
        super().__init__()
        self.becoming = False
        self.late = []

    async def publish(self, place, card, *, key, again=False, instead_of=None):
        self.becoming = True
        await asyncio.sleep(0.05)
        self.messages[instead_of.id].card = card
        self.messages[instead_of.id].entry = True
        await asyncio.sleep(0.05)
        return instead_of

    async def edit(self, ref, card) -> None:
        if self.becoming:
            self.late.append(card)
        await super().edit(ref, card)


class OneTick(FakeClock):
    """Nothing is looked at a second time: what is not done at once is not done at all."""

    async def sleep(self, seconds: float) -> None:
        if seconds >= TICK:
            await asyncio.Event().wait()
        await super().sleep(seconds)


async def test_a_refused_delivery_is_told_on_the_card(world) -> None:
    world.clock = OneTick()
    world._build()
    world.platform.unpublished = [PlaceForbidden(missing="Attach Files")]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()
    await until(lambda: world.platform.cards[-1].progress is None)

    assert (job.stage, "Attach Files" in str(world.platform.cards[-1].lines)) == (Stage.FAILED, True)


async def test_no_edit_reaches_a_card_that_is_becoming_the_entry(world) -> None:
    with_platform(world, InPlace())
    await world.start()

    await world.ask(WISH)
    await world.ended()
    await asyncio.sleep(0.05)

    assert world.platform.late == []


async def test_a_request_whose_card_could_not_be_posted_still_tells_its_failure(world) -> None:
    world.platform.failures = [PlatformBusy("down")] * 3
    world.backend.outcome = RemoteStatus(RemoteState.FAILED)
    await world.ask(WISH)
    world.platform.failures = []

    await world.start()
    await world.ended()
    await until(lambda: world.platform.cards and world.platform.cards[-1].progress is None)

    assert len(world.platform.messages) == 1


class Pausing(FakeVideo):
    """Finishing waits at the inspection."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def inspect(self, *given, **named):
        self.reached.set()
        await self.go.wait()
        return await super().inspect(*given, **named)


async def test_a_cancel_while_the_film_is_checked_is_kept(world) -> None:
    world.video = Pausing()
    world._build()
    await world.start()
    await world.ask(WISH)
    await world.video.reached.wait()

    await world.ask(Cancel())
    world.video.go.set()
    (job,) = await world.ended()

    works = await world.repos.entries.count_of_member(job.community, "ada")
    assert (job.stage, world.platform.entries, works) == (Stage.CANCELLED, [], 0)


async def test_a_cancel_survives_a_restart(world) -> None:
    world.video = Pausing()
    world._build()
    await world.start()
    await world.ask(WISH)
    await world.video.reached.wait()
    await world.ask(Cancel())

    await world.crash()
    world.video.go.set()
    await world.start()
    (job,) = await world.ended()

    assert (job.stage, world.platform.entries) == (Stage.CANCELLED, [])


async def test_who_cancels_while_the_clip_is_being_posted_is_told_so(world) -> None:
    world.platform.unpublished = [PlatformBusy("down")] * 10_000
    await world.start()
    await world.ask(WISH)
    await until(lambda: len(world.platform.unpublished) < 9_999)

    reply = await world.ask(Cancel())
    world.platform.unpublished = []
    (job,) = await world.ended()

    assert ("Stopped" in reply.text, "being posted" in reply.text, job.stage) == (False, True, Stage.DONE)


async def test_a_work_deleted_while_it_is_being_posted_does_not_stay(world) -> None:
    class Slow(FakePlatform):
        async def publish(self, *given, **named):
            ref = await super().publish(*given, **named)
            await world.ask(Delete((await world.jobs())[0].id, sure=True))
            return ref

    with_platform(world, Slow())
    await world.start()

    await world.ask(WISH)
    await world.ended()
    await until(lambda: not world.platform.entries)


@pytest.mark.parametrize("able", [PAID, FREE])
async def test_a_clip_drawn_while_we_were_away_for_longer_than_the_deadline_is_fetched(world, able) -> None:
    world.backend.able = able
    world.backend.gate = asyncio.Event()
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.backend.submits == 1)
    await world.crash()

    world.clock.time += timedelta(days=1)
    world.backend.gate.set()
    await world.start()
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_a_free_order_lost_with_our_own_process_is_drawn_again_however_often(world) -> None:
    world.backend.gate = asyncio.Event()
    await world.ask(WISH)
    for life in range(1, 7):
        await world.start()
        await until(lambda life=life: world.backend.submits == life)
        await world.crash()
        world.backend.orders.clear()
        world.clock.time += timedelta(hours=2)

    world.backend.gate.set()
    await world.start()
    (job,) = await world.ended()

    assert job.stage is Stage.DONE


async def test_an_order_that_takes_too_long_is_given_up_and_called_off(world) -> None:
    class Endless(FakeBackend):
        async def poll(self, ref):
            return RemoteStatus(RemoteState.RUNNING, 0.5)

    with_backend(world, Endless(able=replace(FREE, deadline=timedelta(0)), gate=asyncio.Event()))
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.failure.key, len(world.backend.cancelled)) == ("backend.deadline", 1)


class Flaky(FakeBackend):
    """Reads break off first."""

    breaks = 2

    async def events(self, ref):
        yield RemoteStatus(RemoteState.RUNNING, 0.1)
        if self.breaks:
            self.breaks -= 1
            raise Transient("connection reset")
        yield await self.poll(ref)


async def test_a_look_that_breaks_off_does_not_lose_a_paid_order(world) -> None:
    with_backend(world, Flaky(able=PAID))
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_a_question_after_a_lost_answer_is_asked_until_the_backend_answers(world) -> None:
    class Silent(FakeBackend):
        breaks = 8

        async def submit(self, order: Order, *, key: str) -> RemoteRef:
            await super().submit(order, key=key)
            raise ValueError("a bug after the order was taken")

        async def find(self, key, since):
            if self.breaks:
                self.breaks -= 1
                raise Transient("refused")
            return await super().find(key, since)

    with_backend(world, Silent(able=PAID))
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_a_member_need_not_wait_for_a_backend_that_asks_for_patience_to_cancel(world) -> None:
    class Long(FakeClock):
        async def sleep(self, seconds: float) -> None:
            if seconds > 1000:
                await asyncio.Event().wait()
            await super().sleep(seconds)

    world.clock = Long()
    world._build()
    world.backend.submit_faults = [RateLimited("later", retry_after=timedelta(hours=1))]
    await world.start()
    await world.ask(WISH)
    await until(lambda: not world.backend.submit_faults)

    await world.ask(Cancel())
    (job,) = await world.ended()

    assert job.stage is Stage.CANCELLED


async def test_cancelling_a_film_of_several_shots_stops_all_of_them(world) -> None:
    world.backend.able = replace(FREE, modes={Mode.TEXT: Lengths(5, 5)}, concurrency=3)
    world.backend.gate = asyncio.Event()
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.backend.submits == 3)

    await world.ask(Cancel())
    await world.ended()

    assert len(world.backend.cancelled) == 3


async def test_a_full_disk_while_a_clip_is_kept_costs_no_second_order(world) -> None:
    world.backend.able = PAID
    world.media = Faulty(world.media, put=[DiskFull("full")] * 3)
    world._build()
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


@pytest.mark.parametrize("call", ["advance", "progress", "shot", "finished", "delivered", "take"])
async def test_a_full_disk_at_any_write_only_delays_a_job(world, call) -> None:
    world.backend.able = PAID
    broken_jobs(world, **{call: [DiskFull("full")] * 2})
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits, len(world.platform.entries)) == (Stage.DONE, 1, 1)


async def test_storage_that_never_answers_ends_the_job_instead_of_holding_its_slot_for_ever(world) -> None:
    world.media = Faulty(world.media, put=[StorageError("broken")] * 10_000)
    world._build()
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.refunded) == (Stage.FAILED, True)


async def test_a_request_that_is_in_line_is_accepted_even_when_the_disk_fills_up_just_then(world) -> None:
    broken_jobs(world, admit=[DiskFull("full")])

    reply = await world.ask(WISH)
    await world.start()
    (job,) = await world.ended()

    assert ("disk" in reply.text, job.stage) == (False, Stage.DONE)


@pytest.mark.parametrize("call", ["unfinished", "ended_since"])
@pytest.mark.parametrize("error", [StorageError("locked"), ValueError("a bug")])
async def test_the_engine_outlives_a_look_that_fails(world, call, error) -> None:
    broken_jobs(world, **{call: [error]})
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert job.stage is Stage.DONE


async def test_a_platform_that_breaks_in_its_own_way_does_not_stop_the_engine(world) -> None:
    await world.ask(WISH)
    (job,) = await world.jobs()
    await world.repos.jobs.card(job.id, None)
    world.platform.uncarded = [KeyError("foreign")] * 3
    await world.crash()

    await world.start()
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.uncarded) < 3) == (Stage.DONE, True)


async def test_a_clip_that_waits_for_its_platform_leaves_its_slot_to_others(world) -> None:
    world.backend.able = replace(FREE, concurrency=1)
    world.platform.unpublished = [PlatformBusy("down")] * 10_000
    await world.start()

    await world.ask(WISH)
    await world.ask(WISH)
    await until(lambda: world.backend.submits == 2)


async def test_requests_of_a_platform_that_is_not_connected_wait_without_being_in_the_way(world) -> None:
    elsewhere = Community("elsewhere", "e")
    world.backend.able = replace(FREE, concurrency=1)
    await world.ask(WISH, member(community=elsewhere))
    (other,) = await world.repos.jobs.unfinished()
    await world.repos.jobs.admit(lambda waiting, running: [other.id])
    await world.start()

    await world.ask(WISH)
    await world.ended()

    assert (await world.repos.jobs.get(other.id)).stage is Stage.ADMITTED


async def test_a_backend_that_does_not_answer_leaves_the_others_working(world) -> None:
    class Away(FakeBackend):
        async def capabilities(self) -> Capabilities:
            raise Transient("refused")

    away = Away(name="away")
    world.house.tools.backends["away"] = away  # a dict in this world
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert job.stage is Stage.DONE


async def test_an_error_nobody_foresaw_has_a_number_for_the_operator(world) -> None:
    async def explode(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    world.video.poster = explode
    await world.start()

    await world.ask(WISH)
    await world.ended()
    await until(lambda: world.platform.cards[-1].progress is None)

    assert "…" not in str(world.platform.cards[-1].lines)


async def test_a_missing_file_is_told_as_a_failure_not_as_a_cancel(world) -> None:
    class Forgetful(FakeVideo):
        async def inspect(self, path, **named):
            path.unlink()
            return await super().inspect(path, **named)

    world.media = Faulty(world.media)
    world._build()
    await world.start()
    world.media.faults["local"] = [NotFound("no blob")]

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.key) == (Stage.FAILED, "backend.expired")


class Overtaken:
    """Job records whose job is delivered between the moment its card is noted and the next look."""

    def __init__(self, jobs, noted) -> None:
        self.jobs = jobs
        self.noted = noted

    def __getattr__(self, name):
        return getattr(self.jobs, name)

    async def card(self, job_id, ref):
        kept = await self.jobs.card(job_id, ref)
        self.noted.set()
        async with asyncio.timeout(PATIENCE):
            while not (await self.jobs.get(job_id)).over:
                await asyncio.sleep(0.01)
        return kept


async def test_a_card_that_became_the_entry_the_moment_it_was_noted_is_not_taken_away(world) -> None:
    with_platform(world, InPlace())
    world.platform.failures = [PlatformBusy("down")] * 1
    world.video = Pausing()
    noted = asyncio.Event()
    world.stored = replace(world.stored, jobs=Overtaken(world.stored.jobs, noted))
    world._build()
    await world.ask(WISH)
    await world.start()
    await noted.wait()
    world.video.go.set()

    await world.ended()
    await asyncio.sleep(0.2)

    assert len(world.platform.entries) == 1
