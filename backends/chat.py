"""A language model that writes a member's sentence out for a video model: any server with /chat/completions."""

from __future__ import annotations

import logging
import re
from typing import Final

from backends.net import Client, Times, dig
from bot import settings as configuration
from bot.errors import BackendError

log = logging.getLogger(__name__)

_TASK: Final = (
    "You prepare one sentence about a winter sport for a text-to-video model. Answer with the prompt alone: no quotes, "
    "no explanation, no list, at most {longest} characters. Keep every person, animal, colour, place, time and action "
    "of the sentence, keep names that begin with @ letter for letter, and add nothing that contradicts it. "
)
_EXPAND: Final = "Describe in English what is seen and heard: the athlete, the movement, the place, light and weather."
_TRANSLATE: Final = "Translate it into English and change nothing else."
_NAME: Final = re.compile(r"(?<![\w@.])@\w+")


def build(settings: configuration.Settings) -> Chat | None:
    """The writer, if an address and a model are configured."""
    mine = settings.chat
    return Chat(mine) if mine.api and mine.model else None


class Chat:
    """Implements `bot.ports.Writer`."""

    def __init__(self, settings: configuration.Chat) -> None:
        headers = {"Authorization": f"Bearer {settings.key.get_secret_value()}"} if settings.key else {}
        times = Times(silence=settings.patience, whole=settings.patience)
        self._settings = settings
        self._client = Client(settings.api, headers, times=times)

    async def rewritten(self, sentence: str, *, sport: str) -> str:
        """The sentence as a model should read it, or nothing: whatever goes wrong is logged and harms nobody."""
        try:
            said = await self._asked(sentence, sport)
        except BackendError as error:
            log.warning("the sentence was not rewritten: %s", error.detail)
            return ""
        why = self._doubts(sentence, said)
        if why:
            log.warning("the sentence was not rewritten: %s", why)
        return "" if why else said

    async def trouble(self) -> str:
        """Why it cannot be used now, or nothing: asks for one short sentence."""
        try:
            said = await self._asked("A fox jumps at dusk", "Ski jumping")
        except BackendError as error:
            return error.detail
        return self._doubts("", said)

    async def _asked(self, sentence: str, sport: str) -> str:
        mine = self._settings
        task = _TASK.format(longest=mine.longest) + (_EXPAND if mine.task == "expand" else _TRANSLATE)
        body = {
            "model": mine.model,
            "messages": [
                {"role": "system", "content": task},
                {"role": "user", "content": f"Sport: {sport}\nSentence: {sentence}"},
            ],
        }
        answer = await self._client.read("/chat/completions", method="POST", json=body)
        if not answer.ok:
            raise BackendError(f"HTTP {answer.status}: {answer.text}")
        said = dig(answer.data, "choices", 0, "message", "content")
        return " ".join(said.split()).strip('"“”') if isinstance(said, str) else ""

    def _doubts(self, sentence: str, said: str) -> str:
        """Why an answer is not used."""
        if not said:
            return "the answer is empty"
        if len(said) > self._settings.longest:
            return f"the answer has {len(said)} characters"
        lost = [name for name in _NAME.findall(sentence) if name not in said]
        return f"the answer lost {', '.join(lost)}" if lost else ""

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()
