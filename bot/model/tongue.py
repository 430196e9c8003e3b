"""Language tags as platforms send them, and the written languages that serve their readers."""

from __future__ import annotations

import functools

from babel.core import get_global, get_locale_identifier, parse_locale


@functools.cache
def widened(tag: str) -> tuple[str, ...]:
    """The tag and what serves its reader as well, closest first: "zh_TW" → "zh-Hant-TW", "zh-TW", "zh-Hant", "zh"."""
    tag = tag.replace("_", "-")
    try:
        language, territory, script = parse_locale(tag, sep="-")[:3]
    except ValueError:
        return widened(tag.rpartition("-")[0]) if "-" in tag else ()
    script = script or _usual_script(language, territory)
    kinds = ((language, territory, script), (language, territory), (language, None, script), (language,))
    return tuple(dict.fromkeys(get_locale_identifier(kind, sep="-") for kind in kinds))


def _usual_script(language: str, territory: str | None) -> str | None:
    """How a language is written there: "Hant" for Chinese in Taiwan (Unicode's likely subtags)."""
    likely = get_global("likely_subtags")
    usual = likely.get(f"{language}_{territory}") or likely.get(language)
    return parse_locale(usual)[2] if usual else None
