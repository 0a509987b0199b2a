"""``make claims-score``: precision, recall and F1 of the grammar on articles annotated by hand.

``--errors`` lists claims that are wrong or missed, of the development set only: the other set is held out.
"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from tests.claims.annotated import WHAT, WHERE_AND_WHEN, articles, differences, scores

FOLDERS = ("development", "held_out")


def main() -> None:
    """Print the scores, or the errors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the errors of the development set")
    parser.add_argument("--only", help="of this article")
    arguments = parser.parse_args()
    out = Console(width=180, highlight=False)
    if arguments.errors:
        _print_errors(out, arguments.only)
        return
    for folder in FOLDERS:
        what, where = scores(folder, WHAT), scores(folder, WHERE_AND_WHEN)
        count = len(articles(folder))
        table = Table(title=f"{folder}: {count} articles", title_justify="left")
        table.add_column("metric")
        for name in ("claims", "P", "R", "F1", "P (where, when)", "R (where, when)", "F1 (where, when)"):
            table.add_column(name, justify="right")
        for metric in sorted(what, key=lambda m: (m == "all", m)):
            one, two = what[metric], where[metric]
            figures = (one.precision, one.recall, one.f1, two.precision, two.recall, two.f1)
            table.add_row(metric, str(one.right + one.missed), *(f"{figure:.3f}" for figure in figures))
        out.print(table)


def _print_errors(out: Console, only: str | None) -> None:
    for article in articles("development"):
        if only and article.name != only:
            continue
        errors = [(kind, claim) for kind, claim in differences(article, WHERE_AND_WHEN) if kind != "right"]
        if errors:
            out.print(f"\n{article.name} ({article.published})", style="bold")
        for kind, claim in errors:
            stated = [str(claim[key]) for key in WHERE_AND_WHEN if claim[key] is not None]
            out.print(f"  {kind:6} {' '.join(stated)} «{claim['quote']}» {claim.get('rule', '')}", markup=False)


if __name__ == "__main__":
    main()
