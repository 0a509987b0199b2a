"""The official workbook for a sender and period, made from the same form definitions that read it back.

Contains the layout of an empty form: headers, code lists as drop-downs, checks while typing, protection. Returns the
bytes of an ``.xlsx``, equal for equal input. A template whose sender sheet is completed passes ``htx check``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ingestion.forms.definition import Column, Form, code_list, forms_for
from ingestion.vietnamese.periods import Period, format_period
from ingestion.vietnamese.places import Province, basis_on
from warehouse.stamps import CODE_LISTS, DEFINED_NAME, stamp

#: Rows ready to be filled in a form whose rows are not known beforehand.
ENTRY_ROWS = 300
LISTS_SHEET = "DANH_MUC"

_NUMBERS = frozenset({"integer", "decimal", "money", "percent", "year"})
_WIDTHS = {"text": 24, "code": 22, "date": 12, "year": 8, "money": 14, "integer": 11, "decimal": 12, "percent": 10}
_EARLIEST, _LATEST = date(1945, 1, 1), date(2100, 12, 31)
_TITLE_ROW = 1


def template_bytes(
    province: Province,
    period: Period,
    *,
    opening: Mapping[tuple[str, str], int] | None = None,
    revision: int = 1,
) -> bytes:
    """The workbook ``province`` fills in for ``period``: the forms that it must hold, and those asked for in no report.

    ``opening`` are last period's closing counts by (organisation type, sector), totals and groups included.
    Raises ValueError if the province is not on the map of the period's end.
    """
    if province.basis != basis_on(period.end):
        raise ValueError(f"{province.name} ({province.key}) is not on the map of {period.code}")
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime(period.start.year, period.start.month, 1)  # noqa: DTZ001 - equal input gives equal bytes
        book.set_properties({"title": f"{province.name}, {format_period(period)}", "created": made})
        _Template(book, province, period, opening or {}, revision).write()
    return target.getvalue()


class _Template:
    def __init__(
        self,
        book: xlsxwriter.Workbook,
        province: Province,
        period: Period,
        opening: Mapping[tuple[str, str], int],
        revision: int,
    ) -> None:
        self.book, self.province, self.period = book, province, period
        self.opening, self.revision = opening, revision
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_color": "#595959"})
        edges: dict[str, Any] = {"border": 1, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format({**edges, "bold": True, "align": "center", "bg_color": "#D9E1F2"})
        self.label = book.add_format({**edges, "bg_color": "#F2F2F2"})
        self.entry: dict[str, Format] = {
            kind: book.add_format({**edges, "locked": False, "num_format": shape})
            for kind, shape in {
                "text": "@", "code": "@", "period": "@", "date": "dd/mm/yyyy", "year": "0", "integer": "#,##0",
                "money": "#,##0.######", "decimal": "#,##0.######", "percent": "0.######",
            }.items()
        }  # fmt: skip
        #: The range of each list of labels.
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self) -> None:
        forms = tuple(f for f in forms_for(self.period) if self.period.type in f.expected_in or not f.expected_in)
        pages = {form.code: self.book.add_worksheet(form.code) for form in forms}
        self._write_lists(forms)
        for form in forms:
            page = pages[form.code]
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.write_string(_TITLE_ROW, 0, form.title, self.title)
            if form.kind == "fields":
                self._write_sender(page, form)
            else:
                self._write_table(page, form)
            # Without a password: protection prevents accidental changes only.
            page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        next(iter(pages.values())).activate()

    def _write_lists(self, forms: tuple[Form, ...]) -> None:
        page = self.book.add_worksheet(LISTS_SHEET)
        listed = {tuple(c.choices.values()): c.code_list for form in forms for c in form.columns if c.code_list}
        names = sorted(listed, key=lambda labels: (listed[labels], labels))
        for position, labels in enumerate(names):
            page.write_column(0, position, labels)
            letter = xl_col_to_name(position, col_abs=True)
            self.lists[labels] = f"={LISTS_SHEET}!{letter}$1:{letter}${len(labels)}"
        page.write_string(0, len(names), stamp(CODE_LISTS))
        self.book.define_name(f"{LISTS_SHEET}!{DEFINED_NAME}", f'="{stamp(CODE_LISTS)}"')
        page.hide()

    def _write_sender(self, page: Worksheet, form: Form) -> None:
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 36)
        known: dict[str, str | int] = {
            "province_code": self.province.code,
            "province_name": self.province.name,
            "period": format_period(self.period),
            "revision": self.revision,
            "template_version": form.version,
        }
        for row, column in enumerate(form.columns, _TITLE_ROW + 2):
            page.write_string(row, 0, column.header[-1], self.label)
            value = known.get(column.name)
            style = self.label if column.name in known and column.name != "revision" else self.entry[column.type]
            if isinstance(value, int):
                page.write_number(row, 1, value, style)
            elif value is not None:
                page.write_string(row, 1, value, style)
            else:
                page.write_blank(row, 1, None, style)
            self._validate(page, row, row, 1, column)

    def _write_table(self, page: Worksheet, form: Form) -> None:
        depth = max(len(column.header) for column in form.columns)
        header = _TITLE_ROW + 2
        data = header + depth + 1
        page.write_string(header - 1, 0, form.unit_line or "", self.note)
        page.set_column(0, 0, 5)
        self._write_header(page, form, header, depth)
        known = self._known_rows(form)
        count = len(known) or ENTRY_ROWS
        for position, column in enumerate(form.columns, 1):
            page.set_column(position, position, _WIDTHS[column.type])
            self._validate(page, data, data + count - 1, position, column)
        for at in range(count):
            page.write_number(data + at, 0, at + 1, self.label)
            row = known[at] if known else {}
            for position, column in enumerate(form.columns, 1):
                value = row.get(column.name)
                style = self.label if column.key and known else self.entry[column.type]
                if isinstance(value, str):
                    page.write_string(data + at, position, value, style)
                elif value is not None:
                    page.write_number(data + at, position, value, style)
                else:
                    page.write_blank(data + at, position, None, style)
        page.freeze_panes(data, 0)
        page.repeat_rows(header, data - 1)

    def _write_header(self, page: Worksheet, form: Form, top: int, depth: int) -> None:
        self._merge(page, top, 0, top + depth - 1, 0, "TT")
        position = 1
        for group, run in groupby(form.columns, key=lambda c: c.header[0] if len(c.header) > 1 else None):
            columns = list(run)
            if group is not None:
                self._merge(page, top, position, top, position + len(columns) - 1, group)
            for offset, column in enumerate(columns):
                first = top if group is None else top + 1
                self._merge(page, first, position + offset, top + depth - 1, position + offset, column.header[-1])
            position += len(columns)
        for at in range(position):
            page.write_string(top + depth, at, f"({at + 1})", self.head)

    def _merge(self, page: Worksheet, top: int, left: int, bottom: int, right: int, text: str) -> None:
        if (top, left) == (bottom, right):
            page.write_string(top, left, text, self.head)
        else:
            page.merge_range(top, left, bottom, right, text, self.head)

    def _known_rows(self, form: Form) -> list[dict[str, str | int]]:
        """One row for every combination of a form whose keys are all code lists; counts start at 0.

        Stock columns start at last period's closing, so that a province without changes has nothing to type.
        """
        keys = [c for c in form.key_columns if c.code_list]
        if len(keys) != len(form.key_columns) or len(keys) != 2:
            return []
        first, second = keys
        rows: list[dict[str, str | int]] = []
        for one, one_label in code_list(first.code_list or "").labels.items():
            for two, two_label in code_list(second.code_list or "").labels.items():
                row: dict[str, str | int] = {c.name: 0 for c in form.columns if c.type in _NUMBERS}
                row |= {first.name: one_label, second.name: two_label}
                stock = self.opening.get((one, two))
                if stock is not None:
                    row |= {name: stock for name in ("opening_count", "closing_count") if name in row}
                rows.append(row)
        return rows

    def _validate(self, page: Worksheet, top: int, bottom: int, position: int, column: Column) -> None:
        rule: dict[str, Any]
        if column.code_list:
            rule = {"validate": "list", "source": self.lists[tuple(column.choices.values())]}
            wrong = "Chọn một giá trị trong danh sách."
        elif column.type in ("integer", "year"):
            low = 1900 if column.type == "year" else column.minimum if column.minimum is not None else -(10**9)
            high = 2100 if column.type == "year" else column.maximum if column.maximum is not None else 10**9
            rule = {"validate": "integer", "criteria": "between", "minimum": low, "maximum": high}
            wrong = f"Cần một số nguyên từ {low} đến {high}."
        elif column.type in _NUMBERS:
            low = column.minimum if column.minimum is not None else -(10**12)
            high = column.maximum if column.maximum is not None else 10**12
            rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
            wrong = "Cần một số" + (" (tính bằng triệu đồng)." if column.type == "money" else ".")
        elif column.type == "date":
            rule = {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
            wrong = "Cần ngày đầy đủ dạng ngày/tháng/năm, ví dụ 30/11/2021."
        else:
            # A field is explained in an input message: a note in the next cell would be read as its value.
            rule, wrong = {"validate": "any"}, ""
        rule |= {"ignore_blank": True}
        if wrong:
            rule |= {"error_title": "Giá trị chưa đúng", "error_message": wrong}
        rule |= {"input_title": column.header[-1][:32], "input_message": column.vi[:255]}
        page.data_validation(top, position, bottom, position, rule)
