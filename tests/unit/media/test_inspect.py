"""Planted faults are found, each by its own name, and nothing else is."""

from __future__ import annotations

import pytest

from bot.errors import ResultInvalid
from bot.model.request import Size
from storage.media import sound

SMALL = Size(320, 180)


async def look(tool, path, *, seconds=3.0, size=SMALL, cuts=None):
    return await tool.inspect(path, seconds=seconds, size=size, cuts=cuts)


async def test_a_clean_clip_passes_without_a_word(tool, studio):
    quiet = studio.sound("quiet.wav")
    await sound.master(quiet, studio.folder / "house.m4a", seconds=3)
    film = studio.film("silent.mp4", sounds=None)
    await tool.assemble([film], studio.folder / "clean.mp4", size=SMALL, fps=24, seconds=3, sound=quiet)

    found = await look(tool, studio.folder / "clean.mp4", cuts=0)

    assert (found.faults, found.warnings) == ((), ())


async def test_it_tells_what_the_file_is(tool, studio):
    found = await look(tool, studio.film("a.mp4"))

    assert (found.seconds, found.size, found.fps) == (3.0, SMALL, 24.0)
    assert (found.video_codec, found.pixel_format, found.audio_codec) == ("h264", "yuv420p", "aac")


@pytest.mark.parametrize(
    ("seconds", "faults"), [(3.25, ()), (3.3, ("inspect.duration",)), (2.7, ("inspect.duration",))]
)
async def test_a_clip_may_be_a_quarter_second_off_and_no_more(tool, studio, seconds, faults):
    assert (await look(tool, studio.film("a.mp4"), seconds=seconds)).faults == faults


async def test_a_sound_that_outlasts_the_picture_makes_the_clip_too_long(tool, studio):
    film = studio.film("a.mp4", sounds="sine=f=440:r=48000:d=4")

    assert (await look(tool, film)).faults == ("inspect.duration",)


async def test_a_sound_that_ends_early_is_noted(tool, studio):
    found = await look(tool, studio.film("a.mp4", sounds="sine=f=440:r=48000:d=2"))

    assert "inspect.sound_short" in found.warnings


async def test_a_truncated_file_is_not_believed_its_length(tool, studio):
    whole = studio.film("a.mp4", options=("-pix_fmt", "yuv420p", "-movflags", "+faststart")).read_bytes()
    cut = studio.folder / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 6 // 10])

    assert "inspect.duration" in (await look(tool, cut)).faults


async def test_another_size_is_a_fault(tool, studio):
    assert (await look(tool, studio.film("a.mp4"), size=Size(1280, 720))).faults == ("inspect.size",)


@pytest.mark.parametrize(
    ("rate", "faults"), [(15, ("inspect.fps",)), (24, ()), (30, ()), (60, ()), (90, ("inspect.fps",))]
)
async def test_the_rate_must_be_one_that_looks_smooth(tool, studio, rate, faults):
    film = studio.film("a.mp4", pictures=f"testsrc2=s=320x180:r={rate}:d=3")

    assert (await look(tool, film)).faults == faults


async def test_another_codec_is_a_fault(tool, studio):
    film = studio.film("a.mp4", options=("-c:v", "mpeg4", "-pix_fmt", "yuv420p"))

    assert (await look(tool, film)).faults == ("inspect.codec",)


async def test_pixels_no_phone_can_show_are_a_fault(tool, studio):
    film = studio.film("a.mp4", options=("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"))

    assert (await look(tool, film)).faults == ("inspect.pixels",)


async def test_a_missing_sound_track_is_a_fault(tool, studio):
    found = await look(tool, studio.film("a.mp4", sounds=None))

    assert (found.faults, found.audio_codec, found.loudness) == (("inspect.no_sound",), None, None)


async def test_a_silent_track_is_only_noted(tool, studio):
    found = await look(tool, studio.film("a.mp4", sounds="anullsrc=r=48000:cl=stereo,atrim=end=3"))

    assert (found.faults, found.warnings, found.peak) == ((), ("inspect.silent",), None)


async def test_drawings_held_for_two_frames_are_not_frozen(tool, studio):
    held = "testsrc2=s=320x180:r=12:d=3,fps=24"

    assert (await look(tool, studio.film("a.mp4", pictures=held))).frozen == 0.0


async def test_the_most_telling_moment_is_neither_black_nor_empty(tool, studio):
    pictures = "color=white:s=320x180:r=24:d=1[a];testsrc2=s=320x180:r=24:d=1[b];color=black:s=320x180:r=24:d=1[c]"
    film = studio.film("a.mp4", pictures=f"{pictures};[a][b][c]concat=n=3")

    found = await look(tool, film)

    assert 1 <= found.moment < 2


async def test_black_is_found_where_it_is_and_is_neither_frozen_nor_two_cuts(tool, studio):
    black = "testsrc2=s=320x180:r=24:d=3,drawbox=t=fill:color=black:enable='between(t,1,1.99)'"

    found = await look(tool, studio.film("a.mp4", pictures=black), cuts=0)

    assert found.faults == ("inspect.black",)
    assert found.black == pytest.approx(1.0, abs=0.05)
    assert (found.frozen, found.cuts) == (0.0, 0)


async def test_a_freeze_in_the_middle_is_found_with_its_length(tool, studio):
    frozen = "testsrc2=s=320x180:r=24:d=2,loop=loop=23:size=1:start=24,setpts=N/24/TB"

    found = await look(tool, studio.film("a.mp4", pictures=frozen))

    assert found.faults == ("inspect.frozen",)
    assert found.frozen == pytest.approx(1.0, abs=0.1)


async def test_a_freeze_that_lasts_to_the_end_counts_to_the_end(tool, studio):
    frozen = "testsrc2=s=320x180:r=24:d=2,tpad=stop_mode=clone:stop_duration=1"

    found = await look(tool, studio.film("a.mp4", pictures=frozen))

    assert found.faults == ("inspect.frozen",)
    assert found.frozen == pytest.approx(1.0, abs=0.1)


async def test_a_short_hold_is_no_freeze(tool, studio):
    held = "testsrc2=s=320x180:r=24:d=2.5,loop=loop=11:size=1:start=24,setpts=N/24/TB"

    assert (await look(tool, studio.film("a.mp4", pictures=held))).faults == ()


async def test_more_cuts_than_planned_are_noted(tool, studio):
    cut = "testsrc2=s=320x180:r=24:d=3,negate=enable='gte(t,1.5)'"

    found = await look(tool, studio.film("a.mp4", pictures=cut), cuts=0)

    assert (found.cuts, "inspect.cuts" in found.warnings) == (1, True)


async def test_a_planned_cut_is_not_noted(tool, studio):
    cut = "testsrc2=s=320x180:r=24:d=3,negate=enable='gte(t,1.5)'"

    assert "inspect.cuts" not in (await look(tool, studio.film("a.mp4", pictures=cut), cuts=1)).warnings


async def test_a_soft_clip_is_noted(tool, studio):
    found = await look(tool, studio.film("a.mp4", sounds="sine=f=440:r=48000:d=3,volume=-12dB"))

    assert found.warnings == ("inspect.loudness",)


async def test_a_clip_that_reaches_full_scale_is_noted(tool, studio):
    found = await look(tool, studio.film("a.mp4", sounds="sine=f=440:r=48000:d=3,volume=26dB"))

    assert "inspect.clipping" in found.warnings


@pytest.mark.parametrize("content", [b"", b"<html>504 Gateway Timeout</html>", bytes(5000)])
async def test_what_is_no_video_is_refused(tool, tmp_path, content):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)

    with pytest.raises(ResultInvalid):
        await look(tool, path)


async def test_a_sound_alone_is_no_video(tool, studio):
    with pytest.raises(ResultInvalid):
        await look(tool, studio.sound("a.m4a"))
