"""Which messages show one work: its card, and the clip's own message in the card's thread. People react to both."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import MessageGone
from handlers.slack import find
from handlers.slack.shape import Json, parts, text
from handlers.slack.web import Web

_MOST: Final = 5000


@dataclass(frozen=True, slots=True)
class Pair:
    """One work in a channel: `clip` is empty while there is none. `key`, `file`, `picture` as the card's metadata
    holds them; without a key it is no card of ours."""

    card: str
    clip: str = ""
    key: str = ""
    file: str = ""
    picture: str = ""

    def messages(self) -> Iterator[str]:
        """Their ts."""
        yield from filter(None, (self.card, self.clip))


class Pairs:
    """Looks them up once and remembers them; what has just been published is remembered without a look."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: OrderedDict[tuple[str, str], Pair] = OrderedDict()

    def remember(self, channel: str, pair: Pair) -> None:
        """A work hangs there now."""
        for ts in pair.messages():
            self._known[channel, ts] = pair
            self._known.move_to_end((channel, ts))
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def forget(self, channel: str, ts: str) -> Pair | None:
        """One of its messages is gone, or changed its files."""
        pair = self._known.pop((channel, ts), None)
        for other in pair.messages() if pair else ():
            self._known.pop((channel, other), None)
        return pair

    async def at(self, channel: str, ts: str) -> Pair:
        """The work that a message shows, be it the card or the clip. Raises `MessageGone`, `PlatformBusy`."""
        if known := self._known.get((channel, ts)):
            return known
        thread = await self._thread(channel, ts)
        pair = _pair(thread, ts)
        if pair.clip or not pair.file:  # a clip that is still on its way is looked for again
            self.remember(channel, pair)
        return pair

    async def _thread(self, channel: str, ts: str) -> list[Json]:
        """All messages around one; of a reply Slack may tell the reply alone."""
        told = [message async for message in find.thread(self._web, channel, ts)]
        mine = next((message for message in told if message.get("ts") == ts), None)
        if mine is None:
            raise MessageGone(f"there is no message {ts} in {channel}")
        root = text(mine, "thread_ts") or ts
        if any(message.get("ts") == root for message in told):
            return told
        return [message async for message in find.thread(self._web, channel, root)]


def _pair(thread: Sequence[Json], ts: str) -> Pair:
    shown = {text(message, "ts"): _files(message) for message in thread}
    for message in thread:
        noted = find.payload(message)
        file, card = text(noted, "file"), text(message, "ts")
        if card == ts or (file and file in shown.get(ts, ())):
            clip = next((other for other, files in shown.items() if file and other != card and file in files), "")
            return Pair(card, clip, text(noted, "key"), file, text(noted, "picture"))
    return Pair(ts)


def _files(message: Json) -> frozenset[str]:
    return frozenset(text(file, "id") for file in parts(message, "files"))
