"""What orders leave in the animator's folder and in its memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backends.animatic.backend import Animatic
from bot.errors import StorageError
from bot.model.backend import Absent, CancelOutcome, Mode, Order, RemoteRef, RemoteState, RemoteStatus
from bot.model.request import SD, Camera
from bot.settings import load
from tests.fakes import FakeVideo, until

NOON = datetime(2026, 2, 6, 12, tzinfo=UTC)
ORDER = Order(
    prompt="A fox",
    negative="",
    sport="alpine-skiing",
    staging="alpine-skiing",
    style="realistic",
    camera=Camera.MULTI,
    seconds=2.0,
    seed=1,
    size=SD,
    fps=12,
    mode=Mode.TEXT,
)


class Quick(FakeVideo):
    """Puts any pictures together at once."""

    def encode_command(self, *, out, **_):
        return ["sh", "-c", f"cat > /dev/null; echo film > '{out}'"]


def drawing(tmp_path, video, held=0.0):
    return Animatic(load({"OLYMPIC_HOME": str(tmp_path)}).animatic, video, tmp_path / "animatic", held=held)


async def ended(animator, key: str) -> RemoteStatus:
    told = [status async for status in animator.events(await animator.submit(ORDER, key=key))]
    return told[-1]


def left(tmp_path) -> list[str]:
    return [path.name for path in (tmp_path / "animatic").iterdir()]


async def test_a_film_that_could_not_be_drawn_leaves_no_files_and_is_forgotten_in_time(tmp_path) -> None:
    animator = drawing(tmp_path, FakeVideo())
    assert (await ended(animator, "a")).state is RemoteState.FAILED
    await until(lambda: not left(tmp_path))

    await ended(animator, "b")

    assert await animator.find("a", NOON) is Absent.SURELY


async def test_a_film_nobody_will_fetch_goes(tmp_path) -> None:
    animator = drawing(tmp_path, Quick())
    assert (await ended(animator, "a")).state is RemoteState.SUCCEEDED

    outcome = await animator.cancel(RemoteRef("animatic", "a"))

    assert (outcome, left(tmp_path)) == (CancelOutcome.ALREADY_DONE, [])


async def test_what_an_earlier_process_was_drawing_goes_when_it_is_called_off(tmp_path) -> None:
    (tmp_path / "animatic" / "a").mkdir(parents=True)

    await drawing(tmp_path, Quick()).cancel(RemoteRef("animatic", "a"))

    assert left(tmp_path) == []


async def test_a_film_that_cannot_be_kept_now_can_be_fetched_later(tmp_path) -> None:
    animator = drawing(tmp_path, Quick())
    status, into = await ended(animator, "a"), tmp_path / "shots" / "film.mp4"
    into.parent.write_bytes(b"no folder")
    with pytest.raises(StorageError):
        await animator.fetch(RemoteRef("animatic", "a"), status, into)

    into.parent.unlink()
    await animator.fetch(RemoteRef("animatic", "a"), status, into)

    assert (into.read_bytes(), left(tmp_path)) == (b"film\n", [])
