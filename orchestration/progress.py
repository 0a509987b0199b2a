"""Progress of long steps: shown as a bar by ``htx run``, as a log line by Dagster.

Steps call :func:`report`; they do not depend on the listener.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]

_listeners: list[Listener] = []


def report(label: str, done: int, total: int) -> None:
    """Report to the listener, if there is one, that ``done`` of ``total`` steps of ``label`` are finished."""
    if _listeners:
        _listeners[-1](label, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send reports to ``listener`` while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
