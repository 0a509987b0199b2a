"""The receipt that goes back to a sender: the workbook with its problems marked, and the same as JSON.

Everything in a receipt comes from the problems of the reading, which name cell, found, expected and remedy and hide
personal data. The reader finds problems; here they are only shown.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.submissions.grouping import Line, lines
from ingestion.submissions.reader import Problem, WorkbookReading
from ingestion.submissions.receipt_book import marked_cell, sender_book, with_stored_values
from warehouse.files import written_aside
from warehouse.stamps import DEFINED_NAME, RECEIPT, RECEIPT_TITLE, stamp

#: ``held`` comes from the audit: the file could be read, and its figures do not reconcile.
OUTCOMES_VI = {
    "accepted": "ĐƯỢC NHẬN",
    "partial": "NHẬN MỘT PHẦN",
    "rejected": "KHÔNG NHẬN",
    "held": "TẠM GIỮ, SỐ LIỆU CHƯA ĐƯỢC DÙNG",
}
SHEET_OUTCOMES_VI = {
    "accepted": "nhận đủ",
    "partial": "nhận một phần",
    "rejected": "không nhận",
    "missing": "thiếu trang",
    "ignored": "bỏ qua",
}
SUMMARY_TITLE = RECEIPT_TITLE
#: More faults than this are shown as one fault of the whole sheet; the JSON has all of them.
MAX_SHOWN = 2_000

_COLOURS = {"accepted": "C6E0B4", "partial": "FFE699", "rejected": "F4B084", "held": "F4B084"}
_HEAD = PatternFill("solid", fgColor="D9E1F2")
#: Widths of the summary's columns, in characters.
_WIDTHS = (16, 12, 30, 40, 44, 12)
#: Rows above the tables, whose texts reach over all columns.
_LETTERHEAD_ROWS = 6
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_BOLD = Font(bold=True)


def receipt_json(name: str, sha256: str, reading: WorkbookReading) -> dict[str, Any]:
    """The receipt for programs: outcome, sender, rows by sheet, and every problem."""
    sender = reading.sender
    return {
        "file": name,
        "sha256": sha256,
        "outcome": reading.outcome,
        "outcome_vi": OUTCOMES_VI[reading.outcome],
        "sender": None
        if sender is None
        else {
            "province_code": sender.province_code,
            "province_name": sender.province_name,
            "period": sender.period.code,
            "revision": sender.revision,
        },
        "sheets": [
            {
                "sheet": sheet.sheet,
                "form": sheet.form.code if sheet.form else None,
                "outcome": sheet.outcome,
                "reason": sheet.reason,
                "rows_read": sheet.read,
                "rows_loaded": sheet.loaded,
                "rows_rejected": sheet.rejected,
                "rows_held": sheet.held,
                "rows_duplicate": sheet.duplicate,
            }
            for sheet in reading.sheets
        ],
        "problems": [
            {
                "level": problem.level,
                "sheet": problem.sheet,
                "cell": problem.cell,
                "form": problem.form,
                "column": problem.column,
                "found": problem.found,
                "expected": problem.expected,
                "message": problem.message,
                "remedy": problem.remedy,
                **_of_diagnosis(problem),
            }
            for problem in reading.problems
        ],
        "faults": [
            {"message": line.message, "remedy": line.remedy, "cells": line.cells, "count": len(line.problems)}
            for line in lines(reading.problems)
        ],
        "proposals": {
            field: {"value": proposal.value, "source": proposal.source} for field, proposal in reading.proposals.items()
        },
    }


def _of_diagnosis(problem: Problem) -> dict[str, str | None]:
    """The kind of fault, the value that may be meant, and both sentences in English."""
    found = problem.diagnosis
    return {
        "kind": found.kind if found else None,
        "proposal": found.proposal if found else None,
        "found_en": found.sentence("en") if found else None,
        "remedy_en": found.remedy(problem.cell or "", "en") if found else None,
    }


def annotated_workbook(data: bytes, name: str, reading: WorkbookReading) -> bytes:
    """The sender's workbook with a summary in front and each faulty cell coloured and commented.

    It is read like the sender's file, so that it can be corrected and sent back. A file that cannot be read gives a
    workbook with the summary alone, which says so. Never raises for bad input.
    """
    # What the reader refuses is opened by nothing else.
    book = sender_book(data) if reading.readable else None
    own = book is not None
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    if own:
        _mark(book, reading.problems)
    _summarise(book, name, reading, own)
    target = io.BytesIO()
    book.save(target)
    return with_stored_values(target.getvalue(), data) if own else target.getvalue()


def receipt_folder(receipts: Path, reading: WorkbookReading) -> Path:
    """Where a reading's receipt belongs below ``receipts``: province / period, or ``unknown``."""
    sender = reading.sender
    return receipts / sender.province_code / sender.period.code if sender else receipts / "unknown"


def write_receipt(
    folder: Path,
    data: bytes,
    name: str,
    sha256: str,
    reading: WorkbookReading,
    *,
    annotate: bool = True,
    stem: str | None = None,
) -> Path:
    """Write ``<stem>.json`` and, with ``annotate``, ``<stem>.xlsx`` into ``folder``; returns the one for people.

    The stem is made of revision and hash: a sender's file name is never used as a path.
    """
    revision = str(reading.sender.revision) if reading.sender else "khong-ro"
    stem = stem or f"phieu-tiep-nhan-lan-{revision}-{sha256[:12]}"
    machine = folder / f"{stem}.json"
    with written_aside(machine) as aside:
        text = json.dumps(receipt_json(name, sha256, reading), ensure_ascii=False, indent=2)
        aside.write_text(text + "\n", encoding="utf-8")
    person = folder / f"{stem}.xlsx"
    if not annotate:
        # The marked workbook of an earlier reading no longer applies.
        person.unlink(missing_ok=True)
        return machine
    with written_aside(person) as aside:
        aside.write_bytes(annotated_workbook(data, name, reading))
    return person


def _mark(book: Workbook, problems: Iterable[Problem]) -> None:
    pages = {page.title: page for page in book.worksheets}
    said: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        if problem.sheet in pages:
            said.setdefault((problem.sheet or "", problem.cell or "A1"), []).append(problem)
    for (title, address), about in list(said.items())[:MAX_SHOWN]:
        lines = [_described(problem) for problem in about]
        marked_cell(pages[title], address, _plain("\n\n".join(lines))[:8_000])


def _described(problem: Problem) -> str:
    if problem.cell is None:
        return f"{problem.message}\nCách sửa: {problem.remedy}"
    found = f"“{problem.found}”" if problem.found else "ô để trống"
    if problem.diagnosis:
        found = problem.diagnosis.sentence()
    return f"Tìm thấy: {found}\nCần: {problem.expected or ''}\nCách sửa: {problem.remedy}"


def _found(line: Line) -> str:
    """What was found, with the column as the sender's header names it."""
    problem = line.problems[0]
    if problem.cell is None:
        return problem.message
    found = problem.diagnosis.sentence() if problem.diagnosis else problem.found or "(để trống)"
    number = f"{len(line.problems)} ô: " if len(line.problems) > 1 else ""
    return f"{problem.label}: {number}{found}" if problem.label else f"{number}{found}"


def _summarise(book: Workbook, name: str, reading: WorkbookReading, own: bool) -> None:
    title = SUMMARY_TITLE
    while title in book.sheetnames:
        title += "*" if "*" not in title else "."
    title = title.replace("*", " (2)")
    page = book.create_sheet(title, 0)
    page.defined_names.add(DefinedName(DEFINED_NAME, attr_text=f'"{stamp(RECEIPT)}"'))
    page.cell(1, len(_WIDTHS) + 1, stamp(RECEIPT)).font = Font(color="A6A6A6", size=8)
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    book.active = 0
    for position, width in enumerate(_WIDTHS, 1):
        page.column_dimensions[get_column_letter(position)].width = width
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True

    _row(page, 1, [f"{SUMMARY_TITLE}: {OUTCOMES_VI[reading.outcome]}"])
    page["A1"].font = Font(bold=True, size=18)
    page.row_dimensions[1].height = 26
    for position in range(1, 7):
        page.cell(1, position).fill = PatternFill("solid", fgColor=_COLOURS[reading.outcome])
    sender = reading.sender
    _row(page, 2, ["Tệp", name])
    _row(
        page,
        3,
        [
            "Đơn vị",
            f"{sender.province_name} (mã {sender.province_code})" if sender else _unknown(reading, "province_name"),
        ],
    )
    _row(
        page,
        4,
        ["Kỳ báo cáo", f"{sender.period.code}, lần gửi {sender.revision}" if sender else _unknown(reading, "period")],
    )
    counts = {kind: reading.total(kind) for kind in ("read", "loaded", "rejected", "held", "duplicate")}
    said = "Đọc {read} dòng: nhận {loaded}, từ chối {rejected}, giữ lại {held}, trùng {duplicate}.".format(**counts)
    _row(page, 5, ["Số dòng", said])
    todo = (
        "Không cần làm gì thêm."
        if not reading.problems
        else "Sửa các ô tô màu cam ngay trong tệp này (di chuột vào ô để xem ghi chú), tăng “Lần gửi” thêm 1 rồi gửi "
        "lại tệp này; không cần xóa trang này, màu và ghi chú."
        if own
        else "Không mở được tệp của đơn vị nên không tô màu được; xem danh sách dưới đây và sửa trong tệp gốc."
    )
    _row(page, 6, ["Việc cần làm", todo])
    for number in range(2, 7):
        page.cell(number, 1).font = _BOLD
        page.merge_cells(start_row=number, start_column=2, end_row=number, end_column=6)

    at = 8
    _head(page, at, ["Trang", "Biểu", "Kết quả", "Lý do", "Đọc / nhận / từ chối / giữ lại / trùng"])
    for sheet in reading.sheets:
        at += 1
        rows = f"{sheet.read} / {sheet.loaded} / {sheet.rejected} / {sheet.held} / {sheet.duplicate}"
        form = sheet.form.code if sheet.form else ""
        _row(page, at, [sheet.sheet or "", form, SHEET_OUTCOMES_VI[sheet.outcome], sheet.reason or "", rows])
    if not reading.problems:
        return
    at += 2
    _head(page, at, ["Trang", "Ô", "Tìm thấy", "Cần", "Cách sửa", "Biểu"])
    page.print_title_rows = f"{at}:{at}"
    shown = lines(reading.problems)
    for line in shown[:MAX_SHOWN]:
        at += 1
        problem = line.problems[0]
        _row(
            page,
            at,
            [problem.sheet or "", line.cells or "", _found(line), problem.expected or "", line.remedy,
             problem.form or ""],
        )  # fmt: skip
        if own and problem.cell and problem.sheet in book.sheetnames:
            link = page.cell(at, 2)
            quoted = str(problem.sheet).replace("'", "''")
            link.hyperlink = f"#'{quoted}'!{problem.cell}"
            link.font = Font(underline="single", color="0563C1")
    if len(shown) > MAX_SHOWN:
        _row(page, at + 1, [f"… và {len(shown) - MAX_SHOWN} lỗi nữa trong tệp .json đi kèm."])


def _unknown(reading: WorkbookReading, field: str) -> str:
    offered = reading.proposals.get(field)
    return "không xác định được" + (f"; có phải là {offered} không?" if offered else "")


def _head(page: Worksheet, at: int, texts: list[str]) -> None:
    _row(page, at, texts)
    for position in range(1, len(texts) + 1):
        page.cell(at, position).font = _BOLD
        page.cell(at, position).fill = _HEAD


def _row(page: Worksheet, at: int, texts: list[str]) -> None:
    for position, text in enumerate(texts, 1):
        cell = page.cell(at, position)
        cell.value = _plain(text)
        # A sender's text is shown, never calculated.
        cell.data_type = "s"
        if at > 1:
            cell.alignment = _WRAPPED
    # Not every program adjusts row heights to wrapped text, so the heights are set here.
    lines = max(ceil(len(text) * 1.15 / width) for text, width in zip(texts, _WIDTHS, strict=False))
    if at > _LETTERHEAD_ROWS and lines > 1:
        page.row_dimensions[at].height = min(15 * lines, 400)


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]
