"""Who talks to us: one package per platform, registered by name.

To add one: a package with `connect(settings, kit) -> Platform | None` (None while it is not configured),
`async check(settings) -> Finding` for the doctor, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, Protocol

from bot.completion import Completions
from bot.model.finding import Finding
from bot.ports import Clock, Installations, Log, MediaStore, Meter, Platform, Unmetered
from bot.settings import Settings
from bot.usecases.house import House

MODULES: Final = {
    "discord": "handlers.discord",
    "slack": "handlers.slack",
    "studio": "handlers.web",
}
"""Platform → the package that connects it, imported only when asked."""
SITES: Final = {"hall": "handlers.hall"}
"""Pages for people who ask for nothing: site → its package with `open_site(settings, kit, house) -> Site | None` and
`check(settings)`."""


class Site(Protocol):
    """Serves pages beside the platforms."""

    @property
    def name(self) -> str:
        """As in `SITES`."""
        ...

    async def run(self) -> None:
        """Serve until cancelled. Raises `SetupError` when its address cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What the other rooms lend to platforms."""

    log: Log
    media: MediaStore
    clock: Clock
    completions: Completions
    announce: Callable[[str], None]
    """Tells the operator an address or another line worth reading."""
    installations: Installations
    """What communities entrusted to us."""
    browser: bool = False
    """Whether a page may be opened on this machine."""
    meter: Meter = field(default_factory=Unmetered)


Connect = Callable[[Settings, Kit], Platform | None]


def connect_all(settings: Settings, kit: Kit) -> dict[str, Platform]:
    """Every configured platform by name. Raises `SetupError` for settings that cannot work."""
    connected = {name: _connect(module)(settings, kit) for name, module in MODULES.items()}
    return {name: platform for name, platform in connected.items() if platform is not None}


def open_sites(settings: Settings, kit: Kit, house: House) -> list[Site]:
    """Every site that is open."""
    opened = [import_module(module).open_site(settings, kit, house) for module in SITES.values()]
    return [site for site in opened if site is not None]


async def check(name: str, settings: Settings) -> Finding:
    """What the doctor finds about one platform or site: its tokens and whether it answers. Never raises."""
    return await import_module({**MODULES, **SITES}[name]).check(settings)


def _connect(module: str) -> Connect:
    return import_module(module).connect
