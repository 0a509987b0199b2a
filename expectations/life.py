"""The life of an anomaly: the notes people wrote on it, whether they are still valid, and whether a revision fixed it.

Contains the two files that people write (``notes.yml``, ``overrides.yml``) and the states that follow from them and
from recorded times. No clock: days are compared with the newest day anything was received. Returns, per failure, its
state and the note that goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations.registry import RegistryError, Rule, Severity

NOTES_FILE = Path(__file__).resolve().parent / "notes.yml"
OVERRIDES_FILE = Path(__file__).resolve().parent / "overrides.yml"

Text = Annotated[str, Field(min_length=1)]
Entry = TypeVar("Entry", bound="_Entry")


class State(StrEnum):
    """The state of an anomaly."""

    OPEN = "open"
    EXPLAINED = "explained"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    OVERRIDDEN = "overridden"
    FIXED = "fixed"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Text
    grain: Text
    author: Text
    #: The entry is valid for this difference only.
    difference: Decimal


class Note(_Entry):
    """What a person wrote about one anomaly, and the last day on which it is valid."""

    status: Literal["explained", "accepted"]
    note: Text
    until: date | None = None


class Override(_Entry):
    """Permission to release despite one failure of a blocking rule."""

    reason: Text
    expires_on: date


@dataclass(frozen=True)
class Ledger:
    """Both files, by rule and grain."""

    notes: Mapping[tuple[str, str], Note]
    overrides: Mapping[tuple[str, str], Override]


@dataclass(frozen=True)
class Life:
    """State of one anomaly with its note; ``note_until`` is the last day on which the note is valid."""

    state: State
    note: str | None = None
    note_author: str | None = None
    note_until: date | None = None


def _read(path: Path, key: str, kind: type[Entry], rules: Mapping[str, Rule]) -> dict[tuple[str, str], Entry]:
    problems: list[str] = []
    found: dict[tuple[str, str], Entry] = {}
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(content, dict) or set(content) - {key} or not isinstance(content.get(key, []), list):
        raise RegistryError(f"{path.name}: one list {key!r} is expected, and nothing else")
    for number, raw in enumerate(content.get(key) or [], start=1):
        where = f"{path.name}: entry {number}"
        try:
            entry = kind.model_validate(raw)
        except ValidationError as error:
            problems += [f"{where}: field {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            continue
        rule = rules.get(entry.rule)
        if rule is None:
            problems.append(f"{where}: field rule: no rule {entry.rule!r}")
        elif kind is Override and rule.severity is not Severity.BLOCK:
            problems.append(f"{where}: field rule: {entry.rule} has severity {rule.severity}, only block is overridden")
        if (entry.rule, entry.grain) in found:
            problems.append(f"{where}: field grain: a second entry for {entry.rule} at {entry.grain}")
        found[entry.rule, entry.grain] = entry
    if problems:
        raise RegistryError("\n".join(problems))
    return found


def read_ledger(rules: Sequence[Rule], notes: Path = NOTES_FILE, overrides: Path = OVERRIDES_FILE) -> Ledger:
    """Notes and overrides. Raises RegistryError naming every file, entry and field at fault."""
    by_id = {rule.id: rule for rule in rules}
    return Ledger(_read(notes, "notes", Note, by_id), _read(overrides, "overrides", Override, by_id))


def life_of(failure: Mapping[str, Any], ledger: Ledger, known_on: date | None, fixed: bool) -> Life:
    """The state of one failure on the newest day known. Without such a day, entries that expire are not valid."""
    key = (failure["rule_id"], failure["grain"])
    if fixed:
        return Life(State.FIXED)
    override = ledger.overrides.get(key)
    if override is not None:
        holds = override.difference == failure["difference"] and _before(known_on, override.expires_on)
        state = State.OVERRIDDEN if holds else State.REOPENED
        return Life(state, override.reason, override.author, override.expires_on)
    note = ledger.notes.get(key)
    if note is not None:
        holds = note.difference == failure["difference"] and (note.until is None or _before(known_on, note.until))
        return Life(State(note.status) if holds else State.REOPENED, note.note, note.author, note.until)
    return Life(State.OPEN)


def _before(known_on: date | None, last: date) -> bool:
    return known_on is not None and known_on <= last
