"""The whole pipeline on the whole country: published sums, evidence, planted faults, revisions, the gate."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from expectations.personal_data import personal_data_in
from ingestion.archive import Archive
from ingestion.samples.country import Country, Settings
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from tests.cookbook import answer
from tests.pipeline.harness import Home, succeeded
from tests.workbooks import RECEIVED
from warehouse.connections import connect_marts, connect_release
from warehouse.recipes import recipes

Ran = tuple[Home, Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def truth(country: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((country[1] / "truth.json").read_text(encoding="utf-8"))
    return found


def test_november_is_as_published(country: Ran) -> None:
    home, _, _ = country
    (row,) = home.ask(
        "select sum(founded_count) founded, sum(dissolved_count) dissolved, sum(operating_count) operating, "
        "sum(founded_count) filter (sector_code = 'agriculture') founded_agriculture, "
        "sum(dissolved_count) filter (sector_code <> 'agriculture') dissolved_other "
        "from fct_organisation_count where is_current and period_code = '2021-11' and org_type_code = 'HTX'"
    )
    assert row == {
        "founded": 189,
        "dissolved": 30,
        "operating": 26661,
        "founded_agriculture": 148,
        "dissolved_other": 9,
    }


def test_every_figure_leads_back_to_its_cell(country: Ran) -> None:
    home, _, _ = country
    connection = connect_release(home.layout)
    rows = connection.execute(
        "select f.artifact_sha256, f.sheet, f.row_number, f.opening_count, f.closing_count, a.outcome "
        "from fct_organisation_count f join dim_artifact a using (artifact_sha256)"
    ).fetchall()
    count = connection.execute("select count(*) from fct_organisation_count").fetchall()[0][0]
    connection.close()
    assert len(rows) == count > 4000
    archive = Archive(home.layout.archive)
    by_file: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_file.setdefault(row[0], []).append(row)
    for sha in sorted(by_file)[:6]:
        book = openpyxl.load_workbook(io.BytesIO(archive.open(sha)), read_only=False)
        for _, sheet, number, opening, closing, _ in by_file[sha]:
            cells = [_figure(cell.value) for cell in book[sheet][number]]
            assert opening in cells and closing in cells, (sha, sheet, number)


def _figure(value: object) -> object:
    text = str(value).replace("\u00a0", "").strip().replace(".", "")
    return int(text) if text.isdigit() and not isinstance(value, float) else value


def test_rows_read_are_loaded_rejected_or_duplicate_for_every_artifact(country: Ran) -> None:
    home, _, _ = country
    rows = home.ask(
        "select count(*) artifacts, sum(rows_read_count) as read, count(*) filter "
        "(rows_read_count <> rows_loaded_count + rows_rejected_count + rows_held_count + rows_duplicate_count) lost "
        "from fct_submission"
    )
    assert rows[0]["artifacts"] > 189 and rows[0]["read"] > 100_000 and rows[0]["lost"] == 0


def test_exactly_the_planted_faults_are_found(country: Ran, truth: dict[str, Any]) -> None:
    home, _, _ = country
    planted = set()
    for fault in truth["faults"]:
        rules = [*fault["also"]] + [fault["rule_id"]] * (fault["consequence"] in ("flagged", "held"))
        province = fault["province_code"] and f"63-{fault['province_code']}"
        planted |= {(rule, fault["period"], province) for rule in rules}
    found = home.ask(
        "select distinct rule_id, period_code, province_key from fct_anomaly where anomaly_status = 'open'"
    )
    assert {(r["rule_id"], r["period_code"], r["province_key"]) for r in found} == planted
    assert len(planted) > 20


def test_a_report_printed_twice_is_compared_with_the_reports_once(country: Ran) -> None:
    home, _, _ = country
    rows = home.ask("select claim_id, url, outcome, is_within_precision, copy_urls from mart_news_against_reports")
    assert len({row["claim_id"] for row in rows}) == len(rows)
    within = {"pass": True, "fail": False, "not_comparable": None}
    assert all(row["is_within_precision"] is within[row["outcome"]] for row in rows)
    assert {row["outcome"] for row in rows} >= {"pass", "fail"}
    again = {url for row in rows for url in json.loads(row["copy_urls"])}
    assert len(again) == 1 and not again & {row["url"] for row in rows}
    (copy,) = home.ask(f"select report_url, is_original from dim_news_article where url = '{again.pop()}'")
    assert copy["report_url"] in {row["url"] for row in rows} and copy["is_original"] is False


def test_the_cookbook_answers_about_news_and_faults(country: Ran, truth: dict[str, Any]) -> None:
    """Recipes about data of this test: articles, rejected files; and the subject of each question."""
    home, _, _ = country
    connection = connect_release(home.layout)
    otherwise = {r["url"] for r in answer(connection, "news-against-reports")}
    planted = {f["url"] for f in truth["faults"] if (f["rule_id"] or "").startswith("news_report.")}
    assert otherwise and {url.rsplit("/", 1)[-1] for url in otherwise} == {str(u).rsplit("/", 1)[-1] for u in planted}
    misdated = answer(connection, "documents-dated-differently")
    assert [r["document_key"] for r in misdated] == ["461/QĐ-TTg (2018)"]
    rejected = {(r["form"], r["column_name"]) for r in answer(connection, "common-mistakes")}
    assert rejected >= {(f["form"], f["column"]) for f in truth["faults"] if f["consequence"] == "row_rejected"}
    untaken = {r["file_name"] for r in answer(connection, "held-and-rejected-files")}
    assert untaken == {f["file"] for f in truth["faults"] if f["consequence"] in ("held", "file_rejected")}
    shown = {r["province_name"] for r in answer(connection, "fairs-stated-against-listed")}
    differ = {"fair.contracts", "fair.participants", "fair.contract_value"}
    faulty = {f["province_code"] for f in truth["faults"] if differ & {f["rule_id"], *f["also"], *f["not_comparable"]}}
    assert shown == {p.name for p in Country(Settings()).places if p.code in faulty}
    published = answer(connection, "national-figure-against-provinces")
    november = [r for r in published if r["period_code"] == "2021-11"]
    assert november and all(r["is_comparable"] and r["difference"] == 0 for r in november)
    nothing = {r.name for r in recipes() if not answer(connection, r.name)}
    connection.close()
    # Every province reported, in months only; nothing was corrected by hand.
    assert nothing <= {
        "not-reported", "funds-under-the-floor", "corrections-in-force", "half-year-to-half-year", "trained-persons",
        "international-cooperation", "models-by-kind", "dissolution-pipeline", "open-needs",
        "inspections-and-complaints", "overdue-tasks",
    }  # fmt: skip


def test_the_dictionary_explains_every_table(country: Ran) -> None:
    """One page per table that opens offline; working links, definitions, lineage, an example that runs."""
    home, _, _ = country
    folder = home.release.path / "dictionary"
    pages = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    assert pages.keys() == {table.name for table in home.release.tables} | {"index"}
    connection = connect_release(home.layout)
    for name, page in pages.items():
        assert not re.search(r"https?://|<script|@import|url\(", page), name
        for link in re.findall(r'href="([^"]+)"', page):
            assert (folder / link).resolve().is_file(), (name, link)
        if name != "index":
            (example,) = re.findall(r"<pre>(.+?)</pre>", page, re.DOTALL)
            connection.execute(html.unescape(example)).fetchall()
            assert "One row per" in page and "Khóa chính" in page
            assert f'href="{name}.html"' in pages["index"]
    connection.close()
    counts = pages["fct_organisation_count"]
    assert "bieu_01" in counts and 'href="mart_national_overview.html"' in counts
    assert 'href="dim_province.html"' in counts and "Organisations first registered within the period" in counts
    assert "organisation_count_as_of(recorded_at)" in pages["index"]


def test_rejected_rows_are_listed_with_their_cell(country: Ran, truth: dict[str, Any]) -> None:
    home, _, _ = country
    rows = home.ask("select * from fct_rejected_cell")
    shown = {(r["file_name"], r["cell"]) for r in rows}
    for fault in truth["faults"]:
        if fault["consequence"] == "row_rejected":
            assert (fault["file"], fault["cell"]) in shown
    refused = {f["file"] for f in truth["faults"] if f["consequence"] == "file_rejected"}
    outcomes = {r["file_name"]: r["outcome"] for r in home.ask("select file_name, outcome from dim_artifact")}
    assert refused and all(outcomes[name] == "rejected" for name in refused)


def test_a_held_revision_leaves_the_accepted_one_and_a_good_one_replaces_it(
    country: Ran, truth: dict[str, Any]
) -> None:
    home, _, _ = country
    outcomes = {r["file_name"]: r["outcome"] for r in home.ask("select file_name, outcome from fct_submission")}
    by_consequence = {f["consequence"]: f["file"] for f in truth["faults"]}
    held, good = by_consequence["held"], by_consequence["supersedes"]
    assert outcomes[held] == "held" and outcomes[held.replace("-L2", "-L1")] == "current"
    assert outcomes[good] == "current" and outcomes[good.replace("-L2", "-L1")] == "superseded"


def test_the_run_says_what_it_did(country: Ran) -> None:
    home, _, ran = country
    for words in ("rows loaded", "claims", "checks", "anomalies", home.release.name, "Try:", "htx query"):
        assert words in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_nothing_new_makes_no_release(country: Ran) -> None:
    home, _, _ = country
    before = home.release
    again = succeeded(home.run())
    assert "nothing new" in again.stdout
    assert home.release == before


def test_no_personal_data_is_released(country: Ran) -> None:
    home, _, _ = country
    connection = connect_release(home.layout)
    texts = connection.execute(
        "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal"
    ).fetchall()
    assert len(texts) > 100
    identity = r"Thành viên mẫu|MAU-\d\d-\d{6}|(^|[^0-9A-Za-z.])(\d{9}|\d{12}|0\d{9})([^0-9A-Za-z]|$)"
    for table, column in texts:
        # Amounts in the evidence are numbers of that length too: JSON numbers named as a value or the usual figure.
        text = f"""regexp_replace("{column}", '"(value|usual)":-?[0-9.]+', '', 'g')"""
        hits = connection.execute(f"select count(*) from {table} where regexp_matches({text}, ?)", [identity])
        assert hits.fetchall()[0][0] == 0, f"{table}.{column}"
    assert connection.execute("select regexp_matches('CCCD 000000000000.', ?)", [identity]).fetchall()[0][0]
    connection.close()
    assert personal_data_in(home.release.path, date(2021, 12, 31)) == ()


@pytest.fixture
def later(country: Ran, tmp_path: Path) -> Home:
    """A copy of the country's home with an empty inbox, to be continued without changing the original."""
    home, _, _ = country
    shutil.copytree(home.path, tmp_path / "later", symlinks=True)
    (tmp_path / "post").mkdir()
    return Home(tmp_path / "later", tmp_path / "post", home.portal)


def revision(*changes: tuple[int, str, int]) -> bytes:
    """Revision 2 of one province's November: ``changes`` are (row of BIEU_01, column, difference)."""
    country = Country(Settings())
    report = next(r for r in country.reports("38") if r.period.code == "2021-11")
    edits = []
    for row, column, by in changes:
        value = report.rows["BIEU_01"][row][column]
        assert isinstance(value, int)
        edits.append(Edit("set", "BIEU_01", column, row, value + by))
    return workbook_bytes(country, report, Submission("38", "2021-11", 2, "x.xlsx", RECEIVED, tuple(edits)))


def test_the_audit_stops_a_release_that_contradicts_the_published_figure(later: Home) -> None:
    """One more cooperative founded, consistently: only the national figure reveals it."""
    one_more = [(row, c, 1) for row in (0, 1) for c in ("founded_count", "closing_count", "operating_count")]
    (later.inbox / "LMHTX-38-2021-11-L2.xlsx").write_bytes(revision(*one_more))
    before = later.release
    stopped = later.run()
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "roll_up.founded" in stopped.stderr and "189" in stopped.stderr and "190" in stopped.stderr
    assert later.release == before
    (row,) = later.ask("select founded_count from mart_national_overview where period_code = '2021-11' and "
                       "org_type_code = 'HTX' and sector_group = 'total'")  # fmt: skip
    assert row["founded_count"] == 189


def test_a_reader_keeps_the_release_it_opened(later: Home) -> None:
    """A correction of cooperative groups is published while a client reads the old release."""
    sql = "select sum(founded_count) from fct_organisation_count where is_current and org_type_code = 'THT'"
    reader = connect_marts(later.layout.current)
    before = reader.execute(sql).fetchall()
    changes = [(row, c, 3) for row in (20, 21) for c in ("founded_count", "closing_count", "operating_count")]
    (later.inbox / "LMHTX-38-2021-11-L2.xlsx").write_bytes(revision(*changes))
    first = later.release
    succeeded(later.run())
    assert later.release.name != first.name
    assert reader.execute(sql).fetchall() == before
    fresh = connect_release(later.layout)
    assert fresh.execute(sql).fetchall()[0][0] == before[0][0] + 3
    known = "select sum(founded_count) from organisation_count_as_of(timestamp '{}') where org_type_code = 'THT'"
    assert fresh.execute(known.format("2021-12-31")).fetchall()[0][0] >= before[0][0]
    fresh.close()
    reader.close()


def test_a_held_submission_goes_back_with_the_cells_that_do_not_add_up(country: Ran) -> None:
    home, _, _ = country
    rows = home.ask("select artifact_sha256 from fct_submission where outcome = 'held'")
    held = {r["artifact_sha256"] for r in rows}
    receipts = {p: json.loads(p.read_text("utf-8")) for p in home.layout.receipts.rglob("*.json")}
    marked = {path: r for path, r in receipts.items() if r["outcome"] == "held"}
    assert held and {r["sha256"] for r in marked.values()} == held
    for path, receipt in marked.items():
        book = openpyxl.load_workbook(path.with_suffix(".xlsx"))
        breaches = [p for p in receipt["problems"] if p["level"] == "rule"]
        assert breaches
        for problem in breaches:
            assert problem["cell"] and book[problem["sheet"]][problem["cell"]].comment is not None


def test_a_summary_and_a_workbook_per_province_say_what_was_found(country: Ran, tmp_path: Path) -> None:
    home, _, _ = country
    rows = json.loads(succeeded(home.htx("anomalies", "--summary", "--format", "json")).stdout)
    (counted,) = home.ask("select count(*) n, count(*) filter (is_group_head) heads, "
                          "count(distinct group_id) findings, count(distinct province_key) provinces "
                          "from fct_anomaly")  # fmt: skip
    assert sum(r["anomalies"] for r in rows) == counted["n"]
    assert sum(r["findings"] for r in rows) == counted["heads"] == counted["findings"] < counted["n"]
    # The first release has nothing to be new against.
    assert {r["new"] for r in rows} == {0} and all(r["oldest"] for r in rows if r["open"])
    succeeded(home.htx("anomalies", "--workbooks", str(tmp_path)))
    books = sorted(tmp_path.glob("sai-lech-63-*.xlsx"))
    assert len(books) == counted["provinces"]
    sheet = openpyxl.load_workbook(books[0])["Sai lệch"]
    assert sheet["H1"].value == "Giải thích và việc cần làm" and sheet["H2"].value
