"""The steps of the setup as data: what each asks, how it is read, and where in the setup it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final, TypeVar

from bot import styles
from bot.cards import style_name
from bot.errors import BadSetting
from bot.locales import Words, languages, own_name
from bot.model.card import FieldKind
from bot.model.setup import VOTE_EMOJI, Setup
from bot.sports import Catalogue
from bot.usecases.guide.reading import (
    Currency,
    Emoji,
    Many,
    ManyOf,
    Money,
    Number,
    One,
    OneOf,
    Ordered,
    Reader,
    Switch,
)

T = TypeVar("T")

FIELDS: Final = 5
"""Fields one form may have: Discord's limit."""
OPTIONS: Final = 25
"""Choices one field may have: Discord's limit."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that is chosen. Its label stands under `setting.<key>`, what it is when nothing is chosen under
    `setting.<key>.empty`, a hint under `setting.<key>.hint`."""

    name: str
    reader: Reader
    get: Callable[[Setup], Any]
    put: Callable[[Setup, Any], Setup]
    key: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])

    def label(self, say: Words) -> str:
        """What it is called."""
        return say(f"setting.{self.key or self.name}", **self.facts)

    def hint(self, say: Words) -> str:
        """What helps to choose."""
        key = f"setting.{self.key or self.name}.hint"
        return say(key, **self.facts) if say.knows(key) else ""

    def text(self, setup: Setup) -> str:
        """What is chosen, as a field holds it."""
        return self.reader.text(self.get(setup))


@dataclass(frozen=True, slots=True)
class Step:
    """Up to five settings that belong together."""

    name: str
    emoji: str
    settings: tuple[Setting, ...]
    check: Callable[[Setup], None] = lambda _: None
    """Raises `BadSetting` where settings do not go together."""
    key: str = ""

    def title(self, say: Words) -> str:
        """What it is called."""
        return say(f"step.{self.key or self.name}")

    def texts(self, setup: Setup) -> dict[str, str]:
        """What is chosen, by the settings' names."""
        return {setting.name: setting.text(setup) for setting in self.settings}


@dataclass(frozen=True)
class Known:
    """What the choices depend on."""

    backends: tuple[str, ...]
    catalogue: Catalogue
    roles: bool = True
    """The platform has roles that can be given."""


def steps(known: Known) -> tuple[Step, ...]:
    """All steps in the order they are walked through."""
    return (
        Step("language", "🌐", (_at("language", "language", OneOf(_tongues())),)),
        Step("channels", "📺", _CHANNELS),
        Step("roles", "🛡️", _ROLES if known.roles else _ROLES[:-1]),
        Step("sports", "🎿", _sports(known.catalogue), _some_sport(known.catalogue)),
        Step("voting", "🏅", _VOTING, _drop_below),
        Step("contest", "🏁", _CONTEST),
        Step("jury", "⚖️", _JURY, _share_of_a_jury),
        Step("limits", "⏳", _LIMITS, _more_than_none),
        Step("budget", "💶", _BUDGET),
        Step("backend", "🖥️", _backend(known.backends), _a_style_left),
        *_access(known.backends),
        Step("extras", "🎁", _extras(), _kept_for_somebody),
        Step("retention", "🧹", (_at("retention", "retention_days", Number(0, 3650, 0)),)),
    )


def find(known: Known, name: str) -> Step | None:
    """The step with this name."""
    return next((step for step in steps(known) if step.name == name), None)


def applied(step: Step, setup: Setup, values: Mapping[str, str], say: Words) -> Setup:
    """The setup with what was said about a step's settings; others stay. Raises `BadSetting`, which names the
    setting."""
    for setting in step.settings:
        if setting.name in values:
            try:
                setup = setting.put(setup, setting.reader.read(values[setting.name]))
            except BadSetting as error:
                raise BadSetting(what=setting.label(say), why=say(error.sentence, **error.facts)) from error
    step.check(setup)
    return replace(setup, done=tuple(dict.fromkeys((*setup.done, step.name))))


def valid(known: Known, setup: Setup, say: Words) -> None:
    """Raise `BadSetting` for a whole setup that no form would have made."""
    for step in steps(known):
        step.check(setup)
        again = replace(applied(step, setup, step.texts(setup), say), done=setup.done)
        if step.texts(again) != step.texts(setup):
            raise BadSetting(key="setting.unknown", what=step.title(say))


def _pages(things: Sequence[T], most: int) -> list[Sequence[T]]:
    return [things[start : start + most] for start in range(0, len(things), most)]


def _at(name: str, path: str, reader: Reader) -> Setting:
    """A setting that is kept at `path` ("voting.nominate")."""
    names = path.split(".")

    def get(setup: Setup) -> Any:
        return reduce(getattr, names, setup)

    def put(setup: Setup, value: Any) -> Setup:
        return _replaced(setup, names, value)

    return Setting(name, reader, get, put)


def _replaced(holder: Any, names: Sequence[str], value: Any) -> Any:
    if len(names) > 1:
        value = _replaced(getattr(holder, names[0]), names[1:], value)
    return replace(holder, **{names[0]: value})


def _tongues() -> tuple[tuple[str, str], ...]:
    return tuple((tag, own_name(tag)) for tag in languages())


_CHANNELS: Final = (
    _at("create", "channels.create", Many(FieldKind.CHANNEL)),
    _at("review", "channels.review", One(FieldKind.CHANNEL)),
    _at("exhibit", "channels.exhibit", One(FieldKind.CHANNEL)),
    _at("announcements", "channels.announcements", One(FieldKind.CHANNEL)),
)
_ROLES: Final = (
    _at("moderators", "roles.moderators", Many(FieldKind.ROLE)),
    _at("admins", "roles.admins", Many(FieldKind.ROLE)),
    _at("members", "roles.members", Many(FieldKind.ROLE)),
    _at("winner", "roles.winner", One(FieldKind.ROLE)),
)
_VOTING: Final = (
    _at("emoji", "voting.emoji", Emoji(VOTE_EMOJI)),
    _at("nominate", "voting.nominate", Number(1, 10_000, 5)),
    _at("drop", "voting.drop", Number(0, 10_000, 3)),
    _at("account_days", "voting.account_days", Number(0, 3650, 0)),
    _at("member_days", "voting.member_days", Number(0, 3650, 0)),
)
_CONTEST: Final = (
    _at("entries", "voting.entries", Number(0, 1000, 0)),
    _at("best_of", "voting.best_of", Number(1, 100, 1)),
    _at("hidden", "voting.hidden", Switch()),
    _at("spotlight", "voting.spotlight", Switch(blank=True)),
)
_JURY: Final = (
    _at("jury", "voting.jury", Many(FieldKind.ROLE)),
    _at("jury_share", "voting.jury_share", Number(0, 100, 0)),
)


def _drop_below(setup: Setup) -> None:
    if setup.voting.drop > setup.voting.nominate:
        raise BadSetting(key="setting.drop_over", drop=setup.voting.drop, nominate=setup.voting.nominate)


def _share_of_a_jury(setup: Setup) -> None:
    if setup.voting.jury_share and not setup.voting.jury:
        raise BadSetting(key="setting.share_without_jury")


def _put_more_roles(setup: Setup, roles: tuple[str, ...]) -> Setup:
    had = dict(setup.allowance.more)
    usual = next(iter(had.values()), 0)
    more = tuple((role, had.get(role, usual)) for role in roles)
    return replace(setup, allowance=replace(setup.allowance, more=more))


def _put_more_daily(setup: Setup, daily: int | None) -> Setup:
    more = tuple((role, daily or 0) for role, _ in setup.allowance.more)
    return replace(setup, allowance=replace(setup.allowance, more=more))


def _more_than_none(setup: Setup) -> None:
    if any(daily < 1 for _, daily in setup.allowance.more):
        raise BadSetting(key="setting.more_of_what")


_LIMITS: Final = (
    _at("daily", "allowance.daily", Number(0, 10_000)),
    _at("running", "allowance.running", Number(1, 1000)),
    _at("share", "allowance.share", Number(1, 1000)),
    Setting(
        "more",
        Many(FieldKind.ROLE),
        lambda setup: tuple(role for role, _ in setup.allowance.more),
        _put_more_roles,
    ),
    Setting(
        "more_daily",
        Number(1, 10_000),
        lambda setup: next((daily for _, daily in setup.allowance.more), None),
        _put_more_daily,
    ),
)
_BUDGET: Final = (
    _at("day", "budget.day", Money()),
    _at("month", "budget.month", Money()),
    _at("currency", "budget.currency", Currency()),
)


def _backend(backends: Sequence[str]) -> tuple[Setting, ...]:
    return (
        _at("backend", "backend", OneOf(tuple((name, name) for name in backends))),
        _at("styles", "allowance.styles", _styles()),
        _at("pictures", "allowance.pictures", Switch(blank=True)),
    )


def _styles() -> ManyOf:
    return ManyOf(tuple((one.slug, one.name("en")) for one in styles.styles()), style_name)


def _access(backends: Sequence[str]) -> tuple[Step, ...]:
    """Who may use which backend, five to a form."""
    pages = _pages(backends, FIELDS)
    return tuple(
        Step(f"access{number or ''}", "🔑", tuple(map(_kept_for, page)), key="access")
        for number, page in enumerate(pages)
    )


def _extras() -> tuple[Setting, ...]:
    return (
        _at("styles_kept", "allowance.styles_kept", _styles()),
        _at("styles_for", "allowance.styles_for", Many(FieldKind.ROLE)),
        _at("pictures_for", "allowance.pictures_for", Many(FieldKind.ROLE)),
    )


def _kept_for_somebody(setup: Setup) -> None:
    """Kept styles have somebody who may use them."""
    if setup.allowance.styles_kept and not setup.allowance.styles_for:
        raise BadSetting(key="setting.kept_for_whom")
    _a_style_left(setup)


def _a_style_left(setup: Setup) -> None:
    """One of the offered styles is everybody's."""
    offered = setup.allowance.styles or tuple(style.slug for style in styles.styles())
    if set(offered) <= set(setup.allowance.styles_kept):
        raise BadSetting(key="setting.no_style_left")


def _kept_for(backend: str) -> Setting:
    def get(setup: Setup) -> tuple[str, ...]:
        return tuple(holder for name, holder in setup.allowance.backends if name == backend)

    def put(setup: Setup, holders: tuple[str, ...]) -> Setup:
        others = tuple(pair for pair in setup.allowance.backends if pair[0] != backend)
        mine = tuple((backend, holder) for holder in holders)
        return replace(setup, allowance=replace(setup.allowance, backends=(*others, *mine)))

    return Setting(f"access-{backend}", Many(FieldKind.ROLE), get, put, "access", {"backend": backend})


def _sports(catalogue: Catalogue) -> tuple[Setting, ...]:
    everything = tuple((sport.slug, sport.name("en")) for sport in catalogue.everything)
    pages = _pages(sorted(everything), OPTIONS)[: FIELDS - 1]

    def named(slug: str, language: str) -> str:
        sport = catalogue.known(slug)
        return sport.name(language) if sport else slug

    return (*(_offered(page, number, named) for number, page in enumerate(pages)), _order(everything))


def _order(everything: tuple[tuple[str, str], ...]) -> Setting:
    return _at("order", "sports_order", Ordered(everything))


def _offered(page: Sequence[tuple[str, str]], number: int, named: Callable[[str, str], str]) -> Setting:
    """Some of the sports, of which those that are chosen are offered."""
    slugs = [slug for slug, _ in page]

    def get(setup: Setup) -> tuple[str, ...]:
        return tuple(slug for slug in slugs if slug not in setup.sports_off)

    def put(setup: Setup, chosen: tuple[str, ...]) -> Setup:
        others = [slug for slug in setup.sports_off if slug not in slugs]
        return replace(setup, sports_off=(*others, *(slug for slug in slugs if slug not in chosen)))

    return Setting(f"sports{number or ''}", ManyOf(tuple(page), named), get, put, "sports")


def _some_sport(catalogue: Catalogue) -> Callable[[Setup], None]:
    def check(setup: Setup) -> None:
        if all(sport.slug in setup.sports_off for sport in catalogue.everything):
            raise BadSetting(key="setting.no_sports")

    return check
