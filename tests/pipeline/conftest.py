"""Samples and first runs, each made once per session."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.samples.site import serve
from ingestion.samples.writer import write_sample
from tests.pipeline.harness import Home, succeeded


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Path, subprocess.CompletedProcess[str]]]:
    """All 63 provinces, three months, three of them also with longer reports, faults planted, after one ``htx run``.

    The home, the sample, what it printed.
    """
    root = tmp_path_factory.mktemp("country")
    write_sample(root / "sample", faults=True, longer=3)
    with serve(root / "sample" / "portal") as url:
        home = Home(root / "home", root / "sample" / "inbox", url)
        yield home, root / "sample", succeeded(home.run())


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Six provinces, two months, small registers, no faults, after one ``htx run``."""
    root = tmp_path_factory.mktemp("district")
    write_sample(root / "sample", provinces=6, months=2, scale=0.05)
    with serve(root / "sample" / "portal") as url:
        home = Home(root / "home", root / "sample" / "inbox", url)
        succeeded(home.run())
        yield home
