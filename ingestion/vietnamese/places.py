"""Provinces by name or code, on the map that was valid at a date.

63 provinces until 30 June 2025, 34 since 1 July 2025 (NQ 202/2025/QH15). Names and codes were reused, so a name alone
does not identify a province: every lookup takes a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from rapidfuzz import fuzz, process

from ingestion.vietnamese.text import fold
from warehouse.reference import reference_rows

Basis = Literal["before_2025_07", "from_2025_07"]
MERGER_DATE = date(2025, 7, 1)
#: Thừa Thiên Huế became the municipality Huế (NQ 175/2024/QH15).
RENAMED_DATE = date(2025, 1, 1)

_PREFIX = re.compile(r"^(?:lien minh (?:htx|hop tac xa) )?(?:tinh|thanh pho|tp|t)? ?")


@dataclass(frozen=True)
class Province:
    """A province on one of the two maps."""

    code: str
    name: str
    basis: Basis

    @property
    def key(self) -> str:
        """Surrogate key, as in ``dim_province``: ``63-46`` or ``34-46``."""
        return f"{'63' if self.basis == 'before_2025_07' else '34'}-{self.code}"


def basis_on(day: date) -> Basis:
    """Which map was valid on ``day``."""
    return "before_2025_07" if day < MERGER_DATE else "from_2025_07"


@cache
def provinces(basis: Basis) -> dict[str, Province]:
    """Provinces of a map by code, in code order."""
    rows = reference_rows("provinces")
    found = {r[f"code_{basis}"]: Province(r[f"code_{basis}"], r[f"name_{basis}"], basis) for r in rows}
    return dict(sorted(found.items()))


@cache
def _names(basis: Basis) -> dict[str, Province]:
    by_code = provinces(basis)
    names: dict[str, Province] = {}
    for row in reference_rows("provinces"):
        province = by_code[row[f"code_{basis}"]]
        names[fold(province.name)] = province
        # Variants belong to the old name; on the new map they are valid only where the name is unchanged.
        if basis == "before_2025_07" or row["name_before_2025_07"] == province.name:
            for variant in row["variants"].split("|"):
                names.setdefault(fold(variant), province)
    return names


def find_province(name: str, on: date) -> Province | None:
    """The province called ``name`` on the map valid at ``on``, by any known variant; None if there is none."""
    names = _names(basis_on(on))
    folded = fold(name)
    return names.get(folded) or names.get(_PREFIX.sub("", folded))


def province_names(on: date) -> tuple[str, ...]:
    """Standard names on the map valid at ``on``, for suggestions."""
    return tuple(p.name for p in provinces(basis_on(on)).values())


def similar_provinces(name: str, on: date) -> tuple[str, ...]:
    """Up to two standard names like ``name`` on the map valid at ``on``, best first. A suggestion, never a match."""
    names = {fold(standard): standard for standard in province_names(on)}
    hits = process.extract(_PREFIX.sub("", fold(name)), names.keys(), scorer=fuzz.ratio, score_cutoff=70, limit=2)
    return tuple(names[text] for text, _, _ in hits)


@dataclass(frozen=True)
class NamedProvince:
    """A province as a text names it: standard name, and the map it stands on where the two maps differ for it."""

    name: str
    basis: Basis | None


@cache
def province_spellings() -> tuple[tuple[str, str], ...]:
    """Every known spelling of a province with its standard name before July 2025, in file order."""
    spellings: list[tuple[str, str]] = []
    for row in reference_rows("provinces"):
        name = row["name_before_2025_07"]
        spellings += [(text, name) for text in (name, *row["variants"].split("|")) if text]
    return tuple(spellings)


@cache
def region_names() -> frozenset[str]:
    """Standard names of the regions of all three schemes."""
    columns = ("region8", "region6_2006", "region6_2025_10")
    return frozenset(row[column] for row in reference_rows("provinces") for column in columns)


def named_province(name_before: str, on: date | None, said: Basis | None = None) -> NamedProvince:
    """What a text means by the province that was called ``name_before`` until June 2025.

    ``on`` is the day in question, ``said`` the map that the text names ("cũ", "sau hợp nhất"). The basis is None for a
    province that is equal on both maps, and where neither the text nor the day distinguishes them.
    """
    row = next(r for r in reference_rows("provinces") if r["name_before_2025_07"] == name_before)
    today_name = row["name_from_2025_07"]
    basis: Basis | None = said or (basis_on(on) if on else None)
    if row["merged"] == "0":
        # Huế: a province's name until it became a municipality. The merger left it alone.
        renamed = on >= RENAMED_DATE if on else basis == "from_2025_07"
        return NamedProvince(today_name if renamed else name_before, None)
    if all(r["name_from_2025_07"] != name_before for r in reference_rows("provinces")):
        return NamedProvince(name_before, "before_2025_07")
    return NamedProvince(name_before, basis)
