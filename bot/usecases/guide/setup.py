"""The guided setup: look at it, open a step, choose. Every change is checked, kept whole or not at all, and on the
record with what was before and after."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import BadSetting, Changed, NotAllowed, NotFound
from bot.locales import Words, words
from bot.model.command import Asked, ChangeSetup, OpenSetup
from bot.model.people import Role
from bot.model.setup import Act, AuditLine, Home, Setup
from bot.ports import Platform, Reply
from bot.usecases.guide import checks, drawn, steps
from bot.usecases.guide.checks import PICKS
from bot.usecases.guide.drawn import Names
from bot.usecases.guide.plain import differing
from bot.usecases.guide.steps import Known, Step
from bot.usecases.house import House
from bot.usecases.known import account_key
from bot.usecases.offered import called


@dataclass(frozen=True)
class Desk:
    """What an admin's answer is made from."""

    home: Home
    known: Known
    names: Names
    platform: Platform | None
    say: Words

    def step(self, name: str) -> Step:
        """The step with this name. Raises `NotFound`."""
        found = steps.find(self.known, name)
        if found is None:
            near = ", ".join(step.name for step in steps.steps(self.known))
            raise NotFound(key="refusal.no_such_step", said=name[:40], near=near)
        return found


async def open_setup(house: House, asked: Asked, wish: OpenSetup, reply: Reply) -> None:
    """Everything that is chosen here; with a step, its form."""
    desk = await seated(house, asked)
    if not wish.step:
        all_steps = steps.steps(desk.known)
        lacking = [fault for step in all_steps for fault in await _lacking(desk, step)]
        await reply.tell(drawn.overview(all_steps, desk.home.setup, desk.names, lacking, desk.say))
        return
    step = desk.step(wish.step)
    typed = house.typed.drop(_kept(asked, step))
    await reply.ask(drawn.form(step, desk.home.setup, desk.home.version, desk.names, typed, desk.say))


async def change_setup(house: House, asked: Asked, wish: ChangeSetup, reply: Reply) -> None:
    """Choose what a step asks, and say at once what the bot lacks for it. What cannot be taken is kept for the form."""
    desk = await seated(house, asked)
    step = desk.step(wish.step)
    values = {setting.name: "" for setting in step.settings} if wish.whole else {}
    values |= {name: said for name, said in wish.values.items() if name in step.texts(desk.home.setup)}
    try:
        if wish.version is not None and wish.version != desk.home.version:
            raise Changed(str(wish.version))
        after = steps.applied(step, desk.home.setup, values, desk.say)
        await _try_emoji(desk, asked, after)
        home = await keep(house, asked, desk.home, after, step.name)
    except (BadSetting, Changed) as error:
        house.typed.put(_kept(asked, step), values)
        await reply.tell(drawn.rejected(step, desk.say(error.sentence, **error.facts), desk.say))
        return
    house.typed.drop(_kept(asked, step))
    desk = await seated(house, asked, home)
    told = drawn.line(step, home.setup, desk.names, desk.say)
    await reply.tell(drawn.saved(step, _next(desk, step), told, await _lacking(desk, step), desk.say))


async def seated(house: House, asked: Asked, home: Home | None = None) -> Desk:
    """Everything an admin's answer needs. Raises `NotAllowed` for whoever is none."""
    admins_only(asked)
    home = home or await house.tools.repos.communities.get(asked.member.community)
    platform = house.tools.platforms.get(home.community.platform)
    say = words(asked.member.language)
    roles = platform is None or platform.traits.roles
    known = Known(tuple(house.tools.backends), await house.offers.of(home), roles)
    names = {kind: await called(platform, home.community, pick, say.language) for kind, pick in PICKS.items()}
    return Desk(home, known, names, platform, say)


def admins_only(asked: Asked) -> None:
    """Raise `NotAllowed` for whoever is no admin here."""
    if asked.member.role < Role.ADMIN:
        raise NotAllowed(key="refusal.admins_only")


async def keep(house: House, asked: Asked, home: Home, setup: Setup, step: str, act: Act = Act.SETUP) -> Home:
    """Write a setup with what changed on the record; nothing that is as it was is written. Raises `Changed`."""
    if setup == home.setup:
        return home
    line = noted(house, asked, act, step, *differing(home.setup, setup))
    changed = await house.tools.repos.communities.change(home, setup, line)
    house.engine.shares.forget()
    await house.offers.of(changed)
    return changed


def noted(house: House, asked: Asked, act: Act, subject: str, before: str, after: str) -> AuditLine:
    """What an admin did, for the record."""
    actor = account_key(house, asked.member.community, asked.member.id)
    return AuditLine(house.tools.clock.now(), asked.member.community, actor, act, subject, before, after)


async def _lacking(desk: Desk, step: Step) -> list[str]:
    return await checks.lacking(desk.platform, desk.home, step, desk.say) if desk.platform else []


async def _try_emoji(desk: Desk, asked: Asked, after: Setup) -> None:
    """A new emoji must be one that the bot itself may react with."""
    if desk.platform and after.voting.emoji != desk.home.setup.voting.emoji:
        await checks.usable(desk.platform, asked.place, after.voting.emoji)


def _next(desk: Desk, step: Step) -> Step | None:
    """The next step that was not answered yet."""
    all_steps = steps.steps(desk.known)
    at = [one.name for one in all_steps].index(step.name)
    round_from_here = (*all_steps[at + 1 :], *all_steps[:at])
    return next((one for one in round_from_here if one.name not in desk.home.setup.done), None)


def _kept(asked: Asked, step: Step) -> str:
    return f"{asked.member.community}/{asked.member.id}/{step.name}"
