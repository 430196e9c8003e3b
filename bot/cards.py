"""Values into cards: the words a reader sees, in their language, without knowing any platform."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import sports, styles
from bot.errors import OlympicError
from bot.locales import Words, words
from bot.model.card import (
    Button,
    ButtonStyle,
    Card,
    CardKind,
    Choice,
    Field,
    FieldKind,
    Form,
    Picture,
    Progress,
    Tone,
    Video,
)
from bot.model.contest import EntryState
from bot.model.entry import Entry
from bot.model.job import Job, Stage, Standing
from bot.model.plan import Alternative, Plan
from bot.model.request import LONGEST_PROMPT, Camera, Request
from bot.model.setup import Setup


def sport_name(slug: str, language: str, own: Sequence[str] = ()) -> str:
    """A sport's emoji and name; `own`: the TOML of sports that are not built in."""
    sport = sports.catalogue(Setup(), own).known(slug)
    return f"{sport.emoji} {sport.name(language)}" if sport else slug


def sport_title(request: Request, language: str) -> str:
    """The emoji and name of the sport a request is about."""
    sport = sports.asked_for(request)
    return f"{sport.emoji} {sport.name(language)}" if sport else request.sport


def style_name(slug: str, language: str) -> str:
    """A style's name."""
    style = styles.find(slug)
    return style.name(language) if style else slug


def span(say: Words, seconds: tuple[float, float]) -> str:
    """A range of time as people say it: "20–40 s", "2–3 min", "about 5 min"."""
    low, high = seconds
    if high < 90 or (high <= 120 and low < 60):
        return _range(say, "time.seconds", _round(low, 5), _round(high, 5))
    if high < 5400:
        return _range(say, "time.minutes", round(low / 60), -(-high // 60))
    return _range(say, "time.hours", round(low / 3600), -(-high // 3600))


def _range(say: Words, key: str, low: float, high: float) -> str:
    """Never less than one, and a wide range stays one: "about 3 min" would promise what "1–3 min" does not."""
    low, high = max(1, int(low)), max(1, int(high))
    return say(f"{key}_about", n=high) if low >= high else say(key, low=low, n=high)


def _round(value: float, step: int) -> int:
    return max(step, round(value / step) * step)


def money(plan: Plan) -> str:
    """A plan's price, or nothing when it is free."""
    return f"{plan.price.normalize():f} {plan.currency}" if plan.price else ""


def notes(say: Words, keys: Sequence[str]) -> tuple[str, ...]:
    """Remarks in words; "note.unknown_name:kitsune" carries its fact after the colon, and a second one after a bar."""
    parts = ((key, *fact.partition("|")) for key, _, fact in (note.partition(":") for note in keys))
    return tuple(say(key, what=what, near=near) for key, what, _, near in parts)


def waiting_card(job: Job, standing: Standing, resting: str = "") -> Card:
    """A job in line. `resting`: catalogue key of why its backend starts nothing now."""
    say = words(job.place.language)  # everybody in the channel reads it
    ahead = say("queue.ahead", n=standing.ahead) if standing.ahead else say("queue.next")
    bar = Progress(0.0, say("queue.words", ahead=ahead, finish=span(say, standing.finish)))
    why = (say(resting),) if resting else ()
    return _job_card(job, say, say("job.waiting"), bar, (_cancel(job, say),), why)


def running_card(job: Job, left: tuple[float, float], picture: bytes | None, stage: str | None = None) -> Card:
    """A job that is being drawn, checked or posted; `left` in seconds (low, high)."""
    say = words(job.place.language)  # everybody in the channel reads it
    doing = say(f"job.{job.stage.value}") if stage is None else say(stage)
    bar = Progress(job.fraction, _going(job, say, left))
    still = Picture(f"{job.id}.jpg", say("job.preview_alt", sentence=job.request.prompt), picture) if picture else None
    card = _job_card(job, say, doing, bar, (_cancel(job, say),))
    return dataclasses.replace(card, picture=still)


def ended_card(job: Job) -> Card:
    """A job that ended without a clip, or whose clip hangs elsewhere."""
    say = words(job.place.language)  # everybody in the channel reads it
    again = Button(f"retry:{job.id}", say("button.retry"), "🔁")
    if job.stage is Stage.DONE:
        return _job_card(job, say, say("job.done"), None, (), tone=Tone.GOOD)
    if job.stage is Stage.CANCELLED:
        return _job_card(job, say, say("job.cancelled"), None, (again,), (say("job.refunded"),))
    failure = job.failure
    lines = (say(failure.key, **dict(failure.facts)),) if failure else ()
    lines += (say("job.refunded"),) if failure and failure.refunded else ()
    buttons = () if job.stage is Stage.UNCERTAIN else (again,)
    return _job_card(job, say, say(f"job.{job.stage.value}"), None, buttons, lines, Tone.BAD)


@dataclass(frozen=True, slots=True)
class Stands:
    """How a work stands: `votes` None while they are hidden, `jury` None where there is none."""

    emoji: str = ""
    """What one votes with; empty: nobody votes."""
    votes: int | None = 0
    jury: int | None = None
    state: EntryState = EntryState.OPEN
    remixes: int = 0
    round: str = ""
    """The theme of the round it takes part in."""


def stands_lines(say: Words, stands: Stands) -> tuple[str, ...]:
    """Votes, the jury's part, what became of it, and how often it was remixed."""
    lines: list[str] = []
    if stands.round:
        lines.append(say("entry.round", theme=stands.round))
    if stands.emoji:
        lines.append(_votes(say, stands))
    nominated = stands.state is EntryState.NOMINATED and stands.votes is not None  # it would tell of hidden votes
    if nominated or stands.state is EntryState.APPROVED:
        lines.append(say(f"entry.{stands.state.value}"))
    if stands.remixes:
        lines.append(say("entry.remixes", n=stands.remixes))
    return tuple(lines)


def _votes(say: Words, stands: Stands) -> str:
    if stands.votes is None:
        return say("entry.votes_hidden", emoji=stands.emoji)
    if not stands.votes:
        return say("entry.votes_none", emoji=stands.emoji)
    counted = say("entry.votes", emoji=stands.emoji, n=stands.votes)
    return f"{counted} · {say('entry.votes_jury', n=stands.jury)}" if stands.jury else counted


def entry_card(
    entry: Entry,
    video: Path,
    poster: Path,
    label: str,
    remarks: Sequence[str],
    language: str,
    stands: Stands | None = None,
    after: Sequence[str] = (),
) -> Card:
    """The finished work as everybody sees it, with the maker mentioned. `after`: earlier authors' names."""
    say = words(language)
    request, seen = entry.request, entry.clip.inspection
    name = sport_title(request, language)
    film = Video(
        path=video,
        name=f"{request.sport}-{entry.id[:8]}.mp4",
        alt=say("entry.alt", sport=name, seconds=f"{request.seconds:g}", sentence=request.prompt),
        poster=poster,
        seconds=seen.seconds,
        width=seen.size.width,
        height=seen.size.height,
        bytes=seen.bytes,
        blob=entry.clip.blob,
    )
    return Card(
        CardKind.ENTRY,
        name,
        quote=request.prompt,
        lines=(
            say("entry.by", maker=entry.member.name),
            *credit(say, after),
            *notes(say, remarks),
            *(stands_lines(say, stands) if stands else ()),
        ),
        small=small(request, label, language),
        tone=Tone.GOOD,
        video=film,
        buttons=entry_buttons(entry.id, say, storyboard=request.storyboard),
        mention=entry.member.id,
        subject=entry.id,
    )


def credit(say: Words, after: Sequence[str]) -> tuple[str, ...]:
    """From whose works a work comes."""
    names = ", ".join(name or say("entry.somebody") for name in after)
    return (say("entry.after", names=names),) if names else ()


def entry_buttons(entry: str, say: Words, *, storyboard: bool = False) -> tuple[Button, ...]:
    """What one may do with a work."""
    whole = (Button(f"whole:{entry}", say("button.whole"), "🎞️", ButtonStyle.MAIN),) if storyboard else ()
    return (
        *whole,
        Button(f"remix:{entry}", say("button.remix"), "🎬", ButtonStyle.MAIN),
        Button(f"again:{entry}", say("button.again"), "🎲"),
        Button(f"share:{entry}", say("button.share"), "🔗"),
        Button(f"delete:{entry}", say("button.delete"), "🗑️"),
    )


def small(request: Request, label: str, language: str) -> str:
    """The quiet line: style, seed, how it was made."""
    say = words(language)
    line = say("entry.small", style=style_name(request.style, language), seed=str(request.seed), label=say(label))
    return named(request, line, say)


def named(request: Request, line: str, say: Words) -> str:
    """The line, with what it is where that is no whole film."""
    return f"{say('entry.storyboard')} · {line}" if request.storyboard else line


def error_card(error: OlympicError, language: str) -> Card:
    """What happened and the next step."""
    say = words(language)
    return Card(CardKind.NOTICE, say("error.title"), (say(error.sentence, **error.facts),), tone=Tone.BAD)


def notice(language: str, key: str, /, *, tone: Tone = Tone.CALM, **facts: str | float) -> Card:
    """One private sentence."""
    return Card(CardKind.NOTICE, "", (words(language)(key, **facts),), tone=tone)


def accepted_card(job: Job, standing: Standing) -> Card:
    """The private answer to a new request."""
    say = words(job.member.language)
    lines = [say("create.accepted", sport=sport_title(job.request, say.language), finish=span(say, standing.finish))]
    if money(job.plan):
        lines.append(say("create.price", price=money(job.plan)))
    return Card(
        CardKind.NOTICE,
        "",
        (*lines, *notes(say, (*job.plan.approximations, *job.notes))),
        subject=job.id,
        tone=Tone.GOOD,
    )


def choice_card(title: str, lines: Sequence[str], buttons: Sequence[Button]) -> Card:
    """A question answered by pressing."""
    return Card(CardKind.CHOICE, title, tuple(lines), buttons=tuple(buttons))


def offer_label(say: Words, offered: Alternative) -> str:
    """What changes, and what it costs: "10 s · without the picture · 0.50 USD"."""
    parts = [say(key, **dict(offered.facts)) for key in offered.words]
    return " · ".join((*parts, money(offered.plan) or say("plan.offer_free")))


def status_line(job: Job, standing: Standing | None, left: tuple[float, float] | None, language: str) -> str:
    """One of a member's unfinished requests in one line."""
    say = words(language)
    name = f"**{sport_title(job.request, language)}** — {clipped(job.request.prompt, 60)}"
    if standing is not None:
        ahead = say("queue.ahead", n=standing.ahead) if standing.ahead else say("queue.next")
        return f"{name}\n{say('queue.words', ahead=ahead, finish=span(say, standing.finish))}"
    doing = say(f"job.{job.stage.value}")
    return f"{name}\n{doing} · {_going(job, say, left)}" if left else f"{name}\n{doing}"


def _going(job: Job, say: Words, left: tuple[float, float]) -> str:
    """How far a running job is, where that is known, and how long it still takes."""
    if job.fraction is None:
        return say("job.words_unknown", left=span(say, left))
    return say("job.words", percent=round(job.fraction * 100), left=span(say, left))


def clipped(text: str, longest: int) -> str:
    """The text, shortened with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form for a new clip offers: the community's sports, the styles the member may use and the one that is
    meant where none is chosen, and whether they may hand over a picture."""

    sports: Sequence[sports.Sport] = ()
    styles: Sequence[styles.Style] = ()
    style: str = "realistic"
    pictures: bool = True


def create_form(
    language: str, request: Request | None = None, parent: str = "", prompt: str = "", offer: Offer | None = None
) -> Form:
    """The form for a new clip; for a remix it holds the parent's words."""
    say, offer = words(language), offer or Offer()
    some_sports, some_styles = offer.sports or sports.sports(), offer.styles or styles.styles()
    style = request.style if request and request.style in {one.slug for one in some_styles} else offer.style
    picture = Field("image", say("form.image"), FieldKind.FILE, hint=say("form.image_hint"))
    kinds = [Choice(camera.value, say(f"camera.{camera.value}")) for camera in Camera]
    return Form(
        action=f"create:{parent}" if parent else "create",
        title=say("form.remix" if parent else "form.create"),
        submit=say("form.submit"),
        fields=(
            Field(
                "prompt",
                say("form.prompt"),
                FieldKind.LONG_TEXT,
                value=request.prompt if request else prompt,
                hint=say("form.prompt_hint"),
                required=True,
                longest=LONGEST_PROMPT,
            ),
            _select("sport", say("form.sport"), some_sports, language, request.sport if request else ""),
            _select("style", say("form.style"), some_styles, language, style),
            Field(
                "camera",
                say("form.camera"),
                FieldKind.SELECT,
                value=request.camera.value if request else Camera.MULTI.value,
                choices=tuple(kinds),
            ),
            *((picture,) if offer.pictures else ()),
        ),
    )


def _select(
    name: str, label: str, things: Sequence[sports.Sport] | Sequence[styles.Style], language: str, value: str
) -> Field:
    options = tuple(Choice(thing.slug, f"{thing.emoji} {thing.name(language)}") for thing in things)
    return Field(name, label, FieldKind.SELECT, value=value, choices=options)


def _cancel(job: Job, say: Words) -> Button:
    return Button(f"cancel:{job.id}", say("button.cancel"), "✖️", ButtonStyle.DANGER)


def _job_card(
    job: Job,
    say: Words,
    doing: str,
    bar: Progress | None,
    buttons: tuple[Button, ...],
    lines: tuple[str, ...] = (),
    tone: Tone = Tone.CALM,
) -> Card:
    name = sport_title(job.request, say.language)
    small = say("job.small", maker=job.member.name, style=style_name(job.request.style, say.language))
    return Card(
        CardKind.JOB,
        f"{name} · {doing}",
        quote=job.request.prompt,
        lines=(*lines, *notes(say, job.notes)),
        small=named(job.request, small, say),
        tone=tone,
        progress=bar,
        buttons=buttons,
        subject=job.id,
    )
