"""Variables ``HTX_*``: one place for their meaning and default, and nobody else reads the environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.settings import Settings, SettingsError, read_settings, variables
from warehouse.layout import PROJECT_ROOT

ROOMS = ("orchestration", "ingestion", "expectations", "warehouse", "dbt_project")
#: Named by the tests themselves: a folder of real articles.
OF_TESTS = {"HTX_REAL_PAGES"}


def _texts(*suffixes: str) -> dict[Path, str]:
    """Sources and documents of the product, by path."""
    files = [p for room in ROOMS for p in (PROJECT_ROOT / room).rglob("*") if p.suffix in suffixes]
    files += [PROJECT_ROOT / "Makefile", PROJECT_ROOT / "README.md", *(PROJECT_ROOT / "docs").glob("*.md")]
    return {p: p.read_text(encoding="utf-8") for p in files if "target" not in p.parts}


def test_readme_lists_every_variable_with_meaning_and_default() -> None:
    rows = [
        f"| `{n}` | {meaning} | {f'`{default}`' if default else ''} |" for n, (meaning, default) in variables().items()
    ]
    assert (
        "| variable | meaning | default |\n|---|---|---|\n" + "\n".join(rows)
        in (PROJECT_ROOT / "README.md").read_text()
    )


def test_every_variable_that_is_named_anywhere_is_a_setting() -> None:
    named = {
        name
        for text in _texts(".py", ".sql", ".yml", ".md").values()
        for name in re.findall(r"\bHTX_[A-Z_]+[A-Z]", text)
    }
    assert named - OF_TESTS == set(variables())


def test_only_orchestration_reads_the_environment() -> None:
    reading = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for path, text in _texts(".py").items()
        if re.search(r"os\.(environ|getenv)\b", text) and path.relative_to(PROJECT_ROOT).parts[0] != "orchestration"
    }
    # It switches analytics of Great Expectations off before that is imported.
    assert reading == {"expectations/__init__.py"}


def test_dbt_alone_has_the_same_defaults() -> None:
    """`dbt build` in dbt_project/ works without a variable: its profile repeats two defaults."""
    found = {
        pair
        for text in _texts(".yml", ".sql").values()
        for pair in re.findall(r"env_var\('HTX_(\w+)', '(.*?)'\)", text)
    }
    assert found == {("HOME", "../data"), ("DBT_MEMORY", Settings.model_fields["dbt_memory"].default)}
    assert Settings.model_fields["home"].default == PROJECT_ROOT / "data"


def test_an_empty_variable_is_none_and_a_wrong_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTX_PSEUDONYM_KEY", "")
    monkeypatch.setenv("HTX_INBOX_OPTIONS", '{"host": "sftp.example"}')
    assert read_settings().key is None and read_settings().inbox_options == {"host": "sftp.example"}
    monkeypatch.setenv("HTX_INBOX_OPTIONS", "{")
    monkeypatch.setenv("HTX_WORKERS", "two")
    with pytest.raises(SettingsError, match=r"HTX_INBOX_OPTIONS.*HTX_WORKERS"):
        read_settings()
