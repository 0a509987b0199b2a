"""The audit's findings compared with the planted faults: found, missed, wrongly grouped, false positives.

Runs dbt and the audit on a world in a separate home. A false positive is an anomaly in a clean world, or where
nothing was planted. A fault is wrongly grouped if it causes more than one finding at its place, or if two faults of
one workbook become one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations.audit import run_audit
from expectations.registry import export_rules
from ingestion.samples.world import World
from tests.audit_score.planting import Planted
from tests.audit_score.raw import write_raw
from warehouse.connections import connect_build
from warehouse.layout import DBT_PROJECT_DIR, Layout

#: About documents of the reference data: the same in every world.
REFERENCE = ("plan.documents", "plan.floors")
#: Judged by others' scores (claims against claims), or by no world at all.
OTHERS = ("news_report", "claim_split", "region_split", *REFERENCE)


@dataclass(frozen=True)
class Judged:
    """The audit of one world: anomalies and, per rule, how many figures were judged and how many failed."""

    anomalies: list[dict[str, Any]]
    evaluated: dict[str, int]
    failed: dict[str, int]
    seconds: float


@dataclass
class Score:
    """One rule's result."""

    planted: int = 0
    found: int = 0
    grouped_wrongly: int = 0
    evaluated_clean: int = 0
    false_positives: int = 0
    missed: list[Planted] = field(default_factory=list)
    #: Faults that became several findings: the rules of each.
    torn: list[tuple[Planted, list[list[str]]]] = field(default_factory=list)


def judge(world: World, home: Path) -> Judged:
    """Write the world into ``home``, build up to the residuals, audit."""
    layout = Layout(home)
    layout.prepare()
    write_raw(world, layout)
    export_rules(layout)
    environment = os.environ | {
        "HTX_HOME": str(home),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [
        sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build", "--select", "+rec_residual",
        "+int_submission_held", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[-4000:])
    connection = connect_build(layout)
    try:
        result = run_audit(connection, layout.audit)
    finally:
        connection.close()
    return Judged(
        pq.read_table(layout.audit / "anomalies.parquet").to_pylist(),
        {rule: o.evaluated for rule, o in result.outcomes.items()},
        {rule: o.failed for rule, o in result.outcomes.items()},
        result.seconds,
    )


def _near(fault: Planted, anomaly: dict[str, Any], periods: Sequence[str]) -> bool:
    """In the fault's place: its own month, or the month after, which continues it."""
    if fault.province_key != anomaly["province_key"]:
        return False
    after = periods[periods.index(fault.period) + 1 :][:1] if fault.period in periods else []
    return anomaly["period_code"] in (fault.period, *after)


def score(
    worlds: Sequence[tuple[Sequence[Planted], Judged]], clean: Judged, world: World
) -> tuple[dict[str, Score], list[dict[str, Any]]]:
    """Scores by rule id over faulty worlds, and their anomalies at places where nothing was planted."""
    scores: dict[str, Score] = defaultdict(Score)
    stray = [anomaly for planted, faulty in worlds for anomaly in _score_one(scores, planted, faulty, world)]
    for rule, count in clean.evaluated.items():
        if not rule.startswith(OTHERS):
            scores[rule].evaluated_clean = count
            scores[rule].false_positives = clean.failed[rule]
    return dict(scores), stray


def _score_one(
    scores: dict[str, Score], planted: Sequence[Planted], faulty: Judged, world: World
) -> list[dict[str, Any]]:
    periods = sorted({s.period for s in world.statements if len(s.period) == 7 and s.period[5] not in "QH"})
    by_place: dict[tuple[str | None, str | None], list[dict[str, Any]]] = defaultdict(list)
    for anomaly in faulty.anomalies:
        by_place[anomaly["province_key"], anomaly["period_code"]].append(anomaly)
    explained: set[str] = set()
    heads: dict[tuple[str | None, str], list[set[str]]] = defaultdict(list)
    for fault in planted:
        result = scores[fault.recipe.rule_id]
        result.planted += 1
        around = [a for place, found in by_place.items() for a in found
                  if place[0] == fault.province_key and _near(fault, a, periods)]  # fmt: skip
        own = [a for a in around if a["rule_id"] == fault.recipe.rule_id and a["period_code"] == fault.period]
        explained |= {a["residual_id"] for a in around}
        if not own:
            result.missed.append(fault)
            continue
        result.found += 1
        groups = {a["group_id"] for a in own}
        # Lists of loans, members and claims hold a finding per entry; what one fault sets off is one all the same.
        spread = groups if fault.together else {a["group_id"] for a in around}
        if fault.province_key and len(spread) > 1:
            result.grouped_wrongly += 1
            rules: dict[str, list[str]] = defaultdict(list)
            for anomaly in own if fault.together else around:
                rules[anomaly["group_id"]].append(anomaly["rule_id"])
            result.torn.append((fault, sorted(rules.values())))
        if fault.together:
            heads[fault.province_key, fault.period].append(groups)
    for (key, period), pair in heads.items():
        if len(pair) == 2 and pair[0] & pair[1]:
            for fault in planted:
                if (fault.province_key, fault.period, fault.together) == (key, period, True):
                    scores[fault.recipe.rule_id].grouped_wrongly += 1
    groups_explained = {a["group_id"] for a in faulty.anomalies if a["residual_id"] in explained}
    return [a for a in faulty.anomalies if a["residual_id"] not in explained and a["group_id"] not in groups_explained
            and not a["rule_id"].startswith(OTHERS)]  # fmt: skip
