"""The database from the shell."""

from __future__ import annotations

import typer

from bot.settings import Settings
from storage import migrate
from storage.database import address_in
from storage.lock import hold


async def upgrade(settings: Settings) -> int:
    """Bring it to this version's tables; refused while the product runs."""
    with hold(settings.home.resolve()):
        await migrate.upgrade(_address(settings))
    return await current(settings)


async def current(settings: Settings) -> int:
    """Print where it stands."""
    here = await migrate.current(_address(settings)) if _exists(settings) else None
    typer.echo(f"{here or '–'} / {migrate.head()}")
    return 0


def _exists(settings: Settings) -> bool:
    return bool(settings.database) or settings.home.resolve().is_dir()


def _address(settings: Settings) -> str:
    return settings.database or address_in(settings.home.resolve())
