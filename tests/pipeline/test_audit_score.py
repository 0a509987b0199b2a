"""The audit finds what was planted and nothing else, on a country small enough for every change of the code.

``make audit-score`` does the same over 24 months, the whole country and the merger of 2025.
"""

from __future__ import annotations

from collections import Counter

import pytest

from ingestion.samples.world import clean_world
from tests.audit_score.planting import plant
from tests.audit_score.scoring import REFERENCE, Judged, Score, judge, score

PLAUSIBILITY = "plausibility."


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Score], Judged]:
    home = tmp_path_factory.mktemp("score")
    clean = clean_world(provinces=20, months=10)
    faulty = clean.copy()
    planted = plant(faulty, each=1, together=4)
    judged = judge(clean, home / "clean")
    scores, _ = score([(planted, judge(faulty, home / "faulty"))], judged, clean)
    return scores, judged


def test_arithmetic_finds_every_planted_fault_and_nothing_on_clean_data(
    scored: tuple[dict[str, Score], Judged],
) -> None:
    scores, judged = scored
    arithmetic = {rule: found for rule, found in scores.items() if not rule.startswith(PLAUSIBILITY)}
    assert sum(found.planted for found in arithmetic.values()) >= 40
    assert [fault for found in arithmetic.values() for fault in found.missed] == []
    found_on_clean = Counter(anomaly["rule_id"] for anomaly in judged.anomalies)
    assert [rule for rule in found_on_clean if not rule.startswith((PLAUSIBILITY, *REFERENCE))] == []


def test_plausibility_has_fewer_than_one_false_positive_in_a_thousand(scored: tuple[dict[str, Score], Judged]) -> None:
    scores, _ = scored
    plausible = [found for rule, found in scores.items() if rule.startswith(PLAUSIBILITY)]
    figures = sum(found.evaluated_clean for found in plausible)
    assert figures > 3000
    assert sum(found.false_positives for found in plausible) * 1000 <= figures
