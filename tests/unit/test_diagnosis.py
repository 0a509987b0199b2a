"""What is said of a refused cell: the kind of fault, the value that may be meant, one line for equal faults."""

from __future__ import annotations

import openpyxl
import pytest

from ingestion.forms.definition import Column, load_forms
from ingestion.samples.workbooks import Edit, RawText
from ingestion.submissions.diagnosis import Diagnosis, diagnose, wordings
from ingestion.submissions.grouping import lines, ranges
from ingestion.submissions.inspection import UNCALCULATED
from ingestion.submissions.privacy import quoted
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.values import CellError, converter
from ingestion.submissions.workbook import Cell
from ingestion.vietnamese.personal import HIDDEN
from tests.conftest import KEY
from tests.workbooks import changed, workbook


def _column(form: str, name: str) -> Column:
    return next(c for c in load_forms()[form].columns if c.name == name)


def _diagnosis(form: str, name: str, cell: Cell, shape: str = "") -> Diagnosis:
    column = _column(form, name)
    with pytest.raises(CellError) as refused:
        converter(column)(cell)
    definition = load_forms()[form]
    return diagnose(column, refused.value, quote=lambda text: quoted(definition, column, text), format_of=lambda: shape)


@pytest.mark.parametrize(
    ("cell", "kind", "proposal"),
    [
        ("khoảng 2.800", "approximate", "2.800"),
        ("~ 2800", "approximate", "2.800"),
        (">1600", "bound", "1.600"),
        ("trên 1.600", "bound", "1.600"),
        ("234 tổ", "with_words", "234"),
        ("Lần 2", "with_words", "2"),
        ("2O5", "letter_for_digit", "205"),
        ("l2", "letter_for_digit", "12"),
        ("không", "word_for_zero", "0"),
        ("20,767", "two_readings", "20.767"),
        ("nhiều", "no_number", None),
        ("12 hoặc 13", "other", None),
        ("", "blank_number", None),
        (2867.6, "not_whole", None),
    ],
)
def test_a_count_that_is_no_number(cell: Cell, kind: str, proposal: str | None) -> None:
    found = _diagnosis("BIEU_01", "member_count", cell)
    assert (found.kind, found.proposal) == (kind, proposal)
    if proposal:
        # Whatever is proposed is taken when it is typed.
        assert converter(_column("BIEU_01", "member_count"))(proposal) == int(proposal.replace(".", ""))


@pytest.mark.parametrize(
    ("form", "name", "cell", "kind", "proposal"),
    [
        ("BIEU_02", "founded_on", "06-Dec-21", "two_digit_year", "06/12/2021"),
        ("BIEU_02", "founded_on", "15/6/98", "two_digit_year", "15/06/1998"),
        ("BIEU_02", "founded_on", "6/15/2018", "month_first", "15/06/2018"),
        ("BIEU_02", "founded_on", "31/2/2018", "impossible_day", None),
        ("BIEU_02", "founded_on", "2018", "no_day", None),
        ("BIEU_02", "legal_regime", "Luật 2012", "near_list_value", "Luật HTX 2012"),
        ("BIEU_02", "legal_regime", "Bộ luật dân sự", "not_listed", None),
        ("THONG_TIN", "revision", "", "blank_revision", "1"),
        ("THONG_TIN", "revision", "Lần 2", "with_words", "2"),
    ],
)
def test_a_date_a_list_value_and_a_revision(form: str, name: str, cell: str, kind: str, proposal: str | None) -> None:
    found = _diagnosis(form, name, cell)
    assert (found.kind, found.proposal) == (kind, proposal)


def test_a_number_that_the_screen_shows_rounded() -> None:
    found = _diagnosis("BIEU_01", "member_count", 2867.6, "#,##0")
    assert (found.kind, found.proposal) == ("shown_rounded", "2.868")
    assert found.sentence() == "màn hình hiện 2.868 vì định dạng làm tròn, nhưng trong ô là 2867,6"
    assert _diagnosis("BIEU_01", "member_count", 2867.6, "#,##0.00").kind == "not_whole"


def test_fifteen_digits_count_as_on_the_screen() -> None:
    assert converter(_column("BIEU_01", "member_count"))(2867.9999999999995) == 2868


def test_personal_data_is_neither_quoted_nor_proposed() -> None:
    found = _diagnosis("BIEU_03", "birth_year", "khoảng 1985")
    assert (found.kind, found.found, found.proposal) == ("hidden", HIDDEN, None)
    phone = _diagnosis("BIEU_01", "member_count", "gọi 0912345678")
    assert "0912345678" not in phone.sentence() + phone.remedy("L7")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_is_worded_in_both_languages(language: str) -> None:
    for kind, wording in wordings().items():
        found = Diagnosis(kind, "gì đó", "7")
        assert found.sentence(language) and found.remedy("F7", language), kind
        assert bool(wording.many_vi) == bool(wording.many_en), kind
        assert "{" not in found.sentence(language) + found.remedy("F7", language), kind


def test_ranges_are_named_as_a_person_names_them() -> None:
    assert ranges(["F7", "F8", "F9", "F11", "AA7"]) == "F7:F9, F11, AA7"
    assert ranges([f"A{n}" for n in range(1, 40, 2)]).endswith("… (20 ô)")


def test_equal_faults_are_one_line() -> None:
    blank = [Edit("set", "BIEU_01", "converted_in_count", n, RawText("")) for n in range(30)]
    about = [Edit("set", "BIEU_01", "member_count", n, RawText(f"khoảng {n + 2}")) for n in range(2)]
    reading = read_workbook(workbook(*blank, *about), KEY)
    assert len(reading.problems) == 32
    shown = lines(reading.problems)
    assert sorted(len(line.problems) for line in shown) == [1, 1, 30]
    many = next(line for line in shown if len(line.problems) == 30)
    first, last = (many.problems[n].cell for n in (0, -1))
    assert f"30 ô trống {first}:{last}" in many.message and "cột “Chuyển đến”" in many.message


def test_formulas_without_values_are_one_fault_with_one_remedy() -> None:
    def formulas(book: openpyxl.Workbook) -> None:
        page = book.worksheets[1]
        for row in page.iter_rows(min_row=9):
            for cell in row[4:7]:
                if isinstance(cell.value, int | float):
                    cell.value = "=1+1"

    (line,) = lines(read_workbook(changed(workbook(), formulas), KEY).problems)
    assert len(line.problems) > 30 and "bấm Lưu (Ctrl+S)" in line.remedy
    assert {p.found for p in line.problems} == {UNCALCULATED}


def test_a_cell_within_a_merged_range_is_named_by_the_range() -> None:
    def merge(book: openpyxl.Workbook) -> None:
        page = next(p for p in book.worksheets if p.title.endswith("02"))
        header = next(c for row in page.iter_rows() for c in row if str(c.value).startswith("Tình trạng"))
        row = next(c.row for line in page.iter_rows(min_row=header.row + 1, max_col=1) for c in line if c.value == 1)
        page.merge_cells(start_row=row, end_row=row + 1, start_column=header.column, end_column=header.column)

    (problem,) = read_workbook(changed(workbook(), merge), KEY).problems
    assert problem.diagnosis and problem.diagnosis.kind == "merged"
    area = problem.diagnosis.found
    assert area.endswith(f":{problem.cell}") and f"Bỏ gộp {area}" in problem.remedy


def test_zero_is_proposed_only_where_it_can_be_meant() -> None:
    for form in load_forms().values():
        for column in form.columns:
            if not column.required:
                continue
            with pytest.raises(CellError) as caught:
                converter(column)("")
            kind = diagnose(column, caught.value, quote=str).kind
            zero = column.type in ("integer", "decimal", "money", "percent") and column.minimum in (None, 0)
            assert ("0" in caught.value.expected) == zero, column.name
            assert (kind == "blank_number") == zero, column.name
