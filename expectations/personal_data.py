"""The last check before a release: none of its texts contains personal data.

Identity numbers, telephone numbers, e-mail addresses and the names beside them stay in the archive (architecture,
invariant 10). The reader masks them; this module checks the result, whatever the source of a text: it scans every text
column of every table and every text file of the staged release. Returns findings by place, kind and count, never a
value. Exceptions are data: ``personal_data.yml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations.registry import RegistryError
from ingestion.vietnamese.personal import CANDIDATE, PersonalKind, personal_data
from warehouse.connections import sql_text

EXCEPTIONS_FILE = Path(__file__).resolve().parent / "personal_data.yml"
TEXT_FILES = frozenset({".json", ".md", ".sql", ".html", ".txt", ".csv", ".yml"})
#: A file's size in datapackage.json, which may have as many digits as an identity number.
_SIZE = re.compile(r'^ *"bytes": [0-9]+,?$', re.MULTILINE)


@dataclass(frozen=True, order=True)
class Finding:
    """``count`` texts of one place (``table.column`` or a file) that hold personal data of one kind."""

    place: str
    kind: PersonalKind
    count: int

    def __str__(self) -> str:
        return f"{self.place}: {self.count} × {self.kind}"


class _Exception(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Annotated[str, Field(min_length=1)]
    kind: PersonalKind
    reason: Annotated[str, Field(min_length=1)]
    expires_on: date


class _Exceptions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    exceptions: tuple[_Exception, ...]


def read_exceptions(path: Path = EXCEPTIONS_FILE) -> tuple[_Exception, ...]:
    """The exceptions of ``path``. Raises RegistryError naming every entry and field at fault."""
    try:
        return _Exceptions.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).exceptions
    except ValidationError as error:
        problems = (f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise RegistryError("\n".join(problems)) from error


def personal_data_in(folder: Path, today: date, exceptions: Path = EXCEPTIONS_FILE) -> tuple[Finding, ...]:
    """Personal data in the release staged in ``folder`` that no exception valid on ``today`` covers, by place."""
    allowed = {(entry.place, entry.kind) for entry in read_exceptions(exceptions) if today <= entry.expires_on}
    found = [*_in_tables(folder), *_in_files(folder)]
    return tuple(
        sorted(finding for finding in found if (finding.place.removeprefix("public/"), finding.kind) not in allowed)
    )


def _in_tables(folder: Path) -> Iterator[Finding]:
    for database in sorted(folder.rglob("*.duckdb")):
        part = "" if database.parent == folder else f"{database.parent.name}/"
        with duckdb.connect() as con:
            con.execute(f"attach {sql_text(database)} as scanned (read_only)")
            columns = con.execute(
                "select schema_name, table_name, column_name from duckdb_columns() "
                "where database_name = 'scanned' and contains(data_type, 'VARCHAR') order by all"
            ).fetchall()
            for schema, table, column in columns:
                # A pattern in SQL rules out most texts; each distinct text of the others is checked once.
                text = f'cast("{column}" as varchar)'
                candidates = con.execute(
                    f'select {text}, count(*) from scanned."{schema}"."{table}" '
                    f"where regexp_matches({text}, ?) group by all",
                    [CANDIDATE],
                ).fetchall()
                yield from _counted(f"{part}{table}.{column}", candidates)


def _in_files(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in TEXT_FILES and path.is_file():
            lines = _SIZE.sub("", path.read_text(encoding="utf-8")).splitlines()
            yield from _counted(path.relative_to(folder).as_posix(), [(line, 1) for line in lines])


def _counted(place: str, texts: Sequence[tuple[str, int]]) -> Iterator[Finding]:
    counts: Counter[PersonalKind] = Counter()
    for text, times in texts:
        for kind in {kind for kind, _, _ in personal_data(text)}:
            counts[kind] += times
    for kind, count in counts.items():
        yield Finding(place, kind, count)
