"""The worker process: orders in, frames to the encoder, words out, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from dataclasses import asdict
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest

from backends.animatic.sound import read_wav, write_wav
from tests.fakes import PATIENCE
from tests.unit.animatic.samples import brief

ROOT = Path(__file__).parents[3]
FRAMES = 24


def order(folder, processes=2, **changes):
    values = {"staging": "alpine-skiing", "width": 320, "height": 180, "seconds": 1.0}
    film = brief(**{**values, **changes})
    out, sound = str(folder / "film.mp4"), str(folder / "film.wav")
    encode = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-hide_banner",
        "-loglevel",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "yuv420p",
        "-s",
        f"{film.width}x{film.height}",
        "-r",
        str(film.fps),
        "-i",
        "pipe:0",
        "-i",
        sound,
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-c:a",
        "aac",
        "-t",
        str(film.seconds),
        out,
    ]
    return {
        "brief": asdict(film),
        "encode": encode,
        "out": out,
        "sound": sound,
        "preview": str(folder / "look.jpg"),
        "processes": processes,
    }


UNFORKED = """
import os, sys
from backends.animatic.__main__ import main
sys.platform = "darwin"
os._exit(main())
"""
"""The animator as it runs where processes are started anew instead of being forked."""


def start(words, program=("-m", "backends.animatic")):
    process = subprocess.Popen(
        [sys.executable, *program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    process.stdin.write((words if isinstance(words, bytes) else json.dumps(words).encode()) + b"\n")
    process.stdin.flush()
    return process


def told(process):
    return [json.loads(line) for line in process.stdout.read().splitlines()]


def alive(group):
    """Processes of a session that still run, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[3]) == group and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def gone(group, seconds=PATIENCE):
    """Whether all processes of a session end within a limit."""
    end = time.monotonic() + seconds
    while alive(group):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def until(process, stage):
    """Read words until one of the stage has come."""
    for line in process.stdout:
        word = json.loads(line)
        if word["stage"] == stage:
            return word
    return None


def test_an_order_becomes_a_film_with_sound_progress_and_previews(tmp_path):
    words = order(tmp_path)
    process = start(words)
    said = told(process)
    assert process.wait() == 0
    assert [word["done"] for word in said if word["stage"] == "drawing"][-1] == FRAMES
    assert any(word["stage"] == "preview" for word in said)
    assert said[-1] == {"stage": "done"}
    assert Path(words["out"]).stat().st_size > 10_000
    assert (tmp_path / "look.jpg").read_bytes()[:2] == b"\xff\xd8"
    with wave.open(words["sound"]) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (48000, 2, 48000)


def frames(folder, program=("-m", "backends.animatic"), **changes):
    """The frames (F, pixels) that the encoder of such an order is given."""
    folder.mkdir()
    words = order(folder, width=160, height=90, **changes)
    raw = str(folder / "film.yuv")
    words["encode"] = [
        sys.executable,
        "-c",
        f"import shutil,sys;shutil.copyfileobj(sys.stdin.buffer,open({raw!r},'wb'))",
    ]
    process = start(words, program)
    process.stdout.read()
    assert process.wait() == 0
    return np.fromfile(raw, np.uint8).reshape(-1, 160 * 90 * 3 // 2)


def test_frames_do_not_depend_on_the_number_of_processes(tmp_path):
    films = [frames(tmp_path / str(count), processes=count) for count in (1, 3)]
    assert len(films[0]) == FRAMES
    assert np.array_equal(films[0], films[1])


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there anyway")
def test_frames_do_not_depend_on_whether_processes_are_forked(tmp_path):
    forked, unforked = frames(tmp_path / "forked", processes=2), frames(tmp_path / "new", ("-c", UNFORKED), processes=2)
    assert np.array_equal(forked, unforked)


def test_a_storyboards_drawings_stand_for_two_frames_each_and_are_the_films_own(tmp_path):
    film, held = frames(tmp_path / "film"), frames(tmp_path / "held", hold=2)
    assert np.array_equal(held, film[::2].repeat(2, axis=0))
    assert not np.array_equal(held[0], held[2])


def test_an_odd_last_frame_of_a_storyboard_is_drawn_once(tmp_path):
    assert len(frames(tmp_path / "odd", hold=2, seconds=0.625)) == 15


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_end_of_its_input_stops_everything_at_once(tmp_path):
    process = start(order(tmp_path, seconds=15.0))
    assert until(process, "drawing")
    process.stdin.close()
    assert process.wait(PATIENCE) == 1
    assert gone(process.pid)
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_a_killed_worker(tmp_path, kind):
    process = start(order(tmp_path, seconds=15.0))
    assert until(process, "drawing")
    os.kill(process.pid, kind)
    process.wait(PATIENCE)
    assert gone(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_process_outlives_a_killed_orderer(tmp_path):
    orderer = subprocess.Popen(
        [sys.executable, "-c", ORDERER, json.dumps(order(tmp_path, seconds=15.0)), str(ROOT)],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    orderer.stdout.readline()
    orderer.kill()
    orderer.wait()
    assert gone(orderer.pid)


ORDERER = """
import subprocess, sys, time
command = [sys.executable, '-m', 'backends.animatic']
worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=sys.argv[2])
worker.stdin.write(sys.argv[1].encode() + b'\\n'); worker.stdin.flush()
for line in worker.stdout:
    if b'drawing' in line:
        print('drawing', flush=True)
        time.sleep(600)
"""


def test_an_encoder_that_fails_is_told_in_words(tmp_path):
    words = order(tmp_path)
    words["encode"] = [sys.executable, "-c", "import sys; sys.exit('no such codec')"]
    process = start(words)
    said = told(process)
    assert process.wait() == 1
    assert said[-1]["stage"] == "error"
    assert "encoder" in said[-1]["message"]


@pytest.mark.parametrize("line", [b"", b"{}", b"nonsense", b'{"brief": {}, "encode": [], "out": "", "sound": ""}'])
def test_what_is_not_an_order_is_refused_in_words(line):
    process = start(line)
    said = told(process)
    assert process.wait() == 1
    assert said[-1]["stage"] == "error"


def test_a_broken_reference_picture_is_noted_and_the_film_made(tmp_path):
    picture = tmp_path / "face.png"
    picture.write_bytes(b"nothing")
    process = start(order(tmp_path, image=str(picture), width=160, height=90, seconds=0.5))
    said = told(process)
    assert process.wait() == 0
    assert [word["message"] for word in said if word["stage"] == "note"] == ["note.reference_unreadable"]


def test_a_members_own_sound_is_heard_in_the_film(tmp_path):
    own, folder = tmp_path / "own.wav", tmp_path / "with"
    folder.mkdir()
    tone = np.sin(2 * np.pi * 440 * np.arange(48000) / 48000).astype(np.float32) * 0.5
    write_wav(own, np.stack([tone, tone]))
    words = order(folder, sound=str(own), width=160, height=90)
    said = told(start(words))
    heard = read_wav(Path(words["sound"])).mean(axis=0)
    spectrum = np.abs(np.fft.rfft(heard))
    assert said[-1] == {"stage": "done"}
    assert spectrum.argmax() == 440


def test_a_broken_sound_is_noted_and_the_film_made(tmp_path):
    sound = tmp_path / "voice.wav"
    sound.write_bytes(b"nothing")
    said = told(start(order(tmp_path, sound=str(sound), width=160, height=90, seconds=0.5)))
    assert [word["message"] for word in said if word["stage"] == "note"] == ["note.sound_unreadable"]
    assert said[-1] == {"stage": "done"}
