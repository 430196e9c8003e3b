"""Every backend under every fault: the real engine, the real backend, real HTTP, a server that misbehaves.

To add a backend: its fake in tests/servers, and one line in `LABS`. Each case must end in exactly one stage, with no
more paid orders than it says, and the member told in the catalogue's words. `blind`: the protocol cannot look up an
order whose answer was lost, so that a person must.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backends import Kit
from backends.comfyui import backend as comfyui
from backends.comfyui.follow import Rhythm
from backends.dashscope import backend as dashscope
from backends.fal import backend as fal
from backends.net import Pace
from backends.openai_video import backend as openai_video
from bot.locales import words
from bot.model.clip import Inspection
from bot.model.command import Create
from bot.model.job import Job, Stage
from bot.model.request import Size
from bot.ports import Backend
from bot.settings import Settings, load
from storage import open_storage
from storage.media.store import Blobs
from tests.databases import tables_in
from tests.fakes import GOOD, FakePlatform, FakeVideo, until
from tests.servers.base import SHORT, Fault, Server
from tests.servers.comfyui import ComfyServer
from tests.servers.dashscope import KEY, DashscopeServer
from tests.servers.fal import KEY as FAL_KEY
from tests.servers.fal import FalServer
from tests.servers.videos import KEY as VIDEOS_KEY
from tests.servers.videos import MODELS as VIDEOS_MODELS
from tests.servers.videos import VideosServer
from tests.unit.conftest import World

WORKFLOWS = Path(comfyui.__file__).parent / "workflows"
WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping")


@dataclass(frozen=True)
class End:
    """How a case ends. `paid`: orders the server accepted. `told`: the sentence's key on the member's card."""

    stage: Stage
    paid: int
    told: str = ""


DONE = End(Stage.DONE, 1)
LOOKED_UP = DONE
"""The answer was lost, the order was found."""
UNSEEN = End(Stage.UNCERTAIN, 1, "backend.uncertain")
"""The answer was lost and nobody can tell."""

ENDS = {
    Fault.NONE: DONE,
    Fault.SLOW: DONE,
    Fault.BUSY: DONE,
    Fault.BROKEN_BEFORE: DONE,
    Fault.BROKEN_AFTER: LOOKED_UP,
    Fault.CUT_AFTER: LOOKED_UP,
    Fault.GARBLED_ANSWER: LOOKED_UP,
    Fault.SILENT_AFTER: LOOKED_UP,
    Fault.REFUSED_WORDS: End(Stage.FAILED, 0, "backend.rejected"),
    Fault.REFUSED_PICTURE: End(Stage.FAILED, 1, "backend.rejected"),
    Fault.WRONG_KEY: End(Stage.FAILED, 0, "backend.auth"),
    Fault.NO_CREDIT: End(Stage.FAILED, 0, "backend.billing"),
    Fault.NO_MODEL: End(Stage.FAILED, 0, "backend.model"),
    Fault.GARBLED_LOOK: DONE,
    Fault.BROKEN_LOOK: DONE,
    Fault.DISORDER: DONE,
    Fault.CRASHED: End(Stage.FAILED, 1, "backend.failed"),
    Fault.AMNESIA: End(Stage.FAILED, 1, "backend.lost"),
    Fault.CUT_FILM: DONE,
    Fault.SHORT_FILM: End(Stage.FAILED, 1, "backend.invalid_result"),
    Fault.EXPIRED: End(Stage.FAILED, 1, "backend.expired"),
    Fault.DEAD: End(Stage.FAILED, 0, "backend.transient"),
}
BLIND = {
    Fault.BROKEN_BEFORE: End(Stage.UNCERTAIN, 0, "backend.uncertain"),
    Fault.BROKEN_AFTER: UNSEEN,
    Fault.CUT_AFTER: UNSEEN,
    Fault.GARBLED_ANSWER: UNSEEN,
    Fault.SILENT_AFTER: UNSEEN,
}


@dataclass(frozen=True)
class Lab:
    """One backend with its fake. `ends` replaces what differs from `ENDS`; None leaves a fault out: it cannot happen.

    `environment`: the settings that point the backend at the server.
    """

    server: Callable[[Fault], Server]
    build: Callable[[Settings, Kit], Backend | None]
    environment: Callable[[Server], dict[str, str]]
    ends: dict[Fault, End | None] = field(default_factory=dict)
    hurry: dict[str, str] = field(default_factory=dict)
    """Settings that give an order up after a second."""

    def end(self, fault: Fault) -> End | None:
        return {**ENDS, **self.ends}[fault]


def videos(dialect: str, ends: dict[Fault, End | None], **settings: str) -> Lab:
    """A /v1/videos server that draws fifteen seconds in one order."""

    def environment(server: Server) -> dict[str, str]:
        here = {"api": server.url, "key": VIDEOS_KEY, "dialect": dialect, "model": VIDEOS_MODELS[dialect]}
        values = {**here, "poll": "0.01", "patience": server.patience, **settings}
        return {f"OLYMPIC_OPENAI_VIDEO_{name.upper()}": value for name, value in values.items()}

    return Lab(
        lambda fault: VideosServer(fault, dialect=dialect),
        openai_video.build,
        environment,
        ends,
        hurry={"OLYMPIC_OPENAI_VIDEO_DEADLINE": "1"},
    )


OWN_MACHINE: dict[Fault, End | None] = {
    Fault.REFUSED_WORDS: None,
    Fault.REFUSED_PICTURE: None,
    Fault.NO_CREDIT: None,
    Fault.AMNESIA: End(Stage.FAILED, 3, "backend.lost"),  # free orders are sent again, three times at most
}
"""A server of one's own neither moderates nor bills."""


QUICK = Pace(first=0.01, most=0.02)


def comfy(settings: Settings, kit: Kit) -> Backend | None:
    """With little patience between looks."""
    return comfyui.build(settings, kit, rhythm=Rhythm(QUICK, QUICK, QUICK, searching=(0.01, 0.01, 0.01, 0.01)))


def comfy_environment(server: Server) -> dict[str, str]:
    """A workflow that draws fifteen seconds in one call, so that one clip is one order."""
    inject = {"prompt": "pos.text", "seed": "k_high.noise_seed", "frames": "lat.length"}
    workflow = {"file": str(WORKFLOWS / "wan22_t2v_14b_fast4.json"), "inject": inject, "seconds": [15.0]}
    return {
        "OLYMPIC_COMFYUI_SERVERS": server.url,
        "OLYMPIC_COMFYUI_PROFILES": "[]",
        "OLYMPIC_COMFYUI_PATIENCE": server.patience,
        "OLYMPIC_COMFYUI_WORKFLOWS": json.dumps([workflow]),
    }


LABS = {
    "dashscope": Lab(
        DashscopeServer,
        dashscope.build,
        lambda server: {
            "OLYMPIC_DASHSCOPE_API_KEY": KEY,
            "OLYMPIC_DASHSCOPE_API": server.url,
            "OLYMPIC_DASHSCOPE_RESULT_HOSTS": server.host,
            "OLYMPIC_DASHSCOPE_POLL": "0.01",
            "OLYMPIC_DASHSCOPE_PATIENCE": server.patience,
        },
        hurry={"OLYMPIC_DASHSCOPE_DEADLINE": "1"},
    ),
    "openai_video sglang": videos("sglang", {**OWN_MACHINE, Fault.NO_MODEL: None}),
    "openai_video vllm-omni": videos("vllm-omni", OWN_MACHINE),
    "openai_video generic": videos(
        "generic", {Fault.BROKEN_BEFORE: BLIND[Fault.BROKEN_BEFORE]}, seconds="5,10,15", price="0.10", sound="true"
    ),
    "fal": Lab(
        FalServer,
        fal.build,
        lambda server: {
            "OLYMPIC_FAL_KEY": FAL_KEY,
            "OLYMPIC_FAL_API": server.url,
            "OLYMPIC_FAL_PLATFORM": f"{server.url}/v1",
            "OLYMPIC_FAL_RESULT_HOSTS": server.host,
            "OLYMPIC_FAL_POLL": "0.01",
            "OLYMPIC_FAL_LOOKUP": server.search,
            "OLYMPIC_FAL_PATIENCE": server.patience,
        },
        # The queue takes any words, the model refuses them; and what never arrived is in no list, as what still runs.
        {
            Fault.REFUSED_WORDS: End(Stage.FAILED, 1, "backend.rejected"),
            Fault.BROKEN_BEFORE: BLIND[Fault.BROKEN_BEFORE],
        },
        hurry={"OLYMPIC_FAL_DEADLINE": "1"},
    ),
    "comfyui": Lab(
        ComfyServer,
        comfy,
        comfy_environment,
        {
            Fault.REFUSED_WORDS: None,  # our own GPUs moderate nothing
            Fault.REFUSED_PICTURE: None,
            Fault.NO_MODEL: End(Stage.FAILED, 0, "backend.unsupported"),
        },
    ),
    "comfyui before /api/jobs": Lab(
        lambda fault: ComfyServer(fault, jobs_api=False),
        comfy,
        comfy_environment,
        {
            Fault.REFUSED_WORDS: None,
            Fault.REFUSED_PICTURE: None,
            Fault.NO_MODEL: End(Stage.FAILED, 0, "backend.unsupported"),
        },
    ),
}


def cases(looked_at: Callable[[End], object]) -> list[Any]:
    """The lives whose ends are looked at."""
    return [
        pytest.param((name, fault), id=f"{name}: {fault.value}")
        for name, lab in LABS.items()
        for fault in Fault
        if (end := lab.end(fault)) is not None and looked_at(end)
    ]


class QuickClock:
    """The real time; every wait of the engine's own is cut short."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.05))


class Watchful(FakeVideo):
    """Sees only whether a film is as long as it should be."""

    async def inspect(self, path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
        seen = await super().inspect(path, seconds=seconds, size=size, cuts=cuts)
        short = SHORT[:64] in path.read_bytes()
        return replace(seen, seconds=8.0, faults=("inspect.duration",)) if short else replace(GOOD, bytes=seen.bytes)


@asynccontextmanager
async def drawing(tmp_path: Path, backend: Backend, platform: FakePlatform | None = None) -> AsyncGenerator[World]:
    """A running community whose one backend this is."""
    clock = QuickClock()
    await tables_in(tmp_path)
    async with open_storage(tmp_path, "", clock) as stored:
        media, chat = Blobs(tmp_path, stored.blobs, clock), platform or FakePlatform()
        world = World(stored, clock, media, chat, backend, Watchful())
        await world.start()
        try:
            yield world
        finally:
            await world.crash()
            await backend.aclose()


def built(lab: Lab, server: Server, tmp_path: Path, **more: str) -> Backend:
    settings = load({"OLYMPIC_HOME": str(tmp_path), **lab.environment(server), **more})
    backend = lab.build(settings, Kit(FakeVideo(), tmp_path / "scratch"))
    assert backend is not None
    return backend


def card_text(world: World, job: Job) -> str:
    cards = [card for card in world.platform.cards if card.subject == job.id]
    return "\n".join((cards[-1].title, *cards[-1].lines, cards[-1].small))


@dataclass(frozen=True)
class Life:
    """One wish under one fault, from its order to its end, as the server and the member saw it. `told`: what the last
    card said of a failure."""

    end: End
    job: Job
    paid: int
    told: str
    films: list[bytes]
    film: bytes


async def lived(lab: Lab, fault: Fault, tmp_path: Path) -> Life:
    end = lab.end(fault)
    assert end is not None
    async with lab.server(fault) as server, drawing(tmp_path, built(lab, server, tmp_path)) as world:
        await world.ask(WISH)
        (job,) = await world.ended()
        if job.failure is not None and end.told:
            told = words("en")(end.told, **dict(job.failure.facts))
            await until(lambda: told in card_text(world, job))
        films = [posted.file for posted in world.platform.entries]
        return Life(end, job, server.paid, card_text(world, job), films, server.film())


@pytest.fixture(scope="module")
def lives() -> dict[tuple[str, Fault], Life]:
    return {}


@pytest.fixture
def life(request: pytest.FixtureRequest, lives: dict[tuple[str, Fault], Life], tmp_path: Path) -> Life:
    """Lived once for all tests that look at it."""
    name, fault = request.param
    if request.param not in lives:
        lives[name, fault] = asyncio.run(lived(LABS[name], fault, tmp_path))
    return lives[name, fault]


@pytest.mark.parametrize("life", cases(lambda end: True), indirect=True)
def test_a_fault_ends_in_one_stage_with_no_more_paid_orders_than_needed(life) -> None:
    assert (life.job.stage, life.paid) == (life.end.stage, life.end.paid)


@pytest.mark.parametrize("life", cases(lambda end: end.told), indirect=True)
def test_a_member_is_told_in_plain_words_and_gets_the_quota_back(life) -> None:
    assert life.job.failure is not None
    told = words("en")(life.end.told, **dict(life.job.failure.facts))

    assert (life.job.failure.key, life.job.failure.refunded, told in life.told) == (life.end.told, True, True)
    assert ("Traceback" in told, life.end.told in life.told) == (False, False)


@pytest.mark.parametrize("life", cases(lambda end: end == DONE), indirect=True)
def test_the_entry_holds_the_servers_film(life) -> None:
    assert life.films == [life.film]


@pytest.mark.parametrize("lab", [pytest.param(lab, id=name) for name, lab in LABS.items()])
async def test_a_job_goes_on_after_a_restart_without_a_second_order(lab, tmp_path) -> None:
    chat = FakePlatform()
    async with lab.server(Fault.SLOW) as server:
        async with drawing(tmp_path, built(lab, server, tmp_path), chat) as world:
            await world.ask(WISH)
            await until(lambda: server.paid)
        async with drawing(tmp_path, built(lab, server, tmp_path), chat) as world:
            (job,) = await world.ended()

        assert (job.stage, server.paid, len(chat.entries)) == (Stage.DONE, 1, 1)


@pytest.mark.parametrize("lab", [pytest.param(lab, id=name) for name, lab in LABS.items()])
async def test_a_crash_between_order_and_answer_pays_once(lab, tmp_path) -> None:
    if lab.end(Fault.SILENT_AFTER) != DONE:
        pytest.skip("the protocol cannot look an order up")
    chat = FakePlatform()
    async with lab.server(Fault.SILENT_AFTER) as server:
        async with drawing(tmp_path, built(lab, server, tmp_path), chat) as world:
            await world.ask(WISH)
            await until(lambda: server.paid)
        async with drawing(tmp_path, built(lab, server, tmp_path), chat) as world:
            (job,) = await world.ended()

        assert (job.stage, server.paid, len(chat.entries)) == (Stage.DONE, 1, 1)


@pytest.mark.parametrize("lab", [pytest.param(lab, id=name) for name, lab in LABS.items() if lab.hurry])
async def test_an_order_that_never_ends_is_given_up_at_its_deadline(lab, tmp_path) -> None:
    async with lab.server(Fault.NONE) as server:
        server.looks = 1_000_000
        async with drawing(tmp_path, built(lab, server, tmp_path, **lab.hurry)) as world:
            await world.ask(WISH)
            (job,) = await world.ended()

        assert (job.stage, job.failure.key, job.failure.refunded, server.paid) == (
            Stage.FAILED,
            "backend.deadline",
            True,
            1,
        )
