"""Great Expectations' Data Docs of an audit, one page per severity, readable without a network.

Optional: nothing reads them, and the audit does not wait for them. Every rule is a separate expectation here (the audit
combines rules, for speed), so a page shows them one by one. The pages that Great Expectations renders fetch style and
scripts from six hosts: these are removed and a small style sheet is added. The last few audits are kept.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.row_conditions import Column
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view import DefaultJinjaPageView
from selectolax.lexbor import LexborHTMLParser

from expectations.audit import RESIDUALS
from expectations.registry import Rule, Severity, load_rules
from warehouse.content import table_content
from warehouse.files import written_aside

#: Audits whose pages are kept, the newest included.
KEPT = 5
_FOREIGN = (
    "script, link, style, img, iframe, form, button, .sticky .card, .modal, footer, noscript, "
    "[class*=cta], [class*=navbar-brand], #ge-cta-footer, [class*=breadcrumb]"
)
_STYLE = (
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:1rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border-bottom:1px solid #ddd;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#f4f4f4}code,pre{font:13px ui-monospace,monospace}"
    ".text-success,.fa-check-circle{color:#176b2c}.text-danger{color:#a40000}.badge-info{background:#e8f0fe}"
    ".collapse{display:block}.fa-check-circle::before{content:'✓'}.fa-times::before{content:'✗'}</style>"
)


def write_data_docs(con: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Judge the build's residuals rule by rule and write the pages; returns ``folder/index.html``.

    The pages of one audit lie in ``folder/<content>``, named by what was judged, so the same build gives the same
    folder. Raises duckdb.CatalogException without ``rec_residual``.
    """
    named = table_content(con, RESIDUALS).sha256[:16]
    rules = load_rules()
    target = folder / named
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    pages = [(severity, *_page(con, severity, rules, target)) for severity in Severity]
    _forget(folder, keep=named)
    lines = [f'<li><a href="{named}/{s.value}.html">{s.value}</a>: {n} rules, {bad} failed</li>' for s, n, bad in pages]
    earlier = sorted((p for p in folder.iterdir() if p.is_dir() and p.name != named), key=lambda p: -p.stat().st_mtime)
    lines += [
        f'<li>before: <a href="{p.name}/{s.value}.html">{p.name} {s.value}</a></li>' for p in earlier for s in Severity
    ]
    index = folder / "index.html"
    with written_aside(index) as aside:
        aside.write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Data Docs</title>{_STYLE}'
            "<h1>Great Expectations: Data Docs</h1>"
            "<p>Nội bộ: từ bản dựng, không để công bố. / Internal: of the build, not for publication.</p>"
            f"<ul>{''.join(lines)}</ul></html>\n",
            encoding="utf-8",
        )
    return index


def _page(con: duckdb.DuckDBPyConnection, severity: Severity, rules: Sequence[Rule], target: Path) -> tuple[int, int]:
    """Write one page; returns the number of its rules and how many of them failed."""
    members = {rule.id: rule for rule in rules if rule.severity is severity}
    frame = con.execute(
        f"select residual_id, rule_id, subject, excess::double as excess from {RESIDUALS} "
        "where is_comparable and list_contains($rules, rule_id) order by rule_id, residual_id",
        {"rules": list(members)},
    ).df()
    judged = sorted(set(frame["rule_id"]))
    failing = frame[frame["excess"] > 0].sort_values(["excess", "residual_id"])
    worst: dict[Any, Any] = failing.groupby("rule_id")["subject"].last().to_dict()
    expectations: list[Any] = [
        gxe.ExpectColumnValuesToBeBetween(
            column="excess",
            max_value=0,
            row_condition=Column("rule_id") == rule_id,
            description=_label(members[rule_id], worst.get(rule_id)),
        )
        for rule_id in judged
    ]
    silent = sorted(members.keys() - set(judged))
    failed = 0
    body = ""
    if expectations:
        result = _validated(severity, frame, expectations)
        failed = sum(not one.success for one in result.results)
        body = _offline(DefaultJinjaPageView().render(ValidationResultsPageRenderer().render(result)))
    unjudged = f"<p>Not judged, for no figure can be compared: {escape(', '.join(silent)) or 'none'}</p>"
    page = body.replace("</body>", f"{unjudged}</body>") if body else f"<html><body>{unjudged}</body></html>"
    (target / f"{severity.value}.html").write_text(page, encoding="utf-8")
    return len(judged), failed


def _label(rule: Rule, worst: str | None) -> str:
    return f"{rule.id}: {rule.title_vi} / {rule.title_en}" + (f" — worst: {worst}" if worst else "")


def _validated(severity: Severity, frame: Any, expectations: Sequence[Any]) -> Any:
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("residuals").add_dataframe_asset(severity.value)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name=severity.value, expectations=list(expectations))
    return batch.validate(
        suite,
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": 0},
    )


def _offline(page: str) -> str:
    """``page`` without references to other hosts."""
    tree = LexborHTMLParser(page)
    for node in tree.css(_FOREIGN):
        node.decompose()
    for node in tree.css('a[href^="http"]'):
        node.unwrap()
    html = tree.html or ""
    return html.replace("</head>", f'<meta charset="utf-8">{_STYLE}</head>', 1)


def _forget(folder: Path, *, keep: str) -> None:
    kept = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: (p.name == keep, p.stat().st_mtime))
    for old in kept[:-KEPT]:
        shutil.rmtree(old)
