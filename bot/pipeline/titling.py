"""How a work hangs in the exhibit channel: its title card, with the votes it was approved with once these are told."""

from __future__ import annotations

from pathlib import Path

from bot import reviewing
from bot.model.card import Card
from bot.model.entry import Entry
from bot.model.setup import Home
from bot.pipeline import lineage
from bot.pipeline.accounts import maker_name
from bot.pipeline.tools import Tools
from bot.pipeline.window import secret


def link(tools: Tools, entry_id: str) -> str:
    """Where an exhibit hangs in the hall; empty when there is no hall to link to."""
    return f"{tools.hall.rstrip('/')}/exhibits/{entry_id}" if tools.hall else ""


async def titled(tools: Tools, entry: Entry, home: Home) -> reviewing.Draw:
    """The card as one community sees it now, but for its film."""
    label, maker = await tools.label(entry.backend), await maker_name(tools, entry)
    after = [one.name for one in await lineage.before(tools, entry)]
    own = await tools.repos.communities.get(entry.member.community)
    hidden, language, address = await secret(tools, own, entry), home.setup.language or "en", link(tools, entry.id)

    def draw(film: Path, poster: Path) -> Card:
        return reviewing.exhibit_card(entry, film, poster, label, maker, address, language, after, secret=hidden)

    return draw
