"""Which hosts a download may reach: public ones, and those the operator named.

An answer from a server names the address of the finished video, so whoever controls the server controls where we knock.
Every address a host resolves to is checked, and the connection goes to the checked address itself, so that a name that
resolves differently a moment later (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Final

import httpx

from bot.errors import ResultInvalid, Transient

_PORTS: Final = {"http": 80, "https": 443}


def origin(url: str | httpx.URL) -> str:
    """`host:port`, as the operator's allowed hosts are written. Raises `ResultInvalid` for what is no web address."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ResultInvalid("the result's address is none") from error
    if parsed.scheme not in _PORTS or not parsed.host or parsed.userinfo:
        raise ResultInvalid(f"the result's address is not a plain web address ({parsed.scheme}://{parsed.host})")
    return f"{parsed.host}:{parsed.port or _PORTS[parsed.scheme]}"


def hosts(*named: str | Iterable[str]) -> frozenset[str]:
    """Allowed hosts from settings: whole addresses, `host:port`, or a host alone (both web ports)."""
    flat = [one for each in named for one in ([each] if isinstance(each, str) else each) if one]
    return frozenset(name for one in flat for name in _written(one.strip().lower()))


def _written(one: str) -> tuple[str, ...]:
    if "://" in one:
        return (origin(one),)
    if ":" in one.rpartition("]")[2]:
        return (one,)
    return tuple(f"{one}:{port}" for port in _PORTS.values())


async def checked(url: httpx.URL, allowed: frozenset[str]) -> list[str]:
    """The addresses to connect to, in order; none where the operator named the host: it may resolve as it likes.

    Raises `ResultInvalid` when any of its addresses is not public, `Transient` when it does not resolve now.
    """
    where = origin(url)
    if where in allowed:
        return []
    found = await _resolved(url.host, int(where.rpartition(":")[2]))
    if not found or not all(map(public, found)):
        raise ResultInvalid(f"the result lies at {url.host}, which is not a public address")
    return found


async def _resolved(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Transient(f"the result's host {host} does not resolve") from error
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


def public(address: str) -> bool:
    """Whether an address belongs to the open internet, also when it hides an IPv4 one (mapped, 6to4, NAT64)."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _nat64(found)
        if inner is not None:
            return public(str(inner))
    return found.is_global and not found.is_multicast


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    inside = address in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if inside else None
