"""The data dictionary of a release: one page per table, Vietnamese first, that opens in any browser without a network.

Contains the pages only: their content comes from the release (tables, keys, descriptions, definitions of measures), the
cookbook (which questions read a table) and :class:`Lineage`, which the caller reads from dbt. Equal input gives equal
pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from warehouse.datapackage import ReleasedColumn, ReleasedTable, unit_of
from warehouse.recipes import Recipe

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border-bottom:1px solid #ddd;padding:.35rem .6rem;"
    "text-align:left;vertical-align:top}th{background:#f4f4f4}code,pre{font:14px ui-monospace,monospace}"
    "pre{background:#f4f4f4;padding:.8rem;overflow-x:auto}.en{color:#666}h1 code{font-size:1em}"
    "h1 small{font-weight:normal;color:#666}"
)
_GROUPS = (
    ("mart_", "Bảng tổng hợp", "Wide marts, for people and BI"),
    ("fct_", "Bảng sự kiện", "Facts"),
    ("dim_", "Bảng chiều", "Dimensions"),
    ("bridge_", "Bảng nối", "Bridges"),
)
#: Descriptions of table macros by the pattern of their name: Vietnamese, English.
MACROS = (
    ("_as_of", "Các dòng như được biết tại một thời điểm (UTC)", "The rows as they were known at a moment (UTC)"),
    ("_restated", "Số liệu trên bản đồ 34 ('34') hoặc 63 tỉnh ('63')", "Figures on the map of 34 or of 63 provinces"),
    ("_by_region", "Số liệu theo vùng của một cách phân vùng", "Figures by region of a scheme"),
    ("_between", "Cộng các tháng giữa hai ngày trên một bản đồ", "Months between two days added up on one map"),
    ("province_on", "Các tỉnh, tên và loại vào một ngày", "Provinces, their names and types on a day"),
)


@dataclass(frozen=True)
class Lineage:
    """The declaration of a table in dbt: its primary key, the tables its keys lead to (column -> (table, column)), and
    what it is made from: other marts (``parents``), forms and pages (``forms``)."""

    primary_key: tuple[str, ...]
    keys: Mapping[str, tuple[str, str]]
    parents: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """The definition of a column's figure, as the release states it."""

    indicator: str
    name_vi: str
    name_en: str
    definition_vi: str
    definition_en: str
    additivity: str
    authority: str


NO_LINEAGE = Lineage((), {}, (), ())


def example_of(table: ReleasedTable) -> str:
    """A first query of a table that runs as it stands: current rows or latest versions, in the order of its key."""
    names = [column.name for column in table.columns]
    flags = ("is_current", "is_latest_version")
    technical = {"artifact_sha256", "sheet", "row_number", "recorded_from", "recorded_to", "row_id", *flags}
    shown = [n for n in names if n not in technical and not n.endswith("_evidence") and n not in table.primary_key]
    chosen = ([k for k in table.primary_key if k not in technical and not _is_hash(k)] + shown)[:6] or names[:6]
    lines = ["select", *(f"  {name}," for name in chosen)]
    lines[-1] = lines[-1].removesuffix(",")
    lines.append(f"from {table.name}")
    lines += [f"where {flag}" for flag in flags if flag in names]
    return "\n".join([*lines, f"order by {', '.join(chosen[:2])}", "limit 20;"])


def _is_hash(column: str) -> bool:
    return column.endswith("_key") and column not in ("province_key", "region_key", "unit_key", "cooperative_key")


def dictionary_files(
    tables: Sequence[ReleasedTable],
    macros: Mapping[str, Sequence[Sequence[str]]],
    *,
    measures: Mapping[tuple[str, str], Measure],
    lineage: Mapping[str, Lineage],
    recipes: Sequence[Recipe],
) -> dict[str, str]:
    """Pages by path: ``dictionary/index.html`` and ``dictionary/<table>.html``.

    ``macros`` are parameters of each overload by name; ``measures`` go by table and column, ``lineage`` by table.
    """
    questions = {t.name: [r for r in recipes if re.search(rf"\b{t.name}\b", r.sql)] for t in tables}
    children: dict[str, list[str]] = {}
    for table in tables:
        for parent in lineage.get(table.name, NO_LINEAGE).parents:
            children.setdefault(parent, []).append(table.name)
    known = {table.name for table in tables}
    files = {
        f"dictionary/{table.name}.html": _page(
            table,
            {c.name: measures.get((table.name, c.name)) for c in table.columns},
            measures.get((table.name, "row_id")) if "row_id" in {c.name for c in table.columns} else None,
            lineage.get(table.name, NO_LINEAGE),
            sorted(children.get(table.name, [])),
            questions[table.name],
            known,
        )
        for table in tables
    }
    return files | {"dictionary/index.html": _index(tables, macros, recipes)}


def _html(title: str, body: Sequence[str]) -> str:
    return "\n".join(
        [
            '<!doctype html>\n<html lang="vi"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(title)}</title><style>{_STYLE}</style>",
            *body,
            "</html>\n",
        ]
    )


def _both(text: str | None) -> str:
    """HTML of a description "Vietnamese / English", with the English text paler."""
    lines = []
    for line in (text or "").splitlines():
        vietnamese, _, english = line.partition(" / ")
        lines.append(escape(vietnamese) + (f' <span class="en">{escape(english)}</span>' if english else ""))
    return "<br>".join(lines)


def _link(table: str, known: set[str] | None = None) -> str:
    if known is not None and table not in known:
        return f"<code>{escape(table)}</code>"
    return f'<a href="{table}.html"><code>{escape(table)}</code></a>'


def _page(
    table: ReleasedTable,
    measures: Mapping[str, Measure | None],
    counted: Measure | None,
    lineage: Lineage,
    children: Sequence[str],
    questions: Sequence[Recipe],
    known: set[str],
) -> str:
    body = [
        '<p><a href="index.html">← Mục lục <span class="en">Index</span></a></p>',
        f"<h1><code>{table.name}</code> <small>{table.rows:,} dòng / rows</small></h1>".replace(",", "."),
        f"<p>{_both(table.description)}</p>",
        f'<p>Khóa chính <span class="en">Primary key</span>: <code>{escape(", ".join(table.primary_key))}</code></p>',
        '<h2>Cột <span class="en">Columns</span></h2>',
        "<table><tr><th>Cột / Column<th>Kiểu / Type<th>Đơn vị / Unit<th>Nghĩa / Meaning</tr>",
        *(_row(column, measures[column.name], lineage.keys.get(column.name), known) for column in table.columns),
        "</table>",
    ]
    if counted is not None:
        body.append(f'<p>Mỗi dòng đếm là <span class="en">Each row counts as</span> {_defined(counted)}</p>')
    body += [
        '<h2>Nguồn gốc <span class="en">Lineage</span></h2><ul>',
        _listed("Làm từ", "Made from", [_link(p, known) for p in lineage.parents]),
        _listed("Từ biểu, trang", "From forms and pages", [f"<code>{escape(f)}</code>" for f in lineage.forms]),
        _listed("Dùng trong", "Read by", [_link(c, known) for c in children]),
        "</ul>",
        '<h2>Truy vấn mẫu <span class="en">Example query</span></h2>',
        f"<pre>{escape(example_of(table))}</pre>",
        "<ul>",
        _listed(
            "Câu hỏi đọc bảng này",
            "Questions that read it",
            [f'<a href="../cookbook/{r.number:02d}-{r.name}.sql">{escape(r.question_vi)}</a>' for r in questions],
            separator="<br>",
        ),
        "</ul>",
    ]
    return _html(table.name, body)


def _row(column: ReleasedColumn, measure: Measure | None, leads_to: tuple[str, str] | None, known: set[str]) -> str:
    meaning = _both(column.description)
    if leads_to is not None:
        meaning += f"<br>→ {_link(leads_to[0], known)}"
    if measure is not None:
        meaning += f"<br>{_defined(measure)}"
    required = "" if column.nullable else ' <span class="en">bắt buộc / required</span>'
    return (
        f"<tr><td><code>{escape(column.name)}</code><td><code>{escape(column.type.lower())}</code>{required}"
        f"<td>{escape(unit_of(column) or '')}<td>{meaning}</tr>"
    )


def _defined(measure: Measure) -> str:
    return (
        f"<b>{escape(measure.name_vi)}</b> (<code>{escape(measure.indicator)}</code>, {escape(measure.authority)}, "
        f'{escape(measure.additivity)}): {escape(measure.definition_vi)} <span class="en">'
        f"{escape(measure.name_en)}: {escape(measure.definition_en)}</span>"
    )


def _listed(vietnamese: str, english: str, items: Sequence[str], *, separator: str = ", ") -> str:
    if not items:
        return ""
    return f'<li>{vietnamese} <span class="en">{english}</span>: {separator.join(items)}</li>'


def _index(
    tables: Sequence[ReleasedTable], macros: Mapping[str, Sequence[Sequence[str]]], recipes: Sequence[Recipe]
) -> str:
    body = [
        '<h1>Từ điển dữ liệu <span class="en">Data dictionary</span></h1>',
        '<p>Mỗi bảng một trang. <span class="en">One page a table.</span> <code>marts.duckdb</code>, '
        "<code>set search_path = 'marts.marts'</code>.</p>",
    ]
    for prefix, vietnamese, english in _GROUPS:
        body += [
            f'<h2>{vietnamese} <span class="en">{english}</span></h2><table>',
            *(
                f"<tr><td>{_link(t.name)}<td>{_both((t.description or '').partition(chr(10))[0])}</tr>"
                for t in tables
                if t.name.startswith(prefix)
            ),
            "</table>",
        ]
    body += ['<h2>Hàm trả về bảng <span class="en">Table macros</span></h2><table>']
    for name, overloads in macros.items():
        calls = "<br>".join(f"<code>{escape(name)}({escape(', '.join(parameters))})</code>" for parameters in overloads)
        said = next(((vi, en) for pattern, vi, en in MACROS if name.endswith(pattern)), ("", ""))
        body.append(f'<tr><td>{calls}<td>{said[0]} <span class="en">{said[1]}</span></tr>')
    body += ["</table>", '<h2>Câu hỏi <span class="en">Questions</span></h2><ol>']
    body += [
        f'<li><a href="../cookbook/{r.number:02d}-{r.name}.sql">{escape(r.question_vi)}</a> '
        f'<span class="en">{escape(r.question_en)}</span></li>'
        for r in recipes
    ]
    return _html("Từ điển dữ liệu", [*body, "</ol>"])
