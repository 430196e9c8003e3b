"""The bot is brought into a community, or removed from it."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.errors import Changed, OlympicError
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.contest import Arrived, Departed
from bot.model.people import Place
from bot.model.setup import Home
from bot.usecases.house import House

log = logging.getLogger(__name__)

TRIES = 3
"""Things a newcomer is told to try."""


async def arrived(house: House, what: Arrived) -> None:
    """Remember the community, begin with what suits it, and say hello once."""
    home = await house.tools.repos.communities.see(what.community, what.name, house.tools.clock.now())
    if home.version == 0 and (what.setup or what.language):
        home = await _begun(house, home, what)
    await house.offers.of(home)
    if what.channel:
        await _welcome(house, home, what)


async def departed(house: House, what: Departed) -> None:
    """Nothing is posted there any more until the bot is back."""
    await house.tools.repos.communities.leave(what.community, house.tools.clock.now())


async def _begun(house: House, home: Home, what: Arrived) -> Home:
    """With the setup that suits the platform, in the language it speaks."""
    setup = what.setup or home.setup
    try:
        return await house.tools.repos.communities.change(
            home, replace(setup, language=setup.language or what.language)
        )
    except Changed:  # an admin was faster
        return await house.tools.repos.communities.get(home.community)


async def _welcome(house: House, home: Home, what: Arrived) -> None:
    """Three things to try, and the way to the setup; nobody is greeted twice."""
    platform = house.tools.platforms.get(home.community.platform)
    if platform is None:
        return
    place = Place(home.community, what.channel, language=home.setup.language or what.language or "en")
    key = f"welcome:{home.community}"
    noted, ref = await house.tools.repos.postings.begin(key)
    if ref is not None:
        return
    try:
        ref = await platform.post(place, welcome_card(place.language), key=key, again=noted)
    except OlympicError as error:
        log.warning("%s was not greeted: %r", home.community, error)
        return
    await house.tools.repos.postings.done(key, ref)


def welcome_card(language: str) -> Card:
    """What this is, what to try, and where admins begin."""
    say = words(language)
    tries = (f"{number}. {say(f'welcome.try.{number}')}" for number in range(1, TRIES + 1))
    buttons = (
        Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN),
        Button("help", say("button.help"), "❔"),
        Button("setup", say("button.setup"), "⚙️"),
    )
    lines = (say("welcome.what"), *tries)
    return Card(CardKind.HELP, say("welcome.title"), lines, small=say("welcome.admins"), buttons=buttons)
