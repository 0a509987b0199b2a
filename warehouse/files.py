"""Atomic writes: a temporary file is renamed, so that no reader and no later run sees an incomplete file."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Yield a temporary path in the target's folder; on success it replaces ``target`` atomically.

    On an exception the temporary file is removed and ``target`` stays as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        sync(aside)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> int:
    """Remove the temporary files of killed runs below ``folder``; returns how many.

    Only for the holder of the writer's lock: a file being written would be removed, too.
    """
    leftovers = list(folder.rglob(".*.tmp"))
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return len(leftovers)


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of two folders of one file system in one step: neither name is ever without a folder.

    Raises OSError where the operating system or the file system cannot do that (a mount point, some network disks).
    """
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if platform.system() == "Darwin":
            failed = libc.renamex_np(*paths, 2)
        else:
            # The first and third argument: paths are relative to the working folder, if they are.
            failed = libc.renameat2(-100, paths[0], -100, paths[1], 2)
    except AttributeError:
        raise OSError(errno.ENOSYS, "folders cannot be exchanged on this system") from None
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


def sync(path: Path) -> None:
    """Flush a file or the entries of a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Remove ``folder`` with all in it, also where its folders were made read-only."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder)
