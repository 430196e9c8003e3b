"""Everything a person can ask, one frozen value each. A platform parses its own shapes into these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.model.people import Member, MessageRef, Place


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a member handed over, bytes as they came; nothing has been trusted or kept yet."""

    name: str
    data: bytes
    mime: str = ""


@dataclass(frozen=True, slots=True)
class Create:
    """Make a clip. Empty strings mean "not said"."""

    prompt: str
    sport: str = ""
    style: str = ""
    camera: str = ""
    size: str = ""
    seed: str = ""
    backend: str = ""
    image: Attachment | None = None
    audio: Attachment | None = None
    parent: str = ""
    """Entry being remixed."""
    source: str = ""
    """Job whose references (picture, sound) are used again."""


@dataclass(frozen=True, slots=True)
class Compose:
    """Open the form for a new clip."""

    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Where do my requests stand?"""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop a request; without an id the asker's latest unfinished one."""

    job: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """Show my works."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Help:
    """How does this work?"""


@dataclass(frozen=True, slots=True)
class Again:
    """The same request with another seed."""

    entry: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A storyboard's film, drawn in full."""

    entry: str


@dataclass(frozen=True, slots=True)
class Remix:
    """Make an entry's words one's own: changed as said, or with a form to change them in."""

    entry: str
    prompt: str = ""
    sport: str = ""
    style: str = ""
    camera: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Ask a failed or cancelled job's request once more."""

    job: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Take one's own work back; `sure` after the question was answered."""

    entry: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """A button the product offered as a choice: `sport` or `plan` for a waiting draft."""

    draft: str
    field: Literal["sport", "plan"]
    value: str


# the exhibit


@dataclass(frozen=True, slots=True)
class Exhibit:
    """Show what hangs in the exhibit."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """Give me the link to a work."""

    entry: str


# votes


@dataclass(frozen=True, slots=True)
class Recount:
    """Read the platform's reactions again: of one entry, or of all recent ones."""

    entry: str = ""


@dataclass(frozen=True, slots=True)
class Repost:
    """Hang one's own work again after its message was deleted in the chat."""

    entry: str


@dataclass(frozen=True, slots=True)
class Report:
    """What in the votes is worth a look: under one entry, or among all recent ones."""

    entry: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that are no command of ours; `near` is what was probably meant."""

    words: str
    near: str = ""


# ------------------------------------------------------------------------------------------------ review


@dataclass(frozen=True, slots=True)
class Nominate:
    """This work deserves the exhibit: named, or shown by a message that was pointed at."""

    entry: str = ""
    message: MessageRef | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the moderators' decision."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Approve:
    """Hang it in the exhibit."""

    entry: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Not this one: a ready `reason`, or own `words`; without both the form opens."""

    entry: str
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Takedown:
    """A moderator removes a work from everywhere; `sure` after the question was answered."""

    entry: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class PauseMember:
    """A member asks and votes no more for a while: by their id, or as the maker of a work."""

    member: str = ""
    reason: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class ResumeMember:
    """A paused member may go on."""

    member: str


@dataclass(frozen=True, slots=True)
class Silence:
    """No more letters of this kind, or (`on`) again."""

    kind: str
    on: bool = False


# ------------------------------------------------------------------------------------------------ people


@dataclass(frozen=True, slots=True)
class Link:
    """Join two accounts to one person: without a code one is made, with it the accounts are joined."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class Unlink:
    """This account is a person of its own again."""


@dataclass(frozen=True, slots=True)
class JoinContest:
    """Have two communities vote together: without a code one is made, with it this community joins."""

    code: str = ""


@dataclass(frozen=True, slots=True)
class SaveCharacter:
    """Keep somebody under a name; `depicts` is the id of the member who is to be recognised."""

    name: str
    image: Attachment | None = None
    voice: Attachment | None = None
    depicts: str = ""


@dataclass(frozen=True, slots=True)
class ListCharacters:
    """Whom may I call by name, and who shows me?"""


@dataclass(frozen=True, slots=True)
class ShareCharacter:
    """Say who may use a character: `private`, `community`, or a member by their id."""

    name: str
    reach: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class ForgetCharacter:
    """Remove a character and its files: by its name or its id; `sure` after the question was answered."""

    name: str = ""
    character: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Agree:
    """Somebody who is depicted by a character says yes to it, or no, whenever they like."""

    character: str
    on: bool


@dataclass(frozen=True, slots=True)
class Notices:
    """What did I choose about myself?"""


@dataclass(frozen=True, slots=True)
class NameMe:
    """How I wish to be named; None opens the form."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class AllowRemixes:
    """Whether others may remix a work of mine, or all of them."""

    on: bool
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is known about me."""


@dataclass(frozen=True, slots=True)
class Erase:
    """Forget me; `sure` after the question was answered."""

    sure: bool = False


@dataclass(frozen=True, slots=True)
class Stats:
    """How does the community do? Over so many days."""

    days: int = 30


# ------------------------------------------------------------------------------------------------ rounds


@dataclass(frozen=True, slots=True)
class ShowRound:
    """What runs now, and what one does."""


@dataclass(frozen=True, slots=True)
class OpenRound:
    """A new round: now, or (`later`) at `opens`. Empty strings mean "not said"."""

    theme: str = ""
    sport: str = ""
    opens: str = ""
    days: str = ""
    voting: str = ""
    repeat: str = ""
    themes: str = ""
    later: bool = False


@dataclass(frozen=True, slots=True)
class CloseRound:
    """End what runs: the time for works, or the voting, or call off what was to come; `sure` after the question."""

    round: str = ""
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Submit:
    """Enter an older work of one's own into the running round."""

    entry: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take one's own work out of the round."""

    entry: str


@dataclass(frozen=True, slots=True)
class Top:
    """The board of the round, or of all time."""

    board: str = ""
    page: int = 1


# ------------------------------------------------------------------------------------------------ admin


@dataclass(frozen=True, slots=True)
class OpenSetup:
    """What is chosen here; with a step, its form."""

    step: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSetup:
    """Choose what a step asks. `version`: of the setup the form showed; None: said by word. `whole`: what the form
    left empty is chosen to be empty."""

    step: str
    values: Mapping[str, str]
    version: int | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Backends:
    """How are those who draw, and what was spent?"""


@dataclass(frozen=True, slots=True)
class Sports:
    """Which sports are offered here?"""

    page: int = 1


@dataclass(frozen=True, slots=True)
class OfferSport:
    """Offer a sport, or no longer."""

    sport: str
    on: bool


@dataclass(frozen=True, slots=True)
class EditSport:
    """Open the form of an own sport; without one, of a new one."""

    sport: str = ""


@dataclass(frozen=True, slots=True)
class SaveSport:
    """Keep an own sport as its form describes it. `sport`: the one that was edited; empty: a new one."""

    values: Mapping[str, str]
    sport: str = ""


@dataclass(frozen=True, slots=True)
class RemoveSport:
    """Have an own sport no longer; asked once before."""

    sport: str
    sure: bool = False


@dataclass(frozen=True, slots=True)
class PreviewSport:
    """Draw a small clip of a sport to see how it comes out."""

    sport: str


@dataclass(frozen=True, slots=True)
class ExportSport:
    """Give me a sport's file."""

    sport: str


@dataclass(frozen=True, slots=True)
class ImportSport:
    """Take a sport's file in; without one the form for it opens."""

    text: str = ""
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class ExportSetup:
    """Give me everything that was chosen here."""


@dataclass(frozen=True, slots=True)
class ImportSetup:
    """Choose everything as a document says: first it is shown what would change, `sure` names what was shown."""

    text: str = ""
    file: Attachment | None = None
    sure: str = ""


Command = (
    Create
    | Compose
    | Status
    | Cancel
    | Mine
    | Help
    | Again
    | Whole
    | Remix
    | Retry
    | Delete
    | Choose
    | Exhibit
    | Share
    | Recount
    | Report
    | Repost
    | Unknown
    # review
    | Nominate
    | Queue
    | Approve
    | Decline
    | Takedown
    | PauseMember
    | ResumeMember
    | Silence
    # people
    | Link
    | Unlink
    | JoinContest
    | SaveCharacter
    | ListCharacters
    | ShareCharacter
    | ForgetCharacter
    | Agree
    | Notices
    | NameMe
    | AllowRemixes
    | Export
    | Erase
    | Stats
    # rounds
    | ShowRound
    | OpenRound
    | CloseRound
    | Submit
    | Withdraw
    | Top
    # admin
    | OpenSetup
    | ChangeSetup
    | Backends
    | Sports
    | OfferSport
    | EditSport
    | SaveSport
    | PreviewSport
    | RemoveSport
    | ExportSport
    | ImportSport
    | ExportSetup
    | ImportSetup
)

FORMS_FIRST: Final[frozenset[type]] = frozenset(
    {
        *(OpenSetup, EditSport, ExportSport, ImportSport, ExportSetup, ImportSetup),
        *(Compose, Remix, Decline, NameMe),
    }
)
"""Commands that may be answered with a form: where it must be the very first answer, nothing is said before it."""
IN_PLACE: Final[frozenset[type]] = frozenset({Sports, OfferSport, Backends, Mine, Exhibit, Top, Choose, Queue})
"""Commands whose answer takes the place of the private card their button hung on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command with who asked and where."""

    command: Command
    member: Member
    place: Place
