"""A work enters the running round: by itself when it is delivered, or when its maker says so."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.cards import sport_name
from bot.errors import FenceLost, StorageError
from bot.model.contest import EntryState, Round
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import Community
from bot.pipeline.accounts import accounts_in
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)


async def join_running(tools: Tools, job: Job) -> Job:
    """Enter a finished work that is about to hang; why it does not is noted for its card. Done before the work is
    noted as delivered, so that a crash repeats it; repeated, it changes nothing.

    A round that cannot be asked must not keep a work from its maker.
    """
    try:
        entry = await tools.repos.entries.get(job.entry or job.id)
        if entry is None or entry.deleted or entry.round is not None:
            return job
        contest_round = await tools.repos.rounds.current(entry.contest, tools.clock.now())
        if contest_round is None:
            return job
        why = await enter(tools, entry, contest_round)
        if not why:
            return job
        own = await own_sports(tools, contest_round)
        return await tools.repos.jobs.note(job, _note(why, contest_round, job, own))
    except FenceLost:
        raise
    except StorageError as error:
        log.warning("the work of job %s is in no round: %r", job.id, error)
        return job


async def enter(tools: Tools, entry: Entry, contest_round: Round) -> str:
    """Enter a work. Returns why it may not: `closed`, `sport`, `full`, `removed`; empty: it is in."""
    now = tools.clock.now()
    if not contest_round.submits(now):
        return "closed"
    if entry.state is EntryState.REMOVED:
        return "removed"
    if contest_round.sport and entry.request.sport != contest_round.sport:
        return "sport"
    most = await allowed(tools, entry.member.community)
    makers = await accounts_in(tools, entry.contest, entry.member.community, entry.member.id)
    if await tools.repos.rounds.join(contest_round.id, entry.id, most, now, makers):
        return ""
    return "full" if most else "closed"


async def allowed(tools: Tools, community: Community) -> int:
    """Entries one member may have in a round; 0: any number."""
    return (await tools.repos.communities.get(community)).setup.voting.entries


async def own_sports(tools: Tools, contest_round: Round) -> list[str]:
    """The TOML of the contest's own sports, where a round is about one sport."""
    return [one.toml for one in await tools.repos.sports.of(contest_round.contest)] if contest_round.sport else []


def _note(why: str, contest_round: Round, job: Job, own: Sequence[str]) -> str:
    """A remark for the card, with its one fact after the colon."""
    sport = sport_name(contest_round.sport, job.place.language, own)
    fact = sport if why == "sport" else contest_round.theme
    return f"note.round_{why}:{fact}"
