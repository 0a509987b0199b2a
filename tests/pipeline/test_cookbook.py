"""What the cookbook and the semantic layer answer on reports whose truth is known: it is summed here, in Python.

A small country with the irregularities of a real one: a province that does not report, one that is late, a revision, a
held revision, a fund under the floor, an organisation that is dissolved early. Recipes of longer forms, of both maps,
and of news are tested where their data are: test_longer_forms, test_two_maps, test_country.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from ingestion.samples.country import LEAVES, Report, Row
from ingestion.samples.workbooks import Edit, Submission, workbook_bytes
from tests.builds import Arrival, arrive
from tests.cookbook import answer
from tests.pipeline.harness import Home, succeeded
from tests.semantic import SemanticLayer
from tests.workbooks import country
from warehouse.connections import connect_release
from warehouse.recipes import cook, recipes

MONTH = "2021-11"
IN_TIME, LATE, AFTER = datetime(2021, 12, 3, 2), datetime(2021, 12, 9, 2), datetime(2021, 12, 20, 2)
SILENT, REVISED, HELD, LATECOMER = "01", "25", "48", "75"
POOR_FUND = 15 * 10**9
YOUNG = 4


def _revised(report: Report) -> tuple[Edit, ...]:
    """Two more cooperatives founded, consistently; and an organisation that was founded in 2020 and has ended."""
    rows = report.rows["BIEU_01"]
    more = [
        Edit("set", "BIEU_01", column, row, int(str(rows[row][column])) + 2)
        for row in (0, 1)
        for column in ("founded_count", "closing_count", "operating_count")
    ]
    ended = {
        "founded_on": date(2020, 6, 1), "status": "dissolved", "event_kind": "dissolved",
        "event_on": date(2021, 11, 9), "decision_number": "9/QĐ",
    }  # fmt: skip
    return (*more, *(Edit("set", "BIEU_02", column, YOUNG, value) for column, value in ended.items()))


def _poor(report: Report) -> tuple[Edit, ...]:
    return (Edit("set", "BIEU_04A", "charter_registered_vnd", 0, POOR_FUND),) if report.period.code == MONTH else ()


def _broken(report: Report) -> tuple[Edit, ...]:
    return (Edit("set", "BIEU_01", "closing_count", 1, int(str(report.rows["BIEU_01"][1]["closing_count"])) + 7),)


def _sent() -> Iterator[tuple[Report, int, datetime, tuple[Edit, ...]]]:
    for place in country().places:
        for report in country().reports(place.code):
            if (place.code, report.period.code) == (SILENT, MONTH):
                continue
            october = report.period.code != MONTH
            received = datetime(2021, 11, 3, 2) if october else LATE if place.code == LATECOMER else IN_TIME
            yield report, 1, received, _poor(report) if place.code == LATECOMER else ()
            if not october and place.code == REVISED:
                yield report, 2, AFTER, _revised(report)
            if not october and place.code == HELD:
                yield report, 2, AFTER, _broken(report)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("cookbook")
    home = Home(root / "home", root / "inbox", "")
    arrivals = []
    for report, revision, received, edits in _sent():
        name = f"{report.place.code}-{report.period.code}-{revision}.xlsx"
        submission = Submission(report.place.code, report.period.code, revision, name, received, edits)
        arrivals.append(Arrival(name, workbook_bytes(country(), report, submission), received))
    arrive(home.inbox, arrivals)
    succeeded(home.htx("run", "--inbox", str(home.inbox)))
    return home


@pytest.fixture(scope="module")
def release(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect_release(home.layout)
    yield connection
    connection.close()


# --- the truth ---------------------------------------------------------------------------------------------------


def truth(form: str, month: str = MONTH) -> list[tuple[str, Row]]:
    """The rows of a form that count today, each with the code of its province."""
    counting: dict[str, list[Row]] = {}
    for report, _, _, edits in _sent():
        if report.period.code == month and edits != _broken(report):
            rows = [dict(row) for row in report.rows[form]]
            for edit in edits:
                if edit.form == form:
                    rows[edit.row][edit.column] = edit.value  # type: ignore[assignment]
            counting[report.place.code] = rows
    return [(code, row) for code, rows in counting.items() for row in rows]


def figure(measure: str, month: str = MONTH, *, org_type: str = "HTX", sector: str = "total", of: str = "") -> int:
    return sum(
        int(str(row[measure]))
        for code, row in truth("BIEU_01", month)
        if row["org_type"] == org_type and row["sector"] == sector and of in ("", code)
    )


def name(code: str) -> str:
    return country().place(code).name


def by(rows: list[dict[str, Any]], *keys: str) -> dict[Any, dict[str, Any]]:
    found = {tuple(r[k] for k in keys) if len(keys) > 1 else r[keys[0]]: r for r in rows}
    assert len(found) == len(rows), f"{keys} is not the grain"
    return found


Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(release: duckdb.DuckDBPyConnection) -> Ask:
    return lambda recipe, **values: answer(release, recipe, **values)


# --- the answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", recipes(), ids=lambda r: r.name)
def test_every_question_is_answered_as_it_stands(release: duckdb.DuckDBPyConnection, recipe: Any) -> None:
    """No variable is set: each has a default; the rows of the answer have a fixed order."""
    once, again = answer(release, recipe.name), answer(release, recipe.name)
    assert once == again
    shown = {k for row in once for k in row}
    assert not {"member_name", "borrower_name"} & shown


def test_founded_and_dissolved(ask: Ask) -> None:
    shown = by(ask("founded-and-dissolved", period=MONTH), "org_type_name_vi")
    for org_type, label in (("HTX", "Hợp tác xã"), ("THT", "Tổ hợp tác"), ("LHHTX", "Liên hiệp hợp tác xã")):
        row = shown[label]
        assert row["founded_count"] == figure("founded_count", org_type=org_type)
        assert row["dissolved_count"] == figure("dissolved_count", org_type=org_type)
        assert row["closing_count"] == figure("closing_count", org_type=org_type)
        assert row["net_count"] == row["founded_count"] - row["dissolved_count"]
        assert (row["provinces_reported_count"], row["provinces_expected_count"]) == (3, 63)
        assert row["is_complete"] is False


def test_founded_by_region(ask: Ask) -> None:
    """On the map of today: Phú Thọ lies in the north, Đà Nẵng on the central coast, Đồng Nai in the south east."""
    regions = {
        "Trung du và miền núi phía Bắc": "25", "Duyên hải Nam Trung Bộ và Tây Nguyên": "48", "Đông Nam Bộ": "75",
    }  # fmt: skip
    shown = by(ask("founded-by-region-against-last-year", period=MONTH), "region_name_vi")
    assert len(shown) == 6
    for region, row in shown.items():
        of = regions.get(region)
        assert row["founded_count"] == (figure("founded_count", of=of) if of else None), region
        assert (row["founded_year_before_count"], row["provinces_reported_year_before_count"]) == (None, 0)
    eight = ask("founded-by-region-against-last-year", period=MONTH, scheme="eight_traditional")
    assert sum(r["founded_count"] or 0 for r in eight) == figure("founded_count") and len(eight) == 8


def test_who_has_not_reported_and_who_is_late(ask: Ask) -> None:
    missing = by(ask("not-reported", period=MONTH), "province_name")
    assert len(missing) == 60 and name(SILENT) in missing
    assert not {name(code) for code in (REVISED, HELD, LATECOMER)} & missing.keys()
    assert missing[name(SILENT)]["days_overdue_count"] == (date(2021, 12, 20) - date(2021, 12, 5)).days
    shown = by(ask("late-provinces", period=MONTH), "province_name")
    counted = ("due_count", "on_time_count", "late_count", "missing_count")
    assert [shown[name(LATECOMER)][c] for c in counted] == [2, 1, 1, 0]
    assert [shown[name(SILENT)][c] for c in counted] == [2, 1, 0, 1]
    assert [shown[name(HELD)][c] for c in counted] == [2, 2, 0, 0]
    assert shown[name(LATECOMER)]["longest_delay_days_count"] == 4


def test_what_was_known(ask: Ask) -> None:
    now = figure("closing_count", of=REVISED)
    shown = by(ask("stock-as-known-on-a-date", period=MONTH, moment="2021-12-10 00:00"), "province_name")
    assert (shown[name(REVISED)]["closing_then_count"], shown[name(REVISED)]["closing_now_count"]) == (now - 2, now)
    assert shown[name(HELD)]["change_count"] == 0 and name(SILENT) not in shown
    before = by(ask("stock-as-known-on-a-date", period=MONTH, moment="2021-12-04 00:00"), "province_name")
    assert before[name(LATECOMER)]["closing_then_count"] is None
    assert before[name(LATECOMER)]["closing_now_count"] == figure("closing_count", of=LATECOMER)
    # By default what was known when the day of the deadline was over, in Vietnam.
    assert ask("stock-as-known-on-a-date", period=MONTH)[0]["known_at"] == datetime(2021, 12, 5, 17)

    revisions = ask("revisions-of-a-figure", period=MONTH)
    assert [(r["province_name"], r["revision"], r["is_current"]) for r in revisions] == [
        (name(REVISED), 1, False), (name(REVISED), 2, True),
    ]  # fmt: skip
    assert revisions[1]["founded_count"] - revisions[0]["founded_count"] == 2
    assert revisions[0]["recorded_to"] == revisions[1]["recorded_from"] == AFTER

    vintages = ask("vintages-of-a-national-figure", period=MONTH)
    assert [(r["vintage_on"], r["provinces_reported_count"]) for r in vintages] == [
        (date(2021, 12, 3), 2), (date(2021, 12, 9), 3), (date(2021, 12, 20), 3),
    ]  # fmt: skip
    assert vintages[-1]["indicator_value"] == figure("founded_count") and vintages[-1]["is_latest"]
    assert vintages[-1]["change_value"] == 2


def test_stock_by_sector_and_what_operates(ask: Ask) -> None:
    shown = ask("stock-by-sector", period=MONTH)
    stock = {leaf: figure("closing_count", sector=leaf) for leaf in LEAVES}
    assert sorted((r["closing_count"] for r in shown), reverse=True) == sorted(stock.values(), reverse=True)
    assert sum(r["closing_count"] for r in shown) == figure("closing_count")
    assert abs(sum(r["share_pct"] for r in shown) - 100) < 0.1
    for row in ask("operating-share", period=MONTH):
        code = next(c for c in (REVISED, HELD, LATECOMER) if name(c) == row["province_name"])
        operating, closing = figure("operating_count", of=code), figure("closing_count", of=code)
        assert (row["operating_count"], row["closing_count"]) == (operating, closing)
        assert row["operating_pct"] == round(100 * operating / closing, 2)


def _registered() -> dict[str, tuple[str, Row]]:
    """The last row of every organisation, by its code."""
    return {str(row["org_code"]): (code, row) for m in ("2021-10", MONTH) for code, row in truth("BIEU_02", m)}


def test_lives_of_organisations(ask: Ask) -> None:
    ended = {
        org: row
        for org, (_, row) in _registered().items()
        if row["status"] == "dissolved" and row["org_type"] == "HTX" and row["founded_on"] is not None
    }
    for years in (2, 50):
        shown = by(ask("dissolved-within-two-years", years=str(years)), "org_code")
        assert set(shown) == {
            org for org, row in ended.items()
            if row["event_on"] < row["founded_on"].replace(year=row["founded_on"].year + years)  # type: ignore[union-attr, operator]
        }  # fmt: skip
    assert len(shown) > len(by(ask("dissolved-within-two-years"), "org_code")) >= 1

    founded: dict[int, list[str]] = defaultdict(list)
    for _, row in _registered().values():
        if row["org_type"] == "HTX" and isinstance(row["founded_on"], date):
            founded[row["founded_on"].year].append(str(row["status"]))
    survived = by(ask("survival-by-founding-year"), "founded_year")
    assert survived.keys() == founded.keys()
    for year, statuses in founded.items():
        counted = Counter(statuses)
        assert survived[year]["founded_count"] == len(statuses)
        assert survived[year]["operating_count"] == counted["operating"]
        assert survived[year]["dissolved_count"] == counted["dissolved"]
        ended = counted["dissolved"] + counted["converted"] + counted["revoked"]
        assert survived[year]["existing_count"] == len(statuses) - ended

    on_a_day = ask("status-on-a-day", day="2021-11-30")
    operating = sum(r["organisation_count"] for r in on_a_day if r["status_name_vi"] == "Đang hoạt động")
    assert operating == sum(row["status"] == "operating" for _, row in _registered().values())
    early = ask("status-on-a-day", day="2021-11-30", moment="2021-12-10")
    assert sum(r["organisation_count"] for r in early if r["status_name_vi"] == "Đang hoạt động") == operating + 1

    org = truth("BIEU_02")[YOUNG][1]["org_code"]
    history = ask("history-of-an-organisation", org=str(org))
    assert {r["status_code"] for r in history} >= {"dissolved"} and {r["org_code"] for r in history} == {org}
    events = by(ask("events-of-a-month", period=MONTH), "event_name_vi", "org_type_code")
    happened = Counter(
        (str(row["event_kind"]), str(row["org_type"])) for _, row in _registered().values() if row["event_kind"]
        and isinstance(row["event_on"], date) and row["event_on"].strftime("%Y-%m") == MONTH
    )  # fmt: skip
    assert sum(r["event_count"] for r in events.values()) == happened.total()
    assert events["Giải thể", "HTX"]["event_count"] == happened["dissolved", "HTX"] >= 1


def test_members(ask: Ask) -> None:
    persons = {
        str(row["member_id"]): row
        for month in ("2021-10", MONTH)
        for _, row in truth("BIEU_03", month)
        if row["member_kind"] == "individual"
    }
    shown = ask("members-by-sex-and-age", day="2021-11-30")
    assert sum(r["member_count"] for r in shown) == len(persons) > 5
    young = sum(isinstance(r["birth_year"], int) and 2021 - r["birth_year"] < 30 for r in persons.values())
    assert sum(r["member_count"] for r in shown if r["age_group"] == "dưới 30") == young
    women = sum(r["sex"] == "female" for r in persons.values())
    assert sum(r["member_count"] for r in shown if r["sex_name_vi"] == "Nữ") == women
    everybody = Counter(
        str(row["member_id"]) for month in ("2021-10", MONTH) for _, row in truth("BIEU_03", month)
        if row["left_on"] is None
    )  # fmt: skip
    assert sum(r["member_count"] for r in ask("members-of-several")) == len(everybody)


def test_the_public_part_answers_every_question_that_is_not_internal(home: Home) -> None:
    with connect_release(home.layout, public=True) as public:
        for recipe in recipes():
            if recipe.internal is None:
                cook(public, recipe)
            else:
                with pytest.raises(duckdb.CatalogException):
                    cook(public, recipe)
    refused = home.htx("cookbook", "members-of-several", "--release", "public")
    assert refused.returncode == 2 and "It needs a row per member" in refused.stderr


def test_members_in_the_public_part(home: Home, ask: Ask) -> None:
    """Every count is the true one or blank, none is small, and no sum has a single blank cell."""
    keys = ("member_kind_code", "age_group_code", "sex_code")
    for province in (None, *sorted({f"63-{place.code}" for place in country().places})):
        settings = {"province": province} if province else {}
        true = by(ask("members-in-public", **settings), *keys)
        with connect_release(home.layout, public=True) as public:
            shown = by(answer(public, "members-in-public", **settings), *keys)
        assert shown.keys() == true.keys()
        counts = {key: row["member_count"] for key, row in shown.items()}
        assert all(count is None or count == true[key]["member_count"] >= 5 for key, count in counts.items())
        assert all(shown[key]["capital_contributed_vnd"] is None for key, count in counts.items() if count is None)
        for axis in (1, 2):
            rest = lambda key, axis=axis: (*key[:axis], *key[axis + 1 :])  # noqa: E731
            for whole in (key for key in counts if key[axis] == "total" and counts[key] is not None):
                assert [counts[key] for key in counts if rest(key) == rest(whole)].count(None) != 1
    audit = json.loads((home.layout.public / "audit.json").read_text(encoding="utf-8"))
    assert audit["disclosure"]["k_reached"] == 5


def test_funds(ask: Ask) -> None:
    funds = [row for _, row in truth("BIEU_04A")]
    money = lambda rows, column: sum(int(str(r[column])) for r in rows)  # noqa: E731
    nation, *each = ask("funds-overview", period=MONTH)
    assert (nation["fund_count"], len(each), nation["fund_name"]) == (len(funds), len(funds), "Cả nước")
    bad = sum(money(funds, f"debt_group_{n}_vnd") for n in (3, 4, 5))
    assert (nation["outstanding_vnd"], nation["bad_debt_vnd"]) == (money(funds, "outstanding_vnd"), bad)
    assert float(nation["bad_debt_ratio_pct"]) == round(100 * bad / money(funds, "outstanding_vnd"), 2)
    (poor,) = ask("funds-under-the-floor", period=MONTH)
    assert (poor["province_name"], poor["charter_registered_vnd"]) == (name(LATECOMER), POOR_FUND)
    assert poor["charter_shortfall_vnd"] == 20 * 10**9 - POOR_FUND

    loans = [row for _, row in truth("BIEU_04B")]
    shown = by(ask("loan-concentration", period=MONTH), "province_name")
    for code in (REVISED, LATECOMER):
        owed: Counter[str] = Counter()
        for there, row in truth("BIEU_04B"):
            if there == code:
                owed[str(row["borrower_code"])] += int(str(row["outstanding_vnd"]))
        row = shown[name(code)]
        largest = owed.most_common(1)[0][1]
        assert (row["borrower_count"], row["largest_borrower_vnd"]) == (len(owed), largest)
        assert float(row["largest_borrower_pct"]) == pytest.approx(100 * largest / owed.total(), abs=0.006)
    vintages = by(ask("bad-debt-by-vintage", period=MONTH), "signed_year")
    for year, row in vintages.items():
        signed = [r for r in loans if isinstance(r["signed_on"], date) and r["signed_on"].year == year]
        assert (row["loan_count"], row["outstanding_vnd"]) == (len(signed), money(signed, "outstanding_vnd"))
        bad_ones = [r for r in signed if int(str(r["debt_group"])) >= 3]
        assert row["bad_debt_vnd"] == money(bad_ones, "outstanding_vnd")
    assert sum(r["loan_count"] for r in vintages.values()) == len(loans)
    due = {r["loan_code"] for r in ask("loans-due-soon", period=MONTH, months="3")}
    assert due == {
        r["loan_code"] for r in loans if int(str(r["outstanding_vnd"])) > 0
        and (int(str(r["overdue_vnd"])) > 0 or r["due_on"] <= date(2022, 2, 28))  # type: ignore[operator]
    }  # fmt: skip


def test_fairs(ask: Ask) -> None:
    fairs = [row for month in ("2021-10", MONTH) for _, row in truth("BIEU_05A", month)]
    shown = ask("fairs-by-contracts-per-booth")
    ranked = sorted((Decimal(str(f["contract_count"])) / int(str(f["booth_count"])) for f in fairs), reverse=True)
    assert [r["contracts_per_booth"] for r in shown] == [round(ratio, 3) for ratio in ranked] and ranked
    assert ask("fairs-stated-against-listed") == []
    taking_part = Counter(str(r["org_code"]) for m in ("2021-10", MONTH) for _, r in truth("BIEU_05B", m))
    signed = Counter(str(r["org_code"]) for m in ("2021-10", MONTH) for _, r in truth("BIEU_05C", m))
    sellers = by(ask("who-sells-at-fairs"), "org_code")
    assert len(sellers) == min(50, len(taking_part))
    assert all(r["contract_count"] == signed[org] for org, r in sellers.items())


def test_evidence_and_what_was_not_taken(ask: Ask) -> None:
    rows = ask("evidence-of-a-figure", period=MONTH, province=f"63-{REVISED}")
    assert len(rows) == 3 * len(LEAVES) and {r["file_name"] for r in rows} == {f"{REVISED}-{MONTH}-2.xlsx"}
    assert sum(r["founded_count"] for r in rows if r["org_type_code"] == "HTX") == figure("founded_count", of=REVISED)
    (held,) = ask("held-and-rejected-files")
    assert (held["file_name"], held["outcome"]) == (f"{HELD}-{MONTH}-2.xlsx", "held")
    assert "stock_identity" in held["held_rule_ids"]
    assert ask("corrections-in-force") == [] and ask("common-mistakes") == []
    levels = {(r["period_code"], r["sender_level"]): r for r in ask("reporting-by-level", period_type="month")}
    month = levels[MONTH, "province"]
    assert (month["expected_count"], month["received_count"], month["in_time_count"]) == (63, 3, 2)


def test_anomalies(ask: Ask, release: duckdb.DuckDBPyConnection) -> None:
    listed = release.execute(
        "select province_key, rule_id, is_group_head from fct_anomaly where anomaly_status in ('open', 'reopened')"
    ).fetchall()
    shown = ask("open-anomalies")
    assert sum(r["anomaly_count"] for r in shown) == len(listed) > 2
    assert sum(r["finding_count"] for r in shown) == sum(head for _, _, head in listed)
    assert len(shown) == len({(province, rule) for province, rule, _ in listed})
    assert {r["province_name"] for r in shown if r["rule_id"] == "stock_identity.closing"} == {name(HELD)}


# --- the semantic layer --------------------------------------------------------------------------------------------


def test_metrics_give_what_was_sent(home: Home, release: duckdb.DuckDBPyConnection) -> None:
    """Each metric by its own definition, for November and over both months: flows add up, stocks do not."""
    layer = SemanticLayer(home.layout.build / "dbt" / "manifest.json")
    both = ("2021-10", MONTH)

    def money(form: str, *columns: str, months: tuple[str, ...] = (MONTH,)) -> int:
        return sum(int(str(row[c])) for m in months for _, row in truth(form, m) for c in columns)

    def shown(metric: str, where: str = "period_ends_on = '2021-11-30'") -> Any:
        return layer.value(release, metric, where)

    november = {
        "cooperatives_founded": figure("founded_count"), "cooperatives_dissolved": figure("dissolved_count"),
        "cooperatives_net": figure("founded_count") - figure("dissolved_count"),
        "cooperatives": figure("closing_count"), "cooperatives_operating": figure("operating_count"),
        "cooperative_members": figure("member_count"), "cooperative_workers": figure("worker_count"),
        "operating_share": Decimal(figure("operating_count")) / figure("closing_count"),
        "funds": len(truth("BIEU_04A")), "fund_charter_capital": money("BIEU_04A", "charter_registered_vnd"),
        "loans_disbursed": money("BIEU_04A", "disbursed_vnd"), "loans_repaid": money("BIEU_04A", "repaid_vnd"),
        "loans_outstanding": money("BIEU_04A", "outstanding_vnd"), "loans_overdue": money("BIEU_04B", "overdue_vnd"),
        "loans_bad": money("BIEU_04A", *(f"debt_group_{n}_vnd" for n in (3, 4, 5))),
        "trade_fairs": len(truth("BIEU_05A")), "fair_booths": money("BIEU_05A", "booth_count"),
        "contracts_signed": money("BIEU_05A", "contract_count"),
        "contracts_value": money("BIEU_05A", "contract_value_vnd"),
    }  # fmt: skip
    november["bad_debt_ratio"] = Decimal(november["loans_bad"]) / november["loans_outstanding"]
    november["contracts_per_booth"] = Decimal(november["contracts_signed"]) / november["fair_booths"]
    for metric, expected in november.items():
        assert shown(metric) == pytest.approx(expected), metric
        assert isinstance(layer.metrics[metric]["description"], str) and " / " in layer.metrics[metric]["description"]
    everything = "true"
    assert shown("cooperatives_founded", everything) == sum(figure("founded_count", m) for m in both)
    assert shown("loans_disbursed", everything) == money("BIEU_04A", "disbursed_vnd", months=both)
    assert shown("cooperatives", everything) == figure("closing_count"), "a stock was added over months"
    assert shown("loans_outstanding", everything) == november["loans_outstanding"]

    due = "period_code = '2021-11'"
    assert [shown(m, due) for m in ("reports_due", "reports_received", "reports_in_time")] == [63, 3, 2]
    assert shown("reporting_rate", due) == Decimal(3) / 63 and shown("in_time_rate", due) == Decimal(2) / 63
    findings = sum(r["finding_count"] for r in answer(release, "open-anomalies"))
    assert shown("findings_open", everything) == findings
    (measured, attained), *_ = release.execute(
        "select count(*) filter (attainment_status <> 'not_comparable'), "
        "count(*) filter (attainment_status = 'attained') "
        "from mart_plan_attainment where is_latest"
    ).fetchall()
    assert (shown("targets_measured", everything), shown("targets_attained", everything)) == (measured, attained)
    assert shown("attainment_rate", everything) == pytest.approx(Decimal(attained) / measured)
    # No trainees: no rows, no figure.
    assert shown("persons_trained", everything) is None and shown("women_trained", everything) is None
    covered = {*november, "reports_due", "reports_received", "reports_in_time", "reporting_rate", "in_time_rate",
               "findings_open", "targets_measured", "targets_attained", "attainment_rate", "persons_trained",
               "women_trained"}  # fmt: skip
    assert covered == layer.metrics.keys()
