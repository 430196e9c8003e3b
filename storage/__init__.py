"""Who remembers: the database's records under one roof.

async with open_storage(home, address, clock) as storage:
    await storage.jobs.get(job_id)
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import settings
from bot.errors import DataUnwritable, SetupError, StorageError
from bot.ports import (
    Audit,
    Characters,
    Clock,
    Communities,
    Drafts,
    Entries,
    Installations,
    Jobs,
    Letters,
    Linking,
    Log,
    MediaStore,
    OwnSports,
    People,
    Postings,
    Privacy,
    Repositories,
    Rounds,
    Showings,
    Statistics,
    Votes,
)
from storage.blobs import BlobRecords
from storage.database import Database, address_in
from storage.media.bucket import Bucket
from storage.media.objects import Records
from storage.media.store import Blobs
from storage.migrate import upgrade
from storage.repositories.audit import AuditRecords
from storage.repositories.characters import CharacterRecords
from storage.repositories.communities import CommunityRecords
from storage.repositories.drafts import DraftRecords
from storage.repositories.entries import EntryRecords
from storage.repositories.installations import InstallationRecords
from storage.repositories.jobs import JobRecords
from storage.repositories.letters import LetterRecords
from storage.repositories.linking import LinkingRecords
from storage.repositories.log import LogRecords
from storage.repositories.people import PeopleRecords
from storage.repositories.postings import PostingRecords
from storage.repositories.privacy import PrivacyRecords
from storage.repositories.rounds import RoundRecords
from storage.repositories.showings import ShowingRecords
from storage.repositories.sports import SportRecords
from storage.repositories.statistics import StatisticRecords
from storage.seal import Seal
from storage.votes import VoteRecords


@dataclass(frozen=True, slots=True)
class Storage:
    """Every record, by port."""

    jobs: Jobs
    entries: Entries
    postings: Postings
    drafts: Drafts
    log: Log
    communities: Communities
    people: People
    showings: Showings
    votes: Votes
    audit: Audit
    letters: Letters
    sports: OwnSports
    linking: Linking
    characters: Characters
    privacy: Privacy
    statistics: Statistics
    rounds: Rounds
    blobs: BlobRecords
    installations: Installations

    def repositories(self, media: MediaStore) -> Repositories:
        """All of it for use cases, with the files' own store."""
        return Repositories(
            jobs=self.jobs,
            entries=self.entries,
            postings=self.postings,
            drafts=self.drafts,
            log=self.log,
            media=media,
            communities=self.communities,
            people=self.people,
            showings=self.showings,
            votes=self.votes,
            audit=self.audit,
            letters=self.letters,
            sports=self.sports,
            linking=self.linking,
            characters=self.characters,
            privacy=self.privacy,
            statistics=self.statistics,
            rounds=self.rounds,
        )


@asynccontextmanager
async def open_storage(home: Path, address: str, clock: Clock, sealing_key: str = "") -> AsyncGenerator[Storage]:
    """Open the database at `address` (empty: SQLite in `home`, which exists), brought up to date; close it at the end.

    `sealing_key`: what others' tokens are sealed and forgotten accounts marked with; empty: a key kept in `home`.

    Raises `DataUnwritable` when its file cannot be used and `SetupError` when its server cannot, or when a newer
    version of the product wrote it.
    """
    address = address or address_in(home)
    try:
        await upgrade(address)
    except StorageError as error:
        raise _useless(home, address, error) from error
    database = Database(address)
    votes, seal = VoteRecords(database, clock), Seal(home, sealing_key)
    votes.open()
    try:
        yield Storage(
            jobs=JobRecords(database, clock),
            entries=EntryRecords(database),
            postings=PostingRecords(database, clock),
            drafts=DraftRecords(database, clock),
            log=LogRecords(database),
            communities=CommunityRecords(database, clock),
            people=PeopleRecords(database, seal),
            showings=ShowingRecords(database, clock),
            votes=votes,
            audit=AuditRecords(database),
            letters=LetterRecords(database),
            sports=SportRecords(database),
            linking=LinkingRecords(database),
            characters=CharacterRecords(database),
            privacy=PrivacyRecords(database, seal),
            statistics=StatisticRecords(database),
            rounds=RoundRecords(database),
            blobs=BlobRecords(database),
            installations=InstallationRecords(database, seal),
        )
    finally:
        await votes.aclose()
        await database.aclose()


def open_media(home: Path, given: settings.Media, records: Records, clock: Clock) -> MediaStore:
    """Where files are kept: in the data folder, or in the bucket the settings name. Raises `StorageError`."""
    return Bucket(home, given, records, clock) if given.url else Blobs(home, records, clock)


def _useless(home: Path, address: str, error: StorageError) -> SetupError:
    if address.startswith("sqlite"):
        return DataUnwritable(error.detail, folder=str(home), why=error.detail)
    return SetupError(error.detail, why=error.detail)


__all__ = ["Storage", "open_media", "open_storage"]
