"""A new rule is its entry and its SQL: with these two files alone it is compared, judged, explained and counted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations import registry
from expectations.audit import run_audit
from expectations.dbt_models import MODELS_DIR, models_by_rule, render
from expectations.registry import RULES_DIR, load_rules
from tests.macros import rendered_text
from tests.unit.residual_build import layout_in, write_build
from warehouse.connections import connect_build

RULE = """\
family: demo
vi: "Quy tắc thử."
en: "A rule to try."
rules:
  - id: demo.floor
    severity: flag
    kind: at_least
    title_vi: "Không thấp hơn mức tối thiểu"
    title_en: "At or above the floor"
    missing_side: "Không ghi số liệu."
    fix_by: "Người thử"
    explain_vi: "{subject}: chỉ có {actual}, mức tối thiểu là {expected}."
    examples:
      - {subject: "Mẫu", expected: 10, actual: 12, outcome: pass}
      - {subject: "Mẫu", expected: 10, actual: 8, outcome: fail}
"""
SQL = """\
with cases (grain, actual) as (
  values ('above', 12), ('below', 8), ('missing', null)
),

sides as (
  select
    'demo.floor' as rule_id,
    grain,
    cast(null as varchar) as province_key,
    cast(null as varchar) as period_code,
    'Mẫu ' || grain as subject,
    10 as expected,
    actual,
    0 as claim_precision,
    cast(null as varchar) as not_comparable_reason,
    cast(null as varchar) as expected_evidence,
    cast(null as varchar) as actual_evidence,
    cast(null as varchar) as artifact_sha256,
    cast(null as varchar) as detail
  from cases
)

{{ residuals_of('sides') }}
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Both folders of the rules, copied, with one file added to each; the folder of the models."""
    for name, folder in (("rules", RULES_DIR), ("models", MODELS_DIR)):
        shutil.copytree(folder, tmp_path / name)
    (tmp_path / "rules" / "demo.yml").write_text(RULE, encoding="utf-8")
    (tmp_path / "models" / "rec_demo.sql").write_text(SQL, encoding="utf-8")
    monkeypatch.setattr(registry, "RULES_DIR", tmp_path / "rules")
    load_rules.cache_clear()
    yield tmp_path / "models"
    load_rules.cache_clear()


def test_a_new_rule_is_judged(models: Path, tmp_path: Path) -> None:
    assert models_by_rule(load_rules(), models)["demo.floor"] == ["rec_demo"]
    assert "'rec_demo'" in render(load_rules(), models)
    layout = layout_in(tmp_path)
    write_build(layout, [])
    with connect_build(layout) as con:
        residuals = rendered_text((models / "rec_demo.sql").read_text(encoding="utf-8"), lambda _: "raw.rules")
        con.execute(f"insert into reconciliation.rec_residual {residuals}")
        result = run_audit(con, layout.audit)
    outcomes = pq.read_table(layout.audit / "outcomes.parquet").sort_by("grain").to_pylist()
    assert [(row["rule_id"], row["outcome"]) for row in outcomes] == [
        ("demo.floor", "pass"),
        ("demo.floor", "fail"),
        ("demo.floor", "not_comparable"),
    ]
    assert outcomes[1]["explanation_vi"] == "Mẫu below: chỉ có 8, mức tối thiểu là 10."
    assert outcomes[2]["explanation_vi"].endswith("Không ghi số liệu.")
    (rule,) = (r for r in json.loads(json.dumps(result.summary))["rules"] if r["rule_id"] == "demo.floor")
    assert (rule["status"], rule["evaluated"], rule["failed"], rule["not_comparable"]) == ("fail", 2, 1, 1)
