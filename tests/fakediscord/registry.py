"""The application's commands, as it told them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakediscord import rules
from tests.fakediscord.keys import PAYLOAD
from tests.fakediscord.rules import Refused
from tests.fakediscord.world import snowflake

if TYPE_CHECKING:
    from tests.fakediscord.server import FakeDiscord


class Registry:
    """Takes commands for everywhere and for single servers, and lists them."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake

    def routes(self, application: str) -> list[web.RouteDef]:
        places = (application + "/commands", application + r"/guilds/{guild:\d+}/commands")
        puts = [web.put(place, self._sync) for place in places]
        return [*puts, *(web.get(place, self._list) for place in places)]

    async def _sync(self, request: web.Request) -> web.Response:
        guild = int(request.match_info.get("guild", 0))
        for command in request[PAYLOAD]:
            try:
                rules.command(command)
            except Refused as refused:  # the one thing one wants to know when a sync fails
                self.fake.refusals.append(str(refused))
                raise
        self.fake.commands[guild] = [
            {
                "description": "",  # what Discord says of a menu
                **command,
                "id": str(snowflake()),
                "application_id": str(self.fake.app),
                "version": "1",
                "type": command.get("type", 1),
                "default_member_permissions": command.get("default_member_permissions"),
            }
            | ({"guild_id": str(guild)} if guild else {})
            for command in request[PAYLOAD]
        ]
        return _reply(self.fake.commands[guild])

    async def _list(self, request: web.Request) -> web.Response:
        return _reply(self.fake.commands.get(int(request.match_info.get("guild", 0)), []))


def _reply(data: Any) -> web.Response:
    from tests.fakediscord.server import reply

    return reply(data)
