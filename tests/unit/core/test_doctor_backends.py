"""What the doctor says about backends and about who writes sentences out."""

import json

import pytest
from cryptography.fernet import Fernet

from bot.doctor import _backends, _faults, examine
from bot.locales import languages, words
from bot.model.finding import Verdict
from bot.settings import load
from storage.media import certificate
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


async def test_a_preferred_backend_that_is_not_there_is_told_with_those_that_are(tmp_path) -> None:
    findings = await found(tmp_path, BACKEND="dashscope")

    assert findings["backend"].verdict is Verdict.BROKEN
    assert "animatic" in findings["backend"].says


def faults(tmp_path, **values: str):
    settings = load({"OLYMPIC_HOME": str(tmp_path), **{f"OLYMPIC_{name}": value for name, value in values.items()}})
    return {finding.subject: finding for finding in _faults(settings, words("en"))}


@pytest.mark.parametrize(
    ("missing", "says"),
    [("MEDIA_URL", "OLYMPIC_MEDIA_URL"), ("DATABASE", "OLYMPIC_DATABASE")],
    ids=["media", "database"],
)
def test_workers_without_what_they_share_are_found(tmp_path, missing, says) -> None:
    values = {"MEDIA_URL": "s3://bucket/films", "DATABASE": "postgresql://db/x", "WORKERS_ENABLED": "true"}

    assert faults(tmp_path, **values) == {}
    assert says in faults(tmp_path, **{name: said for name, said in values.items() if name != missing})["workers"].says


def test_a_key_that_seals_nothing_is_found(tmp_path) -> None:
    assert faults(tmp_path, SEALING_KEY=Fernet.generate_key().decode()) == {}
    assert "no Fernet key" in faults(tmp_path, SEALING_KEY="short")["sealing_key"].says


@pytest.fixture
def pems(tmp_path):
    """Two installations' certificates and keys."""
    for name in ("one", "two"):
        made = certificate.own(tmp_path / name)
        (tmp_path / f"{name}.pem").write_bytes(made.chain)
        (tmp_path / f"{name}.key").write_bytes(made.key)
    return tmp_path


@pytest.mark.parametrize(
    ("chain", "key", "why"),
    [
        ("one.pem", "", "provenance.key is not set"),
        ("", "one.key", "provenance.certificate is not set"),
        ("one.pem", "two.key", "not that of the first"),
        ("nowhere.pem", "one.key", "nowhere.pem"),
        ("one.key", "one.key", "cannot be read"),
    ],
)
def test_a_certificate_that_cannot_sign_is_found_before_a_film_goes_out_unsigned(pems, chain, key, why) -> None:
    given = {"PROVENANCE_CERTIFICATE": chain and str(pems / chain), "PROVENANCE_KEY": key and str(pems / key)}

    assert why in faults(pems, **given)["credentials"].says
    assert faults(pems, **given, PROVENANCE_SIGN="false") == {}


def test_a_certificate_with_its_key_is_no_fault(pems) -> None:
    assert faults(pems, PROVENANCE_CERTIFICATE=str(pems / "one.pem"), PROVENANCE_KEY=str(pems / "one.key")) == {}


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
