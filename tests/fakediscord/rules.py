"""What Discord refuses: the published limits of messages, components, commands and forms.

Sources: Discord's API documentation (message, components/reference, application-commands, opcodes), 2026-08.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

V2 = 1 << 15
EPHEMERAL = 1 << 6
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
_MESSAGE_FIELDS = frozenset(
    [
        "content",
        "nonce",
        "enforce_nonce",
        "tts",
        "embeds",
        "allowed_mentions",
        "message_reference",
        "components",
        "sticker_ids",
        "attachments",
        "flags",
        "poll",
    ]
)
_V2_TYPES = frozenset({9, 10, 11, 12, 13, 14, 17})
_MESSAGE_TYPES = frozenset({1, 2, 3, 5, 6, 7, 8, *_V2_TYPES})
_CONTAINED = frozenset({1, 9, 10, 12, 13, 14})


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


def invalid(message: str) -> Refused:
    return Refused(400, 50035, f"Invalid Form Body: {message}")


def need(condition: object, message: str) -> None:
    if not condition:
        raise invalid(message)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if inner := component.get(key):
                yield from walk([inner])


def message(payload: dict[str, Any], files: dict[str, bytes], *, kept: frozenset[str] = frozenset()) -> None:
    """A message to create, or its full state after an edit; `kept`: names of attachments it already has."""
    unknown = set(payload) - _MESSAGE_FIELDS
    need(not unknown, f"unknown fields {sorted(unknown)}")
    content, components = payload.get("content"), payload.get("components") or []
    flags = payload.get("flags") or 0
    need(len(content or "") <= 2000, "content longer than 2000")
    need(len(payload.get("embeds") or []) <= 10, "more than 10 embeds")
    nonce = payload.get("nonce")
    need(nonce is None or len(str(nonce)) <= 25, "nonce longer than 25")
    if flags & V2:
        need(not content and not payload.get("embeds"), "a components message has no content and no embeds")
        need(components, "empty components message")
    else:
        need(content or payload.get("embeds") or files or kept or components, "empty message (50006)")
        used = {component["type"] for component in walk(components)}
        need(not used & _V2_TYPES, "new components need their flag")
    _components(components, set(files) | kept, v2=bool(flags & V2))


def _components(components: list[dict[str, Any]], names: set[str], *, v2: bool) -> None:
    everything = list(walk(components))
    need(len(everything) <= 40, "more than 40 components")
    for component in everything:
        need(component["type"] in _MESSAGE_TYPES, f"component type {component['type']} is for forms")
        _CHECKS.get(component["type"], lambda *_: None)(component, names)
    for component in components:
        need(component["type"] in ({1} | _V2_TYPES if v2 else {1}), "not allowed at the top")
    ids = [component["id"] for component in everything if component.get("id")]
    need(len(ids) == len(set(ids)), "component ids repeat")
    need(all(0 < number < 2**32 for number in ids), "component id is no 32-bit number")
    custom = [component["custom_id"] for component in everything if "custom_id" in component]
    need(len(custom) == len(set(custom)), "custom ids repeat")
    need(sum(len(part["content"]) for part in everything if part["type"] == 10) <= 4000, "more than 4000 characters")


def _row(component: dict[str, Any], _: set[str]) -> None:
    inner = component["components"]
    need(1 <= len(inner) <= 5, "a row has 1 to 5 buttons")


def _button(component: dict[str, Any], _: set[str]) -> None:
    need(len(component.get("label") or "") <= 80, "label longer than 80")
    need(component.get("label") or component.get("emoji"), "button without label and emoji")
    need(1 <= len(component.get("custom_id", "-")) <= 100, "custom id longer than 100")


def _select(component: dict[str, Any], _: set[str]) -> None:
    need(1 <= len(component.get("options", [])) <= 25, "1 to 25 options")
    for option in component["options"]:
        need(1 <= len(option["label"]) <= 100, "option label")
        need(1 <= len(option["value"]) <= 100, "option value")


def _text(component: dict[str, Any], _: set[str]) -> None:
    need(1 <= len(component["content"]) <= 4000, "text of 1 to 4000 characters")


def _gallery(component: dict[str, Any], names: set[str]) -> None:
    need(1 <= len(component["items"]) <= 10, "gallery of 1 to 10 items")
    for item in component["items"]:
        need(len(item.get("description") or "") <= 256, "media description")
        url = item["media"]["url"]
        if url.startswith("attachment://"):
            need(url.removeprefix("attachment://") in names, f"{url} is not attached")


def _container(component: dict[str, Any], _: set[str]) -> None:
    need(component["components"], "empty container")
    need(all(inner["type"] in _CONTAINED for inner in component["components"]), "not allowed in a container")


_CHECKS = {1: _row, 2: _button, 3: _select, 10: _text, 12: _gallery, 17: _container}


def modal(data: dict[str, Any]) -> None:
    """A form."""
    need(1 <= len(data["title"]) <= 45, "title of 1 to 45")
    need(1 <= len(data["custom_id"]) <= 100, "custom id")
    need(1 <= len(data["components"]) <= 5, "1 to 5 fields")
    for label in data["components"]:
        need(label["type"] in (18, 10), "fields lie in labels")
        need(1 <= len(label["label"]) <= 45, "label of 1 to 45")
        need(len(label.get("description") or "") <= 100, "description")
        _field(label["component"])


def _field(field: dict[str, Any]) -> None:
    need(field["type"] in (3, 4, 5, 6, 7, 8, 19), "no form field")
    if field["type"] in (3, 5, 6, 7, 8):
        least, most = field.get("min_values", 1), field.get("max_values", 1)
        need(0 <= least <= most <= 25 and most >= 1, "min_values and max_values")
        need(least > 0 or not field.get("required", True), "a required choice of none")
        need(len(field.get("default_values") or []) <= most, "more chosen than may be")
    if field["type"] in (5, 6, 8):
        kinds = {one["type"] for one in field.get("default_values") or []}
        need(kinds <= {{5: "user", 6: "role", 8: "channel"}[field["type"]]}, "default values of another kind")
    if field["type"] == 3:
        _select(field, set())
        need(field.get("max_values", 1) <= len(field["options"]), "more to be chosen than there is")
    if field["type"] == 4:
        need(len(field.get("placeholder") or "") <= 100, "placeholder")
        longest = field.get("max_length", 4000)
        need(1 <= longest <= 4000, "max_length")
        need(len(field.get("value") or "") <= longest, "value")


def command(payload: dict[str, Any]) -> None:
    """An application command with everything under it."""
    if payload.get("type", 1) != 1:  # a menu
        need(not payload.get("description") and not payload.get("options"), "a menu has a name alone")
        for name in (payload["name"], *(payload.get("name_localizations") or {}).values()):
            need(1 <= len(name) <= 32, f"menu name {name!r}")
        return
    _named(payload, 1)
    need(_weight(payload) <= 8000, "command longer than 8000 characters in all")


def _named(item: dict[str, Any], kind: int) -> None:
    if kind == 1:
        for name in (item["name"], *(item.get("name_localizations") or {}).values()):
            need(slash_name(name), f"name {name!r}")
        for text in (item["description"], *(item.get("description_localizations") or {}).values()):
            need(1 <= len(text) <= 100, f"description {text!r}")
    for key in ("name_localizations", "description_localizations"):
        need(set(item.get(key) or {}) <= LOCALES, f"locales of {key}")
    options = item.get("options") or []
    need(len(options) <= 25, "more than 25 options")
    for locale in ("", *LOCALES):
        names = [(option.get("name_localizations") or {}).get(locale, option["name"]) for option in options]
        need(len(set(names)) == len(names), f"names repeat in {locale or 'English'}: {names}")
    needed = [bool(option.get("required")) for option in options]
    need(needed == sorted(needed, reverse=True), "required options come first")
    for option in options:
        _named(option, 1)
        need(len(option.get("choices") or []) <= 25, "more than 25 choices")
        need(not (option.get("choices") and option.get("autocomplete")), "choices and autocomplete")
        _typed(option)
        for choice in option.get("choices") or []:
            choice_of(choice)


def _typed(option: dict[str, Any]) -> None:
    """What only options of some types may have."""
    kind = option["type"]
    need(1 <= kind <= 11, f"option type {kind}")
    need(kind in (1, 2) or not option.get("options"), "only groups and subcommands have options")
    need(kind == 7 or not option.get("channel_types"), "channel types are for channels")
    need(kind in (3, 4, 10) or not (option.get("choices") or option.get("autocomplete")), "nothing to choose from")
    need(kind in (4, 10) or not {"min_value", "max_value"} & set(option), "values are for numbers")
    need(kind == 3 or not {"min_length", "max_length"} & set(option), "lengths are for texts")
    need(0 <= option.get("min_length", 0) <= 6000, "min_length")
    need(1 <= option.get("max_length", 1) <= 6000, "max_length")


def choice_of(choice: dict[str, Any]) -> None:
    """One choice of an option."""
    for name in (choice["name"], *(choice.get("name_localizations") or {}).values()):
        need(1 <= len(name) <= 100, "choice name")
    need(not isinstance(choice["value"], str) or 1 <= len(choice["value"]) <= 100, "choice value")


def slash_name(name: str) -> bool:
    """Letters, numbers, - _ ', Devanagari and Thai; lower case where there is one; 1 to 32."""
    fine = all(
        char in "-_'" or unicodedata.category(char)[0] in "LN" or re.match(r"[\u0900-\u097f\u0e00-\u0e7f]", char)
        for char in name
    )
    return fine and 1 <= len(name) <= 32 and name == name.lower()


def _weight(item: dict[str, Any]) -> int:
    own = 0
    for key in ("name", "description"):
        own += max(len(text) for text in (item.get(key) or "", *(item.get(f"{key}_localizations") or {}).values()))
    own += len(str(item.get("value", "")))
    return own + sum(_weight(inner) for inner in [*(item.get("options") or []), *(item.get("choices") or [])])
