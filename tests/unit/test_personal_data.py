"""Personal data are recognised however people write them, and figures, codes and hashes are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.vietnamese.personal import HIDDEN, PersonalKind, is_person_name, is_tax_code, masked, personal_data

PERSONAL = [
    ("001203004567", PersonalKind.IDENTITY),
    ("CCCD 001 203 004 567", PersonalKind.IDENTITY),
    ("số 0012.0300.4567.", PersonalKind.IDENTITY),
    ("1203004567890"[:11], PersonalKind.IDENTITY),
    ("1203004567.0", None),
    ("79203004567.0", PersonalKind.IDENTITY),
    ("7.9203004567E+10", PersonalKind.IDENTITY),
    ("CMND 023456789", PersonalKind.IDENTITY),
    ("123456789", PersonalKind.IDENTITY),
    ("tìm thấy “0912345678”", PersonalKind.PHONE),
    ("ĐT: 0912.345.678", PersonalKind.PHONE),
    ("+84 912 345 678", PersonalKind.PHONE),
    ("+84 912345678", PersonalKind.PHONE),
    ("84912345678", PersonalKind.PHONE),
    ("912345678", PersonalKind.PHONE),
    ("liên hệ an.nguyen+htx@thu.example.vn", PersonalKind.EMAIL),
]
NOT_PERSONAL = [
    "Tổng 123.456.789 đồng",
    "1,250,000,000",
    "250000000",
    "150000000000",
    "MST 0300100045",
    "mã số thuế: 0912345678",
    "0100109106",
    "0100109106-001",
    "b3f1012345678901ab",
    "artifact ed3534d5a4881a62cb3a4410874e2fa362c4c8dfffe89de31d93a4fc8f0aa1f6",
    "20211130123456",
    "2021-11-30 10:15:00",
    "2021-11|org=46-0123|revision=1",
    "từ 30/11/2021 đến 31/12/2021",
    "Nguyễn Văn A",
    "HTX Nguyễn Văn Trỗi, số 12 đường Lê Lợi",
    "HĐ-92-2021-09-004",
    "/thang-11-nam-2021-22005.html",
    "01-11-2021 15:30",
    "fair=HC-22-2021-11-1|measure=booths",
    "18.500 HTX, 5.777.663 thành viên",
    "999999999999",
    "0990000000001",
]


@pytest.mark.parametrize(("text", "kind"), PERSONAL)
def test_numbers_and_addresses_are_recognised(text: str, kind: PersonalKind | None) -> None:
    found = [k for k, _, _ in personal_data(text)]
    assert found == ([kind] if kind else []), text


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_figures_codes_and_hashes_are_left_alone(text: str) -> None:
    assert masked(text) is text


def test_a_name_beside_a_number_is_hidden_with_it() -> None:
    text = "dòng 7: Nguyễn Thị Bưởi, 001203004567, xã Tân Lập"
    assert masked(text) == f"dòng 7: {HIDDEN}, {HIDDEN}, xã Tân Lập"


def test_positions_stay_true_where_they_are_needed() -> None:
    text = "liên hệ 0912345678, có 189 HTX"
    assert masked(text, keep_length=True) == "liên hệ ██████████, có 189 HTX"


def test_names_of_people_are_no_names_of_places_or_cooperatives() -> None:
    assert all(map(is_person_name, ["Nguyễn Văn An", "TRẦN THỊ BÌNH", "Lò Văn Pó", "Lê Hoa", "Nguyễn Đức"]))
    assert not any(
        map(is_person_name, ["HTX Nguyễn Văn An", "46-0123", "Tân Lập", "nguyễn văn an", "Hà Nội 2 và 3", ""])
    )


def test_tax_codes_have_their_check_digit() -> None:
    assert is_tax_code("0100109106")
    assert not is_tax_code("0100109107")
    assert not is_tax_code("010010910")


@given(
    before=st.sampled_from(["", "(", "“", "; ", "dòng 3: ", "\n", "Mã HTX="]),
    province=st.integers(1, 96),
    rest=st.integers(0, 999_999_998),
    after=st.sampled_from(["", ")", "”", ";", ", Nam", "\n", "."]),
)
def test_an_identity_number_leaves_no_text(before: str, province: int, rest: int, after: str) -> None:
    number = f"0{province:02d}{rest:09d}"
    hidden = masked(f"{before}{number}{after}")
    assert number not in hidden
    assert hidden == f"{before}{HIDDEN}{after}"


@given(st.text())
def test_hiding_twice_hides_no_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)
