"""Who looks at the page: one of four people of the local community, in a language, under a light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from bot.locales import nearest, words
from bot.model.card import Choice
from bot.model.people import Community, Member, Place, Role
from handlers.tongues import accepted
from handlers.web.wall import CHANNEL, REVIEW, ROOMS

NAME: Final = "studio"
COMMUNITY: Final = Community(NAME, "local")
PEOPLE: Final = {
    "member-1": Role.MEMBER,
    "member-2": Role.MEMBER,
    "moderator": Role.MODERATOR,
    "admin": Role.ADMIN,
}
LIGHTS: Final = ("dark", "light")
LANGUAGE_COOKIE: Final = "olympic_language"
LIGHT_COOKIE: Final = "olympic_light"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a request speaks for, and in which room they look around. `light` is "dark", "light" or "" for what the
    system prefers."""

    member: Member
    place: Place
    light: str = ""
    room: str = CHANNEL

    @property
    def language(self) -> str:
        """Their language."""
        return self.member.language


def visitor(request: Request, house_language: str) -> Visitor:
    """From the address (`as`, `lang`, `light`), then cookies, then what the browser prefers."""
    asked = request.query_params
    who = asked.get("as", "")
    who = who if who in PEOPLE else next(iter(PEOPLE))
    language = preferred(request, house_language)
    light = asked.get("light") or request.cookies.get(LIGHT_COOKIE, "")
    return Visitor(
        Member(COMMUNITY, who, name(who, house_language), language, PEOPLE[who]),
        Place(COMMUNITY, CHANNEL, language=house_language),
        light if light in LIGHTS else "",
        room if (room := asked.get("room", "")) in rooms(PEOPLE[who]) else CHANNEL,
    )


def rooms(role: Role) -> tuple[str, ...]:
    """The rooms somebody may look into."""
    return tuple(room for room in ROOMS if room != REVIEW or role >= Role.MODERATOR)


def preferred(request: Request, house_language: str) -> str:
    """The tag of the catalogue to speak in."""
    said = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return nearest(said) if said else accepted(request.headers.get("accept-language", ""), house_language)


def name(who: str, language: str) -> str:
    """What a person is called; the id itself where it is nobody of ours."""
    return words(language)(f"studio.person.{who}") if who in PEOPLE else who


def named_rooms(language: str, role: Role = Role.ADMIN) -> list[Choice]:
    """The rooms somebody may look into, with their names."""
    return [Choice(room, words(language)(f"studio.room.{room}")) for room in rooms(role)]
