"""Great Expectations' pages: every rule is on one, they open without a network, and only the last few are kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from expectations.data_docs import KEPT, write_data_docs
from expectations.registry import Severity, load_rules

ROWS = (
    ("a", "fund.charter_floor", "Quỹ mẫu", 20, 15, True),
    ("b", "fund.charter_floor", "Quỹ mẫu hai", 20, 20, True),
    ("c", "stock_identity.closing", "Tỉnh mẫu", 10, 10, True),
    ("d", "roll_up.founded", "Cả nước", None, 3, False),
)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create schema reconciliation; create table reconciliation.rec_residual (residual_id varchar, rule_id varchar, "
        "subject varchar, expected decimal(28, 6), actual decimal(28, 6), is_comparable boolean, "
        "excess decimal(28, 6))"
    )
    for row in ROWS:
        connection.execute("insert into reconciliation.rec_residual select $1, $2, $3, $4, $5, $6, $4 - $5", list(row))
    return connection


def test_pages_show_every_rule_and_fetch_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    index = write_data_docs(con, tmp_path)
    (folder,) = [p for p in tmp_path.iterdir() if p.is_dir()]
    pages = {severity: (folder / f"{severity.value}.html").read_text(encoding="utf-8") for severity in Severity}
    for page in (*pages.values(), index.read_text(encoding="utf-8")):
        assert not re.search(r"https?://|<script|<link|<img|@import", page)
    assert "Quỹ mẫu" in pages[Severity.FLAG] and "1 unexpected values found" in pages[Severity.FLAG]
    assert "stock_identity.closing: " in pages[Severity.REJECT]
    for rule in load_rules():
        assert rule.id in pages[rule.severity], "a rule is on no page, not even as not judged"
    assert "flag: 1 rules, 1 failed" in re.sub(r"<[^>]+>", "", index.read_text(encoding="utf-8"))


def test_the_last_few_audits_are_kept(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        con.execute("update reconciliation.rec_residual set subject = $1 where residual_id = 'a'", [f"Quỹ {number}"])
        index = write_data_docs(con, tmp_path)
        for age, folder in enumerate(sorted(tmp_path.glob("*/"), key=lambda p: p.stat().st_mtime)):
            os.utime(folder, (1_000 * number + age, 1_000 * number + age))
    kept = [p for p in tmp_path.iterdir() if p.is_dir()]
    assert len(kept) == KEPT
    assert all(p.name in index.read_text(encoding="utf-8") for p in kept)
    assert write_data_docs(con, tmp_path) == index and len([p for p in tmp_path.iterdir() if p.is_dir()]) == KEPT
