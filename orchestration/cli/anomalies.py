"""List what the audit of the current release found, with evidence of both sides."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import duckdb
import typer

from expectations.registry import RegistryError, rules_named
from ingestion.vietnamese.numbers import format_number
from orchestration.cli.console import err, home, out, stop, stop_on
from orchestration.cli.results import Format, FormatOption, write
from warehouse import anomalies as found
from warehouse.connections import BuildUnavailableError, NoReleaseError, connect_build
from warehouse.layout import Layout
from warehouse.release import ReleaseError


def anomalies(
    period: Annotated[str, typer.Option(help="Only this period, for example 2021-11.")] = "",
    province: Annotated[str, typer.Option(help="Only this province code, for example 46.")] = "",
    rule: Annotated[str, typer.Option(help="Only this rule or family, for example plan.floors or plan.")] = "",
    format_: FormatOption = Format.table,
    summary: Annotated[
        bool,
        typer.Option("--summary", help="By province and rule: findings, open, new since the release before, oldest."),
    ] = False,
    workbooks: Annotated[
        Path | None,
        typer.Option("--workbooks", help="Write one workbook per province here, in Vietnamese.", metavar="DIR"),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Every anomaly of all releases: when it opened, when it was gone.")
    ] = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Write Great Expectations' pages of the last build's audit.")
    ] = False,
) -> None:
    layout = home().layout
    if rule:
        with stop_on(RegistryError):
            rules_named(rule)
        if data_docs or history or summary or workbooks is not None:
            stop("--rule: only for the list itself, without --summary, --workbooks, --history and --data-docs.")
    if data_docs:
        _data_docs(layout)
        return
    with stop_on(NoReleaseError, ReleaseError):
        if history:
            write(found.history(layout, period=period, province=province), format_)
            return
        if summary:
            _summary(layout, format_)
        if workbooks is not None:
            written = found.write_workbooks(layout, workbooks)
            err.print(f"Wrote {len(written)} workbooks to {workbooks}.", soft_wrap=True)
        if summary or workbooks is not None:
            return
        brief = format_ is Format.table
        listed = found.listed(layout, period=period, province=province, rule=rule, brief=brief)
    if brief and not listed.rows:
        out.print("No anomalies." if not (period or province or rule) else "No anomalies there.")
        return
    write(listed, format_)


def _summary(layout: Layout, format_: Format) -> None:
    write(found.summary(layout), format_)
    gone = found.gone(layout)
    if format_ is Format.table and gone is not None:
        out.print(f"{format_number(gone)} anomalies of the release before are gone.")


def _data_docs(layout: Layout) -> None:
    from expectations.data_docs import write_data_docs

    try:
        with stop_on(BuildUnavailableError), connect_build(layout, read_only=True) as connection:
            index = write_data_docs(connection, layout.build / "data_docs")
    except duckdb.CatalogException as error:
        stop(f"the last build did not reach the audit; htx run resumes from there ({error})")
    out.print(f"Open {index}", soft_wrap=True)
