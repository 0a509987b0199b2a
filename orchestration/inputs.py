"""The inputs of a run: its inbox, its ledger of corrections, and one hash over everything that a release depends on."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingestion.raw_zone import RawZone
from ingestion.submissions.corrections import Ledger, load_ledger
from ingestion.submissions.inbox import Inbox, open_inbox
from ingestion.vietnamese.clock import today
from orchestration.settings import Settings
from warehouse.layout import DBT_PROJECT_DIR, PROJECT_ROOT, Layout

_CODE = (
    (DBT_PROJECT_DIR, ("models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*", "*.yml")),
    (PROJECT_ROOT / "expectations", ("**/*.py", "**/*.yml")),
    (PROJECT_ROOT / "warehouse", ("**/*.py", "cookbook/*.sql")),
)


def ledger_of(layout: Layout) -> Ledger:
    """The central corrections of an installation, as of today in Vietnam."""
    return load_ledger(layout.corrections, today())


def inbox_of(inbox: str, settings: Settings) -> Inbox:
    """The inbox that ``inbox`` names, else the configured one, else ``HTX_HOME/inbox``. Raises InboxError."""
    token = settings.inbox_token.get_secret_value() if settings.inbox_token else None
    where = inbox or settings.inbox or settings.layout.inbox
    return open_inbox(where, token=token, options=settings.inbox_options, partial=settings.layout.partial)


def inputs_fingerprint(layout: Layout) -> str:
    """Hash of raw rows, models, reference data, rules and the code between them: equal inputs, equal release."""
    digest = hashlib.sha256(RawZone(layout.raw).fingerprint().encode())
    for root, patterns in _CODE:
        files: set[Path] = {p for pattern in patterns for p in root.glob(pattern) if p.is_file()}
        for path in sorted(files):
            if "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
