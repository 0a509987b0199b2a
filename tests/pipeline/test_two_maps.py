"""63 provinces until 30 June 2025, 34 since: real reports of both maps, whose codes and names overlap, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from ingestion.samples.country import Place, Report
from ingestion.samples.workbooks import Submission, workbook_bytes
from ingestion.vietnamese.periods import Period
from tests.builds import Arrival, Builds, opened, take_in
from tests.cookbook import answer
from tests.workbooks import RECEIVED, changed, country, says

#: Code, name as the sender writes it, period, and whose figures it reports.
REPORTS = (
    # Three provinces that became Phú Thọ, month and half-year before the merger; one whole year and the months after.
    ("25", "Phú Thọ", "2025-06", 0), ("26", "Vĩnh Phúc", "2025-06", 1), ("17", "Hòa Bình", "2025-06", 2),
    ("25", "Phú Thọ", "2025-H1", 0), ("26", "Vĩnh Phúc", "2025-H1", 1), ("17", "Hòa Bình", "2025-H1", 2),
    ("25", "Phú Thọ", "2025-07", 3), ("25", "Phú Thọ", "2025-H2", 3), ("25", "Phú Thọ", "2025", 3),
    # Codes 91 and 24 mean another province after the merger; the names An Giang and Bắc Ninh another area.
    ("91", "Kiên Giang", "2025-06", 0), ("89", "An Giang", "2025-06", 1), ("91", "An Giang", "2025-07", 2),
    ("24", "Bắc Giang", "2025-06", 2), ("24", "Bắc Ninh", "2025-07", 0),
    ("46", "Thừa Thiên Huế", "2024-12", 1), ("46", "Huế", "2025-03", 1),
    # What cannot be: a code of the old map in a period of the new one, a name of the one map with a code of the other.
    ("89", "An Giang", "2025-07", 1), ("91", "Kiên Giang", "2025-07", 0), ("24", "Bắc Ninh", "2025-06", 0),
)  # fmt: skip
WORDS = {"2025-H1": "6 tháng đầu năm 2025", "2025-H2": "6 tháng cuối năm 2025", "2025": "Năm 2025"}
MEASURES = ("opening_count", "founded_count", "dissolved_count", "closing_count", "operating_count")
#: When a report of the sample comes in; that of Hòa Bình for June is late.
IN_TIME, LATE = datetime(2025, 7, 4, 3), datetime(2025, 8, 20, 3)


def _figures(number: int) -> Report:
    """Four different sets of figures."""
    reports = [report for place in country().places for report in country().reports(place.code)]
    return reports[number * 2 + 1]


def _workbook(code: str, name: str, period: str, figures: int) -> bytes:
    place = Place(code, name, "Tỉnh", "", (name,))
    month = Period(period if period not in WORDS else "2025-06")
    report = replace(_figures(figures), place=place, period=month)
    data = workbook_bytes(country(), report, Submission(code, month.code, 1, "x.xlsx", RECEIVED))
    return changed(data, lambda book: says(book, "period", WORDS[period])) if period in WORDS else data


def _total(figures: int, measure: str) -> int:
    return _figures(figures).count("HTX", "total", measure)


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("maps")
    arrivals = [
        Arrival(
            f"{number:02d}-{report[0]}-{report[2]}.xlsx",
            _workbook(*report),
            LATE if report[:3] == ("17", "Hòa Bình", "2025-06") else IN_TIME,
        )
        for number, report in enumerate(REPORTS)
    ]
    take_in(root / "home", arrivals)
    with opened(Builds(root / "dbt").build(root / "home", with_tests=True)) as connection:
        yield connection


def _sums(con: duckdb.DuckDBPyConnection, source: str, where: str) -> tuple[int, ...] | None:
    summed = ", ".join(f"sum({m})::bigint" for m in MEASURES)
    row = con.execute(f"select {summed} from {source} where org_type_code = 'HTX' and {where}").fetchone()
    return None if row is None or row[0] is None else row


def _expected(*figures: int) -> tuple[int, ...]:
    return tuple(sum(_total(number, measure) for number in figures) for measure in MEASURES)


def test_codes_and_names_of_the_two_maps_never_mix(con: duckdb.DuckDBPyConnection) -> None:
    keys = con.execute(
        "select distinct province_key, period_code from fct_organisation_count where period_code in "
        "('2025-06', '2025-07') order by all"
    ).fetchall()
    june = {(f"63-{code}", "2025-06") for code in ("17", "24", "25", "26", "89", "91")}
    assert set(keys) == june | {(f"34-{code}", "2025-07") for code in ("24", "25", "91")}
    fact = "fct_organisation_count"
    assert _sums(con, fact, "province_key = '63-91'") == _expected(0)
    assert _sums(con, fact, "province_key = '34-91'") == _expected(2)
    assert _sums(con, fact, "province_key = '34-24'") == _expected(0)
    refused = con.execute("select file_name from fct_submission where outcome = 'rejected' order by 1").fetchall()
    assert [name for (name,) in refused] == ["16-89-2025-07.xlsx", "17-91-2025-07.xlsx", "18-24-2025-06.xlsx"]


@pytest.mark.parametrize(
    ("province", "period", "figures", "complete"),
    [
        ("34-25", "2025-06", (0, 1, 2), True),
        ("34-25", "2025-H1", (0, 1, 2), True),
        ("34-25", "2025-07", (3,), True),
        ("34-25", "2025-H2", (3,), True),
        ("34-25", "2025", (3,), True),
        ("34-91", "2025-06", (0, 1), True),
        ("34-91", "2025-07", (2,), True),
        ("34-24", "2025-06", (2,), False),  # Bắc Ninh's own June is missing
    ],
)
def test_any_period_is_restated_to_the_map_of_34(
    con: duckdb.DuckDBPyConnection, province: str, period: str, figures: tuple[int, ...], complete: bool
) -> None:
    where = f"province_key = '{province}' and period_code = '{period}'"
    for source in ("organisation_count_restated('2025')", "mart_organisation_count_restated"):
        assert _sums(con, source, where) == _expected(*figures)
        labels = con.execute(f"select distinct basis, is_complete from {source} where {where}").fetchall()
        assert labels == [("restated_34", complete)]


def test_what_was_known_is_restated_to_the_map_of_34(con: duckdb.DuckDBPyConnection) -> None:
    """Hòa Bình's June came in on 20 August."""
    where = "province_key = '34-25' and period_code = '2025-06'"
    before = "organisation_count_restated('34', '2025-08-01')"
    assert _sums(con, before, where) == _expected(0, 1)
    assert con.execute(f"select distinct is_complete from {before} where {where}").fetchall() == [(False,)]
    assert _sums(con, "organisation_count_restated('34', '2025-08-21')", where) == _expected(0, 1, 2)


def test_the_map_of_63_is_as_reported_and_ends(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute("select distinct basis, left(province_key, 3) from organisation_count_restated('63')").fetchall()
    assert rows == [("as_reported", "63-")]
    assert _sums(con, "organisation_count_restated('63')", "province_key = '63-25' and period_code = '2025-06'") == (
        _expected(0)
    )


def test_months_across_the_merger_are_added_up(con: duckdb.DuckDBPyConnection) -> None:
    """Flows of June and July; the stock of before June and of after July."""
    row = con.execute(
        "select sum(opening_count), sum(founded_count), sum(closing_count), bool_and(is_complete), min(basis) from "
        "organisation_count_between('34', '2025-06-01', '2025-07-31') "
        "where province_key = '34-25' and org_type_code = 'HTX'"
    ).fetchone()
    founded = sum(_total(number, "founded_count") for number in (0, 1, 2, 3))
    opening = sum(_total(number, "opening_count") for number in (0, 1, 2))
    assert row == (opening, founded, _total(3, "closing_count"), True, "restated_34")
    known = con.execute(
        "select sum(opening_count), bool_or(is_complete) from "
        "organisation_count_between('34', '2025-06-01', '2025-07-31', '2025-08-01') "
        "where province_key = '34-25' and org_type_code = 'HTX'"
    ).fetchone()
    assert known == (sum(_total(number, "opening_count") for number in (0, 1)), False)
    short = con.execute(
        "select distinct is_complete from organisation_count_between('34', '2025-05-01', '2025-07-31')"
    ).fetchall()
    assert short == [(False,)]


def test_july_opens_with_what_the_former_provinces_closed_with(con: duckdb.DuckDBPyConnection) -> None:
    compared = dict(
        con.execute(
            "select period_code, sum(expected)::bigint from reconciliation.rec_residual where rule_id = "
            "'stock_continuity.opening' and province_key = '34-25' and is_comparable "
            "and contains(grain, 'org_type=HTX|') group by 1"
        ).fetchall()
    )
    june = sum(_total(number, "closing_count") for number in (0, 1, 2))
    assert compared == {"2025-07": june, "2025-H2": june}
    reasons = con.execute(
        "select distinct not_comparable_reason from reconciliation.rec_residual where rule_id = "
        "'stock_continuity.opening' and province_key = '34-24'"
    ).fetchall()
    assert reasons == [("Mới có 1/2 tỉnh hợp thành có Biểu 01 được chấp nhận của kỳ trước (tháng 6/2025).",)]


def test_regions_are_those_of_the_map(con: duckdb.DuckDBPyConnection) -> None:
    """Phú Thọ was merged from Đông Bắc, Đồng bằng sông Hồng and Tây Bắc: it continues no old region."""
    named = "organisation_count_by_region('{}') as r inner join dim_region using (region_key)"
    where = "period_code = '{}' and region_name_vi = '{}'"

    def shown(scheme: str, period: str, region: str) -> tuple[int, ...] | None:
        return _sums(con, named.format(scheme), where.format(period, region))

    assert shown("eight_traditional", "2025-H1", "Đông Bắc") == _expected(0)
    assert shown("eight_traditional", "2025-H1", "Đồng bằng sông Hồng") == _expected(1)
    assert shown("eight_traditional", "2025-H1", "Tây Bắc") == _expected(2)
    assert shown("six_2006", "2025-H1", "Trung du và miền núi phía Bắc") == _expected(0, 2)
    assert shown("six_2025", "2025-H1", "Trung du và miền núi phía Bắc") == _expected(0, 1, 2)
    assert shown("six_2025", "2025-H2", "Trung du và miền núi phía Bắc") == _expected(3)
    after = "select count(*) from organisation_count_by_region('{}') where period_code in ('2025-07', '2025-H2')"
    for scheme in ("eight_traditional", "six_2006"):
        assert con.execute(after.format(scheme)).fetchone() == (0,)
    bases = con.execute(
        "select distinct basis from organisation_count_by_region('six_2025') union all "
        "select distinct basis from organisation_count_by_region('six_2006')"
    ).fetchall()
    assert bases == [("restated_34",), ("as_reported",)]


def test_ratios_are_made_from_their_parts_and_nothing_is_averaged(con: duckdb.DuckDBPyConnection) -> None:
    rows = con.execute(
        "select province_key, debt_group_3_vnd + debt_group_4_vnd + debt_group_5_vnd, outstanding_vnd from "
        "fct_fund_position where is_current and period_code = '2025-06' and province_key in ('63-25', '63-26', '63-17')"
    ).fetchall()
    assert len(rows) > 1, "the sample has to have several funds among the three"
    made = round(100 * sum(bad for _, bad, _ in rows) / sum(whole for _, _, whole in rows), 4)
    where = "where province_key = '34-25' and period_code = '2025-06'"
    shown = con.execute(f"select bad_debt_ratio_pct, fund_count from fund_position_restated('34') {where}").fetchone()
    assert shown is not None
    assert (round(shown[0], 4), shown[1]) == (made, len(rows))
    series = con.execute(
        f"select indicator_value, is_made_from_parts from indicator_restated('bad_debt_ratio') {where}"
    ).fetchone()
    assert series is not None
    assert (round(series[0], 4), series[1]) == (made, True)
    mean = sum(100 * bad / whole for _, bad, whole in rows) / len(rows)
    assert abs(float(mean) - float(made)) > 0.001, "the sample would not tell a mean of ratios from a ratio of sums"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("organisation_count_restated('2030')", "no such province scheme"),
        ("fund_loan_restated('six_2025')", "no such province scheme"),
        ("organisation_count_by_region('34')", "no such region scheme"),
        ("indicator_restated('stock_growth')", "not additive"),
        ("indicator_restated('charter_capital_avg')", "not additive"),
        ("indicator_restated('stok')", "no such indicator"),
        ("organisation_count_between('34', '2025-06-15', '2025-07-31')", "whole months"),
        ("organisation_count_between('63', '2025-06-01', '2025-07-31')", "ended on 30 June 2025"),
    ],
)
def test_what_cannot_be_restated_is_refused(con: duckdb.DuckDBPyConnection, question: str, said: str) -> None:
    with pytest.raises(duckdb.Error, match=said):
        con.execute(f"select * from {question}").fetchall()


def test_a_province_is_called_as_it_was_called_then(con: duckdb.DuckDBPyConnection) -> None:
    names = con.execute(
        "select period_code, province_name from mart_reporting_compliance where province_key = '63-46' order by 1"
    ).fetchall()
    assert {("2024-12", "Thừa Thiên Huế"), ("2025-03", "Huế")} <= set(names)
    counted = "select count(*), count(*) filter (province_type = 'Thành phố') from province_on(?)"
    for day, expected in {
        date(2024, 12, 31): (63, 5), date(2025, 1, 1): (63, 6), date(2025, 6, 30): (63, 6), date(2025, 7, 1): (34, 6),
        date(2026, 4, 29): (34, 6), date(2026, 4, 30): (34, 7), date(2026, 9, 30): (34, 9),
    }.items():  # fmt: skip
        assert con.execute(counted, [day]).fetchone() == expected, day
    # A join without a day meets each province once: names and types live in dim_province_version.
    assert con.execute("select count(*), count(distinct province_key) from dim_province").fetchone() == (97, 97)


def test_figures_of_other_authorities_stand_beside_and_apart(con: duckdb.DuckDBPyConnection) -> None:
    series = con.execute(
        "select authority_code, indicator_code, source_kind from mart_national_series where concept_code = 'stock' "
        "and sector_code = 'total' and org_type_code = 'HTX' group by all order by all"
    ).fetchall()
    assert series == [
        ("MPI", "stock@mpi", "published"),
        ("VCA", "stock", "provincial_reports"),
        ("VCA", "stock@vca", "published"),
        ("WHITE_BOOK", "stock@white_book", "published"),
    ]
    one_code_two_authorities = con.execute(
        "select indicator_code from mart_national_series group by 1 "
        "having count(distinct authority_code) > 1 or count(distinct source_kind) > 1"
    ).fetchall()
    assert one_code_two_authorities == []
    revised = con.execute(
        "select vintage_on, indicator_value::integer, is_latest from mart_national_series "
        "where indicator_code = 'founded@vca' and period_code = '2018-H1' and sector_code = 'total' order by 1"
    ).fetchall()
    assert revised == [(date(2018, 6, 21), 895, False), (date(2018, 8, 6), 1056, True)]


def test_a_national_sum_has_a_vintage_for_every_day_it_changed(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute(
        "select vintage_on, provinces_reported_count, indicator_value::integer, is_latest from mart_national_series "
        "where indicator_code = 'stock' and source_kind = 'provincial_reports' and period_code = '2025-06' "
        "and org_type_code = 'HTX' and sector_code = 'total' order by 1"
    ).fetchall()
    first = sum(_total(number, "closing_count") for number in (0, 1, 0, 1, 2))
    assert shown == [
        (date(2025, 7, 4), 5, first, False),
        (date(2025, 8, 20), 6, first + _total(2, "closing_count"), True),
    ]
    row = con.execute(
        "select authority_code, first_vintage_on, vintage_on, vintage_count, closing_at_due_count, closing_count from "
        "mart_national_overview where period_code = '2025-06' and org_type_code = 'HTX' and sector_group = 'total'"
    ).fetchone()
    assert row == ("VCA", date(2025, 7, 4), date(2025, 8, 20), 2, first, first + _total(2, "closing_count"))


def test_the_cookbook_tells_both_maps(con: duckdb.DuckDBPyConnection) -> None:
    """What was sent, summed here: the answers of the recipes about maps, definitions and vintages."""
    closing = {
        (r["province_name"], r["period_code"]): (r["closing_count"], r["is_complete"])
        for r in answer(con, "series-on-the-34", province="25")
    }
    assert closing == {
        ("Phú Thọ", "2025-06"): (sum(_total(n, "closing_count") for n in (0, 1, 2)), True),
        ("Phú Thọ", "2025-07"): (_total(3, "closing_count"), True),
    }
    everywhere = {(r["province_name"], r["period_code"]) for r in answer(con, "series-on-the-34")}
    assert everywhere > closing.keys() and ("An Giang", "2025-07") in everywhere
    # The workbook of Bắc Giang came, the one of Bắc Ninh's June did not.
    june = next(r for r in answer(con, "series-on-the-34", province="24") if r["period_code"] == "2025-06")
    assert (june["reporting_province_count"], june["expected_province_count"], june["is_complete"]) == (1, 2, False)

    across = answer(con, "across-the-merger", first_day="2025-06-01", last_day="2025-07-31")
    (phu_tho,) = [r for r in across if r["province_name"] == "Phú Thọ"]
    assert phu_tho["founded_count"] == sum(_total(n, "founded_count") for n in (0, 1, 2, 3))
    assert phu_tho["opening_count"] == sum(_total(n, "opening_count") for n in (0, 1, 2))
    assert (phu_tho["closing_count"], phu_tho["is_complete"]) == (_total(3, "closing_count"), True)

    halves = {r["period_code"]: r for r in answer(con, "half-year-to-half-year") if r["province_name"] == "Phú Thọ"}
    assert halves["2025-H1"]["closing_count"] == sum(_total(n, "closing_count") for n in (0, 1, 2))
    assert (halves["2025-H2"]["closing_count"], halves["2025-H2"]["expected_province_count"]) == (
        _total(3, "closing_count"),
        1,
    )

    former = answer(con, "who-became-whom")
    assert len(former) == 63 and len({r["province_code"] for r in former}) == 34
    assert {r["former_province_name"] for r in former if r["province_name"] == "Phú Thọ"} == {
        "Phú Thọ", "Vĩnh Phúc", "Hòa Bình",
    }  # fmt: skip
    assert {r["province_name"] for r in former if r["is_same_name_other_area"]} >= {"Phú Thọ", "An Giang", "Bắc Ninh"}

    by_definition = {r["indicator_code"] for r in answer(con, "by-which-definition")}
    assert by_definition == {"stock", "stock@mpi", "stock@vca", "stock@white_book"}
    compared = answer(con, "national-figure-against-provinces")
    assert compared and not any(r["is_comparable"] for r in compared), "no period was reported by every province"
    june = answer(con, "vintages-of-a-national-figure", period="2025-06", indicator="stock")
    assert [(r["vintage_on"], r["provinces_reported_count"], r["change_value"]) for r in june] == [
        (date(2025, 7, 4), 5, None), (date(2025, 8, 20), 6, _total(2, "closing_count")),
    ]  # fmt: skip


def test_every_measure_of_a_fact_is_defined(con: duckdb.DuckDBPyConnection) -> None:
    """A number without a definition does not exist: facts of submissions, their counts, amounts and rates."""
    undefined = con.execute(
        "select table_name, column_name from duckdb_columns() as c where schema_name = 'marts' and table_name in "
        "(select table_name from dim_measure) and regexp_matches(column_name, '_(count|vnd|pct)$') and not exists "
        "(select 1 from dim_measure as m where m.table_name = c.table_name and m.column_name = c.column_name)"
    ).fetchall()
    assert undefined == []
    undefined_facts = con.execute(
        "select distinct table_name from duckdb_columns() where schema_name = 'marts' and table_name like 'fct_%' and "
        "column_name = 'recorded_to' and table_name not in (select table_name from dim_measure) and table_name in "
        "(select table_name from duckdb_columns() where schema_name = 'marts' and column_name = 'row_id') and "
        "table_name in (select table_name from duckdb_columns() where schema_name = 'marts' and "
        "regexp_matches(column_name, '_(count|vnd|pct)$'))"
    ).fetchall()
    assert undefined_facts == []
