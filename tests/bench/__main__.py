"""``make bench``: ratios measured in one run, each against a named baseline on the same data and machine.

Nothing here is asserted: machines differ, ratios are read by people. Times are medians of paired rounds.
"""

from __future__ import annotations

import io
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from python_calamine import CalamineWorkbook
from rich.console import Console
from rich.table import Table

from expectations.audit import JUDGED, run_audit
from expectations.row_suites import judge_rows
from ingestion.samples.country import Country, Settings
from ingestion.samples.site import serve
from ingestion.samples.workbooks import Submission, workbook_bytes
from ingestion.samples.writer import write_sample
from ingestion.submissions.reader import Envelope, read_workbook, to_tables
from tests.bench.audit_sql import audit_as_one_sql, judge_and_write_as_sql, row_checks_as_sql
from tests.bench.news import rates
from tests.bench.soak import soak
from warehouse.connections import connect_build
from warehouse.files import remove_tree
from warehouse.layout import Layout

ROUNDS = 3
KEY = b"synthetic people of the benchmark"
RECEIVED = datetime(2021, 12, 3)

out = Console()


def main() -> None:
    """Make a sample country, then measure."""
    out.print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {ROUNDS} rounds, medians", highlight=False)
    with tempfile.TemporaryDirectory(prefix="htx-bench-") as folder:
        root = Path(folder)
        out.print("Writing the sample: 63 provinces, three months ...", highlight=False)
        write_sample(root / "sample")
        table = Table(title="ratio = ours / baseline", title_justify="left")
        for name, justify in (("what", "left"), ("ours", "right"), ("baseline", "right"), ("ratio", "right")):
            table.add_column(name, justify=justify)  # type: ignore[arg-type]
        rows = [reading(), *runs(root), *audits(Layout(root / "home"))]
        for what, ours, baseline in rows:
            table.add_row(what, f"{ours:.2f} s", f"{baseline:.2f} s", f"{ours / baseline:.2f}")
        news = rates(root / "sample" / "portal")
        out.print("Simulated years ...", highlight=False)
        years = [*soak(root / "soak")]
        remove_tree(root / "soak")
    out.print(table)
    for line in (*news, *years):
        out.print(line, highlight=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    out.print(f"Peak memory of this process: {peak:.2f} GiB", highlight=False)


def paired(ours: Callable[[], object], baseline: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, measured in turn."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for measured, run in zip(seconds, (ours, baseline), strict=True):
            started = time.perf_counter()
            run()
            measured.append(time.perf_counter() - started)
    return statistics.median(seconds[0]), statistics.median(seconds[1])


def reading() -> tuple[str, float, float]:
    """400 workbooks of big provinces through the forms to Arrow tables, compared with python-calamine on these.

    They are eight different ones, read repeatedly in one process, so the ratio is that of one core.
    """
    country = Country(Settings(provinces=8, months=1, scale=3, seed=7))
    made = []
    for place in country.places:
        report = next(iter(country.reports(place.code)))
        sent = Submission(place.code, report.period.code, 1, "x.xlsx", RECEIVED, ())
        made.append(workbook_bytes(country, report, sent))
    rows = sum(read_workbook(data, KEY).total("read") for data in made) // len(made)
    files = made * 50

    def ours() -> None:
        for data in files:
            to_tables(read_workbook(data, KEY), Envelope("0" * 64, "x", len(data), RECEIVED), 1, "bench")

    def baseline() -> None:
        for data in files:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            for position in range(len(book.sheet_names)):
                book.get_sheet_by_index(position).to_python(skip_empty_area=False)

    return (f"read {len(files)} workbooks of {rows} rows / python-calamine alone", *paired(ours, baseline))


def runs(root: Path) -> list[tuple[str, float, float]]:
    """``htx run`` with nothing new, compared with the first run on the same inbox and portal."""
    environment = os.environ | {"HTX_HOME": str(root / "home"), "HTX_PSEUDONYM_KEY": KEY.decode()}

    def once() -> float:
        command = [sys.executable, "-m", "orchestration.cli", "run", "--inbox", str(root / "sample" / "inbox")]
        started = time.perf_counter()
        done = subprocess.run([*command, "--portal", url], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"htx run ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return time.perf_counter() - started

    with serve(root / "sample" / "portal") as url:
        out.print("First run ...", highlight=False)
        first = once()
        out.print("Runs with nothing new ...", highlight=False)
        again = statistics.median(once() for _ in range(ROUNDS))
    return [("htx run, nothing new / first run", again, first)]


def audits(layout: Layout) -> list[tuple[str, float, float]]:
    """The audit by Great Expectations with its evidence, compared with SQL that judges (and writes)."""
    with tempfile.TemporaryDirectory() as folder:
        out_dir = Path(folder)
        connection = connect_build(layout)
        try:
            count = connection.execute("select count(*) from reconciliation.rec_residual").fetchall()[0][0]
            baselines = {
                "one SQL query that judges, and its outcomes written": lambda: judge_and_write_as_sql(
                    connection, out_dir / "baseline.parquet"
                ),
                "one SQL query that only judges": lambda: audit_as_one_sql(connection),
            }
            run_audit(connection, out_dir)  # from here on no row is new: what every later audit costs
            rates = [
                (f"audit of {count} residuals / {name}", *paired(lambda: run_audit(connection, out_dir), baseline))
                for name, baseline in baselines.items()
            ]
            kept = {
                "all rows new": lambda: judge_rows(connection, Path(tempfile.mkdtemp(dir=folder))),
                "no row new": lambda: judge_rows(connection, out_dir / JUDGED),
            }
            return rates + [
                (
                    f"checks of rows, {which} / SQL of the same checks",
                    *paired(judge, lambda: row_checks_as_sql(connection)),
                )
                for which, judge in kept.items()
            ]
        finally:
            connection.close()


if __name__ == "__main__":
    main()
