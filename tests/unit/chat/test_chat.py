"""The optional writer: it helps where it can and never harms."""

import pytest

from backends import chat
from bot.settings import load
from tests.servers.base import Fault
from tests.servers.chat import ChatServer

SENTENCE = "@kitsune jumps at dusk"


async def asked(server: ChatServer, **more: str) -> str:
    values = {"API": f"{server.url}/v1", "MODEL": "small", "KEY": "sk-test", "PATIENCE": "0.5", **more}
    writer = chat.build(load({f"OLYMPIC_CHAT_{name}": value for name, value in values.items()}))
    try:
        return await writer.rewritten(SENTENCE, sport="Ski jumping")
    finally:
        await writer.aclose()


def test_nobody_is_asked_unless_the_operator_says_so() -> None:
    assert chat.build(load({})) is None


async def test_the_sentence_is_written_out() -> None:
    async with ChatServer(says='"@kitsune soars\nfrom the hill at dusk."') as server:
        assert await asked(server) == "@kitsune soars from the hill at dusk."


async def test_the_model_hears_the_sentence_and_the_sport_and_gets_the_key() -> None:
    async with ChatServer() as server:
        await asked(server)

    heard, (_, path, headers) = server.heard[0], server.asked[0]
    said = heard["messages"][1]["content"]
    assert (heard["model"], SENTENCE in said, "Ski jumping" in said) == ("small", True, True)
    assert (path, headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-test")


@pytest.mark.parametrize(("task", "word"), [("expand", "Describe"), ("translate", "Translate")])
async def test_it_is_told_to_expand_or_only_to_translate(task, word) -> None:
    async with ChatServer() as server:
        await asked(server, TASK=task)

    assert word in server.heard[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    "fault", [Fault.DEAD, Fault.BUSY, Fault.BROKEN_BEFORE, Fault.WRONG_KEY, Fault.GARBLED_ANSWER, Fault.SILENT_AFTER]
)
async def test_whatever_goes_wrong_leaves_the_sentence_alone(fault) -> None:
    async with ChatServer(fault) as server:
        assert await asked(server) == ""


@pytest.mark.parametrize("says", ["", "x" * 801, "A fox jumps at dusk"])
async def test_an_answer_that_is_empty_too_long_or_lost_a_name_is_not_used(says) -> None:
    async with ChatServer(says=says) as server:
        assert await asked(server) == ""
