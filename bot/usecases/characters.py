"""Characters: kept under a name, shared, forgotten; who shows a real member asks that member first."""

from __future__ import annotations

import secrets
from typing import Final

from bot import cards
from bot.errors import BadPrompt, LimitReached, NotAllowed, NotFound
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.character import Character, Consent, Reach, folded
from bot.model.command import Agree, Asked, ForgetCharacter, SaveCharacter, ShareCharacter
from bot.model.job import Stage
from bot.model.letter import Kind, Letter
from bot.model.people import Account
from bot.model.request import ReferenceKind
from bot.pipeline.keeper import drop, empty
from bot.ports import Reply
from bot.usecases import allowed, wording
from bot.usecases.files import kept
from bot.usecases.house import House
from bot.usecases.known import account, account_key

MOST: Final = 50
"""Characters one account may have."""
BUTTONS: Final = 20
"""Buttons of a list; every platform takes so many."""
_REACHES: Final = {
    "private": Reach.PRIVATE,
    "me": Reach.PRIVATE,
    "community": Reach.COMMUNITY,
    "all": Reach.COMMUNITY,
    "members": Reach.MEMBERS,
}


async def save(house: House, asked: Asked, wish: SaveCharacter, reply: Reply) -> None:
    """Keep somebody under a name. One of the asker's of that name is replaced."""
    mine = await account(house, asked.member)
    home = await house.tools.repos.communities.get(asked.member.community)
    if mine.paused(home.contest):
        raise NotAllowed(key="refusal.you_are_paused")
    name = _name(wish.name)
    if wish.image is None and wish.voice is None:
        raise BadPrompt(key="refusal.character_empty")
    await allowed.check_attaching(house, home, asked.member, off="refusal.no_pictures")
    await _room(house, mine, name)
    shown = await _depicted(house, asked, wish.depicts) if wish.depicts else None
    character = Character(
        id=secrets.token_hex(8),
        contest=home.contest,
        owner=mine.key,
        name=name,
        folded=folded(name),
        created=house.tools.clock.now(),
        image=await kept(house, wish.image, ReferenceKind.IMAGE),
        voice=await kept(house, wish.voice, ReferenceKind.AUDIO),
        depicts=shown.key if shown else None,
        consent=_consent(mine, shown),
    )
    if not await house.tools.repos.characters.save(character, _question(character, mine), MOST):
        await drop(house.tools, (file for file in (character.image, character.voice) if file))
        raise LimitReached(key="refusal.character_limit", n=MOST)
    await _emptied(house)
    say = words(asked.member.language)
    lines = [say("character.saved", name=name)]
    if shown and not character.ready:
        lines.append(say("character.asked", name=name, member=shown.name))
    lines.append(say("character.how", name=name))
    await reply.tell(Card(CardKind.NOTICE, "", tuple(lines), tone=Tone.GOOD))


async def list_(house: House, asked: Asked, reply: Reply) -> None:
    """The asker's characters, those shared with them here, and those that show them."""
    mine, say = await account(house, asked.member), words(asked.member.language)
    keys = await accounts(house, mine)
    home = await house.tools.repos.communities.get(asked.member.community)
    here = await house.tools.repos.characters.of_contest(home.contest)
    touching = await house.tools.repos.characters.of_accounts(keys)
    own = [one for one in touching if one.owner in keys]
    showing = [one for one in touching if one.depicts in keys and one.owner not in keys]
    shared = [one for one in here if one.owner not in keys and may_use(one, keys)]
    lines = [*(_line(say, one) for one in own)]
    if shared:
        lines.append(say("character.shared_with_you", names=", ".join(f"@{one.name}" for one in shared)))
    for one in showing:
        owner = await house.tools.repos.people.get(one.owner)
        lines.append(say("character.shows_you", name=one.name, owner=owner.name if owner else "…"))
    buttons = [*(_forgetting(say, one) for one in own), *(_agreeing(say, one) for one in showing)]
    none = () if lines else (say("character.none"),)
    card = Card(CardKind.LIST, say("character.title", n=len(own)), (*lines, *none), buttons=tuple(buttons[:BUTTONS]))
    await reply.tell(card)


async def share(house: House, asked: Asked, wish: ShareCharacter, reply: Reply) -> None:
    """Say who may use one: the owner alone, the whole community, or one more member."""
    character = await _own(house, asked, wish.name)
    if wish.member:
        member = await _depicted(house, asked, wish.member)
        shared = tuple(dict.fromkeys((*character.shared, member.key)))
        await house.tools.repos.characters.share(character.id, Reach.MEMBERS, shared)
        key, facts = "character.shared_members", {"member": member.name}
    else:
        reach = _REACHES.get(wish.reach.strip().lower())
        if reach is None or (reach is Reach.MEMBERS and not character.shared):
            raise BadPrompt(key="refusal.character_reach")
        shared = character.shared if reach is Reach.MEMBERS else ()
        await house.tools.repos.characters.share(character.id, reach, shared)
        key, facts = f"character.shared_{reach.value}", {"member": "…"}
    await reply.tell(cards.notice(asked.member.language, key, tone=Tone.GOOD, name=character.name, **facts))


async def forget(house: House, asked: Asked, wish: ForgetCharacter, reply: Reply) -> None:
    """Remove a character, and its files where nobody else uses them."""
    character = await _own(house, asked, wish.name, wish.character)
    say = words(asked.member.language)
    if not wish.sure:
        button = Button(f"character-forget-sure:{character.id}", say("button.forget"), "🗑️", ButtonStyle.DANGER)
        question = say("character.forget_question", name=character.name)
        await reply.tell(Card(CardKind.CHOICE, "", (question,), buttons=(button,)))
        return
    await house.tools.repos.characters.forget(character.id, house.tools.clock.now())
    await _emptied(house)
    await reply.tell(cards.notice(say.language, "character.forgotten", tone=Tone.GOOD, name=character.name))


async def agree(house: House, asked: Asked, wish: Agree, reply: Reply) -> None:
    """The one who is depicted says yes or no; only they can, and whenever they like."""
    mine = await account(house, asked.member)
    consent = Consent.GIVEN if wish.on else Consent.REFUSED
    found = await house.tools.repos.characters.consent(wish.character, await accounts(house, mine), consent)
    if found is None:
        raise NotFound(key="refusal.no_character")
    if not wish.on:
        await _call_off(house, found)
    key = "character.agreed" if wish.on else "character.refused"
    await reply.tell(cards.notice(asked.member.language, key, tone=Tone.GOOD, name=found.name))


async def _call_off(house: House, character: Character) -> None:
    """Films with it that nobody has begun to draw are not drawn; those who asked for them have their quota back."""
    for job in await house.tools.repos.jobs.unfinished():
        if job.stage in (Stage.QUEUED, Stage.ADMITTED) and character.id in [one.character for one in job.request.cast]:
            await house.engine.cancel(job.id)


async def accounts(house: House, mine: Account) -> tuple[str, ...]:
    """The keys of all accounts of an account's person, its own first."""
    others = [one.key for one in await house.tools.repos.people.of_person(mine.person)]
    return tuple(dict.fromkeys((mine.key, *others)))


def may_use(character: Character, accounts: tuple[str, ...]) -> bool:
    """Whether somebody may have a character in their film, once nobody objects to it."""
    if character.owner in accounts or character.reach is Reach.COMMUNITY:
        return True
    return character.reach is Reach.MEMBERS and not set(character.shared).isdisjoint(accounts)


def _name(said: str) -> str:
    name = said.strip().removeprefix("@").removeprefix("＠")
    if wording.names(f"@{name}") != [name]:
        raise BadPrompt(key="refusal.character_name")
    return name


async def _room(house: House, mine: Account, name: str) -> None:
    own = [one for one in await house.tools.repos.characters.of_accounts([mine.key]) if one.owner == mine.key]
    if len([one for one in own if one.folded != folded(name)]) >= MOST:
        raise LimitReached(key="refusal.character_limit", n=MOST)


async def _depicted(house: House, asked: Asked, said: str) -> Account:
    """The account of a member who was named; one that was never heard of is written to in the community's language.
    Raises `NotFound` where there is nobody of that id."""
    community = asked.member.community
    platform = house.tools.platforms.get(community.platform)
    member = said.strip().strip("<@!>").partition("|")[0]
    facts = await platform.facts(community, member) if platform and member else None
    if facts is None or facts.bot or not facts.member:
        raise NotFound(key="refusal.nobody")
    key = account_key(house, community, member)
    known = await house.tools.repos.people.get(key)
    if known:
        return known
    new = Account(key, key, community, member, facts.name or member, asked.place.language)
    return await house.tools.repos.people.seen(new, house.tools.clock.now())


def _consent(mine: Account, shown: Account | None) -> Consent:
    if shown is None:
        return Consent.NONE_NEEDED
    return Consent.GIVEN if shown.person == mine.person else Consent.ASKED


def _question(character: Character, mine: Account) -> Letter | None:
    if character.depicts is None or character.ready:
        return None
    facts = {"name": character.name, "owner": mine.name}
    key = f"consent:{character.id}"
    return Letter(key, character.depicts, Kind.CONSENT, character.created, facts, character.id)


async def _own(house: House, asked: Asked, name: str, character: str = "") -> Character:
    """One of the asker's own characters. Raises `NotFound` with the nearest name."""
    keys = await accounts(house, await account(house, asked.member))
    home = await house.tools.repos.communities.get(asked.member.community)
    own = [one for one in await house.tools.repos.characters.of_accounts(keys) if one.owner in keys]
    wanted = folded(name.strip().removeprefix("@"))
    found = [one for one in own if one.id == character or (wanted and one.folded == wanted)]
    found.sort(key=lambda one: one.contest != home.contest)
    if not found:
        near = wording.near(wanted, [one.name for one in own])
        key = "refusal.no_character_near" if near else "refusal.no_character"
        raise NotFound(key=key, name=name.strip().removeprefix("@"), near=near)
    return found[0]


async def _emptied(house: House) -> None:
    for one in await house.tools.repos.characters.forgotten():
        await empty(house.tools, one)


def _line(say: Words, one: Character) -> str:
    parts = [say("character.picture")] if one.image else []
    parts += [say("character.voice")] if one.voice else []
    parts.append(say(f"reach.{one.reach}"))
    if one.consent in (Consent.ASKED, Consent.REFUSED):
        parts.append(say(f"consent.{one.consent}"))
    return f"**@{one.name}** — {' · '.join(parts)}"


def _forgetting(say: Words, one: Character) -> Button:
    return Button(f"character-forget:{one.id}", say("character.forget", name=one.name), "🗑️")


def _agreeing(say: Words, one: Character) -> Button:
    if one.consent is Consent.GIVEN:
        return Button(f"consent-no:{one.id}", say("character.no", name=one.name), "🚫", ButtonStyle.DANGER)
    return Button(f"consent-yes:{one.id}", say("character.yes", name=one.name), "✅")


__all__ = ["accounts", "agree", "forget", "list_", "may_use", "save", "share"]
