"""Unmodified discord.py through our platform against a Discord on a local port."""

from __future__ import annotations

import asyncio

import discord
import pytest
from yarl import URL

from bot import syntax
from bot.errors import (
    MessageGone,
    PlaceForbidden,
    PlatformBusy,
    PlatformError,
    TooLarge,
    WrongToken,
)
from bot.model.card import Button, Card, CardKind, Choice, Field, FieldKind, Form, Picture
from bot.model.command import Choose, Compose, Create, Remix, Status, Unknown
from bot.model.finding import Finding, Verdict
from bot.model.people import MessageRef, Role
from bot.settings import Settings
from handlers.discord import DiscordPlatform, check, invitation
from tests.fakediscord.bench import Bench, bench, completions, entry_card, job_card
from tests.fakediscord.interaction import QUIET, THINK
from tests.fakediscord.people import buttons, texts
from tests.fakediscord.rules import EPHEMERAL, V2
from tests.fakediscord.world import BOT, P
from tests.fakes import PATIENCE, until


@pytest.fixture
async def on():
    async with bench() as made:
        yield made


def only(on: Bench):
    (message,) = on.channel.messages.values()
    return message


def olympic(on: Bench, guild: int = 0):
    return next(command for command in on.fake.commands[guild] if command["name"] == "olympic")


# ---------------------------------------------------------------------------------------------- commands


async def test_commands_are_registered_in_every_language(on):
    command = olympic(on)
    create = next(option for option in command["options"] if option["name"] == "create")
    assert create["name_localizations"]["ja"] == "作る"
    assert create["options"][0]["name"] == "prompt"
    assert create["options"][0]["description_localizations"]["ja"]
    camera = next(option for option in create["options"] if option["name"] == "camera")
    assert camera["choices"][1]["name_localizations"]["ja"] == "ローアングル"


async def test_commands_are_for_servers_not_for_direct_messages(on):
    assert {tuple(command["contexts"]) for command in on.fake.commands[0]} == {(0,)}
    assert {tuple(command["integration_types"]) for command in on.fake.commands[0]} == {(0,)}


async def test_commands_can_be_registered_in_one_server_alone():
    async with bench(start=False) as on:
        on.platform = DiscordPlatform(on.settings(sync_guild=on.guild.id), completions)
        await on.up()
        assert olympic(on, on.guild.id)
        assert on.fake.commands[0] == []
        alice = on.fake.person(on.guild, "alice")
        asked = await alice.slash(on.channel, "status")
        assert "yes Status" in texts(await asked.answer())


async def test_a_command_becomes_what_was_asked_by_whom_and_where(on):
    alice = on.fake.person(on.guild, "alice", locale="ja")
    asked = await alice.slash(on.channel, "create", prompt="a fox", sport="curling", camera="low", seed="7")
    await asked.answer()
    (seen,) = on.core.asked
    assert seen.command == Create("a fox", sport="curling", camera="low", seed="7")
    assert (seen.member.id, seen.member.name, seen.member.language) == (str(alice.user.id), "Alice", "ja")
    assert seen.place == on.place.__class__(on.place.community, on.place.channel, None, 10 * 2**20, "en-US")


async def test_a_thread_is_a_place_in_its_channel(on):
    thread = on.guild.thread(on.channel, "talk")
    await on.fake.socket.send("THREAD_CREATE", thread.payload())
    asked = await on.fake.person(on.guild, "alice").slash(thread, "status")
    await asked.answer()
    place = on.core.asked[0].place
    assert (place.channel, place.thread) == (str(on.channel.id), str(thread.id))
    ref = await on.platform.post(place, job_card(), key="k")
    assert int(ref.id) in thread.messages


@pytest.mark.parametrize(
    ("permissions", "role"),
    [
        (P.none(), Role.MEMBER),
        (P(manage_messages=True), Role.MODERATOR),
        (P(manage_guild=True), Role.ADMIN),
        (P(administrator=True), Role.ADMIN),
    ],
)
async def test_the_servers_permissions_make_the_role(permissions, role):
    async with bench(start=False) as on:
        alice = on.fake.person(on.guild, "alice", permissions=permissions.value)
        await on.up()
        await (await alice.slash(on.channel, "status")).answer()
        assert on.core.asked[0].member.role is role


async def test_a_channels_overwrites_make_nobody_a_moderator(on):
    alice = on.fake.person(on.guild, "alice")
    alice.here = P(manage_messages=True).value
    await (await alice.slash(on.channel, "status")).answer()
    assert on.core.asked[0].member.role is Role.MEMBER


async def test_the_acknowledgement_leaves_before_the_core_begins(on):
    acked_first = []

    async def slow(asked, reply):
        acked_first.append(bool(on.fake.requests("POST", "/callback")))
        await reply.tell(Card(CardKind.NOTICE, "done"))

    on.core.script = slow
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "create", prompt="a fox")
    answer = await asked.answer()
    assert acked_first == [True]
    assert asked.kind == THINK
    assert answer["flags"] & (EPHEMERAL | V2) == EPHEMERAL | V2
    assert "done" in texts(answer)


async def test_an_acknowledgement_is_timed(on):
    await (await on.fake.person(on.guild, "alice").slash(on.channel, "status")).answer()

    assert on.meter.observed == [("olympic_acknowledgement_seconds", "discord")]


async def test_it_is_connected_while_the_gateway_is(on):
    await until(lambda: on.platform.connected, seconds=30)
    await on.down()

    assert not on.platform.connected


async def test_the_acknowledgement_leaves_before_attachments_are_fetched(on):
    image = ("fox.png", b"\x89PNG" + b"x" * 1000)
    asked = await on.fake.person(on.guild, "alice").slash(
        on.channel, "create", prompt="a fox", image=image, audio=("roar.mp3", b"ID3")
    )
    await asked.answer()
    command = on.core.asked[0].command
    assert (command.image.name, command.image.data, command.image.mime) == ("fox.png", image[1], "image/png")
    assert command.audio.data == b"ID3"
    paths = [seen.path.split("/")[1 if "cdn" in seen.path else -1] for seen in on.fake.seen]
    assert paths[paths.index("callback") :][:3] == ["callback", "cdn", "cdn"]


async def test_an_attachment_that_is_gone_is_said_and_nothing_is_asked(on):
    alice = on.fake.person(on.guild, "alice", locale="ja")
    asked = await alice.slash(on.channel, "create", prompt="a fox", image=("fox.png", None))
    assert "fox.pngをDiscordから受け取れませんでした" in texts(await asked.answer())
    assert on.core.asked == []


async def test_an_enormous_attachment_is_refused_unread(on):
    alice = on.fake.person(on.guild, "alice")
    asked = await alice.slash(on.channel, "create", prompt="a fox", image=("fox.png", b"x", 400 * 2**20))
    assert "larger than 25 MiB" in texts(await asked.answer())


async def test_options_are_completed_in_the_askers_language(on):
    alice = on.fake.person(on.guild, "alice", locale="ja")
    assert await alice.complete(on.channel, "create", "sport", "ジャンプ") == [
        {"name": "スキージャンプ", "value": "ski-jumping"}
    ]


async def test_a_command_of_an_older_version_gets_a_sentence(on):
    olympic(on)["options"].append({"name": "dance", "type": 1, "options": []})
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "dance")
    assert "has changed" in texts(await asked.answer())


async def test_a_core_that_says_nothing_leaves_nothing_thinking(on):
    async def silent(asked, reply):
        return

    on.core.script = silent
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "status")
    await on.fake.until(lambda: on.fake.requests("DELETE", "@original"))
    await on.fake.until(lambda: asked.original is None)


async def test_a_button_whose_form_never_comes_leaves_nothing_thinking(on):
    async def silent(asked, reply):
        return

    message = await posted(on, "remix:entry1")
    on.core.script = silent
    asked = await on.fake.person(on.guild, "alice").press(message, "remix:entry1")
    await on.fake.until(lambda: asked.kind == THINK and asked.original is None)


async def test_a_second_answer_is_a_message_of_its_own(on):
    async def twice(asked, reply):
        await reply.tell(Card(CardKind.NOTICE, "first"))
        await reply.tell(Card(CardKind.NOTICE, "second"))

    on.core.script = twice
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "status")
    await on.fake.until(lambda: asked.followups)
    assert "first" in texts(asked.original)
    assert asked.followups[0]["flags"] & EPHEMERAL


async def test_a_dead_token_turns_the_answer_into_a_direct_message(on):
    async def late(asked, reply):
        interaction.dead = True
        await reply.tell(Card(CardKind.NOTICE, "at last", buttons=(Button("mine", "Mine"),)))

    alice = on.fake.person(on.guild, "alice")
    on.core.script = late
    interaction = await alice.slash(on.channel, "status")
    letter = await on.fake.until(
        lambda: alice.user.id in on.fake.direct and [*on.fake.direct[alice.user.id].messages.values()]
    )
    assert "at last" in texts(letter[0])
    assert buttons(letter[0]) == []


async def test_a_stranger_with_a_dead_token_harms_nobody(on):
    async def late(asked, reply):
        interaction.dead = True
        await reply.tell(Card(CardKind.NOTICE, "at last"))

    alice = on.fake.person(on.guild, "alice")
    on.fake.strangers.add(alice.user.id)
    on.core.script = late
    interaction = await alice.slash(on.channel, "status")
    await on.fake.until(lambda: any(seen.status == 403 for seen in on.fake.seen))
    on.core.script = on.core._yes
    assert "yes" in texts(await (await alice.slash(on.channel, "status")).answer())


async def test_nothing_is_done_for_an_asker_who_was_told_that_nobody_answered(on):
    alice = on.fake.person(on.guild, "alice")
    on.fake.patience = 0.0
    await alice.slash(on.channel, "create", prompt="a fox")
    await on.fake.until(lambda: [seen for seen in on.fake.requests("POST", "/callback") if seen.status == 404])
    on.fake.patience = PATIENCE
    await (await alice.slash(on.channel, "status")).answer()
    assert [type(asked.command) for asked in on.core.asked] == [Status]


# ---------------------------------------------------------------------------------------------- forms and buttons

FORM = Form(
    "create:entry1",
    "Remix",
    "Go",
    (
        Field("prompt", "Sentence", FieldKind.LONG_TEXT, "a fox", required=True, longest=2000),
        Field(
            "sport", "Sport", FieldKind.SELECT, "curling", choices=(Choice("curling", "Curling"), Choice("luge", "L"))
        ),
        Field("image", "Picture", FieldKind.FILE),
    ),
)


async def opens_form(asked, reply):
    await (reply.ask(FORM) if isinstance(asked.command, Remix | Compose) else reply.tell(Card(CardKind.NOTICE, "ok")))


async def posted(on: Bench, *actions: str):
    card = Card(CardKind.NOTICE, "Pick", buttons=tuple(Button(action, action) for action in actions))
    ref = await on.platform.post(on.place, card, key="-".join(actions))
    return on.channel.messages[int(ref.id)]


async def test_a_form_is_the_first_answer_and_its_fields_come_back(on):
    on.core.script = opens_form
    alice = on.fake.person(on.guild, "alice")
    shown = await alice.press(await posted(on, "remix:entry1"), "remix:entry1")
    sent = await alice.submit(shown, {"prompt": "a bear"}, {"image": ("bear.png", b"png")})
    assert "ok" in texts(await sent.answer())
    command = on.core.asked[-1].command
    assert (command.prompt, command.sport, command.parent) == ("a bear", "curling", "entry1")
    assert command.image.data == b"png"


async def test_a_form_opened_before_a_restart_is_still_read_after_it(on):
    on.core.script = opens_form
    alice = on.fake.person(on.guild, "alice")
    shown = await alice.press(await posted(on, "remix:entry1"), "remix:entry1")
    await shown.form()
    await on.restart()
    await (await alice.submit(shown, {})).answer()
    assert on.core.asked[-1].command == Create("a fox", sport="curling", parent="entry1")


async def test_a_form_that_comes_too_late_is_offered_as_a_button(on):
    async def slow(asked, reply):
        await shown.ack()
        await reply.ask(FORM)

    alice = on.fake.person(on.guild, "alice")
    message = await posted(on, "remix:entry1")
    on.core.script = slow
    shown = await alice.press(message, "remix:entry1")
    answer = await shown.answer()
    assert buttons(answer) == ["o:remix:entry1"]


async def test_a_button_works_after_a_restart(on):
    message = await posted(on, "status")
    await on.restart()
    asked = await on.fake.person(on.guild, "alice").press(message, "status")
    assert "yes Status" in texts(await asked.answer())


async def test_a_button_on_a_private_card_turns_it_into_the_answer(on):
    async def pick(asked, reply):
        if isinstance(asked.command, Choose):
            await reply.tell(Card(CardKind.NOTICE, "chosen"))
        else:
            await reply.tell(Card(CardKind.CHOICE, "Which?", buttons=(Button("choose:d1:sport:luge", "Luge"),)))

    on.core.script = pick
    alice = on.fake.person(on.guild, "alice")
    first = await (await alice.slash(on.channel, "create", prompt="a fox")).answer()
    second = await alice.press(first, "Luge")
    answer = await second.answer()
    assert second.kind == QUIET
    assert answer["id"] == first["id"]
    assert "chosen" in texts(answer)
    assert buttons(answer) == []


@pytest.mark.parametrize("forged", ["o:reign:all", "o:choose:x", "o:", "something else", "o:cancel:" + "9" * 90])
async def test_a_forged_button_reaches_the_core_as_words_only(on, forged):
    message = await posted(on, "status")
    asked = await on.fake.person(on.guild, "alice").forge(message, forged[:100])
    assert "yes" in texts(await asked.answer())
    assert on.core.asked[0].command == (syntax.press(forged[2:100]) if forged.startswith("o:") else Unknown(forged))


# ---------------------------------------------------------------------------------------------- cards


async def test_a_card_is_posted_and_edited_in_place(on):
    ref = await on.platform.post(on.place, job_card(), key="card:job1")
    assert ref == MessageRef(on.place.community, str(on.channel.id), ref.id)
    await on.platform.edit(ref, job_card(0.7, "nearly"))
    message = only(on)
    assert "▰▰▰▰▰▰▰▱▱▱  nearly" in texts(message)
    assert buttons(message) == ["o:cancel:job1"]


async def test_a_preview_picture_is_replaced_and_then_removed(on):
    ref = await on.platform.post(on.place, job_card(), key="k")
    for name in ("one.jpg", "two.jpg"):
        await on.platform.edit(ref, Card(CardKind.JOB, "On it", picture=Picture(name, "a frame", b"jpeg")))
        assert [file["filename"] for file in only(on)["attachments"]] == [name]
    await on.platform.edit(ref, job_card())
    assert only(on)["attachments"] == []


async def test_an_entry_comes_with_its_video_and_one_mention_and_replaces_the_card(on, tmp_path):
    alice = on.fake.person(on.guild, "alice")
    job = await on.platform.post(on.place, job_card(), key="card:job1")
    card = entry_card(tmp_path, mention=str(alice.user.id))
    ref = await on.platform.publish(on.place, card, key="entry:job1", instead_of=job)
    message = only(on)
    assert message["id"] == ref.id
    (file,) = message["attachments"]
    assert file["filename"] == "fox-jump.mp4"
    assert on.fake.cdn[int(file["id"])] == b"v" * 2000
    assert on.fake.messages.notified[int(ref.id)] == [alice.user.id]


async def test_a_members_words_notify_nobody(on):
    alice = on.fake.person(on.guild, "alice")
    words = f"<@{alice.user.id}> @everyone"
    ref = await on.platform.post(on.place, Card(CardKind.NOTICE, words, lines=(words,), quote=words), key="k")
    assert on.fake.messages.notified[int(ref.id)] == []
    await on.platform.edit(ref, Card(CardKind.NOTICE, words))
    sent = [*on.fake.requests("POST", "/messages$"), *on.fake.requests("PATCH", "/messages/")]
    assert [seen.payload["allowed_mentions"]["parse"] for seen in sent] == [[], []]


async def test_a_mention_allows_its_member_and_nobody_else(on, tmp_path):
    await on.platform.publish(on.place, entry_card(tmp_path, mention="42"), key="k")
    (sent,) = on.fake.requests("POST", "/messages$")
    assert sent.payload["allowed_mentions"] == {"parse": [], "users": [42]}


async def test_an_entry_stands_even_when_the_old_card_cannot_be_removed(on, tmp_path):
    job = await on.platform.post(on.place, job_card(), key="card:job1")
    on.fake.fail("DELETE", "/messages/", 403, code=50013)
    ref = await on.platform.publish(on.place, entry_card(tmp_path), key="entry:job1", instead_of=job)
    assert int(ref.id) in on.channel.messages


async def test_the_same_key_posts_once_even_when_the_answer_was_lost(on):
    on.fake.fail("POST", "/messages$", 502, after=True)
    ref = await on.platform.post(on.place, job_card(), key="card:job1")
    assert [seen.status for seen in on.fake.requests("POST", "/messages$")] == [502, 200]
    assert list(on.channel.messages) == [int(ref.id)]


async def test_a_posting_sends_a_nonce_that_discord_must_enforce(on):
    await on.platform.post(on.place, job_card(), key="card:job1")
    (sent,) = on.fake.requests("POST", "/messages$")
    assert sent.payload["enforce_nonce"] is True
    assert len(sent.payload["nonce"]) <= 25


async def test_an_earlier_posting_is_found_when_discord_has_forgotten_its_nonce(on, tmp_path):
    first = await on.platform.publish(on.place, entry_card(tmp_path), key="entry:job1")
    for number in range(120):
        await on.platform.post(on.place, Card(CardKind.NOTICE, str(number)), key=str(number))
    on.fake.messages.nonces.clear()
    await on.restart()
    second = await on.platform.publish(on.place, entry_card(tmp_path), key="entry:job1", again=True)
    assert second == first
    assert len(on.channel.messages) == 121


async def test_again_posts_when_nothing_was_posted_before(on):
    other = await on.platform.post(on.place, job_card(), key="card:job0")
    ref = await on.platform.post(on.place, job_card(), key="card:job1", again=True)
    assert ref != other
    assert len(on.channel.messages) == 2


async def test_a_deleted_message_is_gone_for_an_edit_and_no_matter_for_a_delete(on):
    ref = await on.platform.post(on.place, job_card(), key="k")
    await on.platform.delete(ref)
    await on.platform.delete(ref)
    with pytest.raises(MessageGone):
        await on.platform.edit(ref, job_card())


async def test_an_edit_waits_as_long_as_discord_asks(on):
    ref = await on.platform.post(on.place, job_card(), key="k")
    on.fake.slow_down("PATCH", "/messages/", 0.2)
    await on.platform.edit(ref, job_card(1.0, "done"))
    first, second = on.fake.requests("PATCH", "/messages/")
    assert (first.status, second.status) == (429, 200)
    assert second.at - first.at >= 0.2


async def test_a_long_ban_is_busy_at_once(on):
    on.fake.slow_down("POST", "/messages$", 3600)
    with pytest.raises(PlatformBusy):
        await on.platform.post(on.place, job_card(), key="k")


async def test_a_failing_server_is_busy(on):
    on.fake.fail("POST", "/messages$", 503)
    with pytest.raises(PlatformBusy):
        await on.platform.post(on.place, job_card(), key="k")


async def test_a_missing_permission_is_known_before_anything_is_sent(tmp_path):
    async with bench(start=False, locale="ja") as on:
        on.channel = on.guild.channel("mute", denied=P(send_messages=True, attach_files=True))
        await on.up()
        await on.fake.until(lambda: len(on.fake.socket.sessions[-1].events) == 2)
        with pytest.raises(PlaceForbidden) as caught:
            await settled(on, on.platform.publish, on.place, entry_card(tmp_path), key="k")
        assert caught.value.facts["missing"] == "メッセージを送信, ファイルを添付"
        assert on.fake.requests("POST", "/messages$") == []


async def settled(on: Bench, act, *given, **named):
    """Act once the bot has read everything it was told so far."""
    await on.settle()
    return await act(*given, **named)


async def test_a_permission_taken_away_unseen_is_named_all_the_same(on):
    on.channel.secret = P(send_messages=True)
    with pytest.raises(PlaceForbidden) as caught:
        await on.platform.post(on.place, job_card(), key="k")
    assert "Send Messages" in caught.value.facts["missing"]


async def test_a_channel_that_is_gone_cannot_be_posted_to(on):
    del on.guild.channels[on.channel.id]
    with pytest.raises(PlaceForbidden):
        await on.platform.post(on.place, job_card(), key="k")


async def test_a_file_over_the_servers_limit_is_not_even_sent(on, tmp_path):
    with pytest.raises(TooLarge) as caught:
        await on.platform.publish(on.place, entry_card(tmp_path, size=10 * 2**20 + 1), key="k")
    assert caught.value.facts["limit"] == 10 * 2**20
    assert on.fake.requests("POST", "/messages$") == []


async def test_a_boosted_server_takes_a_larger_file(tmp_path):
    async with bench(tier=2) as on:
        card = entry_card(tmp_path, size=12 * 2**20)
        await settled(on, on.platform.publish, on.place, card, key="k")
        assert on.core.asked[0].place.upload_limit == 50 * 2**20
        assert only(on)["attachments"][0]["size"] == 12 * 2**20


async def test_a_file_discord_finds_too_large_is_named_so(on, tmp_path):
    on.fake.fail("POST", "/messages$", 413, code=40005)
    with pytest.raises(TooLarge):
        await on.platform.publish(on.place, entry_card(tmp_path), key="k")


async def test_a_video_that_is_not_there_is_our_error(on, tmp_path):
    card = entry_card(tmp_path)
    card.video.path.unlink()
    with pytest.raises(PlatformError):
        await on.platform.publish(on.place, card, key="k")


# ---------------------------------------------------------------------------------------------- connection


async def test_a_dropped_connection_is_resumed_and_what_was_asked_meanwhile_is_answered(on):
    await on.fake.socket.drop()
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "status")
    assert "yes Status" in texts(await asked.answer())
    assert (on.fake.socket.identified, on.fake.socket.resumed) == (1, 1)


async def test_discord_may_ask_for_a_new_connection(on):
    await on.fake.socket.ask_to_reconnect()
    await on.fake.until(lambda: on.fake.socket.resumed == 1)
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "status")
    assert "yes Status" in texts(await asked.answer())


async def test_a_refused_sync_does_not_keep_the_bot_away():
    async with bench(start=False) as on:
        on.fake.fail("PUT", "/commands$", 403, code=50001)
        await on.up()
        ref = await on.platform.post(on.place, job_card(), key="k")
        assert int(ref.id) in on.channel.messages


async def test_a_wrong_token_is_the_operators_to_mend():
    async with bench(start=False) as on:
        wrong = DiscordPlatform(on.settings(token="wrong"), completions)
        with pytest.raises(WrongToken) as caught:
            await wrong.run(on.core.handle)
        assert caught.value.facts["setting"] == "discord.token"


async def test_a_token_the_gateway_refuses_is_the_operators_to_mend():
    async with bench(start=False) as on:
        on.fake.socket.token = "renewed"
        with pytest.raises(WrongToken):
            await on.platform.run(on.core.handle)


async def test_no_token_is_the_operators_to_mend():
    async with bench(start=False) as on:
        with pytest.raises(WrongToken):
            DiscordPlatform(on.settings(token=None), completions)


async def test_a_server_that_is_away_at_the_start_is_tried_again():
    async with bench(start=False) as on:
        on.fake.fail("GET", "/users/@me", 503)
        await on.up()
        assert len(on.fake.requests("GET", "/users/@me$")) == 2


async def test_cancelling_says_goodbye_and_lets_answers_finish(on):
    finished = asyncio.Event()

    async def slow(asked, reply):
        await finished.wait()
        await reply.tell(Card(CardKind.NOTICE, "still here"))

    on.core.script = slow
    asked = await on.fake.person(on.guild, "alice").slash(on.channel, "status")
    await asked.ack()
    on.running.cancel()
    await asyncio.sleep(0.1)  # the goodbye has begun; a bot that does not wait would have dropped the answer
    finished.set()
    assert "still here" in texts(await asked.answer())
    await asyncio.gather(on.running, return_exceptions=True)
    await on.fake.until(lambda: on.fake.socket.closes == [1000])


async def test_posting_without_a_connection_is_busy():
    async with bench(start=False) as on:
        platform = DiscordPlatform(on.settings(), completions, connecting=0.01)
        with pytest.raises(PlatformBusy):
            await platform.post(on.place, job_card(), key="k")


async def test_the_invite_asks_for_the_least():
    async with bench(start=False) as on:
        query = URL(await invitation(on.settings())).query
        assert query["client_id"] == str(on.fake.app)
        assert query["scope"] == "bot applications.commands"
        assert discord.Permissions(int(query["permissions"])) == BOT


async def test_no_invite_is_made_for_a_wrong_token():
    async with bench(start=False) as on:
        with pytest.raises(WrongToken):
            await invitation(on.settings(token="wrong"))


async def doctor(on: Bench, **given) -> Finding:
    return await check(Settings(discord=on.settings(**given)))


async def test_the_doctor_counts_the_servers():
    async with bench(start=False) as on:
        found = await doctor(on)
        assert (found.verdict, found.says) == (Verdict.GOOD, "the token is good; the bot is in 1 server")


async def test_the_doctor_invites_a_bot_that_is_nowhere():
    async with bench(start=False) as on:
        on.fake.guilds.clear()
        found = await doctor(on)
        assert found.verdict is Verdict.WARNING
        assert str(on.fake.app) in found.remedy


async def test_the_doctor_finds_interactions_that_go_elsewhere():
    async with bench(start=False) as on:
        on.fake.endpoint = "https://old.example/interactions"
        found = await doctor(on)
        assert found.verdict is Verdict.BROKEN
        assert on.fake.endpoint in found.says


async def test_the_doctor_finds_a_wrong_token():
    async with bench(start=False) as on:
        assert (await doctor(on, token="wrong")).verdict is Verdict.BROKEN


async def test_the_doctor_leaves_alone_what_is_not_configured():
    async with bench(start=False) as on:
        assert (await doctor(on, token=None)).verdict is Verdict.IDLE
