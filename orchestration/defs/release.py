"""The release: published only if the audit passed, and then as a whole."""

import json

import dagster as dg

from expectations.personal_data import personal_data_in
from ingestion.vietnamese.clock import today
from orchestration import progress
from orchestration.defs.dbt import disclosures, lineage
from orchestration.defs.home import Home
from orchestration.inputs import inputs_fingerprint
from orchestration.instance import BUILD_POOL
from warehouse.release import ReleaseError, publish, read_policy

#: The upstream assets of the release: every mart, and the audit.
AUDIT_MODELS = ("fct_reconciliation", "fct_anomaly", "mart_reconciliation")


@dg.asset(group_name="release", kinds={"duckdb", "parquet"}, deps=["audit", *AUDIT_MODELS], pool=BUILD_POOL)
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """A numbered folder of audited marts to which ``current`` points; after a failed audit the old one stays."""
    progress.report("Publishing", 0, 1)
    with home.writing() as layout:
        audit_json = json.loads((layout.audit / "audit.json").read_text(encoding="utf-8"))
        day = today()
        try:
            published = publish(
                layout,
                audit_json=audit_json,
                inputs_fingerprint=inputs_fingerprint(layout),
                today=day,
                lineage=lineage(),
                memory_limit=home.settings.dbt_memory,
                inspect=lambda staged: personal_data_in(staged, day),
                policy=read_policy(disclosures(), home.settings.public_k),
            )
        except ReleaseError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
    progress.report("Publishing", 1, 1)
    context.log.info(f"current -> {published.path}")
    return dg.MaterializeResult(
        metadata={
            "release": published.name,
            "path": dg.MetadataValue.path(str(published.path)),
            "unchanged": published.unchanged,
            "tables": len(published.tables),
            "preview": dg.MetadataValue.md((published.path / "changes.md").read_text(encoding="utf-8")),
        }
    )
