"""The forms of longer periods, from the workbook to the release: the release contains what was sent.

One small inbox, one run. The figures of 2022 are made by hand, so that every attainment can be checked by hand.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from ingestion.forms.definition import load_forms
from ingestion.samples import periodic
from ingestion.samples.country import ORG_TYPES, SECTOR_ROWS, Report, Row
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from ingestion.vietnamese.periods import Period
from tests.cookbook import answer
from tests.pipeline.harness import Home, succeeded
from tests.workbooks import country, workbook
from warehouse.connections import connect_release

BILLION = 10**9
RESENT = datetime(2021, 10, 20, 2)
MEASURES = ("converted_in_count", "dissolved_count", "converted_out_count", "stopped_count", "worker_count")

#: Fact of each form, and the columns by which a row is found again.
FACTS = {
    "BIEU_06": ("fct_training_course", ("course_code",)),
    "BIEU_07A": ("dim_partner", ("partner_code",)),
    "BIEU_07B": ("fct_international_event", ("event_code",)),
    "BIEU_07C": ("fct_international_event", ("event_code",)),
    "BIEU_07D": ("fct_contract", ("contract_code",)),
    "BIEU_08": ("fct_cooperative_model", ("period_code", "model_code")),
    "BIEU_09": ("fct_task_progress", ("period_code", "plan_symbol", "task_code")),
    "BIEU_11": ("fct_dissolution_case", ("org_code", "case_kind_code")),
    "BIEU_12": ("fct_need", ("need_code",)),
    "BIEU_13": ("fct_public_service", ("service_code",)),
    "BIEU_14A": ("fct_inspection", ("inspection_code",)),
    "BIEU_14B": ("fct_complaint", ("case_code",)),
    "BIEU_14C": ("fct_award", ("award_code",)),
    "BIEU_15A": ("fct_provincial_alliance", ("period_code", "alliance_name")),
    "BIEU_15B": ("fct_alliance_membership", ("org_code", "alliance_level_code", "joined_on")),
}


def counts(opening: dict[str, int], founded: dict[str, int]) -> list[Row]:
    """BIEU_01 of a province that has agriculture only."""
    rows: list[Row] = []
    for org_type in ORG_TYPES:
        for sector in SECTOR_ROWS:
            here = sector in ("total", "agriculture")
            came, was = (founded.get(org_type, 0), opening.get(org_type, 0)) if here else (0, 0)
            row: Row = {"org_type": org_type, "sector": sector, "opening_count": was, "founded_count": came}
            row |= {"closing_count": was + came, "operating_count": was + came, "member_count": 10 * (was + came)}
            rows.append(row | dict.fromkeys(MEASURES, 0))
    return rows


def target(indicator: str, org_type: str | None, value: str, unit: str, stated: str | None = None) -> Row:
    """A row of BIEU_10 for 2022."""
    actual = None if stated is None else Decimal(stated)
    return {
        "indicator": indicator, "org_type": org_type, "sector": None, "target_year": 2022, "bound": "at_least",
        "target_value": Decimal(value), "target_value_max": None, "target_unit": unit,
        "document_symbol": "1/KH-MAU", "stated_actual": actual, "stated_attainment_pct": None,
    }  # fmt: skip


def course(number: int, audience: str, persons: int, women: int, ended_on: date) -> Row:
    """A row of BIEU_06."""
    return {
        "course_code": f"LOP-25-{number}", "course_name": f"Lớp {number}", "topic": "governance", "audience": audience,
        "organiser_name": None, "started_on": ended_on, "ended_on": ended_on, "hour_count": 8,
        "participant_count": persons, "female_count": women, "ethnic_minority_count": None,
        "state_funding_vnd": 30_000_000, "other_funding_vnd": None,
    }  # fmt: skip


def model(number: int, kind: str, started_on: date, status: str = "running") -> Row:
    """A row of BIEU_08."""
    return {
        "model_code": f"MH-75-{number}", "org_code": f"HTX-75-00000{number}", "org_name": None, "org_type": "HTX",
        "sector": "agriculture", "model_kind": kind, "product_names": None, "partner_name": None,
        "standard_name": None, "ocop_star_count": None, "area_ha": None, "started_on": started_on,
        "support_vnd": None, "model_status": status,
    }  # fmt: skip


def fund(charter: int) -> Row:
    """A row of BIEU_04A of a fund without loans."""
    amounts = ("opening_outstanding", "disbursed", "repaid", "written_off", "outstanding", "provision")
    row: Row = {f"{name}_vnd": 0 for name in (*amounts, *(f"debt_group_{n}" for n in range(1, 6)))}
    return row | {
        "fund_code": "QUY-25", "fund_name": "Quỹ mẫu", "fund_model": "cooperative", "charter_registered_vnd": charter,
        "charter_paid_vnd": charter, "equity_vnd": charter, "other_sources_vnd": None,
    }  # fmt: skip


def of_2022() -> list[Report]:
    """Two provinces in 2022: one reports for the half-year, the other quarter by quarter and one month."""
    dong_nai, phu_tho = country().place("75"), country().place("25")
    stock = {"HTX": 100, "THT": 200}
    half = Report(dong_nai, Period("2022-H1"))
    half.rows["BIEU_01"] = counts(stock, {"HTX": 12, "THT": 55})
    half.rows["BIEU_08"] = [
        model(1, "hitech", date(2022, 2, 1)),
        model(2, "hitech", date(2022, 3, 1)),
        # Begun the year before, and given up: counts for neither year nor stock.
        model(3, "hitech", date(2021, 3, 1), "ended"),
        model(4, "value_chain", date(2022, 3, 1)),
    ]
    half.rows["BIEU_10"] = [
        target("founded", "HTX", "48", "count"),
        target("dialogue_conferences", None, "2", "count", "1"),
        target("fund_charter_capital", None, "25000", "million_vnd", "20000"),
        target("trained", None, "9", "percent", "3"),
    ]
    first, second = Report(phu_tho, Period("2022-Q1")), Report(phu_tho, Period("2022-Q2"))
    first.rows["BIEU_01"] = counts(stock, {"HTX": 7})
    second.rows["BIEU_01"] = counts({"HTX": 107, "THT": 200}, {"HTX": 26, "LHHTX": 1})
    first.rows["BIEU_06"] = [course(1, "htx_managers", 60, 20, date(2022, 2, 10))]
    second.rows["BIEU_06"] = [
        course(2, "htx_managers", 40, 30, date(2022, 5, 10)),
        course(3, "alliance_staff", 20, 5, date(2022, 6, 10)),
    ]
    second.rows["BIEU_10"] = [target("trained", None, "400", "person")]
    month = Report(phu_tho, Period("2022-03"))
    month.rows["BIEU_01"] = counts(stock, {"HTX": 7})
    month.rows["BIEU_04A"] = [fund(15 * BILLION)]
    return [half, first, second, month]


@pytest.fixture(scope="module")
def longer() -> dict[str, Report]:
    """The longer reports of Đồng Nai in the sample, by period."""
    place = country().place("75")
    return {r.period.code: r for r in periodic.reports(country(), place, country().reports("75"))}


@pytest.fixture(scope="module")
def home(longer: dict[str, Report], tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("longer")
    made = Home(root / "home", root / "inbox", "")
    made.inbox.mkdir()
    times = {}

    def send(name: str, data: bytes, received: datetime) -> None:
        (made.inbox / name).write_bytes(data)
        times[name] = received

    for month in ("2021-10", "2021-11"):
        send(f"75-{month}.xlsx", workbook(code="75", period=month), datetime(2021, 12, 3, 2))
    for period, report in longer.items():
        received = datetime.combine(report.period.end, datetime.min.time()).replace(hour=2)
        submission = Submission("75", period, 1, "x.xlsx", received)
        send(f"75-{period}.xlsx", workbook_bytes(country(), report, submission), received)
    edits = (
        Edit("set", "BIEU_09", "task_status", 0, "done"),
        Edit("set", "BIEU_09", "progress_pct", 0, Decimal(100)),
        Edit("set", "BIEU_12", "need_status", 0, "answered"),
        Edit("set", "BIEU_12", "answered_on", 0, date(2021, 10, 18)),
    )
    again = Submission("75", "2021-Q3", 2, "x.xlsx", RESENT, edits)
    send("75-2021-Q3-2.xlsx", workbook_bytes(country(), longer["2021-Q3"], again), RESENT)
    for report in of_2022():
        received = datetime(2022, 8, 1, 2)
        submission = Submission(report.place.code, report.period.code, 1, "x.xlsx", received)
        data = workbook_bytes(country(), report, submission)
        send(f"{report.place.code}-{report.period.code}.xlsx", data, received)
    files = []
    for name, received in times.items():
        data = (made.inbox / name).read_bytes()
        sha = hashlib.sha256(data).hexdigest()
        files.append({"name": name, "size": len(data), "sha256": sha, "received_at": received.isoformat()})
    (made.inbox / "index.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    succeeded(made.htx("run", "--inbox", str(made.inbox)))
    return made


@pytest.fixture(scope="module")
def release(home: Home) -> Any:
    connection = connect_release(home.layout)
    yield connection
    connection.close()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = connection.execute(sql)
    names = [d[0] for d in found.description]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def sent_as(code: str, period: str, row: Row) -> dict[str, Any]:
    """A row as its fact must show it: names of the warehouse, what is personal left out."""
    renamed = {"visit_code": "event_code", "expert_kind": "event_kind_code"}
    shown: dict[str, Any] = {"period_code": period} if "period_code" in FACTS[code][1] else {}
    for column in load_forms()[code].columns:
        # A partner's membership is a fact of its own.
        if column.personal or (code == "BIEU_07A" and column.name.startswith("member")):
            continue
        name = renamed.get(column.name, f"{column.name}_code" if column.type == "code" else column.name)
        value = row[column.name]
        shown[name] = f"{value}_stay" if column.name == "expert_kind" else value
    return shown


@pytest.mark.parametrize("code", FACTS)
def test_every_row_sent_stands_in_its_fact_as_it_was_sent(
    code: str, longer: dict[str, Report], release: duckdb.DuckDBPyConnection
) -> None:
    table, key = FACTS[code]
    current = "where province_key = '63-75'" + (" and is_current" if table.startswith("fct_") else "")
    there = {tuple(r[k] for k in key): r for r in rows(release, f"select * from {table} {current}")}
    seen = 0
    for period, report in longer.items():
        for number, row in enumerate(report.rows.get(code, ())):
            if (code, number) in (("BIEU_09", 0), ("BIEU_12", 0)):
                continue  # sent again, with another state
            wanted = sent_as(code, period, row)
            found = there[tuple(wanted[k] for k in key)]
            assert {name: found[name] for name in wanted} == wanted
            seen += 1
    assert seen


def test_a_row_sent_again_replaces_what_was_known_and_keeps_it(
    longer: dict[str, Report], release: duckdb.DuckDBPyConnection
) -> None:
    first = longer["2021-Q3"].rows["BIEU_09"][0]
    shown = rows(
        release,
        "select task_status_code, progress_pct, recorded_to, recorded_from, is_current from fct_task_progress "
        f"where province_key = '63-75' and task_code = '{first['task_code']}' order by revision",
    )
    assert [(r["task_status_code"], r["is_current"]) for r in shown] == [(first["task_status"], False), ("done", True)]
    assert shown[0]["recorded_to"] == shown[1]["recorded_from"] == RESENT
    (need,) = rows(
        release,
        "select * from fct_need where is_current and need_code = "
        f"'{longer['2021-Q3'].rows['BIEU_12'][0]['need_code']}'",
    )
    assert (need["is_open"], need["days_to_answer_count"]) == (False, (date(2021, 10, 18) - need["raised_on"]).days)


def test_tasks_are_counted_over_provinces(longer: dict[str, Report], release: duckdb.DuckDBPyConnection) -> None:
    shown = {r["task_code"]: r for r in rows(release, "select * from mart_task_progress")}
    for number, task in enumerate(longer["2021-Q3"].rows["BIEU_09"]):
        mart = shown[task["task_code"]]
        status = "done" if number == 0 else task["task_status"]
        assert mart["province_count"] == 1 and mart["task_name"] == task["task_name"]
        assert mart[f"{status}_count"] == 1
        assert mart["average_progress_pct"] == (100 if status == "done" else task["progress_pct"])


#: (target, province, period) -> actual, attainment in percent, state: computed by hand from what :func:`of_2022` sends.
ATTAINED: dict[tuple[str, str | None, str], tuple[Any, Any, str]] = {
    # At least 30 cooperatives in each province: 12 in the half-year; 7 + 26 in two quarters; 7 in March alone.
    ("462-05", "63-75", "2022-H1"): (12, 40, "in_progress"),
    ("462-05", "63-25", "2022-Q1"): (7, Decimal("23.333333"), "in_progress"),
    ("462-05", "63-25", "2022-Q2"): (33, 110, "attained"),
    ("462-05", "63-25", "2022-03"): (7, Decimal("23.333333"), "incomplete"),
    ("462-06", "63-25", "2022-Q2"): (1, 100, "attained"),
    ("462-07", "63-75", "2022-H1"): (55, 110, "attained"),
    # Three models of high technology begun in the year: two were.
    ("462-08", "63-75", "2022-H1"): (2, Decimal("66.666667"), "in_progress"),
    # Stated by the province, for nothing in the forms measures it.
    ("462-02", "63-75", "2022-H1"): (1, 50, "in_progress"),
    # A fund of 15 thousand million against the floor of 20.
    ("462-13", "63-25", "2022-03"): (15 * BILLION, 75, "in_progress"),
    ("462-13", "63-75", "2022-H1"): (20 * BILLION, 100, "attained"),
    # Of the nation, as far as it reported: 12, 33 and 7 of 2,000; no series is added to another.
    ("337-02", None, "2022-H1"): (12, Decimal("0.6"), "incomplete"),
    ("337-02", None, "2022-Q2"): (33, Decimal("1.65"), "incomplete"),
    # 100 + 12 stand at the end of June, and 107 + 26.
    ("337-10", None, "2022-H1"): (112, Decimal("0.339394"), "incomplete"),
    ("337-10", None, "2022-Q2"): (133, Decimal("0.403030"), "incomplete"),
    ("337-06", None, "2022-H1"): (2, Decimal("0.04"), "incomplete"),
    # No base, no horizon: nothing to compare.
    ("462-09", "63-25", "2022-Q2"): (None, None, "not_comparable"),
    ("337-05", None, "2022-H1"): (None, None, "not_comparable"),
    ("337-09", None, "2022-H1"): (None, None, "not_comparable"),
    ("337-20", "63-75", "2022-H1"): (None, None, "not_comparable"),
    # What the provinces set themselves.
    ("63-75|founded|HTX|total|2022", "63-75", "2022-H1"): (12, 25, "in_progress"),
    ("63-75|fund_charter_capital|-|total|2022", "63-75", "2022-H1"): (20 * BILLION, 80, "in_progress"),
    ("63-25|trained|-|total|2022", "63-25", "2022-Q1"): (60, 15, "in_progress"),
    ("63-25|trained|-|total|2022", "63-25", "2022-Q2"): (120, 30, "in_progress"),
    # Persons are no percentage.
    ("63-75|trained|-|total|2022", "63-75", "2022-H1"): (None, None, "not_comparable"),
}


def test_attainment_is_what_a_person_computes(release: duckdb.DuckDBPyConnection) -> None:
    found = {
        (r["target_id"], r["province_key"], r["period_code"]): (
            r["actual_value"],
            r["attainment_pct"],
            r["attainment_status"],
        )
        for r in rows(release, "select * from mart_plan_attainment where horizon_year = 2022 or horizon_year is null "
                               "or horizon_year >= 2025")
    }  # fmt: skip
    assert {key: found[key] for key in ATTAINED} == ATTAINED


def test_the_parts_of_an_attainment_are_shown(release: duckdb.DuckDBPyConnection) -> None:
    (half,) = rows(
        release,
        "select * from mart_plan_attainment where target_id = '462-05' and province_key = '63-25' "
        "and period_code = '2022-Q2'",
    )
    assert (half["remaining_value"], half["is_latest"], half["provinces_attained_count"]) == (0, True, 1)
    assert (half["document_symbol"], half["actual_source_code"]) == ("462/LMHTXVN-KHHT", "measured")
    nation = rows(release, "select * from fct_plan_attainment where target_id = '337-02' and period_code = '2022-H1'")
    assert [(r["provinces_reported_count"], r["provinces_expected_count"]) for r in nation] == [(1, 63)]
    unclear = rows(release, "select distinct not_comparable_reason, ambiguity_text from mart_plan_attainment "
                            "where target_id in ('337-05', '462-09')")  # fmt: skip
    assert {r["not_comparable_reason"] for r in unclear} == {
        "Văn bản không nêu thời hạn của chỉ tiêu.",
        "Văn bản không nêu số gốc để so sánh.",
    }
    assert all(r["ambiguity_text"] for r in unclear)


def test_targets_keep_bound_horizon_and_base(release: duckdb.DuckDBPyConnection) -> None:
    shown = rows(release, "select * from fct_plan_target where origin_code = 'document'")
    by_id = Counter(r["target_id"] for r in shown)
    assert by_id["337-02"] == 10, "a yearly target has a row for each year"
    assert {r["target_id"]: (r["bound_code"], r["target_value"], r["target_value_max"]) for r in shown}["337-05"] == (
        "range",
        300,
        500,
    )
    assert {r["horizon_year"] for r in shown if r["horizon_kind_code"] == "not_stated"} == {None}
    assert {r["scope_code"] for r in shown if r["document_symbol"].startswith("462/")} == {"each_province"}


def test_compliance_is_counted_by_level(longer: dict[str, Report], release: duckdb.DuckDBPyConnection) -> None:
    shown = {
        (r["sender_level"], r["province_key"], r["period_code"]): r
        for r in rows(release, "select * from mart_reporting_compliance")
    }
    stated = longer["2020"].rows["BIEU_15A"][0]
    organisations = shown["organisation", "63-75", "2020"]
    assert organisations["due_on"] == date(2021, 1, 15)
    assert [organisations[f"{n}_sender_count"] for n in ("expected", "received", "in_time")] == [
        stated[f"organisation_{n}_count"] for n in ("due", "reported", "in_time")
    ]
    assert organisations["compliance_status"] == "incomplete"
    assert shown["organisation", "63-25", "2020"]["compliance_status"] == "unknown"
    # Organisations owe an annual report only; no other kind is expected of them.
    assert {period for level, _, period in shown if level == "organisation"} == {"2020"}

    whole, none = shown["province", "63-75", "2020"], shown["province", "63-25", "2020"]
    assert (whole["compliance_status"], whole["missing_form_codes"]) == ("on_time", None)
    assert (whole["received_sender_count"], none["received_sender_count"]) == (1, 0)
    assert none["compliance_status"] == "missing"
    assert none["missing_form_count"] == none["expected_form_count"] == 10
    # A monthly workbook of the forms of today lacks none of the new ones.
    assert shown["province", "63-75", "2021-11"]["missing_form_codes"] is None
    march = shown["province", "63-25", "2022-03"]
    assert march["missing_form_codes"] == "BIEU_02, BIEU_03, BIEU_04B, BIEU_05A, BIEU_05B, BIEU_05C"
    assert (march["due_on"], march["compliance_status"]) == (date(2022, 4, 5), "late")
    assert "BIEU_09" in shown["province", "63-75", "2022-H1"]["missing_form_codes"]


def test_training_is_summed_by_year_and_audience(release: duckdb.DuckDBPyConnection) -> None:
    shown = {r["audience_code"]: r for r in rows(release, "select * from mart_training where province_key = '63-25'")}
    managers = shown["htx_managers"]
    assert (managers["course_count"], managers["participant_count"], managers["female_count"]) == (2, 100, 50)
    assert (managers["female_share_pct"], managers["participant_hour_count"]) == (50, 800)
    assert managers["state_funding_vnd"] == 60_000_000 and managers["participant_growth_pct"] is None
    assert shown["alliance_staff"]["female_share_pct"] == 25


def test_the_longer_forms_are_shown_on_both_maps(longer: dict[str, Report], release: duckdb.DuckDBPyConnection) -> None:
    """As reported, and for the province of today; the alliance's own figures are stocks, persons trained a flow."""
    asked = "select period_code, province_key, indicator_code, cast(indicator_value as bigint) v from {} where {}"
    persons = asked.format("mart_province_series", "indicator_code = 'trained' and period_code like '2022-%'")
    assert {(r["period_code"], r["province_key"]): r["v"] for r in rows(release, persons)} == {
        ("2022-Q1", "63-25"): 60, ("2022-Q2", "63-25"): 60, ("2022-Q1", "34-25"): 60, ("2022-Q2", "34-25"): 60,
    }  # fmt: skip
    stated = longer["2020"].rows["BIEU_15A"][0]
    for indicator, column in (
        ("alliance_staff", "staff_count"),
        ("organisations_reported", "organisation_reported_count"),
    ):
        where = "period_code = '2020' and province_key = '34-75'"
        shown = rows(release, asked.format(f"indicator_restated('{indicator}')", where))
        assert [r["v"] for r in shown] == [stated[column]]


def test_the_cookbook_tells_what_the_longer_forms_state(
    longer: dict[str, Report], release: duckdb.DuckDBPyConnection
) -> None:
    """The answers of the recipes about the longer forms, compared with what was sent."""
    whole, quarter = longer["2020"], longer["2021-Q3"]
    sent = {code: [row for r in longer.values() for row in r.rows.get(code, ())] for code in FACTS}

    def total(rows: Any, column: str) -> int:
        return sum(int(str(row[column])) for row in rows if row[column] is not None)

    trained = answer(release, "trained-persons")
    courses = [*sent["BIEU_06"], *(row for r in of_2022() for row in r.rows.get("BIEU_06", ()))]
    assert sum(r["participant_count"] for r in trained) == total(courses, "participant_count")
    assert sum(r["female_count"] for r in trained) == total(courses, "female_count")
    (managers,) = [r for r in trained if r["year_number"] == 2022 and "Cán bộ" in r["audience_name_vi"]
                   and r["participant_count"] == 100]  # fmt: skip
    assert managers["state_funding_per_participant_vnd"] == 600_000

    (abroad,) = answer(release, "international-cooperation")
    stays = whole.rows["BIEU_07C"]
    assert (abroad["year_number"], abroad["expert_stay_count"]) == (2020, len(stays))
    assert (abroad["own_funding_vnd"] or 0) == total(sent["BIEU_07B"], "own_funding_vnd")

    # Of Đồng Nai the list of June 2022 is the last one; the longer reports' lists are older.
    models = answer(release, "models-by-kind")
    assert {(r["model_kind_name_vi"], r["model_count"], r["running_count"]) for r in models} == {
        ("Ứng dụng công nghệ cao", 3, 2), ("Chuỗi giá trị", 1, 1),
    }  # fmt: skip
    pipeline = answer(release, "dissolution-pipeline")
    open_cases = [r for r in quarter.rows["BIEU_11"] if r["stage"] not in ("dissolved", "reregistered", "restored")]
    assert sum(r["case_count"] for r in pipeline) == len(open_cases)
    assert sum(r["debt_vnd"] for r in pipeline) == total(open_cases, "debt_vnd")

    needs = answer(release, "open-needs")
    assert sum(r["need_count"] for r in needs) == len({r["need_code"] for r in sent["BIEU_12"]})
    answered = sum(r["need_count"] - r["open_count"] for r in needs)
    closed = {r["need_code"] for n, r in enumerate(quarter.rows["BIEU_12"]) if n == 0 or r["answered_on"] is not None}
    assert answered == len(closed)
    services = answer(release, "public-services")
    assert len(services) == 7 and sum(r["service_count"] for r in services) == len(sent["BIEU_13"])
    assert sum(r["value_vnd"] for r in services) == total(sent["BIEU_13"], "value_vnd")
    assert sum(r["service_count"] for r in answer(release, "public-services", year="1999")) == 0
    (looked,) = answer(release, "inspections-and-complaints")
    assert looked["inspection_count"] == len({r["inspection_code"] for r in sent["BIEU_14A"]})
    assert looked["finding_count"] == total(sent["BIEU_14A"], "finding_count")
    assert looked["open_complaint_count"] == sum(r["resolved_on"] is None for r in sent["BIEU_14B"])

    plans = {(r["target_name_vi"], r["geography_name_vi"], r["horizon_year"]): r
             for r in answer(release, "plan-attainment") if r["document_symbol"] == "1/KH-MAU"}  # fmt: skip
    assert all(r["attainment_status"] != "attained" for r in plans.values()) and len(plans) == 5
    tasks = {r["task_code"]: r for r in answer(release, "overdue-tasks")}
    assert {t["task_code"] for t in quarter.rows["BIEU_09"]} == tasks.keys()
    assert sum(r["done_count"] for r in tasks.values()) == 1 + sum(
        t["task_status"] == "done" for t in quarter.rows["BIEU_09"][1:]
    )
    card = {r["period_code"]: r for r in answer(release, "province-at-a-glance", province="63-25")}
    assert (card["2022-Q2"]["trained_count"], card["2022-03"]["is_fund_below_minimum"]) == (60, True)
    assert list(card) == sorted(card, reverse=True)
    (alliance,) = [r for r in answer(release, "alliances-staff-and-charter") if r["staff_count"] is not None]
    stated = whole.rows["BIEU_15A"][0]
    assert alliance["vacant_post_count"] == total([stated], "staff_quota_count") - total([stated], "staff_count")
    (poor,) = answer(release, "funds-under-the-floor", period="2022-03")
    assert (poor["province_name"], poor["charter_shortfall_vnd"]) == ("Phú Thọ", 5 * BILLION)
    levels = {(r["period_code"], r["sender_level"]): r for r in answer(release, "reporting-by-level")}
    organisations = levels["2020", "organisation"]
    assert organisations["received_count"] == stated["organisation_reported_count"]
    assert organisations["unknown_province_count"] == 62


def test_cooperation_abroad_is_summed_by_year(longer: dict[str, Report], release: duckdb.DuckDBPyConnection) -> None:
    (shown,) = rows(release, "select * from mart_international_cooperation where province_key = '63-75'")
    events = {r["event_kind"]: r for r in longer["2020"].rows["BIEU_07B"]}
    stays = longer["2020"].rows["BIEU_07C"]
    assert (shown["year_number"], shown["partner_count"], shown["membership_count"]) == (2020, 3, 1)
    assert shown["delegation_out_person_count"] == events["delegation_out"]["person_count"]
    # One person came twice.
    assert (shown["expert_stay_count"], shown["expert_count"], shown["agreement_count"]) == (len(stays), 1, 1)
    days = sum((r["ended_on"] - r["started_on"]).days + 1 for r in stays)  # type: ignore[operator]
    assert shown["expert_day_count"] == days


def test_the_pipeline_of_dissolution_counts_cases_by_stage(
    longer: dict[str, Report], release: duckdb.DuckDBPyConnection
) -> None:
    sent = longer["2021-Q3"].rows["BIEU_11"]
    wanted = Counter((r["case_kind"], r["stage"], r["obstacle"]) for r in sent)
    shown = rows(release, "select * from mart_dissolution_pipeline")
    found = {(r["case_kind_code"], r["stage_code"], r["obstacle_code"]): r["case_count"] for r in shown}
    assert found == wanted and wanted
    assert sum(r["debt_vnd"] for r in shown) == sum(int(str(r["debt_vnd"])) for r in sent)


def test_the_scorecard_shows_all_systems_side_by_side(
    longer: dict[str, Report], release: duckdb.DuckDBPyConnection
) -> None:
    shown = {(r["province_key"], r["period_code"]): r for r in rows(release, "select * from mart_province_scorecard")}
    # The province's own target of 48 comes before the floor of 30.
    half = shown["63-75", "2022-H1"]
    assert (half["founded_attainment_pct"], half["hitech_model_count"]) == (25, 2)
    quarter = shown["63-25", "2022-Q2"]
    assert (quarter["founded_attainment_pct"], quarter["trained_count"]) == (110, 60)
    assert shown["63-25", "2022-03"]["is_fund_below_minimum"] is True
    third = shown["63-75", "2021-Q3"]
    lists = longer["2021-Q3"].rows
    done = 1 + sum(r["task_status"] == "done" for r in lists["BIEU_09"][1:])
    assert (third["task_count"], third["task_done_count"]) == (len(lists["BIEU_09"]), done)
    assert third["open_dissolution_case_count"] == len(lists["BIEU_11"])
    assert third["public_service_count"] == len(lists["BIEU_13"]) == 7
    charter = longer["2020"].rows["BIEU_15A"][0]["charter_approved_on"]
    assert third["has_approved_charter"] is (charter is not None)
    assert shown["63-25", "2022-Q2"]["has_approved_charter"] is None
    assert len({(r["province_key"], r["period_code"]) for r in shown.values()}) == len(shown)


def test_vintages_add_up_to_the_portfolio(release: duckdb.DuckDBPyConnection) -> None:
    shown = rows(
        release,
        "select p.listed_outstanding_vnd, sum(v.outstanding_vnd) vintages, sum(v.loan_count) loans, p.loan_count, "
        "max(p.largest_borrower_share_pct) largest, max(p.top_five_borrowers_share_pct) five "
        "from mart_fund_portfolio p join mart_fund_vintage v using (fund_code, period_code) "
        "where p.loan_count > 0 group by all",
    )
    assert shown
    for r in shown:
        assert (r["vintages"], r["loans"]) == (r["listed_outstanding_vnd"], r["loan_count"])
        assert 0 < r["largest"] <= r["five"] <= 100


def test_no_person_is_named_outside_the_archive(home: Home, longer: dict[str, Report]) -> None:
    personal = {
        str(row[c.name])
        for report in longer.values()
        for code, listed in report.rows.items()
        for c in load_forms()[code].columns
        if c.personal
        for row in listed
        if row[c.name] is not None
    }
    assert len(personal) > 5
    looked = 0
    for path in (home.layout.raw, home.release.path / "parquet"):
        for file in path.rglob("*.parquet"):
            for column in pq.read_table(file).to_pydict().values():
                texts = {v for v in column if isinstance(v, str)}
                looked += len(texts)
                assert not [p for p in personal for t in texts if p in t], file.name
    assert looked > 1000
