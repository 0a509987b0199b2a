"""Readings are repeated when anything changed that their rows depend on, and only then, without a version."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from ingestion import fingerprints
from ingestion.fingerprints import dependencies_of, fingerprint_of
from tests.portal_server import article
from tests.workbooks import workbook
from warehouse.layout import PROJECT_ROOT

WORKBOOKS, PAGES = "ingestion.submissions.reader", "ingestion.news.reading"


#: Reads one file in a process of its own and writes which modules and data files of the project that took.
_WATCHED = """
import json, sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
data = open(sys.argv[2], "rb").read()
if sys.argv[1] == "ingestion.submissions.reader":
    from ingestion.submissions.reader import read_workbook
    assert read_workbook(data, b"key").outcome == "accepted"
else:
    from datetime import datetime
    from types import SimpleNamespace
    from ingestion.news import reading
    from ingestion.news.reading import _Batch, _Page
    reading.page_reader = lambda: SimpleNamespace(call=lambda function, *arguments: function(*arguments))
    batch = _Batch("x")
    page = _Page("0" * 64, "https://example.org/a", "example.org", None, len(data), datetime(2021, 12, 3))
    batch.read(page, 1, SimpleNamespace(open=lambda sha256: data))
    assert batch.articles and batch.claims
print(json.dumps([sorted(m for m in sys.modules if m.split(".")[0] in ("ingestion", "warehouse")), sorted(opened)]))
"""


@pytest.mark.parametrize("reader", [WORKBOOKS, PAGES])
def test_whatever_a_reader_uses_is_among_its_dependencies(reader: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(workbook() if reader == WORKBOOKS else article().encode())
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, reader, str(file)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    modules, opened = json.loads(done.stdout)
    found = dependencies_of(reader)
    # The fingerprint itself changes no row.
    assert set(modules) - {"ingestion.fingerprints"} <= found.modules.keys()
    data = {path for path in map(Path, opened) if path.is_relative_to(PROJECT_ROOT) and ".venv" not in path.parts}
    read = {path for path in data if path.suffix not in (".py", ".pyc") and path.is_file()}
    assert read and read <= found.files


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project's code and reference data, whose files tests change and restore."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("ingestion", "warehouse", "dbt_project/seeds"):
        shutil.copytree(PROJECT_ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fingerprints, "PROJECT_ROOT", copy)
        patched.setattr(fingerprints, "REFERENCE_DIR", copy / "dbt_project" / "seeds")
        yield copy


@pytest.fixture(scope="module")
def before(project: Path) -> dict[str, str]:
    """The fingerprints of the unchanged copy."""
    return now()


def now() -> dict[str, str]:
    """The fingerprint of each reader."""
    fingerprint_of.cache_clear()
    found = {reader: fingerprint_of(reader) for reader in (WORKBOOKS, PAGES)}
    fingerprint_of.cache_clear()
    return found


def changed(before: dict[str, str]) -> set[str]:
    """The readers whose fingerprints differ from ``before``."""
    return {reader for reader, fingerprint in now().items() if fingerprint != before[reader]}


@pytest.mark.parametrize(
    ("file", "old", "new", "readers"),
    [
        ("ingestion/submissions/reader.py", '_SENDER_FORM = "', '_SENDER_FORM = "X', {WORKBOOKS}),
        ("ingestion/submissions/values.py", "10**15", "10**14", {WORKBOOKS}),
        ("ingestion/forms/bieu_06.yml", "minimum: 0", "minimum: 1", {WORKBOOKS}),
        ("dbt_project/seeds/code_values.csv", "founded", "found", {WORKBOOKS}),
        ("ingestion/news/claims/rules.py", "def announced(", "def _announced(", {PAGES}),
        ("ingestion/news/claims/vocabulary.yml", "metrics:", "metric:", {PAGES}),
        ("ingestion/news/lists.yml", "places:", "place:", {PAGES}),
        ("dbt_project/seeds/document_kinds.csv", ",", ",x", {PAGES}),
        ("ingestion/vietnamese/numbers.py", "MISSING = frozenset({", 'MISSING = frozenset({"?", ', {WORKBOOKS, PAGES}),
        ("dbt_project/seeds/provinces.csv", "Nghệ An", "Nghệ Tĩnh", {WORKBOOKS, PAGES}),
        ("ingestion/submissions/reader.py", "\n\n\n", "\n\n\n\n# A comment.\n\n", set()),
        ("ingestion/submissions/reader.py", '"""', '"""More words: ', set()),
        ("ingestion/news/claims/vocabulary.yml", "metrics:", "# A comment.\nmetrics:", set()),
        ("ingestion/submissions/receipts.py", "import", "import sys\nimport", set()),
        ("ingestion/portals/fetch.py", "import", "import sys\nimport", set()),
        ("dbt_project/seeds/targets.csv", ",", ",x", set()),
    ],
)
def test_a_change_is_seen_where_rows_depend_on_it(
    file: str, old: str, new: str, readers: set[str], project: Path, before: dict[str, str]
) -> None:
    text = (project / file).read_text(encoding="utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        assert changed(before) == readers
    finally:
        (project / file).write_text(text, encoding="utf-8")


def test_a_new_form_is_seen(project: Path, before: dict[str, str]) -> None:
    added = project / "ingestion" / "forms" / "bieu_16.yml"
    shutil.copy(added.with_name("bieu_06.yml"), added)
    try:
        assert changed(before) == {WORKBOOKS}
    finally:
        added.unlink()


@pytest.mark.parametrize(
    ("library", "readers"),
    [
        ("python-calamine", {WORKBOOKS}),
        ("trafilatura", {PAGES}),
        ("lxml", {PAGES}),  # used by trafilatura
        ("selectolax", {PAGES}),
        ("pyarrow", {WORKBOOKS, PAGES}),
        ("duckdb", set()),
    ],
)
def test_another_version_of_a_library_is_seen(
    library: str, readers: set[str], project: Path, before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = importlib.metadata.distribution

    def upgraded(name: str) -> object:
        found = installed(name)
        return SimpleNamespace(version="99", requires=found.requires) if name == library else found

    monkeypatch.setattr(importlib.metadata, "distribution", upgraded)
    assert changed(before) == readers
