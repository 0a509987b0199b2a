"""Citations of documents and lists with a stated count, as articles print them."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.news.documents import Citation, find_citations
from ingestion.news.lists import find_lists


def only(text: str, published_on: date | None = None) -> Citation:
    (citation,) = find_citations(text, published_on)
    return citation


@pytest.mark.parametrize(
    ("text", "kind", "symbol", "issuer"),
    [
        ("Kế hoạch 462 /LMHTXVN-KHHT", "plan", "462/LMHTXVN-KHHT", "LMHTXVN"),
        ("Kế hoạch hành động số: 337 KH-LMHTXVN", "plan", "337/KH-LMHTXVN", "LMHTXVN"),
        ("văn bản số 77/LMHTXVN-VP", "letter", "77/LMHTXVN-VP", "LMHTXVN"),
        ("Chương trình 503/CTr-LMHTXVN", "programme", "503/CTr-LMHTXVN", "LMHTXVN"),
        ("758/KH-LMHTX", "plan", "758/KH-LMHTX", "LMHTX"),
        ("784/TB-LMHTXVN", "notice", "784/TB-LMHTXVN", "LMHTXVN"),
        ("Nghị quyết số 42/NQ-BCH", "resolution", "42/NQ-BCH", "BCH"),
        ("Nghị quyết số 13-NQ/TW", "resolution", "13-NQ/TW", "TW"),
        ("Nghị quyết 13/NQ-TW", "resolution", "13-NQ/TW", "TW"),
        ("Kết luận của Bộ Chính trị số 70-KL/TW", "conclusion", "70-KL/TW", "TW"),
        ("Thông báo Kết luận của Ban Bí thư số 158-TB/TW", "notice", "158-TB/TW", "TW"),
        ("Quyết định 340/QĐ-TTg", "decision", "340/QĐ-TTg", "TTg"),
        ("Quyết định số 340/QD-TTg", "decision", "340/QĐ-TTg", "TTg"),
        ("Nghị quyết 1/NQ-CP", "resolution", "01/NQ-CP", "CP"),
        ("Nghị định số 45/2021/NĐ-CP", "decree", "45/2021/NĐ-CP", "CP"),
        ("Thông tư số 01/2020/TT-BKHĐT", "circular", "01/2020/TT-BKHĐT", "BKHĐT"),
        ("Thông tư liên tịch số 06/2013/TTLT-BKHĐT-BTC", "joint_circular", "06/2013/TTLT-BKHĐT-BTC", "BTC"),
        ("175/GP-TTDT", "licence", "175/GP-TTDT", None),
        ("Luật HTX năm 2012", "law", "Luật HTX 2012", "QH"),
        ("Luật Hợp tác xã 2023", "law", "Luật HTX 2023", "QH"),
        ("Luật Hợp tác xã số 17/2023/QH15", "law", "17/2023/QH15", "QH"),
        ("Nghị quyết 13 về kinh tế tập thể", "resolution", None, None),
        ("Quyết định số 461 của Thủ tướng", "decision", None, None),
    ],
)
def test_every_shape_in_use(text: str, kind: str, symbol: str | None, issuer: str | None) -> None:
    citation = only(f"Căn cứ {text}, hội nghị thống nhất.")
    assert (citation.kind, citation.symbol, citation.issuer) == (kind, symbol, issuer)


@pytest.mark.parametrize(
    ("text", "day", "printed"),
    [
        ("461/QĐ-TTg ngày 07/5/2018", date(2018, 5, 7), "07/5/2018"),
        ("337 KH-LMHTXVN ngày 2 tháng 6 năm 2021", date(2021, 6, 2), "2 tháng 6 năm 2021"),
        ("20-NQ/TW ngày 16.6.2022", date(2022, 6, 16), "16.6.2022"),
        ("19/2025/QĐ-TTg (30/6/2025)", date(2025, 6, 30), "30/6/2025"),
        ("31/QĐ-TTg ngày 31/2/2020", None, "31/2/2020"),
        ("585/TB-VPCP và", None, None),
    ],
)
def test_dates(text: str, day: date | None, printed: str | None) -> None:
    citation = only(f"Theo {text}.")
    assert (citation.cited_on, citation.date_text) == (day, printed)


def test_a_date_of_signing_takes_its_year_from_the_page() -> None:
    text = "Ngày 19/7, Chủ tịch vừa ký ban hành Kế hoạch 462 /LMHTXVN-KHHT."
    assert only(text, date(2021, 7, 20)).cited_on == date(2021, 7, 19)
    assert only(text, date(2021, 3, 1)).cited_on == date(2020, 7, 19)
    assert only(text).cited_on is None


def test_issuer_title_and_own_document() -> None:
    citation = only("Nghị định số 45/2021/NĐ-CP ngày 31/3/2021 của Chính phủ về thành lập Quỹ hỗ trợ: Đề nghị")
    assert (citation.issuer_text, citation.title) == ("Chính phủ", "thành lập Quỹ hỗ trợ")
    own = only("(Kèm theo Kế hoạch số 337 KH-LMHTXVN của Ban Chấp hành)")
    assert own.is_own and own.quote == "Kế hoạch số 337 KH-LMHTXVN"
    text = "Quyết định số 461/QĐ-TTg phê duyệt Đề án 15.000 HTX, Văn bản số 585/TB-VPCP"
    assert [c.title for c in find_citations(text)] == ["phê duyệt Đề án 15.000 HTX", None]


@pytest.mark.parametrize(
    "text",
    [
        "21/63 tỉnh, thành phố; 15 HTX-THT; 2,03 tỷ đồng/HTX; công nghiệp 4.0",
        "khoản 2 Điều 54; phụ lục I-19; nhiệm kỳ 2020-2025; khóa VI; Kế hoạch 5 năm; Kế hoạch 2022",
        "Luật Hợp tác xã có hiệu lực từ năm 2013; Luật HTX; thông báo 3 nội dung; quyết định 5 vấn đề",
    ],
)
def test_what_names_no_document(text: str) -> None:
    assert find_citations(text) == ()


@given(st.text(alphabet="Quyết định số 12/QĐ-TTgngày03/6.2020Luật HTX năm(),\nKH NQ", max_size=120))
def test_quotes_stand_where_they_say(text: str) -> None:
    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        for found in (*find_citations(written), *find_lists(written)):
            assert written[found.start : found.end] == found.quote != ""


# -- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stated", "counted", "unended"),
    [
        ("10 địa phương không có HTX mới gồm: Hà Giang, Cao Bằng, TP. Hồ Chí Minh và Bạc Liêu.", 10, 4, False),
        ("11 địa phương có vốn trên 20 tỷ đồng gồm: Hà Nội, Huế, Cần Thơ.", 11, 3, False),
        ("3 tỉnh tăng khá, gồm Yên Bái, Quảng Ninh và Bắc Giang, trong khi nơi khác giảm.", 3, 3, False),
        ("5 tỉnh (Yên Bái, Quảng Ninh, Bắc Giang) tăng.", 5, 3, False),
        ("8 đề án: nâng cao chất lượng thông tin; xây dựng mô hình; đổi mới đào tạo...", 8, 3, True),
        ("3 nội dung: (1) báo cáo; (2) kế hoạch; (3) quy chế; (4) nghị quyết.", 3, 4, False),
        ("5 tỉnh gồm Hà Nội, Huế, Cần Thơ, ...", 5, 3, True),
        ("ba tỉnh gồm: Hà Nội, Huế và một số tỉnh khác.", 3, 2, True),
        ("2 đơn vị: Ban A, Ban B.", 2, 2, False),
    ],
)
def test_lists_are_counted(text: str, stated: int, counted: int, unended: bool) -> None:
    (found,) = find_lists(f"Mở đầu. Có {text}")
    assert (found.stated_count, len(found.items), found.is_unended) == (stated, counted, unended)


@pytest.mark.parametrize(
    "text",
    [
        "Phú Thọ có 1.412 HTX, gồm 498 HTX của Phú Thọ cũ, 512 HTX của Vĩnh Phúc và 402 HTX của Hoà Bình.",
        "Thành lập mới 189 HTX, trong đó: Tây Bắc 96 HTX, Đông Bắc 93 HTX.",
        "Nhiều tỉnh tăng khá như 2 tỉnh Hà Giang, Cao Bằng, Lào Cai.",
        "Mỗi huyện có 2 HTX là thành viên, hoạt động tốt, ổn định.",
        "3 tỉnh gồm: Hà Nội, Hu ế, Cần Thơ, Đà Nẵng.",
    ],
)
def test_what_is_no_list_with_a_count(text: str) -> None:
    assert find_lists(text) == ()
