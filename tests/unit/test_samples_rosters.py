"""Rosters of whole provinces: what the register counts is listed, as texts in a zip, and is read whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from ingestion.samples.country import IN_STOCK, Country, Settings
from ingestion.samples.rosters import roster_bytes, roster_name, roster_rows
from ingestion.samples.workbooks import Submission
from ingestion.submissions.reader import read_workbook
from tests.conftest import KEY
from tests.workbooks import RECEIVED

COUNTRY = Country(Settings(provinces=4, months=2, scale=0.1, seed=7))
MONTHLY = COUNTRY.reports("75")
SENT = Submission("75", "2021-11", 2, roster_name("75", "2021-11", 2), RECEIVED + timedelta(days=3))


def test_every_organisation_lists_as_many_as_it_counts() -> None:
    rows = list(roster_rows(COUNTRY, MONTHLY))
    listed = Counter(str(row["org_code"]) for row in rows)
    counted = {
        str(row["org_code"]): row["member_count"]
        for row in MONTHLY[-1].rows["BIEU_02"]
        if row["status"] in IN_STOCK and row["org_type"] != "THT"
    }
    assert listed == counted and len(rows) > 1000
    assert len({row["member_id"] for row in rows}) == len(rows)
    # A member whom a month listed when the cooperative was founded is listed as then.
    for report in MONTHLY:
        assert all(row in rows for row in report.rows["BIEU_03"])
    assert any(report.rows["BIEU_03"] for report in MONTHLY)


def test_a_roster_is_a_zip_that_is_read_whole() -> None:
    data = roster_bytes(COUNTRY, MONTHLY, SENT)
    assert data == roster_bytes(COUNTRY, MONTHLY, SENT)
    reading = read_workbook(data, KEY)
    sender = reading.sender
    assert sender is not None
    assert (sender.province_code, sender.period.code, sender.revision) == ("75", "2021-11", 2)
    (sheet,) = [s for s in reading.sheets if s.form is not None and s.form.code == "BIEU_03"]
    assert (sheet.read, sheet.loaded) == (len(list(roster_rows(COUNTRY, MONTHLY))),) * 2
