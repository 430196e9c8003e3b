"""What communities entrusted to us: kept, sealed, forgotten."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet

from bot.errors import SetupError
from bot.model.people import Community
from storage import open_storage
from storage.seal import FILE
from tests.fakes import FakeClock

ONE, TWO = Community("slack", "T1"), Community("slack", "T2")
NOW = datetime(2026, 11, 30, tzinfo=UTC)


async def test_what_was_entrusted_is_kept_until_it_is_removed(opened):
    async with opened() as stored:
        await stored.installations.put(ONE, "xoxb-1", NOW)
        await stored.installations.put(TWO, "xoxb-2", NOW)
        await stored.installations.put(ONE, "xoxb-3", NOW)
    async with opened() as stored:
        assert sorted(await stored.installations.all("slack"), key=str) == [(ONE, "xoxb-3"), (TWO, "xoxb-2")]
        assert await stored.installations.all("discord") == []
        await stored.installations.remove(ONE)
        assert await stored.installations.all("slack") == [(TWO, "xoxb-2")]


async def test_nobody_reads_a_token_in_the_database(tmp_path):
    async with open_storage(tmp_path, "", FakeClock()) as stored:
        await stored.installations.put(ONE, "xoxb-secret", NOW)
    (database,) = tmp_path.glob("*.sqlite*")
    with sqlite3.connect(database) as rows:
        assert "xoxb-secret" not in str(rows.execute("select * from installation").fetchall())
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


async def test_with_another_key_nothing_is_read_and_nothing_falls_over(tmp_path):
    async with open_storage(tmp_path, "", FakeClock()) as stored:
        await stored.installations.put(ONE, "xoxb-1", NOW)
    async with open_storage(tmp_path, "", FakeClock(), Fernet.generate_key().decode()) as stored:
        assert await stored.installations.all("slack") == []


async def test_a_key_that_is_none_is_told(tmp_path):
    async with open_storage(tmp_path, "", FakeClock(), "no key") as stored:
        with pytest.raises(SetupError):
            await stored.installations.put(ONE, "xoxb-1", NOW)
