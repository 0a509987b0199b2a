"""Order does not matter, and a killed run is taken up by the next: the content of the release is the same."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.harness import Home, succeeded


def test_clean_data_gives_no_anomaly(district: Home) -> None:
    assert district.ask("select * from fct_anomaly") == []
    assert district.ask("select count(*) n from fct_reconciliation where outcome = 'pass'")[0]["n"] > 500


def test_any_order_of_arrival_gives_the_same_marts(district: Home, tmp_path: Path) -> None:
    """The later half first, then everything, with the files' times gone; the intake log knows when they came."""
    files = sorted(district.inbox.glob("*.xlsx"))
    random.Random(5).shuffle(files)
    (tmp_path / "inbox").mkdir()
    home = Home(tmp_path / "home", tmp_path / "inbox", district.portal)
    shutil.copy(district.inbox / "index.json", home.inbox)
    for part in (files[: len(files) // 2], files[len(files) // 2 :]):
        for file in part:
            (home.inbox / file.name).write_bytes(file.read_bytes())
        succeeded(home.run())
    assert home.release.content_sha256 == district.release.content_sha256


def _killed_and_repeated(district: Home, root: Path, seconds: float) -> None:
    home = Home(root / "home", district.inbox, district.portal)
    command = [sys.executable, "-m", "orchestration.cli", *home.run_arguments]
    process = subprocess.Popen(
        command, env=home.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    # A reader or dbt that outlives its parent for a moment holds nothing that the next run cannot wait for.
    deadline = time.monotonic() + 30
    again = home.run()
    while again.returncode == 3 and time.monotonic() < deadline:
        again = home.run()
    succeeded(again)
    assert home.release.content_sha256 == district.release.content_sha256


def test_a_killed_run_is_taken_up(district: Home, tmp_path: Path) -> None:
    _killed_and_repeated(district, tmp_path, random.Random().uniform(4, 20))


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, 5, 8, 11, 14, 17, 20, 24])
def test_a_run_killed_at_any_moment_is_taken_up(district: Home, tmp_path: Path, seconds: float) -> None:
    _killed_and_repeated(district, tmp_path, seconds)
