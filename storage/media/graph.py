"""ffmpeg-python, typed: graphs become command lines here and are never run here.

The library has no type information and its own `run()` blocks, so this is the only module that imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import ffmpeg as _ffmpeg
import imageio_ffmpeg

from bot.errors import StorageError

Value = str | int | float | Path
"""What an option or a filter's argument may be."""


class Stream(Protocol):
    """A video or sound on its way through the graph."""

    @property
    def video(self) -> Stream:
        """The picture of an input."""
        ...

    @property
    def audio(self) -> Stream:
        """The sound of an input."""
        ...

    def filter(self, name: str, *args: Value, **options: Value) -> Stream:
        """One filter more."""
        ...

    def global_args(self, *args: str) -> Stream:
        """Options before all others."""
        ...

    def overwrite_output(self) -> Stream:
        """Write over what is there."""
        ...

    def compile(self, cmd: str) -> list[str]:
        """The command line."""
        ...


class _Library(Protocol):
    def input(self, filename: str, **options: Value) -> Stream: ...
    def output(self, *streams_and_name: Stream | str, **options: Value) -> Stream: ...
    def concat(self, *streams: Stream, v: int, a: int) -> Stream: ...
    def overlay(self, main_parent_node: Stream, overlay_parent_node: Stream) -> Stream: ...
    def filter(self, stream_spec: list[Stream], filter_name: str, **options: Value) -> Stream: ...
    def filter_multi_output(self, stream_spec: Stream, filter_name: str) -> Sequence[Stream]: ...
    def merge_outputs(self, *outputs: Stream) -> Stream: ...


_library = cast("_Library", _ffmpeg)


def program() -> str:
    """The ffmpeg that came with the product. Raises `StorageError` when there is none for this machine."""
    try:
        return imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise StorageError(f"there is no ffmpeg: {error}") from error


def source(path: Path | str, **options: Value) -> Stream:
    """An input file; `path` may also be `pipe:0` or a lavfi description."""
    return _library.input(str(path), **options)


def joined(streams: Sequence[Stream], *, sound: bool = False) -> Stream:
    """Streams of one kind, one after the other."""
    return _library.concat(*streams, v=0 if sound else 1, a=1 if sound else 0)


def laid(under: Stream, over: Stream) -> Stream:
    """A picture with another one over it."""
    return _library.overlay(under, over)


def twice(stream: Stream) -> tuple[Stream, Stream]:
    """A stream that goes two ways."""
    ways = _library.filter_multi_output(stream, "split")
    return ways[0], ways[1]


def crossed(first: Stream, second: Stream, name: str, **options: Value) -> Stream:
    """Two streams through one filter that joins them (`xfade`, `acrossfade`)."""
    return _library.filter([first, second], name, **options)


def written(streams: Sequence[Stream], out: Path | str, **options: Value) -> Stream:
    """An output; options are ffmpeg's, a colon written by quoting as in `**{"c:v": "libx264"}`."""
    return _library.output(*streams, str(out), **options)


def command(*outputs: Stream, level: str = "warning") -> list[str]:
    """The command line that writes all of these; `level` is how much ffmpeg tells on stderr."""
    whole = outputs[0] if len(outputs) == 1 else _library.merge_outputs(*outputs)
    return whole.global_args("-hide_banner", "-nostats", "-loglevel", level).overwrite_output().compile(cmd=program())
