"""ComfyUI as a backend: our own GPUs, steps and pictures as they are drawn, real cancelling.

An order's job id follows from its key, so it is known before anything is sent and can be asked for on every server.
A server that is given one id twice draws twice: nothing is sent again before all were asked.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from backends import Kit
from backends.comfyui import survey
from backends.comfyui.ear import Ear
from backends.comfyui.fleet import Fleet
from backends.comfyui.follow import Rhythm, follow
from backends.comfyui.menu import recipes
from backends.comfyui.progress import Progress
from backends.comfyui.recipe import Recipe
from backends.comfyui.server import TIMES, Names, Server
from backends.net import Times
from bot import settings as configuration
from bot.errors import BackendError, InvalidRequest, RemoteLost, SetupError, SubmitUncertain, Unsupported
from bot.model.backend import (
    Absent,
    CancelOutcome,
    Capabilities,
    Health,
    Lengths,
    Mode,
    Order,
    RemoteRef,
    RemoteState,
    RemoteStatus,
)

log = logging.getLogger(__name__)

NAME: Final = "comfyui"
_OURS: Final = uuid.UUID("6f0d1a34-6f2a-5d0f-9a58-3f0f6a1f7c11")
"""The namespace of our job ids."""


def build(settings: configuration.Settings, _kit: Kit, *, rhythm: Rhythm | None = None) -> Comfyui | None:
    """The servers, as soon as there is one. Raises `SetupError` for settings that cannot work."""
    ours = settings.comfyui
    if not ours.servers:
        return None
    headers = {name: value.get_secret_value() for name, value in ours.headers.items()}
    urls = dict.fromkeys(_address(url) for url in ours.servers)
    times = Times(connect=TIMES.connect, silence=ours.patience, whole=3 * ours.patience)
    deadline = timedelta(seconds=ours.deadline)
    return Comfyui(recipes(ours), list(urls), headers, deadline=deadline, rhythm=rhythm, times=times)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
        raise SetupError(key="setup.comfyui_server", name=f"{parts.scheme}://{parts.hostname or ''}")
    return url.rstrip("/")


class Comfyui:
    """Draws on ComfyUI servers with the operator's recipes."""

    name = NAME

    def __init__(
        self,
        menu: Mapping[Mode, Recipe],
        urls: Sequence[str],
        headers: Mapping[str, str] | None = None,
        *,
        deadline: timedelta = timedelta(hours=1),
        rhythm: Rhythm | None = None,
        times: Times = TIMES,
    ) -> None:
        self._menu = dict(menu)
        self._deadline = deadline
        self._rhythm = rhythm or Rhythm()
        self._fleet = Fleet([Server(url, headers or {}, times) for url in urls], self._rhythm.searching)
        self._tried = Recent()
        """Keys for which a POST was begun by this process."""
        self._cancelled = Recent()
        """Jobs we cancelled; one that was still waiting leaves no trace on its server."""

    async def capabilities(self) -> Capabilities:
        """What the recipes draw, without those that every server is known to lack something for."""
        await self._fleet.learn(self._menu.values())
        able = {mode: recipe for mode, recipe in self._menu.items() if not self._fleet.lacking(recipe)}
        shown = able or self._menu
        return Capabilities(
            modes={mode: _lengths(recipe) for mode, recipe in able.items()},
            sizes=frozenset(recipe.size for recipe in shown.values()),
            fps=next(iter(shown.values())).fps,
            images=2 if Mode.FRAMES in able else int(Mode.IMAGE in able),
            progress="steps",
            previews=True,
            cancel="abort",
            resume="durable",
            concurrency=len(self._fleet.servers),
            ahead=len(self._fleet.servers),
            typical_seconds=_typical(shown.values()),
            deadline=self._deadline,
            label="label.ai",
        )

    async def health(self) -> Health:
        """Every server's state, and what to install where."""
        return await survey.health(list(self._fleet.servers.values()), list(self._menu.values()))

    async def validate(self, order: Order) -> None:
        """Raise `Unsupported` for a mode without a recipe or models, `InvalidRequest` for a picture that is missing."""
        recipe = self._recipe(order.mode)
        if lacking := self._fleet.lacking(recipe):
            raise Unsupported("; ".join(lacking))
        if order.seconds not in recipe.seconds:
            raise Unsupported(f"{recipe.name} draws {recipe.seconds} s, not {order.seconds:g}")
        if order.mode is not Mode.TEXT and order.image is None:
            raise InvalidRequest(f"{order.mode} starts from a picture and there is none")
        if order.mode is Mode.FRAMES and order.last_image is None:
            raise InvalidRequest("flf2v ends on a picture and there is none")

    def _recipe(self, mode: Mode) -> Recipe:
        if mode not in self._menu:
            raise Unsupported(f"no profile or workflow of ours draws {mode}")
        return self._menu[mode]

    async def submit(self, order: Order, *, key: str) -> RemoteRef:
        """Send an order to the least busy server."""
        recipe, names = self._recipe(order.mode), names_of(key)
        if key in self._tried:
            found = await self._found(names, recipe)
            if isinstance(found, RemoteRef):
                return found
            if found is Absent.UNKNOWN:
                raise SubmitUncertain("an earlier attempt may have been taken and not every server answers")
        async with self._fleet.least_busy(recipe) as server:
            graph = await self._graph(server, recipe, order, names)
            self._tried.add(key)
            prompt = await server.start(names, graph)
        return _ref(server, prompt, names, recipe)

    async def _graph(self, server: Server, recipe: Recipe, order: Order, names: Names) -> dict[str, Any]:
        """The workflow filled in for this server: pictures uploaded to it, its newer nodes' inputs added."""
        start = await server.upload(order.image) if order.image and "start_image" in recipe.inject else ""
        end = await server.upload(order.last_image) if order.last_image and "end_image" in recipe.inject else ""
        graph = recipe.filled(order, label=names.client[:12], start=start, end=end)
        for node, values in (await server.checked(recipe)).fills.items():
            graph[node]["inputs"] |= values
        return graph

    async def find(self, key: str, since: datetime) -> RemoteRef | Absent:
        """Ask every server for the job that the key stands for."""
        names = names_of(key)
        return await self._found(names)

    async def _found(self, names: Names, recipe: Recipe | None = None) -> RemoteRef | Absent:
        found = await self._fleet.find(names, recipe.output if recipe else "")
        return found if isinstance(found, Absent) else _ref(found[0], found[1], names, recipe)

    async def poll(self, ref: RemoteRef) -> RemoteStatus:
        """One look at the server that has it."""
        server = self._fleet.servers.get(ref.extra.get("server", ""))
        if server is None:
            return RemoteStatus(
                RemoteState.LOST, error=RemoteLost(f"{ref.extra.get('server')} is no longer configured")
            )
        found = await server.find(_names(ref), ref.extra.get("output", ""))
        if found is not None:
            return found[1]
        if ref.id in self._cancelled:
            return RemoteStatus(RemoteState.CANCELLED)
        return RemoteStatus(RemoteState.LOST, error=RemoteLost(f"{server.url} no longer knows the job"))

    async def events(self, ref: RemoteRef) -> AsyncIterator[RemoteStatus]:
        """Looks by HTTP at a calm pace, and between them whatever the websocket tells."""
        progress = Progress(ref.id, self._graph_of(ref))
        server = self._fleet.servers.get(ref.extra.get("server", ""))
        if server is None:
            yield await self.poll(ref)
            return
        ear = Ear(server.socket(_names(ref).client), server.headers, progress, self._rhythm.listening)
        async with ear.listening():
            async for status in follow(lambda: self.poll(ref), ear, self._rhythm):
                yield progress.over_a_look(status)

    def _graph_of(self, ref: RemoteRef) -> Mapping[str, Mapping[str, Any]]:
        """The workflow the job was made from; another one only makes the fraction coarser."""
        recipe = next((each for each in self._menu.values() if each.mode == ref.extra.get("mode")), None)
        return (recipe or next(iter(self._menu.values()))).graph

    async def cancel(self, ref: RemoteRef) -> CancelOutcome:
        """Take it out of the queue or stop it."""
        server = self._fleet.servers.get(ref.extra.get("server", ""))
        if server is None:
            return CancelOutcome.NOT_POSSIBLE
        self._cancelled.add(ref.id)
        for pause in self._rhythm.cancelling:
            with suppress(BackendError):
                return await server.cancel(ref.id, ref.extra.get("output", ""))
            await asyncio.sleep(pause)
        return await server.cancel(ref.id, ref.extra.get("output", ""))

    async def fetch(self, ref: RemoteRef, status: RemoteStatus, into: Path) -> None:
        """Bring the film from the server that drew it."""
        server = self._fleet.servers.get(ref.extra.get("server", ""))
        if server is None:
            raise RemoteLost(f"{ref.extra.get('server')} is no longer configured")
        await server.fetch(status.result, into)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._fleet.aclose()


class Recent:
    """The last few thousand names; older ones are of no use to anybody."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._names = dict[str, None]()

    def add(self, name: str) -> None:
        """Remember it."""
        self._names[name] = None
        if len(self._names) > self._most:
            del self._names[next(iter(self._names))]

    def __contains__(self, name: str) -> bool:
        return name in self._names


def names_of(key: str) -> Names:
    """The names of the job for one key: known before it is sent, the same after every restart."""
    return Names(str(uuid.uuid5(_OURS, key)), uuid.uuid5(_OURS, f"{key}/client").hex)


def _ref(server: Server, prompt: str, names: Names, recipe: Recipe | None) -> RemoteRef:
    """`recipe` is None for an order found again by its key alone."""
    made = {"profile": recipe.name, "mode": str(recipe.mode), "output": recipe.output} if recipe else {}
    return RemoteRef(NAME, prompt, {"server": server.url, "client": names.client, **made})


def _names(ref: RemoteRef) -> Names:
    return Names(ref.id, ref.extra.get("client") or ref.id)


def _lengths(recipe: Recipe) -> Lengths:
    return Lengths(min(recipe.seconds), max(recipe.seconds), only=tuple(sorted(recipe.seconds)))


def _typical(menu: Iterable[Recipe]) -> tuple[float, float]:
    ranges = [recipe.typical for recipe in menu]
    return min(low for low, _ in ranges), max(high for _, high in ranges)
