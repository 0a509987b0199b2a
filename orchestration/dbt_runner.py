"""dbt in this process: one invocation, and what it says of each node. Slow to import, so imported where it is called.

Returns dbt's events as mappings, as its JSON log has them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from warehouse.layout import DBT_PROJECT_DIR

Event = dict[str, Any]

#: dbt's events of how a node ended.
_RESULTS = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult"})
_WHERE = ("--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR))
#: The target folder has the SQL that was run; logging every statement as well takes a tenth of the time.
_FLAGS = ("--log-level-file", "info", "--no-use-colors")


class DbtError(RuntimeError):
    """dbt failed; the message has its error messages, in order."""


def parse(target: Path) -> Manifest:
    """Parse the project; its ``manifest.json`` and the parsed state for next time are in ``target``."""
    manifest = _invoke(["parse", "--target-path", str(target), "--log-path", str(target)], None, lambda _: None)
    assert isinstance(manifest, Manifest)  # noqa: S101 - the result of dbt's parse
    return manifest


def saved_manifest(target: Path) -> Manifest | None:
    """What :func:`parse` saved in ``target``; None for a file that is missing or damaged."""
    try:
        saved = (target / "partial_parse.msgpack").read_bytes()
        manifest: Manifest = Manifest.from_msgpack(saved, decoder=extended_mashumuro_decoder)
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, the project is parsed instead
        return None
    manifest.build_flat_graph()  # type: ignore[no-untyped-call]
    return manifest


def build(manifest: Manifest, target: Path, arguments: Sequence[str], on_result: Callable[[Event], None]) -> None:
    """``dbt build`` with ``arguments``; the result of each node is given to ``on_result`` as it happens.

    The build file is closed when it returns. Raises DbtError if a node or a test of severity error fails.
    """
    # Unit tests prove the code, not the data: they belong to `make test`.
    command = ["build", "--exclude-resource-type", "unit_test", "--target-path", str(target), "--log-path", str(target)]
    _invoke([*command, *arguments], manifest, on_result)


def _invoke(arguments: Sequence[str], manifest: Manifest | None, on_result: Callable[[Event], None]) -> object:
    errors: list[str] = []

    def heard(message: EventMsg) -> None:
        if message.info.name in _RESULTS:
            on_result(msg_to_dict(message))
        if message.info.level == "error":
            errors.append(msg_to_dict(message)["info"]["msg"])

    # The profile finds its plug-in by it, wherever the command was called.
    os.environ["DBT_PROJECT_DIR"] = str(DBT_PROJECT_DIR)
    try:
        done = dbtRunner(manifest=manifest, callbacks=[heard]).invoke([*_FLAGS, *arguments, *_WHERE])
    finally:
        # dbt-duckdb keeps the file open for the next invocation of the process; others open it in between.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        gc.collect()
    if done.exception is not None and not isinstance(done.exception, Exception):
        raise done.exception  # an interrupt
    if not done.success:
        raise DbtError("\n".join(errors) or str(done.exception)) from done.exception
    return done.result
