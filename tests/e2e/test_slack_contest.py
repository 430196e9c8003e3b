"""What the contest asks of Slack, against a Slack of our own: votes under card and clip, letters, channels, people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import BadEmoji, MessageGone, PlaceForbidden, PlatformBusy
from bot.model.card import Button, Card, CardKind, Field, FieldKind, File, Form, Video
from bot.model.command import Asked, Create, Export, Nominate, PauseMember, Status
from bot.model.contest import Arrived, Cleared, Departed, Facts, Happening, Reacted, Resumed, Vanished, Voter
from bot.model.people import Community, MessageRef, Place
from bot.ports import Need, Pick, Reply
from bot.settings import Slack
from handlers.slack import SlackPlatform
from handlers.slack import emoji as names
from tests.fakes_slack import FakeSlack

COMMUNITY = Community("slack", FakeSlack.team)
PLACE = Place(COMMUNITY, "C1")
SETUP = Form(
    "setup",
    "Set up",
    "Save",
    (
        Field("review", "Review", FieldKind.CHANNEL, value="C2"),
        Field("create", "Create", FieldKind.CHANNEL, many=True),
        Field("moderators", "Moderators", FieldKind.ROLE, value="U1,U2", many=True),
        Field("owner", "Owner", FieldKind.MEMBER),
    ),
)


class Script:
    """A tiny core: shows a form for the setup, answers the rest, and remembers what happened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[Asked] = []
        self.heard: list[Happening] = []

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        match asked.command:
            case Status():
                buttons = (Button("cancel:j1", "Cancel"), Button("compose", "Create"))
                await reply.tell(Card(CardKind.LIST, "Your requests", ("a fox jumps",), buttons=buttons))
            case Create():
                await reply.ask(SETUP)
            case Export():
                path = self.folder / "mine.zip"
                path.write_bytes(b"PK all of it")
                file = File("mine.zip", path, path.stat().st_size)
                await reply.tell(Card(CardKind.NOTICE, "Yours", file=file))
            case _:
                await reply.tell(Card(CardKind.NOTICE, "Heard"))

    async def hear(self, what: Happening) -> None:
        self.heard.append(what)

    def votes(self) -> list[Happening]:
        return [what for what in self.heard if isinstance(what, Reacted | Cleared | Vanished)]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.problems == []


def settings(slack: FakeSlack) -> Slack:
    return Slack.model_validate({"bot_token": slack.bot_token, "app_token": slack.app_token, "api": slack.api})


@pytest.fixture
async def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


@pytest.fixture
async def served(slack: FakeSlack, script: Script) -> AsyncIterator[SlackPlatform]:
    platform = SlackPlatform(settings(slack), slack.bot_token, "en", looks=[0.05] * 12, again=[0.05] * 3)
    task = asyncio.create_task(platform.run(script.handle, script.hear))
    await slack.until(lambda: slack.connected, seconds=30)
    yield platform
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def video(tmp_path: Path) -> Video:
    (tmp_path / "poster.jpg").write_bytes(b"\xff\xd8 poster")
    (tmp_path / "clip.mp4").write_bytes(b"\0" * 1000)
    return Video(tmp_path / "clip.mp4", "ski.mp4", "A fox jumps", tmp_path / "poster.jpg", 15.0, 1280, 720, 1000)


@pytest.fixture
async def work(served: SlackPlatform, video: Video) -> MessageRef:
    """A published work; `extra` is its clip."""
    ref = await served.publish(PLACE, Card(CardKind.ENTRY, "Ski jumping", video=video), key="entry:e1")
    assert ref.extra
    return ref


def message(slack: FakeSlack, ts: str) -> dict:
    return next(one for one in slack.channels["C1"].messages if one["ts"] == ts)


async def settled(slack: FakeSlack, look) -> None:
    async with asyncio.timeout(30):
        while not look():
            await asyncio.sleep(0.01)


async def voters(platform: SlackPlatform, ref: MessageRef, emoji: str = "🏅") -> list[Voter]:
    return [voter async for voter in platform.voters(ref, emoji)]


# ---------------------------------------------------------------------------------------------- votes


async def test_a_reaction_under_the_card_is_a_reaction_under_the_work(slack, script, work):
    await slack.react("U1", message(slack, work.id), "sports_medal")
    await settled(slack, script.votes)
    assert script.votes() == [Reacted(work, "🏅", "U1", on=True)]


async def test_a_reaction_under_the_clip_is_a_reaction_under_the_work(slack, script, work):
    await slack.react("U1", message(slack, work.extra), "sports_medal")
    await settled(slack, script.votes)
    assert script.votes() == [Reacted(work, "🏅", "U1", on=True)]


async def test_after_a_restart_the_clip_still_belongs_to_its_card(slack, script, video):
    first = SlackPlatform(settings(slack), slack.bot_token, "en", looks=[0.05] * 12)
    ref = await first.publish(PLACE, Card(CardKind.ENTRY, "Ski jumping", video=video), key="entry:e1")
    await first.aclose()
    second = SlackPlatform(settings(slack), slack.bot_token, "en")
    task = asyncio.create_task(second.run(script.handle, script.hear))
    await slack.until(lambda: slack.connected, seconds=30)
    await slack.react("U1", message(slack, ref.extra), "sports_medal")
    await settled(slack, script.votes)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert script.votes() == [Reacted(ref, "🏅", "U1", on=True)]


@pytest.mark.parametrize(("times", "heard"), [(1, "vote"), (9, "resumed")])
async def test_a_reaction_whose_work_cannot_be_looked_up_is_not_lost(slack, script, served, work, times, heard):
    first = [what for what in script.heard if isinstance(what, Resumed)]
    served._workspaces.of(COMMUNITY).pairs.forget("C1", work.id)  # as after a restart
    slack.fail("conversations.replies", times=times)
    await slack.react("U1", message(slack, work.extra), "sports_medal")
    told = (
        script.votes
        if heard == "vote"
        else lambda: [one for one in script.heard if isinstance(one, Resumed)][len(first) :]
    )
    await settled(slack, told)
    assert told() == ([Reacted(work, "🏅", "U1", on=True)] if heard == "vote" else [Resumed("slack", COMMUNITY)])


async def test_one_of_two_reactions_taken_back_leaves_the_vote(slack, script, work):
    await slack.react("U1", message(slack, work.id), "sports_medal")
    await slack.react("U1", message(slack, work.extra), "sports_medal")
    await slack.unreact("U1", message(slack, work.id), "sports_medal")
    await settled(slack, lambda: slack.count("reactions.get") == 2)
    await slack.unreact("U1", message(slack, work.extra), "sports_medal")
    await settled(slack, lambda: any(not what.on for what in script.votes()))
    assert [what.on for what in script.votes()] == [True, True, False]


async def test_a_skin_tone_makes_no_difference(slack, script, served, work):
    await slack.react("U1", message(slack, work.id), "clap::skin-tone-4")
    await settled(slack, script.votes)
    assert script.votes() == [Reacted(work, "👏", "U1", on=True)]
    assert await voters(served, work, "👏🏽") == [Voter("U1")]


async def test_reactions_under_other_peoples_messages_are_not_heard(slack, script, work):
    theirs = await slack.say("U2", "C1", "hello")
    await slack.react("U1", theirs, "sports_medal")
    await slack.react("U1", message(slack, work.id), "sports_medal")
    await settled(slack, script.votes)
    assert len(script.votes()) == 1


async def test_voters_are_those_under_card_and_clip_each_once(slack, script, served, work):
    await served.react(work, "🏅")
    await slack.react("U1", message(slack, work.id), "sports_medal")
    await slack.react("U1", message(slack, work.extra), "sports_medal")
    await slack.react("U2", message(slack, work.extra), "sports_medal")
    assert await voters(served, work) == [Voter("U0BOT", bot=True), Voter("U1"), Voter("U2")]
    assert await voters(served, MessageRef(COMMUNITY, "C1", work.id)) == await voters(served, work)


async def test_a_list_that_names_fewer_people_than_it_counts_replaces_nothing(slack, served, work):
    await slack.react("U1", message(slack, work.id), "sports_medal")
    slack.shy = 1
    with pytest.raises(PlatformBusy):
        await voters(served, work)


async def test_the_votes_of_a_deleted_card_cannot_be_read(slack, served, work):
    slack.remove("C1", work.id)
    with pytest.raises(MessageGone):
        await voters(served, work)


async def test_our_own_reaction_hangs_once(slack, served, work):
    await served.react(work, "🏅")
    await served.react(work, "🏅")
    assert message(slack, work.id)["reactions"] == [{"name": "sports_medal", "users": [slack.bot_user]}]


@pytest.mark.parametrize("emoji", [":no_such_emoji:", "\U0001fffd"])
async def test_an_emoji_slack_does_not_have_is_told(served, work, emoji):
    with pytest.raises(BadEmoji):
        await served.react(work, emoji)


async def test_the_workspaces_own_emoji_may_be_voted_with(slack, script, served, work):
    await served.react(work, ":golden-fox:")
    await slack.react("U1", message(slack, work.id), "golden-fox")
    await settled(slack, script.votes)
    assert script.votes() == [Reacted(work, ":golden-fox:", "U1", on=True)]


# ---------------------------------------------------------------------------------------------- what happens


async def test_a_deleted_card_vanishes(slack, script, work):
    await slack.discard(message(slack, work.id))
    await settled(slack, script.votes)
    assert script.votes() == [Vanished((MessageRef(COMMUNITY, "C1", work.id),))]


async def test_a_deleted_clip_has_the_votes_counted_again(slack, script, work):
    await slack.discard(message(slack, work.extra))
    await settled(slack, script.votes)
    assert script.votes() == [Cleared(MessageRef(COMMUNITY, "C1", work.id))]


async def test_other_messages_and_other_peoples_deletions_are_not_heard(slack, script, work):
    theirs = await slack.say("U2", "C1", "hello")
    await slack.event({"type": "message", "channel": "C1", "user": "U2", "text": "hello", "ts": theirs["ts"]})
    await slack.discard(theirs)
    await slack.discard(message(slack, work.id))
    await settled(slack, script.votes)
    assert len(script.votes()) == 1


async def test_the_workspace_is_told_at_the_start_and_what_was_missed_is_counted(slack, script, served):
    await settled(slack, lambda: len(script.heard) == 2)
    assert script.heard == [Arrived(COMMUNITY, "Fake"), Resumed("slack")]


async def test_after_an_outage_the_platform_resumes(slack, script, served):
    await slack.drop()
    await settled(slack, lambda: script.heard.count(Resumed("slack")) == 2)


async def test_being_brought_into_a_channel_is_an_arrival(slack, script, served):
    await slack.invite("C9", "U9")
    await settled(slack, lambda: len(script.heard) == 3)
    assert script.heard[-1] == Arrived(COMMUNITY, "Fake", "C9", "en", "U9")


async def test_a_removed_app_departs(slack, script, served):
    await slack.uninstall()
    await settled(slack, lambda: Departed(COMMUNITY) in script.heard)


# ---------------------------------------------------------------------------------------------- works and letters


async def test_a_redrawn_work_keeps_its_picture_its_mark_and_its_clip(slack, served, work, video):
    before = message(slack, work.id)
    picture = next(block for block in before["blocks"] if block["type"] == "image")
    marked, uploads = before["metadata"], slack.count("files.getUploadURLExternal")
    await served.redraw(work, Card(CardKind.ENTRY, "Ski jumping", ("3 votes",), video=video))
    after = message(slack, work.id)
    assert "3 votes" in after["text"]
    assert next(block for block in after["blocks"] if block["type"] == "image") == picture
    assert after["metadata"] == marked
    assert slack.count("files.getUploadURLExternal") == uploads


async def test_a_redrawn_work_that_was_deleted_is_gone(slack, served, work):
    slack.remove("C1", work.id)
    with pytest.raises(MessageGone):
        await served.redraw(work, Card(CardKind.ENTRY, "Ski jumping"))


async def test_a_letter_is_posted_once(slack, served):
    letter = Card(CardKind.NOTICE, "Nominated")
    await served.whisper(COMMUNITY, "U2", letter, key="letter:1")
    await served.whisper(COMMUNITY, "U2", letter, key="letter:1", again=True)
    assert [one["text"] for one in slack.channel("DU2")] == ["Nominated"]


@pytest.mark.parametrize("code", ["cannot_dm_bot", "user_disabled"])
async def test_who_takes_no_letters_is_told(slack, served, code):
    slack.refuse("conversations.open", code)
    with pytest.raises(PlaceForbidden):
        await served.whisper(COMMUNITY, "U2", Card(CardKind.NOTICE, "Nominated"), key="letter:1")


# ---------------------------------------------------------------------------------------------- people and channels


async def test_facts_say_who_is_a_bot_and_who_left(slack, served):
    slack.users["U2"].bot, slack.users["U9"].deleted = True, True
    assert await served.facts(COMMUNITY, "U1") == Facts("ann")
    assert (await served.facts(COMMUNITY, "U2")).bot
    assert not (await served.facts(COMMUNITY, "U9")).member
    assert not (await served.facts(COMMUNITY, "U404")).member


async def test_user_groups_are_roles_where_they_may_be_read(slack, served):
    slack.groups = [{"id": "S1", "handle": "jury", "users": ["U1"]}]
    assert (await served.facts(COMMUNITY, "U1")).roles == ()
    slack.scopes.add("usergroups:read")
    await served.facts(COMMUNITY, "U2")
    assert (await served.facts(COMMUNITY, "U1")).roles == ("S1",)


async def test_a_private_channel_is_seen_by_its_members_only(slack, served):
    slack.channels["G1"].members |= {"U1", "U2", "U9"}
    assert await served.sees(Place(COMMUNITY, "G1"), "U9")
    assert not await served.sees(Place(COMMUNITY, "G1"), "U404")
    assert await served.sees(PLACE, "U404")


async def test_who_has_just_come_into_a_private_channel_sees_it(slack, served):
    assert not await served.sees(Place(COMMUNITY, "G1"), "U1")
    slack.channels["G1"].members.add("U1")
    assert await served.sees(Place(COMMUNITY, "G1"), "U1")


async def test_roles_are_not_given(served):
    with pytest.raises(PlaceForbidden):
        await served.grant(COMMUNITY, "U1", "S1", on=True)


async def test_what_is_missing_in_a_channel_is_named_as_people_type_it(slack, served):
    everything = frozenset({Need.POST, Need.FILES, Need.REACT, Need.HISTORY})
    assert await served.missing(PLACE, everything) == ()
    assert await served.missing(Place(COMMUNITY, "C9"), everything) == ("/invite @olympic-bot",)
    assert await served.missing(Place(COMMUNITY, "C404"), everything) == ("/invite @olympic-bot",)
    slack.scopes.discard("reactions:write")
    assert await served.missing(Place(COMMUNITY, "C2"), everything) == ("reactions:write",)


async def test_all_channels_may_be_chosen(served):
    chosen = await served.choices(COMMUNITY, Pick.CHANNEL, "en")
    assert [(choice.value, choice.label) for choice in chosen] == [
        ("C9", "#elsewhere"),
        ("C2", "#films"),
        ("C1", "#general"),
        ("G1", "#review"),
    ]


# ---------------------------------------------------------------------------------------------- asking


async def test_a_work_that_is_pointed_at_is_nominated_by_its_card(slack, script, work):
    await slack.shortcut("U1", "olympic_nominate", message(slack, work.extra))
    await slack.until(lambda: slack.whispers["U1"])
    assert script.asked[-1].command == Nominate(message=work)


@pytest.mark.parametrize("said", ["@bea", "Bea", "<@U2|bea>", "<@U2>"])
async def test_a_member_named_in_typed_words_is_told_by_their_id(slack, script, served, said):
    body = slack.slash_body("U1", "C1", "")
    await slack.send("slash_commands", body | {"text": f"member pause {said}"})
    await slack.until(lambda: slack.whispers["U1"], seconds=30)
    assert script.asked[-1].command == PauseMember("U2")


async def test_a_name_nobody_bears_stays_as_it_was_typed(slack, script, served):
    await slack.slash("U1", "C1", "member pause @nobody")
    await slack.until(lambda: slack.whispers["U1"], seconds=30)
    assert script.asked[-1].command == PauseMember("nobody")


async def test_the_apps_own_page_shows_the_visitors_requests(slack, script, served):
    await slack.open_home("U1")
    home = await slack.until(lambda: slack.homes["U1"])
    assert "a fox jumps" in str(home)
    assert slack.button(home, "Cancel")["value"] == "cancel:j1"
    assert "setup" not in str(home)


async def test_admins_find_the_setup_on_the_apps_own_page(slack, script, served):
    await slack.open_home("U9")
    home = await slack.until(lambda: slack.homes["U9"])
    assert slack.button(home, "Set up")["value"] == "setup"


async def test_a_form_offers_channels_and_people(slack, script, served):
    await slack.slash("U9", "C1", "create a form")
    await slack.until(lambda: slack.views["U9"])
    kinds = [block["element"]["type"] for block in slack.views["U9"][-1]["blocks"]]
    assert kinds == ["conversations_select", "multi_conversations_select", "multi_users_select", "users_select"]
    assert slack.views["U9"][-1]["blocks"][0]["element"]["initial_conversation"] == "C2"
    assert slack.views["U9"][-1]["blocks"][2]["element"]["initial_users"] == ["U1", "U2"]


# ---------------------------------------------------------------------------------------------- names of emoji


@pytest.mark.parametrize(
    ("name", "sign"),
    [("sports_medal", "🏅"), ("+1", "👍"), ("thumbsup", "👍"), ("heart", "❤️"), ("flag-jp", "🇯🇵"), ("fox", ":fox:")],
)
def test_a_name_is_told_as_its_sign(name, sign):
    assert names.sign(name) in (sign, "🦊")


@pytest.mark.parametrize("sign", ["🏅", "❤️", "❤", "👍🏽", "🇯🇵", ":golden-fox:", "golden-fox"])
def test_a_signs_name_means_that_sign(sign):
    assert names.same(names.name(sign), sign)


async def test_a_file_goes_into_the_askers_own_conversation(slack, script, served):
    await slack.slash("U1", "C1", "privacy export")
    shared = await slack.until(lambda: slack.channels.get("DU1") and slack.channels["DU1"].messages, seconds=30)
    (file,) = shared[0]["files"]
    assert (file["name"], slack.uploads[file["id"]]) == ("mine.zip", b"PK all of it")
    assert await slack.until(lambda: slack.whispers["U1"], seconds=30)
