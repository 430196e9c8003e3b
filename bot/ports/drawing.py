"""Who draws for us, and what is done with what they drew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Order,
    RemoteRef,
    RemoteStatus,
)
from bot.model.clip import Inspection
from bot.model.figures import Chart
from bot.model.provenance import Claim, Credentials
from bot.model.reel import Reel
from bot.model.request import Size


class Backend(Protocol):
    """One way to draw. Raises `BackendError`s only; owns its connections until `aclose`."""

    @property
    def name(self) -> str:
        """As in the settings and in `RemoteRef.backend`."""
        ...

    async def capabilities(self) -> Capabilities:
        """What it can do now."""
        ...

    async def health(self) -> Health:
        """Whether it can take work; never raises."""
        ...

    async def validate(self, order: Order) -> None:
        """Raise when this order cannot be drawn; costs nothing and sends nothing."""
        ...

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send one order: the one paid side effect, never repeated inside.

        Raises `SubmitUncertain` when it may have been taken.
        """
        ...

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Look for an order that may have been sent under `key` since then."""
        ...

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look; may be repeated freely."""
        ...

    def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks as they come, until the order has ended; ends by itself after the last one."""
        ...

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Try to stop it."""
        ...

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Bring the finished video to `into`, complete or not at all."""
        ...

    async def aclose(self) -> None:
        """Close connections and end processes."""
        ...


class VideoTool(Protocol):
    """Everything done to videos and members' files with ffmpeg and its kin. Commands run as subprocesses that are
    killed when their task is cancelled or their time is up; results appear complete or not at all."""

    def encode_command(
        self, *, size: Size, fps: int, seconds: float, sound: Path | None, out: Path, quick: bool = False
    ) -> list[str]:
        """The command that reads raw yuv420p frames (BT.709, limited range) on stdin, adds the mastered WAV at
        `sound`, and writes `out`; `quick`: sooner done, not as small."""
        ...

    async def check_image(self, data: bytes) -> tuple[bytes, str]:
        """A member's picture, decoded within limits and re-encoded without metadata; (bytes, mime).

        Raises `BadReference` (not a picture, too large, a bomb).
        """
        ...

    async def check_audio(self, data: bytes) -> tuple[bytes, str]:
        """A member's sound, decoded within limits and re-encoded; (bytes, mime). Raises `BadReference`."""
        ...

    async def inspect(self, path: Path, *, seconds: float, size: Size, cuts: int | None = None) -> Inspection:
        """Look at a finished clip. Raises `ResultInvalid` when it is no video at all."""
        ...

    async def poster(self, path: Path, out: Path, *, at: float | None = None) -> None:
        """A JPEG still worth sharing."""
        ...

    async def assemble(
        self,
        shots: Sequence[Path],
        out: Path,
        *,
        size: Size,
        fps: int,
        seconds: float,
        sound: Path | None = None,
        chained: bool = False,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Cut shots together to exactly `seconds` in the house format, with `sound` under it if given, mastered to
        −14 LUFS. `chained`: each shot begins with the last frame of the one before."""
        ...

    async def reel(self, reel: Reel, out: Path, *, size: Size, progress: Callable[[float], None] | None = None) -> None:
        """The most telling seconds of each work with its words, cross-faded between opening and closing, mastered to
        −14 LUFS."""
        ...

    async def last_frame(self, path: Path, out: Path) -> None:
        """The very last picture of a video, as PNG."""
        ...

    async def fit(self, path: Path, out: Path, *, limit: int, seconds: float) -> None:
        """The same clip under `limit` bytes. Raises `ResultInvalid` when that cannot be done decently."""
        ...


class Provenance(Protocol):
    """What a film says of itself."""

    async def seal(self, film: Path, out: Path, claim: Claim) -> None:
        """The film with a label that tells how it was made, signed where that can be done.

        Raises `StorageError` or `ResultInvalid` when not even a label can be written.
        """
        ...

    async def derive(self, film: Path, smaller: Path, out: Path) -> None:
        """A smaller copy of a film with the film's label, signed as made from it where the film is signed; a few
        kilobytes larger than it was. Raises as `seal` does.
        """
        ...

    async def read(self, film: Path) -> Credentials | None:
        """The signed credentials in a film; None where there are none."""
        ...


class Lettering(Protocol):
    """Writes on pictures, in any script: PNGs of `size`. What it cannot write it leaves out."""

    async def title(self, out: Path, text: str, *, kicker: str, lines: Sequence[str], size: Size) -> None:
        """A whole picture: a small line above (or none), large words, and lines below."""
        ...

    async def lower_third(self, out: Path, text: str, *, kicker: str, detail: str, size: Size) -> None:
        """Words for the lower left of a film, transparent everywhere else."""
        ...


class SoundMaker(Protocol):
    """Makes a sound bed for films whose backend is silent."""

    async def bed(self, out: Path, *, seconds: float, shots: int, sport: str, seed: int) -> None:
        """A finished WAV at `out`."""
        ...


class Charts(Protocol):
    """Draws numbers."""

    async def draw(self, chart: Chart) -> bytes:
        """A PNG."""
        ...


class Writer(Protocol):
    """Writes a member's sentence out for a video model."""

    async def rewritten(self, sentence: str, *, sport: str) -> str:
        """The sentence as a model should read it; empty when it is best left alone. Never raises an error of ours."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
