"""Cards and works in Slack: posted once, edited, published, redrawn, removed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.errors import MessageGone, TooLarge
from bot.locales import words
from bot.model.card import Card, Video
from bot.model.people import MessageRef, Place
from handlers.slack import clip, find, render
from handlers.slack.pairs import Pair
from handlers.slack.shape import Json, parts, text
from handlers.slack.web import UPLOAD_LIMIT, Refused, Web
from handlers.slack.workspace import Workspace, Workspaces

log = logging.getLogger(__name__)


class Posting:
    """The part of `Platform` that writes into channels.

    An entry is the job's card, turned into the entry, with the clip in its thread: `MessageRef` names the card, its
    `extra` is the ts of the clip's own message.
    """

    def __init__(self, workspaces: Workspaces, looks: Sequence[float] = clip.LOOKS) -> None:
        """`looks`: seconds between looks for a clip Slack has not yet shown."""
        self._workspaces = workspaces
        self._looks = looks

    async def post(self, place: Place, card: Card, *, key: str, again: bool = False) -> MessageRef:
        """Post a card. Raises `PlaceForbidden` and `PlatformBusy`; after the latter it may hang there all the same."""
        there = self._workspaces.of(place.community)
        if again and (ts := await find.posted(there.web, place, key, there.identity.bot)):
            return MessageRef(place.community, place.channel, ts)
        picture = await there.pictures.file(card)
        told = await show(
            there.web,
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
        there = self._workspaces.of(ref.community)
        picture = await there.pictures.file(card)
        await show(there.web, "chat.update", card, picture, there.language, channel=ref.channel, ts=ref.id)

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

    async def redraw(self, ref: MessageRef, card: Card) -> None:
        """New words around the picture that hangs there; the clip in the thread is left alone. Raises `MessageGone`."""
        there = self._workspaces.of(ref.community)
        pair = await there.pairs.at(ref.channel, ref.id)
        how: dict[str, Any] = {"channel": ref.channel, "ts": ref.id}
        if pair.key:
            how["metadata"] = find.marked(pair.key, pair.file, pair.picture)
        await show(there.web, "chat.update", card, pair.picture, there.language, **how)

    async def delete(self, ref: MessageRef) -> None:
        """Remove a card, its clip and their files; silent when they are already gone."""
        there = self._workspaces.of(ref.community)
        for file in await _files(there.web, ref):
            await _gone(there.web, "files.delete", file=file)
        if ref.extra:
            await _gone(there.web, "chat.delete", channel=ref.channel, ts=ref.extra)
        await _gone(there.web, "chat.delete", channel=ref.channel, ts=ref.id)
        there.pairs.forget(ref.channel, ref.id)

    async def _hang(self, ref: MessageRef, place: Place, card: Card, key: str, again: bool) -> MessageRef:
        """The clip's file is noted in the card before it is shared, so that the next run can tell what happened."""
        if card.video is None:
            await self.edit(ref, card)
            return ref
        there, root = self._workspaces.of(ref.community), place.thread or ref.id
        there.pairs.forget(ref.channel, ref.id)
        if again and (known := await self._known(there, ref, root, clip.name(card.video, key))):
            await self.edit(ref, card)
            return replace(ref, extra=known)
        file = await clip.send(there.web, card.video, clip.name(card.video, key))
        picture = await there.pictures.file(card)
        noted = find.marked(key, file, picture)
        how: dict[str, Any] = {"channel": ref.channel, "ts": ref.id, "metadata": noted}
        await show(there.web, "chat.update", card, picture, place.language, **how)
        await _share(there.web, ref, root, file, card, card.video)
        shown = await clip.shared(there.web, file, ref.channel, self._looks)
        if shown:
            there.pairs.remember(ref.channel, Pair(ref.id, shown, key, file, picture))
        return replace(ref, extra=shown)

    async def _known(self, there: Workspace, ref: MessageRef, root: str, called: str) -> str:
        """The ts of the clip's message, if an earlier run shared it: by its name, or by the file noted in the card."""
        noted = ""
        async for message in find.thread(there.web, ref.channel, root):
            if any(file.get("name") == called for file in parts(message, "files")):
                return text(message, "ts")
            if message.get("ts") == ref.id:
                noted = text(find.payload(message), "file")
        return await clip.shared(there.web, noted, ref.channel, self._looks) if noted else ""


async def _share(web: Web, ref: MessageRef, root: str, file: str, card: Card, video: Video) -> None:
    title = render.unmarked(card.title) or video.name
    await clip.share(web, file, ref.channel, root, title=title, comment=render.comment(card))


async def _files(web: Web, ref: MessageRef) -> set[str]:
    """Ids of the files a card and its clip's message show."""
    found: set[str] = set()
    for ts in filter(None, (ref.id, ref.extra)):
        try:
            async for message in find.thread(web, ref.channel, ts):
                if message.get("ts") == ref.id:
                    noted = find.payload(message)
                    found |= {text(noted, "file"), text(noted, "picture")}
                elif message.get("ts") == ref.extra:
                    found |= {text(file, "id") for file in parts(message, "files")}
        except MessageGone:
            continue
        break
    return found - {""}


async def _gone(web: Web, method: str, **what: str) -> None:
    try:
        await web.send(method, **what)
    except MessageGone:
        log.debug("%s: already gone", method)
    except Refused as error:
        if error.code not in ("file_not_found", "file_deleted"):
            raise


async def show(web: Web, method: str, card: Card, picture: str, language: str, **how: Any) -> Json:
    """Post or edit a card; without its still when that is what Slack dislikes."""
    how["text"] = render.fallback(card)
    say = words(language)
    try:
        return await web.send(method, blocks=render.blocks(card, say, picture), **how)
    except Refused as error:
        if not picture or error.code != "invalid_blocks":
            raise
        log.warning("a card goes without its picture: %r", error)
        return await web.send(method, blocks=render.blocks(card, say), **how)
