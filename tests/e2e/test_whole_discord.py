"""From /olympic to a finished clip in Discord: the real process, the real animator, a kill -9 on the way."""

from __future__ import annotations

import pytest

from tests.e2e.product import SKETCHED, length, running
from tests.fakediscord.people import buttons, texts
from tests.fakediscord.server import TOKEN, FakeDiscord
from tests.fakes import PATIENCE

LONG = 240.0


@pytest.mark.slow
async def test_a_wish_on_discord_survives_a_kill_and_becomes_one_video_whose_buttons_still_work(tmp_path) -> None:
    fake = await FakeDiscord(patience=PATIENCE).start()
    guild = fake.guild()
    channel = guild.channel("slopes")
    alice = fake.person(guild, "alice")
    environment = {
        "OLYMPIC_DISCORD_TOKEN": TOKEN,
        "OLYMPIC_DISCORD_API": fake.api,
        "OLYMPIC_DISCORD_GATEWAY": fake.gateway,
    }

    def entries() -> list[dict]:
        return [message for message in channel.messages.values() if message.get("attachments")]

    try:
        async with running(tmp_path, environment) as first:
            await fake.socket.connected()
            await alice.slash(channel, "create", prompt="A fox on skis at dusk", sport="ski-jumping", size="480p")
            await fake.until(lambda: any("%" in texts(message) for message in channel.messages.values()), LONG)
            await first.kill()
        async with running(tmp_path, environment | SKETCHED):
            await fake.until(
                lambda: [one for one in entries() if "A fox on skis" in texts(one) and ".mp4" in str(one)], LONG
            )
            (entry,) = [one for one in entries() if ".mp4" in str(one)]
            video = fake.cdn[int(entry["attachments"][0]["id"])]
        async with running(tmp_path, environment):
            await fake.until(lambda: len(fake.requests("PUT", "commands")) >= 3, LONG)
            await fake.socket.connected()
            delete = next(button for button in buttons(entry) if "delete" in button)
            asked = await alice.press(entry, delete)
            question = await asked.answer()
            sure = next(button for button in buttons(question) if "delete-sure" in button)
            await alice.press(question, sure)
            await fake.until(lambda: not entries(), LONG)

        assert (length(video, tmp_path), len(channel.messages)) == (15.0, 0)
    finally:
        await fake.stop()
