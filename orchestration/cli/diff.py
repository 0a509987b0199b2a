"""Show what changed between two releases: rows added, removed and changed by mart, or by key with --mart."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.cli.console import home, out, stop, stop_on
from orchestration.cli.results import Format, FormatOption, write
from warehouse.differences import as_result, changed_keys, differences, release_named
from warehouse.release import ReleaseError, current_release, list_releases


def diff(
    older: Annotated[
        str, typer.Argument(help="A release, for example 2021.12.05-1. Default: the one before.", metavar="[RELEASE_A")
    ] = "",
    newer: Annotated[str, typer.Argument(help="A later one. Default: the current one.", metavar="RELEASE_B]")] = "",
    mart: Annotated[str, typer.Option("--mart", help="Of this table, show which rows by key, and which columns.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many rows of a mart.")] = 50,
    format_: FormatOption = Format.table,
) -> None:
    layout = home().layout
    with stop_on(ReleaseError):
        releases = list_releases(layout)
        two = release_named(releases, newer, layout.releases) if newer else current_release(layout)
        names = [release.name for release in releases]
        before = releases[: names.index(two.name)] if two else ()
        if two is None or not (older or before):
            stop(f"There are not two releases in {layout.releases} yet: nothing to compare.")
        one = release_named(releases, older, layout.releases) if older else before[-1]
        if mart:
            write(changed_keys(one, two, mart.removeprefix("marts."), limit), format_)
            return
        found = differences(one, two)
    if format_ is Format.table:
        out.print(f"{one.name} -> {two.name}")
        if not found:
            out.print("Nothing changed.")
            return
    write(as_result(found), format_)
