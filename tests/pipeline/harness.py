"""Runs the real command in a separate home; shared by the tests of the whole pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import KEY
from warehouse.layout import Layout
from warehouse.release import Release, current_release


@dataclass(frozen=True)
class Home:
    """One ``HTX_HOME`` and the sample that feeds it."""

    path: Path
    inbox: Path
    portal: str

    @property
    def layout(self) -> Layout:
        return Layout(self.path)

    @property
    def release(self) -> Release:
        found = current_release(self.layout)
        assert found is not None, "nothing was released"
        return found

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"HTX_HOME": str(self.path), "HTX_PSEUDONYM_KEY": KEY.decode(), "NO_COLOR": "1"}

    def htx(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``htx`` with ``arguments`` and wait."""
        command = [sys.executable, "-m", "orchestration.cli", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def run(self, *more: str) -> subprocess.CompletedProcess[str]:
        """``htx run`` on the sample's inbox and portal."""
        return self.htx(*self.run_arguments, *more)

    @property
    def run_arguments(self) -> list[str]:
        return ["run", "--inbox", str(self.inbox), "--portal", self.portal]

    def ask(self, sql: str) -> list[dict[str, Any]]:
        """Rows of ``htx query`` as a program gets them."""
        done = self.htx("query", sql, "--format", "json")
        assert done.returncode == 0, done.stderr
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return rows


def succeeded(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """``done`` if it exited with 0; else a failure that shows what it printed."""
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done
