"""The setup as people see it: the card of all steps, and a form for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.locales import Words
from bot.model.card import Button, ButtonStyle, Card, CardKind, Choice, Field, FieldKind, Form, Tone
from bot.model.setup import Setup
from bot.usecases.guide.reading import NONE, OneOf, Switch
from bot.usecases.guide.steps import Setting, Step

Names = Mapping[FieldKind, Mapping[str, str]]
"""What channels and roles are called, by kind and id."""


def overview(all_steps: Sequence[Step], setup: Setup, names: Names, lacking: Sequence[str], say: Words) -> Card:
    """Every step with what is chosen, and a button for each."""
    done = sum(step.name in setup.done for step in all_steps)
    lines = (
        say("setup.what", n=done, steps=len(all_steps)),
        *(line(step, setup, names, say) for step in all_steps),
        *(f"⚠️ {fault}" for fault in lacking),
    )
    buttons = tuple(
        Button(f"setup:{step.name}", step.title(say), "✅" if step.name in setup.done else step.emoji)
        for step in all_steps
    )
    tone = Tone.BAD if lacking else Tone.CALM
    small = say("setup.small")
    return Card(CardKind.LIST, say("setup.title"), lines, small=small, tone=tone, buttons=buttons)


def line(step: Step, setup: Setup, names: Names, say: Words) -> str:
    """A step with what is chosen."""
    told = " · ".join(f"{setting.label(say)}: {shown(setting, setup, names, say)}" for setting in step.settings)
    return f"**{step.emoji} {step.title(say)}** — {told}"


def shown(setting: Setting, setup: Setup, names: Names, say: Words) -> str:
    """What is chosen, in words."""
    text = setting.text(setup)
    if not text:
        return _empty(setting, say)
    if isinstance(setting.reader, Switch):
        return say(f"setting.{text}")
    labels = dict(names.get(setting.reader.kind, {})) or {one.value: one.label for one in setting.reader.choices(say)}
    if setting.key == "sports" and len(text.split(",")) == len(labels):
        return say("setting.all")
    return ", ".join(labels.get(one, one) for one in text.split(",")) if labels else text


def form(step: Step, setup: Setup, version: int, names: Names, typed: Mapping[str, str] | None, say: Words) -> Form:
    """A step's form with what is chosen, or what was typed when it could not be taken."""
    values = {**step.texts(setup), **(typed or {})}
    fields = tuple(_field(setting, values[setting.name], names, say) for setting in step.settings)
    return Form(f"setup:{step.name}:{version}", step.title(say), say("setup.save"), fields)


def saved(step: Step, following: Step | None, told: str, lacking: Sequence[str], say: Words) -> Card:
    """What is chosen now, what the bot still lacks, and where to go on."""
    again = (Button(f"setup:{step.name}", say("button.setup_step", step=step.title(say)), "✏️"),)
    onward = (
        (Button(f"setup:{following.name}", say("button.setup_next", step=following.title(say)), "▶️", ButtonStyle.MAIN),)
        if following
        else ()
    )
    back = (Button("setup", say("button.setup"), "⚙️"),)
    tone = Tone.BAD if lacking else Tone.GOOD
    lines = (told, *(f"⚠️ {fault}" for fault in lacking))
    return Card(CardKind.CHOICE, say("setup.saved"), lines, tone=tone, buttons=(*onward, *again, *back))


def rejected(step: Step, why: str, say: Words) -> Card:
    """What could not be taken; pressing shows the form again as it was typed."""
    again = Button(f"setup:{step.name}", say("button.correct"), "✏️", ButtonStyle.MAIN)
    lines = (why, say("setup.kept"))
    return Card(CardKind.CHOICE, say("setup.not_saved"), lines, tone=Tone.BAD, buttons=(again,))


def _empty(setting: Setting, say: Words) -> str:
    """What holds where nothing is chosen."""
    key = f"setting.{setting.key or setting.name}.empty"
    return say(key) if say.knows(key) else say("setting.empty")


def _field(setting: Setting, value: str, names: Names, say: Words) -> Field:
    reader = setting.reader
    choices = reader.choices(say)
    if isinstance(reader, OneOf):  # some platforms cannot take a choice back, so that nothing is one of them
        choices, value = (Choice(NONE, _empty(setting, say)), *choices), value or NONE
    if reader.kind is FieldKind.ROLE:  # a platform without roles names members instead
        choices = tuple(Choice(one, label) for one, label in names.get(reader.kind, {}).items())
    return Field(
        setting.name,
        setting.label(say),
        reader.kind,
        value=value,
        hint=setting.hint(say),
        longest=500 if reader.kind is FieldKind.TEXT else 2000,
        choices=choices,
        many=reader.many,
    )
