"""Every error the code raises has a sentence, and that sentence everything it needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import errors
from bot.locales import languages, words

ROOT = Path(__file__).parents[3]
CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.OlympicError)
}
OURS = {"key", "retry_after"}


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """(where, sentence, facts) of every place that makes an error with a sentence of its own or its class's."""
    for room in ("bot", "handlers", "backends", "storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and (kind := CLASSES.get(called(node.func))):
                    named = {one.arg: one.value for one in node.keywords}
                    if None in named:
                        continue  # facts that come as one mapping are checked where they are made
                    for key in keys(named.get("key"), kind):
                        yield f"{path.name}:{node.lineno}", key, {str(name) for name in named} - OURS


def called(function: ast.expr) -> str:
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def keys(value: ast.expr | None, kind: type[errors.OlympicError]) -> list[str]:
    """The sentences a `key=` may name, or the class's own; none where it is put together at run time."""
    if value is None:
        return [kind.key]
    return [node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and "." in str(node.value)]


def needed(key: str) -> set[str]:
    return {fact for n in (1, 2) for fact in re.findall(r"{(\w+)}", _raw(key, n))}


def _raw(key: str, n: int) -> str:
    catalogue = words("en")._catalogue
    plural = catalogue.ngettext(key, key, n)
    return catalogue.gettext(key) if plural == key else plural


def test_every_error_is_made_with_the_facts_its_sentence_needs() -> None:
    missing = {(where, key, fact) for where, key, facts in raised() for fact in needed(key) - facts}

    assert missing == set()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_every_kind_of_error_has_a_sentence_of_its_own(kind, language) -> None:
    assert words(language).knows(kind.key)
