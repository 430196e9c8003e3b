"""Films are cut, given sound, shrunk and shown; results appear whole or not at all."""

from __future__ import annotations

import asyncio
import io
import itertools
import subprocess

import av
import pytest
from PIL import Image

from bot.errors import ResultInvalid
from bot.model.request import Size
from storage.media import sound
from storage.media.probe import probe
from tests.fakes import PATIENCE

SMALL = Size(320, 180)


def shots(studio, count, *, frames=27, sounds=None, size="208x120"):
    seconds = frames / 16
    return [
        studio.film(f"s{i}.mp4", pictures=f"testsrc2=s={size}:r=16:d={seconds},hue=h={i * 120}", sounds=sounds)
        for i in range(count)
    ]


def colour(path, box=(0, 0, 1, 1)):
    with Image.open(path) as picture:
        return picture.convert("RGB").getpixel(box[:2])


def near(found, wanted, by=12):
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


# -------------------------------------------------------------------------------------------------------- encoding


@pytest.mark.parametrize("quick", [False, True])
async def test_raw_frames_and_a_sound_become_a_clip_of_exact_length(tool, studio, quick):
    wav = studio.sound("long.wav", "sine=f=440:r=44100:d=5")
    out = studio.folder / "clip.mp4"
    command = tool.encode_command(size=SMALL, fps=24, seconds=2, sound=wav, out=out, quick=quick)

    subprocess.run(command, input=bytes(320 * 180 * 3 // 2) * 48, check=True, timeout=120)

    facts = await probe(out)
    assert (facts.frames, facts.sound_seconds, facts.size, facts.fps) == (48, 2.0, SMALL, 24.0)
    assert (facts.video_codec, facts.pixel_format, facts.audio_codec) == ("h264", "yuv420p", "aac")


async def test_the_index_comes_before_the_pictures_so_that_chats_play_at_once(tool, studio):
    out = studio.folder / "clip.mp4"
    command = tool.encode_command(size=SMALL, fps=24, seconds=1, sound=None, out=out)

    subprocess.run(command, input=bytes(320 * 180 * 3 // 2) * 24, check=True, timeout=120)

    data = out.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


@pytest.mark.parametrize("way", ["encode", "assemble"])
async def test_the_file_says_which_colours_it_means(tool, studio, way):
    out = studio.folder / "clip.mp4"
    if way == "assemble":
        await tool.assemble(shots(studio, 1), out, size=SMALL, fps=24, seconds=1)
    else:
        command = tool.encode_command(size=SMALL, fps=24, seconds=1, sound=None, out=out)
        subprocess.run(command, input=bytes(320 * 180 * 3 // 2) * 24, check=True, timeout=120)

    with av.open(str(out)) as container:
        seen = container.streams.video[0].codec_context
        bt709 = (seen.colorspace, seen.color_primaries, seen.color_trc, seen.color_range)
    assert bt709 == (1, 1, 1, 1)


async def test_colours_survive_from_the_frames_to_the_poster(tool, studio):
    red = bytes([63]) * (320 * 180) + bytes([102]) * (160 * 90) + bytes([240]) * (160 * 90)  # BT.709 for pure red
    clip, poster, last = (studio.folder / name for name in ("clip.mp4", "poster.jpg", "last.png"))
    command = tool.encode_command(size=SMALL, fps=24, seconds=1, sound=None, out=clip)
    subprocess.run(command, input=red * 24, check=True, timeout=120)

    await tool.poster(clip, poster, at=0.5)
    await tool.last_frame(clip, last)

    assert near(colour(poster), (255, 0, 0))
    assert near(colour(last), (255, 0, 0))


# -------------------------------------------------------------------------------------------------------- assembling


@pytest.mark.parametrize("chained", [False, True])
async def test_three_shots_become_a_film_of_exactly_the_frames_asked_for(tool, studio, chained):
    out = studio.folder / "film.mp4"
    wav = studio.sound("bed.wav")

    await tool.assemble(shots(studio, 3), out, size=SMALL, fps=24, seconds=5, sound=wav, chained=chained)

    facts = await probe(out)
    assert (facts.frames, facts.seconds, facts.sound_seconds, facts.size) == (120, 5.0, 5.0, SMALL)


async def test_a_chained_shot_does_not_show_the_shared_picture_twice(tool, studio):
    # two shots of 24 pictures at 24 a second, chained: 24 + 23, so the 47th picture is held once for the 48th
    film = studio.film("a.mp4", pictures="testsrc2=s=320x180:r=24:d=1", sounds=None)
    await tool.assemble([film, film], studio.folder / "chained.mp4", size=SMALL, fps=24, seconds=2, chained=True)

    with av.open(str(studio.folder / "chained.mp4")) as container:
        pictures = [frame.to_ndarray(format="gray").astype(int) for frame in container.decode(video=0)]
    moves = [float(abs(b - a).mean()) for a, b in itertools.pairwise(pictures)]
    assert len(pictures) == 48
    assert moves[-1] < 0.5 < min(moves[:-1])


async def test_the_same_shot_may_stand_in_a_film_more_than_once(tool, studio):
    out = studio.folder / "film.mp4"
    shot = shots(studio, 1)[0]

    await tool.assemble([shot, shot, shot], out, size=SMALL, fps=24, seconds=5)

    assert (await probe(out)).frames == 120


async def test_a_film_has_a_cut_where_each_shot_begins(tool, studio):
    out = studio.folder / "film.mp4"
    await tool.assemble(shots(studio, 3), out, size=SMALL, fps=24, seconds=5, sound=studio.sound("bed.wav"))

    found = await tool.inspect(out, seconds=5, size=SMALL, cuts=2)

    assert (found.cuts, found.faults, found.warnings) == (2, (), ())


async def test_a_shot_of_another_shape_fills_the_picture_without_bars(tool, studio):
    white = studio.film("tall.mp4", pictures="color=white:s=120x208:r=24:d=1", sounds=None)
    out, poster = studio.folder / "film.mp4", studio.folder / "p.jpg"

    await tool.assemble([white], out, size=SMALL, fps=24, seconds=1)
    await tool.poster(out, poster, at=0.5)

    assert near(colour(poster, (0, 0)), (255, 255, 255))


async def test_shots_keep_their_own_sounds_when_no_other_is_given(tool, studio):
    loud = shots(studio, 1, sounds="sine=f=440:r=44100:d=1.6875")
    quiet = studio.film("quiet.mp4", pictures="testsrc2=s=208x120:r=16:d=1.5", sounds=None)
    out = studio.folder / "film.mp4"

    await tool.assemble([*loud, quiet], out, size=SMALL, fps=24, seconds=3)

    facts = await probe(out)
    assert (facts.frames, facts.sound_seconds) == (72, 3.0)
    assert await sound.measure(out) is not None


async def test_silent_shots_without_a_bed_stay_without_a_track(tool, studio):
    out = studio.folder / "film.mp4"

    await tool.assemble(shots(studio, 2), out, size=SMALL, fps=24, seconds=3)

    assert (await probe(out)).audio_codec is None


async def test_a_picture_already_in_the_house_format_is_not_encoded_again(tool, studio):
    film = studio.film("a.mp4", sounds=None)
    out = studio.folder / "film.mp4"

    await tool.assemble([film], out, size=SMALL, fps=24, seconds=3, sound=studio.sound("bed.wav"))

    assert packets(out) == packets(film)


def packets(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


async def test_shots_that_are_too_short_together_are_refused(tool, studio):
    with pytest.raises(ResultInvalid):
        await tool.assemble(shots(studio, 1), studio.folder / "film.mp4", size=SMALL, fps=24, seconds=5)


async def test_progress_rises_to_one(tool, studio):
    heard = []

    await tool.assemble(
        shots(studio, 2), studio.folder / "film.mp4", size=SMALL, fps=24, seconds=3, progress=heard.append
    )

    assert heard == sorted(heard)
    assert heard[-1] == 1.0


async def test_a_cancelled_film_leaves_nothing_behind(tool, studio):
    big = [studio.film("a.mp4", pictures="testsrc2=s=640x360:r=24:d=10", sounds=None)]
    begun, out = asyncio.Event(), studio.folder / "films" / "film.mp4"
    work = asyncio.create_task(
        tool.assemble(big, out, size=Size(1280, 720), fps=24, seconds=10, progress=lambda _: begun.set())
    )

    await asyncio.wait_for(begun.wait(), PATIENCE)
    work.cancel()
    await asyncio.wait([work])

    assert work.cancelled()
    assert list(out.parent.iterdir()) == []


# -------------------------------------------------------------------------------------------------------- mastering

PEAKY = "aevalsrc='0.05*sin(880*t)+0.9*exp(-40*mod(t,1))*sin(1800*t)':s=48000:d=6"


@pytest.mark.parametrize(
    "heard",
    ["sine=f=440:r=44100:d=8,volume=-20dB", "sine=f=440:r=48000:d=6,volume=17dB", PEAKY, "anoisesrc=d=6:a=0.02"],
)
async def test_a_mastered_sound_is_as_loud_as_the_house_and_never_peaks(studio, heard):
    out = studio.folder / "track.m4a"

    await sound.master(studio.sound("raw.wav", heard), out, seconds=6)

    found = await sound.measure(out)
    assert found is not None
    assert found.integrated == pytest.approx(-14, abs=0.5)
    assert found.peak <= -1.0


async def test_silence_stays_silence(studio):
    out = studio.folder / "track.m4a"

    await sound.master(studio.sound("raw.wav", "anullsrc=d=3"), out, seconds=3)

    assert await sound.measure(out) is None


# -------------------------------------------------------------------------------------------------------- fitting

NOISY = "testsrc2=s=640x360:r=24:d=4,noise=alls=40:allf=t"


async def test_a_clip_is_brought_under_the_limit_in_its_own_size(tool, studio):
    film = studio.film("a.mp4", pictures=NOISY, sounds="sine=d=4")
    out = studio.folder / "fit.mp4"

    await tool.fit(film, out, limit=900_000, seconds=4)

    facts = await probe(out)
    assert film.stat().st_size > 900_000 >= facts.bytes
    assert (facts.size, facts.frames, facts.audio_codec) == (Size(640, 360), 96, "aac")


async def test_a_clip_under_the_limit_stays_byte_for_byte(tool, studio):
    film = studio.film("a.mp4")

    await tool.fit(film, studio.folder / "fit.mp4", limit=10_000_000, seconds=3)

    assert (studio.folder / "fit.mp4").read_bytes() == film.read_bytes()


async def test_a_large_picture_becomes_smaller_only_when_the_limit_leaves_no_choice(tool, studio):
    film = studio.film("a.mp4", pictures="testsrc2=s=1280x720:r=24:d=2,noise=alls=40:allf=t", sounds=None)
    roomy, tight = studio.folder / "roomy.mp4", studio.folder / "tight.mp4"

    await tool.fit(film, roomy, limit=900_000, seconds=2)
    await tool.fit(film, tight, limit=200_000, seconds=2)

    assert ((await probe(roomy)).size, (await probe(tight)).size) == (Size(1280, 720), Size(960, 540))
    assert tight.stat().st_size <= 200_000


async def test_a_limit_that_leaves_nothing_decent_is_refused_and_leaves_no_file(tool, studio):
    film = studio.film("a.mp4", pictures=NOISY)

    with pytest.raises(ResultInvalid):
        await tool.fit(film, studio.folder / "fit.mp4", limit=50_000, seconds=4)

    assert not (studio.folder / "fit.mp4").exists()
    assert hidden(studio.folder) == []


# -------------------------------------------------------------------------------------------------------- stills


async def test_the_poster_is_not_black_when_the_clip_begins_and_ends_black(tool, studio):
    film = studio.film("a.mp4", pictures="testsrc2=s=320x180:r=24:d=15,fade=in:0:120,fade=out:240:60", sounds=None)
    out = studio.folder / "poster.jpg"

    await tool.poster(film, out)

    with Image.open(io.BytesIO(out.read_bytes())) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 180))
        assert max(high for _, high in picture.convert("RGB").getextrema()) > 200


async def test_a_poster_past_the_end_is_refused(tool, studio):
    with pytest.raises(ResultInvalid):
        await tool.poster(studio.film("a.mp4"), studio.folder / "p.jpg", at=99)


async def test_the_last_picture_is_the_very_last(tool, studio):
    film = studio.film("a.mp4", pictures="color=red:s=320x180:r=24:d=2,drawbox=t=fill:color=blue:enable='gte(n,47)'")

    await tool.last_frame(film, studio.folder / "last.png")

    assert near(colour(studio.folder / "last.png"), (0, 0, 255))


async def test_what_is_no_video_has_no_last_picture(tool, tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"<html>")

    with pytest.raises(ResultInvalid):
        await tool.last_frame(tmp_path / "a.mp4", tmp_path / "last.png")

    assert not (tmp_path / "last.png").exists()
