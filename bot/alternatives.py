"""What can be done instead: the feasible plans nearest to a request that is not, as choices to press. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from bot import planner
from bot.model.backend import Capabilities, Mode
from bot.model.plan import Alternative, Plan
from bot.model.request import HD
from bot.planner import STORYBOARD_SHOTS, UNDERLAID, Rules, Wish

MOST: Final = 4
"""Choices offered at once: few enough to read."""
SHORTEST: Final = 2.0
"""Seconds under which a film is no film."""


@dataclass(frozen=True, slots=True)
class _Try:
    """One change of a request. `far`: how much of the wish it gives up."""

    far: int
    backend: str
    seconds: float
    picture: bool
    whole: bool
    """A film is drawn in full although a storyboard was asked for."""
    order: int
    """Where the backend stands in the operator's order."""


def nearest(wish: Wish, backends: Mapping[str, Capabilities], rules: Rules | None = None) -> list[Alternative]:
    """The nearest feasible plans, the least change first: another backend, a whole film instead of a storyboard, a
    shorter film, no picture.

    A request with the member's own sound that would only be laid under the film is offered both ways.
    """
    rules = rules or Rules()
    found: list[Alternative] = []
    for attempt in sorted(_tries(wish, backends, rules), key=_rank):
        made, _ = planner.plan_on(_changed(wish, attempt), attempt.backend, backends[attempt.backend], rules)
        if made and not any(_lesser(made, attempt, other) for other in found):
            found.append(_alternative(wish, attempt, made, several=len(backends) > 1))
    return _varied(found)


def misses_sound(plan: Plan, near: Sequence[Alternative]) -> bool:
    """Whether the plan only underlays the member's own sound although its backend could act to it another way."""
    if UNDERLAID not in plan.approximations:
        return False
    return any(one.plan.backend == plan.backend and UNDERLAID not in one.plan.approximations for one in near)


def _tries(wish: Wish, backends: Mapping[str, Capabilities], rules: Rules) -> Iterator[_Try]:
    request = wish.request
    for order, name in enumerate(planner.ordered(backends, request.backend or rules.preferred)):
        other = 1 if request.backend and request.backend != name else 0
        for picture, whole in product({bool(request.image), False}, {request.storyboard, False}):
            lost = (4 if request.image and not picture else 0) + (2 if whole else 0)
            for seconds in _lengths(request.seconds, backends[name], picture=picture):
                shorter = 2 if seconds < request.seconds else 0
                yield _Try(other + shorter + lost, name, seconds, picture, whole, order)


def _rank(attempt: _Try) -> tuple[int, float, int]:
    return attempt.far, -attempt.seconds, attempt.order


def _lengths(wished: float, able: Capabilities, *, picture: bool) -> set[float]:
    """The wished length, and for each mode the longest a single call and a whole storyboard hold below it."""
    modes = (Mode.REFERENCE, Mode.IMAGE) if picture else (Mode.TEXT,)
    lengths = [planner.options(able.modes[mode]) for mode in modes if mode in able.modes]
    longest = [times * options[-1] for options in lengths for times in (1, STORYBOARD_SHOTS)]
    below = [seconds for options in lengths for seconds in options if seconds < wished][-1:]
    shorter = {float(int(seconds)) for seconds in (*longest, *below) if seconds < wished}
    return {wished, *(seconds for seconds in shorter if seconds >= SHORTEST)}


def _changed(wish: Wish, attempt: _Try) -> Wish:
    request = replace(wish.request, backend=attempt.backend, seconds=attempt.seconds)
    request = request if attempt.picture else replace(request, image=None)
    return replace(wish, request=replace(request, storyboard=False, size=HD) if attempt.whole else request)


def _lesser(plan: Plan, attempt: _Try, other: Alternative) -> bool:
    """Whether another choice gives the same in every way and is no shorter."""
    return other.plan.seconds >= plan.seconds and (
        other.plan.backend,
        ("image", "") in other.changes,
        ("storyboard", "") in other.changes,
        len(other.plan.shots) > 1,
        UNDERLAID in other.plan.approximations,
    ) == (
        plan.backend,
        not attempt.picture,
        attempt.whole,
        len(plan.shots) > 1,
        UNDERLAID in plan.approximations,
    )


def _varied(found: list[Alternative]) -> list[Alternative]:
    """The first few; one that acts to the member's own sound is never crowded out."""
    kept = found[:MOST]
    spoken = next((one for one in found if UNDERLAID not in one.plan.approximations), None)
    if len(found) > MOST and spoken and spoken not in kept:
        kept[-1] = spoken
    return kept


def _alternative(wish: Wish, attempt: _Try, plan: Plan, *, several: bool) -> Alternative:
    request = wish.request
    words = ["plan.offer_seconds"]
    if request.storyboard:
        words.append("plan.offer_whole" if attempt.whole else "plan.offer_storyboard")
    if request.image:
        words.append("plan.offer_picture" if attempt.picture else "plan.offer_no_picture")
    if request.audio:
        words.append("plan.offer_underlaid" if UNDERLAID in plan.approximations else "plan.offer_own_sound")
    if len(plan.shots) > 1:
        words.append("plan.offer_shots")
    if several:
        words.append("plan.offer_backend")
    facts = (("seconds", f"{attempt.seconds:g}"), ("backend", attempt.backend), ("shots", str(len(plan.shots))))
    return Alternative(tuple(words), facts, plan, _changes(attempt))


def _changes(attempt: _Try) -> tuple[tuple[str, str], ...]:
    return (
        ("backend", attempt.backend),
        ("seconds", f"{attempt.seconds:g}"),
        *(() if attempt.picture else (("image", ""),)),
        *((("storyboard", ""), ("size", "720p")) if attempt.whole else ()),
    )
