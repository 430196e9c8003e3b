"""`olympic make --backend …` and `olympic doctor` against each fake: real HTTP, a real film, once a real process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import av
import pytest

from bot.commands.doctor import doctor
from bot.commands.make import make as draw
from bot.model.command import Create
from bot.settings import load
from tests.contract.test_backends import LABS
from tests.fakes import PATIENCE
from tests.servers.base import Fault
from tests.servers.films import film

Findings = dict[str, dict[str, Any]]

ROOT = Path(__file__).parents[2]
BACKENDS = [pytest.param(name.partition(" ")[0], lab, id=name) for name, lab in LABS.items()]


async def olympic(home: Path, *words: str, **more: str) -> tuple[int, str, str]:
    """Exit code, the result, and what was told on the way."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OLYMPIC_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=home,
        env={**kept, "PYTHONPATH": str(ROOT), "OLYMPIC_HOME": str(home / "data"), **more},
    )  # fmt: skip
    try:
        said, told = await asyncio.wait_for(process.communicate(), 4 * PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, said.decode(), told.decode()


async def make(home: Path, environment: dict[str, str], backend: str, patience: float = 1.0) -> int:
    """What `olympic make` does, in this process."""
    settings = load({"OLYMPIC_HOME": str(home / "data"), **environment})
    wish = Create("A fox on skis", sport="ski-jumping", backend=backend)
    return await draw(settings, wish, home / "clip.mp4", json=False, patience=patience)


async def findings(home: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Findings]:
    """The exit code of what `olympic doctor --json` does, in this process, and what it found by subject."""
    settings = load({"OLYMPIC_HOME": str(home / "data"), **environment})
    code = await doctor(settings, json=True)
    return code, {found["subject"]: found for found in map(json.loads, capsys.readouterr().out.splitlines())}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_make_brings_the_film_of_a_remote_backend_and_says_so_in_one_line(tmp_path, capsys, name, lab) -> None:
    async with lab.server(Fault.NONE) as server:
        server.movie = film()
        code = await make(tmp_path, lab.environment(server), name)
    said, told = capsys.readouterr()

    with av.open(str(tmp_path / "clip.mp4")) as clip:
        found = (code, server.paid, round(float(clip.duration / 1_000_000), 1), len(said.strip().splitlines()))
    assert found == (0, 1, 15.0, 1), said + told


@pytest.mark.slow
async def test_a_process_of_its_own_brings_the_same_film(tmp_path) -> None:
    lab = LABS["dashscope"]
    async with lab.server(Fault.NONE) as server:
        server.movie = film()
        words = ("make", "A fox on skis", "--sport", "ski-jumping", "--backend", "dashscope", "--out", "clip.mp4")
        code, said, told = await olympic(tmp_path, *words, **lab.environment(server))

    with av.open(str(tmp_path / "clip.mp4")) as clip:
        found = (code, server.paid, round(float(clip.duration / 1_000_000), 1), len(said.strip().splitlines()))
    assert found == (0, 1, 15.0, 1), said + told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_make_tells_in_one_sentence_why_there_is_no_film(tmp_path, capsys, name, lab) -> None:
    async with lab.server(Fault.CRASHED) as server:
        code = await make(tmp_path, lab.environment(server), name)
    told = capsys.readouterr().err

    found = (code, "Drawing failed" in told, "Traceback" in told, (tmp_path / "clip.mp4").exists())
    assert found == (1, True, False, False), told


@pytest.mark.slow
async def test_a_process_of_its_own_tells_it_too(tmp_path) -> None:
    lab = LABS["fal"]
    async with lab.server(Fault.CRASHED) as server:
        words = ("make", "A fox on skis", "--sport", "ski-jumping", "--backend", "fal", "--out", "clip.mp4")
        code, _, told = await olympic(tmp_path, *words, **lab.environment(server))

    found = (code, "Drawing failed" in told, "Traceback" in told, (tmp_path / "clip.mp4").exists())
    assert found == (1, True, False, False), told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_doctor_shows_a_backend_that_can_work(tmp_path, capsys, name, lab) -> None:
    async with lab.server(Fault.NONE) as server:
        _, found = await findings(tmp_path, lab.environment(server), capsys)

    assert found[name]["verdict"] == "good", found


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_doctor_shows_a_backend_that_does_not_answer_with_a_remedy(tmp_path, capsys, name, lab) -> None:
    async with lab.server(Fault.DEAD) as server:
        code, found = await findings(tmp_path, lab.environment(server), capsys)

    assert (code, found[name]["verdict"], bool(found[name]["remedy"])) == (1, "broken", True), found


@pytest.mark.slow
async def test_a_process_of_its_own_examines_them_too(tmp_path) -> None:
    able, dead = LABS["dashscope"], LABS["fal"]
    async with able.server(Fault.NONE) as good, dead.server(Fault.DEAD) as bad:
        both = able.environment(good) | dead.environment(bad)
        code, said, _ = await olympic(tmp_path, "doctor", "--json", **both)

    found = {found["subject"]: found["verdict"] for found in map(json.loads, said.splitlines())}
    assert (code, found["dashscope"], found["fal"]) == (1, "good", "broken"), said


@pytest.mark.slow
async def test_make_does_not_wait_for_ever_for_a_backend_that_is_down(tmp_path, capsys) -> None:
    lab = LABS["fal"]
    async with lab.server(Fault.DEAD) as server:
        code = await make(tmp_path, lab.environment(server), "fal", patience=0.01)
    told = capsys.readouterr().err

    assert (code, "does not answer" in told) == (1, True), told
