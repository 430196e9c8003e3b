"""From /olympic to a finished clip in Slack: the real process, the real animator, a kill -9 on the way."""

from __future__ import annotations

import pytest

from tests.e2e.product import SKETCHED, length, running
from tests.fakes_slack import FakeSlack

LONG = 240.0


@pytest.mark.slow
async def test_a_wish_on_slack_survives_a_kill_and_becomes_one_video_in_its_thread(tmp_path) -> None:
    slack = FakeSlack()
    await slack.start()
    environment = slack.environment()
    try:
        async with running(tmp_path, environment) as first:
            await slack.until(lambda: slack.connected, LONG)
            await slack.slash("U1", "C1", "create A fox on skis at dusk sport:ski-jumping style:manga size:480p")
            await slack.until(lambda: "%" in str(slack.channel("C1")[0]), LONG)
            await first.kill()
        async with running(tmp_path, environment | SKETCHED) as second:
            card = slack.channel("C1")[0]
            await slack.until(lambda: [one for one in slack.thread("C1", card["ts"]) if one.get("files")], LONG)
            await slack.until(lambda: "delete" in str(slack.channel("C1")[0]["blocks"]), LONG)
            code = await second.stop()
        posted = [one for one in slack.thread("C1", card["ts"]) if one.get("files")]
        video = slack.uploads[posted[0]["files"][0]["id"]]

        assert (len(slack.channel("C1")), len(posted), length(video, tmp_path), code) == (1, 1, 15.0, 0)
    finally:
        await slack.stop()
    assert slack.problems == []
