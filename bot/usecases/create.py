"""From a wish to a job in line: understand it, check it, plan it, and only then keep it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot import alternatives, cards, planner, sports, styles
from bot.errors import BadPrompt, Infeasible, NotAllowed, NotFound
from bot.locales import nearest, words
from bot.model.backend import Capabilities
from bot.model.card import Button
from bot.model.command import Asked, Create
from bot.model.entry import Entry
from bot.model.job import Job, Stage
from bot.model.people import Role
from bot.model.plan import Alternative, Plan
from bot.model.request import HD, SIZES, STORYBOARD, Camera, Reference, ReferenceKind, Request, Size
from bot.model.setup import Home
from bot.pipeline import purse
from bot.pipeline.purse import may_use, permitted
from bot.ports import Draft, Pick, Reply
from bot.sports import Catalogue
from bot.usecases import allowed, casting, limits, wording
from bot.usecases.files import kept
from bot.usecases.house import House
from bot.usecases.known import person
from bot.usecases.offered import called, listed, sport_named, unknown

USUAL: Final = "realistic"
"""The style of a wish that names none."""
BUTTONS: Final = 25
"""Sports offered to press at a time; more than one reads."""


async def create(house: House, asked: Asked, wish: Create, reply: Reply) -> None:
    """Put the wish in line, or ask for what is missing."""
    home = await _home(house, asked)
    await admitted(house, home, asked)
    request = await understood(house, home, asked, wish)
    if request.sport:
        await offer(house, asked, request, reply)
    else:
        await _ask_sport(house, home, asked, request, reply)


async def offer(house: House, asked: Asked, request: Request, reply: Reply) -> None:
    """Put a complete request in line, or show what comes nearest when it cannot be done as asked."""
    home = await _home(house, asked)
    able, rules = permitted(home.setup, asked.member, await house.tools.able()), _rules(house, home)
    wish = casting.fitted(await _wish(house, request, able), able, rules)
    request = wish.request
    near = alternatives.nearest(wish, able, rules)
    try:
        plan = planner.plan(wish, able, rules)
    except Infeasible as error:
        if not near:
            raise
        await _ask_plan(house, asked, request, near, words(asked.member.language)(error.sentence, **error.facts), reply)
        return
    if alternatives.misses_sound(plan, near):
        await _ask_plan(house, asked, request, near, words(asked.member.language)("plan.sound_apart"), reply)
        return
    await _in_line(house, asked, request, plan, reply)


async def settle(house: House, asked: Asked, request: Request, reply: Reply) -> None:
    """Put a request in line whose way the member has chosen: nothing is asked any more."""
    home = await _home(house, asked)
    able, rules = permitted(home.setup, asked.member, await house.tools.able()), _rules(house, home)
    wish = casting.fitted(await _wish(house, request, able), able, rules)
    plan = planner.plan(wish, able, rules)
    request = wish.request
    await _in_line(house, asked, request, plan, reply)


async def _in_line(house: House, asked: Asked, request: Request, plan: Plan, reply: Reply) -> None:
    home = await _home(house, asked)
    await admitted(house, home, asked)
    job, new = None, _job(house, asked, request, plan)
    while job is None:  # what was refused at the last moment is refused here with its reason, unless it fits by now
        await limits.check(house, home, asked.member)
        await purse.check(house.tools, home, plan)
        job = await house.engine.submit(new, limits.bounds(house, home, asked.member))
    if plan.price:
        await purse.warn(house.tools, home)
    await casting.reported(house, job)
    standing = await house.engine.board.outlook(job)
    await reply.tell(cards.accepted_card(job, standing))


async def _home(house: House, asked: Asked) -> Home:
    return await house.tools.repos.communities.get(asked.member.community)


def _rules(house: House, home: Home) -> planner.Rules:
    """The operator's rules with the community's own favourite."""
    return replace(house.rules, preferred=home.setup.backend or house.rules.preferred)


async def admitted(house: House, home: Home, asked: Asked) -> None:
    """Raise `NotAllowed` where the community lets clips be asked for elsewhere only, or by others only."""
    platform, language = house.tools.platforms.get(home.community.platform), asked.member.language
    channels, roles = home.setup.channels.create, home.setup.roles.members
    if channels and asked.place.channel not in channels:
        names = await called(platform, home.community, Pick.CHANNEL, language)
        raise NotAllowed(key="refusal.create_elsewhere", where=listed(channels, names))
    held = {asked.member.id, *asked.member.roles}
    if roles and held.isdisjoint(roles) and asked.member.role < Role.MODERATOR:
        names = await called(platform, home.community, Pick.ROLE, language)
        raise NotAllowed(key="refusal.members_only", who=listed(roles, names))


async def understood(house: House, home: Home, asked: Asked, wish: Create) -> Request:
    """The request in a wish; its sport stays empty when the sentence does not tell.

    Raises `Refusal`s that name what cannot be understood; files are only kept after the words make sense.
    """
    prompt = wording.sentence(wish.prompt)
    catalogue = await house.offers.of(home)
    sport = _sport(catalogue, wish.sport, prompt)
    request = Request(
        prompt=prompt,
        sport=sport,
        own=catalogue.own.get(sport, ""),
        style=await _style(house, home, asked, wish.style),
        camera=_camera(wish.camera),
        size=_size(wish.size),
        storyboard=wish.size.lower() == STORYBOARD,
        seed=_seed(wish.seed),
        backend=_backend(house, home, asked, wish.backend),
        language=nearest(wording.tongue(prompt, asked.member.language)),
        parent=await _parent(house, asked, wish.parent),
    )
    request = await _with_references(house, asked, wish, request)
    if request.image or request.audio:
        await allowed.check_attaching(house, home, asked.member, off="refusal.no_attachments")
    return await casting.cast(house, asked, request)


def _job(house: House, asked: Asked, request: Request, plan: Plan) -> Job:
    now = house.tools.clock.now()
    return Job(
        id=secrets.token_hex(8),
        member=asked.member,
        place=asked.place,
        request=request,
        plan=plan,
        stage=Stage.QUEUED,
        fence=0,
        created=now,
        changed=now,
        notes=request.remarks,
    )


async def _wish(house: House, request: Request, able: Mapping[str, Capabilities]) -> planner.Wish:
    """The request with what its names stand for. The sentence is written out only for models that read it: the
    animator understands the member's own words."""
    sport, style = sports.asked_for(request), styles.find(request.style)
    assert style is not None
    if sport is None:
        raise NotFound(key="refusal.sport_gone")
    readers = [one for name, one in able.items() if request.backend in (None, name) and one.reads]
    words = await house.writer.rewritten(request.prompt, sport=sport.name("en")) if house.writer and readers else ""
    return planner.Wish(request, sport, style, words)


async def _ask_plan(
    house: House, asked: Asked, request: Request, near: Sequence[Alternative], why: str, reply: Reply
) -> None:
    """It cannot be done as asked: keep the wish for a day and offer what can, each with its price."""
    options = {str(number): dict(one.changes) for number, one in enumerate(near, 1)}
    draft = Draft(secrets.token_hex(8), asked.member, asked.place, request, house.tools.clock.now(), options)
    await house.tools.repos.drafts.put(draft)
    say = words(asked.member.language)
    buttons = [
        Button(f"choose:{draft.id}:plan:{number}", cards.offer_label(say, one)) for number, one in enumerate(near, 1)
    ]
    card = cards.choice_card(say("plan.which"), (why, say("plan.which_why")), buttons)
    await reply.tell(replace(card, quote=request.prompt))


async def _ask_sport(house: House, home: Home, asked: Asked, request: Request, reply: Reply) -> None:
    """The sentence does not tell the sport: keep the wish for a day and offer all of them to press."""
    catalogue = await house.offers.of(home)
    all_sports = catalogue.offered[:BUTTONS]
    options = {one.slug: {"sport": one.slug, "own": catalogue.own.get(one.slug, "")} for one in all_sports}
    draft = Draft(secrets.token_hex(8), asked.member, asked.place, request, house.tools.clock.now(), options)
    await house.tools.repos.drafts.put(draft)
    language = asked.member.language
    buttons = [
        Button(f"choose:{draft.id}:sport:{sport.slug}", sport.name(language), sport.emoji) for sport in all_sports
    ]
    say = words(language)
    card = cards.choice_card(say("create.which_sport"), (say("create.which_sport_why"),), buttons)
    await reply.tell(replace(card, quote=request.prompt))


def _sport(catalogue: Catalogue, said: str, prompt: str) -> str:
    if not said:
        found = catalogue.recognise(prompt)
        return found[0].slug if found else ""
    return sport_named(catalogue, said)


async def _style(house: House, home: Home, asked: Asked, said: str) -> str:
    if not said:
        return usual_style(home, asked)
    slug = _named_style(said, allowed.styles_of(home, asked.member))
    await allowed.check_style(house, home, asked.member, slug)
    return slug


def usual_style(home: Home, asked: Asked) -> str:
    """The style of a wish that names none: one its asker may use."""
    mine = allowed.styles_of(home, asked.member)
    return USUAL if USUAL in mine else mine[0]


def _named_style(said: str, mine: Sequence[str]) -> str:
    if styles.find(said.lower()):
        return said.lower()
    near = styles.suggest(said)
    style = styles.find(near[0]) if near else None
    if style and said.casefold() in {name.casefold() for name in style.names.values()}:
        return style.slug
    raise unknown("style", said, near, mine)


def _camera(said: str) -> Camera:
    try:
        return Camera(said.lower() or "multi")
    except ValueError:
        raise unknown("camera", said, [camera.value for camera in Camera]) from None


def _size(said: str) -> Size:
    if not said:
        return HD
    for name, size in SIZES.items():
        if said.lower() in (name, str(size)):
            return size
    raise unknown("size", said, list(SIZES))


def _seed(said: str) -> int:
    if not said:
        return secrets.randbelow(2**31)
    if not (said.isascii() and said.isdigit() and len(said) < 100 and int(said) < 2**31):
        raise BadPrompt(key="refusal.seed", seed=said[:40])
    return int(said)


def _backend(house: House, home: Home, asked: Asked, said: str) -> str | None:
    if said and said not in house.tools.backends:
        raise unknown("backend", said, list(house.tools.backends))
    if said and not may_use(home.setup, asked.member, said):
        others = [name for name in house.tools.backends if may_use(home.setup, asked.member, name)]
        raise NotAllowed(key="refusal.backend_kept", said=said, near=", ".join(others) or "–")
    return said or None


async def _parent(house: House, asked: Asked, said: str) -> str | None:
    """The work being remixed, if it is one of this contest: it may have been taken back since, its words are kept.
    Raises `NotAllowed` where its maker forbids remixes."""
    if not said:
        return None
    entry = await house.tools.repos.entries.get(said)
    home = await house.tools.repos.communities.get(asked.member.community)
    if entry is None or entry.contest != home.contest:
        return None
    if not entry.remixable and not await own(house, asked, entry):
        raise NotAllowed(key="refusal.not_remixable", name=entry.member.name)
    return entry.id


async def own(house: House, asked: Asked, entry: Entry) -> bool:
    """Whether a work is the asker's, by whichever of their accounts."""
    maker = await person(house, entry.member.community, entry.member.id)
    return maker == await person(house, asked.member.community, asked.member.id)


async def _with_references(house: House, asked: Asked, wish: Create, request: Request) -> Request:
    """Check, re-encode and keep what the member attached, or take over what an earlier request of theirs had. What a
    character brought along is not taken over: it is looked for anew."""
    if wish.source:
        earlier = await house.tools.repos.jobs.get(wish.source)
        if earlier and (earlier.community, earlier.member.id) == (asked.member.community, asked.member.id):
            brought = {file for one in earlier.request.cast for file in (one.image, one.voice)}
            files = [earlier.request.image, earlier.request.audio]
            image, audio = [None if one in brought else await _still_there(house, one) for one in files]
            return replace(request, image=image, audio=audio)
    image = await kept(house, wish.image, ReferenceKind.IMAGE)
    audio = await kept(house, wish.audio, ReferenceKind.AUDIO)
    return replace(request, image=image, audio=audio)


async def _still_there(house: House, file: Reference | None) -> Reference | None:
    """A file of an earlier request, unless it was forgotten meanwhile."""
    return file if file and await house.tools.repos.media.mime(file.blob) else None
