"""What is typed or picked in a form → a value of the setup, and back. Readers raise `BadSetting` and nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Protocol

from bot.errors import BadSetting
from bot.locales import Words
from bot.model.card import Choice, FieldKind

NONE: Final = "-"
NOTHING: Final = frozenset({NONE, "none", "なし"})
"""What one types after `name:` to choose nothing again."""
MOST_IDS: Final = 25
_MENTION: Final = re.compile(r"<(?:#|@&|@!?)([A-Za-z0-9_-]+)(?:\|[^>]*)?>")
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_BREAKS: Final = re.compile(r"[,、，;\s]+")


class Reader(Protocol):
    """One kind of value."""

    @property
    def kind(self) -> FieldKind:
        """The field it is asked with."""
        ...

    @property
    def many(self) -> bool:
        """Whether several are chosen."""
        ...

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """What may be picked, where that is known beforehand."""
        ...

    def text(self, value: Any) -> str:
        """The value as its field holds it."""
        ...

    def read(self, said: str) -> Any:
        """The value of what was said; nothing said is a value too."""
        ...


class _Plain:
    """Typed into a line."""

    kind = FieldKind.TEXT
    many = False

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """Nothing is known beforehand."""
        del say
        return ()


@dataclass(frozen=True, slots=True)
class Number(_Plain):
    """A whole number; left empty it is `blank`."""

    least: int
    most: int
    blank: int | None = None

    def text(self, value: int | None) -> str:
        """The digits."""
        return "" if value is None else str(value)

    def read(self, said: str) -> int | None:
        """The number."""
        digits = unicodedata.normalize("NFKC", said.strip())
        if not digits or digits.lower() in NOTHING:
            return self.blank
        if not re.fullmatch(r"[0-9]{1,9}", digits) or not self.least <= int(digits) <= self.most:
            raise BadSetting(key="setting.bad_number", said=said[:40], least=self.least, most=self.most)
        return int(digits)


@dataclass(frozen=True, slots=True)
class Money(_Plain):
    """An amount; left empty there is no limit."""

    most: Decimal = Decimal(1_000_000)

    def text(self, value: Decimal | None) -> str:
        """As it is written."""
        return "" if value is None else f"{value:f}"

    def read(self, said: str) -> Decimal | None:
        """The exact amount."""
        digits = unicodedata.normalize("NFKC", said.strip())
        if not digits or digits.lower() in NOTHING:
            return None
        if not re.fullmatch(r"[0-9]{1,9}([.,][0-9]{1,4})?", digits):
            raise BadSetting(key="setting.bad_money", said=said[:40])
        try:
            amount = Decimal(digits.replace(",", "."))
        except InvalidOperation as error:
            raise BadSetting(key="setting.bad_money", said=said[:40]) from error
        if amount > self.most:
            raise BadSetting(key="setting.bad_money", said=said[:40])
        return amount


@dataclass(frozen=True, slots=True)
class Currency(_Plain):
    """Three letters; left empty US dollars."""

    def text(self, value: str) -> str:
        """The letters."""
        return value

    def read(self, said: str) -> str:
        """The letters, large."""
        letters = said.strip().upper() or "USD"
        if not re.fullmatch(r"[A-Z]{3}", letters):
            raise BadSetting(key="setting.bad_currency", said=said[:40])
        return letters


@dataclass(frozen=True, slots=True)
class Emoji(_Plain):
    """An emoji as the platform sends it, also one of the community's own; left empty it is `blank`."""

    blank: str

    def text(self, value: str) -> str:
        """The emoji."""
        return value

    def read(self, said: str) -> str:
        """The emoji; whether the bot may use it is tried on the platform."""
        emoji = said.strip()
        if not emoji or emoji.lower() in NOTHING:
            return self.blank
        named = re.fullmatch(r"(<a?)?:[A-Za-z0-9_+-]{1,80}:([0-9]{1,25}>)?", emoji) is not None
        if not named and (len(emoji) > 16 or any(char.isalnum() or char.isspace() for char in emoji)):
            raise BadSetting(key="setting.bad_emoji", said=said[:40])
        if not named and not any(_pictures(char) for char in emoji):
            raise BadSetting(key="setting.bad_emoji", said=said[:40])
        return emoji


@dataclass(frozen=True, slots=True)
class Switch:
    """On or off; left empty it is `blank`."""

    blank: bool = False
    kind = FieldKind.SELECT
    many = False

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """Both."""
        return tuple(Choice(name, say(f"setting.{name}")) for name in ("on", "off"))

    def text(self, value: bool) -> str:
        """`on` or `off`."""
        return "on" if value else "off"

    def read(self, said: str) -> bool:
        """Whether it is on."""
        word = said.strip().lower()
        if not word or word in NOTHING:
            return self.blank
        if word not in ("on", "off", "true", "false", "yes", "no"):
            raise BadSetting(key="setting.bad_switch", said=said[:40])
        return word in ("on", "true", "yes")


@dataclass(frozen=True, slots=True)
class One:
    """One channel, role or member by its id, or none."""

    kind: FieldKind
    many = False

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """The platform knows them."""
        del say
        return ()

    def text(self, value: str) -> str:
        """The id."""
        return value

    def read(self, said: str) -> str:
        """The id."""
        found = ids(said)
        if len(found) > 1:
            raise BadSetting(key="setting.only_one")
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Many:
    """Channels, roles or members by their ids."""

    kind: FieldKind
    many = True

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """The platform knows them."""
        del say
        return ()

    def text(self, value: Sequence[str]) -> str:
        """The ids, joined."""
        return ",".join(value)

    def read(self, said: str) -> tuple[str, ...]:
        """The ids, each once."""
        return ids(said)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of what is known, or none. `options`: (value, label)."""

    options: tuple[tuple[str, str], ...]
    kind = FieldKind.SELECT
    many = False

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """All of them."""
        del say
        return tuple(Choice(value, label) for value, label in self.options)

    def text(self, value: str) -> str:
        """The value."""
        return value

    def read(self, said: str) -> str:
        """The value."""
        word = said.strip()
        if not word or word.lower() in NOTHING:
            return ""
        return _among(word, self.options)


@dataclass(frozen=True, slots=True)
class ManyOf:
    """Some of what is known. `options`: (value, label); `named`: what a value is called, from it and a language."""

    options: tuple[tuple[str, str], ...]
    named: Callable[[str, str], str]
    kind = FieldKind.SELECT
    many = True

    def choices(self, say: Words) -> tuple[Choice, ...]:
        """All of them."""
        return tuple(Choice(value, self.named(value, say.language)) for value, _ in self.options)

    def text(self, value: Sequence[str]) -> str:
        """The values, joined."""
        return ",".join(value)

    def read(self, said: str) -> tuple[str, ...]:
        """The values, each once."""
        return tuple(dict.fromkeys(_among(word, self.options) for word in parts(said)))


@dataclass(frozen=True, slots=True)
class Ordered(_Plain):
    """Some of what is known, typed in an order of one's own."""

    options: tuple[tuple[str, str], ...]

    def text(self, value: Sequence[str]) -> str:
        """The values in their order; what is known no more is left out."""
        known = {one for one, _ in self.options}
        return ", ".join(one for one in value if one in known)

    def read(self, said: str) -> tuple[str, ...]:
        """The values in their order, each once."""
        return tuple(dict.fromkeys(_among(word, self.options) for word in parts(said)))


def parts(said: str) -> list[str]:
    """What was said, cut at commas and blanks."""
    return [part for part in _BREAKS.split(said.strip()) if part and part.lower() not in NOTHING]


def ids(said: str) -> tuple[str, ...]:
    """Ids as platforms send them, or as people mention what they mean (<#1>, <@&2>, <@U3|ada>)."""
    found = tuple(dict.fromkeys(parts(_MENTION.sub(r" \1 ", said))))
    for one in found:
        if not _ID.fullmatch(one):
            raise BadSetting(key="setting.bad_id", said=one[:40])
    if len(found) > MOST_IDS:
        raise BadSetting(key="setting.too_many", n=MOST_IDS)
    return found


def _among(word: str, options: Iterable[tuple[str, str]]) -> str:
    spoken = {name.casefold(): value for value, label in options for name in (label, value)}
    if word.casefold() not in spoken:
        near = ", ".join(value for value, _ in options)
        raise BadSetting(key="setting.not_offered", said=word[:40], near=near[:300] or "–")
    return spoken[word.casefold()]


def _pictures(char: str) -> bool:
    """A sign that is drawn: symbols, and what they are joined from (flags, keys)."""
    return unicodedata.category(char) in {"So", "Sk", "Sm"} or "\U0001f1e6" <= char <= "\U0001f1ff" or char == "\u20e3"
