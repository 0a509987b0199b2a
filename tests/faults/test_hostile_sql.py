"""A query reads its release, and no other file or setting of the machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.cli.console import out
from orchestration.cli.results import Format, write
from warehouse.connections import QueryResult, QueryStoppedError, connect_marts, run_query


@pytest.fixture
def release(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path / "2026.01.02-1"
    folder.mkdir()
    with duckdb.connect(str(folder / "marts.duckdb")) as con:
        con.execute("create schema marts.marts")
        con.execute("create table marts.marts.fct_x as select range as x from range(1000)")
    with connect_marts(folder) as con:
        yield con


REACHING = [
    "select * from read_text('{secret}')",
    "select * from read_csv('{secret}')",
    "select * from '{secret}'",
    "select * from glob('{folder}/*')",
    "select * from sniff_csv('{secret}')",
    "attach '{folder}/other.duckdb'",
    "copy (select 1) to '{folder}/out.csv'",
    "copy fct_x from '{secret}'",
    "export database '{folder}/out'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '64GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset memory_limit",
    "pragma temp_directory = '{folder}'",
    "insert into fct_x values (1)",
    "drop table fct_x",
    "create table y as select 1",
    "create view z as select 1",
    "select * from caller",
]


@pytest.mark.parametrize("sql", REACHING)
def test_what_reaches_beyond_the_release_is_refused(
    release: duckdb.DuckDBPyConnection, tmp_path: Path, sql: str
) -> None:
    secret, caller = tmp_path / "secret.csv", QueryResult(("x",), ("INTEGER",), ((1,),))
    secret.write_text("secret\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    with pytest.raises((QueryStoppedError, duckdb.Error)) as refused:
        run_query(release, sql.format(secret=secret, folder=tmp_path))
    assert sorted(tmp_path.iterdir()) == before
    assert "secret\n" not in str(refused.value)
    assert caller
    assert run_query(release, "select count(*) from fct_x").rows == ((1000,),)


def test_a_query_that_takes_too_long_is_stopped(release: duckdb.DuckDBPyConnection) -> None:
    endless = "select count(*) from fct_x a, fct_x b, fct_x c, fct_x d where a.x + b.x + c.x + d.x = -1"
    with pytest.raises(QueryStoppedError, match=r"after 0\.2 seconds"):
        run_query(release, endless, seconds=0.2)
    assert run_query(release, "select 1").rows == ((1,),)


def test_variables_of_a_question_may_still_be_set(release: duckdb.DuckDBPyConnection) -> None:
    run_query(release, "set variable period = '2021-11'")
    assert run_query(release, "select getvariable('period')").rows == (("2021-11",),)


def _result(*values: object) -> QueryResult:
    return QueryResult(("value",), ("VARCHAR",), tuple((value,) for value in values))


def test_values_are_shown_as_they_are(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "file", sys.stdout)
    write(_result("root:x:0", "[red]a[/red]", "\x1b[2J"), Format.table)
    shown = capsys.readouterr().out
    assert "root:x:0" in shown
    assert "[red]a[/red]" in shown
    assert "\x1b[2J" not in shown
    assert "␛[2J" in shown


def test_csv_carries_no_live_formula(capsys: pytest.CaptureFixture[str]) -> None:
    write(_result("=1+1", "+84", "-1", "@x", "\tx", -1, "HTX"), Format.csv)
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["value", "'=1+1", "'+84", "'-1", "'@x", "'\tx", "-1", "HTX"]
