"""No file in an inbox can block the pipeline, make it read outside of the inbox, or delay other files."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion import guarded
from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions import inbox, receiving
from ingestion.submissions.inbox import InboxError, open_inbox
from ingestion.submissions.receiving import MAX_UNFINISHED, Journal, receive
from tests.workbooks import workbook

NAME = "LMHTX-46-2021-11-L1.xlsx"


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / NAME).write_bytes(workbook())
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def raw(tmp_path: Path) -> RawZone:
    return RawZone(tmp_path / "raw")


def _fates(raw: RawZone) -> dict[str, str]:
    received = {row["name"]: row["outcome"] for row in raw.read("_received").to_pylist()}
    return received | {row["name"]: row["outcome"] for row in raw.read("_artifacts").to_pylist()}


def test_links_pipes_and_hidden_files_are_refused_with_a_row_and_a_receipt(
    box: Path, archive: Archive, raw: RawZone, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"of another file")
    (box / "link.xlsx").symlink_to(secret)
    (box / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(box / "pipe.xlsx")
    (box / ".hidden.xlsx").write_bytes(workbook(code="25"))
    (box / "~$lock.xlsx").write_bytes(b"lock")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(box / "socket.xlsx"))
    outcome = receive(open_inbox(box), archive, raw, receipts=tmp_path / "receipts")
    assert outcome.new == 1
    assert dict(outcome.refused) == {
        "link.xlsx": "link", "folder": "link", "pipe.xlsx": "not a file", "socket.xlsx": "not a file",
        ".hidden.xlsx": "hidden",
    }  # fmt: skip
    assert _fates(raw) == {NAME: "received"} | dict.fromkeys(dict(outcome.refused), "rejected")
    assert not archive.path(hashlib.sha256(b"of another file").hexdigest()).exists()
    receipts = [json.loads(path.read_text()) for path in (tmp_path / "receipts").rglob("*.json")]
    assert {receipt["file"] for receipt in receipts} == dict(outcome.refused).keys()
    again = receive(open_inbox(box), archive, raw)
    assert (again.new, len(again.refused)) == (0, 5)
    assert raw.read("_artifacts").num_rows == 5


def test_a_file_that_is_swapped_for_a_pipe_or_a_link_is_not_followed(box: Path) -> None:
    opened = open_inbox(box)
    (arrival,) = opened.arrivals()
    (box / NAME).unlink()
    os.mkfifo(box / NAME)
    with pytest.raises(InboxError, match="no regular file"):
        opened.fetch(arrival)
    (box / NAME).unlink()
    (box / NAME).symlink_to("/etc/hostname")
    with pytest.raises(InboxError):
        opened.fetch(arrival)


def test_a_large_file_is_refused_and_the_others_are_received(
    box: Path, archive: Archive, raw: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_FILE_BYTES", 100_000)
    (box / "large.xlsx").write_bytes(b"x" * 100_001)
    outcome = receive(open_inbox(box), archive, raw)
    assert (outcome.new, [name for name, _ in outcome.refused]) == (1, ["large.xlsx"])
    assert _fates(raw)["large.xlsx"] == "rejected"


def _nested(data: bytes, times: int) -> bytes:
    for number in range(times):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
            for copy in range(20):
                container.writestr(f"{number}-{copy}.zip" if number else f"{copy}.xlsx", data)
        data = target.getvalue()
    return data


def test_nested_zips_share_one_budget_and_expand_in_a_process_of_their_own(
    box: Path, archive: Archive, raw: RawZone
) -> None:
    (box / "bomb.zip").write_bytes(_nested(b"\0" * 2**20, 3))  # 8 GB in 3 layers
    receive(open_inbox(box), archive, raw)
    assert _fates(raw) == {NAME: "received", "bomb.zip": "received"}
    assert len([path for path in archive.root.rglob("*") if path.is_file()]) == 2


def _sleep(_: object, __: str, ___: str) -> None:
    time.sleep(60)


def test_what_takes_too_long_ends_its_process_and_not_the_run(
    box: Path, archive: Archive, raw: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded, "READER_SECONDS", 1)
    monkeypatch.setattr(receiving, "_inspected", _sleep)
    began = time.monotonic()
    assert receive(open_inbox(box), archive, raw).new == 1
    assert time.monotonic() - began < 30


@contextmanager
def _server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_answered, args=(client,), daemon=True).start()

    def _answered(client: socket.socket) -> None:
        with client:
            client.recv(65536)
            try:
                answer(client)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/index.json"
    listening.close()


def _drip_headers(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        client.sendall(b"x")
        time.sleep(0.2)


def _drip_body(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        client.sendall(b"x")
        time.sleep(0.2)


@pytest.mark.parametrize("drip", [_drip_headers, _drip_body])
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(
    drip: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_SECONDS", 1)
    monkeypatch.setattr(inbox, "ATTEMPTS", 1)
    began = time.monotonic()
    with _server(drip) as url, pytest.raises(InboxError, match="after 1 seconds"):
        open_inbox(url).arrivals()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "index",
    [
        b'{"files": [{"name": "a.xlsx", "sha256": "' + b"0" * 64 + b'"}]}',
        b'{"files": [{"name": "a.xlsx", "sha256": "0", "size": 1}]}',
        b'{"files": [{"name": "a.xlsx", "sha256": "' + b"0" * 64 + b'", "size": -1}]}',
        b'{"files": {}}',
        b"[" * 100_000,
        b"<html>",
        b'{"files": [{"name": 3}]}',
    ],
)
def test_a_wrong_index_is_explained(index: bytes) -> None:
    def answer(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(index) + index)

    with _server(answer) as url, pytest.raises(InboxError, match="correct"):
        open_inbox(url).arrivals()


def test_a_pass_that_died_is_taken_up_and_the_file_that_ends_it_twice_is_set_aside(
    box: Path, archive: Archive, raw: RawZone
) -> None:
    (box / "0-deadly.xlsx").write_bytes(b"deadly")
    (deadly, _) = open_inbox(box).arrivals()
    key = f"{deadly.name}|{deadly.size}|{deadly.received_at}"
    journal = Journal(raw.root / "_received.journal")
    journal.begin("b.xlsx")
    earlier = {"artifact_sha256": "0" * 64, "name": "b.xlsx", "size_bytes": 1, "received_at": deadly.received_at}
    journal.end("b.xlsx", [earlier | {"outcome": "received", "period": None}])
    for _ in range(MAX_UNFINISHED):
        Journal(raw.root / "_received.journal").begin(key)
    with (raw.root / "_received.journal").open("a") as cut_off:
        cut_off.write('{"file": "c.xl')
    outcome = receive(open_inbox(box), archive, raw)
    assert [name for name, _ in outcome.refused] == ["0-deadly.xlsx"]
    assert _fates(raw) == {"b.xlsx": "received", NAME: "received", "0-deadly.xlsx": "rejected"}
    assert raw.read("_received").num_rows == 2
    receive(open_inbox(box), archive, raw)
    assert raw.read("_received").num_rows == 2
