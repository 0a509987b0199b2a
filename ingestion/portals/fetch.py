"""Fetching: one polite request at a time per host, and an outcome for every address that was asked for.

Here belong time limits, size limits, retries, robots.txt, redirects and the refusal of private addresses. What is
fetched and why is decided in :mod:`.collect`; nothing is parsed here but robots.txt. No server, however it behaves,
makes :meth:`Fetcher.get` raise: every failure is a :class:`Fetched` whose ``detail`` says what happened and what to do.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from types import TracebackType
from typing import Literal
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from protego import Protego
from requests.adapters import HTTPAdapter

from ingestion.portals.portals import LOOPBACK_HOSTS, PAUSE_SECONDS

Outcome = Literal[
    "fetched", "robots_denied", "http_error", "timeout", "too_large", "network_error", "empty", "not_html"
]

PRODUCT = "htx-data-bank"
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def user_agent() -> str:
    """How we introduce ourselves: product, version, and whom to write to (``HTX_CONTACT``)."""
    try:
        number = version(PRODUCT)
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT}/{number} (+{os.environ.get('HTX_CONTACT') or 'HTX Data Bank'})"


@dataclass(frozen=True)
class FetchPolicy:
    """Limits of fetching. Seconds and bytes; ``total_seconds`` bounds one request from its first to its last byte."""

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 5_000_000
    pause_seconds: float = PAUSE_SECONDS
    max_pause_seconds: float = 60.0
    retries: int = 2
    backoff_seconds: float = 1.0
    max_retry_after_seconds: int = 30
    max_redirects: int = 5
    allow_private: bool = False


@dataclass(frozen=True)
class Fetched:
    """What came of one request. ``data`` is the decoded body, empty unless the outcome is ``fetched``."""

    url: str
    outcome: Outcome
    requested_at: datetime
    status: int | None = None
    data: bytes = b""
    media_type: str | None = None
    final_url: str | None = None
    detail: str | None = None


@dataclass
class _Host:
    """State of one host: who is speaking with it, when it may be asked again, what its robots.txt says."""

    lock: Lock = field(default_factory=Lock)
    next_allowed: float = 0.0
    pause_seconds: float = 0.0
    closed: str | None = None
    robots: Protego | None = None
    robots_known: bool = False


class _RefusedError(Exception):
    """A request we do not make, or an answer we do not take. Becomes an outcome; never leaves this module."""

    def __init__(self, outcome: Outcome, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.outcome: Outcome = outcome
        self.detail = detail
        self.status = status


class Fetcher:
    """Fetches pages of any number of hosts. Use as a context manager; safe for several threads."""

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._clock, self._sleep = clock, sleep
        self._hosts: dict[str, _Host] = {}
        self._hosts_lock = Lock()
        self._sessions = {loopback: self._session(loopback) for loopback in (False, True)}
        self._agent = user_agent()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            session.close()

    def get(self, url: str) -> Fetched:
        """Fetch a page. Never raises for what a server does; ``requested_at`` is UTC without zone."""
        requested_at = self._clock()
        try:
            host = self._host(url)
            with host.lock:
                self._ask_robots(url, host)
                return replace(self._page(url, host), requested_at=requested_at)
        except _RefusedError as refused:
            return Fetched(url, refused.outcome, requested_at, refused.status, detail=f"{url}: {refused.detail}")

    # -- robots.txt -----------------------------------------------------------------------------------------

    def _ask_robots(self, url: str, host: _Host) -> None:
        if host.closed:
            raise _RefusedError("robots_denied", host.closed)
        if not host.robots_known:
            self._read_robots(url, host)
        if host.robots is not None and not host.robots.can_fetch(url, PRODUCT):
            raise _RefusedError(
                "robots_denied",
                "robots.txt does not allow this page; it was not fetched. Ask the portal's owner if needed",
            )

    def _read_robots(self, url: str, host: _Host) -> None:
        """Fail closed: where robots.txt cannot be read, nothing of the host is fetched in this run."""
        address = urljoin(url, "/robots.txt")
        try:
            answer = self._answer(address, host, html=False)
        except _RefusedError as refused:
            if refused.status is not None and 400 <= refused.status < 500 and refused.status not in {401, 403, 429}:
                host.robots_known = True  # no robots.txt: everything is allowed
                return
            if refused.outcome == "empty":
                host.robots_known = True
                return
            host.closed = (
                f"robots.txt could not be read ({refused.detail}), so nothing of this host was fetched; "
                "the next run tries again"
            )
            raise _RefusedError("robots_denied", host.closed, refused.status) from refused
        host.robots = Protego.parse(answer.data.decode("utf-8", errors="replace"))
        host.robots_known = True
        delay = host.robots.crawl_delay(PRODUCT)
        if delay:
            host.pause_seconds = min(max(host.pause_seconds, float(delay)), self.policy.max_pause_seconds)

    # -- one request ----------------------------------------------------------------------------------------

    def _page(self, url: str, host: _Host) -> Fetched:
        return self._answer(url, host, html=True)

    def _answer(self, url: str, host: _Host, *, html: bool) -> Fetched:
        deadline = time.monotonic() + self.policy.total_seconds
        address = url
        for _ in range(self.policy.max_redirects + 1):
            self._check_address(address)
            self._wait(host)
            try:
                with self._send(address) as response:
                    self._note_wait(response, host)
                    if response.status_code in _REDIRECTS:
                        address = self._redirected(address, response)
                        if html and host.robots is not None and not host.robots.can_fetch(address, PRODUCT):
                            raise _RefusedError(
                                "robots_denied", f"it leads to {address}, which robots.txt does not allow"
                            )
                        continue
                    return self._accept(url, address, response, deadline, html=html)
            finally:
                host.next_allowed = max(host.next_allowed, time.monotonic() + host.pause_seconds)
        raise _RefusedError(
            "http_error",
            f"more than {self.policy.max_redirects} redirects in a row; open it in a browser and correct it",
        )

    def _send(self, url: str) -> requests.Response:
        session = self._sessions[(urlsplit(url).hostname or "") in LOOPBACK_HOSTS]
        headers = {"User-Agent": self._agent, "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
                   "Accept-Encoding": "gzip, deflate", "Accept-Language": "vi,en;q=0.5"}  # fmt: skip
        try:
            return session.get(
                url,
                headers=headers,
                timeout=(self.policy.connect_seconds, self.policy.read_seconds),
                stream=True,
                allow_redirects=False,
            )
        except requests.exceptions.Timeout as error:
            raise _RefusedError(
                "timeout", f"no answer within {self.policy.read_seconds:g} seconds; the next run tries again"
            ) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _classified(error) from error

    def _accept(self, url: str, address: str, response: requests.Response, deadline: float, *, html: bool) -> Fetched:
        status = response.status_code
        if status != 200:
            raise _RefusedError("http_error", _status_message(status), status)
        media_type = response.headers.get("Content-Type")
        if html and media_type and media_type.split(";")[0].strip().lower() not in _HTML_TYPES:
            raise _RefusedError("not_html", f"it is {media_type.split(';')[0]}, no page; it was not kept", status)
        data = self._body(response, deadline)
        if not data.strip():
            raise _RefusedError("empty", "the server answered with nothing; the next run tries again", status)
        if html and (b"\x00" in data[:1000] or b"<" not in data[:5000]):
            raise _RefusedError("not_html", "the body is no HTML; it was not kept", status)
        return Fetched(url, "fetched", self._clock(), status, data, media_type, address)

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """The decoded body within the limits of time and size, before and after decompression."""
        limit, status = self.policy.max_bytes, response.status_code
        declared = response.headers.get("Content-Length", "")
        too_large = _RefusedError(
            "too_large", f"more than {limit:,} bytes; it was given up. Raise the limit if the page is wanted", status
        )
        if declared.isdigit() and int(declared) > limit:
            raise too_large
        decoder = _Decoder(response.headers.get("Content-Encoding", ""), limit, status)
        received, pieces, size = 0, [], 0
        try:
            while chunk := response.raw.read1(_CHUNK, decode_content=False):
                received += len(chunk)
                piece = decoder.feed(chunk)
                size += len(piece)
                if received > limit or size > limit:
                    raise too_large
                if time.monotonic() > deadline:
                    raise _RefusedError(
                        "timeout",
                        f"not complete after {self.policy.total_seconds:g} seconds; the next run tries again",
                        status,
                    )
                pieces.append(piece)
        except (urllib3.exceptions.ReadTimeoutError, TimeoutError) as error:
            raise _RefusedError(
                "timeout", f"silent for {self.policy.read_seconds:g} seconds; the next run tries again", status
            ) from error
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise _RefusedError(
                "network_error", f"the connection broke off ({type(error).__name__}); the next run tries again", status
            ) from error
        if declared.isdigit() and received < int(declared):
            raise _RefusedError(
                "network_error", f"only {received:,} of {declared} bytes arrived; the next run tries again", status
            )
        decoder.finish()
        return b"".join(pieces)

    # -- manners --------------------------------------------------------------------------------------------

    def _wait(self, host: _Host) -> None:
        rest = host.next_allowed - time.monotonic()
        if rest > 0:
            self._sleep(rest)

    def _note_wait(self, response: requests.Response, host: _Host) -> None:
        """Honour Retry-After over retries: urllib3 waits within one request only."""
        asked = response.headers.get("Retry-After", "")
        if response.status_code in {429, 503} and asked.isdigit():
            if int(asked) > self.policy.max_retry_after_seconds:
                host.closed = (
                    f"the server asked to wait {asked} seconds, so this run left it alone; the next one tries again"
                )
            else:
                host.next_allowed = time.monotonic() + int(asked)

    def _check_address(self, url: str) -> None:
        """Refuse what is no public web address: the portal's pages must not make us read our own network."""
        if self.policy.allow_private:
            return
        name = urlsplit(url).hostname or ""
        try:
            addresses = {info[4][0] for info in socket.getaddrinfo(name, None)}
        except (OSError, UnicodeError) as error:
            if requests.utils.get_environ_proxies(url) and not _is_literal(name):
                return  # the proxy knows the name; it is the proxy's network that is reached
            raise _RefusedError(
                "network_error", f"the host {name!r} is unknown; check the address and the network"
            ) from error
        if any(not ipaddress.ip_address(str(address).split("%")[0]).is_global for address in addresses):
            raise _RefusedError(
                "network_error", f"the host {name!r} has a private address; name the portal with --portal to allow it"
            )

    def _redirected(self, address: str, response: requests.Response) -> str:
        target = urljoin(address, response.headers.get("Location", ""))
        before, after = urlsplit(address), urlsplit(target)
        same_place = (before.hostname, _port(address)) == (after.hostname, _port(target))
        upgraded = (
            before.hostname == after.hostname and (before.scheme, after.scheme) == ("http", "https") and not after.port
        )
        if after.scheme not in {"http", "https"} or not (same_place or upgraded):
            raise _RefusedError(
                "http_error",
                f"it leads to another host ({after.netloc or target!r}), which was not followed; "
                "name that portal if its pages are wanted",
                response.status_code,
            )
        return target

    def _host(self, url: str) -> _Host:
        try:
            parts = urlsplit(url)
            key = f"{parts.hostname}:{_port(url)}"
        except ValueError as error:
            raise _RefusedError("network_error", "this is no address; correct the link") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise _RefusedError("network_error", "this is no web address; correct the link")
        with self._hosts_lock:
            return self._hosts.setdefault(key, _Host(pause_seconds=self.policy.pause_seconds))

    def _session(self, loopback: bool) -> requests.Session:
        retry = urllib3.util.Retry(
            total=self.policy.retries,
            redirect=0,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            backoff_factor=self.policy.backoff_seconds,
            backoff_max=self.policy.read_seconds,
            raise_on_status=False,
            raise_on_redirect=False,
            retry_after_max=self.policy.max_retry_after_seconds,
        )
        session = requests.Session()
        # A proxy of the environment is for the world; loopback is this machine.
        session.trust_env = not loopback
        session.auth = _no_credentials
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry, pool_connections=4, pool_maxsize=4))
        return session


class _Decoder:
    """Decompression that never unfolds more than the limit."""

    def __init__(self, encoding: str, limit: int, status: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise _RefusedError("network_error", f"the body is compressed as {name!r}, which was not asked for", status)
        # 47: gzip or zlib, told apart by their headers.
        self._engine = zlib.decompressobj(47) if name not in {"", "identity"} else None
        self._limit, self._status, self._began = limit, status, False

    def feed(self, chunk: bytes) -> bytes:
        if self._engine is None:
            return chunk
        try:
            piece = self._engine.decompress(chunk, self._limit + 1)
        except zlib.error:
            if self._began:
                raise _RefusedError("network_error", "the compressed body is damaged", self._status) from None
            # Some servers send raw deflate without the zlib header.
            self._engine = zlib.decompressobj(-15)
            try:
                piece = self._engine.decompress(chunk, self._limit + 1)
            except zlib.error as error:
                raise _RefusedError("network_error", "the compressed body is damaged", self._status) from error
        self._began = True
        if self._engine.unconsumed_tail:
            raise _RefusedError(
                "too_large", f"it unfolds to more than {self._limit:,} bytes; it was given up", self._status
            )
        return piece

    def finish(self) -> None:
        if self._engine is not None and not self._engine.eof:
            raise _RefusedError("network_error", "the compressed body is incomplete", self._status)


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending what a netrc file holds."""
    return request


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_literal(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in LOOPBACK_HOSTS or name.endswith(".local")
    return True


def _classified(error: Exception) -> _RefusedError:
    """The outcome behind an error of requests; retries wrap the cause several times."""
    cause: object = error
    for _ in range(6):
        if isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError):
            return _RefusedError("timeout", "no answer in time; the next run tries again")
        inner = getattr(cause, "reason", None) or (getattr(cause, "args", None) or (None,))[0]
        if not isinstance(inner, BaseException):
            break
        cause = inner
    name = type(cause).__name__
    return _RefusedError("network_error", f"no connection or no answer ({name}); check the address and the network")


def _status_message(status: int) -> str:
    if status in {404, 410}:
        return f"the page does not exist any more (status {status}); nothing to do unless it was expected"
    if status >= 500:
        return f"the server failed (status {status}) after all retries; the next run tries again"
    if status in {401, 403}:
        return f"the server does not let us in (status {status}); ask the portal's owner"
    return f"the server refused (status {status}); the next run tries again"
