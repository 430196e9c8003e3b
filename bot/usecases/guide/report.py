"""How those who draw are, and what it cost: for admins."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import span
from bot.locales import Words
from bot.model.backend import Capabilities
from bot.model.card import Button, Card, CardKind, Tone
from bot.model.command import Asked, Backends
from bot.model.job import Waiting
from bot.model.setup import Home
from bot.pipeline import estimate, purse
from bot.ports import Backend, Reply
from bot.usecases.guide.setup import seated
from bot.usecases.house import House


async def backends(house: House, asked: Asked, wish: Backends, reply: Reply) -> None:
    """Every backend with its state, its line and its usual time; what the community spent."""
    del wish
    desk = await seated(house, asked)
    say = desk.say
    able = await house.tools.able()
    lines = [await _line(house, name, one, able.get(name), say) for name, one in house.tools.backends.items()]
    faulty = len(able) < len(house.tools.backends) or any(one.resting for one in able.values())
    buttons = (
        Button("setup:backend", say("button.setup_step", step=say("step.backend")), "🖥️"),
        Button("setup:budget", say("button.setup_step", step=say("step.budget")), "💶"),
        Button("backends", say("button.look_again"), "🔄"),
    )
    tone = Tone.BAD if faulty else Tone.CALM
    spent = await spent_lines(house, desk.home, say)
    await reply.tell(Card(CardKind.LIST, say("backends.title"), (*lines, *spent), tone=tone, buttons=buttons))


async def queue_line(house: House, say: Words) -> str:
    """How many wait and how many are being drawn, everywhere."""
    jobs = house.tools.repos.jobs
    return say("report.queue", n=len(await jobs.waiting()), running=len(await jobs.running()))


async def spent_lines(house: House, home: Home, say: Words) -> list[str]:
    """What today and this month cost, beside what they may."""
    budget, limits = home.setup.budget, purse.limits(home.setup.budget)
    lines: list[str] = []
    for window in purse.WINDOWS:
        gone = purse.amount(await purse.spent(house.tools, home, window), budget)
        limit = limits.get(window)
        if limit is None:
            lines.append(say(f"report.spent_{window}", spent=gone))
        else:
            lines.append(say(f"report.spent_{window}_of", spent=gone, limit=purse.amount(limit, budget)))
    return lines


async def _line(house: House, name: str, backend: Backend, able: Capabilities | None, say: Words) -> str:
    jobs = house.tools.repos.jobs
    waiting = [job for job in await jobs.waiting() if job.backend == name]
    running = sum(job.backend == name for job in await jobs.running())
    state = await _state(backend, able, say)
    line = say("report.line", n=len(waiting), running=running) + _longest(house, waiting, say)
    usual = estimate.usual(await jobs.timings(name), able.typical_seconds) if able else None
    took = f" · {say('report.usual', usual=span(say, usual))}" if usual else ""
    price = f" · {purse_of(able, say)}" if able else ""
    return f"**{name}** — {state}\n{line}{took}{price}"


def _longest(house: House, waiting: Sequence[Waiting], say: Words) -> str:
    """How long the oldest of those in line has waited."""
    if not waiting:
        return ""
    seconds = (house.tools.clock.now() - min(job.created for job in waiting)).total_seconds()
    return f" · {say('report.longest', wait=span(say, (seconds, seconds)))}"


def purse_of(able: Capabilities, say: Words) -> str:
    """What a second costs, and what the operator lets be spent today."""
    if able.price is None:
        return say("plan.offer_free")
    price = say("report.price", price=f"{able.price.per_second.normalize():f} {able.price.currency}")
    return (
        price if able.left is None else f"{price} · {say('report.left', left=f'{able.left:f} {able.price.currency}')}"
    )


async def _state(backend: Backend, able: Capabilities | None, say: Words) -> str:
    """Up, resting and why, or not to be reached and why."""
    health = await backend.health()
    if able and able.resting:
        return f"⏸️ {say(able.resting)}"
    if able is None or not health.ok:
        return f"❌ {say('report.down')} {health.summary}"
    return f"✅ {say('report.up')}"
