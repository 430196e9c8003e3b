"""Our own disk's refusals in our words: a film that cannot be kept now is neither the backend's failure nor lost."""

from __future__ import annotations

import errno
from typing import Final

from bot.errors import DiskFull, StorageError

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def kept_badly(error: OSError) -> StorageError:
    """`DiskFull`, or what else the disk says."""
    return (DiskFull if error.errno in _FULL else StorageError)(str(error))
