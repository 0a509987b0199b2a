"""The consoles of every command (standard output and standard error), and errors of wrong use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.home import HomeError, check_home
from orchestration.settings import Settings, SettingsError, read_settings

# Bound to the real streams: steps print into a log while the bars continue.
_PIPE_WIDTH = None if sys.stdout.isatty() else 160
# No emoji: `root:x:0` is data.
out = Console(file=sys.stdout, width=_PIPE_WIDTH, highlight=False, emoji=False)
err = Console(file=sys.stderr, width=_PIPE_WIDTH, highlight=False, emoji=False)


def stop(message: str, code: int = 2) -> NoReturn:
    """Write ``message`` to standard error and exit with ``code``."""
    err.print(f"[red]{escape(message)}[/red]", soft_wrap=True)
    raise typer.Exit(code)


@contextmanager
def stop_on(*errors: type[Exception]) -> Iterator[None]:
    """Turn ``errors``, whose messages say what to do, into exit code 2."""
    try:
        yield
    except errors as error:
        stop(str(error))


def settings() -> Settings:
    """What the environment configures; an invalid variable ends the command as wrong use."""
    try:
        return read_settings()
    except SettingsError as error:
        stop(str(error))


def home(*, writes: bool = False) -> Settings:
    """The settings of a command that uses ``HTX_HOME``, after :func:`orchestration.home.check_home`.

    Damage that does not prevent the command is reported on standard error; a home that cannot be used ends it.
    """
    configured = settings()
    with stop_on(HomeError):
        for damage in check_home(configured.layout, writes=writes):
            err.print(f"[yellow]{escape(damage)}[/yellow]", soft_wrap=True)
    return configured
