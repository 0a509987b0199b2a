"""Compaction of the raw zone: the rows of many small batches in few files, unchanged.

Years of daily batches are ten thousands of files, each of which every build opens. A new folder is written beside the
zone, with links to the files that stay, and the two exchange their names in one step: whoever reads finds each row
once, before and after, and a process killed at any point leaves one whole zone and a folder that nobody reads.

A group of batches is compacted in all tables alike and under one name, so that a damaged file is set aside with all
rows of its batches (:meth:`ingestion.raw_zone.RawZone.set_aside`). Batches that are not committed are left alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.raw_zone import BATCHES_KEY, COMPACTED, LOGS, RawZone, batches_of
from warehouse.files import exchange, remove_tree, sync

#: A compacted file set is not made larger than this, and one of half the size is not compacted again.
GROUP_BYTES = 32 << 20
#: Fewer batches are not worth a new folder.
LEAST_BATCHES = 8

Progress = Callable[[str, int, int], None]


class CompactionError(RuntimeError):
    """Rows would have changed, or the file system cannot exchange folders; the zone is as it was."""


@dataclass(frozen=True)
class Compaction:
    """Parquet files of the zone before and after, and the batches that were moved into common files."""

    files_before: int
    files_after: int
    batches: int


@dataclass(frozen=True)
class _Group:
    """Files of one name, by table, that become one file by table."""

    stems: tuple[str, ...]
    files: dict[str, tuple[Path, ...]]

    @property
    def batches(self) -> tuple[str, ...]:
        """All batches of the group; a table has rows of some of them."""
        return tuple(sorted({batch for files in self.files.values() for file in files for batch in batches_of(file)}))


def compact(zone: RawZone, *, dry_run: bool = False, progress: Progress | None = None) -> Compaction:
    """Compact the zone where that is worth it. Only for the process that may write.

    Raises CompactionError if rows would change or folders cannot be exchanged; the zone then is as it was.
    """
    before = sum(1 for _ in zone.root.glob("*/*.parquet"))
    try:
        groups = [group for group in _groups(zone) if len(group.stems) >= LEAST_BATCHES]
        if groups and not dry_run:
            _replace(zone, groups, progress)
    except pa.ArrowInvalid as error:
        raise CompactionError(f"raw batches stay as they are: run `htx verify` ({error})") from error
    batches = sum(len(group.stems) for group in groups)
    fewer = sum(len(files) - 1 for group in groups for files in group.files.values())
    return Compaction(before, before - fewer, batches)


def clear_leftovers(zone: RawZone) -> None:
    """Remove what a killed compaction left: the new folder before the exchange, the old one after it."""
    aside = _aside(zone)
    if aside.exists():
        remove_tree(aside)


def _aside(zone: RawZone) -> Path:
    root = zone.root.resolve()
    return root.with_name(f".{root.name}-compacting")


def _groups(zone: RawZone) -> Iterator[_Group]:
    committed = {path.stem for path in (zone.root / "_artifacts").glob("*.parquet")}
    units: dict[str, dict[str, tuple[Path, ...]]] = {stem: {} for stem in sorted(committed)}
    for path in sorted(zone.root.glob("*/*.parquet")):
        if path.stem in units and path.parent.name not in LOGS:
            units[path.stem][path.parent.name] = (path,)
    yield from _packed(units)
    for table in sorted(LOGS):
        yield from _packed({path.stem: {table: (path,)} for path in sorted((zone.root / table).glob("*.parquet"))})


def _packed(units: dict[str, dict[str, tuple[Path, ...]]]) -> Iterator[_Group]:
    """Units packed in the order of their names until a group is large enough or the columns do not fit."""
    stems: list[str] = []
    files: dict[str, tuple[Path, ...]] = {}
    schemas: dict[str, pa.Schema] = {}
    taken = 0
    for stem, by_table in units.items():
        size = sum(path.stat().st_size for paths in by_table.values() for path in paths)
        if size > GROUP_BYTES // 2:
            continue
        fitting = _unified(schemas, by_table)
        if stems and (taken + size > GROUP_BYTES or fitting is None):
            yield _Group(tuple(stems), files)
            stems, files, taken = [], {}, 0
            fitting = _unified({}, by_table)
        schemas = fitting or {}
        stems.append(stem)
        files = files | {table: files.get(table, ()) + paths for table, paths in by_table.items()}
        taken += size
    if stems:
        yield _Group(tuple(stems), files)


def _unified(schemas: dict[str, pa.Schema], by_table: dict[str, tuple[Path, ...]]) -> dict[str, pa.Schema] | None:
    """The columns of all files by table; None if a column has different types."""
    unified = dict(schemas)
    for table, (path,) in by_table.items():
        schema = pq.read_schema(path).remove_metadata()
        try:
            unified[table] = pa.unify_schemas([unified[table], schema]) if table in unified else schema
        except pa.ArrowException:
            return None
    return unified


def _replace(zone: RawZone, groups: Iterable[_Group], progress: Progress | None) -> None:
    root, aside = zone.root.resolve(), _aside(zone)
    groups = [*groups]
    clear_leftovers(zone)
    try:
        replaced = {path for group in groups for paths in group.files.values() for path in paths}
        _link_others(zone.root, aside, replaced)
        for done, group in enumerate(groups, 1):
            _write_group(aside, group)
            if progress:
                progress("Compacting raw batches", done, len(groups))
        for folder in (*(path for path in aside.iterdir() if path.is_dir()), aside):
            sync(folder)
        try:
            exchange(root, aside)
        except OSError as error:
            raise CompactionError(f"raw batches stay as they are: {root} cannot be exchanged ({error})") from error
        sync(root.parent)
    finally:
        clear_leftovers(zone)


def _link_others(root: Path, aside: Path, replaced: set[Path]) -> None:
    """All folders of the zone, and links to its other files."""
    for folder, names, files in os.walk(root):
        target = aside / Path(folder).relative_to(root)
        target.mkdir()
        target.chmod(stat.S_IMODE(Path(folder).stat().st_mode))
        names.sort()
        for name in files:
            source = Path(folder) / name
            if source not in replaced:
                _link(source, target / name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        sync(target)


def _write_group(aside: Path, group: _Group) -> None:
    """One file by table, named after the batches, read back and compared before it counts."""
    batches = " ".join(group.batches)
    name = f"{COMPACTED}{hashlib.sha256(batches.encode()).hexdigest()[:16]}.parquet"
    for table, sources in group.files.items():
        parts = [pq.ParquetFile(source).read() for source in sources]
        rows = pa.concat_tables([part.replace_schema_metadata() for part in parts], promote_options="default")
        held = " ".join(sorted({batch for source in sources for batch in batches_of(source)}))
        target = aside / table / name
        pq.write_table(rows.replace_schema_metadata({BATCHES_KEY: held.encode()}), target, compression="zstd")
        sync(target)
        if not pq.ParquetFile(target).read().equals(rows):
            raise CompactionError(f"raw batches stay as they are: {table} was read back with other rows")
