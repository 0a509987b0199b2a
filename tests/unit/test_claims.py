"""Claims in sentences of our own wording: one test per form of speech the grammar knows, and what it must not take."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.news.claims import Claim, claims_in_file, find_claims

PUBLISHED = date(2023, 8, 10)


def claims(text: str, published_on: date | None = PUBLISHED) -> list[Claim]:
    found = find_claims(text, published_on=published_on, source="test")
    for claim in found:
        assert text[claim.start : claim.end] == claim.quote
    return found


def said(text: str, published_on: date | None = PUBLISHED) -> list[tuple[str, int | float | None]]:
    return [(claim.metric, claim.as_json()["value"]) for claim in claims(text, published_on)]


def only(text: str, published_on: date | None = PUBLISHED) -> Claim:
    found = claims(text, published_on)
    assert len(found) == 1, [claim.as_json() for claim in found]
    return found[0]


# -- counts of organisations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trong quý, toàn vùng thành lập mới 17 HTX.", [("founded", 17)]),
        ("Có 17 HTX thành lập mới.", [("founded", 17)]),
        ("Số HTX thành lập mới là 17, giải thể là 4.", [("founded", 17), ("dissolved", 4)]),
        ("Thành lập mới được 17 hợp tác xã, 02 liên hiệp HTX.", [("founded", 17), ("founded", 2)]),
        ("Cả nước có 3 HTX giải thể và 9 HTX thành lập mới.", [("dissolved", 3), ("founded", 9)]),
        ("Không có HTX nào thành lập mới.", [("founded", 0)]),
        ("Tổng số HTX đang hoạt động là 1.204.", [("stock_operating", 1204)]),
        ("Nâng tổng số HTX lên 1.204 HTX.", [("stock", 1204)]),
        ("Còn 38 HTX ngừng hoạt động chờ giải thể.", [("stock_stopped", 38)]),
        ("Có thêm hai mươi mốt HTX ứng dụng công nghệ cao.", [("stock_hitech_change", 21)]),
        ("Cả nước có 800 HTX và 90 THT ứng dụng công nghệ cao.", [("stock_hitech", 800), ("stock_hitech", 90)]),
        ("Có 40/63 tỉnh gửi báo cáo; 23 tỉnh chưa báo cáo.", [("provinces_reported", 40), ("provinces_missing", 23)]),
    ],
)  # fmt: skip
def test_counts(text: str, expected: list[tuple[str, int]]) -> None:
    assert said(text) == expected


def test_organisation_types_stay_apart() -> None:
    found = claims("Thành lập mới 17 HTX, 02 liên hiệp HTX, 5 tổ hợp tác và 1 quỹ tín dụng nhân dân.")
    assert [claim.org_type for claim in found] == ["HTX", "LHHTX", "THT", "QTDND"]
    assert {claim.list_id for claim in found} == {None}, "different types are no parts of one total"


def test_total_and_its_sectors_share_a_list() -> None:
    found = claims("Tháng 7/2023, cả nước thành lập mới 60 HTX (44 HTX nông nghiệp và 16 HTX phi nông nghiệp).")
    assert [(c.value, c.sector, c.geography) for c in found] == [
        (60, None, "Việt Nam"),
        (44, "agriculture", "Việt Nam"),
        (16, "non_agriculture", "Việt Nam"),
    ]
    assert {c.list_id for c in found} == {"s1:founded"}
    assert {(c.period_start, c.period_end) for c in found} == {(date(2023, 7, 1), date(2023, 7, 31))}


def test_total_and_regions_with_elided_words_share_a_list_over_sentences() -> None:
    found = claims(
        "Nửa năm qua, cả nước thành lập mới 500 HTX. "
        "Trong đó: Tây Bắc 120, Đông Nam bộ 80, đồng bằng sông Hồng 90, ĐBSCL 110 HTX."
    )
    assert [(c.geography, c.value) for c in found] == [
        ("Việt Nam", 500),
        ("Tây Bắc", 120),
        ("Đông Nam Bộ", 80),
        ("Đồng bằng sông Hồng", 90),
        ("Đồng bằng sông Cửu Long", 110),
    ]
    assert {c.list_id for c in found} == {"s1:founded"}


def test_same_metric_of_another_period_is_another_list() -> None:
    found = claims(
        "Trong tháng 7/2023 thành lập mới 60 HTX (50 HTX nông nghiệp); "
        "lũy kế 7 tháng đầu năm 2023 thành lập mới 400 HTX (300 HTX nông nghiệp)."
    )
    assert [c.accumulation for c in found] == ["period", "period", "ytd", "ytd"]
    assert [c.list_id for c in found] == ["s1:founded", "s1:founded", "s1:founded:2", "s1:founded:2"]
    assert found[3].period_end == date(2023, 7, 31)


def test_remainder_is_computed_and_marked_as_derived() -> None:
    total, part, rest = claims("Năm 2022 giải thể 50 HTX, trong đó 35 HTX nông nghiệp, còn lại là HTX phi nông nghiệp.")
    assert (rest.value, rest.sector, rest.derived) == (total.value - part.value, "non_agriculture", True)
    assert not total.derived


def test_remainder_that_would_be_negative_is_no_claim() -> None:
    assert len(claims("Giải thể 5 HTX, trong đó 35 HTX nông nghiệp, còn lại là HTX phi nông nghiệp.")) == 2


def test_correction_takes_the_new_value_only() -> None:
    claim = only("Tỉnh Sơn La điều chỉnh số HTX thành lập mới quý I/2023 từ 31 xuống 28 HTX.")
    assert (claim.value, claim.geography, claim.period_start) == (28, "Sơn La", date(2023, 1, 1))


# -- changes, shares, plans ---------------------------------------------------------------------------------------


def test_change_is_measured_from_the_day_the_sentence_names() -> None:
    stock, change = claims("Đến ngày 30/6/2023, cả nước có 30.100 HTX, tăng 420 HTX so với cuối năm 2022.")
    assert (stock.metric, stock.as_of, stock.period_start) == ("stock", date(2023, 6, 30), None)
    assert (change.metric, change.value, change.unit) == ("stock_change", 420, "count")
    assert (change.period_start, change.period_end, change.as_of) == (date(2022, 12, 31), date(2023, 6, 30), None)


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("Cả nước có 900 HTX, giảm 2,5% so với cùng kỳ.", "stock_growth", -2.5),
        ("Cả nước có 900 HTX, giảm một nửa so với đầu năm.", "stock_growth", -50),
        ("Tổng số thành viên là 2 triệu người, tăng 15.000 người so với cuối năm 2022.", "members_change", 15000),
    ],
)
def test_sign_comes_from_the_verb(text: str, metric: str, value: float) -> None:
    assert said(text)[1] == (metric, value)


def test_growth_of_something_else_is_no_growth_of_the_stock() -> None:
    assert said("Có khoảng 70 HTX theo chuỗi giá trị, tăng 21% so với cuối năm 2022.") == []
    assert said("Cả nước thành lập mới 60 HTX, tăng 21% so với cùng kỳ.") == [("founded", 60)]


def test_plan_attainment_refers_to_the_claim_before_it() -> None:
    founded, attained = claims("Năm 2022, tỉnh Sơn La thành lập mới 60 HTX, đạt 120% kế hoạch năm.")
    assert (attained.metric, attained.value, attained.accumulation) == ("plan_attainment", 120, "ytd")
    assert (attained.org_type, attained.geography) == ("HTX", "Sơn La")
    assert (attained.period_start, attained.period_end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert founded.status == "actual"


def test_plan_of_nobody_knows_what_is_no_claim() -> None:
    assert said("Tổ chức 5 lớp học, đạt 100% kế hoạch.") == []


def test_shares_of_quality_and_of_a_sector() -> None:
    assert said("Tỷ lệ HTX hoạt động có hiệu quả chiếm 60%, trung bình 30%, yếu kém 10%.") == [
        ("share_effective", 60),
        ("share_average", 30),
        ("share_weak", 10),
    ]
    assert said("Giải thể 40 HTX, trong đó 30 HTX nông nghiệp (chiếm 75%).")[2] == ("share", 75)


# -- money, fund, fairs -------------------------------------------------------------------------------------------


def test_fund_figures() -> None:
    found = claims(
        "Quý II/2023, Quỹ Hỗ trợ phát triển HTX tỉnh Cà Mau có vốn điều lệ 30,5 tỷ đồng, "
        "giải ngân cho 6 dự án với số tiền 4 tỷ 250 triệu đồng, lãi suất 0,5%/tháng; dư nợ 21 tỷ đồng, nợ xấu 1,5%."
    )
    assert [(c.metric, float(c.value), c.unit) for c in found] == [
        ("fund_charter_capital", 30_500_000_000, "VND"),
        ("loan_projects", 6, "count"),
        ("loans_disbursed", 4_250_000_000, "VND"),
        ("loan_rate", 6, "percent/year"),
        ("loans_outstanding", 21_000_000_000, "VND"),
        ("bad_debt_ratio", 1.5, "percent"),
    ]
    assert {(c.org_type, c.geography) for c in found} == {("fund", "Cà Mau")}


def test_averages_carry_their_time_unit() -> None:
    found = claims(
        "Tổng vốn điều lệ của các HTX là 50 nghìn tỷ đồng, bình quân 2 tỷ đồng/HTX. "
        "Thu nhập bình quân của lao động là 5 triệu đồng/tháng, tương đương 60 triệu đồng/năm."
    )
    assert [(c.metric, float(c.value), c.unit) for c in found] == [
        ("charter_capital", 50 * 10**12, "VND"),
        ("charter_capital_avg", 2 * 10**9, "VND"),
        ("income_avg", 5 * 10**6, "VND/month"),
        ("income_avg", 60 * 10**6, "VND/year"),
    ]


def test_fair_figures_and_their_places() -> None:
    found = claims(
        "Hội chợ tại Cần Thơ trong tháng 6/2023 có gần 120 gian hàng của hơn 90 HTX đến từ 15 tỉnh, thành phố."
    )
    assert [(c.metric, int(c.value), c.qualifier, c.org_type) for c in found] == [
        ("fair_booths", 120, "under", None),
        ("fair_participants", 90, "over", "HTX"),
        ("fair_provinces", 15, "exact", None),
    ]
    assert {c.geography for c in found} == {"Cần Thơ"}


def test_contracts_with_the_place_at_the_end() -> None:
    found = claims("Các bên ký kết 4 hợp đồng tiêu thụ 900 tấn gạo trên diện tích 150 ha tại Quảng Nam.")
    assert [(c.metric, int(c.value)) for c in found] == [
        ("contracts_signed", 4),
        ("contracted_volume", 900),
        ("raw_material_area", 150),
    ]
    assert {(c.geography, c.geography_basis) for c in found} == {("Quảng Nam", "before_2025_07")}


# -- qualifiers, status, time, place ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [("khoảng", "approx"), ("xấp xỉ", "approx"), ("hơn", "over"), ("trên", "over"), ("gần", "under"), ("", "exact")],
)
def test_qualifiers(words: str, qualifier: str) -> None:
    assert only(f"Cả nước có {words} 900 HTX.").qualifier == qualifier


def test_range_keeps_both_ends() -> None:
    claim = only("Xây dựng từ 30 - 50 mô hình HTX.")
    assert (claim.value, claim.value_max, claim.qualifier) == (30, 50, "range")


def test_a_target_is_never_an_actual() -> None:
    assert only("Phấn đấu đến năm 2030, cả nước có 45.000 HTX.").status == "target"
    assert only("Kế hoạch năm 2023 thành lập mới 40 HTX.").status == "target"
    assert only("Đến năm 2025, cả nước có 33.000 HTX.").status == "target", "a day to come"
    assert only("Năm 2022, mỗi tỉnh thành lập mới 20 HTX.").status == "target", "said of each province"
    assert only("Thành lập mới tối thiểu 20 HTX.").qualifier == "at_least"
    assert only("Số thành viên ước đạt 2 triệu người.").status == "estimate"


def test_goals_of_a_plan_hold_until_the_next_chapter() -> None:
    text = "KẾ HOẠCH\nII. MỤC TIÊU\n1. Cả nước có 900 HTX.\nIII. KẾT QUẢ\nCả nước có 800 HTX."
    assert [c.status for c in claims(text)] == ["target", "actual"]


def test_missing_year_comes_from_the_article_never_from_today() -> None:
    assert only("Trong tháng 11 thành lập mới 9 HTX.", date(2022, 1, 5)).period_start == date(2021, 11, 1)
    assert only("Trong tháng 11 thành lập mới 9 HTX.", None).period_start is None


def test_same_month_is_the_month_named_before() -> None:
    first, second = claims("Tháng 5/2023 cả nước thành lập mới 60 HTX. Cũng trong tháng, giải thể 7 HTX.")
    assert (second.metric, second.period_start) == ("dissolved", first.period_start)


def test_province_of_the_map_of_its_day() -> None:
    before = only("Năm 2023, tỉnh Phú Thọ thành lập mới 9 HTX.")
    after = only("Tháng 8/2025, tỉnh Phú Thọ thành lập mới 9 HTX.", date(2025, 9, 3))
    unchanged = only("Năm 2023, tỉnh Nghệ An thành lập mới 9 HTX.")
    assert [c.geography_basis for c in (before, after, unchanged)] == ["before_2025_07", "from_2025_07", None]


def test_old_parts_of_a_merged_province() -> None:
    found = claims("Sau sáp nhập, tỉnh Ninh Bình có 90 HTX, gồm 40 HTX của Ninh Bình cũ và 50 HTX của Hà Nam.", None)
    assert [(c.geography, c.geography_basis) for c in found] == [
        ("Ninh Bình", "from_2025_07"),
        ("Ninh Bình", "before_2025_07"),
        ("Hà Nam", "before_2025_07"),
    ]


def test_whole_province_without_its_name_is_not_the_nation() -> None:
    assert only("Toàn tỉnh có 90 HTX.").geography is None
    assert only("Kết quả của tỉnh Sơn La\nToàn tỉnh có 90 HTX.").geography == "Sơn La"


def test_several_provinces_at_once_have_no_single_geography() -> None:
    assert only("Năm 2022, hai tỉnh Yên Bái, Sơn La thành lập mới 50 HTX.").geography is None


# -- what is no claim ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 461/QĐ-TTg ngày 27/4/2018 và Nghị quyết số 13-NQ/TW về HTX.",
        "Thông tư 12 và Nghị định 45/2021/NĐ-CP hướng dẫn các HTX.",
        "Luật HTX năm 2012 được thi hành 10 năm.",
        "Ban Chấp hành khóa VI nhiệm kỳ 2020-2025 họp lần thứ 5.",
        "Điều 37, khoản 2 quy định về HTX.",
        "Gọi số 0200 0000 000 hoặc 0900000000, gặp HTX.",
        "Bài viết có 15 đánh giá, 1.204 lượt xem HTX.",
        "Thời gian chờ: 60 giây.",
        "Họp lúc 14:30 tại phòng 302, xem https://example.vn/2021/HTX-12.",
        "HTX Rau sạch An Phú có 12 thành viên, vốn điều lệ 2 tỷ đồng.",
        "HTX Nông nghiệp Đại Phát được thành lập năm 2015 với 7 thành viên.",
        "Cả nước có 35 HTX đạt chuẩn OCOP.",
        "Đề án xây dựng 12.000 HTX nông nghiệp làm ăn có hiệu quả.",
        "Bình quân mỗi năm thành lập mới 2.000 HTX.",
        "Năm 2022, kinh phí hỗ trợ là 20,767 tỷ và 7.8 điểm.",
        "Covid-19 và công nghiệp 4.0 tác động đến HTX.",
        "Đào tạo thêm 15% số cán bộ quản lý HTX.",
    ],
)
def test_no_claim(text: str) -> None:
    assert said(text) == []


# -- shape --------------------------------------------------------------------------------------------------------


def test_json_has_the_published_shape() -> None:
    text = "Trong tháng 11/2021, cả nước thành lập mới 189 HTX."
    claim = only(text)
    assert json.loads(json.dumps(claim.as_json())) == {
        "source": "test", "metric": "founded", "value": 189, "value_max": None, "denominator": None, "unit": "count",
        "qualifier": "exact", "status": "actual", "accumulation": "period", "org_type": "HTX", "sector": None,
        "geography": "Việt Nam", "geography_basis": None, "period_start": "2021-11-01", "period_end": "2021-11-30",
        "as_of": None, "quote": "thành lập mới 189 HTX", "start": 29, "end": 50, "derived": False,
    }  # fmt: skip
    assert list(claim.as_json())[:3] == ["source", "metric", "value"]
    assert isinstance(claim.as_json()["value"], int)


def test_decomposed_text_gives_the_same_claims_at_its_own_places() -> None:
    text = "Đến ngày 30/6/2023, tỉnh Đắk Lắk có 700 HTX, tăng 12 HTX so với cuối năm 2022."
    decomposed = unicodedata.normalize("NFD", text)
    assert said(decomposed) == said(text)
    assert claims(decomposed)[0].geography == "Đắk Lắk"


def test_tone_placement_does_not_matter() -> None:
    assert said("Luỹ kế đến nay, các bên ký 4 thoả thuận.") == said("Lũy kế đến nay, các bên ký 4 thỏa thuận.")


def test_claims_of_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "tin.txt"
    path.write_text("\ufeffTháng 11, cả nước thành lập mới 189 HTX.", encoding="utf-8")
    [claim] = claims_in_file(path, published_on=date(2021, 12, 2))
    assert (claim.source, claim.period_end) == ("tin.txt", date(2021, 11, 30))


_MIXTURE = """
HTX THT có thành lập mới giải thể 12 1.234 5,5 % tỷ đồng /năm tháng 11/2021 ngày 31/2/2021 cả nước tỉnh Nghệ An , ; .
( ) | tăng giảm từ xuống trong đó còn lại đạt kế hoạch Quỹ vốn điều lệ dư nợ hội chợ gian hàng khoảng hơn 29/34 -
một nửa bình quân thành viên
"""
_WORDS = st.sampled_from(_MIXTURE.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=40), st.sampled_from([None, PUBLISHED]))
def test_any_mixture_of_known_words_reads_without_error(words: list[str], published_on: date | None) -> None:
    text = " ".join(words)
    for claim in claims(text, published_on):
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.period_start is None or claim.period_end is not None
        json.dumps(claim.as_json())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_reads_without_error(text: str) -> None:
    claims(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=1, max_value=99_999), st.integers(min_value=0, max_value=99_999))
def test_every_count_is_read_as_written(founded: int, dissolved: int) -> None:
    text = f"Cả nước thành lập mới {_dots(founded)} HTX, giải thể {_dots(dissolved)} HTX."
    assert said(text) == [("founded", founded), ("dissolved", dissolved)]


def _dots(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def test_provinces_without_events_are_no_event() -> None:
    assert [
        c.metric for c in claims("Có 3 địa phương không có HTX thành lập mới gồm Sơn La, Hà Giang và Lào Cai.")
    ] == []
