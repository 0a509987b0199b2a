"""Consistency of news: every rule fails on pages that contradict themselves and passes on others that do not.

Where a side is missing the outcome is not comparable. One build for all cases; cases share no host and no province.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from tests.dbt.news_build import Page, build, later, said

PASS, FAIL, OPEN = "pass", "fail", "not_comparable"
#: Sentences that make an article of a page, and have no figure in them.
PROSE = "Hội nghị trao đổi về công tác tuyên truyền, về vai trò của thành viên và về việc ghi chép sổ sách ở cơ sở."
H1 = {"period_start": "2018-01-01", "period_end": "2018-06-30"}
SINCE_2017 = {"period_start": "2017-12-31", "period_end": "2018-06-15"}


@dataclass(frozen=True)
class Case:
    """Pages, and how many comparisons of which rule with which outcome name one of them."""

    pages: Sequence[Page]
    expected: dict[tuple[str, str], int]


CASES: dict[str, Case] = {}


def case(name: str, *pages: Page, **expected: Any) -> None:
    """Register a case; ``expected`` maps rules (dots as double underscores) to outcomes or lists of them."""
    counts: Counter[tuple[str, str]] = Counter()
    for rule, outcomes in expected.items():
        for outcome in [outcomes] if isinstance(outcomes, str) else outcomes:
            counts[rule.replace("__", "."), outcome] += 1
    CASES[name] = Case(pages, dict(counts))


def page(
    name: str, text: str | Sequence[str], *claims: dict[str, Any], on: str | None = "2018-06-21", **more: Any
) -> Page:
    """A page of case ``name`` with its sentences, and prose around them that no other case has."""
    paragraphs = [text] if isinstance(text, str) else list(text)
    title = more.pop("title", f"Kinh tế tập thể: chuyện ở {name}")
    url = more.pop("url", f"https://{name}.vn/tin-{on}.html")
    return Page(url, on, title, [*paragraphs, f"{PROSE} Bài của {name}."], claims, **more)


# -- parts and totals ---------------------------------------------------------------------------------------------

for name, total, province, outcome in (("nganh-dung", 895, "Hà Giang", PASS), ("nganh-sai", 859, "Cao Bằng", FAIL)):
    at = {"list_id": "a", "geography": province, **H1}
    case(
        name,
        page(
            name,
            f"Thành lập mới {total} HTX (716 HTX nông nghiệp và 179 HTX phi nông nghiệp).",
            said("founded", total, f"{total} HTX", **at),
            said("founded", 716, "716 HTX nông nghiệp", sector="agriculture", **at),
            said("founded", 179, "179 HTX phi nông nghiệp", sector="non_agriculture", **at),
        ),
        claim_split__sector=outcome,
    )

MERGED = {"list_id": "a", "as_of": "2025-12-31"}
OLD = {**MERGED, "geography_basis": "before_2025_07"}
NEW = {**MERGED, "geography_basis": "from_2025_07"}
for name, total, outcome in (("sap-nhap-dung", "1.412", PASS), ("sap-nhap-sai", "1.421", FAIL)):
    # Two merged provinces, so that the cases say nothing of each other.
    province, former = (
        ("Phú Thọ", ("Phú Thọ", "Vĩnh Phúc", "Hòa Bình"))
        if outcome == PASS
        else ("Lâm Đồng", ("Lâm Đồng", "Đắk Nông", "Bình Thuận"))
    )
    case(
        name,
        page(
            name,
            f"Sau hợp nhất có {total} HTX, gồm 498 HTX của A cũ, 512 HTX của B và 402 HTX của C.",
            said("stock", total.replace(".", ""), f"{total} HTX", geography=province, **NEW),
            said("stock", 498, "498 HTX", geography=former[0], **OLD),
            said("stock", 512, "512 HTX", geography=former[1], **OLD),
            said("stock", 402, "402 HTX", geography=former[2], **OLD),
            on="2026-01-05",
        ),
        claim_split__predecessor=outcome,
    )
case(
    "sap-nhap-thieu",
    page(
        "sap-nhap-thieu",
        "Sau hợp nhất có 900 HTX, gồm 498 HTX của tỉnh cũ.",
        said("stock", 900, "900 HTX", geography="Lào Cai", **NEW),
        said("stock", 498, "498 HTX", geography="Yên Bái", **OLD),
        on="2026-01-05",
    ),
    claim_split__predecessor=OPEN,
)

for name, words, total, outcome in (
    ("loai-hinh-dung", "gồm", "1.227", PASS),
    ("loai-hinh-sai", "bao gồm", "1.230", FAIL),
    ("loai-hinh-trong-do", "trong đó có", "2.000", None),
):
    place = {"as_of": "2021-06-30", "geography": {PASS: "Lai Châu", FAIL: "Điện Biên", None: "Sơn La"}[outcome]}
    case(
        name,
        page(
            name,
            f"Có {total} tổ chức kinh tế tập thể, {words} 42 quỹ tín dụng, 5 liên hiệp HTX và 1.180 tổ hợp tác.",
            said("stock", total.replace(".", ""), f"{total} tổ chức", org_type=None, **place),
            said("stock", 42, "42 quỹ tín dụng", org_type="QTDND", **place),
            said("stock", 5, "5 liên hiệp HTX", org_type="LHHTX", **place),
            said("stock", 1180, "1.180 tổ hợp tác", org_type="THT", **place),
            on="2021-07-02",
        ),
        **({"claim_split__org_type": outcome} if outcome else {}),
    )

for name, stopped, province, outcome in (
    ("trang-thai-dung", 73, "Vĩnh Phúc", PASS),
    ("trang-thai-sai", 37, "Bắc Kạn", FAIL),
):
    at = {"as_of": "2018-06-30", "geography": province}
    case(
        name,
        page(
            name,
            f"Toàn tỉnh có 617 HTX, 544 HTX đang hoạt động, {stopped} HTX ngừng hoạt động.",
            said("stock", 617, "617 HTX", **at),
            said("stock_operating", 544, "544 HTX đang hoạt động", **at),
            said("stock_stopped", stopped, f"{stopped} HTX ngừng hoạt động", **at),
        ),
        claim_split__status=outcome,
    )
case(
    "trang-thai-thieu",
    page(
        "trang-thai-thieu",
        "Toàn tỉnh có 310 HTX, trong đó 280 HTX đang hoạt động.",
        said("stock", 310, "310 HTX", as_of="2018-06-30", geography="Tuyên Quang"),
        said("stock_operating", 280, "280 HTX đang hoạt động", as_of="2018-06-30", geography="Tuyên Quang"),
    ),
    claim_split__status=OPEN,
)

# -- percentages --------------------------------------------------------------------------------------------------

for name, share, province, outcome in (
    ("ty-trong-dung", "66,8", "Thái Nguyên", PASS),
    ("ty-trong-sai", "68,8", "Lạng Sơn", FAIL),
):
    at = {"as_of": "2022-11-30", "geography": province, "list_id": "a"}
    case(
        name,
        page(
            name,
            f"Có 29.021 HTX, trong đó 19.384 HTX nông nghiệp, chiếm {share}%.",
            said("stock", 29021, "29.021 HTX", **at),
            said("stock", 19384, "19.384 HTX nông nghiệp", sector="agriculture", **at),
            said("share", share.replace(",", "."), f"chiếm {share}%", sector="agriculture", as_of="2022-11-30",
                 geography=province),
            on="2022-12-05",
        ),
        claim_percent__share=outcome,
        claim_split__sector=OPEN,
    )  # fmt: skip
case(
    "ty-trong-thieu",
    page(
        "ty-trong-thieu",
        "HTX nông nghiệp chiếm 61%.",
        said("share", 61, "chiếm 61%", sector="agriculture", geography="Bắc Giang"),
    ),
    claim_percent__share=OPEN,
)

for name, share, province, outcome in (
    ("nhiem-vu-dung", "75,8", "Quảng Ninh", PASS),
    ("nhiem-vu-sai", "78,5", "Bắc Ninh", FAIL),
):
    case(
        name,
        page(
            name,
            f"Đã hoàn thành 91/120 nhiệm vụ ({share}%).",
            said("tasks_done", 91, "91/120 nhiệm vụ", denominator=120, geography=province, org_type=None),
            said("tasks_done_share", share.replace(",", "."), f"{share}%", geography=province, org_type=None),
        ),
        claim_percent__tasks=outcome,
        claim_balance__tasks=OPEN,
    )

for name, plan, province, outcome in (
    ("ke-hoach-dung", "2.250", "Hải Dương", PASS),
    ("ke-hoach-sai", "2.000", "Hưng Yên", FAIL),
    ("ke-hoach-thieu", None, "Thái Bình", OPEN),
):
    target = (
        [said("founded", plan.replace(".", ""), f"{plan} HTX", status="target", geography=province,
              period_start="2018-01-01", period_end="2018-12-31")]
        if plan else []
    )  # fmt: skip
    case(
        name,
        page(
            name,
            ["Thành lập mới 895 HTX, đạt 40% kế hoạch năm.", *([f"Kế hoạch năm 2018 là {plan} HTX."] if plan else [])],
            said("founded", 895, "895 HTX", geography=province, **H1),
            said("plan_attainment", 40, "đạt 40% kế hoạch năm", geography=province, accumulation="ytd",
                 period_start="2018-01-01", period_end="2018-12-31"),
            *target,
        ),
        claim_percent__plan=outcome,
    )  # fmt: skip

for name, growth, change, province, outcome in (
    ("toc-do-dung", "7,4", "2.036", "Hà Nam", PASS),
    ("toc-do-sai", "5,4", "2.036", "Nam Định", FAIL),
    ("toc-do-thieu", "5,4", None, "Ninh Bình", OPEN),
):
    since = {"period_start": "2021-12-31", "period_end": "2022-12-31", "geography": province}
    more = [said("stock_change", 2036, "tăng 2.036 HTX", **since)] if change else []
    case(
        name,
        page(
            name,
            f"Có 29.378 HTX, {'tăng 2.036 HTX ' if change else ''}(tăng {growth}%) so với cuối năm 2021.",
            said("stock", 29378, "29.378 HTX", as_of="2022-12-31", geography=province),
            said("stock_growth", growth.replace(",", "."), f"tăng {growth}%", **since),
            *more,
            on="2023-01-05",
        ),
        claim_percent__growth=outcome,
        **({"claim_change__net": OPEN, "claim_change__opening": OPEN} if change else {}),
    )

for name, weak, province, outcome in (
    ("xep-loai-dung", "10,5", "Thanh Hóa", PASS),
    ("xep-loai-sai", "12,5", "Hà Tĩnh", FAIL),
    ("xep-loai-thieu", None, "Quảng Bình", OPEN),
):
    at = {"as_of": "2021-12-31", "geography": province}
    case(
        name,
        page(
            name,
            f"Hiệu quả chiếm 61,5%, trung bình 28%{f', yếu kém {weak}%' if weak else ''}.",
            said("share_effective", "61.5", "61,5%", **at),
            said("share_average", 28, "trung bình 28%", **at),
            *([said("share_weak", weak.replace(",", "."), f"{weak}%", **at)] if weak else []),
        ),
        claim_percent__sum=outcome,
    )
LEAVES = {
    "agriculture": "68,8", "industry": "8,3", "trade_services": "9,2", "transport": "5,7", "construction": "2,6",
    "credit_fund": "3,5", "environment": "1,9", "other": "1,9",
}  # fmt: skip
for name, agriculture, province, outcome in (
    ("linh-vuc-102", "68,8", "Quảng Trị", FAIL),
    ("linh-vuc-100", "66,9", "Thừa Thiên Huế", PASS),
):
    shares = LEAVES | {"agriculture": agriculture}
    case(
        name,
        page(
            name,
            "Tỷ trọng: " + ", ".join(f"{sector} chiếm {share}%" for sector, share in shares.items()) + ".",
            *(
                said("share", share.replace(",", "."), f"{sector} chiếm {share}%", sector=sector, geography=province)
                for sector, share in shares.items()
            ),
        ),
        claim_percent__sum=outcome,
        claim_percent__share=[OPEN] * 8,
    )

# -- changes ------------------------------------------------------------------------------------------------------

for name, founded, dissolved, change, province, outcome in (
    ("tang-dung", "895", "220", "675", "Đà Nẵng", PASS),
    ("tang-sai", "1.056", "509", "1.120", "Quảng Nam", FAIL),
    ("tang-thieu", "895", None, "675", "Quảng Ngãi", OPEN),
):
    case(
        name,
        page(
            name,
            [
                f"Có {founded} HTX thành lập mới{f', giải thể {dissolved} HTX' if dissolved else ''}.",
                f"Số HTX tăng {change} HTX so với cuối năm 2017.",
            ],
            said("founded", founded.replace(".", ""), f"{founded} HTX", geography=province, **H1),
            *(
                [said("dissolved", dissolved, f"giải thể {dissolved} HTX", geography=province, **H1)]
                if dissolved
                else []
            ),
            said("stock_change", change.replace(".", ""), f"tăng {change} HTX", geography=province, **SINCE_2017),
        ),
        claim_change__net=outcome,
        claim_change__opening=OPEN,
    )


def half_year(name: str, province: str, on: str, end: str, figures: dict[str, str], host: str = "") -> Page:
    """An article in the manner of the half-year reports of 2018: founded, dissolved, stock and its change."""
    since = {"period_start": "2017-12-31", "period_end": end, "geography": province}
    return page(
        name,
        [
            f"Có {figures['founded']} HTX thành lập mới, giải thể {figures['dissolved']} HTX.",
            f"Cả thảy có {figures['stock']} HTX, tăng {figures['change']} HTX.",
        ],
        said("founded", figures["founded"].replace(".", ""), f"{figures['founded']} HTX", geography=province, **H1),
        said("dissolved", figures["dissolved"], f"giải thể {figures['dissolved']} HTX", geography=province, **H1),
        said("stock", figures["stock"].replace(".", ""), f"có {figures['stock']} HTX", geography=province, as_of=end),
        said("stock_change", figures["change"].replace(".", ""), f"tăng {figures['change']} HTX", **since),
        on=on,
        title=f"Nửa đầu năm {name} {host}",
        url=f"https://{host}{name}.vn/tin-{on}.html",
    )


JUNE = {"founded": "895", "dissolved": "220", "stock": "20.767", "change": "675"}
AUGUST = {"founded": "1.056", "dissolved": "509", "stock": "21.212", "change": "1.120"}
# The published half-year figures of 2018 and their revision: the same opening stock (OK4), 573 unexplained (X6, X7).
case(
    "nua-nam-2018",
    half_year("nua-nam-2018", "Bình Định", "2018-06-21", "2018-06-15", JUNE),
    half_year("nua-nam-2018", "Bình Định", "2018-08-06", "2018-06-30", AUGUST, "b."),
    claim_change__net=[PASS, FAIL],
    claim_change__opening=[OPEN, PASS],
    claim_change__between=FAIL,
    claim_between__revision=[FAIL, FAIL],
)
case(
    "hai-quy",
    half_year("hai-quy", "Phú Yên", "2018-06-21", "2018-06-15", JUNE),
    half_year(
        "hai-quy", "Phú Yên", "2018-08-06", "2018-06-30",
        {"founded": "995", "dissolved": "300", "stock": "20.787", "change": "765"}, "b.",
    ),
    claim_change__net=[PASS, FAIL],
    claim_change__opening=[OPEN, FAIL],
    claim_change__between=PASS,
    claim_between__revision=[FAIL, FAIL],
)  # fmt: skip

# Founded and dissolved until 31 May, a stock of 3 June: what happened in between is not said.
UNTIL_MAY = {"period_start": "2018-01-01", "period_end": "2018-05-31", "geography": "Bà Rịa - Vũng Tàu"}
case(
    "qua-ky",
    page(
        "qua-ky",
        "Đến hết tháng 5 có 300 HTX thành lập mới, giải thể 100 HTX; ngày 3/6 tăng 211 HTX.",
        said("founded", 300, "300 HTX", **UNTIL_MAY),
        said("dissolved", 100, "100 HTX", **UNTIL_MAY),
        said("stock_change", 211, "tăng 211 HTX",
             **UNTIL_MAY | {"period_start": "2017-12-31", "period_end": "2018-06-03"}),
    ),
    claim_change__net=OPEN,
    claim_change__opening=OPEN,
)  # fmt: skip

# -- balances -----------------------------------------------------------------------------------------------------

for name, missing, province, outcome in (
    ("bao-cao-dung", 5, "Khánh Hòa", PASS),
    ("bao-cao-sai", 6, "Ninh Thuận", FAIL),
    ("bao-cao-thieu", None, "Bình Thuận", OPEN),
):
    of = {"org_type": None, "geography": province, "period_start": "2021-05-01", "period_end": "2021-05-31"}
    case(
        name,
        page(
            name,
            f"Đã có 29/34 địa bàn gửi báo cáo{f'; {missing} địa bàn chưa báo cáo' if missing else ''}.",
            said("provinces_reported", 29, "29/34 địa bàn", denominator=34, **of),
            *([said("provinces_missing", missing, f"{missing} địa bàn chưa báo cáo", **of)] if missing else []),
        ),
        claim_balance__provinces=outcome,
    )
for name, remaining, province, outcome in (("con-lai-dung", 29, "Kon Tum", PASS), ("con-lai-sai", 19, "Gia Lai", FAIL)):
    case(
        name,
        page(
            name,
            f"Hoàn thành 91/120 nhiệm vụ, còn {remaining} nhiệm vụ.",
            said("tasks_done", 91, "91/120 nhiệm vụ", denominator=120, org_type=None, geography=province),
            said("tasks_remaining", remaining, f"còn {remaining} nhiệm vụ", org_type=None, geography=province),
        ),
        claim_balance__tasks=outcome,
    )

for name, average, value, province, outcome in (
    ("binh-quan-dung", "2,03 tỷ", "2030000000", "Đắk Lắk", PASS),
    ("binh-quan-sai", "2,03 triệu", "2030000", "Đắk Nông", FAIL),
):
    case(
        name,
        page(
            name,
            f"Có 33.744 HTX; tổng vốn điều lệ 68,5 nghìn tỷ đồng, bình quân {average} đồng/HTX.",
            said("stock", 33744, "33.744 HTX", geography=province),
            said("charter_capital", "68500000000000", "68,5 nghìn tỷ đồng", geography=province),
            said("charter_capital_avg", value, f"{average} đồng/HTX", geography=province),
        ),
        claim_balance__average=outcome,
    )
for name, yearly, province, outcome in (("nam-dung", 64, "Lâm Đồng", PASS), ("nam-sai", 46, "Bình Phước", FAIL)):
    case(
        name,
        page(
            name,
            f"Thu nhập 5,3 triệu đồng/người/tháng, tương đương {yearly} triệu đồng/năm.",
            said("income_avg", 5_300_000, "5,3 triệu đồng/người/tháng", unit="VND/month", geography=province),
            said("income_avg", yearly * 10**6, f"{yearly} triệu đồng/năm", unit="VND/year", geography=province),
        ),
        claim_balance__yearly=outcome,
    )

# -- headline and lists -------------------------------------------------------------------------------------------

for name, headline, value, qualifier, text, province, outcome in (
    ("tieu-de-hon", "hơn 1.000 HTX", 1000, "over", "1.056", "Tây Ninh", PASS),
    ("tieu-de-sai", "1.065 HTX", 1065, "exact", "1.056", "Bình Dương", FAIL),
    ("tieu-de-thieu", "1.065 HTX", 1065, "exact", None, "Đồng Nai", OPEN),
):
    case(
        name,
        page(
            name,
            f"Đã có {text} HTX thành lập mới trong 6 tháng." if text else "Phong trào lan rộng.",
            said("founded", value, headline, qualifier=qualifier, geography=province),
            *(
                [said("founded", text.replace(".", ""), f"{text} HTX thành lập", geography=province, **H1)]
                if text
                else []
            ),
            title=f"Thành lập mới {headline}",
        ),
        claim_article__headline=outcome,
    )

ELEVEN = "Hà Giang, Cao Bằng, Bắc Kạn, Lai Châu, Điện Biên, Kon Tum, Đắk Nông, Ninh Thuận, Bình Dương, TP. Hồ Chí Minh"
for name, count, listed, outcome in (
    ("danh-sach-dung", 3, "Yên Bái, Quảng Ninh và Bắc Giang.", PASS),
    ("danh-sach-sai", 10, f"{ELEVEN} và Bạc Liêu.", FAIL),
    ("danh-sach-lung", 8, "Hà Giang, Cao Bằng, Bắc Kạn…", OPEN),
):
    text = f"Có {count} địa phương không có HTX thành lập mới gồm: {listed}"
    case(name, page(name, text), claim_article__list_length=outcome)

# -- between reports ----------------------------------------------------------------------------------------------

NOVEMBER = {"period_start": "2021-11-01", "period_end": "2021-11-30"}


def november(name: str, province: str, value: str, on: str, host: str, words: str, **more: Any) -> Page:
    """An article on November with words of its own."""
    return page(
        name, [words, f"Tháng 11 có {value} HTX thành lập mới."],
        said("founded", value, f"{value} HTX", geography=province, **NOVEMBER | more),
        on=on, title=words, url=f"https://{host}.{name}.vn/tin-{on}.html",
    )  # fmt: skip


ONE = "Báo cáo tổng hợp tháng mười một của văn phòng đã gửi các ban chuyên môn xem xét, góp ý trước hội nghị giao ban."
TWO = "Phóng viên ghi nhận không khí làm việc khẩn trương tại các cơ sở sản xuất rau quả ven đô những ngày giáp tết."
for name, values, days, province, expected in (
    ("cung-so-dung", ("189", "189"), ("2021-12-02", "2021-12-04"), "Long An", {"claim_between__same_figure": PASS}),
    ("cung-so-sai", ("189", "198"), ("2021-12-02", "2021-12-04"), "Tiền Giang", {"claim_between__same_figure": FAIL}),
    ("dieu-chinh", ("189", "198"), ("2021-12-02", "2021-12-20"), "Bến Tre", {"claim_between__revision": FAIL}),
    ("nhac-lai", ("189", "189"), ("2021-12-02", "2021-12-20"), "Trà Vinh", {"claim_between__revision": PASS}),
):
    case(
        name,
        november(name, province, values[0], days[0], "a", ONE),
        november(name, province, values[1], days[1], "b", TWO),
        **expected,
    )
case(
    "hai-gia-tri",
    november("hai-gia-tri", "Vĩnh Long", "189", "2021-12-02", "a", ONE),
    page(
        "hai-gia-tri", [TWO, "Tháng 11 có 189 HTX thành lập mới, có nơi ghi 198 HTX."],
        said("founded", 189, "189 HTX", geography="Vĩnh Long", **NOVEMBER),
        said("founded", 198, "198 HTX", geography="Vĩnh Long", **NOVEMBER),
        on="2021-12-03", title=TWO, url="https://b.hai-gia-tri.vn/tin.html",
    ),
    claim_between__same_figure=OPEN,
)  # fmt: skip
case(
    "uoc-va-thuc",
    november("uoc-va-thuc", "Đồng Tháp", "189", "2021-12-02", "a", ONE),
    november("uoc-va-thuc", "Đồng Tháp", "198", "2021-12-03", "b", TWO, status="estimate"),
)

LONG = [
    "Trong tháng qua, các cấp liên minh đã xuống cơ sở hướng dẫn kê khai và đối chiếu danh sách thành viên góp vốn.",
    "Nhiều đơn vị bước đầu ghi chép sổ sách trên máy tính, bán hàng qua mạng và tiếp cận khách hàng ở thành phố lớn.",
    "Khó khăn được nêu nhiều nhất là thiếu vốn lưu động, thiếu mặt bằng làm kho và giá vật tư đầu vào tăng nhanh.",
    "Hội viên mong có thêm lớp học ngắn ngày về kế toán, về thuế và về truy xuất nguồn gốc hàng nông sản chủ lực.",
]


def printed(name: str, host: str, value: str, province: str, on: str, **more: Any) -> Page:
    """A long article on November that others print again."""
    return Page(
        more.pop("url", f"https://{host}.{name}.vn/tin-{on}.html"), on, "Kết quả tháng mười một",
        [f"Tháng 11 có {value} HTX thành lập mới.", *LONG, f"Bản tin của {name} gửi các nơi đăng lại trong tháng."],
        [said("founded", value, f"{value} HTX", geography=province, **NOVEMBER)], **more,
    )  # fmt: skip


case(
    "dang-lai",
    printed("dang-lai", "goc", "88", "An Giang", "2021-12-02"),
    printed("dang-lai", "b", "88", "An Giang", "2021-12-03", extra="<p>(Theo Cổng thông tin)</p>"),
    printed("dang-lai", "c", "88", "An Giang", "2021-12-04"),
    printed("dang-lai", "d", "68", "An Giang", "2021-12-05"),
    claim_between__copy=[PASS, PASS, FAIL],
)
ONE_URL, OTHER_URL = "https://sua-trang.vn/tin-1.html", "https://sua-trang.vn/tin-2.html"
case(
    "sua-trang",
    printed("sua-trang", "a", "77", "Kiên Giang", "2021-12-02", url=ONE_URL),
    printed("sua-trang", "a", "97", "Kiên Giang", "2021-12-02", url=ONE_URL, fetched=later(1)),
    printed("sua-trang", "a", "66", "Cần Thơ", "2021-12-02", url=OTHER_URL, canonical=OTHER_URL),
    printed("sua-trang", "a", "66", "Cần Thơ", "2021-12-02", url=OTHER_URL, fetched=later(1)),
    claim_between__snapshot=[FAIL, PASS],
)

# -- documents ----------------------------------------------------------------------------------------------------

case(
    "van-ban-hai-ngay",
    page("van-ban-hai-ngay", "Theo Quyết định số 4999/QĐ-TTg ngày 03/6/2020 về chuyển đổi số."),
    page("van-ban-hai-ngay", "Căn cứ Quyết định số 4999/QĐ-TTg ngày 06/3/2020.", on="2018-07-01", url="https://b.van-ban-hai-ngay.vn/1.html"),
    document__dates=FAIL,
    document__register=[OPEN, OPEN],
)  # fmt: skip
case(
    "van-ban-mot-ngay",
    page(
        "van-ban-mot-ngay",
        "Theo Quyết định số 4998/QĐ-TTg ngày 03/6/2020; Quyết định số 4998/QĐ-TTg ngày 3 tháng 6 năm 2020 nêu rõ.",
    ),
    document__dates=PASS,
    document__register=OPEN,
)  # fmt: skip
case(
    "van-ban-thieu-ngay",
    page("van-ban-thieu-ngay", ["Theo Quyết định số 4997/QĐ-TTg ngày 03/6/2020.", "Quyết định số 4997/QĐ-TTg nêu rõ."]),
    document__dates=OPEN,
    document__register=OPEN,
)
case(
    "van-ban-hai-ky-hieu",
    page("van-ban-hai-ky-hieu", [
        "Quán triệt Thông báo Kết luận của Ban Bí thư số 158-TB/TW.",
        "Phù hợp với Kết luận của Ban Bí thư số 158-KL/TW ngày 02/01/2020.",
        "Thực hiện Nghị quyết số 158/NQ-CP và Nghị quyết số 157-NQ/TW, Kết luận số 157-KL/TW ngày 01/02/2020.",
    ]),
    document__symbols=FAIL,
    document__register=[OPEN, OPEN],
)  # fmt: skip
case(
    "van-ban-so-dang-ky",
    page("van-ban-so-dang-ky", [
        "Quyết định số 461/QĐ-TTg ngày 07/5/2018 phê duyệt Đề án.",
        "Quyết định số 340/QĐ-TTg ngày 12/3/2021 phê duyệt Chiến lược.",
    ]),
    document__register=[FAIL, PASS],
)  # fmt: skip
case(
    "van-ban-nam",
    page("van-ban-nam", "Nghị định số 45/2021/NĐ-CP ngày 31/3/2012 và Nghị định số 4977/2019/NĐ-CP ngày 10/10/2019."),
    document__symbol_year=[FAIL, PASS],
    document__register=[FAIL, OPEN],
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return build(tmp_path_factory.mktemp("news") / "home", [p for c in CASES.values() for p in c.pages])


@pytest.fixture(scope="module")
def outcomes(built: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = built.execute(
        "select *, case when not is_comparable then 'not_comparable' when excess > 0 then 'fail' "
        "else 'pass' end as outcome from reconciliation.rec_residual "
        "where family like 'claim%' or family in ('document', 'region_split')"
    )
    names = [column[0] for column in rows.description or []]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


@pytest.mark.parametrize("name", CASES)
def test_a_case_comes_to_what_it_says(name: str, outcomes: list[dict[str, Any]]) -> None:
    found = Counter(
        (row["rule_id"], row["outcome"])
        for row in outcomes
        if any(f"{end}{name}.vn/" in row["expected_evidence"] + row["actual_evidence"] for end in ("//", "."))
    )
    assert dict(found) == CASES[name].expected


def test_a_finding_quotes_both_sides(outcomes: list[dict[str, Any]]) -> None:
    failed = [row for row in outcomes if row["outcome"] == "fail"]
    assert {row["rule_id"] for row in failed} == {
        rule for case in CASES.values() for rule, outcome in case.expected if outcome == "fail"
    }
    for row in failed:
        for side in ("expected_evidence", "actual_evidence"):
            items = json.loads(row[side])
            assert items and all(item.get("quote") or item.get("file") == "documents.csv" for item in items), row
