"""The house format and every command that leads to it. Pure: a command line goes out, nothing runs.

H.264 High, 4:2:0 8 bit, BT.709, AAC 128 kbit/s 48 kHz stereo, index in front: the one mix that plays in every chat.
Figures from measurements on 15-second 720p clips, two cores: libx264 `veryfast` draws 50–90 frames a second, `medium`
takes 2–3 times as long for the same quality at the same size. CRF alone cannot hold a size limit, so it is capped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.model.request import Size
from storage.media.graph import Stream, Value, command, crossed, joined, laid, source, twice, written

PRESET: Final = "veryfast"
QUICK: Final[dict[str, Value]] = {"preset": "ultrafast", "crf": 23}
"""For a quick look: a third of the work, nearly twice as large."""
CRF: Final = 21
VIDEO_RATE: Final = 5_000_000
"""Bits a second, both cap and buffer: 15 s stay under 10 MiB, the smallest upload limit of the chat platforms."""
AUDIO_RATE: Final = 128_000
SAMPLE_RATE: Final = 48_000
OVERSAMPLED: Final = 192_000
"""Peaks between samples are seen by the limiter at four times the rate."""
FADE_IN: Final = 0.25
FADE_OUT: Final = 0.6


@dataclass(frozen=True, slots=True)
class Level:
    """How a sound is brought to the house's loudness: `gain` in dB, then a limiter at `limit` (1 = full scale)."""

    gain: float = 0.0
    limit: float = 0.70


@dataclass(frozen=True, slots=True)
class Piece:
    """One shot as it enters a film: `drop` frames at its start are left out; seconds and fps are its own."""

    path: Path
    seconds: float
    fps: float
    sounds: bool = False
    drop: int = 0


def frames(seconds: float, fps: int) -> int:
    """How many pictures a film of this length has."""
    return round(seconds * fps)


def encode(*, size: Size, fps: int, seconds: float, sound: Path | None, out: Path, quick: bool = False) -> list[str]:
    """Raw yuv420p frames on stdin (BT.709 limited range) and a mastered WAV to a clip; `quick`: as a sketch.

    Two frames between others instead of three, and no search for fades, make the same quality at the same size in a
    tenth less time.
    """
    video = _tagged(source("pipe:0", format="rawvideo", pix_fmt="yuv420p", s=str(size), framerate=fps))
    streams = [video] if sound is None else [video, _exactly(_stereo(source(sound).audio), seconds)]
    drawn: dict[str, Value] = QUICK if quick else {"bf": 2, "weightp": 0}
    options = _video(fps, seconds) | drawn | (_audio() if sound else {})
    return command(written(streams, out, **options), level="error")


def assemble(
    pieces: Sequence[Piece], out: Path, *, size: Size, fps: int, seconds: float, sound: Path | None
) -> list[str]:
    """Pieces cut together, brought to size, rate and exact length; `sound` is a finished AAC track or none."""
    film = _tagged(
        joined([_cropped(_trimmed(piece, index), size) for index, piece in enumerate(pieces)])
        .filter("fps", fps)
        .filter("tpad", stop_mode="clone", stop_duration=1)
        .filter("trim", end_frame=frames(seconds, fps))
        .filter("setpts", f"N/({fps}*TB)")
        .filter("format", "yuv420p")
    )
    streams = [film] if sound is None else [film, source(sound).audio]
    copied: dict[str, Value] = {} if sound is None else {"c:a": "copy"}
    return command(written(streams, out, **_video(fps, seconds), **copied))


def mux(video: Path, sound: Path | None, out: Path) -> list[str]:
    """A picture and a finished sound together, nothing encoded again."""
    streams = [source(video).video] + ([] if sound is None else [source(sound).audio])
    return command(written(streams, out, c="copy", movflags="+faststart", map_metadata=-1))


def labelled(film: Path, out: Path, tags: Mapping[str, str]) -> list[str]:
    """The same film with `tags` for players and catalogues, nothing encoded again."""
    told = {f"metadata:g:{number}": f"{name}={value}" for number, (name, value) in enumerate(tags.items())}
    return command(written([source(film)], out, c="copy", movflags="+faststart", map_metadata=-1, **told))


def collect(pieces: Sequence[Piece], out: Path) -> list[str]:
    """The pieces' own sounds, cut like their pictures, as one WAV; silence where a piece has none."""
    heard = joined([_heard(piece, index) for index, piece in enumerate(pieces)], sound=True)
    return command(written([heard], out, acodec="pcm_s16le"))


def measure(path: Path, seconds: float | None = None) -> list[str]:
    """Loudness and true peak, told on stderr; with `seconds`, as they will be after the fades of a film."""
    heard = source(path).audio
    heard = heard if seconds is None else _faded(heard, seconds)
    told = heard.filter("ebur128", peak="true", framelog="quiet")
    return command(written([told], "-", format="null"), level="info")


def master(sound: Path, out: Path, *, level: Level, seconds: float) -> list[str]:
    """A sound of any length to an AAC track of exactly `seconds`, faded, raised and limited."""
    return command(written([_limited(_faded(source(sound).audio, seconds), level, seconds)], out, **_audio()))


def shrink(path: Path, out: Path, *, rate: int, size: Size | None, fps: int, audio: str | None) -> list[str]:
    """The same clip with its picture capped at `rate`, scaled when `size` is given; `audio` is a codec or "copy"."""
    whole = source(path)
    video = whole.video if size is None else whole.video.filter("scale", size.width, size.height, flags="lanczos")
    options = _codec(rate) | _keys(fps)
    if audio is None:
        return command(written([video], out, **options))
    sound: dict[str, Value] = {"c:a": "copy"} if audio == "copy" else _audio()
    return command(written([video, whole.audio], out, **options, **sound))


def candidates(path: Path, pattern: Path) -> list[str]:
    """The most typical picture of every five seconds, small, into `pattern`; their times are told on stderr."""
    return command(_typical(_small(source(path)), pattern), level="info")


def still(path: Path, out: Path, *, at: float) -> list[str]:
    """One picture as JPEG; JPEG knows only BT.601 at full range."""
    seen = source(path, ss=f"{at:.4f}").video.filter("scale", out_color_matrix="bt601", out_range="pc")
    seen = seen.filter("format", "yuvj420p")
    return command(written([seen], out, **{"frames:v": 1, "q:v": 2}))


def examine(path: Path, pattern: Path, *, sound: bool) -> list[str]:
    """Black and frozen stretches, scene changes and loudness, told on stderr, and the `candidates`, all in one pass:
    decoding costs the most."""
    whole = source(path)
    seen, typical = twice(_small(whole))
    seen = (
        seen.filter("scale", 320, -2, flags="area")
        .filter("blackdetect", d=0.2, pic_th=0.98, pix_th=0.1)
        .filter("freezedetect", n="-50dB", d=0.4)
        .filter("scdet", t=10)
    )
    outputs = [written([seen], "-", format="null"), _typical(typical, pattern)]
    if sound:
        outputs.append(written([whole.audio.filter("ebur128", peak="true", framelog="quiet")], "-", format="null"))
    return command(*outputs, level="info")


# ---------------------------------------------------------------------------------------------------------- a reel


def card(picture: Path, out: Path, *, size: Size, fps: int, seconds: float) -> list[str]:
    """A still that stands for `seconds`, with silence."""
    shown = source(picture, loop=1, framerate=fps, t=f"{seconds:.4f}").video
    return command(written([_exact(shown, size, fps, seconds), _silence(seconds)], out, **_draft()))


def highlight(
    film: Path, words: Path, out: Path, *, start: float, seconds: float, sounds: bool, size: Size, fps: int
) -> list[str]:
    """`seconds` of a film from `start`, with a transparent picture that comes and goes over it."""
    whole = source(film, ss=f"{start:.4f}", t=f"{seconds:.4f}")
    over = source(words, loop=1, framerate=fps, t=f"{seconds:.4f}").video.filter("format", "yuva420p")
    over = over.filter("scale", size.width, size.height).filter("fade", t="in", st=0.5, d=0.4, alpha=1)
    over = over.filter("fade", t="out", st=f"{max(0.0, seconds - 1.0):.3f}", d=0.4, alpha=1)
    shown = laid(_cropped(whole.video.filter("fps", fps), size), over)
    heard = _exactly(_stereo(whole.audio), seconds) if sounds else _silence(seconds)
    return command(written([_exact(shown, size, fps, seconds), heard], out, **_draft()))


def blended_sound(parts: Sequence[Path], out: Path, *, fade: float) -> list[str]:
    """The parts' sounds one after the other, each fading into the next, as one WAV."""
    heard = source(parts[0]).audio
    for part in parts[1:]:
        heard = crossed(heard, source(part).audio, "acrossfade", d=fade, c1="qsin", c2="qsin")
    return command(written([heard], out, acodec="pcm_s16le"))


def blended(
    parts: Sequence[tuple[Path, float]], out: Path, *, sound: Path, fade: float, fps: int, seconds: float
) -> list[str]:
    """The parts' pictures, each fading into the next, with a finished AAC track."""
    path, at = parts[0]
    film = source(path).video
    for path, length in parts[1:]:
        film = crossed(film, source(path).video, "xfade", transition="fade", duration=fade, offset=f"{at - fade:.4f}")
        at += length - fade
    shown = _tagged(film.filter("format", "yuv420p"))
    return command(written([shown, source(sound).audio], out, **_video(fps, seconds), **{"c:a": "copy"}))


# ------------------------------------------------------------------------------------------------------- the parts


def _small(whole: Stream) -> Stream:
    return whole.video.filter("scale", 640, -2, flags="area")


def _typical(seen: Stream, pattern: Path) -> Stream:
    return written([seen.filter("thumbnail", 120)], pattern, fps_mode="passthrough", **{"q:v": 4})


def _video(fps: int, seconds: float) -> dict[str, Value]:
    return _codec(VIDEO_RATE) | _keys(fps) | {"r": fps, "frames:v": frames(seconds, fps)}


def _codec(rate: int) -> dict[str, Value]:
    return {
        "c:v": "libx264",
        "preset": PRESET,
        "crf": CRF,
        "maxrate": rate,
        "bufsize": rate,
        "pix_fmt": "yuv420p",
        "movflags": "+faststart",
        "map_metadata": -1,
    }


def _draft() -> dict[str, Value]:
    """For what is encoded again soon: quick, and so good that it does not show."""
    return {"c:v": "libx264", "preset": "ultrafast", "crf": 14, "pix_fmt": "yuv420p", "c:a": "pcm_s16le"}


def _silence(seconds: float) -> Stream:
    return source(f"anullsrc=r={SAMPLE_RATE}:cl=stereo", format="lavfi", t=f"{seconds:.6f}").audio


def _exact(video: Stream, size: Size, fps: int, seconds: float) -> Stream:
    """Exactly so many pictures of exactly this size; the last is held for what is missing."""
    held = _cropped(video, size).filter("fps", fps).filter("tpad", stop_mode="clone", stop_duration=1)
    return _tagged(held.filter("trim", end_frame=frames(seconds, fps)).filter("setpts", f"N/({fps}*TB)"))


def _keys(fps: int) -> dict[str, Value]:
    return {"g": 2 * fps, "video_track_timescale": 1000 * fps}


def _audio() -> dict[str, Value]:
    return {"c:a": "aac", "b:a": AUDIO_RATE, "ar": SAMPLE_RATE, "ac": 2}


def _trimmed(piece: Piece, index: int) -> Stream:
    return _shown(piece, index).video.filter("trim", start_frame=piece.drop).filter("setpts", _from_zero(index))


def _shown(piece: Piece, index: int) -> Stream:
    # ffmpeg-python merges equal inputs and then refuses the double use: one shot shown twice is two inputs
    return source(piece.path, thread_queue_size=8 + index)


def _from_zero(index: int) -> str:
    # ffmpeg-python merges equal chains and then refuses the double use: the index keeps one shot shown twice apart
    return f"PTS-STARTPTS+0*{index}"


def _cropped(video: Stream, size: Size) -> Stream:
    return (
        video.filter(
            "scale",
            size.width,
            size.height,
            force_original_aspect_ratio="increase",
            flags="lanczos",
            out_color_matrix="bt709",
            out_range="tv",
        )
        .filter("crop", size.width, size.height)
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )


def _tagged(video: Stream) -> Stream:
    # the encoder writes the tags its frames carry; its own options for them are ignored
    tags = {"colorspace": "bt709", "color_primaries": "bt709", "color_trc": "bt709", "range": "tv"}
    return video.filter("setsar", 1).filter("setparams", **tags)


def _heard(piece: Piece, index: int) -> Stream:
    start = piece.drop / piece.fps
    if piece.sounds:
        heard = _shown(piece, index).audio.filter("atrim", start=f"{start:.6f}")
    else:
        silence = f"anullsrc=r={SAMPLE_RATE}:cl=stereo"
        heard = source(silence, format="lavfi", t=f"{piece.seconds:.6f}", thread_queue_size=8 + index).audio
    return _exactly(_stereo(heard.filter("asetpts", _from_zero(index))), piece.seconds - start)


def _stereo(heard: Stream) -> Stream:
    return heard.filter("aresample", SAMPLE_RATE).filter("aformat", channel_layouts="stereo")


def _exactly(heard: Stream, seconds: float) -> Stream:
    return heard.filter("apad", whole_dur=f"{seconds:.6f}").filter("atrim", end=f"{seconds:.6f}")


def _faded(heard: Stream, seconds: float) -> Stream:
    start = max(0.0, seconds - FADE_OUT)
    return heard.filter("afade", t="in", d=FADE_IN).filter("afade", t="out", st=f"{start:.3f}", d=FADE_OUT)


def _limited(heard: Stream, level: Level, seconds: float) -> Stream:
    limited = (
        heard.filter("aformat", channel_layouts="stereo")
        .filter("aresample", OVERSAMPLED)
        .filter("volume", f"{level.gain:.3f}dB")
        # level=false: its automatic gain would undo the target; latency=true: otherwise the sound shifts
        .filter("alimiter", limit=f"{level.limit:.4f}", level="false", attack=2, release=80, latency="true")
        .filter("aresample", SAMPLE_RATE)
    )
    return _exactly(limited, seconds)
