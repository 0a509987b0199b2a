"""What Dagster knows of the project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from expectations.registry import load_rules
from tests.pipeline.harness import Home
from warehouse.layout import DBT_PROJECT_DIR

PROBE = """
import json, warnings
warnings.simplefilter("ignore")
from orchestration.definitions import defs
graph = defs.resolve_asset_graph()
print(json.dumps({
    "assets": sorted(key.to_user_string() for key in graph.get_all_asset_keys()),
    "checks": sorted(key.name for key in graph.asset_check_keys if key.asset_key.path == ["audit"]),
    "jobs": sorted(job.name for job in defs.jobs), "schedules": sorted(s.name for s in defs.schedules),
    "months": graph.get(__import__("dagster").AssetKey("submissions")).partitions_def is not None,
    "upstream": sorted(k.to_user_string() for k in graph.get(__import__("dagster").AssetKey("release")).parent_keys),
}))
"""


def test_definitions_load_and_show_every_rule_as_a_check(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", tmp_path, "")
    parsed = home.layout.build / "dbt" / "run" / "partial_parse.msgpack"
    parsed.parent.mkdir(parents=True)
    parsed.write_bytes(b"of a project in another folder")
    place = parsed.parents[1] / ".project"
    place.write_text("/another/folder")
    probe = subprocess.run(
        [sys.executable, "-c", PROBE], env=home.environment, capture_output=True, text=True, check=False
    )
    assert probe.returncode == 0, probe.stderr
    assert not parsed.exists() and place.read_text() == str(DBT_PROJECT_DIR)
    found = json.loads(probe.stdout.splitlines()[-1])
    assert found["checks"] == sorted(rule.id.replace(".", "__") for rule in load_rules())
    ways = {"inbox_archive", "submissions", "portal_pages", "news_claims", "rules", "audit", "release"}
    assert ways | {"fct_organisation_count", "rec_residual", "fct_anomaly", "provinces"} <= set(found["assets"])
    assert found["jobs"] == ["build_release", "prune", "read_submissions", "receive", "verify"]
    assert found["schedules"] == ["daily_news", "monthly_submissions", "weekly_pruning", "weekly_verification"]
    assert found["months"] and "audit" in found["upstream"] and "fct_anomaly" in found["upstream"]


AUDITED = """
import json, warnings
warnings.simplefilter("ignore")
import dagster as dg
from orchestration.defs.audit import audit
from orchestration.defs.home import Home
from tests.unit.residual_build import Residual, write_build
from orchestration.settings import read_settings

write_build(read_settings().layout, [
    Residual("stock_identity.closing", 148, 148), Residual("fair.booths", 352, 360),
    Residual("stock_continuity.opening", None, 41),
])
with dg.DagsterInstance.ephemeral() as instance:
    done = dg.materialize([audit], instance=instance, resources={"home": Home()})
    run = instance.get_run_record_by_id(done.run_id)
    shown = {}
    for key in audit.check_keys:
        (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        shown[key.name] = record.status.value
print(json.dumps({"done": done.success, "run": run.dagster_run.status.value, "shown": shown}))
"""


def test_a_rule_with_nothing_to_compare_is_no_check_passed(tmp_path: Path) -> None:
    """Of a run that is over, Dagster shows a check that stayed planned as skipped."""
    home = Home(tmp_path / "home", tmp_path, "")
    command = [sys.executable, "-c", AUDITED]
    done = subprocess.run(command, env=home.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["done"] and found["run"] == "SUCCESS"
    reported = {name: status for name, status in found["shown"].items() if status != "PLANNED"}
    assert reported == {"stock_identity__closing": "SUCCEEDED", "fair__booths": "FAILED"}
    assert len(found["shown"]) == len(load_rules())


DAMAGED = """
import duckdb, sys
from pathlib import Path
from orchestration.defs.dbt import _unreadable
from warehouse.layout import Layout
layout = Layout(Path(sys.argv[1]))
assert _unreadable(layout) is None, "a missing file is no fault"
layout.database.parent.mkdir(parents=True, exist_ok=True)
layout.database.write_bytes(b"no database" * 1000)
assert "cannot be read" in _unreadable(layout)
layout.database.unlink()
with duckdb.connect(str(layout.database)) as con:
    con.execute("create table a as select 1 as one")
assert _unreadable(layout) is None
print("as it should be")
"""


def test_a_damaged_build_file_is_known(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", tmp_path, "")
    command = [sys.executable, "-c", DAMAGED, str(tmp_path / "other")]
    done = subprocess.run(command, env=home.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "as it should be" in done.stdout


def test_dagster_validates_the_definitions(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("dagster")), "definitions", "validate"]
    environment = os.environ | {"HTX_HOME": str(tmp_path / "home"), "DAGSTER_HOME": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
