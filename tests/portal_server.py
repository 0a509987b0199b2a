"""A portal on loopback that misbehaves on demand: answers by path, a clock that tests set, synthetic pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ingestion.portals.fetch import FetchPolicy

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
Answer = Callable[["Handler"], None]

#: Limits that make a fault show within a fraction of a second.
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


class Handler(BaseHTTPRequestHandler):
    """Answers as the server's table says; records what it was asked."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.headers_seen.append(dict(self.headers))
        answer = self.server.answers.get(self.path) or self.server.answers.get(self.path.split("?")[0])
        if answer is None:
            self.send_error(404)
            return
        with suppress(BrokenPipeError, ConnectionResetError):  # the fetcher gave up, as it should
            answer(self)

    def log_message(self, format: str, *args: object) -> None:
        """Does not log requests."""


class Server(ThreadingHTTPServer):
    """A portal; ``asked`` and ``headers_seen`` record the requests."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.asked: list[str] = []
        self.headers_seen: list[dict[str, str]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def forget(self) -> list[str]:
        """What was asked since the last time, without robots.txt."""
        asked = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        self.headers_seen.clear()
        return asked


@contextmanager
def serving(answers: dict[str, Answer]) -> Iterator[Server]:
    with Server(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()


@dataclass
class Clock:
    """Time that passes only in sleep(), or when the test advances it."""

    now: datetime = datetime(2022, 1, 10, 3, 0)
    rests: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def __call__(self) -> datetime:
        # Two events never happen at the same time.
        self.now += timedelta(microseconds=1)
        return self.now

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.elapsed += seconds
        self.now += timedelta(seconds=seconds)

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.elapsed += timedelta(**span).total_seconds()

    @property
    def hands(self) -> dict[str, Callable[..., object]]:
        """As the fetcher takes it."""
        return {"clock": self, "monotonic": self.monotonic, "sleep": self.sleep}


# -- answers --------------------------------------------------------------------------------------------------------


def page(text: str | bytes, *, status: int = 200, **headers: str) -> Answer:
    """An answer with this body; header names are written with _ for -."""
    body = text if isinstance(text, bytes) else text.encode()

    def answer(handler: Handler) -> None:
        handler.send_response_only(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | named).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def versioned(text: str, *, etag: str | None = None, modified: str | None = None) -> Answer:
    """A page that answers 304 to a client that has this version."""
    stated = {"ETag": etag, "Last_Modified": modified, "Date": "Mon, 10 Jan 2022 03:00:00 GMT"}
    headers = {name: value for name, value in stated.items() if value}

    def answer(handler: Handler) -> None:
        asked = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
        is_same = (etag is not None and asked[0] == etag) or (modified is not None and asked[1] == modified)
        page(b"" if is_same else text, status=304 if is_same else 200, **headers)(handler)

    return answer


def xml(text: str | bytes) -> Answer:
    return page(text, Content_Type="application/xml")


def redirect(location: str) -> Answer:
    return page(b"", status=302, Location=location)


def closed(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def silent(handler: Handler) -> None:
    handler.server.closing.wait(5)


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.server.closing.is_set():
        handler.wfile.write(b"<p>" + b"x" * 10_000)


def dripping(handler: Handler) -> None:
    """A body without an end, a little at a time."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while not handler.server.closing.wait(0.05):
        handler.wfile.write(b"<p>x")
        handler.wfile.flush()


def dripping_headers(handler: Handler) -> None:
    """Headers without an end, a letter at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ")
    while not handler.server.closing.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<html><body><h1>half")


def cut_off_chunks(handler: Handler) -> None:
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"10\r\n<html><body><h1>\r\n40\r\nhalf a chunk"
    )
    closed(handler)


def no_last_chunk(handler: Handler) -> None:
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n<html><body><h1>\r\n"
    )
    closed(handler)


# -- pages ----------------------------------------------------------------------------------------------------------


def article(founded: int = 12) -> str:
    return (
        "<html><head><meta charset='utf-8'></head><body><article><h1>Kết quả của tỉnh Cà Mau</h1>"
        "<span class='date'>(09:00 | 03/12/2021)</span><div class='content'>"
        f"<p>Trong tháng 11/2021, tỉnh Cà Mau thành lập mới {founded} HTX "
        "trên nhiều lĩnh vực khác nhau ở địa phương.</p>"
        "</div></article></body></html>"
    )


def listing(*paths: str, head: str = "") -> str:
    links = "".join(f"<a href='{path}'>Tin</a>" for path in paths)
    return f"<html><head>{head}</head><body>{links}</body></html>"


def sitemap(*entries: tuple[str, str | None]) -> str:
    urls = "".join(f"<url><loc>{url}</loc>{_lastmod(at)}</url>" for url, at in entries)
    return f"{_XML}<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"


def sitemap_index(*entries: tuple[str, str | None]) -> str:
    maps = "".join(f"<sitemap><loc>{url}</loc>{_lastmod(at)}</sitemap>" for url, at in entries)
    return f"{_XML}<sitemapindex>{maps}</sitemapindex>"


def rss(*links: str) -> str:
    items = "".join(f"<item><title>Tin</title><link>{link}</link></item>" for link in links)
    return f"{_XML}<rss version='2.0'><channel><link>/</link>{items}</channel></rss>"


def _lastmod(at: str | None) -> str:
    return f"<lastmod>{at}</lastmod>" if at else ""
