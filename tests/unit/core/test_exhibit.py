"""The exhibit in chat, and sharing a work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.command import Exhibit, Share
from bot.model.contest import EntryState, Review
from bot.syntax import parse, press
from tests.fakes import COMMUNITY, member, place
from tests.samples import CLIP, NOON, WISH, entry, job

HALL = "https://hall.example.org"


async def hang(world, name: str, *, votes: int = 7, hours: int = 0, **fields) -> None:
    repos = world.repos
    request = replace(WISH, image=None, backend=None, prompt=f"Fox {name}", sport="curling")
    await repos.jobs.add(job(name, member=member("bo"), place=place(), request=request))
    await repos.jobs.admit(lambda waiting, running: [name])
    mine = await repos.jobs.take(name)
    review = Review("fake:mo", "Mo", NOON + timedelta(hours=hours), votes=votes)
    shown = {"state": EntryState.APPROVED, "review": review, "contest": str(COMMUNITY), **fields}
    await repos.jobs.finished(mine, CLIP, entry(mine, name, **shown))


def opened(world, address: str = HALL) -> None:
    """From now on there is a public hall."""
    world.house = replace(world.house, tools=replace(world.house.tools, hall=address))
    world.core = type(world.core)(world.house)


def links(reply) -> list[str]:
    return [button.url for card in reply.told for button in card.buttons if button.url]


def test_the_words_and_buttons_of_the_exhibit_are_known() -> None:
    assert (parse("exhibit"), parse("exhibit 2")) == (Exhibit(), Exhibit(2))
    assert (press("exhibit:3"), press("share:e1")) == (Exhibit(3), Share("e1"))


async def test_the_exhibit_lists_the_newest_works_with_a_way_to_share_each(world) -> None:
    opened(world)
    await hang(world, "old", hours=1)
    await hang(world, "new", hours=2)

    (card,) = (await world.ask(Exhibit())).told

    assert ["Fox new" in card.lines[0], "Fox old" in card.lines[1]] == [True, True]
    assert "approved with 7 votes" in card.lines[0]
    assert [button.action for button in card.buttons] == ["share:new", "share:old", "hall"]
    assert card.buttons[-1].url == f"{HALL}/"


async def test_works_of_another_contest_are_not_among_them(world) -> None:
    await hang(world, "foreign", contest="elsewhere")

    assert "Nothing hangs yet" in (await world.ask(Exhibit())).text


async def test_pages_of_the_exhibit_turn(world) -> None:
    for number in range(7):
        await hang(world, f"w{number}", hours=-number)

    (card,) = (await world.ask(Exhibit(2))).told

    assert [line.split("Fox ")[1][:2] for line in card.lines] == ["w5", "w6"]
    assert "exhibit:1" in [button.action for button in card.buttons]


async def test_sharing_an_exhibit_gives_its_page_and_a_post(world) -> None:
    opened(world)
    await hang(world, "e1")

    reply = await world.ask(Share("e1"))

    assert f"{HALL}/exhibits/e1" in reply.text
    page, post = links(reply)
    assert page == f"{HALL}/exhibits/e1"
    assert post.startswith("https://x.com/intent/post?")
    assert "exhibits%2Fe1" in post


@pytest.mark.parametrize("state", [state for state in EntryState if state is not EntryState.APPROVED])
async def test_what_does_not_hang_has_no_link_and_the_answer_says_why(world, state) -> None:
    opened(world)
    await hang(world, "e1", state=state)

    reply = await world.ask(Share("e1"))

    assert links(reply) == []
    assert reply.text.strip()
    assert HALL not in reply.text


async def test_without_a_hall_sharing_says_so(world) -> None:
    await hang(world, "e1")

    assert "hall is closed" in (await world.ask(Share("e1"))).text


async def test_a_link_that_works_on_one_machine_only_says_so(world) -> None:
    opened(world, "http://127.0.0.1:8028")
    await hang(world, "e1")

    (card,) = (await world.ask(Share("e1"))).told

    assert "this machine only" in card.small


async def test_a_work_of_another_community_is_not_shared(world) -> None:
    opened(world)
    await hang(world, "e1")

    stranger = member("eve", community=replace(COMMUNITY, id="c2"))

    assert HALL not in (await world.ask(Share("e1"), stranger)).text
