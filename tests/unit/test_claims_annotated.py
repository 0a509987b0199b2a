"""The grammar against articles annotated by hand: a floor of what it reaches, also on articles not written against."""

from __future__ import annotations

import pytest

from tests.claims.annotated import WHAT, WHERE_AND_WHEN, articles, scores

#: Measured values, not goals: precision and recall, of the figure and what it is of, and with place and time.
FLOORS = {
    ("development", WHAT): (0.97, 0.94),
    ("development", WHERE_AND_WHEN): (0.95, 0.92),
    ("held_out", WHAT): (0.89, 0.89),
    ("held_out", WHERE_AND_WHEN): (0.83, 0.83),
}


@pytest.mark.parametrize(("folder", "keys"), FLOORS, ids=lambda value: str(value)[:12])
def test_precision_and_recall(folder: str, keys: tuple[str, ...]) -> None:
    score = scores(folder, keys)["all"]
    precision, recall = FLOORS[folder, keys]
    assert score.precision >= precision
    assert score.recall >= recall


def test_an_article_without_claims_is_among_them() -> None:
    assert any(not article.claims for article in articles("held_out"))


@pytest.mark.parametrize("folder", ["development", "held_out"])
def test_quotes_lie_in_the_text_and_every_claim_says_why(folder: str) -> None:
    for article in articles(folder):
        for claim in article.read():
            assert article.text[claim.start : claim.end] == claim.quote
            assert claim.trail[0] == f"rule: {claim.rule}"
