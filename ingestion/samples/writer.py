"""Writes a whole sample to a folder: inbox, portal and their truth.

Only files and processes; the contents come from the other modules of this package. The inbox gets ``index.json``, a log
of receipt; ``truth.json`` lists what must be found.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ingestion.samples import periodic
from ingestion.samples.articles import build_site, figures_of, national_figures
from ingestion.samples.country import Country, Settings
from ingestion.samples.faults import Fault, Plan, clean_plan, faulty_plan
from ingestion.samples.rosters import roster_bytes, roster_name
from ingestion.samples.workbooks import SAMPLE_LABEL, Submission, workbook_bytes
from ingestion.vietnamese.clock import utc_time

Progress = Callable[[str, int, int], None]
#: Below this many workbook rows (roughly), starting a second process costs more than it saves.
_ROWS_WORTH_A_PROCESS = 12_000
_ROWS_PER_WORKBOOK = 450
#: A roster takes its time.
_ROSTER_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class SampleSummary:
    """The sample written. ``figures`` are national sums by period code, as in ``truth.json``."""

    out: Path
    workbooks: int
    files: int
    pages: int
    faults: tuple[Fault, ...]
    figures: dict[str, dict[str, dict[str, int]]]

    @property
    def inbox(self) -> Path:
        """Folder with the workbooks."""
        return self.out / "inbox"

    @property
    def portal(self) -> Path:
        """Root of the site tree."""
        return self.out / "portal"


@dataclass(frozen=True)
class _Written:
    name: str
    size: int
    sha256: str
    received_at: datetime


def write_sample(
    out: Path,
    *,
    provinces: int = 63,
    months: int = 3,
    scale: float = 1.0,
    seed: int = 2021,
    faults: bool = False,
    longer: int = 0,
    rosters: bool = False,
    progress: Progress | None = None,
) -> SampleSummary:
    """Write ``out/inbox``, ``out/portal`` and ``out/truth.json``; equal arguments give equal bytes.

    One workbook per province and month, for the ``months`` months that end with November 2021. With 63 provinces
    and ``scale`` 1 the national sums of that month are the published ones (domain brief, part 1.5); fewer
    provinces or a smaller ``scale`` (size of the registers) shrink them in proportion. ``longer`` provinces also
    report for the quarter, half-year and year that ended last. With ``rosters`` every province also sends the whole
    list of its members, after the last month. ``progress`` is called with (label, done, total). An
    earlier sample in ``out`` is replaced; a killed call leaves nothing that looks finished. Raises ValueError for
    arguments out of range, FileExistsError if ``out`` holds files that are no sample's: mixed with them it would
    have no truth.
    """
    country = Country(Settings(provinces, months, scale, seed))
    _clear_earlier_sample(out)
    # Written to a temporary folder and renamed at the end: an incomplete sample must not look like a sample.
    inbox, portal = out / ".inbox.partial", out / ".portal.partial"
    for folder in (inbox, portal):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    plan = faulty_plan(country, longer) if faults else clean_plan(country, longer)

    by_province: dict[tuple[str, str], dict[str, int]] = {}
    written: list[_Written] = []
    total = len(plan.submissions) + (len(country.places) if rosters else 0)
    for code, results, figures in _write_provinces(country, plan, inbox, rosters=rosters):
        written.extend(results)
        by_province.update({(code, period): values for period, values in figures.items()})
        if progress:
            progress("Sample workbooks", len(written), total)
    written.extend(_write_extras(plan, inbox))
    _write_index(inbox, written)

    # Workers finish in any order; the press reads the reports in one.
    site = build_site(country, dict(sorted(by_province.items())), plan)
    for done, (path, text) in enumerate(sorted(site.files.items()), 1):
        target = portal / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        if path in site.published:
            _touch(target, utc_time(site.published[path]))
        if progress:
            progress("Sample portal pages", done, len(site.files))

    planted = (*plan.faults, *site.faults)
    summary_figures = {p.code: _by_measure(national_figures(by_province, p)) for p in country.periods}
    truth = {
        "label": SAMPLE_LABEL,
        "provinces": provinces,
        "months": months,
        "scale": scale,
        "seed": seed,
        "calibrated": country.is_calibrated,
        "periods": [p.code for p in country.periods],
        "workbooks": total,
        "files": len(written),
        "pages": len(site.published),
        "figures": summary_figures,
        "faults": [fault.as_json() for fault in planted],
    }
    (out / "truth.json").write_text(_json(truth), encoding="utf-8")
    portal.rename(out / "portal")
    inbox.rename(out / "inbox")
    return SampleSummary(out, total, len(written), len(site.published), planted, summary_figures)


def _clear_earlier_sample(out: Path) -> None:
    """Remove what an earlier call wrote, and only that; refuse if anything else is in the way."""
    inbox, portal, truth = out / "inbox", out / "portal", out / "truth.json"
    if truth.is_file() and json.loads(truth.read_text(encoding="utf-8")).get("label") == SAMPLE_LABEL:
        shutil.rmtree(portal, ignore_errors=True)
        index = inbox / "index.json"
        if index.is_file():
            for file in json.loads(index.read_text(encoding="utf-8"))["files"]:
                (inbox / file["name"]).unlink(missing_ok=True)
            index.unlink()
        truth.unlink()
    for folder in (inbox, portal):
        if folder.is_dir():
            if any(folder.iterdir()):
                raise FileExistsError(f"{folder} holds files that are no sample's; name another folder")
            folder.rmdir()


def _by_measure(figures: dict[str, int]) -> dict[str, dict[str, int]]:
    """National figures of cooperatives: ``{"founded": {"total": 189, ...}, ..., "operating": {...}}``."""
    found: dict[str, dict[str, int]] = {}
    for key, value in sorted(figures.items()):
        measure, sector = key.split(".")
        if measure not in ("unions", "groups"):
            found.setdefault(measure, {})[sector] = value
    return found


_Result = tuple[str, list[_Written], dict[str, dict[str, int]]]


def _write_provinces(country: Country, plan: Plan, inbox: Path, *, rosters: bool) -> Iterator[_Result]:
    """Write every province's workbooks, on two processes where that pays; results in any order."""
    jobs = []
    for place in country.places:
        own = tuple(s for s in plan.submissions if s.province_code == place.code)
        jobs.append((country.settings, place.code, own, inbox, rosters))
    rows = len(plan.submissions) * _ROWS_PER_WORKBOOK * country.settings.scale
    if rows < _ROWS_WORTH_A_PROCESS:
        yield from (_write_province(*job) for job in jobs)
        return
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_write_province, *job) for job in jobs]):
            yield future.result()


@cache
def _country(settings: Settings) -> Country:
    return Country(settings)


def _write_province(
    settings: Settings, code: str, submissions: tuple[Submission, ...], inbox: Path, rosters: bool
) -> _Result:
    country = _country(settings)
    monthly = country.reports(code)
    reports = {report.period.code: report for report in monthly}
    if any(submission.period not in reports for submission in submissions):
        place = country.place(code)
        reports |= {report.period.code: report for report in periodic.reports(country, place, monthly)}
    written = []
    for submission in submissions:
        data = workbook_bytes(country, reports[submission.period], submission)
        written.append(_write_file(inbox, submission.name, data, submission.received_at))
    if rosters:
        last = max((s for s in submissions if s.period == monthly[-1].period.code), key=lambda s: s.revision)
        revision = last.revision + 1
        name = roster_name(code, last.period, revision)
        sent = Submission(code, last.period, revision, name, last.received_at + _ROSTER_AFTER)
        written.append(_write_file(inbox, name, roster_bytes(country, monthly, sent), sent.received_at))
    return code, written, {report.period.code: figures_of(report) for report in monthly}


def _write_file(inbox: Path, name: str, data: bytes, received_at: datetime) -> _Written:
    target = inbox / name
    target.write_bytes(data)
    _touch(target, received_at)
    return _Written(name, len(data), hashlib.sha256(data).hexdigest(), received_at)


def _touch(path: Path, at: datetime) -> None:
    """Set both times of a file; ``at`` is UTC without a zone."""
    seconds = at.replace(tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))


def _write_extras(plan: Plan, inbox: Path) -> list[_Written]:
    written = []
    for extra in plan.extras:
        data = (inbox / extra.of).read_bytes() if extra.of else b""
        if extra.kind == "truncated":
            data = data[: len(data) * 3 // 5]
        elif extra.kind == "no_workbook":
            data = "Ghi chú tháng 11: số liệu gửi sau. (Tệp văn bản, không phải sổ tính.)\n".encode()
        written.append(_write_file(inbox, extra.name, data, extra.received_at))
    return written


def _write_index(inbox: Path, written: list[_Written]) -> None:
    files = [
        {"name": w.name, "size": w.size, "sha256": w.sha256, "received_at": f"{w.received_at.isoformat()}Z"}
        for w in sorted(written, key=lambda w: (w.received_at, w.name))
    ]
    (inbox / "index.json").write_text(_json({"files": files}), encoding="utf-8")


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
