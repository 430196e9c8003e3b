"""Checks everything the product needs before anybody waits for it, and says how to mend what is broken."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable
from pathlib import Path
from typing import Final

import backends
import handlers
from backends import chat
from backends.guards import guarded
from bot.errors import DataInUse, OlympicError
from bot.locales import Words, words
from bot.model.backend import Health
from bot.model.finding import Finding, Verdict
from bot.ports import Backend
from bot.scrub import scrubbed
from bot.settings import Settings
from storage import migrate
from storage.database import address_in
from storage.lock import hold
from storage.media import bucket, certificate
from storage.media import doctor as media
from storage.media.tool import Ffmpeg
from storage.seal import Seal as SecretSeal

PATIENCE: Final = 15.0
"""Seconds one check may take."""
_SAID: Final = frozenset({"price", "why"})
"""Facts of a backend that the sentence itself tells."""
LEAST: Final = 50
"""MiB of room under which no clip can be made and kept."""
LITTLE: Final = 500
"""MiB of room under which the operator is warned: about fifty clips."""


async def examine(settings: Settings) -> AsyncGenerator[Finding]:
    """Findings as they are made, in the order an operator would look."""
    say = words(settings.language)
    yield Finding("settings", Verdict.GOOD, say("doctor.settings", home=str(settings.home.resolve())))
    yield await asyncio.to_thread(_folder, settings.home.resolve(), say)
    yield await _limited("database", _database(settings, say), say)
    yield await _limited("ffmpeg", _media(settings.home.resolve(), say), say)
    if settings.media.url:
        yield await _limited("films", _bucket(settings, say), say)
    for fault in await asyncio.to_thread(_faults, settings, say):
        yield fault
    async for finding in _backends(settings, say):
        yield finding
    if writer := chat.build(settings):
        yield await _limited("chat", _chat(writer, say), say)
    for name in (*handlers.MODULES, *handlers.SITES):
        yield await _limited(name, handlers.check(name, settings), say)


def _folder(home: Path, say: Words) -> Finding:
    """Whether the data folder can be written and is free; a running product holds it, which is fine."""
    try:
        with hold(home):
            return Finding("data", Verdict.GOOD, say("doctor.data_free", folder=str(home)))
    except DataInUse as error:
        return Finding("data", Verdict.GOOD, say("doctor.data_used", folder=str(home), pid=error.facts.get("pid", "")))
    except OlympicError as error:
        return Finding("data", Verdict.BROKEN, say(error.sentence, **error.facts), say("doctor.data_remedy"))


async def _database(settings: Settings, say: Words) -> Finding:
    try:
        here = await migrate.current(settings.database or address_in(settings.home.resolve()))
    except OlympicError as error:
        return Finding("database", Verdict.BROKEN, say(error.sentence, **error.facts), say("doctor.database_remedy"))
    if here is None:
        return Finding("database", Verdict.GOOD, say("doctor.database_new"))
    if here not in migrate.revisions():
        newer = say("setup.newer_data", found=here, known=migrate.head())
        return Finding("database", Verdict.BROKEN, newer, say("doctor.database_remedy"))
    key = "doctor.database_current" if here == migrate.head() else "doctor.database_old"
    return Finding("database", Verdict.GOOD, say(key, revision=here))


async def _media(home: Path, say: Words) -> Finding:
    """Whether clips can be made and kept here."""
    try:
        report = await media.examine(home)
    except OlympicError as error:
        return Finding("ffmpeg", Verdict.BROKEN, say(error.sentence, **error.facts), say("doctor.ffmpeg_remedy"))
    room = report.free_bytes // 2**20
    says = say("doctor.ffmpeg", version=report.version, room=room)
    if report.missing:
        return Finding("ffmpeg", Verdict.BROKEN, f"{says} −{', '.join(report.missing)}", say("doctor.ffmpeg_remedy"))
    if room < LEAST:
        return Finding("ffmpeg", Verdict.BROKEN, says, say("doctor.room_remedy"))
    if room < LITTLE:
        return Finding("ffmpeg", Verdict.WARNING, says, say("doctor.room_remedy"))
    return Finding("ffmpeg", Verdict.GOOD, says)


async def _bucket(settings: Settings, say: Words) -> Finding:
    try:
        await bucket.examine(settings.media)
    except OlympicError as error:
        return Finding("films", Verdict.BROKEN, scrubbed(error.detail), say("doctor.bucket_remedy"))
    return Finding("films", Verdict.GOOD, say("doctor.bucket", url=settings.media.url))


def _faults(settings: Settings, say: Words) -> list[Finding]:
    """What settings ask for that there cannot be; nothing is said of what can."""
    found: list[Finding] = []
    if settings.workers.enabled and not settings.media.url:
        found.append(Finding("workers", Verdict.BROKEN, say("setup.workers_media")))
    if settings.workers.enabled and not settings.database.startswith("postgresql"):
        found.append(Finding("workers", Verdict.BROKEN, say("setup.workers_database")))
    try:
        if settings.sealing_key:
            SecretSeal(settings.home, settings.sealing_key.get_secret_value()).close("")
    except OlympicError as error:
        found.append(Finding("sealing_key", Verdict.BROKEN, say(error.sentence, **error.facts)))
    given = settings.provenance
    try:
        if given.sign and (given.certificate or given.key):
            certificate.checked(given.certificate, given.key)
    except OlympicError as error:
        found.append(Finding("credentials", Verdict.BROKEN, error.detail, say("doctor.certificate_remedy")))
    return found


async def _backends(settings: Settings, say: Words) -> AsyncGenerator[Finding]:
    """Each configured backend's health; it is broken to have none at all."""
    with tempfile.TemporaryDirectory() as scratch:
        kit, found, built = backends.Kit(Ffmpeg(), Path(scratch)), False, list[str]()
        for name in backends.MODULES:
            try:
                raw = backends.build_one(name, settings, kit)
            except OlympicError as error:
                found, says = True, say(error.sentence, **error.facts)
                yield Finding(name, Verdict.BROKEN, says, say("doctor.backend_setting_remedy"))
                continue
            if raw is not None:
                backend, found = guarded(raw, settings, settings.home.resolve() / "scratch"), True
                yield await _limited(name, _backend(backend, say), say)
                await backend.aclose()
                built.append(name)
    if not found:
        yield Finding("backends", Verdict.BROKEN, say("plan.no_backend"), say("doctor.backend_remedy"))
    if settings.backend and settings.backend not in built:
        unknown = say("setup.unknown_backend", name=settings.backend, near=", ".join(built))
        yield Finding("backend", Verdict.BROKEN, unknown, say("doctor.backend_setting_remedy"))


async def _backend(backend: Backend, say: Words) -> Finding:
    health, able = await backend.health(), await backend.capabilities()
    left = dict[str, str]()
    if able.price and able.left is not None:
        left[say("doctor.budget_left")] = f"{able.left} {able.price.currency}"
    price = f"{able.price.per_second} {able.price.currency}/s" if able.price else say("doctor.free")
    named = {_named(say, name): value for name, value in health.facts.items() if name not in _SAID}
    facts = ", ".join(f"{name}: {value}" for name, value in (named | left).items())
    says = f"{_worded(say, health.summary, health)} ({price}{', ' + facts if facts else ''})"
    verdict = Verdict.GOOD if health.ok else Verdict.BROKEN
    return Finding(backend.name, verdict, says, _worded(say, health.advice, health))


async def _chat(writer: chat.Chat, say: Words) -> Finding:
    """Whether sentences can be written out; without that everything still works."""
    try:
        why = await writer.trouble()
    finally:
        await writer.aclose()
    if why:
        return Finding("chat", Verdict.WARNING, say("doctor.chat_broken", why=why), say("doctor.chat_remedy"))
    return Finding("chat", Verdict.GOOD, say("doctor.chat_ready"))


def _worded(say: Words, text: str, health: Health) -> str:
    """A backend speaks in catalogue keys, or plainly."""
    return say(text, **health.facts) if say.knows(text) else text


def _named(say: Words, fact: str) -> str:
    """A backend's fact, perhaps of something ("fal_tells:t2v"), in words; a name of the backend's own as it is."""
    name, _, of = fact.partition(":")
    key = f"doctor.fact.{name}"
    return say(key, of=of) if say.knows(key) else fact


async def _limited(name: str, check: Awaitable[Finding], say: Words) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check
    except TimeoutError:
        return Finding(name, Verdict.BROKEN, say("doctor.silent", seconds=int(PATIENCE)), say("doctor.silent_remedy"))
    except OlympicError as error:
        return Finding(name, Verdict.BROKEN, say(error.sentence, **error.facts), error.detail)
