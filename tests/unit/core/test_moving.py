"""A community's choices as one document."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from bot import syntax
from bot.model.command import Attachment, ExportSetup, ImportSetup, OpenRound
from bot.model.contest import Rank, Round
from bot.model.people import Community, Role
from bot.model.setup import Act, Allowance, Budget, Channels, Setup, Voting
from tests.fakes import COMMUNITY, member
from tests.hanging import hang
from tests.unit.core.test_setup_denied import SPORT

ADMIN = member("root", role=Role.ADMIN)
THERE = Community("fake", "c2")
ELSEWHERE = member("root", role=Role.ADMIN, community=THERE)
SETUP = Setup(
    language="ja",
    channels=Channels(("c1",)),
    voting=Voting(nominate=9),
    allowance=Allowance(more=(("r1", 40), ("r2", 60))),
    budget=Budget(day=Decimal("2.50")),
)


async def exported(world) -> str:
    (form,) = (await world.ask(ExportSetup(), ADMIN)).forms
    return "".join(field.value for field in form.fields)


async def taken_over(world, text: str):
    (card,) = (await world.ask(ImportSetup(text), ELSEWHERE)).told
    return await world.ask(syntax.press(card.buttons[0].action), ELSEWHERE)


async def test_everything_moves_to_another_community(world):
    await world.set_up(SETUP)
    await world.ask(syntax.submit("sport-import", {"text": SPORT}), ADMIN)
    await taken_over(world, await exported(world))
    there = (await world.repos.communities.get(THERE)).setup
    assert (there.voting, there.budget, there.allowance) == (SETUP.voting, SETUP.budget, SETUP.allowance)
    assert [one.slug for one in await world.repos.sports.of(str(THERE))] == ["snow-polo"]


async def test_what_would_change_is_shown_before_anything_does(world):
    await world.set_up(SETUP)
    (card,) = (await world.ask(ImportSetup(await exported(world)), ELSEWHERE)).told
    assert "voting.nominate: 5 → **9**" in card.lines
    assert (await world.repos.communities.get(THERE)).setup == Setup()


async def test_it_is_on_the_record_with_before_and_after(world):
    await world.set_up(SETUP)
    await taken_over(world, await exported(world))
    (line,) = await world.repos.audit.latest(THERE)
    assert (line.act, json.loads(line.before)["language"], json.loads(line.after)["language"]) == (Act.IMPORT, "", "ja")


async def test_what_is_the_same_already_needs_no_answer(world):
    await world.set_up(SETUP)
    (card,) = (await world.ask(ImportSetup(await exported(world)), ADMIN)).told
    assert card.buttons == ()


async def test_a_setup_that_changed_after_it_was_looked_at_is_not_overwritten(world):
    await world.set_up(SETUP)
    (card,) = (await world.ask(ImportSetup(await exported(world)), ELSEWHERE)).told
    await world.ask(syntax.parse("admin budget day:7"), ELSEWHERE)
    reply = await world.ask(syntax.press(card.buttons[0].action), ELSEWHERE)
    assert "changed" in reply.text
    assert (await world.repos.communities.get(THERE)).setup.voting == Voting()


async def test_a_file_is_read_as_well(world):
    await world.set_up(SETUP)
    file = Attachment("setup.json", (await exported(world)).encode())
    (card,) = (await world.ask(ImportSetup(file=file), ELSEWHERE)).told
    assert card.buttons


async def test_nothing_handed_in_opens_the_form_for_it(world):
    (form,) = (await world.ask(ImportSetup(), ADMIN)).forms
    assert form.action == "setup-import"


async def rounds(world) -> list[tuple]:
    found = await world.repos.rounds.coming(str(THERE), world.clock.now())
    return [(one.theme, one.opens, one.closes - one.opens, one.ends - one.closes, one.repeat) for one in found]


async def test_planned_rounds_move_and_a_repeated_one_goes_on_from_its_next_turn(world):
    await world.set_up(SETUP)
    now = world.clock.now().replace(second=0, microsecond=0)
    await world.ask(OpenRound(repeat="weekly", days="5", voting="2", themes="Fog, mist; Snow"), ADMIN)
    await world.ask(OpenRound("Far", opens="20", later=True, days="3", voting="1"), ADMIN)
    text = await exported(world)
    await taken_over(world, text)
    await world.ask(ImportSetup(text), ELSEWHERE)
    days = [timedelta(days=n) for n in range(30)]
    assert await rounds(world) == [
        ("Snow", now + days[7], days[5], days[2], "weekly"),
        ("Far", now + days[20], days[3], days[1], ""),
    ]
    (card,) = (await world.ask(ImportSetup(text), ELSEWHERE)).told
    assert card.buttons == ()


async def test_rounds_that_would_come_are_shown_and_none_that_runs_alone_or_is_there_already(world):
    await world.ask(OpenRound("Now"), ADMIN)
    await world.ask(OpenRound("Far", opens="20", later=True), ADMIN)
    text = await exported(world)
    (card,) = (await world.ask(ImportSetup(text), ELSEWHERE)).told
    assert [line.partition(",")[0] for line in card.lines] == ["a round is planned: **Far**"]
    (same,) = (await world.ask(ImportSetup(text), ADMIN)).told
    assert same.buttons == ()


async def test_podiums_are_told_and_taken_in_by_nobody(world):
    contest_round = await add_round(world)
    await world.repos.rounds.ranked(contest_round.id, [Rank("a", 1, 3)])
    await hang(world)
    await world.repos.rounds.closed(contest_round.id, contest_round.ends)
    text = await exported(world)
    (told,) = json.loads(text)["results"]
    assert (told["theme"], told["podium"]) == ("Night", [{"rank": 1, "maker": "Ada", "votes": 3}])
    (card,) = (await world.ask(ImportSetup(text), ELSEWHERE)).told
    assert card.buttons == ()


async def add_round(world) -> Round:
    now, day = world.clock.now(), timedelta(days=1)
    kept = await world.repos.rounds.add(
        Round("r1", str(COMMUNITY), 0, "Night", now - 3 * day, now - 2 * day, now - day)
    )
    assert kept is not None
    return kept


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[]",
        '{"olympic": 2}',
        '{"olympic": 1, "setup": []}',
        '{"olympic": 1, "setup": {"weather": "snow"}}',
        '{"olympic": 1, "setup": {"voting": {"nominate": 0}}}',
        '{"olympic": 1, "setup": {"voting": {"nominate": "many"}}}',
        '{"olympic": 1, "setup": {"voting": {"weather": 1}}}',
        '{"olympic": 1, "setup": {"allowance": {"more": [["r1", 0]]}}}',
        '{"olympic": 1, "setup": {"budget": {"day": "NaN"}}}',
        '{"olympic": 1, "sports": ["slug = 1"]}',
        '{"olympic": 1, "sports": 1}',
        '{"olympic": 1, "rounds": 1}',
        '{"olympic": 1, "rounds": ["Night"]}',
        '{"olympic": 1, "rounds": [{"theme": "Night"}]}',
        '{"olympic": 1, "rounds": [{"theme": 1, "opens": "3"}]}',
        '{"olympic": 1, "rounds": [{"later": "x", "opens": "3"}]}',
        '{"olympic": 1, "rounds": [{"theme": "Night", "opens": "3", "days": "900"}]}',
        '{"olympic": 1, "rounds": [{"theme": "Night", "opens": "3", "sport": "chess"}]}',
        '{"olympic": 1, "rounds": [{"theme": "Night", "opens": "2999-01-01"}]}',
        "[" * 5000,
    ],
)
async def test_a_document_that_no_form_would_have_made_is_refused(world, text):
    reply = await world.ask(ImportSetup(text), ADMIN)
    assert "error" not in reply.text.lower()
    assert all(not card.buttons for card in reply.told)
    assert (await world.repos.communities.get(COMMUNITY)).setup == Setup()
