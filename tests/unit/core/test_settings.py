import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.lists import settings_file
from bot.errors import SetupError
from bot.settings import PREFIX, Source, load, names, sources

NASTY = st.one_of(
    st.text(max_size=60).filter(lambda text: "\0" not in text),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["[", "{", "[1]", '{"a": 1}', "//[", "postgresql://me:pa[ss@host/x", "true", "null", "1e400", "٣"]),
)
JSON = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(["//[", "http://["]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def test_everything_has_a_default(tmp_path) -> None:
    assert load({"OLYMPIC_HOME": str(tmp_path)}).studio_on is True


def test_the_environment_wins_over_the_file(tmp_path) -> None:
    (tmp_path / "olympic.toml").write_text('language = "ja"\n[studio]\nport = 1\n')

    found = load({"OLYMPIC_HOME": str(tmp_path), "OLYMPIC_STUDIO_PORT": "2"})

    assert (found.language, found.studio.port) == ("ja", 2)


def test_a_given_value_wins_over_everything() -> None:
    assert load({"OLYMPIC_STUDIO_PORT": "2"}, studio__port=3).studio.port == 3


def test_an_empty_variable_is_as_if_it_were_not_there() -> None:
    assert load({"OLYMPIC_DISCORD_TOKEN": ""}).discord.token is None


def test_the_studio_rests_as_soon_as_a_chat_is_configured() -> None:
    assert load({"OLYMPIC_DISCORD_TOKEN": "x"}).studio_on is False


def test_the_studio_stays_when_it_is_asked_for() -> None:
    assert load({"OLYMPIC_DISCORD_TOKEN": "x", "OLYMPIC_STUDIO_ENABLED": "true"}).studio_on is True


@pytest.mark.parametrize(
    ("environment", "file", "key", "near"),
    [
        ({"OLYMPIC_DISCORD_TOKN": "x"}, "", "setup.unknown_near", "OLYMPIC_DISCORD_TOKEN"),
        ({}, "[discord]\ntokn = 'x'", "setup.unknown_near", "discord.token"),
        ({"OLYMPIC_QQQQQQQQQQ": "x"}, "", "setup.unknown", ""),
        ({"OLYMPIC_STUDIO_PORT": "high"}, "", "setup.bad_value", None),
        ({}, "= broken", "setup.bad_file", None),
        ({"OLYMPIC_CONFIG": "/nowhere/olympic.toml"}, "", "setup.no_file", None),
    ],
)
def test_a_wrong_setting_is_named_with_the_nearest_right_one(tmp_path, environment, file, key, near) -> None:
    (tmp_path / "olympic.toml").write_text(file)

    with pytest.raises(SetupError) as told:
        load({"OLYMPIC_HOME": str(tmp_path), **environment})

    assert (told.value.sentence, told.value.facts.get("near")) == (key, near)


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, meaning, _ in names() if not meaning] == []


def test_secrets_do_not_show_in_what_is_printed() -> None:
    assert "hush" not in repr(load({"OLYMPIC_DISCORD_TOKEN": "hush"}))


def test_a_home_that_is_a_relative_path_stays_one() -> None:
    assert load({}).home == Path("olympic-data")


KEYS = {
    "OLYMPIC_FAL_KEY": "fal.key",
    "OLYMPIC_OPENAI_VIDEO_KEY": "openai_video.key",
    "OLYMPIC_DASHSCOPE_API_KEY": "dashscope.api_key",
}


@pytest.mark.parametrize(("variable", "name"), KEYS.items())
@pytest.mark.parametrize("key", ["sk-…", "two words", "line\nbreak"])
def test_a_key_that_no_header_can_carry_is_refused_with_its_name(variable, name, key) -> None:
    with pytest.raises(SetupError) as refused:
        load({variable: key})

    assert refused.value.facts["name"] == name


def test_blanks_around_a_pasted_key_do_not_count() -> None:
    key = load({"OLYMPIC_FAL_KEY": " id:secret\n"}).fal.key

    assert key is not None
    assert key.get_secret_value() == "id:secret"


def test_a_section_that_is_no_table_is_refused_in_words(tmp_path) -> None:
    (tmp_path / "olympic.toml").write_text('discord = "x"')

    with pytest.raises(SetupError) as refused:
        load({"OLYMPIC_HOME": str(tmp_path), "OLYMPIC_DISCORD_TOKEN": "t"})

    assert refused.value.facts["name"] == "discord"


@pytest.mark.parametrize(
    ("text", "near"),
    [("[discord]\ntokn = 'x'", "discord.token"), ("[discrod]\ntoken = 'x'", "discord"), ("languag = 'ja'", "language")],
)
def test_an_unknown_name_in_the_file_is_answered_with_the_nearest(tmp_path, text, near) -> None:
    (tmp_path / "olympic.toml").write_text(text)

    with pytest.raises(SetupError) as refused:
        load({"OLYMPIC_HOME": str(tmp_path)})

    assert refused.value.facts["near"] == near


def test_an_empty_home_is_the_default_folder_for_the_file_too(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "olympic.toml").write_text("nonsense = 1")

    assert str(load({"OLYMPIC_HOME": ""}).home) == "olympic-data"


def test_a_settings_file_that_is_a_folder_is_refused_in_words(tmp_path) -> None:
    with pytest.raises(SetupError) as refused:
        load({"OLYMPIC_CONFIG": str(tmp_path)})

    assert refused.value.sentence == "setup.no_file"


def test_every_setting_says_where_its_value_comes_from(tmp_path) -> None:
    (tmp_path / "olympic.toml").write_text('language = "ja"\n[studio]\nport = 1\nhost = "::1"\n')
    environment = {"OLYMPIC_HOME": str(tmp_path), "OLYMPIC_STUDIO_PORT": "2", "OLYMPIC_LOG": ""}

    found = sources(environment, studio__browser=False, studio__token=None)

    assert {name: source.value for name, source in found.items() if source is not Source.DEFAULT} == {
        "home": "environment",
        "language": "file",
        "studio.host": "file",
        "studio.port": "environment",
        "studio.browser": "command line",
    }


def test_sources_are_told_of_all_settings() -> None:
    assert set(sources({})) == {name for name, _, _ in names()}


def test_all_secrets_are_known_wherever_they_stand() -> None:
    found = load(
        {
            "OLYMPIC_DISCORD_TOKEN": "one",
            "OLYMPIC_COMFYUI_HEADERS": '{"X-Key": "two"}',
            "OLYMPIC_DATABASE": "postgresql://me:thr%40e@db/x",
        }
    )

    assert sorted(found.secrets()) == ["one", "thr%40e", "thr@e", "two"]


@pytest.mark.parametrize("url", ["s3://UPPER", "http://bucket", "s3:/bucket", "s3://b", "bucket"])
def test_an_address_of_no_bucket_is_refused(url) -> None:
    with pytest.raises(SetupError) as refused:
        load({"OLYMPIC_MEDIA_URL": url})

    assert refused.value.facts["name"] == "media.url"


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from([name for name, _, _ in names()]), value=NASTY)
def test_whatever_a_variable_says_is_a_setting_or_a_sentence(name, value) -> None:
    try:
        found = load({PREFIX + name.replace(".", "_").upper(): value, "OLYMPIC_CONFIG": ""})
    except SetupError:
        return
    assert isinstance(found.secrets(), list)
    assert isinstance(found.hall_address, str)


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from([name for name, _, _ in names()]), value=JSON)
def test_whatever_the_file_says_is_a_setting_or_a_sentence(name, value) -> None:
    try:
        found = load({}, **{name.replace(".", "__"): value})
    except SetupError:
        return
    assert isinstance(found.secrets(), list)
    assert isinstance(found.hall_address, str)


def test_a_bracket_in_a_databases_password_is_told_as_a_wrong_address() -> None:
    with pytest.raises(SetupError) as refused:
        load({"OLYMPIC_DATABASE": "postgresql://me:pa[ss@host/x"})

    assert refused.value.facts["name"] == "database"


def test_the_printed_settings_file_is_accepted_as_it_is_and_changes_nothing(tmp_path, capsys) -> None:
    settings_file()
    (tmp_path / "olympic.toml").write_text(capsys.readouterr().out, "utf-8")

    found = load({"OLYMPIC_HOME": str(tmp_path)})

    assert found == load({"OLYMPIC_CONFIG": ""}, home=str(tmp_path))


def test_the_printed_settings_file_says_every_setting_with_its_default_and_meaning(tmp_path, capsys) -> None:
    settings_file()
    text = capsys.readouterr().out
    path = tmp_path / "olympic.toml"
    path.write_text(re.sub(r"(?m)^# (\w+ = )", r"\1", text), "utf-8")

    assert load({"OLYMPIC_CONFIG": str(path)}) == load({"OLYMPIC_HOME": "olympic-data"})
    said = {*_names(tomllib.loads(path.read_text("utf-8"))), *_empty(text)}
    assert said == {name for name, _, _ in names()}
    plain = " ".join(text.replace("##", "").split())
    assert all(" ".join(meaning.split()) in plain for _, meaning, _ in names())


def _names(values: dict, path: str = "") -> set[str]:
    """Dotted names of what a file says; a table with nothing in it is a value."""
    found: set[str] = set()
    for name, value in values.items():
        inner = isinstance(value, dict) and value
        found |= _names(value, f"{path}{name}.") if inner else {path + name}
    return found


def _empty(text: str) -> set[str]:
    """Names without a value, which nothing can be said for."""
    section, found = "", set()
    for line in text.splitlines():
        if head := re.fullmatch(r"\[(\w+)\]", line):
            section = f"{head[1]}."
        elif bare := re.fullmatch(r"# (\w+) =", line):
            found.add(section + bare[1])
    return found
