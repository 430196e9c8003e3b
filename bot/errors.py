"""Everything that can go wrong, as one tree.

    OlympicError
    ├── Refusal                 a person asked for something we will not do; words for them, nothing is lost
    │   ├── BadPrompt, BadReference, UnknownName, BadSetting, NotAllowed, NotFound, Withdrawn, LimitReached,
    │   │   Infeasible, Changed, CannotPost
    ├── BackendError            who draws failed; says whether it may be retried and whether the quota returns
    │   ├── InvalidRequest, BadInputMedia, Unsupported, ContentRejected, AuthFailed, BillingFailed,
    │   ├── ModelUnavailable, RateLimited, Transient, RemoteFailed, RemoteLost, ResultExpired,
    │   └── ResultInvalid, SubmitUncertain, DeadlineExceeded, Paused, OverBudget
    ├── PlatformError           who talks to us failed
    │   └── MessageGone, PlaceForbidden, BadEmoji, PlatformBusy, TooLarge
    ├── StorageError            who remembers failed
    │   └── DiskFull, DataInUse, DataUnwritable, FenceLost
    └── SetupError              the operator must mend something; one sentence and an exit code

An error carries `key`, the name of its sentence in the catalogues, and `facts`, what that sentence needs. Rooms raise
these and nothing else; a foreign exception is renamed at the edge of the room and kept as `__cause__`.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

Fact = str | int | float
"""What may stand in a sentence: plain text and numbers, formatted by the reader's language."""


class OlympicError(Exception):
    """The root. `key` names the sentence in every catalogue; `facts` fill it; `detail` is for the operator's log."""

    key: ClassVar[str] = "error.unknown"

    def __init__(self, detail: str = "", /, *, key: str | None = None, **facts: Fact) -> None:
        super().__init__(detail or (key or self.key))
        self.sentence: str = key or self.key
        self.facts: Mapping[str, Fact] = facts
        self.detail = detail


class Refusal(OlympicError):
    """We will not do what was asked; the sentence says why and the next step."""

    key = "refusal.other"


class BadPrompt(Refusal):
    """The sentence is empty, too long or unreadable."""

    key = "refusal.prompt"


class BadReference(Refusal):
    """A picture or sound that is not one, is too large, or cannot be read."""

    key = "refusal.reference"


class UnknownName(Refusal):
    """A sport, style, character, backend or setting that does not exist; facts: what, name, near."""

    key = "refusal.unknown_name"


class BadSetting(Refusal):
    """Something chosen in the setup that cannot be meant; the sentence says what would be right."""

    key = "refusal.setting"


class NotAllowed(Refusal):
    """The asker may not do this."""

    key = "refusal.not_allowed"


class NotFound(Refusal):
    """What a button or command points to is gone."""

    key = "refusal.not_found"


class Withdrawn(NotFound):
    """It was an exhibit and hangs no more."""

    key = "hall.withdrawn"


class LimitReached(Refusal):
    """The member has as many running or daily requests as allowed."""

    key = "refusal.limit"


class Infeasible(Refusal):
    """No backend can do this request; the planner offers what can be done."""

    key = "refusal.infeasible"


class Changed(Refusal):
    """Somebody else changed it meanwhile."""

    key = "refusal.changed"


class CannotPost(Refusal):
    """The bot may not post in this place; facts: missing permissions."""

    key = "refusal.cannot_post"


class BackendError(OlympicError):
    """Drawing failed.

    `retry`: the same order may be sent again without harm. `refund`: the member's quota is given back.
    `pause`: the backend should rest and be probed before it gets more work. `operator`: who must act knows from this.
    """

    key = "backend.failed"
    retry: ClassVar[bool] = False
    refund: ClassVar[bool] = True
    pause: ClassVar[bool] = False
    operator: ClassVar[str] = "Look at the log for the backend's own words."

    def __init__(
        self, detail: str = "", /, *, retry_after: timedelta | None = None, key: str | None = None, **facts: Fact
    ) -> None:
        super().__init__(detail, key=key, **facts)
        self.retry_after = retry_after


class InvalidRequest(BackendError):
    """The backend refused the order's shape: our mistake or a setting's."""

    key = "backend.invalid"
    operator = "The order does not fit the model: check the profile and the workflow."


class BadInputMedia(BackendError):
    """The backend could not read the member's picture, sound or video."""

    key = "backend.bad_media"
    operator = "Nothing to do: the member was asked for another file."


class Unsupported(BackendError):
    """The backend cannot do this at all (a node or model file is missing, a length is out of range)."""

    key = "backend.unsupported"
    operator = "Install what the backend says is missing, or choose another profile."


class ContentRejected(BackendError):
    """The backend's moderation refused the sentence, the reference or the result."""

    key = "backend.rejected"
    operator = "Nothing to do: the member was asked to reword."


class AuthFailed(BackendError):
    """Key, region or workspace do not match."""

    key = "backend.auth"
    pause = True
    operator = "Check the key, and that key, address and model belong to one region."


class BillingFailed(BackendError):
    """The account has no credit left."""

    key = "backend.billing"
    pause = True
    operator = "Top up the account or raise its spending limit."


class ModelUnavailable(BackendError):
    """The model is retired, not enabled for the account, or lives in another region."""

    key = "backend.model"
    pause = True
    operator = "Choose another model in the settings; this one is retired or not enabled."


class RateLimited(BackendError):
    """Too many orders at once; wait as long as told."""

    key = "backend.busy"
    retry = True
    operator = "Lower the backend's concurrency if this goes on."


class Transient(BackendError):
    """Surely not accepted, or a read that may be repeated: connection refused, 5xx on a poll."""

    key = "backend.transient"
    retry = True
    pause = True
    operator = "The backend does not answer; it is probed until it does."


class RemoteFailed(BackendError):
    """The backend accepted the order and failed to draw it."""

    key = "backend.failed"
    operator = "See the backend's own log; out-of-memory wants a smaller size."


class RemoteLost(BackendError):
    """The backend no longer knows the order (it was restarted, or the id grew too old)."""

    key = "backend.lost"
    operator = "The backend forgot the order; it was probably restarted."


class ResultExpired(BackendError):
    """The finished video is no longer at its address."""

    key = "backend.expired"
    operator = "The result was not fetched in time; was this process down?"


class ResultInvalid(BackendError):
    """The backend delivered something that is not the clip that was ordered."""

    key = "backend.invalid_result"
    operator = "The clip failed inspection; look at it in the media folder."


class SubmitUncertain(BackendError):
    """The connection broke after sending: the backend may or may not have taken the order. Never sent again blindly."""

    key = "backend.uncertain"
    refund = True
    operator = "Look the order up in the backend's console before sending it again."


class DeadlineExceeded(BackendError):
    """The backend took longer than the operator allows."""

    key = "backend.deadline"
    operator = "Raise the deadline or choose a faster profile."


class Paused(BackendError):
    """The backend is resting after failures."""

    key = "backend.paused"
    retry = True
    pause = True
    operator = "The backend is probed until it answers; `olympic doctor` tells why."


class OverBudget(BackendError):
    """What the operator allows to be spent in 24 hours is spent."""

    key = "backend.over_budget"
    pause = True
    operator = "Raise the backend's budget, or wait until older orders are a day old."


class PlatformError(OlympicError):
    """The chat platform refused or failed."""

    key = "platform.failed"


class MessageGone(PlatformError):
    """The message to edit was deleted by someone."""

    key = "platform.gone"


class PlaceForbidden(PlatformError):
    """The bot may not write there; facts: missing."""

    key = "refusal.cannot_post"


class BadEmoji(PlatformError):
    """The bot may not use this emoji; facts: emoji."""

    key = "platform.emoji"


class PlatformBusy(PlatformError):
    """The platform asks us to wait or does not answer; may be repeated."""

    key = "platform.busy"


class TooLarge(PlatformError):
    """The file is over the platform's limit; facts: limit (bytes)."""

    key = "platform.too_large"


class StorageError(OlympicError):
    """Remembering failed."""

    key = "storage.failed"


class DiskFull(StorageError):
    """No space left for the data folder."""

    key = "storage.full"


def disk_error(error: OSError) -> StorageError:
    """Our name for what the disk says, whichever room hears it."""
    return (DiskFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StorageError)(str(error))


class FenceLost(StorageError):
    """Another run took this job over; this one stops without a word."""

    key = "storage.fence"


class SetupError(OlympicError):
    """The operator must mend something before the product can run. `exit_code` is the process's."""

    key = "setup.failed"
    exit_code: ClassVar[int] = 2


class DataInUse(SetupError):
    """Another process holds the data folder; facts: folder."""

    key = "setup.in_use"
    exit_code = 3


class DataUnwritable(SetupError):
    """The data folder is missing and cannot be made, or cannot be written; facts: folder, why."""

    key = "setup.unwritable"
    exit_code = 4


class WrongToken(SetupError):
    """A platform refused our token; facts: platform, setting."""

    key = "setup.token"
    exit_code = 5
