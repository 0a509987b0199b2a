"""Recognition before grammar: figures and their units, times, document numbers, vocabulary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.news.claims.tokens import Figure, Token, tokenise
from ingestion.news.claims.vocabulary import load_vocabulary
from ingestion.vietnamese.numbers import NumberFormatError, parse_number_words
from ingestion.vietnamese.text import composed_with_offsets, tone_key
from ingestion.vietnamese.times import recognise


def tokens(text: str) -> list[Token]:
    return tokenise(text, load_vocabulary())


def figures(text: str) -> list[Figure]:
    return [token.figure for token in tokens(text) if token.figure]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20.767", Figure(Decimal(20767))),
        ("08 HTX", Figure(Decimal(8))),
        ("6,5 triệu", Figure(Decimal(6_500_000))),
        ("68,5 nghìn tỷ đồng", Figure(Decimal(68_500_000_000_000), unit="money")),
        ("9 tỷ 350 triệu đồng", Figure(Decimal(9_350_000_000), unit="money")),
        ("1.250 triệu đồng/HTX/năm", Figure(Decimal(1_250_000_000), unit="money", per=("htx", "năm"))),
        ("0,45%/tháng", Figure(Decimal("0.45"), unit="percent", per=("tháng",))),
        ("300 - 500 mô hình", Figure(Decimal(300), Decimal(500))),
        ("29/34 tỉnh", Figure(Decimal(29), denominator=Decimal(34))),
        ("1.000 ha", Figure(Decimal(1000), unit="ha")),
        ("ba mươi hai HTX", Figure(Decimal(32))),
    ],
)
def test_figures(text: str, expected: Figure) -> None:
    assert figures(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 461/QĐ-TTg ngày 27/4/2018",
        "Nghị quyết 01/NQ-CP ngày 01/01/2018",
        "Nghị quyết số 13-NQ/TW ngày 18/3/2002",
        "Kế hoạch 462 /LMHTXVN-KHHT",
        "Luật HTX năm 2012",
        "khóa IX, lần thứ 5, Điều 37",
        "0236 3812 345",
        "14:30",
        "20,767",
        "công nghiệp 4.0",
        "Covid-19",
        "ba bên, năm HTX",
        "999.999.999.999 triệu tỷ đồng",
    ],
)
def test_what_is_no_fact_is_no_figure(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "role", "span"),
    [
        ("Đến ngày 15/6/2018", "as_of", (date(2018, 6, 15), date(2018, 6, 15))),
        ("Tính đến hết quý I/2026", "as_of", (date(2026, 1, 1), date(2026, 3, 31))),
        ("ngày 2 tháng 6 năm 2021", "day", (date(2021, 6, 2), date(2021, 6, 2))),
        ("tháng 11/2021", "period", (date(2021, 11, 1), date(2021, 11, 30))),
        ("tháng 12", "period", (date(2020, 12, 1), date(2020, 12, 31))),
        ("quí 2 năm 2021", "period", (date(2021, 4, 1), date(2021, 6, 30))),
        ("Sáu tháng đầu năm 2018", "period", (date(2018, 1, 1), date(2018, 6, 30))),
        ("6 tháng cuối năm 2018", "period", (date(2018, 7, 1), date(2018, 12, 31))),
        ("9 tháng năm 2024", "period", (date(2024, 1, 1), date(2024, 9, 30))),
        ("năm trước", "period", (date(2020, 1, 1), date(2020, 12, 31))),
        ("so với cuối năm 2017", "base", (date(2017, 12, 31), date(2017, 12, 31))),
        ("đến nay", "as_of", (date(2021, 12, 5), date(2021, 12, 5))),
        ("trong tháng", "same", None),
        ("so với cùng kỳ năm trước", "base", None),
        ("giai đoạn 2016 – 2020", "period", (date(2016, 1, 1), date(2020, 12, 31))),
        ("từ năm 2016", "other", None),
        ("từ ngày 28/11-03/12/2021", "day", (date(2021, 11, 28), date(2021, 12, 3))),
        ("từ ngày 05 – 10/12/2021", "day", (date(2021, 12, 5), date(2021, 12, 10))),
        ("hằng năm", "period", None),
        ("ngày 31/2/2021", "day", None),
        ("tháng 13/2021", "period", None),
    ],
)
def test_times(text: str, role: str, span: tuple[date, date] | None) -> None:
    found = recognise(text, 0)
    assert found is not None
    expression, end = found
    assert end == len(text)
    # The reference is 5 December, so a bare "tháng 12" of an article of that day may still be this one.
    reference = date(2021, 11, 5) if text == "tháng 12" else date(2021, 12, 5)
    assert (expression.role, expression.resolve(reference)) == (role, span)


def test_years_are_not_invented() -> None:
    for text in ("tháng 11", "Ngày 3/12", "quý I", "6 tháng đầu năm", "năm nay", "đến nay"):
        found = recognise(text, 0)
        assert found is not None
        assert found[0].resolve(None) is None


def test_numbers_in_words() -> None:
    assert parse_number_words(["một", "trăm", "linh", "năm"]) == 105
    assert parse_number_words(["hai", "nghìn", "sáu", "trăm"]) == 2600
    for words in ([], ["trăm"], ["hai", "ba"], ["linh", "năm"], ["cây"]):
        with pytest.raises(NumberFormatError):
            parse_number_words(words)


def test_tone_placement_is_one_word() -> None:
    assert tone_key("hoà") == tone_key("Hòa") != tone_key("hoa")
    assert tone_key("năm") != tone_key("nam")


def test_lower_case_peace_is_no_province() -> None:
    assert not any(t.code("place") for t in tokens("hòa bình"))
    assert [t.code("place") for t in tokens("Hoà Bình")] == ["Hòa Bình"]


def test_longest_phrase_wins() -> None:
    [token] = tokens("ngừng hoạt động chờ giải thể")
    assert token.codes("cue") == ("stock_stopped",)
    assert not any(token.code("org") for token in tokens("Liên minh HTX Việt Nam"))


def test_vocabulary_names_every_metric_of_the_interfaces() -> None:
    published = """
        founded dissolved converted stock stock_operating stock_stopped stock_hitech stock_change stock_growth
        members members_change members_growth workers charter_capital charter_capital_avg revenue_avg profit_avg
        income_avg share_effective share_average share_weak share plan_attainment plan_excess fund_charter_capital
        fund_capital loans_disbursed loans_outstanding loans_repaid loan_projects loan_borrowers loan_rate
        bad_debt_ratio fair_booths fair_participants fair_provinces contracts_signed contracted_volume
        raw_material_area delegates trained models tasks_done tasks_done_share provinces_reported
        provinces_missing
    """
    assert set(published.split()) <= set(load_vocabulary().metrics)


@given(st.text(max_size=200))
def test_tokens_are_in_order_and_inside_the_text(text: str) -> None:
    composed, offsets = composed_with_offsets(text)
    position = 0
    for token in tokens(composed):
        assert position <= token.start < token.end <= len(composed)
        position = token.end
    assert len(offsets) == len(composed) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
