"""Dagster definitions and the ``htx`` command: which step runs when, on what. No business logic."""

import os

# Disables telemetry; set before any of these libraries is imported.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")
