"""Request × capabilities → a plan, or what is nearest to it. Pure: nothing is asked, nothing is spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bot import prompting
from bot.errors import Infeasible
from bot.model.backend import Capabilities, Lengths, Mode
from bot.model.plan import Plan, PlannedShot
from bot.model.request import Request, Size
from bot.sports import Shot, Sport
from bot.styles import Style

STORYBOARD_SHOTS: Final = 3
"""Shots a film is cut from at most when one call cannot hold it: three of five seconds make fifteen."""
QUICK: Final = 0.3
"""A storyboard's part of the time that a film takes."""
HAIR: Final = 0.5
"""Seconds a single call may draw too long: 81 frames at 16 fps are 5.06 s, and the rest is cut away."""
UNDERLAID: Final = "plan.audio_underlaid"
"""The approximation of a member's own sound: it is laid under the finished film instead of being acted to."""

UNDRAWN: Final = "plan.pictures_left"
"""The approximation of saved characters whose pictures one call has no room for: their names follow."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided. `chained`: a shot begins with the last picture of the one before, where the backend
    draws from words and from pictures; otherwise shots are drawn side by side and cut hard. `elsewhere`: what a
    resting backend cannot take goes to the next that can, instead of waiting."""

    preferred: str = ""
    chained: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A request with what its names stand for. `words`: the sentence as a model shall read it, if rewritten."""

    request: Request
    sport: Sport
    style: Style
    words: str = ""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What a model may start from, best first."""
        return (Mode.REFERENCE, Mode.IMAGE) if self.request.image else (Mode.TEXT,)


def plan(wish: Wish, backends: Mapping[str, Capabilities], rules: Rules | None = None) -> Plan:
    """The best feasible plan: on the named backend, else the preferred one, else the first that can.

    Raises `Infeasible` with the reason of the first backend that was tried.
    """
    rules = rules or Rules()
    named = wish.request.backend
    if named and named not in backends:  # a wish that waited for a choice may be older than the settings
        raise Infeasible(key="backend.gone", backend=named)
    names = [named] if named else _awake(ordered(backends, rules.preferred), backends, rules)
    reason = ""
    for name in names:
        made, why = plan_on(wish, name, backends[name], rules)
        if made:
            return made
        reason = reason or why
    raise Infeasible(reason, key=reason or "plan.no_backend", backend=names[0] if names else "")


def plan_on(wish: Wish, name: str, able: Capabilities, rules: Rules | None = None) -> tuple[Plan | None, str]:
    """The plan on one backend, or the catalogue key of why there is none. One call goes before several shots."""
    if not able.modes:
        return None, "plan.not_ready"
    if len(wish.request.prompt) > able.longest_prompt:
        return None, "plan.prompt_too_long"
    if wish.request.storyboard and not able.storyboards:
        return None, "plan.no_storyboard"
    modes = [mode for mode in wish.modes if mode in able.modes and (able.images or not wish.request.image)]
    if not modes:
        return None, "plan.no_mode"
    for mode in modes:
        if (seconds := _near(wish.request.seconds, able.modes[mode])) is not None:
            return _afforded(_priced(wish, name, able, (_whole(wish, able, mode, seconds),)), able)
    for mode in modes:
        if cut := shot_seconds(wish.request.seconds, able.modes[mode]):
            return _afforded(_priced(wish, name, able, _storyboard(wish, able, mode, cut, rules or Rules())), able)
    return None, "plan.no_length"


def _afforded(made: Plan, able: Capabilities) -> tuple[Plan | None, str]:
    """The plan, if the operator's budget has room for it."""
    return (None, "plan.over_budget") if able.left is not None and made.price > able.left else (made, "")


def _near(seconds: float, lengths: Lengths) -> float | None:
    """The length to order so that one call holds the whole film."""
    found = next((option for option in options(lengths) if option >= seconds - 1e-6), None)
    return found if found is not None and found <= seconds + HAIR else None


def shot_seconds(seconds: float, lengths: Lengths) -> tuple[float, ...]:
    """What the storyboard's shots must be ordered at so that together they hold `seconds`; empty when they cannot.

    The least that has to be drawn wins; of two ways alike the one with more shots.
    """
    ways: list[tuple[float, ...]] = []
    for count in range(2, STORYBOARD_SHOTS + 1):
        each = next((option for option in options(lengths) if option >= seconds / count - 1e-6), None)
        if each is not None:
            ways.append((each,) * count)
    return min(ways, key=lambda way: (sum(way), -len(way)), default=())


def options(lengths: Lengths) -> list[float]:
    """Every length that can be ordered, shortest first."""
    if lengths.only:
        return sorted(lengths.only)
    count = int((lengths.most - lengths.least) / lengths.step + 1e-6) + 1 if lengths.step > 0 else 1
    return [lengths.least + lengths.step * index for index in range(count)]


def ordered(backends: Mapping[str, Capabilities], preferred: str) -> list[str]:
    """The backends' names, the operator's favourite first."""
    return sorted(backends, key=lambda name: name != preferred)


def _awake(names: list[str], backends: Mapping[str, Capabilities], rules: Rules) -> list[str]:
    """Those that take orders now go first, where the operator lets work go elsewhere."""
    return sorted(names, key=lambda name: bool(backends[name].resting)) if rules.elsewhere else names


def _whole(wish: Wish, able: Capabilities, mode: Mode, seconds: float) -> PlannedShot:
    lines = [_line(shot, at) for shot, at in _timed(wish.sport.shots)] if able.multi_shot else []
    return _shot(wish, able, mode, 0, seconds, lines, wish.request.camera.value)


def _storyboard(
    wish: Wish, able: Capabilities, mode: Mode, cut: Sequence[float], rules: Rules
) -> tuple[PlannedShot, ...]:
    """One shot for each panel of the sport's storyboard. Identity comes from the same reference or first picture for
    all of them; where there is none, the operator may have each begin with the last picture of the one before."""
    chained = rules.chained and not wish.request.image and _chainable(able, cut)
    shots: list[PlannedShot] = []
    for index, (seconds, panel) in enumerate(zip(cut, _panels(wish.sport, len(cut)), strict=True)):
        follows = index - 1 if chained and index else None
        kind = Mode.IMAGE if follows is not None else mode
        shot = _shot(wish, able, kind, index, seconds, [f"{panel.camera}: {panel.action}."], panel.kind)
        shots.append(replace(shot, follows=follows))
    return tuple(shots)


def _chainable(able: Capabilities, cut: Sequence[float]) -> bool:
    lengths = able.modes.get(Mode.IMAGE)
    return bool(able.images) and lengths is not None and all(lengths.holds(seconds) for seconds in cut[1:])


def _panels(sport: Sport, count: int) -> Sequence[Shot]:
    """So many of the storyboard's panels; the last is always its end."""
    return (*sport.storyboard[: count - 1], sport.storyboard[-1])


def _shot(
    wish: Wish, able: Capabilities, mode: Mode, index: int, seconds: float, lines: Sequence[str], camera: str
) -> PlannedShot:
    return PlannedShot(
        index=index,
        prompt=_words(wish, lines, able.longest_prompt, _who(wish.request, mode)),
        negative=prompting.negative(wish.sport, wish.style, able.longest_negative),
        seconds=seconds,
        camera=camera,
        mode=mode,
        seed=(wish.request.seed + index) % 2**31,
        price=able.cost(mode, seconds),
    )


def _timed(shots: Sequence[Shot]) -> list[tuple[Shot, float]]:
    timed, at = list[tuple[Shot, float]](), 0.0
    for shot in shots:
        timed.append((shot, at))
        at += shot.seconds
    return timed


def _line(shot: Shot, at: float) -> str:
    return f"[{at:g}-{at + shot.seconds:g}s] {shot.camera}: {shot.action}."


def _words(wish: Wish, lines: Sequence[str], longest: int, who: str) -> str:
    """The prompt; a rewritten sentence that this model has no room for leaves the member's own."""
    words = wish.words if wish.words and len(wish.words) <= longest else wish.request.prompt
    return prompting.positive(words, wish.request.camera, wish.sport, wish.style, lines, longest, who)


def _who(request: Request, mode: Mode) -> str:
    """The name of the saved character a film begins with; where a model takes references, the backend names them."""
    first = next(iter(request.pictures), None)
    return first[0] if first and mode is Mode.IMAGE else ""


def most_pictures(mode: Mode, able: Capabilities) -> int:
    """How many pictures one call is given: what a film begins with is one."""
    return able.images if mode is Mode.REFERENCE else min(1, able.images)


def _priced(wish: Wish, name: str, able: Capabilities, shots: tuple[PlannedShot, ...]) -> Plan:
    part = QUICK if wish.request.storyboard else 1.0
    low, high = (seconds * part for seconds in able.typical_seconds)
    rounds = _rounds(shots, able)
    return Plan(
        backend=name,
        shots=shots,
        seconds=wish.request.seconds,
        size=wish.request.size,
        fps=24,
        price=sum((shot.price for shot in shots), Decimal(0)),
        currency=able.price.currency if able.price else "",
        usual=(low * rounds, high * rounds),
        sound_added=not able.native_audio,
        approximations=tuple(_approximations(wish, able, shots)),
    )


def _rounds(shots: Sequence[PlannedShot], able: Capabilities) -> int:
    """How often the backend draws one after another."""
    if any(shot.follows is not None for shot in shots):
        return len(shots)
    return -(-len(shots) // max(1, able.concurrency))


def _approximations(wish: Wish, able: Capabilities, shots: Sequence[PlannedShot]) -> Iterator[str]:
    """What will differ from the wish. A member's own sound is not heard in pieces, nor by a backend without ears."""
    if wish.request.audio and (not able.audio_input or len(shots) > 1):
        yield UNDERLAID
    elif not able.native_audio and not wish.request.audio:
        yield "plan.sound_added"
    left = wish.request.pictures[most_pictures(shots[0].mode, able) :]
    if names := ", ".join(f"@{name}" for name, _ in left if name):
        yield f"{UNDRAWN}:{names}"
    if len(shots) > 1:
        yield f"plan.cut_from_shots:{len(shots)}"
    if drawn_size(wish.request, able) != wish.request.size:
        yield "plan.resized"


def drawn_size(request: Request, able: Capabilities) -> Size:
    """The size to order: the one asked for, or the nearest the backend draws (the film is scaled afterwards)."""
    if request.size in able.sizes:
        return request.size
    area = request.size.width * request.size.height
    return min(able.sizes, key=lambda size: abs(size.width * size.height - area))
