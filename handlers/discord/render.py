"""Ours to theirs: a card as one message of components, a form as a modal. Pure: nothing is opened or sent.

A card is a framed container with the tone's colour: title, quotation, lines, bar, picture or video, buttons. Such a
message can never become a classic one with content and embeds again, so every message of ours is one from the start.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import discord
from discord import ui

from bot.model.card import Button, ButtonStyle, Card, Field, FieldKind, Form, Tone
from handlers.discord.parse import custom_id
from handlers.discord.text import cut, length, plain, quoted

LONGEST: Final = 4000
"""Characters in all texts of one message together."""

_COLOURS: Final = {Tone.CALM: 0x5B8DB8, Tone.GOOD: 0x4C9F70, Tone.BAD: 0xC4553B}
_STYLES: Final = {
    ButtonStyle.PLAIN: discord.ButtonStyle.secondary,
    ButtonStyle.MAIN: discord.ButtonStyle.primary,
    ButtonStyle.DANGER: discord.ButtonStyle.danger,
}
_BAR: Final = 10
_TITLE, _WORDS, _SMALL = 256, 400, 400  # the parts that are short anyway, so that quote and lines get the rest
_LABEL, _ROW, _ROWS, _ALT = 80, 5, 5, 256
_MODAL_TITLE, _FIELDS, _FIELD_LABEL, _HINT, _OPTIONS, _INPUT = 45, 5, 45, 100, 25, 4000
_PICTURES = 10


@dataclass(frozen=True, slots=True)
class File:
    """A file to send along: bytes, or a path."""

    name: str
    alt: str
    source: bytes | Path


@dataclass(frozen=True, slots=True)
class Shown:
    """A rendered card."""

    view: ui.LayoutView
    files: tuple[File, ...]


def card(
    given: Card, *, mark: int | None = None, buttons: bool = True, kept: Sequence[str] | None = None, home: str = ""
) -> Shown:
    """The message for a card. `mark` numbers its container, so that the message can be recognised later.

    `kept` are the names of the files that hang there already: they stay, and none comes along. `home` is the server
    that the buttons of a letter speak of.
    """
    file = _file(given) if kept is None else None
    names = [file.name] if file else list(kept or ())
    view = ui.LayoutView(timeout=None)
    if given.mention:
        view.add_item(ui.TextDisplay(f"<@{given.mention}>"))
    parts: list[ui.Item[Any]] = [*_parts(given, names), *(_rows(given.buttons, home) if buttons else ())]
    view.add_item(ui.Container(*parts, accent_colour=_COLOURS[given.tone], id=mark))
    paper = File(file_name(given.file.name), "", given.file.path) if given.file else None
    if paper:
        view.add_item(ui.File(f"attachment://{paper.name}"))
    return Shown(view, tuple(one for one in (file, paper) if one))


def mark(key: str) -> int:
    """The number of a posting's container: the same for the same key, positive, 31 bits."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") >> 1 or 1


def nonce(key: str) -> str:
    """What Discord recognises a repeated posting by, for some minutes; at most 25 characters."""
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def bar(fraction: float | None) -> str:
    """Ten segments; none filled while nobody knows, and the last only when it is done."""
    filled = int(_BAR * min(max(fraction or 0.0, 0.0), 1.0) + 1e-9)
    return "▰" * filled + "▱" * (_BAR - filled)


def _parts(given: Card, files: Sequence[str]) -> Iterator[ui.Item[Any]]:
    title, quote, lines, small = _texts(given)
    gallery = _gallery(given, files)
    below = given.picture is not None and given.video is None
    if gallery and not below:
        yield gallery
    if title:
        yield ui.TextDisplay(title)
    if quote:
        yield ui.TextDisplay(quote)
    if lines:
        yield ui.TextDisplay(lines)
    if given.progress:
        yield ui.TextDisplay(_progress(given))
    if gallery and below:
        yield gallery
    if small:
        yield ui.TextDisplay(small)


def _gallery(given: Card, files: Sequence[str]) -> ui.MediaGallery[Any] | None:
    if not files:
        return None
    made, shown = ui.MediaGallery[Any](), given.video or given.picture
    for name in files[:_PICTURES]:
        made.add_item(media=f"attachment://{name}", description=cut(shown.alt, _ALT) or None if shown else None)
    return made


def _texts(given: Card) -> tuple[str, str, str, str]:
    """Title, quotation, lines and small print, together with the rest within the message's limit."""
    title = f"### {cut(plain(' '.join(given.title.split())), _TITLE)}" if given.title else ""
    small = f"-# {cut(plain(' '.join(given.small.split())), _SMALL)}" if given.small else ""
    mention = len(f"<@{given.mention}>") if given.mention else 0
    room = LONGEST - length(title) - length(small) - length(_progress(given)) - mention
    lines = plain("\n".join(given.lines))
    quote = cut(quoted(given.quote), room - min(length(lines), room // 3))
    return title, quote, cut(lines, room - length(quote)), small


def _progress(given: Card) -> str:
    if given.progress is None:
        return ""
    return f"{bar(given.progress.fraction)}  {cut(plain(given.progress.words), _WORDS)}"


def names(given: Card) -> list[str]:
    """What the card's file is called."""
    file = _file(given)
    return [file.name] if file else []


def _file(given: Card) -> File | None:
    if video := given.video:
        return File(file_name(video.name), cut(video.alt, _ALT), video.path)
    if picture := given.picture:
        return File(file_name(picture.name), cut(picture.alt, _ALT), picture.path or picture.data)
    return None


def file_name(name: str) -> str:
    """A name Discord keeps as it is, so that `attachment://` finds the file."""
    stem, dot, suffix = name.rpartition(".")
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", stem or suffix).strip("-_") or "clip"
    return f"{clean[:60]}.{re.sub(r'[^A-Za-z0-9]', '', suffix)}" if dot else clean[:60]


def _rows(buttons: Sequence[Button], home: str) -> Iterator[ui.ActionRow[Any]]:
    unique = list({button.action: button for button in buttons}.values())[: _ROW * _ROWS]
    for start in range(0, len(unique), _ROW):
        yield ui.ActionRow(*(_button(button, home) for button in unique[start : start + _ROW]))


def _button(button: Button, home: str) -> ui.Button[Any]:
    if button.url:
        return ui.Button(url=button.url, label=cut(button.label, _LABEL) or None, emoji=button.emoji or None)
    return ui.Button(
        custom_id=custom_id(button.action, home),
        label=cut(button.label, _LABEL) or None,
        emoji=button.emoji or None,
        style=_STYLES[button.style],
    )


def form(given: Form, home: str = "") -> ui.Modal:
    """The modal for a form; of more than five fields the required ones come first."""
    modal = ui.Modal(title=cut(given.title, _MODAL_TITLE), custom_id=custom_id(given.action, home))
    kept = sorted(given.fields, key=lambda field: not field.required)[:_FIELDS]
    for field in given.fields:
        if field in kept:
            modal.add_item(_labelled(field))
    return modal


def _labelled(field: Field) -> ui.Label[Any]:
    # An empty text field shows its hint inside.
    inside = field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT) and not field.value
    hint = None if inside else cut(field.hint, _HINT) or None
    return ui.Label(text=cut(field.label, _FIELD_LABEL), description=hint, component=_input(field))


def _input(field: Field) -> ui.Item[Any]:
    match field.kind:
        case FieldKind.FILE:
            least = 1 if field.required else 0
            return ui.FileUpload(custom_id=field.name, required=field.required, min_values=least, max_values=1)
        case FieldKind.SELECT if field.choices:
            return _select(field)
        case FieldKind.CHANNEL:
            types = [discord.ChannelType.text, discord.ChannelType.news]
            defaults = [discord.SelectDefaultValue.from_channel(one) for one in _chosen(field)]
            return ui.ChannelSelect(channel_types=types, default_values=defaults, **_bounds(field, _OPTIONS))
        case FieldKind.ROLE:
            defaults = [discord.SelectDefaultValue.from_role(one) for one in _chosen(field)]
            return ui.RoleSelect(default_values=defaults, **_bounds(field, _OPTIONS))
        case FieldKind.MEMBER:
            defaults = [discord.SelectDefaultValue.from_user(one) for one in _chosen(field)]
            return ui.UserSelect(default_values=defaults, **_bounds(field, _OPTIONS))
        case _:  # also a choice among nothing, which Discord refuses
            return _text_input(field)


def _chosen(field: Field) -> list[discord.Object]:
    """What is chosen already; Discord refuses more than may be chosen."""
    numbers = [int(one) for one in field.value.split(",") if one.isdecimal()]
    return [discord.Object(number) for number in numbers[: _OPTIONS if field.many else 1]]


def _bounds(field: Field, most: int) -> dict[str, Any]:
    least = 1 if field.required else 0
    return {
        "custom_id": field.name,
        "required": field.required,
        "min_values": least,
        "max_values": most if field.many else 1,
    }


def _select(field: Field) -> ui.Select[Any]:
    choices = field.choices[:_OPTIONS]
    chosen = set(field.value.split(",")) if field.many else {field.value}
    options = [
        discord.SelectOption(label=cut(choice.label, _HINT), value=choice.value, default=choice.value in chosen)
        for choice in choices
    ]
    return ui.Select(options=options, **_bounds(field, len(choices)))


def _text_input(field: Field) -> ui.TextInput[Any]:
    longest = min(field.longest, _INPUT)
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.kind is FieldKind.LONG_TEXT else discord.TextStyle.short,
        default=field.value[:longest] or None,
        placeholder=cut(field.hint, _HINT) or None,
        required=field.required,
        max_length=longest,
    )
