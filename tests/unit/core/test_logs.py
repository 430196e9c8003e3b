"""Log lines: whose request, in which format, how much, and without a secret."""

from __future__ import annotations

import io
import json
import logging
import os
from collections.abc import Iterator

import pytest

from bot.commands.logs import CHATTY, change_level, log_to_stderr, set_level
from bot.commands.up import _reread_level
from bot.errors import ContentRejected
from bot.model.command import Create, Help
from bot.settings import load
from bot.trail import facts, following

log = logging.getLogger("bot.test")
WISH = Create(prompt="A kitsune jumps from the large hill at dusk", sport="ski-jumping")


class Terminal(io.StringIO):
    """Somebody reads along."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _root() -> Iterator[None]:
    """The test runner's own handlers come back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.NOTSET)


class Lines:
    """What was logged, as a machine reads it."""

    def __init__(self, **environment: str) -> None:
        self.stream = io.StringIO()
        log_to_stderr(load({"OLYMPIC_LOG_FORMAT": "json", **environment}), self.stream)

    @property
    def all(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def saying(self, words: str) -> dict[str, object]:
        return next(line for line in self.all if words in str(line["event"]))


# ------------------------------------------------------------------------------------------------- whose line it is


async def test_a_command_is_followed_from_the_asking_to_the_delivery(world) -> None:
    lines = Lines()
    await world.start()
    await world.ask(WISH)
    [job] = await world.ended()

    asked = lines.saying("it goes on as request")
    assert (asked["command"], job.id in str(asked["event"])) == ("create", True)
    for words in ("is in line", "is now drawing", "is now finishing", "is now delivering", "is now done"):
        assert lines.saying(words)["request"] == job.id


async def test_a_run_says_its_backend_and_which_run_it_is(world) -> None:
    lines = Lines()
    await world.start()
    await world.ask(WISH)
    await world.ended()

    line = lines.saying("is now drawing")

    assert (line["backend"], line["fence"]) == ("fake", 1)


async def test_the_same_request_is_followed_by_the_next_process(world) -> None:
    await world.ask(WISH)
    await world.crash()
    lines = Lines()
    await world.start()
    [job] = await world.ended()

    assert lines.saying("is now done")["request"] == job.id


async def test_a_failure_names_its_request(world) -> None:
    lines = Lines()
    world.backend.submit_faults = [ContentRejected("no")]
    await world.start()
    await world.ask(WISH)
    [job] = await world.ended()

    assert lines.saying("ended as failed")["request"] == job.id


async def test_two_commands_have_two_ids(world) -> None:
    lines = Lines()
    await world.ask(Create(prompt=""))
    await world.ask(Create(prompt=""))

    first, second = [line["request"] for line in lines.all if "was answered with" in str(line["event"])]
    assert first != second


async def test_nothing_is_followed_after_the_answer(world) -> None:
    await world.ask(Help())

    assert dict(facts()) == {}


def test_inner_facts_add_to_outer_ones_and_go_again() -> None:
    with following(request="r"):
        with following(backend="b"):
            assert dict(facts()) == {"request": "r", "backend": "b"}
        assert dict(facts()) == {"request": "r"}


# -------------------------------------------------------------------------------------------------- how it looks


def test_a_machine_gets_one_object_a_line_with_time_level_and_logger() -> None:
    lines = Lines()

    log.warning("snow in %s", "Sapporo")

    [line] = lines.all
    assert (line["event"], line["level"], line["logger"]) == ("snow in Sapporo", "warning", "bot.test")
    assert str(line["timestamp"]).endswith("Z")


def test_a_traceback_is_one_field_of_one_line() -> None:
    lines = Lines()
    try:
        raise ValueError("ice")
    except ValueError:
        log.exception("fell")

    [line] = lines.all
    assert "ValueError: ice" in str(line["exception"])


@pytest.mark.parametrize(
    ("stream", "chosen", "json_lines"),
    [
        (Terminal(), "auto", False),
        (io.StringIO(), "auto", True),
        (Terminal(), "json", True),
        (io.StringIO(), "console", False),
    ],
)
def test_people_get_lines_on_a_terminal_and_machines_json_elsewhere(stream, chosen, json_lines) -> None:
    log_to_stderr(load({"OLYMPIC_LOG_FORMAT": chosen}), stream)

    log.warning("snow")

    assert stream.getvalue().startswith("{") is json_lines


# ------------------------------------------------------------------------------------------------------- how much


def test_the_level_is_what_was_chosen() -> None:
    lines = Lines(OLYMPIC_LOG="warning")

    log.info("quiet")
    log.warning("loud")

    assert [line["event"] for line in lines.all] == ["loud"]


def test_the_level_changes_while_it_runs() -> None:
    lines = Lines()

    set_level("debug")
    log.debug("now heard")

    assert lines.saying("now heard")


def test_a_change_is_told_however_little_is_logged_from_then_on() -> None:
    lines = Lines()

    change_level("error")

    assert lines.saying("from now on error is logged")


def test_sdks_are_heard_only_when_everything_is() -> None:
    lines = Lines()

    logging.getLogger("discord.gateway").info("chatter")
    set_level("debug")
    logging.getLogger("discord.gateway").info("wanted chatter")

    assert [line["event"] for line in lines.all] == ["wanted chatter"]


def only(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    """No other setting of ours is in the environment, whatever the tests are run with."""
    for name in [name for name in os.environ if name.startswith("OLYMPIC_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_the_settings_file_is_read_again_for_the_level(tmp_path, monkeypatch) -> None:
    lines = Lines()
    file = tmp_path / "olympic.toml"
    file.write_text('log = "debug"')
    only(monkeypatch, OLYMPIC_CONFIG=str(file))

    _reread_level("en")
    log.debug("now heard")

    assert lines.saying("now heard")


def test_a_broken_settings_file_changes_nothing(tmp_path, monkeypatch) -> None:
    lines = Lines()
    file = tmp_path / "olympic.toml"
    file.write_text("log = ")
    only(monkeypatch, OLYMPIC_CONFIG=str(file))

    _reread_level("en")
    log.debug("not heard")

    assert ["not read again" in str(line["event"]) for line in lines.all] == [True]


# ------------------------------------------------------------------------------------------------ what nobody sees


@pytest.mark.parametrize(
    ("setting", "secret", "said"),
    [
        ("OLYMPIC_DISCORD_TOKEN", "plainsecret", "login with plainsecret failed"),
        ("OLYMPIC_DATABASE", "hunter22", "could not reach postgresql+asyncpg://olympic:hunter22@db/olympic"),
        ("OLYMPIC_DATABASE", "hunter22", "the password is hunter22"),
        ("OLYMPIC_SLACK_BOT_TOKEN", "xoxb-1-2-three", "xoxb-1-2-three is refused"),
        ("", "Zm9vYmFyYmF6", "Authorization: Bearer Zm9vYmFyYmF6"),
        ("", "abcdef123", "GET https://host/film.mp4?X-Amz-Signature=abcdef123"),
    ],
)
def test_a_secret_is_in_no_line(setting, secret, said) -> None:
    value = f"postgresql+asyncpg://olympic:{secret}@db/olympic" if setting == "OLYMPIC_DATABASE" else secret
    lines = Lines(**({setting: value} if setting else {}))

    log.warning(said)

    assert secret not in lines.stream.getvalue()


def test_a_secret_is_in_no_traceback() -> None:
    lines = Lines(OLYMPIC_DISCORD_TOKEN="plainsecret")
    try:
        raise ValueError("plainsecret")
    except ValueError:
        log.exception("fell")

    assert "plainsecret" not in lines.stream.getvalue()
