"""Our cards and forms → Slack's blocks, views and fallback text. Pure.

Members' words go into rich text and plain text only, which Slack shows as they are; the fallback text, which Slack
does interpret, is escaped. Limits: https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from bot.locales import Words
from bot.model.card import Button, ButtonStyle, Card, Choice, Field, FieldKind, Form, Progress, Tone
from handlers.slack.parse import ANSWER, FORM, LINK, PLACE_BLOCK, PRESS

Block = dict[str, Any]
"""One block or element as Slack takes it."""

LONGEST_TEXT: Final = 3000
"""Characters of a text: what a block holds; chat.update takes 4000 in all."""
_HEADER: Final = 150
_TITLE: Final = 24
_LABEL: Final = 75
_SMALL: Final = 2000
_ROW: Final = 25
_OPTIONS: Final = 100
_HOME: Final = 100
_FILES: Final = {"image": ("png", "jpg", "jpeg", "webp", "gif"), "audio": ("mp3", "wav", "m4a", "ogg", "flac")}
_STYLES: Final = {ButtonStyle.MAIN: "primary", ButtonStyle.DANGER: "danger"}
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")


def blocks(card: Card, say: Words, picture: str = "") -> list[Block]:
    """A card as blocks; `say` speaks the readers' language, `picture` is the Slack file of its still.

    The mention of a clip's maker stands beside the clip instead.
    """
    parts = [_header(card), _body(card), _picture(card, picture), *_notes(card, say), *_rows(card.buttons)]
    return [part for part in parts if part]


def fallback(card: Card) -> str:
    """A card as the text of notifications and screen readers, escaped."""
    quote = f"“{card.quote}”" if card.quote else ""
    parts = (card.title, quote, *card.lines, card.progress.words if card.progress else "")
    return escaped("\n".join(unmarked(part) for part in parts if part)) or "…"


def comment(card: Card) -> str:
    """What stands above the clip in the card's thread: the maker's mention, which Slack tells them once."""
    title = escaped(unmarked(card.title), 500)
    return f"<@{card.mention}> {title}" if card.mention else title


def modal(form: Form, say: Words, *, origin: str, ask_place: bool) -> Block:
    """A form as a modal view. `ask_place`: it was opened outside any channel, so it asks for one."""
    place = [_place(say)] if ask_place else []
    whole = [{"type": "header", "text": _plain(form.title, _HEADER)}] if len(form.title) > _TITLE else []
    return {
        "type": "modal",
        "callback_id": cut(FORM + form.action, 255),
        "private_metadata": origin,
        "title": _plain(form.title, _TITLE),
        "submit": _plain(form.submit, 24),
        "close": _plain(say("slack.form.close"), 24),
        "blocks": [*whole, *(_input(field) for field in form.fields), *place],
    }


def home(say: Words, cards: Sequence[Card] = (), *, admin: bool = False) -> Block:
    """The app's own page: what it is, three things to try, the way in, and `cards`, which tell of the reader's own."""
    tries = "\n".join(f"{number}. {say(f'slack.home.try.{number}')}" for number in (1, 2, 3))
    intro = say("slack.home.intro") + "\n\n" + say("slack.home.try") + "\n" + tries
    buttons = (
        Button("compose", say("slack.home.create"), "⛷️", ButtonStyle.MAIN),
        Button("mine", say("slack.home.mine")),
        Button("help", say("slack.home.help")),
        *((Button("setup", say("slack.home.setup"), "⚙️"),) if admin else ()),
    )
    known = {button.action for button in buttons}
    told: list[Block] = []
    for card in cards:
        own = replace(card, buttons=tuple(button for button in card.buttons if button.action not in known))
        told += [{"type": "divider"}, *blocks(own, say)]
    head = {"type": "header", "text": _plain(say("slack.home.title"), _HEADER)}
    return {"type": "home", "blocks": [head, _rich([_section(intro)]), *_rows(buttons), *told][:_HOME]}


def bar(fraction: float | None) -> str:
    """Ten segments."""
    full = 0 if fraction is None else min(10, max(0, int(fraction * 10 + 1e-9)))
    return "▰" * full + "▱" * (10 - full)


def cut(text: str, most: int) -> str:
    """At most so many characters, with an ellipsis where something is missing."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def escaped(text: str, most: int = LONGEST_TEXT) -> str:
    """Text for a place where Slack reads markup, at most so many characters after escaping."""
    short = text
    while len(safe := short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")) > most:
        short = cut(short, len(short) - max(1, (len(safe) - most) // 5))
    return safe


def unmarked(text: str) -> str:
    """Our text without its **bold** marks."""
    return _BOLD.sub(r"\1", text)


def _header(card: Card) -> Block | None:
    sign = "⚠️ " if card.tone is Tone.BAD else ""
    title = unmarked(card.title)
    return {"type": "header", "text": _plain(sign + title, _HEADER)} if title else None


def _body(card: Card) -> Block | None:
    parts: list[Block] = []
    if card.quote:
        parts.append({"type": "rich_text_quote", "elements": _runs(cut(card.quote, LONGEST_TEXT), bold=False)})
    if lines := "\n".join(line for line in card.lines if line):
        parts.append(_section(cut(lines, LONGEST_TEXT)))
    if card.progress:
        parts.append(_section(_progress(card.progress)))
    if card.mention and not card.video:
        parts.append({"type": "rich_text_section", "elements": [{"type": "user", "user_id": card.mention}]})
    return _rich(parts) if parts else None


def _picture(card: Card, file: str) -> Block | None:
    shown = card.video or card.picture
    alt = cut(shown.alt, 2000) if shown else ""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt or "…"} if file else None


def _progress(progress: Progress) -> str:
    return f"{bar(progress.fraction)}  {cut(progress.words, 500)}".rstrip()


def _notes(card: Card, say: Words) -> list[Block]:
    thread = say("slack.clip.below", seconds=round(card.video.seconds)) if card.video else ""
    notes = [_plain(unmarked(note), _SMALL) for note in (thread, card.small) if note]
    return [{"type": "context", "elements": notes}] if notes else []


def _rows(buttons: tuple[Button, ...]) -> list[Block]:
    rows = [buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)]
    return [{"type": "actions", "elements": [_button(button) for button in row]} for row in rows[:4]]


def _button(button: Button) -> Block:
    style = {"style": _STYLES[button.style]} if button.style in _STYLES else {}
    return {
        "type": "button",
        "text": _plain(f"{button.emoji} {button.label}".strip(), _LABEL),
        "action_id": cut((LINK if button.url else PRESS) + button.action, 255),
        "value": button.action,
        **({"url": button.url} if button.url else {}),
        **style,
    }


def _rich(parts: list[Block]) -> Block:
    return {"type": "rich_text", "elements": parts}


def _section(text: str) -> Block:
    return {"type": "rich_text_section", "elements": _runs(text)}


def _runs(text: str, *, bold: bool = True) -> list[Block]:
    """Text elements; every second piece of a split on bold marks was between them."""
    pieces = _BOLD.split(text) if bold else [text]
    styled = [{"style": {"bold": True}} if index % 2 else {} for index in range(len(pieces))]
    return [{"type": "text", "text": piece, **style} for piece, style in zip(pieces, styled, strict=True) if piece]


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(text, most) or "…", "emoji": True}


def _input(field: Field) -> Block:
    hint = {"hint": _plain(field.hint, 2000)} if field.hint else {}
    return {
        "type": "input",
        "block_id": cut(field.name, 255),
        "optional": not field.required,
        "label": _plain(field.label, 2000),
        "element": _element(field),
        **hint,
    }


def _element(field: Field) -> Block:
    options = [choice for choice in field.choices if choice.value][:_OPTIONS]
    if options and field.kind in (FieldKind.SELECT, FieldKind.ROLE):
        return _several(field, options) if field.many else _select(field, options)
    if field.kind in (FieldKind.CHANNEL, FieldKind.ROLE, FieldKind.MEMBER):
        return _picker(field)
    if field.kind is FieldKind.FILE:
        kinds = {"filetypes": list(_FILES[field.name])} if field.name in _FILES else {}
        return {"type": "file_input", "action_id": ANSWER, "max_files": 1, **kinds}
    longest = min(field.longest, LONGEST_TEXT)
    value = {"initial_value": cut(field.value, longest)} if field.value else {}
    multiline = field.kind is FieldKind.LONG_TEXT
    return {"type": "plain_text_input", "action_id": ANSWER, "multiline": multiline, "max_length": longest, **value}


def _select(field: Field, options: list[Choice]) -> Block:
    """A choice with an empty value means "not said": Slack says that by an empty, optional select."""
    unsaid = next((choice.label for choice in field.choices if not choice.value), "")
    shown = next((_option(choice) for choice in options if choice.value == field.value), None)
    return {
        "type": "static_select",
        "action_id": ANSWER,
        "options": [_option(choice) for choice in options],
        **({"placeholder": _plain(unsaid, 150)} if unsaid else {}),
        **({"initial_option": shown} if shown else {}),
    }


def _several(field: Field, options: list[Choice]) -> Block:
    chosen = [_option(choice) for choice in options if choice.value in field.value.split(",")]
    return {
        "type": "multi_static_select",
        "action_id": ANSWER,
        "options": [_option(choice) for choice in options],
        **({"initial_options": chosen} if chosen else {}),
    }


def _picker(field: Field) -> Block:
    """Slack's own list of channels or people. It has no roles: who gets a role's rights is chosen by name."""
    kind = "conversations" if field.kind is FieldKind.CHANNEL else "users"
    chosen = [one for one in field.value.split(",") if one]
    only = {"filter": {"include": ["public", "private"]}} if kind == "conversations" else {}
    if field.many:
        initial = {f"initial_{kind}": chosen} if chosen else {}
        return {"type": f"multi_{kind}_select", "action_id": ANSWER, **only, **initial}
    initial = {f"initial_{kind.removesuffix('s')}": chosen[0]} if chosen else {}
    return {"type": f"{kind}_select", "action_id": ANSWER, **only, **initial}


def _option(choice: Choice) -> Block:
    return {"text": _plain(choice.label, _LABEL), "value": choice.value[:150]}


def _place(say: Words) -> Block:
    select = {
        "type": "conversations_select",
        "action_id": ANSWER,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"]},
    }
    label = _plain(say("slack.form.place"), 2000)
    return {"type": "input", "block_id": PLACE_BLOCK, "optional": False, "label": label, "element": select}
