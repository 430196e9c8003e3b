"""The hall: the public exhibit, for everybody with a browser, without a token and with nothing to sign up for.

site       its addresses                          shelf      pages that are drawn once and shown for a moment
render     works -> HTML (templates/, static/)    feeds      works -> JSON Feed, RSS, sitemap, oEmbed
reader     language and links of who looks        captions   a sentence -> WebVTT
headers    what every answer carries

It shows approved works and nothing else, and it changes nothing: there is no address that takes anything in.
"""

from __future__ import annotations

from bot.errors import SetupError
from bot.locales import words
from bot.model.finding import Finding, Verdict
from bot.settings import Settings
from bot.usecases.house import House
from handlers import Kit, Site
from handlers.hall.site import Hall
from handlers.serving import bind

__all__ = ["Hall", "check", "open_site"]


def open_site(settings: Settings, kit: Kit, house: House) -> Site | None:
    """The hall, or None while it is closed. It listens only once it runs, and then announces its address."""
    if not settings.hall_on:
        return None

    def ready(url: str) -> None:
        kit.announce(words(settings.language)("hall.ready", url=url))

    return Hall(settings.hall, house, language=settings.language, on_ready=ready)


async def check(settings: Settings) -> Finding:
    """Whether its address can be had."""
    say, hall = words(settings.language), settings.hall
    if not settings.hall_on:
        return Finding("hall", Verdict.IDLE, say("hall.off"))
    try:
        bind(hall.host, hall.port, key="hall.no_port").close()
    except SetupError as error:
        return Finding("hall", Verdict.WARNING, say(error.sentence, **error.facts), say("studio.perhaps_running"))
    return Finding("hall", Verdict.GOOD, say("hall.free", address=settings.hall_address))
