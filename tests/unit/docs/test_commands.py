"""What the pages tell people to type is understood."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from bot import syntax
from bot.__main__ import app
from bot.model.command import Unknown

ROOT = Path(__file__).parents[3]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
FILES = {page: (ROOT / page).read_text("utf-8") for page in PAGES}
CODE = {page: re.findall(r"`([^`\n]+)`|^((?:\.venv/bin/|/opt/olympic/bin/)?olympic .+)$", text, re.MULTILINE)
        for page, text in FILES.items()}  # fmt: skip
SAID = sorted({"".join(found).strip() for page in PAGES for found in CODE[page]})
TYPED = [said for said in SAID if re.match(r"/olympic(-admin|-mod)? \w", said) and not said.endswith(" …")]
SHELL = [said for said in SAID if re.match(r"(\S+/)?olympic [a-z]", said)]


def spoken(said: str) -> str:
    """What follows `/olympic`; admins' and moderators' own commands stand for their words."""
    head, _, rest = said.partition(" ")
    return f"admin {rest}" if head == "/olympic-admin" else rest


@pytest.mark.parametrize("said", TYPED)
def test_a_command_is_one_there_is(said) -> None:
    assert not isinstance(syntax.parse(spoken(said)), Unknown)


@pytest.mark.parametrize("said", SHELL)
def test_a_command_of_the_shell_is_one_there_is_with_its_options(said) -> None:
    _, *given = shlex.split(said.partition(" #")[0].partition(" > ")[0])
    here = typer.main.get_command(app)
    while commands := getattr(here, "commands", None):
        here = commands[given.pop(0)]
    options = {name for one in here.params for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}

    assert {one for one in given if one.startswith("--")} <= options


def test_the_pages_do_name_commands() -> None:
    assert (len(TYPED) > 15, len(SHELL) > 10) == (True, True)
