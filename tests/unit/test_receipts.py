"""The receipt: the sender's workbook with faulty cells marked, in words the sender understands."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.samples.workbooks import Edit, RawText
from ingestion.submissions import intake
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.reader import WorkbookReading, read_workbook
from ingestion.submissions.receipts import SUMMARY_TITLE, annotated_workbook, receipt_json
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from tests.workbooks import changed, report, says, workbook

SAVED = Path(__file__).parent.parent / "fixtures" / "libreoffice"


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


def _corrected(receipt: bytes, values: dict[str, object]) -> bytes:
    """The receipt with every coloured cell corrected (by the value found there) and the next revision."""

    def correct(book: openpyxl.Workbook) -> None:
        for page in book.worksheets[1:]:
            for row in page.iter_rows():
                for cell in row:
                    if cell.comment:
                        assert cell.fill.fgColor.rgb.endswith("F4B084")
                        cell.value = values.pop(cell.value)
        says(book, "revision", 2)

    return changed(receipt, correct)


def _rows(reading: WorkbookReading) -> dict[str, list[object]]:
    return {s.form.code: s.rows for s in reading.sheets if s.form and s.form.code != "THONG_TIN"}


def test_a_receipt_corrected_in_its_coloured_cells_is_read_whole() -> None:
    wrong = (Edit("set", "BIEU_01", "member_count", 3, RawText("20,767")),
             Edit("set", "BIEU_02", "founded_on", 0, RawText("31/2/2019")))  # fmt: skip
    right = report()
    values = {
        "20,767": right.rows["BIEU_01"][3]["member_count"],
        "31/2/2019": right.rows["BIEU_02"][0]["founded_on"],
    }
    data = workbook(*wrong)
    receipt = annotated_workbook(data, "x.xlsx", read_workbook(data, KEY))
    sent = read_workbook(_corrected(receipt, values), KEY)
    assert values == {}
    assert (sent.outcome, sent.problems, sent.sender and sent.sender.revision) == ("accepted", [], 2)
    assert _rows(sent) == _rows(read_workbook(workbook(), KEY))
    # The receipt of the receipt has one summary and no marks of the first.
    again = _receipt(_corrected(receipt, {"20,767": 1, "31/2/2019": "32/1/2019"}))
    assert [SUMMARY_TITLE in name for name in again.sheetnames].count(True) == 1
    assert [c.value for page in again.worksheets[1:] for row in page for c in row if c.comment] == ["32/1/2019"]


def test_stored_values_of_formulas_are_in_the_receipt() -> None:
    data = workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767")))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as container:
        for info in source.infolist():
            xml = source.read(info)
            if info.filename == "xl/worksheets/sheet2.xml":
                xml, count = re.subn(rb'(<c r="E\d+" s="\d+")><v>', rb"\1><f>1+1</f><v>", xml)
                assert count > 20
            container.writestr(info, xml)
    formulas = target.getvalue()
    reading = read_workbook(formulas, KEY)
    assert [p.found for p in reading.problems] == ["20,767"]
    again = read_workbook(annotated_workbook(formulas, "x.xlsx", reading), KEY)
    assert (again.problems, _rows(again)) == (reading.problems, _rows(reading))


@pytest.mark.parametrize("name", ["saved.xls", "saved.ods"])
def test_the_receipt_of_another_format_is_a_workbook_to_correct(name: str) -> None:
    data = (SAVED / name).read_bytes()
    reading = read_workbook(data, KEY)
    again = read_workbook(annotated_workbook(data, name, reading), KEY)
    assert (again.outcome, _rows(again)) == ("accepted", _rows(reading))


def test_a_text_is_returned_as_a_workbook_with_the_cell_marked() -> None:
    lines = ["THÔNG TIN ĐƠN VỊ BÁO CÁO;", "Mã tỉnh;46", "Đơn vị báo cáo;Thừa Thiên Huế", "Kỳ báo cáo;Tháng 11/2021",
             "Lần gửi;1", "Ngày duyệt;31/2/2021"]  # fmt: skip
    book = _receipt("\n".join(lines).encode())
    marked = [c for page in book.worksheets[1:] for row in page for c in row if c.comment]
    assert [c.value for c in marked] == ["31/2/2021"]


def test_a_sheet_of_ours_alone_is_no_report() -> None:
    data = workbook()
    receipt = openpyxl.load_workbook(io.BytesIO(annotated_workbook(data, "x.xlsx", read_workbook(data, KEY))))
    for page in receipt.worksheets[1:]:
        receipt.remove(page)
    target = io.BytesIO()
    receipt.save(target)
    (problem,) = read_workbook(target.getvalue(), KEY).problems
    assert "phiếu tiếp nhận do hệ thống gửi ra" in problem.message


@pytest.mark.parametrize("lost", ["name", "cell"])
def test_a_summary_that_lost_one_of_its_marks_is_recognised(lost: str) -> None:
    def lose(book: openpyxl.Workbook) -> None:
        page = book.worksheets[0]
        if lost == "name":
            page.defined_names.clear()
        else:
            for row in page.iter_rows(max_row=1):
                for cell in row:
                    cell.value = None

    data = workbook()
    receipt = annotated_workbook(data, "x.xlsx", read_workbook(data, KEY))
    reading = read_workbook(changed(receipt, lose), KEY)
    assert reading.outcome == "accepted"
    assert [s.sheet for s in reading.sheets if s.outcome == "ignored"] == [SUMMARY_TITLE]


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
