"""The local studio: the product in a browser, for one machine, with nothing to sign up for.

platform   the Platform: posts, edits, publishes, runs       site     its addresses
wall       messages, remembered through the Log              stream   changes as server-sent events (feed numbers them)
mailbox    private answers                                   guard    Host, token, cross-site requests, headers
parse      theirs -> Command (uploads reads forms)           render   ours -> HTML (templates/, static/)
complete   completion of the typed line                      desk     commands on their way to the core
"""

from __future__ import annotations

from bot.errors import SetupError
from bot.locales import words
from bot.model.finding import Finding, Verdict
from bot.ports import Platform
from bot.settings import Settings
from handlers import Kit
from handlers.serving import bind
from handlers.web.browser import show
from handlers.web.platform import Studio

__all__ = ["Studio", "check", "connect"]


def connect(settings: Settings, kit: Kit) -> Platform | None:
    """The studio, or None while it is off. It listens only once it runs, and then announces its address."""
    if not settings.studio_on:
        return None

    def ready(url: str) -> None:
        kit.announce(words(settings.language)("studio.ready", url=url))
        if kit.browser:
            show(url)

    return Studio(
        settings.studio,
        log=kit.log,
        media=kit.media,
        clock=kit.clock,
        completions=kit.completions,
        language=settings.language,
        on_ready=ready,
        meter=kit.meter,
        hall=settings.hall_address,
    )


async def check(settings: Settings) -> Finding:
    """Whether its address can be had."""
    say, studio = words(settings.language), settings.studio
    if not settings.studio_on:
        return Finding("studio", Verdict.IDLE, say("studio.off"))
    try:
        bind(studio.host, studio.port).close()
    except SetupError as error:
        return Finding("studio", Verdict.WARNING, say(error.sentence, **error.facts), say("studio.perhaps_running"))
    return Finding("studio", Verdict.GOOD, say("studio.free", host=studio.host, port=studio.port))
