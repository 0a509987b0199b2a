"""Content hashes of tables, independent of the order of rows and of the file.

Contains only the hashing, because two packages must compute equal hashes: the audit records the residuals it judged,
the release checks that they are those of the build.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb


def quoted(*names: str) -> str:
    """SQL identifiers, quoted and joined by dots."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


@dataclass(frozen=True)
class TableContent:
    """Rows of a table and the SHA-256 over all of them."""

    rows: int
    sha256: str


def table_content(con: duckdb.DuckDBPyConnection, relation: str) -> TableContent:
    """Count and fingerprint of ``relation`` (a quoted name), a multiset hash: row order plays no part.

    Each value enters as its text with its length before it, so that different rows have different texts. The MD5 of
    each row is added up in two halves, so millions of rows need neither memory nor sorting; the SHA-256 is over the
    sums. Set the connection's time zone to UTC if the relation holds TIMESTAMP WITH TIME ZONE.
    """
    columns = [row[0] for row in con.execute(f"describe {relation}").fetchall()]
    parts = ", ".join(f"coalesce(strlen({quoted(c)}::varchar) || ':' || {quoted(c)}::varchar, '-')" for c in columns)
    row = con.execute(
        f"""
        select count(*), sha256(concat_ws(' ', count(*), sum(md5_number_lower(row_text)::hugeint),
          sum(md5_number_upper(row_text)::hugeint)))
        from (select concat({parts}) as row_text from {relation})
        """
    ).fetchone()
    if row is None:
        raise RuntimeError(f"no count of {relation}")
    return TableContent(int(row[0]), str(row[1]))


def quick_content(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, str]:
    """Count and sum of DuckDB's own row hashes of ``relation``: a tenth of the time of :func:`table_content`.

    For comparing tables of one machine with each other; another version of DuckDB may hash in another way.
    """
    row = con.execute(f"select count(*), coalesce(sum(hash(held)::hugeint), 0) from {relation} as held").fetchone()
    if row is None:
        raise RuntimeError(f"no count of {relation}")
    return int(row[0]), str(row[1])


def count_differences(
    con: duckdb.DuckDBPyConnection, old: str, new: str, *, columns: Sequence[str], key: Sequence[str]
) -> tuple[int, int, int]:
    """The number of rows added in ``new``, removed from ``old``, and changed: with a key in both but other values.

    Rows and keys are compared by their hashes. Without a ``key`` nothing is changed, only added and removed.
    """
    held = ", ".join(map(quoted, columns))
    named = ", ".join(map(quoted, key or columns))
    row = con.execute(
        f"""
        with
        o as (select hash({named}) as key_hash, hash({held}) as row_hash, count(*) as times from {old} group by all),
        n as (select hash({named}) as key_hash, hash({held}) as row_hash, count(*) as times from {new} group by all),
        unlike as (
            select
                key_hash,
                sum(greatest(coalesce(n.times, 0) - coalesce(o.times, 0), 0)) as come,
                sum(greatest(coalesce(o.times, 0) - coalesce(n.times, 0), 0)) as gone
            from o full join n using (key_hash, row_hash)
            where o.times is distinct from n.times
            group by key_hash
        )
        select
            coalesce(sum(come - least(come, gone)), 0),
            coalesce(sum(gone - least(come, gone)), 0),
            coalesce(sum(least(come, gone)), 0)
        from unlike
        """
    ).fetchone()
    if row is None:
        raise RuntimeError("no count of differences")
    added, removed, changed = map(int, row)
    return added, removed, changed
