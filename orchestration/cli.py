"""The ``htx`` command. Options, exit codes and what a person sees; the work is done elsewhere.

Exit codes: 0 done, 1 the data or the audit say no, 2 wrong use or configuration, 3 a step broke.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import socket
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from warehouse.layout import Layout

if TYPE_CHECKING:
    from warehouse.connections import QueryResult

app = typer.Typer(
    name="htx",
    help="The HTX Data Bank: provincial workbooks and portal news to an audited warehouse of cooperatives.",
    epilog="Everything lies below HTX_HOME (default: data in the project's folder). Try: htx sample --out sample "
    "--faults --run",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

# Bound to the real streams: steps print into a log while the bars go on.
_PIPE_WIDTH = None if sys.stdout.isatty() else 160
out = Console(file=sys.stdout, width=_PIPE_WIDTH)
err = Console(file=sys.stderr, width=_PIPE_WIDTH)


class Format(StrEnum):
    """How results are written."""

    table = "table"
    json = "json"
    csv = "csv"


FormatOption = Annotated[Format, typer.Option("--format", help="table for people, json or csv for programs.")]


def main() -> None:
    """Entry point of the ``htx`` script."""
    app()


def _stop(message: str, code: int) -> NoReturn:
    err.print(f"[red]{escape(message)}[/red]", highlight=False, soft_wrap=True)
    raise typer.Exit(code)


@app.command()
def sample(
    to: Annotated[Path, typer.Option("--out", help="Folder to write inbox/, portal/ and truth.json into.")],
    provinces: Annotated[int, typer.Option(min=1, max=63, help="How many of the 63 provinces.")] = 63,
    months: Annotated[
        int | None, typer.Option(min=1, max=48, help="How many months, the last being November 2021; 3, national 24.")
    ] = None,
    scale: Annotated[
        str,
        typer.Option(
            metavar="NUMBER|national",
            help="Size of the registers, above 0 to 4; 1 is the country whose sums were published. national: 34,000 "
            "cooperatives, 24 months, and a roster of every member (7 million rows) as zipped texts.",
        ),
    ] = "1",
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes.")] = 2021,
    faults: Annotated[
        bool, typer.Option("--faults", help="Plant faults; truth.json lists each with its rule.")
    ] = False,
    run_it: Annotated[
        bool, typer.Option("--run", help="Then serve the portal on loopback and send both through htx run.")
    ] = False,
) -> None:
    """Write a made-up country: workbooks, a portal, and the truth about both.

    National sums of November 2021 are the published ones; everything below them is synthetic and says so.
    """
    # Samples are for this command and for tests only.
    from ingestion.samples.site import serve  # noqa: PLC0415
    from ingestion.samples.writer import write_sample  # noqa: PLC0415

    national = scale == "national"
    try:
        size = NATIONAL_SCALE if national else float(scale)
    except ValueError:
        _stop(f"--scale {scale!r}: a number above 0 to 4, or national, is expected.", 2)
    if not 0 < size <= 4:
        _stop(f"--scale {scale}: a number above 0 to 4, or national, is expected.", 2)
    months = months or (24 if national else 3)
    out.print(f"Writing a sample of {provinces} provinces and {months} months to {to} ...", highlight=False)
    with _Bars() as bars:
        write_sample(
            to,
            provinces=provinces,
            months=months,
            scale=size,
            seed=seed,
            rosters=national,
            faults=faults,
            longer=min(provinces, SAMPLE_LONGER),
            progress=bars.report,
        )
    if not run_it:
        out.print(
            f"Wrote {to}/inbox, {to}/portal and {to}/truth.json. Next: htx run --inbox {to}/inbox",
            highlight=False,
        )
        return
    with serve(to / "portal", _free_port(SAMPLE_PORT)) as url:
        out.print(f"The sample portal answers at {url} while the pipeline runs.", highlight=False)
        run(inbox=str(to / "inbox"), portal=[url])


#: As many provinces of the sample also report for a quarter, a half-year and a year.
SAMPLE_LONGER = 3
#: The published country has 28,000 cooperatives; today's has 34,000.
NATIONAL_SCALE = 1.2
#: The sample portal answers here if it can, so that repeated samples have equal addresses.
SAMPLE_PORT = 8421


def _free_port(wanted: int) -> int:
    """``wanted``, or 0 (any) if something else answers there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted


@app.command()
def run(
    inbox: Annotated[
        str,
        typer.Option(
            help="Where the workbooks wait: a folder, an http(s):// index, or an fsspec URL (sftp://, s3:// ...). "
            "Default: HTX_INBOX, else HTX_HOME/inbox.",
            metavar="URL",
        ),
    ] = "",
    portal: Annotated[
        list[str] | None,
        typer.Option(help="Portal to fetch; may be repeated. Default: those enabled in portals.yml.", metavar="URL"),
    ] = None,
    period: Annotated[str, typer.Option(help="Read only this month's submissions, for example 2021-11.")] = "",
    anew: Annotated[
        bool,
        typer.Option(
            "--anew", help="Build every table from nothing, also where nothing changed. Gives the same release."
        ),
    ] = False,
) -> None:
    """Run the whole pipeline: receive, read, build, audit, release.

    Only what new submissions and pages reach is built again; with nothing new there is nothing to do.

    Exit 0: released, or nothing new. 1: the audit stopped the release; the old one stays. 2: wrong use.
    """
    from ingestion.submissions.corrections import CorrectionError  # noqa: PLC0415
    from ingestion.submissions.inbox import InboxError  # noqa: PLC0415
    from orchestration.defs.home import inbox_of, ledger_of  # noqa: PLC0415
    from orchestration.instance import BusyError  # noqa: PLC0415
    from orchestration.pipeline import StepFailedError, run_pipeline  # noqa: PLC0415
    from orchestration.settings import Settings  # noqa: PLC0415

    layout = Layout.from_env()
    if period and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        _stop(f"--period {period!r}: a month is expected, for example 2021-11.", 2)
    if inbox and "://" not in inbox:
        if not Path(inbox).is_dir():
            _stop(f"--inbox {inbox}: no such folder. Name the folder in which the workbooks lie.", 2)
        inbox = str(Path(inbox).absolute())
    try:
        inbox_of(inbox, layout, Settings())
        ledger_of(layout)
    except (InboxError, CorrectionError) as error:
        _stop(str(error), 2)
    for url in portal or []:
        if not re.match(r"https?://[^/]+", url):
            _stop(f"--portal {url!r}: an http:// or https:// address is expected.", 2)
    try:
        with _Bars() as bars:
            report = run_pipeline(
                layout,
                inbox=inbox,
                anew=anew,
                portals=portal or [],
                month=period or None,
                listener=bars.report,
            )
    except BusyError as error:
        _stop(str(error), 2)
    except StepFailedError as error:
        _stop(f"{error}\nNothing was released; the last release stays. The next htx run goes on from here.", 3)
    _show_report(report, layout)
    if report.stopped:
        raise typer.Exit(1)


def _show_report(report: Any, layout: Layout) -> None:
    table = Table(title="htx run", title_justify="left", show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    files, rows, audit = report.files, report.rows, report.audit
    table.add_row("files", _n(files["new"]), f"new; {_n(files['known'])} known, {_n(files['sent twice'])} sent twice")
    table.add_row("artifacts read", _n(report.artifacts), f"{report.partial} in part, {report.rejected} refused")
    table.add_row("rows loaded", _n(rows["loaded"]), f"of {_n(rows['read'])} read")
    table.add_row("rows rejected", _n(rows["rejected"]), "in quarantine, each with its cell")
    table.add_row("rows duplicate", _n(rows["duplicate"]), "")
    table.add_row("pages", _n(report.pages), f"new; {len(report.fetch_failures)} fetches failed")
    table.add_row("claims", _n(report.claims), "read from new pages")
    if audit:
        table.add_row("checks", _n(audit["evaluated"]), f"by {len(audit['rules'])} rules")
        table.add_row("anomalies", _n(audit["counts"]["failed"]), "htx anomalies shows each with its evidence")
    table.add_row("release", report.release or "none", "nothing new" if report.nothing_new else "")
    out.print(table, highlight=False)
    for failure in report.fetch_failures[:10]:
        err.print(f"[yellow]{escape(failure)}[/yellow]", highlight=False)
    if report.without_key:
        err.print(
            "[yellow]HTX_PSEUDONYM_KEY is not set: sheets of members (BIEU_03) were refused. Set it to a long secret "
            "and run again; they are read from the archive.[/yellow]"
        )
    if report.stopped:
        err.print("[red]The audit stopped the release; the last one stays.[/red]")
        for item in audit["gate"]["stopped_by"][:20]:
            line = f"{item['rule']}: {item['where']}: expected {item['expected']}, found {item['actual']}"
            err.print(f"[red]  {escape(line)}[/red]", highlight=False, soft_wrap=True)
        return
    if report.release_path:
        out.print(f"\nRelease: {report.release_path}", highlight=False, soft_wrap=True)
        out.print(f"Readers open: {layout.current / 'marts.duckdb'}", highlight=False, soft_wrap=True)
        out.print("\nTry:", highlight=False)
        for query in QUERIES:
            out.print(f'  htx query "{query}"', highlight=False, soft_wrap=True)


QUERIES = (
    "select sector_group, founded_count, dissolved_count, operating_count from mart_national_overview "
    "where period_code = '2021-11' and org_type_code = 'HTX'",
    "select province_name, sum(founded_count) as founded from fct_organisation_count join dim_province using "
    "(province_key) where is_current and period_code = '2021-11' group by all order by founded desc limit 10",
    "select rule_id, severity, count(*) as anomalies from fct_anomaly group by all order by anomalies desc",
)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Workbooks to check.", metavar="FILE…")],
    receipt: Annotated[
        Path | None,
        typer.Option(help="Also write the receipt: a folder, or one .xlsx for one file.", metavar="OUT"),
    ] = None,
) -> None:
    """Tell what a province would be told if it sent these files. Offline; nothing else is stored.

    The receipt is the sender's own workbook with its faults marked, and the same as JSON beside it.
    Exit 0: everything would be taken. 1: something would not.
    """
    from ingestion.submissions.guarded import Guarded, ReaderKilledError  # noqa: PLC0415
    from ingestion.submissions.reader import killed, read_workbook  # noqa: PLC0415
    from ingestion.submissions.receipts import write_receipt  # noqa: PLC0415
    from ingestion.submissions.unpacking import unpacked  # noqa: PLC0415
    from orchestration.settings import Settings  # noqa: PLC0415

    words = {"accepted": "ĐƯỢC NHẬN", "partial": "NHẬN MỘT PHẦN", "rejected": "KHÔNG NHẬN"}
    if receipt is not None and receipt.suffix == ".xlsx" and len(files) > 1:
        _stop(f"--receipt {receipt}: one .xlsx holds one receipt; name a folder for {len(files)} files.", 2)
    acceptable = True
    workbooks: list[tuple[str, bytes]] = []
    for path in files:
        if not path.is_file():
            _stop(f"{path}: no such file.", 2)
        data = path.read_bytes()
        workbooks += unpacked(path.name, data) or [(path.name, data)]
    guarded = Guarded()
    for name, data in workbooks:
        # Checking stores nothing, so any key will do to read the sheet of members.
        try:
            reading = guarded.call(read_workbook, data, Settings().key or b"check only")
        except ReaderKilledError:
            reading = killed()
        acceptable &= reading.outcome == "accepted"
        sender = reading.sender
        who = f" · {sender.province_name} · kỳ {sender.period.code} · lần {sender.revision}" if sender else ""
        out.print(f"[bold]{escape(name)}[/bold]{escape(who)}: {words[reading.outcome]}", highlight=False)
        out.print(
            f"  đọc {reading.total('read')} dòng: nhận {reading.total('loaded')}, "
            f"từ chối {reading.total('rejected')}, trùng {reading.total('duplicate')}",
            highlight=False,
        )
        for problem in reading.problems:
            out.print(f"  • {escape(problem.message)}\n    → {escape(problem.remedy)}", highlight=False, soft_wrap=True)
        if receipt is not None:
            sha = hashlib.sha256(data).hexdigest()
            if receipt.suffix == ".xlsx":
                written = write_receipt(receipt.parent, data, name, sha, reading, stem=receipt.stem)
            else:
                written = write_receipt(receipt, data, name, sha, reading)
            out.print(f"  Phiếu tiếp nhận: {escape(str(written))}", highlight=False, soft_wrap=True)
    guarded.close()
    raise typer.Exit(0 if acceptable else 1)


@app.command()
def template(
    province: Annotated[str, typer.Option(help="Province code on the map of the period, for example 46.")],
    period: Annotated[str, typer.Option(help="2026-10, 2026-Q4, 2026-H2 or 2026.")],
    to: Annotated[Path, typer.Option("--out", help="The .xlsx to write.")],
) -> None:
    """Write the official workbook for a sender and period: code lists, checks, last period's closing as opening."""
    from ingestion.submissions.template import template_bytes  # noqa: PLC0415
    from ingestion.vietnamese.periods import Period  # noqa: PLC0415
    from ingestion.vietnamese.places import basis_on, provinces  # noqa: PLC0415
    from warehouse.connections import NoReleaseError  # noqa: PLC0415
    from warehouse.files import written_aside  # noqa: PLC0415
    from warehouse.openings import closing_before  # noqa: PLC0415

    try:
        when = Period(period)
    except ValueError as error:
        _stop(f"--period: {error}", 2)
    places = provinces(basis_on(when.end))
    place = places.get(province.zfill(2))
    if place is None:
        known = ", ".join(f"{p.code} {p.name}" for p in places.values())
        _stop(f"--province {province!r}: no such code on the map of {period}. Known: {known}", 2)
    try:
        opening = closing_before(Layout.from_env(), place.key, when.start)
    except NoReleaseError:
        opening = {}
    with written_aside(to) as aside:
        aside.write_bytes(template_bytes(place, when, opening=opening))
    said = "opening stock from the current release" if opening else "no opening stock: the release holds none"
    out.print(f"Wrote {to} for {place.name}, {period} ({said}).", highlight=False, soft_wrap=True)


@app.command()
def claims(
    files: Annotated[list[Path], typer.Argument(help="Articles: HTML or plain text.", metavar="FILE…")],
    published: Annotated[str, typer.Option(help="Publication date YYYY-MM-DD, if the page does not say.")] = "",
    url: Annotated[str, typer.Option(help="Address of the page.")] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why each claim reads as it does (key trail).")
    ] = False,
) -> None:
    """Print the claims found in articles, one JSON object a line, nothing else."""
    from ingestion.news.article import ArticleError  # noqa: PLC0415
    from ingestion.news.claims import claims_in_file  # noqa: PLC0415

    try:
        day = date.fromisoformat(published) if published else None
    except ValueError:
        _stop(f"--published {published!r}: a date like 2021-12-02 is expected.", 2)
    for path in files:
        if not path.is_file():
            _stop(f"{path}: no such file.", 2)
        try:
            found = claims_in_file(path, published_on=day, url=url or None)
        except ArticleError as error:
            _stop(f"{path}: {error}", 2)
        for claim in found:
            shown = claim.as_json() | ({"trail": claim.trail} if explain else {})
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")


@app.command()
def anomalies(
    period: Annotated[str, typer.Option(help="Only this period, for example 2021-11.")] = "",
    province: Annotated[str, typer.Option(help="Only this province code, for example 46.")] = "",
    rule: Annotated[str, typer.Option(help="Only this rule or family, for example plan.floors or plan.")] = "",
    format_: FormatOption = Format.table,
    summary: Annotated[
        bool,
        typer.Option("--summary", help="By province and rule: findings, open, new since the release before, oldest."),
    ] = False,
    workbooks: Annotated[
        Path | None,
        typer.Option("--workbooks", help="Write one workbook per province here, in Vietnamese.", metavar="DIR"),
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Every anomaly of all releases: when it opened, when it was gone.")
    ] = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Write Great Expectations' pages of the last build's audit.")
    ] = False,
) -> None:
    """List what the audit of the current release found, with evidence of both sides."""
    if rule:
        _known_rule(rule)
        if data_docs or history or summary or workbooks is not None:
            _stop("--rule: only for the list itself, without --summary, --workbooks, --history and --data-docs.", 2)
    if data_docs:
        _data_docs()
        return
    if history:
        _anomaly_history(period, province, format_)
        return
    if summary or workbooks is not None:
        _anomalies_together(summary, workbooks, format_)
        return
    conditions, values = ["true"], []
    if period:
        conditions.append("period_code = ?")
        values.append(period)
    if province:
        conditions.append("province_key in ('63-' || ?, '34-' || ?)")
        values += [province.zfill(2), province.zfill(2)]
    if rule:
        conditions.append("? in (rule_id, rule_family)")
        values.append(rule)
    columns = (
        "severity, anomaly_status, rule_id, period_code, province_name, explanation_vi"
        if format_ is Format.table
        else "fct_anomaly.*, province_name"
    )
    sql = (
        f"select {columns} from fct_anomaly left join dim_province using (province_key) "
        f"where {' and '.join(conditions)} "
        "order by case severity when 'block' then 0 when 'reject' then 1 else 2 end, rule_id, period_code, residual_id"
    )
    found = _ask(sql, values)
    if format_ is Format.table and not found.rows:
        out.print("No anomalies." if not (period or province or rule) else "No anomalies there.")
        return
    _write(found, format_)


def _known_rule(name: str) -> None:
    """Stop with the names there are, unless ``name`` is a rule or a family of the registry."""
    from expectations.registry import load_rules  # noqa: PLC0415

    rules = load_rules()
    families = sorted({rule.family for rule in rules})
    if name not in {rule.id for rule in rules} and name not in families:
        family = name.split(".", maxsplit=1)[0]
        near = [rule.id for rule in rules if rule.family == family] or families
        _stop(f"--rule {name!r}: no such rule or family. Known: {', '.join(near)}", 2)


def _anomaly_history(period: str, province: str, format_: Format) -> None:
    from warehouse.anomalies import history  # noqa: PLC0415
    from warehouse.connections import NoReleaseError  # noqa: PLC0415

    try:
        _write(history(Layout.from_env(), period=period, province=province), format_)
    except NoReleaseError as error:
        _stop(str(error), 2)


def _data_docs() -> None:
    import duckdb  # noqa: PLC0415

    from expectations.data_docs import write_data_docs  # noqa: PLC0415
    from warehouse.connections import BuildUnavailableError, connect_build  # noqa: PLC0415

    layout = Layout.from_env()
    try:
        connection = connect_build(layout, read_only=True)
        try:
            index = write_data_docs(connection, layout.build / "data_docs")
        finally:
            connection.close()
    except BuildUnavailableError as error:
        _stop(str(error), 2)
    except duckdb.CatalogException as error:
        _stop(f"the last build did not get as far as the audit; htx run goes on from there ({error})", 2)
    out.print(f"Open {index}", highlight=False, soft_wrap=True)


def _anomalies_together(summary: bool, workbooks: Path | None, format_: Format) -> None:
    from warehouse import anomalies as found  # noqa: PLC0415
    from warehouse.connections import NoReleaseError  # noqa: PLC0415

    layout = Layout.from_env()
    try:
        if summary:
            _write(found.summary(layout), format_)
            mended = found.gone(layout)
            if format_ is Format.table and mended is not None:
                out.print(f"{_n(mended)} anomalies of the release before are gone.", highlight=False)
        if workbooks is not None:
            written = found.write_workbooks(layout, workbooks)
            err.print(f"Wrote {len(written)} workbooks to {workbooks}.", highlight=False, soft_wrap=True)
    except NoReleaseError as error:
        _stop(str(error), 2)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL on the current release; schema marts comes first.", metavar='"SQL"')],
    format_: FormatOption = Format.table,
) -> None:
    """Run SQL on the current release, read-only."""
    _write(_ask(sql), format_)


@app.command()
def diff(
    older: Annotated[
        str, typer.Argument(help="A release, for example 2021.12.05-1. Default: the one before.", metavar="[RELEASE_A")
    ] = "",
    newer: Annotated[str, typer.Argument(help="A later one. Default: the current one.", metavar="RELEASE_B]")] = "",
    mart: Annotated[str, typer.Option("--mart", help="Of this table, show which rows by key, and which columns.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many rows of a mart.")] = 50,
    format_: FormatOption = Format.table,
) -> None:
    """Show what changed between two releases: rows added, removed and changed by mart, or by key with --mart."""
    from warehouse.differences import as_result, changed_keys, differences, release_named  # noqa: PLC0415
    from warehouse.release import ReleaseError, current_release, list_releases  # noqa: PLC0415

    layout = Layout.from_env()
    try:
        releases = list_releases(layout)
        two = release_named(releases, newer, layout.releases) if newer else current_release(layout)
        names = [release.name for release in releases]
        before = releases[: names.index(two.name)] if two else ()
        if two is None or not (older or before):
            _stop(f"There are not two releases in {layout.releases} yet: nothing to compare.", 2)
        one = release_named(releases, older, layout.releases) if older else before[-1]
        if mart:
            _write(changed_keys(one, two, mart.removeprefix("marts."), limit), format_)
            return
        found = differences(one, two)
    except ReleaseError as error:
        _stop(str(error), 2)
    if format_ is Format.table:
        out.print(f"{one.name} -> {two.name}", highlight=False)
        if not found:
            out.print("Nothing changed.")
            return
    _write(as_result(found), format_)


@app.command()
def cookbook(
    which: Annotated[
        str, typer.Argument(help="Number or name of a question; without it, all are listed.", metavar="[QUESTION]")
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="What to ask for, for example period=2021-10; may be repeated.", metavar="NAME=VALUE"
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--sql", help="Show the SQL instead of running it.")] = False,
    format_: FormatOption = Format.table,
) -> None:
    """Answer a question that people ask, from the current release; without a question, list them all."""
    import duckdb  # noqa: PLC0415

    from warehouse.connections import NoReleaseError, connect_release  # noqa: PLC0415
    from warehouse.recipes import RecipeError, cook, find_recipe, recipes  # noqa: PLC0415

    if not which:
        for recipe in recipes():
            out.print(f"[bold]{recipe.number:>3}[/bold]  {escape(recipe.question_vi)}", highlight=False, soft_wrap=True)
            out.print(f"     [dim]{escape(recipe.question_en)}[/dim]", highlight=False, soft_wrap=True)
        out.print("\nTry: htx cookbook 1, or htx cookbook 1 --sql; --set NAME=VALUE asks for something else.")
        return
    values = dict(pair.split("=", 1) for pair in settings or () if "=" in pair)
    if len(values) != len(settings or ()):
        _stop("--set takes NAME=VALUE once for each name, for example --set period=2021-10", 2)
    try:
        recipe = find_recipe(which)
        if show:
            sys.stdout.write(recipe.sql)
            return
        connection = connect_release(Layout.from_env())
        try:
            found = cook(connection, recipe, values)
        finally:
            connection.close()
    except (RecipeError, NoReleaseError) as error:
        _stop(str(error), 2)
    except duckdb.Error as error:
        _stop(f"{error}\nWhat may be set: {'; '.join(recipe.settings) or 'nothing'}", 2)
    if format_ is Format.table:
        out.print(f"[bold]{escape(recipe.question_vi)}[/bold]", highlight=False, soft_wrap=True)
        for line in (*recipe.settings, *recipe.cautions):
            out.print(f"[dim]{escape(line)}[/dim]", highlight=False, soft_wrap=True)
        if not found.rows:
            out.print("Không có dòng nào. / No rows.")
            return
    _write(found, format_)


def _ask(sql: str, values: Sequence[object] = ()) -> QueryResult:
    import duckdb  # noqa: PLC0415

    from warehouse.connections import NoReleaseError, connect_release, run_query  # noqa: PLC0415

    try:
        connection = connect_release(Layout.from_env())
    except NoReleaseError as error:
        _stop(str(error), 2)
    try:
        return run_query(connection, sql, values)
    except duckdb.Error as error:
        _stop(f'{error}\nTables: htx query "show tables"; columns: htx query "describe fct_organisation_count"', 2)
    finally:
        connection.close()


def _write(found: QueryResult, format_: Format) -> None:
    names, rows = found.columns, found.rows
    if format_ is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
        return
    if format_ is Format.json:
        records = [{name: _json_value(v) for name, v in zip(names, row, strict=True)} for row in rows]
        sys.stdout.write(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
        return
    shown = [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max([len(name), *(len(row[position]) for row in shown)]) for position, name in enumerate(names)]
    if sum(min(width, WRAPPED_WIDTH) + 3 for width in widths) > out.width:
        _write_records(names, shown)
        return
    table = Table(header_style="bold")
    for position, name in enumerate(names):
        numeric = rows and all(isinstance(row[position], int | float | Decimal | None) for row in rows)
        table.add_column(
            name,
            justify="right" if numeric else "left",
            overflow="fold",
            min_width=min(widths[position], WRAPPED_WIDTH),
        )
    for row in shown:
        table.add_row(*map(escape, row))
    out.print(table)


#: A column of a table may be wrapped down to this many characters; a row that still does not fit is written as a list.
WRAPPED_WIDTH = 36


def _write_records(names: Sequence[str], rows: list[list[str]]) -> None:
    """Rows that are too wide for a table: one line a value, as psql's expanded display."""
    longest = max(map(len, names))
    for number, row in enumerate(rows, 1):
        out.print(f"[dim]── {number} " + "─" * longest + "[/dim]", highlight=False)
        for name, value in zip(names, row, strict=True):
            out.print(f"[bold]{name:<{longest}}[/bold]  {escape(value)}", highlight=False, soft_wrap=True)


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if value is None or isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)


@app.command()
def status() -> None:
    """Show where the pipeline stands: what waits, what was read, the current release and its audit."""
    from ingestion.raw_zone import RawZone  # noqa: PLC0415
    from ingestion.submissions.corrections import CorrectionError  # noqa: PLC0415
    from ingestion.submissions.intake import pending  # noqa: PLC0415
    from orchestration.defs.home import ledger_of  # noqa: PLC0415
    from orchestration.settings import Settings  # noqa: PLC0415
    from warehouse.release import current_release, list_releases  # noqa: PLC0415

    layout = Layout.from_env()
    raw = RawZone(layout.raw)
    try:
        ledger = ledger_of(layout)
    except CorrectionError as error:
        _stop(str(error), 2)
    waiting = pending(raw, Settings().key, ledger)
    release = current_release(layout)
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("home", str(layout.home))
    table.add_row("files received", _n(raw.read("_received", columns=["name"]).num_rows))
    table.add_row("artifacts read", _n(len(raw.readings())))
    table.add_row("waiting", ", ".join(f"{month}: {len(files)}" for month, files in waiting.items()) or "nothing")
    table.add_row("releases", _n(len(list_releases(layout))))
    table.add_row("current", release.name if release else "none yet; htx run makes one")
    if release:
        audit = json.loads((release.path / "audit.json").read_text(encoding="utf-8"))
        table.add_row("audit", f"{_n(audit['evaluated'])} checks, {_n(audit['counts']['failed'])} anomalies")
        table.add_row("open", str(layout.current / "marts.duckdb"))
        for name, cell, outcome in _idle_corrections(layout):
            table.add_row("corrections.csv", f"{name} {cell}: {outcome}")
    out.print(table, highlight=False)


def _idle_corrections(layout: Layout) -> list[tuple[str, str, str]]:
    """File, cell and reason of central corrections that correct nothing (any more)."""
    from warehouse.connections import connect_release  # noqa: PLC0415

    said = {
        "differs": "not applied, the cell holds something else; mend the entry",
        "absent": "not applied, the file has no such sheet or cell; mend the entry",
        "expired": "expired; renew it or take it out",
    }
    connection = connect_release(layout)
    try:
        rows = connection.execute(
            "select file_name, sheet || '!' || cell, outcome, is_source_fixed from fct_correction "
            "where is_source_fixed or outcome <> 'applied' order by all"
        ).fetchall()
    finally:
        connection.close()
    return [
        (name, cell, "the sender has sent again; take the entry out" if fixed else said[outcome])
        for name, cell, outcome, fixed in rows
    ]


@app.command()
def doctor() -> None:
    """Check whether this machine can run the pipeline; each problem with its remedy."""
    from orchestration.doctor import diagnose  # noqa: PLC0415

    healthy = True
    for finding in diagnose(Layout.from_env()):
        mark = {"ok": "[green]ok[/green]     ", "note": "[yellow]note[/yellow]   ", "bad": "[red]problem[/red]"}[
            finding.grade
        ]
        out.print(f"{mark} {escape(finding.what)}", highlight=False, soft_wrap=True)
        if finding.remedy:
            out.print(f"        → {escape(finding.remedy)}", highlight=False, soft_wrap=True)
        healthy &= finding.grade != "bad"
    raise typer.Exit(0 if healthy else 1)


def _n(value: int) -> str:
    return f"{value:,}".replace(",", ".")


class _Bars:
    """One progress bar per kind of step, made when the step first reports; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=out,
            disable=not out.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, label: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` steps of ``label`` are finished."""
        if label not in self._tasks:
            self._tasks[label] = self._progress.add_task(label, total=max(total, 1))
            if not out.is_terminal:
                out.print(f"{label} ...", highlight=False)
        self._progress.update(self._tasks[label], completed=done if total else 1, total=max(total, 1))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUTF8", "1")
    main()
