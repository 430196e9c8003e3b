"""Rows outlive versions: what an older or a newer version wrote is read as well as it can be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.dialects import sqlite

from bot.errors import StorageError
from bot.model.backend import RemoteRef
from bot.model.clip import Clip
from bot.model.job import Failure
from bot.model.people import Member, MessageRef, Place, Role
from bot.model.plan import Plan
from bot.model.request import Camera, Request
from bot.ports import Draft
from storage.columns import Kept, Moment
from storage.database import Database, address_in
from storage.tables import posting
from tests.samples import BROKEN, CARD, CLIP, KAI, NOON, PLACE, PLAN, WISH

VALUES = {
    Member: KAI,
    Place: PLACE,
    Request: WISH,
    Plan: PLAN,
    MessageRef: CARD,
    Clip: CLIP,
    Failure: BROKEN,
    RemoteRef: RemoteRef("fal", "r-9", {"region": "eu"}),
    Draft: Draft("d-1", KAI, PLACE, WISH, NOON, {"1": {"sport": "luge"}}),
}
FIRST = json.loads((Path(__file__).parent / "first_rows.json").read_text("utf-8"))
"""These values as version 0.1 wrote them. Never edited: whatever changes, they stay readable."""

DIALECT = sqlite.dialect()


def read(kind, kept):
    return Kept(kind).process_result_value(kept, DIALECT)


def written(value):
    return Kept(type(value)).process_bind_param(value, DIALECT)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_comes_back_equal(kind):
    assert read(kind, json.loads(json.dumps(written(VALUES[kind])))) == VALUES[kind]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_what_the_first_version_wrote_is_still_read(kind):
    assert read(kind, FIRST[kind.__name__]) == VALUES[kind]


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_key_that_only_a_newer_version_knows_is_ignored(kind):
    assert read(kind, {**written(VALUES[kind]), "from_the_future": [1]}) == VALUES[kind]


def test_a_key_that_an_older_version_did_not_write_takes_its_default():
    request = read(Request, {"prompt": "jump", "sport": "luge", "style": "manga"})
    member = read(Member, {"community": {"platform": "slack", "id": "T1"}, "id": "U1", "name": "Ann"})
    assert (request.camera, request.seconds, request.parent) == (Camera.MULTI, 15.0, None)
    assert (member.language, member.role) == ("en", Role.MEMBER)


def test_nothing_is_kept_as_nothing():
    assert Kept(MessageRef).process_bind_param(None, DIALECT) is None
    assert read(MessageRef, None) is None


def test_a_moment_is_kept_in_utc_whatever_zone_it_came_in():
    tokyo = datetime(2026, 2, 6, 21, 0, tzinfo=timezone(timedelta(hours=9)))
    assert Moment().process_bind_param(tokyo, DIALECT) == datetime(2026, 2, 6, 12, 0, tzinfo=UTC)


def test_a_moment_is_read_as_aware():
    assert Moment().process_result_value(datetime(2026, 2, 6, 12, 0), DIALECT).tzinfo is UTC  # noqa: DTZ001


async def test_a_moment_without_a_zone_is_refused(tmp_path, storage):
    database = Database(address_in(tmp_path))
    with pytest.raises(StorageError, match="without a time zone"):
        async with database.write() as transaction:
            await transaction.execute(insert(posting).values(key="k", begun=datetime(2026, 2, 6)))  # noqa: DTZ001
    await database.aclose()


async def test_a_value_nobody_can_read_is_named_as_our_error(tmp_path, storage):
    await storage.postings.done("k", CARD)
    database = Database(address_in(tmp_path))
    async with database.write() as transaction:
        await transaction.execute(text("UPDATE posting SET ref = '{\"channel\": 5}'"))
    with pytest.raises(StorageError, match="cannot be kept or read"):
        await storage.postings.begin("k")
    await database.aclose()


async def test_members_words_stay_readable_in_the_file(tmp_path, storage):
    await storage.postings.done("k", MessageRef(CARD.community, "海", "1"))
    database = Database(address_in(tmp_path))
    async with database.read() as transaction:
        assert "海" in (await transaction.execute(select(text("ref FROM posting")))).scalar_one()
    await database.aclose()
