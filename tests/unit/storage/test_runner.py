"""Jobs as tasks: each fails alone, none runs twice at a time, and all are let go together."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.errors import FenceLost
from storage.runners.local import LocalRunner
from tests.fakes import PATIENCE


class Work:
    """Advances jobs until it is told to let them end."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.ended: list[str] = []
        self.cancelled: list[str] = []
        self.may_end = asyncio.Event()
        self.failures: dict[str, BaseException] = {}

    async def advance(self, job_id: str) -> None:
        self.started.append(job_id)
        if job_id in self.failures:
            raise self.failures[job_id]
        try:
            await self.may_end.wait()
            self.ended.append(job_id)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            self.cancelled.append(job_id)
            raise


@asynccontextmanager
async def running(runner: LocalRunner, work: Work):
    task = asyncio.create_task(runner.run(work.advance))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,), timeout=PATIENCE)


async def until(done) -> None:
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0)


async def test_jobs_run_side_by_side():
    runner, work = LocalRunner(), Work()
    async with running(runner, work):
        await runner.enqueue("a")
        await runner.enqueue("b")
        await until(lambda: work.started == ["a", "b"])


async def test_a_job_offered_before_the_start_is_delivered():
    runner, work = LocalRunner(), Work()
    await runner.enqueue("a")
    async with running(runner, work):
        await until(lambda: work.started == ["a"])


async def test_a_job_that_runs_is_not_started_again():
    runner, work = LocalRunner(), Work()
    async with running(runner, work):
        await runner.enqueue("a")
        await until(lambda: work.started == ["a"])
        await runner.enqueue("a")
        await runner.enqueue("b")
        await until(lambda: "b" in work.started)
        assert work.started == ["a", "b"]


async def test_a_job_that_ended_may_be_offered_again():
    runner, work = LocalRunner(), Work()
    work.may_end.set()
    async with running(runner, work):
        await runner.enqueue("a")
        await until(lambda: work.ended == ["a"])
        await asyncio.sleep(0)
        await runner.enqueue("a")
        await until(lambda: work.ended == ["a", "a"])


async def test_one_jobs_failure_is_logged_and_stops_no_other(caplog):
    runner, work = LocalRunner(), Work()
    work.failures["bad"] = RuntimeError("boom")
    async with running(runner, work) as task:
        for name in ("good", "bad", "late"):
            await runner.enqueue(name)
        await until(lambda: work.started == ["good", "bad", "late"])
        work.may_end.set()
        await until(lambda: work.ended == ["good", "late"])
        assert not task.done()
    assert "job bad stopped" in caplog.text
    assert "boom" in caplog.text


async def test_a_run_that_was_taken_over_leaves_no_error_in_the_log(caplog):
    runner, work = LocalRunner(), Work()
    work.failures["a"] = FenceLost("taken over")
    async with running(runner, work):
        await runner.enqueue("a")
        await until(lambda: work.started == ["a"])
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_on_cancellation_every_job_is_let_go_before_run_returns():
    runner, work = LocalRunner(), Work()
    task = asyncio.create_task(runner.run(work.advance))
    for name in ("a", "b"):
        await runner.enqueue(name)
    await until(lambda: work.started == ["a", "b"])
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sorted(work.cancelled) == ["a", "b"]
    assert work.ended == []


async def test_a_job_let_go_may_be_offered_to_the_next_start():
    runner, work = LocalRunner(), Work()
    async with running(runner, work):
        await runner.enqueue("a")
        await until(lambda: work.started == ["a"])
    async with running(runner, work):
        await runner.enqueue("a")
        await until(lambda: work.started == ["a", "a"])


async def test_a_job_offered_while_nobody_delivers_waits_for_the_next_start():
    runner, work = LocalRunner(), Work()
    async with running(runner, work):
        pass
    await runner.enqueue("a")
    await runner.enqueue("a")
    async with running(runner, work):
        await until(lambda: "a" in work.started)
        await asyncio.sleep(0)
        assert work.started == ["a"]
