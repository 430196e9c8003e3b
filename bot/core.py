"""The one door: a command comes in, a use case answers, and whatever goes wrong becomes a sentence."""

from __future__ import annotations

import asyncio
import logging
import secrets
from functools import partial

from bot import cards
from bot.errors import OlympicError, PlatformError
from bot.model.command import (
    Again,
    Agree,
    AllowRemixes,
    Approve,
    Asked,
    Backends,
    Cancel,
    ChangeSetup,
    Choose,
    CloseRound,
    Compose,
    Create,
    Decline,
    Delete,
    EditSport,
    Erase,
    Exhibit,
    Export,
    ExportSetup,
    ExportSport,
    ForgetCharacter,
    Help,
    ImportSetup,
    ImportSport,
    JoinContest,
    Link,
    ListCharacters,
    Mine,
    NameMe,
    Nominate,
    Notices,
    OfferSport,
    OpenRound,
    OpenSetup,
    PauseMember,
    PreviewSport,
    Queue,
    Recount,
    Remix,
    RemoveSport,
    Report,
    Repost,
    ResumeMember,
    Retry,
    SaveCharacter,
    SaveSport,
    Share,
    ShareCharacter,
    ShowRound,
    Silence,
    Sports,
    Stats,
    Status,
    Submit,
    Takedown,
    Top,
    Unknown,
    Unlink,
    Whole,
    Withdraw,
)
from bot.model.contest import Arrived, Cleared, Departed, Happening, Reacted, Resumed, Vanished
from bot.model.measure import REQUESTS
from bot.pipeline.spotlight import Spotlight
from bot.ports import Reply
from bot.trail import following
from bot.usecases import (
    boards,
    characters,
    checking,
    counting,
    entries,
    hall,
    linking,
    oneself,
    pausing,
    privacy,
    review,
    rounds,
    stats,
    voting,
)
from bot.usecases.arrival import arrived, departed
from bot.usecases.cancel import cancel
from bot.usecases.choose import choose
from bot.usecases.create import create
from bot.usecases.guide import moving, own_sports, report, setup
from bot.usecases.help import help_, unknown
from bot.usecases.house import House
from bot.usecases.known import known
from bot.usecases.mine import mine
from bot.usecases.repost import repost
from bot.usecases.status import status

log = logging.getLogger(__name__)


class Core:
    """`handle` and `hear` are what every platform calls; they never raise anything but cancellation."""

    def __init__(self, house: House) -> None:
        self._house = house
        house.engine.calendar.recount = partial(rounds.recounted, house)

    async def handle(self, asked: Asked, reply: Reply) -> None:
        """Do what was asked and answer in the asker's language; everything logged on the way carries one short id."""
        command, platform = type(asked.command).__name__.lower(), asked.member.community.platform
        with following(request=secrets.token_hex(4), command=command, platform=platform):
            outcome = await self._answered(asked, reply)
        self._house.tools.meter.add(REQUESTS, 1, command, outcome)

    async def _answered(self, asked: Asked, reply: Reply) -> str:
        """Do it; returns what came of it."""
        try:
            asked = await known(self._house, asked)
            await self._do(asked, reply)
        except OlympicError as error:
            if not isinstance(error, PlatformError):
                log.info("%s was answered with %s", type(asked.command).__name__, error.sentence)
            await self._tell(asked, reply, error)
            return "refused"
        except Exception as error:
            incident = secrets.token_hex(3)
            log.exception("incident %s: %s failed", incident, type(asked.command).__name__)
            await self._tell(asked, reply, OlympicError(repr(error), key="error.unexpected", incident=incident))
            return "failed"
        return "done"

    async def hear(self, what: Happening) -> None:
        """Do what follows from something that happened; nobody waits for an answer."""
        try:
            await self._heed(what)
        except OlympicError as error:
            log.warning("%s could not be followed up: %r", type(what).__name__, error)
            counting.later(self._house, what)
        except Exception:
            log.exception("%s could not be followed up", type(what).__name__)
            counting.later(self._house, what)

    async def run(self) -> None:
        """What goes on without anybody asking, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(counting.run(self._house), name="votes")
            spotlight = Spotlight(self._house.tools, self._house.engine.showcase)
            tasks.create_task(spotlight.run(), name="spotlight")

    async def _heed(self, what: Happening) -> None:
        house = self._house
        match what:
            case Reacted():
                await voting.reacted(house, what)
            case Cleared():
                await voting.cleared(house, what)
            case Vanished():
                await voting.vanished(house, what)
            case Resumed():
                await counting.resumed(house, what)
            case Arrived():
                await arrived(house, what)
            case Departed():
                await departed(house, what)

    async def _tell(self, asked: Asked, reply: Reply, error: OlympicError) -> None:
        try:
            await reply.tell(cards.error_card(error, asked.member.language))
        except Exception:
            log.exception("the answer %s could not be brought back", error.sentence)

    async def _do(self, asked: Asked, reply: Reply) -> None:  # noqa: C901  # one case a command is the point
        house = self._house
        match asked.command:
            case Create() as wish:
                await create(house, asked, wish, reply)
            case Compose() as wish:
                await entries.compose(house, asked, wish, reply)
            case Status():
                await status(house, asked, reply)
            case Cancel() as wish:
                await cancel(house, asked, wish, reply)
            case Mine() as wish:
                await mine(house, asked, wish, reply)
            case Help():
                await help_(house, asked, reply)
            case Again() as wish:
                await entries.again(house, asked, wish, reply)
            case Whole() as wish:
                await entries.whole(house, asked, wish, reply)
            case Remix() as wish:
                await entries.remix(house, asked, wish, reply)
            case Retry() as wish:
                await entries.retry(house, asked, wish, reply)
            case Delete() as wish:
                await entries.delete(house, asked, wish, reply)
            case Choose() as wish:
                await choose(house, asked, wish, reply)
            case Exhibit() as wish:
                await hall.exhibit(house, asked, wish, reply)
            case Share() as wish:
                await hall.share(house, asked, wish, reply)
            case Recount() as wish:
                await checking.recount_(house, asked, wish, reply)
            case Report() as wish:
                await checking.report(house, asked, wish, reply)
            case Repost() as wish:
                await repost(house, asked, wish, reply)
            # review
            case Nominate() as wish:
                await review.nominate_by_hand(house, asked, wish, reply)
            case Queue() as wish:
                await review.queue(house, asked, wish, reply)
            case Approve() as wish:
                await review.approve(house, asked, wish, reply)
            case Decline() as wish:
                await review.decline(house, asked, wish, reply)
            case Takedown() as wish:
                await review.takedown(house, asked, wish, reply)
            case PauseMember() as wish:
                await pausing.pause(house, asked, wish, reply)
            case ResumeMember() as wish:
                await pausing.resume(house, asked, wish, reply)
            case Silence() as wish:
                await pausing.silence(house, asked, wish, reply)
            case OpenSetup() | ChangeSetup() | Backends() | ExportSetup() | ImportSetup() as wish:
                await _administer(house, asked, wish, reply)
            case Sports() | OfferSport() | EditSport() | SaveSport() as wish:
                await _arrange(house, asked, wish, reply)
            case PreviewSport() | RemoveSport() | ExportSport() | ImportSport() as wish:
                await _arrange(house, asked, wish, reply)
            # people
            case Link() as wish:
                await linking.link(house, asked, wish, reply)
            case Unlink() as wish:
                await linking.unlink(house, asked, wish, reply)
            case JoinContest() as wish:
                await linking.join(house, asked, wish, reply)
            case SaveCharacter() as wish:
                await characters.save(house, asked, wish, reply)
            case ListCharacters():
                await characters.list_(house, asked, reply)
            case ShareCharacter() as wish:
                await characters.share(house, asked, wish, reply)
            case ForgetCharacter() as wish:
                await characters.forget(house, asked, wish, reply)
            case Agree() as wish:
                await characters.agree(house, asked, wish, reply)
            case Notices():
                await oneself.notices(house, asked, reply)
            case NameMe() as wish:
                await oneself.name_me(house, asked, wish, reply)
            case AllowRemixes() as wish:
                await oneself.allow_remixes(house, asked, wish, reply)
            case Export():
                await privacy.export(house, asked, reply)
            case Erase() as wish:
                await privacy.erase(house, asked, wish, reply)
            case Stats() as wish:
                await stats.stats(house, asked, wish, reply)
            # rounds
            case ShowRound():
                await rounds.show(house, asked, reply)
            case OpenRound() as wish:
                await rounds.open_(house, asked, wish, reply)
            case CloseRound() as wish:
                await rounds.close(house, asked, wish, reply)
            case Submit() as wish:
                await rounds.submit(house, asked, wish, reply)
            case Withdraw() as wish:
                await rounds.withdraw(house, asked, wish, reply)
            case Top() as wish:
                await boards.top(house, asked, wish, reply)
            case Unknown() as wish:
                await unknown(asked, wish, reply)


async def _administer(
    house: House, asked: Asked, wish: OpenSetup | ChangeSetup | Backends | ExportSetup | ImportSetup, reply: Reply
) -> None:
    match wish:
        case OpenSetup():
            await setup.open_setup(house, asked, wish, reply)
        case ChangeSetup():
            await setup.change_setup(house, asked, wish, reply)
        case Backends():
            await report.backends(house, asked, wish, reply)
        case ExportSetup():
            await moving.export(house, asked, wish, reply)
        case ImportSetup():
            await moving.import_(house, asked, wish, reply)


async def _arrange(
    house: House,
    asked: Asked,
    wish: Sports | OfferSport | EditSport | SaveSport | PreviewSport | RemoveSport | ExportSport | ImportSport,
    reply: Reply,
) -> None:
    match wish:
        case Sports():
            await own_sports.list_sports(house, asked, wish, reply)
        case OfferSport():
            await own_sports.offer_sport(house, asked, wish, reply)
        case EditSport():
            await own_sports.edit_sport(house, asked, wish, reply)
        case SaveSport():
            await own_sports.save_sport(house, asked, wish, reply)
        case PreviewSport():
            await own_sports.preview_sport(house, asked, wish, reply)
        case RemoveSport():
            await own_sports.remove_sport(house, asked, wish, reply)
        case ExportSport():
            await own_sports.export_sport(house, asked, wish, reply)
        case ImportSport():
            await own_sports.import_sport(house, asked, wish, reply)
