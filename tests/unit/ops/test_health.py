"""Alive, ready, and why not."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import StorageError
from bot.model.backend import Health
from bot.pipeline.pulse import Watch
from tests.fakes import FakeBackend


class Broken:
    """Job records whose database is gone, or hangs."""

    def __init__(self, jobs, *, hangs: bool = False) -> None:
        self._jobs = jobs
        self._hangs = hangs

    async def stages(self):
        if self._hangs:
            await asyncio.sleep(3600)
        raise StorageError("connection to postgresql://olympic:hunter2@db/olympic refused")

    def __getattr__(self, name):
        return getattr(self._jobs, name)


class Sick(FakeBackend):
    """Cannot take work, or does not answer at all."""

    hangs = False

    async def health(self) -> Health:
        if self.hangs:
            await asyncio.sleep(3600)
        return Health(False, "no GPU answers")


def without_database(world, *, hangs: bool = False) -> None:
    object.__setattr__(world.repos, "jobs", Broken(world.repos.jobs, hangs=hangs))


def with_sick_backend(world) -> Sick:
    world.backend = Sick()
    world._build()
    return world.backend


async def test_a_running_loop_is_alive(watched) -> None:
    assert (await watched.get("/healthz")).status_code == 200


async def test_it_stays_alive_without_its_database(watched) -> None:
    without_database(watched.world)

    assert (await watched.get("/healthz")).status_code == 200


async def test_with_everything_there_it_is_ready(watched) -> None:
    answer = await watched.get("/readyz")

    assert (answer.status_code, answer.json()["ready"]) == (200, True)


async def test_without_its_database_it_is_not_ready_and_says_why(watched) -> None:
    without_database(watched.world)

    answer = await watched.get("/readyz")

    assert answer.status_code == 503
    assert "refused" in answer.json()["database"]["why"]


async def test_the_reason_holds_no_password(watched) -> None:
    without_database(watched.world)

    assert "hunter2" not in (await watched.get("/readyz")).text


async def test_a_database_that_hangs_is_not_waited_for(watched) -> None:
    without_database(watched.world, hangs=True)

    pulse = await Watch(watched.world.house.tools, patience=0.05).look()

    assert (pulse.ready, pulse.trouble) == (False, "no answer within 0.05 s")


async def test_without_any_backend_it_is_not_ready_and_says_why(watched) -> None:
    with_sick_backend(watched.world)

    answer = await watched.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["backends"]["fake"] == {"ok": False, "why": "no GPU answers"}


async def test_a_backend_that_hangs_is_not_waited_for(watched) -> None:
    with_sick_backend(watched.world).hangs = True

    pulse = await Watch(watched.world.house.tools, patience=0.05).look()

    assert not pulse.backends["fake"].ok


async def test_without_its_platform_it_is_not_ready(watched) -> None:
    watched.world.platform.connected = False

    answer = await watched.get("/readyz")

    assert (answer.status_code, answer.json()["platforms"]) == (503, {"fake": {"ok": False}})


async def test_many_looks_in_a_moment_ask_once(watched) -> None:
    watch = Watch(watched.world.house.tools)

    assert await watch.look() is await watch.look()


@pytest.mark.parametrize("body", ['{"level": "debug"}', "debug", '"debug"'])
async def test_the_log_level_is_changed_from_this_machine(watched, body) -> None:
    answer = await watched.post("/log-level", body)

    assert (answer.status_code, watched.levels) == (200, ["debug"])


@pytest.mark.parametrize(
    ("client", "headers"),
    [
        ("10.0.0.7", {}),
        ("testclient", {}),
        ("127.0.0.1", {"X_Forwarded_For": "127.0.0.1"}),
        ("127.0.0.1", {"Origin": "http://evil.example"}),
    ],
)
async def test_nobody_else_changes_it(watched, client, headers) -> None:
    answer = await watched.post("/log-level", "debug", client, **headers)

    assert (answer.status_code, watched.levels) == (403, [])


@pytest.mark.parametrize("body", ["", "loud", "{", "[]", "\xff", '{"level": 3}'])
async def test_an_unknown_level_is_refused(watched, body) -> None:
    answer = await watched.post("/log-level", body)

    assert (answer.status_code, watched.levels) == (400, [])
