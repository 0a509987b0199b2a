"""Judges the rows of a file that was just read by the checks of its forms that need nothing but the file.

The checks are compiled by :mod:`ingestion.forms.check_sql` and run in DuckDB in memory. Problems are added to the
reading: rows that a check of severity ``hold`` found are no longer counted as loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import duckdb

from ingestion.forms.check_sql import FINDING_COLUMNS, compiled, findings_sql
from ingestion.forms.definition import Form
from ingestion.submissions.inspection import column_letter
from ingestion.submissions.reader import Envelope, Problem, SheetReading, WorkbookReading, to_tables

#: Nothing is stored, so the file needs no time of receipt.
_NO_TIME = datetime(1970, 1, 1)  # noqa: DTZ001 - as the raw zone has it, without a zone
#: Level of a problem by severity: its row is held, or published with the finding.
LEVELS = {"hold": "held", "flag": "flagged"}
_REMEDIES = {
    "hold": "Dòng này chưa được đưa vào số liệu: sửa ô {cell} rồi gửi lại với lần gửi mới.",
    "flag": "Kiểm tra ô {cell}; nếu sai, sửa rồi gửi lại với lần gửi mới.",
}


def judge_rows(reading: WorkbookReading) -> None:
    """Add what the checks of rows find to ``reading``: problems, rows held by sheet, and the outcome."""
    if reading.sender is None:
        return
    sheets = {sheet.form.code: sheet for sheet in reading.sheets if sheet.form and sheet.rows}
    for sheet, found in _findings(reading, sheets):
        problems = [_problem(sheet, finding) for finding in found]
        sheet.problems += problems
        reading.problems += problems
        held = {finding["row_id"] for finding in found if finding["severity"] == "hold"}
        if not held:
            continue
        sheet.held = len(held)
        sheet.loaded -= sheet.held
        sheet.outcome = "partial"
        sheet.reason = "; ".join(filter(None, (sheet.reason, f"Trang {sheet.sheet}: {sheet.held} dòng bị giữ lại")))
        if reading.outcome == "accepted":
            reading.outcome = "partial"
        reading.reason = "; ".join(filter(None, (reading.reason, f"Trang {sheet.sheet}: {sheet.held} dòng bị giữ lại")))


def _findings(
    reading: WorkbookReading, sheets: dict[str, SheetReading]
) -> Iterator[tuple[SheetReading, list[dict[str, Any]]]]:
    """The findings of each sheet that has some, in the order of its rows."""
    assert reading.sender is not None  # noqa: S101 - judged only with a sender
    tables, _ = to_tables(reading, Envelope("file", "", 0, _NO_TIME), 0, "")
    with duckdb.connect(config={"threads": 1}) as con:
        period = reading.sender.period
        relations = {}
        for code, sheet in sheets.items():
            form = sheet.form
            assert form is not None  # noqa: S101 - sheets are by form
            con.register(f"read_{form.table}", tables[form.table])
            con.execute(_staged(form), [period.start, period.end])
            relations[code] = form.staging
        for code, sheet in sheets.items():
            assert sheet.form is not None  # noqa: S101 - sheets are by form
            if not compiled(sheet.form):
                continue
            query = findings_sql(sheet.form, relations[code], relations)
            rows = con.execute(f"{query}\norder by row_number, column_name, check_id").fetchall()
            if rows:
                yield sheet, [dict(zip(FINDING_COLUMNS, row, strict=True)) for row in rows]


def _staged(form: Form) -> str:
    """Statement that makes the rows of a form as staging names their columns."""
    columns = [f"{c.name} as {c.staged_name}" for c in form.raw_columns]
    lineage = ("row_id", "artifact_sha256", "sheet", "row_number", "form", "form_version")
    return (
        f"create temp table {form.staging} as select {', '.join([*lineage, *columns])}, "
        f"cast(? as date) as period_starts_on, cast(? as date) as period_ends_on from read_{form.table}"
    )


def _problem(sheet: SheetReading, finding: dict[str, Any]) -> Problem:
    form = sheet.form
    assert form is not None  # noqa: S101 - sheets are by form
    column = next(c for c in form.columns if c.name == finding["column_name"])
    position = sheet.positions.get(column.name)
    number = finding["row_number"]
    cell = f"{column_letter(position)}{number}" if position is not None else None
    where = f"ô {cell}" if cell else f"dòng {number}"
    found = f"tìm thấy “{finding['found_text']}”" if finding["found_text"] else "ô để trống"
    severity = finding["severity"]
    label = sheet.labels.get(column.name, column.label)
    return Problem(
        LEVELS[severity],
        f"Trang {sheet.sheet}, {where}, cột “{label}”: {found}; cần {finding['expected_text']}.",
        _REMEDIES[severity].format(cell=cell or f"ở dòng {number}"),
        sheet=sheet.sheet, cell=cell, row_number=number, form=form.code, column=column.name,
        found=finding["found_text"], expected=finding["expected_text"], label=label,
    )  # fmt: skip
