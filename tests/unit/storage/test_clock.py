"""Real time is aware and in UTC."""

from __future__ import annotations

from datetime import UTC

from storage.clock import SystemClock


def test_now_is_in_utc():
    assert SystemClock().now().tzinfo is UTC


async def test_time_goes_on_while_one_sleeps():
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0.001)
    assert clock.now() > before
