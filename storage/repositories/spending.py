"""What was spent: one sum for the budget that is kept and the statistics that tell of it."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import JSON, ColumnElement, select, type_coerce

from bot.model.job import SENT
from storage.database import Transaction
from storage.tables import job, shot


async def spent(transaction: Transaction, which: ColumnElement[bool]) -> dict[str, Decimal]:
    """Money by currency for `which` jobs: their prices, unfinished ones too; of those that gave theirs back, the prices
    of the shots that may have cost something all the same."""
    plan = type_coerce(job.c.plan, JSON)
    price, currency = plan["price"].as_string(), plan["currency"].as_string()
    kept = await transaction.execute(select(currency, price).where(which & job.c.refunded.is_(False)))
    prices = [(name, Decimal(money)) for name, money in kept if money]
    sent = select(currency, plan["shots"], shot.c.number).join(shot, shot.c.job == job.c.id)
    for name, shots, number in await transaction.execute(sent.where(which & job.c.refunded & shot.c.state.in_(SENT))):
        prices += [(name, Decimal(one["price"])) for one in shots if one["index"] == number]
    found: dict[str, Decimal] = {}
    for name, money in prices:
        if money:
            found[name] = found.get(name, Decimal(0)) + money
    return found
