"""Films that tell where they come from."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from bot.errors import OlympicError, StorageError
from bot.model.provenance import Claim, Credentials, Origin
from bot.pipeline.hanging import SAID
from storage.media import certificate
from storage.media.provenance import Seal
from tests.samples import NOON

CLAIM = Claim("curling e1", Origin.TRAINED, "ab" * 32, "comfyui", 7, NOON)
ISSUER = "An olympic-bot installation"


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """A real film of half a second."""
    clip = tmp_path_factory.mktemp("film") / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=64x36:rate=24:duration=0.5"]
    shape = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-movflags", "+faststart", str(clip)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *source, *shape], check=True, timeout=60)
    return clip


@pytest.fixture
def seal(tmp_path) -> Seal:
    return Seal(partial(certificate.own, tmp_path / "credentials"))


async def test_a_signed_film_tells_who_signed_it_and_how_it_was_made(seal, film, tmp_path) -> None:
    await seal.seal(film, tmp_path / "out.mp4", CLAIM)
    assert await seal.read(tmp_path / "out.mp4") == Credentials(ISSUER, "trainedAlgorithmicMedia", intact=True)


@pytest.mark.parametrize("origin", Origin)
async def test_every_origin_is_told(seal, film, tmp_path, origin) -> None:
    await seal.seal(film, tmp_path / "out.mp4", replace(CLAIM, origin=origin))
    found = await seal.read(tmp_path / "out.mp4")
    assert (found.origin, found.intact) == (origin.value, True)


async def test_the_sentence_stands_in_it_as_a_hash_only(seal, film, tmp_path) -> None:
    await seal.seal(film, tmp_path / "out.mp4", CLAIM)
    assert CLAIM.sentence.encode() in (tmp_path / "out.mp4").read_bytes()


async def test_a_change_after_signing_is_found(seal, film, tmp_path) -> None:
    out = tmp_path / "out.mp4"
    await seal.seal(film, out, CLAIM)
    data = bytearray(out.read_bytes())
    data[-200] ^= 1
    out.write_bytes(data)
    assert not (await seal.read(out)).intact


async def test_a_film_of_somebody_else_tells_nothing(seal, film) -> None:
    assert await seal.read(film) is None


async def test_players_read_a_plain_label_and_the_film_still_plays_from_its_start(seal, film, tmp_path) -> None:
    out = tmp_path / "out.mp4"
    await seal.seal(film, out, CLAIM)
    with av.open(str(out)) as clip:
        assert clip.metadata["comment"] == "AI-generated (trainedAlgorithmicMedia)"
        assert sum(1 for _ in clip.decode(video=0)) == 12
    data = out.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")


async def test_unsigned_films_carry_the_plain_label(film, tmp_path) -> None:
    seal = Seal(None)
    await seal.seal(film, tmp_path / "out.mp4", CLAIM)
    with av.open(str(tmp_path / "out.mp4")) as clip:
        assert "AI-generated" in clip.metadata["comment"]
    assert await seal.read(tmp_path / "out.mp4") is None


async def shrunk(film: Path, out: Path) -> Path:
    """A smaller encode, as a platform's limit asks for."""
    shape = ["-i", str(film), "-map_metadata", "-1", "-c:v", "libx264", "-b:v", "20k", str(out)]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *shape], check=True, timeout=60)
    return out


async def test_a_smaller_copy_is_signed_as_made_from_the_film_and_labelled_like_it(seal, film, tmp_path) -> None:
    whole, out = tmp_path / "whole.mp4", tmp_path / "out.mp4"
    await seal.seal(film, whole, CLAIM)
    smaller = await shrunk(whole, tmp_path / "smaller.mp4")
    assert await seal.read(smaller) is None
    await seal.derive(whole, smaller, out)
    assert await seal.read(out) == Credentials(ISSUER, "trainedAlgorithmicMedia", intact=True)
    assert CLAIM.sentence.encode() in out.read_bytes()
    assert out.stat().st_size - smaller.stat().st_size < SAID
    with av.open(str(out)) as clip:
        assert clip.metadata["comment"] == "AI-generated (trainedAlgorithmicMedia)"


async def test_a_smaller_copy_of_an_unsigned_film_is_not_signed(seal, film, tmp_path) -> None:
    smaller = await shrunk(film, tmp_path / "smaller.mp4")
    await seal.derive(film, smaller, tmp_path / "out.mp4")
    assert await seal.read(tmp_path / "out.mp4") is None


def broken() -> certificate.Signing:
    raise StorageError("the key is gone")


async def test_a_film_goes_out_with_its_label_when_it_cannot_be_signed(film, tmp_path, caplog) -> None:
    await Seal(broken).seal(film, tmp_path / "out.mp4", CLAIM)
    with av.open(str(tmp_path / "out.mp4")) as clip:
        assert "AI-generated" in clip.metadata["comment"]
    assert "without Content Credentials: the key is gone" in caplog.text


async def test_what_is_no_film_cannot_be_labelled(seal, tmp_path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"no film")
    with pytest.raises(OlympicError):
        await seal.seal(tmp_path / "no.mp4", tmp_path / "out.mp4", CLAIM)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["no.mp4"]


def test_an_installation_keeps_the_certificate_it_made(tmp_path) -> None:
    assert certificate.own(tmp_path) == certificate.own(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_nobody_else_can_read_the_key(tmp_path) -> None:
    certificate.own(tmp_path / "credentials")
    rights = [
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "credentials", tmp_path / "credentials/signing.pem")
    ]
    assert rights == [0o700, 0o600]


async def test_an_operators_own_certificate_signs(film, tmp_path) -> None:
    made = certificate.own(tmp_path / "elsewhere")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(made.chain)
    key.write_bytes(made.key)
    seal = Seal(partial(certificate.given, chain, key))
    await seal.seal(film, tmp_path / "out.mp4", CLAIM)
    assert (await seal.read(tmp_path / "out.mp4")).intact


def test_a_certificate_that_is_none_is_named(tmp_path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    with pytest.raises(StorageError, match="cannot be read"):
        certificate.given(tmp_path / "x.pem", tmp_path / "x.pem")
