"""What comes from Slack: acknowledged at once, heard once, then handled in tasks this room owns."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.errors import PlatformError, TooLarge
from bot.locales import words
from bot.model.card import Card, CardKind, Tone
from bot.model.command import Asked, Attachment
from bot.model.people import Community, Member, Place
from bot.ports import Reply
from handlers.slack import parse, render
from handlers.slack.parse import Heard, Payload, Shared
from handlers.slack.people import People
from handlers.slack.reply import SlackReply
from handlers.slack.web import DOWNLOAD_LIMIT, Web

log = logging.getLogger(__name__)

Handle = Callable[[Asked, Reply], Awaitable[None]]
_GRACE_SECONDS: Final = 2.0
_ANY: Final = re.compile(r".*")


class Inbox:
    """Listens through a bolt app and hands commands to the core."""

    def __init__(self, web: Web, community: Community, language: str, handle: Handle) -> None:
        self._web = web
        self._community = community
        self._language = language
        self._handle = handle
        self._people = People(web, community, language)
        self._seen = Seen()
        self._tasks: set[asyncio.Task[None]] = set()

    def attach(self, bolt: AsyncApp) -> None:
        """Register every listener. Any slash command is ours: the operator may have named it differently."""
        app: Any = bolt  # its decorators are typed only in part
        app.command(_ANY)(self._slash)
        app.action(re.compile("^" + parse.PRESS))(self._press)
        app.view(re.compile("^" + parse.FORM))(self._submission)
        app.shortcut(re.compile(f"^({parse.CREATE_SHORTCUT}|{parse.REMAKE_SHORTCUT})$"))(self._shortcut)
        app.event("app_home_opened")(self._home_opened)
        app.event(re.compile("^(app_uninstalled|tokens_revoked)$"))(self._uninstalled)
        app.event(re.compile("^reaction_(added|removed)$"))(self._reaction)
        app.action(_ANY)(self._nothing)
        app.view(_ANY)(self._nothing)

    async def close(self) -> None:
        """Let what was heard finish for a moment, then cancel it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _slash(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.slash, body)

    async def _press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.press, body)

    async def _submission(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.submission, body)

    async def _shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._hear(parse.shortcut, body)

    async def _home_opened(self, body: dict[str, Any]) -> None:
        event: Payload = body["event"]
        if event.get("tab", "home") == "home" and self._seen.first(f"event:{body.get('event_id')}"):
            self._own(self._show_home(str(event["user"])))

    async def _uninstalled(self, body: dict[str, Any]) -> None:
        if self._seen.first(f"event:{body.get('event_id')}"):
            log.error(words(self._language)("slack.uninstalled"))

    async def _reaction(self, body: dict[str, Any]) -> None:
        """Acknowledged, so that Slack does not send it again; votes are read from the message when they are counted."""
        log.debug("reaction %s", body.get("event_id"))

    async def _nothing(self, ack: AsyncAck) -> None:
        """A choice inside a form, or something of an older version: acknowledged, so that nobody sees a warning."""
        await ack()

    def _hear(self, read: Callable[[Payload], Heard], body: Payload) -> None:
        heard = read(body)
        if self._seen.first(heard.once):
            self._own(self._serve(heard))

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("something heard in Slack was not handled", exc_info=error)

    async def _serve(self, heard: Heard) -> None:
        member = await self._people.member(heard.user, heard.name)
        reply = SlackReply(self._web, heard, member.language)
        try:
            heard = await self._complete(heard)
        except PlatformError as error:
            log.warning("a file of %s was not taken: %r", heard.user, error)
            await reply.tell(_refused(error, member))
            return
        place = Place(self._community, heard.channel, heard.thread, language=self._language)
        await self._handle(Asked(heard.command, member, place), reply)

    async def _complete(self, heard: Heard) -> Heard:
        """With the files of its form, if there are any. Raises `TooLarge` before a byte is fetched."""
        if not heard.files:
            return heard
        return heard.with_files({name: await self._fetched(file) for name, file in heard.files})

    async def _fetched(self, file: Shared) -> Attachment:
        if file.size > DOWNLOAD_LIMIT:
            raise TooLarge(f"{file.size} bytes", limit=DOWNLOAD_LIMIT)
        return Attachment(file.name, await self._web.download(file.url), file.mime)

    async def _show_home(self, user: str) -> None:
        member = await self._people.member(user, user)
        try:
            await self._web.send("views.publish", user_id=user, view=render.home(words(member.language)))
        except PlatformError as error:
            log.warning("could not show App Home: %r", error)


class Seen:
    """What was heard lately, so that a repetition is not heard twice. Bounded in time and number."""

    def __init__(self, seconds: float = 3600, most: int = 10_000, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._most = most
        self._now = now
        self._known: OrderedDict[str, float] = OrderedDict()

    def first(self, name: str) -> bool:
        """Whether this is the first time."""
        oldest = self._now() - self._seconds
        while self._known and (len(self._known) >= self._most or next(iter(self._known.values())) < oldest):
            self._known.popitem(last=False)
        if name in self._known:
            return False
        self._known[name] = self._now()
        return True


def _refused(error: PlatformError, member: Member) -> Card:
    say = words(member.language)
    key = "slack.file.too_large" if isinstance(error, TooLarge) else "slack.file.unreadable"
    return Card(CardKind.NOTICE, say(key, limit=DOWNLOAD_LIMIT // 1024**2), tone=Tone.BAD)
