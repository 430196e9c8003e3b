"""`olympic make --backend …` and `olympic doctor` against each fake: a real process, real HTTP, a real film."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import av
import pytest

from tests.contract.test_backends import LABS
from tests.fakes import PATIENCE
from tests.servers.base import Fault
from tests.servers.films import film

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


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_make_brings_the_film_of_a_remote_backend_and_says_so_in_one_line(tmp_path, name, lab) -> None:
    async with lab.server(Fault.NONE) as server:
        server.movie = film()
        words = ("make", "A fox on skis", "--sport", "ski-jumping", "--backend", name, "--out", "clip.mp4")
        code, said, told = await olympic(tmp_path, *words, **lab.environment(server))

    with av.open(str(tmp_path / "clip.mp4")) as clip:
        found = (code, server.paid, round(float(clip.duration / 1_000_000), 1), len(said.strip().splitlines()))
    assert found == (0, 1, 15.0, 1), said + told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_make_tells_in_one_sentence_why_there_is_no_film(tmp_path, name, lab) -> None:
    async with lab.server(Fault.CRASHED) as server:
        words = ("make", "A fox on skis", "--sport", "ski-jumping", "--backend", name, "--out", "clip.mp4")
        code, _, told = await olympic(tmp_path, *words, **lab.environment(server))

    found = (code, "Drawing failed" in told, "Traceback" in told, (tmp_path / "clip.mp4").exists())
    assert found == (1, True, False, False), told


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_doctor_shows_a_backend_that_can_work(tmp_path, name, lab) -> None:
    async with lab.server(Fault.NONE) as server:
        _, said, _ = await olympic(tmp_path, "doctor", "--json", **lab.environment(server))

    findings = {found["subject"]: found for found in map(json.loads, said.splitlines())}
    assert findings[name]["verdict"] == "good", said


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lab"), BACKENDS)
async def test_doctor_shows_a_backend_that_does_not_answer_with_a_remedy(tmp_path, name, lab) -> None:
    async with lab.server(Fault.DEAD) as server:
        code, said, _ = await olympic(tmp_path, "doctor", "--json", **lab.environment(server))

    findings = {found["subject"]: found for found in map(json.loads, said.splitlines())}
    assert (code, findings[name]["verdict"], bool(findings[name]["remedy"])) == (1, "broken", True), said


@pytest.mark.slow
async def test_make_does_not_wait_for_ever_for_a_backend_that_is_down(tmp_path) -> None:
    lab = LABS["fal"]
    async with lab.server(Fault.DEAD) as server:
        words = ("make", "A fox on skis", "--sport", "ski-jumping", "--backend", "fal", "--out", "clip.mp4")
        code, _, told = await olympic(tmp_path, *words, **lab.environment(server))

    assert (code, "does not answer" in told) == (1, True), told
