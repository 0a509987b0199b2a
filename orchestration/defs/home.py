"""The resource through which every step finds its installation: folders, inbox, portals, secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dagster as dg

from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from orchestration.instance import WAIT_SECONDS, only_writer
from orchestration.settings import Settings
from warehouse.layout import Layout


class Home(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One installation, below ``HTX_HOME``."""

    #: Folder or ``file://`` URL of the inbox; empty means ``HTX_HOME/inbox``.
    inbox: str = ""
    #: Portals named for this run; empty means those enabled in ``portals.yml``.
    portals: list[str] = []  # noqa: RUF012 - a pydantic field
    #: Whether those portals may lie on private addresses (the sample portal on loopback does).
    allow_private: bool = False

    @property
    def layout(self) -> Layout:
        """The folders."""
        return Layout.from_env()

    @property
    def archive(self) -> Archive:
        """Every byte ever received."""
        return Archive(self.layout.archive)

    @property
    def raw_zone(self) -> RawZone:
        """Append-only rows."""
        return RawZone(self.layout.raw)

    @property
    def settings(self) -> Settings:
        """What the environment configures."""
        return Settings()

    @property
    def inbox_path(self) -> Path:
        """The inbox as a folder. Raises ValueError for a URL of another kind than ``file``."""
        return inbox_path(self.inbox, self.layout)

    @contextmanager
    def writing(self) -> Iterator[Layout]:
        """Be the only writer of this installation while the block runs."""
        layout = self.layout
        layout.prepare()
        with only_writer(layout, WAIT_SECONDS):
            yield layout


def inbox_path(inbox: str, layout: Layout) -> Path:
    """The folder that ``inbox`` names: a path or a ``file://`` URL; empty means ``HTX_HOME/inbox``."""
    if not inbox:
        return layout.inbox
    parts = urlsplit(inbox)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if "://" in inbox:
        raise ValueError(f"inbox {inbox!r}: a folder or a file:// URL is expected, found {parts.scheme}://")
    return Path(inbox)
