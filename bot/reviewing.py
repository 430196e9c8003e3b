"""Moderators' cards and forms, and the card of a work in the exhibit: values into words, for any platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from bot import cards
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Choice, Field, FieldKind, Form, Tone
from bot.model.contest import EntryState
from bot.model.entry import Entry

PRESETS: Final = ("off_topic", "quality", "double", "unsafe", "real_person", "other")
"""Reasons to decline, ready to be chosen: `decline.<name>` in the catalogues."""
LONGEST_REASON: Final = 300
ALIKE: Final = 0.72
"""From here on two sentences are shown as similar (0..1, difflib's ratio)."""


Draw = Callable[[Path, Path], Card]
"""(film, poster) → a card."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a moderator needs to decide."""

    entry: Entry
    votes: int
    states: Mapping[EntryState, int]
    """The maker's works by how far they came."""
    paused: str
    similar: tuple[Entry, ...]


def review_card(about: Dossier, film: Path, poster: Path, label: str, language: str) -> Card:
    """A nominated work with everything needed to decide, or what was decided."""
    say, entry = words(language), about.entry
    card = cards.entry_card(entry, film, poster, label, (), language)
    return replace(
        card,
        kind=CardKind.CHOICE,
        title=f"{card.title} · {say(f'review.state.{entry.state.value}')}",
        lines=tuple(_facts(about, say)),
        tone=_TONES[entry.state],
        buttons=_buttons(entry, say),
        mention=None,
    )


def exhibit_card(
    entry: Entry,
    film: Path,
    poster: Path,
    label: str,
    maker: str,
    link: str,
    language: str,
    after: Sequence[str] = (),
    *,
    secret: bool = False,
) -> Card:
    """A work as it hangs in the exhibit channel: its title card, with the way to the hall. `after`: earlier authors;
    `secret`: its votes are not told yet."""
    say = words(language)
    card = cards.entry_card(entry, film, poster, label, (), language)
    votes = entry.review.votes if entry.review else 0
    lines = [say("exhibit.by", maker=maker), *cards.credit(say, after)]
    lines += [] if secret else [say("exhibit.votes", n=votes)]
    if link:
        lines.append(link)
        enter = Button("hall", say("button.open_exhibit"), "🏛️", url=link)  # where a written address is no link
        card = replace(card, buttons=(*card.buttons, enter))
    return replace(card, lines=tuple(lines), tone=Tone.GOOD, mention=None)


def decline_form(entry: Entry, language: str) -> Form:
    """Why? A ready reason, or the moderator's own words."""
    say = words(language)
    ready = tuple(Choice(name, say(f"decline.{name}")) for name in PRESETS)
    return Form(
        action=f"decline:{entry.id}",
        title=say("decline.title"),
        submit=say("button.decline"),
        fields=(
            Field("reason", say("decline.reason"), FieldKind.SELECT, value=PRESETS[0], choices=ready, required=True),
            Field(
                "words",
                say("decline.words"),
                FieldKind.LONG_TEXT,
                hint=say("decline.words_hint"),
                longest=LONGEST_REASON,
            ),
        ),
    )


def preset(name: str) -> str:
    """The catalogue key of a ready reason; of one that is none, the last."""
    return f"decline.{name if name in PRESETS else PRESETS[-1]}"


def reason(kept: str, language: str) -> str:
    """A kept reason in the reader's language; own words as they are."""
    say = words(language)
    return say(kept) if kept.startswith("decline.") and say.knows(kept) else kept


def similar(entry: Entry, others: Sequence[Entry], most: int = 3) -> tuple[Entry, ...]:
    """Works whose sentences are much like this one's, most alike first."""
    rated = [(_alike(entry, other), other) for other in others if other.id != entry.id]
    near = sorted((pair for pair in rated if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return tuple(other for _, other in near[:most])


def _alike(one: Entry, other: Entry) -> float:
    pair = one.request.prompt.casefold(), other.request.prompt.casefold()
    return SequenceMatcher(None, *pair, autojunk=False).ratio()


_TONES: Final = {
    EntryState.OPEN: Tone.CALM,
    EntryState.NOMINATED: Tone.CALM,
    EntryState.APPROVED: Tone.GOOD,
    EntryState.DECLINED: Tone.BAD,
    EntryState.REMOVED: Tone.BAD,
}


def _facts(about: Dossier, say: Words) -> list[str]:
    entry, seen = about.entry, about.entry.clip.inspection
    lines = [say("review.maker", maker=entry.member.name), say("review.votes", n=about.votes)]
    states = about.states
    lines.append(
        say(
            "review.history",
            n=sum(states.values()),
            approved=states.get(EntryState.APPROVED, 0),
            declined=states.get(EntryState.DECLINED, 0),
        )
    )
    if about.paused:
        lines.append(say("review.paused", why=about.paused))
    found = [say(key) for key in (*seen.faults, *seen.warnings) if say.knows(key)]
    lines.append(say("review.inspection", found=", ".join(found)) if found else say("review.inspection_good"))
    lines += [say("review.similar", sentence=cards.clipped(one.request.prompt, 80)) for one in about.similar]
    if entry.review:
        why = reason(entry.review.reason, say.language)
        lines.append(say(f"review.by.{entry.state.value}", name=entry.review.name) + (f" — {why}" if why else ""))
    return lines


def _buttons(entry: Entry, say: Words) -> tuple[Button, ...]:
    takedown = Button(f"takedown:{entry.id}", say("button.takedown"), "⛔", ButtonStyle.DANGER)
    if entry.state is EntryState.NOMINATED:
        return (
            Button(f"approve:{entry.id}", say("button.approve"), "🏛️", ButtonStyle.MAIN),
            Button(f"decline:{entry.id}", say("button.decline"), "✋"),
            takedown,
            Button(f"pause:{entry.id}", say("button.pause"), "⏸️"),
        )
    return () if entry.state is EntryState.REMOVED else (takedown,)
