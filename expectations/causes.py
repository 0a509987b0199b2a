"""Likely causes of differences, where the arithmetic determines one, and the grouping of failures into findings.

Contains the likely causes (a factor of ten, swapped digits, a part left out or counted twice, last month's value,
a copied sheet) and the grouping of failures that share one. A cause is a hypothesis, labelled as likely; judging is
in :mod:`expectations.audit`. Pure functions over failed residuals: equal failures give equal findings in any order.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from expectations.explanations import column_header
from expectations.registry import Kind, Rule, Severity
from ingestion.vietnamese.numbers import format_number

#: A smaller difference equals some cell by chance too often to indicate a cause.
TELLING = 10
#: A side with more cells is a sum: failures that share one of its cells have a common cause only if their gaps are
#: equal.
FEW_CELLS = 8
#: At least this many failures of one rule in one file are one finding: a shifted column, not as many mistyped cells.
MANY = 4
#: A number with fewer digits before its trailing zeros (3, 100, 2.000) is a tenfold of some other figure by chance.
DIGITS = 2
FACTORS = tuple(Decimal(10) ** k for k in (1, 2, 3))
#: Strongest first: the cause of a group is the first of these that a member has.
ORDER = ("copied", "factor", "digits_swapped", "last_period", "shifted_column", "counted_twice", "part_missing", "sign")

#: Causes that apply to every failure of their group, whatever cause its own arithmetic indicates.
STRONG = ("copied", "shifted_column")


@dataclass(frozen=True)
class Finding:
    """Cause and group of a failure. ``group_id`` is the residual id of the group's first failure."""

    cause: str | None
    cause_vi: str | None
    group_id: str
    group_size: int


@dataclass(frozen=True)
class _Cell:
    artifact: str
    sheet: str
    row: int
    column: str
    value: Decimal | None

    @property
    def place(self) -> tuple[str, str, int, str]:
        return self.artifact, self.sheet, self.row, self.column


def _items(evidence: str | None) -> list[dict[str, Any]]:
    return [item for item in json.loads(evidence or "[]") if isinstance(item, dict)]


def _cells(evidence: str | None) -> list[_Cell]:
    found = []
    for item in _items(evidence):
        if not item.get("artifact") or item.get("row") is None or not item.get("column"):
            continue
        value = item.get("value")
        number = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
        found.append(_Cell(item["artifact"], str(item.get("sheet")), int(item["row"]), str(item["column"]), number))
    return found


def _values(evidence: str | None) -> list[tuple[Decimal, dict[str, Any]]]:
    return [
        (Decimal(str(item["value"])), item)
        for item in _items(evidence)
        if isinstance(item.get("value"), int | float) and not isinstance(item.get("value"), bool)
    ]


def swapped(value: Decimal) -> set[Decimal]:
    """Every number that results from swapping two neighbouring digits of a whole number; none begins with 0."""
    if value != value.to_integral_value() or value < TELLING:
        return set()
    text = str(int(value))
    made = {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    return {Decimal(other) for other in made if not other.startswith("0")} - {value}


def _named(item: Mapping[str, Any]) -> str:
    if item.get("province"):
        return f"số của {item['province']}"
    where = [f"dòng {item['row']}"] if item.get("row") is not None else []
    header = column_header(item.get("sheet"), item.get("column"))
    where += [f"cột {header}"] if header else []
    return f"ô {', '.join(where)}" if where else "một phần"


def _distinctive(value: Decimal) -> bool:
    """Whether a number has enough digits before its trailing zeros that a tenfold of it is no coincidence."""
    return len(value.normalize().as_tuple().digits) >= DIGITS


def _only(found: Iterable[tuple[Decimal, dict[str, Any]]]) -> tuple[Decimal, dict[str, Any]] | None:
    """The only hit; None if there are several."""
    hits = list(found)
    return hits[0] if len(hits) == 1 else None


def _as_factor(expected: Decimal, actual: Decimal) -> str | None:
    if expected <= 0 or actual <= 0 or not _distinctive(expected):
        return None
    for factor in FACTORS:
        if actual == expected * factor:
            return f"số ghi gấp đúng {format_number(factor)} lần số đối chiếu: nhầm đơn vị tính hoặc thừa chữ số không"
        if expected == actual * factor:
            return f"số ghi chỉ bằng 1/{format_number(factor)} số đối chiếu: nhầm đơn vị tính hoặc thiếu chữ số không"
    return None


def likely_cause(rule: Rule, failure: Mapping[str, Any]) -> tuple[str, str] | None:
    """Code and Vietnamese wording of the cause that the rule or the arithmetic of a failure indicates, or None."""
    expected, actual = failure["expected"], failure["actual"]
    detail = json.loads(failure["detail"] or "{}")
    if rule.cause:
        return rule.cause, "trang tính của kỳ khác hoặc nơi khác được gửi lại"
    if power := detail.get("power_of_ten"):
        factor = format_number(10 ** abs(power))
        how = f"gấp {factor} lần" if power > 0 else f"chỉ bằng 1/{factor}"
        return "factor", f"số ghi {how} các tháng trước: nhầm đơn vị tính hoặc sai số chữ số không"
    if rule.kind in (Kind.NONE, Kind.HOLDS):
        return None
    text = _as_factor(expected, actual)
    if text:
        return "factor", text
    previous = detail.get("previous_opening")
    openings = [
        v for v, item in _values(failure["expected_evidence"]) if str(item.get("column")).startswith("opening_")
    ]
    if actual > 0 and previous and previous["value"] is not None and Decimal(str(previous["value"])) == actual:
        return "last_period", "số đầu kỳ trước được chép lại thay cho số cuối kỳ trước"
    if openings == [actual] and actual >= TELLING:
        return "last_period", "số đầu kỳ được chép lại thành số cuối kỳ"
    if actual in swapped(expected):
        return "digits_swapped", "hai chữ số cạnh nhau bị đổi chỗ"
    return _by_cell(rule, failure, actual - expected)


def _by_cell(rule: Rule, failure: Mapping[str, Any], difference: Decimal) -> tuple[str, str] | None:
    """A cause in one cell of either side: correcting the cell would close the gap exactly."""
    gap = abs(difference)
    if gap >= TELLING:
        both = _values(failure["expected_evidence"]) + _values(failure["actual_evidence"])
        hit = _only(
            (v, i) for v, i in both if v > 0 and _distinctive(v) and any(gap in (v * f - v, v - v / f) for f in FACTORS)
        )
        if hit:
            return "factor", f"{_named(hit[1])} nhầm đơn vị tính hoặc sai số chữ số không (ghi {format_number(hit[0])})"
        hit = _only((v, i) for v, i in both if any(abs(v - other) == gap for other in swapped(v)))
        if hit:
            return (
                "digits_swapped",
                f"{_named(hit[1])} có hai chữ số cạnh nhau bị đổi chỗ (ghi {format_number(hit[0])})",
            )
        if not rule.parts and (hit := _only((v, i) for v, i in both if 2 * v == gap)):
            return "sign", f"{_named(hit[1])} ({format_number(hit[0])}) bị cộng thay vì trừ, hoặc ngược lại"
    return _by_part(rule, failure, difference) if rule.parts else None


def _by_part(rule: Rule, failure: Mapping[str, Any], difference: Decimal) -> tuple[str, str] | None:
    """A part of a sum counted twice, where the sum is too large; the one empty part, where it is too small."""
    parts = _values(failure[f"{rule.parts}_evidence"])
    surplus = difference if rule.parts == "actual" else -difference
    hit = _only((v, i) for v, i in parts if v == surplus >= TELLING)
    if hit:
        return "counted_twice", f"{_named(hit[1])} ({format_number(surplus)}) bị cộng hai lần"
    empty = _only((v, i) for v, i in parts if v == 0)
    if empty and surplus < 0 and len(parts) > 1:
        return "part_missing", f"{_named(empty[1])} để trống hoặc ghi 0, thiếu đúng {format_number(-surplus)}"
    return None


class _Groups:
    """Union-find over residual ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {name: name for name in ids}

    def find(self, name: str) -> str:
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def unite(self, names: Sequence[str]) -> None:
        for name in names[1:]:
            first, other = sorted((self.find(names[0]), self.find(name)))
            self._parent[other] = first


def _grain(failure: Mapping[str, Any]) -> dict[str, str]:
    return dict(part.split("=", 1) for part in failure["grain"].split("|") if "=" in part)


def _keys(rule: Rule, failure: Mapping[str, Any]) -> set[tuple[object, ...]]:
    """The grouping keys of a failure: one for each combination of fields that its rule groups by."""
    sides = [failure["expected_evidence"], failure["actual_evidence"]]
    items = [item for side in sides for item in _items(side)]
    quotes = [item for item in items if item.get("url")]
    if quotes:
        return {("quote", q["artifact"], q.get("start"), q.get("end")) for q in quotes}
    gap = abs(failure["difference"])
    known = {
        **_grain(failure),
        "province": failure["province_key"],
        "period": failure["period_code"],
        "artifact": failure["artifact_sha256"],
        "gap": gap,
    }
    keys: set[tuple[object, ...]] = set()
    for names in rule.group_by:
        if names == ("cell",):
            keys.update(key for side in sides for key in _cell_keys(side, gap))
            continue
        for source in (known, *({**item, **known} for item in items)):
            values = tuple(source.get(name) for name in names)
            if None not in values:
                keys.add((*names, *values))
    return keys


def _cell_keys(side: str | None, gap: Decimal) -> Iterable[tuple[object, ...]]:
    cells = _cells(side)
    few = len(cells) <= FEW_CELLS
    for cell in cells:
        if few:
            yield ("cell", *cell.place)
        yield ("sum", *cell.place, gap)
        yield ("row", cell.artifact, cell.sheet, cell.row, gap)


def findings(rules: Mapping[str, Rule], failures: Sequence[Mapping[str, Any]]) -> dict[str, Finding]:
    """Cause and group of every failure, by residual id. ``failures`` are residuals, ``rules`` their rules by id."""
    ordered = sorted(failures, key=lambda f: f["residual_id"])
    groups = _Groups(f["residual_id"] for f in ordered)
    sharing: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for failure in ordered:
        for key in _keys(rules[failure["rule_id"]], failure):
            sharing[key].append(failure["residual_id"])
    per_file = Counter((f["rule_id"], f["artifact_sha256"]) for f in ordered if f["artifact_sha256"])
    shifted: set[str] = set()
    for failure in ordered:
        key = (failure["rule_id"], failure["artifact_sha256"])
        # Forty loans below the required share are forty findings; forty rows of one table are one.
        if per_file.get(key, 0) >= MANY and rules[failure["rule_id"]].column_shift:
            sharing["file", *key].append(failure["residual_id"])
            shifted.add(failure["residual_id"])
    sheets: dict[tuple[str, str], list[str]] = defaultdict(list)
    for failure in ordered:
        for item in _items(failure["actual_evidence"]):
            if item.get("artifact") and item.get("sheet"):
                sheets[item["artifact"], item["sheet"]].append(failure["residual_id"])
    copied = {f["residual_id"] for f in ordered if rules[f["rule_id"]].cause}
    for names in sheets.values():
        if copied & set(names):
            groups.unite(names)
    for _, names in sorted(sharing.items(), key=lambda item: repr(item[0])):
        groups.unite(names)
    return _described(rules, ordered, groups, shifted)


def _described(
    rules: Mapping[str, Rule], ordered: Sequence[Mapping[str, Any]], groups: _Groups, shifted: set[str]
) -> dict[str, Finding]:
    members: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for failure in ordered:
        members[groups.find(failure["residual_id"])].append(failure)
    found: dict[str, Finding] = {}
    weight = {severity: number for number, severity in enumerate((Severity.BLOCK, Severity.REJECT, Severity.FLAG))}
    for group in members.values():
        own = {f["residual_id"]: likely_cause(rules[f["rule_id"]], f) for f in group}
        if len(shifted & own.keys()) >= MANY:
            text = "nhiều dòng của cùng một biểu cùng sai: cột bị lệch, hoặc cả cột lấy nhầm"
            for name in shifted & own.keys():
                own[name] = ("shifted_column", text)
        causes = [cause for cause in own.values() if cause]
        shared = min(causes, key=lambda c: (ORDER.index(c[0]), c[1])) if causes else None
        head = min(group, key=lambda f: (weight[rules[f["rule_id"]].severity], f["rule_id"], f["residual_id"]))
        for failure in group:
            cause = shared if shared and shared[0] in STRONG else own[failure["residual_id"]] or shared
            code, why = cause if cause else (None, None)
            found[failure["residual_id"]] = Finding(code, why, head["residual_id"], len(group))
    return found
