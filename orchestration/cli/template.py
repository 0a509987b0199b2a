"""Write the official workbook for a sender and period: code lists, checks, and what the last release ends with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingestion.submissions.template import template_bytes
from ingestion.vietnamese.periods import Period
from ingestion.vietnamese.places import basis_on, provinces
from orchestration.cli.console import home, out, stop
from warehouse.connections import NoReleaseError
from warehouse.files import written_aside
from warehouse.openings import closing_before, lists_before


def template(
    province: Annotated[str, typer.Option(help="Province code on the map of the period, for example 46.")],
    period: Annotated[str, typer.Option(help="2026-10, 2026-Q4, 2026-H2 or 2026.")],
    to: Annotated[Path, typer.Option("--out", help="The .xlsx to write.")],
) -> None:
    try:
        when = Period(period)
    except ValueError as error:
        stop(f"--period: {error}")
    places = provinces(basis_on(when.end))
    place = places.get(province.zfill(2))
    if place is None:
        known = ", ".join(f"{p.code} {p.name}" for p in places.values())
        stop(f"--province {province!r}: no such code on the map of {period}. Known: {known}")
    try:
        opening = closing_before(home().layout, place.key, when.start)
        listed = lists_before(home().layout, place.key, when.start)
    except NoReleaseError:
        opening, listed = {}, {}
    with written_aside(to) as aside:
        aside.write_bytes(template_bytes(place, when, opening=opening, listed=listed))
    note = "opening stock from the current release" if opening else "no opening stock: the release holds none"
    note += "".join(f"; {form} begins with {len(rows)} rows" for form, rows in listed.items())
    out.print(f"Wrote {to} for {place.name}, {period} ({note}).", soft_wrap=True)
