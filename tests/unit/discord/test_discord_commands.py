"""The command tree in all our languages, held against Discord's limits."""

from __future__ import annotations

import asyncio

import discord
import pytest

from bot import completion, locales, settings
from bot.grammar import WORDS, Kind, Option, Word
from bot.model.command import Create, Help
from bot.model.people import Role
from bot.model.request import Camera
from bot.ports import Unmetered
from handlers.discord import commands, invite, language, options
from handlers.discord.client import Client
from tests.fakediscord import rules
from tests.fakediscord.bench import completions

EVERYTHING = Word(
    "character save",
    lambda values, _files: Create(**{"prompt": "", **values}),
    (
        Option("prompt", longest=40, required=True),
        Option("page", Kind.NUMBER),
        Option("size", Kind.SWITCH),
        Option("sport", Kind.CHOICE),
        Option("camera", Kind.CHOICE),
        Option("image", Kind.IMAGE),
        Option("seed", Kind.CHANNEL),
        Option("style", Kind.ROLE),
        Option("job", Kind.MEMBER),
    ),
)
REVIEW = Word("review", lambda _values, _files: Help(), role=Role.MODERATOR)
OPEN = Word("admin round open", lambda _values, _files: Help(), role=Role.ADMIN)
LIMITS = Word("admin limits", lambda _values, _files: Help(), role=Role.ADMIN)
OPTIONS = {option.name for word in WORDS for option in word.options}


async def ignore(interaction, heard):
    return


async def payload(complete=completions, vocabulary=WORDS) -> dict[str, dict]:
    client = discord.Client(intents=discord.Intents.none())
    tree = commands.tree(client, ignore, complete, guild=None, vocabulary=vocabulary)
    translator = commands.Translator(complete)
    made = [await command.get_translated_payload(tree, translator) for command in tree.get_commands()]
    menus = tree.get_commands(type=discord.AppCommandType.message)
    made += [await menu.get_translated_payload(tree, translator) for menu in menus]
    return {command["name"]: command for command in made}


def inner(command: dict, *path: str) -> dict:
    for part in path:
        command = next(option for option in command["options"] if option["name"] == part)
    return command


@pytest.mark.parametrize("complete", [completions, completion.completions(["animatic"])])
async def test_discord_takes_everything(complete):
    for command in (await payload(complete)).values():
        rules.command(command)


async def test_every_word_stands_under_its_roles_command():
    made = await payload()
    for word in WORDS:
        root = next(root for root in commands.ROOTS if root.role is word.role)
        assert inner(made[root.name], *root.path(word))


async def test_a_word_of_two_parts_lies_in_a_group_that_says_what_is_in_it():
    made = await payload(vocabulary=(EVERYTHING, Word("nest one", EVERYTHING.read), Word("nest two", EVERYTHING.read)))
    assert inner(made["olympic"], "character")["description_localizations"]["ja"]
    assert inner(made["olympic"], "nest")["description"] == "one · two"


async def test_discord_hides_the_words_of_moderators_and_admins_from_members():
    made = await payload(vocabulary=(EVERYTHING, REVIEW, OPEN, LIMITS))
    needed = {name: made[name]["default_member_permissions"] for name in ("olympic", "olympic-mod", "olympic-admin")}
    moderate, manage = discord.Permissions(manage_messages=True), discord.Permissions(manage_guild=True)
    assert needed == {"olympic": None, "olympic-mod": moderate.value, "olympic-admin": manage.value}


async def test_admins_words_go_without_their_first_part():
    made = await payload(vocabulary=(OPEN, LIMITS))
    assert inner(made["olympic-admin"], "round", "open")
    assert inner(made["olympic-admin"], "limits")


async def test_every_kind_of_option_is_discords_own():
    made = await payload(vocabulary=(EVERYTHING,))
    options = inner(made["olympic"], "character", "save")["options"]
    assert {option["name"]: option["type"] for option in options} == {
        "prompt": 3,
        "page": 10,
        "size": 5,
        "sport": 3,
        "camera": 3,
        "image": 11,
        "seed": 7,
        "style": 8,
        "request": 6,
    }
    assert [option["name"] for option in options if option["required"]] == ["prompt"]
    assert [option["name"] for option in options if option.get("autocomplete")] == ["sport"]
    assert [option["name"] for option in options if option.get("choices")] == ["camera"]
    assert (options[0]["min_length"], options[0]["max_length"]) == (1, 40)
    rules.command(made["olympic"])


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Kind.TEXT, "a fox", "a fox"),
        (Kind.NUMBER, 5.0, "5"),
        (Kind.NUMBER, 100, "100"),
        (Kind.NUMBER, 12.5, "12.5"),
        (Kind.NUMBER, 1e15, "1000000000000000"),
        (Kind.SWITCH, True, "on"),
        (Kind.SWITCH, False, "off"),
        (Kind.ROLE, discord.Object(7), "7"),
        (Kind.CHANNEL, discord.Object(8), "8"),
        (Kind.MEMBER, discord.Object(9), "9"),
    ],
)
def test_what_was_given_is_told_in_the_grammars_words(kind, value, said):
    assert options.told(kind, value) == said


def test_options_left_out_say_nothing():
    create = next(word for word in WORDS if word.path == "create")
    heard = commands.heard(create, {"prompt": "a fox", "sport": None, "seed": "7", "image": None})
    assert heard.command == Create("a fox", seed="7")
    assert heard.uploads == {}


@pytest.mark.parametrize(
    ("name", "values"), [("size", ["720p", "480p", "storyboard"]), ("camera", [one.value for one in Camera])]
)
async def test_what_never_changes_is_chosen_from_a_list(name, values):
    made = await payload(completion.completions(["animatic"]))
    assert [choice["value"] for choice in inner(made["olympic"], "create", name)["choices"]] == values


async def test_without_cameras_the_option_takes_any_word():
    made = await payload(lambda field, partial, tag: [])
    assert not inner(made["olympic"], "create", "camera").get("choices")


async def test_a_message_can_be_nominated_from_its_menu_in_every_language():
    menu = (await payload())["Nominate for the exhibit"]
    assert menu["type"] == 3
    assert menu["name_localizations"]["ja"] == "展示に推薦する"


def descriptions() -> list[str]:
    keys = {f"{word.key}.about" for word in WORDS} | {f"option.{name}.about" for name in OPTIONS}
    return sorted(keys | {f"discord.{root.name}.about" for root in commands.ROOTS})


@pytest.mark.parametrize("tag", locales.languages())
def test_discord_takes_every_name_in_every_language(tag):
    keys = {f"{word.key}.name" for word in WORDS} | {f"option.{name}.name" for name in OPTIONS}
    names = {key: language.slash_name(locales.words(tag)(key)) for key in keys}
    assert [key for key, name in names.items() if name is None or not rules.slash_name(name)] == []


@pytest.mark.parametrize("tag", locales.languages())
def test_descriptions_in_every_language_fit_discords_rules(tag):
    assert [key for key in descriptions() if not 1 <= len(locales.words(tag)(key)) <= 100] == []


@pytest.mark.parametrize("tag", locales.languages())
def test_the_menus_name_fits_in_every_language(tag):
    assert 1 <= len(locales.words(tag)(commands.MENU)) <= commands.LONGEST_MENU


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.path)
def test_in_english_the_words_are_the_contract(word):
    assert language.slash_name(locales.words("en")(f"{word.key}.name")) == word.path.split()[-1]


@pytest.mark.parametrize(
    ("said", "name"),
    [("create", "create"), ("Save", "save"), ("admin round open", "open"), ("作る", "作る"), ("?!", None), ("", None)],
)
def test_a_catalogues_name_becomes_one_discord_takes_or_none(said, name):
    assert language.slash_name(said) == name


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
    client = Client(settings.Discord(token="t"), completions, ignore, asyncio.Event(), Unmetered())
    wanted = {name for name, on in client.intents if on}
    assert wanted == {"guilds", "guild_reactions", "guild_messages"}
