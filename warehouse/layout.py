"""The folders below ``HTX_HOME``.

Only paths: nothing here opens, reads or creates a file except :meth:`Layout.prepare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
#: Reference data are dbt seeds; Python reads the same files.
REFERENCE_DIR = DBT_PROJECT_DIR / "seeds"


@dataclass(frozen=True)
class Layout:
    """The folders of one installation. ``home`` is absolute."""

    home: Path

    @property
    def inbox(self) -> Path:
        """Workbooks waiting to be received."""
        return self.home / "inbox"

    @property
    def corrections(self) -> Path:
        """The ledger of central corrections; a person writes it."""
        return self.home / "corrections.csv"

    @property
    def citations(self) -> Path:
        """Releases that are to be kept because something outside cites them; a person writes it."""
        return self.home / "citations.csv"

    @property
    def probes(self) -> Path:
        """What portals answered when they were last tried."""
        return self.home / "portal_probes.json"

    @property
    def exports(self) -> Path:
        """Extracts made from a release for others."""
        return self.home / "exports"

    @property
    def partial(self) -> Path:
        """Half-fetched files of an HTTP inbox."""
        return self.home / "partial"

    @property
    def archive(self) -> Path:
        """Every byte ever received, by SHA-256; readable by its owner alone."""
        return self.home / "archive"

    @property
    def raw(self) -> Path:
        """Append-only Parquet rows."""
        return self.home / "raw"

    @property
    def build(self) -> Path:
        """Working files of the pipeline; disposable."""
        return self.home / "build"

    @property
    def database(self) -> Path:
        """The working DuckDB file; only the pipeline opens it."""
        return self.build / "warehouse.duckdb"

    @property
    def audit(self) -> Path:
        """Outcomes of the last audit."""
        return self.build / "audit"

    @property
    def releases(self) -> Path:
        """Numbered, audited, read-only releases."""
        return self.home / "releases"

    @property
    def current(self) -> Path:
        """Symbolic link to the release that readers open."""
        return self.home / "current"

    @property
    def public(self) -> Path:
        """Symbolic link to the public part of the current release."""
        return self.home / "public"

    @property
    def receipts(self) -> Path:
        """Receipts for the senders."""
        return self.home / "receipts"

    @property
    def dagster(self) -> Path:
        """Dagster's own storage."""
        return self.home / "dagster"

    @property
    def lock(self) -> Path:
        """Held by the one process that writes."""
        return self.home / ".pipeline.lock"

    def prepare(self) -> None:
        """Create the folders the pipeline writes to."""
        for folder in (self.inbox, self.raw, self.releases):
            folder.mkdir(parents=True, exist_ok=True)
        # Texts of senders, and data derived from them before a release: readable by the owner only.
        for folder in (self.archive, self.receipts, self.build, self.audit, self.dagster):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
