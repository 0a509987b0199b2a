"""The dbt project of an installation: generated models written, parsed if a file changed, built in this process.

Starting dbt's command again for each build costs seconds of imports and another parse. Here a process parses at most
once, and only if a file of the project changed; every build uses that manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from expectations import dbt_models
from ingestion.forms import generated
from warehouse.layout import DBT_PROJECT_DIR, Layout

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from orchestration.dbt_runner import Event


@dataclass(frozen=True)
class ParsedProject:
    """The project in ``dbt_project/`` with its artifacts in ``target``, below ``HTX_HOME``."""

    target: Path
    _parsed: list[Manifest] = field(default_factory=list, repr=False)

    @property
    def manifest_path(self) -> Path:
        """dbt's ``manifest.json``."""
        return self.target / "manifest.json"

    def update(self) -> None:
        """Write the models that are generated from forms and rules, and parse the project if a file changed."""
        self.target.mkdir(parents=True, exist_ok=True)
        with self._only_parser():
            generated.write()
            dbt_models.write()
            _forget_other_place(self.target)
            if _changed_since(self.manifest_path):
                self._parse()

    def build(self, *arguments: str, on_result: Callable[[Event], None]) -> list[Event]:
        """Run ``dbt build``; events of the results of its nodes, each also given to ``on_result`` as it happens.

        The build file is closed when it returns. Raises DbtError if a node or a test of severity error fails.
        """
        from orchestration import dbt_runner

        found: list[Event] = []

        def heard(event: Event) -> None:
            found.append(event)
            on_result(event)

        dbt_runner.build(self._manifest(), self.target / "run", arguments, heard)
        return found

    def _manifest(self) -> Manifest:
        from orchestration import dbt_runner

        if not self._parsed:
            with self._only_parser():
                saved = dbt_runner.saved_manifest(self.target)
                self._parsed.append(saved) if saved else self._parse()
        return self._parsed[-1]

    def _parse(self) -> None:
        from orchestration import dbt_runner

        self._parsed[:] = [dbt_runner.parse(self.target)]

    def _only_parser(self) -> FileLock:
        return FileLock(self.target / ".parse.lock")


def project_of(layout: Layout) -> ParsedProject:
    """The project of an installation, with its artifacts beside its build; not yet parsed."""
    return ParsedProject(layout.build / "dbt")


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
