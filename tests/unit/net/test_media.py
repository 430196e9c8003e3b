import io

import pytest
from PIL import Image

from backends.net import mime_of, picture, suffix_of


def drawn(folder, mode="RGB", size=(640, 360), kind="PNG"):
    path = folder / "blob"
    out = io.BytesIO()
    Image.new(mode, size, (10, 20, 30, 0)[: len(mode)]).save(out, kind)
    path.write_bytes(out.getvalue())
    return path


async def test_a_picture_that_fits_travels_as_it_is(tmp_path) -> None:
    path = drawn(tmp_path, kind="JPEG")

    assert await picture(path, least=240) == (path.read_bytes(), "image/jpeg")


async def test_a_transparent_picture_is_laid_on_white(tmp_path) -> None:
    data, mime = await picture(drawn(tmp_path, "RGBA"), least=240)

    with Image.open(io.BytesIO(data)) as seen:
        assert (mime, seen.mode, seen.getpixel((5, 5))) == ("image/jpeg", "RGB", (255, 255, 255))


async def test_a_small_picture_is_made_large_enough(tmp_path) -> None:
    data, _ = await picture(drawn(tmp_path, size=(100, 50)), least=240)

    with Image.open(io.BytesIO(data)) as seen:
        assert seen.size == (480, 240)


async def test_what_is_no_picture_is_left_to_the_model_to_refuse(tmp_path) -> None:
    path = tmp_path / "blob"
    path.write_bytes(b"\x89PNG\r\n\x1a\nbroken")

    assert await picture(path, least=240) == (path.read_bytes(), "image/png")


@pytest.mark.parametrize(
    ("start", "suffix"), [(b"RIFF....WAVEfmt ", ".wav"), (b"\xff\xd8\xff\xe0", ".jpg"), (b"nothing known", ".bin")]
)
def test_a_files_kind_is_told_by_its_first_bytes(start, suffix) -> None:
    assert suffix_of(mime_of(start)) == suffix
