"""Publishing: the checks, then a new folder that is written under a temporary name, renamed and made current."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from warehouse.datapackage import describe_release
from warehouse.dictionary import Lineage
from warehouse.files import remove_tree
from warehouse.layout import Layout
from warehouse.release.catalog import OLD, Catalog, open_build
from warehouse.release.changes import changes
from warehouse.release.folders import (
    FOLDER_MODE,
    STAGED,
    Release,
    ReleaseError,
    activate,
    clear_leftovers,
    is_later,
    name_folder,
    newest_folder,
    next_name,
    read_release,
    seal,
    usable,
)
from warehouse.release.gate import Inspection, check_inspection, check_same_build, check_verdict
from warehouse.release.marts import Contents, read_contents
from warehouse.release.sharing import share_files, sound_files
from warehouse.release.writing import write_marts

MEDIA_TYPES = {".json": "application/json", ".sql": "application/sql", ".md": "text/markdown", ".html": "text/html"}


def publish(
    layout: Layout,
    *,
    audit_json: Mapping[str, Any],
    inputs_fingerprint: str,
    today: date,
    lineage: Mapping[str, Lineage] | None = None,
    memory_limit: str | None = None,
    inspect: Inspection | None = None,
) -> Release:
    """Publish the build's marts as ``releases/<YYYY.MM.DD-n>`` and point ``current`` to it.

    ``audit_json`` is the verdict as written by the audit; ``today`` names the release; ``lineage`` gives the primary
    key of each table and, for the dictionary, what it is made from; ``memory_limit`` is DuckDB's (larger data are
    spilled to disk); ``inspect`` returns what must not be published in the staged folder. If the current release
    already holds the same content it is returned with ``unchanged=True``; if a run was killed between writing and
    pointing, its complete release is used. No other process may have the build file open for writing. Raises
    ReleaseError if the audit did not pass, is incomplete or judged another build, if the copy differs from the build,
    or if ``inspect`` found something; ``current`` then stays as it was.
    """
    check_verdict(audit_json)
    layout.releases.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(layout.releases / ".lock", timeout=0), open_build(layout, memory_limit) as build:
            return _publish(build, layout, audit_json, inputs_fingerprint, today, lineage or {}, inspect)
    except Timeout as error:
        raise ReleaseError(f"another process is publishing in {layout.releases}") from error


def _publish(
    build: Catalog,
    layout: Layout,
    audit_json: Mapping[str, Any],
    inputs_fingerprint: str,
    today: date,
    lineage: Mapping[str, Lineage],
    inspect: Inspection | None,
) -> Release:
    clear_leftovers(layout)
    check_same_build(build, audit_json)
    current = usable(layout.current)
    if current is not None:
        build.attach(current.path / "marts.duckdb", OLD)
    contents = read_contents(build, current, lineage)
    if current is not None and current.content_sha256 == contents.sha256:
        return replace(current, unchanged=True)
    release = usable(newest_folder(layout))
    if release is None or release.content_sha256 != contents.sha256 or not is_later(release, current):
        name = next_name(layout, today)
        release = _write_release(build, layout, name, contents, inputs_fingerprint, audit_json, current, inspect)
    activate(layout, release.name)
    return release


def _write_release(
    build: Catalog,
    layout: Layout,
    name: str,
    contents: Contents,
    inputs_fingerprint: str,
    audit_json: Mapping[str, Any],
    previous: Release | None,
    inspect: Inspection | None,
) -> Release:
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=layout.releases))
    staged.chmod(FOLDER_MODE)
    try:
        sound = sound_files(previous) if previous else {}
        write_marts(build, staged, contents, previous, sound)
        # Seconds differ from run to run; an equal input gives an equal release.
        audit = {key: value for key, value in audit_json.items() if key != "timings"}
        texts = {
            "audit.json": _json(audit),
            "changes.md": changes(build, name, contents.tables, previous),
            **contents.texts,
        }
        for path, text in texts.items():
            (staged / path).parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            (staged / path).write_text(text, encoding="utf-8")
        descriptor = describe_release(
            staged,
            version=name,
            tables=contents.tables,
            content_sha256=contents.sha256,
            inputs_fingerprint=inputs_fingerprint,
            extra_files={"marts.duckdb": "application/vnd.duckdb"}
            | {path: MEDIA_TYPES[Path(path).suffix] for path in texts},
        )
        (staged / "datapackage.json").write_text(_json(descriptor), encoding="utf-8")
        share_files(staged, descriptor, sound)
        check_inspection(staged, inspect)
        seal(staged)
        final = layout.releases / name
        name_folder(staged, final)
    except BaseException:
        remove_tree(staged)
        raise
    return read_release(final)


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
