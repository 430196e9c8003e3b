"""The endpoints as a table: what each takes, under which name, and what a second costs.

Facts: fal's own model pages (wan/v2.6/*, fal-ai/wan/v2.7/image-to-video and /reference-to-video, alibaba/wan-3.0/*, as
of 2026-09); fields those do not show: public clients written from fal's schemas (2026-08). Prices are dollars for one
second of output; where nobody trustworthy tells one, there is none, and the settings must.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from bot.model.backend import Lengths, Mode, Order
from bot.model.request import HD, Size
from bot.prompting import introduced

RESOLUTIONS: Final[Mapping[str, Size]] = {"480p": Size(854, 480), "720p": HD, "1080p": Size(1920, 1080)}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint. `picture` and `sound` are the names of the fields that carry an address; a name that ends in `urls`
    takes a list."""

    mode: Mode
    lengths: Lengths
    prices: Mapping[str, str]
    """Resolution → dollars a second."""
    longest_prompt: int
    longest_negative: int = 500
    worded_seconds: bool = False
    """`duration` is a string; elsewhere an integer."""
    picture: str = ""
    sound: str = ""
    ratio: bool = True
    """It takes `aspect_ratio`; one that starts from a picture follows the picture."""
    multi_shots: bool = False
    """Several camera angles are asked for with a field; elsewhere with the prompt's own words."""
    expands: str = ""
    """The field that lets the model write the prompt out."""
    silent_switch: str = ""
    """The field that decides whether there is sound; elsewhere there always is."""
    named: str = ""
    """What the prompt calls the first reference picture; the others are counted on."""
    resolutions: tuple[str, ...] = ("720p", "1080p")

    def words(self, order: Order) -> str:
        """The prompt; a model that knows its references by name alone is told who they are."""
        if not self.named or order.image is None or self.named.lower() in order.prompt.lower():
            return order.prompt
        named = f"{introduced([one.name for one in order.references] or [''], self.named)}{order.prompt}"
        return named if len(named) <= self.longest_prompt else f"{self.introduction}{order.prompt}"

    @property
    def most(self) -> int:
        """Pictures one order takes: what every endpoint with a list of references is known to take."""
        return 5 if self.picture.endswith("urls") else int(bool(self.picture))

    @property
    def introduction(self) -> str:
        """The words that tie a reference picture to the athlete; an order always has room for them."""
        return introduced([""], self.named)


_26: Final = Lengths(5, 15, only=(5.0, 10.0, 15.0))
_26_REFERENCE: Final = Lengths(5, 10, only=(5.0, 10.0))
_27: Final = Lengths(2, 15)
_27_REFERENCE: Final = Lengths(2, 10)
_30: Final = Lengths(2, 30)
_DIME: Final = {"720p": "0.10", "1080p": "0.15"}
_HALF: Final = {"720p": "0.05", "1080p": "0.075"}
_THIRD: Final = {"480p": "0.05", "720p": "0.10", "1080p": "0.20"}
_EXPAND: Final = "enable_prompt_expansion"


def _wan26(mode: Mode, lengths: Lengths, prices: Mapping[str, str], **more: Any) -> Endpoint:
    told: dict[str, Any] = {"expands": _EXPAND, **more}
    return Endpoint(mode, lengths, prices, 800, worded_seconds=True, multi_shots=True, **told)


def _wan30(mode: Mode, prices: Mapping[str, str], **more: Any) -> Endpoint:
    every = ("480p", "720p", "1080p")
    return Endpoint(
        mode, _30, prices, 5000, longest_negative=0, resolutions=every, silent_switch="audio", **more
    )  # fmt: skip


_PICTURE: Final = {"picture": "image_url", "ratio": False}
_WHO: Final = {"picture": "reference_image_urls", "named": "Image 1"}

ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "wan/v2.6/text-to-video": _wan26(Mode.TEXT, _26, _DIME, sound="audio_url"),
    "wan/v2.6/image-to-video": _wan26(Mode.IMAGE, _26, _DIME, sound="audio_url", **_PICTURE),
    "wan/v2.6/image-to-video/flash": _wan26(Mode.IMAGE, _26, {}, sound="audio_url", **_PICTURE),
    "wan/v2.6/reference-to-video/flash": _wan26(
        Mode.REFERENCE, _26_REFERENCE, _HALF, picture="image_urls", named="Character1", silent_switch="enable_audio"
    ),
    "fal-ai/wan/v2.7/text-to-video": Endpoint(Mode.TEXT, _27, _DIME, 5000, sound="audio_url", expands=_EXPAND),
    "fal-ai/wan/v2.7/image-to-video": Endpoint(
        Mode.IMAGE, _27, _DIME, 5000, sound="audio_url", expands=_EXPAND, picture="image_url", ratio=False
    ),
    "fal-ai/wan/v2.7/reference-to-video": Endpoint(
        Mode.REFERENCE, _27_REFERENCE, {"720p": "0.10", "1080p": "0.10"}, 5000, multi_shots=True,
        picture="reference_image_urls", named="Image 1",
    ),
    "alibaba/wan-3.0/text-to-video": _wan30(Mode.TEXT, _THIRD),
    "alibaba/wan-3.0/image-to-video": _wan30(Mode.IMAGE, _THIRD, **_PICTURE),
    "alibaba/wan-3.0/reference-to-video": _wan30(Mode.REFERENCE, _THIRD, **_WHO),
    "alibaba/wan-3.0-prime/text-to-video": _wan30(Mode.TEXT, {}),
    "alibaba/wan-3.0-prime/image-to-video": _wan30(Mode.IMAGE, {}, **_PICTURE),
    "alibaba/wan-3.0-prime/reference-to-video": _wan30(Mode.REFERENCE, {}, **_WHO),
}  # fmt: skip
"""Endpoint → what it takes. wan/v2.6/reference-to-video itself is missing: it takes videos only."""


def nearest(name: str, mode: Mode) -> str:
    """The endpoint of a mode whose name is most like this one."""
    known = [known for known, one in ENDPOINTS.items() if one.mode is mode]
    return difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """The endpoint configured for one mode, at one price a second."""

    path: str
    endpoint: Endpoint
    price: Decimal
    resolution: str
    size: Size = field(default=HD)


def body(choice: Choice, order: Order, files: Mapping[str, str], *, expand: bool) -> dict[str, Any]:
    """The order as JSON. `files`: "image", "image.2" … and "audio" → their addresses on the wire."""
    end = choice.endpoint
    told: dict[str, Any] = {
        "prompt": end.words(order),
        "duration": f"{order.seconds:g}" if end.worded_seconds else int(order.seconds),
        "resolution": choice.resolution,  # always said: the default is dearer
        "seed": order.seed % 2**31,
    }
    if order.negative and end.longest_negative:
        told["negative_prompt"] = order.negative
    if end.ratio:
        told["aspect_ratio"] = "16:9"
    if end.multi_shots:
        told["multi_shots"] = order.multi_shot and order.camera == "multi"
    if end.expands:
        told[end.expands] = expand
    if end.silent_switch:
        told[end.silent_switch] = order.sound
    shown = [address for kind, address in files.items() if kind.partition(".")[0] == "image"]
    if end.picture and shown:
        told[end.picture] = shown if end.picture.endswith("urls") else shown[0]
    if end.sound and "audio" in files:
        told[end.sound] = files["audio"]
    return told
