"""Upkeep of an installation: whether what is stored is still what was written."""

import dagster as dg

from ingestion.vietnamese.clock import VIETNAM
from orchestration.defs.home import Home
from orchestration.verification import verify


@dg.asset(group_name="maintenance", kinds={"python"})
def verified_home(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """Archive, raw rows and releases compared with their hashes; fails with every damage and its remedy."""
    found = list(verify(home.layout))
    for damage in found:
        context.log.error(f"{damage.where} {damage.what}; {damage.remedy}")
    if found:
        raise dg.Failure(
            f"{len(found)} damaged: {found[0].where} {found[0].what}. Run `htx verify --repair`", allow_retries=False
        )
    return dg.MaterializeResult(metadata={"damaged": 0})


verify_job = dg.define_asset_job(
    "verify", dg.AssetSelection.assets(verified_home), description="Compare what is stored with its hashes."
)
weekly_verification = dg.ScheduleDefinition(
    name="weekly_verification",
    job=verify_job,
    cron_schedule="0 2 * * 0",
    execution_timezone=VIETNAM.key,
    description="On Sunday night: archive, raw rows and releases against their hashes.",
)
