"""What a second of video costs, by family, currency and height.

wan2.6 and wan2.7: Model Studio's price list. wan3.0: two agreeing resellers, Beijing only. A model whose price nobody
told is not offered until the operator sets `dashscope.price`: what cannot be priced must not be ordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from bot.model.backend import Price
from bot.model.request import Size

CNY: Final = "CNY"
USD: Final = "USD"

_FULL: Final = {CNY: {720: "0.6", 1080: "1.0"}, USD: {720: "0.10", 1080: "0.15"}}
_FLASH: Final = {CNY: {720: "0.3", 1080: "0.5"}, USD: {720: "0.05", 1080: "0.075"}}
_NEWER: Final = {CNY: {720: "0.6", 1080: "1.0"}}
PRICES: Final[Mapping[str, Mapping[str, Mapping[int, str]]]] = {
    "wan2.6-t2v": _FULL,
    "wan2.6-i2v": _FULL,
    "wan2.6-r2v": _FULL,
    "wan2.6-i2v-flash": _FLASH,
    "wan2.6-r2v-flash": _FLASH,
    "wan2.7-t2v": _NEWER,
    "wan2.7-i2v": _NEWER,
    "wan2.7-r2v": _NEWER,
    "wan3.0-video": {CNY: {480: "0.3", 720: "0.6", 1080: "1.2"}},
    "wan3.0-video-prime": {CNY: {720: "0.9"}},
}


def currency_of(api: str) -> str:
    """The currency an address is billed in: yuan in Beijing, dollars elsewhere."""
    host = urlsplit(api).hostname or ""
    return CNY if host == "dashscope.aliyuncs.com" or ".cn-beijing." in host else USD


def price_of(family: str, currency: str, size: Size) -> Price | None:
    """The list price of one second, or None when it is not known."""
    found = PRICES.get(family, {}).get(currency, {}).get(size.height)
    return Price(Decimal(found), currency) if found else None
