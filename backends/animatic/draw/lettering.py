"""Words on the picture: one family, drawn once and faded in and out; no glyph is ever a box."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from backends.animatic.draw.palette import Colour

LIGHT: Final = 128.0
"""Grey above which what surrounds letters is a rim of light instead of a shadow."""
FONT: Final = ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf")
CLOSING: Final = frozenset("”’)!?,.…、。，．！？）」』】》〉・ーっゃゅょッャュョ")
"""No line begins with these (the Japanese call the rule kinsoku)."""


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The product's font at a size in pixels."""
    return ImageFont.truetype(str(files(FONT[0]).joinpath(FONT[1])), size)


@lru_cache(maxsize=4096)
def drawable(character: str) -> bool:
    """Whether the font has a visible glyph for a character; a missing one is drawn like a code that means nothing."""
    if character.isspace():
        return True
    if unicodedata.category(character)[0] == "C" or "\ufe00" <= character <= "\ufe0f":
        return False
    glyph = _printed(character)
    return bool(glyph) and glyph != _printed("\uffff")


@lru_cache(maxsize=4096)
def _printed(character: str) -> bytes:
    """The character's pixels; nothing for what takes no room."""
    box = font(24).getbbox(character)
    if box[2] <= box[0]:
        return b""
    sheet = Image.new("L", (48, 48))
    ImageDraw.Draw(sheet).text((8, 4), character, 255, font=font(24))
    return sheet.tobytes() if sheet.getbbox() else b""


def spelled(text: str) -> str:
    """The text with only glyphs the font has: accents taken apart, the rest left out."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if character.isspace():
            kept.append(" ")
        elif drawable(character):
            kept.append(character)
        else:
            plain = unicodedata.normalize("NFKD", character)
            kept += [
                part for part in plain if not unicodedata.combining(part) and drawable(part) and part.isprintable()
            ]
    return " ".join("".join(kept).split())


def wrapped(text: str, size: int, width: float, lines: int) -> list[str]:
    """The text in at most `lines` lines of `width` pixels; what does not fit ends in an ellipsis."""
    face = font(size)
    found: list[str] = []
    rest = spelled(text)
    while rest and len(found) < lines:
        count = _fitting(face, rest, width)
        if count < len(rest) and len(found) == lines - 1:
            count = _fitting(face, rest, width - face.getlength("…"))
            found.append(rest[:count].rstrip() + "…")
            break
        cut = _word_end(rest, count)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return found


def _fitting(face: ImageFont.FreeTypeFont, text: str, width: float) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(text[:middle]) <= width else (low, middle - 1)
    return low


def _word_end(text: str, count: int) -> int:
    """Break at a space where there is one in the second half; ideographs may break anywhere but before `CLOSING`."""
    if count >= len(text) or text[count].isspace():
        return count
    space = text.rfind(" ", count // 2, count)
    if space > 0:
        return space + 1
    return next((cut for cut in range(count, count // 2, -1) if text[cut] not in CLOSING), count)


@dataclass(frozen=True, slots=True)
class Label:
    """Text as a picture (h, w, 4): colours multiplied by alpha, alpha."""

    picture: np.ndarray

    def put(self, canvas: np.ndarray, left: float, top: float, visible: float) -> None:
        """Lay the label over the canvas at pixels, faded by `visible` 0..1."""
        height, width = self.picture.shape[:2]
        x, y = round(left), round(top)
        x0, y0, x1, y1 = max(0, x), max(0, y), min(canvas.shape[1], x + width), min(canvas.shape[0], y + height)
        if visible <= 0.01 or x1 <= x0 or y1 <= y0:
            return
        part = self.picture[y0 - y : y1 - y, x0 - x : x1 - x]
        part = cv2.convertScaleAbs(part, alpha=visible) if visible < 0.995 else part
        under = canvas[y0:y1, x0:x1]
        keep = cv2.cvtColor(cv2.bitwise_not(part[..., 3]), cv2.COLOR_GRAY2BGR)
        cv2.add(cv2.multiply(under, keep, scale=1 / 255), np.ascontiguousarray(part[..., :3]), under)


def label(rows: list[tuple[str, int, Colour]], shadow: float = 0.55, gap: float = 0.28, around: float = 18.0) -> Label:
    """Rows of (text, size in pixels, colour) one under the other with a soft shadow of grey `around` about them."""
    faces = [(text, font(size), colour, size) for text, size, colour in rows if text]
    pad = max([size for _, _, _, size in faces], default=8) // 2
    width = int(max([face.getlength(text) for text, face, _, _ in faces], default=1)) + 2 * pad
    height = int(sum(size * (1.12 + gap) for _, _, _, size in faces)) + 2 * pad
    alpha = Image.new("L", (width, height))
    colours = Image.new("RGB", (width, height), (255, 255, 255))
    y = float(pad)
    for text, face, colour, size in faces:
        ImageDraw.Draw(alpha).text((pad, y), text, 255, font=face, anchor="la")
        tone = (round(colour[2]), round(colour[1]), round(colour[0]))
        ImageDraw.Draw(colours).rectangle((0, int(y), width, int(y + size * (1.12 + gap))), fill=tone)
        y += size * (1.12 + gap)
    return Label(_shadowed(np.asarray(alpha), np.asarray(colours)[..., ::-1], shadow, pad, around))


def _shadowed(alpha: np.ndarray, colours: np.ndarray, shadow: float, pad: int, around: float) -> np.ndarray:
    if around > LIGHT:  # dark letters stand on what is lit or lined: they need a rim, a shadow would not help
        thick = max(1, round(pad * 0.2))
        rim = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * thick + 1, 2 * thick + 1)))
        soft = cv2.GaussianBlur(rim, (0, 0), max(0.6, thick * 0.4)).astype(np.float32) * min(1.0, shadow * 1.7)
    else:
        soft = cv2.GaussianBlur(alpha, (0, 0), max(1.0, pad * 0.35)).astype(np.float32) * shadow
    ink = alpha.astype(np.float32)
    whole = ink + soft * (1 - ink / 255)
    held = colours.astype(np.float32) * (ink / 255)[..., None] + around * ((whole - ink) / 255)[..., None]
    return np.ascontiguousarray(np.dstack([np.clip(held, 0, 255), whole]).astype(np.uint8))


def plated(text: Label, plate: Colour, accent: Colour, opacity: float) -> Label:
    """The label on a plate with a coloured edge on its left."""
    height, width = text.picture.shape[:2]
    bar = max(2, height // 22)
    under = np.empty((height, width + bar, 4), np.float32)
    under[..., :3], under[..., 3] = plate, 255
    under *= opacity
    under[..., 3] = 255 * opacity
    under[:, :bar] = (*accent, 255)
    over = text.picture.astype(np.float32)
    under[:, bar:] = over + under[:, bar:] * (1 - over[..., 3:] / 255)
    return Label(np.ascontiguousarray(np.clip(under, 0, 255).astype(np.uint8)))
