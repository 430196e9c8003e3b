"""Everything about a member, handed over and forgotten."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import timedelta

from bot.errors import PlaceForbidden, PlatformBusy
from bot.model.command import (
    Attachment,
    Create,
    Decline,
    Erase,
    Export,
    Link,
    Mine,
    SaveCharacter,
    Silence,
)
from bot.model.contest import EntryState, Reacted
from bot.model.people import MessageRef, Role
from bot.model.setup import Setup
from bot.pipeline.keeper import Keeper
from bot.pipeline.parcel import Part, parted
from bot.usecases import counting, review
from tests.fakes import COMMUNITY, FakePlatform, FakeReply, asked, member
from tests.hanging import hang, press

ADA, BEN = member("ada"), member("ben")
MOD = member("mo", role=Role.MODERATOR)
FOX = Attachment("fox.png", b"\x89PNG fox")


class Opening(FakeReply):
    """Keeps the files it is handed, as they were at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[bytes] = []

    async def tell(self, card) -> None:
        await super().tell(card)
        if card.file:
            self.files.append(card.file.path.read_bytes())


async def made(world, who=ADA, sentence: str = "A fox on skis") -> str:
    await world.start()
    before = {job.id for job in await world.jobs()}
    await world.ask(Create(sentence, sport="ski-jumping", image=FOX), who)
    for job in await world.ended(len(before) + 1):
        if job.id not in before:
            return job.entry
    raise AssertionError


async def exported(world, who=ADA) -> Opening:
    reply = Opening()
    await world.core.handle(asked(Export(), who), reply)
    return reply


async def test_the_file_holds_the_records_films_and_pictures(world) -> None:
    entry = await made(world)
    await world.ask(SaveCharacter("kitsune", FOX), ADA)

    (file,) = (await exported(world)).files

    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("records.json"))["fake:c1:ada"]
        assert archive.read(f"works/{entry}.mp4").startswith(b"video of")
    assert [name.partition("/")[0] for name in names] == ["records.json", "works", "works", "files", "characters"]
    assert (told["accounts"][0]["name"], told["works"][0]["request"]["prompt"]) == ("Ada", "A fox on skis")


async def test_it_holds_all_linked_accounts_and_nobody_elses(world) -> None:
    code = (await world.ask(Link(), ADA)).told[0].lines[0]
    await world.ask(Link(code), BEN)
    await world.ask(Mine(), MOD)

    (file,) = (await exported(world)).files

    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert set(json.loads(archive.read("records.json"))) == {"fake:c1:ada", "fake:c1:ben"}


async def test_the_file_is_lent_for_a_day(world) -> None:
    blob = (await exported(world)).told[0].file.blob
    kept = await world.repos.media.mime(blob)
    world.clock.time += timedelta(days=1)

    await world.engine.keeper.round()

    assert (kept, await world.repos.media.mime(blob)) == ("application/zip", None)


def test_parcels_are_never_larger_than_the_chat_takes() -> None:
    parts = [Part(f"{n}", b"x" * size) for n, size in enumerate((100, 4000, 3000, 90_000, 10))]

    parcels, left = parted(parts, 8000)

    assert ([[part.name for part in parcel] for parcel in parcels], [part.name for part in left]) == (
        [["0", "1", "2"], ["4"]],
        ["3"],
    )


async def test_forgetting_is_asked_about_first(world) -> None:
    entry = await made(world)

    reply = await world.ask(Erase(), ADA)

    assert reply.told[0].buttons[0].action == "erase-sure"
    assert (await world.repos.entries.get(entry)).deleted is None


async def forgotten(world, who=ADA) -> None:
    await world.ask(Erase(sure=True), who)
    await world.engine.keeper.round()


async def test_a_place_that_lets_us_remove_nothing_more_keeps_nobody_from_being_forgotten(world) -> None:
    entry = await made(world)

    async def refused(ref) -> None:
        raise PlaceForbidden("the bot was thrown out", missing="View Channel")

    world.platform.delete = refused
    await forgotten(world)

    assert (
        (await world.repos.entries.get(entry)).deleted is not None,
        await world.repos.people.get("fake:c1:ada"),
    ) == (
        True,
        None,
    )


async def test_a_forgotten_member_leaves_no_work_no_file_and_no_name(world) -> None:
    entry = await made(world)
    await world.ask(SaveCharacter("kitsune", FOX), ADA)
    work = await world.repos.entries.get(entry)
    (job,) = await world.jobs()

    await forgotten(world)

    husk = await world.repos.entries.get(entry)
    files = [work.clip.blob, work.clip.poster, job.request.image.blob]
    assert [await world.repos.media.mime(blob) for blob in files] == [None, None, None]
    assert (husk.deleted is not None, husk.member.name, husk.request.prompt) == (True, "", "…")
    assert (world.platform.entries, await world.repos.people.get("fake:c1:ada")) == ([], None)
    assert (await world.repos.jobs.get(job.id)).plan.shots[0].prompt == "…"


async def test_their_votes_stay_without_their_name(world) -> None:
    entry = await made(world)
    (posted,) = world.platform.entries
    await world.ask(Mine(), BEN)
    await world.crash()  # nobody counts again meanwhile
    await world.core.hear(Reacted(posted.ref, "🏅", "ben", on=True))

    await forgotten(world, BEN)

    (vote,) = [ballot for ballot in await world.repos.votes.of(entry) if ballot.counts]
    assert (vote.account.startswith("gone:"), (await world.repos.votes.tally([entry]))[entry].votes) == (True, 1)


async def counted(world, entry: str, ref: MessageRef) -> tuple[int, list[str]]:
    """The votes after a recount, and who gave a ballot."""
    await counting.recount(world.house, ref)
    ballots = [ballot.account.partition(":")[0] for ballot in await world.repos.votes.of(entry)]
    return (await world.repos.votes.tally([entry]))[entry].votes, ballots


async def test_a_reaction_that_still_stands_is_the_same_vote_without_a_name_at_a_recount(world) -> None:
    ref = await hang(world)
    await press(world, ref, "ben")
    await world.ask(Mine(), BEN)
    await forgotten(world, BEN)

    assert await counted(world, "a", ref) == (1, ["gone"])
    await press(world, ref, "ben", on=False)
    assert await counted(world, "a", ref) == (0, [])


async def test_a_reaction_nobody_had_heard_of_before_is_no_vote_of_who_was_forgotten(world) -> None:
    ref = await hang(world)
    await world.ask(Mine(), BEN)
    await forgotten(world, BEN)
    world.platform.messages[ref.id].reactions["🏅"] = {"ben": False}

    assert await counted(world, "a", ref) == (0, [])


async def test_who_comes_back_and_votes_anew_has_one_vote(world) -> None:
    ref = await hang(world)
    await press(world, ref, "ben")
    await world.ask(Mine(), BEN)
    await forgotten(world, BEN)
    await press(world, ref, "ben")

    assert await counted(world, "a", ref) == (1, ["fake"])


async def test_who_comes_back_votes_on_later_works_like_everybody(world) -> None:
    await world.ask(Mine(), BEN)
    await forgotten(world, BEN)
    world.clock.time += timedelta(days=1)
    ref = await hang(world)
    world.platform.messages[ref.id].reactions["🏅"] = {"ben": False}

    assert await counted(world, "a", ref) == (1, ["fake"])


async def test_a_crash_after_the_word_was_given_does_not_keep_anybody(world) -> None:
    entry = await made(world)
    await world.crash()
    await world.ask(Erase(sure=True), ADA)
    await world.crash()

    await world.engine.keeper.round()

    assert (await world.repos.entries.get(entry)).deleted is not None
    assert await world.repos.people.get("fake:c1:ada") is None


async def test_while_the_platform_is_away_nothing_is_half_forgotten(world) -> None:
    entry = await made(world)
    await world.crash()

    class Away(FakePlatform):
        async def delete(self, ref: MessageRef) -> None:
            raise PlatformBusy("away")

    world.platform.delete, there = Away().delete, world.platform.delete
    await forgotten(world)
    still = await world.repos.entries.get(entry)
    world.platform.delete = there
    await world.engine.keeper.round()

    assert (still.deleted, still.member.name) == (None, "Ada")
    assert (await world.repos.entries.get(entry)).member.name == ""


async def test_a_running_request_of_who_is_forgotten_is_stopped_first(world) -> None:
    world.backend.gate = asyncio.Event()
    await world.start()
    await world.ask(Create("A fox on skis", sport="luge"), ADA)
    await world.ask(Erase(sure=True), ADA)
    while await world.repos.people.get("fake:c1:ada"):
        world.engine.keeper.wake()
        await world.clock.sleep(0)

    assert (await world.repos.entries.of_member(COMMUNITY, "ada"), world.platform.entries) == ([], [])


async def test_who_was_forgotten_may_come_back_as_somebody_new(world) -> None:
    await world.ask(Silence("podium"), ADA)
    await forgotten(world)

    await world.ask(Mine(), ADA)

    found = await world.repos.people.get("fake:c1:ada")
    assert (await world.repos.people.profile(found.person)).silent == ()


async def test_declined_works_and_old_files_are_forgotten_when_the_community_says_so(world) -> None:
    entry = await made(world)
    await review.nominate(world.house, entry)
    await world.ask(Mine(), MOD)
    await world.repos.communities.see(COMMUNITY, "Fakes", world.clock.now())
    await world.set_up(Setup(retention_days=30))
    await world.ask(Decline(entry, "quality"), MOD)
    job = await world.repos.jobs.get(entry)
    await world.crash()

    for days, gone in ((29, False), (2, True)):
        world.clock.time += timedelta(days=days)
        await Keeper(world.house.tools, world.engine.cancel).round()
        work = await world.repos.entries.get(entry)
        image = await world.repos.media.mime(job.request.image.blob)
        assert (work.deleted is not None, image is None) == (gone, gone)


async def test_what_hangs_in_the_exhibit_is_kept(world) -> None:
    entry = await made(world)
    await world.repos.communities.see(COMMUNITY, "Fakes", world.clock.now())
    await world.set_up(Setup(retention_days=1))
    world.clock.time += timedelta(days=100)

    await world.engine.keeper.round()

    assert (await world.repos.entries.get(entry)).state is EntryState.OPEN
    assert (await world.repos.entries.get(entry)).deleted is None
