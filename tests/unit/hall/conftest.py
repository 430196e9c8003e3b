"""A hall with a visitor at its door."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import address_in
from storage.migrate import upgrade
from tests.hung import Gallery, opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all tables, made once and copied for each test."""
    home = tmp_path_factory.mktemp("migrated")
    asyncio.run(upgrade(address_in(home)))
    return home


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path, dirs_exist_ok=True))


@pytest.fixture
async def gallery(home: Path) -> AsyncIterator[Gallery]:
    async with opened(home) as gallery:
        yield gallery
