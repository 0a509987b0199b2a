"""One module per concern: ingestion, dbt, audit, release, schedules and sensors."""
