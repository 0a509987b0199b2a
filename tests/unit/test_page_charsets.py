"""Pages in whatever charset their server, their head and their bytes claim, and in fonts of before Unicode."""

from __future__ import annotations

import time
import unicodedata

import pytest

from ingestion.news.article import extract_article
from ingestion.page import decode_page
from tests.legacy_fonts import to_tcvn3, to_vni

SENTENCE = (
    "Trong tháng 11/2021, tỉnh Cà Mau thành lập mới 12 hợp tác xã nông nghiệp ở địa phương, giải thể 3 hợp tác xã; "
    "đến cuối tháng cả tỉnh có 345 hợp tác xã đang hoạt động, thu hút 6.789 thành viên."
)


def html(body: str = SENTENCE, meta: str = "") -> str:
    head = f"<head>{meta}<title>Kinh tế tập thể</title></head>"
    return f"<html>{head}<body><p>{body}</p><p>© 2021 · A &lt; B</p></body></html>"


def windows_1258(text: str) -> bytes:
    """As Windows wrote Vietnamese: a base letter of the code page, the tone as a letter of its own behind it."""
    encoded = bytearray()
    for char in text:
        pieces = unicodedata.normalize("NFD", char)
        base, tones = pieces[:1], ""
        for mark in pieces[1:]:
            joined = unicodedata.normalize("NFC", base + mark)
            base, tones = (joined, tones) if _in_1258(joined) else (base, tones + mark)
        encoded += char.encode("cp1258") if _in_1258(char) else (base + tones).encode("cp1258")
    return bytes(encoded)


def _in_1258(char: str) -> bool:
    try:
        char.encode("cp1258")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("charset", [None, "utf-8", "ISO-8859-1", "windows-1258", "nonsense", ""])
@pytest.mark.parametrize("meta", ["", "<meta charset='iso-8859-1'>", "<meta charset=utf-8>"])
def test_utf_8_is_utf_8_whatever_it_is_called(charset: str | None, meta: str) -> None:
    header = None if charset is None else f"text/html; charset={charset}"
    assert decode_page(html(meta=meta).encode(), header) == html(meta=meta)
    assert decode_page(b"\xef\xbb\xbf" + html(meta=meta).encode(), header) == html(meta=meta)


def test_utf_8_cut_in_the_middle_of_a_letter_stays_utf_8() -> None:
    whole = html().encode()
    place = whole.index("ậ".encode()) + 1
    text = decode_page(whole[:place] + whole[place + 1 :], "text/html; charset=iso-8859-1")
    assert "12 hợp tác xã nông nghiệp ở địa phương" in text
    assert text.count("\ufffd") <= 2


@pytest.mark.parametrize(
    "header", [None, "text/html; charset=windows-1258", "text/html; charset=iso-8859-1", "text/html; charset=utf-8"]
)
def test_windows_1258(header: str | None) -> None:
    assert decode_page(windows_1258(html()), header) == html()
    named = html(meta="<meta http-equiv='Content-Type' content='text/html; charset=windows-1258'>")
    assert decode_page(windows_1258(named), header) == named


def test_other_code_pages_are_read_as_named() -> None:
    french = (
        "<html><head><title>Été</title></head><body><p>Le marché des coopératives a été créé à Huế.</p></body></html>"
    )
    french = french.replace("Huế", "Hanoi")
    assert decode_page(french.encode("latin-1"), "text/html; charset=iso-8859-1") == french
    quoted = "<p>“Café” – 5 €</p>"
    assert decode_page(quoted.encode("cp1252"), "text/html; charset=iso-8859-1") == quoted, "as browsers read Latin-1"
    russian = "<p>Съезд кооперативов состоялся</p>"
    assert decode_page(russian.encode("koi8-r"), "text/html; charset=koi8-r") == russian
    assert decode_page(html().encode("utf-16")) == html()


@pytest.mark.parametrize("encode", [to_tcvn3, to_vni])
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_texts_in_old_fonts_are_converted_to_unicode(encode: object, charset: str) -> None:
    typed = encode(SENTENCE)  # type: ignore[operator]
    assert typed != SENTENCE
    page = html(typed).replace("Kinh tế tập thể", "Tin")
    header = None if charset == "utf-8" else "text/html; charset=iso-8859-1"
    text = decode_page(page.encode(charset), header)
    assert SENTENCE in text
    assert "A &lt; B</p></body></html>" in text, "markup stays"


def test_a_body_in_an_old_font_within_a_page_in_unicode() -> None:
    text = decode_page(html(f"<span style='font-family:.VnTime'>{to_tcvn3(SENTENCE)}</span>").encode())
    assert SENTENCE in text and "<title>Kinh tế tập thể</title>" in text


def test_old_fonts_written_as_entities() -> None:
    typed = to_tcvn3(SENTENCE).replace("¸", "&cedil;").replace("µ", "&#181;").replace("\u00d0", "&ETH;")
    assert "&" in typed
    assert SENTENCE in decode_page(html(typed).encode())


def test_the_article_of_an_old_page_has_its_figures() -> None:
    page = html(f"<h1>{to_tcvn3('Kết quả của tỉnh Cà Mau')}</h1><div class='content'>{to_tcvn3(SENTENCE)}</div>")
    data = page.replace("Kinh tế tập thể", "Tin").encode("cp1252")
    found = extract_article(data, "http://a.example/1", "text/html; charset=iso-8859-1")
    assert "12 hợp tác xã nông nghiệp" in found.text


@pytest.mark.parametrize(
    "evil",
    [
        "<script>" * 300_000,
        "<!--" * 500_000,
        "<" * 2_000_000,
        "<style " * 300_000,
        "&" * 2_000_000,
        "<p>\u00e9" * 300_000,
    ],
)
def test_no_page_holds_up_the_run(evil: str) -> None:
    began = time.monotonic()
    decode_page(evil.encode())
    assert time.monotonic() - began < 5
