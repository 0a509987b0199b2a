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
    errno.EFBIG: "the file may not grow further; raise the limit of the system (ulimit -f)",
    errno.EMFILE: "too many open files; raise the limit of the system (ulimit -n)",
}


#: Errors of these packages have a message for a person.
_OURS = frozenset({"expectations", "ingestion", "orchestration", "warehouse"})


def report_failure(error: Exception) -> int:
    """Write one sentence to standard error and the traceback to a log; returns the exit code, 3."""
    sys.stderr.write(f"{explained(error) or f'{type(error).__name__}: an error that htx did not expect'}\n")
    log = _write_log(error)
    if log:
        sys.stderr.write(f"Details: {log}\n")
    return 3


def explained(error: BaseException) -> str | None:
    """What happened and what to do about it, of an error of this project or of the system; None for any other."""
    if type(error).__module__.partition(".")[0] in _OURS:
        return str(error)
    if "No usable temporary directory" in str(error):
        return f"{_CAUSES[errno.ENOSPC]} (no folder for temporary files can be written to)"
    if not isinstance(error, OSError):
        return cause_in(str(error))
    cause = _CAUSES.get(error.errno or 0)
    return f"{os.fsdecode(error.filename)}: {cause}" if cause and error.filename else cause


def cause_in(text: str) -> str | None:
    """What to do about an error of the system that ``text`` quotes: native libraries and Dagster keep only its text."""
    return next((cause for number, cause in _CAUSES.items() if os.strerror(number) in text), None)


def _write_log(error: Exception) -> Path | None:
    """The log of the last failure: in the folder of the build, or in a temporary file where that is not possible."""
    text = "".join(traceback.format_exception(error))
    home = Path(os.environ.get("HTX_HOME") or "data").absolute() / "build"
    for folder in (home, None):
        try:
            handle, name = tempfile.mkstemp(prefix="failure-", suffix=".log", dir=folder)
        except OSError:
            continue  # also where no folder for temporary files can be written to
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            return Path(name)
        except OSError:
            Path(name).unlink(missing_ok=True)
    return None
