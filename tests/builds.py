"""Many real warehouses, quickly: intake and dbt in this process, with the dbt project parsed once.

Only the guard around native parsers and the second reading of equal bytes are left out; intake, raw zone, models and
macros are those of the pipeline. Returns the path of a build file.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from expectations.registry import export_rules
from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions import intake
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from warehouse.layout import DBT_PROJECT_DIR, PROJECT_ROOT, Layout


@dataclass(frozen=True)
class Arrival:
    """A file as it came in: its name, what is in it, and when it was received (UTC)."""

    name: str
    data: bytes
    received_at: datetime


class Inline:
    """Replaces the guarded process: calls the function directly."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    def close(self) -> None:
        pass


@cache
def _read_once(data: bytes, key: bytes | None) -> WorkbookReading:
    return read_workbook(data, key)


def arrive(inbox: Path, arrivals: Iterable[Arrival]) -> None:
    """Make ``arrivals`` the only files in the folder ``inbox``."""
    inbox.mkdir(parents=True, exist_ok=True)
    for old in inbox.iterdir():
        old.unlink()
    for arrival in arrivals:
        path = inbox / arrival.name
        path.write_bytes(arrival.data)
        seconds = arrival.received_at.replace(tzinfo=UTC).timestamp()
        os.utime(path, (seconds, seconds))


def take_in(home: Path, arrivals: Sequence[Arrival]) -> None:
    """Receive and read one inbox full of files, as one run of the pipeline would."""
    layout = Layout(home)
    inbox = home / "inbox"
    arrive(inbox, arrivals)
    archive, raw_zone = Archive(layout.archive), RawZone(layout.raw)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(intake, "Guarded", Inline)
        patched.setattr(intake, "reader_pool", ThreadPoolExecutor)
        patched.setattr(intake, "read_workbook", lambda data, key, *_, **__: _read_once(data, key))
        receive(open_inbox(str(inbox)), archive, raw_zone)
        intake.read_submissions(None, archive, raw_zone, key=KEY, workers=1)


#: Built for every home with the facts that have recorded ranges. Everything else is equal in all homes.
BESIDE_FACTS = (
    *(f"path:models/marts/{area}" for area in ("fairs", "funds", "members")),
    *("dim_cooperative", "bridge_organisation_match"),
    *("mart_organisation_count_restated", "mart_province_series", "mart_national_series"),
)
_NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


def _submitted(models: Iterable[str]) -> list[str]:
    """Selectors of the models between submissions and ``models``."""
    return [f"source:{source}+,+{model}" for source in ("raw", "raw_meta") for model in models]


@dataclass(frozen=True)
class RecordedFact:
    """A fact with recorded ranges: its table, and what makes two rows statements about one thing."""

    table: str
    key: tuple[str, ...]

    @property
    def sibling(self) -> str:
        """The table macro of its rows as of a moment."""
        return self.table.removeprefix("fct_") + "_as_of"


class Builds:
    """dbt on any number of homes; the project is parsed once, and models without submissions are built once."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        with self._environment(scratch / "home"):
            parsed = dbtRunner().invoke(["--quiet", "parse", *self._where])
        assert parsed.success, parsed.exception
        self._runner = dbtRunner(manifest=parsed.result)  # type: ignore[arg-type]
        #: Every fact of the project that has recorded ranges.
        self.facts = tuple(
            RecordedFact(node.name, tuple(node.config.meta["recorded_key"]))
            for node in parsed.result.nodes.values()  # type: ignore[union-attr]
            if node.name.startswith("fct_") and "recorded_to" in node.columns
        )
        self._reference = self._run(scratch / "reference", "--exclude", "tag:audited", *_NO_TESTS)

    @property
    def _where(self) -> list[str]:
        return ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]

    @contextmanager
    def _environment(self, home: Path) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("HTX_HOME", str(home))
            patched.setenv("DBT_TARGET_PATH", str(self._scratch / "target"))
            patched.setenv("DBT_LOG_PATH", str(self._scratch / "logs"))
            patched.setenv("DO_NOT_TRACK", "1")
            patched.chdir(PROJECT_ROOT)
            yield

    def build(self, home: Path, *more: str, with_tests: bool = False) -> Path:
        """The build file of ``home``: the recorded facts, :data:`BESIDE_FACTS` and ``more``.

        Or, with tests, everything before an audit and dbt's tests of the data.

        An existing build is updated, as runs of the pipeline do.
        """
        layout = Layout(home)
        layout.build.mkdir(parents=True, exist_ok=True)
        if not layout.database.exists():
            shutil.copy(self._reference, layout.database)
        if with_tests:
            return self._run(home, "--exclude", "tag:audited", "test_type:unit")
        models = [*(fact.table for fact in self.facts), *BESIDE_FACTS, *more]
        return self._run(home, "--select", *_submitted(models), *_NO_TESTS)

    def _run(self, home: Path, *arguments: str) -> Path:
        layout = Layout(home)
        layout.build.mkdir(parents=True, exist_ok=True)
        export_rules(layout)
        with self._environment(home):
            done = self._runner.invoke(["--quiet", "build", *self._where, *arguments])
        # dbt-duckdb keeps the file open for the next invocation of the process; readers come in between.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        gc.collect()
        results = getattr(done.result, "results", ())
        failed = [f"{r.node.name}: {r.message}" for r in results if r.status not in ("success", "pass")]
        assert done.success, failed or done.exception
        return layout.database

    def warehouse(self, home: Path, batches: Iterable[Sequence[Arrival]], *more: str) -> Path:
        """A home that received ``batches`` one after the other and was built after each, ``more`` models with it."""
        database = Layout(home).database
        for batch in batches:
            take_in(home, batch)
            database = self.build(home, *more)
        return database


@contextmanager
def opened(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the build with schema marts first on the search path, as clients of a release have it."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set search_path = 'marts'")
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None) -> list[str]:
    """The rows of ``query`` in an order of their own, comparable whatever their types."""
    return sorted(map(repr, connection.execute(query, values or {}).fetchall()))
