"""A report as the workbook a province would send: letterhead, merged headers, mixed typing habits.

Contains the format and position of values in cells; the values come from :mod:`.country`, errors from
:mod:`.faults`. Headers, order and titles come from the form definitions. Returns the bytes of an ``.xlsx`` file, equal
for equal input, and the address of any cell.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ingestion.forms.definition import OWN_LISTS, Column, Form, code_list, load_forms
from ingestion.samples.country import Country, Place, Report, Value
from ingestion.vietnamese.clock import vietnam_time
from ingestion.vietnamese.numbers import format_number
from ingestion.vietnamese.periods import format_period
from warehouse.reference import reference_rows

#: Printed on every sheet, so that a sample is not mistaken for statistics.
SAMPLE_LABEL = "SỐ LIỆU MẪU – KHÔNG PHẢI SỐ LIỆU THẬT"
_NATIONAL_AGENCY = "LIÊN MINH HỢP TÁC XÃ VIỆT NAM"
_STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_NOTHING_TO_REPORT = "Không phát sinh"
_MILLION = 1_000_000
_HUNDREDTH_OF_MILLION = 10_000
_NBSP = "\u00a0"
_NUMERIC = frozenset({"integer", "money", "decimal", "percent", "year"})
_SHEET_NAMES: tuple[Callable[[str], str], ...] = (
    lambda code: code,
    lambda code: "Biểu " + code.removeprefix("BIEU_"),
    lambda code: "Bieu " + code.removeprefix("BIEU_"),
)


@dataclass(frozen=True)
class RawText:
    """A text to be typed into a cell exactly as it stands."""

    text: str


@dataclass(frozen=True)
class Edit:
    """One deliberate change of a workbook from the true report.

    ``set`` writes ``value`` (a value of the column, or :class:`RawText`) at ``row`` (from 0 within the form's rows);
    ``rename`` gives ``column`` another header; ``delete`` leaves the row out. Rows count before any deletion.
    """

    kind: Literal["set", "rename", "delete"]
    form: str
    column: str = ""
    row: int = 0
    value: Value | RawText = None


@dataclass(frozen=True)
class Submission:
    """One workbook to be sent: sender, period, revision, and its changes from the true report."""

    province_code: str
    period: str
    revision: int
    name: str
    received_at: datetime
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Style:
    """The habits of one province, the same in all its workbooks."""

    sheet_names: Mapping[str, str]
    blank_row: bool
    nothing_row: bool
    untidy: bool
    period_wording: str
    #: Columns typed as text instead of number or date, by (form, column).
    typed_as_text: frozenset[tuple[str, str]]
    #: The last header text it uses for a column, by (form, column).
    headers: Mapping[tuple[str, str], str]
    #: What it writes for a code, by (list, code).
    labels: Mapping[tuple[str, str], str]
    province_name: str


def file_name(province_code: str, period: str, revision: int) -> str:
    """``LMHTX-46-2021-11-L1.xlsx``"""
    return f"LMHTX-{province_code}-{period}-L{revision}.xlsx"


@cache
def _aliases(name: str) -> dict[str, tuple[str, ...]]:
    rows = reference_rows(name) if name in OWN_LISTS else [
        row for row in reference_rows("code_values") if row["list"] == name
    ]  # fmt: skip
    return {row["code"]: tuple(a for a in row["aliases"].split("|") if a) for row in rows}


def style_of(country: Country, place: Place) -> Style:
    """The habits of ``place``, drawn once from the seed."""
    shared = country.rng("style", place.code)
    name_of = shared.choices(_SHEET_NAMES, (6, 3, 1))[0]
    numbers = shared.choices((0.0, 1.0, 0.4), (5, 2, 3))[0]
    dates = shared.choices((0.0, 1.0, 0.5), (4, 3, 3))[0]
    own_words = shared.random() < 0.3
    typed: set[tuple[str, str]] = set()
    headers: dict[tuple[str, str], str] = {}
    labels: dict[tuple[str, str], str] = {}
    sheets: dict[str, str] = {}
    for form in load_forms().values():
        # Forms of longer periods have a generator of their own: a new one leaves the monthly workbooks as they are.
        rng = shared if "month" in form.expected_in else country.rng("style", place.code, form.code)
        sheets[form.code] = name_of(form.code) if form.kind == "table" else form.code
        for column in form.columns:
            at = (form.code, column.name)
            chance = dates if column.type == "date" else numbers if column.type in _NUMERIC else 0.0
            if rng.random() < chance:
                typed.add(at)
            use_alias = own_words and column.aliases and rng.random() < 0.5
            headers[at] = rng.choice(column.aliases) if use_alias else column.header[-1]
            if column.code_list:
                for code, label in code_list(column.code_list).labels.items():
                    others = _aliases(column.code_list)[code]
                    other = own_words and others and rng.random() < 0.3
                    labels.setdefault((column.code_list, code), rng.choice(others) if other else label)
    return Style(
        sheet_names=sheets,
        blank_row=shared.random() < 0.5,
        nothing_row=shared.random() < 0.5,
        untidy=shared.random() < 0.5,
        period_wording=shared.choice(("Tháng {month:02d}/{year}", "Tháng {month} năm {year}")),
        typed_as_text=frozenset(typed),
        headers=headers,
        labels=labels,
        province_name=shared.choice((place.name, f"{place.kind} {place.name}")),
    )


@dataclass(frozen=True)
class Grid:
    """Where the parts of a table sheet stand; rows and columns count from 0."""

    title: int
    header: int
    depth: int

    @property
    def numbering(self) -> int:
        return self.header + self.depth

    @property
    def data(self) -> int:
        return self.numbering + 1


def grid_of(form: Form, style: Style) -> Grid:
    """The grid of ``form`` as that province fills it in. Column A holds the running number, B the first column."""
    title = 3 if style.blank_row else 2
    return Grid(title=title, header=title + 4, depth=max(len(column.header) for column in form.columns))


def address(form: Form, style: Style, row: int, column: str) -> tuple[str, int]:
    """Cell and row as Excel shows them (``("F12", 12)``) of ``column`` in the form's ``row`` (from 0)."""
    position = next(i for i, c in enumerate(form.columns, 1) if c.name == column)
    number = grid_of(form, style).data + row + 1
    return f"{xl_col_to_name(position)}{number}", number


def header_address(form: Form, style: Style, column: str) -> tuple[str, int]:
    """Cell and row of the column's own header text."""
    position, found = next((i, c) for i, c in enumerate(form.columns, 1) if c.name == column)
    number = grid_of(form, style).header + len(found.header)
    return f"{xl_col_to_name(position)}{number}", number


def workbook_bytes(country: Country, report: Report, submission: Submission) -> bytes:
    """The ``.xlsx`` file of ``submission``; the same bytes whenever the arguments are equal."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False})
    style = style_of(country, report.place)
    # A fixed creation time: without it the file would differ at every writing.
    created = datetime.combine(report.period.end, datetime.min.time())
    agency = f"LIÊN MINH HTX {report.place.full_name.upper()}"
    book.set_properties({"title": SAMPLE_LABEL, "author": agency, "created": created})
    writer = _BookWriter(book, style, report, submission, agency)
    for form in load_forms().values():
        if form.kind == "fields":
            writer.write_fields(form)
        elif form.code in report.rows:
            writer.write_table(form)
    book.close()
    return target.getvalue()


Cell = str | int | float | date | None
_WIDTHS = {
    "text": 20.0, "code": 18.0, "date": 12.0, "money": 13.0, "integer": 11.0, "decimal": 11.0, "year": 9.0,
    "percent": 9.0,
}  # fmt: skip


class _BookWriter:
    def __init__(
        self, book: xlsxwriter.Workbook, style: Style, report: Report, submission: Submission, agency: str
    ) -> None:
        self.book = book
        self.style = style
        self.report = report
        self.submission = submission
        self.agency = agency
        base = {"font_name": "Times New Roman", "font_size": 11}
        grid = {**base, "border": 1, "valign": "vcenter"}

        def formats(**properties: Any) -> Format:
            return book.add_format(properties)

        self.plain = formats(**base)
        self.bold = formats(**base, bold=True)
        self.centred = formats(**base, align="center")
        self.centred_bold = formats(**base, bold=True, align="center")
        self.title = formats(**{**base, "font_size": 14}, bold=True, align="center")
        self.warning = formats(**base, bold=True, align="center", font_color="#C00000")
        self.italic_centred = formats(**base, italic=True, align="center")
        self.italic_right = formats(**base, italic=True, align="right")
        self.header = formats(**grid, bold=True, align="center", text_wrap=True, bg_color="#DDEBF7")
        self.numbering = formats(**grid, italic=True, align="center")
        self.cell = formats(**grid)
        self.cell_middle = formats(**grid, bold=True, text_wrap=True)
        self.cell_right = formats(**grid, align="right")
        self.by_type = {
            "integer": formats(**grid, num_format="#,##0"),
            "money": formats(**grid, num_format="#,##0.00"),
            "decimal": formats(**grid, num_format="#,##0.00"),
            "percent": formats(**grid, num_format="0.00"),
            "year": formats(**grid, num_format="0"),
            "date": formats(**grid, num_format="dd/mm/yyyy"),
        }

    def _approved_on(self) -> date:
        # A report that arrives in the morning was approved the day before.
        return vietnam_time(self.submission.received_at - timedelta(hours=12)).date()

    def _letterhead(self, sheet: Worksheet, width: int) -> None:
        right = max(3, width * 2 // 3)
        sheet.write_string(0, 0, _NATIONAL_AGENCY, self.plain)
        sheet.write_string(1, 0, self.agency, self.bold)
        sheet.write_string(0, right, _STATE, self.centred_bold)
        sheet.write_string(1, right, _MOTTO, self.centred_bold)

    def _period_line(self) -> str:
        period = self.report.period
        if period.type != "month":
            return format_period(period)
        return f"Tháng {period.start.month} năm {period.start.year}"

    def _stated_period(self) -> str:
        """The period as this province writes it on the sender's sheet."""
        period = self.report.period
        if period.type != "month":
            return format_period(period)
        return self.style.period_wording.format(month=period.start.month, year=period.start.year)

    def write_fields(self, form: Form) -> None:
        """The key-value sheet: a label in column A, its value in column B."""
        sheet = self.book.add_worksheet(self.style.sheet_names[form.code])
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, 3, 24)
        self._letterhead(sheet, 3)
        title = 3 if self.style.blank_row else 2
        sheet.merge_range(title, 0, title, 1, form.title, self.title)
        sheet.merge_range(title + 1, 0, title + 1, 1, SAMPLE_LABEL, self.warning)
        chief = "Chủ tịch"
        values: dict[str, Value] = {
            "province_code": self.report.place.code,
            "province_name": self.style.province_name,
            "period": self._stated_period(),
            "revision": self.submission.revision,
            "approved_on": self._approved_on(),
            "signer_title": chief,
            "signer_name": f"Lãnh đạo mẫu {self.report.place.code}",
            "template_version": form.version,
        }
        for number, column in enumerate(form.columns, title + 3):
            sheet.write_string(number, 0, self.style.headers[form.code, column.name], self.cell)
            self._write_cell(sheet, number, 1, self._shown(form, column, values[column.name]), column)

    def write_table(self, form: Form) -> None:
        """A form's sheet: letterhead, title, header, numbering, rows, signatures."""
        sheet = self.book.add_worksheet(self.style.sheet_names[form.code])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        width = len(form.columns)
        grid = grid_of(form, self.style)
        sheet.set_column(0, 0, 5)
        for position, column in enumerate(form.columns, 1):
            sheet.set_column(position, position, 30 if column.name.endswith("_name") else _WIDTHS[column.type])
        self._letterhead(sheet, width)
        sheet.merge_range(grid.title, 0, grid.title, width, form.title, self.title)
        sheet.merge_range(grid.title + 1, 0, grid.title + 1, width, SAMPLE_LABEL, self.warning)
        sheet.merge_range(grid.title + 2, 0, grid.title + 2, width, self._period_line(), self.italic_centred)
        sheet.merge_range(grid.title + 3, 0, grid.title + 3, width, form.unit_line or "", self.italic_right)
        self._write_header(sheet, form, grid)
        rows = self._edited_rows(form)
        if rows:
            self._write_rows(sheet, form, grid, rows)
        elif self.style.nothing_row:
            sheet.write_string(grid.data, 1, _NOTHING_TO_REPORT, self.plain)
        self._write_footer(sheet, grid.data + max(1, len(rows)) + 1, width)
        sheet.freeze_panes(grid.data, 0)
        sheet.repeat_rows(grid.header, grid.numbering)

    def _write_header(self, sheet: Worksheet, form: Form, grid: Grid) -> None:
        renamed = {
            e.column: e.value.text
            for e in self.submission.edits
            if e.kind == "rename" and e.form == form.code and isinstance(e.value, RawText)
        }
        paths: list[tuple[str, ...]] = [("TT",)]
        for column in form.columns:
            own = renamed.get(column.name, self.style.headers[form.code, column.name])
            paths.append((*column.header[:-1], own))
        position = 0
        for first, run in groupby(paths, key=lambda path: path[0] if len(path) > 1 else None):
            group = list(run)
            if first is not None:
                _merge(sheet, grid.header, position, grid.header, position + len(group) - 1, first, self.header)
                for offset, path in enumerate(group):
                    sheet.write_string(grid.header + 1, position + offset, path[-1], self.header)
            else:
                for offset, path in enumerate(group):
                    at = position + offset
                    _merge(sheet, grid.header, at, grid.header + grid.depth - 1, at, path[0], self.header)
            position += len(group)
        for at in range(position):
            sheet.write_string(grid.numbering, at, f"({at + 1})", self.numbering)
        sheet.set_row(grid.header, 32)

    def _edited_rows(self, form: Form) -> list[dict[str, Value | RawText]]:
        rows: list[dict[str, Value | RawText]] = [dict(row) for row in self.report.rows[form.code]]
        edits = [edit for edit in self.submission.edits if edit.form == form.code]
        for edit in edits:
            if edit.kind == "set":
                rows[edit.row][edit.column] = edit.value
        gone = {edit.row for edit in edits if edit.kind == "delete"}
        return [row for number, row in enumerate(rows) if number not in gone]

    def _write_rows(
        self, sheet: Worksheet, form: Form, grid: Grid, rows: Sequence[Mapping[str, Value | RawText]]
    ) -> None:
        merged = [p for p, c in enumerate(form.columns, 1) if c.fill_merged]
        columns = [(p, c) for p, c in enumerate(form.columns, 1) if not c.fill_merged]
        for number, row in enumerate(rows):
            at = grid.data + number
            sheet.write_number(at, 0, number + 1, self.cell)
            for position, column in columns:
                shown = self._shown(form, column, row[column.name])
                if self.style.untidy and isinstance(shown, str):
                    shown = _untidy(shown, number * 7 + position)
                self._write_cell(sheet, at, position, shown, column)
        for position in merged:
            column = form.columns[position - 1]
            at = grid.data
            for value, run in groupby(rows, key=lambda row, name=column.name: row[name]):  # type: ignore[misc]
                length = len(list(run))
                text = str(self._shown(form, column, value))
                _merge(sheet, at, position, at + length - 1, position, text, self.cell_middle)
                at += length

    def _write_footer(self, sheet: Worksheet, row: int, width: int) -> None:
        right = max(3, width - 1)
        day = self._approved_on()
        place = self.report.place.name
        sheet.write_string(row, right, f"{place}, ngày {day.day} tháng {day.month} năm {day.year}", self.italic_centred)
        sheet.write_string(row + 1, 1, "NGƯỜI LẬP BIỂU", self.centred_bold)
        sheet.write_string(row + 1, right, "CHỦ TỊCH", self.centred_bold)
        sheet.write_string(row + 2, 1, "(Ký, họ tên)", self.centred)
        sheet.write_string(row + 2, right, "(Ký tên, đóng dấu)", self.centred)
        sheet.write_string(row + 5, 1, f"Cán bộ mẫu {self.report.place.code}", self.centred_bold)
        sheet.write_string(row + 5, right, f"Lãnh đạo mẫu {self.report.place.code}", self.centred_bold)

    def _shown(self, form: Form, column: Column, value: Value | RawText) -> Cell:
        """The content of the cell for a value: a number or date, or the text this province types for it."""
        if value is None:
            return None
        if isinstance(value, RawText):
            return value.text
        as_text = (form.code, column.name) in self.style.typed_as_text
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}" if as_text else value
        if isinstance(value, int):
            if column.type == "money":
                return _million_text(value) if as_text else value / _MILLION
            if not as_text:
                return value
            return str(value) if column.type == "year" else format_number(value)
        if isinstance(value, Decimal):
            return format_number(round(value, 2)) if as_text else float(value)
        if column.code_list:
            return self.style.labels[column.code_list, value]
        return value

    def _write_cell(self, sheet: Worksheet, row: int, position: int, shown: Cell, column: Column) -> None:
        if shown is None:
            sheet.write_blank(row, position, None, self.cell)
        elif isinstance(shown, str):
            right = column.type in _NUMERIC
            sheet.write_string(row, position, shown, self.cell_right if right else self.cell)
        elif isinstance(shown, date):
            sheet.write_datetime(row, position, shown, self.by_type["date"])
        else:
            sheet.write_number(row, position, shown, self.by_type[column.type])


def _merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int, text: str, cell: Format) -> None:
    if (top, left) == (bottom, right):
        sheet.write_string(top, left, text, cell)
    else:
        sheet.merge_range(top, left, bottom, right, text, cell)


def _million_text(dong: int) -> str:
    """``1_234_500_000`` -> ``"1.234,5"``; at most two decimals, for three would have two readings."""
    hundredths, rest = divmod(dong, _HUNDREDTH_OF_MILLION)
    if rest:
        raise ValueError(f"{dong} đồng has more than two decimals of a million")
    return format_number(Decimal(hundredths) / 100)


def _untidy(text: str, number: int) -> str:
    """Blanks as in typed workbooks: sometimes a trailing one, or a no-break space from a word processor."""
    if number % 13 == 0:
        return text + " "
    if number % 29 == 0:
        return text.replace(" ", _NBSP, 1)
    return text
