"""Copies, versions, documents and plans in the marts: one build of synthetic portals, and the real pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt.news_build import FETCHED, Page, build, build_bytes, dbt, later, said

NOVEMBER = {"period_start": "2021-11-01", "period_end": "2021-11-30"}
BACKGROUND = [
    "Trong tháng qua, các cấp liên minh đã xuống cơ sở hướng dẫn kê khai và đối chiếu danh sách thành viên góp vốn.",
    "Nhiều đơn vị bước đầu ghi chép sổ sách trên máy tính, bán hàng qua mạng và tiếp cận khách hàng ở thành phố lớn.",
    "Khó khăn được nêu nhiều nhất là thiếu vốn lưu động, thiếu mặt bằng làm kho và giá vật tư đầu vào tăng nhanh.",
    "Hội viên mong có thêm lớp học ngắn ngày về kế toán, về thuế và về truy xuất nguồn gốc hàng nông sản chủ lực.",
]
FOUNDED = "Trong tháng 11, Hà Giang có 5 HTX thành lập mới."
#: A report of its own, of about the same length.
MARKET = [
    "Phiên chợ cuối tuần ở trung tâm thị trấn đông hơn hẳn mọi khi, nhất là quanh dãy bán rau an toàn của bà con.",
    "Người bán cho hay giá cải bắp, su hào nhích lên đôi chút vì mưa kéo dài, còn cam sành lại rẻ hơn năm ngoái.",
    "Ban quản lý chợ nhắc các hộ giữ vệ sinh, sắp hàng gọn gàng và niêm yết giá để người mua tiện so sánh.",
    "Chiều muộn, mấy chiếc xe tải nhỏ nối nhau chở hàng về bản, mang theo cả tiếng cười nói rộn ràng của phiên chợ.",
]


def report(url: str, on: str | None, month: str = "tháng 11", province: str = "Hà Giang", **more: Any) -> Page:
    """A monthly report; only ``month`` and ``province`` distinguish one from another."""
    value = more.pop("value", "5")
    when = more.pop("when", NOVEMBER)
    text = more.pop("text", [f"Trong {month}, {province} có {value} HTX thành lập mới.", *BACKGROUND])
    claims = more.pop("claims", [said("founded", value, f"{value} HTX", geography=province, **when)])
    return Page(url, on, more.pop("title", f"{province}: kết quả {month}"), text, claims, **more)


OCTOBER = {"period_start": "2021-10-01", "period_end": "2021-10-31"}
WRONG = [
    said("founded", 859, "859 HTX", list_id="a", geography="Lào Cai", **NOVEMBER),
    said("founded", 716, "716 HTX nông nghiệp", list_id="a", sector="agriculture", geography="Lào Cai", **NOVEMBER),
    said("founded", 179, "179 HTX phi nông nghiệp", list_id="a", sector="non_agriculture", geography="Lào Cai",
         **NOVEMBER),
]  # fmt: skip
WRONG_TEXT = ["Lào Cai thành lập mới 859 HTX (716 HTX nông nghiệp và 179 HTX phi nông nghiệp).", *BACKGROUND]
PLAN = (
    "<p>(Kèm theo Kế hoạch số 99 KH-LMHTXVN ngày 2 tháng 6 năm 2021)</p><table>"
    "<tr><td>TT</td><td>Nội dung</td><td>Đơn vị chủ trì</td><td>Đơn vị phối hợp</td><td>Thời gian</td></tr>"
    "<tr><td>I</td><td>Tuyên truyền</td><td></td><td></td><td></td></tr>"
    "<tr><td>1</td><td>Mở chuyên mục</td><td>- Tạp chí Kinh doanh - Ban Kiểm tra</td><td>LM HTX cấp tỉnh</td>"
    "<td>2021-2025</td></tr>"
    "<tr><td>2</td><td>Viết bài</td><td></td><td></td><td></td></tr>"
    "<tr><td>4</td><td>Họp báo</td><td>Ban Lạ Hoắc</td><td>LM HTX cấp tỉnh</td><td>2020-2021</td></tr>"
    "<tr><td>4</td><td>Ứng dụng và chuyên đổi số</td><td>Ban Kiểm tra Ban Kiểm tra</td><td>LM HTX cấp tỉnh</td>"
    "<td>Thường xuyên 2021</td></tr>"
    "<tr><td>II</td><td>Bộ máy</td><td>Ban Tổ chức cán bộ</td><td>LM HTX cấp tỉnh</td><td>khi cần</td></tr></table>"
)

PAGES = [
    # Printed again: by the address it names, word for word, with a line before it, cut in half with its source named.
    report("https://goc.vn/tin-1.html", "2021-12-02"),
    report("https://a.vn/1.html", "2021-12-02", extra="<p>Link bài viết gốc: http://www.goc.vn/tin-1.html</p>"),
    report("https://b.vn/1.html", "2021-12-01", text=[FOUNDED, *BACKGROUND, "Cổng thông tin huyện xin giới thiệu."]),
    report("https://c.vn/1.html", None, text=[FOUNDED, *BACKGROUND[:2]],
           extra="<p style='text-align:right'>(Theo Cổng thông tin)</p>"),
    # Not copies: the next month, the next province, a page that quotes a whole report in a longer one.
    report("https://goc.vn/tin-2.html", "2021-11-03", month="tháng 10", when=OCTOBER),
    report("https://goc.vn/tin-3.html", "2021-12-02", province="Cao Bằng"),
    report("https://tap-chi.vn/tong-hop.html", "2021-12-05", text=[FOUNDED, *BACKGROUND, *MARKET,
        *(f"Điểm {n}: bà con thôn {n * 7} kể chuyện vụ {n + 3}, thửa {n * 11}, lứa {n + 5}." for n in range(20))]),
    # A portal whose template calls its home page, or one page for all, the canonical address.
    *[Page(f"https://mau.vn/bai-{n}.html", "2021-12-03", f"Bài {n}", lines, canonical=canonical)
      for n, (lines, canonical) in enumerate([
          (MARKET, "https://mau.vn/"), (["Một dòng khác hẳn về nghề nuôi ong lấy mật ở vùng cao."], "https://mau.vn/"),
          (["Thông báo nghỉ lễ của cơ quan trong dịp đầu năm dương lịch."], "https://mau.vn/tin-tuc.html"),
          (["Lịch tiếp công dân của lãnh đạo trong quý một năm tới."], "https://mau.vn/tin-tuc.html")])],
    # One wrong report on three sites.
    report("https://sai.vn/1.html", "2021-12-02", text=WRONG_TEXT, claims=WRONG, title="Lào Cai"),
    report("https://sai-2.vn/1.html", "2021-12-03", text=WRONG_TEXT, claims=WRONG, title="Lào Cai: đăng lại"),
    report("https://sai-3.vn/1.html", "2021-12-04", text=WRONG_TEXT, claims=WRONG, title="Lào Cai: đăng lại"),
    # Two versions of a page, the older one among the copies.
    report("https://hai-ban.vn/1.html", "2021-12-02", province="Yên Bái", value="7"),
    report("https://hai-ban.vn/1.html", "2021-12-02", province="Yên Bái", value="9", fetched=later(2)),
    Page("https://ke-hoach.vn/1.html", None, "Kế hoạch hành động", [
        "Thực hiện Nghị quyết số 13-NQ/TW và Nghị quyết 13, Luật HTX năm 2012, Quyết định 461/QĐ-TTg ngày 07/5/2018."],
        extra=PLAN),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("news_marts") / "home"


@pytest.fixture(scope="module")
def built(home: Path) -> duckdb.DuckDBPyConnection:
    return build(home, PAGES)


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


REPORTS = "select url, report_url from {}.{} where is_current order by 1"


def test_copies_are_one_report_and_what_only_reads_alike_is_not(built: duckdb.DuckDBPyConnection) -> None:
    reports = dict(asked(built, REPORTS.format("marts", "dim_news_article")))
    original = "https://goc.vn/tin-1.html"
    copies = ["https://a.vn/1.html", "https://b.vn/1.html", "https://c.vn/1.html"]
    assert [reports[url] for url in (original, *copies)] == [original] * 4
    assert {url for url, of in reports.items() if url == of and not url.startswith("https://sai")} == {
        original,
        "https://goc.vn/tin-2.html",
        "https://goc.vn/tin-3.html",
        "https://tap-chi.vn/tong-hop.html",
        *(f"https://mau.vn/bai-{n}.html" for n in range(4)),
        "https://hai-ban.vn/1.html",
        "https://ke-hoach.vn/1.html",
    }
    (row,) = asked(built, f"select copy_count, copy_urls from marts.dim_news_article where url = '{original}'")
    assert (row[0], json.loads(row[1])) == (3, copies)


def test_a_report_on_three_sites_is_one_finding_that_names_them(built: duckdb.DuckDBPyConnection) -> None:
    ((evidence,),) = asked(
        built,
        "select expected_evidence from reconciliation.rec_residual where rule_id = 'claim_split.sector' and excess > 0",
    )
    (item,) = json.loads(evidence)
    assert item["url"] == "https://sai.vn/1.html"
    assert item["copies"] == ["https://sai-2.vn/1.html", "https://sai-3.vn/1.html"]
    claims = "select count(*), count(*) filter (is_original) from marts.fct_news_claim where url like 'https://sai%'"
    assert asked(built, claims) == [(9, 3)]


def test_the_newest_version_of_a_page_counts(built: duckdb.DuckDBPyConnection) -> None:
    claims = "select claimed_value, is_current, is_original from marts.fct_news_claim where url like '%hai-ban%'"
    assert asked(built, claims + " order by 1") == [(7, False, False), (9, True, True)]


def test_the_order_of_fetching_changes_no_report(
    built: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copies first, the originals last; only versions of one page keep their order."""

    def only_articles(home: Path, *_: str) -> None:
        dbt(
            home,
            "build",
            "--select",
            "+int_news_article",
            "--indirect-selection",
            "buildable",
            "--exclude",
            "test_type:unit",
        )

    monkeypatch.setattr("tests.dbt.news_build.dbt", only_articles)
    turned = [replace(p, fetched=p.fetched if "hai-ban" in p.url else later(-n)) for n, p in enumerate(PAGES)]
    again = build(tmp_path / "home", turned[::-1])
    columns = "artifact_sha256, report_id, is_original, is_current, copy_urls"
    sql = f"select {columns} from intermediate.int_news_article order by all"
    assert asked(again, sql) == asked(built, sql)


def test_tasks_and_their_issues(built: duckdb.DuckDBPyConnection) -> None:
    tasks = asked(
        built,
        "select label, lead_unit_keys, window_start_year, window_end_year, recurrence_code, issue_codes, "
        "plan_document_key from marts.fct_plan_task order by position_number",
    )
    plan = "99/KH-LMHTXVN (2021)"
    assert tasks == [
        ("I.1", "VCA-BKTRA, VCA-TCKD", 2021, 2025, None, "", plan),
        ("I.2", None, None, None, None, "blank_co_units, blank_lead, blank_window", plan),
        ("I.4", None, 2020, 2021, None, "lead_not_a_unit, window_before_plan", plan),
        ("I.4", "VCA-BKTRA", 2021, 2021, "continuous",
         "lead_repeated, misprint, number_repeated, window_stated_twice", plan),
        ("II", "VCA-BTCCB", None, None, None, "section_is_task, window_not_a_time", plan),
    ]  # fmt: skip
    missing = asked(built, "select label, task_id from marts.fct_plan_task_issue where issue_code = 'number_missing'")
    assert missing == [("I.3", None)]
    names = asked(built, "select count(*) from marts.fct_plan_task_issue where issue_name_vi is null")
    assert names == [(0,)]
    units = asked(built, "select unit_text, unit_key from marts.bridge_plan_task_unit where unit_key is null")
    assert units == [("Ban Lạ Hoắc", None)]


def test_documents_and_who_cites_them(built: duckdb.DuckDBPyConnection) -> None:
    cited = asked(
        built,
        "select document_key, kind_code, issuer_code, citation_count, cited_dates, cast(issued_on as varchar) "
        "from marts.dim_document where citation_count > 0 order by 1",
    )
    assert cited == [
        ("13-NQ/TW (2002)", "resolution", "TW", 2, None, None),
        ("23/2012/QH13 (2012)", "law", "QH", 1, None, None),
        ("461/QĐ-TTg (2018)", "decision", "TTg", 1, "2018-05-07", "2018-04-27"),
        ("99/KH-LMHTXVN (2021)", "plan", "LMHTXVN", 1, "2021-06-02", None),
    ]
    (row,) = asked(built, "select quote, is_own from marts.fct_document_citation where is_own")
    assert row[0].startswith("Kế hoạch số 99 KH-LMHTXVN")


def test_rows_of_tables_keep_blanks(built: duckdb.DuckDBPyConnection) -> None:
    rows = asked(built, "select cells, is_header from marts.fct_article_table_row order by row_number")
    assert len(rows) == 7 and [header for _, header in rows] == [True] + [False] * 6
    assert json.loads(rows[3][0]) == ["2", "Viết bài", "", "", ""]


# -- real pages ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[Any, ...]]]:
    """Asks the build of the three real pages, each at an address of its folder's."""
    files = sorted(real_pages.rglob("*.html"))
    pages = [(f"https://{path.parent.name}.example/{path.name}", path.read_bytes(), FETCHED) for path in files]
    con = build_bytes(tmp_path_factory.mktemp("real") / "home", pages)
    return lambda sql: asked(con, sql)


ISSUES = {
    "I.7": "blank_co_units, blank_lead, blank_window",
    "I.8": "blank_co_units, blank_lead, blank_window",
    "II.1": "blank_co_units, blank_lead, blank_window",
    "III.1": "misprint",
    "III.5": "near_duplicate",
    "IV": "section_is_task",
    "IV.1": "blank_co_units, blank_lead, columns_shifted",
    "IV.2": "blank_window, columns_shifted",
    "IV.3": "lead_not_a_unit",
    "IV.15": "misprint",
    "IV.16": "near_duplicate",
    "IV.17": "lead_repeated, window_stated_twice",
    "IV.19": "misprint, window_before_plan",
    "IV.20": "misprint",
}


@pytest.mark.real_pages
def test_the_appendix_of_the_action_plan_is_46_tasks_and_one_of_a_section(real: Callable[..., Any]) -> None:
    tasks = real("select label, issue_codes from marts.fct_plan_task order by position_number")
    numbers = {"I": range(1, 9), "II": range(1, 9), "III": range(1, 9), "IV": [*range(1, 21), 22, 23]}
    labels = [f"{section}.{n}" for section in ("I", "II", "III") for n in numbers[section]]
    assert [label for label, _ in tasks] == [*labels, "IV", *(f"IV.{n}" for n in numbers["IV"])]
    assert {label: codes for label, codes in tasks if codes} == ISSUES
    assert real("select label from marts.fct_plan_task_issue where issue_code = 'number_missing'") == [("IV.21",)]
    leads = dict(real("select label, lead_unit_keys from marts.fct_plan_task"))
    assert leads["I.2"] == "VCA-TCKD, VCA-TTTT" and leads["IV.5"] == "VCA-BTCCB, VCA-TBDCB"
    assert leads["IV.2"] == "VCA-BKHHT" and leads["IV.15"] == "VCA-TTKHCN" and leads["IV.1"] is None
    moved = real("select content[:7], window_text from marts.fct_plan_task where shifted_by_count = 3 order by label")
    assert moved == [("Đào tạo", "2021-2022"), ("- Xây d", None)]
    assert real("select distinct plan_document_key from marts.fct_plan_task") == [("337/KH-LMHTXVN (2021)",)]


@pytest.mark.real_pages
def test_documents_of_the_real_pages(real: Callable[..., Any]) -> None:
    found = {key for (key,) in real("select document_key from marts.dim_document where citation_count > 0")}
    assert found == {
        "01/NQ-CP (2018)", "12/CT-TTg (2018)", "13-NQ/TW (2002)", "134/NQ-CP (2020)", "158-KL/TW (2020)",
        "158-TB/TW (?)", "167/QĐ-TTg (2021)", "1804/QĐ-TTg (2020)", "23/2012/QH13 (2012)", "337/KH-LMHTXVN (2021)",
        "340/QĐ-TTg (2021)", "42/NQ-BCH (2018)", "45/2021/NĐ-CP (2021)", "461/QĐ-TTg (2018)",
        "462/LMHTXVN-KHHT (2021)", "585/TB-VPCP (?)", "70-KL/TW (2020)", "749/QĐ-TTg (2020)", "77/2019/NĐ-CP (2019)",
        "77/LMHTXVN-VP (2018)",
    }  # fmt: skip
    assert real("select issued_on::varchar, cited_dates from marts.dim_document where symbol = '461/QĐ-TTg'") == [
        ("2018-04-27", "2018-05-07")
    ]


@pytest.mark.real_pages
def test_what_reconciles_in_the_real_pages_and_what_does_not(real: Callable[..., Any]) -> None:
    """OK1 to OK3, X1, X4, X8 and X9 of the domain brief, and nothing else fails."""
    rows = real(
        "select rule_id, case when not is_comparable then 'open' when excess > 0 then 'fail' "
        "else 'pass' end, expected, actual, detail from reconciliation.rec_residual "
        "where family like 'claim%' or family in ('document', 'region_split') order by 1, 2, 3"
    )
    failed = [(rule, int(expected), int(actual)) for rule, outcome, expected, actual, _ in rows if outcome == "fail"]
    assert failed == [
        ("document.register", 0, 10),
        ("document.symbols", 0, 1),
        ("region_split.coverage", 8, 7),
        ("region_split.sum", 895, 804),
    ]
    passed = {(rule, expected, actual) for rule, outcome, expected, actual, _ in rows if outcome == "pass"}
    assert {
        ("claim_split.sector", 895, 895),
        ("claim_percent.share", 80, 80),
        ("claim_change.net", 675, 675),
    } <= passed
    details = {rule: json.loads(detail) for rule, outcome, _, _, detail in rows if outcome == "open"}
    plan = details["claim_percent.plan"]
    assert (plan["implied_plan_from"], plan["implied_plan_to"]) == (2209.9, 2265.8)
    assert len(details["claim_article.list_length"]["items"]) == 6
    openings = {int(actual) for rule, _, _, actual, _ in rows if rule == "claim_change.opening"}
    assert 20_092 in openings
