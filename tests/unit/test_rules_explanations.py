"""What a province reads when a rule fails."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from expectations.explanations import describe_source, explain
from expectations.registry import Kind, Rule, load_rules

WORKBOOK = {"artifact": "a", "file": "46.xlsx", "sheet": "BIEU_01", "row": 12, "column": "closing_count", "value": 3}
PAGE = {"artifact": "b", "url": "http://localhost/bai", "quote": "thành lập mới 895 HTX", "start": 1, "end": 22}


def test_sources_name_file_sheet_row_or_address_and_quote() -> None:
    assert (
        describe_source(json.dumps([WORKBOOK]))
        == "tệp 46.xlsx, trang BIEU_01, dòng 12, cột “Số lượng tổ chức – Cuối kỳ”"
    )
    assert describe_source(json.dumps([PAGE])) == "bài http://localhost/bai, câu «thành lập mới 895 HTX»"
    many = [WORKBOOK] * 5 + [{"more": 43}]
    assert describe_source(json.dumps(many)).endswith("và 46 nơi khác")
    assert describe_source("[]") == describe_source(None) == "không ghi nơi"


def test_malformed_evidence_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a JSON list"):
        describe_source('{"file": "x"}')


def explained(rule: Rule, tolerance: int) -> str:
    return explain(
        rule,
        {
            "subject": "Chủ đề",
            "period_code": "2021-11",
            "expected": Decimal(20767),
            "actual": Decimal(20676),
            "difference": Decimal(-91),
            "tolerance": Decimal(tolerance),
            "expected_evidence": json.dumps([PAGE]),
            "actual_evidence": json.dumps([WORKBOOK]),
            "detail": json.dumps({"missing_regions": ["Tây Nguyên"], "value": 20.5, "usual": 205}),
        },
    )


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_explains_itself(rule: Rule) -> None:
    text = explained(rule, tolerance=0 if not rule.tolerance.absolute else 7)
    assert "Chủ đề" in text
    if rule.kind is Kind.EQUAL:
        assert "20.767" in text and "20.676" in text
    if rule.kind in (Kind.NONE, Kind.HOLDS):
        assert "20.767" not in text
    assert not set("{}[]") & set(text)
    assert "  " not in text
    assert "tối đa 0" not in text


def test_the_tolerance_is_shown_only_where_it_is_not_0() -> None:
    (rule,) = (rule for rule in load_rules() if rule.id == "news_report.founded")
    assert "(thấp hơn 91)" in explained(rule, tolerance=0)
    assert "(thấp hơn 91; được lệch tối đa 7 theo cách viết của bài)" in explained(rule, tolerance=7)


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        ("8.746428", "9.1", ("8,75", "9,1")),
        ("57.143", "57.142", ("57,143", "57,142")),
        ("12345678901234567890123456.123456", "1", ("12.345.678.901.234.567.890.123.456,12", "1")),
        ("7", "7", ("7", "7")),
    ],
)
def test_figures_have_as_many_decimals_as_tell_them_apart(expected: str, actual: str, shown: tuple[str, str]) -> None:
    (rule,) = [rule for rule in load_rules() if rule.id == "plan.attainment"]
    sides = {
        "expected": Decimal(expected),
        "actual": Decimal(actual),
        "difference": Decimal(1),
        "tolerance": Decimal(0),
    }
    evidence = {"expected_evidence": json.dumps([WORKBOOK]), "actual_evidence": json.dumps([WORKBOOK])}
    text = explain(rule, {"subject": "x", "period_code": "2021-11", "detail": None, **sides, **evidence})
    assert f"được {shown[0]} %" in text and f"ghi {shown[1]} %" in text
