"""Everything Dagster knows of this project. Thin: each concern has its module in :mod:`orchestration.defs`."""

import dagster as dg

from orchestration.defs import audit, dbt, ingestion, maintenance, release, schedules
from orchestration.defs.home import Home

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([ingestion, dbt, audit, release, maintenance]),
    jobs=[
        schedules.receive_job,
        schedules.read_job,
        schedules.build_job,
        maintenance.verify_job,
        maintenance.prune_job,
    ],
    schedules=[
        schedules.daily_news,
        schedules.monthly_submissions,
        maintenance.weekly_verification,
        maintenance.weekly_pruning,
    ],
    sensors=[schedules.inbox_sensor, schedules.after_receipt, schedules.after_reading],
    resources={"home": Home()},
)
