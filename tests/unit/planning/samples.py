"""Backends as data, and wishes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot import sports, styles
from bot.model.backend import Capabilities, Lengths, Mode, Price
from bot.model.request import Reference, ReferenceKind, Request
from bot.planner import Wish

PICTURE = Reference(ReferenceKind.IMAGE, "blob-1", "image/png")
SOUND = Reference(ReferenceKind.AUDIO, "blob-2", "audio/wav")

HOSTED = Capabilities(
    modes={Mode.TEXT: Lengths(2, 15), Mode.IMAGE: Lengths(2, 15)},
    native_audio=True,
    audio_input=True,
    multi_shot=True,
    images=1,
    concurrency=5,
    price=Price(Decimal("0.1"), "USD"),
)
OWN = Capabilities(
    modes={Mode.TEXT: Lengths(5.0625, 5.0625, only=(5.0625,)), Mode.IMAGE: Lengths(5.0625, 5.0625, only=(5.0625,))},
    fps=16,
    images=1,
    typical_seconds=(60.0, 90.0),
    free_resend=True,
)
WORDS_ONLY = replace(OWN, modes={Mode.TEXT: OWN.modes[Mode.TEXT]}, images=0)
SHORT = replace(HOSTED, modes={Mode.TEXT: Lengths(2, 3), Mode.IMAGE: Lengths(2, 3)})


def wish(**changes: object) -> Wish:
    request = Request("A kitsune jumps from the large hill at dusk", "ski-jumping", "realistic", seed=7)
    sport, style = sports.find("ski-jumping"), styles.find("realistic")
    assert sport is not None
    assert style is not None
    return Wish(replace(request, **changes), sport, style)
