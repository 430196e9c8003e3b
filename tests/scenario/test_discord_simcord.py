"""The same client against simcord, a model of Discord that others wrote: a second opinion on what Discord allows."""

from __future__ import annotations

import discord
import pytest

from bot import settings
from bot.errors import PlaceForbidden
from bot.model.card import Button, Card, CardKind, Choice, Field, FieldKind, Form
from bot.model.command import Asked, Choose, Create, Mine, Nominate, Remix, Status
from bot.model.contest import Happening, Reacted, Vanished, Voter
from bot.model.people import MessageRef
from bot.ports import Reply
from handlers.discord import DiscordPlatform
from tests.fakediscord.bench import completions, entry_card, job_card


class Product:
    """A small core: a request becomes a card at once and an entry right after."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.asked: list[Asked] = []
        self.again = False
        self.heard: list[Happening] = []
        self.hung: list[MessageRef] = []
        self.voters: list[Voter] = []
        self.platform = DiscordPlatform(settings.Discord(token="token"), completions)

    def bot(self) -> discord.Client:
        return self.platform.client(self.handle, self.hear)

    async def hear(self, happening: Happening) -> None:
        self.heard.append(happening)

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        match asked.command:
            case Create():
                await self.create(asked, reply)
            case Remix():
                await reply.ask(
                    Form(
                        "create:entry1",
                        "Remix",
                        "Go",
                        (
                            Field("prompt", "Sentence", FieldKind.LONG_TEXT, "a fox", required=True),
                            Field("sport", "Sport", FieldKind.SELECT, choices=(Choice("luge", "Luge"),)),
                            Field("image", "Picture", FieldKind.FILE),
                        ),
                    )
                )
            case Choose():
                await reply.tell(Card(CardKind.NOTICE, "chosen"))
            case Status():
                await self.platform.react(self.hung[-1], "🏅")
                self.voters = [voter async for voter in self.platform.voters(self.hung[-1], "🏅")]
                card = Card(CardKind.ENTRY, "Fox", (f"{len(self.voters)} votes",), video=entry_card(self.folder).video)
                await self.platform.redraw(self.hung[-1], card)
                await reply.tell(Card(CardKind.NOTICE, "counted"))
            case Mine():
                buttons = (Button("choose:d1:sport:luge", "Luge"),)
                await reply.tell(Card(CardKind.CHOICE, "Which?", buttons=buttons))
            case _:
                await reply.tell(Card(CardKind.NOTICE, "yes"))

    async def create(self, asked: Asked, reply: Reply) -> None:
        try:
            card = await self.platform.post(asked.place, job_card(), key="card:job1", again=self.again)
            await self.platform.edit(card, job_card(0.9, "nearly"))
            entry = entry_card(self.folder, mention=asked.member.id)
            self.hung.append(
                await self.platform.publish(asked.place, entry, key="entry:job1", again=self.again, instead_of=card)
            )
            await reply.tell(Card(CardKind.NOTICE, "done"))
        except PlaceForbidden as error:
            await reply.tell(Card(CardKind.NOTICE, f"cannot: {error.facts['missing']}"))


@pytest.fixture
def product(tmp_path):
    return Product(tmp_path)


@pytest.fixture
def simcord_bot(product):
    return product.bot()


@pytest.fixture
def alice(simcord_env, guild):
    return guild.add_member(simcord_env.create_user("alice"))


def said(message) -> str:
    return str(message.components)


async def test_a_request_becomes_a_card_and_then_an_entry_with_its_video(product, channel, alice):
    result = await alice.slash(channel, "olympic create", prompt="a fox", sport="luge")
    assert result.ephemeral
    assert "done" in said(result.response)
    (message,) = channel.history()
    assert [file.filename for file in message.attachments] == ["fox-jump.mp4"]
    assert message.flags.components_v2
    assert [user.id for user in message.mentions] == [alice.id]


async def test_an_earlier_entry_is_found_by_its_containers_number(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    (first,) = channel.history()
    product.again = True
    await alice.slash(channel, "olympic create", prompt="a fox")
    assert [message.id for message in channel.history() if message.attachments] == [first.id]


async def test_a_button_works_after_a_restart(product, simcord_env, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    await simcord_env.restart_bot(product.bot())
    shown = await alice.click(channel.last_message, label="Remix")
    assert shown.modal["title"] == "Remix"
    sent = await alice.submit_modal(shown, {"prompt": "a bear", "image": ("bear.png", b"png")})
    assert "done" in said(sent.response)
    command = product.asked[-1].command
    assert (command.prompt, command.parent, command.image.data) == ("a bear", "entry1", b"png")


async def test_a_button_on_a_private_card_turns_it_into_the_answer(channel, alice):
    first = await alice.slash(channel, "olympic mine")
    await alice.click(first.response.message, label="Luge")
    assert "chosen" in said(first.response)


async def test_options_are_completed(channel, alice):
    found = await alice.autocomplete(channel, "olympic create", "sport", "curl", prompt="a fox")
    assert [choice["value"] for choice in found] == ["curling"]


async def test_a_missing_permission_is_told_to_the_asker(guild, alice):
    silence = {guild.me: discord.PermissionOverwrite(send_messages=False, attach_files=False)}
    mute = guild.create_text_channel("mute", overwrites=silence)
    result = await alice.slash(mute, "olympic create", prompt="a fox")
    assert "cannot: Send Messages" in said(result.response)
    assert mute.history() == []


async def test_a_reaction_is_a_vote_that_is_told_and_counted(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    await alice.react(channel.last_message, "🏅")
    await alice.slash(channel, "olympic status")
    (told,) = [happening for happening in product.heard if isinstance(happening, Reacted)]
    assert told == Reacted(product.hung[0], "🏅", str(alice.id), on=True)
    assert {(voter.member == str(alice.id), voter.bot) for voter in product.voters} == {(True, False), (False, True)}


async def test_a_redrawn_work_keeps_its_film(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    before = [file.id for file in channel.last_message.attachments]
    await alice.slash(channel, "olympic status")
    assert "votes" in said(channel.last_message)
    assert [file.id for file in channel.last_message.attachments] == before


async def test_a_vote_taken_back_is_told(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    await alice.react(channel.last_message, "🏅")
    await alice.unreact(channel.last_message, "🏅")
    assert [happening.on for happening in product.heard if isinstance(happening, Reacted)] == [True, False]


async def test_a_deleted_message_is_told(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    await channel.last_message.delete()
    await alice.slash(channel, "olympic help")  # by then the bot has heard of it
    assert Vanished((product.hung[0],)) in product.heard


async def test_a_message_is_nominated_from_its_menu(product, channel, alice):
    await alice.slash(channel, "olympic create", prompt="a fox")
    await alice.context_menu(channel, "Nominate for the exhibit", channel.last_message)
    assert product.asked[-1].command == Nominate(message=product.hung[0])
