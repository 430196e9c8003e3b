"""Every database can be brought to this version's tables, and nothing is lost on the way."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, func, inspect, select, text

from bot.errors import DataUnwritable, SetupError, StorageError
from storage import open_storage
from storage.database import address_in
from storage.migrate import config, current, head, migrating, upgrade
from storage.repositories.rows import entry_values, job_values
from storage.tables import job as job_table
from storage.tables import metadata
from storage.tables import shot as shot_table
from tests.samples import CARD, SetClock, entry, job


@pytest.fixture
def address(tmp_path) -> str:
    return address_in(tmp_path)


async def test_an_empty_database_has_no_revision(address):
    assert await current(address) is None


async def test_an_empty_database_is_brought_to_the_newest(address):
    await upgrade(address)
    assert await current(address) == head()


async def test_bringing_it_up_twice_changes_nothing(address):
    await upgrade(address)
    await upgrade(address)
    assert await current(address) == head()


async def test_the_revisions_make_exactly_the_tables_the_code_knows(address):
    await upgrade(address)
    async with migrating(address) as connection:
        differences = await connection.run_sync(
            lambda inner: compare_metadata(MigrationContext.configure(inner, opts={"compare_type": True}), metadata)
        )
    assert differences == []


async def test_alembic_agrees_which_revision_is_the_newest(address):
    async with migrating(address) as connection:
        found = await connection.run_sync(lambda inner: ScriptDirectory.from_config(config(inner)).get_current_head())
    assert found == head()


async def test_a_newer_versions_database_is_refused_and_left_alone(address, tmp_path):
    await upgrade(address)
    async with migrating(address) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError) as caught:
        async with open_storage(tmp_path, "", SetClock()):
            pass
    assert (caught.value.sentence, caught.value.facts["found"]) == ("setup.newer_data", "9999")
    assert await current(address) == "9999"


def rebuild(inner) -> None:
    operations = Operations(MigrationContext.configure(inner, opts={"target_metadata": metadata}))
    with operations.batch_alter_table("job", recreate="always") as batch:
        batch.add_column(Column("extra", Integer, nullable=False, server_default="0"))


async def test_rebuilding_a_parent_table_keeps_its_children(address, tmp_path):
    async with open_storage(tmp_path, "", SetClock()) as storage:
        await storage.jobs.add(job())
    async with migrating(address) as connection:
        await connection.run_sync(rebuild)
        assert (await connection.execute(select(func.count()).select_from(shot_table))).scalar_one() == 2


async def test_a_migration_that_would_orphan_rows_is_undone(address, tmp_path):
    async with open_storage(tmp_path, "", SetClock()) as storage:
        await storage.jobs.add(job())
    with pytest.raises(StorageError, match="parents of 2 rows"):
        async with migrating(address) as connection:
            await connection.execute(job_table.delete())
    async with open_storage(tmp_path, "", SetClock()) as storage:
        assert await storage.jobs.get("job-1") == job()


async def broken(address):
    async with migrating(address) as connection:
        await connection.run_sync(metadata.create_all)
        raise LookupError


async def test_a_migration_that_fails_half_way_leaves_nothing(address):
    with pytest.raises(LookupError):
        await broken(address)
    async with migrating(address) as connection:
        assert await connection.run_sync(lambda inner: inspect(inner).get_table_names()) == []


START = """
import asyncio, sys
from pathlib import Path
from storage import open_storage
from storage.clock import SystemClock

async def main():
    async with open_storage(Path(sys.argv[1]), "", SystemClock()) as storage:
        await storage.jobs.unfinished()
    assert "alembic" not in sys.modules

asyncio.run(main())
"""


async def test_a_start_with_nothing_to_migrate_does_not_load_the_migrator(address, tmp_path):
    await upgrade(address)
    subprocess.run([sys.executable, "-c", START, str(tmp_path)], timeout=120, check=True)


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path):
    (tmp_path / "olympic.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(DataUnwritable) as caught:
        async with open_storage(tmp_path, "", SetClock()):
            pass
    assert "not a database" in str(caught.value.facts["why"])


async def test_a_server_that_does_not_answer_is_refused_in_words(tmp_path):
    pytest.importorskip("asyncpg")
    with pytest.raises(SetupError) as caught:
        async with open_storage(tmp_path, "postgresql+asyncpg://nobody@127.0.0.1:1/nothing", SetClock()):
            pass
    assert caught.value.facts["why"]


@pytest.mark.parametrize("address", ["mysql://host/name", "sqlite://", "no address"])
async def test_an_address_we_cannot_open_is_refused_in_words(tmp_path, address):
    with pytest.raises(SetupError) as caught:
        async with open_storage(tmp_path, address, SetClock()):
            pass
    assert caught.value.facts["why"]


async def test_an_address_needs_no_driver(tmp_path):
    async with open_storage(tmp_path, f"sqlite:///{tmp_path}/other.db", SetClock()) as storage:
        await storage.jobs.add(job())
    assert (tmp_path / "other.db").exists()


async def test_works_made_before_there_was_a_contest_belong_to_their_communitys_own(address, tmp_path):
    async with migrating(address) as connection:
        await connection.run_sync(lambda inner: command.upgrade(config(inner), "0001"))
        await connection.run_sync(first_works)
    async with open_storage(tmp_path, "", SetClock()) as storage:
        work = await storage.entries.get("job-1")
        assert (work.contest, work.message) == ("discord:8001", CARD)
        assert [one.ref for one in await storage.showings.of("job-1")] == [CARD]


def first_works(inner) -> None:
    """A job and its entry as the first version wrote them."""
    made = job()
    for table, values in (
        ("job", job_values(made)),
        ("entry", entry_values(replace(entry(made, made.id), message=CARD))),
    ):
        there = {column["name"] for column in inspect(inner).get_columns(table)}
        inner.execute(metadata.tables[table].insert().values({name: values[name] for name in values if name in there}))
