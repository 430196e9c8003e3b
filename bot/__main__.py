"""The `olympic` command. Everything heavy is imported by the command that needs it, so that `--help` is quick."""

from __future__ import annotations

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # while this file is being read, Ctrl-C just ends it; see `Quiet`

# ruff: noqa: E402
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.errors import OlympicError
    from bot.model.command import Attachment
    from bot.settings import Settings

STOPPED: Final = 130
"""Exit code after Ctrl-C, as shells expect it."""

LARGEST: Final = 50_000_000
"""Bytes read of a file that is handed over: more than is accepted of any, and never the whole of an endless one."""


class Quiet(TyperGroup):
    """Ctrl-C ends a command without a word, also while it is still being imported."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named. Once it was stopped, another Ctrl-C ends the process at once."""
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            return super().invoke(ctx)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            raise typer.Exit(STOPPED) from None


app = typer.Typer(
    name="olympic",
    cls=Quiet,
    help="A winter-sports video contest for any community: one sentence becomes a 15-second clip.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
discord = typer.Typer(help="Connect to Discord.", no_args_is_help=True)
slack = typer.Typer(help="Connect to Slack.", no_args_is_help=True)
database = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(discord, name="discord")
app.add_typer(slack, name="slack")
app.add_typer(database, name="db")

Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@app.command()
def up(
    browser: Annotated[bool, typer.Option(help="Open the studio in a browser.")] = True,
    port: Annotated[int | None, typer.Option(help="The studio's port; 0 takes a free one.")] = None,
) -> None:
    """Start everything that is configured; with nothing configured, the local studio."""
    from bot.commands.up import up as start

    _run(start(_settings(**_up_options(browser, port))))


@app.command()
def worker() -> None:
    """Draw for a bot that leaves drawing to workers (workers.enabled), on this machine or another."""
    from bot.commands.up import worker as start

    _run(start(_settings()))


@app.command()
def make(
    prompt: Annotated[str, typer.Argument(help="One sentence about a winter sport.")],
    sport: Annotated[str, typer.Option(help="Found from the sentence if left out.")] = "",
    style: Annotated[str, typer.Option(help="realistic, van-gogh, manga, sci-fi …")] = "",
    out: Annotated[Path, typer.Option(help="Where the clip goes.", dir_okay=False)] = Path("clip.mp4"),
    seed: Annotated[str, typer.Option(help="The same seed draws the same clip.")] = "",
    camera: Annotated[str, typer.Option(help="multi, follow, low, overhead, athlete, crane.")] = "",
    image: Annotated[Path | None, typer.Option(help="Reference picture.", dir_okay=False)] = None,
    audio: Annotated[Path | None, typer.Option(help="Your own sound.", dir_okay=False)] = None,
    backend: Annotated[str, typer.Option(help="Who draws.")] = "",
    size: Annotated[str, typer.Option(help="720p, 480p or storyboard: a quick look at the whole story.")] = "",
    json: Json = False,
) -> None:
    """Draw one clip to a file."""
    from bot.commands.make import make as draw
    from bot.model.command import Create

    wish = Create(
        prompt=_typed(prompt),
        sport=sport,
        style=style,
        camera=camera,
        size=size,
        seed=seed,
        backend=backend,
        image=_file(image),
        audio=_file(audio),
    )
    _run(draw(_settings(), wish, out, json=json))


@app.command()
def sports(
    json: Json = False, language: Annotated[str, typer.Option(help="For the names; else the setting.")] = ""
) -> None:
    """List sports and styles."""
    from bot.commands.lists import sports as show

    show(language or _settings().language, json=json)


@app.command()
def settings(
    browser: Annotated[bool, typer.Option(help="As for “up”.")] = True,
    port: Annotated[int | None, typer.Option(help="As for “up”.")] = None,
    json: Json = False,
    toml: Annotated[bool, typer.Option("--toml", help="Print a settings file with everything in it, to edit.")] = False,
) -> None:
    """Print every setting with its meaning, value and where it comes from; secrets are masked."""
    from bot.commands.lists import settings as show
    from bot.commands.lists import settings_file
    from bot.settings import sources

    if toml:
        settings_file()
        return
    given = _up_options(browser, port)
    show(_settings(**given), sources(**given), json=json)


@app.command()
def doctor(json: Json = False) -> None:
    """Check settings, data, database, ffmpeg, tokens and backends; exit code 1 if anything needed is broken."""
    from bot.commands.doctor import doctor as examine

    _run(examine(_settings(), json=json))


@discord.command("invite")
def invite() -> None:
    """Print the address that invites the bot to a server, with the least permissions."""
    from bot.commands.connect import invite as show

    _run(show(_settings()))


@slack.command("manifest")
def manifest(
    url: Annotated[str, typer.Option(help="Public https address for signed HTTP; empty: Socket Mode.")] = "",
) -> None:
    """Print the app manifest to paste where Slack asks for one."""
    from bot.commands.connect import manifest as show
    from bot.errors import SetupError

    try:
        show(url)
    except SetupError as error:
        _fail(error)


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version (also done at every start)."""
    from bot.commands.database import upgrade as bring

    _run(bring(_settings()))


@database.command("current")
def current() -> None:
    """Print the database's revision."""
    from bot.commands.database import current as show

    _run(show(_settings()))


def main() -> None:
    """Run the command; every failure is one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 must not break a command
    app()


def _run(work: Coroutine[Any, Any, int | None]) -> None:
    """Run to the end; whatever stops it is one sentence and an exit code."""
    import asyncio

    from bot.errors import OlympicError

    failed: BaseExceptionGroup[OlympicError] | None = None
    code: int | None = None
    try:
        code = asyncio.run(work)
    except* OlympicError as group:
        failed = group
    if failed is not None:
        _fail(_first(failed))
    raise typer.Exit(code or 0)


def _first(group: BaseExceptionGroup[OlympicError]) -> OlympicError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _up_options(browser: bool, port: int | None) -> dict[str, Any]:
    """What the command line says about settings."""
    return {"studio__port": port, "studio__browser": None if browser else False}


def _settings(**given: Any) -> Settings:
    from bot.errors import SetupError
    from bot.settings import load

    try:
        return _spoken(load(**given))
    except SetupError as error:
        _fail(error)


def _spoken(settings: Settings) -> Settings:
    """The settings, if we speak their language."""
    from bot.errors import SetupError
    from bot.locales import languages, nearest

    if nearest(settings.language).split("-")[0] != settings.language.replace("_", "-").lower().split("-")[0]:
        raise SetupError(key="setup.bad_value", name="language", why=f"{settings.language} ({', '.join(languages())})")
    return settings


def _fail(error: OlympicError) -> NoReturn:
    from bot.errors import SetupError
    from bot.locales import words

    typer.echo(words(_language())(error.sentence, **error.facts), err=True)
    raise typer.Exit(error.exit_code if isinstance(error, SetupError) else 1)


def _language() -> str:
    """The shell's language, for sentences that come before any setting is read."""
    import locale
    import os

    return os.environ.get("OLYMPIC_LANGUAGE") or (locale.getlocale()[0] or "en")


def _typed(words: str) -> str:
    """What was typed, also where the shell's locale knows only ASCII: the bytes are UTF-8 all the same."""
    import os

    return os.fsencode(words).decode("utf-8", "replace")


def _file(path: Path | None) -> Attachment | None:
    if path is None:
        return None
    from bot.model.command import Attachment

    try:
        with path.open("rb") as file:
            return Attachment(path.name, file.read(LARGEST))
    except OSError as error:
        typer.echo(f"{path}: {error.strerror}", err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    main()
