"""No release with personal data is published, whatever column or file they came in by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from expectations.personal_data import personal_data_in, read_exceptions
from expectations.registry import RegistryError

TODAY = date(2026, 1, 2)
IDENTITY = "001203004567"


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    folder = tmp_path / "staged"
    folder.mkdir()
    with duckdb.connect(str(folder / "release.duckdb")) as con:
        con.execute("create schema marts")
        con.execute("create table marts.dim_cooperative (org_code varchar, names varchar[], members bigint)")
        con.execute(f"insert into marts.dim_cooperative values ('46-0123', ['HTX {IDENTITY}'], 123456789)")
        con.execute("insert into marts.dim_cooperative values ('46-0124', ['HTX Bình Minh'], 2)")
        con.execute("create table marts.fct_rejected_cell (found_text varchar)")
        con.execute(f"insert into marts.fct_rejected_cell select '{IDENTITY}' from range(3)")
    (folder / "dictionary").mkdir()
    (folder / "dictionary" / "index.html").write_text("<p>liên hệ 0912 345 678</p>", encoding="utf-8")
    return folder


def test_every_place_is_named_with_its_count_and_never_a_value(staged: Path) -> None:
    found = [str(finding) for finding in personal_data_in(staged, TODAY)]
    assert found == [
        "dictionary/index.html: 1 × telephone number",
        "dim_cooperative.names: 1 × identity number",
        "fct_rejected_cell.found_text: 3 × identity number",
    ]
    assert IDENTITY not in "".join(found)


def test_an_exception_holds_for_its_place_and_kind_until_it_expires(staged: Path, tmp_path: Path) -> None:
    exceptions = tmp_path / "exceptions.yml"
    entry = "{place: fct_rejected_cell.found_text, kind: identity number, reason: thử, expires_on: 2026-01-02}"
    exceptions.write_text(f"exceptions: [{entry}]", encoding="utf-8")

    def places(today: date) -> set[str]:
        return {finding.place for finding in personal_data_in(staged, today, exceptions)}

    assert places(TODAY) == {"dictionary/index.html", "dim_cooperative.names"}
    assert "fct_rejected_cell.found_text" in places(date(2026, 1, 3))


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    exceptions = tmp_path / "exceptions.yml"
    exceptions.write_text("exceptions: [{place: a.b, kind: identity number, expires_on: 2026-01-02}]", encoding="utf-8")
    with pytest.raises(RegistryError, match=r"exceptions\.0\.reason"):
        read_exceptions(exceptions)
