"""The command from its user's side: help with examples, errors with a fix, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from rich.console import Console

import warehouse.recipes
from expectations import registry
from expectations.registry import load_rules
from ingestion.portals import portals
from ingestion.portals.portals import load_portals
from ingestion.samples.workbooks import Edit, RawText
from orchestration.cli import COMMANDS, console
from orchestration.cli.run import run
from tests.pipeline.harness import Home
from tests.workbooks import workbook
from warehouse.recipes import recipes


@pytest.fixture
def empty(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", tmp_path / "inbox", "http://127.0.0.1:1/")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(empty: Home, command: str) -> None:
    shown = empty.htx(command, "--help")
    assert shown.returncode == 0
    assert "Usage" in shown.stdout and len(shown.stdout) > 300


def test_help_lists_every_command_and_imports_none() -> None:
    program = (
        "import sys; from orchestration.cli import main\n"
        "try: main()\n"
        "finally: print([m for m in sys.modules if m.startswith('orchestration.cli.') or m in ('duckdb', 'dagster')])"
    )
    shown = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(f"│ {command} " in shown for command in COMMANDS)
    assert shown.endswith("\n[]\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--inbox", "/no/such/folder"], "no such folder"),
        (["run", "--inbox", "gopher://bucket"], "fsspec"),
        (["run", "--period", "2021-13"], "2021-11"),
        (["run", "--portal", "vca.org.vn"], "https://"),
        (["query", "select 1"], "htx run"),
        (["anomalies", "--rule", "plan.flors"], "plan.floors"),
        (["anomalies", "--rule", "plan", "--summary"], "without --summary"),
        (["audit", "--rule", "plan.flors"], "plan.floors"),
        (["audit"], "htx run"),
        (["diff"], "not two releases"),
        (["diff", "2021.12.05-1", "2021.12.05-2"], "there is no release 2021.12.05-2"),
        (["check", "nowhere.xlsx"], "no such file"),
        (["check", "a.xlsx", "b.xlsx", "--receipt", "one.xlsx"], "name a folder"),
        (["template", "--province", "99", "--period", "2026-10", "--out", "x.xlsx"], "91 An Giang"),
        (["template", "--province", "91", "--period", "10/2026", "--out", "x.xlsx"], "2021-11"),
        (["claims", "nowhere.html"], "no such file"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_to_do(empty: Home, arguments: list[str], said: str) -> None:
    done = empty.htx(*arguments)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("module", "place", "loaded", "said"),
    [
        (registry, "RULES_DIR", load_rules, "field family"),
        (portals, "PORTALS_FILE", load_portals, "kind of portal"),
        (warehouse.recipes, "COOKBOOK_DIR", recipes, "01-x.sql"),
    ],
)
def test_a_run_begins_with_definitions_that_can_be_used(
    module: ModuleType, place: str, loaded: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fair.yml").write_text("rules: []", encoding="utf-8")
    (tmp_path / "portals.yml").write_text("portals: [{name: a, base_url: 'https://a.vn/', kind: joomla}]", "utf-8")
    (tmp_path / "cookbook").mkdir()
    (tmp_path / "cookbook" / "01-x.sql").write_text("select 1", encoding="utf-8")
    places = {"RULES_DIR": tmp_path, "PORTALS_FILE": tmp_path / "portals.yml", "COOKBOOK_DIR": tmp_path / "cookbook"}
    shown = StringIO()
    monkeypatch.setattr(console, "err", Console(file=shown, width=200))
    monkeypatch.setattr(module, place, places[place])
    loaded.cache_clear()
    try:
        with pytest.raises(typer.Exit) as stopped:
            run(inbox=str(tmp_path))
    finally:
        loaded.cache_clear()
    assert stopped.value.exit_code == 2 and said in shown.getvalue()


def test_check_tells_a_province_in_vietnamese(empty: Home, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(workbook())
    bad.write_bytes(workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767"))))
    accepted = empty.htx("check", str(good))
    assert accepted.returncode == 0 and "ĐƯỢC NHẬN" in accepted.stdout
    refused = empty.htx("check", str(good), str(bad))
    assert refused.returncode == 1
    assert "20,767" in refused.stdout and "Ghi lại ô" in refused.stdout


def test_check_writes_the_receipt_to_the_given_folder(empty: Home, tmp_path: Path) -> None:
    bad, receipt = tmp_path / "bad.xlsx", tmp_path / "back" / "phieu.xlsx"
    bad.write_bytes(workbook(Edit("set", "BIEU_01", "member_count", 3, RawText("20,767"))))
    assert empty.htx("check", str(bad), "--receipt", str(receipt)).returncode == 1
    assert sorted(p.name for p in receipt.parent.iterdir()) == ["phieu.json", "phieu.xlsx"]
    written = json.loads(receipt.with_suffix(".json").read_text("utf-8"))
    assert (written["file"], written["outcome"]) == ("bad.xlsx", "partial")


def test_a_template_needs_no_release(empty: Home, tmp_path: Path) -> None:
    blank = tmp_path / "mau.xlsx"
    done = empty.htx("template", "--province", "91", "--period", "2026-10", "--out", str(blank))
    assert done.returncode == 0 and "An Giang" in done.stdout and "no opening stock" in done.stdout
    assert empty.htx("check", str(blank)).stdout.count("•") == 1


def test_claims_prints_json_lines_and_nothing_else(empty: Home, tmp_path: Path) -> None:
    page = tmp_path / "tin.txt"
    page.write_text("Trong tháng 11/2021, cả nước thành lập mới 12 HTX, giải thể 3 HTX.", encoding="utf-8")
    done = empty.htx("claims", str(page))
    claims = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(c["metric"], c["value"], c["period_start"]) for c in claims] == [
        ("founded", 12, "2021-11-01"),
        ("dissolved", 3, "2021-11-01"),
    ]
    assert list(claims[0])[:4] == ["source", "metric", "value", "value_max"] and claims[0]["source"] == "tin.txt"


def test_status_and_doctor_work_before_anything_ran(empty: Home) -> None:
    assert "none yet" in empty.htx("status").stdout
    doctor = empty.htx("doctor")
    assert doctor.returncode == 0 and "packages as locked" in doctor.stdout
