"""What a release depends on, as one hash: raw rows, models, reference data, rules, and the code between them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingestion.raw_zone import RawZone
from warehouse.layout import DBT_PROJECT_DIR, PROJECT_ROOT, Layout

_CODE = (
    (DBT_PROJECT_DIR, ("models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*", "*.yml")),
    (PROJECT_ROOT / "expectations", ("**/*.py", "**/*.yml")),
    (PROJECT_ROOT / "warehouse", ("**/*.py", "cookbook/*.sql")),
)


def inputs_fingerprint(layout: Layout) -> str:
    """Equal hashes mean that building again would give the release that exists."""
    digest = hashlib.sha256(RawZone(layout.raw).fingerprint().encode())
    for root, patterns in _CODE:
        files: set[Path] = {p for pattern in patterns for p in root.glob(pattern) if p.is_file()}
        for path in sorted(files):
            if "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
