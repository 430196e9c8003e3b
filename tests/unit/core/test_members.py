import asyncio
from dataclasses import replace

import pytest

from bot import syntax
from bot.errors import PlatformBusy
from bot.model.card import CardKind
from bot.model.command import (
    Again,
    Attachment,
    Cancel,
    Choose,
    Compose,
    Create,
    Delete,
    Help,
    Mine,
    Remix,
    Retry,
    Status,
    Unknown,
    Whole,
)
from bot.model.job import Stage
from bot.model.people import Community, Role
from bot.model.request import HD, SD
from tests.fakes import FREE, PATIENCE, member, until

BUSY = replace(FREE, concurrency=0)
"""A backend that admits nothing: requests stay in line."""
WISH = Create("A kitsune jumps from the large hill at dusk on skis", sport="ski-jumping", seed="7")


async def made(world, wish: Create = WISH):
    await world.start()
    before = len(await world.jobs())
    await world.ask(wish)
    return (await world.ended(before + 1))[-1]


async def test_the_sport_is_found_from_the_sentence(world) -> None:
    await world.ask(Create("夕暮れのラージヒルで狐がスキージャンプ"))

    assert [job.request.sport for job in await world.jobs()] == ["ski-jumping"]


async def test_a_sentence_without_a_sport_is_kept_and_asked_about(world) -> None:
    reply = await world.ask(Create("A cat is happy"))
    (card,) = reply.told

    pressed = next(button for button in card.buttons if button.action.endswith(":sport:curling"))
    _, draft, _, slug = pressed.action.split(":")
    await world.ask(Choose(draft, "sport", slug))

    assert ([job.request.sport for job in await world.jobs()], card.quote) == (["curling"], "A cat is happy")


async def test_somebody_else_cannot_answer_for_the_maker(world) -> None:
    reply = await world.ask(Create("A cat is happy"))
    draft = reply.told[0].buttons[0].action.split(":")[1]

    other = await world.ask(Choose(draft, "sport", "curling"), member("eve"))

    assert ("Only the one who made it" in other.text, await world.jobs()) == (True, [])


async def test_a_choice_can_be_made_only_once(world) -> None:
    reply = await world.ask(Create("A cat is happy"))
    draft = reply.told[0].buttons[0].action.split(":")[1]

    await world.ask(Choose(draft, "sport", "curling"))
    await world.ask(Choose(draft, "sport", "luge"))

    assert [job.request.sport for job in await world.jobs()] == ["curling"]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Create(""), "Write one sentence"),
        (Create("\x00\x01 \u202e"), "Write one sentence"),
        (Create("x" * 2001), "2001"),
        (Create("skis", sport="ski-jumpin"), "Did you mean ski-jumping"),
        (Create("skis", sport="qqqq"), "There is no sport “qqqq”. There are: alpine-skiing, biathlon,"),
        (Create("skis", style="qqqq"), "There is no style “qqqq”. There are: realistic,"),
        (Create("skis", sport="luge", style="mnga"), "Did you mean manga"),
        (Create("skis", sport="luge", camera="drone"), "There are: multi"),
        (Create("skis", sport="luge", size="9000p"), "720p"),
        (Create("skis", sport="luge", seed="-1"), "is no seed"),
        (Create("skis", sport="luge", seed="²"), "is no seed"),
        (Create("skis", sport="luge", seed="9" * 5000), "is no seed"),
        (Create("skis", sport="luge", backend="sora"), "There are: fake"),
    ],
)
async def test_a_bad_wish_gets_one_clear_sentence_and_costs_nothing(world, wish, words) -> None:
    reply = await world.ask(wish)

    assert (words in reply.text, await world.jobs()) == (True, [])


async def test_a_file_that_is_no_picture_is_refused_with_the_reason(world) -> None:
    reply = await world.ask(replace(WISH, image=Attachment("cat.png", b"<html>")))

    assert (len(reply.told), reply.told[0].tone.value, await world.jobs()) == (1, "bad", [])


async def test_a_picture_is_kept_and_handed_to_the_backend(world) -> None:
    await made(world, replace(WISH, image=Attachment("cat.png", b"\x89PNG cat")))

    (order,) = world.backend.orders.values()

    assert order.image.read_bytes() == b"\x89PNG cat"


async def test_direction_marks_and_control_characters_do_not_survive(world) -> None:
    await world.ask(replace(WISH, prompt="A fox \u202ejumps\u202c\x07 on\tskis"))

    assert (await world.jobs())[0].request.prompt == "A fox jumps on skis"


async def test_an_unknown_character_is_drawn_from_its_word_and_said_so(world) -> None:
    reply = await world.ask(replace(WISH, prompt="@kitsune jumps on skis"))

    assert "no saved character @kitsune" in reply.text


async def test_a_member_at_the_limit_is_told_where_the_running_one_stands(world) -> None:
    for _ in range(3):
        await world.ask(WISH)

    reply = await world.ask(WISH)

    assert ("3 requests on their way" in reply.text, len(await world.jobs())) == (True, 3)


async def test_asking_at_the_same_moment_does_not_outrun_the_limit(world) -> None:
    await asyncio.gather(*(world.ask(WISH) for _ in range(8)))

    assert len(await world.jobs()) == 3


async def test_the_daily_limit_counts_only_what_was_not_given_back(world) -> None:
    world.limits = world.limits.model_copy(update={"daily_per_member": 1})
    await world.crash()
    world.backend.able = BUSY
    await world.ask(WISH)
    await world.ask(Cancel())

    await world.ask(WISH)
    reply = await world.ask(WISH)

    assert ("24 hours" in reply.text, len(await world.jobs())) == (True, 2)


async def test_status_tells_each_unfinished_request(world) -> None:
    world.backend.able = BUSY
    await world.ask(WISH)

    reply = await world.ask(Status())

    assert (reply.told[0].kind, "Ski jumping" in reply.text, reply.told[0].buttons[0].action[:7]) == (
        CardKind.LIST,
        True,
        "cancel:",
    )


async def test_status_tells_how_long_a_running_request_still_takes(world) -> None:
    await world.ask(WISH)

    assert " left" in (await world.ask(Status())).text


async def test_status_of_nothing_invites_to_make_a_clip(world) -> None:
    reply = await world.ask(Status())

    assert [button.action for button in reply.told[0].buttons] == ["compose"]


async def test_another_members_request_cannot_be_cancelled(world) -> None:
    world.backend.able = BUSY
    await world.ask(WISH)
    (job,) = await world.jobs()

    await world.ask(Cancel(job.id), member("eve"))

    assert (await world.jobs())[0].stage is Stage.QUEUED


async def test_a_moderator_may_cancel_any_request_of_the_community(world) -> None:
    world.backend.able = BUSY
    await world.ask(WISH)
    (job,) = await world.jobs()

    await world.ask(Cancel(job.id), member("mod", role=Role.MODERATOR))

    assert (await world.jobs())[0].stage is Stage.CANCELLED


async def test_a_moderator_of_another_community_may_not(world) -> None:
    world.backend.able = BUSY
    await world.ask(WISH)
    (job,) = await world.jobs()
    stranger = member("mod", role=Role.MODERATOR, community=Community("fake", "elsewhere"))

    await world.ask(Cancel(job.id), stranger)

    assert (await world.jobs())[0].stage is Stage.QUEUED


async def test_cancelling_what_has_ended_says_so(world) -> None:
    job = await made(world)

    reply = await world.ask(Cancel(job.id))

    assert "already ended" in reply.text


async def test_mine_lists_the_works_newest_first(world) -> None:
    await made(world)
    await made(world, replace(WISH, prompt="A robot on skis"))

    reply = await world.ask(Mine())

    assert [line.split("— ")[1].split("\n")[0] for line in reply.told[0].lines] == ["A robot on skis", WISH.prompt]


async def test_again_keeps_everything_but_the_seed(world) -> None:
    job = await made(world)

    await world.ask(Again(job.entry))
    await world.ended(2)
    first, second = await world.jobs()

    assert (first.request.seed != second.request.seed, replace(second.request, seed=7)) == (True, first.request)


async def test_a_storyboard_says_so_and_offers_the_whole_film(world) -> None:
    job = await made(world, replace(WISH, size="storyboard"))
    card = world.platform.entries[0].card

    assert (job.request.storyboard, job.request.size) == (True, SD)
    assert (card.small.startswith("Storyboard"), card.buttons[0].action) == (True, f"whole:{job.entry}")


async def test_a_storyboard_is_told_apart_among_ones_works(world) -> None:
    await made(world, replace(WISH, size="storyboard"))

    (line,) = (await world.ask(Mine())).told[0].lines

    assert "Storyboard · " in line


async def test_a_film_offers_no_other_whole(world) -> None:
    job = await made(world)

    assert f"whole:{job.entry}" not in [button.action for button in world.platform.entries[0].card.buttons]


async def test_the_whole_film_of_a_storyboard_is_the_same_request_with_the_same_seed(world) -> None:
    job = await made(world, replace(WISH, size="storyboard"))

    await world.ask(Whole(job.entry))
    await world.ended(2)
    first, second = await world.jobs()

    assert replace(first.request, size=HD, storyboard=False) == second.request


async def test_a_storyboard_asked_for_again_is_one_again(world) -> None:
    job = await made(world, replace(WISH, size="storyboard"))

    await world.ask(Again(job.entry))

    assert [one.request.storyboard for one in await world.jobs()] == [True, True]


async def test_a_choice_can_turn_a_storyboard_into_the_whole_film(world) -> None:
    world.backend.able = replace(FREE, storyboards=False)
    reply = await world.ask(replace(WISH, size="storyboard"))
    _, draft, _, number = reply.told[0].buttons[0].action.split(":")

    await world.ask(Choose(draft, "plan", number))

    assert [(one.request.storyboard, one.request.size) for one in await world.jobs()] == [(False, HD)]


async def test_again_by_another_member_remixes_without_the_makers_files(world) -> None:
    job = await made(world, replace(WISH, image=Attachment("cat.png", b"\x89PNG cat")))

    await world.ask(Again(job.entry), member("eve"))
    await until(lambda: len(world.platform.entries) == 2)
    theirs = next(order for order in world.backend.orders.values() if order.author == "Eve")

    assert theirs.image is None


async def test_remix_opens_the_form_with_the_entrys_words(world) -> None:
    job = await made(world)

    reply = await world.ask(Remix(job.entry))

    assert (reply.forms[0].fields[0].value, reply.forms[0].action) == (WISH.prompt, f"create:{job.entry}")


async def test_composing_opens_an_empty_form(world) -> None:
    reply = await world.ask(Compose())

    assert [field.name for field in reply.forms[0].fields] == ["prompt", "sport", "style", "camera", "image"]


async def test_a_cancelled_request_can_be_asked_for_again(world) -> None:
    world.backend.able = BUSY
    await world.ask(WISH)
    await world.ask(Cancel())
    (job,) = await world.jobs()

    await world.ask(Retry(job.id))

    assert [one.stage for one in await world.jobs()] == [Stage.CANCELLED, Stage.QUEUED]


async def test_deleting_asks_first_and_then_removes_message_and_file(world) -> None:
    job = await made(world)
    blob = job.clip.blob

    asked = await world.ask(Delete(job.entry))
    await world.ask(Delete(job.entry, sure=True))

    assert (
        asked.told[0].buttons[0].action,
        world.platform.messages,
        await world.media.mime(blob),
    ) == (f"delete-sure:{job.entry}", {}, None)


async def test_a_work_deleted_before_its_place_is_known_is_taken_down_where_it_hangs(world) -> None:
    world.platform.after_post = [None, PlatformBusy("posted, but the answer was lost")]
    world.platform.unpublished = [None, *[PlatformBusy("away")] * 4000]
    await world.start()
    await world.ask(WISH)
    await until(lambda: len(world.platform.entries) == 1)
    (job,) = await world.jobs()

    await world.ask(Delete(job.id, sure=True))
    hung = len(world.platform.entries)
    world.platform.unpublished = []
    (job,) = await world.ended()
    async with asyncio.timeout(PATIENCE):
        while await world.media.mime(job.clip.blob):
            await asyncio.sleep(0.01)

    assert (hung, world.platform.entries) == (1, [])


async def test_only_the_maker_or_a_moderator_deletes(world) -> None:
    job = await made(world)

    reply = await world.ask(Delete(job.entry, sure=True), member("eve"))

    assert ("Only the one who made it" in reply.text, len(world.platform.entries)) == (True, 1)


async def test_a_remix_of_nothing_is_told_how_to_choose(world) -> None:
    reply = await world.ask(syntax.parse("remix"))

    assert "press **Remix** below a work" in reply.text


async def test_buttons_of_a_deleted_work_say_so(world) -> None:
    job = await made(world)
    await world.ask(Delete(job.entry, sure=True))

    replies = [await world.ask(command) for command in (Again(job.entry), Remix(job.entry), Delete(job.entry))]

    assert ["took it back" in reply.text for reply in replies] == [True, True, True]


async def test_help_answers_in_the_askers_language(world) -> None:
    reply = await world.ask(Help(), member(language="ja-JP"))

    assert reply.told[0].title == "一文から映像を"


async def test_unknown_words_get_a_suggestion(world) -> None:
    reply = await world.ask(Unknown("statsu", "status"))

    assert "Did you mean **/olympic status**" in reply.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("admin round", "**/olympic admin round** goes on with one of these: **open** · **schedule** · **close**"),
        ("admin round opne", "**/olympic admin round** goes on with one of these: **open** · **schedule** · **close**"),
        ("/privacy", "**/olympic privacy** goes on with one of these: **notices** · **export** · **erase**"),
    ],
)
async def test_the_beginning_of_a_command_gets_what_may_follow(world, typed, told) -> None:
    reply = await world.ask(syntax.parse(typed), member(role=Role.ADMIN))

    assert reply.text.strip() == told


async def test_members_are_not_told_of_admins_words(world) -> None:
    reply = await world.ask(syntax.parse("admin round"))

    assert "open" not in reply.text


async def test_a_bug_becomes_a_sentence_with_a_number(world) -> None:
    async def explode(*_: object) -> None:
        raise ZeroDivisionError

    world.video.check_image = explode

    reply = await world.ask(replace(WISH, image=Attachment("cat.png", b"x")))

    assert "tell the operator the number" in reply.text


async def test_a_choice_that_meets_a_limit_may_be_pressed_again_later(world) -> None:
    world.house.tools.backends["fake"].able = BUSY
    reply = await world.ask(Create("A cat is happy"))
    draft = reply.told[0].buttons[0].action.split(":")[1]
    for _ in range(world.limits.running_per_member):
        await world.ask(WISH)

    refused = await world.ask(Choose(draft, "sport", "curling"))
    await world.ask(Cancel())
    await world.ask(Choose(draft, "sport", "curling"))

    assert ("on their way" in refused.text, (await world.jobs())[-1].request.sport) == (True, "curling")


async def test_nobody_takes_over_another_members_files(world) -> None:
    mine = await made(world, replace(WISH, image=Attachment("me.png", b"\x89PNG me")))

    await world.ask(replace(WISH, source=mine.id), member("eve"))
    (theirs,) = await world.repos.jobs.of_member(mine.community, "eve", unfinished=False)

    assert (mine.request.image is None, theirs.request.image) == (False, None)


async def test_a_remix_of_a_work_that_is_taken_back_meanwhile_keeps_its_words_and_its_credit(world) -> None:
    job = await made(world)
    await world.ask(Delete(job.entry, sure=True))

    await world.ask(replace(WISH, parent=job.entry))

    assert (await world.jobs())[-1].request.parent == job.entry


async def test_a_remix_of_nothing_we_know_has_no_parent(world) -> None:
    await world.ask(replace(WISH, parent="nonsense"))

    assert (await world.jobs())[-1].request.parent is None


async def test_a_draft_whose_backend_is_gone_is_refused_in_words(world) -> None:
    reply = await world.ask(Create("A cat is happy", backend="fake"))
    draft = reply.told[0].buttons[0].action.split(":")[1]
    world.house.tools.backends["other"] = world.house.tools.backends.pop("fake")

    refused = await world.ask(Choose(draft, "sport", "curling"))

    assert "backend fake" in refused.text


async def test_a_card_everybody_sees_speaks_the_communitys_language_and_the_answer_the_members(world) -> None:
    reply = await world.ask(WISH, member(language="ja"))

    (posted,) = world.platform.messages.values()
    assert ("In line" in posted.card.title, "Done in" in reply.text) == (True, False)


async def test_a_name_at_the_end_of_a_sentence_ends_before_its_full_stop(world) -> None:
    reply = await world.ask(Create("On skis jumps @fox.", sport="ski-jumping"))

    assert "@fox;" in reply.text


async def test_a_work_whose_message_could_not_be_removed_can_be_deleted_again(world) -> None:
    job = await made(world)
    (posted,) = world.platform.entries
    removing = world.platform.delete

    async def away(ref) -> None:
        raise PlatformBusy("away")

    world.platform.delete = away
    await world.ask(Delete(job.entry, sure=True))
    world.platform.delete = removing
    await world.ask(Delete(job.entry, sure=True))

    assert (posted.card.subject, world.platform.entries) == (job.entry, [])
