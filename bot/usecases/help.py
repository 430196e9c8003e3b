"""How does this work?"""

from __future__ import annotations

from bot import grammar, styles
from bot.grammar import WORDS, Word
from bot.locales import Words, words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked, Unknown
from bot.model.people import Role
from bot.pipeline.purse import may_use
from bot.ports import Reply
from bot.usecases.allowed import styles_of
from bot.usecases.house import House


async def help_(house: House, asked: Asked, reply: Reply) -> None:
    """The words the asker may say, the sports, styles and backends they may use, and what to begin with."""
    language, role = asked.member.language, asked.member.role
    say = words(language)
    home = await house.tools.repos.communities.get(asked.member.community)
    offered, mine = (await house.offers.of(home)).offered, styles_of(home, asked.member)
    backends = [name for name in house.tools.backends if may_use(home.setup, asked.member, name)]
    platform = house.tools.platforms.get(asked.member.community.platform)
    apart = platform is not None and platform.traits.by_role
    lines = (
        say("help.what"),
        *_words(Role.MEMBER, say),
        *((say("help.moderators"), *_words(Role.MODERATOR, say, apart=apart)) if role >= Role.MODERATOR else ()),
        *((say("help.admins"), *_words(Role.ADMIN, say, apart=apart)) if role >= Role.ADMIN else ()),
        say("help.sports", names=" · ".join(sport.name(language) for sport in offered)),
        say("help.styles", names=" · ".join(style.name(language) for style in styles.styles() if style.slug in mine)),
        say("help.backends", names=", ".join(backends) or "–"),
    )
    buttons = (
        Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN),
        *((Button("review", say("button.review"), "⚖️"),) if role >= Role.MODERATOR else ()),
        *((Button("setup", say("button.setup"), "⚙️"),) if role >= Role.ADMIN else ()),
    )
    await reply.tell(Card(CardKind.HELP, say("help.title"), lines, small=say("help.small"), buttons=buttons))


def _words(role: Role, say: Words, *, apart: bool = False) -> list[str]:
    """The words of exactly this role; the admins' many in one line."""
    mine = {_called(word, apart=apart): word for word in WORDS if word.role is role}
    if role is Role.ADMIN:
        return [" · ".join(f"**{called}**" for called in mine)]
    return [f"**{called}** — {say(f'{word.key}.about')}" for called, word in mine.items()]


def _called(word: Word, *, apart: bool) -> str:
    """How a word is called; `apart`: each role's words are a command of their own."""
    if not apart or word.role is Role.MEMBER:
        return f"/olympic {word.path}"
    return (
        f"/olympic-mod {word.path}" if word.role is Role.MODERATOR else f"/olympic-admin {word.path[len('admin ') :]}"
    )


async def unknown(asked: Asked, wish: Unknown, reply: Reply) -> None:
    """Words that are no command, and what was probably meant."""
    say = words(asked.member.language)
    head, inside = grammar.group(wish.words)
    onward = dict.fromkeys(_next(word, head) for word in inside if asked.member.role >= word.role)
    if onward:
        lines = [say("help.goes_on", head=head, words=" · ".join(f"**{one}**" for one in onward))]
    else:
        near = [say("help.did_you_mean", near=wish.near)] if wish.near else []
        lines = [say("help.unknown", words=wish.words[:80]), *near]
    help_button = Button("help", say("button.help"), "❔")
    await reply.tell(Card(CardKind.NOTICE, "", tuple(lines), buttons=(help_button,)))


def _next(word: Word, head: str) -> str:
    """The word that may follow: "open" after "admin round" on the way to "admin round open"."""
    return word.path.removeprefix(f"{head} ").split()[0]
