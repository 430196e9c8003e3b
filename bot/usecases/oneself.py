"""What a member chose about themselves: how they are named, whether they are remixed, which letters they get."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import cards
from bot.errors import NotAllowed
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Field, Form, Tone
from bot.model.command import AllowRemixes, Asked, NameMe
from bot.model.letter import MUST, Kind
from bot.ports import Reply
from bot.usecases.create import own
from bot.usecases.entries import visible
from bot.usecases.house import House
from bot.usecases.known import account

LONGEST_NAME: Final = 40
ON: Final = "🔔"
OFF: Final = "🔕"


async def notices(house: House, asked: Asked, reply: Reply) -> None:
    """All of it, each with its button."""
    mine = await account(house, asked.member)
    profile = await house.tools.repos.people.profile(mine.person)
    linked = await house.tools.repos.people.of_person(mine.person)
    say = words(asked.member.language)
    remixes = "on" if profile.remixable else "off"
    kinds = [kind for kind in Kind if kind not in MUST]
    lines = [
        say("notices.name", name=profile.name or mine.name),
        say(f"notices.remixes_{remixes}"),
        *(say("notices.heard" if kind not in profile.silent else "notices.unheard", what=say(f"kind.{kind}"))
          for kind in kinds),
        *((say("notices.linked", n=len(linked)),) if len(linked) > 1 else ()),
    ]  # fmt: skip
    buttons = [
        Button("name-me", say("button.name_me"), "✏️"),
        Button(f"remixes:{'off' if profile.remixable else 'on'}", say(f"button.remixes_{remixes}"), "🎬"),
        *(_letters(say(f"kind.{kind}"), kind, on=kind not in profile.silent) for kind in kinds),
        Button("export", say("button.export"), "📦"),
        Button("erase", say("button.erase"), "🗑️", ButtonStyle.DANGER),
    ]
    await reply.tell(Card(CardKind.LIST, say("notices.title"), tuple(lines), buttons=tuple(buttons)))


async def name_me(house: House, asked: Asked, wish: NameMe, reply: Reply) -> None:
    """Take a name for the exhibit, or ask for one; an empty name is the platform's again."""
    mine, say = await account(house, asked.member), words(asked.member.language)
    profile = await house.tools.repos.people.profile(mine.person)
    if wish.name is None:
        field = Field("name", say("notices.name_field"), value=profile.name, hint=mine.name, longest=LONGEST_NAME)
        await reply.ask(Form("name-me", say("button.name_me"), say("form.save"), (field,)))
        return
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in wish.name).split())[:LONGEST_NAME]
    await house.tools.repos.people.choose(mine.person, replace(profile, name=name))
    await reply.tell(cards.notice(say.language, "notices.named", tone=Tone.GOOD, name=name or mine.name))


async def allow_remixes(house: House, asked: Asked, wish: AllowRemixes, reply: Reply) -> None:
    """Let one work be remixed or not; or all of one's works, those made so far and those to come."""
    mine = await account(house, asked.member)
    if wish.entry:
        entry = await visible(house, asked, wish.entry)
        if not await own(house, asked, entry):
            raise NotAllowed(key="refusal.not_yours")
        await house.tools.repos.entries.allow(wish.on, entry=entry.id)
    else:
        people = house.tools.repos.people
        profile = await people.profile(mine.person)
        await people.choose(mine.person, replace(profile, remixable=wish.on))
        await house.tools.repos.entries.allow(wish.on, accounts=await people.of_person(mine.person))
    key = ("remixes.one" if wish.entry else "remixes.all") + ("_on" if wish.on else "_off")
    await reply.tell(cards.notice(asked.member.language, key, tone=Tone.GOOD))


def _letters(label: str, kind: Kind, *, on: bool) -> Button:
    return Button(f"silence:{kind}", label, ON) if on else Button(f"hear:{kind}", label, OFF)
