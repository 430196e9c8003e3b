"""How a backend will fulfil a request."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.model.backend import Mode
from bot.model.request import Size


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """One call to the backend. `seconds` is what is ordered; `follows` is the shot whose last frame it starts from."""

    index: int
    prompt: str
    seconds: float
    camera: str
    mode: Mode
    negative: str = ""
    seed: int = 0
    follows: int | None = None
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """A feasible way: one call or several shots cut together, with its price known beforehand.

    `approximations` are catalogue keys of what will differ from the wish ("plan.sound_added").
    """

    backend: str
    shots: tuple[PlannedShot, ...]
    seconds: float
    size: Size
    fps: int
    price: Decimal
    currency: str
    usual: tuple[float, float]
    """Wall seconds it usually takes (low, high)."""
    sound_added: bool = False
    """The backend is silent; a sound bed is made for the finished film."""
    approximations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A feasible plan near a request that is not. `words` are catalogue keys of what changes, filled from `facts`;
    together with the price they make its button's label."""

    words: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    plan: Plan
    changes: tuple[tuple[str, str], ...]
    """Fields of the request to replace, as (name, value): what pressing the button asks for."""
