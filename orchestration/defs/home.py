"""The resource of an installation: folders, inbox, portals, secrets."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.submissions.corrections import Ledger
from ingestion.submissions.inbox import Inbox
from orchestration.inputs import inbox_of, ledger_of
from orchestration.lock import WAIT_SECONDS, only_writer
from orchestration.settings import Settings, read_settings
from warehouse.layout import Layout


class Home(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One installation, below ``HTX_HOME``."""

    #: Folder or URL of the inbox; empty means ``HTX_INBOX``, and without it ``HTX_HOME/inbox``.
    inbox: str = ""
    #: Portals named for this run; empty means those enabled in ``portals.yml``.
    portals: list[str] = []  # noqa: RUF012 - a pydantic field
    #: Whether those portals may lie on private addresses (the sample portal on loopback does).
    allow_private: bool = False

    @property
    def layout(self) -> Layout:
        """The folders."""
        return self.settings.layout

    @property
    def archive(self) -> Archive:
        """Every file and page received."""
        return Archive(self.layout.archive)

    @property
    def raw_zone(self) -> RawZone:
        """Append-only rows."""
        return RawZone(self.layout.raw)

    @property
    def settings(self) -> Settings:
        """What the environment configures."""
        return read_settings()

    @property
    def ledger(self) -> Ledger:
        """The central corrections as of today. Raises CorrectionError for a ledger that cannot be used."""
        return ledger_of(self.layout)

    def open_inbox(self) -> Inbox:
        """The inbox of this run, of the installation (``HTX_INBOX``), or ``HTX_HOME/inbox``. Raises InboxError."""
        return inbox_of(self.inbox, self.settings)

    @contextmanager
    def writing(self) -> Iterator[Layout]:
        """Be the only writer of this installation while the block runs."""
        layout = self.layout
        layout.prepare()
        with only_writer(layout, WAIT_SECONDS):
            yield layout
