"""Buttons and forms that nobody was shown: sent by hand, with ids of somebody else's community in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.model.character import Character
from bot.model.contest import EntryState, Review, Round, Showing, Shown
from bot.model.people import Account, Community, MessageRef
from bot.model.setup import Act, AuditLine
from bot.ports import OwnSport
from tests.databases import FILE
from tests.samples import CLIP, KAI, entry, job
from tests.unit.core.test_setup_denied import SPORT

VALUES: Mapping[str, str] = {
    "reason": "quality",
    "words": "no",
    "name": "Eve",
    "prompt": "a fox",
    "text": SPORT,
    "admins": "U1",
    "names": "en: Snow polo",
    "words_en": "snow polo",
    "like": "curling",
    "nominate": "1",
}

MODERATORS_BUTTONS = (
    *("nominated:approve", "nominated:decline", "nominated:takedown", "nominated:takedown-sure", "nominated:pause"),
    *("exhibit:takedown-sure", "exhibit:recount", "open:recount", "open:votes-report", "open:delete-sure"),
)
"""`work:verb` of somebody else's works; what a moderator could press at home."""
MAKERS_BUTTONS = (
    *("open:nominate", "open:delete", "open:delete-sure", "open:again", "open:remix", "open:share", "open:repost"),
    *("open:submit", "open:withdraw", "exhibit:share", "exhibit:remix", "exhibit:again"),
    *("waiting:cancel", "waiting:retry"),
)
"""What their maker or a passer-by could press there."""
ADMINS_BUTTONS = (
    *("round-ask:theirs", "round-close:theirs"),
    *("sport-on:snow-polo", "sport-off:snow-polo", "sport-edit:snow-polo", "sport-preview:snow-polo"),
    *("sport-remove:snow-polo", "sport-remove-sure:snow-polo", "sport-export:snow-polo"),
    *("import-sure:0123456789abcdef", "character-forget-sure:theirs", "consent-yes:theirs"),
)
"""What an admin could press there, and two that belong to single people."""
FOREIGN = (
    *(":".join(reversed(named.split(":"))) for named in (*MODERATORS_BUTTONS, *MAKERS_BUTTONS)),
    *ADMINS_BUTTONS,
)
"""The actions of all of them."""
OWN_MODERATORS_BUTTONS = (
    *("approve:ourwork", "decline:ourwork", "takedown:ourwork", "takedown-sure:ourwork", "pause:ourwork"),
    *("recount:ourwork", "votes-report:ourwork", "delete-sure:ourwork", "review", "review:2"),
)
"""A moderator's at home: no member may."""
OWN_MODERATORS_FORMS = ("decline:ourwork",)
FOREIGN_FORMS = ("decline:nominated", "sport:snow-polo")
OWN_ADMINS_BUTTONS = (
    *("setup", "setup:roles", "backends", "sports", "sport-on:luge", "sport-off:luge", "sport-edit:luge"),
    *("sport-preview:luge", "sport-remove-sure:luge", "sport-import", "setup-export", "setup-import", "stats"),
    *("round-ask:ours", "round-close:ours", "round-close:1"),
)
"""An admin's at home: nobody else may."""
OWN_ADMINS_FORMS = ("setup:roles:0", "setup:voting:1", "sport:", "sport:luge", "sport-import", "setup-import")


async def furnished(world, community: Community) -> None:
    """Somebody else's community: works that are open, nominated and hang, a round, a sport, a character."""
    repos, now = world.repos, world.clock.now()
    await repos.communities.see(community, "Theirs", now)
    for name, state in (
        ("open", EntryState.OPEN),
        ("nominated", EntryState.NOMINATED),
        ("exhibit", EntryState.APPROVED),
    ):
        await hung(world, community, name, state)
    await repos.jobs.add(job("waiting", member=replace(KAI, community=community), created=now, changed=now))
    ends = now + timedelta(days=9)
    await repos.rounds.add(Round("theirs", str(community), 0, "Theirs", now, now + timedelta(days=7), ends))
    line = AuditLine(now, community, "theirs", Act.SPORT, "snow-polo")
    await repos.sports.put(OwnSport(str(community), "snow-polo", SPORT), now, line)
    maker = f"{community}:{KAI.id}"
    await repos.people.seen(Account(maker, maker, community, KAI.id, KAI.name), now)
    await repos.characters.save(Character("theirs", str(community), maker, "Fox", "fox", now))


async def hung(world, community: Community, name: str, state: EntryState) -> None:
    """A work without a message anybody could see."""
    repos, now = world.repos, world.clock.now()
    maker = replace(KAI, community=community)
    made = job(name, member=maker, created=now, changed=now)
    await repos.jobs.add(replace(made, place=replace(made.place, community=community)))
    await repos.jobs.admit(lambda waiting, running: [name])
    mine = await repos.jobs.take(name)
    assert mine is not None
    kept = {"review": Review("theirs", "Mo", now, votes=5)} if state is EntryState.APPROVED else {}
    clip = replace(CLIP, blob=await world.media.put_bytes(f"film {name}".encode(), "video/mp4"))
    work = entry(mine, name, state=state, contest=str(community), created=now, clip=clip, **kept)
    await repos.jobs.finished(mine, clip, work)
    await repos.showings.add(Showing(name, MessageRef(community, "wall", name), Shown.ENTRY))


def records(home: Path) -> dict[str, list[tuple]]:
    """Everything that is remembered, but who was seen when and what was whispered."""
    with sqlite3.connect(f"file:{home / FILE}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = (name for name in tables if name not in ("account", "visit", "message", "installation"))
        return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in kept}
