"""Characters: who they are, who may use them, and which of their files are still to be removed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.engine import RowMapping

from bot.model.character import Character, Consent, Reach
from bot.model.letter import Letter
from storage.database import Database
from storage.repositories.letters import put_letter
from storage.tables import character as table

_LIVE = table.c.forgotten.is_(None)


class CharacterRecords:
    """Implements `bot.ports.Characters`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, character: Character, letter: Letter | None = None, most: int = 0) -> bool:
        """Keep a new one, with the letter that asks for consent; the owner's earlier one of the name is forgotten."""
        same = (table.c.owner == character.owner) & (table.c.folded == character.folded)
        earlier = same & (table.c.contest == character.contest) & _LIVE
        others = (table.c.owner == character.owner) & (table.c.folded != character.folded) & _LIVE
        async with self._database.write(alone=most > 0) as transaction:
            many = select(func.count()).select_from(table).where(others)
            if most and (await transaction.execute(many)).scalar_one() >= most:
                return False
            await transaction.execute(update(table).where(earlier).values(forgotten=character.created))
            await transaction.execute(table.insert().values(**_values(character)))
            if letter:
                await put_letter(transaction, letter)
        return True

    async def get(self, character_id: str) -> Character | None:
        """One that is not forgotten."""
        query = select(table).where((table.c.id == character_id) & _LIVE)
        async with self._database.read() as transaction:
            row = (await transaction.execute(query)).mappings().one_or_none()
        return None if row is None else _of(row)

    async def of_contest(self, contest: str) -> list[Character]:
        """All of a contest that are not forgotten, oldest first."""
        return await self._found((table.c.contest == contest) & _LIVE)

    async def of_accounts(self, accounts: Collection[str]) -> list[Character]:
        """Those that belong to these accounts or depict them, in every contest, oldest first."""
        mine = table.c.owner.in_(accounts) | table.c.depicts.in_(accounts)
        return await self._found(mine & _LIVE)

    async def share(self, character_id: str, reach: Reach, shared: Sequence[str]) -> None:
        """Say who may use it."""
        await self._change(table.c.id == character_id, reach=reach, shared=tuple(shared))

    async def consent(self, character_id: str, depicts: Collection[str], consent: Consent) -> Character | None:
        """What the one who is depicted says; None when none of these accounts is."""
        may = (table.c.id == character_id) & table.c.depicts.in_(depicts) & _LIVE
        async with self._database.write() as transaction:
            change = update(table).where(may).values(consent=consent).returning(table)
            row = (await transaction.execute(change)).mappings().one_or_none()
        return None if row is None else _of(row)

    async def forget(self, character_id: str, when: datetime) -> None:
        """Nobody finds it any more; its files are removed next."""
        await self._change((table.c.id == character_id) & _LIVE, forgotten=when)

    async def forgotten(self) -> list[Character]:
        """Those that are forgotten and whose files may still be there."""
        files = table.c.image.is_not(None) | table.c.voice.is_not(None)
        return await self._found(table.c.forgotten.is_not(None) & files)

    async def emptied(self, character_id: str) -> None:
        """Its files are gone."""
        await self._change(table.c.id == character_id, image=None, voice=None)

    async def _change(self, which: ColumnElement[bool], **values: Any) -> None:
        async with self._database.write() as transaction:
            await transaction.execute(update(table).where(which).values(**values))

    async def _found(self, which: ColumnElement[bool]) -> list[Character]:
        query = select(table).where(which).order_by(table.c.created, table.c.id)
        async with self._database.read() as transaction:
            return [_of(row) for row in (await transaction.execute(query)).mappings()]


def _values(character: Character) -> dict[str, Any]:
    return {name: getattr(character, name) for name in Character.__dataclass_fields__}


def _of(row: RowMapping) -> Character:
    return Character(**{name: row[name] for name in Character.__dataclass_fields__})
