"""The contest in the studio: votes, rooms, letters; all of it outlives a restart."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from bot.errors import MessageGone, PlaceForbidden
from bot.model.card import Card, CardKind, Field, FieldKind, Form
from bot.model.contest import Arrived, Facts, Reacted, Resumed, Voter
from bot.model.people import Community, MessageRef, Place
from bot.ports import Pick
from tests.gallery import MemoryLog, entry_card, gallery

SCRIPT = {"accept": "application/json"}
COMMUNITY = Community("studio", "local")


@pytest.fixture
async def opened(tmp_path):
    async with gallery(tmp_path) as opened:
        yield opened


@pytest.fixture
def files(tmp_path):
    clip, poster = tmp_path / "clip.mp4", tmp_path / "poster.jpg"
    clip.write_bytes(b"film")
    poster.write_bytes(b"\xff\xd8poster")
    return clip, poster


async def hung(opened, files, room="wall", key="entry:e1") -> MessageRef:
    """A finished work in a room, with the bot's own reaction."""
    blob = await opened.media.put_bytes(files[0].read_bytes(), "video/mp4")
    place = Place(COMMUNITY, room)
    card = replace(entry_card("e1", "A fox flies", *files, blob), mention="moderator")
    ref = await opened.studio.publish(place, card, key=key)
    await opened.studio.react(ref, "🏅")
    return ref


async def press(opened, ref, who="member-1", emoji="🏅"):
    fields = {"message": ref.id, "emoji": emoji}
    answer = await opened.browser.post(f"/react?as={who}", data=fields, headers=SCRIPT)
    assert answer.status_code == 200


async def page(opened, who="member-1", room="wall") -> str:
    return (await opened.browser.get("/", params={"as": who, "room": room})).text


async def voters(opened, ref, emoji="🏅") -> list[Voter]:
    return [voter async for voter in opened.studio.voters(ref, emoji)]


def button(html: str) -> tuple[str, str]:
    """(pressed, number) of the vote."""
    found = re.search(r'aria-pressed="(\w+)".*?class="number">(\d+)<', html, re.DOTALL)
    assert found
    return found[1], found[2]


# ---------------------------------------------------------------------------------------------- votes


async def test_who_presses_under_their_own_work_is_told_that_others_votes_count(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref, "moderator")
    html = await page(opened, "moderator")
    assert button(html) == ("false", "0")
    assert "the votes of others count" in html
    assert not [what for what in opened.core.heard if isinstance(what, Reacted)]


async def test_a_work_is_voted_for_by_a_button_with_its_number(opened, files):
    ref = await hung(opened, files)
    assert button(await page(opened)) == ("false", "0")
    await press(opened, ref)
    assert button(await page(opened)) == ("true", "1")
    assert button(await page(opened, "member-2")) == ("false", "1")


async def test_the_core_hears_who_voted_and_who_took_it_back(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref, "member-2")
    await press(opened, ref, "member-2")
    await asyncio.sleep(0)  # nobody waits for what is heard
    heard = [what for what in opened.core.heard if isinstance(what, Reacted)]
    assert heard == [Reacted(ref, "🏅", "member-2", on=True), Reacted(ref, "🏅", "member-2", on=False)]


async def test_voters_are_all_who_pressed_and_the_bot(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref, "member-2")
    await press(opened, ref, "admin")
    assert await voters(opened, ref) == [Voter("olympic", bot=True), Voter("member-2"), Voter("admin")]


async def test_votes_survive_a_restart(tmp_path, files):
    log = MemoryLog()
    async with gallery(tmp_path, log) as first:
        ref = await hung(first, files)
        await press(first, ref)
    async with gallery(tmp_path, log) as second:
        assert button(await page(second)) == ("true", "1")
        assert await voters(second, ref) == [Voter("olympic", bot=True), Voter("member-1")]


async def test_without_the_bots_reaction_nobody_votes(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref, emoji="💩")
    await opened.browser.post("/react", data={"message": "nothing", "emoji": "🏅"}, headers=SCRIPT)
    assert await voters(opened, ref, "💩") == []
    assert not [what for what in opened.core.heard if isinstance(what, Reacted)]


async def test_the_vote_is_named_for_those_who_listen(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref)
    assert 'aria-label="Vote with 🏅, 1 vote"' in await page(opened)


async def test_a_removed_work_takes_its_votes_along(opened, files):
    ref = await hung(opened, files)
    await press(opened, ref)
    await opened.studio.delete(ref)
    assert await voters(opened, ref) == []


async def test_without_a_script_voting_leads_back_to_the_same_room(opened, files):
    ref = await hung(opened, files, "exhibit")
    sent = await opened.browser.post("/react?room=exhibit", data={"message": ref.id, "emoji": "🏅"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/?as=member-1&room=exhibit")


# ---------------------------------------------------------------------------------------------- works


async def test_a_redrawn_work_keeps_its_film(opened, files):
    ref = await hung(opened, files)
    await opened.studio.redraw(ref, Card(CardKind.ENTRY, "Ski jumping", ("3 votes",), quote="A fox flies"))
    html = await page(opened)
    assert "3 votes" in html
    assert "<video" in html


async def test_a_redrawn_work_that_is_gone_is_gone(opened, files):
    ref = await hung(opened, files)
    await opened.studio.delete(ref)
    with pytest.raises(MessageGone):
        await opened.studio.redraw(ref, Card(CardKind.ENTRY, "Ski jumping"))


# ---------------------------------------------------------------------------------------------- rooms


async def test_each_room_shows_what_hangs_in_it(opened, files):
    await hung(opened, files, "exhibit")
    assert "A fox flies" not in (await page(opened)).split('id="wall"')[1]
    assert "A fox flies" in await page(opened, room="exhibit")


async def test_the_review_is_for_moderators(opened, files):
    await hung(opened, files, "review")
    for who in ("moderator", "admin"):
        assert "A fox flies" in await page(opened, who, "review")
    html = await page(opened, "member-1", "review")
    assert "A fox flies" not in html.split('id="wall"')[1]
    assert "room=review" not in html


async def test_a_room_outlives_a_restart(tmp_path, files):
    log = MemoryLog()
    async with gallery(tmp_path, log) as first:
        await hung(first, files, "exhibit")
    async with gallery(tmp_path, log) as second:
        assert "A fox flies" in await page(second, room="exhibit")


async def test_an_empty_room_says_what_belongs_there(opened):
    assert "Nothing hangs in the exhibit yet" in await page(opened, room="exhibit")


async def test_the_public_hall_is_one_link_away(opened):
    assert '<a href="https://hall.example.org" target="_blank" rel="noopener">' in await page(opened)


async def test_who_may_look_into_a_room_is_told(opened):
    assert await opened.studio.sees(Place(COMMUNITY, "review"), "moderator")
    assert not await opened.studio.sees(Place(COMMUNITY, "review"), "member-1")
    assert await opened.studio.sees(Place(COMMUNITY, "exhibit"), "member-1")


# ---------------------------------------------------------------------------------------------- letters


async def test_a_letter_is_seen_by_its_reader_once_and_stays(opened):
    for _ in range(2):
        await opened.studio.whisper(COMMUNITY, "member-1", Card(CardKind.NOTICE, "Nominated!"), key="l1", again=True)
    await opened.browser.post("/say", data={"text": "help"}, headers=SCRIPT)
    await opened.browser.post("/say", data={"text": "status"}, headers=SCRIPT)
    assert (await page(opened)).count("Nominated!") == 1
    assert "Nominated!" not in await page(opened, "member-2")


async def test_a_letter_survives_a_restart_until_it_is_dismissed(tmp_path):
    log = MemoryLog()
    async with gallery(tmp_path, log) as first:
        await first.studio.whisper(COMMUNITY, "member-1", Card(CardKind.NOTICE, "Nominated!"), key="l1")
    async with gallery(tmp_path, log) as second:
        assert "Nominated!" in await page(second)
        letter = second.studio._mailbox.of("member-1")[0].id
        await second.browser.post("/dismiss", data={"answer": letter}, headers=SCRIPT)
    async with gallery(tmp_path, log) as third:
        await third.studio.whisper(COMMUNITY, "member-1", Card(CardKind.NOTICE, "Nominated!"), key="l1", again=True)
        assert "Nominated!" not in await page(third)


async def test_nobody_unknown_gets_letters(opened):
    with pytest.raises(PlaceForbidden):
        await opened.studio.whisper(COMMUNITY, "root", Card(CardKind.NOTICE, "Nominated!"), key="l1")


# ---------------------------------------------------------------------------------------------- people and setup


async def test_the_contest_works_from_the_beginning(opened):
    await page(opened)
    resumed, arrived = opened.core.heard
    assert isinstance(arrived, Arrived)
    assert arrived.setup
    assert (arrived.setup.channels.review, arrived.setup.voting.nominate) == ("review", 2)
    assert resumed == Resumed("studio", COMMUNITY)


async def test_the_community_begins_in_its_first_visitors_language(opened):
    for language in ("ja-JP", "de"):
        await opened.browser.get("/", headers={"accept-language": language})
    assert [what.language for what in opened.core.heard if isinstance(what, Arrived)] == ["ja"]


async def test_all_four_are_known_and_nobody_else(opened):
    assert await opened.studio.facts(COMMUNITY, "member-2") == Facts("Member 2")
    assert not (await opened.studio.facts(COMMUNITY, "root")).member


async def test_rooms_and_people_may_be_chosen(opened):
    rooms = await opened.studio.choices(COMMUNITY, Pick.CHANNEL, "en")
    people = await opened.studio.choices(COMMUNITY, Pick.ROLE, "en")
    assert [room.value for room in rooms] == ["wall", "exhibit", "announcements", "review"]
    assert [person.value for person in people] == ["member-1", "member-2", "moderator", "admin"]


async def test_a_form_offers_rooms_and_people(opened):
    fields = (
        Field("review", "Review", FieldKind.CHANNEL, value="review"),
        Field("moderators", "Moderators", FieldKind.ROLE, value="moderator,admin", many=True),
    )
    opened.studio._mailbox.put("admin", Form("setup", "Set up", "Save", fields))
    html = await page(opened, "admin")
    assert '<option value="review" selected>Review</option>' in html
    assert '<option value="moderator" selected>' in html
    assert '<option value="member-1">' in html
