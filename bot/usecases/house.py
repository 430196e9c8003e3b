"""What every use case may use, handed over as one value."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from bot.model.provenance import Credentials
from bot.pipeline.curator import Curator
from bot.pipeline.engine import Engine
from bot.pipeline.tools import Tools
from bot.planner import Rules
from bot.ports import Charts, Writer
from bot.settings import Limits
from bot.usecases.offered import Offers
from bot.usecases.polls import Polls
from bot.usecases.typed import Typed


@dataclass(frozen=True)
class House:
    """The engine, its tools, and the rules of the house."""

    tools: Tools
    engine: Engine
    limits: Limits
    rules: Rules = field(default_factory=Rules)
    """What the operator decided about planning."""
    writer: Writer | None = None
    """Who writes sentences out for video models, if the operator wants that."""
    charts: Charts | None = None
    """Who draws numbers; without one they are only told."""
    turns: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """One member's requests are admitted one after another, so that a limit cannot be outrun."""
    labels: dict[str, str] = field(default_factory=dict[str, str])
    """How each backend's clips are labelled, as far as it has told."""
    credentials: dict[str, Credentials | None] = field(default_factory=dict[str, "Credentials | None"])
    """What films were found to say of themselves, by blob."""
    visits: dict[str, date] = field(default_factory=dict[str, date])
    """The last day each account was seen on, so that it is written once a day."""
    shelf: Offers | None = None
    """What the communities offer, where somebody else needs to look at it too."""
    typed: Typed = field(default_factory=Typed)
    """What was typed into forms that could not be taken."""

    @property
    def curator(self) -> Curator:
        """Who looks after the moderators' cards and the exhibit."""
        return self.engine.curator

    def changed(self, entry_id: str) -> None:
        """What is known of an entry changed: every card that shows it follows."""
        self.curator.wake()
        self.engine.showcase.changed(entry_id)

    @cached_property
    def offers(self) -> Offers:
        """What the communities offer."""
        return self.shelf or Offers(self.tools.repos)

    @cached_property
    def polls(self) -> Polls:
        """What is in mind about votes."""
        return Polls(self.tools.repos, self.tools.clock)
