"""What one member may use of what a community offers: styles, and pictures and sounds of their own."""

from __future__ import annotations

from bot import styles
from bot.errors import NotAllowed
from bot.model.people import Member
from bot.model.setup import Home
from bot.ports import Pick
from bot.usecases.house import House
from bot.usecases.offered import called, listed


def styles_of(home: Home, member: Member) -> tuple[str, ...]:
    """The slugs of the styles a member may use."""
    allowance = home.setup.allowance
    offered = allowance.styles or tuple(style.slug for style in styles.styles())
    if _holds(member, allowance.styles_for):
        return offered
    return tuple(slug for slug in offered if slug not in allowance.styles_kept)


async def check_style(house: House, home: Home, member: Member, slug: str) -> None:
    """Raise `NotAllowed` for a style that is not offered here, or not to this member."""
    near = styles_of(home, member)
    if slug in near:
        return
    allowance = home.setup.allowance
    if slug in allowance.styles_kept and slug in (allowance.styles or (slug,)):
        who = await _named(house, home, allowance.styles_for, member)
        raise NotAllowed(key="refusal.style_kept", said=slug, who=who, near=", ".join(near))
    raise NotAllowed(key="refusal.style_off", said=slug, near=", ".join(near))


def may_attach(home: Home, member: Member) -> bool:
    """Whether a member may hand over pictures and sounds."""
    allowance = home.setup.allowance
    return allowance.pictures and (not allowance.pictures_for or _holds(member, allowance.pictures_for))


async def check_attaching(house: House, home: Home, member: Member, *, off: str) -> None:
    """Raise `NotAllowed` for whoever may hand over nothing; `off` is what is told where nobody may."""
    if may_attach(home, member):
        return
    if not home.setup.allowance.pictures:
        raise NotAllowed(key=off)
    who = await _named(house, home, home.setup.allowance.pictures_for, member)
    raise NotAllowed(key="refusal.attachments_kept", who=who)


def _holds(member: Member, holders: tuple[str, ...]) -> bool:
    return not {member.id, *member.roles}.isdisjoint(holders)


async def _named(house: House, home: Home, holders: tuple[str, ...], member: Member) -> str:
    platform = house.tools.platforms.get(home.community.platform)
    return listed(holders, await called(platform, home.community, Pick.ROLE, member.language))
