"""A film of several shots: wan2.6 reference-to-video stops at ten seconds, so fifteen are cut from three orders.

Nothing else is offered for a picture: a model that holds fifteen seconds in one call would go first."""

from dataclasses import replace

import pytest

from bot.model.command import Attachment
from bot.model.job import Stage
from tests.contract.test_backends import LABS, WISH, built, drawing
from tests.servers.base import Fault

PICTURE = Attachment("kitsune.png", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
SETTINGS = {"OLYMPIC_DASHSCOPE_I2V": "none", "OLYMPIC_DASHSCOPE_R2V": "wan2.6-r2v", "OLYMPIC_DASHSCOPE_POLL": "0.2"}


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.CUT_AFTER, Fault.BROKEN_BEFORE, Fault.BUSY, Fault.CUT_FILM])
async def test_every_shot_is_paid_once_whatever_happens_to_one_of_them(tmp_path, fault) -> None:
    lab = LABS["dashscope"]
    async with lab.server(fault) as server, drawing(tmp_path, built(lab, server, tmp_path, **SETTINGS)) as world:
        await world.ask(replace(WISH, image=PICTURE))
        (job,) = await world.ended()

        lengths = [order.body["parameters"]["duration"] for order in server.orders.values()]
        assert (job.stage, server.paid, lengths, world.video.assembled) == (Stage.DONE, 3, [5, 5, 5], [3])
