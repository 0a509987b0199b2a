"""Run SQL on the current release, and on nothing else: no files, no other databases, no writing."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.results import Format, FormatOption, Part, PartOption, release_opened, write
from warehouse.connections import run_query

_TABLES = 'Tables: htx query "show tables"; columns: htx query "describe fct_organisation_count"'


def query(
    sql: Annotated[str, typer.Argument(help="SQL on the current release; schema marts comes first.", metavar='"SQL"')],
    format_: FormatOption = Format.table,
    part: PartOption = Part.internal,
    seconds: Annotated[float, typer.Option("--seconds", help="Stop a query that takes longer.", min=0.1)] = 300,
) -> None:
    with release_opened(_TABLES, part) as connection:
        found = run_query(connection, sql, seconds=seconds)
    write(found, format_, part)
