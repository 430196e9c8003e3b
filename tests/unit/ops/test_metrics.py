"""What Prometheus reads after something happened."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import ContentRejected, Paused
from bot.model.backend import Price
from bot.model.command import Create, Help, Status
from bot.model.measure import MEASURES, Kind, Measure
from handlers.ops.meter import PrometheusMeter
from tests.fakes import FREE
from tests.hanging import hang, press

WISH = Create(prompt="A kitsune jumps from the large hill at dusk", sport="ski-jumping")


def read(page: str) -> dict[tuple[str, ...], float]:
    """(sample, label values …) → value, as Prometheus' own parser reads the page."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def seen(watched) -> dict[tuple[str, ...], float]:
    return read((await watched.get("/metrics")).text)


async def test_a_request_is_counted_by_command_and_outcome(watched) -> None:
    await watched.world.ask(Help())
    await watched.world.ask(Create(prompt=""))

    metrics = await seen(watched)

    assert metrics["olympic_requests_total", "help", "done"] == 1
    assert metrics["olympic_requests_total", "create", "refused"] == 1


async def test_a_waiting_job_is_seen_in_line_with_its_wait(watched) -> None:
    watched.world.backend.able = replace(FREE, concurrency=0)
    await watched.world.ask(WISH)
    await watched.world.clock.sleep(90)

    metrics = await seen(watched)

    assert metrics["olympic_jobs", "queued"] == 1
    assert metrics["olympic_queue_length", "fake"] == 1
    assert metrics["olympic_queue_oldest_wait_seconds", "fake"] >= 90


async def test_a_finished_job_is_counted_with_its_time_and_price(watched) -> None:
    watched.world.backend.able = replace(FREE, price=Price(Decimal("0.10"), "USD"))
    await watched.world.start()
    await watched.world.ask(WISH)
    await watched.world.ended()

    metrics = await seen(watched)

    assert metrics["olympic_jobs", "done"] == 1
    assert metrics["olympic_jobs_ended_total", "fake", "done"] == 1
    assert metrics["olympic_drawing_seconds_count", "fake"] == 1
    assert metrics["olympic_spend_total", "fake", "USD"] == pytest.approx(1.5)


async def test_a_failed_job_is_counted_as_failed_and_costs_nothing(watched) -> None:
    watched.world.backend.submit_faults = [ContentRejected("no")]
    await watched.world.start()
    await watched.world.ask(WISH)
    await watched.world.ended()

    metrics = await seen(watched)

    assert metrics["olympic_jobs_ended_total", "fake", "failed"] == 1
    assert ("olympic_spend_total", "fake", "") not in metrics


async def test_a_page_tells_who_is_up(watched) -> None:
    watched.world.platform.connected = False

    metrics = await seen(watched)

    assert metrics["olympic_backend_up", "fake"] == 1
    assert metrics["olympic_platform_connected", "fake"] == 0
    assert metrics[("olympic_database_up",)] == 1


async def test_a_backend_that_rests_is_told_as_paused(watched) -> None:
    assert (await seen(watched))["olympic_backend_paused", "fake"] == 0

    watched.world.backend.able = replace(FREE, resting=Paused.key)

    assert (await seen(watched))["olympic_backend_paused", "fake"] == 1


async def test_votes_are_counted_by_what_came_of_them(watched) -> None:
    ref = await hang(watched.world)
    await press(watched.world, ref, "bea")
    await press(watched.world, ref, "ada")  # its maker
    await press(watched.world, ref, "bea", on=False)

    metrics = await seen(watched)

    assert [metrics["olympic_votes_total", one] for one in ("counted", "ignored", "withdrawn")] == [1, 1, 1]


async def test_the_process_itself_is_measured(watched) -> None:
    assert ("process_resident_memory_bytes",) in await seen(watched)


async def test_a_private_answer_is_no_label(watched) -> None:
    """Members and their words are nobody's metric."""
    await watched.world.ask(Status())

    assert "ada" not in (await watched.get("/metrics")).text


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.name)
def test_names_follow_prometheus_conventions(measure) -> None:
    assert measure.name.startswith("olympic_")
    assert (measure.kind is Kind.COUNTER) == measure.name.endswith("_total")
    assert measure.kind is not Kind.HISTOGRAM or measure.name.endswith("_seconds")


def test_a_measure_nobody_announced_is_known_from_its_first_use() -> None:
    meter = PrometheusMeter()
    snow = Measure("olympic_snow_total", Kind.COUNTER, "Snow.", ("platform",))

    meter.add(snow, 2, "fake")

    assert read(meter.page().decode())["olympic_snow_total", "fake"] == 2


def test_a_gauge_forgets_labels_that_are_not_shown_again() -> None:
    meter = PrometheusMeter()
    gauge = Measure("olympic_tests", Kind.GAUGE, "Tests.", ("name",))

    meter.show(gauge, {("a",): 1})
    meter.show(gauge, {("b",): 1})

    assert ("olympic_tests", "a") not in read(meter.page().decode())


def test_wrong_labels_break_nothing(caplog) -> None:
    PrometheusMeter().add(MEASURES[0], 1, "one label too few")

    assert "olympic_requests_total" in caplog.text
