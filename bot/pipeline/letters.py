"""The postman: brings letters to people, each once, in their language, to the account they were written for."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Final

from bot import reviewing
from bot.errors import OlympicError, PlatformBusy, StorageError
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Tone
from bot.model.letter import MUST, Kind, Letter
from bot.model.people import Account, Community
from bot.pipeline.patrol import Patrol
from bot.pipeline.tools import Tools

log = logging.getLogger(__name__)

LOOK: Final = 10.0
"""Seconds between looks into the box."""
ENOUGH: Final = 20
"""Letters a community's platform may be too busy for before the others to it wait for the next look."""
_GOOD: Final = frozenset({Kind.APPROVED, Kind.PODIUM, Kind.NOMINATED, Kind.REMIXED})


class Postman:
    """Looks into the box again and again; `run` must be running."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._patrol = Patrol("letters", self.round, LOOK)

    async def run(self) -> None:
        """Until cancelled. A platform that is away keeps its letters waiting."""
        await self._patrol.run()

    async def round(self) -> None:
        """Bring everything that waits; what cannot be brought keeps nothing behind it waiting."""
        kept, busy = 0, Counter[Community]()
        while letters := await self._tools.repos.letters.waiting(skip=kept):
            asked = list({letter.account for letter in letters})
            accounts = {one.key: one for one in await self._tools.repos.people.among(asked)}
            for letter in letters:
                seen = accounts.get(letter.account)
                if seen and self._away(seen, busy):
                    kept += 1
                    continue
                account = await self._tools.repos.people.get(letter.account)  # they may have been forgotten meanwhile
                try:
                    await self._bring(letter, account)
                except PlatformBusy as error:
                    log.debug("letter %s waits: %r", letter.key, error)
                    kept += 1
                    busy.update([account.community] if account else [])
                except StorageError:
                    raise
                except Exception:
                    log.exception("letter %s could not be brought", letter.key)
                    kept += 1

    def _away(self, account: Account, busy: Counter[Community]) -> bool:
        """Whether nothing can be brought there now."""
        return account.community.platform not in self._tools.platforms or busy[account.community] >= ENOUGH

    async def _bring(self, letter: Letter, account: Account | None) -> None:
        now = self._tools.clock.now()
        if account is not None and await self._wanted(letter, account):
            again = await self._tools.repos.letters.begin(letter.key, now)
            await self._hand_over(letter, account, again=again)
        await self._tools.repos.letters.done(letter.key, self._tools.clock.now())

    async def _wanted(self, letter: Letter, account: Account) -> bool:
        if letter.kind in MUST:
            return True
        return letter.kind.value not in (await self._tools.repos.people.profile(account.person)).silent

    async def _hand_over(self, letter: Letter, account: Account, *, again: bool) -> None:
        platform = self._tools.platforms[account.community.platform]
        card = letter_card(letter, account.language)
        try:
            await platform.whisper(account.community, account.member, card, key=f"letter:{letter.key}", again=again)
        except PlatformBusy:
            raise
        except OlympicError as error:  # they take no private messages: nothing more can be done
            log.info("%s takes no letter: %r", account.key, error)


def letter_card(letter: Letter, language: str) -> Card:
    """A letter's words; what may be switched off says how."""
    say = words(language)
    facts = dict(letter.facts)
    facts["reason"] = reviewing.reason(facts.get("reason", ""), language)
    lines = [say(f"letter.{letter.kind}.words", **facts)]
    if facts["reason"]:
        lines.append(say("letter.reason", reason=facts["reason"]))
    return Card(
        CardKind.NOTICE,
        say(f"letter.{letter.kind}.title", **facts),
        tuple(lines),
        quote=facts.get("sentence", ""),
        small="" if letter.kind in MUST else say("letter.off"),
        tone=Tone.GOOD if letter.kind in _GOOD else Tone.CALM,
        buttons=_buttons(letter, say),
        subject=letter.subject,
    )


def _buttons(letter: Letter, say: Words) -> tuple[Button, ...]:
    """What one may answer: yes or no to being shown, no at any time after; no more letters like this one."""
    no = Button(f"consent-no:{letter.subject}", say("button.consent_no"), "🚫", ButtonStyle.DANGER)
    if letter.kind is Kind.CONSENT:
        return (Button(f"consent-yes:{letter.subject}", say("button.consent_yes"), "✅", ButtonStyle.MAIN), no)
    if letter.kind is Kind.CHARACTER_USED:
        return (no,)
    return () if letter.kind in MUST else (Button(f"silence:{letter.kind}", say("button.silence"), "🔕"),)
