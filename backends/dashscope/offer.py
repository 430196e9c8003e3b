"""What the settings offer: a model for each mode, and what these models can do together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from backends.dashscope.families import FAMILIES, Choice, family_name, introduction
from backends.dashscope.prices import currency_of, price_of
from bot.errors import SetupError
from bot.model.backend import Capabilities, Mode, Price
from bot.model.request import HD
from bot.settings import Dashscope

_NONE: Final = "none"
"""The model of a mode that is not offered."""
_WORKSPACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Offer:
    """The models by mode, and all of them in the planner's words."""

    choices: Mapping[Mode, Choice]
    able: Capabilities


def offered(settings: Dashscope) -> Offer:
    """Raises `SetupError` for an unknown model, one of another region, one whose price nobody told, or none at all."""
    _address(settings)
    wanted = {Mode.TEXT: settings.t2v, Mode.IMAGE: settings.i2v, Mode.REFERENCE: settings.r2v}
    names = {mode: family_name(model) or family_name(settings.like) for mode, model in wanted.items() if model != _NONE}
    choices = {mode: _choice(mode, wanted[mode], name) for mode, name in names.items()}
    if not choices:
        raise SetupError(key="setup.dashscope_no_model")
    _region(settings, choices)
    prices = {mode: _price(settings, wanted[mode], name) for mode, name in names.items()}
    return Offer(choices, _able(settings, choices, prices))


def _address(settings: Dashscope) -> None:
    parts = urlsplit(settings.api)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/").endswith("api/v1"):
        raise SetupError(key="setup.dashscope_api", api=settings.api)
    if settings.workspace and not _WORKSPACE.fullmatch(settings.workspace):
        raise SetupError(key="setup.dashscope_workspace", workspace=settings.workspace)


def _choice(mode: Mode, model: str, name: str) -> Choice:
    """The model for a mode. An unknown one is refused with the nearest known one of that mode."""
    family = FAMILIES.get(name)
    if family is None or mode not in family.modes:
        known = [other for other, kind in FAMILIES.items() if mode in kind.modes]
        near = difflib.get_close_matches(model, known, n=1, cutoff=0.0)
        setting = f"dashscope.{mode.value}"
        raise SetupError(key="setup.dashscope_model", setting=setting, model=model, near=near[0], all=", ".join(known))
    return Choice(model, family)


def _region(settings: Dashscope, choices: Mapping[Mode, Choice]) -> None:
    """The wan2.6 models of Virginia end in "-us" and live there alone."""
    host = urlsplit(settings.api).hostname or ""
    if not host.endswith("aliyuncs.com"):
        return  # a proxy or reseller: nobody knows where it leads
    virginia = host == "dashscope-us.aliyuncs.com" or ".us-east-1." in host
    for choice in choices.values():
        if choice.model.startswith("wan2.6") and choice.model.endswith("-us") != virginia:
            raise SetupError(key="setup.dashscope_region", model=choice.model, api=settings.api)


def _price(settings: Dashscope, model: str, name: str) -> Price:
    currency = settings.currency or currency_of(settings.api)
    if settings.price is not None:
        return Price(settings.price, currency)
    found = price_of(name, currency, HD)
    if found is None:
        raise SetupError(key="setup.dashscope_price", model=model, currency=currency)
    return found


def _able(settings: Dashscope, choices: Mapping[Mode, Choice], prices: Mapping[Mode, Price]) -> Capabilities:
    families = {mode: choice.family for mode, choice in choices.items()}
    said = max(len(introduction(family)) for family in families.values())
    return Capabilities(
        modes={mode: family.modes[mode] for mode, family in families.items()},
        sizes=frozenset({HD}),  # the price is told for this size; larger ones are never needed
        native_audio=True,
        audio_input=all(mode in family.sound for mode, family in families.items()),
        multi_shot=True,
        longest_prompt=min(family.longest_prompt for family in families.values()) - said,
        longest_negative=min(family.longest_negative for family in families.values()),
        images=families[Mode.REFERENCE].most if Mode.REFERENCE in families else int(Mode.IMAGE in families),
        progress="none",
        cancel="pending_only",
        resume="durable",
        result_life=timedelta(hours=24),
        concurrency=settings.concurrency,
        ahead=settings.concurrency,
        price=max(prices.values(), key=lambda price: price.per_second),
        prices=prices,
        typical_seconds=(90.0, 360.0),
        deadline=timedelta(seconds=settings.deadline),
        label="label.ai",
    )
