"""The claim: one statement of a figure in an article, with its position.

Only the shape; the rules find claims. Shape and value lists: design, interfaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


@dataclass(frozen=True)
class Claim:
    """One claim. Money in đồng, rates in percent per year; ``text[start:end]`` of its article is ``quote``.

    ``rule`` is the rule that read it, ``sentence_number`` counts from 1, ``list_id`` is shared by the claims of one
    enumeration (a total and its parts), ``trail`` has the reasons for its values; these four are written to the raw
    zone and not to the JSON.
    """

    source: str
    metric: str
    value: Decimal
    value_max: Decimal | None
    denominator: Decimal | None
    unit: str
    qualifier: str
    status: str
    accumulation: str
    org_type: str | None
    sector: str | None
    geography: str | None
    geography_basis: str | None
    period_start: date | None
    period_end: date | None
    as_of: date | None
    quote: str
    start: int
    end: int
    derived: bool
    rule: str
    sentence_number: int
    list_id: str | None
    trail: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The claim as `htx claims` prints it: keys in the published order, whole numbers as integers."""
        return {
            "source": self.source,
            "metric": self.metric,
            "value": _number(self.value),
            "value_max": _number(self.value_max),
            "denominator": _number(self.denominator),
            "unit": self.unit,
            "qualifier": self.qualifier,
            "status": self.status,
            "accumulation": self.accumulation,
            "org_type": self.org_type,
            "sector": self.sector,
            "geography": self.geography,
            "geography_basis": self.geography_basis,
            "period_start": _day(self.period_start),
            "period_end": _day(self.period_end),
            "as_of": _day(self.as_of),
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "derived": self.derived,
        }
