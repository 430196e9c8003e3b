"""The command tree in all our languages, held against Discord's limits."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot import completion, grammar, locales, settings
from bot.model.request import Camera
from handlers.discord import commands, invite, language
from handlers.discord.client import Client
from tests.fakediscord import rules
from tests.fakediscord.bench import completions

WORDS = ("create", *commands.PLAIN)
NAMED = sorted({option.name for word in grammar.WORDS for option in word.options})
"""Every option of every word, also of those Discord shows only in parts."""


async def ignore(interaction, heard):
    return


async def payload(complete=completions) -> list[dict]:
    client = discord.Client(intents=discord.Intents.none())
    tree = commands.tree(client, ignore, complete, guild=None)
    translator = commands.Translator(complete)
    return [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]


@pytest.mark.parametrize("complete", [completions, completion.completions(["animatic"])])
async def test_discord_takes_the_whole_tree(complete):
    for command in await payload(complete):
        rules.command(command)


async def test_the_members_words_are_all_there():
    (olympic,) = await payload()
    assert olympic["name"] == "olympic"
    assert [option["name"] for option in olympic["options"]] == list(WORDS)


async def test_only_the_sentence_is_required():
    (olympic,) = await payload()
    create = olympic["options"][0]
    assert [option["name"] for option in create["options"]] == list(commands.OPTIONS)
    assert [option["name"] for option in create["options"] if option["required"]] == ["prompt"]
    assert [option["name"] for option in create["options"] if option.get("autocomplete")] == list(commands.COMPLETED)


@pytest.mark.parametrize(("name", "values"), [("size", ["720p", "480p"]), ("camera", [one.value for one in Camera])])
async def test_what_never_changes_is_chosen_from_a_list(name, values):
    (olympic,) = await payload(completion.completions(["animatic"]))
    option = next(option for option in olympic["options"][0]["options"] if option["name"] == name)
    assert [choice["value"] for choice in option["choices"]] == values


async def test_without_cameras_the_option_takes_any_word():
    (olympic,) = await payload(lambda field, partial, tag: [])
    camera = next(option for option in olympic["options"][0]["options"] if option["name"] == "camera")
    assert not camera.get("choices")


def keyed(name: str) -> str:
    """Where a name's words stand in the catalogues."""
    area = "word" if name in WORDS else "discord" if name == "olympic" else "option"
    return f"{area}.{name}"


@pytest.mark.parametrize("tag", locales.languages())
@pytest.mark.parametrize("name", [*WORDS, *NAMED])
def test_names_in_every_language_fit_discords_rules(tag, name):
    assert rules.slash_name(locales.words(tag)(f"{keyed(name)}.name"))


@pytest.mark.parametrize("tag", locales.languages())
def test_names_in_one_language_differ_from_each_other(tag):
    for names in (WORDS, *([option.name for option in word.options] for word in grammar.WORDS)):
        said = [locales.words(tag)(f"{keyed(name)}.name") for name in names]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize("tag", locales.languages())
@pytest.mark.parametrize("name", ["olympic", *WORDS, *NAMED])
def test_descriptions_in_every_language_fit_discords_rules(tag, name):
    assert 1 <= len(locales.words(tag)(f"{keyed(name)}.about")) <= 100


@pytest.mark.parametrize("name", [*WORDS, *commands.OPTIONS])
def test_in_english_the_names_are_the_contract(name):
    assert locales.words("en")(f"{keyed(name)}.name") == name


@pytest.mark.parametrize("tag", [tag for tag in locales.languages() if tag != locales.FALLBACK])
def test_every_catalogue_serves_one_of_discords_locales(tag):
    assert tag in {language.catalogue(locale) for locale in discord.Locale}


def test_english_needs_no_localisation():
    assert language.catalogue(discord.Locale.british_english) is None


def test_chinese_is_written_as_in_the_place_discord_names():
    assert (language.catalogue(discord.Locale.chinese), language.catalogue(discord.Locale.taiwan_chinese)) == (
        "zh-Hans",
        "zh-Hant",
    )


def test_norwegian_is_named_as_it_is_written():
    assert [language.tag(code) for code in ("no", "pt-BR", None)] == ["nb", "pt-BR", "en"]


def test_the_invite_asks_for_what_is_needed_and_nothing_else():
    assert (
        discord.Permissions(
            view_channel=True,
            send_messages=True,
            send_messages_in_threads=True,
            attach_files=True,
            embed_links=True,
            read_message_history=True,
            add_reactions=True,
        )
        == invite.PERMISSIONS
    )


async def test_the_client_wants_no_privileged_intent():
    client = Client(settings.Discord(token="t"), completions, ignore, asyncio.Event())
    wanted = {name for name, on in client.intents if on}
    assert wanted == {"guilds"}
