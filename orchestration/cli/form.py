"""Write the file of a new form, and see what a form still lacks on its way to a mart.

Exit 0: nothing is lacking. 1: something is. 2: wrong use.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ingestion.forms import generated
from ingestion.forms.definition import FormError, load_forms
from ingestion.forms.draft import code_of, draft
from ingestion.submissions.form_check import Lack, broken_files, check
from ingestion.vietnamese.clock import today
from ingestion.vietnamese.periods import Period
from orchestration.cli.console import out, stop, stop_on
from warehouse.layout import PROJECT_ROOT

form = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@form.command()
def new(
    code: Annotated[str, typer.Argument(help="Its number, for example BIEU_16, with a letter a to d for a part.")],
    valid_from: Annotated[
        str, typer.Option(help="The first period it is for, for example 2021-01. Default: next year.")
    ] = "",
) -> None:
    """Write the commented file of a new form, and what dbt needs of it."""
    try:
        period = Period(valid_from or f"{today().year + 1}-01")
    except ValueError as error:
        stop(f"--valid-from: {error}")
    with stop_on(FormError):
        path = draft(code_of(code), period)
        load_forms.cache_clear()
        written = generated.write()
    out.print(f"Wrote {_shown(path)}, and from it {len(written)} files for dbt.", soft_wrap=True)
    out.print(f"Now complete it, and see what it lacks: htx form check {code_of(code)}", soft_wrap=True)


@form.command("check")
def check_(
    code: Annotated[str, typer.Argument(help="One form. Default: all.")] = "",
) -> None:
    """Say what a form, or every form, still lacks up to a mart; files generated from the forms are brought in step."""
    if lacks := broken_files():
        _show(lacks)
        raise typer.Exit(1)
    with stop_on(FormError):
        forms = load_forms()
        wanted = [code_of(code)] if code else list(forms)
        for path in generated.write():
            out.print(f"Brought in step: {_shown(path)}", soft_wrap=True)
    if unknown := [name for name in wanted if name not in forms]:
        stop(f"{unknown[0]}: no such form. Known: {', '.join(forms)}. A new one: htx form new {unknown[0]}")
    lacks = [lack for found in check([forms[name] for name in wanted]).values() for lack in found]
    _show(lacks)
    if not lacks:
        out.print(f"{code_of(code) if code else f'All {len(wanted)} forms'}: complete, up to a mart.")
    raise typer.Exit(1 if lacks else 0)


def _show(lacks: list[Lack]) -> None:
    for form_code, group in groupby(lacks, key=attrgetter("form")):
        out.print(f"[bold]{form_code}[/bold]")
        for lack in group:
            out.print(f"  • {escape(lack.what)}\n    {escape(lack.where)}\n    → {escape(lack.remedy)}", soft_wrap=True)


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT))
