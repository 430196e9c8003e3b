"""The job's card as a live line in the terminal, as plain lines where there is none, or as JSON lines for scripts."""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from bot.model.card import Card


class Screen(ABC):
    """Shows a job as it goes, between being entered and left."""

    @abstractmethod
    def show(self, card: Card) -> None:
        """The newest state."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:  # noqa: B027  # most have nothing to close
        """Whatever was opened is closed."""


class Bar(Screen):
    """A progress bar on stderr with stage, percent and time left."""

    def __init__(self, title: str) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[words]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._title = title
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task(self._title, total=None, words="")
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, card: Card) -> None:
        """Move the bar."""
        if self._task is None or card.progress is None:
            return
        fraction, words = card.progress.fraction, card.progress.words
        total = None if fraction is None else 1.0
        self._progress.update(self._task, description=card.title, total=total, completed=fraction or 0.0, words=words)


class Steps(Screen):
    """One line on stderr for each stage that is reached, where there is no terminal to move a bar in."""

    def __init__(self) -> None:
        self._stage = ""

    def show(self, card: Card) -> None:
        """Print the stage unless it stands there already."""
        if card.progress is not None and card.title != self._stage:
            self._stage = card.title
            sys.stderr.write(f"{card.title} · {card.progress.words}\n")
            sys.stderr.flush()


class Lines(Screen):
    """One JSON object a line on stdout."""

    def show(self, card: Card) -> None:
        """Print progress."""
        if card.progress is not None:
            say(
                {
                    "event": "progress",
                    "fraction": card.progress.fraction,
                    "stage": card.title,
                    "words": card.progress.words,
                }
            )


def screen(title: str, *, json: bool) -> Screen:
    """The one that fits where the output goes."""
    if json:
        return Lines()
    return Bar(title) if sys.stderr.isatty() else Steps()


def say(event: dict[str, object]) -> None:
    """One JSON object on stdout, at once; in ASCII, which every terminal and pipe can carry."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
