"""Planted faults: the differences of a sample from the truth, and the rules that must find them.

:mod:`.catalogue` has the faults within a workbook; this module chooses the workbooks, and plants faults of whole files
and articles. Cells are written in :mod:`.workbooks`, sentences in :mod:`.articles`. The result is a :class:`Plan` with
every file to send, every wrong figure the press prints, and every fault for ``truth.json``.

Faults do not overlap: no two change the same province and month. A sample too small for all of them
(fewer than about sixteen provinces, or months before it) contains those that fit, in the order of the list.
They leave the national sums of accepted data as they are, so that no rule that blocks a release fires; a rule that
for this or another reason has no planted fault says so in its entry (``not_planted`` in ``expectations/rules``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from ingestion.forms.definition import load_forms
from ingestion.samples import periodic
from ingestion.samples.catalogue import INTAKE, RECIPES, InSample, Recipe
from ingestion.samples.country import Country, Report, Value
from ingestion.samples.workbooks import Edit, RawText, Submission, address, file_name, header_address, style_of
from ingestion.samples.world import Statement, World
from ingestion.vietnamese.periods import Period


@dataclass(frozen=True)
class Fault:
    """One planted fault, as it stands in ``truth.json``.

    ``rule_id`` is the rule that must find it (None where nothing may be found), ``also`` the rules that fire of
    necessity with it, ``not_comparable`` those whose listed side is lost with a refused sheet. ``period`` and
    ``province_code`` say where the anomaly appears; ``file_period`` which file holds the fault. ``url`` is the
    page's path below the portal's address.
    """

    id: str
    rule_id: str | None
    consequence: str
    period: str | None
    province_code: str | None
    note: str
    also: tuple[str, ...] = ()
    not_comparable: tuple[str, ...] = ()
    file: str | None = None
    file_period: str | None = None
    url: str | None = None
    form: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    was: str | int | None = None
    is_: str | int | None = None
    edits: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The fault with ``is`` under its name in ``truth.json``."""
        data = asdict(self)
        data["is"] = data.pop("is_")
        return data


@dataclass(frozen=True)
class ExtraFile:
    """A file in the inbox that is not a workbook of a report: a copy or a damaged copy of a file, or other bytes."""

    name: str
    kind: Literal["copy", "truncated", "no_workbook"]
    of: str | None
    received_at: datetime


@dataclass(frozen=True)
class NewsError:
    """A provincial article prints ``metric`` off by ``by``."""

    province_code: str
    period: str
    metric: Literal["founded", "dissolved", "operating"]
    by: int


@dataclass
class Plan:
    """The contents of a sample besides the truth."""

    submissions: list[Submission]
    extras: list[ExtraFile] = field(default_factory=list)
    news: list[NewsError] = field(default_factory=list)
    misprints: bool = False
    faults: list[Fault] = field(default_factory=list)


def news_provinces(country: Country, period: Period, number: int = 6) -> tuple[str, ...]:
    """Codes of the provinces whose portal news cover ``period``."""
    codes = [place.code for place in country.places]
    return tuple(sorted(country.rng("news", period.code).sample(codes, min(number, len(codes)))))


def clean_plan(country: Country, longer: int = 0) -> Plan:
    """One first revision per province and month, mostly in time, some late; nothing wrong in it.

    ``longer`` provinces also report for the quarter, half-year and year that ended last.
    """
    submissions = []
    for place in country.places:
        for period in country.periods:
            rng = country.rng("received", place.code, period.code)
            late = rng.random() < 0.1
            days = rng.randint(6, 14) if late else rng.randint(1, 5)
            received = datetime.combine(period.end, datetime.min.time()) + timedelta(
                days=days, hours=rng.randint(1, 9), minutes=rng.randint(0, 59), seconds=rng.randint(0, 59)
            )
            name = file_name(place.code, period.code, 1)
            submissions.append(Submission(place.code, period.code, 1, name, received))
    return Plan(submissions + periodic.submissions(country, longer))


def faulty_plan(country: Country, longer: int = 0) -> Plan:
    """:func:`clean_plan` with every fault that fits into this sample."""
    return _Planter(country, longer).plant()


def _changed(recipe: Recipe, size: str, report: Report, submission: Submission) -> Submission | None:
    """``submission`` as the recipe changes it; None where the report has no row for it."""
    copies = {form: [dict(row) for row in rows] for form, rows in report.rows.items()}
    sent = Statement(
        report.place.code, "63", report.period.code, submission.received_at, {f: [*rows] for f, rows in copies.items()}
    )
    if not recipe.change(World([sent]), sent, size):
        return None
    edits = [*sent.written]
    for form, rows in copies.items():
        kept = {id(row) for row in sent.rows[form]}
        for at, row in enumerate(rows):
            if id(row) not in kept:
                key = [column.name for column in load_forms()[form].columns if column.key][-1]
                edits.append(Edit("delete", form, key, at))
                continue
            stated = report.rows[form][at]
            edits += [Edit("set", form, name, at, value) for name, value in row.items() if value != stated[name]]
    return replace(submission, edits=tuple(edits), received_at=sent.received_at)


class _Planter:
    def __init__(self, country: Country, longer: int) -> None:
        self.country = country
        self.plan = clean_plan(country, longer)
        self.senders = {place.code for place in periodic.senders(country, longer)}
        self.taken: set[tuple[str, str]] = set()
        self._reports: Callable[[str], list[Report]] = cache(country.reports)
        self._longer: Callable[[str], list[Report]] = cache(
            lambda code: periodic.reports(country, country.place(code), self._reports(code))
        )

    def plant(self) -> Plan:
        for recipe in RECIPES:
            if recipe.sample is not None:
                self._plant_in_workbook(recipe, recipe.sample)
        self._plant_files()
        self._plant_news()
        return self.plan

    def _periods(self, when: str) -> Iterable[Period]:
        periods = self.country.periods
        if when in periodic.KINDS:
            return [p for p in periodic.last_ended() if p.type == when]
        if when == "last":
            return periods[-1:]
        if when == "any":
            return tuple(reversed(periods))
        if len(periods) < 2:
            return ()
        return periods[:1] if when == "first" else periods[-2:-1]

    def _candidates(self, recipe: Recipe, sample: InSample) -> Iterable[tuple[str, Period]]:
        """Untouched provinces first; then, in small samples, provinces with faults in other months only."""
        if len(self.country.periods) < sample.months:
            return
        longer = sample.when in periodic.KINDS
        codes = [place.code for place in self.country.places if not longer or place.code in self.senders]
        self.country.rng("fault", recipe.id).shuffle(codes)
        touched = {code for code, _ in self.taken}
        for fresh in (True, False):
            for period in self._periods(sample.when):
                for code in codes:
                    free = code not in touched if fresh else (code, period.code) not in self.taken
                    if free:
                        yield code, period

    def _plant_in_workbook(self, recipe: Recipe, sample: InSample) -> None:
        for code, period in self._candidates(recipe, sample):
            months = self.country.periods
            found_in = months[months.index(period) + 1] if sample.found_a_month_later else period
            if (code, found_in.code) in self.taken:
                continue
            report = self._report(code, period)
            at = self._position(code, period.code)
            submission = self.plan.submissions[at]
            changed = _changed(recipe, sample.size, report, submission)
            if changed is None:
                continue
            # A longer report is compared with the counts of its months: those of its sender stay as they are.
            if code in self.senders and period in months and any(edit.form == "BIEU_01" for edit in changed.edits):
                continue
            self.taken |= {(code, period.code), (code, found_in.code)}
            if sample.revision == 1:
                self.plan.submissions[at] = changed
            else:
                name = file_name(code, period.code, sample.revision)
                later = submission.received_at + timedelta(days=4, hours=2)
                changed = replace(changed, revision=sample.revision, name=name, received_at=later)
                self.plan.submissions.append(changed)
            self.plan.faults.append(self._fault(recipe, sample, report, changed, found_in))
            return

    def _report(self, code: str, period: Period) -> Report:
        months = self.country.periods
        reports = self._reports(code) if period in months else self._longer(code)
        return next(report for report in reports if report.period == period)

    def _position(self, code: str, period: str) -> int:
        return next(
            i
            for i, s in enumerate(self.plan.submissions)
            if (s.province_code, s.period, s.revision) == (code, period, 1)
        )

    def _fault(
        self, recipe: Recipe, sample: InSample, report: Report, submission: Submission, found_in: Period
    ) -> Fault:
        fault = Fault(
            id=recipe.id,
            rule_id=recipe.rule_id,
            consequence=sample.consequence,
            period=found_in.code,
            province_code=report.place.code,
            note=sample.note,
            also=sample.also,
            not_comparable=sample.not_comparable,
            file=submission.name,
            file_period=report.period.code,
        )
        edits = submission.edits
        if not edits:
            return fault
        form = load_forms()[edits[0].form]
        style = style_of(self.country, report.place)
        described: list[dict[str, Any]] = []
        for edit in edits:
            if edit.kind == "rename":
                cell, row = header_address(form, style, edit.column)
                was: Value | RawText = style.headers[form.code, edit.column]
            else:
                cell, row = address(form, style, edit.row, edit.column)
                was = report.rows[form.code][edit.row][edit.column]
            described.append(
                {
                    "kind": edit.kind,
                    "cell": cell,
                    "row": row,
                    "column": edit.column,
                    "was": _plain(was),
                    "is": _plain(edit.value),
                }
            )
        main = described[0]
        return replace(
            fault,
            form=form.code,
            sheet=style.sheet_names[form.code],
            cell=main["cell"],
            row=main["row"],
            column=main["column"],
            was=main["was"],
            is_=main["is"],
            edits=tuple(described),
        )

    def _plant_files(self) -> None:
        """Plant a second copy, a truncated workbook and a file that is not a workbook."""
        last = self.country.periods[-1]
        originals = [s for s in self.plan.submissions if s.period == last.code and s.revision == 1]
        untouched = [s for s in originals if (s.province_code, s.period) not in self.taken] or originals
        copied = untouched[0]
        copy = f"{copied.name.removesuffix('.xlsx')} (1).xlsx"
        self.plan.extras.append(ExtraFile(copy, "copy", copied.name, copied.received_at + timedelta(hours=3)))
        self.plan.faults.append(
            Fault(
                "same-file-twice",
                None,
                "duplicate",
                last.code,
                copied.province_code,
                f"Cùng nội dung với {copied.name}, gửi lần nữa dưới tên khác",
                file=copy,
                file_period=last.code,
            )
        )
        cut = untouched[-1]
        truncated = f"{cut.name.removesuffix('-L1.xlsx')}-ban-tai-ve.xlsx"
        self.plan.extras.append(ExtraFile(truncated, "truncated", cut.name, cut.received_at + timedelta(hours=1)))
        note = "ghi-chu-thang-11.xlsx"
        self.plan.extras.append(ExtraFile(note, "no_workbook", None, cut.received_at + timedelta(hours=2)))
        for fault_id, name, text in (
            ("truncated-workbook", truncated, "Tệp bị cắt cụt khi tải về"),
            ("no-workbook", note, "Tệp văn bản mang đuôi .xlsx"),
        ):
            self.plan.faults.append(Fault(fault_id, INTAKE, "file_rejected", None, None, text, file=name))

    def _plant_news(self) -> None:
        last = self.country.periods[-1]
        # No recipe changes what BIEU_01 says of cooperatives, so a province with another fault serves as well.
        codes = sorted(news_provinces(self.country, last), key=lambda code: (code, last.code) in self.taken)
        metrics: tuple[tuple[Literal["founded", "dissolved", "operating"], int], ...] = (
            ("founded", 2),
            ("operating", 30),
            ("dissolved", 1),
        )
        self.plan.news = [
            NewsError(code, last.code, metric, by) for code, (metric, by) in zip(codes, metrics, strict=False)
        ]
        self.plan.misprints = True


def _plain(value: Value | RawText) -> str | int | None:
    if isinstance(value, RawText):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
