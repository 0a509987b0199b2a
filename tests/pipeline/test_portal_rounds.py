"""Repeated rounds over portals: new pages, changed pages, and hosts that ask to wait."""

from __future__ import annotations

import gzip
import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.archive import Archive
from ingestion.news.reading import _contents, read_pages
from ingestion.portals.collect import PortalOutcome, collect_portal
from ingestion.portals.fetch import FetchPolicy, retry_after
from ingestion.portals.portals import Portal
from ingestion.raw_schema import FETCHES
from ingestion.raw_zone import RawZone
from tests.portal_server import (
    Answer,
    Clock,
    Handler,
    Server,
    article,
    cut_off,
    endless,
    listing,
    page,
    redirect,
    rss,
    serving,
    sitemap,
    sitemap_index,
    versioned,
    xml,
)

ONE, TWO, THREE = "/tin-tuc/mot.html", "/tin-tuc/hai.html", "/tin-tuc/ba.html"
LIMITS = FetchPolicy(pause_seconds=0.0, retries=0, breaker_faults=99, read_seconds=1.0, allow_private=True)


@dataclass
class Rounds:
    """One installation, one portal, and a clock to turn between runs."""

    home: Path
    server: Server
    clock: Clock

    @property
    def archive(self) -> Archive:
        return Archive(self.home / "archive")

    @property
    def raw(self) -> RawZone:
        return RawZone(self.home / "raw")

    def run(
        self, kind: str = "generic", limits: FetchPolicy = LIMITS, **fields: Any
    ) -> tuple[list[str], PortalOutcome]:
        """One run; the requests except robots.txt, and their outcome."""
        self.server.forget()
        portal = Portal(name="mau", base_url=self.server.url, kind=kind, **fields)
        outcome = collect_portal(
            portal,
            archive=self.archive,
            raw_zone=self.raw,
            policy=limits,
            **self.clock.hands,  # type: ignore[arg-type]
        )
        return [path for path in self.server.asked if path != "/robots.txt"], outcome

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Rows of ``_fetches`` of one address, oldest first."""
        url = self.server.url + path.lstrip("/")
        rows = [row for row in self.raw.read("_fetches").to_pylist() if row["url"] == url]
        return sorted(rows, key=lambda row: row["requested_at"])

    def outcomes(self, path: str) -> list[str]:
        return [row["outcome"] for row in self.rows(path)]


@pytest.fixture
def rounds(tmp_path: Path) -> Any:
    with serving({}) as server:
        yield Rounds(tmp_path, server, Clock())


# -- only what is new -----------------------------------------------------------------------------------------------


def test_second_collection_fetches_only_what_is_new(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: page(article())}
    rounds.run()
    read_pages(archive=rounds.archive, raw_zone=rounds.raw)
    asked, again = rounds.run()
    assert (again.pages_fetched, again.pages_new, asked) == (1, 0, ["/"])
    rounds.server.answers |= {"/": page(listing(ONE, TWO)), TWO: page(article(7))}
    asked, third = rounds.run()
    assert (third.pages_new, asked) == (2, ["/", TWO]), "the listing changed, and one article is new"
    assert rounds.outcomes("/") == ["archived", "unchanged", "archived"]
    assert read_pages(archive=rounds.archive, raw_zone=rounds.raw).articles == 1


def _dies_of_seven(archive: Archive, page: Any) -> Any:
    if b"7 HTX" in archive.open(page.sha256):
        os.abort()
    return _contents(archive, page)


def _dies(*_: object) -> None:
    os.abort()


def test_a_page_that_kills_its_reader_is_rejected_and_the_others_are_read(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds.server.answers |= {"/": page(listing(ONE, TWO)), ONE: page(article(12)), TWO: page(article(7))}
    rounds.run()
    monkeypatch.setattr("ingestion.news.reading._contents", _dies_of_seven)
    found = read_pages(archive=rounds.archive, raw_zone=rounds.raw)
    assert found.articles == 1
    ((url, reason),) = found.rejected
    assert url.endswith(TWO) and "too much memory or time" in reason
    assert {row["outcome"] for row in rounds.raw.read("_artifacts").to_pylist()} == {"accepted", "rejected"}


def test_a_listing_and_a_feed_that_kill_their_reader_are_outcomes(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), "/map.xml": xml(sitemap())}
    monkeypatch.setattr("ingestion.portals.survey._links", _dies)
    monkeypatch.setattr("ingestion.portals.survey.read_feed", _dies)
    _, outcome = rounds.run(sitemaps=["map.xml"])
    assert [failure.outcome for failure in outcome.failures] == ["not_html", "not_xml"]
    monkeypatch.undo()
    assert rounds.run(sitemaps=["map.xml"])[0] == ["/", "/map.xml", ONE]


def test_what_has_no_room_in_a_run_is_taken_in_later_ones(rounds: Rounds) -> None:
    paths = [f"/tin-tuc/bai-{letter}.html" for letter in "abcdefg"]
    rounds.server.answers |= {"/": page(listing(*paths)), **dict.fromkeys(paths, page(article()))}
    asked, first = rounds.run(max_articles=3)
    assert (asked, first.articles_waiting, first.failures) == (["/", *paths[:3]], 4, ())
    assert [rounds.outcomes(path) for path in paths[3:]] == [["not_asked"]] * 4
    # The portal lists other things by now: what was found is not forgotten.
    rounds.server.answers["/"] = page(listing("/tin-tuc/moi.html"))
    rounds.server.answers["/tin-tuc/moi.html"] = page(article(1))
    asked, second = rounds.run(max_articles=3)
    assert (asked, second.articles_waiting) == (["/", "/tin-tuc/moi.html", *paths[3:5]], 2)
    asked, third = rounds.run(max_articles=3)
    assert (asked, third.articles_waiting) == (["/", *paths[5:]], 0)
    assert rounds.outcomes(paths[6]) == ["not_asked", "archived"], "waiting is recorded once"


def test_one_article_under_two_hosts_or_schemes_is_asked_for_once(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE, ONE + "?utm_source=rss", ONE + "#cuoi")), ONE: page(article())}
    assert rounds.run()[0] == ["/", ONE]


@pytest.mark.parametrize(("status", "days"), [(404, [2, 4, 8]), (500, [0, 0, 0])])
def test_what_failed_is_asked_for_again_with_growing_patience(rounds: Rounds, status: int, days: list[int]) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: page("x", status=status)}
    rounds.run()
    for wait in days:
        if wait:
            rounds.clock.pass_(days=wait - 0.1)
            assert rounds.run()[0] == ["/"], "not yet"
            rounds.clock.pass_(days=0.2)
        assert rounds.run()[0] == ["/", ONE]
    rounds.server.answers[ONE] = page(article())
    rounds.clock.pass_(days=31)
    assert rounds.run()[0] == ["/", ONE]
    assert rounds.outcomes(ONE)[-1] == "archived"


# -- listings -------------------------------------------------------------------------------------------------------


def paged(count: int, size: int = 3, first: int = 1, name: str = "bai") -> dict[str, Answer]:
    """A news section of so many pages, newest first, and its articles; the start page leads to it."""
    answers: dict[str, Answer] = {"/": page(listing("/tin-tuc/"))}
    numbers = list(range(first + count * size - 1, first - 1, -1))
    for number in range(1, count + 1):
        paths = [f"/tin-tuc/{name}-{n}.html" for n in numbers[(number - 1) * size : number * size]]
        pager = [f"/tin-tuc/page-{n}/" for n in range(2, count + 1)]
        answers["/tin-tuc/" if number == 1 else f"/tin-tuc/page-{number}/"] = page(listing(*paths, *pager))
        answers |= {path: page(article(int(path.split("-")[-1].split(".")[0]))) for path in paths}
    return answers


def further(asked: list[str]) -> list[str]:
    return [path for path in asked if "page-" in path]


def test_a_list_is_followed_until_a_whole_page_holds_nothing_new(rounds: Rounds) -> None:
    rounds.server.answers |= paged(6)
    asked, _ = rounds.run()
    assert further(asked) == [f"/tin-tuc/page-{number}/" for number in range(2, 7)]
    assert len([path for path in asked if "bai-" in path]) == 18
    assert further(rounds.run()[0]) == []
    # Four new articles push the others down: the second page has a new one, the third has none.
    rounds.server.answers |= paged(7, first=2) | {f"/tin-tuc/bai-{n}.html": page(article(n)) for n in range(19, 23)}
    asked, _ = rounds.run()
    assert further(asked) == ["/tin-tuc/page-2/", "/tin-tuc/page-3/"]
    assert [path for path in asked if "bai-" in path] == [f"/tin-tuc/bai-{n}.html" for n in (22, 21, 20, 19)]


def test_a_last_page_that_answers_for_all_further_ones_ends_the_list(rounds: Rounds) -> None:
    last = page(listing(ONE, *[f"/tin-tuc/page-{number}/" for number in range(2, 99)]))
    rounds.server.answers |= {"/": page(listing("/tin-tuc/")), ONE: page(article())}
    rounds.server.answers |= {"/tin-tuc/": last, **{f"/tin-tuc/page-{number}/": last for number in range(2, 99)}}
    assert further(rounds.run()[0]) == ["/tin-tuc/page-2/"]


def test_lists_longer_than_a_run_are_continued(rounds: Rounds) -> None:
    rounds.server.answers |= paged(10)
    asked, _ = rounds.run(max_listing_pages=5)
    assert further(asked) == ["/tin-tuc/page-2/", "/tin-tuc/page-3/", "/tin-tuc/page-4/"]
    assert rounds.outcomes("/tin-tuc/page-5/") == ["not_asked"]
    # Meanwhile four new articles came, so that page 5 begins with what was on page 4.
    rounds.server.answers |= paged(11, first=2) | {f"/tin-tuc/bai-{n}.html": page(article(n)) for n in range(31, 35)}
    seen: set[str] = set()
    for _ in range(5):
        asked, _ = rounds.run(max_listing_pages=5)
        seen |= set(further(asked))
    assert {f"/tin-tuc/page-{number}/" for number in range(5, 12)} <= seen
    fetched = {row["url"] for row in rounds.raw.read("_fetches").to_pylist() if row["purpose"] == "article"}
    assert {f"{rounds.server.url}tin-tuc/bai-{n}.html" for n in range(2, 35)} <= fetched
    assert further(rounds.run(max_listing_pages=5)[0]) == [], "nothing is left"


def test_a_page_of_a_list_that_failed_does_not_hide_what_lies_behind(rounds: Rounds) -> None:
    rounds.server.answers |= paged(4) | {"/tin-tuc/page-2/": cut_off}
    asked, outcome = rounds.run()
    assert len([path for path in asked if "bai-" in path]) == 3
    assert [failure.outcome for failure in outcome.failures] == ["network_error"]
    rounds.server.answers |= paged(4)
    asked, _ = rounds.run()
    assert further(asked) == ["/tin-tuc/page-2/", "/tin-tuc/page-3/", "/tin-tuc/page-4/"]
    assert len([path for path in asked if "bai-" in path]) == 9


def test_a_page_of_a_list_that_was_left_is_read_later(rounds: Rounds) -> None:
    rounds.server.answers |= paged(4)
    rounds.run()
    # Seven new articles, and the host closes before the third page, which by now holds one of them.
    newer = {f"/tin-tuc/bai-{n}.html": page(article(n)) for n in range(13, 20)}
    rounds.server.answers |= paged(6, first=2) | newer | {"/tin-tuc/page-2/": page("x", status=503, Retry_After="3600")}
    assert further(rounds.run()[0]) == ["/tin-tuc/page-2/"]
    rounds.clock.pass_(hours=2)
    rounds.server.answers |= paged(6, first=2) | newer
    asked, _ = rounds.run()
    assert further(asked) == [f"/tin-tuc/page-{number}/" for number in range(2, 7)]
    assert {path for path in newer if path in asked} == set(newer)


def test_numbers_order_articles_and_end_lists(rounds: Rounds) -> None:
    def pages(*lists: tuple[int, ...]) -> None:
        paths = [[f"/tin-so-mot-a{number}.html" for number in numbers] for numbers in lists]
        onward = [f"/trang-{number}.html" for number in range(2, len(lists) + 1)]
        for number, found in enumerate(paths, start=1):
            rounds.server.answers["/" if number == 1 else f"/trang-{number}.html"] = page(listing(*found, *onward))
            rounds.server.answers |= {path: page(article(int(path[-10:-5]))) for path in found}

    pages((22003, 22005), (22002, 22004))
    asked, _ = rounds.run("vca")
    assert asked[2:] == [f"/tin-so-mot-a{number}.html" for number in (22005, 22004, 22003, 22002)], "newest first"
    # One is known, one is new to us but older than what we have: it is taken, and the list left there.
    pages((22005, 22001), (21999, 21998))
    asked, _ = rounds.run("vca")
    assert asked == ["/", "/tin-so-mot-a22001.html"]


# -- feeds and sitemaps ---------------------------------------------------------------------------------------------


def test_sitemaps_of_robots_lead_to_articles_also_packed(rounds: Rounds) -> None:
    url, answers = rounds.server.url.rstrip("/"), rounds.server.answers
    robots = f"User-agent: *\nDisallow: /mat/\nSitemap: {url}/sitemap.xml\nSitemap: https://other.example/s.xml\n"
    parts = [(f"{url}/s1.xml", "2022-01-01T00:00:00Z"), (f"{url}/s2.xml.gz", None), (f"{url}/mat/s3.xml", None)]
    answers |= {
        "/robots.txt": page(robots, Content_Type="text/plain"),
        "/": page(listing()),
        "/sitemap.xml": xml(sitemap_index(*parts, ("https://other.example/s4.xml", None))),
        "/s1.xml": xml(
            sitemap((f"{url}{ONE}", "2021-12-01"), (f"{url}/lien-he.html", None), ("https://x.example/a-b-c-d", None))
        ),
        "/s2.xml.gz": page(
            gzip.compress(sitemap((f"{url}{TWO}", "2021-12-02")).encode()), Content_Type="application/gzip"
        ),
        ONE: page(article(1)),
        TWO: page(article(2)),
    }
    asked, outcome = rounds.run()
    assert asked == ["/", "/sitemap.xml", "/s1.xml", "/s2.xml.gz", ONE, TWO]
    assert [failure.outcome for failure in outcome.failures] == ["robots_denied"]
    assert {row["purpose"] for path in ("/sitemap.xml", "/s1.xml") for row in rounds.rows(path)} == {"sitemap"}
    # The index says that the first part did not change since.
    assert rounds.run()[0] == ["/", "/sitemap.xml", "/s2.xml.gz"]
    answers["/sitemap.xml"] = xml(sitemap_index((f"{url}/s1.xml", "2022-01-11T00:00:00Z")))
    answers["/s1.xml"] = xml(sitemap((f"{url}{THREE}", "2021-12-01")))
    answers[THREE] = page(article(3))
    assert rounds.run()[0] == ["/", "/sitemap.xml", "/s1.xml", THREE]
    found = read_pages(archive=rounds.archive, raw_zone=rounds.raw)
    assert (found.articles, found.rejected) == (3, ()), "neither robots.txt nor sitemaps are read as articles"


def test_parts_beyond_the_limit_have_their_turn_in_later_runs(rounds: Rounds) -> None:
    url = rounds.server.url.rstrip("/")
    parts = [f"/s{number}.xml" for number in range(5)]
    rounds.server.answers |= {
        "/": page(listing()),
        "/map.xml": xml(sitemap_index(*((url + part, "2022-01-01") for part in parts))),
        **{part: xml(sitemap((f"{url}/tin-tuc/bai-{part[2]}.html", None))) for part in parts},
        **{f"/tin-tuc/bai-{number}.html": page(article(number)) for number in range(5)},
    }
    asked = [rounds.run(sitemaps=["map.xml"], max_sitemaps=2)[0][2:] for _ in range(4)]
    assert [[path for path in run if path.startswith("/s")] for run in asked] == [parts[:2], parts[2:4], parts[4:], []]
    # Where no change is stated, each may have changed: they take turns.
    rounds.server.answers["/map.xml"] = xml(sitemap_index(*((url + part, None) for part in parts)))
    asked = [rounds.run(sitemaps=["map.xml"], max_sitemaps=2)[0][2:4] for _ in range(3)]
    assert asked == [parts[:2], parts[2:4], [parts[4], parts[0]]]


def test_nukeviet_needs_its_name_only(rounds: Rounds) -> None:
    url, answers = rounds.server.url.rstrip("/"), rounds.server.answers
    answers |= {
        "/": page(listing("/news/", "/about/gioi-thieu-1.html")),
        "/news/": page(listing("/news/hoat-dong/thang-11-12.html", "/news/page-2/")),
        "/news/page-2/": page(listing("/news/hoat-dong/thang-10-11.html", "/news/savefile/hoat-dong/thang-10-11.html")),
        "/rss/": xml(rss(f"{url}/news/hoat-dong/thang-12-13.html")),
        "/sitemap.xml": xml(sitemap_index((f"{url}/sitemap-vi.news.xml", None), (f"{url}/sitemap-vi.page.xml", None))),
        "/sitemap-vi.news.xml": xml(sitemap((f"{url}/news/hoat-dong/thang-9-10.html", "2021-10-01"))),
        **{f"/news/hoat-dong/thang-{n - 1}-{n}.html": page(article(n)) for n in range(10, 14)},
    }
    asked, outcome = rounds.run("nukeviet")
    assert asked == ["/", "/news/", "/news/page-2/", "/rss/", "/news/rss/", "/sitemap.xml", "/sitemap-vi.news.xml"] + [
        f"/news/hoat-dong/thang-{n - 1}-{n}.html" for n in (13, 12, 11, 10)
    ]
    assert outcome.failures == (), "what only the kind guesses may be missing"
    assert rounds.outcomes("/news/rss/") == ["http_error"]
    assert "/news/rss/" not in rounds.run("nukeviet")[0], "and is not asked for every day"


def test_wordpress_needs_its_name_only(rounds: Rounds) -> None:
    url, answers = rounds.server.url.rstrip("/"), rounds.server.answers
    answers |= {
        "/": page(listing("/2021/12/05/mot/", "/category/tin/", "/gioi-thieu/", "/tag/htx/")),
        "/category/tin/": page(listing("/2021/12/04/hai/", "/category/tin/page/2/")),
        "/category/tin/page/2/": page(listing("/2021/12/03/ba/")),
        "/feed/": xml(rss(f"{url}/bon/")),
        "/wp-sitemap.xml": xml(
            sitemap_index((f"{url}/wp-sitemap-posts-post-1.xml", None), (f"{url}/wp-sitemap-users-1.xml", None))
        ),
        "/wp-sitemap-posts-post-1.xml": xml(sitemap((f"{url}/nam/", "2021-11-01"), (f"{url}/tag/htx/", None))),
        **{
            path: page(article())
            for path in ("/2021/12/05/mot/", "/2021/12/04/hai/", "/2021/12/03/ba/", "/bon/", "/nam/")
        },
    }
    asked, outcome = rounds.run("wordpress")
    articles = ["/2021/12/05/mot/", "/2021/12/04/hai/", "/2021/12/03/ba/", "/bon/", "/nam/"]
    assert asked[-5:] == articles, "feeds and sitemaps of posts need no descriptive addresses"
    assert not {"/tag/htx/", "/gioi-thieu/", "/wp-sitemap-users-1.xml"} & set(asked)
    assert outcome.failures == ()


def test_feeds_that_pages_name_are_read(rounds: Rounds) -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>"
    rounds.server.answers |= {"/": page(listing(head=head)), "/tin.rss": xml(rss(ONE)), ONE: page(article())}
    assert rounds.run()[0] == ["/", "/tin.rss", ONE]


def test_feeds_that_are_none_or_dangerous_are_outcomes(rounds: Rounds) -> None:
    evil = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel><item><link>&x;</link></item></channel></rss>'
    bomb = gzip.compress(b"<urlset>" + b" " * 3_000_000)
    rounds.server.answers |= {
        "/": page(listing()),
        "/a.rss": xml(evil),
        "/b.rss": page(listing(ONE)),
        "/s.xml.gz": page(bomb),
    }
    limits = replace(LIMITS, max_feed_bytes=1_000_000)
    _, outcome = rounds.run(limits=limits, feeds=["a.rss", "b.rss", "missing.rss"], sitemaps=["s.xml.gz"])
    assert [failure.outcome for failure in outcome.failures] == ["not_xml", "not_xml", "http_error", "not_xml"]
    broken = xml(rss(ONE).replace("</channel></rss>", "<item><link>/tin-tuc/hai"))
    rounds.server.answers |= {"/c.rss": broken, ONE: page(article())}
    asked, outcome = rounds.run(feeds=["c.rss"])
    assert (asked, outcome.failures) == (["/", "/c.rss", ONE], ())
    assert "broke off" in rounds.rows("/c.rss")[0]["detail"]


# -- changed pages --------------------------------------------------------------------------------------------------


def test_unchanged_pages_are_confirmed_without_being_sent(rounds: Rounds) -> None:
    modified = "Fri, 03 Dec 2021 02:00:00 GMT"
    rounds.server.answers |= {
        "/": versioned(listing(ONE, TWO), etag='"trang-chu"'),
        ONE: versioned(article(1), etag='W/"mot"'),
        TWO: versioned(article(2), modified=modified),
    }
    rounds.run()
    asked, outcome = rounds.run()
    assert asked == ["/", ONE, TWO]
    sent = [(h.get("If-None-Match"), h.get("If-Modified-Since")) for h in rounds.server.headers_seen[1:]]
    assert sent == [('"trang-chu"', None), ('W/"mot"', None), (None, modified)]
    assert (outcome.pages_fetched, outcome.pages_new, outcome.failures) == (3, 0, ())
    first, second = rounds.rows(ONE)
    assert (second["outcome"], second["status"], second["size_bytes"]) == ("unchanged", 304, None)
    assert (first["artifact_sha256"], first["snapshot"]) == (second["artifact_sha256"], second["snapshot"])
    validity = [row for row in rounds.raw.read("_validity").to_pylist() if row["url"].endswith(ONE)]
    assert sorted(row["status"] for row in validity) == [200, 304]
    assert {(row["etag"], row["last_modified"], row["artifact_sha256"]) for row in validity} == {
        ('W/"mot"', None, first["artifact_sha256"])
    }


def test_links_of_an_unchanged_listing_come_from_the_archive(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": versioned(listing(ONE, TWO), etag='"1"'), ONE: page(article(1)), TWO: cut_off}
    rounds.run()
    rounds.server.answers[TWO] = page(article(2))
    assert rounds.run()[0] == ["/", TWO]
    assert rounds.outcomes("/") == ["archived", "unchanged"]


def test_a_page_that_changes_has_two_contents_in_order(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(12), etag='"1"')}
    rounds.run()
    rounds.clock.pass_(days=1)
    rounds.server.answers[ONE] = versioned(article(21), etag='"2"')
    _, outcome = rounds.run()
    assert outcome.pages_new == 1
    rounds.clock.pass_(days=1)
    rounds.server.answers[ONE] = versioned(article(12), etag='"3"')
    rounds.run()
    rows = rounds.rows(ONE)
    assert [(row["outcome"], row["snapshot"]) for row in rows] == [("archived", 1), ("archived", 2), ("archived", 3)]
    assert rows[0]["artifact_sha256"] == rows[2]["artifact_sha256"] != rows[1]["artifact_sha256"]
    found = read_pages(archive=rounds.archive, raw_zone=rounds.raw)
    assert (found.articles, found.claims) == (2, 2), "both contents are artifacts, and both are read"
    assert sorted(int(row["value"]) for row in rounds.raw.read("news_claim").to_pylist()) == [12, 21]


def test_a_date_as_young_as_its_answer_is_not_relied_on(rounds: Rounds) -> None:
    """What changes twice within a second has one Last-Modified: 'not modified' would hide the second change."""
    same = "Mon, 10 Jan 2022 03:00:00 GMT"
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(1), modified=same)}
    rounds.run()
    rounds.server.answers[ONE] = versioned(article(2), modified=same)
    rounds.clock.pass_(hours=13)
    rounds.run()
    assert rounds.outcomes(ONE) == ["archived", "archived"]


def test_young_articles_are_asked_after_and_old_ones_are_not(rounds: Rounds) -> None:
    rounds.server.answers |= {
        "/": page(listing(ONE, TWO)),
        ONE: versioned(article(1), etag='"1"'),
        TWO: page(article(2)),
    }
    rounds.run()
    assert rounds.run()[0] == ["/", ONE], "to confirm costs nothing; to send all of it again does"
    rounds.clock.pass_(hours=13)
    assert rounds.run()[0] == ["/", TWO, ONE], "what was not asked after for longest comes first"
    rounds.clock.pass_(days=8)
    assert rounds.run()[0] == ["/"]
    assert rounds.run(recheck_days=30)[0] == ["/", TWO, ONE]


def test_no_more_are_asked_after_than_allowed(rounds: Rounds) -> None:
    paths = [f"/tin-tuc/bai-{letter}.html" for letter in "abcde"]
    rounds.server.answers |= {"/": page(listing(*paths)), **{p: versioned(article(), etag=f'"{p}"') for p in paths}}
    rounds.run()
    asked = [rounds.run(max_rechecks=2)[0][1:] for _ in range(3)]
    assert asked == [paths[:2], paths[2:4], [paths[4], paths[0]]]


def test_a_stated_change_is_asked_after_however_old_the_article(rounds: Rounds) -> None:
    url = rounds.server.url.rstrip("/")
    rounds.server.answers |= {"/": page(listing()), ONE: page(article(1)), TWO: page(article(2))}
    rounds.server.answers["/map.xml"] = xml(sitemap((url + ONE, "2022-01-09"), (url + TWO, "2022-01-09")))
    rounds.run(sitemaps=["map.xml"])
    rounds.clock.pass_(days=60)
    rounds.server.answers["/map.xml"] = xml(
        sitemap((url + ONE, "2022-03-10T08:00:00+07:00"), (url + TWO, "2022-01-09"))
    )
    rounds.server.answers[ONE] = page(article(11))
    assert rounds.run(sitemaps=["map.xml"])[0] == ["/", "/map.xml", ONE]
    assert rounds.outcomes(ONE) == ["archived", "archived"]
    assert rounds.run(sitemaps=["map.xml"])[0] == ["/", "/map.xml"]


def test_an_article_that_is_gone_keeps_its_content(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(), etag='"1"')}
    rounds.run()
    rounds.server.answers[ONE] = page("x", status=410)
    _, outcome = rounds.run()
    assert [failure.outcome for failure in outcome.failures] == ["http_error"]
    assert rounds.run()[0] == ["/"], "patience grows"
    assert read_pages(archive=rounds.archive, raw_zone=rounds.raw).articles == 1
    rounds.server.answers[ONE] = versioned(article(), etag='"1"')
    rounds.clock.pass_(days=3)
    rounds.run()
    assert [row["snapshot"] for row in rounds.rows(ONE)] == [1, None, 1], "the same content again is no new one"


@pytest.mark.parametrize(
    "fault", [cut_off, endless, page("", status=200), redirect("http://10.0.0.1/"), page("x", status=503)]
)
def test_a_fault_after_a_good_answer_takes_nothing_away(rounds: Rounds, fault: Answer) -> None:
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(), etag='"1"')}
    rounds.run()
    rounds.server.answers[ONE] = fault
    rounds.run()
    rounds.server.answers[ONE] = versioned(article(), etag='"1"')
    rounds.clock.pass_(days=3)
    rounds.run()
    rows = rounds.rows(ONE)
    assert [row["artifact_sha256"] for row in rows] == [rows[0]["artifact_sha256"], None, rows[0]["artifact_sha256"]]
    assert rows[2]["status"] == 304


def test_a_page_that_changes_between_two_attempts_is_whole(rounds: Rounds) -> None:
    """The first attempt breaks off in the old content, the second one brings the new: never halves of both."""
    attempts: list[int] = []

    def changing(handler: Handler) -> None:
        attempts.append(1)
        (cut_off if len(attempts) == 1 else page(article(33)))(handler)

    rounds.server.answers |= {"/": page(listing(ONE)), ONE: changing}
    rounds.run(limits=replace(LIMITS, retries=1, backoff_seconds=0.0))
    (row,) = rounds.rows(ONE)
    assert rounds.archive.open(row["artifact_sha256"]) == article(33).encode()


# -- what was lost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["_validity", "archive"])
def test_without_validators_or_without_the_copy_the_whole_page_is_asked_for(rounds: Rounds, lost: str) -> None:
    """A run that is killed between its two records, or an archive restored from an older copy."""
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(), etag='"1"')}
    rounds.run()
    shutil.rmtree(rounds.home / "archive" if lost == "archive" else rounds.home / "raw" / "_validity")
    rounds.clock.pass_(hours=13)
    rounds.run()
    assert [(row["outcome"], row["status"]) for row in rounds.rows(ONE)] == [("archived", 200), ("unchanged", 200)]
    assert rounds.archive.open(rounds.rows(ONE)[0]["artifact_sha256"]) == article().encode()


def test_a_validator_of_another_content_is_not_sent(rounds: Rounds) -> None:
    """Outcomes are written before validators: a validator of older content must not confirm newer content."""
    rounds.server.answers |= {"/": page(listing(ONE)), ONE: versioned(article(1), etag='"1"')}
    rounds.run()
    (kept,) = (rounds.home / "raw" / "_validity").glob("*.parquet")
    rounds.server.answers[ONE] = versioned(article(2), etag='"2"')
    rounds.run()
    for file in (rounds.home / "raw" / "_validity").glob("*.parquet"):
        if file != kept:
            file.unlink()
    rounds.clock.pass_(hours=13)
    rounds.run()
    assert all("If-None-Match" not in headers for headers in rounds.server.headers_seen)


def test_records_of_an_older_version_are_understood(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE, TWO)), ONE: page(article(1)), TWO: page(article(2))}
    old = pa.schema([f for f in FETCHES if f.name not in {"purpose", "attempts", "snapshot", "response"}])
    sha = rounds.archive.put(article(1).encode())
    at = datetime(2021, 12, 4)
    rows = [
        {"fetch_id": "1", "url": rounds.server.url + path, "portal": "mau", "requested_at": at, "status": 200,
         "outcome": "archived", "artifact_sha256": rounds.archive.put(body), "size_bytes": 1, "detail": detail}
        for path, body, detail in (("", b"<p>", "listing: 1 articles"), (ONE[1:], article(1).encode(), None))
    ]  # fmt: skip
    (rounds.home / "raw" / "_fetches").mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=old), rounds.home / "raw" / "_fetches" / "old.parquet")
    assert read_pages(archive=rounds.archive, raw_zone=rounds.raw).articles == 1, "the listing is none"
    assert rounds.run()[0] == ["/", TWO]
    rounds.server.answers[ONE] = page(article(9))
    assert rounds.run(recheck_days=99)[0] == ["/", ONE]
    assert [(row["snapshot"], row["artifact_sha256"] == sha) for row in rounds.rows(ONE)] == [(None, True), (2, False)]


# -- hosts that ask to wait ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "7200"},
        # The server's clock is a day late; what counts is the difference to its own date.
        {"Retry_After": "Sun, 09 Jan 2022 05:00:00 GMT", "Date": "Sun, 09 Jan 2022 03:00:00 GMT"},
        {"Retry_After": "Mon, 10 Jan 2022 05:00:00 GMT"},
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_binds_the_runs_that_follow(rounds: Rounds, headers: dict[str, str], status: int) -> None:
    rounds.server.answers |= {
        "/": page(listing(ONE, TWO)),
        ONE: page("x", status=status, **headers),
        TWO: page(article()),
    }
    asked, outcome = rounds.run()
    assert asked == ["/", ONE]
    assert [failure.outcome for failure in outcome.failures] == ["http_error", "not_asked"]
    rounds.server.answers[ONE] = page(article())
    rounds.clock.pass_(minutes=115)
    asked, outcome = rounds.run()
    assert (asked, rounds.server.asked) == ([], []), "not even robots.txt"
    assert [failure.outcome for failure in outcome.failures] == ["not_asked"]
    assert "left alone until 2022-01-10 05:00" in str(outcome.failures[0])
    assert rounds.outcomes("/")[-1] == "not_asked"
    rounds.clock.pass_(minutes=6)
    assert rounds.run()[0] == ["/", ONE, TWO]


def test_a_short_rest_of_a_wish_is_waited_for(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page("x", status=503, Retry_After="7200")}
    rounds.run()
    rounds.clock.pass_(seconds=7190)
    rounds.server.answers["/"] = page(listing())
    rounds.clock.rests.clear()
    assert rounds.run()[0] == ["/"]
    assert 9 < sum(rounds.clock.rests) <= 10


def test_a_wish_is_kept_however_the_run_ends(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page(listing(ONE, TWO)), ONE: page("x", status=429, Retry_After="7200")}

    def killed(label: str, done: int, total: int) -> None:
        if label.startswith("Pages"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect_portal(
            Portal(name="mau", base_url=rounds.server.url),
            archive=rounds.archive,
            raw_zone=rounds.raw,
            policy=LIMITS,
            progress=killed,
            **rounds.clock.hands,  # type: ignore[arg-type]
        )
    rounds.server.answers[ONE] = page(article())
    assert rounds.run()[0] == []
    (row,) = rounds.raw.read("_host_waits").to_pylist()
    assert row["host"] == f"127.0.0.1:{rounds.server.server_address[1]}"
    assert "asked to wait 7200 seconds" in row["reason"]


def test_no_wish_closes_a_host_for_good(rounds: Rounds) -> None:
    rounds.server.answers |= {"/": page("x", status=503, Retry_After="999999999")}
    rounds.run()
    rounds.clock.pass_(days=7, hours=1)
    rounds.server.answers["/"] = page(listing())
    assert rounds.run()[0] == ["/"]


@pytest.mark.parametrize("stated", ["", "soon", "-5", "Mon, 99 Jan 2022 05:00:00 GMT"])
def test_wishes_that_say_nothing(stated: str) -> None:
    assert retry_after({"retry-after": stated}, datetime(2022, 1, 10)) is None


# -- real pages ------------------------------------------------------------------------------------------------------


@pytest.mark.real_pages
def test_real_pages_with_faults_and_changes(real_pages: Path, rounds: Rounds) -> None:
    """Three real articles, each at an address of its engine: slow, cut off and packed first, then changing."""
    files = {
        "/tin-tuc/kinh-te-hop-tac-6-thang-2018.html": "kiengiang/kinh-te-hop-tac-6-thang-2018.html",
        "/news/tin-tuc/xay-dung-mo-hinh-462.html": "mirror/xay-dung-mo-hinh-hop-tac-xa-462.html",
        "/ke-hoach-hanh-dong-a23003.html": "vca/ke-hoach-hanh-dong-337.html",
    }
    pages = {path: (real_pages / name).read_bytes() for path, name in files.items()}
    halves = iter([cut_off])

    def stumbling(handler: Handler) -> None:
        next(halves, page(gzip.compress(pages[one]), Content_Encoding="gzip"))(handler)

    one, two, three = pages
    rounds.server.answers |= {
        "/": page(listing(*pages)),
        one: stumbling,
        # The header states a wrong charset, as servers with a default charset do.
        two: page(pages[two], Content_Type="text/html; charset=iso-8859-1"),
        three: versioned(pages[three].decode(), etag='"337"'),
    }
    limits = replace(LIMITS, retries=1, backoff_seconds=0.0)
    _, outcome = rounds.run(limits=limits)
    assert (outcome.pages_new, outcome.failures) == (4, ())
    for path, data in pages.items():
        assert rounds.archive.open(rounds.rows(path)[0]["artifact_sha256"]) == data
    found = read_pages(archive=rounds.archive, raw_zone=rounds.raw)
    assert (found.articles, found.rejected) == (3, ())
    titles = {row["url"].rpartition("/")[2]: row["title"] for row in rounds.raw.read("news_article").to_pylist()}
    assert titles["xay-dung-mo-hinh-462.html"].startswith("Xây dựng mô hình hợp tác xã")
    changed = pages[three].replace(b"2021", b"2022", 1)
    rounds.server.answers[three] = versioned(changed.decode(), etag='"337-2"')
    asked, _ = rounds.run(limits=limits)
    assert asked == ["/", three]
    assert [row["snapshot"] for row in rounds.rows(three)] == [1, 2]
    assert read_pages(archive=rounds.archive, raw_zone=rounds.raw).articles == 1
