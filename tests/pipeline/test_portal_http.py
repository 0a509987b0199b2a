"""Portals over real HTTP on loopback, well behaved and not: every request has an outcome, and the rest goes on."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ingestion.archive import Archive
from ingestion.portals import reading
from ingestion.portals.article import extract_article
from ingestion.portals.collect import PortalOutcome, collect_portal
from ingestion.portals.fetch import Fetcher, FetchPolicy, user_agent
from ingestion.portals.reading import read_pages
from ingestion.raw_zone import RawZone

Answer = Callable[["_Handler"], None]

POLICY = FetchPolicy(
    connect_seconds=1.0,
    read_seconds=0.25,
    total_seconds=0.6,
    max_bytes=200_000,
    pause_seconds=0.0,
    retries=1,
    backoff_seconds=0.0,
    max_retry_after_seconds=0,
    allow_private=True,
)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.headers_seen.append(dict(self.headers))
        answer = self.server.answers.get(self.path.split("?")[0])
        if answer is None:
            self.send_error(404)
            return
        with suppress(BrokenPipeError, ConnectionResetError):  # the fetcher gave up, as it should
            answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody's news."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[str] = []
        self.headers_seen: list[dict[str, str]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[_Server]:
    with _Server(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


def page(text: str | bytes, *, status: int = 200, **headers: str) -> Answer:
    body = text if isinstance(text, bytes) else text.encode()

    def answer(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | _named(headers)).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def article(founded: int = 12) -> str:
    return (
        "<html><head><meta charset='utf-8'></head><body><article><h1>Kết quả của tỉnh Cà Mau</h1>"
        "<span class='date'>(09:00 | 03/12/2021)</span><div class='content'>"
        f"<p>Trong tháng 11/2021, tỉnh Cà Mau thành lập mới {founded} HTX "
        "trên nhiều lĩnh vực khác nhau ở địa phương.</p>"
        "</div></article></body></html>"
    )


def listing(*paths: str) -> str:
    return "<html><body>" + "".join(f"<a href='{path}'>Tin</a>" for path in paths) + "</body></html>"


def closed(handler: _Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def silent(handler: _Handler) -> None:
    handler.server.closing.wait(5)


def endless(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.server.closing.is_set():
        handler.wfile.write(b"<p>" + b"x" * 10_000)


def dripping(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.server.closing.wait(0.05):
        handler.wfile.write(b"<p>x")
        handler.wfile.flush()


def cut_off(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<html>half")


def redirect(location: str) -> Answer:
    return page(b"", status=302, Location=location)


FAULTS: dict[str, tuple[Answer | None, str]] = {
    "/tin-tuc/trang-khong-con.html": (None, "http_error"),
    "/tin-tuc/may-chu-loi.html": (page("x", status=500), "http_error"),
    "/tin-tuc/bi-tu-choi.html": (page("x", status=403), "http_error"),
    "/tin-tuc/qua-nhieu-yeu-cau.html": (page("x", status=429), "http_error"),
    "/tin-tuc/dong-ket-noi.html": (closed, "network_error"),
    "/tin-tuc/im-lang.html": (silent, "timeout"),
    "/tin-tuc/vo-tan.html": (endless, "too_large"),
    "/tin-tuc/nho-giot.html": (dripping, "timeout"),
    "/tin-tuc/dut-giua-chung.html": (cut_off, "network_error"),
    "/tin-tuc/khai-qua-lon.html": (page("<p>" + "x" * 300_000), "too_large"),
    "/tin-tuc/bom-nen.html": (page(gzip.compress(b"<p>" + b"0" * 20_000_000), Content_Encoding="gzip"), "too_large"),
    "/tin-tuc/nen-hong.html": (page(b"<p>no gzip", Content_Encoding="gzip"), "network_error"),
    "/tin-tuc/nen-la.html": (page(b"<p>zstd", Content_Encoding="zstd"), "network_error"),
    "/tin-tuc/rong.html": (page(""), "empty"),
    "/tin-tuc/bang-tinh.html": (page(b"PK\x03\x04", Content_Type="application/vnd.ms-excel"), "not_html"),
    "/tin-tuc/nhi-phan.html": (page(b"\x00\x01\x02 <"), "not_html"),
    "/tin-tuc/sang-noi-khac.html": (redirect("http://other.example/tin"), "http_error"),
    "/tin-tuc/sang-cong-khac.html": (redirect("http://127.0.0.1:9/tin"), "http_error"),
    "/tin-tuc/vong-lap.html": (redirect("/tin-tuc/vong-lap.html"), "http_error"),
    "/tin-tuc/tep-tren-may.html": (redirect("file:///etc/hostname"), "http_error"),
    "/tin-tuc/cam-doc.html": (page(article()), "robots_denied"),
    "/tin-tuc/dan-den-cam-doc.html": (redirect("/tin-tuc/cam-doc.html"), "robots_denied"),
}
ROBOTS = page("User-agent: *\nDisallow: /tin-tuc/cam-doc.html\n", Content_Type="text/plain")


@pytest.fixture
def zones(tmp_path: Path) -> tuple[Archive, RawZone]:
    return Archive(tmp_path / "archive"), RawZone(tmp_path / "raw")


def collect(url: str, zones: tuple[Archive, RawZone], policy: FetchPolicy = POLICY) -> PortalOutcome:
    archive, raw_zone = zones
    return collect_portal(url, archive=archive, raw_zone=raw_zone, policy=policy)


def test_every_fault_has_its_outcome_and_the_rest_goes_on(zones: tuple[Archive, RawZone]) -> None:
    good = ["/tin-tuc/tin-dau.html", "/tin-tuc/tin-nen.html", "/tin-tuc/tin-cuoi.html"]
    answers: dict[str, Answer] = {path: answer for path, (answer, _) in FAULTS.items() if answer}
    answers |= {"/robots.txt": ROBOTS, "/": page(listing(good[0], *FAULTS, *good[1:]))}
    answers |= {
        good[0]: page(article(12)),
        good[2]: redirect("/tin-tuc/dich-den.html"),
        "/tin-tuc/dich-den.html": page(article(14)),
    }
    answers[good[1]] = page(gzip.compress(article(13).encode()), Content_Encoding="gzip")
    with serving(answers) as server:
        outcome = collect(server.url, zones)
        assert server.asked[0] == "/robots.txt"
        assert "/tin-tuc/cam-doc.html" not in server.asked
        assert {headers["User-Agent"] for headers in server.headers_seen} == {user_agent()}
    rows = {row["url"].split("127.0.0.1:")[1].split("/", 1)[1]: row for row in zones[1].read("_fetches").to_pylist()}
    assert {f"/{path}": row["outcome"] for path, row in rows.items()} == (
        {path: expected for path, (_, expected) in FAULTS.items()} | dict.fromkeys(["/", *good], "archived")
    )
    assert outcome.pages_new == outcome.pages_fetched == len(good) + 1
    assert len(outcome.failures) == len(FAULTS)
    for failure in outcome.failures:
        assert failure.url in str(failure)
        assert len(str(failure)) > len(failure.url) + 30, "says what happened and what to do"
    found = read_pages(archive=zones[0], raw_zone=zones[1])
    assert (found.articles, found.claims, found.rejected) == (3, 3, ())
    assert sorted(int(row["value"]) for row in zones[1].read("news_claim").to_pylist()) == [12, 13, 14]


@pytest.mark.parametrize("answer", [page("x", status=500), page("x", status=403), silent, closed])
def test_robots_that_cannot_be_read_close_the_host(answer: Answer, zones: tuple[Archive, RawZone]) -> None:
    with serving(
        {"/robots.txt": answer, "/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}
    ) as server:
        outcome = collect(server.url, zones)
        assert set(server.asked) == {"/robots.txt"}
    assert [failure.outcome for failure in outcome.failures] == ["robots_denied"]
    assert "robots.txt could not be read" in str(outcome.failures[0])
    [row] = zones[1].read("_fetches").to_pylist()
    assert row["outcome"] == "robots_denied"


def test_no_robots_means_everything_is_allowed(zones: tuple[Archive, RawZone]) -> None:
    with serving({"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}) as server:
        assert collect(server.url, zones).pages_new == 2


def test_a_portal_that_is_not_there_is_an_outcome(zones: tuple[Archive, RawZone]) -> None:
    with serving({}) as server:
        gone = server.url
    outcome = collect(gone, zones)
    assert (outcome.pages_fetched, len(outcome.failures)) == (0, 1)


def test_private_addresses_are_refused_unless_allowed(zones: tuple[Archive, RawZone]) -> None:
    with serving({"/": page(listing())}) as server:
        outcome = collect(server.url, zones, FetchPolicy(pause_seconds=0.0, retries=0))
        assert server.asked == []
    assert "private address" in str(outcome.failures[0])


def test_loopback_never_goes_through_a_proxy(zones: tuple[Archive, RawZone], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving({"/": page(listing())}) as server:
        assert collect(server.url, zones).pages_fetched == 1


def test_requests_to_one_host_keep_their_distance() -> None:
    rests: list[float] = []
    with serving({"/robots.txt": ROBOTS, "/a": page("<p>a"), "/b": page("<p>b")}) as server:
        policy = FetchPolicy(pause_seconds=0.5, allow_private=True)
        with Fetcher(policy, sleep=rests.append) as fetcher:
            assert [fetcher.get(server.url + path).outcome for path in ("a", "b")] == ["fetched", "fetched"]
    assert len(rests) == 2, "after robots.txt, and between the pages"
    assert all(0.3 < rest <= 0.5 for rest in rests)


def test_crawl_delay_of_robots_is_kept() -> None:
    rests: list[float] = []
    slow = page("User-agent: *\nCrawl-delay: 3\n", Content_Type="text/plain")
    answers = {"/robots.txt": slow, "/a": page("<p>a"), "/b": page("<p>b")}
    with serving(answers) as server, Fetcher(POLICY, sleep=rests.append) as fetcher:
        fetcher.get(server.url + "a")
        fetcher.get(server.url + "b")
    assert 2.5 < rests[-1] <= 3


def test_a_server_that_asks_for_a_long_rest_is_left_alone() -> None:
    busy = page("x", status=503, Retry_After="3600")
    with serving({"/robots.txt": ROBOTS, "/a": busy, "/b": page("<p>b")}) as server:
        with Fetcher(POLICY) as fetcher:
            assert fetcher.get(server.url + "a").outcome == "http_error"
            second = fetcher.get(server.url + "b")
        assert "/b" not in server.asked
    assert second.outcome == "robots_denied"
    assert "3600 seconds" in (second.detail or "")


def test_retries_bring_a_stumbling_server_to_an_answer(zones: tuple[Archive, RawZone]) -> None:
    stumbles = [1]

    def once(handler: _Handler) -> None:
        (page("x", status=502) if stumbles and stumbles.pop() else page(article()))(handler)

    with serving({"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": once}) as server:
        assert collect(server.url, zones).pages_new == 2


def test_second_collection_fetches_only_what_is_new(zones: tuple[Archive, RawZone]) -> None:
    answers = {"/": page(listing("/tin-tuc/mot.html")), "/tin-tuc/mot.html": page(article())}
    with serving(answers) as server:
        collect(server.url, zones)
        read_pages(archive=zones[0], raw_zone=zones[1])
        again = collect(server.url, zones)
        assert (again.pages_fetched, again.pages_new) == (1, 0)
        assert server.asked.count("/tin-tuc/mot.html") == 1
        answers["/"] = page(listing("/tin-tuc/mot.html", "/tin-tuc/hai.html"))
        answers["/tin-tuc/hai.html"] = page(article(7))
        assert collect(server.url, zones).pages_new == 2, "the listing changed, and one article is new"
    outcomes = [row["outcome"] for row in zones[1].read("_fetches").to_pylist()]
    assert outcomes.count("unchanged") == 1
    assert read_pages(archive=zones[0], raw_zone=zones[1]).articles == 1


def test_listings_lead_to_further_listings_within_a_limit(zones: tuple[Archive, RawZone]) -> None:
    answers: dict[str, Answer] = {"/": page(listing("/trang-2.html"))}
    for number in range(2, 60):
        answers[f"/trang-{number}.html"] = page(listing(f"/trang-{number + 1}.html", f"/tin-tuc/bai-{number}.html"))
        answers[f"/tin-tuc/bai-{number}.html"] = page(article(number))
    with serving(answers) as server:
        outcome = collect(server.url, zones)
    assert outcome.pages_fetched == 30 + 29, "thirty listings, and the articles on them"


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

    monkeypatch.setattr(reading, "ARTICLE_VERSION", "next")
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


def test_a_reader_that_breaks_on_one_page_goes_on(
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
    real = extract_article

    def breaks(data: bytes, url: str, media_type: str | None = None) -> object:
        if "mot" in url:
            raise RecursionError("deep")
        return real(data, url, media_type)

    monkeypatch.setattr(reading, "extract_article", breaks)
    outcome = read_pages(archive=zones[0], raw_zone=zones[1])
    assert outcome.articles == 1
    assert "RecursionError" in outcome.rejected[0][1]


def test_whole_time_of_a_slow_server_is_bounded() -> None:
    with serving({"/robots.txt": ROBOTS, "/a": dripping}) as server, Fetcher(POLICY) as fetcher:
        began = time.monotonic()
        assert fetcher.get(server.url + "a").outcome == "timeout"
        assert timedelta(seconds=time.monotonic() - began) < timedelta(seconds=5)


@pytest.mark.parametrize("url", ["ftp://example.org/x", "http://", "nonsense", "http://[1", "http://127.0.0.1:port/"])
def test_what_is_no_address_is_an_outcome(url: str) -> None:
    with Fetcher(POLICY) as fetcher:
        assert fetcher.get(url).outcome == "network_error"
