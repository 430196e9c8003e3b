"""Works that hang already, without drawing them first."""

from __future__ import annotations

from dataclasses import replace

from bot.model.card import Card, CardKind
from bot.model.contest import Reacted, Showing, Shown
from bot.model.entry import Entry
from bot.model.people import Community, Member, MessageRef
from tests.fakes import COMMUNITY, member, place
from tests.samples import CLIP, entry, job


async def hang(world, name: str = "a", maker: Member | None = None, community: Community = COMMUNITY) -> MessageRef:
    """An entry of `maker`'s as its delivery leaves it; returns its message."""
    maker, repos, now = maker or member(community=community), world.repos, world.clock.now()
    card = Card(CardKind.ENTRY, name)
    await repos.jobs.add(job(name, member=maker, place=place(community), created=now, changed=now))
    await repos.jobs.admit(lambda waiting, running: [name])
    mine = await repos.jobs.take(name)
    clip = replace(CLIP, blob=await world.media.put_bytes(b"film " + name.encode(), "video/mp4"))
    clip = replace(clip, poster=await world.media.put_bytes(b"still " + name.encode(), "image/jpeg"))
    contest = (await repos.communities.get(community)).contest
    mine = await repos.jobs.finished(mine, clip, replace(entry(mine, name, created=now, contest=contest), clip=clip))
    ref = await world.platform.publish(place(community), card, key=f"{name}:entry")
    await repos.jobs.delivered(mine, ref)
    return ref


async def hang_copy(world, ref: MessageRef, kind: Shown = Shown.COPY, community: Community = COMMUNITY) -> MessageRef:
    """The same work once more."""
    shown = await world.repos.showings.at(ref)
    key = f"{kind}:{shown.entry}:{len(world.platform.messages)}"
    copy = await world.platform.post(place(community), Card(CardKind.ENTRY, shown.entry), key=key)
    await world.repos.showings.add(Showing(shown.entry, copy, kind))
    return copy


async def press(world, ref: MessageRef, who: str, *, on: bool = True, emoji: str = "🏅", bot: bool = False) -> None:
    """Somebody reacts, and the core hears of it."""
    under = world.platform.messages[ref.id].reactions.setdefault(emoji, {})
    if on:
        under[who] = bot
    else:
        under.pop(who, None)
    await world.core.hear(Reacted(ref, emoji, who, on, bot))


async def votes(world, name: str = "a") -> int:
    """An entry's votes."""
    return (await world.repos.votes.tally([name]))[name].votes


async def found(world, name: str = "a") -> Entry:
    """The entry as it is now."""
    return await world.repos.entries.get(name)
