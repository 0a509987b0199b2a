"""Errors that no command expected: a sentence for the person, the traceback for a log file of the owner."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from pathlib import Path

_CAUSES = {
    errno.ENOSPC: "the disk is full; free some space and run again, finished work is kept",
    errno.EDQUOT: "the disk quota is used up; free some space and run again, finished work is kept",
    errno.EROFS: "the file system is read-only; make it writable, or set HTX_HOME to another folder",
    errno.EACCES: "permission denied; run as the owner of HTX_HOME, or set HTX_HOME to a folder of yours",
    errno.EPERM: "not permitted; run as the owner of HTX_HOME, or set HTX_HOME to a folder of yours",
    errno.EIO: "the disk reports an error; check it, then run `htx verify`",
    errno.EMFILE: "too many open files; raise the limit of the system (ulimit -n)",
}


def report_failure(error: Exception) -> int:
    """Write one sentence to standard error and the traceback to a log; returns the exit code, 3."""
    where = getattr(error, "filename", None)
    cause = _CAUSES.get(error.errno or 0) if isinstance(error, OSError) else None
    text = f"{where}: {cause}" if cause and where else cause
    sys.stderr.write(f"{text or f'{type(error).__name__}: an error that htx did not expect'}\n")
    log = _write_log(error)
    if log:
        sys.stderr.write(f"Details: {log}\n")
    return 3


def _write_log(error: Exception) -> Path | None:
    """The log of the last failure: in the folder of the build, or in a temporary file where that is not possible."""
    text = "".join(traceback.format_exception(error))
    home = Path(os.environ.get("HTX_HOME") or "data").absolute() / "build"
    for folder in (home, Path(tempfile.gettempdir())):
        try:
            handle, name = tempfile.mkstemp(prefix="failure-", suffix=".log", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            return Path(name)
        except OSError:
            continue
    return None
