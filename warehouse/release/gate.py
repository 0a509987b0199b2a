"""The checks before publishing: the verdict of the audit, its build, and the inspection of the staged folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connections import MARTS
from warehouse.release.catalog import Catalog
from warehouse.release.folders import ReleaseError

RESIDUAL_SCHEMA, RESIDUAL_TABLE = "reconciliation", "rec_residual"
#: Marts made from the audit's outcome; each must have as many rows as the audit counted.
AUDITED_MARTS = {"fct_reconciliation": "residuals", "fct_anomaly": "failed"}

#: Lists what must not be published in the folder of a release before it gets its name.
Inspection = Callable[[Path], Sequence[object]]


def check_verdict(audit_json: Mapping[str, Any]) -> None:
    """Raise ReleaseError unless the audit passed and evaluated all that it declared."""
    if audit_json.get("passed") is not True:
        stopped = audit_json.get("gate", {}).get("stopped_by", [])
        shown = "; ".join(
            f"{s['rule']} at {s['where']}: expected {s['expected']}, actual {s['actual']}" for s in stopped
        )
        raise ReleaseError(f"the audit did not pass: {shown or audit_json.get('gate', {}).get('reason', 'no reason')}")
    declared, evaluated = audit_json.get("declared"), audit_json.get("evaluated")
    if declared is None or declared != evaluated:
        raise ReleaseError(f"the audit is incomplete: {declared} residuals declared, {evaluated} evaluated")


def check_same_build(build: Catalog, audit_json: Mapping[str, Any]) -> None:
    """The verdict must be about the residuals of this build, and the audited marts must be built after it."""
    try:
        rows, content = build.content(RESIDUAL_TABLE, RESIDUAL_SCHEMA)
    except duckdb.CatalogException as error:
        raise ReleaseError(f"the build has no {RESIDUAL_SCHEMA}.{RESIDUAL_TABLE}: {error}") from error
    audited = audit_json.get("audited_residuals", {})
    if audited != {"count": rows, "content": content}:
        raise ReleaseError(
            f"the audit does not belong to this build: it judged {audited.get('count')} residuals "
            f"({audited.get('content')}), the build holds {rows} ({content}); audit again"
        )
    present = build.comments()
    for mart, counted in AUDITED_MARTS.items():
        if mart not in present:
            continue
        expected = audit_json.get("counts", {}).get(counted)
        rows, _ = build.content(mart)
        if rows != expected:
            raise ReleaseError(
                f"{MARTS}.{mart} holds {rows} rows, the audit counted {expected}: "
                "run `dbt build --select tag:audited` after the audit"
            )


def check_inspection(staged: Path, inspect: Inspection | None) -> None:
    """Raise ReleaseError for anything that ``inspect`` finds in the staged folder."""
    if found := inspect(staged) if inspect else ():
        raise ReleaseError(
            f"the release was stopped before it was published; found in it: {'; '.join(map(str, found))}. "
            "Correct the source or its reading, or list an exception with its reason in expectations/personal_data.yml"
        )
