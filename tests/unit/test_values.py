"""Cells to values: zero, missing and unreadable are three things; nothing is guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from ingestion.submissions.forms import Column
from ingestion.submissions.values import CellError, Value, converter
from ingestion.submissions.workbook import Cell


def column(kind: str, **more: object) -> Column:
    return Column.model_validate({"name": "c", "type": kind, "header": ["C"], "vi": "c", "en": "c", **more})


MONEY = column("money", unit="million_vnd")


@pytest.mark.parametrize(
    ("of", "cell", "value"),
    [
        (column("integer"), 41.0, 41),
        (column("integer"), "20.767", 20767),
        (column("integer"), "-", None),
        (column("integer"), 0.0, 0),
        (MONEY, "1.234,5", Decimal(1_234_500_000)),
        (MONEY, 0.1 + 0.2, Decimal(300_000)),
        (column("percent", unit="percent_per_month"), "0,4", Decimal("4.8")),
        (column("percent"), "40%", Decimal(40)),
        (column("date"), datetime(2021, 11, 30), date(2021, 11, 30)),
        (column("date"), "30/11/2021", date(2021, 11, 30)),
        (column("code", code_list="sectors"), "  Phi nông nghiệp ", "non_agriculture"),
        (column("code", code_list="legal_regime"), 2012.0, "2012"),
        (column("text"), 46.0, "46"),
        (column("period"), "Tháng 11 năm 2021", "2021-11"),
    ],
)
def test_takes(of: Column, cell: Cell, value: Value) -> None:
    assert converter(of)(cell) == value


@pytest.mark.parametrize(
    ("of", "cell"),
    [
        (column("integer"), "20,767"),
        (column("integer"), 1.5),
        (column("integer"), True),
        (column("integer", minimum=0), -1.0),
        (column("integer", required=True), ""),
        (column("integer", required=True), "…"),
        (column("integer", maximum=5), 6.0),
        (MONEY, "0,1234567"),
        (column("date"), "31/2/2021"),
        (column("date"), 44530.0),
        (column("year"), 85.0),
        (column("code", code_list="sectors"), "vũ trụ"),
    ],
)
def test_refuses_and_says_what_was_expected(of: Column, cell: Cell) -> None:
    with pytest.raises(CellError) as refusal:
        converter(of)(cell)
    assert refusal.value.expected
