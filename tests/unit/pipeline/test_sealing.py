"""Finished films are told where they come from, as the last step and once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.errors import DiskFull, StorageError
from bot.model.command import Create
from bot.model.job import Stage
from bot.model.provenance import Origin
from tests.fakes import FakeProvenance, until

WISH = Create("A fox on skis", sport="ski-jumping", seed="7")


def sealing(world) -> FakeProvenance:
    world.provenance = FakeProvenance()
    world._build()
    return world.provenance


async def test_the_film_that_is_kept_and_posted_is_the_sealed_one(world) -> None:
    provenance = sealing(world)
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()

    kept = await world.media.local(job.clip.blob)
    (claim,) = provenance.claims
    assert kept.read_bytes().endswith(b"|sealed trainedAlgorithmicMedia")
    assert job.clip.inspection.bytes == kept.stat().st_size
    assert (claim.model, claim.seed, claim.origin) == (world.backend.name, 7, Origin.TRAINED)
    assert claim.sentence == hashlib.sha256(b"A fox on skis").hexdigest()


async def test_a_film_that_cannot_be_sealed_goes_out_all_the_same(world) -> None:
    sealing(world).failures.append(StorageError("no room for labels"))
    await world.start()
    await world.ask(WISH)
    (job,) = await world.ended()

    assert job.stage is Stage.DONE
    assert b"|sealed" not in (await world.media.local(job.clip.blob)).read_bytes()


async def test_a_run_that_died_after_sealing_seals_no_second_time(world) -> None:
    provenance = sealing(world)
    await world.start()
    world.platform.unpublished.append(DiskFull("while it was being kept"))
    await world.ask(WISH)
    await until(lambda: provenance.claims)
    await world.crash()
    await world.start()
    await world.ended()

    assert len(provenance.claims) == 1


LIMIT = 600


async def posted(world) -> bytes:
    """The film as it hangs where a platform takes only so many bytes; it has more."""
    world.platform.traits = replace(world.platform.traits, upload_limit=LIMIT)
    fetch = world.backend.fetch

    async def much(ref, status, into) -> None:
        await fetch(ref, status, into)
        into.write_bytes(into.read_bytes() + b"." * 2 * LIMIT)

    world.backend.fetch = much
    await world.start()
    await world.ask(WISH)
    await world.ended()
    (work,) = world.platform.entries
    assert len(work.file) <= LIMIT
    return work.file


async def test_a_smaller_copy_for_the_chat_says_what_the_film_says(world) -> None:
    sealing(world)
    assert (await posted(world)).endswith(b"|sealed trainedAlgorithmicMedia")


async def test_a_copy_that_would_not_fit_any_more_goes_out_unsigned(world) -> None:
    sealing(world).more = b"x" * 100
    assert b"|sealed" not in await posted(world)


async def test_a_copy_that_cannot_be_signed_goes_out_all_the_same(world) -> None:
    provenance = sealing(world)
    seal = provenance.seal

    async def and_then_fail(*args) -> None:
        await seal(*args)
        provenance.failures.append(StorageError("no room"))

    provenance.seal = and_then_fail
    assert b"|sealed" not in await posted(world)
