"""Fixtures shared by all tests. Slow ones are made once per session and never changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

KEY = b"synthetic people of the tests"


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """The folder of real articles; tests that need it are reported as skipped where it is not configured."""
    configured = os.environ.get("HTX_REAL_PAGES")
    if not configured:
        pytest.skip("HTX_REAL_PAGES is not set: no real pages to read")
    folder = Path(configured)
    assert folder.is_dir(), f"HTX_REAL_PAGES={configured} does not exist"
    return folder


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may touch the installation it runs in."""
    monkeypatch.setenv("HTX_HOME", str(tmp_path / "home"))
