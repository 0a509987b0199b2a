"""Workbooks for tests: those of a sample province, with named changes."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache

import openpyxl

from ingestion.forms.definition import load_forms
from ingestion.samples.country import Country, Report, Settings
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from ingestion.vietnamese.text import fold
from warehouse.stamps import DEFINED_NAME

PERIOD = "2021-11"
RECEIVED = datetime(2021, 12, 3, 2, 30)


@cache
def country() -> Country:
    """Four provinces, small registers, two months."""
    return Country(Settings(provinces=4, months=2, scale=0.1, seed=7))


@cache
def report(code: str = "01", period: str = PERIOD) -> Report:
    """What a sample province truthfully reports for a month."""
    return next(r for r in country().reports(code) if r.period.code == period)


def workbook(*edits: Edit, code: str = "01", period: str = PERIOD, revision: int = 1) -> bytes:
    """The workbook of a sample province, with ``edits``."""
    submission = Submission(code, period, revision, "x.xlsx", RECEIVED, tuple(edits))
    return workbook_bytes(country(), report(code, period), submission)


def changed(data: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook with ``change`` done to it, as openpyxl saves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def says(book: openpyxl.Workbook, field: str, value: object) -> None:
    """Make the sheet of the sender say ``value`` for ``field``."""
    column = next(c for c in load_forms()["THONG_TIN"].columns if c.name == field)
    labels = {fold(text) for text in (*column.header, *column.aliases)}
    sent = next(page for page in book.worksheets if DEFINED_NAME not in page.defined_names)
    for row in sent.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and fold(cell.value) in labels:
                next(c for c in row[cell.column :] if c.value is not None).value = value
                return
    raise AssertionError(f"the sender sheet has no {field}")
