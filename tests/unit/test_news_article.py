"""Articles out of pages of the known engines, made here; what surrounds an article must not reach its text."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.news.article import ArticleError, extract_article
from ingestion.page import decode_page, looks_like_html

URL = "https://portal.example/tin-tuc/bai.html"
BODY = (
    "<p>Trong tháng 11/2021, tỉnh đã thành lập mới 12 HTX và củng cố nhiều tổ hợp tác trên địa bàn.</p>"
    "<p>Phiên họp cũng bàn về kế hoạch năm sau của đơn vị.</p>"
)

NUKEVIET = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Trang chủ</title>
<meta name="generator" content="NukeViet v4.4"><meta property="og:title" content="Tiêu đề"></head><body>
<nav><a href="/">Trang chủ</a></nav>
<h1 class="title margin-bottom-lg">Tin   tháng 11</h1><span class="h5">Thứ ba - 07/12/2021 09:05</span>
<div class="hometext m-bottom">Lời dẫn của bài.</div>
<div id="news-bodyhtml" class="bodytext">{BODY}<p>Nông dân thu hoạch lúa trên đồng.</p><p>Ảnh: Internet</p>
<p>Gian hàng ở hội chợ. Ảnh: Minh Mẫu</p></div>
<p class="text-right"><strong>Lan Mẫu</strong></p>
<p class="h5 text-right">Link bài viết gốc: https://goc.example/bai-a123.html</p>
<form><p>Tổng số điểm của bài viết là: 5 trong 1 đánh giá</p></form>
<ul class="related"><li>12 HTX nhận bằng khen <em>(15/07/2021)</em></li></ul>
<div id="timeoutsess">Bạn đã không sử dụng Site. Thời gian chờ: 60 giây</div></body></html>"""

PROVINCIAL = f"""<html><head><meta charset="utf-8"><title>Liên minh</title></head><body>
<div class="news-detail"><h1 class="title">Tin tháng 11</h1><span class="date">(14:30 | 21/06/2018)</span>
<div class="content">{BODY}<p class="caption">Ảnh minh họa</p>
<p style="text-align:right"><b>Minh Mẫu (Theo Cổng thông tin mẫu)</b></p></div></div>
<div class="others"><h3>Tin khác</h3><ul><li>Lịch tuần 25 (18/06/2018)</li></ul></div>
<div id="footer">Số lượt truy cập: 1.204.377</div></body></html>"""

GENERIC = f"""<html><head><meta charset="utf-8"><title>Tin tháng 11 - Cổng</title>
<meta property="article:published_time" content="2021-12-05T23:30:00Z">
<link rel="canonical" href="/tin/bai-goc.html"></head><body><header>Cổng</header>
<article><h1>Tin tháng 11</h1><p>06/12/2021, 06:30 (GMT+7)</p>{BODY}
<table><tr><th>Vùng</th><th>Số HTX</th></tr><tr><td><p>Tây Bắc</p></td><td>12</td></tr></table></article>
<footer>© Cổng 2021</footer></body></html>"""


def test_nukeviet() -> None:
    article = extract_article(NUKEVIET.encode(), URL)
    assert article.title == "Tin tháng 11"
    assert article.lead == "Lời dẫn của bài."
    assert article.published_at == datetime(2021, 12, 7, 9, 5)
    assert article.byline == "Lan Mẫu"
    assert article.canonical_url == "https://goc.example/bai-a123.html"
    assert len(article.paragraphs) == 2, article.paragraphs
    assert article.text == "\n".join([article.title, article.lead, *article.paragraphs])


def test_provincial() -> None:
    article = extract_article(PROVINCIAL.encode(), URL)
    assert article.published_at == datetime(2018, 6, 21, 14, 30)
    assert (article.byline, article.source_line) == ("Minh Mẫu", "Theo Cổng thông tin mẫu")
    assert len(article.paragraphs) == 2, article.paragraphs
    assert "25" not in article.text
    assert "1.204.377" not in article.text


def test_generic_with_utc_time_and_a_table() -> None:
    article = extract_article(GENERIC.encode(), URL)
    assert article.published_at == datetime(2021, 12, 6, 6, 30), "local time"
    assert article.canonical_url == "https://portal.example/tin/bai-goc.html"
    assert article.paragraphs[-2:] == ("Vùng | Số HTX", "Tây Bắc | 12")
    assert "GMT" not in article.text
    assert "©" not in article.text


def test_date_is_never_invented() -> None:
    page = f"<html><body><article><h1>Tin</h1>{BODY}</article><footer>© 2026 - 01/01/2026</footer></body></html>"
    assert extract_article(page.encode(), URL).published_at is None


def test_words_of_the_text_are_no_source_line() -> None:
    page = f"<html><body><article><h1>Tin</h1>{BODY}<p>Việc này được rà soát theo quy định.</p></article></body></html>"
    article = extract_article(page.encode(), URL)
    assert article.source_line is None
    assert len(article.paragraphs) == 3


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("chỉ có chữ", "no HTML"),
        ("<html><body><p>x</p></body></html>", "no title"),
        ("<html><head><title>Liên hệ</title></head><body><nav>Trang chủ</nav></body></html>", "no text"),
    ],
)
def test_what_is_no_article_says_why(page: str, what: str) -> None:
    with pytest.raises(ArticleError, match=what):
        extract_article(page.encode(), URL)


def test_charsets() -> None:
    text = "<html><body>Hợp tác xã</body></html>"
    assert decode_page(text.encode("utf-8")) == text
    assert decode_page(text.encode("utf-8-sig")) == text
    assert decode_page(text.encode("utf-16")) == text
    legacy = "<html><head><meta charset='windows-1252'></head><body>caf\u00e9</body></html>"
    assert decode_page(legacy.encode("cp1252")) == legacy
    assert decode_page("<p>caf\u00e9</p>".encode("latin-1"), "text/html; charset=iso-8859-1") == "<p>caf\u00e9</p>"
    assert decode_page(b"<p>x</p>", "text/html; charset=no-such-charset") == "<p>x</p>"


def test_looks_like_html() -> None:
    assert looks_like_html(b"\xef\xbb\xbf<!DOCTYPE html>")
    assert not looks_like_html("Tin tháng 11".encode())


def test_nesting_is_survived_and_limited() -> None:
    def nested(depth: int) -> bytes:
        inner = "<div>" * depth + BODY + "</div>" * depth
        return f"<html><body><h1>Tin</h1><article>{inner}</article></body></html>".encode()

    assert "thành lập mới 12 HTX" in extract_article(nested(300), URL).text
    with pytest.raises(ArticleError, match="inside each other"):
        extract_article(nested(50_000), URL)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_an_article_or_a_reason(data: bytes) -> None:
    try:
        article = extract_article(b"<html><h1>Tin</h1><article>" + data, URL)
    except ArticleError as error:
        assert str(error)
    else:
        assert article.text.startswith(article.title)
