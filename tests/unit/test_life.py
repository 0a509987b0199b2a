"""The life of an anomaly: notes with a guard, overrides with an expiry, revisions that fix it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from expectations.audit import AuditResult, run_audit
from expectations.life import read_ledger
from expectations.registry import RegistryError, load_rules
from tests.unit.residual_build import Residual, layout_in, write_build
from warehouse.connections import connect_build
from warehouse.layout import Layout

GRAIN = "period=2021-11|org_type=HTX|sector=total|measure=founded_count"
#: The newest day anything was received in these builds is 5 December 2021, by the clock of Vietnam.
OVERRIDE = f"""\
overrides:
  - rule: roll_up.founded
    grain: {GRAIN}
    reason: Số công bố chưa tính báo cáo bổ sung.
    author: Ban Chính sách và Phát triển HTX
    difference: -1
    expires_on: 2021-12-05
"""
NOTE = """\
notes:
  - rule: plausibility.jump
    grain: province=63-46|period=2021-11
    status: explained
    note: Hợp nhất ba quỹ tín dụng.
    author: Liên minh HTX tỉnh
    difference: 36
    until: 2021-12-05
"""
JUMP = Residual("plausibility.jump", 4, 40, claim_precision=12)


def judged(
    tmp_path: Path, residuals: list[Residual], *, notes: str = "notes: []", overrides: str = "overrides: []"
) -> tuple[AuditResult, list[dict[str, Any]], Layout]:
    layout = layout_in(tmp_path)
    write_build(layout, residuals)
    (tmp_path / "notes.yml").write_text(notes, encoding="utf-8")
    (tmp_path / "overrides.yml").write_text(overrides, encoding="utf-8")
    with connect_build(layout, read_only=True) as con:
        result = run_audit(con, layout.audit, notes=tmp_path / "notes.yml", overrides=tmp_path / "overrides.yml")
    return result, pq.read_table(layout.audit / "anomalies.parquet").to_pylist(), layout


def roll_up(actual: int) -> list[Residual]:
    return [Residual("roll_up.founded", 189, actual, grain=GRAIN, artifact=None), JUMP]


def test_without_a_word_an_anomaly_is_open_since_both_sides_are_known(tmp_path: Path) -> None:
    _, (anomaly,), _ = judged(tmp_path, [JUMP])
    assert (anomaly["status"], anomaly["note_vi"]) == ("open", None)
    assert anomaly["first_found_on"].isoformat() == "2021-12-05"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (("", ""), "explained"),
        (("explained", "accepted"), "accepted"),
        (("difference: 36", "difference: 35"), "reopened"),
        (("until: 2021-12-05", "until: 2021-12-04"), "reopened"),
        (("    until: 2021-12-05\n", ""), "explained"),
        (("period=2021-11", "period=2021-10"), "open"),
    ],
)
def test_a_note_holds_while_its_guard_does(tmp_path: Path, change: tuple[str, str], state: str) -> None:
    _, (anomaly,), _ = judged(tmp_path, [JUMP], notes=NOTE.replace(*change) if change[0] else NOTE)
    assert anomaly["status"] == state
    assert (anomaly["note_vi"] is None) == (state == "open")


def test_an_override_lets_a_release_pass_and_says_so(tmp_path: Path) -> None:
    result, anomalies, _ = judged(tmp_path, roll_up(188), overrides=OVERRIDE)
    assert result.passed
    (shown,) = result.summary["gate"]["overridden"]
    assert shown["rule"] == "roll_up.founded"
    assert shown["expires_on"] == "2021-12-05"
    assert "bổ sung" in shown["reason"]
    states = {a["rule_id"]: a["status"] for a in anomalies}
    assert states == {"roll_up.founded": "overridden", "plausibility.jump": "open"}


@pytest.mark.parametrize("change", [("2021-12-05", "2021-12-04"), ("difference: -1", "difference: -2")])
def test_an_override_that_expired_or_has_another_difference_stops(tmp_path: Path, change: tuple[str, str]) -> None:
    result, anomalies, _ = judged(tmp_path, roll_up(188), overrides=OVERRIDE.replace(*change))
    assert not result.passed
    assert "reopened" in {a["status"] for a in anomalies}
    assert result.summary["gate"]["overridden"] == []


def test_a_later_revision_fixes_what_an_earlier_one_broke(tmp_path: Path) -> None:
    def revision(number: int, actual: int) -> Residual:
        sha = str(number) * 64
        grain = f"province=63-46|period=2021-11|measure=closing_count|revision={number}|artifact={sha[:16]}"
        return Residual("stock_identity.closing", 148, actual, grain=grain, artifact=sha)

    _, (fixed,), _ = judged(tmp_path, [revision(1, 150), revision(2, 148)])
    assert fixed["status"] == "fixed"
    assert fixed["fixed_on"].isoformat() == "2021-12-05"
    # A later revision with the same failure fixes nothing, and an earlier one cannot.
    _, still, _ = judged(tmp_path, [revision(1, 150), revision(2, 151)])
    assert {a["status"] for a in still} == {"open"}
    _, still, _ = judged(tmp_path, [revision(1, 148), revision(2, 151)])
    assert {a["status"] for a in still} == {"open"}


@pytest.mark.parametrize(
    ("notes", "overrides", "said"),
    [
        (NOTE.replace("plausibility.jump", "plausibility.leap"), "overrides: []", "no rule 'plausibility.leap'"),
        (NOTE.replace("    author: Liên minh HTX tỉnh\n", ""), "overrides: []", "field author"),
        (NOTE.replace("explained", "closed"), "overrides: []", "field status"),
        (NOTE + NOTE.removeprefix("notes:\n"), "overrides: []", "a second entry"),
        ("noten: []", "overrides: []", "one list 'notes' is expected"),
        ("notes: []", OVERRIDE.replace("roll_up.founded", "fund.opening"), "only block is overridden"),
        ("notes: []", OVERRIDE.replace("    expires_on: 2021-12-05\n", ""), "field expires_on"),
    ],
)
def test_a_wrong_entry_is_named_with_file_entry_and_field(
    tmp_path: Path, notes: str, overrides: str, said: str
) -> None:
    (tmp_path / "notes.yml").write_text(notes, encoding="utf-8")
    (tmp_path / "overrides.yml").write_text(overrides, encoding="utf-8")
    with pytest.raises(RegistryError, match=said):
        read_ledger(load_rules(), tmp_path / "notes.yml", tmp_path / "overrides.yml")


def test_the_files_as_they_stand_are_right() -> None:
    read_ledger(load_rules())
