"""`olympic doctor`: a table of findings, and an exit code."""

from __future__ import annotations

import json as js
from typing import Final

import typer
from rich.console import Console

from bot.doctor import examine
from bot.model.finding import Finding, Verdict
from bot.settings import Settings

MARKS: Final = {
    Verdict.GOOD: "[green]✓[/green]",
    Verdict.IDLE: "[dim]–[/dim]",
    Verdict.WARNING: "[yellow]![/yellow]",
    Verdict.BROKEN: "[red]✗[/red]",
}


async def doctor(settings: Settings, *, json: bool) -> int:
    """Print each finding as it is made; 1 if anything needed is broken."""
    console, broken = Console(highlight=False), False
    async for finding in examine(settings):
        broken = broken or finding.verdict is Verdict.BROKEN
        if json:
            typer.echo(js.dumps(_plain(finding)))
        else:
            console.print(f"{MARKS[finding.verdict]} [bold]{finding.subject}[/bold] {finding.says}")
            if finding.remedy and finding.verdict is not Verdict.GOOD:
                console.print(f"    → {finding.remedy}")
    return 1 if broken else 0


def _plain(finding: Finding) -> dict[str, str]:
    return {
        "subject": finding.subject,
        "verdict": finding.verdict.value,
        "says": finding.says,
        "remedy": finding.remedy,
    }
