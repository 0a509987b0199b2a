"""The reader: everything readable is read, everything unreadable is explained, no row is lost."""

from __future__ import annotations

import io

import openpyxl
import pytest
import xlsxwriter

from ingestion.forms.definition import load_forms
from ingestion.samples import periodic
from ingestion.samples.workbooks import Edit, RawText, Submission, workbook_bytes
from ingestion.submissions.inspection import UNCALCULATED
from ingestion.submissions.reader import WorkbookReading, peek_period, read_workbook
from ingestion.submissions.workbook import open_workbook
from ingestion.vietnamese.personal import HIDDEN
from tests.conftest import KEY
from tests.workbooks import RECEIVED, changed, country, report, says, workbook


def sheet(reading: WorkbookReading, form: str):  # type: ignore[no-untyped-def]
    return next(s for s in reading.sheets if s.form is not None and s.form.code == form)


def edited(data: bytes, edit) -> bytes:  # type: ignore[no-untyped-def]
    """The workbook after ``edit`` changed it in openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize("code", sorted(p.code for p in country().places))
def test_reads_every_row_of_every_province_as_it_was_meant(code: str) -> None:
    reading = read_workbook(workbook(code=code), KEY)
    assert reading.outcome == "accepted", reading.problems
    truth = report(code)
    for code_of_form in truth.rows:
        form = load_forms()[code_of_form]
        got = sheet(reading, form.code).rows
        assert len(got) == len(truth.rows[form.code])
        for (_, values), row in zip(got, truth.rows[form.code], strict=True):
            for column, value in zip(form.raw_columns, values, strict=True):
                if column.personal is None and column.unit != "percent_per_month":
                    assert value == row[column.name], (form.code, column.name)


def test_row_numbers_are_those_excel_shows() -> None:
    data = workbook()
    book = openpyxl.load_workbook(io.BytesIO(data))
    reading = sheet(read_workbook(data, KEY), "BIEU_02")
    number, values = reading.rows[-1]
    cells = [cell.value for cell in book[reading.sheet][number]]
    assert values[0] in cells


def test_peeks_the_period_without_reading_the_rest() -> None:
    assert peek_period(workbook()) == "2021-11"
    assert peek_period(b"no workbook") is None


def test_an_ambiguous_number_is_quarantined_and_its_neighbours_are_taken() -> None:
    edit = Edit("set", "BIEU_01", "member_count", 3, RawText("20,767"))
    reading = read_workbook(workbook(edit), KEY)
    counts = sheet(reading, "BIEU_01")
    assert (counts.read, counts.loaded, counts.rejected) == (30, 29, 1)
    (problem,) = reading.problems
    assert problem.found == "20,767"
    # The column has the name that this sender's header gives it.
    assert problem.cell and problem.cell in problem.message and "cột “Thành viên”" in problem.message
    assert reading.outcome == "partial"


def test_a_renamed_column_rejects_the_sheet_and_names_the_nearest() -> None:
    reading = read_workbook(
        workbook(Edit("rename", "BIEU_02", "decision_number", value=RawText("Số quyết đinh QĐ"))), KEY
    )
    register = sheet(reading, "BIEU_02")
    assert register.outcome == "rejected"
    assert register.rejected == register.read > 0
    (problem,) = reading.problems
    assert "thiếu cột" in problem.message and "Số quyết định" in problem.remedy
    assert "“Số quyết đinh QĐ”" in problem.message


def test_a_missing_sheet_is_named() -> None:
    def drop(book: openpyxl.Workbook) -> None:
        for name in book.sheetnames:
            if "04" in name:
                del book[name]

    reading = read_workbook(edited(workbook(), drop), KEY)
    assert [s.form.code for s in reading.sheets if s.outcome == "missing" and s.form] == ["BIEU_04A", "BIEU_04B"]
    assert reading.outcome == "partial"


def test_without_the_sender_sheet_nothing_is_taken() -> None:
    def drop(book: openpyxl.Workbook) -> None:
        del book[book.sheetnames[0]]

    reading = read_workbook(edited(workbook(), drop), KEY)
    assert reading.outcome == "rejected" and "THONG_TIN" in (reading.reason or "")


def test_all_faults_are_reported_at_once_whatever_the_sender_sheet_says() -> None:
    """One round trip: no day of approval, a misspelt province, faults of tables, a renamed header."""

    def spoil(book: openpyxl.Workbook) -> None:
        says(book, "approved_on", None)
        says(book, "province_name", "Hà Nôị X")

    edits = (Edit("set", "BIEU_01", "member_count", 3, RawText("khoảng 20")),
             Edit("rename", "BIEU_02", "decision_number", value=RawText("Số QĐ")),
             Edit("set", "BIEU_02", "founded_on", 0, RawText("6/15/2018")))  # fmt: skip
    reading = read_workbook(changed(workbook(*edits), spoil), KEY)
    assert (reading.outcome, reading.sender, reading.total("loaded")) == ("rejected", None, 0)
    found = {(p.form, p.column) for p in reading.problems}
    assert found == {
        ("THONG_TIN", "approved_on"), ("THONG_TIN", "province_name"), ("BIEU_01", "member_count"),
        ("BIEU_02", None), ("BIEU_02", "founded_on"),
    }  # fmt: skip
    waiting = [s for s in reading.sheets if s.rejected and not s.problems]
    assert waiting and all("chưa nhận" in (s.reason or "") for s in waiting)


def test_a_missing_sender_sheet_is_proposed_from_the_rest_of_the_file_and_never_assumed() -> None:
    def drop(book: openpyxl.Workbook) -> None:
        del book[book.sheetnames[0]]
        for page in book.worksheets:
            for row in page.iter_rows(max_row=4):
                for cell in row:
                    if isinstance(cell.value, str) and "Hà Nội" in cell.value:
                        cell.value = "LIÊN MINH HỢP TÁC XÃ TỈNH THỪA THIÊN HUẾ"
        book.worksheets[1]["B2"] = "Báo cáo tháng 11 năm 2021"

    reading = read_workbook(changed(workbook(), drop), KEY)
    assert (reading.sender, reading.outcome, reading.total("loaded")) == (None, "rejected", 0)
    offered = {field: proposal.value for field, proposal in reading.proposals.items()}
    assert offered["period"] == "Tháng 11/2021"
    assert "“Tháng 11/2021”" in reading.problems[0].remedy


def test_the_name_of_the_file_proposes_what_the_headings_do_not_contradict() -> None:
    named = read_workbook(b"a;b\n1;2\n", KEY, "LMHTX-46-2021-11-L1.xlsx")
    assert {f: p.value for f, p in named.proposals.items()} == {
        "province_name": "Thừa Thiên Huế", "period": "Tháng 11/2021", "province_code": "46",
    }  # fmt: skip
    heading = "Liên minh HTX tỉnh Nghệ An;Tháng 10 năm 2021\n1;2\n".encode()
    assert read_workbook(heading, KEY, "46-2021-11-L1.csv").proposals == {}
    (problem,) = read_workbook(heading, KEY).problems
    assert "“Nghệ An” (theo ô A1 trang văn bản)" in problem.remedy


@pytest.mark.parametrize("text", ["\u200e1.234", "1\u2060.234", "1\u00a0234", "\ufeff1234\u200f"])
def test_invisible_characters_in_a_number_are_nothing(text: str) -> None:
    reading = read_workbook(workbook(Edit("set", "BIEU_01", "member_count", 3, RawText(text))), KEY)
    assert reading.problems == []
    at = [c.name for c in load_forms()["BIEU_01"].raw_columns].index("member_count")
    assert sheet(reading, "BIEU_01").rows[3][1][at] == 1234


def test_code_and_name_of_the_sender_must_agree() -> None:
    def rename(book: openpyxl.Workbook) -> None:
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if cell.value == "01":
                    cell.value = "46"

    reading = read_workbook(edited(workbook(), rename), KEY)
    assert reading.outcome == "rejected"
    assert reading.problems[0].expected == "mã của Hà Nội là 01"


def test_columns_in_another_order_and_extra_title_rows_change_nothing() -> None:
    def shuffle(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if "05" in p.title and "5B" in p.title.upper())
        page.insert_rows(1, 3)

    plain, moved = read_workbook(workbook(), KEY), read_workbook(edited(workbook(), shuffle), KEY)
    values = [[v for _, v in sheet(r, "BIEU_05B").rows] for r in (plain, moved)]
    assert values[0] == values[1]


def test_an_error_cell_is_not_taken_for_an_empty_one() -> None:
    def break_cell(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if p.title.endswith("02"))
        header = next(c for row in page.iter_rows() for c in row if c.value == "Vốn điều lệ")
        cell = page.cell(header.row + 4, header.column)
        cell.value, cell.data_type = "#REF!", "e"

    reading = read_workbook(edited(workbook(), break_cell), KEY)
    assert [p.found for p in reading.problems] == ["#REF!"]


@pytest.mark.parametrize("formula", ["=1+1", "=SUM(A1:A2)", '=IF(A1="",1,2)'])
def test_a_formula_nobody_calculated_is_not_taken_for_an_empty_cell(formula: str) -> None:
    def type_formula(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if p.title.endswith("02"))
        header = next(c for row in page.iter_rows() for c in row if c.value == "Vốn điều lệ")
        page.cell(header.row + 4, header.column).value = formula

    (problem,) = read_workbook(edited(workbook(), type_formula), KEY).problems
    assert problem.found == UNCALCULATED
    assert problem.cell is not None and problem.column == "charter_capital_vnd"


def test_a_calculated_formula_is_its_value() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet("THONG_TIN")
        page.write_formula("A1", "=1+1", None, 2)
        page.write_formula("A2", '="a"', None, "a")
        page.write_formula("A3", "=1/0", None, "#DIV/0!")
    (sheet_,) = open_workbook(target.getvalue())
    assert (sheet_.rows[0][0], sheet_.errors) == (2, {(2, 0): "#DIV/0!"})


def test_the_same_row_twice_is_a_duplicate_and_a_contradiction_is_refused() -> None:
    def repeat(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if p.title.endswith("02"))
        first = next(c.row for row in page.iter_rows() for c in row if str(c.value).strip() == "1")
        values = [c.value for c in page[first]]
        end = first + len(report().rows["BIEU_02"])
        for offset in range(2):
            page.insert_rows(end)
            for position, value in enumerate(values, 1):
                page.cell(end, position).value = value
            if offset:
                name = next(i for i, v in enumerate(values, 1) if isinstance(v, str) and "HTX mẫu" in v)
                page.cell(end, name).value = "HTX tên khác"

    register = sheet(read_workbook(edited(workbook(), repeat), KEY), "BIEU_02")
    assert (register.duplicate, register.rejected) == (1, 1)
    assert register.read == register.loaded + register.rejected + register.duplicate


def test_without_a_key_only_the_sheet_of_members_is_refused() -> None:
    reading = read_workbook(workbook(code=_with_members()), None)
    assert [s.form.code for s in reading.sheets if s.outcome == "rejected" and s.form] == ["BIEU_03"]


def _of_a_year(*edits: Edit) -> bytes:
    """The annual workbook of a sample province, with ``edits``."""
    place = country().places[0]
    (yearly, *_) = periodic.reports(country(), place, country().reports(place.code))
    submission = Submission(place.code, yearly.period.code, 1, "x.xlsx", RECEIVED, tuple(edits))
    return workbook_bytes(country(), yearly, submission)


def test_names_of_experts_complainants_and_honoured_persons_stay_in_the_archive() -> None:
    place = country().places[0]
    for longer in periodic.reports(country(), place, country().reports(place.code)):
        submission = Submission(place.code, longer.period.code, 1, "x.xlsx", RECEIVED)
        reading = read_workbook(workbook_bytes(country(), longer, submission), KEY)
        assert reading.outcome == "accepted", reading.problems
        shown = repr(reading)
        personal = [
            str(row[c.name])
            for code, rows in longer.rows.items()
            for c in load_forms()[code].columns
            if c.personal
            for row in rows
            if row[c.name] is not None
        ]
        assert longer.period.type == "half_year" or personal
        assert not [text for text in personal if text in shown]


def test_two_stays_of_one_expert_have_one_pseudonym_and_need_the_key() -> None:
    experts = sheet(read_workbook(_of_a_year(), KEY), "BIEU_07C")
    assert len({values[1] for _, values in experts.rows}) == 1 < len(experts.rows)
    assert sheet(read_workbook(_of_a_year(), None), "BIEU_07C").outcome == "rejected"
    spoiled = read_workbook(_of_a_year(Edit("set", "BIEU_07C", "expert_id", 0, None)), KEY)
    assert sheet(spoiled, "BIEU_07C").rejected == 1


def test_personal_data_stay_out_of_rows_and_messages() -> None:
    code = _with_members()
    rows = report(code).rows["BIEU_03"]
    faults = (Edit("set", "BIEU_03", "member_id", 0, None), Edit("set", "BIEU_03", "joined_on", 1, RawText("x9")))
    spoiled = workbook(*faults, code=code)
    shown = ""
    for data in (workbook(code=code), spoiled):
        reading = read_workbook(data, KEY)
        shown += repr(sheet(reading, "BIEU_03").rows) + repr(reading.problems)
    assert "x9" not in shown, "a cell of a table with personal columns is not quoted: its row may be shifted"
    assert HIDDEN in shown
    for row in rows:
        assert str(row["member_name"]) not in shown
        assert str(row["member_id"]) not in shown


def test_a_pseudonym_depends_on_person_and_key_only() -> None:
    code = _with_members()
    first, again, other = (sheet(read_workbook(workbook(code=code), k), "BIEU_03") for k in (KEY, KEY, b"another key"))
    ids = [[values[1] for _, values in reading.rows] for reading in (first, again, other)]
    assert ids[0] == ids[1]
    assert not set(ids[0]) & set(ids[2])


def _with_members() -> str:
    return next(p.code for p in country().places if report(p.code).rows["BIEU_03"])
