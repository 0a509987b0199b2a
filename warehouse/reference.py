"""Reference data (provinces, sectors, code lists) for Python: the same CSV files dbt loads as seeds."""

from __future__ import annotations

import csv
from functools import cache

from warehouse.layout import REFERENCE_DIR


@cache
def reference_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of seed ``name`` in file order, all values as text.

    Raises FileNotFoundError with the known names if there is no such seed.
    """
    path = REFERENCE_DIR / f"{name}.csv"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in REFERENCE_DIR.glob("*.csv")))
        raise FileNotFoundError(f"no reference table {name!r} in {REFERENCE_DIR}; known: {known}")
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))
