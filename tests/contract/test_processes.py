"""Several processes on one database: what is looked at and then done is one step, whoever else does the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.model.character import Character
from bot.model.contest import EntryState
from bot.model.job import ShotState, Stage
from bot.model.people import Community
from bot.model.setup import Act, AuditLine
from bot.ports import Bounds, Decision
from storage import Storage
from tests.contract.test_rounds import contest_round, hung
from tests.samples import GUILD, KAI, NOON, job, plan

WIDE = Bounds(running=100, daily=100, since=NOON - timedelta(days=1), waiting=100)
PRICE = job().plan.price


@pytest.fixture
async def processes(opened, storage) -> AsyncIterator[list[Storage]]:
    """Two of them; `storage` emptied the database where it is a server's."""
    async with opened() as one, opened() as other:
        yield [one, other]


async def stored(processes: list[Storage], bounds: Bounds) -> int:
    """Of eight requests asked for at once, as many as were taken."""
    asked = [one.jobs.add(job(f"job-{n}"), bounds) for n, one in enumerate(4 * processes)]
    return sum(await asyncio.gather(*asked))


@pytest.mark.parametrize(
    "bounds",
    [
        replace(WIDE, running=3),
        replace(WIDE, daily=3),
        replace(WIDE, waiting=3),
        replace(WIDE, money=((NOON, 100 * PRICE), (NOON, 3 * PRICE + PRICE / 2))),
    ],
    ids=["running", "daily", "waiting", "money"],
)
async def test_no_limit_is_outrun_by_asking_in_two_processes(processes, bounds):
    assert PRICE
    assert await stored(processes, bounds) == 3
    assert len(await processes[0].jobs.waiting()) == 3


async def test_what_was_given_back_or_belongs_to_others_does_not_count(storage):
    await storage.jobs.add(job("theirs", member=replace(KAI, community=Community("discord", "9"))))
    await storage.jobs.add(job("back"))
    await storage.jobs.wish_cancel("back")
    narrow = replace(WIDE, running=1, daily=1, money=((NOON, PRICE),))
    assert await storage.jobs.add(job("new"), narrow)
    assert not await storage.jobs.add(job("newer"), narrow)


async def taken(storage):
    """Two jobs that run."""
    mine = []
    for name in ("a", "b"):
        await storage.jobs.add(job(name))
        await storage.jobs.admit(lambda waiting, running: [one.id for one in waiting])
        mine.append(await storage.jobs.take(name))
    return mine


async def test_of_two_jobs_that_go_to_a_dearer_backend_one_does_when_the_money_is_for_one(processes):
    mine = await taken(processes[0])
    dear, money = plan("dear", price=PRICE + 1), ((NOON, 2 * PRICE + 1),)
    moved = [
        one.jobs.queue_again(it, dear, "note.elsewhere:dear", money) for one, it in zip(processes, mine, strict=True)
    ]
    queued = await asyncio.gather(*moved)
    assert sorted((one.plan.backend, one.notes) for one in queued) == [
        ("animatic", ()),
        ("dear", ("note.elsewhere:dear",)),
    ]


async def test_a_backend_gets_no_more_orders_at_a_time_than_it_takes_from_all_processes(processes):
    mine = await taken(processes[0])
    records = [(it, record) for it in mine for record in await processes[0].jobs.shots(it.id)]
    intents = [(it, replace(record, state=ShotState.SUBMITTING)) for it, record in records]
    sent = await asyncio.gather(
        *(one.jobs.shot(*intent, most=2) for intent, one in zip(intents, 2 * processes, strict=True))
    )
    assert sorted(sent) == [False, False, True, True]
    (first, record), *_ = [intent for intent, took in zip(intents, sent, strict=True) if took]
    (last, waits), *_ = [intent for intent, took in zip(intents, sent, strict=True) if not took]
    await processes[0].jobs.shot(first, replace(record, state=ShotState.RETURNED))
    assert await processes[1].jobs.shot(last, waits, most=2)


async def test_orders_of_jobs_that_ended_are_not_counted_nor_is_an_order_against_itself(storage):
    for name in ("a", "b"):
        await storage.jobs.add(job(name))
        await storage.jobs.admit(lambda waiting, running: [one.id for one in waiting])
    first, second = await storage.jobs.take("a"), await storage.jobs.take("b")
    for it in (first, second):
        intent = replace((await storage.jobs.shots(it.id))[0], state=ShotState.SUBMITTING)
        assert await storage.jobs.shot(it, intent, most=1)
        assert await storage.jobs.shot(it, intent, most=1)
        await storage.jobs.end(it, Stage.FAILED, None)


async def test_nobody_nominates_more_than_allowed_in_two_processes(processes):
    for name in "abcd":
        await hung(processes[0], name)

    def decision(name: str) -> Decision:
        line = AuditLine(NOON, GUILD, "discord:42", Act.NOMINATE, name)
        return Decision(EntryState.NOMINATED, {EntryState.OPEN}, line, since=NOON - timedelta(days=1), most=2)

    done = await asyncio.gather(
        *(one.entries.decide(name, decision(name)) for name, one in zip("abcd", 2 * processes, strict=True))
    )
    assert sum(entry is not None for entry in done) == 2


async def test_a_persons_accounts_have_together_no_more_works_in_a_round_than_allowed(processes):
    await processes[0].rounds.add(contest_round())
    other = replace(KAI, id="43")
    for name, who in zip("abcd", (KAI, other, KAI, other), strict=True):
        await hung(processes[0], name, member=who)
    makers = [(GUILD, KAI.id), (GUILD, other.id)]
    joins = (one.rounds.join("r1", name, 2, NOON, makers) for name, one in zip("abcd", 2 * processes, strict=True))
    assert sum(await asyncio.gather(*joins)) == 2


async def test_nobody_keeps_more_characters_than_allowed(processes):
    new = [Character(f"c{n}", "c1", "discord:42", f"n{n}", f"n{n}", NOON) for n in range(4)]
    saved = (one.characters.save(it, most=2) for it, one in zip(new, 2 * processes, strict=True))
    assert sum(await asyncio.gather(*saved)) == 2


async def test_of_two_rounds_opened_at_once_in_two_processes_one_is(processes):
    made = await asyncio.gather(*(one.rounds.add(contest_round(f"r{n}")) for n, one in enumerate(2 * processes)))
    assert sum(one is not None for one in made) == 1


async def test_money_is_counted_without_rounding(storage):
    tight = replace(WIDE, money=((NOON, PRICE + Decimal("0.10")),))
    assert await storage.jobs.add(job("a", plan=plan(price=Decimal("0.10"))), tight)
    assert await storage.jobs.add(job("b"), tight)
