"""True reports for a quarter, a half-year and a year: sums of the months, and the longer forms.

Contains the forms that are due less often than monthly; :mod:`.country` has the monthly ones. Returns one
:class:`~ingestion.samples.country.Report` per period, rows by form code, as for a month.

Nothing here describes a real province, partner, person or plan: names contain "mẫu", numbers come from separate
generators, so that these reports change no month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from random import Random

from ingestion.forms.definition import code_list, expected_forms
from ingestion.samples.country import (
    GROUPS,
    LAST_PERIOD,
    LEAVES,
    ORG_TYPES,
    SECTOR_ROWS,
    Country,
    Place,
    Report,
    Row,
    add_examples,
)
from ingestion.samples.workbooks import Submission, file_name
from ingestion.vietnamese.periods import Period

_MILLION = 1_000_000
_FLOWS = ("founded_count", "converted_in_count", "dissolved_count", "converted_out_count")
_STATES = ("closing_count", "operating_count", "stopped_count", "member_count", "worker_count")
_MEASURES = ("opening_count", *_FLOWS, *_STATES)
_PLAN = "337/KH-LMHTXVN"
#: Tasks that provinces share in, by their number in the plan's appendix, in the sample's own words.
_TASKS = (
    ("I.1", "Tuyên truyền chủ trương, pháp luật về kinh tế tập thể"),
    ("III.2", "Xử lý HTX ngừng hoạt động, chưa đăng ký lại"),
    ("III.8", "Nâng cao hiệu quả Quỹ hỗ trợ phát triển HTX"),
    ("IV.5", "Đào tạo, bồi dưỡng cán bộ HTX"),
    ("IV.8", "Xúc tiến thương mại cho HTX"),
    ("IV.16", "Xây dựng mô hình HTX gắn với chuỗi giá trị"),
)
_PRODUCTS = ("Gạo hữu cơ", "Rau an toàn", "Chè", "Cà phê", "Trái cây", "Thủy sản")
_COUNTRIES = ("Đức", "Hàn Quốc", "Hà Lan", "Nhật Bản", "Thái Lan")


def last_ended() -> tuple[Period, ...]:
    """The year, half-year and quarter that ended last by the end of the sample, in this order."""
    end = Period(LAST_PERIOD).end
    codes = [
        code
        for year in (end.year - 1, end.year)
        for code in (f"{year}", *(f"{year}-H{n}" for n in (1, 2)), *(f"{year}-Q{n}" for n in (1, 2, 3, 4)))
    ]
    ended = [p for p in map(Period, codes) if p.end <= end]
    return tuple(max((p for p in ended if p.type == kind), key=lambda p: p.end) for kind in KINDS)


KINDS = ("year", "half_year", "quarter")


def senders(country: Country, number: int) -> tuple[Place, ...]:
    """The ``number`` provinces that also report for longer periods."""
    ranked = sorted(country.places, key=lambda p: country.rng("longer periods", p.code).random())
    return tuple(sorted(ranked[:number], key=lambda p: p.code))


def submissions(country: Country, number: int) -> list[Submission]:
    """One first revision per sender and longer period, in time."""
    sent = []
    for place in senders(country, number):
        for period in last_ended():
            rng = country.rng("received", place.code, period.code)
            received = datetime.combine(period.end, datetime.min.time()) + timedelta(
                days=rng.randint(2, 9), hours=rng.randint(1, 9), minutes=rng.randint(0, 59)
            )
            sent.append(Submission(place.code, period.code, 1, file_name(place.code, period.code, 1), received))
    return sent


def reports(country: Country, place: Place, monthly: Sequence[Report]) -> list[Report]:
    """The reports of ``place`` for :func:`last_ended`; ``monthly`` are its monthly ones, oldest first."""
    return [report_for(country, place, period, monthly) for period in last_ended()]


def report_for(country: Country, place: Place, period: Period, monthly: Sequence[Report]) -> Report:
    """The report of ``place`` for any longer ``period`` that one of its ``monthly`` ones lies in or before."""
    return _Filler(country, place, period, monthly).report()


class _Filler:
    """Fills in the forms that one province owes for one longer period."""

    def __init__(self, country: Country, place: Place, period: Period, monthly: Sequence[Report]) -> None:
        self.country, self.place, self.period = country, place, period
        self.months = [m for m in monthly if period.start <= m.period.start and m.period.end <= period.end]
        #: The month whose register is named in the lists: the period's last, else the first that is known.
        self.known = self.months[-1] if self.months else monthly[0]
        register = self.known.rows["BIEU_02"]
        self.operating = [r for r in register if r["status"] == "operating" and r["org_type"] == "HTX"]
        self.idle = [r for r in register if r["status"] in ("stopped", "winding_up")]

    def report(self) -> Report:
        report = Report(self.place, self.period)
        makers: dict[str, Callable[[Random], list[Row]]] = {
            "BIEU_01": self._counts,
            "BIEU_06": self._courses,
            "BIEU_07A": self._partners,
            "BIEU_07B": self._events,
            "BIEU_07C": self._experts,
            "BIEU_07D": self._agreements,
            "BIEU_08": self._models,
            "BIEU_09": self._tasks,
            "BIEU_10": self._targets,
            "BIEU_11": self._idle_cases,
            "BIEU_12": self._needs,
            "BIEU_13": self._services,
            "BIEU_14A": self._inspections,
            "BIEU_14B": self._complaints,
            "BIEU_14C": self._awards,
            "BIEU_15A": self._alliance,
            "BIEU_15B": self._alliance_members,
        }
        for form in expected_forms(self.period):
            if form.code in makers:
                report.rows[form.code] = makers[form.code](
                    self.country.rng(form.code, self.place.code, self.period.code)
                )
        add_examples(report, self.operating)
        return report

    def _code(self, kind: str, number: int) -> str:
        return f"{kind}-{self.place.code}-{self.period.code}-{number:02d}"

    def _day(self, rng: Random) -> date:
        return self.period.start + timedelta(days=rng.randrange((self.period.end - self.period.start).days - 20))

    def _some(self, rng: Random, rows: Sequence[Row], number: int) -> list[Row]:
        return sorted(rng.sample(rows, min(number, len(rows))), key=lambda r: str(r["org_code"]))

    def _counts(self, rng: Random) -> list[Row]:
        """Flows are the sums of the months that are known; before these, a few that lead to the first opening."""
        leaves = {(t, leaf): self._leaf(rng, t, leaf) for t in ORG_TYPES for leaf in LEAVES}
        rows: list[Row] = []
        for org_type in ORG_TYPES:
            for sector in SECTOR_ROWS:
                parts = [
                    leaves[org_type, leaf]
                    for leaf in LEAVES
                    if sector in ("total", leaf, GROUPS[0] if leaf == GROUPS[0] else GROUPS[1])
                ]
                row: Row = {"org_type": org_type, "sector": sector}
                rows.append(row | {measure: sum(part[measure] for part in parts) for measure in _MEASURES})
        return rows

    def _leaf(self, rng: Random, org_type: str, leaf: str) -> dict[str, int]:
        if self.months:
            found = {m: sum(month.count(org_type, leaf, m) for month in self.months) for m in _FLOWS}
            found |= {m: self.months[-1].count(org_type, leaf, m) for m in _STATES}
            return found | {"opening_count": self.months[0].count(org_type, leaf, "opening_count")}
        closing = self.known.count(org_type, leaf, "opening_count")
        stopped = min(closing, self.known.count(org_type, leaf, "stopped_count"))
        founded, dissolved = (min(closing, rng.randint(0, 3)), rng.randint(0, 2)) if closing else (0, 0)
        return dict.fromkeys(_MEASURES, 0) | {
            "opening_count": closing - founded + dissolved,
            "founded_count": founded,
            "dissolved_count": dissolved,
            "closing_count": closing,
            "operating_count": closing - stopped,
            "stopped_count": stopped,
            "member_count": closing * 37,
            "worker_count": closing * 13,
        }

    def _courses(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        audiences = islice(cycle(("htx_managers", "alliance_staff", "members_workers")), rng.randint(3, 5))
        for number, audience in enumerate(audiences, 1):
            start = self._day(rng)
            persons = rng.randint(20, 60)
            rows.append(
                {
                    "course_code": self._code("LOP", number),
                    "course_name": f"Lớp bồi dưỡng mẫu số {number}",
                    "topic": rng.choice(list(code_list("training_topic").labels)),
                    "audience": audience,
                    "organiser_name": "Trường Bồi dưỡng mẫu",
                    "started_on": start,
                    "ended_on": start + timedelta(days=rng.randint(1, 10)),
                    "hour_count": rng.choice((16, 24, 40)),
                    "participant_count": persons,
                    "female_count": rng.randint(5, persons // 2),
                    "ethnic_minority_count": rng.randint(0, 10),
                    "state_funding_vnd": rng.randint(20, 90) * _MILLION,
                    "other_funding_vnd": rng.choice((None, 15 * _MILLION)),
                }
            )
        return rows

    def _partner(self, number: int) -> tuple[str, str, str]:
        kinds = list(code_list("partner_kind").labels)
        kind = kinds[number % len(kinds)]
        return f"DT-{self.place.code}-{number:02d}", f"Đối tác mẫu số {number}", kind

    def _partners(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number in range(3):
            code, name, kind = self._partner(number)
            member = number == 0
            rows.append(
                {
                    "partner_code": code,
                    "partner_name": name,
                    "partner_kind": kind,
                    "country_name": None if kind == "intergovernmental" else rng.choice(_COUNTRIES),
                    "partner_since_year": rng.randint(1998, 2016),
                    "membership_kind": rng.choice(("full", "associate")) if member else None,
                    "member_from_year": rng.randint(2005, 2016) if member else None,
                    "member_to_year": None,
                }
            )
        return rows

    def _events(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number, kind in enumerate(("delegation_out", "delegation_in", "conference_hosted"), 1):
            start = self._day(rng)
            persons = rng.randint(4, 30)
            rows.append(
                {
                    "event_code": self._code("HTQT", number),
                    "event_name": f"Hoạt động quốc tế mẫu số {number}",
                    "event_kind": kind,
                    "partner_code": self._partner(rng.randrange(3))[0],
                    "country_name": rng.choice(_COUNTRIES),
                    "purpose": "Trao đổi kinh nghiệm mẫu",
                    "started_on": start,
                    "ended_on": start + timedelta(days=rng.randint(1, 9)),
                    "person_count": persons,
                    "female_count": rng.randint(1, persons // 2),
                    "beneficiary_group": rng.choice((None, "women", "youth", "ethnic_minority")),
                    "partner_funding_vnd": rng.choice((None, 120 * _MILLION)),
                    "own_funding_vnd": rng.randint(10, 60) * _MILLION,
                }
            )
        return rows

    def _experts(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number in (1, 2):
            start = self._day(rng)
            rows.append(
                {
                    "visit_code": self._code("CG", number),
                    "expert_name": f"Chuyên gia mẫu {self.place.code}",
                    # The same person twice: two stays, one pseudonym.
                    "expert_id": f"HC-MAU-{self.place.code}",
                    "expert_kind": "expert",
                    "partner_code": self._partner(0)[0],
                    "country_name": rng.choice(_COUNTRIES),
                    "expert_field": rng.choice(list(code_list("expert_field").labels)),
                    "host_name": "Trung tâm mẫu",
                    "started_on": start,
                    "ended_on": start + timedelta(days=rng.randint(5, 15)),
                }
            )
        return rows

    def _agreements(self, rng: Random) -> list[Row]:
        code, name, _ = self._partner(1)
        return [
            {
                "contract_code": self._code("TT", 1),
                "contract_kind": "memorandum",
                "partner_code": code,
                "partner_name": name,
                "org_code": None,
                "subject": "Ghi nhớ hợp tác mẫu",
                "signed_on": self._day(rng),
                "valid_until": date(self.period.end.year + 3, 12, 31),
                "area_ha": Decimal(rng.randint(1, 9) * 50),
                "value_vnd": None,
            }
        ]

    def _models(self, rng: Random) -> list[Row]:
        kinds = ("hitech", "value_chain", "ocop", "traceability", "hitech")
        rows: list[Row] = []
        for number, (kind, o) in enumerate(zip(kinds, self._some(rng, self.operating, len(kinds)), strict=False), 1):
            rows.append(
                {
                    "model_code": f"MH-{self.place.code}-{number:02d}",
                    "org_code": o["org_code"],
                    "org_name": o["org_name"],
                    "org_type": o["org_type"],
                    "sector": o["sector"],
                    "model_kind": kind,
                    "product_names": rng.choice(_PRODUCTS),
                    "partner_name": "Doanh nghiệp mẫu" if kind == "value_chain" else None,
                    "standard_name": rng.choice((None, "VietGAP")),
                    "ocop_star_count": rng.randint(3, 5) if kind == "ocop" else None,
                    "area_ha": Decimal(rng.randint(2, 80)),
                    "started_on": date(self.period.end.year, 1, 1) + timedelta(days=rng.randint(0, 150)),
                    "support_vnd": rng.randint(0, 400) * _MILLION,
                    "model_status": rng.choice(("running", "running", "expanded")),
                }
            )
        return rows

    def _tasks(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for code, name in _TASKS:
            status = rng.choice(("not_started", "in_progress", "in_progress", "done"))
            progress = {"not_started": 0, "done": 100}.get(status, rng.randint(1, 9) * 10)
            rows.append(
                {
                    "plan_symbol": _PLAN,
                    "task_code": code,
                    "task_name": name,
                    "lead_unit_name": f"Liên minh HTX {self.place.full_name}",
                    "other_unit_names": "Sở, ngành mẫu",
                    "task_due_on": rng.choice((None, date(self.period.end.year, 12, 31))),
                    "task_status": status,
                    "progress_pct": Decimal(progress),
                    "done_on": self._day(rng) if status == "done" else None,
                    "result_text": "Kết quả mẫu" if status == "done" else None,
                    "obstacle_text": None if status == "done" else "Thiếu kinh phí (mẫu)",
                }
            )
        return rows

    def _targets(self, rng: Random) -> list[Row]:
        conferences = rng.randint(0, 2)
        targets: tuple[tuple[str, str | None, int, str, int | None], ...] = (
            ("founded", "HTX", rng.randint(30, 60), "count", None),
            ("founded", "THT", rng.randint(50, 90), "count", None),
            ("stock", "HTX", len(self.operating) + 30, "count", None),
            ("trained", None, rng.randint(100, 400), "person", None),
            ("dialogue_conferences", None, 2, "count", conferences),
            ("fund_charter_capital", None, rng.randint(20, 60) * 1000, "million_vnd", None),
        )
        return [
            {
                "indicator": indicator,
                "org_type": org_type,
                "sector": "total" if org_type else None,
                "target_year": self.period.end.year,
                "bound": "at_least",
                "target_value": Decimal(value),
                "target_value_max": None,
                "target_unit": unit,
                "document_symbol": f"{number}/KH-LMHTX (mẫu)",
                "stated_actual": None if actual is None else Decimal(actual),
                "stated_attainment_pct": None if actual is None else Decimal(100 * actual) / value,
            }
            for number, (indicator, org_type, value, unit, actual) in enumerate(targets, 1)
        ]

    def _idle_cases(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for o in self._some(rng, self.idle, 6):
            founded = o["founded_on"]
            since = self.period.start - timedelta(days=rng.randint(100, 1500))
            rows.append(
                {
                    "org_code": o["org_code"],
                    "org_name": o["org_name"],
                    "case_kind": o["status"],
                    "org_type": o["org_type"],
                    "stopped_since": max(founded, since) if isinstance(founded, date) else since,
                    "obstacle": rng.choice(list(code_list("dissolution_obstacle").labels)),
                    "stage": rng.choice(list(code_list("dissolution_stages").labels)[:6]),
                    "plan_symbol": f"{rng.randint(1, 99)}/PA-MAU",
                    "deadline_on": self.period.start + timedelta(days=rng.randint(0, 500)),
                    "debt_vnd": rng.randint(0, 300) * _MILLION,
                    "undivided_assets_vnd": rng.randint(0, 200) * _MILLION,
                }
            )
        return rows

    def _needs(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        statuses = ("received", "forwarded", "answered", "resolved")
        for number, (status, o) in enumerate(zip(statuses, self._some(rng, self.operating, 4), strict=False), 1):
            day = self._day(rng)
            answered = status in ("answered", "resolved")
            rows.append(
                {
                    "need_code": self._code("KN", number),
                    "org_code": o["org_code"],
                    "need_kind": rng.choice(list(code_list("need_kind").labels)),
                    "topic": rng.choice(list(code_list("need_topic").labels)),
                    "content": f"Nội dung mẫu số {number}",
                    "raised_on": day,
                    "addressed_to": rng.choice(list(code_list("need_level").labels)),
                    "need_status": status,
                    "answered_on": day + timedelta(days=rng.randint(3, 15)) if answered else None,
                    "answer_text": "Đã trả lời (mẫu)" if answered else None,
                }
            )
        return rows

    def _services(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        served = cycle(self._some(rng, self.operating, 7))
        for number, (kind, o) in enumerate(zip(code_list("public_service_kind").labels, served, strict=False), 1):
            rows.append(
                {
                    "service_code": self._code("DV", number),
                    "service_kind": kind,
                    "org_code": o["org_code"],
                    "provider_name": "Trung tâm hỗ trợ mẫu",
                    "delivered_on": self._day(rng),
                    "beneficiary_count": rng.randint(1, 50),
                    "value_vnd": rng.randint(0, 40) * _MILLION,
                }
            )
        return rows

    def _inspections(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number, o in enumerate(self._some(rng, self.operating, 2), 1):
            start = self._day(rng)
            rows.append(
                {
                    "inspection_code": self._code("KT", number),
                    "inspection_kind": rng.choice(list(code_list("inspection_kind").labels)),
                    "inspection_basis": "planned" if number == 1 else "unannounced",
                    "org_code": o["org_code"],
                    "unit_name": o["org_name"],
                    "started_on": start,
                    "ended_on": start + timedelta(days=3),
                    "finding_count": rng.randint(0, 4),
                    "recommendation_count": rng.randint(1, 5),
                    "recovery_vnd": rng.choice((None, 12 * _MILLION)),
                    "inspection_status": "concluded",
                }
            )
        return rows

    def _complaints(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number, o in enumerate(self._some(rng, self.operating, 2), 1):
            day = self._day(rng)
            rows.append(
                {
                    "case_code": self._code("DT", number),
                    "case_kind": "complaint" if number == 1 else "denunciation",
                    "org_code": o["org_code"],
                    "complainant_name": f"Người gửi đơn mẫu {self.place.code}-{number}",
                    "content": f"Nội dung đơn mẫu số {number}",
                    "topic": rng.choice(list(code_list("complaint_topic").labels)),
                    "received_on": day,
                    "body_name": "UBND cấp huyện (mẫu)",
                    "case_status": "resolved" if number == 1 else "in_progress",
                    "resolved_on": day + timedelta(days=12) if number == 1 else None,
                }
            )
        return rows

    def _awards(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        for number, o in enumerate(self._some(rng, self.operating, 3), 1):
            person = number == 3
            rows.append(
                {
                    "award_code": self._code("KT", number),
                    "award_kind": rng.choice(list(code_list("award_kind").labels)),
                    "recipient_kind": "person" if person else "organisation",
                    "org_code": o["org_code"],
                    "recipient_name": f"Cá nhân mẫu {self.place.code}" if person else None,
                    "awarded_on": self._day(rng),
                    "decision_number": f"{rng.randint(1, 999)}/QĐ-MAU",
                    "issuer_name": "Cơ quan mẫu",
                }
            )
        return rows

    def _alliance(self, _: Random) -> list[Row]:
        # Drawn once per alliance, not per period: a charter approved in one report is approved in the next.
        rng = self.country.rng("alliance", self.place.code)
        due = len(self.operating)
        reported = due * rng.randint(70, 95) // 100
        return [
            {
                "alliance_name": f"Liên minh HTX {self.place.full_name}",
                "charter_approved_on": date(2018, rng.randint(1, 12), 15) if rng.random() < 0.6 else None,
                "charter_decision_number": f"{rng.randint(100, 999)}/QĐ-UBND (mẫu)",
                "staff_quota_count": 20,
                "staff_count": rng.randint(12, 20),
                "contract_staff_count": rng.randint(0, 5),
                "female_staff_count": rng.randint(4, 9),
                "budget_planned_vnd": 6_000 * _MILLION,
                "budget_spent_vnd": rng.randint(20, 55) * 100 * _MILLION,
                "member_organisation_count": due * 6 // 10,
                "organisation_due_count": due,
                "organisation_reported_count": reported,
                "organisation_in_time_count": reported * rng.randint(80, 100) // 100,
            }
        ]

    def _alliance_members(self, rng: Random) -> list[Row]:
        rows: list[Row] = []
        # The register that is known may be of a month after the period: some were founded since.
        listed = [o for o in self.operating if isinstance(day := o["founded_on"], date) and day <= self.period.end]
        for number, o in enumerate(self._some(rng, listed, 5), 1):
            founded = o["founded_on"]
            joined = max(date(2015, 3, 1), founded) if isinstance(founded, date) else date(2015, 3, 1)
            rows.append(
                {
                    "org_code": o["org_code"],
                    "org_name": o["org_name"],
                    "alliance_level": "national" if number == 1 else "provincial",
                    "membership_kind": "full" if number < 5 else "associate",
                    "joined_on": joined,
                    "left_on": None,
                }
            )
        return rows
