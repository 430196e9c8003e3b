"""An independent judge agrees: ffmpeg's own loudness meter, before and after AAC."""

import re
import subprocess

import imageio_ffmpeg
import pytest

from backends.animatic.scene import Event, EventKind
from backends.animatic.sound import synthesise, write_wav
from tests.performances import performance

EVENTS = [Event(EventKind.GATE, 1.5 * index) for index in range(1, 8)] + [Event(EventKind.FINISH, 13.0)]


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "film.wav"
    write_wav(path, synthesise(performance(events=EVENTS), 15.0, seed=6))
    return path


def judge(path):
    """(LUFS, dBTP) as ffmpeg's ebur128 filter reads them."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", "-i", str(path)]
    command += ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stderr
    summary = said[said.rindex("Summary") :]
    numbers = [re.search(rf"{name}:\s+(-?[\d.]+)", summary) for name in ("I", "Peak")]
    return tuple(float(number[1]) for number in numbers if number)


def test_loudness_and_peak_are_as_promised(film):
    loud, peak = judge(film)
    assert (loud, peak <= -1.5) == (pytest.approx(-14.0, abs=0.5), True)


def test_they_survive_the_encoder(film):
    encoded = film.with_suffix(".m4a")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", "-i", str(film)]
    subprocess.run([*command, "-c:a", "aac", "-b:a", "160k", str(encoded)], check=True, timeout=120)
    loud, peak = judge(encoded)
    assert (loud, peak < -1.0) == (pytest.approx(-14.0, abs=0.6), True)
