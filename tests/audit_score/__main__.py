"""``make audit-score``: 24 months over the merger of 2025, clean and with faults; a table per family and rule."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ingestion.samples.world import clean_world
from tests.audit_score.planting import plant
from tests.audit_score.scoring import Score, judge, score


def main() -> None:
    """Build both worlds, judge them, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--provinces", type=int, default=63)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--each", type=int, default=2, help="how often each fault is planted in each size")
    parser.add_argument("--home", type=Path, help="keep both homes here")
    arguments = parser.parse_args()
    out = Console(width=160, highlight=False)
    clean = clean_world(arguments.provinces, arguments.months, seed=arguments.seed)
    out.print(f"{len(clean.statements)} statements and {len(clean.claims)} claims of {arguments.months} months")
    faulty, printed = clean.copy(), clean.copy()
    faults = [plant(faulty, each=arguments.each), plant(printed, each=arguments.each, printed=True)]
    with tempfile.TemporaryDirectory(prefix="htx-score-") as folder:
        home = arguments.home or Path(folder)
        judged_clean = judge(clean, home / "clean")
        judged = [judge(faulty, home / "faulty"), judge(printed, home / "printed")]
    scores, stray = score(list(zip(faults, judged, strict=True)), judged_clean, clean)
    out.print(_table(scores, by_family=True))
    out.print(_table(scores, by_family=False))
    for rule, result in sorted(scores.items()):
        for fault in result.missed:
            out.print(f"missed: {rule} {fault.recipe.id} {fault.size} at {fault.province_key} {fault.period}")
        for fault, groups in result.torn:
            out.print(f"torn: {rule} {fault.recipe.id} {fault.size} at {fault.province_key} {fault.period}: {groups}")
    rules = Counter(a["rule_id"] for a in judged_clean.anomalies)
    out.print(f"anomalies of the clean world: {dict(sorted(rules.items()))}")
    out.print(
        f"anomalies at places where nothing was planted: {dict(sorted(Counter(a['rule_id'] for a in stray).items()))}"
    )
    figures = sum(judged_clean.evaluated.values())
    out.print(f"audit of {figures} figures: {judged_clean.seconds:.2f} s")


def _table(scores: dict[str, Score], *, by_family: bool) -> Table:
    table = Table(title="by family" if by_family else "by rule", title_justify="left")
    table.add_column("family" if by_family else "rule")
    for name in (
        "planted",
        "found",
        "missed",
        "found %",
        "wrongly grouped",
        "clean figures",
        "false positives",
        "per 1,000",
    ):
        table.add_column(name, justify="right")
    summed: dict[str, list[Score]] = defaultdict(list)
    for rule, result in sorted(scores.items()):
        summed[rule.split(".")[0] if by_family else rule].append(result)
    for name, results in summed.items():
        planted, found = sum(r.planted for r in results), sum(r.found for r in results)
        figures, alarms = sum(r.evaluated_clean for r in results), sum(r.false_positives for r in results)
        share = f"{100 * found / planted:.0f}" if planted else ""
        rate = f"{1000 * alarms / figures:.2f}" if figures else ""
        wrong = sum(r.grouped_wrongly for r in results)
        table.add_row(
            name, str(planted), str(found), str(planted - found), share, str(wrong), str(figures), str(alarms), rate
        )
    return table


if __name__ == "__main__":
    main()
