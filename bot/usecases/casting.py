"""Who is called by name in a sentence: saved characters that the asker may use, with what they look and sound like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot import planner
from bot.errors import Infeasible
from bot.model.backend import Capabilities
from bot.model.character import Character, Reach
from bot.model.command import Asked
from bot.model.job import Job
from bot.model.letter import Kind, Letter
from bot.model.request import Cast, Request
from bot.planner import UNDERLAID, Rules, Wish
from bot.usecases import wording
from bot.usecases.characters import accounts, may_use
from bot.usecases.house import House
from bot.usecases.known import account

UNHEARD: Final = "note.character_unheard"
UNSEEN: Final = "note.character_unseen"


async def cast(house: House, asked: Asked, request: Request) -> Request:
    """The request with everybody it calls by name: the first one's picture and voice, unless files came with it."""
    called = wording.names(request.prompt)
    if not called:
        return request
    usable, waiting = await _known(house, asked)
    people, remarks = dict[str, Cast](), list[str]()
    for name in called:
        found = wording.called(name, usable)
        if found:
            one = usable[found]
            people[one.id] = Cast(one.name, one.id, one.image, one.voice)
        elif wording.called(name, waiting):
            remarks.append(f"note.character_waits:{name}")
        else:
            near = wording.near(name, [one.name for one in usable.values()])
            remarks.append(f"note.unknown_character_near:{name}|{near}" if near else f"note.unknown_character:{name}")
    here = tuple(people.values())
    image = request.image or next((one.image for one in here if one.image), None)
    audio = request.audio or next((one.voice for one in here if one.voice), None)
    return replace(request, image=image, audio=audio, cast=here, remarks=(*request.remarks, *remarks))


def fitted(wish: Wish, able: Mapping[str, Capabilities], rules: Rules) -> Wish:
    """The wish without what a character brought along and no backend could use: a voice that would only be laid under
    the film, a picture where films begin with words. What the member attached themselves is never left out."""
    request = wish.request
    voice = request.audio is not None and request.audio in [one.voice for one in request.cast]
    picture = request.image is not None and request.image in [one.image for one in request.cast]
    unheard = f"{UNHEARD}:{', '.join(one.name for one in request.cast if one.voice)}"
    unseen = f"{UNSEEN}:{', '.join(one.name for one in request.cast if one.image)}"
    silent = replace(request, audio=None, remarks=(*request.remarks, unheard))
    plain = replace(request, image=None, remarks=(*request.remarks, unseen))
    bare = replace(silent, image=None, remarks=(*silent.remarks, unseen))
    ways = [
        request,
        *([silent] if voice else []),
        *([plain] if picture else []),
        *([bare] if voice and picture else []),
    ]
    for way in ways:
        tried = replace(wish, request=way)
        if _works(tried, able, rules, voice=voice and way.audio is not None):
            return tried
    return wish


async def reported(house: House, job: Job) -> None:
    """Tell members whom a film shows by a character that it does: at most once a day each."""
    now, maker = house.tools.clock.now(), await account(house, job.member)
    mine = await accounts(house, maker)
    for one in job.request.cast:
        character = await house.tools.repos.characters.get(one.character)
        if character and character.depicts and character.depicts not in mine:
            key = f"used:{character.id}:{now.date()}"
            facts = {"name": character.name, "maker": maker.name, "sentence": job.request.prompt[:200]}
            letter = Letter(key, character.depicts, Kind.CHARACTER_USED, now, facts, character.id)
            await house.tools.repos.letters.put(letter)


async def _known(house: House, asked: Asked) -> tuple[dict[str, Character], dict[str, Character]]:
    """By folded name: whom the asker may use, and who would have to agree first. One's own go before those shared with
    one by name, and those before everybody's; of two alike the older."""
    home = await house.tools.repos.communities.get(asked.member.community)
    mine = await accounts(house, await account(house, asked.member))
    all_ = [one for one in await house.tools.repos.characters.of_contest(home.contest) if may_use(one, mine)]
    all_.sort(key=lambda one: (one.owner not in mine, one.reach is Reach.COMMUNITY))
    usable, waiting = dict[str, Character](), dict[str, Character]()
    for one in all_:
        (usable if one.ready else waiting).setdefault(one.folded, one)
    return usable, waiting


def _works(wish: Wish, able: Mapping[str, Capabilities], rules: Rules, *, voice: bool) -> bool:
    try:
        plan = planner.plan(wish, able, rules)
    except Infeasible:
        return False
    return not (voice and UNDERLAID in plan.approximations)
