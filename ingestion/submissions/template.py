"""The official workbook for a sender and period, made from the same form definitions that read it back.

Contains the layout of a form: headers, rows known from the last release, code lists as drop-downs, sums as formulas
with their values, and cells that turn red before the file is sent. Returns the bytes of an ``.xlsx``, equal for equal
input. A template whose sender sheet is completed passes ``htx check``.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ingestion.forms.definition import NUMBERS, Column, Form, code_list, forms_for
from ingestion.submissions.cell_formulas import Lookup, alerts_of, as_typed, row_sum, value_of
from ingestion.vietnamese.periods import Period, format_period
from ingestion.vietnamese.places import Province, basis_on
from warehouse.stamps import CODE_LISTS, DEFINED_NAME, FORM_NAME, form_stamp, stamp

#: A row of the last release by the names that columns have in staging, in its units.
Record = Mapping[str, object]

#: Rows of a list that no earlier report tells the length of, and those to add to a list that one does.
ENTRY_ROWS, MORE_ROWS = 300, 100
#: Rows below the prepared ones in which typing is checked, too: programs without growing tables need no new row.
CHECKED_ROWS = 2000
LISTS_SHEET = "DANH_MUC"

_WIDTHS = {"text": 24, "code": 22, "date": 12, "year": 8, "money": 14, "integer": 11, "decimal": 12, "percent": 10}
_GIVEN_WIDTH = 34
#: Two lines of a header.
_HEAD_HEIGHT = 32
_EARLIEST, _LATEST = date(1945, 1, 1), date(2100, 12, 31)
_TITLE_ROW = 1
#: The colour of what is given or computed.
_GIVEN = "#E7E6E6"
_HELP = "Điền vào ô trắng. Ô xám đã có sẵn hoặc tự tính. Ô đỏ: sửa trước khi gửi. Ô vàng: xem lại, đúng thì giữ nguyên."
_HELP_ROWS = " Hết dòng thì gõ tiếp ngay dưới dòng cuối; dòng trống không cần xóa."


def template_bytes(
    province: Province,
    period: Period,
    *,
    opening: Mapping[tuple[str, str], int] | None = None,
    listed: Mapping[str, Sequence[Record]] | None = None,
    revision: int = 1,
) -> bytes:
    """The workbook ``province`` fills in for ``period``: the forms that it must hold, and those asked for in no report.

    ``opening`` are last period's closing counts by (organisation type, sector) of the sectors that are no sums.
    ``listed`` are the rows that a list begins with, by code of form. Raises ValueError if the province is not on the
    map of the period's end.
    """
    if province.basis != basis_on(period.end):
        raise ValueError(f"{province.name} ({province.key}) is not on the map of {period.code}")
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime(period.start.year, period.start.month, 1)  # noqa: DTZ001 - equal input gives equal bytes
        book.set_properties({"title": f"{province.name}, {format_period(period)}", "created": made})
        _Template(book, province, period, opening or {}, listed or {}, revision).write()
    return target.getvalue()


class _Template:
    def __init__(
        self,
        book: xlsxwriter.Workbook,
        province: Province,
        period: Period,
        opening: Mapping[tuple[str, str], int],
        listed: Mapping[str, Sequence[Record]],
        revision: int,
    ) -> None:
        self.book, self.province, self.period = book, province, period
        self.opening, self.listed, self.revision = opening, listed, revision
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"italic": True, "font_color": "#595959"})
        edges: dict[str, Any] = {"border": 1, "text_wrap": True, "valign": "vcenter"}
        self.head = book.add_format({**edges, "bold": True, "align": "center", "bg_color": "#D9E1F2"})
        self.label = book.add_format({**edges, "bg_color": _GIVEN})
        shapes = {
            "text": "@", "code": "@", "period": "@", "date": "dd/mm/yyyy", "year": "0", "integer": "#,##0",
            "money": "#,##0.######", "decimal": "#,##0.######", "percent": "0.######",
        }  # fmt: skip
        self.entry: dict[str, Format] = {
            kind: book.add_format({**edges, "locked": False, "num_format": shape}) for kind, shape in shapes.items()
        }
        #: Sums: locked where the sheet is protected.
        self.sum: dict[str, Format] = {
            kind: book.add_format({**edges, "bg_color": _GIVEN, "num_format": shapes[kind]}) for kind in NUMBERS
        }
        self.alert = {
            "hold": book.add_format({"bg_color": "#FF9999", "font_color": "#9C0006"}),
            "flag": book.add_format({"bg_color": "#FFEB9C"}),
        }
        #: The range of each list of labels, and of each column of a table by ``BIEU_05A.fair_code``.
        self.lists: dict[tuple[str, ...], str] = {}
        self.columns: dict[str, str] = {}

    def write(self) -> None:
        forms = tuple(f for f in forms_for(self.period) if self.period.type in f.expected_in or not f.expected_in)
        pages = {form.code: self.book.add_worksheet(form.code) for form in forms}
        self._write_lists(forms)
        for form in forms:
            first, last = self._first_row(form) + 1, self._first_row(form) + self._row_count(form) + CHECKED_ROWS
            for position, column in enumerate(form.columns, 1):
                letter = xl_col_to_name(position, col_abs=True)
                self.columns[f"{form.code}.{column.name}"] = f"{form.code}!{letter}${first}:{letter}${last}"
        for form in forms:
            page = pages[form.code]
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.set_footer(f"&L{form.code} · mẫu {form.version}&RTrang &P/&N")
            page.write_string(_TITLE_ROW, 0, form.title, self.title)
            self.book.define_name(f"{form.code}!{FORM_NAME}", f'="{form_stamp(form.code, form.version)}"')
            if form.kind == "fields":
                self._write_sender(page, form)
            else:
                self._write_table(page, form)
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
        page.write_string(_TITLE_ROW + 1, 0, _HELP, self.note)
        known: dict[str, str | int] = {
            "province_code": self.province.code,
            "province_name": self.province.name,
            "period": format_period(self.period),
            "revision": self.revision,
            "template_version": form.version,
        }
        rows = {column.name: row for row, column in enumerate(form.columns, _TITLE_ROW + 2)}
        cells = {name: f"$B${row + 1}" for name, row in rows.items()}
        for column in form.columns:
            row = rows[column.name]
            page.write_string(row, 0, column.header[-1], self.label)
            value = known.get(column.name)
            style = self.label if column.name in known and column.name != "revision" else self.entry[column.type]
            _write(page, row, 1, value, style)
            self._validate(page, row, row, 1, column)
            self._alert(page, form, column, cells, (row, 1, row, 1))
        # Without a password: protection prevents accidental changes only.
        page.protect("", {"format_columns": True, "format_rows": True})

    def _write_table(self, page: Worksheet, form: Form) -> None:
        depth = _depth(form)
        header = _TITLE_ROW + 3
        data = self._first_row(form)
        known = self._known_rows(form)
        count = self._row_count(form)
        page.write_string(_TITLE_ROW + 1, 0, _HELP + ("" if known else _HELP_ROWS), self.note)
        page.write_string(header - 1, 0, form.unit_line or "", self.note)
        page.set_column(0, 0, 5)
        self._write_header(page, form, header, depth)
        records = known or [
            {c.name: as_typed(c, record.get(c.staged_name)) for c in form.columns}
            for record in self.listed.get(form.code, ())
        ]
        if not known:
            self._grow(page, form, data, count)
        last = data + count - 1 + (0 if known else CHECKED_ROWS)
        cells = {c.name: f"${xl_col_to_name(p)}{data + 1}" for p, c in enumerate(form.columns, 1)}
        for position, column in enumerate(form.columns, 1):
            given = known and column.key
            page.set_column(position, position, _GIVEN_WIDTH if given else _WIDTHS[column.type])
            self._validate(page, data, last, position, column)
            self._alert(page, form, column, cells, (data, position, last, position))
        rows = _Rows(form, data, records, sums=self._sums(form, known))
        for at in range(count):
            page.write_number(data + at, 0, at + 1, self.label)
            for position, column in enumerate(form.columns, 1):
                value = records[at].get(column.name) if at < len(records) else None
                if formula := rows.formula(at, column):
                    style = self.sum[column.type] if known else self.entry[column.type]
                    page.write_formula(data + at, position, formula, style, rows.value(at, column))
                else:
                    style = self.label if column.key and known else self.entry[column.type]
                    _write(page, data + at, position, value, style)
        page.freeze_panes(data, min(3, len(form.key_columns) + 1))
        page.repeat_rows(header, data - 1)
        if known:
            page.protect("", {"format_columns": True, "format_rows": True})

    def _first_row(self, form: Form) -> int:
        """The first row of data, from 0: below title, guidance, unit, header and numbering."""
        return _TITLE_ROW + 3 + _depth(form) + 1

    def _row_count(self, form: Form) -> int:
        listed = len(self.listed.get(form.code, ()))
        return len(self._known_rows(form)) or (listed + MORE_ROWS if listed else ENTRY_ROWS)

    def _grow(self, page: Worksheet, form: Form, data: int, count: int) -> None:
        """Make the rows a table, which grows when somebody types below it or inserts a row, with lists and colours.

        Its header is the row that numbers the columns. A protected sheet's table cannot grow; the header is protected
        by a rule that takes no other text instead.
        """
        name = f"BANG_{form.code}"
        numbers = {c.name: f"{name}[[#This Row],[({p + 1})]]" for p, c in enumerate(form.columns, 1)}
        columns: list[dict[str, Any]] = [{"header": f"({at + 1})"} for at in range(len(form.columns) + 1)]
        for at, column in enumerate(form.columns, 1):
            if column.computed:
                columns[at]["formula"] = row_sum(column.computed, numbers, blank_if_empty=True)
        for one in columns:
            one["header_format"] = self.head
        area = (data - 1, 0, data + count - 1, len(form.columns))
        page.add_table(*area, {"name": name, "columns": columns, "autofilter": False, "style": None})
        refused = "Tiêu đề dùng để nhận ra cột, xin giữ nguyên."
        rule = {"validate": "custom", "value": "=FALSE", "error_title": "Tiêu đề", "error_message": refused}
        page.data_validation(_TITLE_ROW + 3, 0, data - 1, len(form.columns), rule)

    def _sums(self, form: Form, known: Sequence[Record]) -> dict[int, tuple[int, ...]]:
        """The rows that a row is the sum of, by the row's place among ``known``."""
        if not known:
            return {}
        first, second = form.key_columns
        parts = code_list(second.code_list or "").parts
        places = {(row[first.name], row[second.name]): at for at, row in enumerate(known)}
        labels = code_list(second.code_list or "").labels
        return {
            places[one, labels[code]]: tuple(places[one, labels[part]] for part in parts[code])
            for one, label in places
            for code in parts
            if labels[code] == label
        }

    def _alert(
        self, page: Worksheet, form: Form, column: Column, cells: Mapping[str, str], area: tuple[int, int, int, int]
    ) -> None:
        for alert in alerts_of(form, column, self.period, cells, self.lists, self.columns):
            rule = {"type": "formula", "criteria": alert.formula, "format": self.alert[alert.severity]}
            page.conditional_format(*area, {**rule, "stop_if_true": True})

    def _write_header(self, page: Worksheet, form: Form, top: int, depth: int) -> None:
        page.set_row(top + depth - 1, _HEAD_HEIGHT)
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

    def _known_rows(self, form: Form) -> list[dict[str, object]]:
        """One row for every combination of a form whose keys are all code lists; counts start at 0.

        Stock columns start at last period's closing, so that a province without changes has nothing to type.
        """
        keys = [c for c in form.key_columns if c.code_list]
        if len(keys) != len(form.key_columns) or len(keys) != 2:
            return []
        first, second = keys
        rows: list[dict[str, object]] = []
        for one, one_label in code_list(first.code_list or "").labels.items():
            for two, two_label in code_list(second.code_list or "").labels.items():
                row: dict[str, object] = {c.name: 0 for c in form.columns if c.type in NUMBERS}
                row |= {first.name: one_label, second.name: two_label}
                if "opening_count" in row:
                    row["opening_count"] = self.opening.get((one, two), 0)
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
        elif column.type in NUMBERS:
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


class _Rows:
    """The formulas of a table's rows, and the values that they have."""

    def __init__(self, form: Form, first: int, records: Sequence[Record], sums: Mapping[int, tuple[int, ...]]) -> None:
        self.form, self.first, self.records, self.sums = form, first, records, sums
        self.letters = {c.name: xl_col_to_name(p) for p, c in enumerate(form.columns, 1)}
        self.named = {letter: c for c in form.columns for letter in (self.letters[c.name],)}

    def formula(self, at: int, column: Column) -> str | None:
        """The formula of a column in the row at a place, None where it is typed."""
        if at in self.sums and column.type in NUMBERS:
            letter = self.letters[column.name]
            return f"=SUM({','.join(f'{letter}{self.first + part + 1}' for part in self.sums[at])})"
        if not column.computed:
            return None
        cells = {name: f"{letter}{self.first + at + 1}" for name, letter in self.letters.items()}
        return row_sum(column.computed, cells, blank_if_empty=not self.sums)

    def value(self, at: int, column: Column) -> float | str:
        """The value of that formula."""
        found = value_of(self.formula(at, column) or "", self._lookup)
        return "" if found is None else found

    @property
    def _lookup(self) -> Lookup:
        def number(letters: str, row: int) -> float | None:
            at, column = row - self.first - 1, self.named[letters]
            value: object
            if self.formula(at, column):
                value = self.value(at, column)
            else:
                value = self.records[at].get(column.name) if at < len(self.records) else None
            return float(value) if isinstance(value, int | float) else None

        return number


def _depth(form: Form) -> int:
    return max(len(column.header) for column in form.columns)


def _write(page: Worksheet, row: int, position: int, value: object, style: Format) -> None:
    if isinstance(value, date):
        page.write_datetime(row, position, value, style)
    elif isinstance(value, int | float):
        page.write_number(row, position, value, style)
    elif value is not None:
        page.write_string(row, position, str(value), style)
    else:
        page.write_blank(row, position, None, style)
