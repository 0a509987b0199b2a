"""One run over portals on loopback, correct and faulty ones: every address has an outcome, and the run continues."""

from __future__ import annotations

import gzip
import json
import socket
import time
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ingestion.archive import Archive
from ingestion.news import reading
from ingestion.news.reading import read_pages
from ingestion.portals.collect import PortalOutcome, collect_portal, collect_portals
from ingestion.portals.fetch import PRODUCT, Fetcher, FetchPolicy, Validators, may_follow, user_agent
from ingestion.portals.portals import Portal, PortalError
from ingestion.raw_zone import RawZone
from tests.portal_server import (
    POLICY,
    Answer,
    Clock,
    Handler,
    article,
    closed,
    cut_off,
    cut_off_chunks,
    dripping,
    dripping_headers,
    endless,
    listing,
    no_last_chunk,
    page,
    redirect,
    serving,
    silent,
)

BOMB = b"<p>" + b"0" * 20_000_000
CUT_GZIP = gzip.compress(article().encode())[:-20]
FAULTS: dict[str, tuple[Answer | None, str]] = {
    "/tin-tuc/trang-khong-con.html": (None, "http_error"),
    "/tin-tuc/may-chu-loi.html": (page("x", status=500), "http_error"),
    "/tin-tuc/bi-tu-choi.html": (page("x", status=403), "http_error"),
    "/tin-tuc/qua-nhieu-yeu-cau.html": (page("x", status=429), "http_error"),
    "/tin-tuc/dong-ket-noi.html": (closed, "network_error"),
    "/tin-tuc/im-lang.html": (silent, "timeout"),
    "/tin-tuc/vo-tan.html": (endless, "too_large"),
    "/tin-tuc/nho-giot.html": (dripping, "timeout"),
    "/tin-tuc/tieu-de-nho-giot.html": (dripping_headers, "timeout"),
    "/tin-tuc/dut-giua-chung.html": (cut_off, "network_error"),
    "/tin-tuc/khai-qua-lon.html": (page("<p>" + "x" * 300_000), "too_large"),
    "/tin-tuc/dut-giua-khuc.html": (cut_off_chunks, "network_error"),
    "/tin-tuc/thieu-khuc-cuoi.html": (no_last_chunk, "network_error"),
    "/tin-tuc/bom-nen.html": (page(gzip.compress(BOMB), Content_Encoding="gzip"), "too_large"),
    "/tin-tuc/bom-noi-tiep.html": (page(gzip.compress(BOMB[:150_000]) * 2, Content_Encoding="gzip"), "too_large"),
    "/tin-tuc/bom-deflate.html": (page(zlib.compress(BOMB), Content_Encoding="deflate"), "too_large"),
    "/tin-tuc/nen-hong.html": (page(b"<p>no gzip", Content_Encoding="gzip"), "network_error"),
    "/tin-tuc/nen-thieu.html": (
        page(CUT_GZIP, Content_Encoding="gzip"),
        "network_error",
    ),
    "/tin-tuc/nen-la.html": (page(b"<p>zstd", Content_Encoding="zstd"), "network_error"),
    "/tin-tuc/rong.html": (page(""), "empty"),
    "/tin-tuc/bang-tinh.html": (page(b"PK\x03\x04", Content_Type="application/vnd.ms-excel"), "not_html"),
    "/tin-tuc/nhi-phan.html": (page(b"\x00\x01\x02 <"), "not_html"),
    "/tin-tuc/khong-hoi-ma-304.html": (page(b"", status=304), "http_error"),
    "/tin-tuc/sang-noi-khac.html": (redirect("http://other.example/tin"), "http_error"),
    "/tin-tuc/sang-cong-khac.html": (redirect("http://127.0.0.1:9/tin"), "http_error"),
    "/tin-tuc/sang-mang-rieng.html": (redirect("http://169.254.169.254/latest/"), "http_error"),
    "/tin-tuc/vong-lap.html": (redirect("/tin-tuc/vong-lap.html"), "http_error"),
    "/tin-tuc/tep-tren-may.html": (redirect("file:///etc/hostname"), "http_error"),
    "/tin-tuc/sang-dia-chi-hong.html": (redirect("http://[::1/"), "http_error"),
    "/tin-tuc/cam-doc.html": (page(article()), "robots_denied"),
    "/tin-tuc/dan-den-cam-doc.html": (redirect("/tin-tuc/cam-doc.html"), "robots_denied"),
}
ROBOTS = page("User-agent: *\nDisallow: /tin-tuc/cam-doc.html\n", Content_Type="text/plain")


@pytest.fixture
def zones(tmp_path: Path) -> tuple[Archive, RawZone]:
    return Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")


def collect(url: str | Portal, zones: tuple[Archive, RawZone], policy: FetchPolicy = POLICY) -> PortalOutcome:
    archive, raw_zone = zones
    return collect_portal(url, archive=archive, raw_zone=raw_zone, policy=policy)


def rows_of(zones: tuple[Archive, RawZone]) -> dict[str, dict[str, object]]:
    """Rows of ``_fetches`` by path, the last one of each."""
    rows = sorted(zones[1].read("_fetches").to_pylist(), key=lambda row: row["requested_at"])
    return {"/" + row["url"].split("://")[1].split("/", 1)[1]: row for row in rows}


def test_every_fault_has_its_outcome_and_the_run_continues(zones: tuple[Archive, RawZone]) -> None:
    good = ["/tin-tuc/tin-dau.html", "/tin-tuc/tin-nen.html", "/tin-tuc/tin-noi-tiep.html", "/tin-tuc/tin-cuoi.html"]
    answers: dict[str, Answer] = {path: answer for path, (answer, _) in FAULTS.items() if answer}
    # A good page now and then, as on real portals: faults alone would end the run (that is another test).
    paths = []
    for number, fault in enumerate(FAULTS):
        paths += [fault, *good[number // 4 : number // 4 + (number % 4 == 0)]]
    answers |= {"/robots.txt": ROBOTS, "/": page(listing(*paths))}
    answers |= {
        good[0]: page(article(12)),
        good[1]: page(gzip.compress(article(13).encode()), Content_Encoding="gzip"),
        # Two members in a row are one body; padding after them is not part of it.
        good[2]: page(
            gzip.compress(article(14).encode()[:90]) + gzip.compress(article(14).encode()[90:]) + b"\0" * 8,
            Content_Encoding="gzip",
        ),
        good[3]: redirect("/tin-tuc/dich-den.html"),
        "/tin-tuc/dich-den.html": page(article(15)),
    }
    with serving(answers) as server:
        outcome = collect(server.url, zones)
        assert server.asked[0] == "/robots.txt"
        assert "/tin-tuc/cam-doc.html" not in server.asked
        assert {headers["User-Agent"] for headers in server.headers_seen} == {user_agent(PRODUCT)}
    rows = rows_of(zones)
    expected = {path: outcome for path, (_, outcome) in FAULTS.items()}
    expected |= dict.fromkeys(["/", "/robots.txt", *good], "archived")
    assert {path: row["outcome"] for path, row in rows.items()} == expected
    assert outcome.pages_new == outcome.pages_fetched == len(good) + 1
    assert len(outcome.failures) == len(FAULTS)
    for failure in outcome.failures:
        assert failure.url in str(failure)
        assert len(str(failure)) > len(failure.url) + 30, "says what happened and what to do"
    found = read_pages(archive=zones[0], raw_zone=zones[1])
    assert (found.articles, found.claims, found.rejected) == (4, 4, ())
    assert sorted(int(row["value"]) for row in zones[1].read("news_claim").to_pylist()) == [12, 13, 14, 15]
    assert {path for path, row in rows.items() if row["artifact_sha256"]} == {"/", "/robots.txt", *good}


def test_the_record_keeps_the_response_of_the_server(zones: tuple[Archive, RawZone]) -> None:
    answers = {
        "/": page(listing("/tin-tuc/mot.html")),
        "/tin-tuc/mot.html": redirect("/tin-tuc/hai.html"),
        "/tin-tuc/hai.html": page(article(), ETag='"v1"', Last_Modified="Fri, 03 Dec 2021 02:00:00 GMT", Server="x"),
    }
    with serving(answers) as server:
        collect(server.url, zones)
    rows = rows_of(zones)
    row = rows["/tin-tuc/mot.html"]
    assert json.loads(str(row["response"])) == {
        "status": 200,
        "final_url": f"{server.url}tin-tuc/hai.html",
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(article().encode())),
        "etag": '"v1"',
        "last-modified": "Fri, 03 Dec 2021 02:00:00 GMT",
    }
    assert (row["purpose"], row["attempts"], row["snapshot"], row["status"]) == ("article", 2, 1, 200)
    assert (rows["/"]["purpose"], rows["/robots.txt"]["purpose"]) == ("listing", "robots")
    assert rows["/robots.txt"]["outcome"] == "http_error"
    assert "everything is allowed" in str(rows["/robots.txt"]["detail"])


@pytest.mark.parametrize("answer", [page("x", status=500), page("x", status=403), silent, closed])
def test_robots_that_cannot_be_read_close_the_host(answer: Answer, zones: tuple[Archive, RawZone]) -> None:
    with serving(
        {"/robots.txt": answer, "/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}
    ) as server:
        outcome = collect(server.url, zones)
        assert set(server.asked) == {"/robots.txt"}
    assert [failure.outcome for failure in outcome.failures] == ["robots_denied"]
    assert "robots.txt could not be read" in str(outcome.failures[0])
    rows = rows_of(zones)
    assert set(rows) == {"/robots.txt", "/"}
    assert rows["/"]["outcome"] == "robots_denied"
    assert rows["/robots.txt"]["outcome"] in {"http_error", "timeout", "network_error"}


def test_no_robots_means_everything_is_allowed(zones: tuple[Archive, RawZone]) -> None:
    with serving({"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}) as server:
        assert collect(server.url, zones).pages_new == 2


def test_a_portal_that_is_not_there_is_an_outcome(zones: tuple[Archive, RawZone]) -> None:
    with serving({}) as server:
        gone = server.url
    outcome = collect(gone, zones)
    assert (outcome.pages_fetched, len(outcome.failures)) == (0, 1)


# -- addresses ------------------------------------------------------------------------------------------------------


def test_private_addresses_are_refused_unless_allowed(zones: tuple[Archive, RawZone]) -> None:
    with serving({"/": page(listing())}) as server:
        outcome = collect(server.url, zones, FetchPolicy(pause_seconds=0.0, retries=0))
        assert server.asked == []
    assert "private address" in str(outcome.failures[0])


def test_a_name_that_turns_private_between_two_requests_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what was public when it was checked, is this machine when it is connected to."""
    real, seen = socket.getaddrinfo, []

    def rebinding(host: str, port: int, *args: object, **kwargs: object) -> object:
        if host != "cong.example":
            return real(host, port, *args, **kwargs)
        seen.append(host)
        address = "127.0.0.1" if len(seen) > 1 else "93.184.216.34"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connected(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        """The network of the test: the public address answers as the server does."""
        assert address[0] != "127.0.0.1", "a private address was connected to"
        return socket.create_connection(("127.0.0.1", address[1]))

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("ingestion.timed_http.create_connection", connected)
    with serving({"/a": page("<p>a"), "/b": page("<p>b")}) as server:
        port = server.server_address[1]
        # The connection ends after each answer, so that the next request looks the name up again.
        with Fetcher(FetchPolicy(pause_seconds=0.0, retries=0)) as fetcher:
            found = fetcher.get(f"http://cong.example:{port}/a")
        assert server.asked == ["/robots.txt"], "asked once, over the address that was checked"
    assert (found.outcome, len(seen)) == ("network_error", 2)
    assert "127.0.0.1" in (found.detail or "") and "private address" in (found.detail or "")


def test_private_addresses_are_for_whom_they_are_configured(
    zones: tuple[Archive, RawZone], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming a portal on the command line lets its own numbered address in, and no name that leads inside."""
    real = socket.getaddrinfo

    def inside(host: str, *args: object, **kwargs: object) -> object:
        return real("127.0.0.1" if host == "noi-bo.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    archive, raw_zone = zones
    with serving({"/": page(listing())}) as server:
        named = server.url.replace("127.0.0.1", "noi-bo.example")
        refused = collect_portal(named, archive=archive, raw_zone=raw_zone, allow_private=True, sleep=lambda _: None)
        assert server.asked == []
        assert "allow_private" in str(refused.failures[0])
        numbered = collect_portal(server.url, archive=archive, raw_zone=raw_zone, allow_private=True)
        configured = Portal(name="noi-bo", base_url=named, allow_private=True, pause_seconds=0)
        meant = collect_portal(configured, archive=archive, raw_zone=raw_zone)
    assert (numbered.pages_fetched, meant.pages_fetched) == (1, 1)


def test_loopback_never_goes_through_a_proxy(zones: tuple[Archive, RawZone], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving({"/": page(listing())}) as server:
        assert collect(server.url, zones).pages_fetched == 1


def test_what_a_proxy_brings_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"http://cong.example/robots.txt": ROBOTS, "http://cong.example/a": page("<p>a")}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        with Fetcher(FetchPolicy(pause_seconds=0.0, retries=0)) as fetcher:
            assert fetcher.get("http://cong.example/a").outcome == "fetched"


def test_a_proxy_is_not_asked_for_private_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        with Fetcher(FetchPolicy(pause_seconds=0.0, retries=0)) as fetcher:
            for url in ("http://10.0.0.1/", "http://may-in.local/"):
                assert "private address" in (fetcher.get(url).detail or "")
        assert proxy.asked == []


def test_redirects_lead_to_hosts_of_the_portal_only(tmp_path: Path) -> None:
    robots = page("User-agent: *\nDisallow: /tin-tuc/cam.html\n", Content_Type="text/plain")
    over_there = {"/robots.txt": robots, "/tin-tuc/dich.html": page(article(5)), "/tin-tuc/cam.html": page(article(6))}
    with serving(over_there) as there, serving({}) as here:
        here.answers |= {
            "/": page(listing("/tin-tuc/mot.html", "/tin-tuc/hai.html")),
            "/tin-tuc/mot.html": redirect(f"{there.url}tin-tuc/dich.html"),
            "/tin-tuc/hai.html": redirect(f"{there.url}tin-tuc/cam.html"),
        }
        own = there.url.removeprefix("http://").strip("/")
        outcomes = {}
        for hosts in ((), (own,)):
            home = tmp_path / str(len(hosts))
            zones = Archive(home / "archive"), RawZone(home / "raw")
            collect(Portal(name="mot", base_url=here.url, hosts=hosts), zones)
            outcomes[hosts] = {path: row["outcome"] for path, row in rows_of(zones).items() if "tin-tuc" in path}
        assert outcomes[()] == {"/tin-tuc/mot.html": "http_error", "/tin-tuc/hai.html": "http_error"}
        assert outcomes[(own,)] == {"/tin-tuc/mot.html": "archived", "/tin-tuc/hai.html": "robots_denied"}
        assert there.asked == ["/robots.txt", "/tin-tuc/dich.html"], "each host's own robots.txt counts"


@pytest.mark.parametrize(
    ("address", "target", "followed"),
    [
        ("http://cong.example/a", "http://cong.example/b", True),
        ("http://cong.example/a", "https://cong.example/a", True),
        ("https://cong.example/a", "http://cong.example/a", False),
        ("https://cong.example/a", "http://www.cong.example/a", False),
        ("https://cong.example/a", "https://www.cong.example/a", True),
        ("https://cong.example/a", "https://la.example/a", False),
        ("http://cong.example:8080/a", "https://cong.example/a", False),
        ("http://cong.example/a", "http://user:secret@cong.example/a", False),
        ("http://cong.example/a", "ftp://cong.example/a", False),
    ],
)
def test_where_redirects_may_lead(address: str, target: str, followed: bool) -> None:
    assert may_follow(address, target, lambda url: "//www.cong.example/" in url) is followed


@pytest.mark.parametrize("url", ["ftp://example.org/x", "http://", "nonsense", "http://[1", "http://127.0.0.1:port/"])
def test_what_is_no_address_is_an_outcome(url: str) -> None:
    with Fetcher(POLICY) as fetcher:
        assert fetcher.get(url).outcome == "network_error"


# -- pace -----------------------------------------------------------------------------------------------------------


def fetcher_with(clock: Clock, **policy: object) -> Fetcher:
    return Fetcher(FetchPolicy(**{"pause_seconds": 0.0, "allow_private": True, **policy}), **clock.hands)  # type: ignore[arg-type]


def test_requests_to_one_host_keep_their_distance() -> None:
    clock = Clock()
    answers = {"/robots.txt": ROBOTS, "/a": page("<p>a"), "/b": page("<p>b")}
    with serving(answers) as server, fetcher_with(clock, pause_seconds=0.5) as fetcher:
        assert [fetcher.get(server.url + path).outcome for path in ("a", "b")] == ["fetched", "fetched"]
    assert clock.rests == [0.5, 0.5], "after robots.txt, and between the pages"


@pytest.mark.parametrize("rule", ["Crawl-delay: 3", "Request-rate: 20/60"])
def test_the_pace_that_robots_asks_for_is_kept(rule: str) -> None:
    clock = Clock()
    robots = page(f"User-agent: *\n{rule}\n", Content_Type="text/plain")
    answers = {"/robots.txt": robots, "/a": page("<p>a"), "/b": page("<p>b")}
    with serving(answers) as server, fetcher_with(clock) as fetcher:
        fetcher.get(server.url + "a")
        fetcher.get(server.url + "b")
    assert clock.rests[-1] == 3


def test_a_pace_beyond_all_patience_closes_the_host() -> None:
    robots = page("User-agent: *\nCrawl-delay: 86400\n", Content_Type="text/plain")
    with serving({"/robots.txt": robots, "/a": page("<p>a")}) as server, fetcher_with(Clock()) as fetcher:
        found = fetcher.get(server.url + "a")
        assert server.asked == ["/robots.txt"]
    assert (found.outcome, found.host_closed) == ("robots_denied", True)


def test_several_at_a_time_start_one_after_the_other(zones: tuple[Archive, RawZone]) -> None:
    busy: list[int] = []
    peak = [0]

    def slow(handler: Handler) -> None:
        busy.append(1)
        peak[0] = max(peak[0], len(busy))
        time.sleep(0.05)
        busy.pop()
        page(article(len(handler.path)))(handler)

    paths = [f"/tin-tuc/bai-{number}.html" for number in range(1, 9)]
    for concurrency, expected in ((1, {1}), (3, {2, 3})):
        with serving({"/": page(listing(*paths)), **dict.fromkeys(paths, slow)}) as server:
            peak[0] = 0
            home = zones[1].root / str(concurrency)
            policy = FetchPolicy(pause_seconds=0.0, concurrency=concurrency, allow_private=True)
            found = collect(server.url, (Archive(home / "archive"), RawZone(home / "raw")), policy)
        assert found.pages_fetched == len(paths) + 1
        assert peak[0] in expected


def test_portals_of_different_hosts_are_collected_at_the_same_time(zones: tuple[Archive, RawZone]) -> None:
    archive, raw_zone = zones
    met: set[str] = set()

    def waits_for_the_other(handler: Handler) -> None:
        met.add(handler.headers["Host"])
        until = time.monotonic() + 5
        while len(met) < 2 and time.monotonic() < until:
            time.sleep(0.005)
        page(listing())(handler)

    with serving({"/": waits_for_the_other}) as one, serving({"/": waits_for_the_other}) as two:
        outcomes = collect_portals([one.url, two.url], archive=archive, raw_zone=raw_zone, allow_private=True)
        assert [outcome.pages_fetched for outcome in outcomes] == [1, 1]
        assert len(met) == 2
        with pytest.raises(PortalError):
            collect_portals([one.url, "nobody"], archive=archive, raw_zone=raw_zone)
    assert len(raw_zone.read("_fetches")) == 4


def test_a_long_retry_after_closes_the_host_and_a_short_one_is_waited_for() -> None:
    clock = Clock()
    with serving({"/robots.txt": ROBOTS, "/a": page("x", status=503, Retry_After="20"), "/b": page("<p>b")}) as server:
        with fetcher_with(clock, retries=1, backoff_seconds=0.0, max_retry_after_seconds=30) as fetcher:
            assert fetcher.get(server.url + "a").outcome == "http_error"
            assert fetcher.get(server.url + "b").outcome == "fetched"
        assert clock.rests == [20, 20], "before the retry, and before the next page"
        server.answers["/a"] = page("x", status=503, Retry_After="3600")
        server.forget()
        with fetcher_with(clock, retries=5) as fetcher:
            first, second = fetcher.get(server.url + "a"), fetcher.get(server.url + "b")
        assert server.forget() == ["/a"], "neither asked again, nor anything else"
    assert (first.outcome, second.outcome, second.host_closed) == ("http_error", "not_asked", True)
    assert "3600 seconds" in (second.detail or "")


def test_retries_wait_a_part_of_a_growing_interval() -> None:
    chances = iter((1.0, 0.5, 0.25, 0.0))
    clock = Clock()
    policy = FetchPolicy(pause_seconds=0.0, retries=4, backoff_seconds=1.0, max_backoff_seconds=6.0, allow_private=True)
    with serving({"/robots.txt": ROBOTS, "/a": page("x", status=502)}) as server:
        with Fetcher(policy, chance=lambda: next(chances), **clock.hands) as fetcher:  # type: ignore[arg-type]
            found = fetcher.get(server.url + "a")
        assert server.forget() == ["/a"] * 5
    assert clock.rests == [1.0, 1.0, 1.0], "1 x 1.0, 2 x 0.5, 4 x 0.25, and 6 (not 8) x 0.0"
    assert found.attempts == 5


@pytest.mark.parametrize(
    "stumble", [page("x", status=502), page("x", status=429), closed, cut_off, no_last_chunk, silent]
)
def test_retries_bring_a_stumbling_server_to_an_answer(stumble: Answer, zones: tuple[Archive, RawZone]) -> None:
    stumbles = [1]

    def once(handler: Handler) -> None:
        (stumble if stumbles and stumbles.pop() else page(article()))(handler)

    with serving({"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": once}) as server:
        assert collect(server.url, zones).pages_new == 2
    assert rows_of(zones)["/tin-tuc/mot.html"]["attempts"] == 2


def test_a_host_that_fails_and_fails_is_left_alone_for_this_run(zones: tuple[Archive, RawZone]) -> None:
    paths = [f"/tin-tuc/bai-{number}.html" for number in range(9)]
    answers = {"/": page(listing(*paths)), **dict.fromkeys(paths, page("x", status=500)), paths[2]: page(article())}
    clock = Clock()
    with serving(answers) as server:
        policy = FetchPolicy(pause_seconds=0.0, retries=0, breaker_faults=3, allow_private=True)

        def again() -> PortalOutcome:
            return collect_portal(server.url, archive=zones[0], raw_zone=zones[1], policy=policy, **clock.hands)  # type: ignore[arg-type]

        outcome = again()
        assert server.forget() == ["/", *paths[:6]], "two faults, an answer, three faults"
        rows = rows_of(zones)
        assert [rows[path]["outcome"] for path in paths[6:]] == ["not_asked"] * 3
        assert [failure.outcome for failure in outcome.failures] == ["http_error"] * 5 + ["not_asked"], (
            "the rest is one"
        )
        server.answers |= dict.fromkeys(paths, page(article(3)))
        assert again().failures == ()
        assert server.forget() == ["/", *paths[:2], *paths[3:]], "the next run tries again"
    assert all(row["outcome"] == "archived" for path, row in rows_of(zones).items() if "bai" in path)


def test_answers_we_do_not_want_are_no_faults_of_the_host() -> None:
    answers = {
        "/robots.txt": ROBOTS,
        "/big": page("<p>" + "x" * 300_000),
        "/pdf": page("x", Content_Type="application/pdf"),
    }
    with serving(answers) as server, Fetcher(POLICY) as fetcher:
        for _ in range(POLICY.breaker_faults):
            for path in ("big", "pdf", "missing"):
                assert not fetcher.get(server.url + path).host_closed


@pytest.mark.parametrize("answer", [dripping, dripping_headers])
def test_whole_time_of_a_slow_server_is_bounded(answer: Answer) -> None:
    with serving({"/robots.txt": ROBOTS, "/a": answer}) as server, Fetcher(POLICY) as fetcher:
        began = time.monotonic()
        assert fetcher.get(server.url + "a").outcome == "timeout"
        assert timedelta(seconds=time.monotonic() - began) < timedelta(seconds=5)


def test_a_304_counts_only_for_what_was_asked_with() -> None:
    with serving({"/a": page(b"", status=304)}) as server, Fetcher(POLICY) as fetcher:
        assert fetcher.get(server.url + "a").outcome == "http_error"
        assert fetcher.get(server.url + "a", validators=Validators(etag='"1"')).outcome == "unchanged"


# -- listings and reading -------------------------------------------------------------------------------------------


def test_listings_lead_to_further_listings_within_a_limit(zones: tuple[Archive, RawZone]) -> None:
    answers: dict[str, Answer] = {"/": page(listing("/trang-2.html"))}
    for number in range(2, 60):
        answers[f"/trang-{number}.html"] = page(listing(f"/trang-{number + 1}.html", f"/tin-tuc/bai-{number}.html"))
        answers[f"/tin-tuc/bai-{number}.html"] = page(article(number))
    with serving(answers) as server:
        outcome = collect(server.url, zones)
    assert outcome.pages_fetched == 30 + 29, "thirty listings, and the articles on them"
    assert rows_of(zones)["/trang-31.html"]["outcome"] == "not_asked"


def test_reading_is_repeatable_and_a_bad_page_is_rejected_with_its_reason(
    zones: tuple[Archive, RawZone], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, raw_zone = zones
    with serving(
        {
            "/": page(listing("/tin-tuc/mot.html", "/tin-tuc/khong-bai.html")),
            "/tin-tuc/mot.html": page(article()),
            "/tin-tuc/khong-bai.html": page("<html><body><nav>Trang chủ</nav></body></html>"),
        }
    ) as server:
        collect(server.url, zones)
    first = read_pages(archive=archive, raw_zone=raw_zone)
    assert (first.articles, first.claims, len(first.rejected)) == (1, 1, 1)
    assert read_pages(archive=archive, raw_zone=raw_zone).articles == 0, "nothing new to read"

    artifacts = {row["outcome"]: row for row in raw_zone.read("_artifacts").to_pylist()}
    assert set(artifacts) == {"accepted", "rejected"}
    assert "no title" in artifacts["rejected"]["reason"]
    assert artifacts["accepted"]["received_at"] == datetime(2021, 12, 3, 2, 0), "09:00 in Vietnam"
    for row in artifacts.values():
        assert row["rows_read"] == row["rows_loaded"] + row["rows_rejected"] + row["rows_duplicate"]

    monkeypatch.setattr(reading, "fingerprint_of", lambda module: "next")
    second = read_pages(archive=archive, raw_zone=raw_zone)
    assert (second.articles, second.claims) == (1, 1)
    claims = raw_zone.read("news_claim").to_pylist()
    assert [row["reading"] for row in sorted(claims, key=lambda row: row["reading"])] == [1, 2]
    assert len({row["claim_id"] for row in claims}) == 1


def test_a_listing_nested_beyond_reason_is_an_outcome(zones: tuple[Archive, RawZone]) -> None:
    with serving({"/": page("<html>" + "<div>" * 2000 + listing("/tin-tuc/mot.html"))}) as server:
        outcome = collect(server.url, zones)
    assert [failure.outcome for failure in outcome.failures] == ["not_html"]
    assert "inside each other" in str(outcome.failures[0])


_contents = reading._contents


def _breaks_on_one(archive: Archive, page: Any) -> Any:
    if "mot" in page.url:
        raise RecursionError("deep")
    return _contents(archive, page)


def test_a_reader_that_breaks_on_one_page_continues(
    zones: tuple[Archive, RawZone], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(
        {
            "/": page(listing("/tin-tuc/mot.html", "/tin-tuc/hai.html")),
            "/tin-tuc/mot.html": page(article(1)),
            "/tin-tuc/hai.html": page(article(2)),
        }
    ) as server:
        collect(server.url, zones)
    monkeypatch.setattr(reading, "_contents", _breaks_on_one)
    outcome = read_pages(archive=zones[0], raw_zone=zones[1])
    assert outcome.articles == 1
    assert "RecursionError" in outcome.rejected[0][1]
