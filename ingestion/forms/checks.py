"""What a row of a form must satisfy, as a form's data file declares it: the schema of a check, and of its limits.

Contains declarations only: :mod:`ingestion.forms.check_sql` compiles them. Ranges and identifiers, which several
columns share, are in ``limits/``; a reading does not depend on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

LIMITS_DIR = Path(__file__).parent / "limits"

#: ``hold``: impossible, the row enters no fact; ``flag``: unlikely, the row is published with the finding.
Severity = Literal["hold", "flag"]
Kind = Literal[
    "after",
    "not_before",
    "within_period",
    "at_most",
    "at_least",
    "sum_of",
    "part_of",
    "between",
    "references",
    "matches",
]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Strict):
    """How many days before and after the reporting period a date may lie; ``any``: no bound on that side."""

    days_before: int | Literal["any"] = 0
    days_after: int | Literal["any"] = 0

    @model_validator(mode="after")
    def _bounded(self) -> Window:
        if self.days_before == self.days_after == "any":
            raise ValueError("within_period: one side needs a number of days")
        return self


class Check(_Strict):
    """One check of a column against others of its row, the reporting period, a limit, or another form of the file.

    Exactly one kind is given. Columns are named as in the form; ``a + b`` is their sum.
    """

    #: A day later than that of another column; ``not_before``: the same day or later.
    after: str | None = None
    not_before: str | None = None
    within_period: Window | None = None
    #: Compared with columns of the row. ``part_of``: as ``at_most``, of parts and their whole.
    at_most: str | None = None
    at_least: str | None = None
    sum_of: str | None = None
    part_of: str | None = None
    #: A range in ``limits/ranges.yml``: it holds the impossible and flags the unusual; ``severity: flag`` flags both.
    between: str | None = None
    #: A column of a form of the same file, ``BIEU_05A.fair_code``; not judged where the file has no such sheet.
    references: str | None = None
    #: A kind of identifier in ``limits/identifiers.yml``.
    matches: str | None = None
    severity: Severity | None = None
    #: Empty cells: ``skip``, the row is not judged; ``zero``, they count as 0; ``fail``, the row does not pass.
    empty: Literal["skip", "zero", "fail"] = "skip"
    #: Difference allowed by rounding, in the unit of staging (đồng).
    tolerance: Decimal = Decimal(0)
    #: What must hold, in Vietnamese, if the generated words are not enough.
    vi: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Check:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a check is of one kind, one of {', '.join(KINDS)}; given: {', '.join(given) or 'none'}")
        if self.severity is None and given != ["between"]:
            raise ValueError("a check states its severity, hold or flag")
        if self.severity == "hold" and given == ["between"]:
            raise ValueError(
                "severity hold: a range holds what is outside of possible; only flag may be stated for all"
            )
        return self

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the row that it compares with."""
        if self.kind not in COMPARISONS:
            return ()
        return tuple(name.strip() for name in str(getattr(self, self.kind)).split("+"))


KINDS: tuple[Kind, ...] = (
    "after",
    "not_before",
    "within_period",
    "at_most",
    "at_least",
    "sum_of",
    "part_of",
    "between",
    "references",
    "matches",
)
#: Kinds that compare with columns of the row.
COMPARISONS: tuple[Kind, ...] = ("after", "not_before", "at_most", "at_least", "sum_of", "part_of")

Bound = Decimal | date | Literal["period_end", "year_after_period"] | None


class Range(_Strict):
    """A range: outside of ``possible`` a row is held, outside of ``usual`` it is flagged. Both ends are included.

    Numbers are in ``unit``, which is that of staging: đồng for money, percent per year for rates. ``period_end`` is the
    last day of the reporting period, ``year_after_period`` a year later. ``null``: no bound on that side.
    """

    unit: str
    possible: tuple[Bound, Bound]
    usual: tuple[Bound, Bound] | None = None
    #: Why the bounds are where they are.
    why: str


class Identifier(_Strict):
    """A kind of identifier: a regular expression for the whole text, in words, and its check digit if it has one."""

    pattern: str
    vi: str
    #: The text must not match this one: what a spreadsheet makes of a number.
    never: str | None = None
    #: Weights of the first digits; the next one is 10 - (their weighted sum mod 11).
    weights: tuple[int, ...] = ()


@cache
def ranges() -> Mapping[str, Range]:
    """Ranges by name. Raises ValidationError for a file that does not conform."""
    return MappingProxyType({name: Range.model_validate(data) for name, data in _read("ranges.yml").items()})


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Kinds of identifiers by name. Raises ValidationError for a file that does not conform."""
    return MappingProxyType({name: Identifier.model_validate(data) for name, data in _read("identifiers.yml").items()})


def _read(name: str) -> dict[str, object]:
    content = yaml.safe_load((LIMITS_DIR / name).read_text(encoding="utf-8"))
    return dict(content)
