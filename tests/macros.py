"""SQL of the dbt project's macros, without a dbt run: what a test evaluates is the text that builds a warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import jinja2

from expectations.registry import Rule, rules_table
from warehouse.layout import DBT_PROJECT_DIR

#: What ``residuals_of`` reads, apart from the registry.
SIDES = """
    rule_id varchar, grain varchar, province_key varchar, period_code varchar, subject varchar,
    expected decimal(28, 6), actual decimal(28, 6), claim_precision decimal(28, 6), not_comparable_reason varchar,
    expected_evidence varchar, actual_evidence varchar, artifact_sha256 varchar, detail varchar
"""


def rendered_text(sql: str, ref: Callable[[str], str]) -> str:
    """SQL that calls macros of ``macros/residuals.sql``, with relations named by ``ref``."""
    macros = (DBT_PROJECT_DIR / "macros" / "residuals.sql").read_text(encoding="utf-8")
    return jinja2.Environment().from_string(f"{macros}\n{sql}").render(ref=ref)  # noqa: S701


def residuals_of(relation: str, ref: Callable[[str], str]) -> str:
    """The SQL that turns the sides of ``relation`` into residuals."""
    return rendered_text(f"{{{{ residuals_of('{relation}') }}}}", ref)


def judged_examples(rules: tuple[Rule, ...]) -> dict[tuple[str, int], str]:
    """The outcome of every worked example of ``rules``, by rule id and number, as the macro of the residuals has it."""
    with duckdb.connect() as con:
        con.register("stg_rule", rules_table(rules))
        con.execute(f"create table sides ({SIDES})")
        for rule in rules:
            for number, example in enumerate(rule.examples):
                add_side(
                    con,
                    rule_id=rule.id,
                    grain=number,
                    expected=example.expected,
                    actual=example.actual,
                    claim_precision=example.claim_tolerance,
                )
        compared = residuals_of("sides", str)
        found = con.execute(
            "select rule_id, cast(grain as integer), case when excess > 0 then 'fail' when excess <= 0 then 'pass' "
            f"else 'not_comparable' end from ({compared}) order by all"
        ).fetchall()
    return {(rule_id, number): outcome for rule_id, number, outcome in found}


def add_side(con: duckdb.DuckDBPyConnection, **values: Any) -> None:
    """One row of the table ``sides``; columns that are not named are null."""
    names = ", ".join(values)
    con.execute(f"insert into sides ({names}) values ({', '.join('?' * len(values))})", list(values.values()))
