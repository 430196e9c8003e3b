"""The guided setup, as an admin walks through it."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from bot import sports, styles, syntax
from bot.completion import completions
from bot.locales import words
from bot.model.card import Choice, FieldKind, Tone
from bot.model.command import Attachment, ChangeSetup, Compose, Create, Help, OpenSetup, Status
from bot.model.people import Role
from bot.model.setup import Act, Allowance, Channels, Roles, Setup, Voting
from bot.ports import Pick
from bot.usecases.guide import steps
from bot.usecases.guide.steps import FIELDS, Known
from tests.fakes import COMMUNITY, asked, member
from tests.fakes import FakeReply as Reply

ADMIN = member("root", role=Role.ADMIN)
STEPS = ("language", "channels", "roles", "sports", "voting", "contest", "jury", "limits", "budget", "backend")
MORE = ("access", "extras", "retention")


async def chosen(world) -> Setup:
    return (await world.repos.communities.get(COMMUNITY)).setup


async def form_of(world, step: str):
    (form,) = (await world.ask(syntax.press(f"setup:{step}"), ADMIN)).forms
    return form


async def submitted(world, step: str, **said: str):
    """Open a step's form, change what is said, and send it."""
    form = await form_of(world, step)
    values = {field.name: field.value for field in form.fields} | said
    return await world.ask(syntax.submit(form.action, values), ADMIN)


def known(world) -> Known:
    return Known(tuple(world.house.tools.backends), sports.catalogue(Setup()))


async def test_the_card_shows_every_step_with_its_value_and_a_button(world):
    (card,) = (await world.ask(OpenSetup(), ADMIN)).told
    assert {f"setup:{step}" for step in STEPS} <= {button.action for button in card.buttons}
    assert "Votes that nominate: 5" in "\n".join(card.lines)


async def test_no_form_has_more_fields_than_platforms_show(world):
    assert max(len(step.settings) for step in steps.steps(known(world))) <= FIELDS


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_every_label_and_hint_fits_its_place(world, language):
    say = words(language)
    for step in steps.steps(known(world)):
        assert len(step.title(say)) <= 45
        for setting in step.settings:
            assert say.knows(f"setting.{setting.key or setting.name}")
            assert len(setting.label(say)) <= 45
            assert len(setting.hint(say)) <= 100


@pytest.mark.parametrize("step", [*STEPS, *MORE])
async def test_a_form_sent_as_it_opened_changes_nothing(world, step):
    before = await chosen(world)
    await submitted(world, step)
    after = await chosen(world)
    assert replace(after, done=()) == before
    assert step in after.done


async def test_channels_are_chosen_and_what_the_bot_lacks_there_is_said_at_once(world):
    world.platform.forbidden = ("Send Messages", "Add Reactions")
    world.platform.options = {Pick.CHANNEL: [Choice("c9", "#exhibit")]}
    reply = await submitted(world, "channels", create="c1,c2", exhibit="c9")
    assert (await chosen(world)).channels == Channels(("c1", "c2"), "", "c9", "")
    assert "In #exhibit I lack: Send Messages, Add Reactions" in reply.text
    assert reply.told[0].tone is Tone.BAD


async def test_the_card_goes_on_saying_what_is_lacking(world):
    world.platform.forbidden = ("Attach Files",)
    await submitted(world, "channels", review="c3")
    assert "In c3 I lack: Attach Files" in (await world.ask(OpenSetup(), ADMIN)).text


async def test_the_winners_role_needs_the_right_to_give_it(world):
    world.platform.traits = replace(world.platform.traits, roles=True)
    world.platform.forbidden = ("Manage Roles",)
    assert "Manage Roles" in (await submitted(world, "roles", winner="r7")).text


async def test_where_nothing_is_lacking_the_next_step_is_offered(world):
    reply = await submitted(world, "language", language="ja")
    assert reply.told[0].tone is Tone.GOOD
    assert reply.told[0].buttons[0].action == "setup:channels"


async def test_an_emoji_that_the_bot_may_not_use_is_not_taken(world):
    world.platform.unusable = {"🦊"}
    reply = await submitted(world, "voting", emoji="🦊", nominate="9")
    assert "🦊" in reply.text
    assert (await chosen(world)).voting == Voting()
    assert world.platform.messages == {}


async def test_an_emoji_that_works_is_taken_and_its_trial_leaves_nothing_behind(world):
    await submitted(world, "voting", emoji="🦊")
    assert (await chosen(world)).voting.emoji == "🦊"
    assert world.platform.messages == {}


async def test_what_could_not_be_taken_is_said_and_kept_for_the_form(world):
    reply = await submitted(world, "voting", nominate="many", drop="2")
    assert "“many” is no whole number from 1 to 10000" in reply.text
    form = await form_of(world, "voting")
    assert {field.name: field.value for field in form.fields}["nominate"] == "many"
    assert await chosen(world) == Setup()


async def test_numbers_that_do_not_go_together_are_not_taken(world):
    assert "cannot go back below 9" in (await submitted(world, "voting", nominate="5", drop="9")).text
    assert await chosen(world) == Setup()


async def test_who_sends_an_older_form_is_told_to_look_again(world):
    form = await form_of(world, "voting")
    await submitted(world, "language", language="ja")
    reply = await world.ask(syntax.submit(form.action, {"nominate": "7"}), ADMIN)
    assert (await chosen(world)).voting.nominate == 5
    assert "changed" in reply.text


async def test_a_change_is_on_the_record_with_before_and_after(world):
    await submitted(world, "voting", nominate="7")
    (line,) = await world.repos.audit.latest(COMMUNITY)
    assert (line.act, line.subject, line.actor) == (Act.SETUP, "voting", "fake:c1:root")
    assert (json.loads(line.before), json.loads(line.after)) == ({"voting.nominate": 5}, {"voting.nominate": 7})


async def test_a_form_that_is_left_half_way_changes_nothing(world):
    await form_of(world, "limits")
    assert await chosen(world) == Setup()


async def test_a_setup_begun_before_a_crash_goes_on_after_it(world):
    await submitted(world, "voting", nominate="7")
    form = await form_of(world, "budget")
    await world.crash()
    await world.ask(syntax.submit(form.action, {"day": "2.50", "month": "", "currency": "USD"}), ADMIN)
    assert ((await chosen(world)).voting.nominate, (await chosen(world)).budget.day) == (7, Decimal("2.50"))


async def test_a_word_with_options_changes_only_what_is_said(world):
    await submitted(world, "channels", create="c1", review="c2")
    await world.ask(syntax.parse("admin channels exhibit:<#c3>"), ADMIN)
    assert (await chosen(world)).channels == Channels(("c1",), "c2", "c3", "")


async def test_a_word_without_options_opens_its_form(world):
    for word, step in (("channels", "channels"), ("roles", "roles"), ("limits", "limits"), ("budget", "budget")):
        (form,) = (await world.ask(syntax.parse(f"admin {word}"), ADMIN)).forms
        assert form.action == f"setup:{step}:0"


async def test_a_word_can_choose_nothing_again(world):
    await world.set_up(Setup(channels=Channels(("c1",))))
    await world.ask(syntax.parse("admin channels create:-"), ADMIN)
    assert (await chosen(world)).channels.create == ()


async def test_an_unknown_step_is_told_with_those_there_are(world):
    assert "voting" in (await world.ask(OpenSetup("weather"), ADMIN)).text


async def test_roles_with_more_clips_need_a_number(world):
    assert "how many clips" in (await submitted(world, "limits", more="r1")).text
    await submitted(world, "limits", more="r1,r2", more_daily="50")
    assert (await chosen(world)).allowance.more == (("r1", 50), ("r2", 50))


async def test_at_least_one_sport_is_offered(world):
    assert "At least one sport" in (await submitted(world, "sports", sports="")).text


async def test_who_may_use_which_backend_is_chosen_for_each(world):
    await submitted(world, "access", **{"access-fake": "r1,r2"})
    assert (await chosen(world)).allowance.backends == (("fake", "r1"), ("fake", "r2"))


async def test_fields_of_channels_and_roles_are_picked_from_the_platforms_own(world):
    kinds = {field.name: (field.kind, field.many) for field in (await form_of(world, "channels")).fields}
    assert kinds["create"] == (FieldKind.CHANNEL, True)
    assert kinds["review"] == (FieldKind.CHANNEL, False)


async def test_a_platform_without_roles_is_not_asked_for_the_winners(world):
    assert "winner" not in {field.name for field in (await form_of(world, "roles")).fields}


# ------------------------------------------------------------------------------------ what was chosen holds


async def test_clips_are_asked_for_only_where_the_setup_says(world):
    world.platform.options = {Pick.CHANNEL: [Choice("c9", "#clips")]}
    await world.set_up(Setup(channels=Channels(("c9",))))
    assert "Clips are asked for in #clips" in (await world.ask(Create("A fox on skis", sport="luge"))).text
    assert await world.jobs() == []


async def test_clips_are_asked_for_only_by_whom_the_setup_names(world):
    world.platform.options = {Pick.ROLE: [Choice("r1", "Skiers")]}
    await world.set_up(Setup(roles=Roles(members=("r1",))))
    assert "only Skiers" in (await world.ask(Create("A fox on skis", sport="luge"))).text
    await world.ask(Create("A fox on skis", sport="luge"), replace(member(), roles=("r1",)))
    assert len(await world.jobs()) == 1


async def test_moderators_may_always_ask(world):
    await world.set_up(Setup(roles=Roles(members=("r1",))))
    await world.ask(Create("A fox on skis", sport="luge"), member(role=Role.MODERATOR))
    assert len(await world.jobs()) == 1


async def test_a_style_that_is_not_offered_is_refused_and_the_usual_one_is_an_offered_one(world):
    await world.set_up(Setup(allowance=Allowance(styles=("manga",))))
    assert "manga" in (await world.ask(Create("A fox on skis", sport="luge", style="realistic"))).text
    await world.ask(Create("A fox on skis", sport="luge"))
    (job,) = await world.jobs()
    assert job.request.style == "manga"


async def fields_of_compose(world, who=None):
    (form,) = (await world.ask(Compose(), who)).forms
    return {field.name: field for field in form.fields}


KEPT = Setup(allowance=Allowance(styles_kept=("realistic", "manga"), styles_for=("r1",), pictures_for=("r2",)))


async def test_the_form_for_a_clip_offers_the_styles_one_may_use_and_means_one_of_them(world):
    await world.set_up(Setup(allowance=Allowance(styles=("manga", "sci-fi"))))
    style = (await fields_of_compose(world))["style"]
    assert ([choice.value for choice in style.choices], style.value) == (["manga", "sci-fi"], "manga")


async def test_only_styles_that_are_offered_are_completed_and_that_from_the_moment_they_were_chosen(world):
    complete = completions([], world.house.offers.peek, world.house.offers.peek_styles)
    assert len(complete("style", "", "en", COMMUNITY)) == len(styles.styles())
    await submitted(world, "backend", styles="manga,sci-fi")
    assert [choice.value for choice in complete("style", "", "en", COMMUNITY)] == ["manga", "sci-fi"]


async def test_the_form_for_a_clip_sent_as_it_opened_is_taken_whatever_is_offered(world):
    await world.set_up(KEPT)
    values = {name: field.value for name, field in (await fields_of_compose(world)).items()}
    await world.ask(syntax.submit("create", values | {"prompt": "A fox", "sport": "luge"}))
    (job,) = await world.jobs()
    assert job.request.style not in KEPT.allowance.styles_kept


async def test_the_form_asks_for_no_picture_where_none_is_taken(world):
    await world.set_up(Setup(allowance=Allowance(pictures=False)))
    assert "image" not in await fields_of_compose(world)


async def test_a_style_kept_for_a_role_is_refused_to_others_with_whom_it_is_for(world):
    world.platform.options = {Pick.ROLE: [Choice("r1", "Painters")]}
    await world.set_up(KEPT)
    reply = await world.ask(Create("A fox on skis", sport="luge", style="manga"))
    assert ("Painters" in reply.text, await world.jobs()) == (True, [])
    await world.ask(Create("A fox on skis", sport="luge", style="manga"), replace(member(), roles=("r1",)))
    assert [job.request.style for job in await world.jobs()] == ["manga"]


async def test_pictures_kept_for_a_role_are_refused_to_others_with_whom_they_are_for(world):
    world.platform.options = {Pick.ROLE: [Choice("r2", "Portraitists")]}
    await world.set_up(KEPT)
    picture, rider = Attachment("a.png", b"\x89PNG fox"), replace(member(), roles=("r2",))
    reply = await world.ask(Create("A fox", sport="luge", image=picture))
    assert ("Portraitists" in reply.text, await world.jobs()) == (True, [])
    assert "image" not in await fields_of_compose(world)
    assert "image" in await fields_of_compose(world, rider)
    await world.ask(Create("A fox", sport="luge", image=picture), rider)
    assert len(await world.jobs()) == 1


async def test_what_is_kept_needs_somebody_to_keep_it_for_and_leaves_a_style_for_everybody(world):
    assert "who may use" in (await submitted(world, "extras", styles_kept="manga")).text
    everything = ",".join(style.slug for style in styles.styles())
    assert "everybody" in (await submitted(world, "extras", styles_kept=everything, styles_for="r1")).text
    await submitted(world, "extras", styles_kept="manga", styles_for="r1", pictures_for="r2")
    assert "everybody" in (await submitted(world, "backend", styles="manga")).text
    allowance = (await chosen(world)).allowance
    assert (allowance.styles_kept, allowance.styles_for, allowance.pictures_for) == (("manga",), ("r1",), ("r2",))


async def test_a_backend_kept_for_a_role_is_refused_to_others(world):
    await world.set_up(Setup(allowance=Allowance(backends=(("fake", "r1"),))))
    assert "may not use fake" in (await world.ask(Create("A fox", sport="luge", backend="fake"))).text
    await world.ask(Create("A fox", sport="luge", backend="fake"), replace(member(), roles=("r1",)))
    assert len(await world.jobs()) == 1


async def test_a_backend_kept_for_a_role_is_not_planned_for_others_either(world):
    await world.set_up(Setup(allowance=Allowance(backends=(("fake", "r1"),))))
    await world.ask(Create("A fox", sport="luge"))
    assert await world.jobs() == []


async def test_a_setup_may_offer_fewer_sports(world):
    await world.set_up(Setup(sports_off=("luge",)))
    assert "not offered here" in (await world.ask(Create("A fox", sport="luge"))).text
    (card,) = (await world.ask(Create("Something happens"))).told
    assert not [button for button in card.buttons if button.action.endswith(":luge")]


async def test_limits_of_the_community_stand_in_for_the_operators(world):
    await world.set_up(Setup(allowance=Allowance(daily=1, more=(("r1", 3),))))
    await world.ask(Create("A fox", sport="luge"))
    assert "limit" in (await world.ask(Create("A fox", sport="luge"))).text
    await world.ask(Create("A fox", sport="luge"), replace(member(), roles=("r1",)))
    assert len(await world.jobs()) == 2


async def test_no_more_of_a_community_is_drawn_at_a_time_than_its_share(world):
    await world.repos.communities.see(COMMUNITY, "Snow", world.clock.now())
    await world.set_up(Setup(allowance=Allowance(share=1)))
    for who in ("ada", "ben"):
        await world.ask(Create("A fox", sport="luge"), member(who))
    assert (len(await world.repos.jobs.running()), len(await world.repos.jobs.waiting())) == (1, 1)


async def test_help_shows_the_words_of_the_askers_role(world):
    texts = {role: (await world.ask(Help(), member("eve", role=role))).text for role in Role}
    assert ("/olympic review" in texts[Role.MEMBER], "/olympic admin setup" in texts[Role.MODERATOR]) == (False, False)
    assert "/olympic review" in texts[Role.MODERATOR]
    assert "/olympic admin setup" in texts[Role.ADMIN]


async def test_help_names_the_styles_and_backends_the_asker_may_use(world):
    await world.set_up(Setup(allowance=Allowance(styles=("manga", "sci-fi"), backends=(("fake", "r1"),))))
    texts = {roles: (await world.ask(Help(), replace(member(), roles=roles))).text for roles in [(), ("r1",)]}
    assert ("Manga" in texts[()], "Realistic" in texts[()]) == (True, False)
    assert ["fake" in text for text in texts.values()] == [False, True]


async def test_admins_see_the_line_and_the_money_in_their_status(world):
    assert "In line everywhere: 0" in (await world.ask(Status(), ADMIN)).text
    assert "In line everywhere" not in (await world.ask(Status())).text


async def test_admins_see_how_backends_are(world):
    await world.ask(Create("A fox", sport="luge"))
    text = (await world.ask(syntax.parse("admin backend"), ADMIN)).text
    assert "**fake** — ✅ ready" in text
    assert "being drawn: 1" in text


@pytest.mark.parametrize(("step", "says"), [("backend", "漫画"), ("sports", "リュージュ"), ("extras", "漫画")])
async def test_what_is_picked_in_a_form_is_called_as_in_the_readers_language(world, step, says):
    (form,) = (await world.ask(OpenSetup(step), replace(ADMIN, language="ja"))).forms
    assert any(says in choice.label for field in form.fields for choice in field.choices)


async def test_what_was_chosen_is_told_in_the_readers_language(world):
    await world.set_up(Setup(allowance=Allowance(styles=("manga",))))
    assert "漫画" in (await world.ask(OpenSetup(), replace(ADMIN, language="ja"))).text


async def test_admins_see_how_long_the_oldest_in_line_has_waited(world):
    await world.repos.communities.see(COMMUNITY, "Snow", world.clock.now())
    await world.set_up(Setup(allowance=Allowance(share=1)))
    for who in ("ada", "ben"):
        await world.ask(Create("A fox", sport="luge"), member(who))
    await world.clock.sleep(360)
    assert "longest wait: about 6 min" in (await world.ask(syntax.parse("admin backend"), ADMIN)).text


async def test_a_setup_that_names_an_admin_makes_one(world):
    await world.set_up(Setup(roles=Roles(admins=("ada",))))
    reply = Reply()
    await world.core.handle(asked(ChangeSetup("voting", {"nominate": "8"})), reply)
    assert (await chosen(world)).voting.nominate == 8
