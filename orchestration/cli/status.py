"""Show where the pipeline stands: what waits, what was read, the current release and its audit."""

from __future__ import annotations

import json

from rich.table import Table

from ingestion.raw_zone import RawZone
from ingestion.submissions.corrections import CorrectionError
from ingestion.submissions.intake import pending
from ingestion.vietnamese.numbers import format_number
from orchestration.cli.console import out, settings, stop_on
from orchestration.inputs import ledger_of
from warehouse.corrections import ineffective_corrections
from warehouse.release.folders import count_releases, whole


def status() -> None:
    configured = settings()
    layout = configured.layout
    raw = RawZone(layout.raw)
    with stop_on(CorrectionError):
        ledger = ledger_of(layout)
    waiting = pending(raw, configured.key, ledger)
    release = whole(layout.current)
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("home", str(layout.home))
    table.add_row("files received", format_number(raw.read("_received", columns=["name"]).num_rows))
    table.add_row("artifacts read", format_number(len(raw.readings())))
    table.add_row("waiting", ", ".join(f"{month}: {len(files)}" for month, files in waiting.items()) or "nothing")
    table.add_row("releases", format_number(count_releases(layout)))
    missing = "damaged: run htx verify --repair" if count_releases(layout) else "none yet; htx run makes one"
    table.add_row("current", release.name if release else missing)
    if release:
        audit = json.loads((release.path / "audit.json").read_text(encoding="utf-8"))
        table.add_row(
            "audit", f"{format_number(audit['evaluated'])} checks, {format_number(audit['counts']['failed'])} anomalies"
        )
        table.add_row("open", str(layout.current / "marts.duckdb"))
        for file, cell, advice in ineffective_corrections(layout):
            table.add_row("corrections.csv", f"{file} {cell}: {advice}")
    out.print(table)
