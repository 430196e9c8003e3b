"""The local studio: the product in a browser, for one machine, with nothing to sign up for.

platform   the Platform: posts, edits, publishes, runs       site     its addresses
wall       messages, remembered through the Log              stream   changes as server-sent events (feed numbers them)
mailbox    private answers                                   guard    Host, token, cross-site requests, headers
parse      theirs -> Command (uploads reads forms)           render   ours -> HTML (templates/, static/)
complete   completion of the typed line                      desk     commands on their way to the core
"""

from __future__ import annotations

from collections.abc import Callable

from bot.ports import Clock, Log, MediaStore
from bot.settings import Studio as StudioSettings
from handlers.web.complete import Completions
from handlers.web.platform import Studio

__all__ = ["Studio", "studio"]


def studio(
    settings: StudioSettings,
    *,
    log: Log,
    media: MediaStore,
    clock: Clock,
    completions: Completions,
    language: str = "en",
    on_ready: Callable[[str], None] = lambda _url: None,
) -> Studio:
    """The platform named "studio".

    `language` is spoken where the browser prefers none of ours. `on_ready` is called once with the address to open,
    token included, when the first page can be served. Without `settings.token` every run has a new token.
    """
    return Studio(
        settings, log=log, media=media, clock=clock, completions=completions, language=language, on_ready=on_ready
    )
