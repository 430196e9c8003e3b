"""What is counted and measured, by name. A measure is named by Prometheus' conventions; who keeps it is a `Meter`.

To add one: a value here (or beside the code it measures, if only that code knows it) and one call of the meter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a measure behaves."""

    COUNTER = "counter"
    """Only grows; begins at nothing with each process."""
    GAUGE = "gauge"
    """Is as it is at this moment."""
    HISTOGRAM = "histogram"
    """How many values fell under each bound."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure; `labels` tell its series apart, `bounds` are a histogram's upper limits."""

    name: str
    kind: Kind
    about: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()


REQUESTS: Final = Measure(
    "olympic_requests_total",
    Kind.COUNTER,
    "Commands, buttons and forms by what came of them: done, refused (told why) or failed (a fault of ours).",
    ("command", "outcome"),
)
ENDED: Final = Measure(
    "olympic_jobs_ended_total", Kind.COUNTER, "Jobs carried to their end by this process.", ("backend", "stage")
)
SPEND: Final = Measure(
    "olympic_spend_total",
    Kind.COUNTER,
    "Planned price of the clips finished in this process, in units of their currency.",
    ("backend", "currency"),
)
DRAWING: Final = Measure(
    "olympic_drawing_seconds",
    Kind.HISTOGRAM,
    "From admission until all shots are drawn.",
    ("backend",),
    (5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1200, 2400, 3600),
)
ACKNOWLEDGED: Final = Measure(
    "olympic_acknowledgement_seconds",
    Kind.HISTOGRAM,
    "From hearing a command until its platform took our acknowledgement; Discord and Slack wait 3 seconds.",
    ("platform",),
    (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 5),
)
VOTES: Final = Measure(
    "olympic_votes_total",
    Kind.COUNTER,
    "Reactions heard as votes by what came of them: counted, withdrawn, or kept but not counted (ignored).",
    ("outcome",),
)
JOBS: Final = Measure("olympic_jobs", Kind.GAUGE, "Jobs in the database by where they stand.", ("stage",))
QUEUE: Final = Measure("olympic_queue_length", Kind.GAUGE, "Jobs that wait for a slot.", ("backend",))
OLDEST: Final = Measure(
    "olympic_queue_oldest_wait_seconds", Kind.GAUGE, "How long the oldest waiting job has waited.", ("backend",)
)
BACKEND_UP: Final = Measure("olympic_backend_up", Kind.GAUGE, "1 while the backend can take work.", ("backend",))
BACKEND_PAUSED: Final = Measure(
    "olympic_backend_paused",
    Kind.GAUGE,
    "1 while no new order is sent to the backend.",
    ("backend",),
)
CONNECTED: Final = Measure(
    "olympic_platform_connected", Kind.GAUGE, "1 while the platform hears and can be posted to.", ("platform",)
)
DATABASE_UP: Final = Measure("olympic_database_up", Kind.GAUGE, "1 while the database answers.")

MEASURES: Final = (
    REQUESTS,
    ENDED,
    SPEND,
    DRAWING,
    ACKNOWLEDGED,
    VOTES,
    JOBS,
    QUEUE,
    OLDEST,
    BACKEND_UP,
    BACKEND_PAUSED,
    CONNECTED,
    DATABASE_UP,
)
"""All of the core's."""
