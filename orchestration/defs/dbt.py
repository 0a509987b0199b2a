"""dbt models as assets: everything that the audit judges, and, after it, what shows its outcomes."""

import os
import sys
from collections.abc import Iterator, Mapping
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

from expectations.registry import export_rules, load_rules
from orchestration import progress
from orchestration.defs.home import Home
from orchestration.instance import BUILD_POOL
from warehouse.layout import DBT_PROJECT_DIR, Layout

#: Models that show the audit's outcomes, built after it.
AUDITED = "tag:audited"

_SOURCES = {
    "raw": "submissions",
    "registry": "rules",
    "audit": "audit",
}
_PAGES = {"news_article": "news_claims", "news_claim": "news_claims", "fetches": "portal_pages"}


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


def project(layout: Layout) -> DbtProject:
    """The dbt project with its artifacts under ``HTX_HOME``, parsed if a file of it changed since."""
    target = layout.build / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("HTX_HOME", str(layout.home))
    # dbt's droppings lie with the build they belong to, and what it parsed is used again from here.
    os.environ["DBT_TARGET_PATH"] = str(target)
    found = DbtProject(project_dir=DBT_PROJECT_DIR, profiles_dir=DBT_PROJECT_DIR, target_path=target)
    with FileLock(target / ".parse.lock"):
        if _changed_since(found.manifest_path):
            _cli(found).cli(["parse"], target_path=target).wait()
    return found


def _cli(project_: DbtProject) -> DbtCliResource:
    # The command beside this interpreter: an environment that is not activated has it on no PATH.
    return DbtCliResource(project_dir=project_, dbt_executable=str(Path(sys.executable).with_name("dbt")))


def _changed_since(manifest: Path) -> bool:
    if not manifest.is_file():
        return True
    parsed_at = manifest.stat().st_mtime
    folders = ("models", "macros", "seeds", "tests")
    files = [p for f in folders for p in (DBT_PROJECT_DIR / f).rglob("*")] + list(DBT_PROJECT_DIR.glob("*.yml"))
    return any(p.stat().st_mtime > parsed_at for p in files)


_PROJECT = project(Layout.from_env())


@dg.asset(group_name="audit", kinds={"yaml"})
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
    """Staging to marts, from an empty build file: the build is disposable, the raw zone is not."""
    with home.writing() as layout:
        for leftover in (layout.database, layout.database.with_suffix(".duckdb.wal")):
            leftover.unlink(missing_ok=True)
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


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, layout: Layout, label: str) -> Iterator[Any]:
    total = len(context.selected_asset_keys)
    done = 0
    for event in dbt.cli(["build"], context=context, target_path=layout.build / "dbt" / "run").stream():
        if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
            done += 1
            progress.report(label, min(done, total), total)
        yield event
    progress.report(label, total, total)


def dbt_resource() -> DbtCliResource:
    """dbt on the project above; the profile takes the build file from ``HTX_HOME``."""
    return _cli(_PROJECT)
