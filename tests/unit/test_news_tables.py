"""Tables and tasks in articles: what is a table, how spans and blanks are read, and the tasks of a plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.news.tables import HIDDEN, ArticleTable, TableRow, article_tables
from ingestion.news.tasks import PlanTask, Window, plan_tasks, read_window
from ingestion.page import parse_page

HEADER = "<tr><td>TT</td><td>Nội dung</td><td>Đơn vị chủ trì</td><td>Đơn vị phối hợp</td><td>Thời gian</td></tr>"


def tables_of(html: str, body: str | None = None) -> tuple[ArticleTable, ...]:
    tree = parse_page(f"<html><body>{html}</body></html>")
    return article_tables(tree, body if body is not None else tree.body.text(separator=" "))  # type: ignore[union-attr]


def cells_of(html: str) -> list[tuple[str, ...]]:
    (table,) = tables_of(html)
    return [row.cells for row in table.rows]


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def tasks_of(*rows: str) -> tuple[PlanTask, ...]:
    return plan_tasks(tables_of(f"<table>{HEADER}{''.join(rows)}</table>"))


def test_spans_are_repeated_where_the_page_states_them_and_blanks_stay_blank() -> None:
    html = (
        "<table><tr><th rowspan='2'>TT</th><th colspan='2'>Số HTX</th></tr><tr><th>2020</th><th>2021</th></tr>"
        "<tr><td>1</td><td>20.<b>767</b></td><td></td></tr><tr><td>2</td><td rowspan=0>15</td><td>16</td></tr>"
        "<tr><td>3</td><td>17</td></tr></table>"
    )
    assert cells_of(html) == [
        ("TT", "Số HTX", "Số HTX"),
        ("TT", "2020", "2021"),
        ("1", "20.767", ""),
        ("2", "15", "16"),
        ("3", "15", "17"),
    ]
    (table,) = tables_of(html)
    assert [r.is_header for r in table.rows] == [True, True, False, False, False]


def test_a_row_that_ends_early_keeps_what_reaches_down_beside_it() -> None:
    first = "<tr><td>a</td><td>b</td><td rowspan=2>c</td></tr>"
    html = f"<table>{first}{row('d')}{row('e', 'f')}</table>"
    assert cells_of(html) == [("a", "b", "c"), ("d", "", "c"), ("e", "f")]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><img src=a></td></tr><tr><td>Ảnh minh họa</td></tr></table>",
        f"<table role=presentation>{row('1', 'a')}{row('2', 'b')}</table>",
        f"<table>{row('một', 'hai')}</table>",
        f"<table>{row('a' * 5000, 'b')}{row('c', 'd')}</table>",
    ],
)
def test_layout_is_no_table(html: str) -> None:
    assert tables_of(html) == ()


def test_of_tables_inside_each_other_the_inner_one_counts() -> None:
    inner = f"<table>{row('1', 'Hà Giang')}{row('2', 'Cao Bằng')}</table>"
    assert cells_of(f"<table><tr><td>menu</td><td>{inner}</td></tr></table>") == [("1", "Hà Giang"), ("2", "Cao Bằng")]


def test_a_table_outside_the_article_is_none_of_it() -> None:
    inside = f"<table>{row('Tỉnh', 'Số HTX')}{row('Hà Giang', '800')}</table>"
    outside = f"<table>{row('Tỷ giá', 'Mua')}{row('USD', '23.000')}</table>"
    (table,) = tables_of(inside + outside, body="Tỉnh | Số HTX\nHà Giang | 800")
    assert table.rows[1].cells == ("Hà Giang", "800")


def test_phones_and_identity_numbers_stay_in_the_archive() -> None:
    html = (
        f"<table>{row('Họ tên', 'Số CCCD', 'Liên hệ', 'Vốn góp')}"
        f"{row('Người mẫu', '123456789', '0000123456', '250000000')}</table>"
    )
    assert cells_of(html)[1] == ("Người mẫu", HIDDEN, HIDDEN, "250000000")


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=5), min_size=2, max_size=6)
)
def test_any_spans_give_rows_in_order_with_no_cell_lost(spans: list[list[tuple[int, int]]]) -> None:
    names = [[f"r{y}c{x}" for x in range(len(line))] for y, line in enumerate(spans)]
    html = "<table>" + "".join(
        "<tr>"
        + "".join(
            f"<td rowspan={down} colspan={across}>{name}</td>"
            for name, (down, across) in zip(names[y], line, strict=True)
        )
        + "</tr>"
        for y, line in enumerate(spans)
    )
    for table in tables_of(html + "</table>"):
        assert [r.number for r in table.rows] == list(range(1, len(spans) + 1))
        for y, found in enumerate(table.rows):
            assert [cell for cell in dict.fromkeys(found.cells) if cell.startswith(f"r{y}c")] == names[y]


# -- tasks --------------------------------------------------------------------------------------------------------


def test_sections_numbers_and_windows() -> None:
    tasks = tasks_of(
        row("I", "Tuyên truyền", "", "", ""),
        row("1", "Mở chuyên mục", "Ban A", "Các đơn vị", "2021-2025"),
        row("2", "Viết bài", "", "", ""),
        row("II", "Tổ chức bộ máy", "Ban B", "", "Thường xuyên"),
        row("1", "Đào tạo", "Ban B", "", "Định kỳ hàng năm"),
    )
    assert [(t.label, t.content, t.lead, t.window_text, t.is_section) for t in tasks] == [
        ("I.1", "Mở chuyên mục", "Ban A", "2021-2025", False),
        ("I.2", "Viết bài", None, None, False),
        ("II", "Tổ chức bộ máy", "Ban B", "Thường xuyên", True),
        ("II.1", "Đào tạo", "Ban B", "Định kỳ hàng năm", False),
    ]
    assert (tasks[0].section_title, tasks[0].window) == ("Tuyên truyền", Window(2021, 2025, None))
    assert tasks[3].window == Window(recurrence="yearly")


def test_a_plan_continues_over_several_tables() -> None:
    first = f"<table>{HEADER}{row('I', 'Mục một', '', '', '')}{row('1', 'Việc một', 'Ban A', '', 'Năm 2021')}</table>"
    tasks = plan_tasks(tables_of(first + f"<table>{HEADER}{row('2', 'Việc hai', 'Ban A', '', 'Năm 2021')}</table>"))
    assert [t.label for t in tasks] == ["I.1", "I.2"]


def test_a_row_moved_to_the_right_is_read_where_it_stands() -> None:
    """As in IV.1 and IV.2 of the action plan's appendix: three blanks in front, the last cells fallen off."""
    header = HEADER.replace("</tr>", "<td></td><td></td></tr>")
    first, second = plan_tasks(
        tables_of(
            f"<table>{header}{row('1', '', '', '', 'Đào tạo cán bộ', '', '2021-2022')}"
            f"{row('2', '', '', '', 'Đề án biên chế', 'Ban Kế hoạch - Hỗ trợ', 'LM HTX cấp tỉnh')}</table>"
        )
    )
    assert (first.content, first.lead, first.co_units, first.window_text) == ("Đào tạo cán bộ", None, None, "2021-2022")
    assert (second.content, second.lead, second.window_text) == ("Đề án biên chế", "Ban Kế hoạch - Hỗ trợ", None)
    assert first.shifted_by == second.shifted_by == 3


def test_blanks_are_not_filled() -> None:
    (task,) = tasks_of(row("7", "", "Ban A", "", "2021"))
    assert (task.content, task.lead, task.shifted_by) == (None, "Ban A", 0)


def test_near_duplicates_name_each_other() -> None:
    words = "nhân rộng mô hình hiệu quả cao trong các lĩnh vực ngành nghề giúp kinh tế hộ phát triển cùng doanh nghiệp"
    one, two, three = tasks_of(
        row("1", f"Tiếp tục {words} và nông dân", "Ban A", "", "2021"),
        row("2", "Tổ chức hội thảo", "Ban A", "", "2021"),
        row("3", f"Xây dựng, {words} với hợp tác xã, chương trình mỗi xã một sản phẩm", "Ban B", "", "2021"),
    )
    assert (one.similar_to, two.similar_to, three.similar_to) == (("3",), (), ("1",))


def test_other_tables_hold_no_tasks() -> None:
    assert plan_tasks(tables_of(f"<table>{row('TT', 'Tỉnh', 'Số HTX')}{row('1', 'Hà Giang', '800')}</table>")) == ()


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("2021 - 2025", Window(2021, 2025)),
        ("Giai đoạn 2021-2030", Window(2021, 2030)),
        ("Năm 2021", Window(2021, 2021)),
        ("Quý IV/2021", Window(2021, 2021)),
        ("Trước 30/6/2022", Window(None, 2022)),
        ("Đến năm 2025", Window(None, 2025)),
        ("Hằng năm", Window(recurrence="yearly")),
        ("Hàng quý", Window(recurrence="quarterly")),
        ("Thường xuyên 2021", Window(2021, 2021, "continuous")),
        ("Kết luận số 158-KL/TW ngày 02/01/2020", Window()),
        (None, Window()),
    ],
)
def test_windows(text: str | None, window: Window) -> None:
    assert read_window(text) == window


def test_a_task_row_without_number_has_a_label_of_its_own() -> None:
    (task,) = tasks_of(row("", "Việc không số", "Ban A", "", "2021"))
    assert task.label == "(1)"
    assert TableRow(1, False, ()).cells == ()
