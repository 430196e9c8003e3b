import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.locales import languages, nearest, own_name, words

ROOT = Path(__file__).parents[3]
KEY = re.compile(r"[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']")
NOT_KEYS = {"entry.id", "job.id", "storage.migrations"}
"""Columns and modules that look like keys."""
AREAS = {
    "backend", "button", "camera", "cancel", "command", "delete", "doctor", "entry", "error", "form", "help",
    "inspect", "job", "label", "limit", "make", "mine", "note", "plan", "platform", "queue", "reference", "refusal",
    "setup", "status", "storage", "studio", "time", "up", "cli", "create", "option", "word",
    "exhibit", "share", "hall",
}  # fmt: skip


def catalogue(language: str):
    with (ROOT / "bot" / "locales" / f"{language}.po").open("rb") as file:
        return {
            message.id[0] if message.pluralizable else message.id: message for message in read_po(file) if message.id
        }


def forms(message) -> list[str]:
    return list(message.string) if message.pluralizable else [message.string]


def facts(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_sentence(language) -> None:
    assert set(catalogue(language)) == set(catalogue("en"))


@pytest.mark.parametrize("language", languages())
def test_no_sentence_is_empty(language) -> None:
    assert [key for key, message in catalogue(language).items() if not all(forms(message))] == []


@pytest.mark.parametrize("language", languages())
def test_every_sentence_has_the_same_facts_as_in_english(language) -> None:
    english = catalogue("en")
    wrong = {
        key
        for key, message in catalogue(language).items()
        if set().union(*map(facts, forms(message))) != set().union(*map(facts, forms(english[key])))
    }

    assert wrong == set()


@pytest.mark.parametrize("language", languages())
def test_no_sentence_stands_twice(language) -> None:
    text = (ROOT / "bot" / "locales" / f"{language}.po").read_text("utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)

    assert [key for key in keys if keys.count(key) > 1] == []


def test_every_key_the_code_names_is_in_the_catalogue() -> None:
    known, missing = set(catalogue("en")), set()
    for room in ("bot", "handlers", "backends", "storage"):
        for path in (ROOT / room).rglob("*.py"):
            for key in KEY.findall(path.read_text("utf-8")):
                if (
                    key.split(".")[0] in AREAS
                    and key not in known | NOT_KEYS
                    and not key.endswith((".toml", ".po", ".json", ".html"))
                ):
                    missing.add((path.name, key))

    assert missing == set()


@pytest.mark.parametrize(
    ("tag", "catalogue_tag"),
    [
        ("ja-JP", "ja"),
        ("ja", "ja"),
        ("en-GB", "en"),
        ("tlh", "en"),
        ("", "en"),
        ("JA_jp", "ja"),
        ("ja_JP.UTF-8", "ja"),
        ("ja-JP-u-ca-japanese", "ja"),
        ("ko", "ko"),
        ("ko_KR", "ko"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
    ],
)
def test_a_platforms_tag_finds_the_nearest_language(tag, catalogue_tag) -> None:
    assert nearest(tag) == catalogue_tag


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_is_found_by_its_own_tag(language) -> None:
    assert nearest(language) == language


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_bends_its_words_by_the_rules_of_its_language(language) -> None:
    with (ROOT / "bot" / "locales" / f"{language}.po").open("rb") as file:
        said = read_po(file)
    rules = Catalog(locale=language.replace("-", "_"))

    assert (said.num_plurals, said.plural_expr) == (rules.num_plurals, rules.plural_expr)


@pytest.mark.parametrize(("language", "written"), [("zh-Hans", "gb2312"), ("zh-Hant", "big5")])
def test_simplified_and_traditional_chinese_are_not_mixed(language, written) -> None:
    said = "".join(form for message in catalogue(language).values() for form in forms(message))
    ideographs = set(re.findall("[\u4e00-\u9fff]", said))

    assert {sign for sign in ideographs if not sign.encode(written, "ignore")} == set()


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("en", "Feb 6, 2026"),
        ("ja", "2026/02/06"),
        ("zh-TW", "2026年2月6日"),
        ("zh-CN", "2026年2月6日"),
        ("ko", "2026. 2. 6."),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(tag, day) -> None:
    assert words(tag).day(date(2026, 2, 6)) == day


def test_a_moment_is_told_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert words("ko").moment(datetime(2026, 2, 7, 5, 0, tzinfo=tokyo)) == "2026. 2. 6. 20:00 UTC"


@pytest.mark.parametrize(
    ("tag", "name"), [("en", "English"), ("zh-Hans", "简体中文"), ("zh-Hant", "繁體中文"), ("ko", "한국어")]
)
def test_a_language_is_called_what_its_speakers_call_it(tag, name) -> None:
    assert own_name(tag) == name


def test_a_missing_fact_shows_an_ellipsis_instead_of_breaking() -> None:
    assert words("en")("queue.words", ahead="x") == "In line: x · done in …"


def test_numbers_choose_their_plural() -> None:
    say = words("en")

    assert (say("refusal.limit_daily", n=1)[:20], say("refusal.limit_daily", n=2)[:21]) == (
        "You have made 1 clip",
        "You have made 2 clips",
    )


def test_no_key_has_no_words() -> None:
    assert words("en")("") == ""
