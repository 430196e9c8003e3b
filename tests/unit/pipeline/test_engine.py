import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.errors import (
    ContentRejected,
    PlaceForbidden,
    PlatformBusy,
    RateLimited,
    RemoteFailed,
    SubmitUncertain,
    TooLarge,
    Transient,
)
from bot.model.backend import CancelOutcome, Price, RemoteState, RemoteStatus
from bot.model.command import Cancel, Create
from bot.model.job import ShotState, Stage
from tests.fakes import FREE, GOOD, until

WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")


async def test_a_request_becomes_one_entry_with_its_video(world) -> None:
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries), world.platform.entries[0].file[:5]) == (Stage.DONE, 1, b"video")


async def test_the_job_card_is_gone_once_the_entry_hangs(world) -> None:
    await world.start()

    await world.ask(WISH)
    await world.ended()

    assert [posted.entry for posted in world.platform.messages.values()] == [True]


async def test_the_card_shows_progress_and_the_preview(world) -> None:
    world.backend.gate = asyncio.Event()
    await world.start()

    await world.ask(WISH)
    await until(lambda: any(card.picture for card in world.platform.cards))
    shown = next(card for card in world.platform.cards if card.picture)
    world.backend.gate.set()
    await world.ended()

    assert (shown.picture.data, round(shown.progress.fraction, 2)) == (b"picture", 0.22)


async def test_no_more_jobs_are_drawn_than_the_backend_takes(world) -> None:
    world.backend.gate = asyncio.Event()
    await world.start()

    for _ in range(3):
        await world.ask(WISH)
    await until(lambda: world.backend.submits == 2)
    await asyncio.sleep(0.05)
    drawn = world.backend.submits
    world.backend.gate.set()
    await world.ended(3)

    assert (drawn, world.backend.submits) == (2, 3)


@pytest.mark.parametrize(
    ("error", "stage"),
    [
        (RemoteFailed("oom"), Stage.FAILED),
        (ContentRejected("words"), Stage.FAILED),
    ],
)
async def test_a_definite_failure_ends_the_job_and_gives_the_quota_back(world, error, stage) -> None:
    world.backend.outcome = RemoteStatus(RemoteState.FAILED, error=error)
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.key, job.failure.refunded) == (stage, error.key, True)


async def test_a_failure_is_told_on_the_card_with_a_way_to_try_again(world) -> None:
    world.backend.outcome = RemoteStatus(RemoteState.FAILED, error=RemoteFailed("oom"))
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()
    await until(lambda: world.platform.cards[-1].progress is None)

    assert [button.action for button in world.platform.cards[-1].buttons] == [f"retry:{job.id}"]


@pytest.mark.parametrize("error", [RateLimited("slow down"), Transient("refused")])
async def test_an_order_that_was_surely_not_taken_is_sent_again(world, error) -> None:
    world.backend.submit_faults = [error]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_a_lost_answer_is_looked_up_instead_of_paid_twice(world) -> None:
    world.backend.able = replace(FREE, free_resend=False)
    world.backend.lost_answers = [SubmitUncertain("cut")]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_an_uncertain_paid_order_is_never_sent_again_blindly(world) -> None:
    world.backend.able = replace(FREE, free_resend=False)
    world.backend.lost_answers = [SubmitUncertain("cut")]
    world.backend.blind = True
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.UNCERTAIN, 1)


async def test_a_forgotten_free_order_is_drawn_again(world) -> None:
    world.backend.outcome = RemoteStatus(RemoteState.LOST)
    await world.start()

    await world.ask(WISH)
    await until(lambda: world.backend.submits >= 2)
    world.backend.outcome = None
    (job,) = await world.ended()

    assert job.stage is Stage.DONE


async def test_cancelling_stops_the_backend_and_costs_nothing(world) -> None:
    world.backend.gate = asyncio.Event()
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.backend.submits == 1)

    await world.ask(Cancel())
    (job,) = await world.ended()

    assert (job.stage, len(world.backend.cancelled), job.failure) == (Stage.CANCELLED, 1, None)


async def test_a_waiting_job_is_cancelled_before_anything_is_sent(world) -> None:
    world.backend.able = replace(FREE, concurrency=0)
    await world.start()
    await world.ask(WISH)

    await world.ask(Cancel())
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.CANCELLED, 0)


async def test_a_fetch_that_breaks_is_tried_again(world) -> None:
    world.backend.fetch_faults = [Transient("reset"), Transient("reset")]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 1)


async def test_a_clip_with_a_mendable_fault_is_put_into_the_house_format(world) -> None:
    world.video.verdicts = [replace(GOOD, faults=("inspect.fps",))]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, world.video.assembled) == (Stage.DONE, [1])


async def test_a_clip_that_fails_inspection_is_not_posted(world) -> None:
    world.video.verdicts = [replace(GOOD, faults=("inspect.black",))]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.key, world.platform.entries) == (Stage.FAILED, "backend.invalid_result", [])


async def test_a_busy_platform_is_asked_again_and_posts_once(world) -> None:
    world.platform.after_post = [PlatformBusy("timed out after it was posted")]
    await world.start()
    await world.ask(WISH)

    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries)) == (Stage.DONE, 1)


async def test_a_clip_too_large_for_the_place_is_made_smaller(world) -> None:
    world.platform.unpublished = [TooLarge("413", limit=10)]
    await world.start()
    await world.ask(WISH)

    (job,) = await world.ended()

    assert (job.stage, world.video.fitted) == (Stage.DONE, [9])


async def test_a_place_that_forbids_posting_refuses_the_request_and_keeps_nothing_in_line(world) -> None:
    world.platform.failures = [PlaceForbidden(missing="Attach Files")]
    await world.start()

    reply = await world.ask(WISH)

    assert ("Attach Files" in reply.text, await world.repos.jobs.waiting(), world.backend.submits) == (True, [], 0)


@pytest.mark.parametrize("stage", [Stage.QUEUED, Stage.DRAWING])
async def test_a_crash_midway_ends_in_exactly_one_entry(world, stage) -> None:
    world.backend.gate = asyncio.Event()
    if stage is not Stage.QUEUED:
        await world.start()
    await world.ask(WISH)
    if stage is Stage.DRAWING:
        await until(lambda: world.backend.submits == 1)

    await world.crash()
    world.backend.gate.set()
    await world.start()
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries), world.backend.submits) == (Stage.DONE, 1, 1)


async def test_a_crash_between_intent_and_answer_asks_the_backend_first(world) -> None:
    world.backend.able = replace(FREE, free_resend=False)
    await world.ask(WISH)
    (job,) = await world.jobs()
    await world.repos.jobs.admit(lambda waiting, running: [one.id for one in waiting])
    taken = await world.repos.jobs.take(job.id)
    taken = await world.repos.jobs.advance(taken, Stage.DRAWING)
    (shot,) = await world.repos.jobs.shots(job.id)
    await world.repos.jobs.shot(taken, replace(shot, state=ShotState.SUBMITTING, attempt=1))
    world.backend.orders[shot.key] = None

    await world.start()
    (job,) = await world.ended()

    assert (job.stage, world.backend.submits) == (Stage.DONE, 0)


async def test_a_crash_after_posting_does_not_post_twice(world) -> None:
    world.platform.after_post = [PlatformBusy("x")] * 10
    await world.start()
    await world.ask(WISH)
    await until(lambda: len(world.platform.entries) == 1)

    await world.crash()
    world.platform.after_post = []
    await world.start()
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries)) == (Stage.DONE, 1)


async def test_an_error_nobody_foresaw_ends_the_job_and_is_refunded(world) -> None:
    async def explode(*_: object, **__: object) -> None:
        raise ValueError("a bug")

    world.video.poster = explode
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.key, job.failure.refunded) == (Stage.FAILED, "error.unexpected", True)


async def test_a_paid_order_that_cannot_be_stopped_is_told_with_its_price(world) -> None:
    world.backend.able = replace(FREE, price=Price(Decimal("0.10"), "USD"))
    world.backend.stopping = CancelOutcome.NOT_POSSIBLE
    world.backend.gate = asyncio.Event()
    await world.start()
    await world.ask(WISH)
    await until(lambda: world.backend.submits == 1)

    await world.ask(Cancel())
    (job,) = await world.ended()

    assert [note for note in job.notes if "charged" in note] == ["note.cancel_charged:1.5 USD"]
