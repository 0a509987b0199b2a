"""Publishing: the checks, then a new folder that is written under a temporary name, renamed and made current."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from warehouse.datapackage import describe_release
from warehouse.dictionary import Lineage
from warehouse.files import remove_tree
from warehouse.layout import Layout
from warehouse.recipes import recipes
from warehouse.release.catalog import OLD, OLD_PUBLIC, Catalog, open_build
from warehouse.release.changes import changes
from warehouse.release.disclosure import Disclosed, DisclosurePolicy, disclosed
from warehouse.release.folders import (
    FOLDER_MODE,
    PUBLIC,
    STAGED,
    Release,
    ReleaseError,
    activate,
    clear_leftovers,
    is_later,
    link_public,
    name_folder,
    newest_folder,
    next_name,
    public_part,
    read_release,
    seal,
    usable,
)
from warehouse.release.gate import Inspection, check_inspection, check_same_build, check_verdict
from warehouse.release.marts import Contents, read_contents, texts_of
from warehouse.release.sharing import share_files, sound_files
from warehouse.release.writing import unchanged_files, write_marts

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
    policy: DisclosurePolicy | None = None,
) -> Release:
    """Publish the build's marts as ``releases/<YYYY.MM.DD-n>`` and point ``current`` to it.

    ``audit_json`` is the verdict as written by the audit; ``today`` names the release; ``lineage`` gives the primary
    key of each table and, for the dictionary, what it is made from; ``memory_limit`` is DuckDB's (larger data are
    spilled to disk); ``policy`` says what its part ``public`` holds (without one there is none); ``inspect`` returns
    what must not be published in the staged folder. If the current release already holds the same content it is
    returned with ``unchanged=True``; if a run was killed between writing and pointing, its complete release is used. No
    other process may have the build file open for writing. Raises ReleaseError if the audit did not pass, is incomplete
    or judged another build, if the copy differs from the build, if the public part would give back a count of persons
    below its threshold, or if ``inspect`` found something; ``current`` then stays as it was.
    """
    check_verdict(audit_json)
    layout.releases.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(layout.releases / ".lock", timeout=0), open_build(layout, memory_limit) as build:
            return _publish(build, layout, audit_json, inputs_fingerprint, today, lineage or {}, inspect, policy)
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
    policy: DisclosurePolicy | None,
) -> Release:
    clear_leftovers(layout)
    check_same_build(build, audit_json)
    current = usable(layout.current)
    if current is not None:
        build.attach(current.path / "marts.duckdb", OLD)
    contents = read_contents(build, current, lineage, policy.fingerprint if policy else "")
    if current is not None and current.content_sha256 == contents.sha256:
        link_public(layout)
        return replace(current, unchanged=True)
    release = usable(newest_folder(layout))
    if release is None or release.content_sha256 != contents.sha256 or not is_later(release, current):
        name = next_name(layout, today)
        parts = _Parts(build, name, inputs_fingerprint, audit_json, current, lineage, policy)
        release = _write_release(parts, layout, contents, inspect)
    activate(layout, release.name)
    return release


def _write_release(parts: _Parts, layout: Layout, contents: Contents, inspect: Inspection | None) -> Release:
    staged = Path(tempfile.mkdtemp(prefix=STAGED, dir=layout.releases))
    staged.chmod(FOLDER_MODE)
    try:
        # Seconds differ from run to run; an equal input gives an equal release.
        audit = {key: value for key, value in parts.audit_json.items() if key != "timings"}
        sound = sound_files(parts.previous) if parts.previous else {}
        unchanged = unchanged_files(parts.build, contents.tables, parts.previous, {*sound.values()})
        write_marts(parts.build, staged, contents, unchanged)
        if parts.policy is not None:
            with disclosed(parts.build, contents.tables, contents.macros, parts.policy) as public:
                audit |= {"disclosure": dict(public.outcome)}
                parts.write_public(staged, public, audit)
        listed = changes(parts.build, parts.name, contents.tables, parts.previous)
        parts.describe(staged, contents, {"audit.json": _json(audit), "changes.md": listed}, sound)
        check_inspection(staged, inspect)
        seal(staged)
        final = layout.releases / parts.name
        name_folder(staged, final)
    except BaseException:
        remove_tree(staged)
        raise
    return read_release(final)


@dataclass(frozen=True)
class _Parts:
    """Both parts of one new release."""

    build: Catalog
    name: str
    inputs_fingerprint: str
    audit_json: Mapping[str, Any]
    previous: Release | None
    lineage: Mapping[str, Lineage]
    policy: DisclosurePolicy | None

    def write_public(self, staged: Path, public: Disclosed, audit: Mapping[str, Any]) -> None:
        folder = staged / PUBLIC
        folder.mkdir(mode=FOLDER_MODE)
        previous = public_part(self.previous)
        if previous is not None:
            self.build.attach(previous.path / "marts.duckdb", OLD_PUBLIC)
        sound = sound_files(previous) if previous else {}
        questions = [recipe for recipe in recipes() if recipe.internal is None]
        texts = texts_of(public.catalog, public.tables, public.macros, self.lineage, questions)
        contents = Contents(public.tables, public.macros, texts)
        files = {table.name: staged / "parquet" / f"{table.name}.parquet" for table in public.tables}
        write_marts(
            public.catalog, folder, contents, {name: path for name, path in files.items() if name not in public.changed}
        )
        listed = changes(public.catalog, self.name, contents.tables, previous, OLD_PUBLIC)
        self.describe(folder, contents, {"audit.json": _json(_public_audit(audit)), "changes.md": listed}, sound)

    def describe(self, folder: Path, contents: Contents, beside: Mapping[str, str], sound: Mapping[str, Path]) -> None:
        """Write the texts and the descriptor of a part, and share what an earlier release holds."""
        public = f"{PUBLIC}/datapackage.json"
        texts = {**beside, **contents.texts}
        for path, text in texts.items():
            (folder / path).parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        descriptor = describe_release(
            folder,
            version=self.name,
            tables=contents.tables,
            content_sha256=contents.sha256,
            inputs_fingerprint=self.inputs_fingerprint,
            extra_files={"marts.duckdb": "application/vnd.duckdb"}
            | {
                path: MEDIA_TYPES[Path(path).suffix]
                for path in (*texts, *([public] if (folder / public).is_file() else []))
            },
            kind=PUBLIC if folder.name == PUBLIC else "internal",
        )
        (folder / "datapackage.json").write_text(_json(descriptor), encoding="utf-8")
        share_files(folder, descriptor, sound)


def _public_audit(audit: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome of the audit without figures and evidence."""
    kept = {key: audit[key] for key in ("passed", "declared", "evaluated", "counts", "disclosure") if key in audit}
    rules = [{key: value for key, value in rule.items() if key != "worst"} for rule in audit.get("rules", ())]
    return {**kept, "rules": rules}


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
