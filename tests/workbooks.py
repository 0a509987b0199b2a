"""Workbooks for tests: a sample province's, departed from in named ways."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from ingestion.samples.country import Country, Report, Settings
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes

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
