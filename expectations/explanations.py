"""Explanations of anomalies for provinces: Vietnamese sentences with Vietnamese numbers and the place of each side.

Contains wording only: the templates are in the rule files, judging is in :mod:`expectations.audit`. Returns one
text per failed residual.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from expectations.registry import IN_BRACKETS, Rule
from ingestion.forms.definition import load_forms
from ingestion.vietnamese.numbers import format_number
from ingestion.vietnamese.periods import Period, format_period

#: At most this many places of a sum are named; the others are counted (the evidence column has more).
NAMED_PLACES = 2
QUOTE_LENGTH = 160
#: As many decimals as a residual has.
MOST_DECIMALS = 6


@cache
def _headers() -> dict[tuple[str, str], str]:
    return {(form.code, column.name): column.label for form in load_forms().values() for column in form.raw_columns}


def column_header(sheet: str | None, column: str | None) -> str | None:
    """The header of a column on the form that ``sheet`` is named after; without such a form, the column's name.

    Several columns, separated by commas, give several headers.
    """
    number = re.search(r"\d{2}[A-Z]?", (sheet or "").upper())
    if column is None or number is None:
        return column
    headers = ((name, _headers().get((f"BIEU_{number[0]}", name))) for name in column.split(", "))
    return ", ".join(f"“{header}”" if header else name for name, header in headers)


def _place(item: Mapping[str, Any]) -> str:
    if item.get("url"):
        quote = str(item.get("quote") or "").strip()
        if len(quote) > QUOTE_LENGTH:
            quote = f"{quote[:QUOTE_LENGTH].rstrip()}…"
        return f"bài {item['url']}, câu «{quote}»" if quote else f"bài {item['url']}"
    shown = {**item, "column": column_header(item.get("sheet"), item.get("column"))}
    named = [
        (label, shown.get(key))
        for label, key in (
            ("văn bản", "document"),
            ("báo cáo của", "province"),
            ("tệp", "file"),
            ("trang", "sheet"),
            ("dòng", "row"),
            ("cột", "column"),
            ("tổ chức", "org_code"),
            ("chỉ tiêu", "target"),
        )
    ]
    return ", ".join(f"{label} {value}" for label, value in named if value is not None)


def describe_source(evidence: str | None) -> str:
    """The places of an evidence list (JSON, as in the residual): file, sheet and row, or address and quote.

    Raises ValueError if ``evidence`` is not a JSON list of objects.
    """
    items = json.loads(evidence) if evidence else []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError(f"evidence is not a JSON list of objects: {evidence!r}")
    places = [place for item in items if "more" not in item and (place := _place(item))]
    beyond = sum(int(item["more"]) for item in items if "more" in item) + max(0, len(places) - NAMED_PLACES)
    if not places:
        return "không ghi nơi"
    text = "; ".join(places[:NAMED_PLACES])
    return f"{text}; và {format_number(beyond)} nơi khác" if beyond else text


def _number(value: Decimal | int | float | None, digits: int = MOST_DECIMALS) -> str:
    return "không có" if value is None else format_number(_rounded(value, digits))


def _rounded(value: Decimal | int | float, digits: int) -> Decimal:
    # By its text: round() fails for more digits than a decimal context has.
    return Decimal(f"{Decimal(str(value)):.{digits}f}")


def _digits(residual: Mapping[str, Any]) -> int:
    """Decimals for people: two, or as many as the two sides need to differ."""
    sides = [value for value in (residual["expected"], residual["actual"]) if value is not None]
    enough = (digits for digits in range(2, MOST_DECIMALS) if len({_rounded(s, digits) for s in sides}) == len(sides))
    return next(enough, MOST_DECIMALS)


def _period(code: str | None) -> str:
    return "không rõ kỳ" if code is None else format_period(Period(code), within_sentence=True)


def explain(rule: Rule, residual: Mapping[str, Any]) -> str:
    """The rule's Vietnamese explanation for one failed residual (a row of ``rec_residual`` as a mapping)."""
    difference: Decimal = residual["difference"]
    detail = json.loads(residual["detail"] or "{}")
    digits = _digits(residual)
    template = IN_BRACKETS.sub(r"\1" if residual["tolerance"] else "", rule.explain_vi)
    return template.format(
        subject=residual["subject"],
        period=_period(residual["period_code"]),
        expected=_number(residual["expected"], digits),
        actual=_number(residual["actual"], digits),
        difference=_number(difference, digits),
        gap=_number(abs(difference), digits),
        direction="cao hơn" if difference > 0 else "thấp hơn",
        tolerance=_number(residual["tolerance"]),
        missing=", ".join(detail.get("missing_regions") or ()) or detail.get("missing") or "không rõ",
        value=_number(detail.get("value"), 2),
        usual=_number(detail.get("usual"), 2),
        expected_source=describe_source(residual["expected_evidence"]),
        actual_source=describe_source(residual["actual_evidence"]),
    )
