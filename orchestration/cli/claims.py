"""Print the claims found in articles, one JSON object a line, nothing else."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ingestion.news.article import ArticleError
from ingestion.news.claims import claims_in_file
from orchestration.cli.console import stop


def claims(
    files: Annotated[list[Path], typer.Argument(help="Articles: HTML or plain text.", metavar="FILE…")],
    published: Annotated[str, typer.Option(help="Publication date YYYY-MM-DD, if the page does not say.")] = "",
    url: Annotated[str, typer.Option(help="Address of the page.")] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each claim reads as it does (key trail).")
    ] = False,
) -> None:
    try:
        day = date.fromisoformat(published) if published else None
    except ValueError:
        stop(f"--published {published!r}: a date like 2021-12-02 is expected.")
    for path in files:
        if not path.is_file():
            stop(f"{path}: no such file.")
        try:
            found = claims_in_file(path, published_on=day, url=url or None)
        except ArticleError as error:
            stop(f"{path}: {error}")
        for claim in found:
            shown = claim.as_json() | ({"trail": claim.trail} if explain else {})
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
