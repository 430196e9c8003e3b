"""The notes of what this machine has sent."""

from __future__ import annotations

import json
import time

import pytest

from backends.net.ledger import Ledger
from bot.errors import Transient


async def test_an_order_that_cannot_be_noted_is_surely_not_sent(tmp_path) -> None:
    (tmp_path / "orders").write_bytes(b"")

    with pytest.raises(Transient):
        await Ledger(tmp_path / "orders").begin("k", "m", "words")


class Filling(Ledger):
    """The disk fills up while the order is on its way."""

    def __init__(self, folder) -> None:
        super().__init__(folder)
        self.room = True

    async def _write(self, note) -> None:
        if not self.room:
            raise OSError(28, "No space left on device")
        await super()._write(note)


async def test_an_order_that_was_taken_is_not_lost_because_its_name_cannot_be_noted(tmp_path) -> None:
    ledger = Filling(tmp_path / "orders")
    await ledger.begin("k", "m", "words")
    ledger.room = False

    await ledger.settle("k", "task-1")

    note = await ledger.note("k")
    assert note is not None
    assert note.open


async def test_old_notes_go_though_nobody_ever_looks_an_order_up(tmp_path) -> None:
    folder = tmp_path / "orders"
    await Ledger(folder).begin("old", "m", "words")
    (path,) = folder.glob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"began": time.time() - 3 * 86400}))

    await Ledger(folder).begin("new", "m", "words")

    assert [json.loads(one.read_text())["key"] for one in folder.glob("*.json")] == ["new"]
