"""Contact sheets of the built-in animator: `python -m tests.benchmarks.gallery [--sport S] [--style S] [--out DIR]`.

Writes one sheet of four frames for every sport and style, and with `--keep` the small set the documentation shows.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from backends.animatic.draw.styles import STYLES
from backends.animatic.film import prepare, render_frame
from backends.animatic.scene import Brief

ROOT = Path(__file__).parents[2]
FRAMES = (36, 110, 190, 345)
WORDS = {
    "realistic": "a red skier at noon",
    "van-gogh": "a yellow champion at dusk",
    "manga": "a red champion in a snowstorm",
    "sci-fi": "a cyan rider at night",
    "watercolour": "a fox at dawn",
    "pictogram": "an orange champion at noon",
}


@dataclass(frozen=True)
class Choice:
    """One picture to keep: a sport, a style, a sentence, a frame."""

    name: str
    sport: str
    style: str
    prompt: str
    frame: int
    seed: int = 7


KEPT = (
    Choice("hero", "ski-jumping", "realistic", "A fox leaps from the large hill at dusk", 205),
    Choice("realistic", "alpine-skiing", "realistic", "A red racer cuts the gates at dawn", 172),
    Choice("van-gogh", "ski-mountaineering", "van-gogh", "A climber reaches the ridge at dusk", 160),
    Choice("manga", "alpine-skiing", "manga", "A red racer at full speed", 172),
    Choice("sci-fi", "ski-jumping", "sci-fi", "A cyan jumper over the city at night", 200),
    Choice("watercolour", "cross-country-skiing", "watercolour", "Cross-country in the snow at dawn", 160),
    Choice("pictogram", "speed-skating", "pictogram", "An orange skater", 190),
)


def brief(sport: str, style: str, prompt: str, height: int, seed: int = 7) -> Brief:
    """A brief for a sport of the product's own."""
    words = tomllib.loads((ROOT / "bot" / "sports" / f"{sport}.toml").read_text())
    options = words.get("staging_options", {})
    return Brief(
        prompt, sport, words["names"]["en"], words["staging"], options, style, "multi", seed, height * 16 // 9, height
    )


def sheet(sport: str, style: str, height: int, folder: Path) -> Path:
    """Four frames of a sport in a style, two by two."""
    film = prepare(brief(sport, style, WORDS[style], height))
    frames = [render_frame(film, index) for index in FRAMES]
    path = folder / f"{sport}-{style}.jpg"
    picture = np.vstack([np.hstack(frames[:2]), np.hstack(frames[2:])])
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return path


def keep(choice: Choice, folder: Path) -> Path:
    """One frame for the documentation, the hero large and below 200 KB."""
    hero = choice.name == "hero"
    film = prepare(brief(choice.sport, choice.style, choice.prompt, 720, choice.seed))
    image = render_frame(film, choice.frame)
    if not hero:
        image = cv2.resize(image, (960, 540), interpolation=cv2.INTER_AREA)
    path = folder / f"{choice.name}.jpg"
    for quality in (88, 80, 72, 64):
        cv2.imwrite(str(path), image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if path.stat().st_size < 200_000:
            break
    return path


def main() -> None:
    """Write the sheets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sport", action="append")
    parser.add_argument("--style", action="append", choices=sorted(STYLES))
    parser.add_argument("--out", type=Path, default=ROOT / "gallery-out")
    parser.add_argument("--height", type=int, default=360)
    parser.add_argument("--keep", action="store_true", help="write docs/gallery instead")
    parser.add_argument("--jobs", type=int, default=2)
    words = parser.parse_args()
    folder = ROOT / "docs" / "gallery" if words.keep else words.out
    folder.mkdir(parents=True, exist_ok=True)
    sports = words.sport or sorted(path.stem for path in (ROOT / "bot" / "sports").glob("*.toml"))
    with ProcessPoolExecutor(words.jobs) as pool:
        if words.keep:
            jobs = [pool.submit(keep, choice, folder) for choice in KEPT]
        else:
            jobs = [
                pool.submit(sheet, sport, style, words.height, folder)
                for style in words.style or STYLES
                for sport in sports
            ]
        for job in jobs:
            sys.stdout.write(f"{job.result()}\n")


if __name__ == "__main__":
    main()
