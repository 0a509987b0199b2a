"""A damaged home is repaired where that is possible, and reported in a sentence where it is not."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.archive import Archive
from ingestion.raw_zone import DamagedRawError, RawZone
from ingestion.submissions import intake
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.receiving import receive
from orchestration.home import HomeError, check_home
from orchestration.lock import BusyError, only_writer
from orchestration.progress import listening
from orchestration.verification import repair_home, verify
from tests.conftest import KEY
from tests.unit.test_release import COUNTS, RESIDUALS, add_marts, audited, layout_in, publish_now, write_build
from tests.workbooks import workbook
from warehouse.files import remove_tree
from warehouse.layout import Layout
from warehouse.release import current_release, list_releases

NAME = "LMHTX-01-2021-11-L1.xlsx"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A home with one workbook read and one release."""
    built = layout_in(tmp_path)
    write_build(built, RESIDUALS)
    add_marts(built)
    publish_now(built, audited(built))
    built.inbox.mkdir(exist_ok=True)
    (built.inbox / NAME).write_bytes(workbook())
    receive(open_inbox(built.inbox), Archive(built.archive), RawZone(built.raw))
    _read(built)
    return built


def _read(layout: Layout) -> intake.ReadingOutcome:
    return intake.read_submissions(None, Archive(layout.archive), RawZone(layout.raw), key=KEY, workers=1)


def _found(layout: Layout, *, repair: bool = False) -> list[str]:
    return [f"{Path(damage.where).name}: {damage.what}" for damage in verify(layout, repair=repair)]


def _htx(layout: Layout, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        env={"HTX_HOME": str(layout.home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_undamaged_home_has_no_findings(layout: Layout) -> None:
    assert _found(layout) == []
    assert _htx(layout, "verify").returncode == 0


def test_swapped_bytes_of_the_archive_are_set_aside_and_received_again(layout: Layout) -> None:
    archive = Archive(layout.archive)
    (path,) = (p for p in layout.archive.rglob("*") if p.is_file())
    path.chmod(0o600)
    path.write_bytes(workbook(code="25"))
    assert _found(layout) == [f"{path.name}: holds other bytes than were received"]
    assert _htx(layout, "verify").returncode == 1
    assert len(_found(layout, repair=True)) == 2, "set aside, and missing until the file is received again"
    receive(open_inbox(layout.inbox), archive, RawZone(layout.raw))
    assert archive.open(path.name) == workbook()
    assert _found(layout) == []


def test_a_truncated_raw_file_is_read_again_from_the_archive(layout: Layout) -> None:
    raw = RawZone(layout.raw)
    before = {table.name: raw.read(table.name).num_rows for table in layout.raw.glob("bieu_*")}
    (path,) = (layout.raw / "bieu_01").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DamagedRawError, match=path.name):
        raw.read("bieu_01")
    assert _found(layout) == [f"{path.name}: cannot be read"]
    _found(layout, repair=True)
    assert _read(layout).artifacts == 1
    assert {table.name: raw.read(table.name).num_rows for table in layout.raw.glob("bieu_*")} == before
    assert _found(layout) == []


def test_a_link_that_points_nowhere_and_half_a_release_do_not_stop_a_command(layout: Layout) -> None:
    released = current_release(layout)
    assert released is not None
    (layout.releases / "2999.01.01-1").mkdir()
    layout.current.unlink()
    layout.current.symlink_to("releases/nowhere")
    for command in (["status"], ["anomalies", "--summary"], ["query", "select 1"], ["diff"], ["verify"]):
        ended = _htx(layout, *command)
        assert "Traceback" not in ended.stderr + ended.stdout, command
        assert ended.returncode in (0, 1, 2), (command, ended.stderr)
    assert "htx verify --repair" in _htx(layout, "query", "select 1").stderr
    assert [release.name for release in list_releases(layout)] == [released.name]
    assert _found(layout, repair=True) == ["2999.01.01-1: is not a complete release", "current: points to no release"]
    assert _found(layout) == []
    repaired = current_release(layout)
    assert repaired is not None and repaired.name == released.name


def test_a_changed_file_of_a_release_is_found(layout: Layout) -> None:
    released = current_release(layout)
    assert released is not None
    path = released.path / "audit.json"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"true", b"TRUE"))
    assert _found(layout) == ["audit.json: is missing or differs from its hash in datapackage.json"]
    remove_tree(released.path)
    assert [finding for finding in _found(layout) if "release" in finding] == []


def test_a_truncated_file_of_the_current_release_takes_it_out_of_use(layout: Layout) -> None:
    first = current_release(layout)
    assert first is not None
    add_marts(layout, COUNTS.replace("189", "190"))
    second = publish_now(layout, audited(layout))
    path = second.path / "changes.md"
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    assert "points to no usable release" in _htx(layout, "status").stderr
    (said,) = repair_home(layout)
    assert said.endswith(f"it now points to {first.name}.")
    # The content is that of the damaged one, which is neither used again nor changed.
    assert publish_now(layout, audited(layout)).name == "2021.12.02-3"
    assert check_home(layout) == [] == repair_home(layout)


def test_what_a_run_repairs_before_it_starts(layout: Layout) -> None:
    (layout.releases / "2999.01.01-1").mkdir()
    layout.current.unlink()
    path = next((layout.raw / "bieu_01").glob("*.parquet"))
    path.unlink()
    (layout.dagster / "runs.db").write_bytes(b"no database")
    (layout.raw / "bieu_01" / ".half.tmp").write_bytes(b"")
    said = repair_home(layout)
    assert [text.removeprefix(str(layout.home) + "/").split(";")[0] for text in said] == [
        f"raw/bieu_01/{path.name} is missing",
        "dagster/runs.db is no database",
        "current pointed to no usable release",
        "releases/2999.01.01-1 is not a complete release: htx verify --repair removes it.",
    ]
    assert not (layout.dagster / "runs.db").exists() and not (layout.raw / "bieu_01" / ".half.tmp").exists()
    assert _read(layout).artifacts == 1
    assert path.exists() and len(repair_home(layout)) == 1


def test_a_log_that_nothing_can_replace_stops_a_run(layout: Layout) -> None:
    path = next((layout.raw / "_received").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(HomeError, match="restore it from a backup: its rows are in no other file"):
        repair_home(layout)
    ended = _htx(layout, "status")
    assert ended.returncode == 2 and str(path) in ended.stderr and "Traceback" not in ended.stderr


LIMITED = """
import json, resource, sys
from datetime import date
from pathlib import Path
from orchestration.failures import report_failure
from warehouse.layout import Layout
from warehouse.release import publish

home, verdict, size = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
try:
    publish(
        Layout(Path(home)), audit_json=json.loads(Path(verdict).read_text()), inputs_fingerprint="x",
        today=date(2021, 12, 2),
    )
except Exception as error:
    raise SystemExit(report_failure(error)) from None
"""


@pytest.mark.parametrize("size", [0, 4_000, 20_000])
def test_a_file_that_cannot_grow_leaves_the_release_and_is_explained(layout: Layout, tmp_path: Path, size: int) -> None:
    """The limit stops DuckDB's writes in the system, like a full disk, at another byte each time."""
    first = current_release(layout)
    add_marts(layout, COUNTS.replace("189", "190"))
    (tmp_path / "verdict.json").write_text(json.dumps(audited(layout)), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(layout.home), str(tmp_path / "verdict.json"), str(size)],
        env={"HTX_HOME": str(layout.home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 3 and "Traceback" not in ended.stderr, ended.stderr
    assert "may not grow further" in ended.stderr or "the disk is full" in ended.stderr
    assert current_release(layout) == first and check_home(layout) == []
    assert publish_now(layout, audited(layout)).name == "2021.12.02-2"


HOLDING = """
import sys
from pathlib import Path
from orchestration.lock import only_writer
from warehouse.layout import Layout

with only_writer(Layout(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_says_that_it_waits_and_follows(layout: Layout) -> None:
    command = [sys.executable, "-c", HOLDING, str(layout.home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None and first.stdin is not None
        assert first.stdout.readline() == "held\n"
        said: list[str] = []
        with listening(lambda label, *_: said.append(label)):
            with pytest.raises(BusyError, match="another run is writing"), only_writer(layout, 0.2):
                pass
            first.stdin.close()
            with only_writer(layout, 20):
                pass
    assert set(said) == {"Waiting for another run to end"}


@pytest.mark.parametrize("name", ["raw", "archive", "releases", "build", "dagster"])
def test_a_file_in_the_place_of_a_folder_is_explained_before_a_run(layout: Layout, name: str) -> None:
    remove_tree(layout.home / name)
    (layout.home / name).write_text("a file", encoding="utf-8")
    with pytest.raises(HomeError, match=f"{name} is not a folder"):
        check_home(layout, writes=True)


@pytest.mark.parametrize("name", ["current", ".pipeline.lock"])
def test_a_folder_in_the_place_of_a_file_is_explained(layout: Layout, name: str) -> None:
    (layout.home / name).unlink(missing_ok=True)
    (layout.home / name).mkdir()
    with pytest.raises(HomeError, match=name):
        check_home(layout)


@pytest.mark.parametrize(("error", "said"), [(errno.ENOSPC, "No space left"), (errno.EROFS, "Read-only file system")])
def test_a_home_that_cannot_be_written_to_is_explained_before_a_run(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, error: int, said: str
) -> None:
    def refused(**_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr("orchestration.home.tempfile.TemporaryFile", refused)
    with pytest.raises(HomeError, match=f"{said}.*nothing was changed"):
        check_home(layout, writes=True)
    assert check_home(layout) == [], "reading needs no space"


def test_an_empty_release_file_is_explained(layout: Layout) -> None:
    path = layout.current.resolve() / "marts.duckdb"
    path.chmod(0o600)
    path.write_bytes(b"")
    ended = _htx(layout, "query", "select 1")
    assert ended.returncode == 2
    assert "htx verify" in ended.stderr


def test_a_home_that_is_a_file_is_explained_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    ended = _htx(Layout(tmp_path / "home"), "run", "--inbox", str(tmp_path))
    assert ended.returncode == 2 and "is not a folder" in ended.stderr
    assert "Traceback" not in ended.stderr + ended.stdout
