"""The rule files: complete, well formed, each with examples that its own tolerance judges as they say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.registry import (
    RULES_DIR,
    RULES_SCHEMA,
    Example,
    Kind,
    Outcome,
    RegistryError,
    Rule,
    Severity,
    Tolerance,
    export_rules,
    load_rules,
    read_rules,
)
from tests.macros import judged_examples
from warehouse.layout import Layout


def test_worked_examples_have_their_outcome() -> None:
    """Judged by the SQL that computes the residuals, not by a copy of it."""
    expected = {(rule.id, n): example.outcome.value for rule in load_rules() for n, example in enumerate(rule.examples)}
    assert judged_examples(load_rules()) == expected


@pytest.mark.parametrize(
    ("kind", "expected", "passing", "failing"),
    [
        ("equal", 100, [98, 100, 102], [97, 103]),
        ("at_least", 100, [98, 100, 1000], [97, 0]),
        ("at_most", 100, [0, 100, 102], [103, 1000]),
        ("none", 0, [0, 2], [3]),
        ("holds", 3, [3, 1], [0]),
    ],
)
def test_kinds(tmp_path: Path, kind: str, expected: int, passing: list[int], failing: list[int]) -> None:
    """Each with a tolerance of 2."""
    (rule,) = write_rule(tmp_path, ("absolute: 0", "absolute: 2"))
    cases = tuple(
        Example(subject="x", expected=Decimal(expected), actual=Decimal(actual), outcome=outcome)
        for outcome, side in ((Outcome.PASS, passing), (Outcome.FAIL, failing))
        for actual in side
    )
    judged = judged_examples((rule.model_copy(update={"kind": Kind(kind), "examples": cases}),))
    assert list(judged.values()) == [case.outcome.value for case in cases]


def test_roll_up_needs_every_province() -> None:
    floors = {rule.id: rule.coverage_floor for rule in load_rules() if rule.severity is Severity.BLOCK}
    assert {floors[rule] for rule in floors if rule.startswith("roll_up.")} == {Decimal(1)}


@pytest.mark.parametrize(
    ("tolerance", "gap"),
    [
        ("{absolute: 2}", 2),
        ("{absolute: 2, claim_precision: true}", 52),
        ("{relative: 0.1, absolute: 2}", 10),
        ("{relative: 0.01, absolute: 2}", 2),
    ],
)
def test_tolerance_is_the_larger_of_both_and_adds_the_precision_of_claims(
    tmp_path: Path, tolerance: str, gap: int
) -> None:
    (rule,) = write_rule(tmp_path, ("{absolute: 0}", tolerance))
    cases = tuple(
        Example(subject="x", expected=Decimal(-100), actual=actual, claim_tolerance=Decimal(50), outcome=Outcome.PASS)
        for actual in (Decimal(-100 - gap), Decimal(-100 - gap) - Decimal("0.000001"))
    )
    assert list(judged_examples((rule.model_copy(update={"examples": cases}),)).values()) == ["pass", "fail"]


def test_export_has_the_shape_dbt_reads(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    written = export_rules(layout)
    table = pq.read_table(written)
    assert written == layout.build / "rules.parquet"
    assert table.schema.equals(RULES_SCHEMA)
    assert table.column("rule_id").to_pylist() == [rule.id for rule in load_rules()]
    assert [p.name for p in layout.build.iterdir()] == ["rules.parquet"]


RULE = """\
family: fund
vi: x
en: x
rules:
  - id: fund.balance
    severity: reject
    kind: equal
    title_vi: x
    title_en: x
    tolerance: {absolute: 0}
    missing_side: x
    fix_by: x
    explain_vi: "{subject} {expected} {actual}"
    examples:
      - {subject: x, expected: 1, actual: 1, outcome: pass}
      - {subject: x, expected: 1, actual: 2, outcome: fail}
"""


def write_rule(folder: Path, *changes: tuple[str, str]) -> tuple[Rule, ...]:
    text = RULE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "fund.yml").write_text(text, encoding="utf-8")
    return read_rules(folder)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("severity: reject", "severity: stop"), ["fund.yml", "fund.balance", "severity"]),
        (("kind: equal", "kind: same"), ["fund.yml", "fund.balance", "kind"]),
        (("absolute: 0", "absolute: -1"), ["fund.yml", "fund.balance", "tolerance.absolute"]),
        (('{actual}"', '{actual} {town}"'), ["fund.yml", "fund.balance", "explain_vi", "town"]),
        (('{actual}"', '"'), ["fund.yml", "fund.balance", "explain_vi", "missing placeholder 'actual'"]),
        (('{actual}"', '{actual} {tolerance}"'), ["fund.yml", "fund.balance", "explain_vi", "square brackets"]),
        (("kind: equal", "kind: none"), ["fund.yml", "fund.balance", "explain_vi", "'expected' is no word"]),
        (("kind: equal", "kind: holds"), ["fund.yml", "fund.balance", "explain_vi", "'actual' is no word"]),
        (("{subject} ", ""), ["fund.yml", "fund.balance", "explain_vi", "subject"]),
        (("id: fund.balance", "id: loan.balance"), ["fund.yml", "loan.balance", "must start with its family"]),
        (("outcome: fail", "outcome: pass"), ["fund.yml", "fund.balance", "examples", "fail"]),
        (("    fix_by: x\n", ""), ["fund.yml", "fund.balance", "fix_by"]),
        (("fix_by: x", "fix_bye: x"), ["fund.yml", "fund.balance", "fix_bye"]),
        (("family: fund", "family: fair"), ["fund.yml", "family", "file's name"]),
        (("rules:", "rulez:"), ["fund.yml", "rules"]),
        (("vi: x", "vi: [x"), ["fund.yml", "YAML"]),
    ],
)
def test_a_wrong_rule_is_named_with_file_rule_and_field(
    tmp_path: Path, change: tuple[str, str], named: list[str]
) -> None:
    assert RULE.count(change[0]) >= 1
    (tmp_path / "fund.yml").write_text(RULE.replace(*change, 1), encoding="utf-8")
    with pytest.raises(RegistryError) as raised:
        read_rules(tmp_path)
    for part in named:
        assert part in str(raised.value)


def test_all_problems_are_reported_at_once_and_ids_are_unique(tmp_path: Path) -> None:
    doubled = RULE + RULE.split("rules:\n")[1]
    (tmp_path / "fund.yml").write_text(doubled, encoding="utf-8")
    (tmp_path / "fair.yml").write_text(RULE.replace("severity: reject", "severity: no"), encoding="utf-8")
    with pytest.raises(RegistryError) as raised:
        read_rules(tmp_path)
    assert "already used" in str(raised.value)
    assert "fair.yml" in str(raised.value)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no rule file"):
        read_rules(tmp_path)


def test_the_untouched_rule_file_is_right(tmp_path: Path) -> None:
    (tmp_path / "fund.yml").write_text(RULE, encoding="utf-8")
    assert [rule.id for rule in read_rules(tmp_path)] == ["fund.balance"]


def test_a_rule_overrides_the_defaults_of_its_file(tmp_path: Path) -> None:
    heads = "defaults: {severity: flag, fix_by: y, group_by: [[province, period]]}\nrules:"
    (tmp_path / "fund.yml").write_text(RULE.replace("rules:", heads).replace("    fix_by: x\n", ""), encoding="utf-8")
    (rule,) = read_rules(tmp_path)
    assert (rule.severity, rule.fix_by, rule.group_by) == ("reject", "y", (("province", "period"),))
    assert rule.tolerance == Tolerance()


def test_each_family_has_a_file_of_its_own() -> None:
    assert {path.stem for path in RULES_DIR.glob("*.yml")} == {rule.family for rule in load_rules()}
