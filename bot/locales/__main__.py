"""`python -m bot.locales [language …]`: what a translator has yet to do; exit code 1 if there is anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from bot.locales import languages
from bot.locales.proof import faults


def main(asked: Sequence[str]) -> int:
    """Print the faults of the catalogues asked for, or of all."""
    known = languages()
    if strange := [tag for tag in asked if tag not in known]:
        typer.echo(f"no catalogue: {', '.join(strange)} (there are: {', '.join(known)})")
        return 1
    found = {tag: faults(tag) for tag in asked or known}
    for tag, lines in found.items():
        typer.echo(f"{tag}: {'complete' if not lines else len(lines)}")
        for line in lines:
            typer.echo(f"  {line}")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
