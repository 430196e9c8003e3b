"""What the doctor says about backends and about who writes sentences out."""

import json

import pytest

from bot.doctor import _backends, examine
from bot.locales import languages, words
from bot.model.finding import Verdict
from bot.settings import load
from tests.servers.base import Fault
from tests.servers.chat import ChatServer
from tests.servers.dashscope import KEY, DashscopeServer


async def found(tmp_path, **values: str):
    settings = load({"OLYMPIC_HOME": str(tmp_path), **{f"OLYMPIC_{name}": value for name, value in values.items()}})
    return {finding.subject: finding async for finding in _backends(settings, words("en"))}


async def test_one_backend_with_a_wrong_setting_does_not_hide_the_others(tmp_path) -> None:
    findings = await found(tmp_path, FAL_KEY="abc", FAL_T2V="wan/v2.6/text-to-vid")

    assert {name: one.verdict for name, one in findings.items()} == {"fal": Verdict.BROKEN, "animatic": Verdict.GOOD}


async def test_the_remedy_of_a_wrong_setting_is_to_mend_it(tmp_path) -> None:
    findings = await found(tmp_path, DASHSCOPE_API_KEY="sk-0001", DASHSCOPE_T2V="wan9-t2v")

    assert findings["dashscope"].remedy.startswith("Mend this setting")


async def test_what_may_still_be_spent_is_shown(tmp_path) -> None:
    spent = tmp_path / "scratch" / "dashscope" / "spent.jsonl"
    spent.parent.mkdir(parents=True)
    line = {"key": "a", "price": "1.50", "when": "2999-01-01T00:00:00+00:00"}
    spent.write_text(json.dumps(line) + "\n")
    async with DashscopeServer(Fault.NONE) as server:
        values = {"API_KEY": KEY, "API": server.url, "BUDGET": "4", "CURRENCY": "USD", "PRICE": "0.1"}
        findings = await found(tmp_path, **{f"DASHSCOPE_{name}": value for name, value in values.items()})

    assert ("may still be spent today: 2.50 USD" in findings["dashscope"].says, spent.read_text()) == (
        True,
        json.dumps(line) + "\n",
    )


@pytest.mark.parametrize("language", languages())
async def test_how_many_clips_are_drawn_is_told_in_words(tmp_path, language) -> None:
    settings = load({"OLYMPIC_HOME": str(tmp_path)})
    (finding,) = [finding async for finding in _backends(settings, words(language))]
    assert ("running" in finding.says, f"{words(language)('doctor.fact.running')}: 0" in finding.says) == (False, True)


async def test_a_writer_that_does_not_answer_is_a_warning(tmp_path) -> None:
    async with ChatServer(Fault.WRONG_KEY) as server:
        settings = load(
            {"OLYMPIC_HOME": str(tmp_path), "OLYMPIC_CHAT_API": f"{server.url}/v1", "OLYMPIC_CHAT_MODEL": "small"}
        )
        findings = {finding.subject: finding async for finding in examine(settings)}

    assert findings["chat"].verdict is Verdict.WARNING
