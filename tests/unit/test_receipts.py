"""The receipt: the sender's workbook with faulty cells marked, in words the sender understands."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import openpyxl
import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.samples.workbooks import Edit, RawText
from ingestion.submissions import intake
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.receipts import SUMMARY_TITLE, annotated_workbook, receipt_json
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from tests.workbooks import workbook


def _receipt(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(annotated_workbook(data, "bao-cao.xlsx", read_workbook(data, KEY))))


def _texts(page) -> list[str]:  # type: ignore[no-untyped-def]
    return [str(c.value) for row in page.iter_rows() for c in row if c.value is not None]


def test_a_faulty_cell_is_coloured_and_says_what_to_do() -> None:
    data = workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767")))
    (problem,) = read_workbook(data, KEY).problems
    book = _receipt(data)
    cell = book[problem.sheet][problem.cell]
    assert cell.value == "20,767"
    assert cell.fill.fgColor.rgb.endswith("F4B084")
    assert "20,767" in cell.comment.text and problem.remedy in cell.comment.text
    untouched = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[1:] == untouched.sheetnames
    others = [(c.coordinate, c.value) for row in untouched[problem.sheet].iter_rows() for c in row]
    assert others == [(c.coordinate, c.value) for row in book[problem.sheet].iter_rows() for c in row]


def test_the_summary_comes_first_and_leads_to_the_cell() -> None:
    data = workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767")))
    (problem,) = read_workbook(data, KEY).problems
    page = _receipt(data).worksheets[0]
    assert page.title == SUMMARY_TITLE
    assert page["A1"].value == f"{SUMMARY_TITLE}: NHẬN MỘT PHẦN"
    links = [c.hyperlink.location or c.hyperlink.target for row in page.iter_rows() for c in row if c.hyperlink]
    assert [link.lstrip("#") for link in links] == [f"'{problem.sheet}'!{problem.cell}"]


def test_an_accepted_workbook_says_that_nothing_is_to_be_done() -> None:
    book = _receipt(workbook())
    assert "Không cần làm gì thêm." in _texts(book.worksheets[0])
    assert not any(c.comment for page in book for row in page.iter_rows() for c in row)


@pytest.mark.parametrize("data", [b"", b"no workbook", workbook()[:9_000]], ids=["empty", "text", "truncated"])
def test_what_cannot_be_opened_still_gets_its_summary(data: bytes) -> None:
    book = _receipt(data)
    assert book.sheetnames == [SUMMARY_TITLE]
    reading = read_workbook(data, KEY)
    assert reading.problems[0].remedy in _texts(book.worksheets[0])


def test_what_a_sender_typed_never_becomes_a_formula() -> None:
    data = workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("=1+1")))
    page = _receipt(data).worksheets[0]
    typed = [c for row in page.iter_rows() for c in row if c.data_type == "f"]
    assert typed == []


def test_a_sheet_of_that_name_is_kept() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet(SUMMARY_TITLE)["A1"] = "của đơn vị"
    target = io.BytesIO()
    book.save(target)
    again = _receipt(target.getvalue())
    assert again[SUMMARY_TITLE]["A1"].value == "của đơn vị"
    assert again.worksheets[0].title != SUMMARY_TITLE


def test_a_fault_in_a_merged_cell_is_marked_where_it_shows() -> None:
    data = workbook(Edit("set", "BIEU_01", "org_type", 1, "HTX"))
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book.worksheets[1]
    area = next(a for a in page.merged_cells.ranges if a.min_row > 10 and a.max_row > a.min_row)
    page.cell(area.min_row, area.min_col).value = "Loại hình lạ"
    target = io.BytesIO()
    book.save(target)
    marked = _receipt(target.getvalue())[page.title].cell(area.min_row, area.min_col)
    assert "Loại hình lạ" in marked.comment.text


def test_every_file_of_a_run_gets_a_receipt_and_names_are_no_paths(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    faulty = workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767")))
    files = {"tốt.xlsx": workbook(code="25"), "lỗi .. x.xlsx": faulty, "rác.xlsx": b"rubbish"}
    for name, data in files.items():
        (inbox / name).write_bytes(data)
    archive, raw, receipts = Archive(tmp_path / "archive"), RawZone(tmp_path / "raw"), tmp_path / "receipts"
    receive(open_inbox(inbox), archive, raw)
    intake.read_submissions(None, archive, raw, key=KEY, receipts=receipts)
    written = {p.relative_to(receipts).as_posix() for p in receipts.rglob("*") if p.is_file()}
    short = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in files.items()}
    assert written == {
        f"25/2021-11/phieu-tiep-nhan-lan-1-{short['tốt.xlsx']}.json",
        f"01/2021-11/phieu-tiep-nhan-lan-1-{short['lỗi .. x.xlsx']}.json",
        f"01/2021-11/phieu-tiep-nhan-lan-1-{short['lỗi .. x.xlsx']}.xlsx",
        f"unknown/phieu-tiep-nhan-lan-khong-ro-{short['rác.xlsx']}.json",
        f"unknown/phieu-tiep-nhan-lan-khong-ro-{short['rác.xlsx']}.xlsx",
    }
    stored = json.loads(
        (receipts / f"01/2021-11/phieu-tiep-nhan-lan-1-{short['lỗi .. x.xlsx']}.json").read_text("utf-8")
    )
    assert stored == receipt_json("lỗi .. x.xlsx", hashlib.sha256(faulty).hexdigest(), read_workbook(faulty, KEY))
    assert stored["problems"][0]["found"] == "20,767"
