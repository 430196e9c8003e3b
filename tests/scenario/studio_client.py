"""Drives a running `olympic up` through the studio's own addresses, as a browser without scripts would."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

import httpx

from tests.fakes import PATIENCE


class Client:
    """One process and one browser."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        home = url.split("/?")[0]
        headers = {"origin": home, "sec-fetch-site": "same-origin"}
        self.browser = httpx.Client(base_url=home, headers=headers, follow_redirects=True, timeout=PATIENCE)
        self.browser.get(url)

    @classmethod
    @contextmanager
    def started(cls, command: Sequence[str], environment: dict[str, str]) -> Iterator[Self]:
        """A process whose first line with an address is its studio's; ended at the end."""
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        )
        try:
            assert process.stdout is not None
            url = next(found for line in process.stdout if (found := re.search(r"http://\S+token=\S+", line)))
            yield cls(process, url.group())
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(timeout=PATIENCE)

    def say(self, words: str) -> None:
        self.browser.post("/say", data={"text": words}, headers={"accept": "application/json"}).raise_for_status()

    def press(self, action: str) -> None:
        self.browser.post("/press", data={"action": action}, headers={"accept": "application/json"}).raise_for_status()

    def page(self) -> str:
        return self.browser.get("/").text

    def progress(self) -> float:
        return max((float(value) for value in re.findall(r'<progress[^>]*value="([\d.]+)"', self.page())), default=0.0)

    def videos(self) -> list[str]:
        return re.findall(r'<video[^>]*src="(/media/[0-9a-f]+)"', self.page())

    def actions(self) -> list[str]:
        return re.findall(r'name="action" value="([^"]+)"', self.page())

    def wait_for_progress(self, least: float, seconds: float = 240.0) -> None:
        self._wait(lambda: self.progress() >= least, seconds)

    def wait_for_video(self, count: int = 1, seconds: float = 240.0) -> list[str]:
        self._wait(lambda: len(self.videos()) >= count, seconds)
        return self.videos()

    def _wait(self, true, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, self.page()
            time.sleep(0.1)
