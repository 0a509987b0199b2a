"""The dbt project as a whole: it builds without input, keeps its layers, is documented, and keeps its invariants.

The arithmetic of single models is tested by their unit tests, which the full build here runs, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from ingestion.forms.definition import load_forms
from ingestion.raw_schema import ARTIFACTS, SHEETS
from ingestion.raw_zone import RawZone
from ingestion.vietnamese.periods import Period, format_period
from tests.cookbook import answer
from warehouse.layout import DBT_PROJECT_DIR, PROJECT_ROOT, Layout
from warehouse.recipes import recipes

LEAVES = (
    "agriculture",
    "industry",
    "trade_services",
    "transport",
    "construction",
    "credit_fund",
    "environment",
    "other",
)
MEASURES = (
    "opening_count",
    "founded_count",
    "converted_in_count",
    "dissolved_count",
    "converted_out_count",
    "closing_count",
    "operating_count",
    "stopped_count",
    "member_count",
    "worker_count",
)


def dbt(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt on ``home``, with its target and logs beside it."""
    environment = os.environ | {
        "HTX_HOME": str(home),
        "DBT_TARGET_PATH": str(home.parent / f"{home.name}-target"),
        "DBT_LOG_PATH": str(home.parent / f"{home.name}-logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [sys.executable, "-m", "dbt.cli.main", "--no-use-colors", *arguments]
    return subprocess.run(
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


# --- from nothing ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def empty_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of a home that does not exist yet."""
    home = tmp_path_factory.mktemp("dbt") / "not-there-yet"
    result = dbt(home, "build")
    assert result.returncode == 0, result.stdout[-4000:]
    return home


@pytest.fixture(scope="module")
def manifest(empty_build: Path) -> dict[str, Any]:
    path = empty_build.parent / f"{empty_build.name}-target" / "manifest.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _models(manifest: dict[str, Any], layer: str | None = None) -> Iterator[dict[str, Any]]:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and layer in (None, node["fqn"][1]):
            yield node


def test_every_mart_is_there_and_empty_facts_are_empty(empty_build: Path, manifest: dict[str, Any]) -> None:
    with duckdb.connect(str(Layout(empty_build).database), read_only=True) as con:
        built = {
            name
            for (name,) in con.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        }
        assert built == {node["name"] for node in _models(manifest, "marts")}
        # Targets of documents, due dates and published figures are reference data; no province has reported.
        reference = {"fct_plan_target", "fct_report_due", "fct_published_figure", "fct_period_coverage"}
        assert con.execute("select sum(provinces_reported_count) from marts.fct_period_coverage").fetchone() == (0,)
        for name in sorted(n for n in built if n.startswith("fct_") and n not in reference):
            assert con.execute(f"select count(*) from marts.{name}").fetchone() == (0,), name
        assert con.execute("select count(*) from marts.dim_province").fetchone() == (97,)
        assert con.execute(
            "select count(distinct successor_province_key) from marts.bridge_province_successor"
        ).fetchone() == (34,)
        regions = con.execute(
            "select scheme_code, count(*), count(distinct region_key)"
            " from marts.bridge_province_region group by 1 order by 1"
        ).fetchall()
        assert regions == [("eight_traditional", 63, 8), ("six_2006", 63, 6), ("six_2025", 34, 6)]


def test_questions_to_an_empty_warehouse_have_empty_answers(empty_build: Path) -> None:
    """Without reports no question of the cookbook fails, and none returns figures."""
    with duckdb.connect(str(Layout(empty_build).database), read_only=True) as con:
        con.execute("set search_path = 'marts'")
        row_counts = {recipe.name: len(answer(con, recipe.name)) for recipe in recipes()}
    # Reference data, published figures, targets without actuals, and the seven kinds of a service, each with 0.
    assert {name for name, count in row_counts.items() if count} == {
        "who-became-whom", "national-figure-against-provinces", "by-which-definition", "public-services",
    }  # fmt: skip


def test_marts_have_contract_key_and_both_languages(manifest: dict[str, Any]) -> None:
    problems: list[str] = []
    for node in _models(manifest, "marts"):
        name = node["name"]
        if not node["config"]["contract"]["enforced"]:
            problems.append(f"{name}: contract not enforced")
        constraints = [c["type"] for c in node["constraints"]]
        constraints += [c["type"] for column in node["columns"].values() for c in column["constraints"]]
        if "primary_key" not in constraints:
            problems.append(f"{name}: no primary key")
        texts = {name: node["description"].splitlines()[0]} | {
            f"{name}.{column['name']}": column["description"] for column in node["columns"].values()
        }
        problems += [
            f"{where}: {text!r} is not '<Vietnamese> / <English>'" for where, text in texts.items() if " / " not in text
        ]
        if not re.match(r"Một dòng cho mỗi .* / One row per ", node["description"]):
            problems.append(f"{name}: the description does not start with the grain")
    assert problems == []


def test_every_model_declares_its_key(manifest: dict[str, Any]) -> None:
    """What is declared is checked whenever the model is built; marts declare theirs in their contract."""
    keys = {
        node["name"]: [c["columns"] for c in node["constraints"] if c["type"] == "primary_key"]
        for node in _models(manifest)
        if node["fqn"][1] != "marts"
    }
    unkeyed = [name for name, declared in keys.items() if len(declared) != 1]
    assert unkeyed == [], "declare the key of each as a primary_key constraint in the YAML beside its SQL"


def test_texts_that_marts_share_are_kept_once() -> None:
    """A column described alike in three marts has its text in columns.md."""
    written = re.compile(r'- name: (\w+)\n(?:        (?!description).*\n)*?        description: "([^{].*)"\n')
    marts = DBT_PROJECT_DIR / "models" / "marts"
    shared = re.findall(r"{% docs (\w+) %}(.+?){% enddocs %}", (marts / "columns.md").read_text(encoding="utf-8"))
    texts = [found for path in sorted(marts.rglob("*.yml")) for found in written.findall(path.read_text("utf-8"))]
    to_refer = "write the text once in marts/columns.md, and {{ doc('<column>') }} in the YAML of each mart"
    assert [text for text in texts if text in shared] == [], to_refer
    known = {name for name, _ in shared}
    assert [t for t, count in Counter(texts).items() if count >= 3 and t[0] not in known] == [], to_refer


def test_no_layer_is_skipped(manifest: dict[str, Any]) -> None:
    may_read = {
        "staging": {"source", "staging"},
        # int_submission_held reads the rules that can hold a submission.
        "intermediate": {"seed", "staging", "intermediate", "reconciliation"},
        "reconciliation": {"seed", "staging", "intermediate", "reconciliation"},
        "marts": {"seed", "intermediate", "reconciliation", "marts"},
    }
    problems = []
    for node in _models(manifest):
        layer = node["fqn"][1]
        for parent_id in node["depends_on"]["nodes"]:
            kind = parent_id.split(".")[0]
            parent = manifest["nodes"].get(parent_id)
            parent_layer = parent["fqn"][1] if kind == "model" and parent else kind
            # What the audit found comes back as a source, to the layer whose rows it judged.
            audited = layer == "reconciliation" and parent_id.startswith("source.htx.audit.")
            if parent_layer not in may_read[layer] and not audited:
                problems.append(f"{node['name']} ({layer}) reads {parent_id}")
    assert problems == []


def test_models_read_nothing_but_what_they_refer_to(empty_build: Path) -> None:
    """A change of what a model reads without ref() or source() would not rebuild it."""
    compiled = empty_build.parent / f"{empty_build.name}-target" / "compiled" / "htx" / "models"
    files = list(compiled.rglob("*.sql"))
    assert len(files) > 150
    by_name = re.compile(
        r"\b(?:from|join)\s+(?:marts|intermediate|reconciliation|staging|reference|raw)\.\w+", re.IGNORECASE
    )
    assert {file.name: found for file in files if (found := by_name.findall(file.read_text(encoding="utf-8")))} == {}


def test_wide_marts_read_dimensions_and_facts_only(manifest: dict[str, Any]) -> None:
    """Every value of a wide mart can be found in the tables of the release."""
    marts = ("dim_", "fct_", "bridge_", "mart_")
    problems = [
        f"{node['name']} reads {parent}"
        for node in _models(manifest, "marts")
        if node["name"].startswith("mart_")
        for parent in (identifier.split(".")[-1] for identifier in node["depends_on"]["nodes"])
        if not parent.startswith(marts)
    ]
    assert problems == []


def test_exposures_say_what_their_code_reads(manifest: dict[str, Any]) -> None:
    """Every consumer is named with the tables it reads: no more, no less; the release reads every mart."""
    marts = {node["name"] for node in _models(manifest, "marts")}
    for exposure in manifest["exposures"].values():
        files = [path for glob in exposure["config"]["meta"]["reads"] for path in sorted(PROJECT_ROOT.glob(glob))]
        assert files, exposure["name"]
        if exposure["name"] == "release":
            read = {path.stem for path in files}
        else:
            words = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
            read = words & marts
        declared = {identifier.split(".")[-1] for identifier in exposure["depends_on"]["nodes"]}
        assert declared == read, exposure["name"]
    assert {e["name"] for e in manifest["exposures"].values()} >= {"release", "cookbook", "anomaly_list"}


def test_documentation_builds(empty_build: Path) -> None:
    """`dbt docs generate`: one page that opens offline, with every mart, metric and exposure in it."""
    result = dbt(empty_build, "docs", "generate", "--static", "--no-compile")
    assert result.returncode == 0, result.stdout[-4000:]
    page = empty_build.parent / f"{empty_build.name}-target" / "static_index.html"
    text = page.read_text(encoding="utf-8")
    assert all(
        name in text for name in ("mart_national_overview", "metric.htx.bad_debt_ratio", "exposure.htx.cookbook")
    )


def test_no_clock_in_any_transformation() -> None:
    clock = re.compile(
        r"\b(now\(\)|current_date|current_timestamp|today\(\)|get_current_timestamp|run_started_at|random\()", re.I
    )
    found = [
        f"{path.relative_to(DBT_PROJECT_DIR)}: {match.group()}"
        for folder in ("models", "macros", "tests")
        for path in sorted((DBT_PROJECT_DIR / folder).rglob("*.sql"))
        for match in clock.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# --- with submissions --------------------------------------------------------------------------------------------


def _sheet_rows(
    sha: str, province: str, revision: int, received_at: datetime, *, closing_off_by: int = 0
) -> list[dict[str, Any]]:
    """A whole BIEU_01 of one type: eight leaves of 10, one of them founded each; the total's closing may be off."""
    lineage = {
        "artifact_sha256": sha,
        "sheet": "BIEU_01",
        "form": "BIEU_01",
        "form_version": "2021.1",
        "submitter": province,
        "period": "2021-11",
        "revision": revision,
        "received_at": received_at,
        "reading": 1,
        "batch_id": "",
        "org_type": "HTX",
    }
    one = dict.fromkeys(MEASURES, 0) | {
        "opening_count": 9,
        "founded_count": 1,
        "closing_count": 10,
        "operating_count": 10,
    }
    rows = [
        {"sector": "total"} | {k: v * 8 for k, v in one.items()},
        {"sector": "agriculture"} | one,
        {"sector": "non_agriculture"} | {k: v * 7 for k, v in one.items()},
        *({"sector": sector} | one for sector in LEAVES[1:]),
    ]
    rows[0]["closing_count"] += closing_off_by
    return [
        lineage | {"row_id": f"{sha[:8]}-{number}", "row_number": number} | row
        for number, row in enumerate(rows, start=8)
    ]


def _append(
    raw_zone: RawZone,
    name: str,
    province: str,
    revision: int,
    received_at: datetime,
    *,
    closing_off_by: int = 0,
    lost: int = 0,
    commit: bool = True,
) -> str:
    """One workbook with one BIEU_01 in a batch of its own; returns its SHA-256."""
    sha = hashlib.sha256(name.encode()).hexdigest()
    rows = _sheet_rows(sha, province, revision, received_at, closing_off_by=closing_off_by)
    counts = {"rows_read": len(rows) + lost, "rows_loaded": len(rows), "rows_rejected": 0, "rows_duplicate": 0}
    common = {"artifact_sha256": sha, "reading": 1, "batch_id": "", "outcome": "accepted"} | counts
    schema = load_forms()["BIEU_01"].raw_schema()
    tables = {
        "bieu_01": pa.Table.from_pylist(rows, schema=schema),
        "_sheets": pa.Table.from_pylist([common | {"sheet": "BIEU_01", "form": "BIEU_01"}], schema=SHEETS),
    }
    artifact = common | {
        "kind": "workbook",
        "name": name,
        "received_at": received_at,
        "submitter": province,
        "period": "2021-11",
        "revision": revision,
        "reader_fingerprint": "test",
    }
    batch = raw_zone.append(tables, pa.Table.from_pylist([artifact], schema=ARTIFACTS))
    if not commit:
        (raw_zone.root / "_artifacts" / f"{batch}.parquet").unlink()
    return sha


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Hà Nội: a first report, a correction, and a third one that breaks an identity. Hà Giang: files of a killed run.

    Phú Thọ and Vĩnh Phúc, which later became one province: one report each.
    """
    home = tmp_path_factory.mktemp("dbt") / "home"
    raw_zone = RawZone(Layout(home).raw)
    _append(raw_zone, "first.xlsx", "01", 1, datetime(2021, 12, 3, 8))
    _append(raw_zone, "second.xlsx", "01", 2, datetime(2021, 12, 8, 8))
    _append(raw_zone, "broken.xlsx", "01", 3, datetime(2021, 12, 9, 8), closing_off_by=5, lost=1)
    _append(raw_zone, "killed.xlsx", "02", 1, datetime(2021, 12, 3, 9), commit=False)
    _append(raw_zone, "phu-tho.xlsx", "25", 1, datetime(2021, 12, 4, 8))
    _append(raw_zone, "vinh-phuc.xlsx", "26", 1, datetime(2021, 12, 4, 18))
    result = dbt(home, "build", "--exclude", "tag:audited", "test_type:unit")
    assert result.returncode == 0, result.stdout[-4000:]
    return duckdb.connect(str(Layout(home).database), read_only=True)


def test_a_broken_revision_is_held_and_the_last_good_one_stays(built: duckdb.DuckDBPyConnection) -> None:
    outcomes = dict(built.execute("select file_name, outcome from marts.fct_submission").fetchall())
    assert outcomes == {
        "first.xlsx": "superseded",
        "second.xlsx": "current",
        "broken.xlsx": "held",
        "phu-tho.xlsx": "current",
        "vinh-phuc.xlsx": "current",
    }
    held = built.execute("select held_rule_ids from marts.fct_submission where outcome = 'held'").fetchone()
    assert held == ("stock_identity.closing, stock_split.status, stock_split.total",)
    sums = built.execute(
        "select sum(founded_count), sum(closing_count), max(revision), count(*) from marts.fct_organisation_count"
        " where is_current and province_key = '63-01'"
    ).fetchone()
    assert sums == (8, 80, 2, 8)


def test_rows_that_are_lost_are_named_with_file_form_and_sheet(built: duckdb.DuckDBPyConnection) -> None:
    lost = built.execute("select subject, expected, actual from reconciliation.rec_intake where excess > 0").fetchall()
    assert lost == [("Số dòng đọc = đã nạp + bị loại + trùng: broken.xlsx, BIEU_01 (BIEU_01)", 11, 10)]


def test_what_was_known_when(built: duckdb.DuckDBPyConnection) -> None:
    known = "select distinct revision from marts.organisation_count_as_of('{}') where province_key = '63-01'"
    assert built.execute(known.format("2021-12-03 07:59")).fetchall() == []
    assert built.execute(known.format("2021-12-03 08:00")).fetchall() == [(1,)]
    assert built.execute(known.format("2021-12-08 08:00")).fetchall() == [(2,)]
    assert built.execute(known.format("2031-01-01")).fetchall() == [(2,)]


def test_former_provinces_add_up_in_the_present_one(built: duckdb.DuckDBPyConnection) -> None:
    restated = (
        "select sum(closing_count), max(reporting_province_count)"
        " from marts.organisation_count_restated('{}') where province_key = '{}'"
    )
    assert built.execute(restated.format("34", "34-25")).fetchone() == (160, 2)
    assert built.execute(restated.format("63", "63-25")).fetchone() == (80, 1)


def test_periods_have_one_name_in_sql_and_python(built: duckdb.DuckDBPyConnection) -> None:
    names = dict(built.execute("select period_code, name_vi from marts.dim_period").fetchall())
    assert names == {code: format_period(Period(code)) for code in names}


def test_days_late_are_counted_in_vietnam(built: duckdb.DuckDBPyConnection) -> None:
    late = dict(built.execute("select file_name, days_late_count from marts.fct_submission").fetchall())
    # Due on 5 December; 18:00 UTC on the 4th is the 5th in Hà Nội, and still in time.
    assert (late["vinh-phuc.xlsx"], late["second.xlsx"]) == (0, 3)


def test_uncommitted_batches_are_not_seen(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(
        "select count(*) from staging.stg_bieu_01 where artifact_sha256 = ?",
        [hashlib.sha256(b"killed.xlsx").hexdigest()],
    ).fetchone() == (0,)
    status = built.execute(
        "select compliance_status from marts.mart_reporting_compliance where province_key = '63-02'"
    ).fetchone()
    assert status == ("missing",)
