"""Old font encodings: recognised by syllables, decoded letter by letter, and never where the text is Unicode."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.forms.definition import code_list, load_forms
from ingestion.vietnamese import legacy
from ingestion.vietnamese.legacy import decode_text, detect, from_tcvn3, from_vni, is_syllable
from ingestion.vietnamese.places import provinces
from tests.legacy_fonts import to_tcvn3, to_vni

PHRASES = sorted(
    {p.name for basis in ("before_2025_07", "from_2025_07") for p in provinces(basis).values()}  # type: ignore[arg-type]
    | {text for form in load_forms().values() for c in form.columns for text in (*c.header, c.vi)}
    | {*code_list("sectors").labels.values(), *code_list("organisation_types").labels.values()}
)
MARKED = [p for p in PHRASES if not p.isascii()]


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Liªn minh Hîp t¸c x· ViÖt Nam", "Liên minh Hợp tác xã Việt Nam"),
        ("Bµ RÞa - Vòng Tµu", "Bà Rịa - Vũng Tàu"),
        ("§¬n vÞ tÝnh: triÖu ®ång", "Đơn vị tính: triệu đồng"),
    ],
)
def test_tcvn3(stored: str, read: str) -> None:
    assert from_tcvn3(stored) == read
    assert detect([stored]) == "TCVN3"


@pytest.mark.parametrize(
    ("stored", "read"),
    [("Lieân minh Hôïp taùc xaõ", "Liên minh Hợp tác xã"), ("ÑÔN VÒ TÍNH: TRIEÄU ÑOÀNG", "ĐƠN VỊ TÍNH: TRIỆU ĐỒNG")],
)
def test_vni(stored: str, read: str) -> None:
    assert from_vni(stored) == read
    assert detect([stored]) == "VNI"


@given(st.sampled_from(PHRASES))
def test_whatever_is_stored_in_an_old_encoding_comes_back(phrase: str) -> None:
    plain = unicodedata.normalize("NFC", phrase)
    assert from_vni(to_vni(plain)) == plain
    # Capital fonts store small letters: only the case is lost.
    assert from_tcvn3(to_tcvn3(plain)).lower() == plain.lower()


@given(st.lists(st.sampled_from(MARKED), min_size=6, unique=True))
def test_unicode_is_left_alone(phrases: list[str]) -> None:
    assert detect(phrases) is None


@given(st.lists(st.sampled_from(MARKED), min_size=6, unique=True), st.sampled_from(["TCVN3", "VNI"]))
def test_a_sheet_of_an_old_font_is_recognised_and_read(phrases: list[str], encoding: legacy.Encoding) -> None:
    stored = [(to_tcvn3 if encoding == "TCVN3" else to_vni)(p) for p in phrases]
    assert detect(stored) == encoding
    assert [decode_text(text, encoding).lower() for text in stored] == [p.lower() for p in phrases]


def test_some_rows_pasted_from_an_old_file_into_a_unicode_sheet() -> None:
    texts = ["Hợp tác xã", "xã Hà Nội", "Cao Bằng", to_tcvn3("Hợp tác xã nông nghiệp"), to_tcvn3("Quảng Ngãi")]
    assert detect(texts) == "TCVN3"
    assert decode_text("Hà Nam", "TCVN3", throughout=False) == "Hà Nam"


@pytest.mark.parametrize("word", ["nghiệp", "quốc", "giếng", "Đắk", "khuỷu", "thuế", "ương"])
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["cáfé", "hîp", "tàc", "hôïp", "straße"])
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)
