"""Settings → an endpoint for each mode with its price, and what they can do together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from backends.fal.endpoints import ENDPOINTS, RESOLUTIONS, Choice, nearest
from bot.errors import SetupError
from bot.model.backend import Capabilities, Mode, Price
from bot.settings import Fal

USD: Final = "USD"


@dataclass(frozen=True, slots=True)
class Offer:
    """The endpoints by mode, and all of them in the planner's words."""

    choices: Mapping[Mode, Choice]
    able: Capabilities


def offered(settings: Fal) -> Offer:
    """Raises `SetupError` for an unknown endpoint, a resolution it lacks, an unknown price, or none at all."""
    for address in (settings.api, settings.platform):
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
            raise SetupError(key="setup.fal_api", api=address)
    wanted = {Mode.TEXT: settings.t2v, Mode.IMAGE: settings.i2v, Mode.REFERENCE: settings.r2v}
    choices = {mode: _choice(settings, mode, path.strip("/")) for mode, path in wanted.items() if path}
    if not choices:
        raise SetupError(key="setup.fal_no_model")
    return Offer(choices, _able(settings, choices))


def _choice(settings: Fal, mode: Mode, path: str) -> Choice:
    endpoint = ENDPOINTS.get(path)
    if endpoint is None or endpoint.mode is not mode:
        known = ", ".join(name for name, one in ENDPOINTS.items() if one.mode is mode)
        raise SetupError(
            key="setup.fal_model", setting=f"fal.{mode.value}", model=path, near=nearest(path, mode), all=known
        )
    if settings.resolution not in endpoint.resolutions:
        raise SetupError(
            key="setup.fal_resolution",
            model=path,
            resolution=settings.resolution,
            all=", ".join(endpoint.resolutions),
        )
    listed = endpoint.prices.get(settings.resolution)
    if settings.price is None and listed is None:
        raise SetupError(key="setup.fal_price", model=path)
    price = settings.price if settings.price is not None else Decimal(listed or 0)
    return Choice(path, endpoint, price, settings.resolution, RESOLUTIONS[settings.resolution])


def _able(settings: Fal, choices: Mapping[Mode, Choice]) -> Capabilities:
    ends = [choice.endpoint for choice in choices.values()]
    prices = {mode: Price(choice.price, USD) for mode, choice in choices.items()}
    return Capabilities(
        modes={mode: choice.endpoint.lengths for mode, choice in choices.items()},
        sizes=frozenset({RESOLUTIONS[settings.resolution]}),
        native_audio=True,
        audio_input=all(end.sound for end in ends),
        multi_shot=True,
        longest_prompt=min(end.longest_prompt - len(end.introduction) for end in ends),
        longest_negative=min(end.longest_negative for end in ends),
        images=max((choice.endpoint.most for choice in choices.values()), default=0),
        progress="none",
        cancel="best_effort",
        resume="durable",
        concurrency=settings.concurrency,
        ahead=settings.concurrency,
        price=max(prices.values(), key=lambda price: price.per_second),
        prices=prices,
        typical_seconds=(60.0, 420.0),
        deadline=timedelta(seconds=settings.deadline),
        label="label.ai",
    )
