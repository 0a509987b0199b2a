"""Checks whether this machine can run the pipeline. Each finding states what was checked and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orchestration.lock import BusyError, only_writer
from orchestration.settings import PREFIX, Settings, variables
from warehouse.layout import PROJECT_ROOT, Layout

MIN_FREE_BYTES = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One check. ``bad`` stops a run; ``note`` limits it."""

    grade: Literal["ok", "note", "bad"]
    what: str
    remedy: str = ""


def diagnose(settings: Settings) -> Iterator[Finding]:
    """Findings in the order in which to fix them."""
    yield from _packages()
    yield from _variables(settings)
    yield from _home(settings.layout)
    yield _key(settings.key)
    yield _proxy()


def _packages() -> Iterator[Finding]:
    """Installed versions against the lock."""
    lock = PROJECT_ROOT / "requirements.lock"
    locked = dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
    wrong = []
    for name in ("dagster", "dagster-dbt", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "pandas"):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found != locked[name]:
            wrong.append(f"{name} {found}, locked {locked[name]}")
    if wrong:
        yield Finding(
            "bad", "packages differ from requirements.lock: " + "; ".join(wrong), "rm -rf .venv && make install"
        )
    else:
        yield Finding("ok", f"Python {sys.version.split()[0]}, packages as locked")


def _variables(settings: Settings) -> Iterator[Finding]:
    known = variables()
    given = sorted(f"{PREFIX}{name.upper()}" for name in settings.model_fields_set)
    yield Finding("ok", f"configured: {', '.join(given) or 'nothing; defaults hold'}")
    for name in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        yield Finding("note", f"{name} is set and means nothing", f"variables there are: {', '.join(known)}")


def _home(layout: Layout) -> Iterator[Finding]:
    nearest = next(p for p in (layout.home, *layout.home.parents) if p.exists())
    if not os.access(nearest, os.W_OK):
        yield Finding("bad", f"{nearest} cannot be written to", "set HTX_HOME to a folder of yours")
        return
    free = shutil.disk_usage(nearest).free
    text = f"{layout.home}: {free / 2**30:.1f} GiB free"
    if free < MIN_FREE_BYTES:
        yield Finding("bad", text, "free some space, or set HTX_HOME to another disk")
    else:
        yield Finding("ok", text)
    if layout.archive.is_dir() and layout.archive.stat().st_mode & 0o077:
        yield Finding(
            "bad", f"others can read {layout.archive}, which holds personal data", f"chmod 700 {layout.archive}"
        )
    if layout.home.is_dir():
        try:
            with only_writer(layout):
                yield Finding("ok", "no other run is writing")
        except BusyError as error:
            yield Finding("note", str(error))


def _key(key: bytes | None) -> Finding:
    if key is None:
        return Finding(
            "note",
            "HTX_PSEUDONYM_KEY is not set: sheets of members (BIEU_03) will be refused",
            "set it to a long secret, and keep it: another key gives other pseudonyms",
        )
    if len(key) < 16:
        return Finding("note", "HTX_PSEUDONYM_KEY is short", "use at least 16 characters")
    return Finding("ok", "a pseudonym key is configured")


def _proxy() -> Finding:
    proxies = sorted(name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy"))
    if proxies:
        return Finding("note", f"portals are fetched through {', '.join(proxies)}; loopback is not")
    return Finding("ok", "no proxy")
