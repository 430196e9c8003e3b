"""The `olympic` command as its user runs it: real processes, real clips; what only says something is run without."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.locales import languages
from tests.e2e.product import SKETCHED
from tests.fakes import PATIENCE

ROOT = Path(__file__).parents[2]
QUICK = ("--sport", "ski-jumping", "--size", "480p", "--seed", "3")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bot", *words]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OLYMPIC_")}
    ours = {"PYTHONPATH": str(ROOT), "OLYMPIC_HOME": str(home / "data"), "OLYMPIC_HALL_ENABLED": "false"}
    return {**kept, **ours, **more}


def olympic(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        cwd=home,
        env=environment(home, **more),
    )


def typed(home: Path, *words: str, **more: str) -> Result:
    """The same without a process of its own: exit code, stdout and stderr of whatever ends by itself and needs none."""
    foreign = dict.fromkeys(name for name in os.environ if name.startswith("OLYMPIC_"))
    with contextlib.chdir(home):
        return CliRunner().invoke(app, words, env={**foreign, **environment(home, **more)}, catch_exceptions=False)


@dataclass
class Made:
    """What one `olympic make` left behind."""

    home: Path
    file: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    """One clip for all tests that only look at it: drawing is the dearest thing here."""
    home = tmp_path_factory.mktemp("made")
    done = olympic(home, "make", "A fox jumps on skis at dusk", *QUICK, "--out", "new/folder/clip.mp4", "--json")
    return Made(home, home / "new" / "folder" / "clip.mp4", done)


@pytest.mark.slow
def test_make_draws_a_clip_to_its_file(made) -> None:
    with av.open(str(made.file)) as clip:
        video, sound = clip.streams.video[0], clip.streams.audio[0]
        found = (video.codec_context.name, sound.codec_context.name, round(float(clip.duration / 1_000_000), 1))
    assert (made.done.returncode, found) == (0, ("h264", "aac", 15.0)), made.done.stderr


@pytest.mark.slow
def test_json_reports_progress_and_the_file(made) -> None:
    events = [json.loads(line) for line in made.done.stdout.splitlines()]
    kinds = {event["event"] for event in events}

    assert (made.done.returncode, kinds, events[-1]["file"]) == (0, {"progress", "done"}, str(made.file))


@pytest.mark.slow
def test_a_made_clip_is_remembered_as_done_and_a_missing_folder_is_made(made) -> None:
    with closing(sqlite3.connect(made.home / "data" / "olympic.sqlite")) as database:
        stages = [stage for (stage,) in database.execute("SELECT stage FROM job")]
    assert (made.done.returncode, made.file.exists(), stages) == (0, True, ["done"]), made.done.stderr


@pytest.mark.slow
def test_ctrl_c_stops_cleanly_and_leaves_no_file(tmp_path) -> None:
    process = subprocess.Popen(
        command("make", "A fox on skis", *QUICK, "--out", "clip.mp4", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path),
    )
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("fraction"):
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)

    left = [path.name for path in tmp_path.iterdir() if path.name != "data"]
    assert (process.returncode, left, "Traceback" in said) == (130, [], False), said


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("make", ""), 1, "Write one sentence"),
        (("make", "x" * 2001, "--sport", "luge"), 1, "2001"),
        (("make", "hello"), 1, "--sport"),
        (("make", "skis", "--sport", "snowbord"), 1, "Did you mean snowboard"),
        (("make", "skis", "--sport", "luge", "--style", "mnga"), 1, "Did you mean manga"),
        (("make", "skis", "--sport", "luge", "--backend", "sora"), 1, "animatic"),
        (("make", "skis", "--sport", "luge", "--image", "nowhere.png"), 2, "nowhere.png"),
        (("up",), 2, "OLYMPIC_DISCORD_TOKEN"),
    ],
)
def test_bad_input_is_one_sentence_and_an_exit_code(tmp_path, words, code, says) -> None:
    more = {"OLYMPIC_DISCORD_TOKN": "x"} if words == ("up",) else {}

    done = typed(tmp_path, *words, **more)

    assert (done.exit_code, says in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr


def test_a_picture_that_is_none_is_refused_before_anything_is_drawn(tmp_path) -> None:
    (tmp_path / "cat.png").write_text("<html>")

    done = typed(tmp_path, "make", "skis", "--sport", "luge", "--image", "cat.png")

    assert (done.exit_code, "Traceback" in done.stderr, bool(done.stderr.strip())) == (1, False, True)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no endless file on this system")
def test_an_endless_picture_is_refused_as_too_large(tmp_path) -> None:
    done = typed(tmp_path, "make", "skis", "--sport", "luge", "--image", "/dev/zero")

    assert (done.exit_code, "20 MB" in done.stderr) == (1, True), done.stderr


def test_a_file_where_nobody_may_write_is_refused_in_words(tmp_path) -> None:
    done = olympic(tmp_path, "up", OLYMPIC_HOME="/dev/null/data")

    assert (done.returncode, "/dev/null" in done.stderr, "Traceback" in done.stderr) == (4, True, False), done.stderr


def test_a_second_process_on_the_same_data_is_refused_with_the_reason(tmp_path) -> None:
    first = subprocess.Popen(
        command("up", "--no-browser", "--port", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    try:
        assert first.stdout is not None
        assert "http://127.0.0.1" in first.stdout.readline()

        second = olympic(tmp_path, "up", "--no-browser", "--port", "0")
    finally:
        first.terminate()
        first.communicate(timeout=PATIENCE)

    assert (second.returncode, str(first.pid) in second.stderr, first.returncode) == (3, True, 0), second.stderr


def test_help_imports_nothing_that_only_one_command_needs(tmp_path) -> None:
    told = [sys.executable, "-X", "importtime", *command("--help")[1:]]
    done = subprocess.run(
        told, capture_output=True, text=True, timeout=240, check=True, cwd=tmp_path, env=environment(tmp_path)
    )

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in imported
    assert imported & {"asyncio", "aiohttp", "cv2", "discord", "numpy", "pydantic", "slack_bolt", "sqlalchemy"} == set()


def test_sports_and_styles_come_as_json(tmp_path) -> None:
    listed = json.loads(typed(tmp_path, "sports", "--json", "--language", "ja").stdout)

    assert (len(listed["sports"]), listed["sports"][0]["name"], len(listed["styles"])) == (16, "アルペンスキー", 6)


def test_settings_say_where_each_value_comes_from(tmp_path) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "olympic.toml").write_text("[limits]\nwaiting = 7\n", "utf-8")
    environment = {"OLYMPIC_HOME": str(tmp_path / "data"), "OLYMPIC_OPS_PORT": "9"}

    printed = json.loads(olympic(tmp_path, "settings", "--json", "--port", "5", **environment).stdout)

    by_name = {row["name"]: (row["value"], row["default"], row["source"]) for row in printed}
    assert by_name["limits.waiting"] == ("7", "5000", "file")
    assert by_name["ops.port"] == ("9", "", "environment")
    assert by_name["studio.port"] == ("5", "8026", "command line")
    assert by_name["log"] == ("info", "info", "default")


def test_a_password_in_an_address_is_masked_too(tmp_path) -> None:
    addresses = {"OLYMPIC_DATABASE": "postgresql://me:hunter22@db/x", "OLYMPIC_OPENAI_VIDEO_API": "http://me:pass5@gpu"}

    printed = typed(tmp_path, "settings", "--json", **addresses).stdout

    assert ("hunter22" in printed, "pass5" in printed) == (False, False)


def test_settings_for_people_say_the_default_and_the_source_too(tmp_path) -> None:
    printed = typed(tmp_path, "settings", OLYMPIC_OPS_PORT="9", OLYMPIC_STUDIO_PORT="7").stdout

    assert "OLYMPIC_STUDIO_PORT = 7  (environment)" in printed
    assert "[default: 8026]" in printed
    assert "OLYMPIC_OPS_PORT = 9  (environment)" in printed
    assert "OLYMPIC_LOG = info  (default)" in printed


def test_settings_are_printed_with_secrets_masked(tmp_path) -> None:
    printed = typed(tmp_path, "settings", "--json", OLYMPIC_DISCORD_TOKEN="hush").stdout

    values = {setting["name"]: setting["value"] for setting in json.loads(printed)}
    assert ("hush" in printed, values["discord.token"], values["studio.port"]) == (False, "••••", "8026")


def test_settings_name_every_variable_whole_however_narrow_the_terminal(tmp_path) -> None:
    printed = typed(tmp_path, "settings", COLUMNS="60").stdout.split()

    assert {"OLYMPIC_LIMITS_RUNNING_PER_MEMBER", "OLYMPIC_OPENAI_VIDEO_RESULT_HOSTS"} <= set(printed)


def test_without_a_terminal_a_refusal_is_one_line_and_nothing_else(tmp_path) -> None:
    done = olympic(tmp_path, "make", "")

    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1), done.stderr


def test_doctor_finds_nothing_broken_on_a_fresh_machine(tmp_path) -> None:
    done = olympic(tmp_path, "doctor", "--json")

    found = {line["subject"]: line["verdict"] for line in map(json.loads, done.stdout.splitlines())}
    assert (done.returncode, found["ffmpeg"], found["animatic"], found["discord"]) == (0, "good", "good", "idle"), (
        done.stdout + done.stderr
    )


def test_doctor_says_how_to_mend_a_discord_that_does_not_answer(tmp_path) -> None:
    more = {"OLYMPIC_DISCORD_TOKEN": "x", "OLYMPIC_DISCORD_API": "http://127.0.0.1:9/api/v10"}

    done = typed(tmp_path, "doctor", "--json", **more)

    found = {line["subject"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert (done.exit_code, found["discord"]["verdict"], bool(found["discord"]["remedy"])) == (1, "broken", True)


def test_doctor_misses_a_backend_when_all_are_switched_off(tmp_path) -> None:
    assert typed(tmp_path, "doctor", OLYMPIC_ANIMATIC_ENABLED="false").exit_code == 1


def test_the_database_tells_its_revision(tmp_path) -> None:
    olympic(tmp_path, "db", "upgrade")

    here, newest = olympic(tmp_path, "db", "current").stdout.strip().split(" / ")

    assert here == newest


@pytest.mark.slow
def test_a_product_killed_while_drawing_finishes_the_clip_at_its_next_start(tmp_path) -> None:
    """The real process, its real animator: kill -9 in mid-drawing, start again, one entry."""
    from tests.scenario.studio_client import Client

    with Client.started(command("up", "--no-browser", "--port", "0"), environment(tmp_path)) as first:
        first.say("create A fox on skis sport:ski-jumping size:480p")
        first.wait_for_progress(0.1)
        first.kill()
    with Client.started(command("up", "--no-browser", "--port", "0"), environment(tmp_path, **SKETCHED)) as second:
        videos = second.wait_for_video()
        time.sleep(1.0)

        assert (len(videos), len(second.videos())) == (1, 1)


@pytest.mark.parametrize("out", ["taken", "file/clip.mp4"])
def test_a_clip_that_cannot_be_written_is_refused_before_it_is_drawn(tmp_path, out) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "taken").mkdir()

    done = typed(tmp_path, "make", "skis", *QUICK, "--out", out, "--json")

    assert (done.exit_code != 0, out in done.stdout + done.stderr, "Traceback" in done.stderr) == (True, True, False)
    assert "progress" not in done.stdout


def test_a_shell_without_utf_8_keeps_the_words(tmp_path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    done = olympic(tmp_path, "make", "狐" * 2001, "--sport", "luge", **plain)

    assert (done.returncode, "2001" in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("moment", ["typer", "bot.settings", "sqlalchemy", "storage", "handlers.cli.platform"])
def test_ctrl_c_at_any_moment_is_quiet(tmp_path, times, moment) -> None:
    """The moment is the import of a module, which Python tells us of: before a command runs, in it, at its work."""
    told = [sys.executable, "-X", "importtime", *command("make", "A fox on skis", *QUICK)[1:]]
    process = subprocess.Popen(
        told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment(tmp_path)
    )
    assert process.stderr is not None
    assert any(line.rpartition("|")[2].strip() == moment for line in process.stderr), "it was never imported"
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    _, said = process.communicate(timeout=PATIENCE)

    left = [path.name for path in tmp_path.iterdir() if path.name != "data"]
    assert ("Traceback" in said, left) == (False, []), (process.returncode, said)


def test_a_data_folder_whose_files_cannot_be_kept_is_refused_in_words(tmp_path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "blobs").write_text("in the way")

    done = olympic(tmp_path, "up", "--no-browser", "--port", "0")

    assert (done.returncode, "Traceback" in done.stderr, bool(done.stderr.strip())) == (1, False, True), done.stderr


def test_a_language_we_do_not_speak_is_refused_with_those_we_do(tmp_path) -> None:
    done = typed(tmp_path, "settings", OLYMPIC_LANGUAGE="xx")

    assert (done.exit_code, ", ".join(languages()) in done.stderr) == (2, True), done.stderr


def test_doctor_sees_a_database_of_a_newer_version(tmp_path) -> None:
    typed(tmp_path, "db", "upgrade")
    with closing(sqlite3.connect(tmp_path / "data" / "olympic.sqlite")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    done = typed(tmp_path, "doctor", "--json")

    found = {line["subject"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert (done.exit_code, found["database"]["verdict"], "9999" in found["database"]["says"]) == (1, "broken", True)


def test_doctor_survives_a_folder_that_cannot_be_used(tmp_path) -> None:
    done = typed(tmp_path, "doctor", "--json", OLYMPIC_HOME="/dev/null/data")

    found = {line["subject"]: line["verdict"] for line in map(json.loads, done.stdout.splitlines())}
    assert (done.exit_code, found["data"], "Traceback" in done.stderr) == (1, "broken", False), done.stderr


@pytest.mark.slow
def test_a_process_whose_user_has_no_name_makes_a_clip_too(tmp_path) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root may become somebody without a name")
    tmp_path.chmod(0o777)
    home = {"HOME": str(tmp_path)}
    kept = {k: v for k, v in environment(tmp_path, **home).items() if k not in ("USER", "LOGNAME", "LNAME", "USERNAME")}
    code = "import os; from handlers.cli.platform import _user; os.setuid(54321); print(_user())"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=kept
    )

    assert done.stdout.strip() == "local", done.stderr
