"""What every implementation of `bot.ports.Linking` promises."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.errors import LimitReached
from bot.model.letter import Kind, Letter
from bot.model.linking import LIFE, Joining, Offer
from bot.model.people import Account, Community, Profile
from bot.model.setup import Act, AuditLine
from storage import Storage
from tests.samples import GUILD, NOON

KAI = Account("discord:42", "discord:42", GUILD, "42", "Kai")
UMI = Account("slack:T1:U1", "slack:T1:U1", Community("slack", "T1"), "U1", "Umi")
LETTER = Letter("linked", KAI.key, Kind.LINKED, NOON)
LINE = AuditLine(NOON, UMI.community, UMI.key, Act.JOIN, str(GUILD))


async def offered(storage: Storage, code: str = "ABCDEFGH", kind: Joining = Joining.PERSON) -> None:
    for account in (KAI, UMI):
        await storage.people.seen(account, NOON)
    await storage.linking.offer(code, Offer(KAI.key, kind, NOON + LIFE, str(GUILD)))


async def persons(storage: Storage) -> list[str]:
    return [(await storage.people.get(one.key)).person for one in (KAI, UMI)]


async def test_an_offer_is_found_by_its_code_and_kind(storage: Storage):
    await offered(storage)
    found = await storage.linking.attempt("ABCDEFGH", Joining.PERSON, UMI.key, NOON, 5)
    assert found == Offer(KAI.key, Joining.PERSON, NOON + LIFE, str(GUILD))
    assert await storage.linking.attempt("ABCDEFGH", Joining.CONTEST, UMI.key, NOON, 5) is None


async def test_a_code_joins_once_and_sends_its_letter(storage: Storage):
    await offered(storage)
    done = [await storage.linking.link("ABCDEFGH", UMI.key, NOON, LETTER) for _ in range(2)]
    assert (done, await persons(storage)) == ([True, False], [KAI.key, KAI.key])
    assert await storage.letters.waiting() == [LETTER]


async def test_a_code_that_has_expired_joins_nothing(storage: Storage):
    await offered(storage)
    assert not await storage.linking.link("ABCDEFGH", UMI.key, NOON + LIFE, LETTER)
    assert (await persons(storage), await storage.letters.waiting()) == ([KAI.key, UMI.key], [])


async def test_what_only_the_joining_one_chose_holds_for_both(storage: Storage):
    await offered(storage)
    await storage.people.choose(UMI.key, Profile(name="Umi"))
    await storage.linking.link("ABCDEFGH", UMI.key, NOON, LETTER)
    assert (await storage.people.profile(KAI.key)).name == "Umi"


async def test_the_account_whose_name_the_person_bears_may_leave(storage: Storage):
    await offered(storage)
    await storage.linking.link("ABCDEFGH", UMI.key, NOON, LETTER)
    done = [await storage.linking.unlink(KAI.key) for _ in range(2)]
    assert (done, await persons(storage)) == ([True, False], [KAI.key, UMI.key])


async def test_a_community_joins_with_its_audit_line(storage: Storage):
    await offered(storage, kind=Joining.CONTEST)
    assert await storage.linking.join("ABCDEFGH", UMI.community, NOON, LINE, LETTER)
    assert (await storage.communities.get(UMI.community)).contest == str(GUILD)
    assert await storage.audit.latest(UMI.community) == [LINE]


async def attempted(storage: Storage, account: str = KAI.key, when: datetime = NOON) -> bool:
    """Whether a wrong try was allowed."""
    try:
        return await storage.linking.attempt("WRONGCOD", Joining.PERSON, account, when, 2) is None
    except LimitReached:
        return False


async def test_wrong_tries_are_counted_while_a_code_lives(storage: Storage):
    late = NOON + LIFE + timedelta(seconds=1)
    tries = [await attempted(storage) for _ in range(3)]
    assert tries == [True, True, False]
    assert [await attempted(storage, UMI.key), await attempted(storage, when=late)] == [True, True]


async def test_no_more_codes_are_tried_by_trying_in_several_processes_at_once(opened):
    async with opened() as one, opened() as other:
        tries = await asyncio.gather(*(attempted(storage) for storage in (one, other) for _ in range(4)))
    assert sum(tries) == 2
