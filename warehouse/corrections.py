"""Central corrections as the current release applied them: which entries of the ledger have no effect (any more)."""

from __future__ import annotations

from warehouse.connections import connect_release, run_query
from warehouse.layout import Layout

_ADVICE = {
    "differs": "not applied, the cell holds something else; correct the entry",
    "absent": "not applied, the file has no such sheet or cell; correct the entry",
    "expired": "expired; renew it or take it out",
}


def ineffective_corrections(layout: Layout) -> list[tuple[str, str, str]]:
    """File, cell, and what to do, per correction that was not applied or that the sender has made itself.

    Raises NoReleaseError if there is no release.
    """
    with connect_release(layout) as con:
        rows = run_query(
            con,
            "select file_name, sheet || '!' || cell, outcome, is_source_fixed from fct_correction "
            "where is_source_fixed or outcome <> 'applied' order by all",
        ).rows
    return [
        (file, cell, "the sender has sent again; take the entry out" if fixed else _ADVICE[outcome])
        for file, cell, outcome, fixed in rows
    ]
