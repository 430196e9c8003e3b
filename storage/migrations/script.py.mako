"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

__all__ = ["JSONB", "sa", "upgrade"]


def upgrade() -> None:
    """Up; there is no way down: an older version refuses a newer database."""
    ${upgrades if upgrades else "pass"}
