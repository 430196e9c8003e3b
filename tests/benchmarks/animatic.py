"""The animator's pictures and sound in figures: does motion stay continuous, does a style boil, is it loud as
promised."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean, median

import cv2
import numpy as np

from backends.animatic.draw.actors import between
from backends.animatic.draw.styles import STYLES
from backends.animatic.film import Film, prepare, render_frame
from backends.animatic.motion import perform
from backends.animatic.sound import synthesise
from backends.animatic.sound.loudness import loudness, true_peak
from tests.benchmarks.gallery import ROOT, WORDS, brief

SPORTS = sorted(path.stem for path in (ROOT / "bot" / "sports").glob("*.toml"))
STRETCHES = ((60, 72), (170, 182), (300, 312))
"""Frames that are looked at one by one."""
SAMPLE = ("alpine-skiing", "figure-skating")
TALL = 180


def bench() -> list[tuple[str, str]]:
    rows = [("cuts, 16 sports: the largest jump of any joint in world time, mm", f"{_jump():.3f}")]
    for style in STYLES:
        warps, flickers = zip(*(_steadiness(sport, style) for sport in SAMPLE), strict=True)
        figures = f"{mean(warps):.1f} · {max(flickers):.2f}"
        rows.append((f"{style}: error after following the flow · flicker, grey levels", figures))
    heard = [_heard(sport) for sport in SPORTS]
    loud, peaks = [one for one, _ in heard], [peak for _, peak in heard]
    rows.append(("16 sports: LUFS, quietest · loudest", f"{min(loud):.1f} · {max(loud):.1f}"))
    rows.append(("16 sports: true peak, dBTP", f"{max(peaks):.1f}"))
    return rows


def _jump() -> float:
    """The film's time runs on over a cut: how far the athlete stands from where the shot before left off."""
    worst = 0.0
    for sport in SPORTS:
        film = perform(brief(sport, "realistic", "", TALL))
        joints = film.actors[0].joints
        for before, after in pairwise(film.shots):
            if not (before.replay or after.replay):
                jump = np.linalg.norm(between(joints, after.since) - between(joints, before.until), axis=-1)
                worst = max(worst, float(jump.max()))
    return worst * 1000


def _steadiness(sport: str, style: str) -> tuple[float, float]:
    """(mean error of a frame against the one before brought forward along the flow, median flicker of brightness)."""
    film = prepare(brief(sport, style, WORDS[style], TALL))
    errors, means = list[float](), list[float]()
    for first, last in STRETCHES:
        frames = [cv2.cvtColor(render_frame(film, index), cv2.COLOR_BGR2GRAY) for index in range(first, last)]
        within = [not _cut(film, index) for index in range(first + 1, last)]
        errors += [_warped(a, b) for (a, b), same in zip(pairwise(frames), within, strict=True) if same]
        bright = np.array([frame.mean() for frame in frames])
        means += np.abs(np.diff(bright, 2)).tolist()
    return mean(errors), median(means) / 2


def _cut(film: Film, index: int) -> bool:
    """Whether a shot begins with this frame."""
    return any(abs(shot.begin - index / film.brief.fps) < 0.5 / film.brief.fps for shot in film.performance.shots)


def _warped(a: np.ndarray, b: np.ndarray) -> float:
    """Mean difference in grey levels where the flow there and back agrees."""
    flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    there, back = flow.calc(a, b, None), flow.calc(b, a, None)
    y, x = np.mgrid[0 : a.shape[0], 0 : a.shape[1]].astype(np.float32)
    u, v = x + there[..., 0], y + there[..., 1]
    returned = cv2.remap(back, u, v, cv2.INTER_LINEAR)
    agrees = np.linalg.norm(there + returned, axis=-1) < 1.0
    brought = cv2.remap(b, u, v, cv2.INTER_LINEAR)
    return float(np.abs(a.astype(np.float32) - brought)[agrees].mean()) if agrees.any() else 0.0


def _heard(sport: str) -> tuple[float, float]:
    order = brief(sport, "realistic", "", TALL)
    wave = synthesise(perform(order), order.seconds, order.seed)
    return float(loudness(wave)), true_peak(wave)
