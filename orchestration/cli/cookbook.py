"""Answer a question of the cookbook from the current release; without a question, list them all."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.markup import escape

from orchestration.cli.console import out, stop, stop_on
from orchestration.cli.results import Format, FormatOption, Part, PartOption, release_opened, write
from warehouse.recipes import RecipeError, cook, find_recipe, recipes


def cookbook(
    which: Annotated[
        str, typer.Argument(help="Number or name of a question; without it, all are listed.", metavar="[QUESTION]")
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="What to ask for, for example period=2021-10; may be repeated.", metavar="NAME=VALUE"
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--sql", help="Show the SQL instead of running it.")] = False,
    format_: FormatOption = Format.table,
    part: PartOption = Part.internal,
) -> None:
    if not which:
        with stop_on(RecipeError):
            _list()
        return
    values = dict(pair.split("=", 1) for pair in settings or () if "=" in pair)
    if len(values) != len(settings or ()):
        stop("--set takes NAME=VALUE once for each name, for example --set period=2021-10")
    with stop_on(RecipeError):
        recipe = find_recipe(which)
        if show:
            sys.stdout.write(recipe.sql)
            return
        if part is Part.public and recipe.internal:
            stop(f"The public release does not answer this question. {recipe.internal}")
        with release_opened(f"What may be set: {'; '.join(recipe.settings) or 'nothing'}", part) as connection:
            found = cook(connection, recipe, values)
    if format_ is Format.table:
        out.print(f"[bold]{escape(recipe.question_vi)}[/bold]", soft_wrap=True)
        for line in (*recipe.settings, *recipe.cautions):
            out.print(f"[dim]{escape(line)}[/dim]", soft_wrap=True)
        if not found.rows:
            out.print("Không có dòng nào. / No rows.")
            return
    write(found, format_, part)


def _list() -> None:
    for recipe in recipes():
        out.print(f"[bold]{recipe.number:>3}[/bold]  {escape(recipe.question_vi)}", soft_wrap=True)
        out.print(f"     [dim]{escape(recipe.question_en)}[/dim]", soft_wrap=True)
    out.print("\nTry: htx cookbook 1, or htx cookbook 1 --sql; --set NAME=VALUE asks for something else.")
