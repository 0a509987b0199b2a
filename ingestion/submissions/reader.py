"""Reads a provincial workbook into raw rows, quarantined rows and an outcome.

Pure: bytes in, tables out. It uses neither archive nor raw zone; :mod:`ingestion.submissions.intake` does.
Per sheet, rows read = loaded + rejected + duplicate.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import ge
from typing import Any

import pyarrow as pa

from ingestion.fingerprints import fingerprint_of
from ingestion.forms.definition import (
    Column,
    Form,
    candidates,
    expected_forms,
    form_versions,
    is_valid,
    load_forms,
)
from ingestion.raw_schema import ARTIFACTS, CORRECTIONS, REJECTS, SHEETS
from ingestion.submissions.corrections import Correction, CorrectionOutcome, Ledger, apply
from ingestion.submissions.diagnosis import Diagnosis, diagnose
from ingestion.submissions.inspection import UNCALCULATED, column_letter
from ingestion.submissions.privacy import masked_texts, quoted, quoted_text, shifted_cells
from ingestion.submissions.proposals import Proposal, proposals
from ingestion.submissions.tables import (
    DataRow,
    Header,
    Table,
    data_rows,
    find_header,
    is_named,
    nearest,
    split_tables,
    unit_lines,
)
from ingestion.submissions.unreadable import UnreadableWorkbookError
from ingestion.submissions.values import CellError, Value, ambiguous_percent, converter, money_factor
from ingestion.submissions.workbook import Cell, Sheet, open_workbook
from ingestion.vietnamese.periods import Period, parse_period_text
from ingestion.vietnamese.personal import HIDDEN, masked
from ingestion.vietnamese.places import MERGER_DATE, basis_on, find_province, provinces, similar_provinces
from ingestion.vietnamese.text import fold, nfc
from warehouse.stamps import ANOMALIES, CODE_LISTS, RECEIPT

_SENDER_FORM = "THONG_TIN"
#: Texts of one length from which on a shorter number has lost its leading zero.
_CERTAIN = 3
#: Rows or cells named in a notice.
_NAMED = 8
#: The sheets that the product itself writes, as their receivers call them.
_OWN_SHEETS = {RECEIPT: "phiếu tiếp nhận", CODE_LISTS: "danh mục", ANOMALIES: "danh sách sai lệch"}


@dataclass(frozen=True)
class Problem:
    """One problem that the sender must correct or know. Texts are Vietnamese; ``level`` is artifact, sheet or row."""

    level: str
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None
    row_number: int | None = None
    form: str | None = None
    column: str | None = None
    found: str | None = None
    expected: str | None = None
    #: The column's name as the sender's header writes it.
    label: str | None = None
    #: What is wrong with the cell and what may be meant.
    diagnosis: Diagnosis | None = None


@dataclass
class SheetReading:
    """The outcome of one sheet."""

    sheet: str | None
    form: Form | None
    outcome: str = "accepted"
    reason: str | None = None
    header_row: int | None = None
    read: int = 0
    loaded: int = 0
    rejected: int = 0
    duplicate: int = 0
    #: Rows that were readable and that a check of rows holds; not counted in ``loaded``.
    held: int = 0
    rows: list[tuple[int, Sequence[Value]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Sheet column (from 0) of each column of the form.
    positions: dict[str, int] = field(default_factory=dict)
    #: The name of each column of the form as the sender's header writes it.
    labels: dict[str, str] = field(default_factory=dict)
    #: What the sender may not know of what was read: hidden rows, struck-out cells, a sheet not used.
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sender:
    """Who sent a workbook, for when."""

    province_code: str
    province_name: str
    period: Period
    revision: int
    approved_on: date | None
    template_version: str | None


@dataclass
class WorkbookReading:
    """The result of one reading of a workbook."""

    sender: Sender | None
    outcome: str
    reason: str | None
    sheets: list[SheetReading]
    problems: list[Problem]
    corrections: list[CorrectionOutcome] = field(default_factory=list)
    #: Whether the file could be opened.
    readable: bool = True
    #: What the rest of the file says of a sender that its sheet does not state, by field: to be confirmed.
    proposals: dict[str, Proposal] = field(default_factory=dict)

    def total(self, kind: str) -> int:
        """Rows ``read``, ``loaded``, ``rejected``, ``duplicate`` or ``held`` over all sheets."""
        return sum(getattr(sheet, kind) for sheet in self.sheets)


def fingerprint(key: bytes | None, corrected: str = "") -> str:
    """A hash of code, forms, lists, pseudonym key and corrections: all that a reading depends on besides the bytes.

    ``corrected`` is the artifact's :meth:`~ingestion.submissions.corrections.Ledger.mark`.
    """
    which = hmac.new(key, b"which key", hashlib.sha256).hexdigest()[:8] if key else "no-key"
    return f"{fingerprint_of(__name__)}-{which}" + (f"+{corrected}" if corrected else "")


def is_current(made_by: str, key: bytes | None, corrected: str = "") -> bool:
    """Whether a reading with fingerprint ``made_by`` is still valid: a run without a key invalidates nothing."""
    if key is None:
        same_reader = made_by.startswith(f"{fingerprint_of(__name__)}-")
        return same_reader and made_by.partition("+")[2] == corrected
    return made_by == fingerprint(key, corrected)


def peek_period(data: bytes) -> str | None:
    """The period that a workbook states, or None without a recognised one; reads its sender sheet only."""
    try:
        for whole in open_workbook(data):
            for sheet, form in () if whole.stamp else split_tables(whole):
                if form is not None and form.code == _SENDER_FORM:
                    sender = _read_sender(sheet, {}).sender
                    return sender.period.code if sender else None
    except UnreadableWorkbookError:
        pass
    return None


def read_workbook(
    data: bytes,
    key: bytes | None = None,
    name: str = "",
    *,
    corrections: Sequence[Correction] = (),
    ledger: Ledger | None = None,
) -> WorkbookReading:
    """Read every sheet of a workbook against the forms, with its ``corrections`` from the ``ledger``.

    ``key`` makes pseudonyms of personal identifiers; without it, sheets that hold any are refused. ``name`` is the
    file's, which may propose what its sheet of the sender lacks.
    Never raises for bad input: problems are in the result.
    """
    try:
        sheets = list(open_workbook(data))
    except UnreadableWorkbookError as error:
        return unreadable(str(error), error.reason_vi, error.remedy_vi)

    corrected = apply(corrections, sheets, ledger or Ledger())
    sent = [sheet for sheet in sheets if sheet.stamp is None]
    if sheets and not sent:
        kinds = ", ".join(dict.fromkeys(_OWN_SHEETS[sheet.stamp] for sheet in sheets if sheet.stamp))
        return unreadable(
            f"a file of the HTX Data Bank and no report: {kinds}",
            f"Tệp chỉ chứa {kinds} do hệ thống gửi ra, không có trang số liệu nào của đơn vị.",
            "Sửa và gửi lại tệp báo cáo (các trang THONG_TIN, BIEU_…); không cần gửi lại tệp này.",
        )
    reading = _read_parts([part for sheet in sent for part in split_tables(sheet)], sent, key, name)
    reading.sheets += [
        SheetReading(sheet.name, None, "ignored", f"{_OWN_SHEETS[sheet.stamp]} của hệ thống, không phải số liệu")
        for sheet in sheets
        if sheet.stamp is not None
    ]
    reading.corrections = corrected
    return reading


def _read_parts(
    found: list[tuple[Sheet, Form | None]], sheets: Sequence[Sheet], key: bytes | None, name: str
) -> WorkbookReading:
    """The reading of all tables, whatever the sheet of the sender says: its faults do not hide those of the tables."""
    senders = [s for s, f in found if f is not None and f.code == _SENDER_FORM]
    sender_sheet = senders[0] if senders else None
    about = _read_sender(sender_sheet, {}) if sender_sheet else _no_sender_sheet(sheets, {})
    offered: dict[str, Proposal] = {}
    if about.sender is None:
        offered = proposals(sheets, name)
        about = _read_sender(sender_sheet, offered) if sender_sheet else _no_sender_sheet(sheets, offered)
    for other in senders[1:]:
        second = _read_sender(other, {}).sender
        if second and about.sender and _whose(second) != _whose(about.sender):
            return _two_senders(about, about.sender, second, other)

    period = about.period or (parse_period_text(offered["period"].value) if "period" in offered else None)
    readings = [about.reading] if about.reading else []
    by_form: dict[str, list[Sheet]] = {}
    for sheet, form in found:
        if sheet is sender_sheet:
            continue
        if form is None or form.code == _SENDER_FORM:
            readings.append(_read_sheet(sheet, form, period, key, {r.form.code for r in readings if r.form}))
        else:
            by_form.setdefault(form.code, []).append(sheet)
    for code, same in by_form.items():
        readings.extend(_counting(same, [_read_sheet(s, load_forms()[code], period, key, set()) for s in same]))
    if about.period:
        readings.extend(_missing_sheets({r.form.code for r in readings if r.form}, about.period))
    problems = about.problems + [p for r in readings if r is not about.reading for p in r.problems]
    troubled = [r for r in readings if r.outcome in ("partial", "rejected", "missing")]
    if about.sender is None:
        for reading in readings:
            _withhold(reading)
        return WorkbookReading(None, "rejected", about.problems[0].message, readings, problems, proposals=offered)
    loaded_tables = any(r.loaded for r in readings[1:])
    outcome = "accepted" if not troubled else "partial" if loaded_tables else "rejected"
    notices = [f"Trang {r.sheet}: {notice}" for r in readings if r not in troubled for notice in r.notices]
    reason = "; ".join([*(r.reason for r in troubled if r.reason), *notices]) or None
    return WorkbookReading(about.sender, outcome, reason, readings, problems)


def _counting(sheets: Sequence[Sheet], readings: list[SheetReading]) -> list[SheetReading]:
    """Of several sheets with one form, the one that counts and the others as ignored; all refused if none stands out.

    A sheet stands out that is in nothing behind another (visible, named like the form, filled) and in something ahead.
    """
    if len(readings) == 1:
        return readings
    standing = [_standing(sheet, reading) for sheet, reading in zip(sheets, readings, strict=True)]
    ahead = [number for number, one in enumerate(standing) if all(all(map(ge, one, other)) for other in standing)]
    best = ahead[0] if ahead else 0
    for number, reading in enumerate(readings):
        if number == best:
            continue
        copy = _content_of(reading) == _content_of(readings[best]) and reading.read > 0
        if copy or (ahead and standing[number] != standing[best]):
            why = "bản sao giống hệt" if copy else _why_not(standing[number], standing[best])
            readings[best].notices.append(f"có trang {reading.sheet} cùng biểu, không dùng ({why})")
            readings[number] = SheetReading(
                reading.sheet, None, "ignored", f"không dùng: cùng biểu với trang {readings[best].sheet} ({why})"
            )
    left = [reading for reading in readings if reading.form is not None]
    if len(left) > 1:
        names = " và ".join(str(reading.sheet) for reading in left)
        for reading in left:
            _refuse(
                reading,
                f"Các trang {names} cùng là biểu {reading.form.code if reading.form else ''}, số liệu khác nhau.",
                "Chọn trang đúng: xóa hoặc ẩn trang còn lại rồi gửi lại.",
                expected="mỗi biểu một trang",
            )
            reading.loaded = reading.duplicate = 0
            reading.rows = []
    return readings


def _standing(sheet: Sheet, reading: SheetReading) -> tuple[bool, bool, bool]:
    """Whether a sheet is visible, is named by the code of its form and nothing else, and is filled."""
    code = reading.form.code if reading.form else ""
    return not sheet.hidden, is_named(sheet, code), reading.read > 0


def _why_not(behind: tuple[bool, ...], ahead: tuple[bool, ...]) -> str:
    reasons = ("trang bị ẩn", "tên không đúng tên biểu", "trang không có số liệu")
    return ", ".join(reason for reason, one, two in zip(reasons, behind, ahead, strict=True) if two and not one)


def _content_of(reading: SheetReading) -> object:
    return reading.read, reading.outcome, [values for _, values in reading.rows], len(reading.problems)


def _whose(sender: Sender) -> tuple[str, Period]:
    return sender.province_code, sender.period


def _two_senders(about: _AboutSender, first: Sender, second: Sender, other: Sheet) -> WorkbookReading:
    problem = Problem(
        "artifact",
        "Tệp chứa báo cáo của hai kỳ hoặc hai đơn vị nên không biết số liệu nào thuộc kỳ nào.",
        "Tách thành hai tệp, mỗi tệp một đơn vị và một kỳ báo cáo, rồi gửi lại.",
        sheet=other.name,
        form=_SENDER_FORM,
        found=f"{first.province_name} {first.period.code} và {second.province_name} {second.period.code}",
        expected="một đơn vị, một kỳ báo cáo",
    )
    readings = [about.reading] if about.reading else []
    for reading in readings:
        reading.outcome, reading.reason = "rejected", problem.message
        reading.loaded, reading.rejected, reading.rows = 0, 1, []
    return WorkbookReading(None, "rejected", problem.message, readings, [problem])


def _no_sender_sheet(sheets: Sequence[Sheet], offered: Mapping[str, Proposal]) -> _AboutSender:
    form = load_forms()[_SENDER_FORM]
    labels = {c.name: c.header[-1] for c in form.columns}
    known = "; ".join(f"{labels[field]} {proposal}" for field, proposal in offered.items())
    problem = Problem(
        "artifact",
        "Tệp không có trang THONG_TIN nên không biết đơn vị gửi và kỳ báo cáo.",
        "Thêm trang THONG_TIN theo mẫu"
        + (f"; trong tệp có thể thấy: {known}. Kiểm tra, ghi vào trang này" if known else "")
        + " rồi gửi lại.",
        found="các trang: " + ", ".join(s.name for s in sheets),
        expected="trang THONG_TIN",
    )
    return _AboutSender(None, None, [problem], None)


def _withhold(reading: SheetReading) -> None:
    """Take no row of a file whose sender is not known: they were read and checked, and wait for the sender's sheet."""
    if reading.loaded or reading.duplicate:
        _note(
            reading,
            f"Trang {reading.sheet}: {reading.loaded + reading.duplicate} dòng đọc được, chưa nhận vì chưa rõ đơn vị "
            "gửi hoặc kỳ báo cáo",
        )
        reading.outcome, reading.rejected = "rejected", reading.read
        reading.loaded, reading.duplicate, reading.rows = 0, 0, []


def unreadable(found: str, reason_vi: str, remedy_vi: str) -> WorkbookReading:
    """The reading of a file that could not be opened."""
    problem = Problem("artifact", reason_vi, remedy_vi, found=found, expected="tệp .xlsx theo mẫu")
    return WorkbookReading(None, "rejected", reason_vi, [], [problem], readable=False)


def killed() -> WorkbookReading:
    """The reading of a file that killed its reader."""
    return unreadable(
        "the reader was ended by this file (it asks for too much memory, or is made to break parsers)",
        "Tệp làm chương trình đọc dừng đột ngột.",
        "Mở tệp bằng Excel, lưu thành tệp .xlsx mới rồi gửi lại.",
    )


def _missing_sheets(present: set[str], period: Period) -> Iterable[SheetReading]:
    for form in expected_forms(period):
        if form.code in present:
            continue
        reason = f"Thiếu trang {form.code}"
        problem = Problem(
            "sheet",
            f"{reason} ({form.title}).",
            "Thêm trang theo mẫu; nếu không phát sinh, giữ tiêu đề và để trống phần số liệu.",
            form=form.code,
            found="không có trang này",
            expected=f"trang {form.code}",
        )
        yield SheetReading(None, form, "missing", reason, problems=[problem])


@dataclass(frozen=True)
class _AboutSender:
    """What a sheet of the sender says: all of it (``sender``), or its faults and the period, where that is readable."""

    sender: Sender | None
    reading: SheetReading | None
    problems: list[Problem]
    period: Period | None


def _read_sender(sheet: Sheet, offered: Mapping[str, Proposal]) -> _AboutSender:
    """Read the key-value sheet: a label, then its value in the next filled cell to the right."""
    form = load_forms()[_SENDER_FORM]
    reading = SheetReading(sheet.name, form, read=1, reason=_encoding_note(sheet))
    values: dict[str, Value] = {}
    seen: dict[str, tuple[int, int]] = {}
    labels = {fold(text): c for c in form.columns for text in (c.header[-1], *c.aliases)}
    for row_number, row in enumerate(sheet.rows, sheet.first_row):
        for position, cell in enumerate(row):
            column = labels.get(fold(cell)) if isinstance(cell, str) and cell else None
            if column is None or column.name in seen:
                continue
            at, value = next(
                ((p, c) for p, c in enumerate(row[position + 1 :], position + 1) if c != ""), (position + 1, "")
            )
            seen[column.name] = (row_number, at)
            reading.labels[column.name] = nfc(str(cell)).rstrip(":")
            if column.personal == "drop":
                break
            try:
                values[column.name] = converter(column, since_1904=sheet.since_1904)(value)
            except CellError as error:
                problem = _cell_problem(reading, sheet, form, column, row_number + 1, at, error)
                reading.problems.append(_offering(problem, offered.get(column.name)))
            break
    for column in form.columns:
        if column.required and column.name not in seen:
            problem = Problem(
                "artifact",
                f"Trang {sheet.name}: thiếu dòng “{column.label}”.",
                f"Thêm dòng “{column.label}” và điền giá trị.",
                sheet=sheet.name,
                form=form.code,
                column=column.name,
                found="không có dòng này",
                expected=column.vi,
            )
            reading.problems.append(_offering(problem, offered.get(column.name)))
    sender = None
    period = Period(str(values["period"])) if values.get("period") else None
    if {"province_code", "province_name", "period"} <= {name for name, value in values.items() if value}:
        # Also where another field is wrong: all faults at once.
        sender = _sender(sheet, form, values, seen, reading)
    if reading.problems or sender is None:
        reading.outcome, reading.rejected = "rejected", 1
        reading.reason = reading.problems[0].message
        return _AboutSender(None, reading, list(reading.problems), period)
    reading.loaded, reading.header_row = 1, None
    first_row = min(row for row, _ in seen.values()) + 1
    values["province_code"] = sender.province_code
    reading.rows = [(first_row, [values.get(c.name) for c in form.raw_columns])]
    return _AboutSender(sender, reading, [], period)


def _offering(problem: Problem, proposal: Proposal | None) -> Problem:
    """The problem with the value that the rest of the file states, for the sender to confirm."""
    if proposal is None:
        return problem
    return replace(problem, remedy=f"{problem.remedy} Có phải là {proposal} không?")


def _sender(
    sheet: Sheet,
    form: Form,
    values: dict[str, Value],
    seen: dict[str, tuple[int, int]],
    reading: SheetReading,
) -> Sender | None:
    period = Period(str(values["period"]))
    code = str(values["province_code"]).zfill(2)
    name = str(values["province_name"])
    by_code = provinces(basis_on(period.end)).get(code)
    by_name = find_province(name, period.end)
    columns = {c.name: c for c in form.columns}
    if by_code is None or by_name != by_code:
        expected = (
            f"mã của {by_name.name} là {by_name.code}"
            if by_name
            else f"tên tỉnh có mã {code} là {by_code.name}"
            if by_code
            else "mã và tên tỉnh theo danh mục của kỳ báo cáo"
        )
        if by_name is None:
            expected += _province_hint(name, period)
        row, position = seen["province_code" if by_name else "province_name"]
        found = CellError(f"{values['province_code']} – {values['province_name']}", expected)
        which = columns["province_code" if by_name else "province_name"]
        reading.problems.append(_cell_problem(reading, sheet, form, which, row + 1, position, found))
        return None
    revision, approved = values.get("revision"), values.get("approved_on")
    template = values.get("template_version")
    return Sender(
        code,
        by_code.name,
        period,
        int(str(revision)) if revision is not None else 0,
        approved if isinstance(approved, date) else None,
        str(template) if template else None,
    )


def _province_hint(name: str, period: Period) -> str:
    """What a sender may have meant by a name that is on no province of the period's map."""
    other = MERGER_DATE if period.end < MERGER_DATE else MERGER_DATE - timedelta(days=1)
    elsewhere = find_province(name, other)
    if elsewhere is not None:
        return f" (tên “{elsewhere.name}” thuộc danh mục {'trước' if period.end >= MERGER_DATE else 'từ'} 01/7/2025)"
    alike = similar_provinces(name, period.end)
    return f" (có phải {' hoặc '.join(alike)} không?)" if alike else ""


def _read_sheet(
    sheet: Sheet, form: Form | None, period: Period | None, key: bytes | None, seen: set[str]
) -> SheetReading:
    if form is None:
        if not any(cell != "" for row in sheet.rows for cell in row):
            return SheetReading(sheet.name, None, "ignored", "trang trống")
        return SheetReading(sheet.name, None, "ignored", "không phải trang của mẫu báo cáo")
    reading = SheetReading(sheet.name, form, reason=_encoding_note(sheet))
    if form.code in seen:
        return _refuse(
            reading, f"Trang {sheet.name} trùng biểu {form.code} đã có trong tệp.", "Giữ lại một trang cho mỗi biểu."
        )
    form, header = _matching(form, sheet, period)
    reading.form = form
    if header is None:
        return _refuse(
            reading,
            f"Trang {sheet.name}: không tìm thấy dòng tiêu đề của {form.code}.",
            "Dùng đúng mẫu biểu, giữ nguyên dòng tiêu đề.",
            expected="; ".join(c.label for c in form.columns),
        )
    if period is not None and not is_valid(form, period):
        stated = f"đọc theo mẫu phiên bản {form.version}, không phải mẫu của kỳ {period.code}"
        _note(reading, f"Trang {sheet.name}: {stated}")
    reading.header_row = sheet.first_row + header.first_row + 1
    table = data_rows(form, sheet, header)
    rows = table.rows
    reading.read = len(rows)
    reading.notices += _unseen(sheet, header, rows)
    _note(reading, *_table_notes(sheet, table))
    reading.labels = header.labels()
    if header.missing or header.unknown:
        # The cells below the known columns are checked all the same: all faults at once.
        _, faults = _converted(reading, form, sheet, header, rows)
        _refuse_columns(reading, form, header)
        reading.problems += [problem for at in sorted(faults) for problem in faults[at]]
        return reading
    if key is None and form.has_pseudonyms:
        return _refuse(
            reading,
            f"Trang {sheet.name}: chưa nhận vì hệ thống chưa có khóa bảo vệ dữ liệu cá nhân.",
            "Không cần gửi lại; trang sẽ được đọc từ kho lưu trữ khi đã có khóa.",
            expected="khóa HTX_PSEUDONYM_KEY",
        )
    _take_rows(reading, form, sheet, header, rows, key)
    _note(reading, *(f"Trang {sheet.name}: {notice}" for notice in reading.notices))
    return reading


def _unseen(sheet: Sheet, header: Header, rows: Sequence[DataRow]) -> Iterable[str]:
    """What was read although the sender does not see it, or has struck it out."""
    marks = sheet.marks
    if sheet.hidden:
        yield "trang bị ẩn, vẫn được đọc"
    hidden = [row.number for row in rows if row.number - 1 in marks.hidden_rows]
    if hidden:
        how = "bị lọc ẩn (Filter)" if marks.filtered else "bị ẩn"
        yield f"{len(hidden)} dòng {how} vẫn được đọc: dòng {', '.join(map(str, hidden[:_NAMED]))}" + (
            ", …" if len(hidden) > _NAMED else ""
        )
    columns = [column_letter(p) for p in header.columns if p in marks.hidden_columns]
    if columns:
        yield f"cột bị ẩn vẫn được đọc: {', '.join(columns)}"
    for places, what in ((marks.struck_out, "bị gạch ngang"), (marks.invisible, "chữ trắng hoặc không hiện")):
        cells = [
            f"{column_letter(p)}{row.number}"
            for row in (rows if places else ())
            for p in header.columns
            if (row.number - 1, p) in places and p < len(row.cells) and row.cells[p] != ""
        ]
        if cells:
            more = ", …" if len(cells) > _NAMED else ""
            yield f"{len(cells)} ô {what} vẫn được đọc: {', '.join(cells[:_NAMED])}{more}"


def _matching(form: Form, sheet: Sheet, period: Period | None) -> tuple[Form, Header | None]:
    """The version of ``form`` that matches the sheet's header, the valid one first; the valid one if none does."""
    best: tuple[Form, Header | None] | None = None
    for version in candidates(form.code, period) if period else form_versions()[form.code]:
        header = find_header(version, sheet)
        if header is not None and not header.missing and not header.unknown:
            return version, header
        best = best or (version, header)
    return best or (form, None)


def _note(reading: SheetReading, *notes: str) -> None:
    reading.reason = "; ".join(filter(None, (reading.reason, *notes))) or None


def _table_notes(sheet: Sheet, table: Table) -> Iterable[str]:
    """Assumptions about a table that it does not state."""
    if table.totals:
        yield f"Trang {sheet.name}: {table.totals} dòng tổng cộng không tính là số liệu"
    for column in table.filled_down:
        yield f"Trang {sheet.name}: ô trống của cột “{column.label}” được hiểu như dòng trên (tệp không còn ô gộp)"


def _encoding_note(sheet: Sheet) -> str | None:
    if sheet.encoding is None:
        return None
    return (
        f"Trang {sheet.name}: chữ viết bằng phông {sheet.encoding}, đã đổi sang Unicode; bản gốc giữ trong kho lưu trữ"
    )


def _refuse(
    reading: SheetReading, message: str, remedy: str, *, found: str | None = None, expected: str | None = None
) -> SheetReading:
    reading.outcome, reading.reason, reading.rejected = "rejected", message, reading.read
    reading.problems.append(
        Problem(
            "sheet", message, remedy, sheet=reading.sheet, form=reading.form.code if reading.form else None,
            found=found, expected=expected,
        )
    )  # fmt: skip
    return reading


def _refuse_columns(reading: SheetReading, form: Form, header: Header) -> SheetReading:
    parts, hints = [], []
    if header.missing:
        parts.append("thiếu cột " + ", ".join(f"“{c.label}”" for c in header.missing))
    unknown = {position: quoted_text(form, text) for position, text in header.unknown.items()}
    alike = nearest(unknown, header.missing)
    for position, text in unknown.items():
        parts.append(f"cột {column_letter(position)} lạ: “{text}”")
        if position in alike:
            hints.append(f"cột {column_letter(position)} có phải là “{alike[position].label}” không?")
    message = f"Trang {reading.sheet}: tiêu đề không khớp mẫu {form.code}: {'; '.join(parts)}."
    remedy = "Sửa tiêu đề theo mẫu rồi gửi lại" + (": " + " ".join(hints) if hints else ".")
    return _refuse(
        reading,
        message,
        remedy,
        found="; ".join(unknown.values()) or "thiếu cột",
        expected="; ".join(c.label for c in form.columns),
    )


def _take_rows(
    reading: SheetReading, form: Form, sheet: Sheet, header: Header, rows: list[DataRow], key: bytes | None
) -> None:
    values, faults = _converted(reading, form, sheet, header, rows)
    where = reading.positions
    for at, problem in _without_personal_data(reading, form, sheet, where, rows, values, key):
        faults.setdefault(at, []).append(problem)
    for at, problem in _pairs(reading, sheet, form, where, rows, values, faults.keys()):
        faults.setdefault(at, []).append(problem)
    absent: list[Value] = [None] * len(rows)
    records = list(zip(*(values.get(c.name, absent) for c in form.raw_columns), strict=True))
    identities = zip(*(values[c.name] for c in form.key_columns), strict=True)
    first_by_key: dict[tuple[Value, ...], int] = {}
    for at, identity in enumerate(identities):
        if at in faults:
            reading.problems.extend(faults[at])
            reading.rejected += 1
            continue
        first = first_by_key.setdefault(identity, at)
        if first == at:
            reading.rows.append((rows[at].number, records[at]))
        elif records[first] == records[at]:
            reading.duplicate += 1
        else:
            reading.rejected += 1
            reading.problems.append(_conflict(sheet, form, where, rows[at].number, rows[first].number))
    reading.loaded = len(reading.rows)
    if reading.rejected:
        reading.outcome = "partial" if reading.loaded or reading.duplicate else "rejected"
        _note(reading, f"Trang {sheet.name}: {reading.rejected} dòng không nhận được")


def _converted(
    reading: SheetReading, form: Form, sheet: Sheet, header: Header, rows: list[DataRow]
) -> tuple[dict[str, list[Value]], dict[int, list[Problem]]]:
    """The values of the columns that the header has, and the problems of their cells by place in ``rows``."""
    where = {column.name: position for position, column in header.columns.items()}
    reading.positions = where
    values: dict[str, list[Value]] = {}
    faults: dict[int, list[Problem]] = {}
    sheet_factor = money_factor(unit_lines(sheet, header))
    for column in form.columns:
        position = where.get(column.name)
        if position is None:
            continue
        factor = money_factor(header.units(position)) or sheet_factor
        convert = converter(column, factor, since_1904=sheet.since_1904)
        values[column.name], refused = _take_column(convert, position, sheet, rows, shares=column.type == "percent")
        if column.identifier:
            _restore_zeros(reading, column, [row.cells[position : position + 1] for row in rows], values[column.name])
        if column.type == "percent" and not sheet.formats_known:
            for at, row in enumerate(rows):
                error = ambiguous_percent(column, row.cells[position] if position < len(row.cells) else "")
                if error is not None and at not in refused:
                    refused[at], values[column.name][at] = error, None
        for at, error in refused.items():
            problem = _cell_problem(reading, sheet, form, column, rows[at].number, position, error)
            faults.setdefault(at, []).append(problem)
    return values, faults


def _restore_zeros(reading: SheetReading, column: Column, cells: Sequence[Sequence[Cell]], values: list[Value]) -> None:
    """Put back the leading zero of a code that is a number, where all codes of the column that are texts have it.

    Certain only if the texts (three or more) are digits of one length, and the number is one digit short.
    """
    texts = [value for cell, value in zip(cells, values, strict=True) if cell and isinstance(cell[0], str) and value]
    lengths = {len(str(text)) for text in texts if str(text).isdecimal()}
    if len(texts) < _CERTAIN or len(lengths) != 1 or not all(str(text).isdecimal() for text in texts):
        return
    (length,) = lengths
    restored = [
        at
        for at, (cell, value) in enumerate(zip(cells, values, strict=True))
        if cell and isinstance(cell[0], float) and str(value).isdecimal() and len(str(value)) == length - 1
    ]
    for at in restored:
        values[at] = f"0{values[at]}"
    if restored:
        shown = ", ".join(str(values[at]) for at in restored[:_NAMED])
        label = reading.labels.get(column.name, column.label)
        reading.notices.append(f"cột “{label}”: {len(restored)} mã mất số 0 ở đầu (ô kiểu số), được đọc là {shown}")


def _without_personal_data(
    reading: SheetReading,
    form: Form,
    sheet: Sheet,
    where: dict[str, int],
    rows: list[DataRow],
    values: dict[str, list[Value]],
    key: bytes | None,
) -> Iterable[tuple[int, Problem]]:
    """Problems of rows that seem to be shifted; in ``values``, texts are masked and identifiers become pseudonyms."""

    def cells(column: Column) -> list[Cell]:
        position = where[column.name]
        return [row.cells[position] if position < len(row.cells) else "" for row in rows]

    for at, column, error in shifted_cells(form, cells, values):
        yield at, _cell_problem(reading, sheet, form, column, rows[at].number, where[column.name], error)
    for column in form.columns:
        values[column.name], count = masked_texts(column, values[column.name])
        if count:
            _note(reading, f"Trang {sheet.name}: {count} ô của cột “{column.label}” có dữ liệu cá nhân, đã che")
        if column.personal == "pseudonym" and key is not None:
            values[column.name] = [None if v is None else _pseudonym(str(v), key) for v in values[column.name]]


def _take_column(
    convert: Callable[[Cell], Value], position: int, sheet: Sheet, rows: list[DataRow], *, shares: bool
) -> tuple[list[Value], dict[int, CellError]]:
    """A column's values, and what was refused by place in ``rows`` (there the value is None).

    ``shares``: cells formatted as percentages are taken as displayed. A column holds far fewer different cells than
    rows: each is converted once. Bools become the words that the sender sees: as numbers, True would be 1.
    """
    try:
        cells = [row.cells[position] for row in rows]
    except IndexError:  # a ragged row
        cells = [row.cells[position] if position < len(row.cells) else "" for row in rows]
    if shares and sheet.percents:
        for at, row in enumerate(rows):
            if (row.number - 1, position) in sheet.percents and isinstance(cells[at], float):
                cells[at] = float(Decimal(repr(cells[at])) * 100)
    if bool in set(map(type, cells)):
        cells = [str(cell).upper() if isinstance(cell, bool) else cell for cell in cells]
    taken: dict[Cell, Value] = {}
    refused: dict[Cell, CellError] = {}
    for cell in set(cells):
        try:
            taken[cell] = convert(cell)
        except CellError as error:
            taken[cell] = None
            refused[cell] = error
    errors = {at: refused[cell] for at, cell in enumerate(cells) if cell in refused} if refused else {}
    if sheet.errors:
        for at, row in enumerate(rows):
            broken = sheet.errors.get((row.number - 1, position))
            if broken is not None:
                errors[at] = CellError(
                    broken, "kết quả của công thức" if broken == UNCALCULATED else "một giá trị, không phải ô báo lỗi"
                )
    return list(map(taken.__getitem__, cells)), errors


def _pairs(
    reading: SheetReading,
    sheet: Sheet,
    form: Form,
    where: dict[str, int],
    rows: list[DataRow],
    values: dict[str, list[Value]],
    faulty: Collection[int],
) -> list[tuple[int, Problem]]:
    """Columns that are filled together or not at all, in rows whose cells are all readable."""
    found: list[tuple[int, Problem]] = []
    for column in form.columns:
        if not column.needs:
            continue
        other = next(c for c in form.columns if c.name == column.needs)
        for at, (one, two) in enumerate(zip(values[column.name], values[other.name], strict=True)):
            if (one is None) == (two is None) or at in faulty:
                continue
            lacking, given = (column, other) if one is None else (other, column)
            error = CellError("", f"một giá trị, vì cột “{given.label}” đã có", "one_of_pair")
            found.append(
                (at, _cell_problem(reading, sheet, form, lacking, rows[at].number, where[lacking.name], error))
            )
    return found


def _conflict(sheet: Sheet, form: Form, where: dict[str, int], number: int, first: int) -> Problem:
    key = form.key_columns[0]
    cell = f"{column_letter(where[key.name])}{number}"
    labels = ", ".join(f"“{c.label}”" for c in form.key_columns)
    return Problem(
        "row",
        f"Trang {sheet.name}, dòng {number}: trùng khóa ({labels}) với dòng {first} nhưng số liệu khác.",
        f"Giữ lại dòng đúng trong hai dòng {first} và {number}.",
        sheet=sheet.name, cell=cell, row_number=number, form=form.code, column=key.name,
        found=f"dòng {number} khác dòng {first}", expected="mỗi khóa một dòng",
    )  # fmt: skip


def _cell_problem(
    reading: SheetReading, sheet: Sheet, form: Form, column: Column, number: int, position: int, error: CellError
) -> Problem:
    cell = f"{column_letter(position)}{number}"
    label = reading.labels.get(column.name, column.label)
    diagnosis = diagnose(
        column,
        error,
        quote=lambda text: quoted(form, column, text),
        merged=_merged_range(sheet, number - 1 - sheet.first_row, position),
        format_of=(lambda: sheet.marks.format_of(number - 1, position) if sheet.marks.format_of else ""),
    )
    return Problem(
        "artifact" if form.kind == "fields" else "row",
        f"Trang {sheet.name}, ô {cell}, cột “{label}”: {diagnosis.sentence()}; cần {error.expected}.",
        diagnosis.remedy(cell),
        sheet=sheet.name, cell=cell, row_number=number, form=form.code, column=column.name,
        found=quoted(form, column, error.found), expected=error.expected, label=label, diagnosis=diagnosis,
    )  # fmt: skip


def _merged_range(sheet: Sheet, row: int, position: int) -> str | None:
    """The merged range that covers a cell (counted from the sheet's first row) and does not begin there."""
    for top, left, bottom, right in sheet.merged:
        if top <= row <= bottom and left <= position <= right and (row, position) != (top, left):
            first = sheet.first_row + 1
            return f"{column_letter(left)}{top + first}:{column_letter(right)}{bottom + first}"
    return None


def _pseudonym(identifier: str, key: bytes) -> str:
    """Keyed pseudonym of an identifier: equal for the same person, and not reversible without the key."""
    return hmac.new(key, fold(nfc(identifier)).encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Envelope:
    """The metadata of a file before it is read."""

    sha256: str
    name: str
    size: int
    received_at: datetime


def to_tables(
    reading: WorkbookReading, envelope: Envelope, number: int, reader: str
) -> tuple[dict[str, pa.Table], pa.Table]:
    """A reading as raw-zone tables (form rows, ``_sheets``, ``_rejects``) and its row of ``_artifacts``."""
    tables: dict[str, pa.Table] = {}
    sender = reading.sender
    for sheet in reading.sheets:
        if sheet.form is not None and sheet.rows and sender is not None:
            tables[sheet.form.table] = _form_table(sheet, sheet.form, sender, envelope, number)
    tables["_sheets"] = _records(
        SHEETS,
        [
            {
                "artifact_sha256": envelope.sha256, "reading": number, "sheet": s.sheet,
                "form": s.form.code if s.form else None, "form_version": s.form.version if s.form else None,
                "outcome": s.outcome, "reason": s.reason, "content_sha256": _content(s),
                "header_row": s.header_row, "rows_read": s.read,
                "rows_loaded": s.loaded, "rows_rejected": s.rejected, "rows_duplicate": s.duplicate,
            }
            for s in reading.sheets
        ],
    )  # fmt: skip
    tables["_rejects"] = _records(
        REJECTS,
        [
            {
                "artifact_sha256": envelope.sha256, "reading": number, "sheet": p.sheet, "cell": p.cell,
                "row_number": p.row_number, "form": p.form, "column_name": p.column, "level": p.level,
                "found": p.found, "expected": p.expected, "message_vi": p.message, "remedy_vi": p.remedy,
            }
            for p in reading.problems
        ],
    )  # fmt: skip
    tables["_corrections"] = _records(
        CORRECTIONS,
        [
            {
                "artifact_sha256": envelope.sha256, "reading": number, "sheet": c.correction.sheet,
                "cell": c.correction.cell, "outcome": c.outcome, "reason": c.correction.reason,
                "source": c.correction.source, "until": c.correction.until, **_corrected_texts(c, reading),
            }
            for c in reading.corrections
        ],
    )  # fmt: skip
    artifact: dict[str, Any] = {
        "artifact_sha256": envelope.sha256, "kind": "workbook", "name": envelope.name,
        "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "size_bytes": envelope.size, "received_at": envelope.received_at,
        "outcome": reading.outcome, "reason": reading.reason, "reading": number, "reader_fingerprint": reader,
        **{f"rows_{kind}": reading.total(kind) for kind in ("read", "loaded", "rejected", "duplicate")},
    }  # fmt: skip
    if sender is not None:
        artifact |= {
            "submitter": sender.province_code, "submitter_name": sender.province_name, "period": sender.period.code,
            "revision": sender.revision, "approved_on": sender.approved_on, "template_version": sender.template_version,
        }  # fmt: skip
    return tables, _records(ARTIFACTS, [artifact])


def _content(sheet: SheetReading) -> str | None:
    """Hash of a sheet's rows in any order: equal for two sheets that state the same."""
    if not sheet.rows or sheet.form is None or sheet.form.code == _SENDER_FORM:
        return None
    return hashlib.sha256("\n".join(sorted(repr(values) for _, values in sheet.rows)).encode()).hexdigest()


def _corrected_texts(outcome: CorrectionOutcome, reading: WorkbookReading) -> dict[str, str]:
    """The corrections and their outcomes, except on sheets with personal data; nothing else of the sheet."""
    forms = [s.form for s in reading.sheets if s.form and fold(s.sheet or "") == fold(outcome.correction.sheet)]
    if not forms or any(form.holds_personal_data for form in forms):
        return {"stated": HIDDEN, "corrected": HIDDEN}
    return {"stated": outcome.correction.found, "corrected": outcome.correction.corrected}


def _records(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of a meta table; file names, sheet titles and reasons may hold what a sender typed."""
    return pa.Table.from_pylist(
        [{name: _masked(row.get(name)) for name in schema.names} for row in rows], schema=schema
    )


def _masked(value: Any) -> Any:
    return masked(value) if isinstance(value, str) else value


def _form_table(sheet: SheetReading, form: Form, sender: Sender, envelope: Envelope, reading: int) -> pa.Table:
    count = len(sheet.rows)
    numbers = [number for number, _ in sheet.rows]
    first = f"{envelope.sha256[:16]}:{form.code}:"
    lineage: dict[str, list[Any]] = {"row_id": [f"{first}{number}" for number in numbers], "row_number": numbers}
    # What is the same in all rows is converted once.
    common: dict[str, Any] = {
        "artifact_sha256": envelope.sha256,
        "sheet": _masked(sheet.sheet),
        "form": form.code,
        "form_version": form.version,
        "submitter": sender.province_code,
        "period": sender.period.code,
        "revision": sender.revision,
        "received_at": envelope.received_at,
        "reading": reading,
        "batch_id": None,
    }
    schema = form.raw_schema()
    values = zip(*(row for _, row in sheet.rows), strict=True)
    columns = dict(zip((c.name for c in form.raw_columns), values, strict=True))
    arrays = [
        pa.repeat(pa.scalar(common[field.name], field.type), count)
        if field.name in common
        else pa.array(lineage.get(field.name, columns.get(field.name)), field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)
