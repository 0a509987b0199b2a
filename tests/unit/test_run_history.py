"""Old runs of Dagster are deleted with their files, but for those that hold the state of an asset."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration.instance import existing_instance, prepare
from orchestration.run_history import prune_runs
from warehouse.layout import Layout


@dg.asset
def whole() -> None:
    pass


@dg.asset_check(asset=whole)
def fine() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["2021-10", "2021-11"]))
def by_month() -> None:
    pass


def test_runs_that_are_the_state_of_no_asset_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    layout = Layout(tmp_path / "home")
    with existing_instance(layout) as none:
        assert none is None
    prepare(layout)
    history = layout.dagster / "history"
    with existing_instance(layout) as instance:
        assert instance is not None
        october = dg.materialize([by_month], instance=instance, partition_key="2021-10").run_id
        runs = [dg.materialize([whole, fine], instance=instance).run_id for _ in range(4)]
        november = [dg.materialize([by_month], instance=instance, partition_key="2021-11").run_id for _ in range(2)]
        soon, ever = datetime.now(UTC) + timedelta(days=1), datetime.now(UTC) - timedelta(days=1)
        assert prune_runs(instance, layout, ever).removed == 0
        planned = prune_runs(instance, layout, soon, dry_run=True)
        assert instance.get_runs_count() == 7
        done = prune_runs(instance, layout, soon)
        assert (done.kept, done.removed) == (planned.kept, planned.removed) == (3, 4)
        assert done.freed_bytes > 0
        kept = {october, runs[-1], november[-1]}
        assert {run.run_id for run in instance.get_runs()} == kept
        assert {path.stem for path in (history / "runs").glob("*.db")} == kept | {"index"}
        assert {path.name for path in (layout.dagster / "storage").iterdir() if path.name in {*runs, *november}} <= kept
        assert instance.get_materialized_partitions(by_month.key) == {"2021-10", "2021-11"}
        assert instance.get_latest_materialization_event(whole.key) is not None
        (check,) = instance.event_log_storage.get_asset_check_execution_history(fine.check_key, limit=9)
        assert check.run_id == runs[-1]
        assert prune_runs(instance, layout, soon).removed == 0
    with sqlite3.connect(history / "runs.db") as con:
        orphans = con.execute("select * from run_tags where run_id not in (select run_id from runs)").fetchall()
    assert orphans == []
