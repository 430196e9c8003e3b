"""The reader's language, as browsers tell it."""

from __future__ import annotations

from bot.locales import languages, nearest, own_name


def accepted(header: str, house_language: str) -> str:
    """The first language of an Accept-Language header that we speak; the house's own where we speak none of them."""
    known = languages()
    for part in header.split(","):
        tag = part.partition(";")[0].strip()
        if tag and (found := nearest(tag)) in known and tag.lower().startswith(found.partition("-")[0].lower()):
            return found
    return nearest(house_language)


def tongues() -> list[tuple[str, str]]:
    """Every language as (tag, its own name)."""
    return [(tag, own_name(tag)) for tag in languages()]
