"""Periods, dates and places: nothing is completed from today, and a name means a place on one map."""

from datetime import date

import pytest

from ingestion.vietnamese.periods import Period, format_period, parse_date_text, parse_period_text
from ingestion.vietnamese.places import find_province, provinces
from ingestion.vietnamese.text import fold, nfc


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tháng 11/2021", "2021-11"),
        ("tháng 9 năm 2021", "2021-09"),
        ("Quý I/2026", "2026-Q1"),
        ("quí 4/2024", "2024-Q4"),
        ("6 tháng đầu năm 2018", "2018-H1"),
        ("Sáu tháng cuối năm 2018", "2018-H2"),
        ("Năm 2021", "2021"),
        ("2021-11", "2021-11"),
    ],
)
def test_reads_periods(text: str, code: str) -> None:
    assert parse_period_text(text).code == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("2021-11", "Tháng 11/2021"),
        ("2021-09", "Tháng 9/2021"),
        ("2021-Q4", "Quý IV/2021"),
        ("2021-H1", "6 tháng đầu năm 2021"),
        ("2021", "Năm 2021"),
    ],
)
def test_writes_periods(code: str, text: str) -> None:
    assert format_period(Period(code)) == text
    assert format_period(Period(code), within_sentence=True) == text.replace("T", "t").replace("Q", "q").replace(
        "N", "n"
    )
    assert parse_period_text(text) == Period(code)


@pytest.mark.parametrize("text", ["Tháng 11", "tháng 13/2021", "quý V/2021", "hôm nay", "2021-13", ""])
def test_refuses_incomplete_periods(text: str) -> None:
    with pytest.raises(ValueError):
        parse_period_text(text)


def test_period_bounds() -> None:
    assert (Period("2021-Q4").start, Period("2021-Q4").end) == (date(2021, 10, 1), date(2021, 12, 31))
    assert (Period("2024-02").end, Period("2021-H1").end) == (date(2024, 2, 29), date(2021, 6, 30))


@pytest.mark.parametrize("text", ["15/6/2018", "15.6.2018", "15-06-2018", "ngày 15 tháng 6 năm 2018", "2018-06-15"])
def test_reads_dates(text: str) -> None:
    assert parse_date_text(text) == date(2018, 6, 15)


@pytest.mark.parametrize("text", ["15/6", "6/2018", "31/2/2021", "15/6/18", "hôm qua"])
def test_refuses_partial_dates(text: str) -> None:
    with pytest.raises(ValueError):
        parse_date_text(text)


def test_the_two_maps_have_63_and_34_provinces() -> None:
    assert len(provinces("before_2025_07")) == 63
    assert len(provinces("from_2025_07")) == 34


def test_a_name_is_another_place_after_the_merger() -> None:
    before, after = date(2024, 12, 31), date(2026, 1, 31)
    old, new = find_province("Phú Thọ", before), find_province("tỉnh Phú Thọ", after)
    assert old and new and (old.key, new.key) == ("63-25", "34-25")
    assert find_province("Yên Bái", after) is None
    lao_cai = find_province("Lào Cai", after)
    assert lao_cai and lao_cai.code == "15"


@pytest.mark.parametrize("name", ["TP. Huế", "Thừa Thiên - Huế", "Thừa Thiên Huế", "THỪA THIÊN HUẾ"])
def test_variants_are_known(name: str) -> None:
    found = find_province(name, date(2021, 11, 30))
    assert found and found.code == "46"


def test_folding_and_normal_form() -> None:
    assert fold("Đơn vị\u00a0 tính:") == fold("Ðơn vị tính") == "don vi tinh"
    assert nfc("Ho\u031b\u0323p ta\u0301c") == "Hợp tác"
