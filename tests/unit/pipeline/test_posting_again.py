"""A film that was made and could not be posted: it is not lost, not paid again, and hangs once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.errors import PlaceForbidden
from bot.model.command import Create, Delete, Mine, Repost, Retry
from bot.model.job import Stage
from bot.model.people import Place
from bot.pipeline.engine import STUMBLES
from tests.fakes import COMMUNITY, FREE, PATIENCE, FakePlatform, FakeReply, asked, member

WISH = Create("A fox on skis", sport="luge")


async def refused(world):
    """A film that was drawn and that its channel refused."""
    world.backend.able = replace(FREE, free_resend=False)
    world.platform.unpublished = [PlaceForbidden(missing="Attach Files")]
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()
    assert job.stage is Stage.FAILED
    return job


async def done(world):
    async with asyncio.timeout(PATIENCE):
        while (await world.jobs())[0].stage is not Stage.DONE:
            await asyncio.sleep(0.01)
    (job,) = await world.jobs()
    return job


async def test_a_film_whose_platform_breaks_in_its_own_way_is_posted_all_the_same(world) -> None:
    world.platform.unpublished = [KeyError("foreign")] * (STUMBLES - 1)
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries)) == (Stage.DONE, 1)


async def test_a_film_that_hangs_though_its_platform_broke_does_not_hang_twice(world) -> None:
    world.platform.after_post = [None, ValueError("an answer nobody can read")]
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, len(world.platform.entries)) == (Stage.DONE, 1)


async def test_a_platform_that_goes_on_breaking_ends_the_job_with_its_reason(world) -> None:
    world.platform.unpublished = [KeyError("foreign")] * STUMBLES
    await world.start()

    await world.ask(WISH)
    (job,) = await world.ended()

    assert (job.stage, job.failure.key) == (Stage.FAILED, "error.unexpected")


async def test_try_again_posts_the_film_that_was_made_and_orders_no_other(world) -> None:
    job = await refused(world)

    reply = await world.ask(Retry(job.id))
    again = await done(world)

    assert "finished already" in reply.text
    assert (again.id, world.backend.submits, len(world.platform.entries)) == (job.id, 1, 1)


async def test_a_film_that_was_posted_after_all_counts_again(world) -> None:
    job = await refused(world)
    since = job.created - timedelta(seconds=1)
    assert await world.repos.jobs.count_since(COMMUNITY, "ada", since) == 0

    await world.ask(Retry(job.id))
    again = await done(world)

    assert (await world.repos.jobs.count_since(COMMUNITY, "ada", since), again.failure) == (1, None)


async def test_pressing_try_again_twice_posts_once(world) -> None:
    job = await refused(world)

    await world.ask(Retry(job.id))
    await done(world)
    await world.ask(Repost(job.id))

    assert (len(world.platform.entries), len(await world.jobs())) == (1, 1)


async def test_a_crash_after_try_again_loses_nothing(world) -> None:
    job = await refused(world)
    await world.crash()
    await world.ask(Retry(job.id))
    await world.crash()

    await world.start()

    assert (await done(world)).id == job.id
    assert len(world.platform.entries) == 1


async def test_its_maker_may_have_it_posted_from_their_own_page_elsewhere(world) -> None:
    job = await refused(world)
    buttons = [button.action for card in (await world.ask(Mine())).told for button in card.buttons]
    assert f"repost:{job.id}" in buttons

    await world.core.handle(asked(Repost(job.id), member(), Place(COMMUNITY, "gallery")), FakeReply())
    again = await done(world)

    (entry,) = world.platform.entries
    assert (entry.place.channel, again.place.channel) == ("gallery", "gallery")


async def test_a_film_that_is_just_being_posted_is_not_offered_to_be_hung(world) -> None:
    seen: list[str] = []

    class Slow(FakePlatform):
        async def publish(self, *given, **named):
            (job,) = await world.jobs()
            seen.extend(button.action for card in (await world.ask(Mine())).told for button in card.buttons)
            await world.ask(Repost(job.id))
            return await super().publish(*given, **named)

    world.platform = Slow()
    world._build()
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()

    assert (f"repost:{job.id}" in seen, len(world.platform.entries)) == (False, 1)


async def test_a_film_that_was_taken_back_is_asked_for_anew(world) -> None:
    job = await refused(world)
    await world.ask(Delete(job.id, sure=True))

    await world.ask(Retry(job.id))
    jobs = await world.ended(2)

    assert [one.stage for one in jobs] == [Stage.FAILED, Stage.DONE]
