"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator

import hypothesis
import pytest

MOST = 8
"""Processes that run tests at most; each starts others that draw, and more would only want memory."""

# These tests start dozens of processes, and each would compile the whole product anew. Theirs, and our own from here:
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A busy machine is slow, not wrong: no example has a time limit.
hypothesis.settings.register_profile("olympic", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("olympic")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: one more than processors, because a quarter of the time tests wait for a disk, a timer or a
    process they started."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ours + 1, MOST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A browser test that would be skipped fails where a browser is required."""
    report = yield
    required = os.environ.get("OLYMPIC_TEST_BROWSER") == "required"
    if report.skipped and required and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped, although OLYMPIC_TEST_BROWSER is required: {report.longrepr}"
    return report
