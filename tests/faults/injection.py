"""Faults at every operation of a run: one is injected, then an undisturbed run of the same home must make it good.

``python -m tests.faults.injection FOLDER PORTAL CASES`` runs the stages of the pipeline in one process, without
Dagster and dbt, on small inputs: receive, read, collect a portal, read its pages, build, audit, publish. An operation
is a write, a rename, a sync, a link, a connection or a new process of Python code, or a file of DuckDB or Arrow.
CASES is "all" or how many. Prints a line of JSON per case; each case is a process of its own.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import pyarrow.parquet as pq

from expectations.audit import run_audit
from ingestion import guarded
from ingestion.archive import Archive
from ingestion.news.reading import read_pages
from ingestion.portals.collect import collect_portal
from ingestion.portals.fetch import FetchPolicy
from ingestion.portals.portals import Portal
from ingestion.raw_zone import RawZone
from ingestion.submissions import intake, receiving
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.reader import WorkbookReading, read_workbook
from orchestration.failures import explained
from orchestration.lock import only_writer
from orchestration.verification import repair_home, verify
from tests.unit.residual_build import Residual, write_build
from tests.unit.test_release import add_marts
from warehouse.connections import connect_build
from warehouse.layout import PROJECT_ROOT, Layout
from warehouse.release import publish, writing
from warehouse.release.folders import usable

KEY = b"synthetic people of the tests"
RESIDUALS = [Residual("stock_identity.closing", 148, 148), Residual("fair.booths", 352, 360)]
LIMITS = FetchPolicy(pause_seconds=0.0, retries=0, breaker_faults=99, read_seconds=5.0, allow_private=True)
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
FAULTS = ("kill", *ERRORS, "truncate")
#: Audit events of the interpreter that are operations, by name.
OPERATIONS = {
    "os.rename": "rename", "os.link": "link", "os.symlink": "link", "os.mkdir": "mkdir", "os.remove": "remove",
    "os.chmod": "chmod", "shutil.copyfile": "write", "tempfile.mkstemp": "write", "socket.connect": "connect",
    "sqlite3.connect": "connect", "subprocess.Popen": "process", "os.fork": "process", "os.posix_spawn": "process",
}  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Injector:
    """Counts operations; at the operation ``at`` it injects ``fault``. A full disk stays full."""

    def __init__(self, home: Path, at: int = -1, fault: str = "") -> None:
        self.home, self.at, self.fault = str(home), at, fault
        #: Kind of each operation, and the lines of the project that called it.
        self.seen: list[tuple[str, str]] = []
        self._cut: str | None = None
        self._busy = False

    def arm(self) -> None:
        """From now on, for the rest of this process."""
        sys.addaudithook(self._audited)
        _wrap(os, "fsync", lambda *_: self.operation("sync", ""))
        _wrap(pq, "write_table", lambda _, path, **__: self.operation("write", str(path)))
        _wrap(duckdb, "connect", lambda path=":memory:", **_: self.operation("connect", str(path)))
        _wrap(writing, "write_table", lambda *arguments: self.operation("write", str(arguments[3])))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str | bytes) and (flags or 0) & _WRITING and os.fsdecode(path).startswith(self.home):
                self.operation("write", os.fsdecode(path))
        elif event in OPERATIONS:
            path = str(arguments[0]) if arguments else ""
            if OPERATIONS[event] in ("connect", "process") or path.startswith(self.home):
                self.operation(OPERATIONS[event], path)

    def operation(self, kind: str, path: str) -> None:
        """Note an operation, and inject what is due."""
        if self._busy:
            return
        self._busy = True
        try:
            if self._cut is not None:
                _cut(self._cut)
                os.kill(os.getpid(), signal.SIGKILL)
            number = len(self.seen)
            self.seen.append((kind, _place()))
            if number == self.at:
                self._inject(path)
            elif self.fault == "ENOSPC" and 0 <= self.at < number and kind in ("write", "mkdir", "link"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        finally:
            self._busy = False

    def _inject(self, path: str) -> None:
        if self.fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self.fault == "truncate":
            # The file has what was written before the next operation; then half of it is lost, and the run ends.
            self._cut = path
        else:
            number = ERRORS[self.fault]
            raise OSError(number, os.strerror(number), path)


def _place() -> str:
    """The lines of the project that lead to the present operation, the innermost first."""
    lines = []
    for frame, number in traceback.walk_stack(sys._getframe(2)):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PROJECT_ROOT) and "tests" not in path.parts and ".venv" not in path.parts:
            lines.append(f"{path.relative_to(PROJECT_ROOT)}:{number}")
    return " ".join(lines[:3])


def _cut(path: str) -> None:
    if path and os.path.isfile(path):  # noqa: PTH113 - a path of any form
        os.chmod(path, 0o600)  # noqa: PTH101
        os.truncate(path, os.path.getsize(path) // 2)  # noqa: PTH202


def _wrap(module: Any, name: str, note: Callable[..., None]) -> None:
    original = getattr(module, name)

    def noted(*arguments: Any, **named: Any) -> Any:
        note(*arguments, **named)
        return original(*arguments, **named)

    setattr(module, name, noted)


# -- one run --------------------------------------------------------------------------------------------------------


class _Inline:
    """Replaces the guarded process: calls the function directly."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    def close(self) -> None:
        pass

    def __enter__(self) -> _Inline:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@cache
def _read_once(data: bytes, key: bytes | None) -> WorkbookReading:
    return read_workbook(data, key)


def prepare_process() -> None:
    """Read equal bytes once, in this process."""
    guarded.Guarded = intake.Guarded = receiving.Guarded = _Inline  # type: ignore[assignment,misc]
    intake.reader_pool = ThreadPoolExecutor  # type: ignore[assignment]
    guarded.page_reader.cache_clear()
    intake.read_workbook = lambda data, key, *_, **__: _read_once(data, key)  # type: ignore[assignment]


def one_run(layout: Layout, portal: str) -> None:
    """All stages, in the order of ``htx run``."""
    layout.prepare()
    archive, raw_zone = Archive(layout.archive), RawZone(layout.raw)
    with only_writer(layout):
        repair_home(layout)
        receiving.receive(open_inbox(layout.inbox), archive, raw_zone, receipts=layout.receipts)
        collect_portal(
            Portal(name="mau", base_url=portal, kind="generic"), archive=archive, raw_zone=raw_zone, policy=LIMITS
        )
        read_pages(archive=archive, raw_zone=raw_zone)
        intake.read_submissions(None, archive, raw_zone, key=KEY, workers=1, receipts=layout.receipts)
        write_build(layout, RESIDUALS)
        add_marts(layout)
        _add_rows(layout)
        with connect_build(layout) as connection:
            verdict = dict(run_audit(connection, layout.audit).summary)
        publish(layout, audit_json=verdict, inputs_fingerprint=raw_zone.fingerprint(), today=date(2021, 12, 2))


def _add_rows(layout: Layout) -> None:
    """A mart of all rows of the raw zone, so that a lost one changes the content of the release."""
    raw = layout.raw
    with duckdb.connect(str(layout.database)) as con:
        con.execute(
            f"""
            create table marts.fct_row as
            with read as (select * from read_parquet('{raw}/_artifacts/*.parquet'))
            select name, outcome, rows_loaded, '' as said from read
            union all
            select name, outcome, size_bytes, '' from (select distinct * exclude (batch_id) from
                read_parquet('{raw}/_received/*.parquet'))
            union all
            select sheet, form, row_number, closing_count::varchar from read_parquet('{raw}/bieu_01/*.parquet')
            where batch_id in (select batch_id from read)
            union all
            select title, portal, word_count, body from read_parquet('{raw}/news_article/*.parquet')
            where batch_id in (select batch_id from read)
            """
        )


def state(layout: Layout) -> dict[str, Any]:
    """What must be equal after an undisturbed run: the content of the release, and a row for each file."""
    release = usable(layout.current)
    rows = RawZone(layout.raw).read("_received", columns=["name", "outcome"]).to_pylist()
    read = RawZone(layout.raw).read("_artifacts", columns=["name", "outcome"]).to_pylist()
    return {
        "content": release.content_sha256 if release else None,
        "received": sorted({(row["name"], row["outcome"]) for row in rows}),
        "read": sorted({(row["name"], row["outcome"]) for row in read}),
        "damaged": [f"{damage.where} {damage.what}" for damage in verify(layout)],
    }


# -- cases ----------------------------------------------------------------------------------------------------------


def _child(work: Callable[[], Any], answer: Path, watch: Callable[[], None]) -> int:
    """The exit code of a forked process that does ``work``; its result goes to ``answer``."""
    answer.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        _work(work, answer)
    while True:
        watch()
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)


def _work(work: Callable[[], Any], answer: Path) -> NoReturn:
    code = 0
    try:
        answer.write_text(json.dumps(work()), encoding="utf-8")
    except Exception as error:  # noqa: BLE001 - every error is judged: it must have a sentence for a person
        code = 3
        said = {"error": explained(error), "trace": traceback.format_exc()[-2500:]}
        answer.write_text(json.dumps(said), encoding="utf-8")
    os._exit(code)


def run_case(folder: Path, portal: str, at: int, fault: str, expected: dict[str, Any]) -> list[str]:
    """What went wrong in one case; empty if nothing did."""
    home, answer = folder / "case", folder / "answer.json"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(folder / "template", home, symlinks=True)
    layout = Layout(home)
    problems: list[str] = []

    def watch() -> None:
        release = usable(layout.current)
        if release is None or release.content_sha256 not in (expected["before"], expected["content"]):
            problems.append("a reader saw no whole release")

    def disturbed() -> None:
        injector = Injector(home, at, fault)
        injector.arm()
        one_run(layout, portal)

    code = _child(disturbed, answer, watch)
    if code == 3:
        said = json.loads(answer.read_text(encoding="utf-8"))
        if not said["error"]:
            problems.append(f"no sentence for a person: {said['trace']}")
    elif code not in (0, -signal.SIGKILL):
        problems.append(f"the disturbed run ended with {code}")

    def undisturbed() -> dict[str, Any]:
        one_run(layout, portal)
        return state(layout)

    code = _child(undisturbed, answer, watch)
    found = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
    if code:
        problems.append(f"the next run ended with {code}: {found.get('trace')}")
    else:
        problems += [
            f"{part}: {found[part]} instead of {expected[part]}"
            for part in ("content", "received", "read", "damaged")
            if found[part] != expected[part]
        ]
    return sorted(set(problems))


def chosen(operations: list[tuple[str, str]], count: int | None) -> Iterator[tuple[int, str]]:
    """Every fault at the first and the last operation of each place in the code; or ``count`` of these cases.

    These are the kinds of operation in turn, each time at the next place and with the next fault.
    """
    of_place: dict[tuple[str, str], list[int]] = {}
    for at, operation in enumerate(operations):
        of_place.setdefault(operation, []).append(at)
    ends = {operation: sorted({found[0], found[-1]}) for operation, found in of_place.items()}
    if count is None:
        yield from ((at, fault) for found in ends.values() for at in found for fault in FAULTS)
        return
    of_kind: dict[str, list[int]] = {}
    for (kind, _), found in ends.items():
        of_kind.setdefault(kind, []).extend(found)
    kinds = sorted(of_kind)
    for number in range(count):
        turn, kind = number // len(kinds), kinds[number % len(kinds)]
        # Steps of 7 visit all parts of a run early.
        yield of_kind[kind][(number + turn) * 7 % len(of_kind[kind])], FAULTS[(number + turn) % len(FAULTS)]


def main(folder: Path, portal: str, cases: str) -> None:
    """Count the operations of a run, then run the cases."""
    prepare_process()
    answer = folder / "answer.json"
    template, reference = Layout(folder / "template"), Layout(folder / "reference")
    inboxes = {name: {p.name: p for p in (folder / name).iterdir()} for name in ("first", "second")}
    for path in (*inboxes["first"].values(), *inboxes["second"].values()):
        _read_once(path.read_bytes(), KEY)

    def setup() -> str:
        template.prepare()
        shutil.copytree(folder / "first", template.inbox, dirs_exist_ok=True)
        one_run(template, portal)
        shutil.copytree(folder / "second", template.inbox, dirs_exist_ok=True)
        release = usable(template.current)
        return release.content_sha256 if release else ""

    def count() -> dict[str, Any]:
        injector = Injector(reference.home)
        injector.arm()
        one_run(reference, portal)
        operations = list(injector.seen)
        return state(reference) | {"operations": operations}

    if _child(setup, answer, lambda: None):
        raise SystemExit(answer.read_text(encoding="utf-8"))
    before = json.loads(answer.read_text(encoding="utf-8"))
    shutil.copytree(template.home, reference.home, symlinks=True)
    if _child(count, answer, lambda: None):
        raise SystemExit(answer.read_text(encoding="utf-8"))
    expected = json.loads(answer.read_text(encoding="utf-8")) | {"before": before}
    operations = [(kind, place) for kind, place in expected["operations"]]
    sys.stdout.write(json.dumps(expected) + "\n")
    for at, fault in chosen(operations, None if cases == "all" else int(cases)):
        problems = run_case(folder, portal, at, fault, expected)
        kind, place = operations[at]
        line = {"at": at, "operation": kind, "place": place, "fault": fault, "problems": problems}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
