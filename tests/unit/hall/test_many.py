"""A hall with many works asks its database no more than one with a few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.model.contest import Round
from bot.model.people import Community
from bot.model.setup import Setup, Voting
from tests.samples import KAI, NOON


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection, _cursor, statement: str, *_) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def filled(gallery, first: int, last: int) -> None:
    """Works, each of a round and a contest of its own, in a community that hides its tallies."""
    repos = gallery.world.repos
    home = await repos.communities.see(KAI.community, "Snow", NOON)
    await repos.communities.change(home, replace(Setup(), voting=Voting(hidden=True)))
    for number in range(first, last):
        there = await repos.communities.see(Community("fake", f"c{number}"), f"Club {number}", NOON)
        opens = NOON + timedelta(days=number)
        await repos.rounds.add(Round(f"r{number}", there.contest, 1, "Night", opens, opens, opens))
        await gallery.hang(f"w{number}", contest=there.contest, round=f"r{number}", hours=number)


@pytest.mark.parametrize("path", ["/", "/sitemap.xml", "/feed.xml"])
async def test_more_works_rounds_and_communities_cost_no_more_questions(gallery, path) -> None:
    counts = []
    for first, last in ((0, 3), (3, 12)):
        await filled(gallery, first, last)
        with statements() as asked:
            assert (await gallery.get(path)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


async def test_the_sitemap_says_when_each_work_was_hung(gallery) -> None:
    await gallery.hang("a", hours=3)
    assert "/exhibits/a</loc><lastmod>2026-02-06T15:00:00Z</lastmod>" in (await gallery.get("/sitemap.xml")).text
