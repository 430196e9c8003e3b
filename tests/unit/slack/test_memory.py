"""What the platform remembers: members for a while, and what it has already heard."""

import asyncio

from bot.errors import PlatformBusy
from bot.model.people import Community, Role
from handlers.slack.inbox import Seen
from handlers.slack.people import FRESH_SECONDS, PATIENCE_SECONDS, People
from handlers.slack.turns import Turns
from handlers.slack.web import Web
from tests.fakes import PATIENCE
from tests.fakes_slack import SLACK_SECONDS


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Directory(Web):
    """users.info from a dictionary."""

    def __init__(self) -> None:
        super().__init__("xoxb", "http://127.0.0.1:1/")
        self.users = {"U1": {"name": "ann", "locale": "ja-JP", "is_admin": True}}
        self.asked = 0
        self.trouble: Exception | None = None
        self.silent = False

    async def read(self, method: str, **arguments: object) -> dict[str, object]:
        self.asked += 1
        if self.silent:
            await asyncio.Event().wait()
        if self.trouble:
            raise self.trouble
        return {"user": self.users[str(arguments["user"])]}


def people(directory: Directory, time: Time) -> People:
    return People(directory, Community("slack", "T1"), "en", time)


async def test_a_member_is_looked_up_once_in_a_while():
    directory, time = Directory(), Time()
    known = people(directory, time)
    first = await known.member("U1", "ann")
    assert await known.member("U1", "ann") == first
    assert directory.asked == 1


async def test_a_role_taken_away_is_not_believed_for_long():
    directory, time = Directory(), Time()
    known = people(directory, time)
    assert (await known.member("U1", "ann")).role is Role.ADMIN
    directory.users["U1"] = {"name": "ann"}
    time.now += FRESH_SECONDS + 1
    assert (await known.member("U1", "ann")).role is Role.MEMBER


async def test_a_member_slack_does_not_tell_about_has_no_rights_and_the_usual_language():
    directory = Directory()
    directory.trouble = PlatformBusy("down")
    member = await people(directory, Time()).member("U1", "ann")
    assert (member.name, member.language, member.role) == ("ann", "en", Role.MEMBER)


async def test_a_slow_look_up_does_not_keep_a_form_waiting():
    directory = Directory()
    directory.silent = True
    async with asyncio.timeout(PATIENCE):
        assert (await people(directory, Time()).member("U1", "ann")).language == "en"
    assert PATIENCE_SECONDS < SLACK_SECONDS


def test_the_same_is_heard_once():
    seen = Seen()
    assert [seen.first("a"), seen.first("b"), seen.first("a")] == [True, True, False]


def test_what_was_heard_is_forgotten_after_a_while():
    time = Time()
    seen = Seen(seconds=60, now=time)
    seen.first("a")
    time.now += 61
    assert seen.first("a")


def test_what_was_heard_takes_bounded_room():
    seen = Seen(most=2)
    for name in "abc":
        seen.first(name)
    assert [seen.first("c"), seen.first("a")] == [False, True]


def test_the_token_goes_to_slacks_own_hosts_only():
    web = Web("xoxb", "https://slack.com/api/")
    mine = ["https://files.slack.com/files-pri/T1-F1/a.png", "https://slack.com/x", "https://acme.slack.com/f"]
    foreign = [
        "http://files.slack.com/a",
        "https://files.slack.com.evil.test/a",
        "https://evilslack.com/a",
        "https://files.slack.com@evil.test/a",
        "file:///etc/passwd",
        "",
    ]
    assert [web.owns(url) for url in mine] == [True] * 3
    assert [web.owns(url) for url in foreign] == [False] * 6


async def test_who_comes_in_the_moment_a_turn_ends_still_waits_for_those_who_came_before():
    turns, order, tasks = Turns(), list[int](), list[asyncio.Task[None]]()

    async def take(number: int, looks: int) -> None:
        turn = turns.of("someone")
        async with turn:
            for _ in range(looks):
                await asyncio.sleep(0)
            order.append(number)

    tasks.append(asyncio.create_task(take(1, 2)))
    tasks[0].add_done_callback(lambda _: tasks.append(asyncio.create_task(take(3, 0))))
    tasks.append(asyncio.create_task(take(2, 5)))
    async with asyncio.timeout(PATIENCE):
        while len(order) < 3:
            await asyncio.sleep(0)

    assert order == [1, 2, 3]
