"""The synthetic country is consistent, calibrated and deterministic, and its faults stand where truth.json says."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from expectations.registry import load_rules
from ingestion.forms.definition import expected_forms, load_forms
from ingestion.samples import periodic, writer
from ingestion.samples.catalogue import INTAKE, RECIPES
from ingestion.samples.country import (
    IN_STOCK,
    LEAVES,
    ORG_TYPES,
    SECTOR_ROWS,
    Country,
    Report,
    Row,
    Settings,
    allocate,
)
from ingestion.samples.faults import clean_plan, faulty_plan
from ingestion.samples.workbooks import (
    SAMPLE_LABEL,
    Submission,
    address,
    file_name,
    style_of,
    workbook_bytes,
)
from ingestion.samples.world import Statement, World
from ingestion.samples.writer import write_sample
from ingestion.submissions.reader import read_workbook

SMALL = Settings(provinces=4, months=2, scale=0.05)
#: Large and old enough for every fault.
SIXTEEN = Settings(provinces=16, months=7, scale=0.1)
NON_AGRICULTURE = LEAVES[1:]


def all_reports(settings: Settings) -> list[list[Report]]:
    country = Country(settings)
    return [country.reports(place.code) for place in country.places]


def total(rows: Iterable[Row], column: str) -> int:
    return sum(int(str(row[column] or 0)) for row in rows)


def broken_identities(report: Report) -> list[tuple[str, str, str]]:
    """(rule, type, sector) for every arithmetic rule of BIEU_01 that does not hold."""
    broken = []
    for org_type in ORG_TYPES:
        rows = {row["sector"]: row for row in report.rows["BIEU_01"] if row["org_type"] == org_type}
        for sector, row in rows.items():
            n = {measure: int(str(row[measure])) for measure in row if measure.endswith("_count")}
            came = n["founded_count"] + n["converted_in_count"]
            went = n["dissolved_count"] + n["converted_out_count"]
            if n["opening_count"] + came - went != n["closing_count"]:
                broken.append(("identity", org_type, str(sector)))
            if n["operating_count"] + n["stopped_count"] != n["closing_count"]:
                broken.append(("status", org_type, str(sector)))
        for measure in (m for m in rows["total"] if m.endswith("_count")):
            if total((rows["agriculture"], rows["non_agriculture"]), measure) != rows["total"][measure]:
                broken.append(("total", org_type, measure))
            if total((rows[leaf] for leaf in NON_AGRICULTURE), measure) != rows["non_agriculture"][measure]:
                broken.append(("group", org_type, measure))
    return broken


@pytest.fixture(scope="module")
def nation() -> dict[str, Counter[str]]:
    sums: dict[str, Counter[str]] = {}
    for reports in all_reports(Settings()):
        for report in reports:
            for measure in ("founded_count", "dissolved_count", "operating_count"):
                for sector in ("total", "agriculture", "non_agriculture"):
                    sums.setdefault(report.period.code, Counter())[f"{measure}.{sector}"] += report.count(
                        "HTX", sector, measure
                    )
    return sums


def test_national_sums_of_november_2021_are_the_published_ones(nation: dict[str, Counter[str]]) -> None:
    november = nation["2021-11"]
    assert [november[f"founded_count.{s}"] for s in ("total", "agriculture", "non_agriculture")] == [189, 148, 41]
    assert [november[f"dissolved_count.{s}"] for s in ("total", "agriculture", "non_agriculture")] == [30, 21, 9]
    assert november["operating_count.total"] == 26_661
    assert nation["2021-10"]["operating_count.total"] == 26_502


def test_every_region_of_the_full_country_has_foundings_in_november() -> None:
    country = Country(Settings())
    founded = Counter(
        place.region
        for place in country.places
        if any(country.flows["founded", ("HTX", g), "2021-11", place.code] for g in ("agriculture", "non_agriculture"))
    )
    assert len(founded) == 8


@pytest.mark.parametrize("settings", [SMALL, Settings(9, 6, 0.05, seed=7), Settings(1, 24, 0.01, seed=3)])
def test_counts_are_consistent_within_and_between_months(settings: Settings) -> None:
    for reports in all_reports(settings):
        for report in reports:
            assert len(report.rows["BIEU_01"]) == len(ORG_TYPES) * len(SECTOR_ROWS)
            assert broken_identities(report) == []
        for before, after in pairwise(reports):
            for org_type in ORG_TYPES:
                for leaf in LEAVES:
                    closing = before.count(org_type, leaf, "closing_count")
                    assert after.count(org_type, leaf, "opening_count") == closing


def test_the_identity_check_sees_a_broken_closing() -> None:
    report = all_reports(SMALL)[0][-1]
    recipe = next(r for r in RECIPES if r.id == "closing-broken-revision")
    sent = Statement(report.place.code, "63", report.period.code, datetime(2021, 12, 1), deepcopy(report.rows))
    assert recipe.change(World([sent]), sent, "+9")
    assert {rule for rule, _, _ in broken_identities(Report(report.place, report.period, sent.rows))} == {"identity"}


@pytest.mark.parametrize("settings", [SMALL, Settings(6, 8, 0.1, seed=11)])
def test_register_members_funds_and_fairs_agree_with_what_is_stated(settings: Settings) -> None:
    for report in (report for reports in all_reports(settings) for report in reports):
        register = report.rows["BIEU_02"]
        for org_type in ("HTX", "LHHTX"):
            for leaf in LEAVES:
                own = [r for r in register if r["org_type"] == org_type and r["sector"] == leaf]
                counted = {
                    "founded_count": sum(r["event_kind"] == "founded" for r in own),
                    "dissolved_count": sum(r["event_kind"] == "dissolved" for r in own),
                    "closing_count": sum(r["status"] in IN_STOCK for r in own),
                    "operating_count": sum(r["status"] == "operating" for r in own),
                    "member_count": total(own, "member_count"),
                    "worker_count": total(own, "worker_count"),
                }
                assert counted == {measure: report.count(org_type, leaf, measure) for measure in counted}
        founded = {r["org_code"]: r["member_count"] for r in register if r["event_kind"] == "founded"}
        assert Counter(r["org_code"] for r in report.rows["BIEU_03"]) == founded
        assert len({r["member_id"] for r in report.rows["BIEU_03"]}) == len(report.rows["BIEU_03"])
        for fund in report.rows["BIEU_04A"]:
            loans = report.rows["BIEU_04B"]
            assert total(loans, "outstanding_vnd") == fund["outstanding_vnd"]
            assert sum(total([fund], f"debt_group_{n}_vnd") for n in range(1, 6)) == fund["outstanding_vnd"]
            came = total([fund], "opening_outstanding_vnd") + total([fund], "disbursed_vnd")
            went = total([fund], "repaid_vnd") + total([fund], "written_off_vnd")
            assert came - went == fund["outstanding_vnd"]
            assert min(total([fund], "charter_registered_vnd"), total([fund], "charter_paid_vnd")) >= 20 * 10**9
            for loan in loans:
                repaid = total([loan], "repaid_vnd") + total([loan], "written_off_vnd")
                assert total([loan], "disbursed_vnd") - repaid == loan["outstanding_vnd"]
                assert total([loan], "own_capital_vnd") * 5 >= total([loan], "project_cost_vnd")
        for fair in report.rows["BIEU_05A"]:
            assert len(report.rows["BIEU_05B"]) == fair["cooperative_participant_count"]
            assert total(report.rows["BIEU_05B"], "booth_count") == fair["booth_count"]
            assert len(report.rows["BIEU_05C"]) == fair["contract_count"]
            assert total(report.rows["BIEU_05C"], "value_vnd") == fair["contract_value_vnd"]


def test_a_dissolved_organisation_never_returns() -> None:
    for reports in all_reports(Settings(3, 12, 0.1)):
        gone: set[object] = set()
        for report in reports:
            codes = {r["org_code"] for r in report.rows["BIEU_02"]}
            assert not codes & gone
            gone |= {r["org_code"] for r in report.rows["BIEU_02"] if r["status"] not in IN_STOCK}


@pytest.mark.parametrize("settings", [Settings(3, 1, 0.05), Settings(2, 12, 0.05)])
def test_longer_reports_hold_what_is_asked_for_and_agree_with_the_months(settings: Settings) -> None:
    country = Country(settings)
    for place in periodic.senders(country, 2):
        monthly = country.reports(place.code)
        for report in periodic.reports(country, place, monthly):
            asked = {form.code for form in expected_forms(report.period)} - {"THONG_TIN"}
            assert report.rows.keys() == asked
            assert broken_identities(report) == []
            months = [m for m in monthly if report.period.start <= m.period.start and m.period.end <= report.period.end]
            if not months:
                continue
            for org_type in ORG_TYPES:
                for measure in ("founded_count", "dissolved_count", "converted_in_count", "converted_out_count"):
                    of_months = sum(m.count(org_type, "total", measure) for m in months)
                    assert report.count(org_type, "total", measure) == of_months
                closing = months[-1].count(org_type, "total", "closing_count")
                assert report.count(org_type, "total", "closing_count") == closing
            named = {r["org_code"] for code in ("BIEU_08", "BIEU_11", "BIEU_13") for r in report.rows.get(code, ())}
            assert named <= {r["org_code"] for r in months[-1].rows["BIEU_02"]}


def test_longer_reports_are_of_periods_that_have_ended() -> None:
    assert [p.code for p in periodic.last_ended()] == ["2020", "2021-H1", "2021-Q3"]


def test_allocation_keeps_the_total() -> None:
    assert allocate(10, [1, 1, 1]) == [4, 3, 3]
    assert allocate(0, [2, 1]) == [0, 0]
    assert sum(allocate(189, [0.1 * i + 0.01 for i in range(63)])) == 189


@pytest.mark.parametrize("wrong", [{"provinces": 0}, {"provinces": 64}, {"months": 0}, {"scale": 0}])
def test_sizes_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)


def a_workbook(country: Country, code: str, month: int = -1) -> bytes:
    report = country.reports(code)[month]
    name = file_name(code, report.period.code, 1)
    return workbook_bytes(
        country, report, Submission(code, report.period.code, 1, name, datetime(2021, 12, 3, 2))
    )  # fmt: skip


def test_a_workbook_has_letterhead_titles_label_and_merged_headers() -> None:
    country = Country(SMALL)
    code = country.places[0].code
    book = openpyxl.load_workbook(io.BytesIO(a_workbook(country, code)))
    assert len(book.sheetnames) == 9
    style = style_of(country, country.places[0])
    sheet = book[style.sheet_names["BIEU_01"]]
    texts = [str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value is not None]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in texts
    assert SAMPLE_LABEL in texts
    assert "Tháng 11 năm 2021" in texts
    merged = {str(area) for area in sheet.merged_cells.ranges}
    header = int(address(load_forms()["BIEU_01"], style, 0, "org_type")[0][1:]) - 3
    assert f"D{header}:I{header}" in merged, "six counts stand under one header"
    assert f"B{header}:B{header + 1}" in merged, "a header of one part spans both header rows"
    assert f"B{header + 3}:B{header + 12}" in merged, "an organisation type spans its ten rows"
    for listed in book.worksheets:
        cells = {str(c.value) for row in listed.iter_rows(max_row=8) for c in row if c.value is not None}
        assert SAMPLE_LABEL in cells, listed.title


def test_calamine_sees_the_same_merges() -> None:
    country = Country(SMALL)
    data = a_workbook(country, country.places[1].code)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheet = book.get_sheet_by_index(1)
    assert len(sheet.to_python(skip_empty_area=False)) > 40
    assert sheet.merged_cell_ranges


def test_provinces_have_habits_of_their_own() -> None:
    country = Country(Settings(63, 1, 0.01))
    styles = [style_of(country, place) for place in country.places]
    assert len({s.sheet_names["BIEU_01"] for s in styles}) == 3
    assert len({s.typed_as_text for s in styles}) > 20
    assert {True, False} == {s.nothing_row for s in styles}


def hashes(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_sample(tmp_path / name, provinces=4, months=2, scale=0.05, faults=True)
    write_sample(tmp_path / "other", provinces=4, months=2, scale=0.05, faults=True, seed=5)
    first = hashes(tmp_path / "one")
    assert first == hashes(tmp_path / "two")
    assert len(first) > 30
    other = hashes(tmp_path / "other")
    workbook = next(name for name in first if name.endswith("-L1.xlsx"))
    assert first[workbook] != other[workbook]


def test_two_processes_write_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sample(tmp_path / "one", provinces=3, months=1, scale=0.02)
    monkeypatch.setattr(writer, "_ROWS_WORTH_A_PROCESS", 0)
    seen: list[tuple[str, int, int]] = []
    write_sample(tmp_path / "two", provinces=3, months=1, scale=0.02, progress=lambda *step: seen.append(step))
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    assert [step for step in seen if step[0] == "Sample workbooks"][-1] == ("Sample workbooks", 3, 3)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("clean")
    write_sample(out, provinces=4, months=2, scale=0.05)
    return out


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("faulty")
    write_sample(out, provinces=SIXTEEN.provinces, months=SIXTEEN.months, scale=SIXTEEN.scale, faults=True, longer=4)
    return out


def test_the_index_describes_every_file_and_its_time(clean: Path) -> None:
    files = json.loads((clean / "inbox" / "index.json").read_text(encoding="utf-8"))["files"]
    assert len(files) == 8
    for file in files:
        path = clean / "inbox" / file["name"]
        assert file["size"] == path.stat().st_size
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        received = datetime.fromisoformat(file["received_at"])
        assert received.timestamp() == path.stat().st_mtime
        assert received > datetime.fromisoformat(f"{file['name'].split('-', 2)[2][:7]}-28T00:00:00+00:00")


def test_the_intake_accepts_every_clean_workbook_whole(clean: Path) -> None:
    for path in sorted((clean / "inbox").glob("*.xlsx")):
        reading = read_workbook(path.read_bytes(), b"a key for tests only")
        assert reading.outcome == "accepted", (path.name, reading.problems)
        assert reading.sender is not None
        assert path.name == file_name(reading.sender.province_code, reading.sender.period.code, 1)


def test_longer_reports_are_taken_whole_and_change_no_month(clean: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, provinces=4, months=2, scale=0.05, longer=2)
    months, all_files = hashes(clean / "inbox"), hashes(tmp_path / "inbox")
    added = all_files.keys() - months.keys()
    assert len(added) == 6 and all(all_files[name] == months[name] for name in months if name != "index.json")
    for name in added:
        reading = read_workbook((tmp_path / "inbox" / name).read_bytes(), b"a key for tests only")
        assert reading.outcome == "accepted", (name, reading.problems)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["figures"] == json.loads((clean / "truth.json").read_text(encoding="utf-8"))["figures"]


def test_a_new_sample_replaces_the_old_one_and_nothing_else(clean: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, provinces=2, months=1, scale=0.02)
    write_sample(tmp_path, provinces=1, months=1, scale=0.02)
    assert len(list((tmp_path / "inbox").glob("*.xlsx"))) == 1
    (tmp_path / "inbox" / "of-somebody.xlsx").write_bytes(b"not ours")
    with pytest.raises(FileExistsError, match="no sample"):
        write_sample(tmp_path, provinces=1, months=1, scale=0.02)
    assert (tmp_path / "inbox" / "of-somebody.xlsx").exists()


def test_all_recipes_find_a_place_in_a_sample_of_sixteen_provinces(faulty: Path) -> None:
    truth = json.loads((faulty / "truth.json").read_text(encoding="utf-8"))
    ids = [fault["id"] for fault in truth["faults"]]
    assert len(ids) == len(set(ids))
    assert {recipe.id for recipe in RECIPES if recipe.sample} <= set(ids)
    assert {"same-file-twice", "truncated-workbook", "no-workbook", "news-founded", "region-left-out"} <= set(ids)


def test_every_recipe_is_planted_somewhere_for_a_rule_that_exists() -> None:
    assert [recipe.id for recipe in RECIPES if not (recipe.sample or recipe.sizes)] == []
    rules = {rule.id for rule in load_rules()} | {INTAKE, None}
    assert {recipe.rule_id for recipe in RECIPES} <= rules
    assert len({recipe.id for recipe in RECIPES}) == len(RECIPES)


def test_every_rule_has_a_planted_fault_or_a_reason_for_none(faulty: Path) -> None:
    truth = json.loads((faulty / "truth.json").read_text(encoding="utf-8"))
    planted = {rule for fault in truth["faults"] for rule in (fault["rule_id"], *fault["also"])}
    excused = {rule.id for rule in load_rules() if rule.not_planted}
    assert {rule.id for rule in load_rules()} - planted - excused == set(), "plant a fault, or say not_planted: why"
    assert planted & excused == set()


def test_every_fault_stands_at_the_cell_that_truth_names(faulty: Path) -> None:
    truth = json.loads((faulty / "truth.json").read_text(encoding="utf-8"))
    country = Country(SIXTEEN)
    seen = 0
    for fault in truth["faults"]:
        if not fault["cell"]:
            continue
        book = openpyxl.load_workbook(faulty / "inbox" / fault["file"])
        style = style_of(country, country.place(fault["province_code"]))
        for edit in fault["edits"]:
            found = book[fault["sheet"]][edit["cell"]].value
            found = found.strip() if isinstance(found, str) else found
            as_text = (fault["form"], edit["column"]) in style.typed_as_text
            if edit["kind"] == "delete":
                assert found != edit["was"]
            elif isinstance(edit["is"], int):
                shown = edit["is"] / 10**6 if edit["column"].endswith("_vnd") else edit["is"]
                found = float(found.replace(".", "").replace(",", ".")) if as_text else found
                assert found == shown, fault["id"]
            elif edit["kind"] == "rename" or edit["is"] == "20,767":
                assert found == edit["is"], fault["id"]
            else:
                assert (found is None) == (edit["is"] is None), fault["id"]
            seen += 1
    assert seen > 20


def test_faults_leave_the_national_figures_as_they_are(faulty: Path) -> None:
    truth = json.loads((faulty / "truth.json").read_text(encoding="utf-8"))
    sums: dict[str, Counter[str]] = {}
    for path in sorted((faulty / "inbox").glob("*.xlsx")):
        reading = read_workbook(path.read_bytes(), b"a key for tests only")
        if reading.sender is None or reading.sender.revision != 1 or "(1)" in path.name:
            continue
        if reading.sender.period.type != "month":
            continue
        sheet = next(s for s in reading.sheets if s.form is not None and s.form.code == "BIEU_01")
        assert sheet.form is not None
        names = [c.name for c in sheet.form.raw_columns]
        for _, values in sheet.rows:
            row = dict(zip(names, values, strict=True))
            if row["org_type"] == "HTX" and row["sector"] == "total":
                month = sums.setdefault(reading.sender.period.code, Counter())
                for measure in ("founded", "dissolved", "operating", "closing"):
                    month[measure] += int(str(row[f"{measure}_count"]))
    expected = {
        period: Counter({m: figures[m]["total"] for m in ("founded", "dissolved", "operating", "closing")})
        for period, figures in truth["figures"].items()
    }
    assert sums == expected


def test_no_fault_is_planted_unless_asked_for() -> None:
    country = Country(SMALL)
    assert not clean_plan(country).faults
    assert all(not s.edits for s in clean_plan(country).submissions)
    assert len(faulty_plan(Country(Settings(1, 1, 0.01))).faults) >= 3


def test_a_fault_changes_its_own_workbooks_only(tmp_path: Path) -> None:
    write_sample(tmp_path / "clean", provinces=6, months=2, scale=0.03)
    summary = write_sample(tmp_path / "faulty", provinces=6, months=2, scale=0.03, faults=True)
    clean, faulty = hashes(tmp_path / "clean" / "inbox"), hashes(tmp_path / "faulty" / "inbox")
    changed = {name for name in faulty if faulty[name] != clean.get(name)} - {"index.json"}
    assert changed == {f.file for f in summary.faults if f.file and f.consequence != "duplicate"} | {
        f.file for f in summary.faults if f.consequence == "duplicate"
    }
