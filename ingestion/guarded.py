"""Parsers and unpackers on untrusted bytes, in processes with limits: a file can kill its reader, never the run.

The operating system enforces the limits on memory and time: the process ends even within native code. The readers check
the content of a file (cells, members, expanded bytes) before that.
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
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar

READER_MEMORY_BYTES = 4 * 2**30
#: Wall-clock time of one call. The largest workbook within the bounds takes a tenth of it.
READER_SECONDS = 300

T = TypeVar("T")


class ReaderKilledError(Exception):
    """The call ended its process: it took too much memory or time, or crashed the parser."""


class ReaderUnavailableError(RuntimeError):
    """No reader process can be started, so nothing is known about any file."""


class Guarded:
    """Calls in one guarded process, which is started when first needed and again after it was ended.

    Threads may share it; their calls are made one after the other.
    """

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._turn = threading.Lock()

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """``function(*arguments)``, all picklable.

        Raises :class:`ReaderKilledError`, :class:`ReaderUnavailableError`, or what the function raises.
        """
        with self._turn:
            if self._pool is None:
                self._pool = self._started()
            try:
                return self._pool.submit(time_limited, READER_SECONDS, function, *arguments).result()
            except BrokenProcessPool as error:
                self.close()
                raise ReaderKilledError("the reader was ended by this file") from error

    @staticmethod
    def _started() -> ProcessPoolExecutor:
        """A process that has completed a call: if it ends later, the file that it reads is the cause."""
        pool = reader_pool(1)
        try:
            pool.submit(os.getpid).result()
        except BrokenProcessPool as error:
            pool.shutdown()
            raise ReaderUnavailableError(
                "no process for reading files can be started (memory, number of processes, or a program without a "
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


@cache
def page_reader() -> Guarded:
    """The process that reads pages, listings and feeds, one for all portals of a run: a page takes milliseconds."""
    return Guarded()


def time_limited(seconds: float, function: Callable[..., T], *arguments: Any) -> T:
    """``function(*arguments)``; the process ends if that takes longer than ``seconds``."""
    # The signal's default action ends the process even within native code.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def reader_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that a file may end."""
    # Not fork: the threads and native libraries of the caller do not work in a forked process.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("forkserver"), initializer=_bound_reader)


def _bound_reader() -> None:
    """Limit the memory of a reader, and end it with its run."""
    # Not every system supports this limit; there only the limits on cells apply.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (READER_MEMORY_BYTES, READER_MEMORY_BYTES))
        # A core dump of a reader is not needed.
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
