"""A file that is handed over with a private answer."""

from __future__ import annotations

from pathlib import Path

from bot.model.card import Card, CardKind, File
from handlers.web.hung import hang, read, write
from storage.media.store import Blobs
from tests.samples import SetClock


class Nothing:
    """Remembers no file."""

    async def add(self, name: str, mime: str, size: int, when: object) -> None:
        return None

    async def get(self, name: str) -> tuple[str, int] | None:
        return None

    async def remove(self, name: str) -> None:
        return None


async def test_a_card_outlives_a_restart_with_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.zip"
    path.write_bytes(b"PK")
    media = Blobs(tmp_path / "home", Nothing(), SetClock())

    hung, _ = await hang(Card(CardKind.NOTICE, "Yours", file=File("mine.zip", path, 2)), media, keep=True)
    again = read(write(hung))

    assert again is not None
    assert again.paper is not None
    assert (again.paper.name, again.paper.bytes) == ("mine.zip", 2)
    assert (await media.local(again.paper.blob)).read_bytes() == b"PK"
