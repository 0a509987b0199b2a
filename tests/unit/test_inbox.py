"""Inboxes: a folder, a remote file system, an HTTP index with faults: each file is received once and complete."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions import inbox as inboxes
from ingestion.submissions import intake
from ingestion.submissions.inbox import InboxError, open_inbox
from ingestion.submissions.receiving import receive
from tests.conftest import KEY
from tests.workbooks import workbook


@dataclass
class Mailroom:
    """A loopback server with an index of files, and the faults that tests plant."""

    files: dict[str, bytes] = field(default_factory=dict)
    token: str | None = None
    #: Break the connection after so many bytes of a file, once for each name.
    breaks: dict[str, int] = field(default_factory=dict)
    busy: int = 0
    lies: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def index(self) -> bytes:
        entries = [
            {
                "name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                "received_at": "2021-12-03T02:30:00", **self.lies.get(name, {}),
            }
            for name, data in self.files.items()
        ]  # fmt: skip
        return json.dumps({"files": entries}).encode()


@pytest.fixture
def mailroom(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    room = Mailroom()
    monkeypatch.setattr(inboxes.time, "sleep", lambda _: None)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            room.asked.append((self.path, self.headers.get("Range")))
            if room.token and self.headers.get("Authorization") != f"Bearer {room.token}":
                self.send_error(401)
                return
            if room.busy:
                room.busy -= 1
                self.send_response(503)
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            name = self.path.rpartition("/")[2]
            data = room.index() if name == "index.json" else room.files.get(name)
            if data is None:
                self.send_error(404)
                return
            start = int(self.headers.get("Range", "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            end = room.breaks.pop(name, None)
            self.wfile.write(data[start:end])
            if end is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    room.url = f"http://127.0.0.1:{server.server_port}/box/index.json"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield room
    server.shutdown()
    server.server_close()


@pytest.fixture
def zone(tmp_path: Path) -> tuple[Archive, RawZone, Path]:
    return Archive(tmp_path / "archive"), RawZone(tmp_path / "raw"), tmp_path / "partial"


TOKEN = "-".join(["made", "up"])
Zone = tuple[Archive, RawZone, Path]


def test_http_files_are_had_once(mailroom: Mailroom, zone: Zone) -> None:
    archive, raw, partial = zone
    mailroom.files = {"a.xlsx": workbook(), "b.xlsx": workbook(code="25")}
    mailroom.token = TOKEN
    box = open_inbox(mailroom.url, token=TOKEN, partial=partial)
    first = receive(box, archive, raw)
    assert (first.new, first.refused) == (2, [])
    assert {row["received_at"].isoformat() for row in raw.read("_received").to_pylist()} == {"2021-12-03T02:30:00"}
    mailroom.asked.clear()
    again = receive(box, archive, raw)
    assert (again.new, again.known) == (0, 2)
    assert [path for path, _ in mailroom.asked] == ["/box/index.json"]
    assert intake.read_submissions(None, archive, raw, key=KEY).artifacts == 2


def test_an_interrupted_download_resumes(mailroom: Mailroom, zone: Zone) -> None:
    archive, raw, partial = zone
    data = workbook()
    mailroom.files, mailroom.breaks, mailroom.busy = {"a.xlsx": data}, {"a.xlsx": 9_000}, 2
    outcome = receive(open_inbox(mailroom.url, partial=partial), archive, raw)
    assert (outcome.new, outcome.refused) == (1, [])
    assert archive.open(hashlib.sha256(data).hexdigest()) is not None
    assert ("/box/a.xlsx", "bytes=9000-") in mailroom.asked
    assert not list(partial.iterdir())
    assert partial.stat().st_mode & 0o077 == 0


def test_what_a_killed_run_had_is_not_asked_for_again(mailroom: Mailroom, zone: Zone) -> None:
    archive, raw, partial = zone
    data = workbook()
    mailroom.files = {"a.xlsx": data}
    partial.mkdir()
    (partial / f"{hashlib.sha256(data).hexdigest()}.part").write_bytes(data[:5_000])
    assert receive(open_inbox(mailroom.url, partial=partial), archive, raw).new == 1
    assert ("/box/a.xlsx", "bytes=5000-") in mailroom.asked


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"sha256": "0" * 64}, "the index says"),
        ({"size": 10}, "more than the 10 bytes"),
        ({"url": "missing.xlsx"}, "404"),
    ],
)
def test_a_file_that_is_not_what_the_index_says_is_refused_and_the_others_are_had(
    lie: dict[str, Any], said: str, mailroom: Mailroom, zone: Zone
) -> None:
    archive, raw, partial = zone
    mailroom.files = {"a.xlsx": workbook(), "b.xlsx": workbook(code="25")}
    mailroom.lies = {"a.xlsx": lie}
    outcome = receive(open_inbox(mailroom.url, partial=partial), archive, raw)
    ((name, reason),) = outcome.refused
    assert (outcome.new, name) == (1, "a.xlsx")
    assert said in reason


def test_a_wrong_token_and_a_foreign_host_are_reported(mailroom: Mailroom, zone: Zone) -> None:
    mailroom.token = TOKEN
    with pytest.raises(InboxError, match="HTX_INBOX_TOKEN"):
        open_inbox(mailroom.url, token=TOKEN[::-1]).arrivals()
    mailroom.token, mailroom.files = None, {"a.xlsx": b"x"}
    mailroom.lies = {"a.xlsx": {"url": "http://192.0.2.1/a.xlsx"}}
    with pytest.raises(InboxError, match="another host"):
        open_inbox(mailroom.url).arrivals()


def test_an_address_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes.time, "sleep", lambda _: None)
    with pytest.raises(InboxError, match="does not answer"):
        open_inbox("http://127.0.0.1:1/index.json").arrivals()


def test_a_far_file_system_through_fsspec(zone: Zone) -> None:
    archive, raw, _ = zone
    memory = fsspec.filesystem("memory")
    memory.pipe({"/mail/2021/a.xlsx": workbook(), "/mail/~$a.xlsx": b"lock", "/mail/b.xlsx": workbook(code="25")})
    box = open_inbox("memory://mail")
    assert [a.name for a in box.arrivals()] == ["2021/a.xlsx", "b.xlsx"]
    assert receive(box, archive, raw).new == 2
    memory.rm("/mail/b.xlsx")
    memory.pipe("/mail/c.xlsx", workbook(revision=2))
    again = receive(box, archive, raw)
    assert (again.new, again.known) == (1, 1)
    memory.rm("/mail", recursive=True)
    with pytest.raises(InboxError, match="not a folder"):
        box.arrivals()


def test_a_kind_that_nobody_knows() -> None:
    with pytest.raises(InboxError, match="fsspec"):
        open_inbox("gopher://mail")


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as container:
        for name, data in members.items():
            container.writestr(name, data)
    return target.getvalue()


def test_a_zip_of_workbooks_is_unpacked_and_each_is_an_artifact(tmp_path: Path, zone: Zone) -> None:
    archive, raw, _ = zone
    inner = _zip(**{"Quý/../../b.xlsx": workbook(code="25")})
    data = _zip(**{"a.xlsx": workbook(), "thêm.zip": inner, "~$a.xlsx": b"lock", "readme.txt": b"x"})
    box = tmp_path / "inbox"
    box.mkdir()
    (box / "all.zip").write_bytes(data)
    outcome = receive(open_inbox(box), archive, raw)
    rows = {row["name"]: row["outcome"] for row in raw.read("_received").to_pylist()}
    assert rows == {
        "all.zip": "unpacked", "all.zip/a.xlsx": "received", "all.zip/thêm.zip/Quý/../../b.xlsx": "received",
        "all.zip/readme.txt": "received",
    }  # fmt: skip
    assert outcome.new == 4
    reading = intake.read_submissions(None, archive, raw, key=KEY)
    assert (reading.artifacts, [name for name, _ in reading.rejected]) == (3, ["all.zip/readme.txt"])
    assert receive(open_inbox(box), archive, raw).new == 0


def test_a_zip_that_expands_without_end_is_kept_whole_and_refused(tmp_path: Path, zone: Zone) -> None:
    archive, raw, _ = zone
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("a.xlsx", b"\0" * 300_000_000)
    box = tmp_path / "inbox"
    box.mkdir()
    (box / "bomb.zip").write_bytes(target.getvalue())
    receive(open_inbox(box), archive, raw)
    reading = intake.read_submissions(None, archive, raw, key=KEY)
    assert [name for name, _ in reading.rejected] == ["bomb.zip"]
