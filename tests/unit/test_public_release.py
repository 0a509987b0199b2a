"""The public part of a release: what is declared, nothing of persons, and no count that can be found out."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from expectations.audit import run_audit
from expectations.personal_data import personal_data_in
from tests.unit.residual_build import Residual, layout_in, write_build
from warehouse.connections import connect_build
from warehouse.layout import DBT_PROJECT_DIR, Layout
from warehouse.release import Release, ReleaseError, current_release, publish, read_policy
from warehouse.release.folders import damaged_files, public_part

TODAY = date(2021, 12, 2)
TOTAL = [{"of": "fct_course.person_count", "where": "part.is_current and part.province_key = whole.province_key"}]
DECLARED: dict[str, Any] = {
    "dim_member": {"rows": "none", "reason": "persons"},
    "dim_province": {"rows": "all"},
    "fct_course": {
        "rows": "all",
        "counts": [
            {"column": "person_count", "same": ["province_key", "course_code"]},
            {"column": "female_count", "same": ["province_key", "course_code"], "part_of": ["person_count"]},
        ],
    },
    "mart_course": {
        "rows": "all",
        "counts": [
            {"column": "person_count", "totals": TOTAL, "measures": ["capital_vnd"], "sensitive": "largest_vnd > 90"}
        ],
        "withheld": [{"columns": ["largest_vnd"], "reason": "one person's"}],
    },
    "fct_cell": {
        "rows": "kind_code <> 'person'",
        "reason": "persons",
        "withheld": [{"columns": ["found_text"], "where": "form = 'BIEU_03'", "reason": "a person's"}],
    },
}
MARTS = """
    drop schema marts cascade; create schema marts;
    create table marts.dim_member (member_key varchar primary key);
    insert into marts.dim_member values ('m1');
    create table marts.dim_province (province_key varchar primary key);
    insert into marts.dim_province values ('a'), ('b');
    create table marts.dim_new as select 1 as one;
    create table marts.fct_course (
        row_key integer primary key, province_key varchar, course_code varchar, person_count integer not null,
        female_count integer, is_current boolean
    );
    insert into marts.fct_course values
        (1, 'a', 'x', 3, 1, true), (2, 'a', 'y', 30, 20, true), (3, 'a', 'z', 40, 38, true),
        (4, 'b', 'x', 50, 25, true), (5, 'b', 'y', 60, 30, true), (6, 'a', 'x', 12, 6, false);
    create table marts.mart_course as
        select province_key, sum(person_count)::bigint as person_count, 100 as capital_vnd, 10 as largest_vnd
        from marts.fct_course where is_current group by all;
    create table marts.fct_cell (kind_code varchar, form varchar, found_text varchar);
    insert into marts.fct_cell values ('person', 'BIEU_01', 'p'), ('x', 'BIEU_03', 'q'), ('x', 'BIEU_01', 'r');
    create macro marts.course_sum(wanted) as table (
        select sum(person_count) as person_count, sum(person_count) filter (where course_code = 'y') as y_count
        from marts.fct_course where province_key = wanted and is_current
    );
    create macro marts.member_list() as table (select * from marts.dim_member);
"""


RESIDUALS = [Residual("stock_identity.closing", 148, 148)]
Publish = Callable[..., Release]


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of RESIDUALS, which every build here has."""
    audited = layout_in(tmp_path_factory.mktemp("verdict"))
    write_build(audited, RESIDUALS)
    with connect_build(audited, read_only=True) as con:
        return dict(run_audit(con, audited.audit).summary)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    built = layout_in(tmp_path)
    write_build(built, RESIDUALS)
    change(built, MARTS)
    return built


def change(layout: Layout, sql: str) -> None:
    with duckdb.connect(str(layout.database)) as con:
        con.execute(sql)


@pytest.fixture
def publish_now(layout: Layout, verdict: dict[str, Any]) -> Publish:
    def now(k: int = 5, declared: dict[str, Any] | None = None) -> Release:
        return publish(
            layout,
            audit_json=verdict,
            inputs_fingerprint="inputs",
            today=TODAY,
            policy=read_policy(declared or DECLARED, k),
            inspect=lambda staged: personal_data_in(staged, TODAY),
        )

    return now


def ask(layout: Layout, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(layout.public / "marts.duckdb"), read_only=True) as con:
        con.execute("set search_path = 'marts'")
        return con.execute(sql).fetchall()


def test_only_what_is_declared_is_public(layout: Layout, publish_now: Publish) -> None:
    released = publish_now()
    tables = {name for (name,) in ask(layout, "select table_name from duckdb_tables()")}
    assert tables == {"dim_province", "fct_course", "mart_course", "fct_cell"}, (
        "a mart without a declaration is withheld"
    )
    assert {path.stem for path in (layout.public / "parquet").iterdir()} == tables
    assert ask(layout, "select * from fct_cell order by all") == [("x", "BIEU_01", "r"), ("x", "BIEU_03", None)]
    macros = ask(layout, "select distinct function_name from duckdb_functions() where function_type = 'table_macro' "
                 "and schema_name = 'marts'")  # fmt: skip
    assert macros == [("course_sum",)]
    assert not any("m1" in path.read_text() for path in layout.public.rglob("*.html"))
    kinds = [json.loads((p / "datapackage.json").read_text())["releaseKind"] for p in (released.path, layout.public)]
    assert kinds == ["internal", "public"]


def test_no_small_count_comes_back(layout: Layout, publish_now: Publish) -> None:
    released = publish_now()
    shown = dict(ask(layout, "select row_key, person_count from fct_course"))
    assert shown[1] is None and shown[6] is None, "an earlier statement of the course is blank, too"
    of_a = dict(ask(layout, "select province_key, person_count from mart_course"))["a"]
    assert (shown[2], shown[3], of_a).count(None) >= 1, "73 - 30 - 40 = 3"
    women = dict(ask(layout, "select row_key, female_count from fct_course"))
    assert women[3] is None or shown[3] is None, "two men among 40"
    assert women[4] == 25 and shown[4] == 50
    for part in (released.path, layout.public):
        disclosure = json.loads((part / "audit.json").read_text())["disclosure"]
        assert (disclosure["k"], disclosure["k_reached"]) == (5, 5)
        assert disclosure["primary_suppressed"] >= 3 and disclosure["secondary_suppressed"] >= 1


def test_a_sum_over_a_blank_count_is_blank(layout: Layout, publish_now: Publish) -> None:
    publish_now()
    assert ask(layout, "select person_count is null from course_sum('a')") == [(True,)]
    assert ask(layout, "select * from course_sum('b')") == [(110, 60)]


def test_measures_and_dominated_cells_are_blank_with_their_count(layout: Layout, publish_now: Publish) -> None:
    change(layout, "update marts.mart_course set largest_vnd = 95 where province_key = 'b'")
    publish_now()
    assert ask(layout, "select person_count, capital_vnd, largest_vnd from mart_course where province_key = 'b'") == [
        (None, None, None)
    ]


def test_both_parts_are_one_release_readable_by_those_it_is_for(layout: Layout, publish_now: Publish) -> None:
    released = publish_now()
    assert layout.public.readlink() == Path("current/public")
    assert layout.public.resolve() == released.path / "public"

    def modes(folder: Path) -> set[int]:
        return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}

    public = released.path / "public"
    assert modes(public) == {0o444}
    assert stat.S_IMODE(public.stat().st_mode) == 0o555
    assert stat.S_IMODE((released.path / "marts.duckdb").stat().st_mode) == 0o440
    assert {stat.S_IMODE((released.path / name).stat().st_mode) for name in ("parquet", "dictionary")} == {0o550}
    assert stat.S_IMODE(released.path.stat().st_mode) == 0o551, "others pass through it and cannot list it"
    same = released.path / "parquet" / "dim_province.parquet"
    assert same.samefile(public / "parquet" / "dim_province.parquet")
    assert not (released.path / "parquet" / "fct_course.parquet").samefile(public / "parquet" / "fct_course.parquet")


def test_equal_builds_give_equal_public_parts_and_another_threshold_another(
    layout: Layout, publish_now: Publish
) -> None:
    first = publish_now()
    assert publish_now().unchanged
    again = publish_now(k=6)
    assert again.name != first.name
    back = publish_now()
    one, two = public_part(first), public_part(back)
    assert one and two and one.content_sha256 == two.content_sha256
    assert (one.path / "parquet" / "fct_course.parquet").samefile(two.path / "parquet" / "fct_course.parquet") or (
        one.path / "parquet" / "fct_course.parquet"
    ).read_bytes() == (two.path / "parquet" / "fct_course.parquet").read_bytes()


def test_a_damaged_file_of_the_public_part_is_named(layout: Layout, publish_now: Publish) -> None:
    released = publish_now()
    file = released.path / "public" / "parquet" / "mart_course.parquet"
    file.chmod(0o644)
    file.write_bytes(b"x")
    assert [damaged.paths for damaged in damaged_files([released])] == [(file,)]


def test_a_sum_that_does_not_hold_stops_the_release(layout: Layout, publish_now: Publish) -> None:
    first = publish_now()
    change(layout, "update marts.mart_course set person_count = person_count + 1")
    with pytest.raises(ReleaseError, match=r"mart_course\.person_count"):
        publish_now()
    assert current_release(layout) == first


def test_the_gate_reads_both_parts(layout: Layout, publish_now: Publish) -> None:
    change(layout, "update marts.fct_cell set found_text = 'CCCD 001203004567' where form = 'BIEU_01'")
    with pytest.raises(ReleaseError, match=r"public/fct_cell\.found_text: 1 × identity number"):
        publish_now()


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"rows": "none"}, "need a reason"),
        ({"rows": "all", "counts": [{"column": "x", "totals": [{"of": "y"}]}]}, r"counts\.0\.totals\.0"),
    ],
)
def test_wrong_declarations_are_named(declared: dict[str, Any], message: str) -> None:
    with pytest.raises(ReleaseError, match=message):
        read_policy({"fct_x": declared}, 5)


def test_a_column_that_the_table_lacks_is_named(layout: Layout, publish_now: Publish) -> None:
    wrong = {"fct_cell": {"rows": "all", "withheld": [{"columns": ["text"], "reason": "x"}]}}
    with pytest.raises(ReleaseError, match=r"fct_cell: .* does not have: \['text'\]"):
        publish_now(declared=wrong)


def marts() -> dict[str, dict[str, Any]]:
    files = sorted((DBT_PROJECT_DIR / "models" / "marts").rglob("*.yml"))
    return {m["name"]: m for f in files for m in yaml.safe_load(f.read_text(encoding="utf-8"))["models"]}


def test_every_mart_declares_what_is_public() -> None:
    declared = {name: model.get("config", {}).get("meta", {}).get("disclosure") for name, model in marts().items()}
    assert [name for name, found in declared.items() if found is None] == []
    policy = read_policy(declared, 5)
    assert {"dim_member", "fct_membership"} <= {name for name, table in policy.tables.items() if table.rows == "none"}


def test_columns_that_count_persons_are_declared() -> None:
    """By the names that columns of persons have: a new one is declared as a count, or withheld."""
    tables = read_policy({name: model["config"]["meta"]["disclosure"] for name, model in marts().items()}, 5).tables
    names = ("person_count", "member_count", "worker_count", "female_count", "staff_count", "trained_count",
             "beneficiary_count", "visitor_count", "minority_count", "borrower_count", "participant_count")  # fmt: skip
    of_organisations = {"cooperative_participant_count", "listed_participant_count", "other_participant_count"}
    undeclared = [
        f"{name}.{column['name']}"
        for name, model in marts().items()
        for column in model["columns"]
        if column["name"].endswith(names)
        and column["name"] not in of_organisations
        and tables[name].rows != "none"
        and column["name"] not in tables[name].blanked_columns
    ]
    assert undeclared == []
