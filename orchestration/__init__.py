"""Dagster definitions and the ``htx`` command: which step runs when, on what. No business logic."""
