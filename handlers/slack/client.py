"""Slack as a platform: connect, serve, and post with the app's own rights."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any, Final

from bot.errors import MessageGone, PlatformBusy, PlatformError, TooLarge, WrongToken
from bot.locales import words
from bot.model.card import Card, Video
from bot.model.people import Community, MessageRef, Place
from bot.ports import Handle, Hear, Meter, Traits, Unmetered, deaf
from bot.settings import Slack
from handlers.plain import Plain
from handlers.slack import clip, find, render
from handlers.slack.door import NAME, Door, Identity, door
from handlers.slack.inbox import Inbox
from handlers.slack.manifest import SCOPES
from handlers.slack.picture import Pictures
from handlers.slack.shape import Json, parts, text
from handlers.slack.web import AUTH, UPLOAD_LIMIT, Refused, Web, code_of

log = logging.getLogger(__name__)

EDIT_SECONDS: Final = 1.5
"""chat.update is tier 3, some 50 a minute, shared by all cards of a workspace."""
_AGAIN_SECONDS: Final = (1, 2, 5, 10, 30, 60)


class SlackPlatform(Plain):
    """One workspace, by Socket Mode or signed HTTP. Implements `bot.ports.Platform`.

    An entry is the job's card, turned into the entry, with the clip in its thread: people react to the card, and
    `MessageRef.extra` holds the ts of the clip's own message.
    """

    def __init__(
        self,
        settings: Slack,
        token: str,
        language: str,
        *,
        on_ready: Callable[[str, str], None] = lambda _team, _bot: None,
        looks: Sequence[float] = clip.LOOKS,
        meter: Meter | None = None,
    ) -> None:
        """`on_ready` is told workspace and bot; `looks`: seconds between looks for a clip Slack has not yet shown."""
        self._meter = meter or Unmetered()
        self._on_ready = on_ready
        self._looks = looks
        self._settings = settings
        self._language = language
        self._web = Web(token, settings.api)
        self._pictures = Pictures(self._web)
        self._bot = ""
        self._door: Door | None = None

    @property
    def name(self) -> str:
        """As in `Community.platform`."""
        return NAME

    @property
    def traits(self) -> Traits:
        """Slack's limits."""
        return Traits(render.LONGEST_TEXT, UPLOAD_LIMIT, EDIT_SECONDS, edits_shared=True)

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us."""
        return self._door is not None and self._door.reachable

    @property
    def port(self) -> int:
        """Where signed HTTP listens; 0 while it does not."""
        return self._door.port if self._door else 0

    async def run(self, handle: Handle, hear: Hear = deaf) -> None:
        """Connect, serve until cancelled, close gracefully; may be run again. Raises `SetupError` at the start."""
        async with AsyncExitStack() as leaving:
            self._web.open()
            leaving.push_async_callback(self._web.close)
            identity = await self._identify()
            inbox = Inbox(self._web, Community(NAME, identity.team), self._language, handle)
            leaving.push_async_callback(inbox.close)
            self._door = door(self._settings, self._web, identity, self._meter)
            leaving.push_async_callback(self._door.close)
            inbox.attach(self._door.app)
            await self._door.open()
            self._on_ready(identity.team_name, identity.bot_name)
            await self._door.watch()

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Post a card. Raises `PlaceForbidden` and `PlatformBusy`; after the latter it may hang there all the same."""
        if again and (ts := await find.posted(self._web, place, key, self._bot)):
            return MessageRef(place.community, place.channel, ts)
        picture = await self._pictures.file(card)
        told = await self._show(
            "chat.postMessage",
            card,
            picture,
            place.language,
            channel=place.channel,
            thread_ts=place.thread,
            metadata=find.marked(key, picture=picture),
            unfurl_links=False,
            unfurl_media=False,
        )
        return MessageRef(place.community, str(told["channel"]), str(told["ts"]))

    async def edit(self, ref: MessageRef, card: Card) -> None:
        """Show a card's new state, always with its blocks: without them Slack would keep the words only."""
        picture = await self._pictures.file(card)
        await self._show("chat.update", card, picture, self._language, channel=ref.channel, ts=ref.id)

    async def publish(
        self, place: Place, card: Card, *, key: str, again: bool = False, instead_of: MessageRef | None = None
    ) -> MessageRef:
        """Turn the job's card into the entry and put the clip into its thread. Raises `TooLarge` beforehand."""
        if card.video and card.video.bytes > UPLOAD_LIMIT:
            raise TooLarge("the clip is larger than Slack takes", limit=UPLOAD_LIMIT)
        if instead_of is not None:
            try:
                return await self._hang(instead_of, place, card, key, again)
            except MessageGone:
                log.info("the card %s was deleted; the entry gets a message of its own", instead_of.id)
        ref = await self.post(place, card, key=key, again=again)
        return await self._hang(ref, place, card, key, again)

    async def delete(self, ref: MessageRef) -> None:
        """Remove a card, its clip and their files; silent when they are already gone."""
        for file in await self._files(ref):
            await self._gone("files.delete", file=file)
        if ref.extra:
            await self._gone("chat.delete", channel=ref.channel, ts=ref.extra)
        await self._gone("chat.delete", channel=ref.channel, ts=ref.id)

    async def aclose(self) -> None:
        """Close the connections of a platform that posts without serving; `run` does so by itself."""
        await self._web.close()

    async def _hang(self, ref: MessageRef, place: Place, card: Card, key: str, again: bool) -> MessageRef:
        """The clip's file is noted in the card before it is shared, so that the next run can tell what happened."""
        if card.video is None:
            await self.edit(ref, card)
            return ref
        root = place.thread or ref.id
        if again and (known := await self._known(ref, root, clip.name(card.video, key))):
            await self.edit(ref, card)
            return replace(ref, extra=known)
        file = await clip.send(self._web, card.video, clip.name(card.video, key))
        picture = await self._pictures.file(card)
        noted = find.marked(key, file, picture)
        await self._show("chat.update", card, picture, place.language, channel=ref.channel, ts=ref.id, metadata=noted)
        await self._share(ref, root, file, card, card.video)
        return replace(ref, extra=await clip.shared(self._web, file, ref.channel, self._looks))

    async def _share(self, ref: MessageRef, root: str, file: str, card: Card, video: Video) -> None:
        title = render.unmarked(card.title) or video.name
        await clip.share(self._web, file, ref.channel, root, title=title, comment=render.comment(card))

    async def _known(self, ref: MessageRef, root: str, called: str) -> str:
        """The ts of the clip's message, if an earlier run shared it: by its name, or by the file noted in the card."""
        noted = ""
        async for message in find.thread(self._web, ref.channel, root):
            if any(file.get("name") == called for file in parts(message, "files")):
                return text(message, "ts")
            if message.get("ts") == ref.id:
                noted = text(find.payload(message), "file")
        return await clip.shared(self._web, noted, ref.channel, self._looks) if noted else ""

    async def _files(self, ref: MessageRef) -> set[str]:
        """Ids of the files a card and its clip's message show."""
        found: set[str] = set()
        for ts in filter(None, (ref.id, ref.extra)):
            try:
                async for message in find.thread(self._web, ref.channel, ts):
                    if message.get("ts") == ref.id:
                        noted = find.payload(message)
                        found |= {text(noted, "file"), text(noted, "picture")}
                    elif message.get("ts") == ref.extra:
                        found |= {text(file, "id") for file in parts(message, "files")}
            except MessageGone:
                continue
            break
        return found - {""}

    async def _gone(self, method: str, **what: str) -> None:
        try:
            await self._web.send(method, **what)
        except MessageGone:
            log.debug("%s: already gone", method)
        except Refused as error:
            if error.code not in ("file_not_found", "file_deleted"):
                raise

    async def _show(self, method: str, card: Card, picture: str, language: str, **how: Any) -> Json:
        """Post or edit a card; without its still when that is what Slack dislikes."""
        how["text"] = render.fallback(card)
        say = words(language)
        try:
            return await self._web.send(method, blocks=render.blocks(card, say, picture), **how)
        except Refused as error:
            if not picture or error.code != "invalid_blocks":
                raise
            log.warning("a card goes without its picture: %r", error)
            return await self._web.send(method, blocks=render.blocks(card, say), **how)

    async def _identify(self) -> Identity:
        """Who we are. Waits as long as Slack cannot be reached; raises `WrongToken` when it does not know us."""
        attempt = 0
        while True:
            try:
                told = await self._web.send("auth.test")
                break
            except PlatformBusy as error:
                pause = _AGAIN_SECONDS[min(attempt, len(_AGAIN_SECONDS) - 1)]
                log.warning("Slack does not answer (%s); next try in %s s", error, pause)
            except PlatformError as error:
                if code_of(error) in AUTH:
                    raise WrongToken(platform="Slack", setting="slack.bot_token") from error
                raise
            attempt += 1
            await asyncio.sleep(pause)
        identity = Identity.of(told)
        self._bot, self._web.called = identity.bot, identity.bot_name
        if missing := set(SCOPES) - self._web.granted:
            log.warning(words(self._language)("slack.scopes", missing=", ".join(sorted(missing))))
        return identity
