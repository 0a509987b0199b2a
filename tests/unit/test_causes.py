"""Likely causes from the arithmetic of failures, and which failures are one finding."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

import pytest

from expectations.causes import Finding, likely_cause, swapped
from expectations.causes import findings as findings_of
from expectations.registry import load_rules

RULES = {rule.id: rule for rule in load_rules()}


def findings(failures: list[dict[str, Any]]) -> dict[str, Finding]:
    return findings_of(RULES, failures)


def cell(row: int, column: str, value: int | None, artifact: str = "a", sheet: str = "BIEU_01") -> dict[str, Any]:
    return {"artifact": artifact, "file": "46.xlsx", "sheet": sheet, "row": row, "column": column, "value": value}


def failure(
    rule_id: str,
    expected: int,
    actual: int,
    *,
    left: list[dict[str, Any]] | None = None,
    right: list[dict[str, Any]] | None = None,
    grain: str = "province=63-46|period=2021-11|org_type=HTX|sector=agriculture",
    artifact: str | None = "a",
    detail: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "residual_id": f"{rule_id}|{grain}|{artifact}",
        "rule_id": rule_id,
        "grain": grain,
        "province_key": "63-46",
        "period_code": "2021-11",
        "expected": Decimal(expected),
        "actual": Decimal(actual),
        "difference": Decimal(actual - expected),
        "expected_evidence": json.dumps(left or []),
        "actual_evidence": json.dumps(right or []),
        "artifact_sha256": artifact,
        "detail": json.dumps(detail or {}),
    }


PARTS = [cell(10, "founded_count", 148), cell(11, "founded_count", 41)]

CASES = {
    "a factor of a thousand": (failure("fund.groups", 31_500_000_000, 31_500_000), "factor"),
    "a factor of ten in one cell": (
        failure("stock_split.total", 1089, 837, right=[cell(10, "x", 28), cell(11, "x", 809)]),
        "factor",
    ),
    "digits swapped": (failure("roll_up.stock_operating", 26661, 26616), "digits_swapped"),
    "digits swapped in one cell": (
        failure("stock_identity.closing", 300, 282, left=[cell(9, "opening_count", 42), cell(9, "founded_count", 7)]),
        "digits_swapped",
    ),
    "last month's opening": (
        failure("stock_continuity.opening", 310, 297, detail={"previous_opening": {"value": 297}}),
        "last_period",
    ),
    "the opening as closing": (
        failure("stock_identity.closing", 152, 148, left=[cell(9, "opening_count", 148), cell(9, "founded_count", 4)]),
        "last_period",
    ),
    "a part counted twice": (failure("stock_split.total", 189, 230, right=PARTS), "counted_twice"),
    "a sector missing": (
        failure("stock_split.total", 189, 148, right=[cell(10, "x", 148), cell(11, "x", 0)]),
        "part_missing",
    ),
    "added instead of subtracted": (
        failure("fund.balance", 1000, 1260, left=[cell(9, "opening", 900), cell(9, "repaid", 130)]),
        "sign",
    ),
    "a copied sheet": (failure("plausibility.copied_sheet", 0, 1), "copied"),
    "nothing in particular": (failure("stock_split.total", 189, 203, right=PARTS), None),
    # One off is one off: every small cell would explain it.
    "too small to tell": (
        failure("stock_split.total", 5, 6, right=[cell(10, "x", 1), cell(11, "x", 5)]),
        None,
    ),
    # Of 100 and 1000 nobody knows whether a zero slipped or the figure changed.
    "a round number in one cell": (
        failure("stock_split.total", 1100, 200, right=[cell(10, "x", 100), cell(11, "x", 137)]),
        None,
    ),
    "two round sides": (failure("fund.groups", 3_000, 300), None),
    "two cells would explain it": (
        failure("stock_split.total", 82, 123, right=[cell(10, "x", 41), cell(11, "x", 41)]),
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_likely_cause(name: str) -> None:
    case, code = CASES[name]
    found = likely_cause(RULES[case["rule_id"]], case)
    assert (found[0] if found else None) == code


def test_digits_that_change_places() -> None:
    assert swapped(Decimal(1234)) == {Decimal(2134), Decimal(1324), Decimal(1243)}
    assert swapped(Decimal(3000)) == swapped(Decimal(10)) == set()
    assert swapped(Decimal(7)) == swapped(Decimal("1.5")) == swapped(Decimal(11)) == set()


def groups_of(failures: list[dict[str, Any]]) -> set[frozenset[str]]:
    found = findings(failures)
    heads: dict[str, set[str]] = {}
    for name, finding in found.items():
        heads.setdefault(finding.group_id, set()).add(name)
    assert all(found[name].group_size == len(members) for members in heads.values() for name in members)
    return {frozenset(members) for members in heads.values()}


def test_one_shifted_column_is_one_finding_not_forty() -> None:
    rows = [
        failure("stock_identity.closing", 10 * n, 11 * n, grain=f"sector={n}", left=[cell(n, "opening_count", 9 * n)])
        for n in range(1, 41)
    ]
    (group,) = groups_of(rows)
    assert len(group) == 40
    assert {f.cause for f in findings(rows).values()} == {"shifted_column"}


def test_two_cells_in_two_rows_are_two_findings() -> None:
    one = failure("stock_identity.closing", 10, 12, grain="org_type=HTX|sector=a", right=[cell(9, "closing_count", 12)])
    two = failure(
        "stock_identity.closing", 20, 25, grain="org_type=HTX|sector=b", right=[cell(10, "closing_count", 25)]
    )
    assert len(groups_of([one, two])) == 2


def test_a_wrong_cell_that_breaks_three_rules_is_one_finding() -> None:
    wrong = cell(9, "closing_count", 152)
    assert (
        len(
            groups_of(
                [
                    failure("stock_identity.closing", 148, 152, right=[wrong]),
                    failure("stock_split.status", 152, 148, left=[wrong]),
                    failure("stock_continuity.opening", 152, 148, left=[wrong], artifact="b", grain="period=2021-12"),
                ]
            )
        )
        == 1
    )


def test_a_copied_sheet_explains_what_else_is_wrong_on_it() -> None:
    copied = failure("plausibility.copied_sheet", 0, 1, right=[cell(9, "x", None)])
    openings = [
        failure("stock_continuity.opening", 10 + n, 3, grain=f"sector={n}", right=[cell(n, "opening_count", 3)])
        for n in range(1, 8)
    ]
    other_sheet = failure("fund.opening", 5, 9, grain="fund=Q", right=[cell(9, "opening", 9, sheet="BIEU_04A")])
    everything = [copied, *openings, other_sheet]
    assert sorted(len(group) for group in groups_of(everything)) == [1, 8]
    assert {findings(everything)[o["residual_id"]].cause for o in openings} == {"copied"}


def test_quotes_of_two_articles_about_one_report_stay_apart() -> None:
    report = [cell(9, "founded_count", 5)]
    pages = [
        failure(
            "news_report.founded", said, 5, grain=f"claim={said}", right=report,
            left=[{"artifact": f"page{said}", "url": "http://localhost/x", "start": 1, "end": 9, "value": said}],
        )
        for said in (7, 8)
    ]  # fmt: skip
    assert len(groups_of(pages)) == 2


def test_equal_failures_give_equal_findings_in_any_order() -> None:
    failures = [case for case, _ in CASES.values()]
    for number, one in enumerate(failures):
        one["residual_id"] = f"{number:02d}"
    shuffled = failures[:]
    random.Random(3).shuffle(shuffled)
    assert findings(failures) == findings(shuffled)
