"""A new form with a mart, added as README says and nothing else, is in the release of the first run.

The form is social insurance of members (BHXH), in a copy of the project; its mart is the example that
``htx form check`` names, with other columns.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import KEY
from warehouse.layout import PROJECT_ROOT

pytestmark = pytest.mark.slow

#: Columns of the example's mart: what they become, or None where the form has nothing like it.
COLUMNS = {
    "course_code": "org_code", "participant_count": "insured_count", "state_funding_vnd": "paid_vnd",
    "course_name": None, "topic_code": None, "audience_code": None, "organiser_name": None, "started_on": None,
    "ended_on": None, "hour_count": None, "female_count": None, "ethnic_minority_count": None,
    "other_funding_vnd": None,
}  # fmt: skip
PAID = """  - name: paid_vnd
    type: money
    header: ["Số tiền đã đóng"]
    unit: million_vnd
    minimum: 0
    checks:
      - {between: contract_money}
    vi: "Số tiền đã đóng trong kỳ."
    en: "Paid in the period."
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("ingestion", "dbt_project", "expectations", "warehouse", "orchestration"):
        ignored = shutil.ignore_patterns("__pycache__", "target", "logs")
        shutil.copytree(PROJECT_ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(PROJECT_ROOT / "pyproject.toml", copy)
    return copy


def htx(project: Path, *arguments: str, code: int = 0) -> str:
    """What the copy's ``htx`` prints."""
    command = [sys.executable, "-m", "orchestration.cli", *arguments]
    home = {"HTX_HOME": str(project / "data"), "HTX_PSEUDONYM_KEY": KEY.decode(), "NO_COLOR": "1"}
    environment = os.environ | home | {"PYTHONPATH": str(project)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _describe(form: Path) -> None:
    """Complete the skeleton: its second column counts the insured, a third says what was paid."""
    text = form.read_text(encoding="utf-8")
    text = text.replace("member_count", "insured_count").replace("Số thành viên", "Số thành viên đóng BHXH")
    text = text.replace("Biểu 16. …", "Biểu 16. BẢO HIỂM XÃ HỘI CỦA THÀNH VIÊN").replace(
        '"…"', '"Thành viên đóng BHXH."'
    )
    form.write_text(text[: text.index("  # Money is written")] + PAID, encoding="utf-8")


def _write_mart(marts: Path) -> None:
    (marts / "insurance").mkdir()
    for suffix in ("sql", "yml"):
        text = (marts / "training" / f"fct_training_course.{suffix}").read_text(encoding="utf-8")
        text = text.replace("training_course", "social_insurance").replace("bieu_06", "bieu_16")
        for old, new in COLUMNS.items():
            if new is None:
                text = re.sub(rf"      - name: {old}\n(?:        .*\n)+|  \w+\.{old},\n", "", text)
            else:
                text = re.sub(rf"\b{old}\b", new, text)
        (marts / "insurance" / f"fct_social_insurance.{suffix}").write_text(text, encoding="utf-8")


def test_a_form_and_its_mart_are_in_the_release_of_the_first_run(project: Path) -> None:
    htx(project, "form", "new", "16", "--valid-from", "2021-01")
    lacking = htx(project, "form", "check", "16", code=1)
    assert "vi is not written yet" in lacking and "fct_training_course" in lacking
    _describe(project / "ingestion" / "forms" / "bieu_16.yml")
    lacking = htx(project, "form", "check", "16", code=1)
    assert "not written" not in lacking and "no mart shows the rows of BIEU_16" in lacking
    _write_mart(project / "dbt_project" / "models" / "marts")
    # No dbt file is written by hand: the commands generate them from the form.
    assert "complete" in htx(project, "form", "check", "16")
    htx(project, "sample", "--provinces", "1", "--months", "1", "--out", str(project / "sample"), "--run")
    asked = "select org_code, insured_count, paid_vnd, sheet from fct_social_insurance where is_current order by 1"
    rows = json.loads(htx(project, "query", asked, "--format", "json"))
    assert [row["insured_count"] for row in rows] == [1, 2, 3]
    assert [row["paid_vnd"] for row in rows] == [10**6, 2 * 10**6, 3 * 10**6]
    assert all(row["org_code"].startswith("HTX-") and row["sheet"] for row in rows)


def test_a_form_that_no_mart_shows_stops_no_release(project: Path) -> None:
    for file in (project / "dbt_project" / "models" / "marts" / "insurance").iterdir():
        file.unlink()
    said = htx(project, "run", "--inbox", str(project / "sample" / "inbox"))
    assert "no mart shows the rows of BIEU_16" in said and "htx form check BIEU_16" in said
    release = json.loads(htx(project, "query", "select form from dim_form where form = 'BIEU_16'", "--format", "json"))
    assert release == [{"form": "BIEU_16"}]
