"""The operator learns which ffmpeg runs and how much room is left."""

from __future__ import annotations

from pathlib import Path

from storage.media.doctor import examine


async def test_the_ffmpeg_that_came_along_has_all_that_clips_need(tmp_path):
    report = await examine(tmp_path / "not" / "yet" / "there")

    assert Path(report.ffmpeg).is_file()
    assert report.missing == ()
    assert report.version != "?"
    assert report.free_bytes > 0
