"""Things looked at at their time, and questions asked together."""

from __future__ import annotations

import asyncio

import pytest

from bot.pipeline.due import Due
from bot.pipeline.together import Together
from tests.samples import SetClock


async def test_what_is_due_is_taken_the_longest_overdue_first():
    clock = SetClock()
    due = Due[str](clock)
    due.add("later", 20)
    due.add("soon", 10)
    clock.forward(20)
    assert await due.take() == ["soon", "later"]
    assert len(due) == 0


async def test_the_earlier_moment_holds():
    clock = SetClock()
    due = Due[str](clock)
    due.add("a", 5)
    due.add("a", 50)
    due.add("b", 50)
    due.add("b", 5)
    clock.forward(5)
    assert sorted(await due.take()) == ["a", "b"]


async def test_what_is_not_due_is_waited_for():
    clock = SetClock()
    due = Due[str](clock)
    due.add("a", 3.5)
    began = clock.now()
    assert await due.take() == ["a"]
    assert (clock.now() - began).total_seconds() == pytest.approx(3.5, abs=0.1)


async def test_a_clock_that_was_set_back_keeps_nothing_waiting():
    clock = SetClock()
    due = Due[str](clock)
    due.add("a", 5)
    clock.forward(-86400)
    began = clock.now()
    due.add("b", 50)
    assert await due.take() == ["a"]
    assert (clock.now() - began).total_seconds() == pytest.approx(5, abs=0.1)


async def test_one_may_be_taken_at_a_time():
    due = Due[int](SetClock())
    for number in range(3):
        due.add(number)
    assert [await due.take(1) for _ in range(3)] == [[0], [1], [2]]


class Answering:
    """Doubles numbers; `batches` is what it was asked, `fails` how often it fails first."""

    def __init__(self, fails: int = 0) -> None:
        self.batches: list[list[int]] = []
        self.fails = fails

    async def __call__(self, keys):
        self.batches.append(sorted(keys))
        await asyncio.sleep(0.01)
        if self.fails:
            self.fails -= 1
            raise ValueError
        return {key: key * 2 for key in keys if key >= 0}


async def test_what_is_asked_meanwhile_is_asked_together():
    answer = Answering()
    together = Together(answer)
    first = asyncio.create_task(together.ask(1))
    await asyncio.sleep(0.001)
    rest = [asyncio.create_task(together.ask(number, -1)) for number in (2, 3, 3)]
    assert [await first, *[await one for one in rest]] == [[2], [4, None], [6, None], [6, None]]
    assert answer.batches == [[1], [-1, 2, 3]]


async def test_every_answer_is_read_after_its_question():
    answer = Answering()
    together = Together(answer)
    for _ in range(2):
        await together.ask(1)
    assert answer.batches == [[1], [1]]


async def test_a_failure_is_told_to_its_asker_and_the_next_tries_again():
    together = Together(Answering(fails=1))
    told = await asyncio.gather(together.ask(1), together.ask(1), return_exceptions=True)
    assert [type(one) for one in told] == [ValueError, list]


async def test_an_asker_who_leaves_takes_nobody_along():
    together = Together(Answering())
    leaves, stays = asyncio.create_task(together.ask(1)), asyncio.create_task(together.ask(1))
    await asyncio.sleep(0.001)
    leaves.cancel()
    assert await stays == [2]
