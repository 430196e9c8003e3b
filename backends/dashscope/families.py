"""The models as a table: what each family of Wan models takes and how an order for it is written.

Facts: Model Studio's API reference for Wan video (pages of 2026-02-10 to 2026-10-15). A model is recognised by the
beginning of its name, so that dated snapshots ("wan2.6-t2v-2026-01-15") and regional ones ("wan2.6-t2v-us") are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bot.model.backend import Lengths, Mode, Order
from bot.model.request import HD, Size
from bot.prompting import introduced

SD: Final = Size(854, 480)
FULL_HD: Final = Size(1920, 1080)
_ALL: Final = Lengths(2, 15)
_REFERENCES: Final = Lengths(2, 10)
_WAN3: Final = Lengths(2, 30)


@dataclass(frozen=True, slots=True)
class Family:
    """One family. Pictures and sounds go into `input` under the names of `picture` and `sound`: either a field of its
    own ("img_url") or the type of an entry in `media` ("first_frame"), by mode."""

    modes: Mapping[Mode, Lengths]
    longest_prompt: int
    longest_negative: int = 500
    picture: Mapping[Mode, str] = field(default_factory=dict[Mode, str])
    sound: Mapping[Mode, str] = field(default_factory=dict[Mode, str])
    media: bool = False
    """Pictures and sounds are entries of `input.media`."""
    inline: bool = False
    """A picture may travel as a data: address; otherwise it is uploaded first."""
    frame: Literal["size", "resolution", "resolution+ratio"] = "size"
    shot_type: bool = False
    """Several camera angles are asked for with a parameter; elsewhere with the prompt's own words."""
    prompt_extend: bool = True
    silent_switch: bool = False
    """`audio` decides whether there is sound; elsewhere there always is."""
    named: str = ""
    """What the prompt calls the first reference picture; the others are counted on."""
    most: int = 1
    """Reference pictures one order takes."""
    sizes: frozenset[Size] = frozenset({HD, FULL_HD})
    largest_picture: int = 20 * 2**20
    """Bytes."""


_T2V_26: Final = Family({Mode.TEXT: _ALL}, 1500, sound={Mode.TEXT: "audio_url"}, shot_type=True)
_T2V_27: Final = Family({Mode.TEXT: _ALL}, 5000, sound={Mode.TEXT: "audio_url"}, frame="resolution+ratio")
_WAN_30: Final = Family(
    {Mode.TEXT: _WAN3, Mode.IMAGE: _WAN3, Mode.REFERENCE: _WAN3},
    20_000,
    longest_negative=0,
    picture={Mode.IMAGE: "first_frame", Mode.REFERENCE: "reference_image"},
    sound={Mode.TEXT: "reference_audio", Mode.REFERENCE: "reference_audio"},
    media=True,
    inline=True,
    frame="resolution+ratio",
    silent_switch=True,
    named="Image 1",
    most=10,
    sizes=frozenset({SD, HD, FULL_HD}),
)


def _i2v_26(*, flash: bool) -> Family:
    return Family(
        {Mode.IMAGE: _ALL},
        1500,
        picture={Mode.IMAGE: "img_url"},
        sound={Mode.IMAGE: "audio_url"},
        inline=True,
        frame="resolution",
        shot_type=True,
        silent_switch=flash,
    )


def _r2v_26(*, flash: bool) -> Family:
    return Family(
        {Mode.REFERENCE: _REFERENCES},
        1500,
        picture={Mode.REFERENCE: "reference_urls"},
        shot_type=True,
        prompt_extend=False,
        silent_switch=flash,
        named="character1",
        most=5,
        largest_picture=10 * 2**20,
    )


FAMILIES: Final[Mapping[str, Family]] = {
    "wan2.6-t2v": _T2V_26,
    "wan2.6-i2v": _i2v_26(flash=False),
    "wan2.6-i2v-flash": _i2v_26(flash=True),
    "wan2.6-r2v": _r2v_26(flash=False),
    "wan2.6-r2v-flash": _r2v_26(flash=True),
    "wan2.7-t2v": _T2V_27,
    "wan2.7-i2v": Family(
        {Mode.IMAGE: _ALL},
        5000,
        picture={Mode.IMAGE: "first_frame"},
        sound={Mode.IMAGE: "driving_audio"},
        media=True,
        frame="resolution",
    ),
    "wan2.7-r2v": Family(
        {Mode.REFERENCE: _REFERENCES},
        5000,
        picture={Mode.REFERENCE: "reference_image"},
        media=True,
        frame="resolution+ratio",
        prompt_extend=False,
        named="Image 1",
        most=5,
    ),
    "wan3.0-video": _WAN_30,
    "wan3.0-video-prime": _WAN_30,
}
"""The beginning of a model's name → its family."""


def family_name(model: str) -> str:
    """The longest known beginning of a model's name, or nothing."""
    known = [name for name in FAMILIES if model == name or model.startswith(f"{name}-")]
    return max(known, key=len, default="")


@dataclass(frozen=True, slots=True)
class Choice:
    """The model configured for one mode."""

    model: str
    family: Family


def label(size: Size) -> str:
    """A size as the newer families name it: "720P"."""
    return f"{size.height}P"


def body(choice: Choice, order: Order, files: Mapping[str, str], *, extend: bool, watermark: bool) -> dict[str, Any]:
    """The order as JSON. `files`: "image", "image.2" … and "audio" → their addresses on the wire."""
    return {
        "model": choice.model,
        "input": _input(choice.family, order, files),
        "parameters": _parameters(choice.family, order, extend=extend, watermark=watermark),
    }


def _input(family: Family, order: Order, files: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"prompt": worded(family, order)}
    if order.negative and family.longest_negative:
        told["negative_prompt"] = order.negative
    named = {"image": family.picture.get(order.mode), "audio": family.sound.get(order.mode)}
    media = list[dict[str, str]]()
    for kind, address in files.items():
        name = named[kind.partition(".")[0]]
        if name is None:
            continue
        if family.media:
            media.append({"type": name, "url": address})
        elif name.endswith("_urls"):
            told[name] = [*told.get(name, ()), address]
        else:
            told[name] = address
    return {**told, **({"media": media} if media else {})}


def worded(family: Family, order: Order) -> str:
    """The prompt; a model that knows its references by name alone is told who they are."""
    if order.mode is not Mode.REFERENCE or not order.image or family.named.lower() in order.prompt.lower():
        return order.prompt
    named = f"{introduced([one.name for one in order.references] or [''], family.named)}{order.prompt}"
    return named if len(named) <= family.longest_prompt else f"{introduction(family)}{order.prompt}"


def introduction(family: Family) -> str:
    """The words that tie a reference picture to the athlete; an order always has room for them."""
    return introduced([""], family.named)


def _parameters(family: Family, order: Order, *, extend: bool, watermark: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"duration": int(order.seconds), "watermark": watermark, "seed": order.seed % 2**31}
    if family.frame == "size":
        told["size"] = f"{order.size.width}*{order.size.height}"
    else:
        told["resolution"] = label(order.size)  # always said: the default is dearer
    if family.frame == "resolution+ratio":
        told["ratio"] = "16:9"
    if family.prompt_extend:
        told["prompt_extend"] = extend
    if family.shot_type:
        told["shot_type"] = "multi" if order.multi_shot and order.camera == "multi" else "single"
    if family.silent_switch:
        told["audio"] = order.sound
    return told
