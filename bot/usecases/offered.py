"""What each community offers, and the names of its places and roles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot import sports
from bot.completion import built_in, every_style
from bot.errors import NotAllowed, PlatformError, UnknownName
from bot.model.people import Community
from bot.model.setup import Home
from bot.ports import Pick, Platform, Repositories
from bot.sports import Catalogue


class Offers:
    """The communities' catalogues, kept in mind for those who cannot wait for the records."""

    def __init__(self, repos: Repositories) -> None:
        self._repos = repos
        self._seen: dict[Community, Catalogue] = {}
        self._styles: dict[Community, tuple[str, ...]] = {}

    async def of(self, home: Home) -> Catalogue:
        """What a community offers now."""
        own = await self._repos.sports.of(home.contest)
        self._styles[home.community] = home.setup.allowance.styles
        found = self._seen[home.community] = sports.catalogue(home.setup, [sport.toml for sport in own])
        return found

    async def once(self, home: Home) -> None:
        """Have it in mind from now on."""
        if home.community not in self._seen:
            await self.of(home)

    def peek(self, community: Community | None = None) -> Catalogue:
        """What a community offered when it was last looked at; the built-in sports where nobody has looked."""
        seen = self._seen.get(community) if community else None
        return seen or built_in()

    def peek_styles(self, community: Community | None = None) -> Sequence[str]:
        """Its styles, in the same way."""
        seen = self._styles.get(community) if community else None
        return seen or every_style()


async def called(platform: Platform | None, community: Community, what: Pick, language: str) -> dict[str, str]:
    """What channels or roles are called, by id; empty where the platform does not tell now."""
    if platform is None:
        return {}
    try:
        return {choice.value: choice.label for choice in await platform.choices(community, what, language)}
    except PlatformError:
        return {}


def listed(ids: Iterable[str], names: dict[str, str]) -> str:
    """Ids by their names, where those are known."""
    return ", ".join(names.get(one, one) for one in ids)


def sport_named(catalogue: Catalogue, said: str) -> str:
    """The slug of an offered sport, by its slug or by a name. Raises `UnknownName`, or `NotAllowed` for a sport that
    there is and that is not offered here."""
    if found := catalogue.find(said.lower()):
        return found.slug
    if hidden := catalogue.known(said.lower()):
        raise NotAllowed(key="refusal.sport_off", said=hidden.slug)
    near = catalogue.suggest(said)
    best = catalogue.find(near[0]) if near else None
    if best and said.casefold() in {name.casefold() for name in best.names.values()}:
        return best.slug
    raise unknown("sport", said, near, [sport.slug for sport in catalogue.offered])


def unknown(what: str, said: str, near: Sequence[str], known: Sequence[str] = ()) -> UnknownName:
    """Nothing is called so. `known`: all there are, told where none of them is near."""
    key = f"refusal.unknown_{what}" + ("_near" if near else "")
    return UnknownName(key=key, said=said[:60], near=", ".join(near), known=", ".join(known))
