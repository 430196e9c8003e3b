"""Whatever the order of events, restarts and recounts: in the end the tally is what the platform shows."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.model.contest import Cleared, Reacted, Resumed
from bot.usecases.counting import recount
from storage import open_storage
from storage.database import address_in
from storage.media.store import Blobs
from storage.migrate import upgrade
from tests.fakes import FakeClock
from tests.hanging import hang, hang_copy, votes
from tests.unit.conftest import World

PEOPLE = st.sampled_from(["ada", "bea", "cleo", "dan", "robot"])
MESSAGES = st.integers(0, 1)
EMOJI = "🏅"


@cache
def empty() -> Path:
    """A database with all tables, made once."""
    home = Path(tempfile.mkdtemp(prefix="olympic-votes-"))
    asyncio.run(upgrade(address_in(home)))
    return home


class Votes(RuleBasedStateMachine):
    """Events wait in `pending` for as long as the machine likes; `missed` once some were lost for good."""

    @initialize()
    def begin(self) -> None:
        self.runner = asyncio.Runner()
        self.home = Path(tempfile.mkdtemp(prefix="olympic-votes-"))
        shutil.copytree(empty(), self.home, dirs_exist_ok=True)
        self.pending: list[Reacted | Cleared] = []
        self.missed = False
        self.runner.run(self._begin())

    async def _begin(self) -> None:
        self.stack, clock = AsyncExitStack(), FakeClock()
        stored = await self.stack.enter_async_context(open_storage(self.home, "", clock))
        self.world = World(stored, clock, Blobs(self.home, stored.blobs, clock))
        first = await hang(self.world)
        self.refs = [first, await hang_copy(self.world, first)]

    @rule(message=MESSAGES, who=PEOPLE, on=st.booleans())
    def press(self, message: int, who: str, on: bool) -> None:
        ref = self.refs[message]
        under = self.world.platform.messages[ref.id].reactions.setdefault(EMOJI, {})
        if (who in under) == on:
            return
        if on:
            under[who] = who == "robot"
        else:
            del under[who]
        self.pending.append(Reacted(ref, EMOJI, who, on, who == "robot"))

    @rule(message=MESSAGES)
    def clear(self, message: int) -> None:
        self.world.platform.messages[self.refs[message].id].reactions.clear()
        self.pending.append(Cleared(self.refs[message]))

    @precondition(lambda self: self.pending)
    @rule(which=st.integers(0, 100), again=st.booleans())
    def arrive(self, which: int, again: bool) -> None:
        what = self.pending[which % len(self.pending)]
        if not again:
            self.pending.remove(what)
        self.runner.run(self.world.core.hear(what))

    @precondition(lambda self: self.pending)
    @rule()
    def arrive_together(self) -> None:
        pending, self.pending = self.pending, []
        self.runner.run(self._together(pending))

    async def _together(self, events: list[Reacted | Cleared]) -> None:
        async with asyncio.TaskGroup() as tasks:
            for what in events:
                tasks.create_task(self.world.core.hear(what))

    @precondition(lambda self: self.pending)
    @rule(which=st.integers(0, 100))
    def lose(self, which: int) -> None:
        self.pending.pop(which % len(self.pending))
        self.missed = True

    @rule()
    def die(self) -> None:
        self.runner.run(self.world.crash())
        self.missed = True

    @rule(message=MESSAGES)
    def recount(self, message: int) -> None:
        self.runner.run(recount(self.world.house, self.refs[message]))

    @rule()
    def settle(self) -> None:
        """Everything arrives, an outage is told of, a minute passes."""
        self.runner.run(self._settle())

    async def _settle(self) -> None:
        await self._together(self.pending)
        self.pending = []
        if self.missed:
            await self.world.core.hear(Resumed("fake"))
        self.missed = False
        self.world.clock.time += timedelta(seconds=61)
        if len(self.world.house.polls.recounts):
            for ref in await self.world.house.polls.recounts.take():
                await recount(self.world.house, ref)
        shown = [self.world.platform.messages[ref.id].reactions.get(EMOJI, {}) for ref in self.refs]
        assert await votes(self.world) == len(set().union(*shown) - {"ada", "robot"})

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.runner.run(self._settle())
            self.runner.run(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.home)


TestVotes = Votes.TestCase
TestVotes.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
