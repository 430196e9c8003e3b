"""What communities read of a round: it opens, it closes, who won. Values into words, for any platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from bot import cards
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone, Video
from bot.model.contest import Rank, Round
from bot.model.entry import Entry

MEDALS: Final = ("🥇", "🥈", "🥉")


@dataclass(frozen=True, slots=True)
class Placed:
    """A ranked work, its maker as they wish to be named, and where it hangs in the hall (empty: nowhere)."""

    rank: Rank
    entry: Entry
    maker: str
    link: str = ""


def title(contest_round: Round, say: Words) -> str:
    """Number and theme."""
    return say("round.title", number=contest_round.number, theme=contest_round.theme)


def medal(rank: int) -> str:
    """The sign of a place."""
    return MEDALS[rank - 1] if rank <= len(MEDALS) else f"{rank}."


def rules(contest_round: Round, say: Words, now: datetime, most: int, own: Sequence[str] = ()) -> tuple[str, ...]:
    """What takes part, and until when, in the reader's words; `own`: the TOML of the communities' own sports."""
    lines: list[str] = []
    if contest_round.sport:
        lines.append(say("round.sport", sport=cards.sport_name(contest_round.sport, say.language, own)))
    if now < contest_round.closes:
        lines.append(
            say("round.closes", when=say.moment(contest_round.closes), left=say.length(contest_round.closes - now))
        )
        lines.append(say("round.most", n=most) if most else say("round.any_number"))
        lines.append(say("round.ends", when=say.moment(contest_round.ends)))
    else:
        lines.append(
            say("round.ends_in", when=say.moment(contest_round.ends), left=say.length(contest_round.ends - now))
        )
    return tuple(lines)


def opened(contest_round: Round, say: Words, now: datetime, emoji: str, most: int, own: Sequence[str] = ()) -> Card:
    """A round begins."""
    lines = (say("round.opened"), *rules(contest_round, say, now, most, own), say("round.vote", emoji=emoji))
    return _card(contest_round, say, lines, (_make(say), _round(say)), Tone.GOOD)


def soon(contest_round: Round, say: Words, now: datetime) -> Card:
    """Not much time is left for works."""
    lines = (say("round.soon", when=say.moment(contest_round.closes), left=say.length(contest_round.closes - now)),)
    return _card(contest_round, say, lines, (_make(say), _round(say)))


def submitted(contest_round: Round, say: Words, now: datetime, emoji: str, works: int) -> Card:
    """No more works; the votes decide."""
    when, left = say.moment(contest_round.ends), say.length(contest_round.ends - now)
    lines = (say("round.submitted", n=works), say("round.vote_until", emoji=emoji, when=when, left=left))
    return _card(contest_round, say, lines, (_board(say),))


def last_call(contest_round: Round, say: Words, now: datetime, emoji: str) -> Card:
    """Not much time is left for votes."""
    when, left = say.moment(contest_round.ends), say.length(contest_round.ends - now)
    return _card(contest_round, say, (say("round.vote_until", emoji=emoji, when=when, left=left),), (_board(say),))


def nobody(contest_round: Round, say: Words) -> Card:
    """A round that ends without a winner."""
    return _card(contest_round, say, (say("podium.nobody"),), (_make(say),))


def podium(contest_round: Round, best: Sequence[Placed], film: Path, poster: Path, label: str, language: str) -> Card:
    """The first three; the winner's film plays."""
    say = words(language)
    card = cards.entry_card(best[0].entry, film, poster, label, (), language)
    return replace(
        card,
        title=say("podium.title", number=contest_round.number, theme=contest_round.theme),
        quote="",
        lines=tuple(line for placed in best for line in _place(placed, say)),
        buttons=(Button(f"remix:{best[0].entry.id}", say("button.remix"), "🎬"), _board(say)),
        mention=None,
    )


def reel(contest_round: Round, film: Video, say: Words, link: str = "") -> Card:
    """The film of the best; `link`: where it hangs in the hall."""
    named = say("reel.title", number=contest_round.number, theme=contest_round.theme)
    hall = (Button("hall", say("button.hall"), "🏛️", url=link),) if link else ()
    return Card(CardKind.ENTRY, named, (say("reel.words"),), tone=Tone.GOOD, video=film, buttons=(_board(say), *hall))


def _place(placed: Placed, say: Words) -> tuple[str, ...]:
    line = say(
        "podium.place",
        medal=medal(placed.rank.rank),
        maker=placed.maker,
        sentence=cards.clipped(placed.entry.request.prompt, 120),
        n=placed.rank.votes,
    )
    return (line, placed.link) if placed.link else (line,)


def _card(
    contest_round: Round, say: Words, lines: tuple[str, ...], buttons: tuple[Button, ...], tone: Tone = Tone.CALM
) -> Card:
    return Card(CardKind.NOTICE, title(contest_round, say), lines, tone=tone, buttons=buttons)


def _make(say: Words) -> Button:
    return Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)


def _round(say: Words) -> Button:
    return Button("round", say("button.round"), "🏁")


def _board(say: Words) -> Button:
    return Button("top:round", say("button.top"), "🏆")
