"""A file may end its reader; a reader that never started was not ended by a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingestion import guarded
from ingestion.archive import Archive
from ingestion.guarded import Guarded, ReaderKilledError, ReaderUnavailableError
from ingestion.raw_zone import RawZone
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.intake import read_submissions
from ingestion.submissions.receiving import receive
from tests.workbooks import workbook


def _end() -> None:
    os._exit(1)


def test_a_file_that_kills_its_reader_is_reported_and_the_next_is_read() -> None:
    with Guarded() as reader:
        with pytest.raises(ReaderKilledError):
            reader.call(_end)
        assert reader.call(len, "abc") == 3


def test_a_reader_that_cannot_start_blames_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "LMHTX-46-2021-11-L1.xlsx").write_bytes(workbook())
    archive, raw_zone = Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")
    receive(open_inbox(str(tmp_path / "inbox")), archive, raw_zone)
    with monkeypatch.context() as patched:
        patched.setattr(guarded, "_bound_reader", _end)
        with pytest.raises(ReaderUnavailableError, match="no process for reading"):
            read_submissions(None, archive, raw_zone, workers=2)
    outcome = read_submissions(None, archive, raw_zone, workers=2)
    assert (outcome.artifacts, outcome.rejected) == (1, [])
