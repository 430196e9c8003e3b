"""Strangers' files: what can be read is made anew, what cannot is refused with the right words."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib

import pytest
from PIL import Image

from bot.errors import BadReference
from bot.locales import languages, words
from storage.media.members import AUDIO_BYTES, IMAGE_BYTES, Members

GPS = 0x8825
ORIENTATION = 0x0112


@pytest.fixture
def members():
    return Members()


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data):
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def halves(size=(400, 200)):
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture


def near(found, wanted, by=12):
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


async def refused(call, data):
    with pytest.raises(BadReference) as caught:
        await call(data)
    return caught.value


# -------------------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_an_ordinary_picture_becomes_a_jpeg(members, kind):
    data, mime = await members.image(saved(halves(), kind))

    picture = opened(data)
    assert (mime, picture.format, picture.size) == ("image/jpeg", "JPEG", (400, 200))
    assert near(picture.getpixel((20, 20)), (255, 0, 0))


async def test_a_large_picture_is_brought_to_1280_pixels(members):
    data, _ = await members.image(saved(halves((3000, 1500)), "JPEG"))

    assert opened(data).size == (1280, 640)


async def test_transparency_is_kept_as_png(members):
    data, mime = await members.image(saved(Image.new("RGBA", (50, 50), (255, 0, 0, 100)), "WEBP", lossless=True))

    assert mime == "image/png"
    assert opened(data).getpixel((10, 10)) == (255, 0, 0, 100)


async def test_a_rotated_photo_stands_upright_and_has_forgotten_where_it_was_taken(members):
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (43.0, 3.0, 0.0)})
    photo = saved(halves(), "JPEG", exif=exif)
    assert opened(photo).getexif().get_ifd(GPS)

    data, _ = await members.image(photo)

    picture = opened(data)
    assert picture.size == (200, 400)
    assert near(picture.getpixel((100, 20)), (255, 0, 0))
    assert (dict(picture.getexif()), b"GPS" in data) == ({}, False)


async def test_text_hidden_in_a_picture_is_left_behind(members):
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "Somebody Secret")

    data, _ = await members.image(saved(Image.new("RGBA", (50, 50), (9, 9, 9, 9)), "PNG", pnginfo=notes))

    assert b"Secret" not in data


async def test_an_archive_appended_to_a_picture_is_stripped(members):
    tail = io.BytesIO()
    with zipfile.ZipFile(tail, "w") as archive:
        archive.writestr("evil.txt", "x")
    polyglot = saved(halves(), "JPEG") + tail.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(polyglot))

    data, _ = await members.image(polyglot)

    assert not zipfile.is_zipfile(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
async def test_of_an_animation_the_first_picture_is_taken(members, kind):
    red, blue = (Image.new("RGB", (64, 64), name) for name in ("red", "blue"))
    moving = saved(red, kind, save_all=True, append_images=[blue], duration=100)

    data, _ = await members.image(moving)

    picture = opened(data)
    assert getattr(picture, "n_frames", 1) == 1
    assert near(picture.getpixel((5, 5))[:3], (255, 0, 0))


HTML = b"<!DOCTYPE html><html><body>Sign in to see this picture</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"


@pytest.mark.parametrize(
    "data", [b"", HTML, SVG, EPS, b"GIF89a" + bytes(100)], ids=["empty", "html", "svg", "eps", "gif"]
)
async def test_what_is_no_picture_is_refused_as_such(members, data):
    assert (await refused(members.image, data)).sentence == "reference.not_image"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_truncated_picture_is_called_damaged(members, kind):
    data = saved(Image.effect_noise((300, 300), 50).convert("RGB"), kind)

    assert (await refused(members.image, data[: len(data) // 2])).sentence == "reference.unreadable"


async def test_a_wrong_body_behind_a_right_beginning_is_called_damaged(members):
    assert (await refused(members.image, b"\xff\xd8\xff" + HTML)).sentence == "reference.unreadable"


def png_header(width, height):
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0), b"IDAT")
    packed = (struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


async def test_a_header_that_claims_billions_of_pixels_is_refused_unread(members):
    assert (await refused(members.image, png_header(60_000, 60_000))).sentence == "reference.bomb"


async def test_a_small_file_of_forty_megapixels_is_a_bomb(members):
    bomb = saved(Image.new("L", (8000, 5000)), "PNG")
    assert len(bomb) < 200_000

    error = await refused(members.image, bomb)

    assert (error.sentence, error.facts) == ("reference.bomb", {"limit": 25})


async def test_a_picture_over_twenty_megabytes_is_refused_before_it_is_read(members):
    error = await refused(members.image, bytes(IMAGE_BYTES + 1))

    assert (error.sentence, error.facts) == ("reference.too_large", {"limit": 20})


async def test_a_heic_without_its_library_gets_its_own_advice(members):
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(100)

    assert (await refused(members.image, heic)).sentence in {"reference.heic", "reference.unreadable"}


# ---------------------------------------------------------------------------------------------------------- sounds

FORMATS = {
    "a.wav": (),
    "a.mp3": ("-c:a", "libmp3lame"),
    "a.ogg": ("-c:a", "libopus"),
    "a.flac": (),
    "a.m4a": (),
    "a.aac": (),
    "a.webm": ("-c:a", "libopus"),
}


@pytest.mark.parametrize("name", FORMATS)
async def test_every_usual_sound_becomes_the_same_kind_of_wav(members, studio, name):
    file = studio.sound(name, "sine=f=440:r=48000:d=1", FORMATS[name])

    data, mime = await members.audio(file.read_bytes())

    with wave.open(io.BytesIO(data)) as heard:
        shape = (heard.getnchannels(), heard.getsampwidth(), heard.getframerate())
        seconds = heard.getnframes() / heard.getframerate()
    assert (mime, shape) == ("audio/wav", (2, 2, 48_000))
    assert seconds == pytest.approx(1.0, abs=0.1)


async def test_a_title_in_a_sound_is_left_behind(members, studio):
    file = studio.sound("a.mp3", options=("-metadata", "title=Somebody Secret", "-t", "1"))
    assert b"Secret" in file.read_bytes()

    data, _ = await members.audio(file.read_bytes())

    assert b"Secret" not in data


@pytest.mark.parametrize("seconds", [0.2, 61])
async def test_a_sound_too_short_or_too_long_is_refused(members, studio, seconds):
    file = studio.sound("a.ogg", f"sine=f=440:r=48000:d={seconds}", ("-c:a", "libopus"))

    error = await refused(members.audio, file.read_bytes())

    assert (error.sentence, error.facts) == ("reference.audio_length", {"shortest": 0.3, "longest": 60})


async def test_hours_hidden_in_a_small_file_are_refused(members, studio):
    file = studio.sound("a.flac", "anullsrc=r=1000:cl=mono,atrim=end=14400", ("-ar", "1000"))

    assert (await refused(members.audio, file.read_bytes())).sentence == "reference.audio_length"


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"


@pytest.mark.parametrize("data", [b"", HTML, PLAYLIST, CONCAT], ids=["empty", "html", "m3u8", "concat"])
async def test_what_is_no_sound_is_refused_as_such(members, data):
    assert (await refused(members.audio, data)).sentence == "reference.not_audio"


async def test_a_playlist_behind_a_sound_s_first_bytes_opens_nothing(members):
    assert (await refused(members.audio, b"ID3" + PLAYLIST)).sentence == "reference.unreadable"


async def test_a_film_without_sound_is_no_sound(members, studio):
    assert (
        await refused(members.audio, studio.film("a.mp4", sounds=None).read_bytes())
    ).sentence == "reference.not_audio"


async def test_a_broken_sound_is_called_damaged(members, studio):
    whole = studio.sound("a.m4a").read_bytes()

    assert (await refused(members.audio, whole[: len(whole) // 2])).sentence == "reference.unreadable"


async def test_a_sound_over_fifteen_megabytes_is_refused_before_it_is_read(members):
    assert (await refused(members.audio, bytes(AUDIO_BYTES + 1))).facts == {"limit": 15}


@pytest.mark.parametrize("key", ["not_image", "heic", "too_large", "bomb", "not_audio", "audio_length", "unreadable"])
def test_every_refusal_has_its_words_in_every_language(key):
    assert all(words(language).knows(f"reference.{key}") for language in languages())
