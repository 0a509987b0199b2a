"""A fault at any operation of a run: the next run makes it good, readers see whole releases, a person reads a sentence.

The harness is :mod:`tests.faults.injection`.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.injection import FAULTS
from tests.portal_server import article, listing, page, serving
from tests.workbooks import workbook
from warehouse.layout import PROJECT_ROOT

PAGES = {"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}


def _inboxes(folder: Path) -> None:
    """Two inboxes: a workbook; then a zip of two, a text, and a hidden file beside it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        container.writestr("LMHTX-25-2021-11-L1.xlsx", workbook(code="25"))
        container.writestr("LMHTX-01-2021-11-L2.xlsx", workbook(revision=2))
    files = {
        "first": {"LMHTX-01-2021-11-L1.xlsx": workbook()},
        "second": {"gom.zip": target.getvalue(), "thu.xlsx": b"Kinh gui", ".an.xlsx": b"an"},
    }
    for name, held in files.items():
        (folder / name).mkdir()
        for file, data in held.items():
            (folder / name / file).write_bytes(data)


@pytest.fixture
def injected(tmp_path: Path) -> Callable[[str], list[dict[str, Any]]]:
    def run(cases: str) -> list[dict[str, Any]]:
        _inboxes(tmp_path)
        with serving(PAGES) as server:
            command = [sys.executable, "-m", "tests.faults.injection", str(tmp_path), server.url, cases]
            done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    return run


def _judge(lines: list[dict[str, Any]]) -> Counter[str]:
    reference, *cases = lines
    kinds = Counter(kind for kind, _ in reference["operations"])
    assert min(kinds[kind] for kind in ("write", "rename", "sync", "link", "connect")) > 0, kinds
    assert reference["damaged"] == []
    assert {".an.xlsx", "gom.zip", "thu.xlsx"} <= {name for name, _ in reference["received"] + reference["read"]}
    failed = [case for case in cases if case["problems"]]
    assert not failed, json.dumps(failed[:5], indent=1)
    assert {case["fault"] for case in cases} == set(FAULTS)
    assert {case["operation"] for case in cases} == set(kinds)
    return Counter(case["place"] for case in cases)


def test_a_fault_at_some_operations_is_made_good(injected: Callable[[str], list[dict[str, Any]]]) -> None:
    assert sum(_judge(injected("8")).values()) == 8


@pytest.mark.slow
def test_a_fault_at_every_operation_is_made_good(injected: Callable[[str], list[dict[str, Any]]]) -> None:
    lines = injected("all")
    assert set(_judge(lines)) == {place for _, place in lines[0]["operations"]}
