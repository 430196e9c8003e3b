"""Everything remembered, as tables. A change here needs a revision: `python -m storage.migrations "what changes"`."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from bot.model.backend import RemoteRef
from bot.model.character import Consent, Reach
from bot.model.clip import Clip
from bot.model.contest import EntryState, Rank, Review, Shown, Why
from bot.model.job import Failure, ShotState, Stage
from bot.model.people import Member, MessageRef, Place, Profile
from bot.model.plan import Plan
from bot.model.request import Reference, Request
from bot.model.setup import Act, Setup
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
    Column("contest", String, nullable=False, server_default=""),
    Column("round", String),
    Column("state", word(EntryState), nullable=False, server_default=EntryState.OPEN.value),
    Column("nominated", Moment),
    Column("review", Kept(Review)),
    Column("remixable", Boolean, nullable=False, server_default=true()),
    Column("parent", String),
    Column("sport", String, nullable=False, server_default=""),
    Column("style", String, nullable=False, server_default=""),
    Index(None, "platform", "community", "member", "number"),
    Index(None, "contest", "state", "number"),
    Index(None, "state", "number"),
    Index(None, "round"),
    Index(None, "parent"),
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

community: Final = Table(
    "community",
    metadata,
    Column("platform", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("contest", String, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("setup", Kept(Setup), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("left", Moment),
)

account: Final = Table(
    "account",
    metadata,
    Column("key", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("platform", String, nullable=False),
    Column("community", String, nullable=False),
    Column("member", String, nullable=False),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("first", Moment, nullable=False),
    Column("pauses", Kept(tuple[tuple[str, str], ...]), nullable=False, server_default="[]"),
)

person: Final = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("profile", Kept(Profile), nullable=False),
)

visit: Final = Table(
    "visit",
    metadata,
    Column("account", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("community", String, nullable=False),
    Index(None, "community", "day"),
)

# Codes (hashed), wrong tries, and what one account has begun that must be ended: an erasure, an export's file.
linking: Final = Table(
    "linking",
    metadata,
    Column("code", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False, server_default=""),
    Column("expires", Moment, nullable=False, index=True),
    Column("used", Moment),
)

showing: Final = Table(
    "showing",
    metadata,
    Column("key", String, primary_key=True),
    Column("entry", String, ForeignKey("entry.id"), nullable=False, index=True),
    Column("kind", word(Shown), nullable=False),
    Column("ref", Kept(MessageRef), nullable=False),
    Column("created", Moment, nullable=False),
    Column("gone", Moment),
    Column("emoji", String, nullable=False, server_default=""),
)

vote: Final = Table(
    "vote",
    metadata,
    Column("entry", String, primary_key=True),
    Column("message", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("when", Moment, nullable=False),
    Column("why", word(Why)),
    Column("jury", Boolean, nullable=False, server_default=false()),
    Index(None, "account"),
)

contest_round: Final = Table(
    "round",
    metadata,
    Column("id", String, primary_key=True),
    Column("contest", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("theme", String, nullable=False),
    Column("sport", String, nullable=False),
    Column("opens", Moment, nullable=False),
    Column("closes", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("repeat", String, nullable=False),
    Column("themes", Kept(tuple[str, ...]), nullable=False),
    Column("announced", Moment),
    Column("closed", Moment),
    Column("places", Kept(tuple[Rank, ...]), nullable=False),
    Column("reel", String, nullable=False, server_default=""),
    Column("torn", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("contest", "number"),
    Index(None, "closed", "opens"),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("number", NUMBER, primary_key=True),
    Column("when", Moment, nullable=False),
    Column("platform", String, nullable=False),
    Column("community", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("act", word(Act), nullable=False),
    Column("subject", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Index(None, "platform", "community", "number"),
)

# A private message to a person that has to arrive once; `key` is fixed before it is written.
letter: Final = Table(
    "letter",
    metadata,
    Column("key", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("facts", Kept(dict[str, str]), nullable=False),
    Column("created", Moment, nullable=False),
    Column("begun", Moment),
    Column("done", Moment, index=True),
)

character: Final = Table(
    "character",
    metadata,
    Column("id", String, primary_key=True),
    Column("contest", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    Column("image", Kept(Reference)),
    Column("voice", Kept(Reference)),
    Column("reach", word(Reach), nullable=False),
    Column("shared", Kept(tuple[str, ...]), nullable=False),
    Column("depicts", String),
    Column("consent", word(Consent), nullable=False),
    Column("created", Moment, nullable=False),
    Column("forgotten", Moment),
    Index(None, "contest", "folded"),
    Index(None, "owner"),
)

own_sport: Final = Table(
    "own_sport",
    metadata,
    Column("contest", String, primary_key=True),
    Column("slug", String, primary_key=True),
    Column("toml", String, nullable=False),
    Column("changed", Moment, nullable=False),
)

installation: Final = Table(
    "installation",
    metadata,
    Column("platform", String, primary_key=True),
    Column("community", String, primary_key=True),
    Column("sealed", String, nullable=False),
    Column("created", Moment, nullable=False),
)
