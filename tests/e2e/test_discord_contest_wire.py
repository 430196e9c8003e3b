"""What the contest needs of Discord: unmodified discord.py through our platform against a Discord on a local port."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import discord
import pytest

from bot.errors import BadEmoji, MessageGone, PlaceForbidden, PlatformBusy
from bot.grammar import Kind, Option, Word
from bot.model.card import Button, Card, CardKind, Field, FieldKind, Form
from bot.model.command import Compose, Create, Nominate, Status, Unknown
from bot.model.contest import Arrived, Cleared, Departed, Facts, Reacted, Resumed, Vanished, Voter
from bot.model.people import Community, MessageRef, Place, Role
from bot.ports import Need, Pick
from handlers.discord import DiscordPlatform
from tests.fakediscord.bench import Bench, bench, completions, entry_card, job_card
from tests.fakediscord.people import buttons, texts
from tests.fakediscord.world import BOT, P, User, snowflake

MEDAL = "🏅"
OWN = "fox:1234567890123456789"


@pytest.fixture
async def on():
    async with bench() as made:
        yield made


async def hung(on: Bench, tmp_path, **how):
    """A published work: where it hangs, and the message itself."""
    ref = await on.platform.publish(on.place, entry_card(tmp_path, **how), key="entry:job1")
    return ref, on.channel.messages[int(ref.id)]


# ---------------------------------------------------------------------------------------------- what happens


async def test_a_vote_and_its_withdrawal_are_told_in_their_order(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    alice = on.fake.person(on.guild, "alice")
    await alice.react(message, on.channel, MEDAL)
    await on.fake.reactions.take(on.channel, ref.id, MEDAL, alice.user)
    who = str(alice.user.id)
    assert await on.told(Reacted, 2) == [Reacted(ref, MEDAL, who, on=True), Reacted(ref, MEDAL, who, on=False)]


async def test_a_slow_vote_is_not_overtaken_by_its_withdrawal(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    gate, done = asyncio.Event(), []

    async def slow(happening):
        if isinstance(happening, Reacted):
            await (gate.wait() if happening.on else asyncio.sleep(0))
            done.append(happening.on)
            await on.fake.stir()

    await on.down()
    on.hear = slow
    await on.up()
    alice = on.fake.person(on.guild, "alice")
    await alice.react(message, on.channel, MEDAL)
    await on.fake.reactions.take(on.channel, ref.id, MEDAL, alice.user)
    await on.settle()
    assert done == []
    gate.set()
    await on.fake.until(lambda: done == [True, False])


async def test_a_servers_own_emoji_is_told_with_its_name_and_number(on, tmp_path):
    _, message = await hung(on, tmp_path)
    await on.fake.person(on.guild, "alice").react(message, on.channel, OWN)
    (told,) = await on.told(Reacted)
    assert told.emoji == "<:fox:1234567890123456789>"


async def test_a_bots_reaction_is_told_as_one(on, tmp_path):
    _, message = await hung(on, tmp_path)
    await on.fake.reactions.give(on.channel, message["id"], MEDAL, User("other", bot=True))
    (told,) = await on.told(Reacted)
    assert told.bot


async def test_our_own_reaction_is_no_news(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    await on.platform.react(ref, MEDAL)
    await on.fake.person(on.guild, "alice").react(message, on.channel, MEDAL)
    assert len(await on.told(Reacted)) == 1


async def test_reactions_under_others_messages_are_no_news(on, tmp_path):
    _, message = await hung(on, tmp_path)
    alice = on.fake.person(on.guild, "alice")
    foreign = on.fake.messages.blank(on.channel, alice.user)
    on.channel.messages[int(foreign["id"])] = foreign
    await alice.react(foreign, on.channel, MEDAL)
    await alice.react(message, on.channel, MEDAL)
    assert [told.ref.id for told in await on.told(Reacted)] == [message["id"]]


async def test_cleared_reactions_are_told_all_or_by_emoji(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    await on.fake.reactions.clear(on.channel, ref.id, MEDAL)
    await on.told(Cleared)
    await on.fake.reactions.clear(on.channel, ref.id)
    assert await on.told(Cleared, 2) == [Cleared(ref, MEDAL), Cleared(ref)]


async def test_deleted_messages_are_told_one_by_one_or_together(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    others = [await on.platform.post(on.place, job_card(), key=str(number)) for number in range(2)]
    await on.fake.messages.remove(on.channel, int(ref.id))
    await on.told(Vanished)
    await on.fake.messages.remove(on.channel, *(int(other.id) for other in others))
    assert await on.told(Vanished, 2) == [Vanished((ref,)), Vanished(tuple(others))]


async def test_a_resumed_connection_is_told(on):
    await on.fake.socket.drop()
    assert await on.told(Resumed) == [Resumed("discord")]


async def test_a_new_session_after_an_outage_is_told(on):
    await on.ready()
    assert on.heard == []
    await on.fake.socket.forget()
    await on.fake.until(lambda: on.fake.socket.identified == 2)
    assert await on.told(Resumed) == [Resumed("discord")]


async def test_servers_the_bot_was_in_already_are_no_arrivals(on):
    await on.ready()
    await on.settle()
    assert on.heard == []


async def test_being_brought_into_a_server_is_told_with_where_to_say_hello(on):
    await on.ready()
    new = on.fake.guild("ice club", locale="ja")
    new.channel("silent", denied=P(send_messages=True))
    welcome = new.channel("welcome")
    await on.fake.join(new)
    where = Community("discord", str(new.id))
    assert await on.told(Arrived) == [Arrived(where, "ice club", str(welcome.id), "ja")]


async def test_newcomers_are_greeted_where_the_server_greets_them(on):
    await on.ready()
    new = on.fake.guild("ice club")
    new.channel("first")
    new.system = new.channel("hall").id
    await on.fake.join(new)
    (told,) = await on.told(Arrived)
    assert told.channel == str(new.system)


async def test_being_removed_from_a_server_is_told(on):
    await on.settle()
    await on.fake.leave(on.guild)
    assert await on.told(Departed) == [Departed(on.place.community)]


# ---------------------------------------------------------------------------------------------- works as they hang


async def test_a_redrawn_work_keeps_its_film_without_sending_it_again(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    (film,) = message["attachments"]
    card = entry_card(tmp_path)
    card.video.path.unlink()
    fresh = Card(CardKind.ENTRY, "Fox", ("🏅 3",), video=card.video, buttons=(Button("remix:entry1", "Remix 2"),))
    await on.platform.redraw(ref, fresh)
    assert "🏅 3" in texts(message)
    assert [file["id"] for file in message["attachments"]] == [film["id"]]
    gallery = message["components"][0]["components"][0]["items"]
    assert [item["media"]["attachment_id"] for item in gallery] == [film["id"]]
    assert buttons(message) == ["o:remix:entry1"]


async def test_a_work_that_is_redrawn_often_is_looked_at_once(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    for votes in range(3):
        await on.platform.redraw(ref, Card(CardKind.ENTRY, str(votes)))
    assert len(on.fake.requests("GET", f"/messages/{ref.id}$")) == 1
    assert len(on.fake.requests("PATCH", f"/messages/{ref.id}$")) == 3


async def test_a_redrawn_work_notifies_nobody_again(on, tmp_path):
    ref, _ = await hung(on, tmp_path, mention="42")
    await on.platform.redraw(ref, entry_card(tmp_path, mention="42"))
    assert on.fake.messages.notified[int(ref.id)] == [42]
    (sent,) = on.fake.requests("PATCH", "/messages/")
    assert sent.payload["allowed_mentions"] == {"parse": []}


async def test_a_work_is_redrawn_even_where_history_may_not_be_read(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    on.channel.secret = P(read_message_history=True)
    await on.platform.redraw(ref, entry_card(tmp_path))
    assert [item["media"]["attachment_id"] for item in message["components"][0]["components"][0]["items"]]


async def test_a_film_whose_number_is_not_told_stays_all_the_same(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    (film,) = message["attachments"]
    gallery = message["components"][0]["components"][0]["items"]
    del gallery[0]["media"]["attachment_id"]
    message["attachments"] = []  # nor is it listed
    on.fake.messages.hidden[int(ref.id)] = [film]
    await on.platform.redraw(ref, entry_card(tmp_path))
    (sent,) = on.fake.requests("PATCH", "/messages/")
    assert "attachments" not in sent.payload
    assert message["components"][0]["components"][0]["items"][0]["media"]["url"] == film["url"]


async def test_a_redrawn_work_is_still_found_by_its_key(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    await on.platform.redraw(ref, entry_card(tmp_path))
    on.fake.messages.nonces.clear()
    again = await on.platform.publish(on.place, entry_card(tmp_path), key="entry:job1", again=True)
    assert again == ref


async def test_a_work_that_was_deleted_is_gone(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    await on.platform.delete(ref)
    with pytest.raises(MessageGone):
        await on.platform.redraw(ref, entry_card(tmp_path))


async def test_a_card_that_got_other_files_is_looked_at_again(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    await on.platform.redraw(ref, entry_card(tmp_path))
    await on.platform.edit(ref, entry_card(tmp_path))
    (film,) = message["attachments"]
    await on.platform.redraw(ref, entry_card(tmp_path))
    assert [file["id"] for file in message["attachments"]] == [film["id"]]


# ---------------------------------------------------------------------------------------------- reactions


async def test_the_bot_puts_its_reaction_under_a_work_so_that_voting_is_one_press(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    await on.platform.react(ref, MEDAL)
    await on.platform.react(ref, MEDAL)
    assert list(on.fake.reactions.of(ref.id, MEDAL)) == [on.fake.bot.id]


@pytest.mark.parametrize("emoji", ["<:fox:1234567890123456789>", "<a:fox:1234567890123456789>"])
async def test_a_servers_own_emoji_can_be_the_vote(on, tmp_path, emoji):
    ref, _ = await hung(on, tmp_path)
    on.fake.reactions.usable.add(OWN)
    await on.platform.react(ref, emoji)
    assert list(on.fake.reactions.of(ref.id, OWN)) == [on.fake.bot.id]


@pytest.mark.parametrize("emoji", ["<:fox:1234567890123456789>", "medal"])
async def test_an_emoji_the_bot_may_not_use_is_refused(on, tmp_path, emoji):
    ref, _ = await hung(on, tmp_path)
    with pytest.raises(BadEmoji) as caught:
        await on.platform.react(ref, emoji)
    assert caught.value.facts["emoji"] == emoji


async def test_a_reaction_that_is_not_allowed_names_the_permission(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    on.channel.secret = P(add_reactions=True)
    with pytest.raises(PlaceForbidden) as caught:
        await on.platform.react(ref, MEDAL)
    assert "Add Reactions" in caught.value.facts["missing"]


async def test_all_voters_are_read_page_by_page_and_bots_are_named(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    people = [User(f"u{number}") for number in range(205)]
    given = {user.id: (user, False) for user in people}
    on.fake.reactions.under[int(ref.id)] = {MEDAL: given | {on.fake.bot.id: (on.fake.bot, False)}}
    found = [voter async for voter in on.platform.voters(ref, MEDAL)]
    assert len(found) == 206
    assert set(found) == {Voter(str(user.id)) for user in people} | {Voter(str(on.fake.bot.id), bot=True)}


async def test_a_super_reaction_is_a_vote_and_nobody_votes_twice(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    alice, bob = on.fake.person(on.guild, "alice"), on.fake.person(on.guild, "bob")
    await alice.react(message, on.channel, MEDAL)
    await bob.react(message, on.channel, MEDAL, burst=True)
    found = [voter.member async for voter in on.platform.voters(ref, MEDAL)]
    assert found == [str(alice.user.id), str(bob.user.id)]


async def test_voters_of_a_deleted_work_are_gone(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    await on.platform.delete(ref)
    with pytest.raises(MessageGone):
        [voter async for voter in on.platform.voters(ref, MEDAL)]


async def test_voters_that_cannot_be_read_now_are_busy(on, tmp_path):
    ref, _ = await hung(on, tmp_path)
    on.fake.slow_down("GET", "/reactions/", 3600)
    with pytest.raises(PlatformBusy):
        [voter async for voter in on.platform.voters(ref, MEDAL)]


# ---------------------------------------------------------------------------------------------- people


async def new_role(on: Bench, person) -> int:
    """A role that somebody was just given."""
    role = on.guild.role()
    person.roles.append(role)
    told = next(each for each in on.guild.payload()["roles"] if each["id"] == str(role))
    await on.fake.socket.send("GUILD_ROLE_CREATE", {"guild_id": str(on.guild.id), "role": told})
    return role


async def test_the_facts_of_a_member_are_discords(on):
    role = on.guild.role()
    alice = on.fake.person(on.guild, "alice")
    alice.roles.append(role)
    await on.fake.socket.send(
        "GUILD_ROLE_CREATE", {"guild_id": str(on.guild.id), "role": on.guild._role(role, "r", P())}
    )
    await on.settle()
    facts = await on.platform.facts(on.place.community, str(alice.user.id))
    joined = datetime(2026, 1, 1, tzinfo=UTC)
    assert facts == Facts("Alice", False, facts.created, joined, (str(role),), True)
    assert facts.created == discord.utils.snowflake_time(alice.user.id)


async def test_an_account_that_left_is_no_member_and_still_has_an_age(on):
    stranger = snowflake(age=86400.0)
    facts = await on.platform.facts(on.place.community, str(stranger))
    assert (facts.member, facts.created) == (False, discord.utils.snowflake_time(stranger))


async def test_who_has_just_voted_needs_no_question(on, tmp_path):
    _, message = await hung(on, tmp_path)
    await on.settle()
    alice = on.fake.person(on.guild, "alice")
    await alice.react(message, on.channel, MEDAL)
    await on.told(Reacted)
    assert (await on.platform.facts(on.place.community, str(alice.user.id))).name == "Alice"
    assert await on.platform.sees(on.place, str(alice.user.id))
    assert on.fake.requests("GET", "/members/") == []


async def test_a_channel_is_seen_by_whom_its_overwrites_let_in():
    async with bench(start=False) as on:
        role, denied = on.guild.role(), str(P(view_channel=True).value)
        on.channel.overwrites = [
            {"id": str(on.guild.id), "type": 0, "allow": "0", "deny": denied},
            {"id": str(role), "type": 0, "allow": denied, "deny": "0"},
        ]
        inside, outside = on.fake.person(on.guild, "inside"), on.fake.person(on.guild, "outside")
        inside.roles.append(role)
        await on.up()
        await on.settle()
        seen = [await on.platform.sees(on.place, str(person.user.id)) for person in (inside, outside)]
        assert seen == [True, False]


async def test_nobody_outside_the_server_sees_a_channel(on):
    await on.settle()
    assert not await on.platform.sees(on.place, str(snowflake()))


async def test_a_channel_nobody_told_us_of_counts_as_seen(on):
    elsewhere = Place(on.place.community, str(snowflake()))
    assert await on.platform.sees(elsewhere, str(on.fake.person(on.guild, "alice").user.id))


async def test_the_roles_of_the_asker_come_with_the_question(on):
    role = on.guild.role()
    alice = on.fake.person(on.guild, "alice")
    alice.roles.append(role)
    await on.fake.socket.send(
        "GUILD_ROLE_CREATE", {"guild_id": str(on.guild.id), "role": on.guild._role(role, "r", P())}
    )
    await (await alice.slash(on.channel, "status")).answer()
    assert on.core.asked[-1].member.roles == (str(role),)


async def test_a_role_is_given_and_taken():
    async with bench(start=False) as on:
        on.guild.rights = P(BOT.value | P(manage_roles=True).value)
        role, alice = on.guild.role(), on.fake.person(on.guild, "alice")
        await on.up()
        await on.platform.grant(on.place.community, str(alice.user.id), str(role), on=True)
        assert alice.roles == [role]
        await on.platform.grant(on.place.community, str(alice.user.id), str(role), on=False)
        assert alice.roles == []


@pytest.mark.parametrize(
    ("may", "position", "missing"),
    [(False, 1, "Manage Roles"), (True, 20, "a role above the one to be given")],
)
async def test_a_role_that_may_not_be_given_says_what_is_missing(may, position, missing):
    async with bench(start=False) as on:
        on.guild.rights = P(BOT.value | P(manage_roles=may).value)
        role, alice = on.guild.role(position=position), on.fake.person(on.guild, "alice")
        await on.up()
        await on.settle()
        with pytest.raises(PlaceForbidden) as caught:
            await on.platform.grant(on.place.community, str(alice.user.id), str(role), on=True)
        assert caught.value.facts["missing"] == missing


async def test_a_role_of_somebody_who_left_needs_no_taking(on):
    await on.platform.grant(on.place.community, str(snowflake()), str(on.guild.role()), on=False)


# ---------------------------------------------------------------------------------------------- letters


def letters(on: Bench, user: User) -> list[dict]:
    found = on.fake.direct.get(user.id)
    return list(found.messages.values()) if found else []


async def test_a_letter_is_a_direct_message(on):
    alice = on.fake.person(on.guild, "alice")
    card = Card(CardKind.NOTICE, "It hangs!")
    await on.platform.whisper(on.place.community, str(alice.user.id), card, key="letter:1")
    (letter,) = letters(on, alice.user)
    assert "It hangs!" in texts(letter)


async def test_a_letters_button_still_speaks_of_its_server(on):
    alice = on.fake.person(on.guild, "alice")
    card = Card(CardKind.NOTICE, "It hangs!", buttons=(Button("status", "Status"),))
    await on.platform.whisper(on.place.community, str(alice.user.id), card, key="letter:1")
    await (await alice.press(letters(on, alice.user)[0], "Status")).answer()
    (seen,) = on.core.asked
    assert (seen.command, seen.member.community, seen.place.community) == (Status(), *[on.place.community] * 2)


async def test_a_form_from_a_letter_still_speaks_of_its_server(on):
    form = Form("create", "New", "Go", (Field("prompt", "Sentence", value="a fox"),))

    async def script(asked, reply):
        await (reply.ask(form) if isinstance(asked.command, Compose) else reply.tell(Card(CardKind.NOTICE, "ok")))

    on.core.script = script
    alice = on.fake.person(on.guild, "alice")
    card = Card(CardKind.NOTICE, "It hangs!", buttons=(Button("compose", "New"),))
    await on.platform.whisper(on.place.community, str(alice.user.id), card, key="letter:1")
    shown = await alice.press(letters(on, alice.user)[0], "New")
    await (await alice.submit(shown, {})).answer()
    assert (on.core.asked[-1].command, on.core.asked[-1].member.community) == (Create("a fox"), on.place.community)


async def test_a_letter_is_written_once_after_a_restart(on):
    alice = on.fake.person(on.guild, "alice")
    card = Card(CardKind.NOTICE, "It hangs!")
    await on.platform.whisper(on.place.community, str(alice.user.id), card, key="letter:1")
    on.fake.messages.nonces.clear()
    await on.restart()
    await on.platform.whisper(on.place.community, str(alice.user.id), card, key="letter:1", again=True)
    assert len(letters(on, alice.user)) == 1


async def test_somebody_who_takes_no_letters_is_forbidden(on):
    alice = on.fake.person(on.guild, "alice")
    on.fake.strangers.add(alice.user.id)
    with pytest.raises(PlaceForbidden):
        await on.platform.whisper(on.place.community, str(alice.user.id), Card(CardKind.NOTICE, "x"), key="letter:1")


# ---------------------------------------------------------------------------------------------- setting up


async def test_missing_permissions_are_named_in_the_places_language():
    async with bench(start=False) as on:
        on.channel = on.guild.channel("mute", denied=P(add_reactions=True, attach_files=True))
        await on.up()
        await on.fake.until(lambda: len(on.fake.socket.sessions[-1].events) >= 2)
        await asyncio.gather(on.settle())
        place = Place(on.place.community, on.place.channel, language="ja")
        found = await on.platform.missing(place, {Need.POST, Need.FILES, Need.REACT, Need.HISTORY})
        assert found == ("ファイルを添付", "リアクションの追加")


async def test_nothing_is_missing_where_all_is_allowed(on):
    await on.settle()
    assert await on.platform.missing(on.place, {Need.POST, Need.FILES, Need.REACT, Need.HISTORY}) == ()


async def test_the_right_to_roles_is_the_servers_not_the_invitations(on):
    await on.settle()
    everywhere = Place(on.place.community, "")
    assert await on.platform.missing(everywhere, {Need.ROLES}) == ("Manage Roles",)


async def test_a_channel_that_is_not_there_is_not_seen(on):
    await on.settle()
    gone = Place(on.place.community, str(snowflake()))
    assert await on.platform.missing(gone, {Need.POST}) == ("View Channel",)


async def test_admins_choose_among_text_channels_and_roles_below_the_bots():
    async with bench(start=False) as on:
        role = on.guild.role()
        on.guild.thread(on.channel, "talk")
        await on.up()
        await on.settle()
        channels = await on.platform.choices(on.place.community, Pick.CHANNEL, "en")
        roles = await on.platform.choices(on.place.community, Pick.ROLE, "en")
        assert [(choice.value, choice.label) for choice in channels] == [(str(on.channel.id), "#general")]
        assert [choice.value for choice in roles] == [str(role)]


async def test_picked_channels_and_roles_come_back_as_their_numbers(on):
    one, two, role = on.guild.channel("one"), on.guild.channel("two"), on.guild.role()
    form = Form(
        "create",
        "Setup",
        "Save",
        (
            Field("prompt", "Channels", FieldKind.CHANNEL, f"{one.id},{two.id}", many=True),
            Field("style", "Role", FieldKind.ROLE),
            Field("sport", "Jury", FieldKind.MEMBER, many=True),
        ),
    )

    async def script(asked, reply):
        await (reply.ask(form) if isinstance(asked.command, Compose) else reply.tell(Card(CardKind.NOTICE, "ok")))

    alice = on.fake.person(on.guild, "alice")
    ref = await on.platform.post(on.place, Card(CardKind.NOTICE, "x", buttons=(Button("compose", "C"),)), key="k")
    on.core.script = script
    shown = await alice.press(on.channel.messages[int(ref.id)], "C")
    await (await alice.submit(shown, {"style": str(role), "sport": "1,2"})).answer()
    command = on.core.asked[-1].command
    assert (command.prompt, command.style, command.sport) == (f"{one.id},{two.id}", str(role), "1,2")


async def test_whatever_kind_an_option_is_it_comes_in_the_grammars_words():
    kinds = {
        "prompt": Kind.TEXT,
        "page": Kind.NUMBER,
        "size": Kind.SWITCH,
        "seed": Kind.CHANNEL,
        "style": Kind.ROLE,
        "job": Kind.MEMBER,
    }
    options = tuple(Option(name, kind) for name, kind in kinds.items())
    word = Word("admin round open", lambda values, _files: Unknown(repr(dict(values))), options, role=Role.ADMIN)
    async with bench(start=False) as on:
        on.platform = DiscordPlatform(on.settings(), completions, vocabulary=[word])
        role, alice = on.guild.role(), on.fake.person(on.guild, "alice")
        await on.up()
        given = {
            "prompt": "a fox",
            "page": 12.5,
            "size": True,
            "seed": on.channel,
            "style": role,
            "request": alice.user,
        }
        await (await alice.slash(on.channel, "olympic-admin round open", **given)).answer()
        said = {
            "prompt": "a fox",
            "page": "12.5",
            "size": "on",
            "seed": str(on.channel.id),
            "style": str(role),
            "job": str(alice.user.id),
        }
        assert on.core.asked[0].command == Unknown(repr(said))


# ---------------------------------------------------------------------------------------------- nominating


async def test_a_message_is_nominated_from_its_menu(on, tmp_path):
    ref, message = await hung(on, tmp_path)
    alice = on.fake.person(on.guild, "alice", locale="ja")
    asked = await alice.choose(message, on.channel, "Nominate for the exhibit")
    assert "yes Nominate" in texts(await asked.answer())
    (seen,) = on.core.asked
    assert seen.command == Nominate(message=ref)
    assert seen.place.channel == ref.channel


async def test_a_message_in_a_thread_is_nominated_where_it_hangs(on):
    thread = on.guild.thread(on.channel, "talk")
    await on.fake.socket.send("THREAD_CREATE", thread.payload())
    place = Place(on.place.community, str(on.channel.id), str(thread.id))
    ref = await on.platform.post(place, job_card(), key="k")
    asked = await on.fake.person(on.guild, "alice").choose(
        thread.messages[int(ref.id)], thread, "Nominate for the exhibit"
    )
    await asked.answer()
    assert on.core.asked[0].command == Nominate(message=MessageRef(place.community, str(thread.id), ref.id))
