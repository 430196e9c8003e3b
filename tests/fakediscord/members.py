"""Members and their roles over REST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakediscord.rules import Refused
from tests.fakediscord.world import Guild, User, member_payload

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord

_BOTS_PLACE = 10


class Members:
    """Who belongs to a server, and what the bot may change about them."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake

    def routes(self, guild: str) -> list[web.RouteDef]:
        member = guild + r"/members/{user:\d+}"
        return [
            web.get(guild, self._guild),
            web.get(member, self._get),
            web.put(member + r"/roles/{role:\d+}", self._give),
            web.delete(member + r"/roles/{role:\d+}", self._take),
        ]

    async def _guild(self, request: web.Request) -> web.Response:
        from tests.fakediscord.server import reply

        return reply(self._server(request).payload())

    async def _get(self, request: web.Request) -> web.Response:
        from tests.fakediscord.server import reply

        user, roles = self._member(request)
        return reply(member_payload(user, roles))

    async def _give(self, request: web.Request) -> web.Response:
        _, roles = self._member(request)
        role = self._role(request)
        if role not in roles:
            roles.append(role)
        return web.Response(status=204)

    async def _take(self, request: web.Request) -> web.Response:
        _, roles = self._member(request)
        role = self._role(request)
        if role in roles:
            roles.remove(role)
        return web.Response(status=204)

    def _server(self, request: web.Request) -> Guild:
        found = self.fake.guilds.get(int(request.match_info["guild"]))
        if found is None:
            raise Refused(403, 50001, "Missing Access")
        return found

    def _member(self, request: web.Request) -> tuple[User, list[int]]:
        found = self._server(request).members.get(int(request.match_info["user"]))
        if found is None:
            raise Refused(404, 10007, "Unknown Member")
        return found

    def _role(self, request: web.Request) -> int:
        guild, role = self._server(request), int(request.match_info["role"])
        if role not in guild.roles:
            raise Refused(404, 10011, "Unknown Role")
        if not guild.rights.manage_roles or guild.positions.get(role, 1) >= _BOTS_PLACE:
            raise Refused(403, 50013, "Missing Permissions")
        return role
