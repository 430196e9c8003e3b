"""How does this work?"""

from __future__ import annotations

from bot import sports, styles
from bot.completion import COMMANDS
from bot.locales import words
from bot.model.card import Button, ButtonStyle, Card, CardKind
from bot.model.command import Asked, Unknown
from bot.ports import Reply
from bot.usecases.house import House


async def help_(house: House, asked: Asked, reply: Reply) -> None:
    """The commands, the sports and styles, and three sentences to begin with."""
    language = asked.member.language
    say = words(language)
    lines = (
        say("help.what"),
        *(f"**/olympic {word.path}** — {say(f'{word.key}.about')}" for word in COMMANDS),
        say("help.sports", names=" · ".join(sport.name(language) for sport in sports.sports())),
        say("help.styles", names=" · ".join(style.name(language) for style in styles.styles())),
        say("help.backends", names=", ".join(house.tools.backends)),
    )
    start = Button("compose", say("button.create"), "🎬", ButtonStyle.MAIN)
    await reply.tell(Card(CardKind.HELP, say("help.title"), lines, small=say("help.small"), buttons=(start,)))


async def unknown(asked: Asked, wish: Unknown, reply: Reply) -> None:
    """Words that are no command."""
    say = words(asked.member.language)
    near = say("help.did_you_mean", near=wish.near) if wish.near else ""
    lines = tuple(filter(None, (say("help.unknown", words=wish.words[:80]), near)))
    await reply.tell(Card(CardKind.NOTICE, "", lines, buttons=(Button("help", say("button.help"), "❔"),)))
