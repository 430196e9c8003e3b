"""Sound on disk is a plain 16-bit WAV, complete or absent."""

import wave

import numpy as np
import pytest

from backends.animatic.sound import SAMPLES, read_wav, write_wav


def ramp(count=4800):
    return np.stack([np.linspace(-1, 1, count), np.linspace(1, -1, count)]).astype(np.float32)


def test_a_file_says_what_it_is(tmp_path):
    write_wav(tmp_path / "a.wav", ramp())
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:4] == (2, 2, SAMPLES, 4800)


def test_samples_survive_within_two_steps(tmp_path):
    write_wav(tmp_path / "a.wav", ramp())
    with wave.open(str(tmp_path / "a.wav")) as file:
        read = np.frombuffer(file.readframes(4800), "<i2").reshape(-1, 2).T
    assert np.abs(read - ramp() * 32767).max() <= 2


def test_nothing_else_is_left_behind(tmp_path):
    write_wav(tmp_path / "a.wav", ramp())
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_the_same_sound_makes_the_same_file(tmp_path):
    write_wav(tmp_path / "a.wav", ramp())
    write_wav(tmp_path / "b.wav", ramp())
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_a_file_is_replaced_whole(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"old")
    write_wav(tmp_path / "a.wav", ramp())
    assert (tmp_path / "a.wav").stat().st_size == 44 + 4800 * 4


def test_what_was_written_is_read_again(tmp_path):
    write_wav(tmp_path / "a.wav", ramp())
    assert np.abs(read_wav(tmp_path / "a.wav") - ramp()).max() <= 2 / 32767


@pytest.mark.parametrize("content", [b"", b"no sound at all, but long enough to be looked at", None])
def test_what_is_no_sound_is_refused_in_words(tmp_path, content):
    if content is not None:
        (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(ValueError, match="not a sound"):
        read_wav(tmp_path / "a.wav")


def test_a_sound_of_another_kind_is_refused_in_words(tmp_path):
    with wave.open(str(tmp_path / "mono.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(bytes(4))
    with pytest.raises(ValueError, match="16-bit stereo"):
        read_wav(tmp_path / "mono.wav")
