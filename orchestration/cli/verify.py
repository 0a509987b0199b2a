"""Compare archive, raw rows and releases with their hashes; --repair sets aside what is damaged.

Exits with 0 if nothing is damaged or everything was repaired, with 1 if there is damage that needs a person.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from orchestration.cli.console import out, settings, stop_on
from orchestration.lock import BusyError
from orchestration.verification import verify as damages


def verify(
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Set damaged files aside, so that the next run rebuilds what can be rebuilt."),
    ] = False,
) -> None:
    found = left = 0
    with stop_on(BusyError):
        for damage in damages(settings().layout, repair=repair):
            found += 1
            left += not damage.repaired
            out.print(f"[red]{escape(damage.where)}[/red] {escape(damage.what)}", soft_wrap=True)
            out.print(f"        → {escape(damage.remedy)}", soft_wrap=True)
    if not found:
        out.print("Archive, raw rows and releases are as they were written.")
    raise typer.Exit(1 if left else 0)
