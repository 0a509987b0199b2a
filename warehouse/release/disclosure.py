"""Disclosure control: the tables of the public release, made from those of the internal one.

What a mart publishes is declared in its yml, under ``meta.disclosure``: rows, withheld columns, counts of persons and
the sums that relate them. A mart without a declaration is withheld. The choice of cells is made in
:mod:`warehouse.release.suppression`; this module reads the declarations, finds the cells and sums, blanks what was
chosen, and then attacks what is left as a reader of the public release could.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.connections import MARTS
from warehouse.content import quoted, table_content
from warehouse.datapackage import ReleasedTable
from warehouse.release.catalog import Catalog
from warehouse.release.folders import ReleaseError
from warehouse.release.macros import Macro
from warehouse.release.suppression import Protection, Sum, SuppressionError, attack, protect

#: The database in memory that holds the public tables while they are written.
DISCLOSED = "release_disclosed"
_ROW = "disclosure_row"
_Text = Annotated[str, Field(min_length=1)]
_Identifier = Annotated[str, Field(pattern=r"^[a-z_0-9]+$")]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Total(_Declared):
    """The count is the sum of the column ``of`` over the rows for which ``where`` holds (aliases whole, part)."""

    of: Annotated[str, Field(pattern=r"^[a-z_0-9]+\.[a-z_0-9]+$")]
    where: _Text


class Count(_Declared):
    """A column that counts persons.

    ``same``: expressions that are equal in rows that state one count at different times. ``part_of``: columns of
    the row whose sum includes it. ``measures``: columns that are blank where the count is. ``sensitive``: rows
    that are blank whatever their count.
    """

    column: _Identifier
    same: tuple[_Text, ...] = ()
    part_of: tuple[_Identifier, ...] = ()
    totals: tuple[Total, ...] = ()
    measures: tuple[_Identifier, ...] = ()
    sensitive: _Text | None = None


class Withheld(_Declared):
    """Columns that are blank in the public release, in all rows or where a condition holds."""

    columns: Annotated[tuple[_Identifier, ...], Field(min_length=1)]
    where: _Text = "true"
    reason: _Text


class Disclosure(_Declared):
    """What the public release holds of a mart. ``rows``: all, none, or a condition."""

    rows: _Text
    reason: _Text | None = None
    withheld: tuple[Withheld, ...] = ()
    counts: tuple[Count, ...] = ()

    @model_validator(mode="after")
    def _has_reason(self) -> Disclosure:
        if self.rows != "all" and not self.reason:
            raise ValueError("rows that are withheld need a reason")
        return self

    @property
    def condition(self) -> str:
        """The rows as a condition."""
        return {"all": "true", "none": "false"}.get(self.rows, self.rows)

    @property
    def is_whole(self) -> bool:
        """Whether the table is published as it is."""
        return self.rows == "all" and not self.withheld and not self.counts

    @property
    def blanked_columns(self) -> frozenset[str]:
        """Columns that may be blank in the public release."""
        counted = (column for count in self.counts for column in (count.column, *count.measures))
        return frozenset([*counted, *(column for withheld in self.withheld for column in withheld.columns)])


@dataclass(frozen=True)
class DisclosurePolicy:
    """The declarations by table, and ``k``: counts of 1 to k - 1 persons are not published."""

    k: int
    tables: Mapping[str, Disclosure]

    @property
    def fingerprint(self) -> str:
        """A hash of all of it: another policy gives another release."""
        tables = {name: table.model_dump(mode="json") for name, table in self.tables.items()}
        return hashlib.sha256(json.dumps([self.k, tables], sort_keys=True).encode()).hexdigest()

    @property
    def count_columns(self) -> frozenset[str]:
        """Names of all columns that count persons."""
        return frozenset(count.column for table in self.tables.values() for count in table.counts)

    def condition(self, text: str) -> str:
        """SQL of a condition: ``{k}`` is the threshold, ``{counts}`` a pattern of the columns that count persons."""
        pattern = "|".join(sorted(self.count_columns))
        return text.replace("{k}", str(self.k)).replace("{counts}", f"'({pattern})'")


def read_policy(declared: Mapping[str, Any], k: int) -> DisclosurePolicy:
    """The policy of the declarations by table. Raises ReleaseError naming each that is not valid."""
    tables, problems = {}, []
    for name, content in declared.items():
        try:
            tables[name] = Disclosure.model_validate(content)
        except ValidationError as error:
            problems += [f"{name}: meta.disclosure.{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    if problems:
        raise ReleaseError("\n".join(problems))
    return DisclosurePolicy(k, tables)


@dataclass
class _Cells:
    """Counts of persons, numbered over all tables; ``row`` 0 of a table holds the complement of another cell."""

    values: list[int] = field(default_factory=list)
    at: dict[tuple[str, str, int], int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    sensitive: set[int] = field(default_factory=set)
    sums: list[Sum] = field(default_factory=list)
    siblings: list[tuple[int, ...]] = field(default_factory=list)

    def add(self, value: int, at: tuple[str, str, int] | None = None) -> int:
        self.values.append(value)
        if at is not None:
            self.at[at] = len(self.values) - 1
        return len(self.values) - 1


@dataclass(frozen=True)
class Disclosed:
    """The public tables and macros, and the outcome for ``audit.json``."""

    catalog: Catalog
    tables: tuple[ReleasedTable, ...]
    macros: tuple[Macro, ...]
    outcome: Mapping[str, Any]
    changed: frozenset[str]


@contextmanager
def disclosed(
    build: Catalog, tables: Sequence[ReleasedTable], macros: Sequence[Macro], policy: DisclosurePolicy
) -> Iterator[Disclosed]:
    """The public part of the build's ``tables`` in a database in memory, as long as the context lasts.

    Raises ReleaseError if a declaration does not fit its table, or if the attack on the result finds a count below k.
    """
    con = build.con
    con.execute(f"attach ':memory:' as {DISCLOSED}")
    con.execute(f"create schema {quoted(DISCLOSED, MARTS)}")
    con.execute(f"use {quoted(DISCLOSED, MARTS)}")
    try:
        yield _Disclosing(build, policy, tables).run(macros)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise ReleaseError(f"a declaration of meta.disclosure does not fit its table: {error}") from error
    except SuppressionError as error:
        raise ReleaseError(f"the public part cannot be proved to protect its counts: {error}") from error
    finally:
        con.execute(f"use {quoted(build.name)}")
        con.execute(f"detach {DISCLOSED}")


class _Disclosing:
    def __init__(self, build: Catalog, policy: DisclosurePolicy, tables: Sequence[ReleasedTable]) -> None:
        self._con, self._build, self._policy = build.con, build, policy
        self._catalog = build.beside(DISCLOSED)
        self._tables = {table.name: table for table in tables if policy.tables.get(table.name, _NOTHING).rows != "none"}
        self._declared = {name: policy.tables[name] for name in self._tables}
        self._cells = _Cells()

    def run(self, macros: Sequence[Macro]) -> Disclosed:
        for name, table in self._tables.items():
            self._copy(name, table)
        changed = {name: table for name, table in self._declared.items() if not table.is_whole}
        left_out = {
            name: self._rows(name, f"not coalesce({table.condition}, false)") for name, table in changed.items()
        }
        withheld = [
            (name, entry.columns, self._rows(name, entry.where))
            for name, table in changed.items()
            for entry in table.withheld
        ]
        self._number(left_out, withheld)
        self._relate()
        protection = self._protected()
        for name, columns, rows in [*withheld, *self._blanks(protection.blank)]:
            self._blank(name, columns, rows)
        for name, rows in left_out.items():
            self._with_rows(rows, f"delete from {quoted(name)} where {_ROW} in (select chosen.number from chosen)")
        outcome = self._outcome(protection)
        for name in changed:
            self._con.execute(f"alter table {quoted(name)} drop column {_ROW}")
        return Disclosed(
            self._catalog,
            tuple(self._released(table) for table in self._tables.values()),
            tuple(kept for macro in macros if (kept := self._macro(macro))),
            outcome,
            frozenset(changed),
        )

    def _copy(self, name: str, table: ReleasedTable) -> None:
        source = self._build.relation(name)
        if self._declared[name].is_whole:
            self._con.execute(f"create view {quoted(name)} as select * from {source}")
            return
        unknown = self._declared[name].blanked_columns - {column.name for column in table.columns}
        if unknown:
            raise ReleaseError(f"{name}: meta.disclosure names columns that it does not have: {sorted(unknown)}")
        # Cells are numbered in an order of the rows' own, so that equal tables give equal releases.
        order = ", ".join(map(quoted, table.primary_key)) or "all_values"
        values = f"hash({quoted(name)})::varchar as all_values" if order == "all_values" else "null as all_values"
        self._con.execute(
            f"create table {quoted(name)} as "
            f"select * exclude (all_values), row_number() over (order by {order}) as {_ROW} "
            f"from (select *, {values} from {source} as {quoted(name)})"
        )

    def _rows(self, name: str, condition: str) -> list[int]:
        sql = f"select {_ROW} from {quoted(name)} where {self._policy.condition(condition)} order by 1"
        return [row for (row,) in self._con.execute(sql).fetchall()]

    def _number(
        self, left_out: Mapping[str, Sequence[int]], withheld: Sequence[tuple[str, Sequence[str], Sequence[int]]]
    ) -> None:
        for name, table in self._declared.items():
            for count in table.counts:
                column = quoted(count.column)
                for row, value in self._con.execute(
                    f"select {_ROW}, {column}::bigint from {quoted(name)} where {column} is not null order by 1"
                ).fetchall():
                    self._cells.add(value, (name, count.column, row))
                if count.sensitive:
                    self._cells.sensitive.update(self._known(name, count.column, self._rows(name, count.sensitive)))
        for name, rows in left_out.items():
            for count in self._declared[name].counts:
                self._cells.hidden.update(self._known(name, count.column, rows))
        for name, columns, rows in withheld:
            for column in columns:
                self._cells.hidden.update(self._known(name, column, rows))

    def _known(self, name: str, column: str, rows: Sequence[int]) -> Iterator[int]:
        return (cell for row in rows if (cell := self._cells.at.get((name, column, row))) is not None)

    def _relate(self) -> None:
        for name, table in self._declared.items():
            for count in table.counts:
                for total in count.totals:
                    self._add_sums(name, count.column, total)
                if count.part_of:
                    self._add_complements(name, count.column, count.part_of)
                if count.same:
                    expressions = ", ".join(count.same)
                    families = self._con.execute(
                        f"select list({_ROW} order by {_ROW}) from {quoted(name)} group by {expressions} "
                        "having count(*) > 1 order by 1"
                    ).fetchall()
                    self._cells.siblings += [
                        family
                        for (rows,) in families
                        if len(family := tuple(self._known(name, count.column, rows))) > 1
                    ]

    def _add_sums(self, name: str, column: str, total: Total) -> None:
        other, part = total.of.split(".")
        if other not in self._declared:
            raise ReleaseError(f"{name}.{column} is declared a total of {total.of}, which the public release lacks")
        found = self._con.execute(
            f"select whole.{_ROW}, list(part.{_ROW} order by part.{_ROW}) "
            f"from {quoted(name)} as whole, {quoted(other)} as part where ({total.where}) "
            f"and whole.{quoted(column)} is not null and part.{quoted(part)} is not null group by 1 order by 1"
        ).fetchall()
        for row, parts in found:
            self._cells.sums.append(
                Sum(self._cells.at[name, column, row], tuple(self._cells.at[other, part, r] for r in parts))
            )

    def _add_complements(self, name: str, column: str, wholes: Sequence[str]) -> None:
        """What a part leaves of its whole is a count, too, although no column holds it."""
        cells = self._cells
        for (table, counted, row), cell in list(cells.at.items()):
            including = [cells.at.get((name, whole, row)) for whole in wholes]
            known = [whole for whole in including if whole is not None]
            if (table, counted) != (name, column) or len(known) < len(wholes):
                continue
            left = sum(cells.values[whole] for whole in known) - cells.values[cell]
            if left < 0:
                # An error of the source: the part is not published, and says nothing about the whole.
                cells.sensitive.add(cell)
                continue
            complement = cells.add(left)
            cells.hidden.add(complement)
            whole_cell = known[0]
            if len(known) > 1:
                whole_cell = cells.add(left + cells.values[cell])
                cells.hidden.add(whole_cell)
                cells.sums.append(Sum(whole_cell, tuple(known)))
            cells.sums.append(Sum(whole_cell, (cell, complement)))

    def _protected(self) -> Protection:
        cells = self._cells
        try:
            return protect(
                cells.values,
                cells.sums,
                self._policy.k,
                hidden=frozenset(cells.hidden),
                sensitive=cells.sensitive,
                siblings=cells.siblings,
            )
        except SuppressionError as error:
            raise ReleaseError(f"a sum declared in meta.disclosure does not hold: {self._named(error)}") from error

    def _named(self, error: SuppressionError) -> str:
        names = {
            cell: f"{table}.{column} (row {row} of its key)" for (table, column, row), cell in self._cells.at.items()
        }
        return re.sub(r"cell (\d+)", lambda match: names.get(int(match[1]), match[0]), str(error).split(" is not")[0])

    def _blanks(self, blank: frozenset[int]) -> Iterator[tuple[str, Sequence[str], Sequence[int]]]:
        rows: dict[tuple[str, str], list[int]] = {}
        for (name, column, row), cell in self._cells.at.items():
            if cell in blank:
                rows.setdefault((name, column), []).append(row)
        for name, table in self._declared.items():
            for count in table.counts:
                if (name, count.column) in rows:
                    yield name, (count.column, *count.measures), rows[name, count.column]

    def _blank(self, name: str, columns: Sequence[str], rows: Sequence[int]) -> None:
        values = ", ".join(f"{quoted(column)} = null" for column in columns)
        self._with_rows(rows, f"update {quoted(name)} set {values} where {_ROW} in (select chosen.number from chosen)")

    def _with_rows(self, rows: Sequence[int], sql: str) -> None:
        if rows:
            self._con.execute(
                "create or replace temp table chosen as select unnest($rows) as number", {"rows": [*rows]}
            )
            self._con.execute(sql.replace("from chosen", "from temp.main.chosen"))

    def _outcome(self, protection: Protection) -> dict[str, Any]:
        """What readers find out, computed from the tables as they are now. Raises ReleaseError if it is too much."""
        cells, k = self._cells, self._policy.k
        published: list[int | None] = [None] * len(cells.values)
        for name, table in self._declared.items():
            for count in table.counts:
                column = quoted(count.column)
                for row, value in self._con.execute(
                    f"select {_ROW}, {column}::bigint from {quoted(name)} where {column} is not null"
                ).fetchall():
                    published[cells.at[name, count.column, row]] = value
        shown = [value for value in published if value]
        found = attack(published, cells.sums, k, world=cells.values, hidden=frozenset(cells.hidden))
        # A range that begins at 0 may count nobody.
        reached = min([k, *shown, *(seen.high for seen in found.values() if seen.low > 0)])
        if reached < k:
            raise ReleaseError(f"the public release would give back a count of {reached} persons; the threshold is {k}")
        return {
            "k": k,
            "k_reached": reached,
            "counts": len(cells.at),
            "published": len(shown),
            "primary_suppressed": len(protection.primary),
            "secondary_suppressed": len(protection.secondary),
            "tables_withheld": sum(table.rows == "none" for table in self._policy.tables.values()),
        }

    def _released(self, table: ReleasedTable) -> ReleasedTable:
        declared = self._declared[table.name]
        if declared.is_whole:
            return table
        content = table_content(self._con, self._catalog.relation(table.name))
        columns = tuple(
            replace(column, nullable=column.nullable or column.name in declared.blanked_columns)
            for column in table.columns
        )
        return replace(table, rows=content.rows, content_sha256=content.sha256, columns=columns)

    def _macro(self, macro: Macro) -> Macro | None:
        """The macro for the public tables; None if it reads one that is withheld, or counts persons in another way.

        A sum over a blank count is blank, not a part of the sum.
        """
        read = {name for name in self._policy.tables if re.search(rf"\b{name}\b", macro.sql)}
        if not read <= self._tables.keys():
            return None
        counted = {count.column for name in read for count in self._declared[name].counts}
        if not counted:
            return macro
        sql, columns = macro.sql, "|".join(sorted(counted))
        rest = []
        summed = re.compile(rf'\bsum\((?P<of>(?:"?\w+"?\.)?"?(?:{columns})"?)\)', re.IGNORECASE)
        made = []
        while found := summed.search(sql):
            only, after = _filter(sql[found.end() :])
            rest.append(sql[: found.start()])
            made.append(f"(case when count({found['of']}){only} = count(*){only} then sum({found['of']}){only} end)")
            sql = after
        rest.append(sql)
        if any(re.search(rf"\b(sum|avg|max|min)\([^()]*\b({columns})\b", text, re.IGNORECASE) for text in rest):
            return None
        return replace(macro, sql="".join(part for pair in zip(rest, [*made, ""], strict=True) for part in pair))


def _filter(text: str) -> tuple[str, str]:
    """The clause ``filter (...)`` at the beginning of ``text``, and the text after it."""
    found = re.match(r"\s*filter\s*\(", text, re.IGNORECASE)
    if not found:
        return "", text
    depth, end = 1, found.end()
    while depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return text[:end], text[end:]


_NOTHING = Disclosure(rows="none", reason="not declared")
