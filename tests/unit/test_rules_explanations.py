"""What a province reads when a rule fails."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from expectations.explanations import describe_source, explain
from expectations.registry import load_rules

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


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_explains_itself_with_both_sides(rule) -> None:  # type: ignore[no-untyped-def]
    text = explain(
        rule,
        {
            "subject": "Chủ đề",
            "period_code": "2021-11",
            "expected": Decimal(20767),
            "actual": Decimal(20676),
            "difference": Decimal(-91),
            "tolerance": Decimal(0),
            "expected_evidence": json.dumps([PAGE]),
            "actual_evidence": json.dumps([WORKBOOK]),
            "detail": json.dumps({"missing_regions": ["Tây Nguyên"]}),
        },
    )
    assert "Chủ đề" in text
    assert "20.767" in text
    assert "20.676" in text
    assert "{" not in text
    assert "  " not in text
