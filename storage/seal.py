"""Sealing of what nobody may read in the database: tokens that others entrusted to us."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import DataUnwritable, SetupError

FILE: Final = "olympic.key"


class Seal:
    """Seals with the operator's key, or with one made once and kept in the data folder for its owner only.

    The key is looked for when it is first needed. Raises `SetupError` for one that is none.
    """

    def __init__(self, home: Path, key: str = "") -> None:
        self._home = home
        self._key = key
        self._fernet: Fernet | None = None

    def close(self, secret: str) -> str:
        """Sealed, as text."""
        return self._ready().encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None when it was sealed with another key."""
        try:
            return self._ready().decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def mark(self, name: str) -> str:
        """The same for the same name, and to be found only by who knows the key."""
        self._ready()
        return hmac.new(self._key.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]

    def _ready(self) -> Fernet:
        if self._fernet is None:
            try:
                self._key = self._key or _kept(self._home / FILE)
                self._fernet = Fernet(self._key)
            except ValueError as error:
                file = str(self._home / FILE)
                raise SetupError(str(error), key="setup.key", setting="sealing_key", file=file) from error
        return self._fernet


def _kept(path: Path) -> str:
    """The key in the data folder; a new one appears there complete or not at all."""
    try:
        if not path.exists():
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=FILE)  # readable by its owner only
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        return path.read_text("ascii").strip()
    except OSError as error:
        raise DataUnwritable(str(error), folder=str(path.parent), why=str(error)) from error
