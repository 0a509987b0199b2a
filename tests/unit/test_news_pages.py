"""Pages of every engine give their own text and nothing of other articles, and so do pages of engines nobody knows."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from ingestion.news.article import Article, ArticleError, extract_article
from ingestion.news.claims import find_claims
from ingestion.news.layouts import load_layouts
from tests.portal_pages import BODY, CAPTION, DAY, FOLDER, MOMENT, OTHERS, SKELETONS, TEASER, TEXTS, TITLE, TRAP, page

URL = "https://mau.example/bai-viet.html"
P = [f"<p>{text}</p>" for text in TEXTS]


def read(content: str, **parts: str) -> Article:
    return extract_article(page(content, **parts), URL)


def test_every_engine_has_its_skeleton() -> None:
    assert set(SKELETONS) == {engine.name for engine in load_layouts().engines}


@pytest.mark.parametrize("engine", SKELETONS)
def test_an_engine(engine: str) -> None:
    skeleton = SKELETONS[engine]
    article = extract_article((FOLDER / f"{engine}_article.html").read_bytes(), skeleton.url)
    assert (article.engine, article.title, article.lead) == (engine, TITLE, skeleton.lead)
    assert article.published_at == skeleton.published_at
    assert article.paragraphs == TEXTS
    claims = find_claims(article)
    assert len(claims) == 6 and all(claim.quote in article.text for claim in claims)


@pytest.mark.real_pages
def test_the_skeletons_of_the_reference_list(real_pages: Path) -> None:
    folder = real_pages.parent / "reference" / "portals" / "skeletons"
    if not folder.is_dir():
        pytest.skip("no skeletons beside the real pages")
    for kind, expected in json.loads((folder / "expected.json").read_text(encoding="utf-8")).items():
        wanted = expected["article"]
        article = extract_article((folder / wanted["file"]).read_bytes(), wanted["url"])
        assert (article.title, article.lead) == (wanted["title"], wanted["lead"]), kind
        assert article.published_at is not None
        assert article.published_at.isoformat().startswith(wanted["published_at"][:16]), kind
        assert set(wanted["paragraphs"]) <= set(article.paragraphs), kind
        assert wanted["must_not_contain"] not in article.text, kind


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{P[0]}<h4>Tin liên quan</h4>{OTHERS}{P[1]}{P[2]}", id="a list in the middle"),
        pytest.param(f"{P[0]}<p><b>Bài viết liên quan:</b></p>{OTHERS}{P[1]}{P[2]}", id="a heading that is none"),
        pytest.param(
            f"{BODY}<h4>Tin khác</h4><p><a href='/1'>{TRAP} 5 HTX</a></p><p>{TRAP}: 6 HTX</p>", id="bare items"
        ),
        pytest.param(f"{BODY}<div class='tin-lien-quan'><p>{TRAP}: 7 HTX</p></div>", id="a Vietnamese name"),
        pytest.param(f"{P[0]}<div class='x'>{TEASER}</div>{P[1]}{P[2]}", id="a teaser without a name"),
        pytest.param(f"{P[0]}{OTHERS}{P[1]}{P[2]}", id="links without a heading"),
        pytest.param(f"{P[0]}<article>{TEASER}</article>{P[1]}{P[2]}", id="an article element in the body"),
        pytest.param(f"{P[0]}<p><img></p><p><em>{CAPTION}</em></p>{P[1]}{P[2]}", id="a caption in italics"),
        pytest.param(f"{P[0]}<div><img><p>{CAPTION}</p></div>{P[1]}{P[2]}", id="a caption in a box"),
        pytest.param(f"{P[0]}<table><tr><td><img><tr><td>{CAPTION}</table>{P[1]}{P[2]}", id="a caption in a table"),
    ],
)
def test_what_is_no_text_inside_the_body(content: str) -> None:
    after = f"<article>{TEASER}</article><div class='list'><div>{TEASER}</div><div>{TEASER}</div></div>"
    for inside in ("zz", "entry-content", "news-content"):
        article = read(f"<div><h1>{TITLE}</h1><div class='{inside}'>{content}</div></div>{after}")
        assert article.paragraphs == TEXTS


def test_the_body_belongs_to_the_heading() -> None:
    other = f"<div class='news-content'><h2>{TRAP}</h2><p>{TRAP}: cả nước có 99.000 HTX, {'nhiều chữ ' * 30}</p></div>"
    own = f"<div><h1>{TITLE}</h1><div class='zz'>{BODY}</div></div>"
    assert read(other + own).paragraphs == TEXTS
    assert read(own + other).paragraphs == TEXTS


def test_of_several_article_elements_the_one_with_the_heading_counts() -> None:
    others = f"<article>{TEASER}</article><article>{TEASER}</article>"
    assert read(f"<article>{TEASER}</article><article><h1>{TITLE}</h1>{BODY}</article>{others}").paragraphs == TEXTS
    with pytest.raises(ArticleError, match="2 article elements and none with the page's heading"):
        read(f"<h1>Tin tức</h1>{others}", title="Tin tức")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "<p>Cập nhật: 14-01-2032 | :291</p>", DAY),
        ("", "<span>08:05, 14/01/2032</span>", MOMENT),
        ("", "<div>Ngày 14 tháng 1 năm 2032</div>", DAY),
        ("", "<p class='time'>14-01-2032 08:05:11 AM</p>", MOMENT),
        ("<div class='date'>14/01/2032 08:05</div>", "", MOMENT),
        ("", f"<ul class='related'><li>{TRAP} (15/01/2032)</li></ul>", None),
    ],
)
def test_dates_beside_the_heading(before: str, after: str, expected: object) -> None:
    today = "<div class='top'><span class='date'>Thứ hai, 30/11/2035</span></div>"
    article = read(f"{today}<div>{before}<h1>{TITLE}</h1>{after}<div class='zz'>{BODY}</div></div>")
    assert article.published_at == expected
    assert article.paragraphs == TEXTS


def test_a_title_has_no_name_of_a_portal() -> None:
    for site in ("Báo Mẫu", "Liên minh HTX tỉnh Mẫu", "baomau.vn"):
        assert read(f"<div>{BODY}</div>", title=f"{TITLE} | {site}").title == TITLE
    named = read(
        f"<div>{BODY}</div>", title=f"{TITLE} - Nhà Mẫu", head='<meta property="og:site_name" content="Nhà mẫu">'
    )
    assert named.title == TITLE
    assert read(f"<div>{BODY}</div>", title=f"{TITLE} - một năm nhìn lại").title.endswith("nhìn lại")
    assert read(f"<h1>Liên minh mẫu</h1><h2>{TITLE}</h2>{BODY}", title=f"{TITLE} - Liên minh mẫu").title == TITLE


def test_pages_made_to_be_slow_are_read_in_time() -> None:
    begin = time.process_time()
    for content in (
        "<div>" * 300 + "<p>Tin khác</p>" * 3_000,
        "<div>" * 300 + f"<h1>{TITLE}</h1>" + "<i></i>" * 20_000,
    ):
        with pytest.raises(ArticleError):
            read(f"<h1>{TITLE}</h1>{content}")
    assert time.process_time() - begin < 10
