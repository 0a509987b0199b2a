"""Checks what a form lacks up to a mart, in seconds: nothing is built and no submission is read.

A form needs a file in ``ingestion/forms``; its dbt files are generated (:mod:`ingestion.forms.generated`); the marts of
its rows are SQL written by hand. :func:`check` reports the first of these that is missing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl

from ingestion.forms.check_sql import compiled
from ingestion.forms.definition import (
    FORMS_DIR,
    PERIOD_TYPES,
    Form,
    FormError,
    code_list,
    is_valid,
    load_form,
    load_forms,
)
from ingestion.forms.draft import BLANK
from ingestion.forms.example import Value, example_row
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.template import template_bytes
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.places import basis_on, provinces
from warehouse.layout import DBT_PROJECT_DIR, PROJECT_ROOT

MODELS_DIR = DBT_PROJECT_DIR / "models"

_REFERRED = re.compile(r"ref\(\s*'(\w+)'")


@dataclass(frozen=True)
class Lack:
    """One thing that ``form`` lacks: in which file, and what to do."""

    form: str
    where: str
    what: str
    remedy: str


def check(forms: Sequence[Form]) -> dict[str, list[Lack]]:
    """Everything that ``forms`` lack up to a mart, by code."""
    lacks = {form.code: [*_unwritten(form), *unchecked(form)] for form in forms}
    by_period: dict[Period, list[Form]] = {}
    for form in forms:
        by_period.setdefault(_first_period(form), []).append(form)
    for period, asked in by_period.items():
        for lack in _template_faults(period, asked):
            lacks[lack.form].append(lack)
    for form in forms:
        lacks[form.code] += [*unread_rows(form), *_undescribed_marts(form)]
    return lacks


def broken_files() -> list[Lack]:
    """Invalid definitions: while one exists, no submission can be read."""
    lacks = []
    for path in sorted(FORMS_DIR.glob("*.yml")):
        try:
            load_form(path)
        except FormError as error:
            lacks.append(
                Lack(
                    path.stem.upper(),
                    _shown(path),
                    str(error),
                    "correct the file, or take it away until it is complete",
                )
            )
    return lacks


def unread_rows(form: Form) -> list[Lack]:
    """The lacking mart of a form whose rows reach none: they are stored and counted, but not published."""
    if form.kind == "fields" or _marts_downstream(form.staging):
        return []
    through = sorted(_downstream(form.recorded))
    where = f"{_shown(MODELS_DIR)}/marts/<area>/fct_<what a row is>.sql and .yml"
    so_far = f"only {', '.join(through)} {'reads' if len(through) == 1 else 'read'} it" if through else "nothing does"
    return [
        Lack(
            form.code,
            where,
            f"no mart shows the rows of {form.code} ({so_far})",
            f"write it on {{{{ ref('{form.recorded}') }}}}; an example to copy: "
            f"{_shown(MODELS_DIR)}/marts/training/fct_training_course.sql and .yml",
        )
    ]


def _undescribed_marts(form: Form) -> Iterator[Lack]:
    for name in sorted(_marts_downstream(form.staging)):
        (sql,) = (MODELS_DIR / "marts").rglob(f"{name}.sql")
        if not sql.with_suffix(".yml").is_file():
            yield Lack(
                form.code,
                _shown(sql.with_suffix(".yml")),
                f"{name} has no YAML beside its SQL, so its contract has no column",
                "describe its grain and every column, in both languages; an example to copy: "
                f"{_shown(MODELS_DIR)}/marts/training/fct_training_course.yml",
            )


def _unwritten(form: Form) -> Iterator[Lack]:
    where = _shown(FORMS_DIR / f"{form.table}.yml")
    texts = {"title": form.title, "vi": form.vi, "en": form.en}
    for column in form.columns:
        texts |= {f"column {column.name}: vi": column.vi, f"column {column.name}: en": column.en}
    for name, text in texts.items():
        if text.strip(" .") in ("", BLANK) or text.endswith(f" {BLANK}"):
            yield Lack(form.code, where, f"{name} is not written yet", f"put a text in the place of {BLANK!r}")
        elif name != "title" and not text.endswith("."):
            yield Lack(form.code, where, f"{name} has no full stop", "write it as a sentence")


def unchecked(form: Form) -> Iterator[Lack]:
    """Days, numbers and codes that no check of rows looks at, and checks that cannot be compiled."""
    where = _shown(FORMS_DIR / f"{form.table}.yml")
    for column in form.columns:
        needs_check = column.type not in ("text", "period") or column.name.endswith("_code")
        if needs_check and column.personal is None and not column.checks and not column.unchecked:
            what = f"column {column.name} has neither checks nor a reason (unchecked) why it has none"
            yield Lack(
                form.code, where, what, "declare what a row must satisfy; the kinds are in ingestion/forms/checks.py"
            )
    try:
        compiled(form)
    except FormError as error:
        yield Lack(form.code, where, str(error), "name columns of the form, and limits in ingestion/forms/limits")


def _template_faults(period: Period, forms: Sequence[Form]) -> Iterator[Lack]:
    """Makes the template of a period, fills in two rows of each form and reads them back."""
    province = next(iter(provinces(basis_on(period.end)).values()))
    rows = {form.code: [example_row(form, period, number) for number in range(2)] for form in forms}
    reading = read_workbook(filled_template(template_bytes(province, period), period, rows), b"check only")
    loaded = {sheet.form.code: sheet.loaded for sheet in reading.sheets if sheet.form}
    for form in forms:
        if form.kind == "table" and loaded.get(form.code, 0) < 2:
            said = [p.message for p in reading.problems if p.form == form.code] or ["its sheet was not recognised"]
            yield Lack(
                form.code,
                _shown(FORMS_DIR / f"{form.table}.yml"),
                f"the template for {period.code}, filled in with two rows, was not read back: {'; '.join(said)}",
                "give its columns headers that differ from each other, and limits that a value can meet",
            )


def filled_template(template: bytes, period: Period, rows: Mapping[str, Sequence[Mapping[str, Value]]]) -> bytes:
    """``template`` as a sender completes it: approved the day after the period, with ``rows`` by form.

    A sheet whose rows the template names itself stays as it is.
    """
    book = openpyxl.load_workbook(io.BytesIO(template))
    sender = book["THONG_TIN"]
    approved = next(c.header[-1] for c in load_forms()["THONG_TIN"].columns if c.name == "approved_on")
    row = next(cell.row for line in sender.iter_rows(max_col=1) for cell in line if cell.value == approved)
    sender.cell(row, 2).value = period.end + timedelta(days=1)
    for code, records in rows.items():
        page = book[code]
        first = next((c.row for line in page.iter_rows(max_col=1) for c in line if c.value == 1), None)
        if first is None or page.cell(first, 2).value is not None:
            continue
        for number, record in enumerate(records, first):
            for position, column in enumerate(load_forms()[code].columns, 2):
                value = record.get(column.name)
                if column.code_list and value is not None:
                    value = code_list(column.code_list).label(str(value))
                elif column.type == "money" and isinstance(value, int | Decimal):
                    value = Decimal(value) / 10**6
                page.cell(number, position).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _first_period(form: Form) -> Period:
    """The first period that the form is asked for in, or may be sent for."""
    year = Period(form.valid_from).start.year
    codes = [f"{y}{part}" for y in (year, year + 1) for part in _PARTS]
    periods = [p for p in map(Period, codes) if is_valid(form, p)]
    wanted = form.expected_in or PERIOD_TYPES
    return next((p for p in periods if p.type in wanted), Period(form.valid_from))


_PARTS = ("", *(f"-{n:02d}" for n in range(1, 13)), "-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2")


@cache
def _readers() -> Mapping[str, frozenset[str]]:
    """Models by the model that they read."""
    readers: dict[str, set[str]] = {}
    for path in MODELS_DIR.rglob("*.sql"):
        for name in _REFERRED.findall(path.read_text(encoding="utf-8")):
            readers.setdefault(name, set()).add(path.stem)
    return {name: frozenset(found) for name, found in readers.items()}


def _downstream(model: str) -> set[str]:
    """Every model that reads ``model``, through others too."""
    found: set[str] = set()
    waiting = [model]
    while waiting:
        for reader in _readers().get(waiting.pop(), ()):
            if reader not in found:
                found.add(reader)
                waiting.append(reader)
    return found


def _marts_downstream(model: str) -> set[str]:
    return _downstream(model) & {path.stem for path in (MODELS_DIR / "marts").rglob("*.sql")}


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT_ROOT)) if path.is_relative_to(PROJECT_ROOT) else str(path)
