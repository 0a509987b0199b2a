"""Vietnamese numbers: formatted numbers are read back, and ambiguous ones are rejected."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.vietnamese.numbers import NumberFormatError, format_number, is_missing, parse_number, parse_scaled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20.767", "20767"),
        ("1.234,5", "1234.5"),
        ("68.013,075", "68013.075"),
        ("6,5", "6.5"),
        ("09", "9"),
        ("3670", "3670"),
        ("-1.250", "-1250"),
        ("20\u00a0767", "20767"),
        ("0,125", "0.125"),
        (" 41 ", "41"),
    ],
)
def test_reads_vietnamese_notation(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["20,767", "1,234.5", "7.8", "1.2.3", "12.34", "abc", "1.234.56", "--5", "1e5", ""])
def test_refuses_what_has_another_or_no_reading(text: str) -> None:
    with pytest.raises(NumberFormatError) as refusal:
        parse_number(text)
    assert refusal.value.found == text
    assert refusal.value.expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20767, "20.767"),
        (Decimal("1234.5"), "1.234,5"),
        (Decimal("31500000000.000000"), "31.500.000.000"),
        (Decimal("-91.000000"), "-91"),
        (Decimal("0.000000"), "0"),
        (Decimal("-0.000000"), "0"),
        (Decimal("-0.25"), "-0,25"),
        (Decimal("1E+3"), "1.000"),
        (Decimal("12345678901234567890123456789012.125"), "12.345.678.901.234.567.890.123.456.789.012,125"),
    ],
)
def test_writes_numbers(value: Decimal | int, text: str) -> None:
    assert format_number(value) == text


@given(st.decimals(min_value=-(10**20), max_value=10**20, places=6))
def test_no_digit_is_lost_in_writing(value: Decimal) -> None:
    assert Decimal(format_number(value).replace(".", "").replace(",", ".")) == value


@given(st.integers(-(10**15), 10**15))
def test_integers_survive_writing_and_reading(value: int) -> None:
    assert parse_number(format_number(value)) == value


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False))
def test_decimals_survive_writing_and_reading(value: Decimal) -> None:
    text = format_number(value)
    try:
        assert parse_number(text) == value
    except NumberFormatError:
        # The one shape with two readings: up to three digits, a comma, three digits.
        whole, _, fraction = text.lstrip("-").partition(",")
        assert len(fraction) == 3 and len(whole) <= 3


@pytest.mark.parametrize("text", ["-", "…", "", " ", "\u00a0", "x", "–"])
def test_missing_is_not_zero(text: str) -> None:
    assert is_missing(text)
    assert not is_missing("0")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6,5 triệu", "6500000"),
        ("9 tỷ 350 triệu", "9350000000"),
        ("68.013,075 tỷ", "68013075000000"),
        ("350tr", "350e6"),
    ],
)
def test_reads_scale_words(text: str, value: str) -> None:
    assert parse_scaled(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["9 tỷ 350", "1 triệu 2 tỷ", "1 triệu 1.000 nghìn", "20,767 triệu", "6.5 triệu", "hai triệu"]
)
def test_refuses_scales_without_one_reading(text: str) -> None:
    with pytest.raises(NumberFormatError):
        parse_scaled(text)


@given(st.integers(0, 999), st.integers(0, 999), st.integers(0, 999), st.sampled_from(["tỷ", "tỉ"]))
def test_compound_amounts_survive_writing_and_reading(billions: int, millions: int, thousands: int, word: str) -> None:
    text = f"{billions} {word} {millions} triệu {thousands} ngàn"
    assert parse_scaled(text) == billions * 10**9 + millions * 10**6 + thousands * 10**3


@given(st.integers(0, 10**12), st.sampled_from(["nghìn", "ngàn", "triệu", "tr.", "tỷ", "tỉ"]))
def test_scaled_numbers_survive_writing_and_reading(value: int, word: str) -> None:
    scale = {"n": 10**3, "t": 10**6}.get(word[0], 0) if word not in ("tỷ", "tỉ") else 10**9
    assert parse_scaled(f"{format_number(value)} {word}") == value * scale


@pytest.mark.parametrize(
    ("text", "value"),
    [("20 767", 20767), ("1\u202f234,5", "1234.5"), ("- 5", -5), ("−5", -5), ("20 767 123", 20767123)],
)
def test_blanks_divide_thousands(text: str, value: str | int) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["12 34", "2021 2022", "1234 567", "1.234 567", "1 2"])
def test_blanks_that_divide_two_numbers_are_refused(text: str) -> None:
    with pytest.raises(NumberFormatError):
        parse_number(text)
