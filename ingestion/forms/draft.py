"""The file of a new form, to be completed by hand: ``skeleton.txt`` with its code filled in."""

from __future__ import annotations

import re
from pathlib import Path

from ingestion.forms.definition import FORMS_DIR, FormError
from ingestion.vietnamese.periods import Period
from warehouse.files import written_aside

#: Placeholder in the skeleton for a text that is not written yet.
BLANK = "…"

_SKELETON = Path(__file__).with_name("skeleton.txt")


def code_of(text: str) -> str:
    """``16`` or ``bieu_16`` -> ``BIEU_16``; raises FormError for anything else."""
    match = re.fullmatch(r"(?:BIEU[ _]?)?(\d{1,2})([A-D]?)", text.strip().upper())
    if match is None:
        raise FormError(f"{text!r} is no code of a form: BIEU_ and its number, with a letter a to d if there are parts")
    return f"BIEU_{int(match[1]):02d}{match[2]}"


def draft(code: str, valid_from: Period) -> Path:
    """Write the file of the form ``code`` and return its path. Raises FormError if there is one."""
    path = FORMS_DIR / f"{code.lower()}.yml"
    if path.exists():
        raise FormError(f"{path} exists; a further version is a second file, for example {path.stem}_2027.yml")
    text = _SKELETON.read_text(encoding="utf-8")
    filled = {
        "code": code,
        "number": code.removeprefix("BIEU_"),
        "valid_from": valid_from.code,
        "year": str(valid_from.start.year),
    }
    with written_aside(path) as aside:
        aside.write_text(re.sub(r"\{(\w+)\}", lambda name: filled[name[1]], text), encoding="utf-8")
        aside.chmod(0o644)
    return path
