"""Many workspaces by one process: installed by OAuth, each under its own token, removed again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.errors import PlaceForbidden, SetupError
from bot.model.card import Card, CardKind
from bot.model.command import Asked
from bot.model.contest import Arrived, Departed, Happening
from bot.model.people import Community, Place
from bot.ports import Reply, Unmetered
from bot.settings import Settings, Slack
from handlers.slack import SlackPlatform, connect
from tests.fakes import FakeClock
from tests.fakes_slack import FakeSlack, NotAcknowledged, Safe

CARD = Card(CardKind.NOTICE, "Hello")


class Script:
    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.heard: list[Happening] = []

    async def handle(self, asked: Asked, reply: Reply) -> None:
        self.asked.append(asked)
        await reply.tell(CARD)

    async def hear(self, what: Happening) -> None:
        self.heard.append(what)


class Lent:
    """What the composition root lends, as far as Slack borrows it."""

    def __init__(self, safe: Safe) -> None:
        self.installations = safe
        self.clock = FakeClock()
        self.meter = Unmetered()
        self.announced: list[str] = []
        self.announce = self.announced.append


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.problems == []


def settings(slack: FakeSlack, **other: object) -> Settings:
    values = {
        "api": slack.api,
        "signing_secret": slack.signing_secret,
        "client_id": slack.client_id,
        "client_secret": slack.client_secret,
        "address": "https://bot.example.org",
        "port": 0,
    }
    return Settings(slack=Slack.model_validate({**values, **other}))


@contextlib.asynccontextmanager
async def running(slack: FakeSlack, script: Script, safe: Safe) -> AsyncIterator[SlackPlatform]:
    platform = connect(settings(slack), Lent(safe))
    assert isinstance(platform, SlackPlatform)
    task = asyncio.create_task(platform.run(script.handle, script.hear))
    async with asyncio.timeout(30):
        while not platform.port:
            await asyncio.sleep(0.01)
    slack.http_url = f"http://127.0.0.1:{platform.port}/slack/events"
    try:
        yield platform
    finally:
        slack.http_url = ""
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Admin:
    """An admin's browser; the cookie is for https, so it is carried by hand."""

    def __init__(self, platform: SlackPlatform) -> None:
        self.base = f"http://127.0.0.1:{platform.port}"
        self.cookie = ""

    async def begin(self) -> str:
        """To Slack; returns the state."""
        async with aiohttp.ClientSession() as browser:
            answer = await browser.get(f"{self.base}/slack/install", allow_redirects=False)
            self.cookie = answer.cookies["olympic_slack_state"].value
            assert answer.cookies["olympic_slack_state"]["secure"]
            asked = parse_qs(urlsplit(answer.headers["location"]).query)
            assert asked["redirect_uri"] == ["https://bot.example.org/slack/oauth_redirect"]
            return asked["state"][0]

    async def end(self, **said: str) -> tuple[int, str]:
        """Back from Slack."""
        async with aiohttp.ClientSession(headers={"cookie": f"olympic_slack_state={self.cookie}"}) as browser:
            answer = await browser.get(f"{self.base}/slack/oauth_redirect", params=said)
            return answer.status, await answer.text()

    async def install(self, slack: FakeSlack, team: str) -> tuple[int, str]:
        state = await self.begin()
        slack.codes["code"] = team
        return await self.end(state=state, code="code")


@pytest.fixture
async def script() -> Script:
    return Script()


@pytest.fixture
def safe() -> Safe:
    return Safe()


@pytest.fixture
async def served(slack, script, safe) -> AsyncIterator[SlackPlatform]:
    async with running(slack, script, safe) as platform:
        yield platform


async def test_a_workspace_installs_the_app_and_is_served_at_once(slack, script, safe, served):
    status, page = await Admin(served).install(slack, "T1")
    assert (status, "installed in T1" in page) == (200, True)
    await slack.slash("U1", "C1", "status", team="T1")
    await slack.until(lambda: slack.whispers["U1"], seconds=30)
    assert script.asked[0].member.community == Community("slack", "T1")
    assert Arrived(Community("slack", "T1"), "T1", language="en", inviter="U9") in script.heard
    assert list(safe.kept) == [Community("slack", "T1")]


async def test_each_workspace_is_called_under_its_own_token(slack, served):
    await Admin(served).install(slack, "T1")
    await Admin(served).install(slack, "T2")
    for team in ("T2", "T1"):
        await served.post(Place(Community("slack", team), "C1"), CARD, key=f"k-{team}")
    assert [team for method, team in slack.tokens if method == "chat.postMessage"] == ["T2", "T1"]


async def test_after_a_restart_installed_workspaces_are_served_without_asking_slack(slack, script, safe):
    async with running(slack, script, safe) as platform:
        await Admin(platform).install(slack, "T1")
    asked = slack.count("auth.test")
    async with running(slack, script, safe) as platform:
        await platform.post(Place(Community("slack", "T1"), "C1"), CARD, key="k")
    assert slack.count("auth.test") == asked


async def test_a_removed_app_forgets_the_token_and_departs(slack, script, safe, served):
    await Admin(served).install(slack, "T1")
    await slack.event({"type": "app_uninstalled"}, team="T1")
    async with asyncio.timeout(30):
        while safe.kept:
            await asyncio.sleep(0.01)
    assert script.heard[-1] == Departed(Community("slack", "T1"))
    with pytest.raises(PlaceForbidden):
        await served.post(Place(Community("slack", "T1"), "C1"), CARD, key="k")


async def test_a_workspace_that_did_not_install_the_app_is_not_served(slack, script, served):
    with contextlib.suppress(NotAcknowledged):
        await slack.slash("U1", "C1", "status", team="T404")
    assert script.asked == []


async def test_a_state_counts_once(slack, served):
    admin = Admin(served)
    state = await admin.begin()
    slack.codes |= {"one": "T1", "two": "T2"}
    assert (await admin.end(state=state, code="one"))[0] == 200
    assert (await admin.end(state=state, code="two"))[0] == 400
    assert slack.codes == {"two": "T2"}


@pytest.mark.parametrize("state", ["", "guessed", "9999999999.nonce.0000"])
async def test_a_forged_state_is_refused(slack, safe, served, state):
    admin = Admin(served)
    admin.cookie = state
    slack.codes["code"] = "T1"
    assert (await admin.end(state=state, code="code"))[0] == 400
    assert safe.kept == {}


async def test_another_browsers_state_is_refused(slack, safe, served):
    state = await Admin(served).begin()
    other = Admin(served)
    await other.begin()
    slack.codes["code"] = "T1"
    assert (await other.end(state=state, code="code"))[0] == 400
    assert safe.kept == {}


async def test_who_declines_installs_nothing(slack, safe, served):
    admin = Admin(served)
    status, page = await admin.end(state=await admin.begin(), error="access_denied")
    assert (status, "not installed" in page, safe.kept) == (200, True, {})


async def test_a_code_slack_does_not_know_is_told(slack, safe, served):
    admin = Admin(served)
    status, _ = await admin.end(state=await admin.begin(), code="stolen")
    assert (status, safe.kept) == (502, {})


@pytest.mark.parametrize("missing", ["client_secret", "signing_secret", "address"])
async def test_installing_needs_all_its_settings(slack, missing):
    empty = "" if missing == "address" else None
    with pytest.raises(SetupError) as caught:
        connect(settings(slack, **{missing: empty}), Lent(Safe()))
    assert caught.value.facts["setting"] == f"slack.{missing}"
