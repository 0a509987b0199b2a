"""Synthetic rows of any form, from its columns alone: every cell is valid, no value has a meaning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ingestion.forms.definition import Column, Form
from ingestion.vietnamese.periods import Period

Value = str | int | Decimal | date | None


def example_row(form: Form, period: Period, number: int) -> dict[str, Value]:
    """The ``number``-th row (from 0) of a report for ``period``, by column; money in đồng, codes as codes."""
    return {column.name: _value(column, period, number) for column in form.columns}


def _value(column: Column, period: Period, number: int) -> Value:
    if column.code_list:
        codes = list(column.choices)
        return codes[number % len(codes)]
    match column.type:
        case "text":
            return f"{column.header[-1]} {number + 1}"
        case "date":
            return period.start + timedelta(days=number % 28)
        case "period":
            return period.code
        case "year":
            return _within(column, period.start.year)
        case "money":
            return 10**6 * _within(column, number + 1)
        case _:
            return _within(column, number + 1)


def _within(column: Column, value: int) -> int:
    low = value if column.minimum is None else max(value, column.minimum)
    return low if column.maximum is None else min(low, column.maximum)
