"""The processes that make one film: some draw, one looks and sounds, one encodes; none outlives the one that leads.

Render processes take the next free number and draw that picture into a slot of shared memory; the leader hands the
slots on in order. A semaphore bounds how far they may run ahead.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from multiprocessing import shared_memory
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from backends.animatic.colour import encode
from backends.animatic.film import Film, prepare, render_frame
from backends.animatic.scene import Brief

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOTS: Final = 32
"""Drawings that may wait for the encoder."""
PATIENCE: Final = 60.0
"""Seconds without a word from any process before the film is given up."""


Word = dict[str, Any]
"""News of a film, JSON-able."""


class DrawingFailed(Exception):
    """A render process or the encoder stopped; the message says which and why."""


class Team:
    """Everything that works for the leader; `kill` ends all of it at once."""

    def __init__(self) -> None:
        self.forks = sys.platform == "linux"
        self._context: Any = multiprocessing.get_context("fork" if self.forks else "spawn")
        self._children: list[Any] = []
        self._pipes: list[Any] = []
        self._aside: Any = None
        self._encoder: Popen[bytes] | None = None
        self._memory: shared_memory.SharedMemory | None = None
        self._lock = threading.RLock()
        self._ended = False
        self._ready: set[int] = set()
        self._shape = (0, 0)
        self._tail = b""

    def aside(self, task: Callable[..., Iterator[Word]], say: Callable[[Word], None], *words: object) -> None:
        """Start a task beside the leader's work. Where processes are forked it says itself what it has to say, for the
        leader is busy; elsewhere `await_aside` says it."""
        self._aside = self._start(_errand, task, say if self.forks else None, words)

    def await_aside(self, say: Callable[[Word], None]) -> None:
        """Wait for the end of the task started aside; say what it has not said."""
        while self._aside.poll(PATIENCE):
            word = _received(self._aside)
            if word is None:
                return
            say(word)
        raise DrawingFailed("the sound took longer than a minute")

    def _start(self, target: Callable[..., None], *words: object) -> Any:
        ours, theirs = self._context.Pipe(duplex=False)
        child = self._context.Process(target=target, args=(*words, theirs), daemon=True)
        child.start()
        theirs.close()
        self._children.append(child)
        return ours

    def draw(self, film: Film, processes: int) -> None:
        """Start the render processes."""
        height, width = film.brief.height * 3 // 2, film.brief.width
        self._shape = (height, width)
        self._memory = shared_memory.SharedMemory(create=True, size=SLOTS * height * width)
        self._free = self._context.Semaphore(SLOTS)
        self._following = self._context.Value("i", 0)  # kept, for a process that is not forked opens it by its name
        source = film if self.forks else film.brief
        for _ in range(max(1, processes)):
            shared = (self._memory.name, self._shape, self._free, self._following)
            self._pipes.append(self._start(_draw_frames, source, shared))

    def frame(self, index: int) -> np.ndarray:
        """Drawing `index` as I420 (height · 3 / 2, width), once it is there."""
        while index not in self._ready:
            self._hear()
        self._ready.discard(index)
        assert self._memory is not None
        return _slot(self._memory, self._shape, index)

    def release(self) -> None:
        """Let the oldest slot be drawn into again."""
        self._free.release()

    def _hear(self) -> None:
        ready = multiprocessing.connection.wait(self._pipes, timeout=PATIENCE)
        if not ready:
            raise DrawingFailed("a frame took longer than a minute")
        for pipe in ready:
            word = _received(pipe)
            if word is None:
                self._pipes.remove(pipe)
                if not self._pipes:
                    raise DrawingFailed("the render processes ended early")
            else:
                self._ready.add(word)

    def encode(self, argv: list[str]) -> Popen[bytes]:
        """Start the encoder."""
        with self._lock:
            if self._ended:
                raise DrawingFailed("stopped")
            self._encoder = Popen(argv, stdin=PIPE, stdout=DEVNULL, stderr=PIPE)
        threading.Thread(target=self._listen, args=(self._encoder,), daemon=True).start()
        return self._encoder

    def _listen(self, encoder: Popen[bytes]) -> None:
        assert encoder.stderr is not None
        while chunk := encoder.stderr.read(4096):
            self._tail = (self._tail + chunk)[-2000:]

    def complaint(self) -> str:
        """The last words of the encoder."""
        lines = self._tail.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"

    def finish(self, encoder: Popen[bytes]) -> None:
        """Wait for the encoder's end and give everything back."""
        assert encoder.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            encoder.stdin.close()
        if encoder.wait() != 0:
            raise DrawingFailed(f"the encoder failed: {self.complaint()}")
        for child in self._children:
            child.join(10)
        self._forget()

    def kill(self) -> None:
        """End every process at once."""
        with self._lock:
            self._ended = True
            for child in self._children:
                if child.pid is not None and child.is_alive():
                    child.kill()
            if self._encoder is not None and self._encoder.poll() is None:
                self._encoder.kill()
                self._encoder.wait()
        self._forget()

    def _forget(self) -> None:
        memory, self._memory = self._memory, None
        if memory is not None:
            memory.unlink()
            with contextlib.suppress(BufferError):  # a frame of it may still be on its way to the encoder
                memory.close()


def _received(pipe: Any) -> Any:
    """What came through a pipe; None at its end.

    :raises DrawingFailed: when the other side says that it failed.
    """
    try:
        word = pipe.recv()
    except EOFError:
        return None
    if isinstance(word, str):
        raise DrawingFailed(word)
    return word


def _slot(memory: shared_memory.SharedMemory, shape: tuple[int, int], index: int) -> np.ndarray:
    size = shape[0] * shape[1]
    return np.ndarray(shape, np.uint8, memory.buf, (index % SLOTS) * size)


def _errand(
    task: Callable[..., Iterator[Word]], say: Callable[[Word], None] | None, words: tuple[object, ...], pipe: Any
) -> None:
    _join()
    try:
        tell = say or pipe.send
        for word in task(*words):
            tell(word)
    except Exception as error:  # noqa: BLE001 - whatever it is, the leader must hear of it
        pipe.send(f"{type(error).__name__}: {error}")
    pipe.close()


def _draw_frames(source: Film | Brief, shared: tuple[Any, ...], pipe: Any) -> None:
    """A render process: make the next free drawing until none is left."""
    name, shape, free, following = shared
    _join()
    try:
        film = prepare(source) if isinstance(source, Brief) else source
        memory = shared_memory.SharedMemory(name=name)
        gc.freeze()  # what was prepared stays: no need to look through it for waste again and again
        while (index := _next(free, following)) < film.drawings:
            encode(render_frame(film, index * film.brief.hold), _slot(memory, shape, index))
            pipe.send(index)
        free.release()
        memory.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, the leader must hear of it
        pipe.send(f"drawing failed: {type(error).__name__}: {error}")
    pipe.close()


def _next(free: Any, following: Any) -> int:
    """Wait for a free slot and take the next drawing's number."""
    free.acquire()
    with following.get_lock():
        index = int(following.value)
        following.value = index + 1
    return index


def _join() -> None:
    """Be a process that ends as soon as the one that started it is gone, however it went."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    cv2.setNumThreads(1)
    parent = multiprocessing.parent_process()
    assert parent is not None
    sentinel = parent.sentinel

    def watch() -> None:
        multiprocessing.connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
