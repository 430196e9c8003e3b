"""The community's sports: which are offered, and its own, described in a form or a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from bot import sports
from bot.errors import BadSetting, NotFound
from bot.locales import Words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Choice, Field, FieldKind, Form, Tone
from bot.model.command import (
    Asked,
    Create,
    EditSport,
    ExportSport,
    ImportSport,
    OfferSport,
    PreviewSport,
    RemoveSport,
    SaveSport,
    Sports,
)
from bot.model.setup import Act
from bot.ports import OwnSport, Reply
from bot.sports import Catalogue, Sport, own
from bot.sports.toml import dumps
from bot.usecases.create import create
from bot.usecases.guide import documents
from bot.usecases.guide.setup import Desk, keep, noted, seated
from bot.usecases.house import House
from bot.usecases.offered import unknown

PAGE: Final = 10
"""Sports on one card: each has a button."""
MOST: Final = 50
"""Sports of its own one contest may have."""
_FIELDS: Final = ("names", "words", "guidance", "shots", "like")
_ASKED: Final = frozenset({"guidance", "shots", "storyboard", "like", "staging", "staging_options"})
"""Keys that the form decides on; the others of an edited sport stay."""
_SHOT: Final = "kind | seconds | camera | action | sound"


async def list_sports(house: House, asked: Asked, wish: Sports, reply: Reply) -> None:
    """All sports in their order; pressing one offers it, or no longer."""
    desk = await seated(house, asked)
    await reply.tell(_list(desk.known.catalogue, wish.page, desk.say))


async def offer_sport(house: House, asked: Asked, wish: OfferSport, reply: Reply) -> None:
    """Offer a sport from now on, or no longer; running requests go on."""
    desk = await seated(house, asked)
    sport, setup = _sport(desk, wish.sport), desk.home.setup
    off = tuple(slug for slug in setup.sports_off if slug != sport.slug)
    after = replace(setup, sports_off=off if wish.on else (*off, sport.slug))
    if all(one.slug in after.sports_off for one in desk.known.catalogue.everything):
        raise BadSetting(key="setting.no_sports")
    home = await keep(house, asked, desk.home, after, f"sport {sport.slug}", Act.SPORT)
    catalogue = await house.offers.of(home)
    at = [one.slug for one in catalogue.everything].index(sport.slug)
    await reply.tell(_list(catalogue, at // PAGE + 1, desk.say))


async def edit_sport(house: House, asked: Asked, wish: EditSport, reply: Reply) -> None:
    """The form of an own sport, with what was typed where it could not be taken."""
    desk = await seated(house, asked)
    typed = house.typed.drop(_kept(asked, wish.sport))
    values = own.parsed(_own(desk, wish.sport)) if wish.sport else {}
    await reply.ask(_form(wish.sport, {**_texts(values), **(typed or {})}, desk.say))


async def save_sport(house: House, asked: Asked, wish: SaveSport, reply: Reply) -> None:
    """Keep an own sport as its form describes it. What cannot be taken is kept for the form."""
    desk = await seated(house, asked)
    try:
        had = own.parsed(_own(desk, wish.sport)) if wish.sport else {}
        data = _data(wish.values, had)
        own.checked(data)
        await _keep(house, asked, desk, dumps(data), wish.sport, reply)
    except BadSetting as error:
        house.typed.put(_kept(asked, wish.sport), {name: wish.values.get(name, "") for name in _FIELDS})
        action = f"sport-edit:{wish.sport}" if wish.sport else "sport-edit"
        again = Button(action, desk.say("button.correct"), "✏️", ButtonStyle.MAIN)
        lines = (desk.say(error.sentence, **error.facts), desk.say("setup.kept"))
        await reply.tell(Card(CardKind.CHOICE, desk.say("sport.not_saved"), lines, tone=Tone.BAD, buttons=(again,)))


async def export_sport(house: House, asked: Asked, wish: ExportSport, reply: Reply) -> None:
    """A sport's file, to copy or to change; a built-in one's as well, to begin from."""
    desk = await seated(house, asked)
    sport = _sport(desk, wish.sport)
    text = desk.known.catalogue.own.get(sport.slug) or dumps(own.shelves()[sport.slug])
    await reply.ask(documents.form("sport-import", sport.name(desk.say.language), text, desk.say))


async def import_sport(house: House, asked: Asked, wish: ImportSport, reply: Reply) -> None:
    """Take a sport's file in; one of the same slug is replaced."""
    desk = await seated(house, asked)
    text = documents.taken(wish.text, wish.file)
    if not text:
        await reply.ask(documents.form("sport-import", desk.say("sport.import"), "", desk.say))
        return
    slug = own.read(f"{text}\n").slug
    mine = slug if slug in desk.known.catalogue.own else ""
    await _keep(house, asked, desk, f"{text}\n", mine, reply)


async def remove_sport(house: House, asked: Asked, wish: RemoveSport, reply: Reply) -> None:
    """Have an own sport no longer, once that was asked; works made with it carry it along and stay."""
    desk = await seated(house, asked)
    sport, say = _sport(desk, wish.sport), desk.say
    if sport.slug not in desk.known.catalogue.own:
        raise BadSetting(key="sport.built_in_stays", said=sport.slug)
    named = f"{sport.emoji} {sport.name(say.language)}"
    await _in_no_round(house, desk, sport, named)
    if not wish.sure:
        sure = Button(f"sport-remove-sure:{sport.slug}", say("button.sport_remove_sure"), "🗑️", ButtonStyle.DANGER)
        await reply.tell(Card(CardKind.CHOICE, "", (say("sport.remove_question", sport=named),), buttons=(sure,)))
        return
    if all(one.slug == sport.slug for one in desk.known.catalogue.offered):
        raise BadSetting(key="setting.no_sports")
    line = noted(house, asked, Act.SPORT, f"sport {sport.slug}", desk.known.catalogue.own[sport.slug], "")
    await house.tools.repos.sports.drop(desk.home.contest, sport.slug, line)
    for home in await house.tools.repos.communities.of_contest(desk.home.contest):
        await house.offers.of(home)
    await house.offers.of(desk.home)
    back = Button("sports", say("button.sports"), "🎿")
    await reply.tell(Card(CardKind.NOTICE, "", (say("sport.removed", sport=named),), tone=Tone.GOOD, buttons=(back,)))


async def _in_no_round(house: House, desk: Desk, sport: Sport, named: str) -> None:
    """Raise `BadSetting` while a round wants works of this sport."""
    rounds, now = house.tools.repos.rounds, house.tools.clock.now()
    current = await rounds.current(desk.home.contest, now)
    alive = [*([current] if current else []), *await rounds.coming(desk.home.contest, now)]
    if any(one.sport == sport.slug for one in alive):
        raise BadSetting(key="refusal.sport_in_round", sport=named)


async def preview_sport(house: House, asked: Asked, wish: PreviewSport, reply: Reply) -> None:
    """A small clip of a sport by a backend that costs nothing; its words are the sport's own name."""
    desk = await seated(house, asked)
    sport = _sport(desk, wish.sport)
    free = [name for name, able in (await house.tools.able()).items() if able.price is None]
    if not free:
        raise NotFound(key="refusal.no_free_backend")
    prompt = desk.say("sport.preview_prompt", sport=sport.name(desk.say.language))
    await create(house, asked, Create(prompt, sport=sport.slug, size="480p", backend=free[0]), reply)


async def _keep(house: House, asked: Asked, desk: Desk, toml: str, edited: str, reply: Reply) -> None:
    """Write a sport that was checked, and offer to see how it comes out."""
    sport, catalogue, contest = own.read(toml), desk.known.catalogue, desk.home.contest
    if sports.find(sport.slug):
        raise BadSetting(key="sport.built_in", said=sport.slug)
    if sport.slug in catalogue.own and sport.slug != edited:
        raise BadSetting(key="sport.exists", said=sport.slug)
    if sport.slug not in catalogue.own and len(catalogue.own) >= MOST:
        raise BadSetting(key="import.too_many_sports", n=MOST)
    line = noted(house, asked, Act.SPORT, f"sport {sport.slug}", catalogue.own.get(sport.slug, ""), toml)
    await house.tools.repos.sports.put(OwnSport(contest, sport.slug, toml), house.tools.clock.now(), line)
    house.typed.drop(_kept(asked, edited))
    await house.offers.of(desk.home)
    say = desk.say
    buttons = (
        Button(f"sport-preview:{sport.slug}", say("button.sport_preview"), "🎬", ButtonStyle.MAIN),
        Button(f"sport-edit:{sport.slug}", say("button.sport_edit"), "✏️"),
        Button(f"sport-export:{sport.slug}", say("button.sport_export"), "📄"),
        Button(f"sport-remove:{sport.slug}", say("button.sport_remove"), "🗑️"),
        Button("sports", say("button.sports"), "🎿"),
    )
    told = say("sport.saved", sport=f"{sport.emoji} {sport.name(say.language)}", words=_some_words(sport))
    await reply.tell(Card(CardKind.CHOICE, say("sport.saved_title"), (told,), tone=Tone.GOOD, buttons=buttons))


def _some_words(sport: Sport) -> str:
    return ", ".join(word for words in sport.words.values() for word in words)[:200]


def _list(catalogue: Catalogue, page: int, say: Words) -> Card:
    everything = catalogue.everything
    pages = -(-len(everything) // PAGE)
    page = max(1, min(page, pages))
    shown = everything[(page - 1) * PAGE : page * PAGE]
    lines = tuple(_line(sport, catalogue, say) for sport in shown)
    toggles = tuple(_toggle(sport, catalogue, say) for sport in shown)
    back = (Button(f"sports:{page - 1}", say("button.newer"), "◀️"),) if page > 1 else ()
    on = (Button(f"sports:{page + 1}", say("button.older"), "▶️"),) if page < pages else ()
    tools = (
        Button("sport-edit", say("button.sport_new"), "➕"),
        Button("sport-import", say("sport.import"), "📥"),
        Button("setup:sports", say("button.sports_order"), "↕️"),
    )
    title = say("sport.list", n=len(catalogue.offered), all=len(everything))
    return Card(CardKind.LIST, title, lines, buttons=(*toggles, *back, *on, *tools))


def _line(sport: Sport, catalogue: Catalogue, say: Words) -> str:
    name = f"{sport.emoji} **{sport.name(say.language)}** ({sport.slug})"
    state = say("sport.on" if catalogue.find(sport.slug) else "sport.off")
    return f"{name} — {state}" + (f" · {say('sport.own')}" if sport.slug in catalogue.own else "")


def _toggle(sport: Sport, catalogue: Catalogue, say: Words) -> Button:
    offered = catalogue.find(sport.slug) is not None
    return Button(
        f"sport-{'off' if offered else 'on'}:{sport.slug}", sport.name(say.language), "✅" if offered else "⬜"
    )


def _sport(desk: Desk, said: str) -> Sport:
    """A sport by its slug or name, offered or not. Raises `UnknownName`."""
    catalogue = desk.known.catalogue
    if found := catalogue.known(said.strip().lower()):
        return found
    for sport in catalogue.everything:
        if said.strip().casefold() in {name.casefold() for name in sport.names.values()}:
            return sport
    raise unknown("sport", said, catalogue.suggest(said), [sport.slug for sport in catalogue.everything])


def _own(desk: Desk, said: str) -> str:
    """The TOML of an own sport. Raises `BadSetting` for a built-in one."""
    sport = _sport(desk, said)
    if sport.slug not in desk.known.catalogue.own:
        raise BadSetting(key="sport.not_own", said=sport.slug)
    return desk.known.catalogue.own[sport.slug]


def _kept(asked: Asked, slug: str) -> str:
    return f"{asked.member.community}/{asked.member.id}/sport/{slug}"


# The form says in a few fields what the file says in many keys; keys that have no field stay as they are.


def _form(slug: str, texts: Mapping[str, str], say: Words) -> Form:
    lenders = tuple(Choice(one.slug, f"{one.emoji} {one.name(say.language)}") for one in sports.sports())
    long = FieldKind.LONG_TEXT
    fields = (
        Field("names", say("sport.names"), long, texts["names"], say("sport.names.hint"), required=True, longest=1000),
        Field("words", say("sport.words"), long, texts["words"], say("sport.words.hint"), required=True, longest=2000),
        Field("guidance", say("sport.guidance"), long, texts["guidance"], say("sport.guidance.hint"), longest=1500),
        Field("shots", say("sport.shots"), long, texts["shots"], _SHOT, longest=2900),
        Field(
            "like",
            say("sport.like"),
            FieldKind.SELECT,
            texts["like"],
            say("sport.like.hint"),
            required=True,
            choices=lenders,
        ),
    )
    title = say("sport.edit" if slug else "sport.new")
    return Form(f"sport:{slug}", title, say("setup.save"), fields)


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    """What a sport's keys look like in the form."""
    names: Mapping[str, str] = data.get("names", {"en": ""})
    words: Mapping[str, list[str]] = data.get("words", {"en": []})
    emoji = data.get("emoji", "🏅")
    return {
        "names": "\n".join((f"emoji: {emoji}", *(f"{language}: {name}" for language, name in names.items()))),
        "words": "\n".join(f"{language}: {', '.join(each)}" for language, each in words.items()),
        "guidance": data.get("guidance", ""),
        "shots": "\n".join(_shot_line(shot) for shot in data.get("shots", ())),
        "like": data.get("like", "") or _lender(data.get("staging", "")),
    }


def _lender(staging: str) -> str:
    return next((sport.slug for sport in sports.sports() if sport.staging == staging), "")


def _shot_line(shot: Mapping[str, Any]) -> str:
    return " | ".join((shot["kind"], f"{shot['seconds']:g}", shot["camera"], shot["action"], shot["sound"]))


def _data(values: Mapping[str, str], had: Mapping[str, Any]) -> dict[str, Any]:
    """A sport's keys from the form. Raises `BadSetting`."""
    names = _pairs(values.get("names", ""))
    emoji = names.pop("emoji", str(had.get("emoji", "🏅")))
    said = {language: _listed(each) for language, each in _pairs(values.get("words", "")).items()}
    guidance, shots = " ".join(values.get("guidance", "").split()), _shots(values.get("shots", ""))
    data = {name: value for name, value in had.items() if name not in _ASKED}
    data |= {
        "slug": had.get("slug") or _slug(names.get("en", "")),
        "emoji": emoji,
        "names": names,
        "words": {language: words for language, words in said.items() if words},
    }
    if like := values.get("like", "").strip():
        data["like"] = like
    if guidance:
        data["guidance"] = guidance
    if shots:
        data |= {"shots": shots, "storyboard": _storyboard(shots)}
    return data


def _pairs(text: str) -> dict[str, str]:
    """Lines like "en: Snow polo". Raises `BadSetting` for others."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.replace("：", ":").splitlines())):
        language, colon, said = line.partition(":")
        if not colon:
            raise BadSetting(key="sport.bad_line", said=line[:60])
        if said.strip():
            found[language.strip()] = said.strip()
    return found


def _listed(text: str) -> list[str]:
    return [word for word in (part.strip() for part in re.split(r"[,、，;]", text)) if word]


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:40].strip("-")


def _shots(text: str) -> list[dict[str, Any]]:
    """Lines like "low | 3 | ice level | the ball flies | a knock". Raises `BadSetting` for others."""
    found: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, text.replace("｜", "|").splitlines())):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) not in (4, 5) or not re.fullmatch(r"[0-9]{1,2}([.,][0-9])?", parts[1]):
            raise BadSetting(key="sport.bad_shot_line", said=line[:60], form=_SHOT)
        kind, seconds, camera, action, *sound = parts
        length = float(seconds.replace(",", "."))
        found.append(
            {"kind": kind, "seconds": length, "action": action, "camera": camera, "sound": sound[0] if sound else ""}
        )
    return found


def _storyboard(shots: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Three of five seconds, for models that draw short clips: the beginning, the middle and the end."""
    picked = (shots[0], shots[len(shots) // 2], shots[-1])
    return [{**shot, "seconds": 5.0} for shot in picked]
