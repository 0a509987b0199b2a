"""Bytes in, raw rows out: receive or fetch, archive, read, accept or reject. No dbt, no audit, no Dagster."""
