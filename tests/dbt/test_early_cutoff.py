"""The early cut-off (macros/early_cutoff/): what has not changed is skipped, and equals what a rebuild would give.

A small project on the macros of the real one; increments of the real large tables are tested in test_two_clocks.
"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from warehouse.layout import DBT_PROJECT_DIR

PROJECT = {
    "name": "small",
    "profile": "small",
    "macro-paths": [str(DBT_PROJECT_DIR / "macros"), "macros"],
    "on-run-start": ["{{ prepare_early_cutoff() }}"],
    "on-run-end": ["{{ note_passed_tests(results) }}"],
    "seeds": {"small": {"+full_refresh": True, "+column_types": {"id": "bigint", "amount": "bigint"}}},
    "models": {"small": {"+materialized": "cached_table", "+schema": "models"}},
    "flags": {"warn_error_options": {"error": "all", "silence": ["UnsupportedConstraintMaterialization"]}},
}
MODELS = {
    "number": "select id, amount from {{ ref('entered') }}",
    "parity": "select distinct amount % 2 as remainder from {{ ref('number') }}",
    "parities": "select count(*) as parity_count from {{ ref('parity') }}",
    "seen": "{{ config(materialized='cached_view') }} select amount from {{ ref('number') }}",
    "sum_of_seen": "select sum(amount) as total from {{ ref('seen') }}",
    "by_hook_only": "-- depends_on: {{ ref('number') }}\nselect 1 as one",
}
CONTRACT = """
version: 2
models:
  - name: number
    description: Numbers entered
    config: {contract: {enforced: true}, persist_docs: {relation: true, columns: true}}
    constraints: [{type: primary_key, columns: [id]}]
    columns:
      - {name: id, data_type: bigint, description: Its key}
      - {name: amount, data_type: bigint, constraints: [{type: not_null}]}
  - name: parity
    columns: [{name: remainder, data_tests: [{not_null: {name: remainder_is_known}}]}]
"""


class Project:
    """A dbt project in a folder of its own; ``build`` gives each node's outcome by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "small.duckdb"
        output = {"type": "duckdb", "path": str(self.database), "threads": 1}
        self.write("profiles.yml", yaml.safe_dump({"small": {"target": "a", "outputs": {"a": output}}}))
        self.write("dbt_project.yml", yaml.safe_dump(PROJECT))
        self.write("models/contract.yml", CONTRACT)
        for name, sql in MODELS.items():
            self.write(f"models/{name}.sql", sql)
        self.enter((1, 1), (2, 2), (3, 3))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def enter(self, *rows: tuple[int, int]) -> None:
        self.write("seeds/entered.csv", "id,amount\n" + "".join(f"{key},{amount}\n" for key, amount in rows))

    def model(self, name: str, sql: str) -> None:
        self.write(f"models/{name}.sql", sql)

    def build(self, *more: str) -> dict[str, str]:
        where = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        done = dbtRunner().invoke(["--quiet", "build", *where, *more])
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        gc.collect()
        results: Any = done.result
        return {r.node.name: r.message or str(r.status) for r in results if r.node.resource_type != "operation"}

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    return Project(tmp_path)


def test_only_what_a_change_reaches_is_rebuilt(project: Project) -> None:
    first = project.build()
    assert {first[name] for name in MODELS} == {"OK"}
    noted = project.ask("select column_name, comment from duckdb_columns() where comment <> ''")
    assert noted == [("id", "Its key")]

    again = project.build()
    assert {again[name] for name in MODELS} == {"UNCHANGED"}

    # Other numbers, the same parities: the chain of changes ends there. A parent named for a hook does not count.
    project.enter((1, 1), (2, 2), (3, 5), (4, 8))
    changed = project.build()
    assert [changed[name] for name in ("number", "parity", "parities", "by_hook_only")] == [
        "OK", "OK", "UNCHANGED", "UNCHANGED",
    ]  # fmt: skip
    assert project.ask("select sum(amount) from models.number") == [(16,)]

    refreshed = project.build("--full-refresh")
    assert {refreshed[name] for name in MODELS} == {"OK"}


def test_other_sql_and_descriptions_are_changes(project: Project) -> None:
    project.build()
    project.model("parities", "select count(*) + 0 as parity_count from {{ ref('parity') }}")
    assert project.build()["parities"] == "OK"
    (project.folder / "models/contract.yml").write_text(CONTRACT.replace("Its key", "The key"), encoding="utf-8")
    changed = project.build()
    assert (changed["number"], changed["parity"]) == ("OK", "UNCHANGED")
    assert project.ask("select comment from duckdb_columns() where column_name = 'id' and comment is not null") == [
        ("The key",)
    ]


def test_a_model_that_is_gone_leaves_no_table(project: Project) -> None:
    project.build()
    (project.folder / "models/parities.sql").unlink()
    project.build()
    names = {name for (name,) in project.ask("select table_name from duckdb_tables() where schema_name = 'models'")}
    assert names == {"number", "parity", "sum_of_seen", "by_hook_only"}
    assert project.ask("select * from early_cutoff.node_state where node like '%parities'") == []


def test_a_view_passes_changes_on_and_may_become_a_table(project: Project) -> None:
    project.build()
    project.enter((1, 1), (2, 2), (3, 4))
    changed = project.build()
    assert (changed["seen"], changed["sum_of_seen"]) == ("OK", "OK")
    assert project.ask("select total from models.sum_of_seen") == [(7,)]
    for materialized in ("cached_table", "cached_view"):
        project.model("seen", MODELS["seen"].replace("'cached_view'", f"'{materialized}'"))
        project.model("parities", f"{{{{ config(materialized='{materialized}') }}}} {MODELS['parities']}")
        changed = project.build()
        assert (changed["seen"], changed["parities"]) == ("OK", "OK")
        assert project.ask("select total from models.sum_of_seen") == [(7,)]
        assert project.ask("select parity_count from models.parities") == [(2,)]
    (project.folder / "models/sum_of_seen.sql").unlink()
    (project.folder / "models/seen.sql").unlink()
    project.build()
    assert project.ask("select view_name from duckdb_views() where schema_name = 'models'") == [("parities",)]


def test_dbts_own_materializations_turn_it_off(project: Project) -> None:
    project.build()
    for materialized in ("table", "view"):
        project.model("number", f"{{{{ config(materialized='{materialized}') }}}} {MODELS['number']}")
        for _ in range(2):
            built = project.build()
            assert built["parity"] == "OK", "what number holds is not known"
            assert built["parities"] == "UNCHANGED"
    project.enter((1, 1), (2, 4))
    project.build()
    project.enter((1, 1), (2, 2), (3, 3))
    project.model("number", MODELS["number"])
    assert project.build()["number"] == "OK", "its state from before is forgotten"
    assert project.ask("select sum(amount) from models.number") == [(6,)]


LARGE = {
    "part": "select id as artifact_sha256, 'a' as fixed, cast(amount as varchar) as content from {{ ref('number') }}",
    "listed": "{{ config(materialized='cached_view') }} select id as artifact_sha256, amount from {{ ref('number') }}",
    "large": """{{ config(**incremental_by_parts(
        unique_key=['artifact_sha256'], parts='part', part_columns=['artifact_sha256'], keys_from=['listed'],
    )) }}
    select artifact_sha256, amount from {{ ref('listed') }} where {{ is_affected(['artifact_sha256']) }}""",
    "after": "select sum(amount) as total from {{ ref('large') }}",
}
LARGE_CONTRACT = """
  - name: large
    config: {contract: {enforced: true}, on_schema_change: append_new_columns}
    constraints: [{type: primary_key, columns: [artifact_sha256]}]
    columns: [{name: artifact_sha256, data_type: bigint}, {name: amount, data_type: bigint}]
"""
REBUILT = "select rebuilt from early_cutoff.node_state where rebuilt is not null order by node"


@pytest.fixture
def large(project: Project) -> Project:
    for name, sql in LARGE.items():
        project.model(name, sql)
    return project


def rebuilt(project: Project) -> tuple[Any, ...]:
    """Build; what was rebuilt of each large table, and the total at the end."""
    project.build()
    return (*(how for (how,) in project.ask(REBUILT)), *project.ask("select total from models.after")[0])


def test_a_large_table_rebuilds_affected_keys_or_the_whole(large: Project) -> None:
    assert rebuilt(large) == ("whole", 6)
    assert rebuilt(large) == ("nothing", 6)
    large.enter((1, 1), (2, 5), (3, 3), (4, 4))
    assert rebuilt(large) == ("affected", 13), "one row changed, one came"
    assert rebuilt(large) == ("nothing", 13)
    large.model("listed", LARGE["listed"].replace("amount from", "amount * 10 as amount from"))
    assert rebuilt(large) == ("whole", 130), "no part changed, but all rows derived from them"
    large.model("number", MODELS["number"].replace("amount from", "amount * 2 as amount from"))
    assert rebuilt(large) == ("whole", 260)
    large.enter((1, 1), (2, 5), (3, 3))
    assert rebuilt(large) == ("whole", 180), "a part is gone"
    large.model("large", LARGE["large"].replace("amount from", "amount, 1 as more from"))
    assert rebuilt(large) == ("whole", 180), "other columns"
    large.build("--full-refresh")
    assert large.ask("select sum(amount), sum(more) from models.large") == [(180, 3)]


def test_a_large_table_with_a_contract_keeps_types_and_key(large: Project) -> None:
    large.write("models/contract.yml", CONTRACT + LARGE_CONTRACT)
    assert rebuilt(large) == ("whole", 6)
    large.enter((1, 1), (2, 2), (3, 5), (4, 4))
    assert rebuilt(large) == ("affected", 12)
    twice = LARGE["listed"] + " union all select id, amount from {{ ref('number') }} where amount > 100"
    large.model("listed", twice)
    assert rebuilt(large) == ("whole", 12)

    # The key stands twice: the increment fails, and the table and its state are as they were.
    large.enter((1, 1), (2, 2), (3, 500), (4, 4))
    failed = large.build()
    assert "large: 2 row(s) have the primary key (artifact_sha256) = 3" in failed["large"]
    assert (large.ask("select sum(amount) from models.large"), large.ask(REBUILT)) == ([(12,)], [("whole",)])
    large.enter((1, 1), (2, 2), (3, 6), (4, 4))
    assert rebuilt(large) == ("affected", 13)
    types = "select data_type from duckdb_columns() where table_name = 'large'"
    assert large.ask(types) == [("BIGINT",), ("BIGINT",)]


def test_a_large_table_on_a_large_table_is_rebuilt_whole_with_it(large: Project) -> None:
    """A row of a covered parent may depend on more than its part; that is an input of the child too."""
    upon = LARGE["large"].replace("keys_from=['listed'],", "keys_from=['listed'], covered_parents=['large'],")
    large.model("factor", "select max(amount) // 10 as factor from {{ ref('number') }}")
    large.model(
        "large",
        LARGE["large"].replace("amount from", "amount * (select factor from {{ ref('factor') }}) as amount from"),
    )
    large.model("upon", upon.replace("ref('listed')", "ref('large')"))
    large.model("after", "select sum(amount) as total from {{ ref('upon') }}")
    large.enter((1, 10), (2, 11))
    assert rebuilt(large) == ("whole", "whole", 21)
    large.enter((1, 10), (2, 12))
    assert rebuilt(large) == ("affected", "affected", 22)
    large.enter((1, 10), (2, 20))
    assert rebuilt(large) == ("whole", "whole", 60)


def test_a_key_that_stands_twice_fails_and_changes_nothing(project: Project) -> None:
    project.build()
    project.enter((1, 1), (2, 2), (2, 7))
    failed = project.build()
    assert "number: 2 row(s) have the primary key (id) = 2" in failed["number"]
    assert project.ask("select sum(amount) from models.number") == [(6,)]
    project.enter((1, 1), (2, 2), (3, 3))
    assert project.build()["number"] == "UNCHANGED"


def test_keys_of_views_and_of_models_without_a_contract_are_checked(project: Project) -> None:
    for name in ("seen", "parity"):
        column = {"seen": "amount", "parity": "remainder"}[name]
        key = f"  - name: {name}\n    constraints: [{{type: primary_key, columns: [{column}]}}]\n"
        project.write("models/contract.yml", CONTRACT.split("  - name: parity", maxsplit=1)[0] + key)
        project.enter((1, 1), (2, 2), (3, 3))
        assert project.build()[name] == "OK"
        project.enter((1, 1), (2, 2), (3, 2))
        assert ("2 row(s)" in project.build()[name]) == (name == "seen")
    project.model("parity", "select nullif(1, 1) as remainder")
    assert "parity: 1 row(s) have the primary key (remainder) = " in project.build()["parity"]


STATED = """
{{{{ config(schema='marts', meta={{'recorded_key': ['subject']}}, post_hook='{{{{ finish_recorded() }}}}') }}}}
select subject, cast(start as timestamp) as recorded_from, cast("end" as timestamp) as recorded_to, is_current
from (values {}) as stated (subject, start, "end", is_current)"""
STATED_COLUMNS = "  - name: fct_stated\n    columns: [{name: subject}, {name: recorded_to}, {name: is_current}]\n"


def test_recorded_ranges_that_overlap_or_contradict_is_current_fail(project: Project) -> None:
    project.write("models/contract.yml", CONTRACT + STATED_COLUMNS)
    last = "('a', '2021-02-01', null, true)"
    for rows, outcome in (
        (f"('a', '2021-01-01', '2021-02-01', false), {last}", "OK"),
        (f"('a', '2021-01-01', '2021-02-02', false), {last}", "recorded ranges overlap: a"),
        (f"('a', '2021-01-01', null, true), {last}", "recorded ranges overlap: a"),
        (f"('b', '2021-01-01', '2021-02-01', true), {last}", "is_current is not the range that is still open"),
        (f"('b', '2021-01-01', null, false), {last}", "is_current is not the range that is still open"),
    ):
        project.model("fct_stated", STATED.format(rows))
        assert outcome in project.build("--select", "fct_stated")["fct_stated"]
        assert project.ask("select count(*) from marts.fct_stated where subject = 'a'") == [(2,)], "as it was"
    project.model("fct_stated", STATED.format(last).replace("meta={'recorded_key': ['subject']}, ", ""))
    failed = project.build("--select", "fct_stated")["fct_stated"]
    assert "its ranges do not come from recorded_ranges()" in failed


def test_a_test_that_failed_is_run_until_it_passes(project: Project) -> None:
    project.build()
    project.model("parity", "select cast(null as bigint) as remainder, count(*) as n from {{ ref('number') }}")
    for _ in range(2):
        failed = project.build()
        assert failed["remainder_is_known"] == "Got 1 result, configured to fail if != 0"
        assert failed["parities"] == "skipped"
    project.model("parity", MODELS["parity"])
    fixed = project.build()
    assert (fixed["parity"], fixed["remainder_is_known"], fixed["parities"]) == ("OK", "pass", "UNCHANGED")


def test_a_test_that_passed_is_not_run_on_the_same_data(project: Project) -> None:
    assert project.build()["remainder_is_known"] == "pass"
    with duckdb.connect(str(project.database)) as con:
        con.execute("insert into models.parity values (null)")
    assert project.build()["remainder_is_known"] == "pass", "it was not run: nobody but dbt writes the build"
    project.enter((1, 1), (2, 2))
    assert project.build("--full-refresh")["remainder_is_known"] == "pass"


def test_state_of_another_shape_or_version_is_forgotten(project: Project) -> None:
    project.build()
    with duckdb.connect(str(project.database)) as con:
        con.execute("create or replace table early_cutoff.node_state (node varchar, inputs varchar)")
    assert project.build()["number"] == "OK"
    assert project.build()["number"] == "UNCHANGED"
    with duckdb.connect(str(project.database)) as con:
        con.execute("update early_cutoff.node_state set content = 'v0.0.1' where node = 'duckdb'")
    assert project.build()["number"] == "OK"
    assert project.build()["number"] == "UNCHANGED"
