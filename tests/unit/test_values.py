"""Cells to values: zero, missing and unreadable are three things; nothing is guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.forms.definition import Column
from ingestion.submissions.values import CellError, Value, converter, money_factor
from ingestion.submissions.workbook import Cell
from ingestion.vietnamese.numbers import format_number


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
        (column("date"), "2021-11-30 00:00:00", date(2021, 11, 30)),
        (column("date"), 44530.0, date(2021, 11, 30)),
        (MONEY, 999_999_999_999.0, Decimal(999_999_999_999_000_000)),
        (MONEY, "9 tỷ 350 triệu đồng", Decimal(9_350_000_000)),
        (MONEY, "6,5 triệu", Decimal(6_500_000)),
        (MONEY, "500.000 đ", Decimal(500_000)),
        (MONEY, "12,5 tr.đ", Decimal(12_500_000)),
        (column("integer"), "5.935 nghìn", 5_935_000),
        (column("period"), datetime(2021, 11, 1), "2021-11"),
        (column("period"), "11/2021", "2021-11"),
        (column("period"), "T11/2021", "2021-11"),
        (column("period"), "Q1/2026", "2026-Q1"),
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
        (column("date"), 45.0),
        (column("date"), 44530.5),
        (column("date"), "44530"),
        (MONEY, "9 tỷ 350"),
        (MONEY, "20,767 triệu"),
        (MONEY, 1e12),
        (MONEY, "1.000.000.000 tỷ đồng"),
        (column("period"), datetime(2021, 11, 2)),
        (column("year"), 85.0),
        (column("code", code_list="sectors"), "vũ trụ"),
    ],
)
def test_refuses_and_says_what_was_expected(of: Column, cell: Cell) -> None:
    with pytest.raises(CellError) as refusal:
        converter(of)(cell)
    assert refusal.value.expected


DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
DATE_STYLES = {
    "slash": lambda d: f"{d.day}/{d.month}/{d.year}",
    "padded": lambda d: f"{d:%d/%m/%Y}",
    "dot": lambda d: f"{d.day}.{d.month}.{d.year}",
    "hyphen": lambda d: f"{d.day}-{d.month}-{d.year}",
    "spaced": lambda d: f" {d.day} / {d.month} / {d.year} ",
    "words": lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}",
    "iso": lambda d: d.isoformat(),
    "midnight": lambda d: f"{d.isoformat()} 00:00:00",
    "cell": lambda d: datetime(d.year, d.month, d.day),
    "serial": lambda d: float((d - date(1899, 12, 30)).days),
}


@pytest.mark.parametrize("style", DATE_STYLES)
@given(day=DAYS)
def test_every_day_in_every_style(style: str, day: date) -> None:
    assert converter(column("date"))(DATE_STYLES[style](day)) == day


@given(DAYS)
def test_days_of_a_workbook_that_counts_from_1904(day: date) -> None:
    assert converter(column("date"), since_1904=True)(float((day - date(1904, 1, 1)).days)) == day


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("31/2/2021", "tháng 2/2021 có 28 ngày"), ("2/13/2021", "không có tháng 13"), ("2/6/21", "2021")],
)
def test_an_impossible_day_is_refused_with_the_reason(cell: str, reason: str) -> None:
    with pytest.raises(CellError) as refusal:
        converter(column("date"))(cell)
    assert reason in refusal.value.expected


PERIOD_STYLES = {
    "month": ["Tháng {m}/{y}", "tháng {m} năm {y}", "Tháng {m:02d}/{y}", "{m}/{y}", "T{m}/{y}", "{y}-{m:02d}"],
    "quarter": ["Quý {q}/{y}", "quí {r} năm {y}", "Quý {r}/{y}", "Q{q}/{y}", "{y}-Q{q}"],
    "half_year": ["6 tháng {h} năm {y}", "Sáu tháng {h} năm {y}", "{y}-H{n}"],
    "year": ["Năm {y}", "cả năm {y}", "{y}"],
}


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_every_period_in_every_style(year: int, month: int) -> None:
    quarter, half = (month + 2) // 3, (month + 5) // 6
    codes = {
        "month": f"{year}-{month:02d}",
        "quarter": f"{year}-Q{quarter}",
        "half_year": f"{year}-H{half}",
        "year": f"{year}",
    }
    for kind, styles in PERIOD_STYLES.items():
        for style in styles:
            text = style.format(
                y=year, m=month, q=quarter, r=("I", "II", "III", "IV")[quarter - 1], h=("đầu", "cuối")[half - 1], n=half
            )
            assert converter(column("period"))(text) == codes[kind], text


@given(st.decimals(0, 1000, places=1))
def test_percentages_in_three_styles(share: Decimal) -> None:
    of, text = converter(column("percent")), format_number(share)
    assert of(text) == of(f"{text}%") == of(f"{text} %") == of(float(share)) == share


@given(
    st.integers(0, 10**8),
    st.sampled_from([("đồng", 1), ("nghìn đồng", 10**3), ("triệu đồng", 10**6), ("tỷ đồng", 10**9)]),
)
def test_money_by_unit_of_the_sheet_or_of_the_cell(amount: int, unit: tuple[str, int]) -> None:
    word, factor = unit
    assert converter(MONEY, money_factor([word]))(format_number(amount)) == amount * factor
    assert converter(MONEY)(f"{format_number(amount)} {word}") == amount * factor
