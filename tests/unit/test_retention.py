"""Which releases are kept and why, and that a removal killed at any point leaves whole releases only."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import Timeout
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.lock import BusyError, only_writer
from orchestration.pruning import PrunedReleases, prune
from orchestration.settings import Settings, read_settings
from tests.kills import Killed, killed_at
from warehouse.layout import Layout
from warehouse.release import ReleaseError, list_releases
from warehouse.release.citations import citations
from warehouse.release.folders import damaged_folders, seal
from warehouse.release.retention import Policy, freed_by_removing, judge, remove, size_of

TODAY = date(2024, 6, 30)


def make_release(layout: Layout, name: str, *, like: Path | None = None, sealed: bool = False) -> Path:
    """A folder with the files of a release; with ``like`` its table is a link to that of another one."""
    folder = layout.releases / name
    (folder / "parquet").mkdir(parents=True)
    (folder / "marts.duckdb").write_bytes(name.encode() * 1000)
    table = folder / "parquet" / "fct_x.parquet"
    if like:
        os.link(like / "parquet" / "fct_x.parquet", table)
    else:
        table.write_bytes(b"rows" * 5000)
    described = {"version": name, "resources": [], "contentHash": "sha256:0", "inputsFingerprint": "0"}
    (folder / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    if sealed:
        seal(folder)
    return folder


def point_to(layout: Layout, name: str) -> None:
    layout.current.unlink(missing_ok=True)
    layout.current.symlink_to(f"releases/{name}")


@pytest.fixture(autouse=True)
def _no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Two releases a day for 100 days, the newest current."""
    made = Layout(tmp_path / "home")
    for ago in range(100):
        day = TODAY - timedelta(days=ago)
        for number in (1, 2):
            make_release(made, f"{day:%Y.%m.%d}-{number}")
    point_to(made, f"{TODAY:%Y.%m.%d}-2")
    return made


def kept(layout: Layout, policy: Policy, today: date = TODAY, **cited: list[str]) -> dict[str, tuple[str, ...]]:
    named = {name.replace("_", ".").removeprefix("r").replace("n", "-"): places for name, places in cited.items()}
    return {v.name: v.reasons for v in judge(layout, policy, today, named) if v.reasons}


def test_the_last_days_the_last_of_each_month_and_what_is_cited_are_kept(layout: Layout) -> None:
    found = kept(layout, Policy(days=3), r2024_05_10n1=["citations.csv"])
    assert found == {
        "2024.03.31-2": ("last of its month",),
        "2024.04.30-2": ("last of its month",),
        "2024.05.10-1": ("cited in citations.csv",),
        "2024.05.31-2": ("last of its month",),
        "2024.06.28-1": ("last 3 days",),
        "2024.06.28-2": ("last 3 days",),
        "2024.06.29-1": ("last 3 days",),
        "2024.06.29-2": ("last 3 days",),
        "2024.06.30-1": ("newest releases", "last 3 days"),
        "2024.06.30-2": ("linked by current", "newest releases", "last 3 days", "last of its month"),
    }
    assert "2024.03.31-2" not in kept(layout, Policy(days=3, months=3))


def test_links_into_a_release_keep_it(layout: Layout) -> None:
    (layout.home / "public").symlink_to("releases/2024.04.02-1/public")
    point_to(layout, "2024.04.01-1")
    found = kept(layout, Policy(days=1))
    assert found["2024.04.01-1"] == ("linked by current",)
    assert found["2024.04.02-1"] == ("linked by public",)
    with pytest.raises(ReleaseError, match="readers open it"):
        remove(layout, ["2024.04.02-1"])


def test_a_clock_that_is_wrong_removes_nothing_of_the_last_days(layout: Layout) -> None:
    right = kept(layout, Policy(days=31))
    assert kept(layout, Policy(days=31), date(2099, 1, 1)) == right
    make_release(layout, "2099.01.01-1")
    assert {*right} <= {*kept(layout, Policy(days=31))}


def test_a_month_keeps_its_last_complete_release(layout: Layout) -> None:
    for path in (layout.releases / "2024.05.31-2").iterdir():
        if path.is_file():
            path.parent.chmod(0o700)
            path.unlink()
    assert "2024.05.31-1" in kept(layout, Policy(days=3))


@settings(max_examples=40, deadline=None)
@given(
    names=st.sets(
        st.builds(
            lambda day, n: f"{day:%Y.%m.%d}-{n}",
            st.dates(date(2020, 1, 1), date(2021, 12, 31)), st.integers(1, 12),
        ),
        min_size=1, max_size=20,
    ),
    days=st.integers(1, 400), months=st.none() | st.integers(1, 30),
)  # fmt: skip
def test_what_is_kept_is_kept_again(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], days: int, months: int | None
) -> None:
    """Pruning twice is pruning once, the newest release stays, and every month of the policy keeps one."""
    layout = Layout(tmp_path_factory.mktemp("home"))
    for name in names:
        make_release(layout, name)
    policy = Policy(days, months)
    first = kept(layout, policy, date(2022, 1, 1))
    remove(layout, names - first.keys())
    assert kept(layout, policy, date(2022, 1, 1)) == first
    assert {name[:7] for name in first} >= {*sorted({name[:7] for name in names})[-(months or 99) :]}


def test_citations_are_found_in_any_text_and_in_office_documents(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("release,reason\n2024.05.10-1,bulletin, not 12024.05.10-2\n")
    (tmp_path / "b.bin").write_bytes(b"x" * ((1 << 20) - 5) + b" 2024.05.11-12 ")
    (tmp_path / "sub").mkdir()
    with zipfile.ZipFile(tmp_path / "sub" / "c.docx", "w", zipfile.ZIP_DEFLATED) as document:
        document.writestr("word/document.xml", "<w:t>phát hành 2024.05.12-1</w:t>")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no zip")
    found = citations([tmp_path / "a.csv", tmp_path, tmp_path / "nowhere"])
    assert {name: sorted(Path(p).name for p in places) for name, places in found.items()} == {
        "2024.05.10-1": ["a.csv"], "2024.05.11-12": ["b.bin"], "2024.05.12-1": ["c.docx"],
    }  # fmt: skip


def test_a_shared_file_is_freed_with_its_last_release(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "home")
    one = make_release(layout, "2024.01.01-1", sealed=True)
    two = make_release(layout, "2024.01.02-1", like=one, sealed=True)
    alone, both = freed_by_removing([one]), freed_by_removing([one, two])
    assert both.bytes == size_of([one, two]).bytes
    shared = (one / "parquet" / "fct_x.parquet").stat().st_blocks * 512
    assert alone.bytes == size_of([one]).bytes - shared
    remove(layout, [one.name])
    assert (two / "parquet" / "fct_x.parquet").read_bytes() == b"rows" * 5000


def test_a_file_of_an_earlier_public_part_stays_readable_when_it_is_shared(tmp_path: Path) -> None:
    earlier, later = tmp_path / "earlier", tmp_path / "later"
    (earlier / "public").mkdir(parents=True)
    later.mkdir()
    (earlier / "public" / "dim.parquet").write_bytes(b"rows")
    seal(earlier)
    os.link(earlier / "public" / "dim.parquet", later / "dim.parquet")
    (later / "fct.parquet").write_bytes(b"rows of persons")
    seal(later)
    assert (earlier / "public" / "dim.parquet").stat().st_mode & 0o777 == 0o444
    assert (later / "fct.parquet").stat().st_mode & 0o777 == 0o440


def test_a_removal_that_is_killed_leaves_whole_releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(tmp_path / "home")
    names = ["2024.01.01-1", "2024.01.02-1", "2024.01.03-1"]
    for name in names:
        make_release(layout, name, sealed=True)
    point_to(layout, names[-1])
    kills = 0
    while True:
        try:
            with killed_at(kills, monkeypatch):
                remove(layout, names[:2])
            break
        except Killed:
            kills += 1
        assert damaged_folders(layout) == ()
        left = [release.name for release in list_releases(layout)]
        assert left == names[len(names) - len(left) :], "the oldest goes first"
        for name in set(names[:2]) - set(left):
            make_release(layout, name, sealed=True)
    assert kills > 10
    assert [path.name for path in layout.releases.iterdir() if path.is_dir()] == names[-1:]


def configured(layout: Layout, monkeypatch: pytest.MonkeyPatch, **more: str) -> Settings:
    monkeypatch.setenv("HTX_HOME", str(layout.home))
    for name, value in more.items():
        monkeypatch.setenv(f"HTX_{name.upper()}", value)
    return read_settings()


def prune_releases(settings: Settings, *, dry_run: bool = False) -> PrunedReleases:
    return prune(settings, None, dry_run=dry_run).releases


def test_pruning_reads_the_settings_and_the_places_that_cite(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    layout.citations.write_text("release,reason\n2024.05.10-1,bulletin of May\n2020.01.01-1,old\n", encoding="utf-8")
    receipt = layout.receipts / "46" / "2024-05" / "a.json"
    receipt.parent.mkdir(parents=True)
    receipt.write_text('{"release": "2024.05.11-2"}', encoding="utf-8")
    settings = configured(layout, monkeypatch, keep_days="2", keep_months="1")
    planned = prune_releases(settings, dry_run=True)
    assert len(list_releases(layout)) == 200
    done = prune_releases(settings)
    assert done == planned
    assert [release.name for release in list_releases(layout)] == [
        "2024.05.10-1", "2024.05.11-2", "2024.06.29-1", "2024.06.29-2", "2024.06.30-1", "2024.06.30-2",
    ]  # fmt: skip
    assert done.missing == ("2020.01.01-1",)
    assert prune_releases(settings).removed == ()


def test_pruning_waits_for_a_run_and_needs_every_place(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        prune_releases(configured(layout, monkeypatch, cited_in="/nowhere/reports"))
    settings = configured(layout, monkeypatch, cited_in="")
    monkeypatch.setattr("orchestration.lock.writer_lock", lambda layout: _Held())
    with pytest.raises(BusyError), only_writer(layout):
        pass
    with pytest.raises(BusyError):
        prune_releases(settings)
    assert len(list_releases(layout)) == 200


class _Held:
    def acquire(self, timeout: float) -> None:
        raise Timeout("held")
