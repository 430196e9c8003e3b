"""The hall's addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.errors import NotFound, Withdrawn
from bot.settings import Hall as HallSettings
from bot.usecases import hall
from bot.usecases.hall import Work
from bot.usecases.house import House
from handlers import files
from handlers.hall import feeds, reader
from handlers.hall.captions import captions
from handlers.hall.headers import Headers
from handlers.hall.reader import Reader
from handlers.hall.render import HERE, Pages
from handlers.hall.shelf import FRESH, Page, Shelf
from handlers.serving import address, bind, serve

MOST: Final = 13
"""Works on one page: the first one large, the others two in a row."""
FED: Final = 30
"""Works in a feed."""
MAPPED: Final = 45_000
"""Works in the sitemap, which holds 50,000 addresses; the newest ones, should there ever be more."""
MAPPED_REELS: Final = 50
"""Films of rounds there."""
HTML: Final = "text/html; charset=utf-8"
OPEN: Final = {"access-control-allow-origin": "*"}
DAY: Final = {"cache-control": "public, max-age=86400, immutable", **OPEN}
"""What never changes under its address. Not longer than a day: what is withdrawn must leave other people's stores."""
FILM: Final = "video/mp4"
POSTER: Final = "image/jpeg"
NAMED: Final = 100
"""Characters of an exhibit's id; ours are shorter."""

Draw = Callable[[Reader], Awaitable[Page]]


class Hall:
    """The site named "hall". `on_ready` is called with its address when the first page can be served."""

    name = "hall"

    def __init__(
        self,
        settings: HallSettings,
        house: House,
        *,
        language: str,
        on_ready: Callable[[str], None],
        fresh: float = FRESH,
    ) -> None:
        self._settings = settings
        self._house = house
        self._language = language
        self._on_ready = on_ready
        self._base = settings.address.rstrip("/")
        self._shelf = Shelf[Page](fresh)
        self._works = Shelf[Work](fresh)
        self._pages = Pages(house, settings.title, fresh)

    async def run(self) -> None:
        """Serve until cancelled. Raises `SetupError` when the address cannot be had."""
        listening = bind(self._settings.host, self._settings.port, key="hall.no_port")
        base = self._settings.address.rstrip("/") or address(listening)
        with listening:
            await serve(self.app(base), listening, ready=lambda: self._on_ready(base), close=lambda: None)

    def app(self, base: str) -> ASGIApp:
        """The application, for pages whose links begin with `base`."""
        self._base = base
        routes = [
            Route("/", self.wall),
            Route("/exhibits/{id}", self.exhibit),
            Route("/exhibits/{id}/embed", self.embed),
            Route("/exhibits/{id}/film.mp4", self.film),
            Route("/exhibits/{id}/poster.jpg", self.poster),
            Route("/exhibits/{id}/captions.vtt", self.captions),
            Route("/reels/{id}", self.reel),
            Route("/reels/{id}/film.mp4", self.reel_film),
            Route("/oembed", self.oembed),
            Route("/feed.json", self.json_feed),
            Route("/feed.xml", self.rss),
            Route("/sitemap.xml", self.sitemap),
            Route("/robots.txt", self.robots),
            Mount("/static", _Static(directory=HERE / "static")),
        ]
        return Headers(Starlette(routes=routes, exception_handlers={404: self.missing, NotFound: self.missing}))

    # ------------------------------------------------------------------------------------------------- looking

    async def wall(self, request: Request) -> Response:
        """The hall itself, or the part of it that is asked for."""
        room, order, number = reader.room(request), reader.sort(request), reader.page(request)

        async def draw(who: Reader) -> Page:
            found = await hall.wall(self._house, room, sort=order, page=number, most=MOST)
            films = await hall.reels(self._house, room) if found.page == 1 else []
            return _html(await self._pages.wall(who, found, films, room, order))

        return await self._drawn(request, ("wall", room, order, number), draw)

    async def exhibit(self, request: Request) -> Response:
        """One work, its label and its lineage; a plain page in place of one that was withdrawn."""
        work_id = _id(request)

        async def draw(who: Reader) -> Page:
            try:
                work = await hall.work(self._house, work_id)
            except Withdrawn:
                return _html(self._pages.withdrawn(who), 410)
            found = await hall.lineage(self._house, work.entry)
            return _html(self._pages.exhibit(who, work, found, await hall.credentials(self._house, work.entry)))

        return await self._drawn(request, ("exhibit", work_id), draw)

    async def embed(self, request: Request) -> Response:
        """The player alone, for the frames of other sites."""
        work_id = _id(request)

        async def draw(who: Reader) -> Page:
            try:
                return _html(self._pages.player(who, await hall.work(self._house, work_id)))
            except Withdrawn:
                return _html(self._pages.withdrawn(who), 410)

        return await self._drawn(request, ("embed", work_id), draw)

    async def reel(self, request: Request) -> Response:
        """The film of a round and the works in it."""
        round_id = _id(request)

        async def draw(who: Reader) -> Page:
            return _html(self._pages.reel(who, await hall.reel(self._house, round_id)))

        return await self._drawn(request, ("reel", round_id), draw)

    async def missing(self, request: Request, _error: Exception) -> Response:
        """There is nothing here; the way back is."""
        return _html(self._pages.missing(self._who(request)), 404).answer(request)

    # ------------------------------------------------------------------------------------------------- media

    async def film(self, request: Request) -> Response:
        """The film, whole or the part a player asks for; `download` has it saved."""
        work = await self._hung(request)
        if work is None:
            return _gone()
        headers = dict(DAY)
        if "download" in request.query_params:
            name = f"{work.entry.request.sport}-{work.entry.id[:8]}.mp4"
            headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return await files.file(request, self._house.tools.repos.media, work.entry.clip.blob, headers, FILM)

    async def poster(self, request: Request) -> Response:
        """Its still."""
        work = await self._hung(request)
        if work is None:
            return _gone()
        return await files.file(request, self._house.tools.repos.media, work.entry.clip.poster, DAY, POSTER)

    async def captions(self, request: Request) -> Response:
        """Its sentence, timed."""
        work = await self._hung(request)
        if work is None:
            return _gone()
        text = captions(work.entry.request.prompt, work.entry.clip.inspection.seconds)
        return Response(text, headers=DAY, media_type="text/vtt; charset=utf-8")

    async def reel_film(self, request: Request) -> Response:
        """A round's film. Not kept by others: it must go when a work in it goes."""
        found = await hall.reel(self._house, _id(request))
        headers = {"cache-control": "no-cache", **OPEN}
        return await files.file(request, self._house.tools.repos.media, found.round.reel, headers, FILM)

    async def _hung(self, request: Request) -> Work | None:
        """The work whose file is asked for; None for one that was withdrawn."""
        work_id = _id(request)
        try:
            return await self._works.get(work_id, lambda: hall.work(self._house, work_id))
        except Withdrawn:
            return None

    # ------------------------------------------------------------------------------------------------- for programs

    async def json_feed(self, request: Request) -> Response:
        """The newest works as a JSON Feed."""
        return await self._fed(request, feeds.json_feed, "application/feed+json; charset=utf-8")

    async def rss(self, request: Request) -> Response:
        """The newest works as RSS."""
        return await self._fed(request, feeds.rss, "application/rss+xml; charset=utf-8")

    async def _fed(self, request: Request, write: Callable[..., str], mime: str) -> Response:
        room = reader.room(request)

        async def draw(who: Reader) -> Page:
            found = await hall.wall(self._house, room, most=FED)
            text = write(who, self._pages.title(who), found.works, reader.asked(room))
            return Page(text.encode(), mime)

        return _opened(await self._drawn(request, (mime, room), draw))

    async def sitemap(self, request: Request) -> Response:
        """Every page, for search engines."""

        async def draw(who: Reader) -> Page:
            found = await self._house.tools.repos.entries.hung(MAPPED)
            films = await hall.reels(self._house, most=MAPPED_REELS)
            return Page(feeds.sitemap(who, found, films).encode(), "application/xml; charset=utf-8")

        return await self._drawn(request, "sitemap", draw)

    async def robots(self, _request: Request) -> Response:
        """Everything here is public."""
        return PlainTextResponse(f"User-agent: *\nAllow: /\nSitemap: {self._base}/sitemap.xml\n")

    async def oembed(self, request: Request) -> Response:
        """How another site embeds a work it was given the address of."""
        asked = request.query_params
        if asked.get("format", "json") != "json":
            return PlainTextResponse("Only json is spoken here.", 501, OPEN)
        try:
            work = await hall.work(self._house, feeds.asked_work(self._base, asked.get("url", ""))[:NAMED])
        except NotFound:
            return JSONResponse({"error": "There is no such exhibit."}, 404, OPEN)
        who = self._who(request)
        width, height = (_pixels(asked.get(name, "")) for name in ("maxwidth", "maxheight"))
        text = feeds.oembed(who, self._pages.title(who), work, width, height)
        return Response(text, headers={"cache-control": "public, max-age=3600", **OPEN}, media_type="application/json")

    # ------------------------------------------------------------------------------------------------- all of them

    async def _drawn(self, request: Request, what: object, draw: Draw) -> Response:
        """A page from the shelf."""
        who = self._who(request)
        return (await self._shelf.get((what, who), lambda: draw(who))).answer(request)

    def _who(self, request: Request) -> Reader:
        return reader.reader(request, self._base, self._language)


class _Static(StaticFiles):
    """Style, script and drawings; pages name their version, so they may be kept."""

    def file_response(self, *args: object, **named: object) -> Response:
        """With the time they may be kept."""
        response = super().file_response(*args, **named)  # pyright: ignore[reportArgumentType]
        response.headers.setdefault("cache-control", "public, max-age=86400")
        return response


def _html(text: str, status: int = 200) -> Page:
    return Page(text.encode(), HTML, status)


def _opened(response: Response) -> Response:
    response.headers.update(OPEN)
    return response


def _gone() -> Response:
    return PlainTextResponse("This work was withdrawn.", 410, {"cache-control": "no-cache"})


def _id(request: Request) -> str:
    return request.path_params["id"][:NAMED]


def _pixels(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 0
