"""The parsed project is reused, and replaced where what was saved cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import dbt_project, dbt_runner
from orchestration.dbt_project import ParsedProject
from warehouse.layout import DBT_PROJECT_DIR


class _ParsedError(Exception):
    """The project would be parsed."""


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a manifest of this project, and a parser that says when it is called."""

    def parse(_: Path) -> object:
        raise _ParsedError

    monkeypatch.setattr(dbt_runner, "parse", parse)
    monkeypatch.setattr(dbt_project.generated, "write", lambda: None)
    monkeypatch.setattr(dbt_project.dbt_models, "write", lambda: None)
    (tmp_path / ".project").write_text(str(DBT_PROJECT_DIR))
    (tmp_path / "manifest.json").write_text("{}")
    return tmp_path


def test_an_unchanged_project_is_not_parsed(target: Path) -> None:
    ParsedProject(target).update()


def test_a_project_in_another_folder_is_parsed(target: Path) -> None:
    (target / ".project").write_text("/another/folder")
    with pytest.raises(_ParsedError):
        ParsedProject(target).update()


@pytest.mark.parametrize("saved", [None, b"", b"cut off"])
def test_a_damaged_manifest_is_parsed_again(target: Path, saved: bytes | None) -> None:
    if saved is not None:
        (target / "partial_parse.msgpack").write_bytes(saved)
    assert dbt_runner.saved_manifest(target) is None
    with pytest.raises(_ParsedError):
        ParsedProject(target).build("--select", "nothing", on_result=lambda _: None)
