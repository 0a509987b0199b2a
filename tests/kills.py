"""A process that ends at a chosen change of the file system, simulated: what it leaves is what ``kill -9`` leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHANGES = ("rename", "replace", "unlink", "rmdir", "chmod", "link", "mkdir")


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(number: int, monkeypatch: pytest.MonkeyPatch, *more: tuple[Any, str]) -> Iterator[None]:
    """The ``number``-th change of a folder is not made, nor any later one; ``more`` functions count as changes."""
    left = [number]

    def guarded(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patched:
        for owner, name in (*((os, name) for name in CHANGES), *more):
            patched.setattr(owner, name, guarded(getattr(owner, name)))
        yield
