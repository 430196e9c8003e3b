"""Renders and encodes one film with one process a core; nothing it starts outlives it.

Render processes take the next free frame number, draw it into a slot of shared memory and say so; the main process
feeds the slots in order to the encoder while others are drawn. The sound is synthesised by a render process first.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing import shared_memory
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from backends.animatic.film import Film, prepare, render_frame, smaller
from backends.animatic.sound import synthesise, write_wav

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import BaseContext

    from backends.animatic.scene import Brief

SLOTS: Final = 24
"""Frames that may wait for the encoder."""
LOOK_EVERY: Final = 2.0
"""Seconds between preview pictures."""
LOOK_TALL: Final = 270

Say = "Callable[[dict[str, Any]], None]"


class DrawingFailed(Exception):
    """A render process or the encoder stopped; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to make: `encode` is an encoder's argv that reads raw I420 frames on its stdin and the WAV at `sound`,
    and writes `out`; `preview` a JPEG to keep rewriting."""

    brief: Brief
    encode: list[str]
    out: str
    sound: str
    preview: str | None
    processes: int


def render(order: Order, say: Callable[[dict[str, Any]], None], team: Team, started: Callable[[], None]) -> None:
    """Make the film of an order, telling each step through `say`; `started` is called once all processes run.

    :raises DrawingFailed: when anything it started failed.
    """
    if order.preview:
        first_look(order, say)
    film = prepare(order.brief)
    for note in film.notes:
        say({"stage": "note", "message": note})
    say({"stage": "drawing", "done": 0, "total": film.frames})
    team.start(film, order)
    started()
    team.await_sound()
    encoder = team.encode(order.encode)
    _feed(film, order, team, encoder, say)
    team.finish(encoder)


def first_look(order: Order, say: Callable[[dict[str, Any]], None]) -> None:
    """A small picture of the film's best moment within a second."""
    film = prepare(smaller(order.brief, 180))
    _write_look(order.preview, render_frame(film, int(film.frames * 0.45)))
    say({"stage": "preview", "done": 0, "total": film.frames})


def _write_look(path: str | None, image: np.ndarray) -> None:
    if path is None:
        return
    width = round(image.shape[1] * LOOK_TALL / image.shape[0])
    small = cv2.resize(image, (width, LOOK_TALL), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 82])
    fresh = Path(path + ".new")
    fresh.write_bytes(data.tobytes())
    fresh.replace(path)


def _feed(film: Film, order: Order, team: Team, encoder: Popen[bytes], say: Callable[[dict[str, Any]], None]) -> None:
    """Hand frames to the encoder in order; tell progress four times a second and show a picture now and then."""
    told = looked = time.monotonic()
    assert encoder.stdin is not None
    for index in range(film.frames):
        frame = team.frame(index)
        try:
            encoder.stdin.write(frame.reshape(-1).data)
        except BrokenPipeError as error:
            raise DrawingFailed(f"the encoder stopped: {team.complaint()}") from error
        now = time.monotonic()
        if order.preview and now - looked > LOOK_EVERY:
            _write_look(order.preview, cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420))
            say({"stage": "preview", "done": index + 1, "total": film.frames})
            looked = now
        team.release()
        if now - told > 0.25 or index + 1 == film.frames:
            say({"stage": "drawing", "done": index + 1, "total": film.frames})
            told = now


class Team:
    """The render processes, their shared frames and the encoder; `kill` ends all of them at once."""

    def __init__(self) -> None:
        method = "fork" if sys.platform == "linux" else "spawn"
        self._context: BaseContext = multiprocessing.get_context(method)
        self._children: list[Any] = []
        self._pipes: list[Any] = []
        self._encoder: Popen[bytes] | None = None
        self._memory: shared_memory.SharedMemory | None = None
        self._lock = threading.Lock()
        self._ended = False
        self._ready: set[int] = set()
        self._shape = (0, 0)

    def start(self, film: Film, order: Order) -> None:
        """Start the render processes; the first one makes the sound before it draws."""
        context = self._context
        height, width = film.brief.height * 3 // 2, film.brief.width
        self._shape = (height, width)
        self._memory = shared_memory.SharedMemory(create=True, size=SLOTS * height * width)
        self._free = context.Semaphore(SLOTS)
        self._next = context.Value("i", 0)
        count = max(1, order.processes)
        for number in range(count):
            ours, theirs = context.Pipe(duplex=False)
            shared = (self._memory.name, self._shape, self._free, self._next, theirs)
            sound = order.sound if number == 0 else None
            child: Any = context.Process(target=draw_frames, args=(self._film_for(film), shared, sound), daemon=True)  # type: ignore[attr-defined]
            child.start()
            theirs.close()
            self._children.append(child)
            self._pipes.append(ours)

    def _film_for(self, film: Film) -> Film | Brief:
        """A forked process has the prepared film already; a spawned one prepares it again."""
        return film if self._context.get_start_method() == "fork" else film.brief

    def await_sound(self) -> None:
        """Wait until the sound is written."""
        while -1 not in self._ready:
            self._hear()

    def frame(self, index: int) -> np.ndarray:
        """Frame `index` as I420 (height · 3 / 2, width), once it is drawn."""
        while index not in self._ready:
            self._hear()
        self._ready.discard(index)
        assert self._memory is not None
        return _slot(self._memory, self._shape, index)

    def release(self) -> None:
        """Let the oldest slot be drawn into again."""
        self._free.release()

    def _hear(self) -> None:
        for pipe in multiprocessing.connection.wait(self._pipes, timeout=60) or [None]:
            if pipe is None:
                raise DrawingFailed("a frame took longer than a minute")
            try:
                word = pipe.recv()  # type: ignore[union-attr]
            except EOFError as error:
                self._pipes.remove(pipe)
                if not self._pipes:
                    raise DrawingFailed("the render processes ended early") from error
                continue
            if isinstance(word, str):
                raise DrawingFailed(word)
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
        tail = b""
        while chunk := encoder.stderr.read(4096):
            tail = (tail + chunk)[-2000:]
            self._tail = tail

    _tail: bytes = b""

    def complaint(self) -> str:
        """The last words of the encoder."""
        return self._tail.decode(errors="replace").strip().splitlines()[-1] if self._tail.strip() else "no message"

    def finish(self, encoder: Popen[bytes]) -> None:
        """Wait for the encoder's end and give everything back."""
        assert encoder.stdin is not None
        encoder.stdin.close()
        if encoder.wait() != 0:
            raise DrawingFailed(f"the encoder failed: {self.complaint()}")
        for child in self._children:
            child.join(10)
        self.close()

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
        self.close()

    def close(self) -> None:
        """Free the shared memory."""
        memory, self._memory = self._memory, None
        if memory is not None:
            memory.close()
            memory.unlink()


def _slot(memory: shared_memory.SharedMemory, shape: tuple[int, int], index: int) -> np.ndarray:
    size = shape[0] * shape[1]
    return np.ndarray(shape, np.uint8, memory.buf, (index % SLOTS) * size)


def draw_frames(source: Film | Brief, shared: tuple[Any, ...], sound: str | None) -> None:
    """A render process: make the sound if it is this one's task, then draw frames until none is left."""
    name, shape, free, following, pipe = shared
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()
    try:
        film = source if isinstance(source, Film) else prepare(source)
        if sound is not None:
            write_wav(Path(sound), synthesise(film.performance, film.brief.seconds, film.brief.seed))
            pipe.send(-1)
        memory = shared_memory.SharedMemory(name=name)
        while True:
            free.acquire()
            with following.get_lock():
                index, following.value = following.value, following.value + 1
            if index >= film.frames:
                free.release()
                break
            frame = cv2.cvtColor(render_frame(film, index), cv2.COLOR_BGR2YUV_I420)
            _slot(memory, shape, index)[:] = frame
            pipe.send(index)
        memory.close()
    except Exception as error:  # noqa: BLE001 - whatever it is, the main process must hear of it
        pipe.send(f"drawing failed: {type(error).__name__}: {error}")
    pipe.close()


def _die_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
