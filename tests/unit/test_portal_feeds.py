"""Sitemaps and feeds as engines write them, as people edit them, and as attackers do."""

from __future__ import annotations

import gzip
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portals.feeds import MAX_DEPTH, MAX_ENTRIES, Entry, FeedError, moment, read_feed

LIMIT = 2_000_000


def read(text: str | bytes, media_type: str | None = None) -> tuple[str, list[tuple[str, datetime | None]], str | None]:
    feed = read_feed(text if isinstance(text, bytes) else text.encode(), media_type, LIMIT)
    return feed.kind, [(entry.url, entry.changed_at) for entry in feed.entries], feed.fault


def test_a_sitemap_with_pictures_and_news() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?>
    <?xml-stylesheet type="text/xsl" href="/sitemap.xsl"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i" xmlns:news="n">
      <url><image:image><image:loc>https://a.example/anh.jpg</image:loc></image:image>
           <loc> https://a.example/mot-1.html </loc><lastmod>2021-12-03T09:00:00+07:00</lastmod></url>
      <url><loc>https://a.example/hai-2.html?x=1&amp;y=2</loc><lastmod>2021-12-03</lastmod></url>
      <url><loc>https://a.example/ba-3.html</loc>
           <news:news><news:publication_date>2021-12-01T00:00:00Z</news:publication_date></news:news></url>
      <url><loc><![CDATA[https://a.example/bon-4.html]]></loc><lastmod>hôm qua</lastmod></url>
      <url><lastmod>2021-12-03</lastmod></url>
    </urlset>"""
    assert read(text) == (
        "sitemap",
        [
            ("https://a.example/mot-1.html", datetime(2021, 12, 3, 2)),
            ("https://a.example/hai-2.html?x=1&y=2", datetime(2021, 12, 3, 17)),
            ("https://a.example/ba-3.html", datetime(2021, 12, 1)),
            ("https://a.example/bon-4.html", None),
        ],
        None,
    )


def test_an_index_of_sitemaps_packed() -> None:
    text = "<sitemapindex><sitemap><loc>https://a.example/s1.xml.gz</loc><lastmod>2022-01-02</lastmod></sitemap></sitemapindex>"
    expected = ("index", [("https://a.example/s1.xml.gz", datetime(2022, 1, 2, 17))], None)
    assert read(text) == read(gzip.compress(text.encode(), mtime=0), "application/x-gzip") == expected


def test_rss_with_prefixes_nobody_declared_and_identifiers() -> None:
    text = """
    <?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Tin</title><link>https://a.example/</link>
    <image><url>https://a.example/logo.png</url><link>https://a.example/</link></image>
    <item><guid>https://a.example/?p=7</guid><link>https://a.example/mot-1.html</link><atom:link href="x"/>
      <pubDate>Fri, 03 Dec 2021 09:00:00 +0700</pubDate>
      <content:encoded><![CDATA[<p>&nbsp;</p>]]></content:encoded></item>
    <item><guid isPermaLink="true">https://a.example/hai-2.html</guid><pubDate>không rõ</pubDate></item>
    <item><guid isPermaLink="false">tin-3</guid><link>/ba-3.html</link></item>
    <item><title>Không có liên kết</title></item>
    </channel></rss>"""
    assert read(text) == (
        "feed",
        [
            ("https://a.example/mot-1.html", datetime(2021, 12, 3, 2)),
            ("https://a.example/hai-2.html", None),
            ("/ba-3.html", None),
        ],
        None,
    )


def test_atom() -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="https://a.example/atom"/>
    <entry><link rel="edit" href="https://a.example/sua"/><link href="https://a.example/mot-1.html"/>
      <published>2021-12-01T00:00:00Z</published><updated>2021-12-04T00:00:00Z</updated></entry></feed>"""
    assert read(text) == ("feed", [("https://a.example/mot-1.html", datetime(2021, 12, 4))], None)


def test_what_breaks_off_gives_what_stood_before() -> None:
    whole = "<rss><channel><item><link>https://a.example/1</link></item>\n<item><title>Q&A&nbsp;</title>"
    kind, entries, fault = read(whole)
    assert (kind, entries) == ("feed", [("https://a.example/1", None)])
    assert fault and fault.startswith("line 2:")


def test_charsets_of_feeds() -> None:
    text = "<?xml version='1.0' encoding='{}'?><rss><channel><item><link>https://a.example/hợp</link></item></channel></rss>"
    expected = [("https://a.example/hợp", None)]
    assert read(text.format("utf-8").encode())[1] == expected
    assert read(text.format("iso-8859-1").encode())[1] == expected, "the declaration lies"
    assert read("\ufeff" + text.format("utf-8"))[1] == expected
    assert read(text.format("utf-16").encode("utf-16"))[1] == expected


LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(97 + n)} '{f'&{chr(96 + n)};' * 10}'>" for n in range(1, 10))
    + "]><rss><channel><item><link>&j;</link></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LAUGHS, "document type"),
        ('<!DOCTYPE x SYSTEM "file:///etc/hostname"><rss/>', "document type"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel/></rss>', "document type"),
        ("<rss>" + "<a>" * (MAX_DEPTH + 1), "inside each other"),
        ("<html><body><a href='/x'>x</a></body></html>", "<html>"),
        ("<!DOCTYPE html><html></html>", "document type"),
        ("", "no sitemap"),
        ("{}", "no sitemap"),
        (gzip.compress(b"<urlset>" + b" " * (LIMIT + 1), mtime=0), "unfolds"),
        (gzip.compress(b"<urlset></urlset>", mtime=0)[:-12], "incomplete"),
        ("<urlset>" + "<url><loc>http://a/</loc></url>" * (MAX_ENTRIES + 1), "entries"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str | bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read(text)


def test_an_address_without_end_is_none() -> None:
    assert read(f"<urlset><url><loc>http://a/{'x' * 5000}</loc></url><url><loc>http://a/b</loc></url></urlset>")[1] == [
        ("http://a/b", None)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-12-03T09:00:00+07:00", datetime(2021, 12, 3, 2)),
        ("2021-12-03T09:00:00", datetime(2021, 12, 3, 2)),
        ("2021-12-03", datetime(2021, 12, 3, 17)),
        ("Fri, 03 Dec 2021 02:00:00 GMT", datetime(2021, 12, 3, 2)),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31", None),
        ("03/12/2021", None),
        ("Fri, 99 Dec 2021 02:00:00 GMT", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


@given(st.binary(max_size=300) | st.text(alphabet="<>/!?&;[]x urlsetocirm='", max_size=200).map(str.encode))
def test_any_bytes_are_a_feed_or_say_why(data: bytes) -> None:
    try:
        feed = read_feed(data, None, LIMIT)
    except FeedError as error:
        assert str(error)
    else:
        assert all(isinstance(entry, Entry) for entry in feed.entries)
