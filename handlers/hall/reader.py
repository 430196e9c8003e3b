"""Who looks: their language, what they ask for, and links that keep both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from starlette.requests import Request

from bot import sports
from bot.locales import Words, nearest, words
from bot.model.exhibit import Room, Sort
from bot.model.request import Request as Wish
from handlers.tongues import accepted

MOST_PAGES: Final = 100_000
LONGEST: Final = 100
"""Characters of one thing that is asked for; no name of ours is longer."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Their language; `chosen` if they said so in the address, which links then keep. `base` is the hall's address."""

    language: str
    chosen: bool
    base: str

    @property
    def say(self) -> Words:
        """Our words for them."""
        return words(self.language)

    @property
    def locale(self) -> Locale:
        """Their dates and numbers."""
        return Locale.parse(self.language, sep="-")

    def to(self, path: str, **asked: str | int) -> str:
        """A link inside the hall."""
        tongue = {"lang": self.language} if self.chosen else dict[str, str]()
        return f"{urlsplit(self.base).path}{_asking(path, {**asked, **tongue})}"

    def file(self, path: str, **asked: str) -> str:
        """A link to what has no language."""
        return f"{urlsplit(self.base).path}{_asking(path, asked)}"

    def whole(self, path: str, **asked: str | int) -> str:
        """The same link as it is passed on: complete, in the language of whoever follows it."""
        return f"{self.base}{_asking(path, asked)}"

    def date(self, moment: datetime) -> str:
        """A day as they write it."""
        return format_date(moment.astimezone(UTC), "long", locale=self.locale)

    def number(self, value: int) -> str:
        """A number as they write it."""
        return format_decimal(value, locale=self.locale)

    def sport(self, request: Wish) -> str:
        """The name of a request's sport, without the emoji that chats set before it."""
        known = sports.asked_for(request)
        return known.name(self.language) if known else request.sport

    def tongue(self, tag: str) -> str:
        """What they call a language."""
        return Locale.parse(nearest(tag), sep="-").get_display_name(self.locale) or tag


def reader(request: Request, base: str, house_language: str) -> Reader:
    """From the address (`lang`), then what the browser prefers."""
    said = request.query_params.get("lang", "")[:LONGEST]
    if said:
        return Reader(nearest(said), chosen=True, base=base)
    return Reader(accepted(request.headers.get("accept-language", ""), house_language), chosen=False, base=base)


def room(request: Request) -> Room:
    """The part of the exhibit that is asked for."""
    return Room(**{one.name: request.query_params.get(one.name, "")[:LONGEST] for one in fields(Room)})


def sort(request: Request) -> Sort:
    """The order that is asked for."""
    said = request.query_params.get("sort", "")
    return Sort(said) if said in set(Sort) else Sort.NEWEST


def page(request: Request) -> int:
    """The page that is asked for, from 1."""
    said = request.query_params.get("page", "")
    return int(said) if said.isascii() and said.isdecimal() and 0 < int(said[:9]) <= MOST_PAGES else 1


def asked(room: Room, order: Sort = Sort.NEWEST) -> dict[str, str]:
    """What is asked for, as an address says it."""
    said = {one.name: str(getattr(room, one.name)) for one in fields(room)}
    order_said = {} if order is Sort.NEWEST else {"sort": order.value}
    return {name: value for name, value in said.items() if value} | order_said


def _asking(path: str, asked: Mapping[str, str | int]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value != ""})
    return f"{path}?{query}" if query else path
