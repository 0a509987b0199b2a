"""The loop of a submission: template, filled in badly, checked, corrected in the receipt's coloured cells, accepted."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ingestion.forms.definition import load_forms
from ingestion.forms.example import example_row
from ingestion.submissions.form_check import filled_template
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.receipts import annotated_workbook
from ingestion.submissions.template import template_bytes
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.places import basis_on, provinces
from tests.conftest import KEY

PERIOD = Period("2021-11")
COLOUR = "F4B084"
Save = Callable[[bytes], bytes]

#: Sheet, place of the row, column: what a tired person types, what is meant, and the kind of fault.
FAULTS: dict[tuple[str, int, str], tuple[object, object, str]] = {
    ("THONG_TIN", 0, "revision"): (None, 1, "blank_revision"),
    ("THONG_TIN", 0, "approved_on"): ("1/12/21", date(2021, 12, 1), "two_digit_year"),
    ("BIEU_01", 1, "founded_count"): ("khoảng 20", 20, "approximate"),
    ("BIEU_01", 3, "founded_count"): (">16", 16, "bound"),
    ("BIEU_01", 4, "founded_count"): ("2O5", 205, "letter_for_digit"),
    ("BIEU_01", 5, "founded_count"): ("không", 0, "word_for_zero"),
    ("BIEU_01", 6, "founded_count"): ("23 tổ", 23, "with_words"),
    ("BIEU_01", 7, "founded_count"): (12.6, 13, "shown_rounded"),
    ("BIEU_01", 8, "founded_count"): ("2,868", 2868, "two_readings"),
    ("BIEU_01", 9, "founded_count"): ("chưa rõ", 4, "no_number"),
    ("BIEU_01", 11, "founded_count"): ("=1/0", 3, "formula_error"),
    ("BIEU_01", 13, "member_count"): (-8, 8, "other"),
    ("BIEU_02", 0, "status"): ("Hoạt động bình thường lắm", "Đang hoạt động", "not_listed"),
    ("BIEU_02", 0, "founded_on"): ("31/2/2019", date(2019, 2, 28), "impossible_day"),
    ("BIEU_02", 1, "founded_on"): ("12/25/2018", date(2018, 12, 25), "month_first"),
    ("BIEU_02", 1, "org_name"): (None, "HTX mẫu", "blank"),
    ("BIEU_04B", 0, "signed_on"): ("năm ngoái", date(2020, 5, 4), "no_day"),
    ("BIEU_04B", 0, "principal_vnd"): (None, 50, "blank_number"),
    ("BIEU_04B", 1, "security_kind"): ("Thế chap tài", "Thế chấp", "near_list_value"),
}


def _place(book: openpyxl.Workbook, sheet: str, row: int, column: str) -> str:
    page = book[sheet]
    form = load_forms()[sheet]
    at = [c.name for c in form.columns].index(column)
    lines = [cell for line in page.iter_rows(max_col=1) for cell in line]
    if form.kind == "fields":
        return f"B{next(c.row for c in lines if c.value == form.columns[at].header[-1])}"
    return page.cell(next(c.row for c in lines if c.value == 1) + row, at + 2).coordinate


def _typed(data: bytes) -> tuple[bytes, dict[tuple[str, str], tuple[object, str]]]:
    """The template with every fault typed into it, and what is meant in each cell with the kind of its fault."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    meant = {}
    for (sheet, row, column), (bad, good, kind) in FAULTS.items():
        address = _place(book, sheet, row, column)
        book[sheet][address].value = bad
        meant[sheet, address] = good, kind
    # Stocks that no slip of the pen makes negative.
    first = _place(book, "BIEU_01", 0, "opening_count")
    for row in (1, *range(3, 10)):
        book["BIEU_01"][f"{first[0]}{int(first[1:]) + row}"].value = 5000
    return _saved(book), meant


def _saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _loop(save: Save, of_formula: str) -> None:
    """``of_formula``: the kind of fault that a formula without a result has after saving."""
    province = provinces(basis_on(PERIOD.end))["46"]
    rows = {code: [example_row(load_forms()[code], PERIOD, n) for n in (0, 1)] for code in ("BIEU_02", "BIEU_04B")}
    typed, meant = _typed(filled_template(template_bytes(province, PERIOD), PERIOD, rows))
    sent = save(typed)
    reading = read_workbook(sent, KEY)
    found = {(p.sheet, p.cell): p.diagnosis.kind for p in reading.problems if p.diagnosis and p.cell}
    wanted = {place: of_formula if kind == "formula_error" else kind for place, (_, kind) in meant.items()}
    assert wanted.items() <= found.items(), wanted.items() - found.items()
    # What is wrong besides is computed from what is wrong, and corrected with it.
    formulas = openpyxl.load_workbook(io.BytesIO(sent))
    assert {formulas[str(sheet)][str(cell)].data_type for sheet, cell in found.keys() - wanted.keys()} <= {"f"}
    receipt = openpyxl.load_workbook(io.BytesIO(annotated_workbook(sent, "mau.xlsx", reading)))
    for page in receipt.worksheets[1:]:
        for cell in [c for line in page.iter_rows() for c in line if str(c.fill.fgColor.rgb).endswith(COLOUR)]:
            assert cell.comment is not None
            if (page.title, cell.coordinate) in meant:
                cell.value = meant[page.title, cell.coordinate][0]
                if isinstance(cell.value, date):
                    cell.number_format = "dd/mm/yyyy"
    again = read_workbook(save(_saved(receipt)), KEY)
    assert (again.outcome, [p.message for p in again.problems]) == ("accepted", [])
    counts = next(s for s in again.sheets if s.form and s.form.code == "BIEU_01")
    at = [c.name for c in load_forms()["BIEU_01"].raw_columns].index("founded_count")
    assert counts.rows[0][1][at] == 20 + 16 + 205 + 0 + 23 + 13 + 2868 + 4


def test_a_receipt_of_many_faults_is_corrected_in_its_coloured_cells_and_accepted() -> None:
    assert len({kind for _, _, kind in FAULTS.values()}) >= 15
    # This program keeps formulas and calculates none.
    _loop(lambda data: data, "uncalculated")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_loop_closes_with_libreoffice(tmp_path: Path) -> None:
    def save(data: bytes) -> bytes:
        (tmp_path / "mau.xlsx").write_bytes(data)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", "saved", "mau.xlsx"], cwd=tmp_path, check=True, timeout=120)
        return (tmp_path / "saved" / "mau.xlsx").read_bytes()

    _loop(save, "formula_error")
