"""Prints of texts: equal for equal words, near for near texts, and the same everywhere."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingestion.news.copies import SHINGLE, SKETCH, containment, original_link, print_of, shingles, words_of
from ingestion.page import parse_page

TEXT = " ".join(f"từ{n % 97} thứ{n}" for n in range(300))


def alike(one: str, other: str) -> float:
    """Share of equal positions of two sketches."""
    pairs = zip(print_of(one).sketch, print_of(other).sketch, strict=True)
    return sum(a == b for a, b in pairs) / SKETCH


def test_tones_case_and_punctuation_do_not_matter_and_figures_do() -> None:
    text = f"Đến nay, cả nước có 20.767 HTX. {TEXT}"
    assert print_of(text).sha256 == print_of(unicodedata.normalize("NFD", text.upper())).sha256
    assert print_of(text).sha256 != print_of(text.replace("20.767", "20.776")).sha256


def test_a_changed_figure_leaves_a_text_alike_and_another_text_does_not() -> None:
    changed = TEXT.replace("thứ150", "thứ999")
    assert alike(TEXT, changed) > 0.9
    assert alike(TEXT, " ".join(f"khác{n % 89} lạ{n}" for n in range(300))) == 0
    half = " ".join(TEXT.split()[:300])
    assert 0.35 < alike(TEXT, half) < 0.65


def test_the_sketch_estimates_what_two_texts_share() -> None:
    rng = random.Random(3)
    for share in (0.2, 0.5, 0.8):
        common = [f"c{rng.random()}" for _ in range(int(600 * share))]
        one = common + [f"a{rng.random()}" for _ in range(600 - len(common))]
        other = common + [f"b{rng.random()}" for _ in range(600 - len(common))]
        texts = [" ".join(words) for words in (one, other)]
        sets = [shingles(words_of(text), SHINGLE) for text in texts]
        true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
        assert abs(alike(*texts) - true) < 0.15


def test_prints_are_the_same_on_every_machine() -> None:
    found = print_of(TEXT)
    assert (found.word_count, found.shingle_count, len(found.sketch)) == (600, 596, SKETCH)
    assert found.sketch[:3] == (2186468, 14204979, 778869)
    assert print_of("một hai ba").sketch == ()


@given(st.lists(st.sampled_from("abcde"), max_size=30))
def test_containment_is_symmetric_and_whole_for_itself(words: list[str]) -> None:
    found = shingles(words, 3)
    other = shingles(["x", *words], 3)
    assert containment(found, other) == containment(other, found)
    assert containment(found, found) == (1.0 if found else 0.0)


def test_the_original_that_a_page_names() -> None:
    page = "<html><body><p>Link bài viết gốc: <a href='#'>https://vca.org.vn/tin-a23003.html</a>.</p></body></html>"
    assert original_link(parse_page(page)) == "https://vca.org.vn/tin-a23003.html"
    assert original_link(parse_page("<html><body><p>Bài gốc</p></body></html>")) is None
