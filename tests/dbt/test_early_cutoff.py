"""What has not changed is not built again; what is left alone is what building it would give (macros/early_cutoff/).

A project of four models on the macros of the real one; how its tables of millions grow is proven in test_two_clocks.
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
    "on-run-start": ["{{ prepare_built() }}"],
    "seeds": {"small": {"+full_refresh": True, "+column_types": {"id": "bigint", "amount": "bigint"}}},
    "models": {"small": {"+materialized": "table", "+schema": "models"}},
}
MODELS = {
    "number": "select id, amount from {{ ref('entered') }}",
    "parity": "select distinct amount % 2 as remainder from {{ ref('number') }}",
    "parities": "select count(*) as parity_count from {{ ref('parity') }}",
    "seen": "{{ config(materialized='view') }} select amount from {{ ref('number') }}",
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
    columns: [{name: remainder, data_tests: [{not_null: {name: remainder_is_told}}]}]
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


def test_only_what_a_change_reaches_is_built_again(project: Project) -> None:
    first = project.build()
    assert {first[name] for name in MODELS} == {"OK"}
    assert project.ask("select way, primary_key from meta.built where table_name = 'number'") == [("whole", ["id"])]
    noted = project.ask("select column_name, comment from duckdb_columns() where comment is not null")
    assert noted == [("id", "Its key")]

    again = project.build()
    assert {again[name] for name in MODELS} == {"UNCHANGED"}

    # Other numbers, the same parities: the chain of changes ends there. What only has to be there does not count.
    project.enter((1, 1), (2, 2), (3, 5), (4, 8))
    changed = project.build()
    assert [changed[name] for name in ("number", "parity", "parities", "by_hook_only")] == [
        "OK", "OK", "UNCHANGED", "UNCHANGED",
    ]  # fmt: skip
    assert project.ask("select sum(amount) from models.number") == [(16,)]

    anew = project.build("--full-refresh")
    assert {anew[name] for name in MODELS} == {"OK"}


def test_other_sql_or_words_or_seeds_are_changes(project: Project) -> None:
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
    assert project.ask("select * from meta.built where node like '%parities'") == []


def test_a_view_tells_of_changes_behind_it_and_may_become_a_table(project: Project) -> None:
    project.build()
    project.enter((1, 1), (2, 2), (3, 4))
    changed = project.build()
    assert (changed["seen"], changed["sum_of_seen"]) == ("OK", "OK")
    assert project.ask("select total from models.sum_of_seen") == [(7,)]
    for materialized in ("table", "view"):
        project.model("seen", MODELS["seen"].replace("'view'", f"'{materialized}'"))
        project.model("parities", f"{{{{ config(materialized='{materialized}') }}}} {MODELS['parities']}")
        changed = project.build()
        assert (changed["seen"], changed["parities"]) == ("OK", "OK")
        assert project.ask("select total from models.sum_of_seen") == [(7,)]
        assert project.ask("select parity_count from models.parities") == [(2,)]
    (project.folder / "models/sum_of_seen.sql").unlink()
    (project.folder / "models/seen.sql").unlink()
    project.build()
    assert project.ask("select view_name from duckdb_views() where schema_name = 'models'") == [("parities",)]


GROWING = {
    "part": "select id as artifact_sha256, 'a' as fixed, cast(amount as varchar) as content from {{ ref('number') }}",
    "said": "{{ config(materialized='view') }} select id as artifact_sha256, amount from {{ ref('number') }}",
    "grown": """{{ config(meta={'increment': {
        'parts': 'part', 'part': ['artifact_sha256'], 'key': ['artifact_sha256'], 'rows': ['said'],
    }}) }}
    -- depends_on: {{ ref('part') }}
    select artifact_sha256, amount from {{ ref('said') }} where {{ is_affected(['artifact_sha256']) }}""",
    "after": "select sum(amount) as total from {{ ref('grown') }}",
}


def test_a_table_that_grows_is_built_whole_where_what_it_reads_is_told_otherwise(project: Project) -> None:
    for name, sql in GROWING.items():
        project.model(name, sql)
    way = "select way from meta.built where table_name = 'grown'"

    def built() -> tuple[Any, ...]:
        project.build()
        return (*project.ask(way)[0], *project.ask("select total from models.after")[0])

    assert built() == ("whole", 6)
    project.enter((1, 1), (2, 5), (3, 3), (4, 4))
    assert built() == ("affected", 13), "one row changed, one came"
    project.model("said", GROWING["said"].replace("amount from", "amount * 10 as amount from"))
    assert built() == ("whole", 130), "no part changed, but all that is said of them"
    project.model("number", MODELS["number"].replace("amount from", "amount * 2 as amount from"))
    assert built() == ("whole", 260)
    project.enter((1, 1), (2, 5), (3, 3))
    assert built() == ("whole", 180), "a part is gone"


def test_what_grows_upon_a_table_that_grows_is_built_whole_with_it(project: Project) -> None:
    """A row of a parent may be told with more than its part: all that it is not told by stands behind the child too."""
    upon = GROWING["grown"].replace("'rows': ['said'],", "'rows': ['said'], 'told_by_parts': ['grown'],")
    for name, sql in GROWING.items():
        project.model(name, sql)
    project.model("factor", "select max(amount) // 10 as factor from {{ ref('number') }}")
    project.model(
        "grown",
        GROWING["grown"].replace("amount from", "amount * (select factor from {{ ref('factor') }}) as amount from"),
    )
    project.model("upon", upon.replace("ref('said')", "ref('grown')") + "\n-- depends_on: {{ ref('said') }}")
    project.model("after", "select sum(amount) as total from {{ ref('upon') }}")

    def built() -> tuple[Any, ...]:
        project.build()
        ways = project.ask("select way from meta.built where table_name in ('grown', 'upon') order by table_name")
        return (*(way for (way,) in ways), *project.ask("select total from models.after")[0])

    project.enter((1, 10), (2, 11))
    assert built() == ("whole", "whole", 21)
    project.enter((1, 10), (2, 12))
    assert built() == ("affected", "affected", 22)
    project.enter((1, 10), (2, 20))
    assert built() == ("whole", "whole", 60)


EACH_KEY_ONCE = """
{% test each_key_once(model, partition_by) %}
  select 1 from {{ model }} where {{ is_affected(partition_by) }}
  group by {{ partition_by | join(', ') }} having count(*) > 1
{% endtest %}
"""


def test_a_test_by_key_looks_at_what_was_told_anew(project: Project) -> None:
    said = GROWING["said"] + " union all select id, amount from {{ ref('number') }} where amount > 100"
    for name, sql in (GROWING | {"said": said}).items():
        project.model(name, sql)
    project.write("macros/each_key_once.sql", EACH_KEY_ONCE)
    tested = "{each_key_once: {name: once, arguments: {partition_by: [artifact_sha256]}}}"
    project.write("models/contract.yml", CONTRACT + f"  - name: grown\n    data_tests: [{tested}]\n")
    assert project.build()["once"] == "pass"
    with duckdb.connect(str(project.database)) as con:
        con.execute("insert into models.grown values (1, 7)")

    # Only what was told anew is looked at, and there a fault is found; after that all is looked at.
    project.enter((1, 1), (2, 5), (3, 3))
    assert project.build()["once"] == "pass"
    project.enter((1, 1), (2, 500), (3, 3))
    assert project.build()["once"] == "Got 1 result, configured to fail if != 0"
    assert project.ask("select way from meta.built where table_name = 'grown'") == [("affected",)]
    project.enter((1, 1), (2, 6), (3, 3))
    assert project.build()["once"] == "Got 1 result, configured to fail if != 0"
    assert project.build("--full-refresh")["once"] == "pass"


def test_a_key_that_stands_twice_fails_and_changes_nothing(project: Project) -> None:
    project.build()
    project.enter((1, 1), (2, 2), (2, 7))
    failed = project.build()
    assert "number: more than one row has the primary key (id) = 2" in failed["number"]
    assert project.ask("select sum(amount) from models.number") == [(6,)]
    project.enter((1, 1), (2, 2), (3, 3))
    assert project.build()["number"] == "UNCHANGED"


def test_a_test_that_failed_is_run_until_it_passes(project: Project) -> None:
    project.build()
    project.model("parity", "select cast(null as bigint) as remainder, count(*) as n from {{ ref('number') }}")
    for _ in range(2):
        failed = project.build()
        assert failed["remainder_is_told"] == "Got 1 result, configured to fail if != 0"
        assert failed["parities"] == "skipped"
    project.model("parity", MODELS["parity"])
    healed = project.build()
    assert (healed["parity"], healed["remainder_is_told"], healed["parities"]) == ("OK", "pass", "UNCHANGED")


def test_notes_of_another_shape_or_version_are_forgotten(project: Project) -> None:
    project.build()
    with duckdb.connect(str(project.database)) as con:
        con.execute("create or replace table meta.built (node varchar, inputs varchar)")
    assert project.build()["number"] == "OK"
    assert project.build()["number"] == "UNCHANGED"
    with duckdb.connect(str(project.database)) as con:
        con.execute("update meta.built set content = 'v0.0.1' where node = 'duckdb'")
    assert project.build()["number"] == "OK"
    assert project.build()["number"] == "UNCHANGED"
