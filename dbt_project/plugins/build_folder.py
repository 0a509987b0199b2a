"""A dbt-duckdb plug-in that creates the folder of the build file.

DuckDB creates a missing database file but not its folder, and `dbt build` must also work with an empty or missing
``HTX_HOME``. The plug-in reads and writes no data.
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
