"""Formats of query results: ``--format table``, ``json`` or ``csv``."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import duckdb
import typer
from rich.markup import escape
from rich.table import Table

from orchestration.cli.console import err, home, out, stop, stop_on
from warehouse.connections import NoReleaseError, QueryResult, QueryStoppedError, connect_release

#: A column of a table may be wrapped down to this many characters; a row that still does not fit is written as a list.
WRAPPED_WIDTH = 36
#: Control characters of a terminal, shown as visible symbols: a value is text.
_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
#: Spreadsheet programs run a text of a CSV file that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How results are written."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json or csv for programs.")]


class Part(StrEnum):
    """The part of the current release that is read."""

    internal = "internal"
    public = "public"


PartOption = Annotated[
    Part, typer.Option("--release", help="internal: all tables; public: without rows of persons and small counts.")
]


@contextmanager
def release_opened(help_on_error: str, part: Part) -> Iterator[duckdb.DuckDBPyConnection]:
    """That part of the current release; an SQL error ends the command with DuckDB's message and ``help_on_error``."""
    layout = home().layout
    try:
        with (
            stop_on(NoReleaseError, QueryStoppedError),
            connect_release(layout, public=part is Part.public) as connection,
        ):
            yield connection
    except duckdb.Error as error:
        stop(f"{error}\n{help_on_error}")


def write(found: QueryResult, format_: Format, part: Part = Part.internal) -> None:
    """Write the rows to standard output. A table that is too wide is written a line per value.

    Of rows for programs, which may become a file for others, standard error says which part they come from.
    """
    if format_ is not Format.table:
        advice = "" if part is Part.public else ", not for publication (see --release public)"
        err.print(f"From the {part} release {home().layout.current.resolve().name}{advice}.", soft_wrap=True)
    if format_ is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows(map(_csv, row) for row in found.rows)
    elif format_ is Format.json:
        records = [{name: _json(v) for name, v in zip(found.columns, row, strict=True)} for row in found.rows]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
    else:
        shown = [["" if value is None else str(value).translate(_CONTROLS) for value in row] for row in found.rows]
        widths = [max(len(cell) for cell in column) for column in zip(found.columns, *shown, strict=True)]
        if sum(min(width, WRAPPED_WIDTH) + 3 for width in widths) > out.width:
            _write_records(found.columns, shown)
        else:
            _write_table(found, shown, widths)


def _write_table(found: QueryResult, shown: list[list[str]], widths: list[int]) -> None:
    table = Table(header_style="bold")
    for position, (name, width) in enumerate(zip(found.columns, widths, strict=True)):
        numeric = found.rows and all(isinstance(row[position], int | float | Decimal | None) for row in found.rows)
        table.add_column(
            name, justify="right" if numeric else "left", overflow="fold", min_width=min(width, WRAPPED_WIDTH)
        )
    for row in shown:
        table.add_row(*map(escape, row))
    out.print(table)


def _write_records(names: Sequence[str], rows: list[list[str]]) -> None:
    """Rows as in psql's expanded display."""
    longest = max(map(len, names))
    for number, row in enumerate(rows, 1):
        out.print(f"[dim]── {number} " + "─" * longest + "[/dim]")
        for name, value in zip(names, row, strict=True):
            out.print(f"[bold]{name:<{longest}}[/bold]  {escape(value)}", soft_wrap=True)


def _csv(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)
