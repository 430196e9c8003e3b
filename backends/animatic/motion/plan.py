"""Which camera sees which stretch of the run: from a sport's cuts to frames and world times."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backends.animatic.motion.act import PRESETS, Act, Cut
from backends.animatic.scene import RATE

if TYPE_CHECKING:
    from backends.animatic.scene import Brief

SINGLE: Final = ("follow", "low", "front", "overhead", "athlete", "crane", "side")
"""Kinds of camera a brief may favour."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cut with its frames `first` ≤ i < `last` of the clip and its world times."""

    cut: Cut
    first: int
    last: int
    since: float
    until: float


def favour(cuts: tuple[Cut, ...], kind: str, key: int) -> tuple[Cut, ...]:
    """The cuts with as many as possible given to one kind, seen from another angle each time; three kinds remain."""
    if kind not in SINGLE:
        return cuts
    keep = {0, key} if cuts[key].kind != kind else {0, len(cuts) - 2}
    own = next((cut for cut in cuts if cut.kind == kind), PRESETS[kind])
    result: list[Cut] = []
    for index, cut in enumerate(cuts):
        if index in keep or cut.kind == kind:
            result.append(cut)
            continue
        turn = (-1.0) ** index
        angle = own.azimuth if kind in {"athlete", "front"} else turn * own.azimuth
        result.append(
            replace(
                own,
                share=cut.share,
                rate=cut.rate,
                replay=cut.replay,
                azimuth=angle + 6 * index,
                orbit=turn * own.orbit,
            )
        )
    return tuple(result)


def slots(act: Act, brief: Brief) -> tuple[Slot, ...]:
    """The film's shots: all its frames, no world time lost between two of them, the decisive moment in its cut."""
    cuts = favour(act.cuts, brief.camera, act.key)
    frames = _frames(cuts, round(brief.seconds * brief.fps))
    lengths = [(last - first) / brief.fps * cut.rate for cut, (first, last) in zip(cuts, frames, strict=True)]
    live = [0.0 if cut.replay else length for cut, length in zip(cuts, lengths, strict=True)]
    before = sum(live[: act.key]) + act.hinge * live[act.key]
    after = sum(live) - before
    end = (len(act.speed) - 1) / RATE
    pace = min(1.0, act.decisive / max(before, 1e-6), (end - act.decisive) / max(after, 1e-6))
    now = max(0.0, act.decisive - before * pace)
    result: list[Slot] = []
    for cut, (first, last), length in zip(cuts, frames, lengths, strict=True):
        since = max(0.0, now - length * pace) if cut.replay else now
        now = now if cut.replay else min(now + length * pace, end)
        if last > first:
            result.append(Slot(cut, first, last, since, now))
    return tuple(result)


def _frames(cuts: tuple[Cut, ...], total: int) -> list[tuple[int, int]]:
    whole = sum(cut.share for cut in cuts)
    edges, spent = [0], 0.0
    for cut in cuts:
        spent += cut.share
        edges.append(round(total * spent / whole))
    return list(pairwise(edges))
