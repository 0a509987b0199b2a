"""The lint of words: whole words and parts of identifiers are found with their line, other words are not."""

from __future__ import annotations

import pytest

from tests.lint.words import hits, patterns


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rows are told\nanew.", [(1, "told"), (2, "anew")]),
        ("def said_by(row): ...", [(1, "said_by")]),
        ("a list held\nagainst its count", [(1, "held\nagainst")]),
        ("test_plans_are_held_against_targets", [(1, "held_against")]),
        ("amended, renewed, outspoken", []),
        ("The table is rebuilt and compared with its source.", []),
    ],
)
def test_forbidden_words_are_found_with_their_line(text: str, found: list[tuple[int, str]]) -> None:
    assert sorted((line, word) for _, line, word, _ in hits("a file", text, patterns())) == found


def test_every_word_has_a_replacement() -> None:
    assert all(instead.strip() for _, instead in patterns())
