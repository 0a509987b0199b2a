"""dbt models as assets: the models that the audit reads, and, after it, those that show its outcomes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from expectations.registry import export_rules, load_rules
from orchestration import progress
from orchestration.dbt_project import ParsedProject, project_of
from orchestration.defs.home import Home
from orchestration.instance import BUILD_POOL
from orchestration.settings import Settings, read_settings
from warehouse.connections import BuildHeldError, BuildUnavailableError, connect_build, remove_build
from warehouse.dictionary import Lineage
from warehouse.layout import Layout

if TYPE_CHECKING:
    from orchestration.dbt_runner import Event

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


def _project(settings: Settings) -> ParsedProject:
    settings.export()
    found = project_of(settings.layout)
    found.update()
    return found


# Dagster must know every model before it can define an asset, so importing this module reads (and where dbt's files
# changed, parses) the project. It is imported only for a run or the Dagster UI.
_PROJECT = _project(read_settings())
_MANIFEST: dict[str, Any] = json.loads(_PROJECT.manifest_path.read_text(encoding="utf-8"))
_TRANSLATOR = _Translator()


@dg.asset(group_name="reference", kinds={"yaml"})
def rules(home: Home) -> dg.MaterializeResult[None]:
    """The registry of rules, written where dbt reads severities and tolerances."""
    with home.writing() as layout:
        export_rules(layout)
    return dg.MaterializeResult(metadata={"rules": len(load_rules())})


@dbt_assets(
    manifest=_MANIFEST,
    dagster_dbt_translator=_TRANSLATOR,
    exclude=AUDITED,
    name="warehouse_models",
    pool=BUILD_POOL,
)
def warehouse_models(context: dg.AssetExecutionContext, home: Home) -> Iterator[Any]:
    """Staging to marts; only invalidated models are rebuilt, and the result equals that of a full build."""
    with home.writing() as layout:
        if reason := _unreadable(layout):
            context.log.warning(f"the build file cannot be read and everything is rebuilt: {reason}")
            remove_build(layout)
        yield from _build(context, layout, "Building models", ["--exclude", AUDITED])


@dbt_assets(
    manifest=_MANIFEST,
    dagster_dbt_translator=_TRANSLATOR,
    select=AUDITED,
    name="audited_models",
    pool=BUILD_POOL,
)
def audited_models(context: dg.AssetExecutionContext, home: Home) -> Iterator[Any]:
    """Marts that show what the audit found."""
    with home.writing() as layout:
        yield from _build(context, layout, "Building audited models", ["--select", AUDITED])


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


def _build(context: dg.AssetExecutionContext, layout: Layout, label: str, whole: Sequence[str]) -> Iterator[Any]:
    total = len(context.selected_asset_keys)
    done = 0

    def count(event: "Event") -> None:
        nonlocal done
        if event["info"]["name"] != "LogTestResult":
            done += 1
            progress.report(label, min(done, total), total)

    progress.report(label, 0, total)
    results = _PROJECT.build(*_selection(context, whole), on_result=count)
    progress.report(label, total, total)
    described = _described(layout)
    for event in results:
        for found in DbtCoreCliEventMessage(event, {}).to_default_asset_events(_MANIFEST, _TRANSLATOR, context):
            yield _with_metadata(context, found, described) if isinstance(found, dg.Output) else found


def _selection(context: dg.AssetExecutionContext, whole: Sequence[str]) -> list[str]:
    """dbt's arguments for the assets and checks that were selected; ``whole`` if that is all of them."""
    selected, indirect = get_subset_selection_for_context(context, _MANIFEST, None, None, None, _TRANSLATOR, None)
    return [*(selected or whole), *(["--indirect-selection", indirect] if indirect else [])]


def _with_metadata(
    context: dg.AssetExecutionContext, output: dg.Output[None], described: Mapping[str, Mapping[str, Any]]
) -> dg.Output[None]:
    name = context.asset_key_for_output(output.output_name).path[-1]
    return output.with_metadata({**output.metadata, **described.get(name, {})})


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
    nodes = _MANIFEST["nodes"]
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
    return {
        node["name"]: node["config"]["meta"]["disclosure"]
        for node in _MANIFEST["nodes"].values()
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
