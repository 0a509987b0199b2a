"""Files that are not reports: each gets a reason for its sender and a recorded outcome; others are not affected."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions import intake, reader
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from tests.workbooks import workbook


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return target.getvalue()


def _huge_sheet() -> bytes:
    """A valid workbook whose one cell stands in the last row and column."""
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for part in source.infolist():
            data = source.read(part)
            if part.filename.endswith("sheet2.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                data = data.replace(b"</sheetData>", far)
            container.writestr(part.filename, data)
    return target.getvalue()


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 512


BAD = {
    "empty": (b"", "rỗng"),
    "text": (b"Kinh gui Lien minh HTX", "không phải là bảng tính"),
    "truncated": (workbook()[:20_000], "cắt cụt"),
    "no workbook in the zip": (_zip(readme_xml=b"<a/>"), "không chứa bảng tính"),
    "zip bomb": (_zip(xl__worksheets__sheet1_xml=b" " * 200_000_000), "quá lớn"),
    "password": (_ole("EncryptedPackage"), "mật khẩu"),
    "damaged xls": (_ole("Workbook"), "hỏng"),
    "a cell at the end of the world": (_huge_sheet(), "quá lớn"),
    "broken xml": (_zip(xl__workbook_xml=b"<workbook><sheets>", xl__worksheets__sheet1_xml=b"<w"), "hỏng"),
}


@pytest.mark.parametrize("name", BAD)
def test_is_refused_with_a_reason(name: str) -> None:
    data, reason = BAD[name]
    reading = read_workbook(data, KEY)
    assert reading.outcome == "rejected"
    (problem,) = reading.problems
    assert reason in problem.message.lower() or reason in problem.message
    assert problem.remedy
    assert reading.total("read") == 0


@pytest.fixture
def zone(tmp_path: Path) -> tuple[Path, Archive, RawZone]:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox, Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")


def test_bad_files_are_archived_and_recorded_and_the_good_one_is_read(zone: tuple[Path, Archive, RawZone]) -> None:
    inbox, archive, raw = zone
    for number, (data, _) in enumerate(BAD.values()):
        (inbox / f"bad-{number}.xlsx").write_bytes(data)
    (inbox / "good.xlsx").write_bytes(workbook())
    received = receive(open_inbox(inbox), archive, raw)
    outcome = intake.read_submissions(None, archive, raw, key=KEY)
    assert received.new == outcome.artifacts == len(BAD) + 1
    assert len(outcome.rejected) == len(BAD)
    artifacts = raw.read("_artifacts").to_pylist()
    for row in artifacts:
        assert archive.open(row["artifact_sha256"]) is not None
        assert row["rows_read"] == row["rows_loaded"] + row["rows_rejected"] + row["rows_duplicate"]
        assert (row["outcome"] == "accepted") == (row["name"] == "good.xlsx")
        assert row["outcome"] == "accepted" or row["reason"]


def test_a_file_that_kills_its_reader_is_refused_and_the_others_are_read(
    zone: tuple[Path, Archive, RawZone], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, archive, raw = zone
    (inbox / "a.xlsx").write_bytes(workbook())
    (inbox / "killer.xlsx").write_bytes(workbook(revision=66))
    receive(open_inbox(inbox), archive, raw)
    monkeypatch.setattr(intake, "_read_one", _dies_of_the_killer)
    outcome = intake.read_submissions(None, archive, raw, key=KEY, workers=2)
    assert [name for name, _ in outcome.rejected] == ["killer.xlsx"]
    assert outcome.artifacts == 2 and outcome.rows["loaded"] > 0


_read_one = intake._read_one


def _dies_of_the_killer(job):  # type: ignore[no-untyped-def]
    if job[1].name == "killer.xlsx":
        os.abort()
    return _read_one(job)


def test_the_same_file_twice_changes_nothing(zone: tuple[Path, Archive, RawZone]) -> None:
    inbox, archive, raw = zone
    (inbox / "a.xlsx").write_bytes(workbook())
    receive(open_inbox(inbox), archive, raw)
    intake.read_submissions(None, archive, raw, key=KEY)
    before = raw.fingerprint()
    (inbox / "b.xlsx").write_bytes(workbook())
    again = receive(open_inbox(inbox), archive, raw)
    outcome = intake.read_submissions(None, archive, raw, key=KEY)
    assert (again.new, again.duplicate, again.known, outcome.artifacts) == (0, 1, 1, 0)
    assert raw.fingerprint() == before


def test_a_file_is_read_again_where_its_reader_changed(
    zone: tuple[Path, Archive, RawZone], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, archive, raw = zone
    (inbox / "a.xlsx").write_bytes(workbook())
    receive(open_inbox(inbox), archive, raw)
    assert intake.read_submissions(None, archive, raw, key=KEY).artifacts == 1
    assert intake.read_submissions(None, archive, raw, key=KEY).artifacts == 0
    monkeypatch.setattr(reader, "fingerprint_of", lambda module: "next")
    assert intake.read_submissions(None, archive, raw, key=KEY).artifacts == 1
    assert sorted(row["reading"] for row in raw.read("_artifacts").to_pylist()) == [1, 2]


def test_a_batch_without_its_commit_record_does_not_count(zone: tuple[Path, Archive, RawZone]) -> None:
    inbox, archive, raw = zone
    (inbox / "a.xlsx").write_bytes(workbook())
    receive(open_inbox(inbox), archive, raw)
    intake.read_submissions(None, archive, raw, key=KEY)
    (commit,) = (raw.root / "_artifacts").glob("*.parquet")
    commit.unlink()
    assert raw.readings() == {}
    assert sum(map(len, intake.pending(raw, KEY).values())) == 1
    intake.read_submissions(None, archive, raw, key=KEY)
    assert len(list((raw.root / "bieu_01").glob("*.parquet"))) == 1


def test_a_new_key_reads_the_archive_again(zone: tuple[Path, Archive, RawZone]) -> None:
    inbox, archive, raw = zone
    (inbox / "a.xlsx").write_bytes(workbook())
    receive(open_inbox(inbox), archive, raw)
    intake.read_submissions(None, archive, raw, key=None)
    (inbox / "a.xlsx").unlink()
    intake.read_submissions(None, archive, raw, key=KEY)
    (reading,) = raw.readings().values()
    assert reading.reading == 2


def test_received_at_comes_from_the_intake_log_by_hash(zone: tuple[Path, Archive, RawZone]) -> None:
    inbox, archive, raw = zone
    data = workbook()
    (inbox / "renamed.xlsx").write_bytes(data)
    entry = {"name": "a.xlsx", "sha256": hashlib.sha256(data).hexdigest(), "received_at": "2021-12-03T09:30:00+07:00"}
    (inbox / "index.json").write_text(json.dumps({"files": [entry]}), encoding="utf-8")
    receive(open_inbox(inbox), archive, raw)
    (row,) = raw.read("_received").to_pylist()
    assert row["received_at"].isoformat() == "2021-12-03T02:30:00"


def test_bytes_swapped_in_the_archive_are_nobodys_file_and_come_back_with_the_file(
    zone: tuple[Path, Archive, RawZone],
) -> None:
    inbox, archive, raw = zone
    name = "LMHTX-46-2021-11-L1.xlsx"
    (inbox / name).write_bytes(workbook())
    receive(open_inbox(inbox), archive, raw)
    path = archive.path(hashlib.sha256(workbook()).hexdigest())
    path.chmod(0o600)
    path.write_bytes(workbook(code="25"))
    reading = intake.read_submissions(None, archive, raw, key=KEY)
    assert [found for found, _ in reading.rejected] == [name]
    assert "no longer holds the bytes" in reading.rejected[0][1]
    assert raw.read("_artifacts").num_rows == 0
    path.unlink()
    assert receive(open_inbox(inbox), archive, raw).known == 1
    assert intake.read_submissions(None, archive, raw, key=KEY).rejected == []
    assert raw.read("_artifacts").num_rows == 1
