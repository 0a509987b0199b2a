"""Run SQL on the current release, read-only."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.results import Format, FormatOption, release_opened, write
from warehouse.connections import run_query

_TABLES = 'Tables: htx query "show tables"; columns: htx query "describe fct_organisation_count"'


def query(
    sql: Annotated[str, typer.Argument(help="SQL on the current release; schema marts comes first.", metavar='"SQL"')],
    format_: FormatOption = Format.table,
) -> None:
    with release_opened(_TABLES) as connection:
        found = run_query(connection, sql)
    write(found, format_)
