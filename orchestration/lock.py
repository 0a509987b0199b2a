"""The lock of one ``HTX_HOME``: only the process that holds it writes there. Nothing of Dagster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration import progress
from warehouse.layout import Layout

#: A writer waits this long for another one to finish.
WAIT_SECONDS = 900.0


class BusyError(RuntimeError):
    """Another process writes in this ``HTX_HOME``."""


def writer_lock(layout: Layout) -> FileLock:
    """The lock of the one process that may write; re-entrant within a process, freed when it dies."""
    return FileLock(layout.lock, is_singleton=True, thread_local=False)


@contextmanager
def only_writer(layout: Layout, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the writer's lock. Raises :class:`BusyError` if another process keeps it for longer than the time limit."""
    lock = writer_lock(layout)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait_seconds:
                raise
            progress.report("Waiting for another run to end", 0, 1)
            lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise BusyError(
            f"another run is writing in {layout.home} (lock {layout.lock}). Wait for it to end, or end it."
        ) from error
    try:
        yield
    finally:
        lock.release()
