"""The anomalies of a release: a short summary, their history over releases, and a workbook per province.

Reads the current release and earlier ones that are kept. Judging, causes and groups belong to the audit. A finding is a
group of anomalies that share a cause.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import xlsxwriter

from warehouse.connections import QueryResult, connect_marts, connect_release, run_query
from warehouse.files import written_aside
from warehouse.layout import Layout
from warehouse.release import current_release, list_releases
from warehouse.stamps import ANOMALIES, DEFINED_NAME, stamp

#: Columns of a province's workbook: heading, SQL expression, width.
_COLUMNS = (
    ("Nhóm", "dense_rank() over (order by group_id)", 7),
    ("Kỳ", "period_code", 10),
    (
        "Mức độ",
        "case severity when 'reject' then 'Giữ báo cáo' when 'block' then 'Dừng phát hành' else 'Nêu ra' end",
        14,
    ),
    ("Quy tắc", "title_vi", 36),
    ("Số đối chiếu", "cast(expected as double)", 18),
    ("Số được kiểm tra", "cast(actual as double)", 18),
    ("Chênh lệch", "cast(difference as double)", 18),
    ("Giải thích và việc cần làm", "explanation_vi", 90),
    ("Nguyên nhân có thể", "cause_vi", 40),
    (
        "Trạng thái",
        "case anomaly_status when 'open' then 'Đang mở' when 'explained' then 'Đã giải thích' "
        "when 'accepted' then 'Chấp nhận' when 'reopened' then 'Mở lại' when 'overridden' then 'Được phép phát hành' "
        "else 'Đã sửa ở lần gửi sau' end",
        18,
    ),
    ("Biết từ ngày", "strftime(first_found_on, '%d/%m/%Y')", 13),
    ("Người sửa", "fix_by_vi", 40),
)


def _before(layout: Layout) -> set[str] | None:
    """Residual ids of the anomalies in the release before the current one; None if there is none."""
    current = current_release(layout)
    earlier = [r for r in list_releases(layout) if current is None or r.name != current.name]
    if current is None or not earlier:
        return None
    with connect_marts(earlier[-1].path) as con:
        return {str(row[0]) for row in run_query(con, "select residual_id from fct_anomaly").rows}


def listed(layout: Layout, *, period: str = "", province: str = "", rule: str = "", brief: bool = False) -> QueryResult:
    """The anomalies of the current release, the most severe first; ``brief``: the columns that a person reads.

    ``period``, ``province`` (a code) and ``rule`` (or a family) leave out the others. Raises NoReleaseError if there
    is no release.
    """
    columns = (
        "severity, anomaly_status, rule_id, period_code, province_name, explanation_vi"
        if brief
        else "fct_anomaly.*, province_name"
    )
    with connect_release(layout) as con:
        return run_query(
            con,
            f"""
            select {columns}
            from fct_anomaly left join dim_province using (province_key)
            where
                (? = '' or period_code = ?)
                and (? = '' or province_key in ('63-' || ?, '34-' || ?))
                and (? = '' or ? in (rule_id, rule_family))
            order by
                case severity when 'block' then 0 when 'reject' then 1 else 2 end, rule_id, period_code, residual_id
            """,
            [period, period, province, province.zfill(2), province.zfill(2), rule, rule],
        )


def summary(layout: Layout) -> QueryResult:
    """One row per province and rule: findings, open anomalies, new ones, and the oldest.

    The first release has no new ones.
    Raises NoReleaseError if there is no release.
    """
    with connect_release(layout) as con:
        before = _before(layout)
        con.execute("create temp table anomaly_before (residual_id varchar)")
        if before:
            con.executemany("insert into anomaly_before values (?)", [[name] for name in sorted(before)])
        return run_query(
            con,
            """
            select
                coalesce(p.province_name, 'Cả nước') as province, a.rule_id, min(a.title_vi) as title_vi,
                count(*) filter (where a.is_group_head) as findings,
                count(*) as anomalies,
                count(*) filter (where a.anomaly_status in ('open', 'reopened')) as open,
                count(*) filter (where a.anomaly_status = 'fixed') as fixed,
                count(*) filter (where ? and b.residual_id is null) as new,
                min(a.first_found_on) filter (where a.anomaly_status in ('open', 'reopened')) as oldest
            from fct_anomaly as a
            left join dim_province as p using (province_key)
            left join anomaly_before as b on a.residual_id = b.residual_id
            group by province, a.rule_id
            order by open desc, oldest, province, a.rule_id
            """,
            [before is not None],
        )


def gone(layout: Layout) -> int | None:
    """Anomalies of the release before that the current one no longer has; None if there is no release before."""
    before = _before(layout)
    if before is None:
        return None
    with connect_release(layout) as con:
        now = {str(row[0]) for row in run_query(con, "select residual_id from fct_anomaly").rows}
    return len(before - now)


def history(layout: Layout, *, period: str = "", province: str = "") -> QueryResult:
    """One row per anomaly that any kept release held: in which release it opened, in which it was gone, how often.

    ``opened_count`` is above one where it was gone in between. The text is that of the last release that held it.
    ``period`` and ``province`` (a code) leave out the others. Raises NoReleaseError if there is no release.
    """
    try:
        return _history(layout, period, province)
    except duckdb.IOException:
        # A release was pruned between its listing and its reading.
        return _history(layout, period, province)


def _history(layout: Layout, period: str, province: str) -> QueryResult:
    listed = list_releases(layout)
    with connect_release(layout, with_files=True) as con:
        con.execute("create temp table kept (release_number integer, release_name varchar, path varchar)")
        con.executemany(
            "insert into kept values (?, ?, ?)",
            [[n, r.name, str(r.path / "parquet" / "fct_anomaly.parquet")] for n, r in enumerate(listed)],
        )
        return run_query(
            con,
            """
            with held as (
                select k.release_number, k.release_name, a.*
                from read_parquet(?, union_by_name = true, filename = true) as a
                inner join kept as k on k.path = a.filename
                where (? = '' or a.period_code = ?) and (? = '' or a.province_key in ('63-' || ?, '34-' || ?))
            ),
            followed as (
                select
                    *,
                    release_number - 1 is distinct from
                        lag(release_number) over (partition by residual_id order by release_number) as is_opening
                from held
            ),
            tracked as (
                select
                    residual_id,
                    min(release_number) as first_number,
                    max(release_number) as last_number,
                    count(*) filter (where is_opening) as opened_count,
                    max_by({'rule': rule_id, 'severity': severity, 'province': province_key, 'period': period_code,
                            'subject': subject, 'status': anomaly_status}, release_number) as last_seen
                from followed
                group by residual_id
            )
            select
                tracked.last_seen.rule as rule_id, tracked.last_seen.severity as severity,
                coalesce(p.province_name, 'Cả nước') as province, tracked.last_seen.period as period_code,
                tracked.last_seen.subject as subject, opened.release_name as opened_in, ended.release_name as gone_in,
                tracked.opened_count,
                case when ended.release_name is null then tracked.last_seen.status else 'gone' end as status
            from tracked
            inner join kept as opened on opened.release_number = tracked.first_number
            left join kept as ended on ended.release_number = tracked.last_number + 1
            left join dim_province as p on p.province_key = tracked.last_seen.province
            order by ended.release_number nulls first, opened.release_number, rule_id, tracked.residual_id
            """,
            [[str(r.path / "parquet" / "fct_anomaly.parquet") for r in listed], period, period,
             province, province.zfill(2), province.zfill(2)],
        )  # fmt: skip


def write_workbooks(layout: Layout, folder: Path) -> list[Path]:
    """One workbook per province with anomalies, in Vietnamese, and one for those of no province; returns the files."""
    expressions = ", ".join(expression for _, expression, _ in _COLUMNS)
    with connect_release(layout) as con:
        found = run_query(
            con,
            f"""
            select coalesce(province_key, 'ca-nuoc') as place, {expressions}
            from fct_anomaly left join dim_province using (province_key)
            order by place, group_id, period_code, rule_id, residual_id
            """,
        )
    by_place: dict[str, list[tuple[object, ...]]] = {}
    for place, *values in found.rows:
        by_place.setdefault(str(place), []).append(tuple(values))
    written = []
    folder.mkdir(parents=True, exist_ok=True)
    for place, rows in by_place.items():
        target = folder / f"sai-lech-{place}.xlsx"
        with written_aside(target) as aside:
            _write(aside, rows, layout.current.resolve().name)
        written.append(target)
    return written


def _write(path: Path, rows: list[tuple[object, ...]], release: str) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Sai lệch")
        origin = f"Bản nội bộ {release}, chỉ gửi cho tỉnh này. / Internal release {release}, for this province only."
        book.set_properties({"comments": origin})
        sheet.set_footer(f"&L{origin}")
        heading = book.add_format({"bold": True, "bg_color": "#DDE6F0", "text_wrap": True, "border": 1})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "#,##0.##", "valign": "top"})
        for position, (title, _, width) in enumerate(_COLUMNS):
            sheet.set_column(position, position, width)
            sheet.write_string(0, position, title, heading)
        for line, row in enumerate(rows, 1):
            for position, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(line, position, value, number)
                elif value is not None:
                    # Never a formula: what a province wrote is shown, not run.
                    sheet.write_string(line, position, str(value), cell)
        # A province may send this workbook back, or copy its sheet into a report.
        book.define_name(f"'{sheet.name}'!{DEFINED_NAME}", f'="{stamp(ANOMALIES)}"')
        sheet.write_string(0, len(_COLUMNS), stamp(ANOMALIES), book.add_format({"font_color": "#A6A6A6"}))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(_COLUMNS) - 1)
