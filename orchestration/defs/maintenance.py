"""Upkeep of an installation: whether what is stored is still what was written, and what is no longer kept."""

import dagster as dg

from ingestion.vietnamese.clock import VIETNAM
from orchestration.defs.home import Home
from orchestration.lock import WAIT_SECONDS
from orchestration.pruning import described, prune
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


@dg.asset(group_name="maintenance", kinds={"python"})
def pruned_home(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult[None]:
    """Old releases removed, raw batches compacted, old runs deleted, as by `htx prune`; settings say what is kept."""
    pruned = prune(home.settings, context.instance, wait_seconds=WAIT_SECONDS)
    releases = pruned.releases
    reasons = {described(home.layout, reason): names for reason, names in releases.by_reason().items()}
    rows = "\n".join(f"| {reason} | {len(names)} | {names[0]} … {names[-1]} |" for reason, names in reasons.items())
    for name in releases.missing:
        context.log.warning(f"{name} is in {home.layout.citations}, but there is no such release")
    for note in pruned.notes:
        context.log.warning(note)
    return dg.MaterializeResult(
        metadata={
            "releases kept": len(releases.verdicts) - len(releases.removed),
            "releases removed": len(releases.removed),
            "bytes kept": releases.kept.bytes,
            "bytes freed": releases.freed.bytes + pruned.runs.freed_bytes,
            "raw files": pruned.raw.files_after,
            "raw batches compacted": pruned.raw.batches,
            "runs kept": pruned.runs.kept,
            "runs deleted": pruned.runs.removed,
            "reasons": dg.MetadataValue.md("| kept because | releases | which |\n|---|---|---|\n" + rows),
        }
    )


verify_job = dg.define_asset_job(
    "verify", dg.AssetSelection.assets(verified_home), description="Compare what is stored with its hashes."
)
prune_job = dg.define_asset_job(
    "prune", dg.AssetSelection.assets(pruned_home), description="Remove old releases and runs, compact raw batches."
)
weekly_verification = dg.ScheduleDefinition(
    name="weekly_verification",
    job=verify_job,
    cron_schedule="0 2 * * 0",
    execution_timezone=VIETNAM.key,
    description="On Sunday night: archive, raw rows and releases against their hashes.",
)
weekly_pruning = dg.ScheduleDefinition(
    name="weekly_pruning",
    job=prune_job,
    cron_schedule="0 4 * * 0",
    execution_timezone=VIETNAM.key,
    description="On Sunday night, after the verification: old releases, raw batches, old runs.",
)
