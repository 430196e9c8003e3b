"""Sports of a community's own: described in a form or a file, recognised, drawn, moved."""

from __future__ import annotations

import pytest

from bot import sports, syntax
from bot.completion import completions
from bot.errors import BadSetting
from bot.model.command import Create, Help, Sports
from bot.model.people import Community, Role
from bot.model.setup import Act, Setup
from bot.sports import own
from bot.sports.toml import dumps
from tests.fakes import COMMUNITY, member

ADMIN = member("root", role=Role.ADMIN)
POLO = {
    "names": "emoji: 🐎\nen: Snow polo\nja: スノーポロ",
    "words": "en: snow polo, polo & snow*\nja：スノーポロ",
    "guidance": "Riders on horses chase a red ball over a snowed lake.",
    "shots": "",
    "like": "ice-hockey",
}


async def save(world, action: str = "sport:", **said: str):
    return await world.ask(syntax.submit(action, POLO | said), ADMIN)


async def test_a_sport_of_ones_own_is_recognised_in_every_language_it_names(world):
    await save(world)
    for sentence in ("Two foxes play polo on a snowy lake", "狐がスノーポロをする"):
        await world.ask(Create(sentence))
    assert {job.request.sport for job in await world.jobs()} == {"snow-polo"}


async def test_it_is_drawn_with_its_own_words_and_the_staging_it_borrows(world):
    await save(world)
    await world.start()
    await world.ask(Create("A fox wins", sport="snow-polo"))
    await world.ended()
    (order,) = world.backend.orders.values()
    assert "red ball" in order.prompt
    assert (order.sport, order.staging, order.sport_title) == ("ice-hockey", "ice-hockey", "Snow polo")


async def test_a_request_keeps_the_sport_as_it_was_when_asked(world):
    await save(world)
    await world.ask(Create("A fox wins", sport="snow-polo"))
    await save(world, "sport:snow-polo", names="emoji: 🐎\nen: Lake polo")
    (job,) = await world.jobs()
    assert sports.asked_for(job.request).name("en") == "Snow polo"


async def test_its_card_names_it_in_the_readers_language(world):
    await save(world)
    reply = await world.ask(Create("A fox wins", sport="snow-polo"), member(language="ja"))
    assert "🐎 スノーポロ" in reply.text


async def test_it_is_offered_in_forms_help_buttons_and_completion(world):
    await save(world)
    (form,) = (await world.ask(syntax.press("compose"))).forms
    assert "snow-polo" in {choice.value for field in form.fields for choice in field.choices}
    assert "Snow polo" in (await world.ask(Help())).text
    (card,) = (await world.ask(Create("Something happens"))).told
    assert [button for button in card.buttons if button.action.endswith(":sport:snow-polo")]
    complete = completions([], world.house.offers.peek)
    assert [choice.value for choice in complete("sport", "snow p", "en", COMMUNITY)] == ["snow-polo"]
    assert complete("sport", "snow p", "en", Community("fake", "elsewhere")) == []


async def test_choosing_it_by_button_puts_it_in_line(world):
    await save(world)
    (card,) = (await world.ask(Create("Something happens"))).told
    await world.ask(syntax.press(next(one.action for one in card.buttons if one.action.endswith("snow-polo"))))
    (job,) = await world.jobs()
    assert sports.asked_for(job.request).slug == "snow-polo"


async def test_a_preview_is_a_small_clip_of_a_free_backend(world):
    reply = await save(world)
    await world.ask(syntax.press(reply.told[0].buttons[0].action), ADMIN)
    (job,) = await world.repos.jobs.unfinished()
    request = job.request
    assert (request.sport, str(request.size), request.backend) == ("snow-polo", "854x480", "fake")


async def test_what_cannot_be_taken_is_said_and_kept_for_the_form(world):
    reply = await save(world, names="ja: スノーポロ")
    assert "name in English" in reply.text
    (form,) = (await world.ask(syntax.press(reply.told[0].buttons[0].action), ADMIN)).forms
    assert {field.name: field.value for field in form.fields}["names"] == "ja: スノーポロ"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"names": "Snow polo"}, "needs a language"),
        ({"names": "en: Luge"}, "built-in sport"),
        ({"names": "en: ポロ"}, "short name"),
        ({"words": "en: "}, "at least one word"),
        ({"words": "en: *"}, "cannot recognise"),
        ({"like": "chess"}, "to borrow from"),
        ({"shots": "low | 3 | here"}, "is no shot"),
        ({"shots": "low | 3 | ice level | the ball flies"}, "must make 15 s"),
        ({"shots": "moon | 15 | far | the ball flies"}, "no camera"),
    ],
)
async def test_a_sport_that_could_not_be_drawn_is_not_taken(world, said, told):
    assert told in (await save(world, **said)).text
    assert await world.repos.sports.of(str(COMMUNITY)) == []


async def test_own_shots_are_used_and_make_the_storyboard(world):
    lines = "\n".join(f"{kind} | 5 | ice level | {kind} action | a knock" for kind in ("low", "follow", "finish"))
    await save(world, shots=lines)
    sport = (await world.house.offers.of(await world.repos.communities.get(COMMUNITY))).find("snow-polo")
    assert [shot.action for shot in sport.storyboard] == ["low action", "follow action", "finish action"]


async def test_a_sport_is_switched_off_and_on_and_that_is_on_the_record(world):
    await world.ask(syntax.parse("admin sports disable luge"), ADMIN)
    assert (await world.repos.communities.get(COMMUNITY)).setup.sports_off == ("luge",)
    await world.ask(syntax.press("sport-on:luge"), ADMIN)
    assert (await world.repos.communities.get(COMMUNITY)).setup.sports_off == ()
    assert [line.act for line in await world.repos.audit.latest(COMMUNITY)] == [Act.SPORT, Act.SPORT]


async def test_the_list_shows_all_sports_in_their_order_page_by_page(world):
    await world.set_up(Setup(sports_order=("luge",), sports_off=("curling",)))
    (first,) = (await world.ask(Sports(), ADMIN)).told
    assert "luge" in first.lines[0]
    (last,) = (await world.ask(Sports(2), ADMIN)).told
    assert "curling" in last.lines[-1]
    assert "not offered" in last.lines[-1]


async def test_an_exported_sport_can_be_imported_elsewhere(world):
    await save(world)
    (form,) = (await world.ask(syntax.press("sport-export:snow-polo"), ADMIN)).forms
    other = member("root", role=Role.ADMIN, community=Community("fake", "c2"))
    await world.ask(syntax.submit(form.action, {field.name: field.value for field in form.fields}), other)
    assert [one.slug for one in await world.repos.sports.of("fake:c2")] == ["snow-polo"]


async def test_a_built_in_sport_is_exported_to_begin_from_but_not_replaced(world):
    (form,) = (await world.ask(syntax.press("sport-export:luge"), ADMIN)).forms
    values = {field.name: field.value for field in form.fields}
    assert "built-in" in (await world.ask(syntax.submit(form.action, values), ADMIN)).text
    values["text"] = values["text"].replace('slug = "luge"', 'slug = "street-luge"')
    await world.ask(syntax.submit(form.action, values), ADMIN)
    assert [one.slug for one in await world.repos.sports.of(str(COMMUNITY))] == ["street-luge"]


@pytest.mark.parametrize("slug", [sport.slug for sport in sports.sports()])
def test_every_built_in_sport_passes_the_look_at_own_ones_and_comes_back_from_its_file(slug):
    sport = own.read(dumps(own.shelves()[slug]))
    assert (sport.words, sport.shots, sport.storyboard) == (
        sports.find(slug).words,
        sports.find(slug).shots,
        sports.find(slug).storyboard,
    )


@pytest.mark.parametrize("toml", ["slug = 3", "x = 1", "[names", 'slug = "a"\nlike = "luge"\nwords = 3', "a.b.c = 1"])
def test_a_file_that_is_no_sport_is_told_as_such(toml):
    with pytest.raises(BadSetting):
        own.read(toml)
