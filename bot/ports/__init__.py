"""What the core needs from others, as typed protocols. Each outer room implements some of them; tests implement all.

| port | implemented by |
|---|---|
| Platform, Reply | handlers/* |
| Backend | backends/* |
| Jobs, Entries, Drafts, Messages, Votes … | storage/repositories |
| MediaStore, VideoTool (ffmpeg), Provenance | storage/media |
| Runner | storage/runners (local; pgqueuer for workers) |
| Clock | storage.clock |
| Meter | handlers/ops |
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.ports.communities import (
    Audit,
    Communities,
    OwnSport,
    OwnSports,
)
from bot.ports.drawing import (
    Backend,
    Charts,
    Lettering,
    Provenance,
    SoundMaker,
    VideoTool,
    Writer,
)
from bot.ports.people import (
    Characters,
    Letters,
    Linking,
    People,
    Privacy,
    Statistics,
)
from bot.ports.requests import (
    Bounds,
    Draft,
    Drafts,
    Installations,
    Jobs,
    Log,
    Logged,
    MediaStore,
    Postings,
    Timing,
)
from bot.ports.running import (
    Clock,
    Meter,
    Runner,
    Unmetered,
)
from bot.ports.talking import (
    Handle,
    Hear,
    Need,
    Pick,
    Platform,
    Reply,
    Traits,
    deaf,
)
from bot.ports.works import (
    Decision,
    Entries,
    Rounds,
    Showings,
    Votes,
)


@dataclass(frozen=True, slots=True)
class Repositories:
    """Everything remembered, handed to use cases as one argument."""

    jobs: Jobs
    entries: Entries
    postings: Postings
    drafts: Drafts
    log: Log
    media: MediaStore
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


__all__ = [
    "Audit",
    "Backend",
    "Bounds",
    "Characters",
    "Charts",
    "Clock",
    "Communities",
    "Decision",
    "Draft",
    "Drafts",
    "Entries",
    "Handle",
    "Hear",
    "Installations",
    "Jobs",
    "Lettering",
    "Letters",
    "Linking",
    "Log",
    "Logged",
    "MediaStore",
    "Meter",
    "Need",
    "OwnSport",
    "OwnSports",
    "People",
    "Pick",
    "Platform",
    "Postings",
    "Privacy",
    "Provenance",
    "Reply",
    "Repositories",
    "Rounds",
    "Runner",
    "Showings",
    "SoundMaker",
    "Statistics",
    "Timing",
    "Traits",
    "Unmetered",
    "VideoTool",
    "Votes",
    "Writer",
    "deaf",
]
