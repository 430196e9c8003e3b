"""Works → HTML. Every word of theirs is escaped."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import cards, sports, styles
from bot.model.card import Choice
from bot.model.contest import Round
from bot.model.exhibit import Facets, Room, Sort
from bot.model.named import Named
from bot.model.provenance import Credentials, Origin
from bot.usecases import hall
from bot.usecases.hall import Lineage, Screening, Wall, Work
from bot.usecases.house import House
from handlers.hall import feeds
from handlers.hall.reader import Reader, asked
from handlers.hall.shelf import FRESH, Shelf
from handlers.tongues import tongues

HERE: Final = Path(__file__).parent
LONG: Final = 160
"""Characters from which a sentence is set smaller."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A work as a template shows it: everything in the reader's words."""

    id: str
    sentence: str
    tongue: str
    """Language of the sentence."""
    long: bool
    title: str
    alt: str
    maker: str
    sport: str
    sport_slug: str
    style: str
    style_slug: str
    seed: str
    technique: str
    label: str
    made: datetime
    hung: datetime
    votes: str
    url: str
    page: str
    film: str
    poster: str
    captions: str
    film_whole: str
    """The same for those who are not here: complete addresses."""
    poster_whole: str
    embed: str
    fingerprint: str
    width: int
    height: int
    seconds: str


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing that may be asked for: its name in the address, its words, what is chosen, and what may be."""

    name: str
    words: str
    value: str
    choices: list[Choice]


class Pages:
    """The templates, filled. `title` is what the operator calls the hall; empty: as we call it."""

    def __init__(self, house: House, title: str, fresh: float = FRESH) -> None:
        self._facets = Shelf[Facets](fresh)
        self._house = house
        self._title = title
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._version = f"{zlib.crc32(b''.join(path.read_bytes() for path in sorted((HERE / 'static').iterdir()))):x}"

    def title(self, reader: Reader) -> str:
        """What the hall is called."""
        return self._title or reader.say("hall.title")

    async def wall(self, reader: Reader, found: Wall, films: Sequence[Round], room: Room, order: Sort) -> str:
        """The works of a room, the first one large, and the way to the films of its rounds."""
        facets = await self._facets.get("all", self._house.tools.repos.entries.facets)
        return self._fill(
            "wall.html",
            reader,
            here=("/", asked(room, order)),
            found=found,
            works=[shown(reader, work) for work in found.works],
            films=[(reader.to(f"/reels/{one.id}"), _named(reader, one)) for one in films],
            everything=room == Room(),
            asked=asked(room, order),
            filters=await self._filters(reader, facets, room),
            orders=[Choice(one.value, reader.say(f"hall.sort.{one.value}")) for one in Sort],
            order=order.value,
        )

    def exhibit(self, reader: Reader, work: Work, lineage: Lineage, found: Credentials | None) -> str:
        """One work with its wall label."""
        one = shown(reader, work)
        return self._fill(
            "exhibit.html",
            reader,
            here=(f"/exhibits/{one.id}", {}),
            work=one,
            ancestors=[(each.maker, shown(reader, each.work) if each.work else None) for each in lineage.ancestors],
            children=[shown(reader, each) for each in lineage.children],
            credentials=_credentials(reader, found),
            post=hall.post_address(hall.shared_line(reader.language, work), one.page),
        )

    def reel(self, reader: Reader, found: Screening) -> str:
        """A round's film and the works in it."""
        theme = found.round
        return self._fill(
            "reel.html",
            reader,
            here=(f"/reels/{theme.id}", {}),
            named=_named(reader, theme),
            alt=reader.say("reel.alt", number=theme.number, theme=theme.theme),
            film=reader.file(f"/reels/{theme.id}/film.mp4"),
            film_whole=reader.whole(f"/reels/{theme.id}/film.mp4"),
            works=[shown(reader, work) for work in found.works],
        )

    def player(self, reader: Reader, work: Work) -> str:
        """The film alone."""
        here = (f"/exhibits/{work.entry.id}/embed", dict[str, str]())
        return self._fill("player.html", reader, here=here, work=shown(reader, work))

    def withdrawn(self, reader: Reader) -> str:
        """In the place of a work that hangs no more."""
        return self._fill("plain.html", reader, here=("/", {}), about="withdrawn")

    def missing(self, reader: Reader) -> str:
        """Where nothing is."""
        return self._fill("plain.html", reader, here=("/", {}), about="missing")

    async def _filters(self, reader: Reader, facets: Facets, room: Room) -> list[Filter]:
        """What one may ask for, each with its choices, where there is more than one."""
        language, chosen = reader.language, asked(room)
        named = {
            "sport": _counted(facets.sport, await self._sports(reader, facets), sports.sports()),
            "style": _counted(facets.style, lambda slug: cards.style_name(slug, language), styles.styles()),
            "language": _counted(facets.language, reader.tongue),
            "round": await self._rounds(facets.round),
            "contest": await self._communities(facets.contest),
        }
        filters = [
            Filter(name, reader.say(f"hall.room.{name}"), chosen.get(name, ""), choices)
            for name, choices in named.items()
        ]
        return [one for one in filters if len(one.choices) > 1 or one.value]

    async def _sports(self, reader: Reader, facets: Facets) -> Callable[[str], str]:
        """Sports by their names; those that communities added are called as a work carries them along."""
        names = {one.slug: one.name(reader.language) for one in sports.sports()}
        for slug in facets.sport.keys() - names.keys():
            for entry in await self._house.tools.repos.entries.exhibits(Room(sport=slug), most=1):
                names[slug] = reader.sport(entry.request)
        return lambda slug: names.get(slug, slug)

    async def _rounds(self, counts: Mapping[str, int]) -> list[Choice]:
        """Rounds by their themes, the newest first."""
        known = await self._house.tools.repos.rounds.among(list(counts))
        return [Choice(one.id, f"{one.number} · {one.theme} ({counts[one.id]})") for one in known[::-1]]

    async def _communities(self, counts: Mapping[str, int]) -> list[Choice]:
        """Contests by the names of their communities."""
        if len(counts) < 2:
            return []
        names: defaultdict[str, list[str]] = defaultdict(list)
        for home in await self._house.tools.repos.communities.all():
            names[home.contest] += [home.name] if home.name else []
        return [Choice(one, f"{' · '.join(names[one])} ({count})") for one, count in counts.items() if names[one]]

    def _fill(self, template: str, reader: Reader, *, here: tuple[str, dict[str, str]], **values: Any) -> str:
        path, query = here
        return self._jinja.get_template(template).render(
            reader=reader,
            say=reader.say,
            to=reader.to,
            file=reader.file,
            whole=reader.whole,
            title=self.title(reader),
            canonical=reader.whole(path, **query),
            tongues=[
                (tag, name, replace(reader, language=tag, chosen=True).to(path, **query)) for tag, name in tongues()
            ],
            version=self._version,
            iso=feeds.iso,
            **values,
        )


def shown(reader: Reader, work: Work) -> Shown:
    """A work in the reader's words."""
    entry, say = work.entry, reader.say
    request, seen = entry.request, entry.clip.inspection
    sport = reader.sport(request)
    return Shown(
        id=entry.id,
        sentence=request.prompt,
        tongue=request.language,
        long=len(request.prompt) > LONG,
        title=feeds.title(reader, work),
        alt=say("entry.alt", sport=sport, seconds=f"{seen.seconds:g}", sentence=request.prompt),
        maker=work.maker,
        sport=sport,
        sport_slug=request.sport,
        style_slug=request.style,
        style=cards.style_name(request.style, reader.language),
        seed=str(request.seed),
        technique=cards.named(request, entry.backend, say),
        label=say(work.label),
        made=entry.created,
        hung=feeds.hung(work),
        votes="" if work.votes is None else say("hall.votes", n=work.votes),
        url=reader.to(f"/exhibits/{entry.id}"),
        page=feeds.page(reader, work),
        film=feeds.film(reader.file, work),
        poster=feeds.poster(reader.file, work),
        captions=reader.file(f"/exhibits/{entry.id}/captions.vtt"),
        film_whole=feeds.film(reader.whole, work),
        poster_whole=feeds.poster(reader.whole, work),
        embed=f"{feeds.page(reader, work)}/embed",
        fingerprint=entry.clip.blob,
        width=seen.size.width,
        height=seen.size.height,
        seconds=f"{seen.seconds:g}",
    )


def _named(reader: Reader, one: Round) -> str:
    """What a round's film is called."""
    return reader.say("reel.title", number=one.number, theme=one.theme)


def _credentials(reader: Reader, found: Credentials | None) -> str:
    """What a film says of itself, in one or two sentences."""
    if found is None:
        return reader.say("hall.credentials.none")
    if not found.intact:
        return reader.say("hall.credentials.broken")
    origin = reader.say(f"hall.origin.{found.origin}") if found.origin in set(Origin) else found.origin
    return reader.say("hall.credentials.signed", issuer=found.issuer, origin=origin)


def _counted(counts: Mapping[str, int], name: Callable[[str], str], order: Sequence[Named] = ()) -> list[Choice]:
    """Values with their names and how many works there are, in the order we list them elsewhere."""
    known = [one.slug for one in order if one.slug in counts]
    rest = sorted(set(counts) - set(known), key=lambda value: (-counts[value], value))
    return [Choice(value, f"{name(value)} ({counts[value]})") for value in (*known, *rest)]
