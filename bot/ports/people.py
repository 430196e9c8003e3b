"""What is remembered of people: accounts, characters, letters, and what they may have forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.model.character import Character, Consent, Reach
from bot.model.entry import Entry
from bot.model.figures import Figures
from bot.model.job import Job
from bot.model.letter import Letter
from bot.model.linking import Joining, Offer
from bot.model.people import Account, Community, Profile
from bot.model.setup import AuditLine


class People(Protocol):
    """Accounts, and the persons behind them."""

    async def seen(self, account: Account, when: datetime) -> Account:
        """Remember an account as it is now (name, language, community); its person, pause and first day stay."""
        ...

    async def get(self, key: str) -> Account | None:
        """One account."""
        ...

    async def among(self, keys: Sequence[str]) -> list[Account]:
        """Those of these accounts that were seen."""
        ...

    async def met(self, accounts: Sequence[Account], when: datetime) -> None:
        """Remember accounts that were never seen; those that were stay as they are."""
        ...

    async def of_member(self, community: Community, member: str) -> Account | None:
        """The account a platform knows by this id in a community."""
        ...

    async def of_person(self, person: str) -> list[Account]:
        """A person's accounts, oldest first."""
        ...

    async def profile(self, person: str) -> Profile:
        """What they chose; the defaults where they chose nothing."""
        ...

    async def names(self, keys: Sequence[str]) -> dict[str, str]:
        """The names that persons chose for the exhibit, by account key; accounts whose person chose none are left
        out."""
        ...

    async def choose(self, person: str, profile: Profile) -> None:
        """Write what they chose."""
        ...

    async def pause(
        self, key: str, contest: str, reason: str, line: AuditLine, letter: Letter | None = None
    ) -> Account | None:
        """Pause an account and all others of its person in a contest, or let them go on with an empty reason, with the
        audit line and letter, all or nothing; None when it is unknown or stands so already."""
        ...

    async def visit(self, key: str, community: Community, day: date) -> None:
        """They did something there on that day (UTC); written once a day."""
        ...


class Letters(Protocol):
    """Private messages that have to arrive once."""

    async def put(self, letter: Letter) -> None:
        """Keep one; a key that is there already keeps its first letter."""
        ...

    async def waiting(self, most: int = 100) -> list[Letter]:
        """Letters that have not been brought yet, oldest first."""
        ...

    async def begin(self, key: str, when: datetime) -> bool:
        """Note that it is being brought; whether an earlier run had begun."""
        ...

    async def done(self, key: str, when: datetime) -> None:
        """It was brought, or nobody takes it."""
        ...


class Linking(Protocol):
    """One-time codes. Nobody reads one back: only a hash is kept."""

    async def offer(self, code: str, offer: Offer) -> None:
        """Keep a new code; earlier ones of the account for the same thing are no good any more."""
        ...

    async def attempt(self, code: str, kind: Joining, account: str, when: datetime, most: int) -> Offer | None:
        """The offer under a code, used or expired or not. A wrong try is noted; raises `LimitReached` for an account
        that made `most` of late, in whatever processes."""
        ...

    async def link(self, code: str, account: str, when: datetime, letter: Letter) -> bool:
        """Give an account, and all others of its person, the person that made the code; all or nothing. Whoever of
        them is paused is paused with all. False when the code is no good by now."""
        ...

    async def unlink(self, account: str) -> bool:
        """Give an account a person of its own again, who has chosen the same; False when it has one already."""
        ...

    async def join(self, code: str, community: Community, when: datetime, line: AuditLine, letter: Letter) -> bool:
        """Have a community take part in the contest a code was made for; False when the code is no good by now."""
        ...


class Characters(Protocol):
    """Who appears in films under a name of their own."""

    async def save(self, character: Character, letter: Letter | None = None, most: int = 0) -> bool:
        """Keep a new one, with the letter that asks for consent; the owner's earlier one of the name is forgotten.
        False when the owner has `most` others already (0: any number)."""
        ...

    async def get(self, character_id: str) -> Character | None:
        """One that is not forgotten."""
        ...

    async def of_contest(self, contest: str) -> list[Character]:
        """All of a contest that are not forgotten, oldest first."""
        ...

    async def of_accounts(self, accounts: Collection[str]) -> list[Character]:
        """Those that belong to these accounts or depict them, in every contest, oldest first."""
        ...

    async def share(self, character_id: str, reach: Reach, shared: Sequence[str]) -> None:
        """Say who may use it."""
        ...

    async def consent(self, character_id: str, depicts: Collection[str], consent: Consent) -> Character | None:
        """What the one who is depicted says; None when none of these accounts is."""
        ...

    async def forget(self, character_id: str, when: datetime) -> None:
        """Nobody finds it any more; its files are removed next."""
        ...

    async def forgotten(self) -> list[Character]:
        """Those that are forgotten and whose files may still be there."""
        ...

    async def emptied(self, character_id: str) -> None:
        """Its files are gone."""
        ...


class Privacy(Protocol):
    """Everything that is known about one account, to be handed over or forgotten; and what is kept only for a while."""

    async def known_of(self, account: Account) -> Mapping[str, list[Mapping[str, Any]]]:
        """Every row about an account by what it is, as JSON."""
        ...

    async def jobs_of(self, account: Account) -> list[Job]:
        """All of an account's jobs, oldest first."""
        ...

    async def works_of(self, account: Account) -> list[Entry]:
        """All of an account's works, deleted or not, oldest first."""
        ...

    async def begin(self, accounts: Collection[str], when: datetime) -> None:
        """These accounts want to be forgotten; said once, it is done however often we start."""
        ...

    async def begun(self) -> list[Account]:
        """The accounts that want to be forgotten and are still known."""
        ...

    async def erase(self, account: Account, alias: str, when: datetime) -> None:
        """Forget an account, all or nothing: its works are husks without words by `alias`, its votes stay under a mark
        that only our own key makes from its name; where another account of its person votes too, only that vote."""
        ...

    async def gone(self, accounts: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
        """Which of these accounts were forgotten: the mark under which their votes stay, and since when."""
        ...

    async def lend(self, blob: str, account: str, until: datetime) -> None:
        """A file that was made for somebody is removed then."""
        ...

    async def lent(self, when: datetime) -> list[str]:
        """Files whose time is over."""
        ...

    async def returned(self, blob: str) -> None:
        """The file is gone."""
        ...

    async def outdated(self, community: Community, before: datetime) -> tuple[list[Entry], list[Job]]:
        """What a community need not keep: works that were declined before then, and jobs with files that ended."""
        ...

    async def without_files(self, job_id: str) -> None:
        """A job's request names no files any more."""
        ...

    async def purge(self, community: Community, before: datetime) -> None:
        """Forget letters that were brought before then, and drafts nobody may answer any more."""
        ...

    async def expire(self, before: datetime) -> None:
        """Forget codes and wrong tries that ended before then."""
        ...


class Statistics(Protocol):
    """Numbers about a contest."""

    async def figures(self, contest: str, since: datetime) -> Figures:
        """What happened since then."""
        ...

    async def visits(self, contest: str) -> list[tuple[str, date]]:
        """(person, day) of all visits."""
        ...
