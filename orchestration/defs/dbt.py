"""dbt models as assets: the models that the audit reads, and, after it, those that show its outcomes."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from filelock import FileLock

from expectations import dbt_models
from expectations.registry import export_rules, load_rules
from ingestion.forms import generated
from orchestration import progress
from orchestration.defs.home import Home
from orchestration.instance import BUILD_POOL, end_orphaned_dbt, note_dbt
from orchestration.settings import Settings, read_settings
from warehouse.connections import BuildHeldError, BuildUnavailableError, connect_build, remove_build
from warehouse.dictionary import Lineage
from warehouse.layout import DBT_PROJECT_DIR, Layout

#: Models that show the audit's outcomes, built after it.
AUDITED = "tag:audited"

_SOURCES = {
    "raw": "submissions",
    "registry": "rules",
    "audit": "audit",
}
_NEWS = ("article", "claim", "table_row", "task", "document", "list")
_REFERRED = re.compile(r"ref\('(\w+)'\)")
_PAGES = {"fetches": "portal_pages"} | {f"news_{kind}": "news_claims" for kind in _NEWS}


class _Translator(DagsterDbtTranslator):
    """Names of assets: models by their own name, sources by the asset that writes them."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            name = dbt_resource_props["name"]
            by_source = _SOURCES.get(dbt_resource_props["source_name"])
            return dg.AssetKey(by_source or _PAGES.get(name, "submissions"))
        return dg.AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        return str(dbt_resource_props["fqn"][1])


def project(settings: Settings) -> DbtProject:
    """The dbt project with its artifacts under ``HTX_HOME``: updated from the forms, parsed if a file changed."""
    target = settings.layout.build / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    settings.export()
    # dbt's artifacts are beside their build, so that the parsed project is reused.
    os.environ["DBT_TARGET_PATH"] = str(target)
    found = DbtProject(project_dir=DBT_PROJECT_DIR, profiles_dir=DBT_PROJECT_DIR, target_path=target)
    with FileLock(target / ".parse.lock"):
        generated.write()
        dbt_models.write()
        _forget_other_place(target)
        if _changed_since(found.manifest_path):
            _cli(found).cli(["parse"], target_path=target).wait()
    return found


def _cli(project_: DbtProject) -> DbtCliResource:
    # The command beside this interpreter: PATH does not have it unless the environment is activated.
    return DbtCliResource(
        project_dir=project_,
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
        # The target folder has the SQL that was run; logging every statement as well takes a tenth of the time.
        global_config_flags=["--log-level-file", "info"],
    )


def _forget_other_place(target: Path) -> None:
    """Remove what was parsed for a project in another folder: it has the paths of that folder's seeds.

    An installation is another folder after an upgrade, or where a home was restored on another machine.
    """
    place = target / ".project"
    if place.is_file() and place.read_text(encoding="utf-8") == str(DBT_PROJECT_DIR):
        return
    for parsed in (*target.rglob("partial_parse.msgpack"), target / "manifest.json"):
        parsed.unlink(missing_ok=True)
    place.write_text(str(DBT_PROJECT_DIR), encoding="utf-8")


def _changed_since(manifest: Path) -> bool:
    if not manifest.is_file():
        return True
    parsed_at = manifest.stat().st_mtime
    folders = ("models", "macros", "seeds", "tests")
    files = [p for f in folders for p in (DBT_PROJECT_DIR / f).rglob("*")] + list(DBT_PROJECT_DIR.glob("*.yml"))
    return any(p.stat().st_mtime > parsed_at for p in files)


# Dagster must know every model before it can define an asset, so importing this module reads (and where dbt's files
# changed, parses) the project. It is imported only for a run or the Dagster UI.
_PROJECT = project(read_settings())


@dg.asset(group_name="reference", kinds={"yaml"})
def rules(home: Home) -> dg.MaterializeResult[None]:
    """The registry of rules, written where dbt reads severities and tolerances."""
    with home.writing() as layout:
        export_rules(layout)
    return dg.MaterializeResult(metadata={"rules": len(load_rules())})


@dbt_assets(
    manifest=_PROJECT.manifest_path,
    project=_PROJECT,
    dagster_dbt_translator=_Translator(),
    exclude=AUDITED,
    name="warehouse_models",
    pool=BUILD_POOL,
)
def warehouse_models(context: dg.AssetExecutionContext, dbt: DbtCliResource, home: Home) -> Iterator[Any]:
    """Staging to marts; only invalidated models are rebuilt, and the result equals that of a full build."""
    with home.writing() as layout:
        end_orphaned_dbt(layout)
        if reason := _unreadable(layout):
            context.log.warning(f"the build file cannot be read and everything is rebuilt: {reason}")
            remove_build(layout)
        yield from _build(context, dbt, layout, "Building models")


@dbt_assets(
    manifest=_PROJECT.manifest_path,
    project=_PROJECT,
    dagster_dbt_translator=_Translator(),
    select=AUDITED,
    name="audited_models",
    pool=BUILD_POOL,
)
def audited_models(context: dg.AssetExecutionContext, dbt: DbtCliResource, home: Home) -> Iterator[Any]:
    """Marts that show what the audit found."""
    with home.writing() as layout:
        yield from _build(context, dbt, layout, "Building audited models")


def _unreadable(layout: Layout) -> str | None:
    """Why the build file cannot be used (it is disposable, the raw zone is not). Raises if it is open elsewhere."""
    if not layout.database.exists():
        return None
    try:
        connect_build(layout).close()
    except BuildHeldError:
        raise
    except BuildUnavailableError as error:
        return str(error)
    return None


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, layout: Layout, label: str) -> Iterator[Any]:
    total = len(context.selected_asset_keys)
    done = 0
    progress.report(label, 0, total)
    # Unit tests prove the code, not the data: they belong to `make test`.
    invocation = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"], context=context, target_path=layout.build / "dbt" / "run"
    )
    note_dbt(layout, invocation.process)
    events = []
    for event in invocation.stream():
        if isinstance(event, dg.Output):
            done += 1
            progress.report(label, min(done, total), total)
        events.append(event)
    progress.report(label, total, total)
    # dbt must have closed the build file before another connection opens it.
    described = _described(layout)
    for event in events:
        if isinstance(event, dg.Output):
            name = context.asset_key_for_output(event.output_name).path[-1]
            yield event.with_metadata({**event.metadata, **described.get(name, {})})
        else:
            yield event


def _described(layout: Layout) -> dict[str, dict[str, Any]]:
    """Row count and column schema of every table of the build, by table name."""
    with connect_build(layout, read_only=True) as connection:
        columns: dict[str, list[dg.TableColumn]] = {}
        relations: dict[str, str] = {}
        for schema, table, column, kind, comment in connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() "
            "where not internal and schema_name <> 'raw' order by table_name, column_index"
        ).fetchall():
            columns.setdefault(table, []).append(dg.TableColumn(column, kind.lower(), comment))
            relations[table] = f'"{schema}"."{table}"'
        counted = " union all ".join(f"select '{t}', count(*) from {r}" for t, r in relations.items())
        counts = dict(connection.execute(counted).fetchall()) if counted else {}
    return {
        table: {
            "dagster/row_count": counts[table],
            "dagster/column_schema": dg.TableSchema(columns=found),
        }
        for table, found in columns.items()
    }


def lineage() -> dict[str, Lineage]:
    """Lineage of each mart: primary key, tables that its keys refer to, and marts, forms and pages that it reads."""
    manifest: dict[str, Any] = json.loads(_PROJECT.manifest_path.read_text(encoding="utf-8"))
    nodes = manifest["nodes"]
    keys: dict[str, dict[str, tuple[str, str]]] = {}
    for node in nodes.values():
        test = node.get("test_metadata")
        if test and test["name"] == "foreign_keys":
            keys[node["attached_node"]] = {
                column: (_REFERRED.findall(at["to"])[0], at["field"]) for column, at in test["kwargs"]["keys"].items()
            }

    def upstream(node_id: str) -> tuple[set[str], set[str]]:
        """Marts and sources that a node reads, through the layers between."""
        marts: set[str] = set()
        sources: set[str] = set()
        for parent in nodes[node_id]["depends_on"]["nodes"]:
            kind, name = parent.split(".")[0], parent.split(".")[-1]
            if kind == "source":
                sources.add(name)
            elif kind == "model" and nodes[parent]["fqn"][1] == "marts":
                marts.add(name)
            elif kind == "model":
                found = upstream_once(parent)
                marts |= found[0]
                sources |= found[1]
        return marts, sources

    upstream_once = cache(upstream)
    found = {}
    for node_id, node in nodes.items():
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            marts, sources = upstream_once(node_id)
            found[node["name"]] = Lineage(
                _primary_key(node), keys.get(node_id, {}), tuple(sorted(marts)), tuple(sorted(sources))
            )
    return found


def disclosures() -> dict[str, Any]:
    """What each mart declares for the public release (``meta.disclosure``)."""
    manifest: dict[str, Any] = json.loads(_PROJECT.manifest_path.read_text(encoding="utf-8"))
    return {
        node["name"]: node["config"]["meta"]["disclosure"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and "disclosure" in node["config"].get("meta", {})
    }


def _primary_key(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that a model of the manifest declares as its primary key, as a whole or on a column."""
    of_columns = [
        {**constraint, "columns": [name]}
        for name, column in node["columns"].items()
        for constraint in column["constraints"]
    ]
    declared = [c["columns"] for c in [*node["constraints"], *of_columns] if c["type"] == "primary_key"]
    return tuple(declared[0]) if declared else ()


def dbt_resource() -> DbtCliResource:
    """dbt on the project above; the profile takes the build file from ``HTX_HOME``."""
    return _cli(_PROJECT)
