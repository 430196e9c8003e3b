"""What is known about a member: handed over as files, and forgotten when they wish."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from bot import cards
from bot.errors import NotFound
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind, File, Tone
from bot.model.command import Asked, Erase
from bot.model.people import Account
from bot.pipeline.keeper import files
from bot.pipeline.parcel import Part, pack, parted
from bot.ports import Reply
from bot.usecases.house import House
from bot.usecases.known import account

LENT: Final = timedelta(days=1)
"""How long a parcel can be fetched."""


async def export(house: House, asked: Asked, reply: Reply) -> None:
    """Everything about the asker on all their accounts, with their films and pictures, in as many files as it takes."""
    mine = await account(house, asked.member)
    async with house.turns[f"export/{mine.person}"]:
        everybody = await house.tools.repos.people.of_person(mine.person)
        scratch = f"export-{hashlib.sha256(mine.person.encode()).hexdigest()[:16]}"
        try:
            await _hand_over(house, asked, everybody, scratch, reply)
        finally:
            await house.tools.repos.media.sweep(scratch)


async def erase(house: House, asked: Asked, wish: Erase, reply: Reply) -> None:
    """Forget the asker. Asked once before; then it is written down and done, whatever happens meanwhile."""
    say = words(asked.member.language)
    mine = await account(house, asked.member)
    everybody = await house.tools.repos.people.of_person(mine.person)
    if not wish.sure:
        works = await house.tools.repos.entries.count_of_people(everybody)
        sure = Button("erase-sure", say("button.erase_sure"), "🗑️", ButtonStyle.DANGER)
        lines = (say("erase.question", works=works, accounts=len(everybody)), say("erase.reactions"))
        first = Button("export", say("button.export"), "📦")
        await reply.tell(Card(CardKind.CHOICE, say("erase.title"), lines, buttons=(sure, first)))
        return
    await house.tools.repos.privacy.begin([one.key for one in everybody], house.tools.clock.now())
    for one in everybody:
        house.visits.pop(one.key, None)
    house.engine.keeper.wake()
    await reply.tell(cards.notice(asked.member.language, "erase.begun", tone=Tone.GOOD))


async def _hand_over(house: House, asked: Asked, everybody: Sequence[Account], scratch: str, reply: Reply) -> None:
    say, repos, now = words(asked.member.language), house.tools.repos, house.tools.clock.now()
    parts = await _parts(house, everybody)
    platform = house.tools.platforms[asked.member.community.platform]
    limit = asked.place.upload_limit or platform.traits.upload_limit
    parcels, left = await asyncio.to_thread(parted, parts, limit)
    folder = repos.media.scratch(scratch)
    for number, inside in enumerate(parcels, 1):
        name = f"olympic-{now.date()}-{number}.zip"
        made = await asyncio.to_thread(pack, inside, folder / name)
        await repos.privacy.lend(made.blob, everybody[0].key, now + LENT)  # first: what is kept is surely removed
        await repos.media.put(made.path, "application/zip")
        file = File(name, await repos.media.local(made.blob), made.bytes, made.blob)
        lines = [say("export.part", n=number, of=len(parcels))]
        lines += [say("export.left", names=", ".join(part.name for part in left))] if left and number == 1 else []
        title = say("export.title") if number == 1 else ""
        await reply.tell(Card(CardKind.NOTICE, title, tuple(lines), tone=Tone.GOOD, file=file))


async def _parts(house: House, everybody: Sequence[Account]) -> list[Part]:
    """What stands in the records first, then the files it names, each once."""
    repos = house.tools.repos
    told: dict[str, Any] = {one.key: await repos.privacy.known_of(one) for one in everybody}
    said = json.dumps(told, ensure_ascii=False, indent=1).encode()
    parts = {"records.json": Part("records.json", said)}
    for one in everybody:
        for work in await repos.privacy.works_of(one):
            if not work.deleted:
                await _add(house, parts, f"works/{work.id}.mp4", work.clip.blob)
                await _add(house, parts, f"works/{work.id}.jpg", work.clip.poster)
        for job in await repos.privacy.jobs_of(one):
            cast = {file for each in job.request.cast for file in (each.image, each.voice) if file}
            for file in (file for file in files(job.request) if file not in cast):
                await _add(house, parts, f"files/{file.blob[:16]}.{_ending(file.mime)}", file.blob)
        for character in await repos.characters.of_accounts([one.key]):
            if character.owner == one.key:
                for file in filter(None, (character.image, character.voice)):
                    await _add(house, parts, f"characters/{character.id}.{_ending(file.mime)}", file.blob)
    return list(parts.values())


async def _add(house: House, parts: dict[str, Part], name: str, blob: str) -> None:
    try:
        parts[name] = Part(name, await house.tools.repos.media.local(blob))
    except NotFound:
        return  # it was forgotten already


def _ending(mime: str) -> str:
    return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/wav": "wav"}.get(mime, "bin")
