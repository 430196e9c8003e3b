"""The unmodified SDKs against a Slack of our own, by Socket Mode and by signed HTTP."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import MessageGone, PlaceForbidden, PlatformBusy, SetupError, TooLarge, WrongToken
from bot.model.card import Button, Card, CardKind, Choice, Field, FieldKind, Form, Progress, Video
from bot.model.command import Asked, Cancel, Compose, Create, Mine, Status
from bot.model.finding import Verdict
from bot.model.people import Community, MessageRef, Place, Role
from bot.ports import Reply
from bot.settings import Settings, Slack
from handlers.slack import SlackPlatform, check, connect
from handlers.slack.door import Door, HttpDoor, SocketDoor
from handlers.slack.workspace import One, Workspace
from tests.fakes import PATIENCE, FakeMeter
from tests.fakes_slack import FakeSlack, NotAcknowledged

COMMUNITY = Community("slack", FakeSlack.team)
PLACE = Place(COMMUNITY, "C1")
FORM = Form(
    "create",
    "A new clip",
    "Create",
    (
        Field("prompt", "What happens?", FieldKind.LONG_TEXT, required=True),
        Field("style", "Style", FieldKind.SELECT, choices=(Choice("", "Automatic"), Choice("manga", "Manga"))),
        Field("image", "Picture", FieldKind.FILE),
    ),
)
WAITING = Card(
    CardKind.JOB,
    "Drawing",
    quote="a fox jumps <!channel>",
    progress=Progress(0.4, "2 of 5 shots"),
    buttons=(Button("cancel:j1", "Cancel"),),
)


class Script:
    """A tiny core: answers a few commands and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.platform: SlackPlatform | None = None
        self.hold: asyncio.Event | None = None
        self.meter = FakeMeter()

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        if self.hold:
            await self.hold.wait()
        match asked.command:
            case Compose():
                await reply.ask(FORM)
            case Create(prompt=prompt):
                assert self.platform
                try:
                    await self.platform.post(asked.place, Card(CardKind.JOB, "Waiting", quote=prompt), key="k")
                except PlaceForbidden as error:
                    await reply.tell(Card(CardKind.NOTICE, f"I need {error.facts['missing']}"))
            case _:
                await reply.tell(Card(CardKind.NOTICE, "Heard"))

    @property
    def commands(self) -> list[object]:
        return [asked.command for asked in self.asked]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.problems == []


def settings(slack: FakeSlack, **other: object) -> Slack:
    values = {"bot_token": slack.bot_token, "app_token": slack.app_token, "api": slack.api}
    return Slack.model_validate({**values, **other})


class Lent:
    """What the composition root lends, as far as Slack borrows it."""

    def __init__(self) -> None:
        self.announced: list[str] = []
        self.announce = self.announced.append
        self.meter = FakeMeter()


def create(chosen: Slack, lent: Lent | None = None) -> SlackPlatform:
    platform = connect(Settings(slack=chosen), lent or Lent())
    assert isinstance(platform, SlackPlatform)
    return platform


def http_settings(slack: FakeSlack) -> Slack:
    return settings(slack, app_token=None, signing_secret=slack.signing_secret, port=0)


@contextlib.asynccontextmanager
async def running(slack: FakeSlack, script: Script, chosen: Slack | None = None) -> AsyncIterator[SlackPlatform]:
    lent = Lent()
    script.meter = lent.meter
    platform = script.platform = create(chosen or settings(slack), lent)
    task = asyncio.create_task(platform.run(script.handle))
    try:
        async with asyncio.timeout(PATIENCE):
            while not slack.connected and not platform.port and not task.done():
                await asyncio.sleep(0.01)
        slack.http_url = f"http://127.0.0.1:{platform.port}/slack/events" if platform.port else ""
        yield platform
    finally:
        slack.http_url = ""
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def script() -> Script:
    return Script()


@pytest.fixture
async def alone(slack: FakeSlack) -> AsyncIterator[SlackPlatform]:
    """A platform that posts without serving."""
    chosen = settings(slack)
    platform = SlackPlatform(chosen, slack.bot_token, "en", looks=[0.05] * 12)
    yield platform
    await platform.aclose()


@pytest.fixture(params=["socket", "http"])
async def served(request, slack: FakeSlack, script: Script) -> AsyncIterator[SlackPlatform]:
    chosen = settings(slack) if request.param == "socket" else http_settings(slack)
    async with running(slack, script, chosen) as platform:
        yield platform


@pytest.fixture
def video(tmp_path: Path) -> Video:
    (tmp_path / "poster.jpg").write_bytes(b"\xff\xd8 poster")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\0" * 70_000)
    return Video(clip, "ski-jumping.mp4", "A fox jumps", tmp_path / "poster.jpg", 15.0, 1280, 720, 70_000)


def entry(video: Video) -> Card:
    buttons = (Button("remix:e1", "Remix"), Button("delete:e1", "Delete"))
    return Card(CardKind.ENTRY, "Ski jumping", quote="a fox jumps", video=video, buttons=buttons, mention="U1")


# ---------------------------------------------------------------------------------------------- asking


async def test_a_command_is_acknowledged_while_the_core_is_still_at_work(slack, script, served):
    script.hold = asyncio.Event()
    assert await slack.slash("U1", "C1", "status") == {}
    assert slack.whispers["U1"] == []
    script.hold.set()
    await slack.until(lambda: slack.whispers["U1"])


async def test_an_acknowledgement_is_timed(slack, script, served):
    await slack.slash("U1", "C1", "status")
    await slack.until(lambda: script.meter.observed)

    assert set(script.meter.observed) == {("olympic_acknowledgement_seconds", "slack")}


async def test_it_is_connected_while_slack_can_reach_it(slack, script, served):
    await slack.until(lambda: served.connected)


async def test_it_is_not_connected_before_it_serves(alone):
    assert not alone.connected


async def test_words_and_options_of_a_command_arrive_with_who_asked_and_where(slack, script, served):
    await slack.slash("U2", "C1", 'create a fox & a hare style:“van gogh” "at dusk"')
    await slack.until(lambda: slack.channel("C1"))
    asked = script.asked[0]
    assert asked.command == Create('a fox & a hare "at dusk"', style="van gogh")
    assert (asked.member.id, asked.member.name, asked.member.language) == ("U2", "bea", "ja-JP")
    assert asked.place == PLACE


async def test_an_admin_of_the_workspace_is_an_admin(slack, script, served):
    await slack.slash("U9", "C1", "status")
    await slack.until(lambda: slack.whispers["U9"])
    assert script.asked[0].member.role is Role.ADMIN


async def test_a_form_comes_back_with_its_choice_and_its_file(slack, script, served):
    await slack.slash("U1", "C1", "")
    await slack.until(lambda: slack.views["U1"])
    picture = {"image": ("me.png", b"png bytes", "image/png")}
    assert await slack.submit("U1", {"prompt": "a fox jumps", "style": "manga"}, files=picture) == {}
    await slack.until(lambda: slack.channel("C1"))
    made = script.commands[-1]
    assert isinstance(made, Create)
    assert (made.prompt, made.style) == ("a fox jumps", "manga")
    assert made.image
    assert (made.image.name, made.image.data, made.image.mime) == ("me.png", b"png bytes", "image/png")


async def test_a_form_opened_by_the_global_shortcut_asks_for_the_channel(slack, script, served):
    await slack.shortcut("U1", "olympic_create")
    await slack.until(lambda: slack.views["U1"])
    await slack.submit("U1", {"prompt": "a fox jumps"}, place="C2")
    await slack.until(lambda: slack.channel("C2"))
    assert script.asked[-1].place.channel == "C2"


async def test_a_message_becomes_the_sentence_of_a_form(slack, script, served):
    message = await slack.say("U2", "C1", "<@U1|ann> luges &amp; laughs")
    await slack.shortcut("U1", "olympic_from_message", message)
    await slack.until(lambda: slack.views["U1"])
    assert script.commands == [Compose("@ann luges & laughs")]


async def test_a_form_that_comes_too_late_is_offered_again_by_a_button(slack, script, served):
    script.hold = asyncio.Event()
    await slack.slash("U1", "C1", "")
    slack.age_triggers()
    script.hold.set()
    whisper = await slack.until(lambda: slack.whispers["U1"][-1])
    await slack.press("U1", whisper, "Open the form")
    await slack.until(lambda: slack.views["U1"])


async def test_the_apps_own_page_offers_three_things_and_a_form(slack, script, served):
    await slack.open_home("U1")
    home = await slack.until(lambda: slack.homes["U1"])
    assert "Three things to try" in str(home)
    await slack.press("U1", home, "Create a clip")
    await slack.until(lambda: slack.views["U1"])


async def test_a_file_from_a_foreign_host_is_not_fetched(slack, script, served):
    await slack.slash("U1", "C1", "")
    await slack.until(lambda: slack.views["U1"])
    slack.keep = lambda *_: {"id": "F1", "name": "x.png", "size": 3, "url_private": "http://127.0.0.1:1/files/x.png"}
    await slack.submit("U1", {"prompt": "a fox"}, files={"image": ("x.png", b"abc", "image/png")})
    whisper = await slack.until(lambda: slack.whispers["U1"][-1])
    assert "could not fetch your file" in whisper["text"]
    assert script.commands == [Compose()]


# ---------------------------------------------------------------------------------------------- once, and not forged


async def test_a_command_sent_again_is_heard_once(slack, script, served):
    body = slack.slash_body("U1", "C1", "status")
    await slack.send("slash_commands", body)
    await slack.send("slash_commands", body, attempt=1)
    await slack.slash("U1", "C1", "mine")
    await slack.until(lambda: len(slack.whispers["U1"]) == 2)
    assert script.commands == [Status(), Mine()]


async def test_an_event_sent_again_is_heard_once(slack, script, served):
    for attempt in range(3):
        event = {"type": "app_home_opened", "user": "U1", "tab": "home"}
        await slack.event(event, event_id="Ev-same", attempt=attempt)
    await slack.open_home("U2")
    await slack.until(lambda: slack.homes["U2"])
    assert slack.count("views.publish") == 2


async def test_reactions_are_acknowledged(slack, script, served):
    message = await slack.say("U1", "C1", "hello")
    assert await slack.react("U2", message, "medal") == {}


async def test_a_wrong_signature_and_an_old_one_are_refused(slack, script):
    async with running(slack, script, http_settings(slack)):
        body = slack.slash_body("U1", "C1", "status")
        forged = await slack.post("slash_commands", body, secret="not the secret")
        old = await slack.post("slash_commands", body, age=400)
        assert (forged[0], old[0]) == (401, 401)
        assert (await slack.post("slash_commands", body))[0] == 200


async def test_nothing_is_heard_after_closing(slack, script):
    async with running(slack, script, http_settings(slack)):
        url = slack.http_url
    slack.http_url = url
    with pytest.raises(Exception, match="onnect"):
        await slack.slash("U1", "C1", "status")


async def test_work_under_way_is_cancelled_when_closing(slack, script):
    script.hold = asyncio.Event()
    async with running(slack, script):
        await slack.slash("U1", "C1", "status")
        await slack.until(lambda: slack.count("users.info"))
    assert slack.whispers["U1"] == []
    assert not slack.connected


# ---------------------------------------------------------------------------------------------- private answers


async def test_a_private_answer_reaches_the_asker_in_a_channel_the_app_is_not_in(slack, script, served):
    await slack.slash("U1", "C9", "create a fox jumps")
    whisper = await slack.until(lambda: slack.whispers["U1"][-1])
    assert "/invite" in whisper["text"]
    assert whisper["channel"] == "C9"


async def test_a_private_answer_finds_another_way_when_its_address_is_used_up(slack, script, served):
    script.hold = asyncio.Event()
    await slack.slash("U1", "C1", "status")
    slack.exhaust_answers()
    script.hold.set()
    await slack.until(lambda: slack.whispers["U1"])
    assert slack.count("chat.postEphemeral") == 1


async def test_a_private_answer_goes_to_the_direct_conversation_at_last(slack, script, served):
    await slack.open_home("U1")
    home = await slack.until(lambda: slack.homes["U1"])
    await slack.press("U1", home, "My clips")
    await slack.until(lambda: slack.channel("DU1"))


# ---------------------------------------------------------------------------------------------- cards


async def test_a_card_is_posted_and_then_shows_its_new_state(slack, alone):
    ref = await alone.post(PLACE, WAITING, key="card:j1")
    (message,) = slack.channel("C1")
    assert message["ts"] == ref.id
    assert "▰▰▰▰▱▱▱▱▱▱" in str(message["blocks"])
    assert "<!channel>" not in message["text"]
    await alone.edit(ref, Card(CardKind.JOB, "Nearly there"))
    (message,) = slack.channel("C1")
    assert message["text"] == "Nearly there"
    assert message["blocks"]


async def test_a_card_posted_in_a_thread_stays_there_and_is_found_there(slack, alone):
    root = await slack.say("U1", "C1", "a contest")
    place = Place(COMMUNITY, "C1", thread=root["ts"])
    ref = await alone.post(place, WAITING, key="card:j1")
    assert [message["ts"] for message in slack.thread("C1", root["ts"])] == [ref.id]
    assert await alone.post(place, WAITING, key="card:j1", again=True) == ref


async def test_posting_again_finds_the_card_an_earlier_run_posted(slack, alone):
    slack.lose("chat.postMessage")
    with pytest.raises(PlatformBusy):
        await alone.post(PLACE, WAITING, key="card:j1")
    for number in range(250):
        await slack.say("U1", "C1", f"chatter {number}")
    ref = await alone.post(PLACE, WAITING, key="card:j1", again=True)
    cards = [message for message in slack.channel("C1") if message.get("bot_id")]
    assert [card["ts"] for card in cards] == [ref.id]


async def test_posting_again_posts_what_was_never_posted(slack, alone):
    await alone.post(PLACE, WAITING, key="card:j1")
    await alone.post(PLACE, WAITING, key="card:j2", again=True)
    assert len(slack.channel("C1")) == 2


async def test_a_call_whose_answer_is_lost_is_not_repeated_blindly(slack, alone):
    slack.lose("chat.postMessage")
    with pytest.raises(PlatformBusy):
        await alone.post(PLACE, WAITING, key="card:j1")
    assert slack.count("chat.postMessage") == 1


async def test_a_rate_limit_is_waited_out(slack, alone):
    ref = await alone.post(PLACE, WAITING, key="card:j1")
    slack.limit("chat.update")
    await alone.edit(ref, Card(CardKind.JOB, "Nearly there"))
    assert slack.channel("C1")[0]["text"] == "Nearly there"


@pytest.mark.parametrize("after", [3600, "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_a_long_or_odd_rate_limit_is_told_instead_of_slept_out(slack, alone, after):
    ref = await alone.post(PLACE, WAITING, key="card:j1")
    slack.limit("chat.update", after=after)
    with pytest.raises(PlatformBusy):
        await alone.edit(ref, WAITING)


async def test_a_failing_slack_is_busy(slack, alone):
    slack.fail("chat.postMessage", status=502)
    with pytest.raises(PlatformBusy):
        await alone.post(PLACE, WAITING, key="card:j1")


async def test_a_deleted_card_is_gone(slack, alone):
    ref = await alone.post(PLACE, WAITING, key="card:j1")
    slack.remove("C1", ref.id)
    with pytest.raises(MessageGone):
        await alone.edit(ref, WAITING)


@pytest.mark.parametrize("channel", ["C9", "C404"])
async def test_a_channel_without_us_asks_for_an_invitation(slack, alone, channel):
    with pytest.raises(PlaceForbidden) as caught:
        await alone.post(Place(COMMUNITY, channel), WAITING, key="card:j1")
    assert caught.value.facts["missing"] == "/invite @olympic-bot"


@pytest.mark.parametrize("code", ["missing_scope", "restricted_action", "is_archived"])
async def test_what_slack_forbids_is_forbidden(slack, alone, code):
    slack.refuse("chat.postMessage", code)
    with pytest.raises(PlaceForbidden) as caught:
        await alone.post(PLACE, WAITING, key="card:j1")
    assert caught.value.facts["missing"] == code


async def test_a_removed_app_may_not_post(slack, script, caplog):
    async with running(slack, script) as platform:
        with caplog.at_level(logging.ERROR, "handlers.slack"):
            await slack.uninstall()
        assert "Install it again" in caplog.text
        with pytest.raises(PlaceForbidden, match="account_inactive"):
            await platform.post(PLACE, WAITING, key="card:j1")


# ---------------------------------------------------------------------------------------------- entries


async def test_an_entry_is_the_jobs_card_with_the_clip_in_its_thread(slack, alone, video):
    job = await alone.post(PLACE, WAITING, key="card:j1")
    ref = await alone.publish(PLACE, entry(video), key="entry:e1", instead_of=job)
    (card,) = slack.channel("C1")
    (reply,) = slack.thread("C1", card["ts"])
    assert (ref.id, ref.extra) == (card["ts"], reply["ts"])
    assert "Ski jumping" in card["text"]
    assert slack.uploads[reply["files"][0]["id"]] == b"\0" * 70_000
    assert str(slack.channels["C1"].messages).count("<@U1>") == 1


async def test_an_entry_shows_its_poster(slack, alone, video):
    await alone.publish(PLACE, entry(video), key="entry:e1")
    (picture,) = [block for block in slack.channel("C1")[0]["blocks"] if block["type"] == "image"]
    assert slack.uploads[picture["slack_file"]["id"]] == b"\xff\xd8 poster"
    assert picture["alt_text"] == "A fox jumps"


async def test_a_poster_is_sent_once_however_often_the_entry_is_edited(slack, alone, video):
    ref = await alone.publish(PLACE, entry(video), key="entry:e1")
    await alone.edit(ref, entry(video))
    assert len(slack.files) == 2


async def test_an_entry_whose_poster_slack_dislikes_goes_without(slack, alone, video):
    slack.dislikes_pictures = True
    ref = await alone.publish(PLACE, entry(video), key="entry:e1")
    assert "Ski jumping" in slack.channel("C1")[0]["text"]
    assert len(slack.thread("C1", ref.id)) == 1
    slack.problems.clear()


async def test_an_entry_whose_poster_is_missing_goes_without(slack, alone, video):
    video.poster.unlink()
    ref = await alone.publish(PLACE, entry(video), key="entry:e1")
    assert len(slack.thread("C1", ref.id)) == 1


async def test_an_entry_without_a_card_gets_one(slack, alone, video):
    ref = await alone.publish(PLACE, entry(video), key="entry:e1")
    assert [message["ts"] for message in slack.channel("C1")] == [ref.id]


async def test_an_entry_whose_card_was_deleted_gets_a_new_one(slack, alone, video):
    job = await alone.post(PLACE, WAITING, key="card:j1")
    slack.remove("C1", job.id)
    ref = await alone.publish(PLACE, entry(video), key="entry:e1", instead_of=job)
    assert [message["ts"] for message in slack.channel("C1")] == [ref.id]
    assert len(slack.thread("C1", ref.id)) == 1


@pytest.mark.parametrize(
    ("lost", "skip"), [("files.completeUploadExternal", 1), ("chat.update", 0), ("files.getUploadURLExternal", 0)]
)
async def test_publishing_again_after_a_lost_answer_shows_one_clip(slack, alone, video, lost, skip):
    """The still's own upload is completed before the clip's."""
    job = await alone.post(PLACE, WAITING, key="card:j1")
    slack.lose(lost, skip=skip)
    with pytest.raises(PlatformBusy):
        await alone.publish(PLACE, entry(video), key="entry:e1", instead_of=job)
    ref = await alone.publish(PLACE, entry(video), key="entry:e1", again=True, instead_of=job)
    (reply,) = slack.thread("C1", job.id)
    assert ref == MessageRef(COMMUNITY, "C1", job.id, reply["ts"])


async def test_publishing_again_waits_for_a_clip_that_is_about_to_appear(slack, alone, video):
    slack.share_seconds = 0.4
    job = await alone.post(PLACE, WAITING, key="card:j1")
    slack.lose("files.completeUploadExternal", skip=1)
    with pytest.raises(PlatformBusy):
        await alone.publish(PLACE, entry(video), key="entry:e1", instead_of=job)
    assert slack.thread("C1", job.id) == []
    await alone.publish(PLACE, entry(video), key="entry:e1", again=True, instead_of=job)
    assert len(slack.thread("C1", job.id)) == 1
    assert [file["name"][:3] for file in slack.files.values()].count("ski") == 1


async def test_publishing_again_without_a_card_finds_card_and_clip(slack, alone, video):
    first = await alone.publish(PLACE, entry(video), key="entry:e1")
    assert await alone.publish(PLACE, entry(video), key="entry:e1", again=True) == first
    assert sorted(file["name"][:3] for file in slack.files.values()) == ["ski", "sti"]


async def test_a_clip_for_a_card_in_a_thread_goes_to_that_thread(slack, alone, video):
    root = await slack.say("U1", "C1", "a contest")
    place = Place(COMMUNITY, "C1", thread=root["ts"])
    job = await alone.post(place, WAITING, key="card:j1")
    ref = await alone.publish(place, entry(video), key="entry:e1", instead_of=job)
    assert [message["ts"] for message in slack.thread("C1", root["ts"])] == [job.id, ref.extra]


async def test_a_clip_larger_than_slack_takes_is_not_sent(slack, alone, video):
    large = Video(video.path, video.name, video.alt, video.poster, 15.0, 1280, 720, 2_000_000_000)
    with pytest.raises(TooLarge):
        await alone.publish(PLACE, entry(large), key="entry:e1")
    assert slack.calls == []


async def test_deleting_an_entry_removes_card_clip_and_file(slack, alone, video):
    ref = await alone.publish(PLACE, entry(video), key="entry:e1")
    await alone.delete(ref)
    assert slack.channels["C1"].messages == []
    assert slack.files == {}
    await alone.delete(ref)


# ---------------------------------------------------------------------------------------------- lasting


async def test_buttons_work_after_a_restart(slack, script):
    async with running(slack, script) as platform:
        await platform.post(PLACE, WAITING, key="card:j1")
    second = Script()
    async with running(slack, second):
        await slack.press("U1", slack.channel("C1")[0], "Cancel")
        await slack.until(lambda: slack.whispers["U1"])
    assert second.commands == [Cancel("j1")]


async def test_a_new_connection_is_made_when_slack_asks(slack, script):
    async with running(slack, script):
        await slack.refresh()
        await slack.until(lambda: slack.links == 2, seconds=PATIENCE)
        await slack.slash("U1", "C1", "status")
        await slack.until(lambda: slack.whispers["U1"])


async def test_a_broken_connection_is_replaced(slack, script):
    async with running(slack, script):
        await slack.drop()
        await slack.until(lambda: slack.links == 2, seconds=PATIENCE)
        await slack.slash("U1", "C1", "status")
        await slack.until(lambda: slack.whispers["U1"])


async def test_slack_that_is_away_at_the_start_is_waited_for(slack, script):
    slack.fail("auth.test")
    async with running(slack, script):
        await slack.slash("U1", "C1", "status")
        await slack.until(lambda: slack.whispers["U1"])


@contextlib.asynccontextmanager
async def door(slack: FakeSlack, *, http: bool = False) -> AsyncIterator[Door]:
    """A way in alone, with a quick heart."""
    there = Workspace(slack.bot_token, slack.api, "en")
    await there.identify()
    way: Door = SocketDoor(One(there), slack.api, slack.app_token, ping=0.05)
    if http:
        way = HttpDoor(One(there), slack.api, slack.signing_secret, "127.0.0.1", 0)
    await way.open()
    slack.http_url = f"http://127.0.0.1:{way.port}/slack/events" if way.port else ""
    watch = asyncio.create_task(way.watch())
    yield way
    watch.cancel()
    await way.close()
    await there.web.close()


async def test_a_ticket_that_opens_nothing_is_replaced(slack):
    async with door(slack):
        slack.spoiled = 1
        await slack.drop()
        await slack.until(lambda: slack.links == 2)


@pytest.mark.parametrize("http", [False, True])
async def test_an_acknowledgement_under_way_leaves_before_the_door_closes(slack, http):
    called = asyncio.Event()

    async def slow(ack) -> None:
        called.set()
        await asyncio.sleep(0.3)
        await ack("late, but here")

    async with door(slack, http=http) as way:
        way.app.command("/olympic")(slow)
        typed = asyncio.create_task(slack.slash("U1", "C1", "status"))
        await called.wait()
    assert (await typed)["text"] == "late, but here"


@pytest.mark.parametrize("trouble", [FakeSlack.fail, FakeSlack.lose])
async def test_a_first_connection_that_fails_is_tried_again(slack, trouble):
    trouble(slack, "apps.connections.open")
    async with door(slack):
        await slack.until(lambda: slack.links == 1)


# ---------------------------------------------------------------------------------------------- setting up


async def test_missing_scopes_are_named_at_the_start(slack, script, caplog):
    slack.scopes.discard("files:write")
    with caplog.at_level(logging.WARNING, "handlers.slack"):
        async with running(slack, script):
            pass
    assert "files:write" in caplog.text
    assert "chat:write" not in caplog.text


@pytest.mark.parametrize(("name", "setting"), [("bot_token", "slack.bot_token"), ("app_token", "slack.app_token")])
async def test_a_wrong_token_is_named(slack, script, name, setting):
    platform = create(settings(slack, **{name: "wrong"}))
    with pytest.raises(WrongToken) as caught:
        await platform.run(script.handle)
    assert caught.value.facts["setting"] == setting


async def test_a_wrong_token_is_told_by_us_alone(slack, script, caplog):
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.WARNING, "slack_bolt")  # as the log is set up for an operator
    platform = create(settings(slack, app_token="wrong"))
    with pytest.raises(WrongToken):
        await platform.run(script.handle)
    assert [record.message for record in caplog.records if record.name.startswith("slack_")] == []


async def test_a_port_in_use_is_a_setup_error(slack, script):
    taken = int(slack.base.rpartition(":")[2])
    platform = create(settings(slack, app_token=None, signing_secret="s", port=taken))
    with pytest.raises(SetupError):
        await platform.run(script.handle)


async def test_a_token_without_a_way_in_is_a_setup_error(slack):
    with pytest.raises(SetupError):
        create(settings(slack, app_token=None))


async def test_without_a_bot_token_there_is_no_platform():
    assert connect(Settings(), Lent()) is None


async def test_the_operator_is_told_when_slack_is_connected(slack, script):
    lent = Lent()
    platform = create(settings(slack), lent)
    task = asyncio.create_task(platform.run(script.handle))
    async with asyncio.timeout(PATIENCE):
        while not lent.announced:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert lent.announced == ["Slack: connected to Fake as olympic-bot."]


async def test_a_platform_that_stopped_can_run_again(slack, script):
    platform = script.platform = create(settings(slack))
    for run in (1, 2):
        task = asyncio.create_task(platform.run(script.handle))
        await slack.until(lambda: slack.links == run and slack.connected)  # noqa: B023
        await slack.slash("U1", "C1", "status")
        await slack.until(lambda: len(slack.whispers["U1"]) == run)  # noqa: B023
        task.cancel()
        await asyncio.wait([task])


async def test_a_stopped_platform_is_busy(slack, script):
    async with running(slack, script) as platform:
        pass
    with pytest.raises(PlatformBusy):
        await platform.post(PLACE, WAITING, key="card:j1")


async def test_the_doctor_finds_a_good_installation_good(slack):
    found = await check(Settings(slack=settings(slack)))
    assert (found.verdict, found.says) == (Verdict.GOOD, "Fake accepts olympic-bot")


@pytest.mark.parametrize(
    ("wrong", "verdict", "word"),
    [
        ({"bot_token": None}, Verdict.IDLE, "manifest"),
        ({"app_token": None}, Verdict.BROKEN, "slack.signing_secret"),
        ({"bot_token": "wrong"}, Verdict.BROKEN, "slack.bot_token"),
        ({"app_token": "wrong"}, Verdict.BROKEN, "slack.app_token"),
        ({"api": "http://127.0.0.1:1/"}, Verdict.BROKEN, "does not answer"),
    ],
)
async def test_the_doctor_names_what_is_wrong(slack, wrong, verdict, word):
    found = await check(Settings(slack=settings(slack, **wrong)))
    assert found.verdict is verdict
    assert word in found.says


async def test_the_doctor_names_missing_scopes(slack):
    slack.scopes.discard("files:write")
    found = await check(Settings(slack=settings(slack)))
    assert found.verdict is Verdict.WARNING
    assert "files:write" in found.says


async def test_an_unacknowledged_command_would_be_noticed(slack):
    slack.http_url = f"{slack.base}/nowhere"
    with pytest.raises(NotAcknowledged):
        await slack.slash("U1", "C1", "status")
