"""Check whether this machine can run the pipeline; each problem with its remedy."""

from __future__ import annotations

import typer
from rich.markup import escape

from orchestration.cli.console import out, settings
from orchestration.doctor import diagnose

_MARKS = {"ok": "[green]ok[/green]     ", "note": "[yellow]note[/yellow]   ", "bad": "[red]problem[/red]"}


def doctor() -> None:
    healthy = True
    for finding in diagnose(settings()):
        out.print(f"{_MARKS[finding.grade]} {escape(finding.what)}", soft_wrap=True)
        if finding.remedy:
            out.print(f"        → {escape(finding.remedy)}", soft_wrap=True)
        healthy &= finding.grade != "bad"
    raise typer.Exit(0 if healthy else 1)
