"""The history of anomalies over releases: opened, gone, reopened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from warehouse.anomalies import history
from warehouse.connections import NoReleaseError
from warehouse.layout import Layout
from warehouse.release import Release, list_releases

RELEASES = {
    "2021.12.02-1": {"a": "open", "b": "open"},
    "2021.12.02-2": {"b": "explained", "c": "open"},
    "2021.12.10-1": {"a": "open", "c": "open"},
}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path)
    for name, anomalies in RELEASES.items():
        folder = made.releases / name
        (folder / "parquet").mkdir(parents=True)
        # Under its own name DuckDB would call marts.fct_anomaly ambiguous.
        with duckdb.connect(str(folder / "made.duckdb")) as con:
            con.execute(
                "create schema marts; "
                "create table marts.dim_province as select '63-46' as province_key, 'Huế' as province_name; "
                "create table marts.fct_anomaly (residual_id varchar, rule_id varchar, severity varchar, "
                "province_key varchar, period_code varchar, subject varchar, anomaly_status varchar)"
            )
            for anomaly, status in anomalies.items():
                where = "63-46" if anomaly == "a" else None
                con.execute(
                    "insert into marts.fct_anomaly values ($1, 'fair.booths', 'flag', $2, '2021-11', $3, $4)",
                    [anomaly, where, f"{anomaly} {name}", status],
                )
            con.execute(f"copy marts.fct_anomaly to '{folder / 'parquet' / 'fct_anomaly.parquet'}'")
        (folder / "made.duckdb").rename(folder / "marts.duckdb")
        described = {"version": name, "resources": [], "contentHash": "sha256:0", "inputsFingerprint": "0"}
        (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    made.current.symlink_to(made.releases / "2021.12.10-1")
    return made


def test_every_anomaly_has_a_life(layout: Layout) -> None:
    answer = history(layout)
    wanted = ("subject", "province", "opened_in", "gone_in", "opened_count", "status")
    rows = [tuple(row[answer.columns.index(name)] for name in wanted) for row in answer.rows]
    assert rows == [
        ("a 2021.12.10-1", "Huế", "2021.12.02-1", None, 2, "open"),
        ("c 2021.12.10-1", "Cả nước", "2021.12.02-2", None, 1, "open"),
        ("b 2021.12.02-2", "Cả nước", "2021.12.02-1", "2021.12.10-1", 1, "gone"),
    ]
    assert [row[answer.columns.index("province")] for row in history(layout, province="46").rows] == ["Huế"]
    assert history(layout, period="2021-10").rows == ()


def test_a_release_that_is_pruned_meanwhile_is_left_out(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = list_releases(layout)
    answers = [listed, listed[1:]]

    def listed_once(_: Layout) -> tuple[Release, ...]:
        shutil.rmtree(layout.releases / "2021.12.02-1", ignore_errors=True)
        return answers.pop(0)

    monkeypatch.setattr("warehouse.anomalies.list_releases", listed_once)
    answer = history(layout)
    assert not answers
    assert {row[answer.columns.index("opened_in")] for row in answer.rows} == {"2021.12.02-2", "2021.12.10-1"}


def test_without_a_release_there_is_no_history(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError):
        history(Layout(tmp_path))
