"""Run the whole pipeline: receive, read, build, audit, release.

Only what new submissions and pages reach is rebuilt; with nothing new there is nothing to do.

Exit 0: released, or nothing new. 1: the audit stopped the release; the old one stays. 2: wrong use.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from expectations.dbt_models import models_by_rule
from expectations.registry import RegistryError, load_rules
from ingestion.forms.definition import FormError, load_forms
from ingestion.portals.portals import PortalError, load_portals
from ingestion.submissions.corrections import CorrectionError
from ingestion.submissions.form_check import unread_rows
from ingestion.submissions.inbox import InboxError
from ingestion.vietnamese.numbers import format_number
from orchestration.cli.bars import Bars
from orchestration.cli.console import err, home, out, stop, stop_on
from orchestration.home import HomeError
from orchestration.inputs import inbox_of, ledger_of
from orchestration.lock import BusyError
from orchestration.settings import Settings
from warehouse.recipes import FIRST_QUERIES, RecipeError, recipes
from warehouse.release import ReleaseError

if TYPE_CHECKING:
    from orchestration.pipeline import RunReport


def run(
    inbox: Annotated[
        str,
        typer.Option(
            help="Where the workbooks wait: a folder, an http(s):// index, or an fsspec URL (sftp://, s3:// ...). "
            "Default: HTX_INBOX, else HTX_HOME/inbox.",
            metavar="URL",
        ),
    ] = "",
    portal: Annotated[
        list[str] | None,
        typer.Option(help="Portal to fetch; may be repeated. Default: those enabled in portals.yml.", metavar="URL"),
    ] = None,
    period: Annotated[str, typer.Option(help="Read only this month's submissions, for example 2021-11.")] = "",
    full_refresh: Annotated[
        bool,
        typer.Option("--full-refresh", help="Rebuild every table, also where nothing changed. Gives the same release."),
    ] = False,
) -> None:
    from orchestration.pipeline import StepFailedError, run_pipeline

    configured = home(writes=True)
    layout = configured.layout
    inbox = _checked(inbox, portal or [], period, configured)
    try:
        with stop_on(BusyError, HomeError, ReleaseError), Bars() as bars:
            report = run_pipeline(
                configured,
                inbox=inbox,
                full_refresh=full_refresh,
                portals=portal or [],
                month=period or None,
                listener=bars.report,
            )
    except StepFailedError as error:
        stop(f"{error}\nNothing was released; the last release stays. The next htx run resumes from here.", 3)
    out.print(_table(report))
    _warn(report)
    if report.stopped:
        raise typer.Exit(1)
    if report.release_path:
        out.print(f"\nRelease: {report.release_path}", soft_wrap=True)
        out.print(f"Readers open: {layout.current / 'marts.duckdb'}", soft_wrap=True)
        out.print("\nTry:")
        for query in FIRST_QUERIES:
            out.print(f'  htx query "{query}"', soft_wrap=True)


def _checked(inbox: str, portals: list[str], period: str, configured: Settings) -> str:
    """The inbox as an absolute path or URL, after all checks that are possible before a run."""
    if period and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        stop(f"--period {period!r}: a month is expected, for example 2021-11.")
    if inbox and "://" not in inbox:
        if not Path(inbox).is_dir():
            stop(f"--inbox {inbox}: no such folder. Name the folder in which the workbooks lie.")
        inbox = str(Path(inbox).absolute())
    with stop_on(InboxError, CorrectionError, FormError, RegistryError, PortalError, RecipeError):
        inbox_of(inbox, configured)
        ledger_of(configured.layout)
        models_by_rule(load_rules())
        for load in (load_forms, load_portals, recipes):
            load()
    for url in portals:
        if not re.match(r"https?://[^/]+", url):
            stop(f"--portal {url!r}: an http:// or https:// address is expected.")
    return inbox


def _table(report: RunReport) -> Table:
    table = Table(title="htx run", title_justify="left", show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    files, rows, audit = report.files, report.rows, report.audit
    table.add_row(
        "files",
        format_number(files["new"]),
        f"new; {format_number(files['known'])} known, {format_number(files['sent twice'])} sent twice, "
        f"{format_number(len(report.refused))} refused",
    )
    table.add_row(
        "artifacts read", format_number(report.artifacts), f"{report.partial} in part, {report.rejected} refused"
    )
    table.add_row("rows loaded", format_number(rows["loaded"]), f"of {format_number(rows['read'])} read")
    table.add_row("rows rejected", format_number(rows["rejected"]), "in quarantine, each with its cell")
    table.add_row("rows duplicate", format_number(rows["duplicate"]), "")
    table.add_row("pages", format_number(report.pages), f"new; {len(report.fetch_failures)} fetches failed")
    table.add_row("claims", format_number(report.claims), "read from new pages")
    if audit:
        table.add_row("checks", format_number(audit["evaluated"]), f"by {len(audit['rules'])} rules")
        table.add_row(
            "anomalies", format_number(audit["counts"]["failed"]), "htx anomalies shows each with its evidence"
        )
    table.add_row("release", report.release or "none", "nothing new" if report.nothing_new else "")
    return table


def _warn(report: RunReport) -> None:
    for repair in report.repairs:
        err.print(f"[yellow]{escape(repair)}[/yellow]", soft_wrap=True)
    for name, reason in report.refused[:10]:
        err.print(f"[yellow]{escape(name)} was refused: {escape(reason)}[/yellow]", soft_wrap=True)
    if len(report.refused) > 10:
        err.print("[yellow]htx status counts the other refused files; fct_submission has the reason of each.[/yellow]")
    for failure in report.fetch_failures[:10]:
        err.print(f"[yellow]{escape(failure)}[/yellow]")
    if report.without_key:
        refused = ", ".join(form.code for form in load_forms().values() if form.has_pseudonyms)
        err.print(
            f"[yellow]HTX_PSEUDONYM_KEY is not set: sheets that identify persons ({refused}) were refused. Set it to a "
            "long secret and run again; they are read from the archive.[/yellow]"
        )
    for form in load_forms().values():
        for lack in unread_rows(form):
            err.print(f"[yellow]{lack.what}; htx form check {form.code} says what to do.[/yellow]", soft_wrap=True)
    if report.stopped:
        err.print("[red]The audit stopped the release; the last one stays.[/red]")
        for item in report.audit["gate"]["stopped_by"][:20]:
            line = f"{item['rule']}: {item['where']}: expected {item['expected']}, found {item['actual']}"
            err.print(f"[red]  {escape(line)}[/red]", soft_wrap=True)
