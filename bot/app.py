"""The composition root: the only module that knows every room. It decides nothing; it opens, joins and closes."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import backends
import handlers
from backends import chat
from backends.animatic.bed import Beds
from backends.animatic.cards import Cards
from backends.charts import PngCharts
from backends.guards import guarded
from bot.completion import completions
from bot.core import Core
from bot.errors import OlympicError, SetupError
from bot.locales import words
from bot.model.job import MAKING, RUNNING
from bot.pipeline.engine import Engine
from bot.pipeline.pulse import Watch
from bot.pipeline.tools import Tools
from bot.planner import Rules
from bot.ports import Backend, Platform, Unmetered, Writer
from bot.settings import Settings
from bot.usecases.house import House
from bot.usecases.offered import Offers
from handlers.ops import Ops, PrometheusMeter
from storage import open_media, open_storage
from storage.clock import SystemClock
from storage.lock import hold
from storage.media import certificate
from storage.media.provenance import Seal
from storage.media.tool import Ffmpeg
from storage.runners.local import LocalRunner
from storage.runners.queue import open_queue

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class App:
    """Everything joined and ready to run."""

    settings: Settings
    core: Core
    engine: Engine
    platforms: Mapping[str, Platform]
    backends: Mapping[str, Backend]
    starting: float = 60.0
    """Seconds in which a platform's wrong token ends the process; later the other platforms go on without it."""
    rest: tuple[float, ...] = (1.0, 5.0, 15.0, 60.0)
    """Seconds before a platform that fell over is connected again."""
    sites: Sequence[handlers.Site] = ()
    """Pages that are served beside the platforms."""
    ops: Ops | None = None
    """What a machine watches, where the operator wants it."""

    async def run(self) -> None:
        """Serve all platforms until cancelled. Raises `SetupError` when one cannot start at all."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.engine.run(), name="engine")
                if self.platforms:  # a worker has none
                    tasks.create_task(self.core.run(), name="core")
                for platform in self.platforms.values():
                    tasks.create_task(self._serve(platform), name=platform.name)
                for site in self.sites:
                    tasks.create_task(self._show(site), name=site.name)
                if self.ops is not None:
                    tasks.create_task(self._watched(self.ops), name="ops")
        except* SetupError as group:
            raise _one(group) from None

    async def _watched(self, ops: Ops) -> None:
        """Being watched is no reason to fall: only an address that cannot be had ends the process."""
        try:
            await ops.run()
        except SetupError:
            raise
        except Exception:
            log.exception("nobody can watch any more")

    async def _serve(self, platform: Platform) -> None:
        """One platform's fall must not take the others down: it is connected again, more and more patiently."""
        loop = asyncio.get_running_loop()
        started, falls = loop.time(), 0
        while True:
            began = loop.time()
            try:
                await platform.run(self.core.handle, self.core.hear)
                log.warning("%s stopped serving", platform.name)
            except SetupError as error:
                if len(self.platforms) == 1 or loop.time() - started < self.starting:
                    raise
                log.error("%s: %s", platform.name, words(self.settings.language)(error.sentence, **error.facts))
            except OlympicError as error:
                log.warning("%s fell over: %r", platform.name, error)
            except Exception:
                log.exception("%s fell over", platform.name)
            falls = 0 if loop.time() - began > self.starting else falls + 1
            await asyncio.sleep(self.rest[min(falls, len(self.rest) - 1)])

    async def _show(self, site: handlers.Site) -> None:
        """A site that cannot be served stops nobody from making clips: it is tried again, and the reason told once."""
        told = ""
        for rest in itertools.chain(self.rest, itertools.repeat(self.rest[-1])):
            try:
                await site.run()
                log.warning("the %s stopped serving", site.name)
            except SetupError as error:
                why = words(self.settings.language)(error.sentence, **error.facts)
                log.log(logging.DEBUG if why == told else logging.ERROR, "%s: %s", site.name, why)
                told = why
            except Exception:
                log.exception("the %s fell over", site.name)
            await asyncio.sleep(rest)


Connect = Callable[[Settings, handlers.Kit], dict[str, Platform]]
OpenSites = Callable[[Settings, handlers.Kit, House], Sequence[handlers.Site]]


@asynccontextmanager
async def lifespan(
    settings: Settings,
    *,
    connect: Connect = handlers.connect_all,
    open_sites: OpenSites = handlers.open_sites,
    announce: Callable[[str], None] = log.info,
    set_level: Callable[[str], None] | None = None,
    worker: bool = False,
    patience: float = 1.0,
) -> AsyncGenerator[App]:
    """Open everything in order, hand it over, close it in reverse. A `worker` draws what others admitted; `patience`
    is a factor of every wait before something that failed is tried again.

    Raises `SetupError`s: a data folder in use or unwritable, a database of a newer version, impossible settings.
    """
    home = settings.home.resolve()
    async with AsyncExitStack() as stack:
        stack.enter_context(hold(home))
        clock = SystemClock()
        stored = await stack.enter_async_context(open_storage(home, settings.database, clock, _sealing_key(settings)))
        media = open_media(home, settings.media, stored.blobs, clock)
        video = Ffmpeg()
        repos = stored.repositories(media)
        drawn = await _backends(stack, settings, backends.Kit(video, home / "scratch"))
        offers = Offers(repos)
        meter = PrometheusMeter() if settings.ops.port is not None else None
        kit = handlers.Kit(
            stored.log,
            media,
            clock,
            completions(list(drawn), offers.peek, offers.peek_styles),
            announce,
            stored.installations,
            browser=settings.studio.browser,
            meter=meter or Unmetered(),
        )
        platforms = connect(settings, kit)
        seal = Seal(_signing(settings, home))
        rules = Rules(settings.backend, settings.storyboard == "chained", settings.when_down == "next")
        tools = Tools(
            repos,
            drawn,
            platforms,
            video,
            Beds(),
            clock,
            lettering=Cards(),
            hall=settings.hall_address,
            provenance=seal,
            patience=patience,
            meter=kit.meter,
        )
        engine = await _engine(stack, settings, tools, rules, worker=worker)
        house = House(tools, engine, settings.limits, rules, _writer(stack, settings), PngCharts(), shelf=offers)
        sites = () if worker else open_sites(settings, kit, house)
        ops = _ops(settings, tools, meter, announce, set_level) if meter and set_level else None
        yield App(settings, Core(house), engine, platforms, drawn, sites=sites, ops=ops)


def _signing(settings: Settings, home: Path) -> Callable[[], certificate.Signing] | None:
    """How the certificate is come by that signs films, once there is one to sign."""
    given = settings.provenance
    if not given.sign:
        return None
    if given.certificate and given.key:
        return partial(certificate.given, given.certificate, given.key)
    return partial(certificate.own, home / "credentials")


async def _engine(stack: AsyncExitStack, settings: Settings, tools: Tools, rules: Rules, *, worker: bool) -> Engine:
    """All stages here; or making films in workers and the rest here; or, in a worker, making films alone."""
    if not (worker or settings.workers.enabled):
        return Engine(tools, LocalRunner(), rules=rules)
    if not settings.media.url:
        raise SetupError(key="setup.workers_media")
    queue = await stack.enter_async_context(open_queue(settings.database, settings.workers.jobs))
    if worker:
        return Engine(tools, queue, rules=rules, mine=MAKING)
    return Engine(tools, LocalRunner(), rules=rules, mine=RUNNING - MAKING, workers=queue)


def _ops(
    settings: Settings,
    tools: Tools,
    meter: PrometheusMeter,
    announce: Callable[[str], None],
    set_level: Callable[[str], None],
) -> Ops:
    def ready(url: str) -> None:
        announce(words(settings.language)("ops.ready", url=url))

    return Ops(settings, Watch(tools), meter, set_level=set_level, announce=ready)


async def _backends(stack: AsyncExitStack, settings: Settings, kit: backends.Kit) -> dict[str, Backend]:
    built = {
        name: guarded(backend, settings, kit.scratch) for name, backend in backends.build_all(settings, kit).items()
    }
    for backend in built.values():
        stack.push_async_callback(backend.aclose)
    if settings.backend and settings.backend not in built:
        raise SetupError(key="setup.unknown_backend", name=settings.backend, near=", ".join(built))
    return built


def _sealing_key(settings: Settings) -> str:
    return settings.sealing_key.get_secret_value() if settings.sealing_key else ""


def _writer(stack: AsyncExitStack, settings: Settings) -> Writer | None:
    writer = chat.build(settings)
    if writer is not None:
        stack.push_async_callback(writer.aclose)
    return writer


def _one(group: BaseExceptionGroup[SetupError]) -> SetupError:
    first = group.exceptions[0]
    return first if isinstance(first, SetupError) else _one(first)
