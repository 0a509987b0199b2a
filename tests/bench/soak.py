"""Simulated years of operation: growth in bytes and files, and the time of a command, with and without ``htx prune``.

Releases, raw batches, pruning and compaction are those of the product; their content is small and synthetic: one fact
changes with every release, another with every month, the rest stays. Returns rows for the table of ``make bench``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pyarrow as pa
import pytest

from expectations.audit import run_audit
from ingestion.raw_schema import ARTIFACTS, RECEIVED
from ingestion.raw_zone import RawZone
from orchestration.instance import existing_instance, prepare
from orchestration.pruning import prune
from orchestration.run_history import prune_runs
from orchestration.settings import Settings
from orchestration.verification import repair_home
from tests.unit.residual_build import Residual, write_build
from warehouse.connections import connect_build
from warehouse.layout import Layout
from warehouse.release import publish
from warehouse.release.folders import named_folders

YEARS = 5
#: Days between two releases, and between two prunings.
EVERY_DAYS, PRUNED_EVERY_DAYS = 14, 28
FIRST = date(2019, 1, 1)
#: One release a day for five years: what `htx status` lists.
MANY_RELEASES = 1825
RUNS = 10


@dataclass
class Year:
    """What lies below the home at the end of a simulated year; seconds are medians of that year."""

    releases: int
    raw_files: int
    files: int
    bytes: int
    publish_seconds: float
    check_seconds: float


@dataclass
class Soaked:
    """One home after all years."""

    layout: Layout
    years: list[Year] = field(default_factory=list)
    prune_seconds: list[float] = field(default_factory=list)


def soak(root: Path) -> Iterator[str]:
    """Lines to print: a table by year, then times."""
    # Waiting for the disk belongs to every write; five years of it in some minutes would be all that is measured.
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda descriptor: None)
        without, pruned = (_live(Layout(root / name), pruning) for name, pruning in (("kept", False), ("pruned", True)))
    yield f"Soak: {YEARS} years, a release every {EVERY_DAYS} days, pruned every {PRUNED_EVERY_DAYS} days"
    yield "year | releases | raw files | files | MB | and with htx prune: releases | raw files | files | MB | MB ratio"
    for number, (one, other) in enumerate(zip(without.years, pruned.years, strict=True), 1):
        yield (
            f"{number} | {one.releases} | {one.raw_files} | {one.files} | {one.bytes / 1e6:.0f} | {other.releases} | "
            f"{other.raw_files} | {other.files} | {other.bytes / 1e6:.0f} | {other.bytes / one.bytes:.2f}"
        )
    for name, home in (("without", without), ("with", pruned)):
        first, last = home.years[0], home.years[-1]
        yield (
            f"{name} pruning, last year / first year: publish {last.publish_seconds / first.publish_seconds:.2f}, "
            f"checks before a run {last.check_seconds / first.check_seconds:.2f}"
        )
    yield f"one pruning: {statistics.median(pruned.prune_seconds):.2f} s"
    yield from _status(without, pruned, root / "empty")
    yield from _runs(Layout(root / "runs"))


def _live(layout: Layout, pruning: bool) -> Soaked:
    """All years of one home, day by day."""
    soaked, zone = Soaked(layout), RawZone(layout.raw)
    verdict = _first_build(layout)
    published: list[float] = []
    for day in range(0, YEARS * 365, EVERY_DAYS):
        today = FIRST + timedelta(days=day)
        for ago in range(EVERY_DAYS):
            _receive(zone, day + ago)
        _change(layout, day)
        published.append(_seconds(lambda: _publish(layout, verdict, today)))  # noqa: B023 - called at once
        if pruning and day % PRUNED_EVERY_DAYS == 0:
            soaked.prune_seconds.append(_seconds(lambda: prune(_settings(layout), None)))
        if (day + EVERY_DAYS) // 365 > day // 365:
            soaked.years.append(_year(layout, published))
            published = []
    return soaked


def _settings(layout: Layout) -> Settings:
    return Settings(home=layout.home)


def _first_build(layout: Layout) -> Mapping[str, Any]:
    """The verdict on a build with ten small tables; they are changed later, what was audited is not."""
    write_build(layout, [Residual("stock_identity.closing", 148, 148)])
    with duckdb.connect(str(layout.database)) as con:
        con.execute("drop schema marts cascade; create schema marts")
        for number in range(10):
            con.execute(
                f"create table marts.fct_{number} as select i as row_key, hash(i + {number}) as value, "
                "'tỉnh ' || (i % 63) as province from range(2000) as r(i)"
            )
        # `htx status` lists corrections without effect.
        con.execute(
            "create table marts.fct_correction "
            "(file_name text, sheet text, cell text, outcome text, is_source_fixed boolean)"
        )
    with connect_build(layout, read_only=True) as con:
        return dict(run_audit(con, layout.audit).summary)


def _change(layout: Layout, day: int) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute(f"update marts.fct_0 set value = value + {day + 1}")
        con.execute(f"update marts.fct_1 set value = {day // 30} + row_key")


def _publish(layout: Layout, verdict: Mapping[str, Any], today: date) -> None:
    publish(layout, audit_json=verdict, inputs_fingerprint="inputs", today=today)


def _receive(zone: RawZone, day: int) -> None:
    """A workbook of two sheets, as intake commits it."""
    received = dict.fromkeys(RECEIVED.names) | {"name": f"{day}.xlsx", "artifact_sha256": f"{day:064}"}
    zone.append_log("_received", pa.Table.from_pylist([received], schema=RECEIVED))
    moment = datetime(2019, 1, 1) + timedelta(days=day)
    artifact = dict.fromkeys(ARTIFACTS.names) | {
        "artifact_sha256": f"{day:064}", "kind": "workbook", "name": f"{day}.xlsx", "reading": 1,
        "received_at": moment, "reader_fingerprint": "reader",
    }  # fmt: skip
    rows = pa.table(
        {"row_id": [f"{day}-{n}" for n in range(200)], "value": [*range(200)], "batch_id": pa.nulls(200, pa.string())}
    )
    forms = {f"bieu_{number:02}": rows for number in (1, 2)}
    zone.append(forms, pa.Table.from_pylist([artifact], schema=ARTIFACTS))


def _year(layout: Layout, published: list[float]) -> Year:
    files: dict[tuple[int, int], int] = {}
    names = 0
    for part in (layout.releases, layout.raw):
        for path in part.rglob("*"):
            if path.is_file():
                stat = path.stat()
                files[stat.st_dev, stat.st_ino] = stat.st_blocks * 512
                names += 1
    checks = statistics.median(_seconds(lambda: repair_home(layout)) for _ in range(3))
    raw_files = sum(1 for _ in layout.raw.glob("*/*.parquet"))
    return Year(len(named_folders(layout)), raw_files, names, sum(files.values()), statistics.median(published), checks)


def _status(soaked: Soaked, pruned: Soaked, empty: Path) -> Iterator[str]:
    """`htx status` with a release a day, compared with an empty home; the folders added are links to real ones."""
    layout = soaked.layout
    _, model = named_folders(layout)[-1]
    for number in range(MANY_RELEASES - len(named_folders(layout))):
        copy = layout.releases / f"2018.01.01-{number + 1}"
        for folder, _, names in os.walk(model):
            target = copy / Path(folder).relative_to(model)
            target.mkdir()
            for name in names:
                os.link(Path(folder) / name, target / name)
    many, few, none = (_status_seconds(home) for home in (layout.home, pruned.layout.home, empty))
    count = len(named_folders(layout))
    yield (
        f"htx status, CPU: {none:.2f} s in an empty home; after pruning {few:.2f} s, ratio {few / none:.2f}; with "
        f"{count} releases and all raw files {many:.2f} s, ratio {many / none:.2f}"
    )


def _status_seconds(home: Path) -> float:
    """Median seconds of CPU that `htx status` takes: other work on the machine does not count."""
    command = [sys.executable, "-m", "orchestration.cli", "status"]
    seconds = []
    for _ in range(3):
        before = os.times()
        done = subprocess.run(
            command, env=os.environ | {"HTX_HOME": str(home)}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"htx status ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        after = os.times()
        seconds.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(seconds)


@dg.asset
def _an_asset() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"schema": dg.MetadataValue.text("a column of a table; " * 20_000)})


def _runs(layout: Layout) -> Iterator[str]:
    """What a run leaves in Dagster's folder, before and after old runs are deleted."""
    previous = os.environ.get("DAGSTER_HOME")
    prepare(layout)
    try:
        with existing_instance(layout) as instance:
            if instance is None:
                raise RuntimeError(f"no instance in {layout.dagster}")
            start = _bytes(layout.dagster)
            for _ in range(RUNS):
                dg.materialize([_an_asset], instance=instance)
            grown = _bytes(layout.dagster) - start
            prune_runs(instance, layout, datetime.now().astimezone() + timedelta(days=1))
            left = _bytes(layout.dagster) - start
    finally:
        os.environ["DAGSTER_HOME"] = previous or ""
    yield f"Dagster: {RUNS} runs leave {grown / 1e6:.1f} MB, after pruning {left / 1e6:.1f} MB = {left / grown:.2f}"


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
