"""Jobs, schedules and sensors."""

import hashlib
import json

import dagster as dg

from ingestion.submissions.inbox import InboxError
from ingestion.submissions.intake import pending
from ingestion.vietnamese.clock import VIETNAM
from orchestration.defs.home import Home
from orchestration.defs.ingestion import MONTHS, inbox_archive, news_claims, portal_pages, submissions

_NEWS = dg.AssetSelection.assets(portal_pages, news_claims)
_RECEIVE = dg.AssetSelection.assets(inbox_archive)
_READ = dg.AssetSelection.assets(submissions)

receive_job = dg.define_asset_job(
    "receive", _RECEIVE | _NEWS, description="Archive what arrived in the inbox, fetch the portals, read their claims."
)
read_job = dg.define_asset_job(
    "read_submissions", _READ, description="Read the archived workbooks of the chosen months."
)
build_job = dg.define_asset_job(
    "build_release",
    dg.AssetSelection.all()
    - _RECEIVE
    - _NEWS
    - _READ
    - dg.AssetSelection.assets("data_docs")
    - dg.AssetSelection.groups("maintenance"),
    description="Raw rows to an audited release: dbt, the audit, dbt again for its outcomes, the release.",
)

daily_news = dg.ScheduleDefinition(
    name="daily_news",
    job=receive_job,
    cron_schedule="30 5 * * *",
    execution_timezone=VIETNAM.key,
    description="Every morning: the inbox and the portals.",
)
monthly_submissions = dg.build_schedule_from_partitioned_job(
    read_job,
    name="monthly_submissions",
    day_of_month=6,
    hour_of_day=6,
    description="After the reporting day of a month: its workbooks, read again where forms changed.",
)


@dg.sensor(job=receive_job, minimum_interval_seconds=60)
def inbox_sensor(context: dg.SensorEvaluationContext, home: Home) -> dg.SensorResult | dg.SkipReason:
    """New files in the inbox start the job ``receive``. The whole listing is compared, by content, at every tick."""
    inbox = home.open_inbox()
    try:
        files = inbox.arrivals()
    except InboxError as error:
        return dg.SkipReason(str(error))
    before: dict[str, list[object]] = json.loads(context.cursor or "{}")
    now: dict[str, list[object]] = {}
    for file in files:
        mark = f"{file.size}:{file.sha256 or file.received_at}"
        known = before.get(file.name)
        # The hash decides; size and time only avoid reading unchanged files again.
        if known and known[0] == mark:
            now[file.name] = known
        elif file.sha256 or file.untouched or file.refused:
            now[file.name] = [mark, file.sha256 or f"{file.name}:{mark}"]
        else:
            now[file.name] = [mark, hashlib.sha256(inbox.fetch(file)).hexdigest()]
    hashes = sorted({str(value[1]) for value in now.values()})
    if not set(hashes) - {str(value[1]) for value in before.values()}:
        return dg.SkipReason("nothing new in the inbox")
    run_key = hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=run_key)], cursor=json.dumps(now))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[receive_job], request_jobs=[read_job, build_job]
)
def after_receipt(context: dg.RunStatusSensorContext, home: Home) -> list[dg.RunRequest] | dg.SkipReason:
    """Read the received workbooks month by month; without new workbooks, build the release for the news only."""
    if context.dagster_run.tags.get("htx/command"):
        return dg.SkipReason("htx run starts its next jobs itself")
    known = set(MONTHS.get_partition_keys())
    months = [m for m in pending(home.raw_zone, home.settings.key, home.ledger) if m in known]
    if not months:
        return [dg.RunRequest(run_key=context.dagster_run.run_id, job_name=build_job.name)]
    return [
        dg.RunRequest(run_key=f"{context.dagster_run.run_id}:{month}", job_name=read_job.name, partition_key=month)
        for month in months
    ]


@dg.run_status_sensor(run_status=dg.DagsterRunStatus.SUCCESS, monitored_jobs=[read_job], request_job=build_job)
def after_reading(context: dg.RunStatusSensorContext, home: Home) -> dg.RunRequest | dg.SkipReason:
    """Build the release once no received month is waiting."""
    if context.dagster_run.tags.get("htx/command"):
        return dg.SkipReason("htx run starts its next jobs itself")
    known = set(MONTHS.get_partition_keys())
    waiting = [m for m in pending(home.raw_zone, home.settings.key, home.ledger) if m in known]
    if waiting:
        return dg.SkipReason(f"still to be read: {', '.join(waiting)}")
    return dg.RunRequest(run_key=context.dagster_run.run_id)
