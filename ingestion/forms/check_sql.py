"""Compiles the checks that forms declare to SQL: one condition per check, one query per form.

Contains the meaning of each kind of check; declarations are in :mod:`ingestion.forms.checks`. Returns per check a
condition on a row ``r`` (a row of the form's staging model with the first and last day of its period), and per form a
query with one row per finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from ingestion.forms.checks import (
    Bound,
    Check,
    Identifier,
    Severity,
    identifiers,
    ranges,
)
from ingestion.forms.definition import Column, Form, FormError, form_versions, load_forms
from ingestion.vietnamese.numbers import format_number
from ingestion.vietnamese.personal import HIDDEN

#: Columns of a finding, in order.
FINDING_COLUMNS = (
    "row_id",
    "artifact_sha256",
    "sheet",
    "row_number",
    "form",
    "check_id",
    "severity",
    "column_name",
    "column_header",
    "found_text",
    "expected_text",
)
_BREAKS = {
    "after": "<=",
    "not_before": "<",
    "at_most": ">",
    "at_least": "<",
    "part_of": ">",
}
_WORDS = {
    "after": "ngày sau {}",
    "not_before": "ngày không trước {}",
    "at_most": "không lớn hơn {}",
    "at_least": "không nhỏ hơn {}",
    "sum_of": "bằng {}",
    "part_of": "không lớn hơn {}, vì là một phần",
}
_MONEY_FACTOR = 10**6
_Limit = TypeVar("_Limit")


@dataclass(frozen=True)
class Bounds:
    """Both ends of what is allowed, as SQL on a row ``r``; None: no bound on that side. ``value`` is what is compared.

    A row that breaks ``unless`` is not judged: another check finds it.
    """

    value: str
    low: str | None
    high: str | None
    #: Whether ``low`` itself is not allowed.
    above_low: bool = False
    unless: Bounds | None = None


@dataclass(frozen=True)
class CompiledCheck:
    """One check of one column of a form."""

    check_id: str
    form: Form
    column: Column
    severity: Severity
    #: SQL on a row ``r``: true where it is violated, false or null where not.
    violated: str
    #: What must hold, in Vietnamese, and SQL of the value that the row is compared with, as the sender would write it.
    expected_vi: str
    norm: str | None = None
    #: The form whose rows of the same file the condition reads, as ``{other}``.
    other: str | None = None
    #: The same condition as a kind that tools for data quality know: bounds, or a regular expression. None: only SQL.
    bounds: Bounds | None = None
    pattern: Identifier | None = None
    #: Columns that must have a value besides.
    filled: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """SQL of the text that states what must hold."""
        words = text(self.expected_vi)
        return (
            words
            if self.norm is None or _is_hidden(self.form)
            else f"{words} || coalesce(' (' || {self.norm} || ')', '')"
        )

    @property
    def found(self) -> str:
        """SQL of the value found, as the sender wrote it; hidden in forms with personal columns.

        Of an official number with as many digits as a person's only the length is given.
        """
        if _is_hidden(self.form):
            return text(HIDDEN)
        name = f"r.{self.column.staged_name}"
        if not self.column.identifier:
            return shown(self.column, name)
        digits = f"length(regexp_replace({name}, '[^0-9]', '', 'g'))"
        return f"case when {digits} < 8 then {name} else {digits} || ' chữ số' end"


def _is_hidden(form: Form) -> bool:
    return form.holds_personal_data and form.kind == "table"


def compiled(form: Form) -> tuple[CompiledCheck, ...]:
    """The checks of one version of a form, in the order of its columns. Raises FormError naming what is unknown."""
    found = [made for column in form.columns for check in column.checks for made in _compiled(form, column, check)]
    names = [made.check_id for made in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise FormError(f"{form.code}: declared twice: {', '.join(twice)}")
    return tuple(found)


def findings_sql(form: Form, rows: str, others: Mapping[str, str], before: str = "") -> str:
    """Query of the findings (:data:`FINDING_COLUMNS`) in ``rows``; ``others`` are relations by code of form.

    Applies the checks of every version of the form, each to the rows of its version. A check of a form that ``others``
    lacks is left out; without checks the query has no rows. ``before`` are further parts of its ``with`` clause. The
    rows are scanned once for those with any finding.
    """
    judged = _judged(form, others)
    nothing = ", ".join(
        f"cast(null as {'integer' if name == 'row_number' else 'varchar'}) as {name}" for name in FINDING_COLUMNS
    )
    selects = [
        f"select r.row_id, r.artifact_sha256, r.sheet, r.row_number, r.form, {text(check.check_id)} as check_id,\n"
        f"  {text(check.severity)} as severity, {text(check.column.name)} as column_name,\n"
        f"  {text(check.column.label)} as column_header,\n"
        f"  {check.found} as found_text,\n  {check.expected} as expected_text\n"
        f"from suspect as r\nwhere {condition}"
        for check, condition in judged
    ] or [f"select {nothing}\nfrom suspect as r\nwhere false"]
    return f"with {before}suspect as materialized (\n{suspects_sql(form, rows, others)}\n)\n\n" + "\nunion all\n".join(
        selects
    )


def suspects_sql(form: Form, rows: str, others: Mapping[str, str]) -> str:
    """Query of the rows with any finding; arguments as of :func:`findings_sql`."""
    conditions = "\n  or ".join(f"({condition})" for _, condition in _judged(form, others)) or "false"
    return f"  select *\n  from {rows} as r\n  where\n  {conditions}"


def _judged(form: Form, others: Mapping[str, str]) -> list[tuple[CompiledCheck, str]]:
    """Checks of every version of the form, with the condition of each on the rows of its version."""
    versions = form_versions().get(form.code, (form,))
    return [
        (check, _where(check, others, versions))
        for version in versions
        for check in compiled(version)
        if check.other is None or check.other in others
    ]


def references_of(form: Form) -> tuple[str, ...]:
    """Codes of the forms that the checks of ``form`` read, in order."""
    versions = form_versions().get(form.code, (form,))
    return tuple(sorted({check.other for version in versions for check in compiled(version) if check.other}))


def _where(check: CompiledCheck, others: Mapping[str, str], versions: Sequence[Form]) -> str:
    condition = check.violated if check.other is None else check.violated.replace("{other}", others[check.other])
    if len(versions) > 1:
        condition = f"r.form_version = {text(check.form.version)} and ({condition})"
    return condition


def _compiled(form: Form, column: Column, check: Check) -> Iterator[CompiledCheck]:
    where = f"{form.table}.{column.name}.{check.kind}"
    match check:
        case Check(between=str(name)):
            yield from _between(form, column, check, name)
        case Check(within_period=window) if window is not None:
            ends = _window(window.days_before, window.days_after)
            made = _made(
                form, column, check, f"{where}.{check.severity}", _outside(column, *ends), *_in_range(column, *ends)
            )
            yield replace(made, bounds=_bounds(column, *ends))
        case Check(matches=str(name)):
            kind = _named(identifiers(), name, form, column)
            violated = _unlike(f"r.{column.staged_name}", kind)
            made = _made(form, column, check, where, violated, kind.vi, None)
            yield made if kind.weights else replace(made, pattern=kind)
        case Check(references=str(target)):
            yield _references(form, column, check, target)
        case _:
            yield _comparison(form, column, check)


def _made(
    form: Form, column: Column, check: Check, check_id: str, violated: str, words: str, norm: str | None,
    severity: Severity | None = None, other: str | None = None,
) -> CompiledCheck:  # fmt: skip
    filled: tuple[str, ...] = ()
    if check.empty == "fail":
        named = [column, *(_column(form, column, name) for name in check.columns)]
        filled = tuple(f"r.{c.staged_name}" for c in named)
        violated = f"({violated}) or {' or '.join(f'{name} is null' for name in filled)}"
    stated = severity or check.severity
    assert stated is not None  # noqa: S101 - a check without a severity is refused when it is read
    return CompiledCheck(check_id, form, column, stated, violated, check.vi or words, norm, other, filled=filled)


def _comparison(form: Form, column: Column, check: Check) -> CompiledCheck:
    """Against a column of the row, or a sum of columns."""
    columns = [_column(form, column, name) for name in check.columns]
    types = {c.type for c in (column, *columns)}
    by_year = types == {"date", "year"}
    if not by_year and "date" in types and (types != {"date"} or len(columns) > 1):
        raise FormError(
            f"{form.code}: column {column.name}: {check.kind} compares days with a day, numbers with numbers"
        )

    def value(one: Column) -> str:
        name = f"r.{one.staged_name}"
        if by_year and one.type == "date":
            name = f"extract(year from {name})"
        return f"coalesce({name}, 0)" if check.empty == "zero" else name

    side = " + ".join(map(value, columns))
    side = f"({side})" if len(columns) > 1 else side
    if check.kind == "sum_of":
        violated = f"abs({value(column)} - {side}) > {check.tolerance}"
    else:
        slack = {">": f" + {check.tolerance}", "<": f" - {check.tolerance}"}
        operator = _BREAKS[check.kind]
        violated = f"{value(column)} {operator} {side}{slack.get(operator, '') if check.tolerance else ''}"
    words = _WORDS[check.kind].format(" + ".join(f"“{c.label}”" for c in columns))
    check_id = f"{form.table}.{column.name}.{check.kind}.{columns[0].name}"
    made = _made(form, column, check, check_id, violated, words, shown(column if by_year else columns[0], side))
    low, high = (f"{side} {sign} {check.tolerance}" if check.tolerance else side for sign in "-+")
    is_low, is_high = check.kind not in ("at_most", "part_of"), check.kind in ("at_most", "part_of", "sum_of")
    bounds = Bounds(value(column), low if is_low else None, high if is_high else None, check.kind == "after")
    return replace(made, bounds=bounds)


def _between(form: Form, column: Column, check: Check, name: str) -> Iterator[CompiledCheck]:
    limits = _named(ranges(), name, form, column)
    beyond = _outside(column, *limits.possible)
    possible = _bounds(column, *limits.possible)
    at = f"{form.table}.{column.name}.between"
    made = _made(
        form,
        column,
        check,
        f"{at}.possible",
        beyond,
        *_in_range(column, *limits.possible),
        severity=check.severity or "hold",
    )
    yield replace(made, bounds=possible)
    if limits.usual is not None:
        violated = f"({_outside(column, *limits.usual)}) and not ({beyond})"
        made = _made(form, column, check, f"{at}.usual", violated, *_in_range(column, *limits.usual), severity="flag")
        yield replace(made, bounds=replace(_bounds(column, *limits.usual), unless=possible))


def _references(form: Form, column: Column, check: Check, target: str) -> CompiledCheck:
    code, _, name = target.partition(".")
    other = load_forms().get(code)
    wanted = next((c for c in other.columns if c.name == name), None) if other else None
    if wanted is None:
        raise FormError(f"{form.code}: column {column.name}: references {target}, which is no column of a form")
    same_file = "select 1 from {other} as o where o.artifact_sha256 = r.artifact_sha256"
    equal = f"o.{wanted.staged_name} = r.{column.staged_name}"
    violated = f"r.{column.staged_name} is not null and exists ({same_file}) and not exists ({same_file} and {equal})"
    words = f"một giá trị có trong cột “{wanted.label}” của {code}"
    check_id = f"{form.table}.{column.name}.references.{code.lower()}"
    return _made(form, column, check, check_id, violated, words, None, other=code)


def _column(form: Form, of: Column, name: str) -> Column:
    for column in form.columns:
        if column.name == name:
            return column
    raise FormError(f"{form.code}: column {of.name}: a check names {name}, which is no column of the form")


def _named(known: Mapping[str, _Limit], name: str, form: Form, column: Column) -> _Limit:
    if name not in known:
        raise FormError(f"{form.code}: column {column.name}: no limit {name!r}; known: {', '.join(sorted(known))}")
    return known[name]


def _window(before: int | str, after: int | str) -> tuple[str | None, str | None]:
    """First and last day of a window around the period, as SQL."""
    first = None if before == "any" else f"r.period_starts_on - {before}" if before else "r.period_starts_on"
    last = None if after == "any" else f"r.period_ends_on + {after}" if after else "r.period_ends_on"
    return first, last


def _bound(column: Column, bound: Bound | str) -> str | None:
    match bound:
        case "period_end":
            return "extract(year from r.period_ends_on)" if column.type == "year" else "r.period_ends_on"
        case "year_after_period":
            return "extract(year from r.period_ends_on) + 1" if column.type == "year" else "r.period_ends_on + 366"
        case None | str():
            return bound
        case date():
            return f"date '{bound}'"
        case Decimal():
            return f"{bound:f}"


def _outside(column: Column, low: Bound | str, high: Bound | str) -> str:
    name = f"r.{column.staged_name}"
    sides = [f"{name} {sign} {_bound(column, b)}" for sign, b in (("<", low), (">", high)) if b is not None]
    return " or ".join(sides)


def _bounds(column: Column, low: Bound | str, high: Bound | str) -> Bounds:
    return Bounds(f"r.{column.staged_name}", _bound(column, low), _bound(column, high))


def _in_range(column: Column, low: Bound | str, high: Bound | str) -> tuple[str, str | None]:
    """Words for a range and, where a bound depends on the row, SQL of the bounds."""
    if column.type == "year":
        return "năm trong khoảng có thể", None
    if column.type == "date":
        days = [(word, sql) for word, sql in (("từ", _bound(column, low)), ("đến", _bound(column, high))) if sql]
        bounds = " || ' ' || ".join(f"'{word} ' || {shown(column, sql)}" for word, sql in days)
        return "ngày trong khoảng có thể", bounds
    words = [f"{word} {_as_sent(column, b)}" for word, b in (("từ", low), ("đến", high)) if isinstance(b, Decimal)]
    return " ".join(words), None


def _as_sent(column: Column, value: Decimal) -> str:
    return format_number(round(value / _divisor(column), 4))


def _divisor(column: Column) -> int:
    """Staging's unit divided by the sender's."""
    return _MONEY_FACTOR if column.type == "money" else 12 if column.unit == "percent_per_month" else 1


def _unlike(name: str, kind: Identifier) -> str:
    parts = [f"not regexp_full_match({name}, {text(kind.pattern)})"]
    if kind.never:
        parts.append(f"regexp_full_match({name}, {text(kind.never)})")
    if kind.weights:
        digits = [f"try_cast(substr({name}, {at}, 1) as integer)" for at in range(1, len(kind.weights) + 2)]
        total = " + ".join(f"{weight} * {digit}" for weight, digit in zip(kind.weights, digits, strict=False))
        parts.append(f"10 - ({total}) % 11 <> {digits[-1]}")
    return " or ".join(parts)


def text(value: str) -> str:
    """A text as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def shown(column: Column, value: str) -> str:
    """SQL of a value as its sender writes it: day/month/year, decimal comma, million đồng, percent per month."""
    match column.type:
        case "date":
            return f"strftime({value}, '%d/%m/%Y')"
        case "money" | "decimal" | "percent":
            scaled = f"cast({value} as decimal(38, 6))"
            if column.type == "money":
                # A product of decimals is exact; a quotient would be a double and show digits that nobody wrote.
                share = f"cast({1 / Decimal(_MONEY_FACTOR)} as decimal(6, 6))"
                scaled = f"round(cast({value} as decimal(28, 4)) * {share}, 4)"
            elif (divisor := _divisor(column)) > 1:
                scaled = f"round({scaled} / {divisor}, 4)"
            plain = f"rtrim(rtrim(cast({scaled} as varchar), '0'), '.')"
            return f"replace({plain}, '.', ',')"
        case _:
            return f"cast({value} as varchar)"
