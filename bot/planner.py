"""Request × capabilities → a plan, or what is nearest to it. Pure: nothing is asked, nothing is spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot import prompting
from bot.errors import Infeasible
from bot.model.backend import Capabilities, Mode
from bot.model.plan import Plan, PlannedShot
from bot.model.request import Request, Size
from bot.sports import Shot, Sport
from bot.styles import Style

STORYBOARD_SHOTS: Final = 3
"""Shots a film is cut from when one call cannot hold it: three of five seconds make fifteen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A request with what its names stand for."""

    request: Request
    sport: Sport
    style: Style

    @property
    def mode(self) -> Mode:
        """What a model would start from."""
        return Mode.IMAGE if self.request.image else Mode.TEXT


def plan(wish: Wish, backends: Mapping[str, Capabilities], preferred: str = "") -> Plan:
    """The best feasible plan: on the named backend, else the preferred one, else the first that can.

    Raises `Infeasible` with the reason of the first backend that was tried.
    """
    named = wish.request.backend
    if named and named not in backends:  # a wish that waited for a choice may be older than the settings
        raise Infeasible(key="backend.gone", backend=named)
    names = [named] if named else _ordered(backends, preferred)
    reason = ""
    for name in names:
        made, why = plan_on(wish, name, backends[name])
        if made:
            return made
        reason = reason or why
    raise Infeasible(reason, key=reason or "plan.no_backend", backend=names[0] if names else "")


def plan_on(wish: Wish, name: str, able: Capabilities) -> tuple[Plan | None, str]:
    """The plan on one backend, or the catalogue key of why there is none."""
    if len(wish.request.prompt) > able.longest_prompt:
        return None, "plan.prompt_too_long"
    mode, notes = _mode(wish, able)
    if mode is None:
        return None, "plan.no_mode"
    lengths = able.modes[mode]
    if lengths.holds(wish.request.seconds):
        shots = (_whole(wish, able, mode),)
    else:
        each = shot_seconds(wish.request.seconds, able, mode)
        if each is None:
            return None, "plan.no_length"
        shots = _storyboard(wish, able, mode, each)
        notes.append("plan.cut_from_shots")
    return _priced(wish, name, able, shots, notes), ""


def shot_seconds(seconds: float, able: Capabilities, mode: Mode) -> float | None:
    """What each storyboard shot must be ordered at so that together they hold `seconds`, or None.

    A backend that draws a hair over five seconds (81 frames at 16 fps are 5.06 s) is as good as five.
    """
    lengths = able.modes[mode]
    need = seconds / STORYBOARD_SHOTS
    options = sorted(lengths.only) if lengths.only else _steps(lengths.least, lengths.most, lengths.step)
    return next((option for option in options if option >= need - 1e-6), None)


def _steps(least: float, most: float, step: float) -> list[float]:
    count = int((most - least) / step + 1e-6) + 1 if step > 0 else 1
    return [least + step * index for index in range(count)]


def _ordered(backends: Mapping[str, Capabilities], preferred: str) -> list[str]:
    return sorted(backends, key=lambda name: name != preferred)


def _mode(wish: Wish, able: Capabilities) -> tuple[Mode | None, list[str]]:
    """The mode to draw in, and what is approximated by it."""
    notes: list[str] = []
    if wish.request.audio and not able.audio_input:
        notes.append("plan.audio_underlaid")
    if not able.native_audio and not wish.request.audio:
        notes.append("plan.sound_added")
    if wish.mode is Mode.TEXT:
        return (Mode.TEXT if Mode.TEXT in able.modes else None), notes
    for mode in (Mode.REFERENCE, Mode.IMAGE):
        if mode in able.modes and able.images:
            return mode, notes
    if Mode.TEXT in able.modes and able.images:
        return Mode.TEXT, notes
    return None, notes


def _whole(wish: Wish, able: Capabilities, mode: Mode) -> PlannedShot:
    lines = [_line(shot, at) for shot, at in _timed(wish.sport.shots)] if able.multi_shot else []
    return _shot(wish, able, mode, 0, wish.request.seconds, lines, wish.request.camera.value)


def _storyboard(wish: Wish, able: Capabilities, mode: Mode, each: float) -> tuple[PlannedShot, ...]:
    """One shot for each panel of the sport's storyboard; a reference still gives all of them the same identity."""
    panels = wish.sport.storyboard[:STORYBOARD_SHOTS]
    return tuple(
        _shot(wish, able, mode, index, each, [f"{panel.camera}: {panel.action}."], panel.kind)
        for index, panel in enumerate(panels)
    )


def _shot(
    wish: Wish, able: Capabilities, mode: Mode, index: int, seconds: float, lines: Sequence[str], camera: str
) -> PlannedShot:
    return PlannedShot(
        index=index,
        prompt=prompting.positive(wish.request, wish.sport, wish.style, lines, able.longest_prompt),
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


def _priced(wish: Wish, name: str, able: Capabilities, shots: tuple[PlannedShot, ...], notes: Sequence[str]) -> Plan:
    rounds = -(-len(shots) // max(1, able.concurrency))
    low, high = able.typical_seconds
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
        approximations=(*notes, *(("plan.resized",) if drawn_size(wish.request, able) != wish.request.size else ())),
    )


def drawn_size(request: Request, able: Capabilities) -> Size:
    """The size to order: the one asked for, or the nearest the backend draws (the film is scaled afterwards)."""
    if request.size in able.sizes:
        return request.size
    area = request.size.width * request.size.height
    return min(able.sizes, key=lambda size: abs(size.width * size.height - area))
