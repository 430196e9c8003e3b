"""What is to be forgotten is forgotten for good: accounts, characters, files lent for a while, and what a community
does not want to keep. Everything is found again in the records after a crash, and doing it twice does no harm."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from typing import Final

from bot.errors import OlympicError, PlatformBusy, StorageError
from bot.model.character import Character
from bot.model.entry import Entry
from bot.model.job import Job
from bot.model.people import Account
from bot.model.request import Reference, Request
from bot.model.setup import Home
from bot.pipeline.delivery import remove
from bot.pipeline.hanging import take_down
from bot.pipeline.patrol import Patrol
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

LOOK: Final = 30.0
"""Seconds between looks when nobody wakes it."""


class Keeper:
    """Owns all forgetting; `run` must be running. `cancel` has a job stopped."""

    def __init__(self, tools: Tools, cancel: Callable[[str], Awaitable[object]]) -> None:
        self._tools = tools
        self._cancel = cancel
        self._patrol = Patrol("forgetting", self.round, LOOK)
        self._tidied: date | None = None

    def wake(self) -> None:
        """There is something to forget."""
        self._patrol.wake()

    async def run(self) -> None:
        """Look, then wait to be woken; until cancelled."""
        await self._patrol.run()

    async def round(self) -> None:
        """Everything that can be forgotten now."""
        repos, now = self._tools.repos, self._tools.clock.now()
        for account in await repos.privacy.begun():
            await self._try("an account", self._erase(account))
        for entry in await repos.privacy.half_gone():
            await self._try("a work", withdraw(self._tools, entry))
        for character in await repos.characters.forgotten():
            await empty(self._tools, character)
        for blob in await repos.privacy.lent(now):
            await repos.media.delete(blob)
            await repos.privacy.returned(blob)
        if self._tidied != now.date():
            await repos.privacy.expire(now - timedelta(days=1))
            await clear(self._tools)
            tidied = [await self._try("what is old", self._tidy(home)) for home in await repos.communities.all()]
            if all(tidied):
                self._tidied = now.date()

    async def _try(self, what: str, forgetting: Awaitable[None]) -> bool:
        """One of many: what cannot be forgotten yet keeps nothing else. Whether it was."""
        try:
            await forgetting
        except PlatformBusy as error:
            log.info("%s is forgotten once its platform answers: %r", what, error)
        except StorageError:
            raise
        except OlympicError as error:
            log.warning("%s is forgotten later: %r", what, error)
        except Exception:
            log.exception("%s is forgotten later", what)
        else:
            return True
        return False

    async def _erase(self, account: Account) -> None:
        """Works come down first, so that nobody plays what is gone; the records go last and together."""
        repos = self._tools.repos
        jobs = await repos.privacy.jobs_of(account)
        running = [job for job in jobs if not job.over]
        for job in running:
            await self._cancel(job.id)
        if [job for job in await repos.privacy.jobs_of(account) if not job.over]:
            return  # they stop within moments
        for entry in await repos.privacy.works_of(account):
            await withdraw(self._tools, entry)
        now = self._tools.clock.now()
        for character in await repos.characters.of_accounts([account.key]):
            if character.owner == account.key:
                await repos.characters.forget(character.id, now)
        await drop(self._tools, (file for job in jobs for file in files(job.request)))
        await repos.privacy.erase(account, f"gone:{secrets.token_hex(12)}", now)
        log.info("an account was forgotten")

    async def _tidy(self, home: Home) -> None:
        """What a community wants to forget after so many days."""
        repos, now = self._tools.repos, self._tools.clock.now()
        if not home.setup.retention_days:
            return
        before = now - timedelta(days=home.setup.retention_days)
        works, jobs = await repos.privacy.outdated(home.community, before)
        for entry in works:
            await withdraw(self._tools, entry)
        for job in jobs:
            await self._strip(job)
        await repos.privacy.purge(home.community, before)

    async def _strip(self, job: Job) -> None:
        await drop(self._tools, files(job.request))
        await self._tools.repos.privacy.without_files(job.id)


async def withdraw(tools: Tools, entry: Entry) -> None:
    """Take a work down everywhere and remove its files; may be repeated."""
    await take_down(tools, entry)
    gone = await tools.repos.entries.delete(entry.id, tools.clock.now())
    if gone:
        await remove(tools, gone)


async def clear(tools: Tools, job_id: str = "") -> None:
    """Remove the shots of a job that has ended, or of all that have: what stays is the film."""
    for blob in await tools.repos.jobs.leftovers(job_id):
        if not await tools.repos.entries.uses(blob):
            await tools.repos.media.delete(blob)
        await tools.repos.jobs.cleared(blob)


async def empty(tools: Tools, character: Character) -> None:
    """Remove a forgotten character's files, unless somebody else uses them or a film that shows it is being made."""
    held = [file for file in (character.image, character.voice) if file]
    if [file for file in held if await tools.repos.entries.uses(file.blob)]:
        return
    await drop(tools, held)
    await tools.repos.characters.emptied(character.id)


async def drop(tools: Tools, held: Iterable[Reference]) -> None:
    """Remove files that nobody uses."""
    for file in set(held):
        if not await tools.repos.entries.uses(file.blob):
            await tools.repos.media.delete(file.blob)


def files(request: Request) -> list[Reference]:
    """Every file a request came with."""
    cast = (file for one in request.cast for file in (one.image, one.voice))
    return [file for file in (request.image, request.audio, *cast) if file]
