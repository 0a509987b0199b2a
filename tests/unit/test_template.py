"""The template: what is filled in is read back, and nothing but the sender's own fields keeps it from passing."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from ingestion.forms.definition import Column, expected_forms, load_forms
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.template import template_bytes
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
    reading = read_workbook(_filled(_template("46", "2021-11", opening={("HTX", "total"): 41})), KEY)
    counts = next(s for s in reading.sheets if s.form and s.form.code == "BIEU_01")
    names = [c.name for c in load_forms()["BIEU_01"].raw_columns]
    rows = [dict(zip(names, values, strict=True)) for _, values in counts.rows]
    stocks = {(r["org_type"], r["sector"]): (r["opening_count"], r["closing_count"]) for r in rows}
    assert stocks.pop(("HTX", "total")) == (41, 41)
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
    assert page.protection.sheet
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
