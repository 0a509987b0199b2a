"""The ``htx`` command: options, exit codes and output. The work is done in other packages; there is no SQL here.

A command is a module of this package, listed in ``COMMANDS``: its docstring is the help of the command, and its
function (or ``typer.Typer``, for a command with subcommands) of the same name runs it. A module is imported when its
command is called; ``htx --help`` imports none. What commands share is in ``console`` and ``results``.

Exit codes: 0 done, 1 a problem of the data or a failed audit, 2 wrong use or configuration, or a home that cannot be
used, 3 a step failed.
"""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.failures import report_failure

#: In the order in which ``htx --help`` lists them.
COMMANDS = (
    "sample",
    "run",
    "check",
    "form",
    "template",
    "claims",
    "portals",
    "anomalies",
    "audit",
    "query",
    "diff",
    "cookbook",
    "status",
    "doctor",
    "verify",
    "prune",
)


class _Commands(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Import the command that is called, in place of its entry in the list."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and _imported(str(name)), rest


def _imported(name: str) -> Any:
    module = importlib.import_module(f"{__name__}.{name}")
    command = getattr(module, name)
    if not isinstance(command, typer.Typer):
        function, command = command, typer.Typer(add_completion=False)
        command.command(name, help=module.__doc__)(function)
    return typer.main.get_command(command)


def _help(name: str) -> str | None:
    """The docstring of a command's module, read without importing it."""
    return ast.get_docstring(ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")))


app = typer.Typer(
    name="htx",
    cls=_Commands,
    help="The HTX Data Bank: provincial workbooks and portal news to an audited warehouse of cooperatives.",
    epilog="Everything lies below HTX_HOME (default: data in the project's folder). Try: htx sample --out sample "
    "--faults --run",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Entry point of the ``htx`` script."""
    for name in COMMANDS:
        app.command(name, help=_help(name))(lambda: None)
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the last place to catch it: a person reads a sentence, the log has the traceback
        raise SystemExit(report_failure(error)) from None
