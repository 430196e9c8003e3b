"""Another backend for a job whose own cannot take it now, by the operator's rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot import planner, sports, styles
from bot.errors import Infeasible
from bot.model.backend import Capabilities
from bot.model.job import Job
from bot.model.plan import Plan
from bot.planner import Rules

NOTE: Final = "note.elsewhere"
"""The remark that a job went to another backend; the name follows the colon."""


def elsewhere(job: Job, able: Mapping[str, Capabilities], rules: Rules) -> Plan | None:
    """A plan on the next backend that takes orders; none where the rule or the member's own choice says to wait.

    No backend is tried twice: two that fail in turn must not hand a job to each other for ever.
    """
    if not rules.elsewhere or job.request.backend:
        return None
    tried = {job.plan.backend, *(note.partition(":")[2] for note in job.notes if note.startswith(NOTE))}
    others = {name: each for name, each in able.items() if name not in tried and not each.resting}
    sport, style = sports.asked_for(job.request), styles.find(job.request.style)
    if not others or sport is None or style is None:
        return None
    try:
        return planner.plan(planner.Wish(job.request, sport, style), others, rules)
    except Infeasible:
        return None


def remark(plan: Plan) -> str:
    """What the member is told about it."""
    return f"{NOTE}:{plan.backend}"
