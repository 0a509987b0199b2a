"""Judges the rows of a file that was just read by the checks of its forms that need nothing but the file.

The checks are compiled by :mod:`ingestion.forms.check_sql`, as for the models ``int_<form>_finding`` of the warehouse,
and run in DuckDB in memory. What they find is added to the reading, for receipts: rows that a check of severity
``hold`` found are no longer counted as loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb

from ingestion.forms.check_sql import FINDING_COLUMNS, findings_sql, suspects_sql
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


def with_findings(reading: WorkbookReading) -> WorkbookReading:
    """``reading`` with what the checks of rows find: problems, rows held by sheet, and the outcome.

    The rows and their tables stay as they were read: the warehouse holds rows by itself.
    """
    if reading.sender is None:
        return reading
    found = _findings(reading, [sheet for sheet in reading.sheets if sheet.form and sheet.rows])
    if not found:
        return reading
    sheets, problems, reasons = [], list(reading.problems), [reading.reason]
    for sheet in reading.sheets:
        if sheet.form is None or sheet.form.code not in found:
            sheets.append(sheet)
            continue
        about = found[sheet.form.code]
        added = [_problem(sheet, finding) for finding in about]
        problems += added
        judged = replace(sheet, problems=[*sheet.problems, *added])
        judged.held = len({finding["row_id"] for finding in about if finding["severity"] == "hold"})
        if judged.held:
            reason = f"Trang {sheet.sheet}: {judged.held} dòng bị giữ lại"
            judged.loaded -= judged.held
            judged.outcome = "partial"
            judged.reason = "; ".join(filter(None, (sheet.reason, reason)))
            reasons.append(reason)
        sheets.append(judged)
    is_held = len(reasons) > 1
    outcome = "partial" if is_held and reading.outcome == "accepted" else reading.outcome
    reason_of_all = "; ".join(filter(None, reasons)) or None
    return replace(reading, outcome=outcome, reason=reason_of_all, sheets=sheets, problems=problems)


def _findings(reading: WorkbookReading, sheets: Sequence[SheetReading]) -> dict[str, list[dict[str, Any]]]:
    """The findings of each form that has some, in the order of its rows."""
    assert reading.sender is not None  # noqa: S101 - judged only with a sender
    tables, _ = to_tables(reading, Envelope("file", "", 0, _NO_TIME), 0, "")
    forms = [sheet.form for sheet in sheets if sheet.form and sheet.form.kind == "table"]
    relations = {form.code: form.staging for form in forms}
    period = reading.sender.period
    found: dict[str, list[dict[str, Any]]] = {}
    with duckdb.connect(config={"threads": 1}) as con:
        for form in forms:
            con.register(f"read_{form.table}", tables[form.table])
            con.execute(_staged(form), [period.start, period.end])
        for form in forms:
            # Planning the whole query takes longer than to read the file; nearly no form needs it.
            if not con.execute(f"select exists ({suspects_sql(form, form.staging, relations)})").fetchall()[0][0]:
                continue
            query = findings_sql(form, form.staging, relations)
            rows = con.execute(f"{query}\norder by row_number, column_name, check_id").fetchall()
            if rows:
                found[form.code] = [dict(zip(FINDING_COLUMNS, row, strict=True)) for row in rows]
    return found


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
