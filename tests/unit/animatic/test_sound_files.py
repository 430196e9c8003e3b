"""Sound on disk is a plain 16-bit WAV, complete or absent."""

import wave

import numpy as np

from backends.animatic.sound import SAMPLES, write_wav


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
