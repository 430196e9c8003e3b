"""A member's own page, what they chose, and remixes with credit."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.command import AllowRemixes, Create, Delete, Link, Mine, NameMe, Notices, Remix, Silence
from bot.model.streak import weeks_in_a_row
from tests.fakes import PATIENCE, member

ADA, BEN, EVE = member("ada"), member("ben"), member("eve")


async def made(world, sentence: str = "A fox on skis", who=ADA, parent: str = "") -> str:
    """The entry of a finished film."""
    await world.start()
    known = set(world.backend.orders)
    await world.ask(Create(sentence, sport="ski-jumping", parent=parent), who)
    return await finished(world, known)


async def finished(world, known: set[str]) -> str:
    async def new() -> list[str]:
        jobs = [await world.repos.jobs.get(key.rpartition("-")[0]) for key in set(world.backend.orders) - known]
        return [job.entry for job in jobs if job and job.over]

    pause = 0.002
    async with asyncio.timeout(PATIENCE):
        while not (found := await new()):
            await asyncio.sleep(pause)
            pause = min(1.5 * pause, 0.02)
    return found[0]


async def test_a_remix_names_every_earlier_author_and_tells_each_once(world) -> None:
    first = await made(world)
    second = await made(world, "A wolf on skis", BEN, parent=first)
    await made(world, "A bear on skis", EVE, parent=second)
    for _ in range(2):
        await world.engine.postman.round()

    assert "after Ben, Ada" in world.platform.entries[-1].card.lines
    letters = [who for who, card in world.platform.whispers if card.title == "Your work was remixed"]
    assert sorted(letters) == ["ada", "ada", "ben"]


async def test_ones_own_earlier_work_is_no_credit(world) -> None:
    await made(world, "A wolf on skis", ADA, parent=await made(world))

    assert not [line for line in world.platform.entries[-1].card.lines if line.startswith("after")]


async def test_a_parent_that_was_taken_back_is_still_credited(world) -> None:
    first = await made(world)
    await world.ask(Delete(first, sure=True), ADA)
    await made(world, "A wolf on skis", BEN, parent=first)

    assert "after Ada" in world.platform.entries[-1].card.lines


async def test_a_credit_bears_the_name_that_was_chosen(world) -> None:
    first = await made(world)
    await world.ask(NameMe("  Lady\tByron "), ADA)
    await made(world, "A wolf on skis", BEN, parent=first)

    assert "after Lady Byron" in world.platform.entries[-1].card.lines


async def test_remix_changes_what_is_said_and_keeps_the_rest(world) -> None:
    first = await made(world)
    known = set(world.backend.orders)
    await world.ask(Remix(first, style="manga"), BEN)
    entry = await world.repos.entries.get(await finished(world, known))

    assert (entry.request.prompt, entry.request.style, entry.request.parent) == ("A fox on skis", "manga", first)


async def test_remix_opens_the_form_where_nothing_was_said(world) -> None:
    first = await made(world)

    assert (await world.ask(Remix(first), BEN)).forms[0].action == f"create:{first}"


@pytest.mark.parametrize("one", [True, False])
async def test_a_forbidden_remix_is_refused_however_it_is_asked(world, one) -> None:
    first = await made(world)
    await world.ask(AllowRemixes(on=False, entry=first if one else ""), ADA)

    for wish in (Remix(first), Create("A wolf", sport="luge", parent=first)):
        assert "does not want this work to be remixed" in (await world.ask(wish, BEN)).text


async def test_who_forbids_remixes_forbids_those_of_works_to_come(world) -> None:
    await world.ask(AllowRemixes(on=False), ADA)

    assert (await world.repos.entries.get(await made(world))).remixable is False


async def test_a_single_work_may_be_remixed_all_the_same(world) -> None:
    first = await made(world)
    await world.ask(AllowRemixes(on=False), ADA)
    await world.ask(AllowRemixes(on=True, entry=first), ADA)

    assert (await world.ask(Remix(first), BEN)).forms


async def test_nobody_else_decides_on_remixes(world) -> None:
    first = await made(world)

    await world.ask(AllowRemixes(on=False, entry=first), BEN)

    assert (await world.repos.entries.get(first)).remixable


async def test_the_own_page_shows_works_of_all_linked_accounts(world) -> None:
    await made(world)
    await world.crash()  # a double's time flies while the engine runs, and a code lives ten minutes
    code = (await world.ask(Link(), ADA)).told[0].lines[0]
    await world.ask(Link(code), BEN)

    reply = await world.ask(Mine(), BEN)

    assert "A fox on skis" in reply.text


async def test_each_work_shows_its_votes_and_whether_it_may_be_remixed(world) -> None:
    first = await made(world)

    (card,) = (await world.ask(Mine(), ADA)).told

    assert "🏅 0" in card.lines[0]
    assert f"remixable:{first}:off" in [button.action for button in card.buttons]


async def test_weeks_in_a_row_are_told_from_the_second_on(world) -> None:
    await made(world)
    alone = await world.ask(Mine(), ADA)
    world.clock.time += timedelta(days=7)
    await made(world, "A wolf on skis")

    assert ("in a row" in alone.text, "2 weeks in a row" in (await world.ask(Mine(), ADA)).text) == (False, True)


async def test_choices_are_shown_with_a_button_each(world) -> None:
    await world.ask(Silence("podium"), ADA)

    (card,) = (await world.ask(Notices(), ADA)).told

    actions = [button.action for button in card.buttons]
    assert {"name-me", "remixes:off", "silence:approved", "hear:podium", "export", "erase"} <= set(actions)


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(st.sets(DAYS), DAYS)
def test_a_week_that_may_still_be_filled_costs_nobody_their_row(days, today) -> None:
    sunday = today - timedelta(days=today.weekday() + 1)
    made = {day for day in days if day <= sunday} | {sunday}
    assert weeks_in_a_row(made, today) == weeks_in_a_row(made, sunday)


@given(DAYS, st.integers(0, 60))
def test_a_work_every_week_is_a_row_of_so_many(today, count) -> None:
    assert weeks_in_a_row([today - timedelta(weeks=ago) for ago in range(count)], today) == count
