"""The fleet's health for `olympic doctor`: each server's version, device and queue, and what to install where."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from backends.comfyui.recipe import Recipe
from backends.comfyui.server import Server
from backends.net import dig
from bot.errors import AuthFailed, BackendError
from bot.model.backend import Health

PATIENCE: Final = 10.0
"""Seconds for one server."""


@dataclass(frozen=True, slots=True)
class Found:
    """One server: what it says of itself, or what is wrong; recipes it cannot draw with what they lack."""

    server: Server
    about: str
    trouble: str = ""
    lacks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    draws: frozenset[str] = frozenset()


async def health(servers: Sequence[Server], menu: Sequence[Recipe]) -> Health:
    """Good when every recipe has a server that draws it; the advice names every remedy."""
    found = await asyncio.gather(*(_visit(server, menu) for server in servers))
    orphans = [recipe for recipe in menu if not any(recipe.name + recipe.mode in each.draws for each in found)]
    return Health(
        ok=not orphans,
        summary=_summary(found, bool(orphans)),
        advice="; ".join(_advice(found)),
        facts={each.server.url: each.trouble or each.about for each in found}
        | {"profiles": ", ".join(f"{recipe.mode}: {recipe.name}" for recipe in menu), "price": "0"},
    )


def _summary(found: Sequence[Found], lacking: bool) -> str:
    if all(each.trouble for each in found):
        return "doctor.comfyui_silent"
    return "doctor.comfyui_lacking" if lacking else "doctor.comfyui_ready"


def _advice(found: Sequence[Found]) -> list[str]:
    """One line for each server that needs a hand; what several profiles lack is named once."""
    lines = [f"{each.server.url}: {each.trouble}" for each in found if each.trouble]
    for each in found:
        if lacks := dict.fromkeys(lack for _, several in each.lacks for lack in several):
            names = ", ".join(name for name, _ in each.lacks)
            lines.append(f"{each.server.url} (for {names}): {', '.join(lacks)}")
    return lines


async def _visit(server: Server, menu: Sequence[Recipe]) -> Found:
    server.forget()
    try:
        async with asyncio.timeout(PATIENCE):
            stats, busy = await server.stats(), await server.busy()
            checks = [(recipe, await server.checked(recipe)) for recipe in menu]
    except TimeoutError:
        return Found(server, "", f"no answer within {PATIENCE:g} s; is ComfyUI running there?")
    except AuthFailed:
        return Found(server, "", "refuses us; set comfyui.headers to what its proxy wants")
    except BackendError as error:
        return Found(server, "", f"{error.detail}; is ComfyUI running there, started with --listen?")
    return Found(
        server,
        f"ComfyUI {dig(stats, 'system', 'comfyui_version') or '?'}, {_device(stats)}, {busy} in the queue",
        lacks=tuple((recipe.name, check.problems) for recipe, check in checks if not check.ok),
        draws=frozenset(recipe.name + recipe.mode for recipe, check in checks if check.ok),
    )


def _device(stats: Any) -> str:
    """The first device: "cuda:0 NVIDIA H100, 70 of 80 GiB free"."""
    name, free, whole = (dig(stats, "devices", 0, key) for key in ("name", "vram_free", "vram_total"))
    if not isinstance(free, int) or not isinstance(whole, int):
        return str(name or "no device")
    return f"{name}, {free / 2**30:.0f} of {whole / 2**30:.0f} GiB free"
