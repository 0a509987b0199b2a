"""Formulas of the template: sums that it computes itself, and the conditions under which a cell turns red.

Contains their text and their values, generated from what a form declares; which cell holds which formula is in
:mod:`ingestion.submissions.template`. A sum is written as ``SUM(…)-SUM(…)``, which ignores text: one mistyped cell is
one fault, not an error value in every total above it. :func:`value_of` computes such a formula for files whose program
stored no value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from ingestion.forms.checks import Bound, Check, identifiers, ranges
from ingestion.forms.definition import NUMBERS, Column, Form
from ingestion.vietnamese.periods import Period

_SIGNED = re.compile(r"([+-]?)\s*(\w+)")
_SUM = re.compile(r"([+-]?)SUM\(([^()]*)\)")
_BLANK_UNLESS = re.compile(r'IF\(COUNT\(([^()]*)\)=0,"",(.*)\)')
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_BROKEN_BY = {"after": "<=", "not_before": "<", "at_most": ">", "part_of": ">", "at_least": "<", "sum_of": "<>"}
_MILLION, _MONTHS = 10**6, 12

#: The value of a cell by its column's letters and its row's number; None for what is no number.
Lookup = Callable[[str, int], float | None]


@dataclass(frozen=True)
class Alert:
    """A condition on a cell; ``hold``: the figure would not be published, ``flag``: it would be, with a query."""

    formula: str
    severity: Literal["hold", "flag"]


def terms(computed: str) -> list[tuple[int, str]]:
    """The columns of ``a + b - c``, each with its sign."""
    return [(-1 if sign == "-" else 1, name) for sign, name in _SIGNED.findall(computed)]


def row_sum(computed: str, cells: Mapping[str, str], *, blank_if_empty: bool) -> str:
    """The formula of a column that others of its row give; ``cells`` are references by column.

    ``blank_if_empty``: a row that nothing is typed into stays empty.
    """
    added = ",".join(cells[name] for sign, name in terms(computed) if sign > 0)
    taken = ",".join(cells[name] for sign, name in terms(computed) if sign < 0)
    formula = f"SUM({added})" + (f"-SUM({taken})" if taken else "")
    if blank_if_empty:
        used = ",".join(cells[name] for _, name in terms(computed))
        formula = f'IF(COUNT({used})=0,"",{formula})'
    return f"={formula}"


def value_of(formula: str, lookup: Lookup) -> float | str | None:
    """The value of a formula that :func:`row_sum` or a sum of cells made; None for any other formula."""
    body = formula.removeprefix("=")
    if within := _BLANK_UNLESS.fullmatch(body):
        numbers = _numbers(within[1], lookup)
        if numbers is None:
            return None
        if not numbers:
            return ""
        body = within[2]
    if "".join(match[0] for match in _SUM.finditer(body)) != body or not body:
        return None
    total = Decimal(0)
    for sign, arguments in _SUM.findall(body):
        numbers = _numbers(arguments, lookup)
        if numbers is None:
            return None
        # As a spreadsheet shows it: fifteen significant digits.
        total += sum((Decimal(f"{n:.15g}") for n in numbers), Decimal(0)) * (-1 if sign == "-" else 1)
    return float(total)


def _numbers(arguments: str, lookup: Lookup) -> list[float] | None:
    found: list[float] = []
    for argument in arguments.split(","):
        match = _REFERENCE.fullmatch(argument)
        # The template's ranges are of one column.
        if match is None or (match[3] or match[1]) != match[1]:
            return None
        first, last = int(match[2]), int(match[4] or match[2])
        if last - first > 10**5:
            return None
        values = (lookup(match[1], row) for row in range(first, last + 1))
        found += [value for value in values if value is not None]
    return found


def alerts_of(
    form: Form, column: Column, period: Period, cells: Mapping[str, str], lists: Mapping[tuple[str, ...], str],
    others: Mapping[str, str],
) -> Iterator[Alert]:  # fmt: skip
    """When a cell of ``column`` needs a look before the file is sent, the gravest first.

    ``cells`` are references by column in the first row of data, ``lists`` the ranges of labels, ``others`` the ranges
    of columns of other sheets by ``BIEU_05A.fair_code``. What a spreadsheet cannot express is left to ``htx check``.
    """
    cell = cells[column.name]
    if column.type in NUMBERS or column.type == "date":
        yield Alert(f"=AND(LEN({cell})>0,ISTEXT({cell}))", "hold")
    if column.code_list:
        listed = lists[tuple(column.choices.values())].removeprefix("=")
        yield Alert(f"=AND(LEN({cell})>0,COUNTIF({listed},{cell})=0)", "hold")
    if column.minimum is not None:
        yield Alert(f"=AND(ISNUMBER({cell}),{cell}<{column.minimum})", "hold")
    if column.needs:
        yield Alert(f"=(LEN({cell})>0)<>(LEN({cells[column.needs]})>0)", "hold")
    if column.required and not column.computed:
        typed = [ref for name, ref in cells.items() if not _named(form, name).computed]
        filled = "+".join(f"LEN({ref})" for ref in typed)
        yield Alert(f"=AND(LEN({cell})=0,{filled}>0)", "hold")
    found = [alert for check in column.checks for alert in _of_check(form, column, check, period, cells, others)]
    yield from sorted(found, key=lambda alert: alert.severity != "hold")
    if column.computed:
        expected = row_sum(column.computed, cells, blank_if_empty=False).removeprefix("=")
        yield Alert(f"=AND(ISNUMBER({cell}),ABS({cell}-({expected}))>0.000001)", "flag")


def _of_check(
    form: Form, column: Column, check: Check, period: Period, cells: Mapping[str, str], others: Mapping[str, str]
) -> Iterator[Alert]:
    cell = cells[column.name]
    stated = check.severity or "hold"
    match check:
        case Check(between=str(name)):
            limits = ranges()[name]
            yield from _outside(column, cell, limits.possible, period, stated)
            if limits.usual is not None:
                yield from _outside(column, cell, limits.usual, period, "flag")
        case Check(within_period=window) if window is not None:
            before, after = window.days_before, window.days_after
            low = None if before == "any" else period.start - timedelta(before)
            high = None if after == "any" else period.end + timedelta(after)
            yield from _outside(column, cell, (low, high), period, stated)
        case Check(matches=str(name)):
            if weights := identifiers()[name].weights:
                yield Alert(f"=AND(LEN({cell})>0,{_wrong_digit(cell, weights)})", stated)
        case Check(references=str(target)):
            if listed := others.get(target):
                unknown = f"COUNTIF({listed},{cell})=0"
                yield Alert(f"=AND(LEN({cell})>0,SUMPRODUCT(LEN({listed}))>0,{unknown})", stated)
        case _:
            yield Alert(_comparison(form, column, check, cells), stated)


def _comparison(form: Form, column: Column, check: Check, cells: Mapping[str, str]) -> str:
    compared = [_named(form, name) for name in check.columns]
    by_year = {c.type for c in (column, *compared)} == {"date", "year"}

    def value(one: Column) -> str:
        return f"YEAR({cells[one.name]})" if by_year and one.type == "date" else cells[one.name]

    operator = _BROKEN_BY[check.kind]
    side = f"SUM({','.join(map(value, compared))})"
    own = f"N({cells[column.name]})" if check.empty == "zero" else value(column)
    difference = f"{own}-{side}"
    broken = f"ABS({difference})>{check.tolerance}" if operator == "<>" else f"{own}{operator}{side}"
    if check.tolerance and operator != "<>":
        slack = Decimal(check.tolerance) / _divisor(column)
        broken = f"{own}{operator}{side}{'+' if operator.startswith('>') else '-'}{slack:f}"
    if check.empty == "zero":
        return f"={broken}"
    # A date and a number are numbers; an empty cell is none.
    present = ",".join(f"ISNUMBER({cells[c.name]})" for c in (column, *compared))
    return f"=AND({present},{broken})"


def _outside(
    column: Column, cell: str, bounds: tuple[Bound, Bound], period: Period, severity: Literal["hold", "flag"]
) -> Iterator[Alert]:
    low, high = (_bound(column, bound, period) for bound in bounds)
    sides = [f"{cell}{sign}{bound}" for sign, bound in (("<", low), (">", high)) if bound is not None]
    yield Alert(f"=AND(ISNUMBER({cell}),OR({','.join(sides)}))", severity)


def _bound(column: Column, bound: Bound, period: Period) -> str | None:
    if bound is None:
        return None
    if isinstance(bound, Decimal):
        return f"{bound / _divisor(column):f}"
    if column.type == "year" and isinstance(bound, str):
        return str(period.end.year + (bound == "year_after_period"))
    if isinstance(bound, str):
        bound = period.end + timedelta(366 if bound == "year_after_period" else 0)
    return f"DATE({bound.year},{bound.month},{bound.day})"


def _divisor(column: Column) -> int:
    """The unit of the warehouse divided by that of the form."""
    return _MILLION if column.type == "money" else _MONTHS if column.unit == "percent_per_month" else 1


def _wrong_digit(cell: str, weights: Sequence[int]) -> str:
    total = "+".join(f"{weight}*MID({cell},{at},1)" for at, weight in enumerate(weights, 1))
    # What has fewer digits, or letters among them, is an error value, and no such number either.
    return f"IFERROR(10-MOD({total},11)<>VALUE(MID({cell},{len(weights) + 1},1)),TRUE)"


def _named(form: Form, name: str) -> Column:
    return next(c for c in form.columns if c.name == name)


def as_typed(column: Column, value: object) -> object:
    """A value of the warehouse as the form writes it: million đồng, percent per month, the label of a code."""
    if column.code_list and isinstance(value, str):
        return column.choices.get(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(Decimal(value) / _divisor(column))
    return value if isinstance(value, str | date) else None
