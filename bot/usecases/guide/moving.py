"""A community's choices as one document: handed out, looked at, and taken in by another community."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from bot import sports
from bot.errors import BadSetting, Changed, NotFound
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.command import Asked, ExportSetup, ImportSetup, OpenRound
from bot.model.setup import Act, Home, Setup
from bot.ports import OwnSport, Reply
from bot.sports import Catalogue, own
from bot.usecases.guide import documents, plans, steps
from bot.usecases.guide.plain import chosen, flat, setup_of
from bot.usecases.guide.setup import Desk, keep, noted, seated
from bot.usecases.house import House
from bot.usecases.schedule import plain

VERSION: Final = 1
"""Of the document; a newer one is refused."""
SHOWN: Final = 20
"""Changes that are told one by one."""
MOST_SPORTS: Final = 50


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says."""

    setup: Setup
    sports: tuple[str, ...] = ()
    """The TOML of own sports."""
    rounds: tuple[OpenRound, ...] = ()
    """What is to be planned."""


async def export(house: House, asked: Asked, wish: ExportSetup, reply: Reply) -> None:
    """Everything that was chosen here, to copy."""
    del wish
    desk = await seated(house, asked)
    mine = await house.tools.repos.sports.of(desk.home.contest)
    contest = desk.home.contest
    ahead, results = await plans.ahead(house, contest), await plans.results(house, contest)
    text = written(desk.home.setup, sports=[one.toml for one in mine], rounds=ahead, results=results)
    await reply.ask(documents.form("setup-import", desk.say("setup.export"), text, desk.say))


async def import_(house: House, asked: Asked, wish: ImportSetup, reply: Reply) -> None:
    """Show what a document would change, and change it once that was looked at."""
    desk = await seated(house, asked)
    if wish.sure:
        await _take_in(house, asked, desk, wish.sure, reply)
        return
    text = documents.taken(wish.text, wish.file)
    if not text:
        await reply.ask(documents.form("setup-import", desk.say("import.title"), "", desk.say))
        return
    document = read(text)
    steps.valid(replace(desk.known, catalogue=_catalogue(document)), document.setup, desk.say)
    shown = secrets.token_hex(8)
    house.typed.put(_name(asked, shown), {"text": text, "version": str(desk.home.version)})
    await reply.tell(await _would_change(house, desk, document, shown))


def written(setup: Setup, **more: object) -> str:
    """The document as text; values that nobody chose are left out."""
    return json.dumps({"olympic": VERSION, "setup": chosen(setup), **more}, ensure_ascii=False, indent=1)


def read(text: str) -> Document:
    """What a text says. Raises `BadSetting`."""
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadSetting(key="import.not_ours", why=str(error)[:80]) from error
    if not isinstance(values, dict):
        raise BadSetting(key="import.not_ours", why="{}")
    said = cast("dict[str, Any]", values)
    if said.get("olympic") != VERSION:
        raise BadSetting(key="import.version", said=str(said.get("olympic", "–"))[:20], version=VERSION)
    tomls = said.get("sports", [])
    if not isinstance(tomls, list) or not all(isinstance(one, str) for one in cast("list[Any]", tomls)):
        raise BadSetting(key="import.unreadable", where="sports")
    found = tuple(cast("list[str]", tomls))
    if len(found) > MOST_SPORTS:
        raise BadSetting(key="import.too_many_sports", n=MOST_SPORTS)
    for toml in found:
        _no_built_in(own.read(toml).slug)
    return Document(setup_of(said.get("setup", {})), found, plans.read(said.get("rounds", [])))


def _catalogue(document: Document) -> Catalogue:
    return sports.catalogue(document.setup, document.sports)


def _no_built_in(slug: str) -> None:
    if sports.find(slug):
        raise BadSetting(key="sport.built_in", said=slug)


async def _would_change(house: House, desk: Desk, document: Document, shown: str) -> Card:
    """What is different, line by line, and the button that makes it so."""
    say = desk.say
    before, after = flat(desk.home.setup), flat(document.setup)
    lines = [
        f"{name}: {_told(before[name])} → **{_told(after[name])}**" for name in after if before[name] != after[name]
    ]
    had = {one.slug: one.toml for one in await house.tools.repos.sports.of(desk.home.contest)}
    for toml in document.sports:
        sport = own.read(toml)
        if had.get(sport.slug) != toml:
            lines.append(say("import.sport", sport=sport.name(say.language)))
    coming = await plans.planned(house, desk.home, _catalogue(document), document.rounds)
    lines += [say("import.round", theme=one.theme, when=say.moment(one.opens)) for one in coming]
    if not lines:
        return Card(CardKind.NOTICE, "", (say("import.same"),))
    more = (say("import.more", n=len(lines) - SHOWN),) if len(lines) > SHOWN else ()
    sure = Button(f"import-sure:{shown}", say("button.import_sure"), "📥", ButtonStyle.DANGER)
    return Card(CardKind.CHOICE, say("import.question"), (*lines[:SHOWN], *more), buttons=(sure,))


def _told(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


async def _take_in(house: House, asked: Asked, desk: Desk, shown: str, reply: Reply) -> None:
    kept = house.typed.drop(_name(asked, shown))
    if kept is None:
        raise NotFound(key="refusal.import_gone")
    if kept["version"] != str(desk.home.version):
        raise Changed(kept["version"])
    document = read(kept["text"])
    await _sports(house, asked, desk.home, document)
    done = tuple(step.name for step in steps.steps(desk.known))
    await keep(house, asked, desk.home, replace(document.setup, done=done), "everything", Act.IMPORT)
    for one in await plans.planned(house, desk.home, _catalogue(document), document.rounds):
        await house.tools.repos.rounds.add(one, noted(house, asked, Act.IMPORT, one.id, "", plain(one)))
    house.engine.calendar.wake()
    back = Button("setup", desk.say("button.setup"), "⚙️")
    await reply.tell(Card(CardKind.NOTICE, "", (desk.say("import.done"),), tone=Tone.GOOD, buttons=(back,)))


async def _sports(house: House, asked: Asked, home: Home, document: Document) -> None:
    """The document's sports; handing them in again changes nothing."""
    had = {one.slug: one.toml for one in await house.tools.repos.sports.of(home.contest)}
    for toml in document.sports:
        slug = own.read(toml).slug
        if had.get(slug) != toml:
            line = noted(house, asked, Act.IMPORT, f"sport {slug}", had.get(slug, ""), toml)
            await house.tools.repos.sports.put(OwnSport(home.contest, slug, toml), house.tools.clock.now(), line)


def _name(asked: Asked, shown: str) -> str:
    return f"{asked.member.community}/{asked.member.id}/import/{shown}"
