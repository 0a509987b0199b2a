"""A whole country: its build compared with five of its tables by hand-written SQL, one more month, audit, release.

``python -m tests.bench.national``: writes ``htx sample --scale national`` (or ``--sample`` names one), reads all but
the workbooks of the last month, builds, reads and builds that month, audits and releases, in separate processes whose
time and peak memory it prints. National size takes about twenty minutes; ``--scale 0.1 --months 6`` is a quick try.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console

from expectations.registry import export_rules
from ingestion.archive import Archive
from ingestion.raw_zone import RawZone
from ingestion.samples.writer import write_sample
from ingestion.submissions.inbox import open_inbox
from ingestion.submissions.intake import read_submissions
from ingestion.submissions.receiving import receive
from tests.bench.__main__ import KEY
from tests.bench.__main__ import audits as audits_of
from warehouse.connections import remove_build
from warehouse.layout import DBT_PROJECT_DIR, Layout

#: The tables of the hand-written script, with the columns that both have, and the rows of ours that correspond.
TABLES = {
    "fct_organisation_count": (
        "row_id, province_key, period_code, org_type_code, sector_code, closing_count",
        "is_current",
    ),
    "mart_national_overview": (
        "period_code, org_type_code, sector_group, founded_count, closing_count, member_count, "
        "provinces_reported_count",
        "true",
    ),
    "dim_cooperative": ("org_code, org_name, status_code, province_key, founded_on, dissolved_on", "is_latest_version"),
    "fct_membership": ("row_id, member_key, org_code, joined_on, capital_contributed_vnd", "is_current"),
    "fct_fund_loan": ("row_id, loan_code, province_key, period_code, outstanding_vnd", "is_current"),
}
BY_HAND = Path(__file__).with_name("by_hand.sql")
out = Console(highlight=False)


@dataclass(frozen=True)
class Measured:
    """Seconds of a command, and the peak memory (GiB) of its largest process."""

    seconds: float
    peak: float


def measured(command: list[str], **environment: str) -> Measured:
    """Run ``command`` and wait; its output is shown only if it fails."""
    started = time.perf_counter()
    # A wrapper, so that the peak of earlier children does not hide this one's.
    wrapped = [sys.executable, "-c", _WRAPPER, *command]
    done = subprocess.run(wrapped, env=os.environ | environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return Measured(seconds, int(done.stderr.splitlines()[-1]) / 2**20)


def described(measured_: Measured) -> str:
    """Seconds and peak memory as text."""
    return f"{measured_.seconds:.1f} s, peak {measured_.peak:.1f} GiB"


_WRAPPER = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(code)"
)


def read(home: str, inbox: str) -> None:
    """Receive and read everything in ``inbox``, as ``htx run`` does."""
    layout = Layout(Path(home))
    layout.prepare()
    archive, raw_zone = Archive(layout.archive), RawZone(layout.raw)
    receive(open_inbox(inbox), archive, raw_zone)
    read_submissions(None, archive, raw_zone, key=KEY, workers=2)
    export_rules(layout)


def split(inbox: Path, before: Path, month: Path, period: str) -> None:
    """Links of the files of ``inbox``: the monthly workbooks of ``period`` in ``month``, all others in ``before``."""
    for folder in (before, month):
        folder.mkdir(parents=True)
        shutil.copy(inbox / "index.json", folder)
    for file in inbox.glob("LMHTX-*"):
        os.link(file, (month if f"-{period}-L1." in file.name else before) / file.name)


def build(home: Path, *selected: str, full_refresh: bool = True) -> Measured:
    """Build all models and data tests, or ``selected`` with their parents; ``full_refresh`` deletes the file first."""
    if full_refresh:
        remove_build(Layout(home))
    command = [
        sys.executable,
        "-m",
        "dbt.cli.main",
        "--quiet",
        "--log-level-file",
        "info",
        "build",
        "--exclude-resource-type",
        "unit_test",
    ]
    command += ["--select", *(f"+{name}" for name in selected), "--exclude-resource-type", "test"] if selected else []
    command += [
        "--exclude",
        "tag:audited",
        "--project-dir",
        str(DBT_PROJECT_DIR),
        "--profiles-dir",
        str(DBT_PROJECT_DIR),
    ]
    return measured(command, HTX_HOME=str(home), DBT_TARGET_PATH=str(home / "build" / "bench"), DO_NOT_TRACK="1")


def by_hand(home: Path, database: Path) -> Measured:
    """The script, in DuckDB with the same threads and memory."""
    database.unlink(missing_ok=True)
    sql = BY_HAND.read_text(encoding="utf-8").replace("{raw}", str(Layout(home).raw))
    program = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1], config={'threads': 2, 'memory_limit': '2500MB'}); "
        "con.execute(sys.stdin.read() if len(sys.argv) < 3 else open(sys.argv[2]).read())"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as script:
        script.write(sql)
        script.flush()
        return measured([sys.executable, "-c", program, str(database), script.name])


def compare(home: Path, database: Path) -> None:
    """Both ways must give the same rows; prints how many."""
    with duckdb.connect() as con:
        con.execute(f"attach '{Layout(home).database}' as ours (read_only)")
        con.execute(f"attach '{database}' as hand (read_only)")
        for table, (columns, current) in TABLES.items():
            mine, theirs = (
                f"select {columns} from ours.marts.{table} where {current}",
                f"select {columns} from hand.{table}",
            )
            differ = con.execute(
                f"select count(*) from (({mine} except all {theirs}) union all ({theirs} except all {mine}))"
            ).fetchall()[0][0]
            rows = con.execute(f"select count(*) from ({theirs})").fetchall()[0][0]
            out.print(f"  {table}: {rows:,} rows by hand, {differ:,} differ")


def audits(home: Path) -> None:
    """Print the audit of the build against SQL that does the same checks."""
    for what, ours, baseline in audits_of(Layout(home)):
        out.print(f"{what}: {ours:.1f} s / {baseline:.1f} s = {ours / baseline:.1f}")


def main() -> None:
    """Write, read, build, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=Path, help="a sample that is there already")
    parser.add_argument("--keep", type=Path, help="leave the installation and all else in this new folder")
    parser.add_argument("--scale", type=float, default=1.2)
    parser.add_argument("--months", type=int, default=24)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="htx-national-") as folder:
        home = (arguments.keep or Path(folder)) / "home"
        home.mkdir(parents=True)
        sample = arguments.sample or home.parent / "sample"
        if arguments.sample is None:
            out.print("Writing the sample ...")
            write_sample(sample, months=arguments.months, scale=arguments.scale, rosters=True)
        period = max(json.loads((sample / "truth.json").read_text(encoding="utf-8"))["periods"])
        before, month = home.parent / "before", home.parent / "month"
        split(sample / "inbox", before, month, period)
        program = "import sys; from tests.bench.national import read; read(*sys.argv[1:])"

        def reading(inbox: Path) -> Measured:
            return measured([sys.executable, "-c", program, str(home.absolute()), str(inbox)])

        out.print("Reading ...")
        read_before = reading(before)
        out.print(f"all but the last month, read and stored: {described(read_before)} a process")
        out.print(f"built: {described(build(home))}")
        read_month = reading(month)
        out.print(f"the last month, read and stored: {described(read_month)} a process")
        increment = build(home, full_refresh=False)
        out.print(f"the last month, built: {described(increment)}")
        audits(home)
        command = [sys.executable, "-m", "orchestration.cli", "run"]
        released = measured(command, HTX_HOME=str(home), HTX_PSEUDONYM_KEY=KEY.decode())
        out.print(f"htx run of the built: audit, audited tables, first release: {described(released)}")
        database = home.parent / "hand.duckdb"
        hand = by_hand(home, database)
        out.print(f"five tables by the hand-written script: {described(hand)}")
        five = build(home, *TABLES)
        out.print(f"the five and what they need, by dbt: {described(five)}")
        compare(home, database)
        whole = build(home)
        out.print(f"everything with data tests, by dbt: {described(whole)}")
        every = read_before.seconds + whole.seconds
        out.print(f"five / by hand {five.seconds / hand.seconds:.1f}")
        out.print(f"everything / by hand {whole.seconds / hand.seconds:.1f}")
        out.print(f"one month / everything {increment.seconds / whole.seconds:.2f}")
        out.print(f"the same with reading {(read_month.seconds + increment.seconds) / every:.2f}")


if __name__ == "__main__":
    main()
