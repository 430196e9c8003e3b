"""The operators' page about backends: what it shows must work."""

import re
from pathlib import Path

import pytest

import backends
from backends import chat
from backends.openai_video.profiles import recognised
from bot.settings import load
from tests.fakes import FakeVideo

PAGE = (Path(__file__).parents[3] / "docs" / "backends.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
SERVED = re.findall(r"sglang serve --model-path (\S+)", PAGE) + re.findall(r"vllm serve (\S+)", PAGE)


def named(example: str) -> str:
    return example.partition("]")[0].lstrip("[").partition(".")[0]


@pytest.mark.parametrize("example", [pytest.param(one, id=f"{named(one)} {at}") for at, one in enumerate(EXAMPLES)])
def test_an_example_of_settings_is_accepted(example, tmp_path) -> None:
    if example.startswith("[openai_video.extra]"):
        example = '[openai_video]\napi = "http://127.0.0.1:30000"\nprofile = "wan2.2-t2v-a14b"\n' + example
    file = tmp_path / "olympic.toml"
    file.write_text(example.replace("…", "0001"), "utf-8")

    settings = load({"OLYMPIC_CONFIG": str(file), "OLYMPIC_HOME": str(tmp_path)})

    built = set(backends.build_all(settings, backends.Kit(FakeVideo(), tmp_path)))
    assert named(example) in (built | {"chat"} if chat.build(settings) else built)


@pytest.mark.parametrize("model", SERVED)
def test_a_model_that_is_served_is_known_by_its_name(model) -> None:
    assert recognised(model)


@pytest.mark.parametrize("name", backends.MODULES)
def test_every_backend_has_its_section(name) -> None:
    assert re.search(rf"^## {name}\b", PAGE, re.MULTILINE)
