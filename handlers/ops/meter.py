"""What is counted and measured, kept as Prometheus reads it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.model.measure import MEASURES, Kind, Measure

log = logging.getLogger(__name__)

MIME: Final = CONTENT_TYPE_LATEST

_Metric = Counter | Gauge | Histogram


class PrometheusMeter:
    """Implements `bot.ports.Meter`. A measure is known from its first use on; the core's own from the start.

    The process itself is measured too: memory, processor, open files (on Linux), Python's garbage collector.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._known: dict[str, _Metric] = {}
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        for measure in MEASURES:
            self._metric(measure)

    def add(self, measure: Measure, amount: float, *labels: str) -> None:
        """A counter grows."""
        counter = self._of(measure, labels)
        if isinstance(counter, Counter):
            counter.inc(amount)

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """A histogram gets a value."""
        histogram = self._of(measure, labels)
        if isinstance(histogram, Histogram):
            histogram.observe(value)

    def show(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """A gauge is this now, for these labels and no others."""
        gauge = self._metric(measure)
        if measure.labels:
            gauge.clear()
        for labels, value in values.items():
            one = self._of(measure, labels)
            if isinstance(one, Gauge):
                one.set(value)

    def page(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)

    def _of(self, measure: Measure, labels: tuple[str, ...]) -> _Metric | None:
        """One series. What is called wrongly is told to the log: measuring must not break what is measured."""
        if len(labels) != len(measure.labels):
            log.error("%s has the labels %s, not %s", measure.name, measure.labels, labels)
            return None
        metric = self._metric(measure)
        return metric.labels(*labels) if labels else metric

    def _metric(self, measure: Measure) -> _Metric:
        known = self._known.get(measure.name)
        if known is None:
            known = self._known[measure.name] = _made(measure, self._registry)
        return known


def _made(measure: Measure, registry: CollectorRegistry) -> _Metric:
    name, about, labels = measure.name, measure.about, measure.labels
    match measure.kind:
        case Kind.COUNTER:
            return Counter(name, about, labels, registry=registry)
        case Kind.GAUGE:
            return Gauge(name, about, labels, registry=registry)
        case Kind.HISTOGRAM:
            bounds = measure.bounds or Histogram.DEFAULT_BUCKETS
            return Histogram(name, about, labels, registry=registry, buckets=bounds)
