"""Releases: complete or absent, old ones unchanged, refused without a verdict on this build."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations.audit import run_audit
from expectations.personal_data import personal_data_in
from tests.unit.residual_build import Residual, layout_in, write_build
from warehouse.connections import NoReleaseError, connect_build, connect_release, run_query
from warehouse.content import table_content
from warehouse.datapackage import field_type, file_sha256
from warehouse.dictionary import Lineage
from warehouse.differences import TableDifference, changed_keys, differences, release_named
from warehouse.layout import Layout
from warehouse.release import Release, ReleaseError, current_release, list_releases, publish
from warehouse.release.folders import damaged_files

TODAY = date(2021, 12, 2)
RESIDUALS = [Residual("stock_identity.closing", 148, 148), Residual("fair.booths", 352, 360)]
COUNTS = "(1, '2021-11', 189, 1000000.000000), (2, '2021-11', null, 2.5), (3, '2021-10', 7, null)"


def add_marts(layout: Layout, counts: str = COUNTS, *, order: str = "") -> None:
    """Two tables, a view and a table macro in schema marts, as dbt leaves them."""
    with duckdb.connect(str(layout.database)) as con:
        con.execute("drop schema marts cascade; create schema marts")
        con.execute(
            f"""
            create table marts.fct_organisation_count (
                row_key integer primary key, period_code varchar not null,
                founded_count integer, capital_vnd decimal(24, 6)
            );
            insert into marts.fct_organisation_count select * from (values {counts}) {order};
            comment on table marts.fct_organisation_count is 'Số tổ chức / Organisations';
            comment on column marts.fct_organisation_count.founded_count is 'Thành lập mới / Founded';
            create table marts.dim_note (note varchar, tags varchar[], noted_at timestamp, is_open boolean);
            insert into marts.dim_note values
                ('b', ['x', 'y'], '2021-11-30', true), ('a', null, null, false), ('a', [], null, null);
            create view marts.mart_founded as
                select period_code, sum(founded_count) as founded_count
                from warehouse.marts.fct_organisation_count group by all;
            create macro marts.founded_in
                (wanted) as table (
                    with chosen as (
                        select * from "warehouse"."marts"."fct_organisation_count" where period_code = wanted
                    )
                    select row_key, founded_count from chosen
                ),
                (wanted, least) as table (
                    select row_key, founded_count from marts.fct_organisation_count
                    where period_code = wanted and founded_count >= least
                );
            """
        )


def audited(layout: Layout) -> dict[str, Any]:
    with connect_build(layout, read_only=True) as con:
        return dict(run_audit(con, layout.audit).summary)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The verdict on RESIDUALS; every build of this module has these residuals, so it fits them all."""
    layout = layout_in(tmp_path_factory.mktemp("verdict"))
    write_build(layout, RESIDUALS)
    return audited(layout)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    built = layout_in(tmp_path)
    write_build(built, RESIDUALS)
    add_marts(built)
    return built


def publish_now(layout: Layout, verdict: Mapping[str, Any], today: date = TODAY) -> Release:
    return publish(layout, audit_json=verdict, inputs_fingerprint="inputs-1", today=today)


def snapshot(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): file_sha256(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def test_what_an_inspection_finds_is_not_published(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    with connect_build(layout) as con:
        con.execute("update marts.dim_note set note = '001203004567 ' || note")
    seen: list[str] = []

    def inspect(staged: Path) -> list[str]:
        seen.extend(path.name for path in staged.iterdir())
        return [str(finding) for finding in personal_data_in(staged, TODAY)]

    with pytest.raises(ReleaseError, match=r"dim_note\.note: \d+ × identity number") as stopped:
        publish(layout, audit_json=verdict, inputs_fingerprint="inputs-2", today=TODAY, inspect=inspect)
    assert "001203004567" not in str(stopped.value)
    assert {"marts.duckdb", "datapackage.json", "audit.json"} <= {*seen}
    assert current_release(layout) == first
    assert [path.name for path in layout.releases.iterdir() if path.is_dir()] == [first.name]


def test_a_release_is_whole_readable_and_read_only(layout: Layout, verdict: dict[str, Any]) -> None:
    released = publish_now(layout, verdict)
    assert released.name == "2021.12.02-1"
    assert not released.unchanged
    assert [(t.name, t.rows) for t in released.tables] == [
        ("dim_note", 3),
        ("fct_organisation_count", 3),
        ("mart_founded", 2),
    ]
    assert layout.current.is_symlink()
    assert layout.current.readlink() == Path("releases/2021.12.02-1")
    assert current_release(layout) == released
    files = {p.relative_to(released.path).as_posix(): p for p in released.path.rglob("*") if p.is_file()}
    beside = {path.split("/")[0] for path in files if path.endswith((".sql", ".html")) or path == "cookbook/README.md"}
    assert beside == {"cookbook", "dictionary"} and "dictionary/dim_note.html" in files
    assert sorted(path for path in files if path.split("/")[0] not in beside) == [
        "audit.json",
        "changes.md",
        "datapackage.json",
        "marts.duckdb",
        "parquet/dim_note.parquet",
        "parquet/fct_organisation_count.parquet",
        "parquet/mart_founded.parquet",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o440}
    assert stat.S_IMODE(released.path.stat().st_mode) == 0o550
    assert [p.name for p in layout.home.iterdir() if p.name.startswith(".")] == []
    assert [p.name for p in layout.releases.iterdir() if p.name.startswith(".tmp-")] == []


def test_queries_find_marts_with_and_without_the_schema(layout: Layout, verdict: dict[str, Any]) -> None:
    publish_now(layout, verdict)
    with connect_release(layout) as con:
        for table in ("fct_organisation_count", "marts.fct_organisation_count"):
            assert run_query(con, f"select sum(founded_count) from {table}").rows == ((196,),)
        result = run_query(con, "select * from founded_in('2021-11') order by row_key")
        assert (result.columns, result.rows) == (("row_key", "founded_count"), ((1, 189), (2, None)))
        assert run_query(con, "select row_key from founded_in('2021-11', 100)").rows == ((1,),)
        assert run_query(con, "select founded_count from mart_founded where period_code = '2021-10'").rows == ((7,),)
        with pytest.raises(duckdb.Error, match="read-only"):
            run_query(con, "insert into dim_note values ('c', null, null, null)")
        with pytest.raises(duckdb.Error, match="read-only"):
            run_query(con, "create table marts.other as select 1")


def test_the_released_file_opens_on_its_own(layout: Layout, verdict: dict[str, Any]) -> None:
    """A BI tool opens the file directly; the catalog is then called marts, so the schema is marts.marts."""
    publish_now(layout, verdict)
    with duckdb.connect(str(layout.current / "marts.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from marts.marts.fct_organisation_count").fetchone() == (3,)
        con.execute("set search_path = 'marts'")
        assert con.execute("select count(*) from founded_in('2021-11')").fetchone() == (2,)
        keys = con.execute(
            "select constraint_column_names from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
        )
        assert keys.fetchall() == [(["row_key"],)]
        assert con.execute("select distinct schema_name from duckdb_tables()").fetchall() == [("marts",)]


def test_the_data_package_describes_what_lies_there(layout: Layout, verdict: dict[str, Any]) -> None:
    released = publish_now(layout, verdict)
    package = json.loads((released.path / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == released.name
    assert package["inputsFingerprint"] == "inputs-1"
    assert "created" not in package
    assert {r["path"] for r in package["resources"]} | {"datapackage.json"} == set(snapshot(released.path))
    for resource in package["resources"]:
        path = released.path / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        assert resource["hash"] == f"sha256:{file_sha256(path)}"
        if "rowCount" in resource:
            parquet = pq.ParquetFile(path)
            assert resource["rowCount"] == parquet.metadata.num_rows
            assert [f["name"] for f in resource["schema"]["fields"]] == parquet.schema_arrow.names
    counts = next(r for r in package["resources"] if r["name"] == "fct_organisation_count")
    assert counts["description"] == "Số tổ chức / Organisations"
    assert counts["schema"] == {
        "fields": [
            {"name": "row_key", "type": "integer", "constraints": {"required": True}},
            {"name": "period_code", "type": "string", "constraints": {"required": True}},
            {"name": "founded_count", "type": "integer", "unit": "count", "description": "Thành lập mới / Founded"},
            {"name": "capital_vnd", "type": "number", "unit": "VND"},
        ],
        "primaryKey": ["row_key"],
    }


@pytest.mark.parametrize(
    ("duckdb_type", "expected"),
    [
        ("DECIMAL(24,0)", "number"),
        ("VARCHAR[]", "array"),
        ("TIMESTAMP WITH TIME ZONE", "datetime"),
        ("STRUCT(a INTEGER)", "object"),
        ("DATE", "date"),
        ("VARCHAR", "string"),
    ],
)
def test_field_types(duckdb_type: str, expected: str) -> None:
    assert field_type(duckdb_type) == expected


def test_the_audit_in_the_release_has_no_timings(layout: Layout, verdict: dict[str, Any]) -> None:
    released = publish_now(layout, verdict)
    audit = json.loads((released.path / "audit.json").read_text(encoding="utf-8"))
    assert audit == json.loads(json.dumps({k: v for k, v in verdict.items() if k != "timings"}))


def test_equal_content_gives_an_equal_release_whatever_the_row_order(tmp_path: Path, verdict: dict[str, Any]) -> None:
    seen = []
    for number, order in enumerate(("order by 1", "order by 1 desc")):
        layout = layout_in(tmp_path / str(number))
        write_build(layout, RESIDUALS)
        add_marts(layout, order=order)
        released = publish_now(layout, verdict)
        # DuckDB's own file carries internal ids; its content is compared by hash.
        seen.append(
            (released.content_sha256, {k: v for k, v in snapshot(released.path).items() if k.endswith("parquet")})
        )
    assert seen[0] == seen[1]


def test_unchanged_content_is_not_published_again(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    again = publish_now(layout, verdict, date(2021, 12, 3))
    assert again.unchanged
    assert again.name == first.name
    assert [r.name for r in list_releases(layout)] == [first.name]


def test_numbers_count_up_within_the_day_and_changes_are_listed(layout: Layout, verdict: dict[str, Any]) -> None:
    publish_now(layout, verdict)
    for number in range(2, 12):
        add_marts(layout, COUNTS.replace("189", str(189 + number)))
        publish_now(layout, verdict)
    with duckdb.connect(str(layout.database)) as con:
        con.execute("drop table marts.dim_note; alter table marts.fct_organisation_count add column extra integer")
        con.execute("create table marts.dim_new as select 1 as one")
    last = publish_now(layout, verdict)
    publish_day = publish_now(layout, verdict, date(2021, 12, 3))
    assert publish_day.unchanged
    names = [r.name for r in list_releases(layout)]
    assert names == [f"2021.12.02-{n}" for n in range(1, 13)]
    second = (layout.releases / names[1] / "changes.md").read_text(encoding="utf-8")
    assert "Against 2021.12.02-1" in second
    assert "| fct_organisation_count | 3 | 3 | 0 | 0 | 1 |" in second
    assert "| dim_note | 3 | 3 | 0 | 0 | 0 |" in second
    changes = (last.path / "changes.md").read_text(encoding="utf-8")
    assert "| dim_new | (new table) | 1 | 1 | 0 | 0 |" in changes
    assert "| fct_organisation_count | 3 | 3 | (columns changed) | | |" in changes
    assert "| dim_note | 3 | (table gone) | 0 | 3 | 0 |" in changes
    add_marts(layout)
    assert publish_now(layout, verdict, date(2021, 12, 3)).name == "2021.12.03-1"


def test_differences_of_two_releases_are_listed_by_key(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    add_marts(layout, "(1, '2021-11', 190, 5), (2, '2021-11', null, 2.5), (4, '2021-12', 7, null)")
    second = publish_now(layout, verdict)
    assert differences(first, second) == (
        TableDifference("fct_organisation_count", 3, 3, added=1, removed=1, changed=1),
        TableDifference("mart_founded", 2, 2, added=2, removed=2, changed=0),
    )
    changes = changed_keys(first, second, "fct_organisation_count", limit=50)
    assert changes.columns == ("change", "row_key", "changed_columns")
    assert changes.rows == (
        ("added", 4, None), ("changed", 1, ["founded_count", "capital_vnd"]), ("removed", 3, None),
    )  # fmt: skip
    assert len(changed_keys(first, second, "fct_organisation_count", limit=2).rows) == 2
    with pytest.raises(ReleaseError, match="no primary key"):
        changed_keys(first, second, "dim_note", limit=1)
    with pytest.raises(ReleaseError, match=r"2021\.12\.02-1 has no table nothing"):
        changed_keys(first, second, "nothing", limit=1)
    with pytest.raises(ReleaseError, match=r"no release 2020\.01\.01-1 .* there are: 2021\.12\.02-1"):
        release_named(list_releases(layout), "2020.01.01-1", layout.releases)
    # A row that stands more often is added so many times; a column that one of the two lacks is named.
    with duckdb.connect(str(layout.database)) as con:
        con.execute("insert into marts.dim_note select * from marts.dim_note where note = 'b'")
        con.execute("alter table marts.fct_organisation_count drop column capital_vnd")
    third = publish_now(layout, verdict)
    note, counted = differences(second, third)
    assert (note.table, note.added, note.removed, note.changed) == ("dim_note", 1, 0, 0)
    assert (counted.columns, counted.added, counted.removed, counted.changed) == (("-capital_vnd",), 0, 0, 0)


def test_the_file_of_a_table_that_stays_is_kept_once(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    add_marts(layout, COUNTS.replace("189", "190"))
    second = publish_now(layout, verdict)

    def same(table: str) -> bool:
        one, other = (release.path / "parquet" / f"{table}.parquet" for release in (first, second))
        return one.samefile(other)

    assert same("dim_note")
    assert not same("fct_organisation_count")
    texts = [path.relative_to(first.path) for path in first.path.rglob("*.html")]
    assert texts and all((first.path / path).samefile(second.path / path) for path in texts)
    package = json.loads((second.path / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["path"]: r["hash"] for r in package["resources"]} == {
        path: f"sha256:{sha256}" for path, sha256 in snapshot(second.path).items() if path != "datapackage.json"
    }
    assert [*damaged_files([first, second])] == []


def test_damage_is_not_passed_on_and_is_named_once(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    add_marts(layout, COUNTS.replace("189", "190"))
    second = publish_now(layout, verdict)
    damaged = [release.path / "parquet" / "dim_note.parquet" for release in (first, second)]
    damaged[0].chmod(0o600)
    damaged[0].write_bytes(b"other bytes")
    damaged[0].chmod(0o440)
    assert [found.paths for found in damaged_files([first, second])] == [tuple(damaged)]
    add_marts(layout, COUNTS.replace("189", "191"))
    third = publish_now(layout, verdict)
    assert not (third.path / "parquet" / "dim_note.parquet").samefile(damaged[0])
    assert [*damaged_files([third])] == []


def test_small_tables_take_small_blocks(layout: Layout, verdict: dict[str, Any]) -> None:
    """With DuckDB's own blocks of 256 KiB these three tables take more than a megabyte."""
    released = publish_now(layout, verdict)
    assert (released.path / "marts.duckdb").stat().st_size < 600_000


def test_a_large_table_bears_its_key_without_an_index(
    layout: Layout, verdict: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a key that dbt declares and the build has no constraint for."""
    monkeypatch.setattr("warehouse.release.writing.KEY_INDEX_ROWS", 2)
    declared = {"dim_note": Lineage(("note",), {}, (), ())}
    released = publish(layout, audit_json=verdict, inputs_fingerprint="inputs-1", today=TODAY, lineage=declared)
    described = json.loads((released.path / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    keys = {r["name"]: r["schema"].get("primaryKey") for r in described if "schema" in r}
    assert keys == {"dim_note": ["note"], "fct_organisation_count": ["row_key"], "mart_founded": None}
    with duckdb.connect(str(released.path / "marts.duckdb"), read_only=True) as con:
        assert con.execute("select * from duckdb_constraints() where constraint_type = 'PRIMARY KEY'").fetchall() == []


def test_a_reader_keeps_the_old_release_while_a_new_one_is_published(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    before = snapshot(first.path)
    query = "select founded_count from fct_organisation_count where row_key = 1"
    with connect_release(layout) as reader:
        add_marts(layout, COUNTS.replace("189", "200"))
        publish_now(layout, verdict)
        assert run_query(reader, query).rows == ((189,),)
        with connect_release(layout) as newcomer:
            assert run_query(newcomer, query).rows == ((200,),)
        assert run_query(reader, query).rows == ((189,),)
    assert snapshot(first.path) == before


# --- the gate ----------------------------------------------------------------------------------------------


def test_a_failed_audit_is_refused_and_says_why(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    write_build(layout, [Residual("roll_up.founded", 189, 188, subject="HTX thành lập mới, cả nước")])
    add_marts(layout, COUNTS.replace("189", "188"))
    failed = audited(layout)
    with pytest.raises(ReleaseError, match=r"roll_up\.founded at HTX thành lập mới.*expected 189, actual 188"):
        publish_now(layout, failed)
    assert current_release(layout) == first


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"passed": "yes"}, "did not pass"),
        ({"evaluated": 1}, "incomplete"),
        ({"declared": None, "evaluated": None}, "incomplete"),
        ({"audited_residuals": {"count": 2, "content": "0"}}, "does not belong to this build"),
        ({"audited_residuals": {}}, "does not belong to this build"),
    ],
)
def test_a_verdict_that_does_not_fit_is_refused(
    layout: Layout, verdict: dict[str, Any], change: dict[str, Any], said: str
) -> None:
    with pytest.raises(ReleaseError, match=said):
        publish_now(layout, {**verdict, **change})
    assert current_release(layout) is None
    assert list_releases(layout) == ()


def test_a_build_that_changed_after_the_audit_is_refused(layout: Layout, verdict: dict[str, Any]) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute("update reconciliation.rec_residual set actual = actual + 1, difference = difference + 1")
    with pytest.raises(ReleaseError, match="does not belong to this build"):
        publish_now(layout, verdict)


def test_marts_older_than_the_audit_are_refused(layout: Layout, verdict: dict[str, Any]) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute("create table marts.fct_anomaly as select 'x' as anomaly_id where false")
    with pytest.raises(ReleaseError, match="fct_anomaly holds 0 rows, the audit counted 1"):
        publish_now(layout, verdict)


@pytest.mark.parametrize(
    ("macro", "said"),
    [
        ("select * from reconciliation.rec_residual where grain = wanted", "reads \\['reconciliation.rec_residual'\\]"),
        ("select * from warehouse.reconciliation.rec_residual where grain = wanted", "rec_residual"),
        ("select * from marts.fct_gone where note = wanted", "does not work on the release"),
    ],
)
def test_a_macro_that_needs_more_than_the_marts_is_refused(
    layout: Layout, verdict: dict[str, Any], macro: str, said: str
) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute("create table marts.fct_gone (note varchar)")
        con.execute(f"create macro marts.leaky(wanted) as table {macro}")
        con.execute("drop table marts.fct_gone")
    with pytest.raises(ReleaseError, match=said):
        publish_now(layout, verdict)
    assert list(layout.releases.glob(".tmp-*")) == []


def test_without_a_build_or_marts_nothing_is_published(tmp_path: Path, verdict: dict[str, Any]) -> None:
    layout = layout_in(tmp_path)
    with pytest.raises(ReleaseError, match="build first"):
        publish_now(layout, verdict)
    write_build(layout, RESIDUALS)
    with pytest.raises(ReleaseError, match="no table in schema marts"):
        publish_now(layout, verdict)
    with pytest.raises(NoReleaseError, match="htx run"):
        connect_release(layout)


# --- killed at any moment ----------------------------------------------------------------------------------


STEPS = [f"publishing.{step}" for step in ("write_marts", "changes", "seal", "name_folder", "activate")]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_before_the_end_leaves_current_untouched(
    layout: Layout, verdict: dict[str, Any], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first = publish_now(layout, verdict)
    before = snapshot(first.path)
    add_marts(layout, COUNTS.replace("189", "200"))

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(f"warehouse.release.{step}", full_disk)
        with pytest.raises(OSError, match="No space"):
            publish_now(layout, verdict)
    assert current_release(layout) == first
    assert snapshot(first.path) == before
    assert list(layout.releases.glob(".tmp-*")) == []
    after = publish_now(layout, verdict)
    assert after.name == "2021.12.02-2"
    assert [r.name for r in list_releases(layout)] == ["2021.12.02-1", "2021.12.02-2"]


ACTIVATE = "publishing.activate"
KILL = """
import importlib, json, os, sys
from datetime import date
from pathlib import Path
from warehouse.layout import Layout
from warehouse.release import publish

step, home, verdict = sys.argv[1:]
module, name = step.split(".")
module = importlib.import_module(f"warehouse.release.{module}")
original = getattr(module, name)

def killed(*args, **kwargs):
    if name != "name_folder":
        original(*args, **kwargs)
    os._exit(9)

setattr(module, name, killed)
publish(
    Layout(Path(home)), audit_json=json.loads(Path(verdict).read_text()), inputs_fingerprint="inputs-1",
    today=date(2021, 12, 2),
)
"""


@pytest.mark.parametrize(
    "step", ["writing.write_table", "publishing.seal", "publishing.name_folder", "publishing._write_release", ACTIVATE]
)
def test_a_killed_run_is_completed_by_the_next(
    layout: Layout, verdict: dict[str, Any], tmp_path: Path, step: str
) -> None:
    first = publish_now(layout, verdict)
    add_marts(layout, COUNTS.replace("189", "200"))
    written = tmp_path / "verdict.json"
    written.write_text(json.dumps(verdict), encoding="utf-8")
    killed = subprocess.run([sys.executable, "-c", KILL, step, str(layout.home), str(written)], check=False, timeout=60)
    assert killed.returncode == 9
    current = current_release(layout)
    assert current is not None
    assert current.name == ("2021.12.02-2" if step == ACTIVATE else first.name)

    after = publish_now(layout, verdict)
    assert after.name == "2021.12.02-2"
    assert after.unchanged == (step == ACTIVATE)
    assert [r.name for r in list_releases(layout)] == ["2021.12.02-1", "2021.12.02-2"]
    assert list(layout.releases.glob(".tmp-*")) == []
    with connect_release(layout) as con:
        assert run_query(con, "select max(founded_count) from fct_organisation_count").rows == ((200,),)


def test_leftovers_of_killed_runs_are_removed(layout: Layout, verdict: dict[str, Any]) -> None:
    (layout.releases / ".tmp-dead" / "parquet").mkdir(parents=True)
    (layout.home / ".current-dead").mkdir()
    publish_now(layout, verdict)
    assert list(layout.releases.glob(".tmp-*")) == []
    assert list(layout.home.glob(".current-*")) == []


def test_a_damaged_current_release_is_reported_and_replaced(layout: Layout, verdict: dict[str, Any]) -> None:
    first = publish_now(layout, verdict)
    (first.path / "datapackage.json").unlink()
    with pytest.raises(ReleaseError, match="not a whole release"):
        current_release(layout)
    assert publish_now(layout, verdict).name == "2021.12.02-2"


def test_current_that_is_no_link_is_not_overwritten(layout: Layout, verdict: dict[str, Any]) -> None:
    layout.current.mkdir()
    with pytest.raises(ReleaseError, match="is not a link"):
        publish_now(layout, verdict)
    assert layout.current.is_dir()
    layout.current.rmdir()
    assert publish_now(layout, verdict).name == "2021.12.02-1"


# --- content -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("values ('a', 'b')", "values ('ab', '')"),
        ("values ('-', null)", "values (null, '-')"),
        ("values ('1:a', 'b')", "values ('1', 'a1:b')"),
        ("values ('a', 'b')", "values ('a', 'b'), ('a', 'b')"),
        ("values ('a', 'b')", "select 'a', 'b' where false"),
    ],
)
def test_different_rows_have_different_hashes(left: str, right: str) -> None:
    with duckdb.connect() as con:
        hashes = set()
        for query in (left, right):
            con.execute(f"create or replace table t as select * from ({query}) as q(x, y)")
            hashes.add(table_content(con, "t").sha256)
        assert len(hashes) == 2
