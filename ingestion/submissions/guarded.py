"""Parsers and unpackers on untrusted bytes, in processes with limits: a file can kill its reader, never the run.

Limits on memory and time are the operating system's: the process ends, whatever native code it was in. Bounds on
what a file may hold (cells, members, expanded bytes) are the readers' own and come first.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

READER_MEMORY_BYTES = 4 * 2**30
#: Wall-clock time of one call. The largest workbook within the bounds takes a tenth of it.
READER_SECONDS = 300

T = TypeVar("T")


class ReaderKilledError(Exception):
    """What was called ended its process: it took too much memory or time, or broke the parser."""


class ReaderUnavailableError(RuntimeError):
    """No reader can be started at all, so nothing is known of any file."""


class Guarded:
    """Calls in one guarded process, which is started when first needed and again after it was ended."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """``function(*arguments)``, all picklable.

        Raises :class:`ReaderKilledError`, :class:`ReaderUnavailableError`, or what the function raises.
        """
        if self._pool is None:
            self._pool = self._started()
        try:
            return self._pool.submit(time_limited, READER_SECONDS, function, *arguments).result()
        except BrokenProcessPool as error:
            self.close()
            raise ReaderKilledError("the reader was ended by this file") from error

    @staticmethod
    def _started() -> ProcessPoolExecutor:
        """A process that has done something: if it ends later, the file it reads has ended it."""
        pool = reader_pool(1)
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            pool.shutdown()
            raise ReaderUnavailableError(
                "no process for reading workbooks can be started (memory, number of processes, or a program without a "
                "file of its own); nothing is said of the files that wait, the next run reads them"
            ) from error
        return pool

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def time_limited(seconds: float, function: Callable[..., T], *arguments: Any) -> T:
    """``function(*arguments)``; the process ends if that takes longer than ``seconds``."""
    # The signal's default action ends the process also while native code holds it.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def reader_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that may be ended by what they read."""
    # Not fork: the caller holds threads and native libraries that do not survive one.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("forkserver"), initializer=_bound_reader)


def _bound_reader() -> None:
    """A file that asks for too much memory ends its reader, not the machine; and no reader outlives its run."""
    # Not every system lets a process limit itself so; there the bounds on cells must do.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (READER_MEMORY_BYTES, READER_MEMORY_BYTES))
        # Nobody reads the core of a process that a file has ended.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Output of a dying parser is discarded: the sender gets a message instead; exceptions are passed back.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 2)
    os.close(silent)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
