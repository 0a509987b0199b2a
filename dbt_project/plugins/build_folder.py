"""A dbt-duckdb plug-in that creates the folder of the build file.

It exists because DuckDB makes a missing database file but not the folder it lies in, and `dbt build` has to
start from an empty or missing ``HTX_HOME``. It does nothing else; data never pass through it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Called by dbt-duckdb right before it opens the database."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Create the folder of ``creds.path``; leave ``config`` as it is."""
        Path(creds.path).parent.mkdir(parents=True, exist_ok=True)
