"""A line of the studio means a command, or else it is a wish for a film."""

from __future__ import annotations

import pytest

from bot.model.command import Attachment, Cancel, Compose, Create, Help, Mine, Status, Unknown
from handlers.web.parse import said


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/olympic", Compose()),
        ("/OLYMPIC status", Status()),
        ("/olympic create A fox flies sport:ski-jumping", Create("A fox flies", sport="ski-jumping")),
        ("/create A fox flies", Create("A fox flies")),
        ("/olympic cancel j1", Cancel("j1")),
        ("/olympicstatus", Unknown("/olympicstatus", "status")),
        ("help", Help()),
        ("mine", Mine()),
        ("A fox flies style:manga", Create("A fox flies", style="manga")),
        ("status of the snow in spring", Create("status of the snow in spring")),
        ("雪", Create("雪")),
        ("", Create("")),
    ],
)
def test_a_line_is_understood(text, command):
    assert said(text, {}, {}) == command


def test_the_panel_fills_what_was_not_typed():
    picked = {"sport": "luge", "style": "manga", "camera": "", "seed": "7"}
    assert said("A fox style:sci-fi", picked, {}) == Create("A fox", sport="luge", style="sci-fi", seed="7")


def test_the_panel_does_not_touch_other_commands():
    assert said("/olympic status", {"sport": "luge"}, {}) == Status()


def test_attached_files_go_with_the_sentence():
    picture = Attachment("a.png", b"x")
    assert said("A fox", {}, {"image": picture}) == Create("A fox", image=picture)
