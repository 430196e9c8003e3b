"""A reel is cut from works of any shape, with words over them, and is as long and as loud as it should be."""

from __future__ import annotations

import subprocess

import pytest
from PIL import Image

from bot.errors import ResultInvalid
from bot.model.reel import Highlight, Reel
from bot.model.request import Size
from storage.media import sound
from storage.media.graph import program
from storage.media.probe import probe
from storage.media.reels import CLOSING, FADE, HIGHLIGHT, OPENING, window

SMALL = Size(320, 180)


@pytest.fixture
def pictures(studio):
    """A blue opening, a green closing, and words: a red bar at the lower left."""
    found = {}
    for name, colour in (("opening", "#2020ff"), ("closing", "#20c020")):
        found[name] = studio.folder / f"{name}.png"
        Image.new("RGB", (320, 180), colour).save(found[name])
    found["words"] = studio.folder / "words.png"
    sheet = Image.new("RGBA", (320, 180))
    sheet.paste("#ff0000", (10, 140, 200, 170))
    sheet.save(found["words"])
    return found


def reel(pictures, *films) -> Reel:
    works = tuple(Highlight(film, pictures["words"]) for film in films)
    return Reel(pictures["opening"], works, (pictures["closing"],))


def pixel(film, at: float, place: tuple[int, int]) -> tuple[int, int, int]:
    still = film.with_suffix(f".{at}.png")
    command = [program(), "-y", "-loglevel", "error", "-ss", str(at), "-i", str(film), "-frames:v", "1", str(still)]
    subprocess.run(command, check=True, timeout=60)
    with Image.open(still) as picture:
        return picture.convert("RGB").getpixel(place)


async def test_works_of_any_shape_and_length_become_one_film(tool, studio, pictures):
    tall = studio.film("tall.mp4", "testsrc2=s=120x200:r=30:d=3", None)
    wide = studio.film("wide.mp4", "testsrc2=s=320x180:r=16:d=9", "sine=f=440:r=44100:d=9,volume=3dB")
    out = studio.folder / "reel.mp4"
    await tool.reel(reel(pictures, tall, wide), out, size=SMALL)
    facts = await probe(out)
    assert facts.size == SMALL
    assert facts.seconds == pytest.approx(OPENING + 3 + HIGHLIGHT + CLOSING - 3 * FADE, abs=0.1)
    assert (facts.video_codec, facts.pixel_format, facts.audio_codec) == ("h264", "yuv420p", "aac")
    heard = await sound.measure(out)
    assert heard.integrated == pytest.approx(sound.TARGET, abs=1.0)


async def test_it_opens_shows_words_over_the_work_and_closes(tool, studio, pictures):
    film = studio.film("film.mp4", "color=white:s=320x180:r=24:d=8")
    out = studio.folder / "reel.mp4"
    told = []
    await tool.reel(reel(pictures, film), out, size=SMALL, progress=told.append)
    assert pixel(out, 1.0, (160, 90))[2] > 200
    red, green, _ = pixel(out, OPENING - FADE + HIGHLIGHT / 2, (100, 155))
    assert red > 180 > 80 > green
    assert min(pixel(out, OPENING - FADE + HIGHLIGHT / 2, (260, 60))) > 200
    assert pixel(out, OPENING + HIGHLIGHT + 1.0, (160, 90))[1] > 140
    assert told == sorted(told)
    assert told[-1] == 1.0


async def test_what_is_no_film_leaves_no_reel_behind(tool, studio, pictures):
    broken = studio.folder / "broken.mp4"
    broken.write_bytes(b"nothing")
    out = studio.folder / "out" / "reel.mp4"
    with pytest.raises(ResultInvalid):
        await tool.reel(reel(pictures, broken), out, size=SMALL)
    assert not out.exists()


@pytest.mark.parametrize(
    ("moment", "seconds", "expected"),
    [(7.5, 15.0, (4.5, 6.0)), (0.0, 15.0, (0.0, 6.0)), (15.0, 15.0, (9.0, 6.0)), (1.0, 4.0, (0.0, 4.0))],
)
def test_a_highlight_lies_around_its_moment_and_within_the_film(moment, seconds, expected):
    assert window(moment, seconds) == expected
