"""Workbooks damaged at random: each ends as accepted or explained, never with a traceback, never with a lost row."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from ingestion.forms.definition import load_forms
from ingestion.guarded import Guarded, ReaderKilledError
from ingestion.submissions.reader import Envelope, WorkbookReading, killed, read_workbook, to_tables
from ingestion.submissions.receipts import annotated_workbook, receipt_json
from tests.conftest import KEY
from tests.workbooks import RECEIVED, workbook

SAVED = Path(__file__).parent.parent / "fixtures" / "libreoffice"
#: What people and programs leave in cells.
ODD_CELLS = (
    None,
    "",
    " ",
    "-",
    "…",
    "x",
    0,
    -1,
    1e300,
    0.1,
    True,
    "20,767",
    "20.767",
    "1.234,5",
    "9 tỷ 350 triệu",
    "#REF!",
    "=A1",
    "=1/0",
    "Tổng cộng",
    "Biểu 02",
    "Biểu 01. TÌNH HÌNH",
    "THÔNG TIN ĐƠN VỊ BÁO CÁO",
    "31/2/2021",
    "2021",
    "Quý I/2026",
    "Hîp t¸c x·",
    "Hôïp taùc xaõ",
    "́",
    "\ufeff",
    "aaaa",
    "𝄞",
    "(1)",
    "1 triệu 2 tỷ",
    99999999,
    "0",
    "%",
    "40%",
)


@cache
def _sources() -> tuple[bytes, ...]:
    saved = (SAVED / "saved.xls", SAVED / "saved.ods", SAVED / "saved.xlsx")
    return (workbook(), workbook(code="25"), *(path.read_bytes() for path in saved), _text())


def _text() -> bytes:
    """All sheets of a report below each other, as text."""
    book = openpyxl.load_workbook(SAVED / "original.xlsx")
    target = io.StringIO()
    for page in book.worksheets:
        csv.writer(target, delimiter=";").writerows([*page.iter_rows(values_only=True), [""]])
    return target.getvalue().encode()


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 30, 300))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.2 else changed)


def _repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as container:
        for info in source.infolist():
            part = change(info.filename, source.read(info))
            if part is not None:
                container.writestr(info.filename, part)
    return target.getvalue()


def _xml(data: bytes, chance: random.Random) -> bytes:
    """Parts lost, doubled tags, foreign numbers and references, bytes changed within one part."""
    names = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.endswith((".xml", ".rels"))]
    which = chance.choice(names)

    def change(name: str, part: bytes) -> bytes | None:
        if name != which or not part:
            return part
        kind = chance.randrange(6)
        if kind == 0:
            return None
        if kind == 1:
            return _bytes(part, chance)
        if kind == 2:
            tags = re.findall(rb"<[^>]+>", part)
            return part.replace(chance.choice(tags), chance.choice(tags), chance.choice((1, -1)))
        if kind == 3:
            numbers = re.findall(rb'"\d+"', part) or [b'"1"']
            odd = chance.choice((b'"-1"', b'"99999999999"', b'"0"', b'"x"', b'""', b'"1048577"'))
            return part.replace(chance.choice(numbers), odd, chance.choice((1, -1)))
        if kind == 4:
            cut = chance.randrange(len(part))
            return part[:cut] + part[cut + chance.randrange(1, 200) :]
        cells = re.findall(rb'r="[A-Z]+\d+"', part) or [b'r="A1"']
        return part.replace(chance.choice(cells), chance.choice((b'r="ZZZ9"', b'r="A0"', b'r=""', b'r="A1:B2"')), 1)

    return _repacked(data, change)


def _cells(data: bytes, chance: random.Random) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for _ in range(chance.choice((1, 5, 40))):
        page = chance.choice(book.worksheets)
        row, column = chance.randint(1, page.max_row + 2), chance.randint(1, page.max_column + 1)
        kind = chance.randrange(8)
        if kind == 0 and page.max_row > 3:
            page.delete_rows(row, chance.choice((1, 1, 3)))
        elif kind == 1:
            page.insert_rows(row)
        elif kind == 2:
            page.insert_cols(column)
        elif kind == 3 and page.max_column > 2:
            page.delete_cols(column)
        else:
            cell = page.cell(row, column)
            if not isinstance(cell, openpyxl.cell.cell.MergedCell):
                value = chance.choice(ODD_CELLS)
                cell.value = value[:32_000] if isinstance(value, str) else value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _stated(reading: WorkbookReading) -> tuple[object, ...]:
    """All that a reading says of the sender's sheets."""
    sheets = [
        (s.sheet, s.form and s.form.code, s.outcome, s.reason, s.read, s.duplicate, s.rows)
        for s in reading.sheets
        if s.outcome != "ignored"
    ]
    return reading.outcome, reading.reason, reading.sender, sheets, reading.problems


def _judge(data: bytes, seed: int) -> str:
    """Read ``data`` and check the invariants of a reading; returns the outcome."""
    reading = read_workbook(data, KEY)
    assert reading.outcome in ("accepted", "partial", "rejected"), seed
    for sheet in reading.sheets:
        assert sheet.read == sheet.loaded + sheet.rejected + sheet.duplicate, seed
        assert len(sheet.rows) == sheet.loaded, seed
        if sheet.outcome in ("partial", "rejected"):
            known = reading.sender is None or any(p.sheet == sheet.sheet for p in reading.problems)
            assert sheet.reason and known, seed
    if reading.sender is None:
        assert reading.total("loaded") == 0, seed
    if reading.outcome != "accepted":
        assert reading.reason, seed
        assert reading.problems, seed
    for problem in reading.problems:
        assert problem.message and problem.remedy, seed
    tables, artifact = to_tables(reading, Envelope("0" * 64, "x.xlsx", len(data), RECEIVED), 1, "fuzz")
    for sheet in reading.sheets:
        if sheet.form and sheet.loaded:
            assert tables[load_forms()[sheet.form.code].table].num_rows == sheet.loaded, seed
    assert artifact.num_rows == 1
    if seed % 10 == 0:
        receipt = annotated_workbook(data, "x.xlsx", reading)
        assert receipt[:2] == b"PK", seed
        if reading.readable:
            assert _stated(read_workbook(receipt, KEY)) == _stated(reading), seed
    assert receipt_json("x.xlsx", "0" * 64, reading)
    return reading.outcome


def _fuzz(first: int, count: int) -> dict[str, int]:
    with Guarded() as guarded:
        return _outcomes(first, count, guarded)


def _outcomes(first: int, count: int, guarded: Guarded) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    for seed in range(first, first + count):
        chance = random.Random(seed)
        source = chance.choice(_sources())
        kinds = (
            [_bytes]
            if source[:2] != b"PK"
            else [_bytes, _xml, _xml, *([] if b"opendocument" in source[:100] else [_cells])]
        )
        data = chance.choice(kinds)(source, chance)
        try:
            outcome = guarded.call(_judge, data, seed)
        except ReaderKilledError:
            outcome = killed().outcome
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


@pytest.mark.parametrize("part", range(2))
def test_damaged_workbooks_are_accepted_or_explained(part: int) -> None:
    outcomes = _fuzz(part * 60, 60)
    assert {"accepted", "rejected"} <= outcomes.keys()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(20))
def test_ten_thousand_damaged_workbooks(part: int) -> None:
    outcomes = _fuzz(1_000 + part * 500, 500)
    assert {"accepted", "partial", "rejected"} == outcomes.keys()
