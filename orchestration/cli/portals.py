"""Try portals: what each answers, whether its listing, its way back and the dates of its articles are found.

Without a name, every enabled portal is tried; --all tries every portal of the register that has an address. A portal is
compared with the last time it was tried: another title, generator or engine may mean that the host changed hands.
Nothing is archived.

Exit 0: all were found. 1: something is missing. 2: wrong use.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ingestion.news.article import ArticleError, extract_article
from ingestion.portals.portals import Portal, PortalError, enabled_portals, load_portals, portal_for
from ingestion.portals.probe import Probe, probe_portal
from orchestration.cli.console import home, out, stop, stop_on

portals = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)


@dataclass(frozen=True)
class Finding:
    """What is kept of a probe, to compare the next one with; ``engine`` is the entry of ``pages.yml`` that read."""

    outcome: str
    page_title: str
    generator: str
    engine: str
    lists_articles: bool
    way_back: str
    has_date: bool

    def faults(self, probe: Probe) -> list[str]:
        """What is missing, a line each."""
        if self.outcome != "fetched":
            return [f"{self.outcome}: {probe.detail}"]
        found = [] if self.lists_articles else [f"no article on {probe.detail}: correct listings or kind"]
        if self.lists_articles and probe.article is None:
            found.append("none of its first articles was sent")
        if probe.missing and not probe.way_back:
            found.append(f"no way to older articles ({', '.join(probe.missing)})")
        if probe.article is not None and not self.engine:
            found.append(f"no text read from {probe.article.url}: an entry in pages.yml is needed")
        if self.engine and not self.has_date:
            found.append("no date found on its article")
        return found

    def changes(self, before: Finding) -> list[str]:
        """What differs from the last time, a line each."""
        then, now = asdict(before), asdict(self)
        return [f"{name} was {then[name]!r}, is {now[name]!r}" for name in now if then[name] != now[name]]


@portals.callback()
def _portals() -> None:
    pass


@portals.command()
def probe(
    names: Annotated[list[str] | None, typer.Argument(help="Portals by name or address.", metavar="[NAME]…")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every portal of the register that has an address.")] = False,
) -> None:
    """Try portals, and say what is missing and what changed since the last time."""
    configured = home(writes=True)
    with stop_on(PortalError):
        wanted = [portal_for(name) for name in names] if names else list(load_portals() if every else enabled_portals())
    if not wanted:
        stop("No portal is enabled in portals.yml: name one, or use --all.")
    ledger = configured.layout.probes
    known = _read(ledger)
    table = Table(header_style="bold")
    for column in ("portal", "articles", "way back", "engine", "date"):
        table.add_column(column, overflow="fold")
    notes: list[str] = []
    is_complete = True
    for portal in wanted:
        probed = probe_portal(portal, contact=configured.contact, allow_private=bool(names))
        finding, date = _finding(probed)
        faults = finding.faults(probed)
        changes = finding.changes(known[portal.name]) if portal.name in known else []
        is_complete = is_complete and not faults
        known[portal.name] = finding
        table.add_row(*map(escape, (_shown(portal), str(probed.articles), finding.way_back, finding.engine, date)))
        notes += [f"[yellow]missing[/yellow] {escape(f'{portal.name}: {fault}')}" for fault in faults]
        notes += [f"[yellow]changed[/yellow] {escape(f'{portal.name}: {change}')}" for change in changes]
    _write(ledger, known)
    out.print(table)
    for note in notes:
        out.print(note, soft_wrap=True)
    raise typer.Exit(0 if is_complete else 1)


def _finding(probe: Probe) -> tuple[Finding, str]:
    """What is kept of a probe, and the date of its article as shown."""
    engine = date = ""
    if probe.article is not None:
        try:
            article = extract_article(probe.article.data, probe.article.url, probe.article.media_type)
        except ArticleError:
            pass
        else:
            engine, date = article.engine, f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
    finding = Finding(
        outcome=probe.outcome,
        page_title=probe.page_title,
        generator=probe.generator,
        engine=engine,
        lists_articles=probe.articles > 0,
        way_back=", ".join(probe.way_back),
        has_date=bool(date),
    )
    return finding, date


def _shown(portal: Portal) -> str:
    return portal.name if portal.confirmed else f"{portal.name} (not confirmed)"


def _read(ledger: Path) -> dict[str, Finding]:
    if not ledger.is_file():
        return {}
    return {name: Finding(**finding) for name, finding in json.loads(ledger.read_text(encoding="utf-8")).items()}


def _write(ledger: Path, findings: dict[str, Finding]) -> None:
    content = {name: asdict(finding) for name, finding in sorted(findings.items())}
    ledger.parent.mkdir(parents=True, exist_ok=True)
    partial = ledger.with_suffix(".tmp")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    partial.replace(ledger)
