"""The rule registry: every reconciliation rule as data, read from ``rules/<family>.yml``.

Contains the schema of a rule and the reading of rule files; judging is in :mod:`expectations.audit`, the residuals are
computed in dbt (``rec_<family>``). Returns typed rules, and writes ``build/rules.parquet`` for dbt.
"""

from __future__ import annotations

import re
import string
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from warehouse.files import written_aside
from warehouse.layout import Layout

RULES_DIR = Path(__file__).resolve().parent / "rules"

#: Placeholders of a template ``explain_vi``; :mod:`expectations.explanations` fills them in. Text in
#: square brackets appears only where the tolerance is above 0.
PLACEHOLDERS = frozenset(
    {
        "subject",
        "period",
        "expected",
        "actual",
        "difference",
        "gap",
        "direction",
        "tolerance",
        # of the residual's detail
        "missing",
        "value",
        "usual",
        "expected_source",
        "actual_source",
    }
)

#: Shape of ``build/rules.parquet`` (source ``registry.rules`` of the dbt project).
RULES_SCHEMA = pa.schema(
    [
        pa.field("rule_id", pa.string(), nullable=False),
        pa.field("family", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("title_vi", pa.string(), nullable=False),
        pa.field("title_en", pa.string(), nullable=False),
        pa.field("tolerance_abs", pa.decimal128(24, 6), nullable=False),
        pa.field("tolerance_rel", pa.decimal128(12, 6), nullable=False),
        pa.field("use_claim_precision", pa.bool_(), nullable=False),
        pa.field("coverage_floor", pa.decimal128(12, 6), nullable=False),
        pa.field("missing_side", pa.string(), nullable=False),
    ]
)

IN_BRACKETS = re.compile(r"\[([^]]*)\]")

Text = Annotated[str, Field(min_length=1)]


class RegistryError(ValueError):
    """The rule files do not conform to their schema; the message names every file, rule and field at fault."""


class Severity(StrEnum):
    """The effect of a failed rule (architecture, "Where a rule lives")."""

    REJECT = "reject"
    BLOCK = "block"
    FLAG = "flag"


class Kind(StrEnum):
    """The condition on both sides; the macro ``excess`` of the dbt project judges by it."""

    EQUAL = "equal"  # actual is expected
    AT_LEAST = "at_least"  # actual is no less than expected, a floor
    AT_MOST = "at_most"  # actual is no more than expected, a ceiling
    NONE = "none"  # actual counts what must not occur; expected is 0
    HOLDS = "holds"  # actual is 1 where a statement is true, else 0; expected is 1


class Outcome(StrEnum):
    """How a residual was judged. A missing side is an outcome of its own, never a pass."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NOT_COMPARABLE = "not_comparable"


#: Placeholders that an explanation may not use: where 0 or a truth value is expected, it states the result in words.
_NOT_WORDED = {
    Kind.NONE: {"expected", "difference", "gap", "direction", "tolerance"},
    Kind.HOLDS: {"expected", "actual", "difference", "gap", "direction", "tolerance"},
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tolerance(_Strict):
    """The largest difference that passes, in the unit of the compared figure.

    The larger of ``absolute`` and ``relative`` (a share of the expected figure) applies. With ``claim_precision``, the
    precision of the claim's wording (about, over, under) is added. The macro ``residuals_of`` of the dbt project
    computes the tolerance of every residual.
    """

    absolute: Decimal = Field(default=Decimal(0), ge=0, max_digits=24, decimal_places=6)
    relative: Decimal = Field(default=Decimal(0), ge=0, le=1, decimal_places=6)
    claim_precision: bool = False


class Example(_Strict):
    """A worked example: with these two figures the rule must give this outcome."""

    subject: Text
    expected: Decimal | None
    actual: Decimal | None
    claim_tolerance: Decimal = Field(default=Decimal(0), ge=0)
    outcome: Outcome


def _placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


class Rule(_Strict):
    """One rule: what must reconcile, how exactly, and what happens when it does not."""

    id: Text
    family: Text
    severity: Severity
    kind: Kind
    title_vi: Text
    title_en: Text
    tolerance: Tolerance = Tolerance()
    coverage_floor: Decimal = Field(default=Decimal(0), ge=0, le=1, decimal_places=6)
    #: The reason shown where a side is missing and the model states no other reason.
    missing_side: Text
    fix_by: Text
    explain_vi: Text
    examples: tuple[Example, ...] = Field(min_length=2)
    #: The side that is the sum of the values in its evidence, if one is: a part may be missing or counted twice.
    parts: Literal["expected", "actual"] | None = None
    #: A failure of this rule is the cause of the other failures on the sheet.
    cause: Literal["copied"] | None = None
    #: Fields by which failures are grouped into findings; one entry in common suffices: "cell", or names of the grain
    #: or the evidence, "province", "period", "artifact" and "gap".
    group_by: tuple[tuple[Text, ...], ...] = (("cell",),)
    #: Many failures in one file mean a shifted column, not as many mistyped cells.
    column_shift: bool = False
    #: Why a sample contains no planted fault of this rule.
    not_planted: Text | None = None

    @field_validator("examples")
    @classmethod
    def _examples_show_both_ends(cls, examples: tuple[Example, ...]) -> tuple[Example, ...]:
        shown = {example.outcome for example in examples}
        absent = {Outcome.PASS, Outcome.FAIL} - shown
        if absent:
            raise ValueError(f"no example with outcome {sorted(absent)}: a rule shows that it can pass and fail")
        return examples

    @model_validator(mode="after")
    def _worded_by_kind(self) -> Rule:
        used = _placeholders(self.explain_vi)
        needed = {"subject", "expected", "actual"} if self.kind is Kind.EQUAL else {"subject"}
        problems = [f"unknown placeholder {name!r}; known: {sorted(PLACEHOLDERS)}" for name in used - PLACEHOLDERS]
        problems += [f"missing placeholder {name!r}" for name in needed - used]
        problems += [
            f"{name!r} is no word for a rule of kind {self.kind}" for name in used & _NOT_WORDED.get(self.kind, set())
        ]
        if self.kind in (Kind.AT_LEAST, Kind.AT_MOST) and not used & {"actual", "gap"}:
            problems.append("missing placeholder 'actual' or 'gap'")
        if "tolerance" in _placeholders(IN_BRACKETS.sub("", self.explain_vi)) and not self.tolerance.absolute:
            problems.append("'tolerance' may be 0: put what names it in square brackets")
        if problems:
            raise ValueError(f"explain_vi: {'; '.join(sorted(problems))}")
        return self

    @model_validator(mode="after")
    def _id_in_family(self) -> Rule:
        if not self.id.startswith(f"{self.family}."):
            raise ValueError(f"id {self.id!r} must start with its family {self.family!r} and a dot")
        return self


class _RuleFile(_Strict):
    family: Text
    vi: Text
    en: Text
    #: Default values of fields for every rule of the file.
    defaults: dict[str, Any] = {}
    rules: tuple[dict[str, Any], ...] = Field(min_length=1)


def _problems(error: ValidationError, where: str) -> list[str]:
    return [
        f"{where}: field {'.'.join(str(part) for part in item['loc']) or '(whole)'}: {item['msg']}"
        for item in error.errors()
    ]


def _read_file(path: Path) -> tuple[list[Rule], list[str]]:
    try:
        content = _RuleFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        return [], [f"{path.name}: not readable as YAML: {error}"]
    except ValidationError as error:
        return [], _problems(error, path.name)
    rules: list[Rule] = []
    problems: list[str] = []
    if content.family != path.stem:
        problems.append(f"{path.name}: field family: is {content.family!r}, must be the file's name {path.stem!r}")
    for number, entry in enumerate(content.rules, start=1):
        where = f"{path.name}: rule {entry.get('id', f'number {number}')}"
        if "family" in entry:
            problems.append(f"{where}: field family: stands once, at the head of the file")
            continue
        try:
            rules.append(Rule.model_validate({**content.defaults, **entry, "family": content.family}))
        except ValidationError as error:
            problems.extend(_problems(error, where))
    return rules, problems


def read_rules(folder: Path) -> tuple[Rule, ...]:
    """Every rule of the ``*.yml`` files in ``folder``, ordered by id.

    Raises RegistryError naming all problems at once, each with its file, rule and field.
    """
    rules: list[Rule] = []
    problems: list[str] = []
    homes: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        found, wrong = _read_file(path)
        problems.extend(wrong)
        for rule in found:
            if rule.id in homes:
                problems.append(f"{path.name}: rule {rule.id}: field id: already used in {homes[rule.id]}")
            homes[rule.id] = path.name
        rules.extend(found)
    if not rules and not problems:
        problems.append(f"no rule file *.yml in {folder}")
    if problems:
        raise RegistryError("\n".join(problems))
    return tuple(sorted(rules, key=lambda rule: rule.id))


@cache
def load_rules() -> tuple[Rule, ...]:
    """The project's rules, ordered by id. Raises RegistryError as :func:`read_rules` does."""
    return read_rules(RULES_DIR)


def rules_named(name: str) -> tuple[Rule, ...]:
    """The rule with this id, or the rules of this family. Raises RegistryError with the known names."""
    rules = load_rules()
    if found := tuple(rule for rule in rules if name in (rule.id, rule.family)):
        return found
    family = name.split(".", maxsplit=1)[0]
    near = [rule.id for rule in rules if rule.family == family] or sorted({rule.family for rule in rules})
    raise RegistryError(f"--rule {name!r}: no such rule or family. Known: {', '.join(near)}")


def rules_table(rules: tuple[Rule, ...]) -> pa.Table:
    """One row per rule in the shape of :data:`RULES_SCHEMA`: what dbt needs to compute residuals."""
    return pa.Table.from_pylist(
        [
            {
                "rule_id": rule.id,
                "family": rule.family,
                "severity": rule.severity.value,
                "kind": rule.kind.value,
                "title_vi": rule.title_vi,
                "title_en": rule.title_en,
                "tolerance_abs": rule.tolerance.absolute,
                "tolerance_rel": rule.tolerance.relative,
                "use_claim_precision": rule.tolerance.claim_precision,
                "coverage_floor": rule.coverage_floor,
                "missing_side": rule.missing_side,
            }
            for rule in rules
        ],
        schema=RULES_SCHEMA,
    )


def export_rules(layout: Layout) -> Path:
    """Write the registry to ``build/rules.parquet`` (one row per rule) for dbt; returns the file."""
    target = layout.build / "rules.parquet"
    with written_aside(target) as aside:
        pq.write_table(rules_table(load_rules()), aside)
    return target
