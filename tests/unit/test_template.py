"""The template: what is filled in is read back, and nothing but the sender's own fields keeps it from passing."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from ingestion.forms.definition import Column, expected_forms, load_forms
from ingestion.submissions.reader import Problem, WorkbookReading, read_workbook
from ingestion.submissions.template import ENTRY_ROWS, MORE_ROWS, template_bytes
from ingestion.submissions.workbook import open_workbook
from ingestion.vietnamese.periods import Period, format_period, parse_period_text
from ingestion.vietnamese.places import basis_on, provinces
from tests.conftest import KEY

CASES = [("46", "2021-11"), ("01", "2021-Q4"), ("68", "2018-H1"), ("91", "2021"), ("91", "2026-10"), ("24", "2026-Q1")]


def _template(code: str, when: str, **more) -> bytes:  # type: ignore[no-untyped-def]
    period = Period(when)
    return template_bytes(provinces(basis_on(period.end))[code], period, **more)


def _filled(data: bytes, rows: dict[str, list[dict[str, object]]] | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sender = book["THONG_TIN"]
    row = next(c.row for line in sender.iter_rows() for c in line if c.value == "Ngày duyệt")
    sender.cell(row, 2).value = date(2026, 11, 3)
    for code, records in (rows or {}).items():
        page = book[code]
        columns = {c.name: p for p, c in enumerate(load_forms()[code].columns, 2)}
        first = next(c.row for line in page.iter_rows(max_col=1) for c in line if c.value == 1)
        for number, record in enumerate(records, first):
            for name, value in record.items():
                page.cell(number, columns[name]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(("code", "when"), CASES)
def test_a_completed_template_passes_its_own_check(code: str, when: str) -> None:
    reading = read_workbook(_filled(_template(code, when)), KEY)
    assert (reading.outcome, reading.problems) == ("accepted", [])
    assert reading.sender is not None
    assert (reading.sender.province_code, reading.sender.period.code) == (code, when)
    assert reading.sender.template_version == load_forms()["THONG_TIN"].version
    assert {s.form.code: s.loaded for s in reading.sheets if s.form}["BIEU_01"] == 30


def test_an_untouched_template_lacks_the_senders_fields_only() -> None:
    reading = read_workbook(_template("46", "2021-11"), KEY)
    assert reading.outcome == "rejected"
    assert [(p.column, p.found) for p in reading.problems] == [("approved_on", "")]


def test_what_the_sender_leaves_empty_is_read_as_empty() -> None:
    (_, values), *_ = read_workbook(_filled(_template("46", "2021-11")), KEY).sheets[0].rows
    record = dict(zip((c.name for c in load_forms()["THONG_TIN"].raw_columns), values, strict=True))
    assert record["signer_title"] is None


def test_the_last_closing_is_the_opening_and_the_closing_to_begin_with() -> None:
    reading = read_workbook(_filled(_template("46", "2021-11", opening={("HTX", "agriculture"): 41})), KEY)
    counts = next(s for s in reading.sheets if s.form and s.form.code == "BIEU_01")
    names = [c.name for c in load_forms()["BIEU_01"].raw_columns]
    rows = [dict(zip(names, values, strict=True)) for _, values in counts.rows]
    stocks = {(r["org_type"], r["sector"]): (r["opening_count"], r["closing_count"]) for r in rows}
    assert stocks.pop(("HTX", "agriculture")) == stocks.pop(("HTX", "total")) == (41, 41)
    assert set(stocks.values()) == {(0, 0)}


def test_what_is_filled_in_is_read_back() -> None:
    fund = {"fund_code": "Q-MAU", "fund_name": "Quỹ mẫu"}
    form = load_forms()["BIEU_04A"]
    values = fund | {
        c.name: 7 for c in form.columns if c.name not in fund and c.type in ("money", "integer", "decimal", "percent")
    }
    values |= {c.name: "Chữ mẫu" for c in form.columns if c.name not in values and c.type == "text"}
    labels = {c.name: next(iter(c.choices.items())) for c in form.columns if c.code_list}
    values |= {name: label for name, (_, label) in labels.items()}
    reading = read_workbook(_filled(_template("46", "2021-11"), {"BIEU_04A": [values]}), KEY)
    got = next(s for s in reading.sheets if s.form and s.form.code == "BIEU_04A")
    assert (got.loaded, reading.problems) == (1, [])
    record = dict(zip((c.name for c in form.raw_columns), got.rows[0][1], strict=True))
    for column in form.raw_columns:
        if column.type == "money":
            assert record[column.name] == 7_000_000, column.name
        elif column.code_list:
            assert record[column.name] == labels[column.name][0]


#: A report of every kind.
PERIODS = ("2021-11", "2021-Q4", "2021-H2", "2021")


def _typed(column: Column, number: int) -> tuple[object, object]:
    """What is typed into the ``number``-th row of a column, and what it must be read as."""
    if column.code_list:
        code, label = list(column.choices.items())[number]
        return label, code
    typed: dict[str, tuple[object, object]] = {
        "text": (f"Chữ mẫu {column.name} {number}",) * 2,
        "date": (date(2021, 11, 2 + number),) * 2,
        "integer": (3 + number,) * 2,
        "year": (2015 + number,) * 2,
        "money": (7.5 + number, (75 + 10 * number) * 10**5),
        "percent": (4 + number, Decimal(4 + number) * (12 if column.unit == "percent_per_month" else 1)),
        "decimal": (2.25 + number, Decimal("2.25") + number),
    }
    return typed[column.type]


@pytest.mark.parametrize("when", PERIODS)
def test_every_form_is_read_back_as_it_was_filled_in(when: str) -> None:
    forms = [f for f in expected_forms(Period(when)) if f.kind == "table" and f.code != "BIEU_01"]
    rows = {f.code: [{c.name: _typed(c, number)[0] for c in f.columns} for number in (0, 1)] for f in forms}
    reading = read_workbook(_filled(_template("46", when), rows), KEY)
    assert (reading.outcome, reading.problems) == ("accepted", [])
    for form in forms:
        got = next(s for s in reading.sheets if s.form and s.form.code == form.code)
        assert got.loaded == len(rows[form.code])
        for number, (_, values) in enumerate(got.rows):
            for column, value in zip(form.raw_columns, values, strict=True):
                stated, meant = _typed(column, number)
                if column.personal == "pseudonym":
                    assert value != stated and len(str(value)) == 32
                else:
                    assert value == meant, column.name
        personal = {row[c.name] for row in rows[form.code] for c in form.columns if c.personal}
        assert not personal & {value for _, values in got.rows for value in values}


def test_every_form_is_asked_for_in_one_of_these_reports() -> None:
    assert {f.code for when in PERIODS for f in expected_forms(Period(when))} == load_forms().keys()


def _missing(reading: WorkbookReading) -> list[str]:
    return [s.form.code for s in reading.sheets if s.outcome == "missing" and s.form]


@pytest.mark.parametrize("when", PERIODS)
def test_a_template_holds_what_its_report_must_hold(when: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_template("46", when)))
    expected = [form.code for form in expected_forms(Period(when))]
    assert book.sheetnames == [*expected, "DANH_MUC"]
    assert ("BIEU_02" in expected) == (when == "2021-11")
    del book[expected[-1]]
    target = io.BytesIO()
    book.save(target)
    assert _missing(read_workbook(_filled(target.getvalue()), KEY)) == expected[-1:]


def test_a_form_that_is_not_asked_for_is_read_when_sent() -> None:
    course = {c.name: _typed(c, 0)[0] for c in load_forms()["BIEU_06"].columns}
    book = openpyxl.load_workbook(io.BytesIO(_filled(_template("46", "2021-Q4"), {"BIEU_06": [course]})))
    for row in book["THONG_TIN"].iter_rows():
        for cell in row:
            if cell.value == "Quý IV/2021":
                cell.value = "Tháng 12/2021"
    target = io.BytesIO()
    book.save(target)
    reading = read_workbook(target.getvalue(), KEY)
    assert {s.form.code: s.loaded for s in reading.sheets if s.form}["BIEU_06"] == 1
    # What a month asks for and this report lacks; none of the longer forms is among it.
    assert _missing(reading) == [f"BIEU_{n}" for n in ("02", "03", "04A", "04B", "05A", "05B", "05C")]


def test_lists_and_protection_are_there() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_template("46", "2021-11")))
    page = book["BIEU_02"]
    assert (book["THONG_TIN"].protection.sheet, book["BIEU_01"].protection.sheet) == (True, True)
    # A table grows only on a sheet that is not protected.
    assert (page.protection.sheet, [*page.tables]) == (False, ["BANG_BIEU_02"])
    lists = [v for v in page.data_validations.dataValidation if v.type == "list"]
    assert lists
    first = str(lists[0].sqref).split(":")[0]
    assert not page[first].protection.locked
    assert book["DANH_MUC"].sheet_state == "hidden"


def test_equal_input_gives_equal_bytes() -> None:
    assert _template("46", "2021-11") == _template("46", "2021-11")


def test_a_province_of_the_other_map_is_refused() -> None:
    with pytest.raises(ValueError, match="not on the map"):
        template_bytes(provinces("from_2025_07")["91"], Period("2021-11"))


@pytest.mark.parametrize("when", ["2021-01", "2021-12", "2026-Q1", "2026-Q2", "2026-Q4", "2018-H1", "2018-H2", "2021"])
def test_the_wording_of_a_period_is_read_back(when: str) -> None:
    assert parse_period_text(format_period(Period(when))).code == when


def _values(reading: WorkbookReading, code: str) -> list[dict[str, object]]:
    sheet = next(s for s in reading.sheets if s.form and s.form.code == code)
    names = [c.name for c in load_forms()[code].raw_columns]
    return [dict(zip(names, values, strict=True)) for _, values in sheet.rows]


#: What a sender types into rows of Biểu 01, by the row's place: two sectors of the first type.
TYPED: dict[int, dict[str, object]] = {
    1: {"founded_count": 7, "dissolved_count": 2, "member_count": 900},
    5: {"founded_count": 4, "converted_out_count": 1, "member_count": 31},
}
LOAN = {"disbursed_vnd": 400.5, "repaid_vnd": 100.25, "written_off_vnd": 0.25}


def _loan(**more: object) -> dict[str, object]:
    row = {c.name: _typed(c, 0)[0] for c in load_forms()["BIEU_04B"].columns if not c.computed}
    return row | {"project_cost_vnd": 900, "principal_vnd": 500, "overdue_vnd": 0, "debt_group": 1, **LOAN, **more}


def _by_hand(*, loans: int = 2) -> bytes:
    """A template as its sender fills it in; the program that saves it keeps formulas and drops their values."""
    data = _filled(_template("46", "2021-11", opening={("HTX", "agriculture"): 41, ("HTX", "transport"): 3}))
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows: dict[str, dict[int, dict[str, object]]] = {
        "BIEU_01": TYPED,
        "BIEU_04B": {n: _loan(loan_code=f"KV-{n}") for n in range(loans)},
    }
    for code, records in rows.items():
        page = book[code]
        columns = {c.name: p for p, c in enumerate(load_forms()[code].columns, 2)}
        first = next(c.row for line in page.iter_rows(max_col=1) for c in line if c.value == 1)
        for number, record in records.items():
            for name, value in record.items():
                page.cell(first + number, columns[name]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _check_sums(reading: WorkbookReading) -> None:
    assert (reading.outcome, reading.problems) == ("accepted", [])
    counts = {(r["org_type"], r["sector"]): r for r in _values(reading, "BIEU_01")}
    names = ("opening_count", "founded_count", "dissolved_count", "converted_out_count", "closing_count")
    assert tuple(counts["HTX", "agriculture"][n] for n in names) == (41, 7, 2, 0, 46)
    assert tuple(counts["HTX", "non_agriculture"][n] for n in names) == (3, 4, 0, 1, 6)
    assert tuple(counts["HTX", "total"][n] for n in names) == (44, 11, 2, 1, 52)
    assert (counts["HTX", "total"]["member_count"], counts["THT", "total"]["closing_count"]) == (931, 0)
    loans = _values(reading, "BIEU_04B")
    assert [loan["outstanding_vnd"] for loan in loans] == [300 * 10**6] * len(loans)


def test_sums_are_read_from_a_file_whose_program_does_not_calculate() -> None:
    data = _by_hand()
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    assert values["BIEU_01"]["I8"].value is None
    _check_sums(read_workbook(data, KEY))


def test_formulas_carry_the_values_that_they_have() -> None:
    data = _template("46", "2021-11", opening={("HTX", "agriculture"): 41, ("HTX", "transport"): 3})
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=only)["BIEU_01"] for only in (False, True))
    first = next(c.row for line in formulas.iter_rows(max_col=1) for c in line if c.value == 1)
    for column in "DI":
        assert str(formulas[f"{column}{first}"].value).startswith("=SUM(")
        assert [values[f"{column}{first + n}"].value for n in range(3)] == [44, 41, 3]
    assert formulas[f"I{first + 1}"].protection.locked
    assert not formulas[f"D{first + 1}"].protection.locked
    assert formulas[f"D{first}"].protection.locked


def _kind(problem: Problem) -> str | None:
    return problem.diagnosis.kind if problem.diagnosis else None


def test_only_sums_of_our_template_are_calculated() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_by_hand()))
    page = book["BIEU_01"]
    row = next(c.row for line in page.iter_rows(max_col=1) for c in line if c.value == 2)
    page[f"D{row}"].value = "=VLOOKUP(1,A1:B2,2)"
    page[f"E{row}"].value = f"=SUM(E{row})"
    target = io.BytesIO()
    book.save(target)
    found = {p.cell: _kind(p) for p in read_workbook(target.getvalue(), KEY).problems}
    # The two formulas, and what is summed up from them.
    assert found == {f"{column}{at}": "uncalculated" for column in "DEI" for at in (row - 1, row)}
    del page.defined_names["MAU_BIEU_HTX"]
    book.save(target)
    found = {p.cell: _kind(p) for p in read_workbook(target.getvalue(), KEY).problems}
    assert len(found) > 30
    assert set(found.values()) == {"uncalculated"}


def test_a_list_grows_below_its_prepared_rows() -> None:
    reading = read_workbook(_by_hand(loans=ENTRY_ROWS + 5), KEY)
    loans = _values(reading, "BIEU_04B")
    assert len(loans) == ENTRY_ROWS
    below = [p for p in reading.problems if p.form == "BIEU_04B"]
    # A program without tables that grow leaves the formula out: the sender is asked for the figure.
    assert {(p.column, _kind(p)) for p in below} == {("outstanding_vnd", "blank_number")}


def test_a_list_begins_with_the_rows_of_the_last_one_and_has_room() -> None:
    loans = [
        {"loan_code": f"KV-{n}", "principal_vnd": 500 * 10**6, "rate_per_year_pct": Decimal("6.6"), "debt_group": 1}
        for n in range(ENTRY_ROWS + 50)
    ]
    page = openpyxl.load_workbook(io.BytesIO(_template("46", "2021-11", listed={"BIEU_04B": loans})))["BIEU_04B"]
    columns = {c.name: p for p, c in enumerate(load_forms()["BIEU_04B"].columns, 2)}
    rows = [row for row in page.iter_rows(min_row=8, values_only=True) if row[columns["loan_code"] - 1]]
    assert len(rows) == len(loans)
    # Million đồng, and percent per month.
    assert (rows[-1][columns["principal_vnd"] - 1], rows[-1][columns["rate_per_year_pct"] - 1]) == (500, 0.55)
    assert page.tables["BANG_BIEU_04B"].ref == f"A7:S{7 + len(loans) + MORE_ROWS}"


def test_every_sheet_is_marked_with_the_version_of_its_form() -> None:
    sheets = {s.name: s.marks.form for s in open_workbook(_template("46", "2021-11"))}
    expected = {form.code: f"{form.code}:{form.version}" for form in expected_forms(Period("2021-11"))}
    assert sheets == expected | {"DANH_MUC": None}


@cache
def _book(when: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(_template("46", when)))


def _alerts(code: str, when: str = "2021-11") -> dict[str, list[str]]:
    """The conditions under which the cells of the columns of a form turn red or yellow, by column."""
    page = _book(when)[code]
    letters = {get_column_letter(p): c.name for p, c in enumerate(load_forms()[code].columns, 2)}
    found: dict[str, list[str]] = {}
    for area in page.conditional_formatting:
        name = letters[str(area.sqref).split(":")[0].rstrip("0123456789")]
        found.setdefault(name, []).extend(f for rule in area.rules for f in rule.formula)
    return found


@pytest.mark.parametrize(
    ("code", "column", "condition"),
    [
        ("BIEU_04B", "due_on", "AND(ISNUMBER($K8),ISNUMBER($J8),$K8<=SUM($J8))"),
        ("BIEU_04B", "rate_per_year_pct", "AND(ISNUMBER($L8),OR($L8<0,$L8>5))"),
        ("BIEU_04B", "overdue_vnd", "AND(ISNUMBER($Q8),ISNUMBER($P8),$Q8>SUM($P8))"),
        ("BIEU_04B", "principal_vnd", "AND(ISNUMBER($I8),OR($I8<0,$I8>10000000))"),
        ("BIEU_03", "birth_year", "AND(ISNUMBER($G7),ISNUMBER($H7),$G7>SUM(YEAR($H7)))"),
        ("BIEU_04A", "repaid_vnd", "AND(ISNUMBER($K8),ISNUMBER($I8),ISNUMBER($J8),$K8>SUM($I8,$J8))"),
        ("BIEU_04B", "disbursed_vnd", "AND(LEN($M8)>0,ISTEXT($M8))"),
    ],
)
def test_what_a_form_declares_turns_cells_red(code: str, column: str, condition: str) -> None:
    assert condition in _alerts(code)[column]


@pytest.mark.parametrize("when", PERIODS)
def test_every_check_that_a_sheet_can_express_is_on_it(when: str) -> None:
    for form in expected_forms(Period(when)):
        checked = {c.name for c in form.columns if any(x.kind != "matches" for x in c.checks)}
        expressed = _alerts(form.code, when) if form.kind == "table" else {}
        for column in form.columns if form.kind == "table" else ():
            # A condition on presence or type alone is none of the declared ones.
            own = [f for f in expressed.get(column.name, []) if "ISNUMBER" in f or "COUNTIF" in f]
            assert own or column.name not in checked, f"{form.code}.{column.name}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_libreoffice_calculates_what_the_template_states(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "mau.xlsx").write_bytes(_by_hand())
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", suffix]
    subprocess.run([*command, "--outdir", "saved", "mau.xlsx"], cwd=tmp_path, check=True, timeout=120)
    _check_sums(read_workbook((tmp_path / "saved" / f"mau.{suffix}").read_bytes(), KEY))
