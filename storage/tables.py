"""Everything remembered, as tables. A change here needs a revision: `python -m storage.migrations "what changes"`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from bot.model.backend import RemoteRef
from bot.model.clip import Clip
from bot.model.job import Failure, ShotState, Stage
from bot.model.people import Member, MessageRef, Place
from bot.model.plan import Plan
from bot.model.request import Request
from bot.ports import Draft
from storage.columns import NUMBER, Kept, Moment, word

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# No text has a greatest length: SQLite would not hold it, PostgreSQL would.
# `number` is the order in which rows came; two jobs asked in the same microsecond still have one.
job: Final = Table(
    "job",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("community", String, nullable=False),
    Column("member", String, nullable=False),
    Column("backend", String, nullable=False),
    Column("priority", Integer, nullable=False, default=0),
    Column("stage", word(Stage), nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("admitted", Moment),
    Column("stored", Moment),
    Column("ended", Moment),
    Column("fraction", Float),
    Column("cancel", Boolean, nullable=False, default=False),
    Column("refunded", Boolean, nullable=False, default=False),
    Column("who", Kept(Member), nullable=False),
    Column("place", Kept(Place), nullable=False),
    Column("request", Kept(Request), nullable=False),
    Column("plan", Kept(Plan), nullable=False),
    Column("card", Kept(MessageRef)),
    Column("clip", Kept(Clip)),
    Column("entry", String),
    Column("failure", Kept(Failure)),
    Column("notes", Kept(tuple[str, ...]), nullable=False),
    Index(None, "stage", "number"),
    Index(None, "platform", "community", "member", "created"),
    Index(None, "backend", "stage", "ended"),
    Index(None, "ended"),
)

shot: Final = Table(
    "shot",
    metadata,
    Column("job", String, ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", String, nullable=False),
    Column("state", word(ShotState), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("remote", Kept(RemoteRef)),
    Column("blob", String),
)

entry: Final = Table(
    "entry",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("job", String, ForeignKey("job.id"), nullable=False, unique=True),
    Column("platform", String, nullable=False),
    Column("community", String, nullable=False),
    Column("member", String, nullable=False),
    Column("backend", String, nullable=False),
    Column("created", Moment, nullable=False),
    Column("deleted", Moment),
    Column("blob", String, nullable=False, index=True),
    Column("poster", String, nullable=False, index=True),
    Column("who", Kept(Member), nullable=False),
    Column("request", Kept(Request), nullable=False),
    Column("clip", Kept(Clip), nullable=False),
    Column("message", Kept(MessageRef)),
    Index(None, "platform", "community", "member", "number"),
)

posting: Final = Table(
    "posting",
    metadata,
    Column("key", String, primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("done", Moment),
    Column("ref", Kept(MessageRef)),
)

draft: Final = Table(
    "draft",
    metadata,
    Column("id", String, primary_key=True),
    Column("created", Moment, nullable=False, index=True),
    Column("value", Kept(Draft), nullable=False),
)

message: Final = Table(
    "message",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("key", String, nullable=False, unique=True),
    Column("channel", String, nullable=False),
    Column("body", String, nullable=False),
    Column("created", Moment, nullable=False),
    Index(None, "channel", "number"),
)

blob: Final = Table(
    "blob",
    metadata,
    Column("name", String, primary_key=True),
    Column("mime", String, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("created", Moment, nullable=False),
)
