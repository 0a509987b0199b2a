"""Order does not matter, and the next run resumes a killed one: the content of the release is the same."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from ingestion.forms.definition import load_forms
from ingestion.submissions.form_check import filled_template
from ingestion.submissions.reader import read_workbook
from ingestion.submissions.template import template_bytes
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.places import basis_on, provinces
from tests.conftest import KEY
from tests.pipeline.harness import Home, succeeded
from warehouse.openings import closing_before, lists_before


def test_clean_data_gives_no_anomaly(district: Home) -> None:
    assert district.ask("select * from fct_anomaly where anomaly_status = 'open'") == []
    assert district.ask("select count(*) n from fct_reconciliation where outcome = 'pass'")[0]["n"] > 500


def test_the_next_template_opens_with_what_was_closed(district: Home) -> None:
    layout = district.layout
    key = district.ask("select min(province_key) k from fct_organisation_count")[0]["k"]
    opening = closing_before(layout, key, date(2021, 12, 1))
    leaves = district.ask(
        "select org_type_code, sector_code, closing_count from fct_organisation_count "
        f"where is_current and period_code = '2021-11' and province_key = '{key}'"
    )
    assert {(r["org_type_code"], r["sector_code"]): r["closing_count"] for r in leaves}.items() <= opening.items()
    for org_type in {r["org_type_code"] for r in leaves}:
        total = sum(r["closing_count"] for r in leaves if r["org_type_code"] == org_type)
        agriculture = opening[org_type, "agriculture"]
        assert opening[org_type, "total"] == total == agriculture + opening[org_type, "non_agriculture"]
    assert len(opening) == 30
    assert closing_before(layout, key, date(2030, 1, 1)) == {}


def test_the_next_template_begins_with_the_last_lists(district: Home) -> None:
    key = district.ask("select min(province_key) k from dim_cooperative")[0]["k"]
    lists = lists_before(district.layout, key, date(2021, 12, 1))
    registered = district.ask(
        "select org_code from dim_cooperative where is_latest_version and dissolved_on is null "
        f"and last_listed_period_code = '2021-11' and province_key = '{key}' order by org_code"
    )
    assert [row["org_code"] for row in lists["BIEU_02"]] == [row["org_code"] for row in registered] != []
    when = Period("2021-12")
    place = next(p for p in provinces(basis_on(when.end)).values() if p.key == key)
    template = template_bytes(place, when, opening=closing_before(district.layout, key, when.start), listed=lists)
    reading = read_workbook(filled_template(template, when, {}), KEY)
    assert (reading.outcome, reading.problems) == ("accepted", [])
    for code, rows in lists.items():
        form = load_forms()[code]
        sheet = next(s for s in reading.sheets if s.form and s.form.code == code)
        names = [c.staged_name for c in form.raw_columns]
        read = [dict(zip(names, values, strict=True)) for _, values in sheet.rows]
        # What the sender gets back unchanged is what he sent.
        assert [{name: row[name] for name in rows[0]} for row in read] == rows
    assert lists_before(district.layout, key, date(2017, 1, 1)) == {}


def test_a_run_gives_every_sender_a_receipt(district: Home) -> None:
    receipts = [json.loads(p.read_text("utf-8")) for p in district.layout.receipts.rglob("*.json")]
    assert len(receipts) == len(list(district.inbox.glob("*.xlsx")))
    assert {r["outcome"] for r in receipts} == {"accepted"}


def test_any_order_of_arrival_gives_the_same_marts(district: Home, tmp_path: Path) -> None:
    """The later half first, then everything, without the files' times; the intake log has the times of receipt."""
    files = sorted(district.inbox.glob("*.xlsx"))
    random.Random(5).shuffle(files)
    (tmp_path / "inbox").mkdir()
    home = Home(tmp_path / "home", tmp_path / "inbox", district.portal)
    shutil.copy(district.inbox / "index.json", home.inbox)
    for part in (files[: len(files) // 2], files[len(files) // 2 :]):
        for file in part:
            (home.inbox / file.name).write_bytes(file.read_bytes())
        succeeded(home.run())
    assert home.release.content_sha256 == district.release.content_sha256

    # The second run built upon the first; its release tells what came.
    changes = {row["table_name"]: row for row in json.loads(succeeded(home.htx("diff", "--format", "json")).stdout)}
    assert changes["dim_artifact"]["added"] > 0 and "dim_province" not in changes
    rows = json.loads(succeeded(home.htx("diff", "--mart", "dim_artifact", "--format", "json")).stdout)
    added = [row for row in rows if row["change"] == "added"]
    assert len(added) == changes["dim_artifact"]["added"] and all(len(row["artifact_sha256"]) == 64 for row in added)

    # From nothing it is the same: there is nothing to release.
    succeeded(home.run("--full-refresh"))
    assert "Nothing changed" in succeeded(home.htx("diff", home.release.name, home.release.name)).stdout
    assert home.release.content_sha256 == district.release.content_sha256


def _killed_and_repeated(district: Home, root: Path, seconds: float) -> None:
    home = Home(root / "home", district.inbox, district.portal)
    command = [sys.executable, "-m", "orchestration.cli", *home.run_arguments]
    process = subprocess.Popen(
        command, env=home.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    # A reader or dbt that outlives its parent for a moment holds nothing that the next run cannot wait for.
    deadline = time.monotonic() + 30
    again = home.run()
    while again.returncode == 3 and time.monotonic() < deadline:
        again = home.run()
    succeeded(again)
    assert home.release.content_sha256 == district.release.content_sha256


def test_a_killed_run_is_taken_up(district: Home, tmp_path: Path) -> None:
    _killed_and_repeated(district, tmp_path, random.Random().uniform(4, 20))


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, 5, 8, 11, 14, 17, 20, 24])
def test_a_run_killed_at_any_moment_is_taken_up(district: Home, tmp_path: Path, seconds: float) -> None:
    _killed_and_repeated(district, tmp_path, seconds)
