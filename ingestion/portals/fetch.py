"""Polite fetching: robots.txt, pace, retries, redirects, and an outcome for every requested address.

:mod:`.collect` decides what is fetched; :mod:`.wire` makes single requests; only robots.txt is parsed here. No server,
however it behaves, makes :meth:`Fetcher.get` raise: every failure is a :class:`Fetched` whose ``detail`` says what
happened and what to do.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from threading import BoundedSemaphore, Lock
from types import TracebackType
from typing import Literal, Protocol
from urllib.parse import urljoin, urlsplit

from protego import Protego

from ingestion.portals.portals import PAUSE_SECONDS
from ingestion.portals.wire import Answer, Outcome, RefusedError, Wire

Purpose = Literal["article", "listing", "feed", "sitemap", "robots"]

PRODUCT = "htx-data-bank"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_ACCEPT: dict[str, str] = {
    "robots": "text/plain,*/*;q=0.1",
    "feed": "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1",
    "sitemap": "application/xml,text/xml;q=0.9,*/*;q=0.1",
}
_ACCEPT_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"


def user_agent(contact: str) -> str:
    """The user agent: product, version, and the operator's contact."""
    try:
        number = version(PRODUCT)
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT}/{number} (+{contact})"


@dataclass(frozen=True)
class FetchPolicy:
    """Limits of fetching. Seconds and bytes; ``total_seconds`` bounds one request from its first to its last byte.

    ``breaker_faults``: number of failed addresses in a row after which a host is skipped for the rest of the run.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_bytes: int = 5_000_000
    max_feed_bytes: int = 20_000_000
    pause_seconds: float = PAUSE_SECONDS
    max_pause_seconds: float = 300.0
    concurrency: int = 1
    retries: int = 2
    backoff_seconds: float = 1.0
    max_backoff_seconds: float = 30.0
    max_retry_after_seconds: int = 30
    max_wait_days: int = 7
    max_redirects: int = 5
    breaker_faults: int = 5
    allow_private: bool = False


@dataclass(frozen=True)
class Validators:
    """ETag and Last-Modified of the copy we have: with these the server can answer "not modified"."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """The outcome of one address. ``data`` is the decoded body, empty unless the outcome is ``fetched``.

    ``unchanged``: the server confirmed the copy of the ``Validators``. ``headers`` (lower-case names) are those
    of the last answer, if there was one; ``attempts`` counts requests, retries and redirects included. ``host_closed``:
    the outcome is that of the whole host.
    """

    url: str
    outcome: Outcome
    requested_at: datetime
    purpose: Purpose = "article"
    status: int | None = None
    data: bytes = b""
    media_type: str | None = None
    final_url: str | None = None
    detail: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    host_closed: bool = False


@dataclass(frozen=True)
class _Closed:
    """Why a host is skipped in this run."""

    outcome: Outcome
    detail: str

    def error(self) -> _HostClosedError:
        return _HostClosedError(self.outcome, self.detail)


class _HostClosedError(RefusedError):
    """The host is skipped: nothing was requested, and the reason is not the address."""


@dataclass
class _Host:
    """State of one host: current connections, the time of the next request, its robots.txt."""

    name: str
    slots: BoundedSemaphore
    pause_seconds: float
    lock: Lock = field(default_factory=Lock)
    robots_lock: Lock = field(default_factory=Lock)
    next_allowed: float = 0.0
    faults: int = 0
    closed: _Closed | None = None
    robots: Protego | None = None
    robots_known: bool = False


@dataclass
class _Asking:
    """One requested address, with its attempts and redirects."""

    purpose: Purpose
    validators: Validators
    attempts: int = 0


class OnWait(Protocol):
    """Called for a host that asks to wait for longer than this run does."""

    def __call__(self, host: str, until: datetime, reason: str) -> None: ...


class Fetcher:
    """Fetches addresses of any number of hosts. Use as a context manager; safe for several threads.

    ``owns`` decides where redirects may lead (default: only to the same host); ``waits`` are the Retry-After times of
    earlier runs by host, ``on_wait`` is called for new ones, ``on_robots`` for every robots.txt read.
    ``clock`` is UTC without zone, ``monotonic`` and ``sleep`` are seconds, ``chance`` is from 0 to 1.
    """

    def __init__(
        self,
        policy: FetchPolicy | None = None,
        *,
        contact: str = PRODUCT,
        owns: Callable[[str], bool] | None = None,
        waits: Mapping[str, datetime] | None = None,
        on_wait: OnWait | None = None,
        on_robots: Callable[[Fetched], None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None),
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self._owns, self._waits = owns, waits or {}
        self._on_wait, self._on_robots = on_wait, on_robots
        self._clock, self._monotonic, self._sleep, self._chance = clock, monotonic, sleep, chance
        self._hosts: dict[str, _Host] = {}
        self._hosts_lock = Lock()
        self._agent = user_agent(contact)
        self._wire = Wire(
            connect_seconds=self.policy.connect_seconds,
            read_seconds=self.policy.read_seconds,
            total_seconds=self.policy.total_seconds,
            allow_private=self.policy.allow_private,
            connections=self.policy.concurrency,
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wire.close()

    def get(self, url: str, purpose: Purpose = "article", validators: Validators | None = None) -> Fetched:
        """Fetch an address. Never raises for the behaviour of a server; ``requested_at`` is UTC without zone."""
        asking = _Asking(purpose, validators or Validators())
        requested_at = self._clock()
        try:
            host = self._host(url)
            self._ask_robots(url, host)
            found = self._followed(url, host, asking)
        except RefusedError as refused:
            found = Fetched(
                url,
                refused.outcome,
                requested_at,
                status=refused.status,
                detail=f"{url}: {refused.detail}",
                headers=refused.headers,
                host_closed=isinstance(refused, _HostClosedError),
            )
        return replace(found, requested_at=requested_at, purpose=purpose, attempts=asking.attempts)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt of the address's host names; none if it was not read."""
        host = self._host(url)
        return tuple(urljoin(url, address) for address in host.robots.sitemaps) if host.robots else ()

    # -- robots.txt -----------------------------------------------------------------------------------------

    def _ask_robots(self, url: str, host: _Host) -> None:
        with host.robots_lock:
            if host.closed:
                raise host.closed.error()
            if not host.robots_known:
                self._read_robots(url, host)
        if host.robots is not None and not host.robots.can_fetch(url, PRODUCT):
            raise RefusedError(
                "robots_denied",
                "robots.txt does not allow this page; it was not fetched. Ask the portal's owner if needed",
            )

    def _read_robots(self, url: str, host: _Host) -> None:
        """Fail closed: where robots.txt cannot be read, nothing of the host is fetched in this run."""
        address = urljoin(url, "/robots.txt")
        asking = _Asking("robots", Validators())
        requested_at = self._clock()
        try:
            found = self._followed(address, host, asking)
        except RefusedError as refused:
            detail = f"{address}: {refused.detail}"
            found = Fetched(
                address, refused.outcome, requested_at, status=refused.status, detail=detail, headers=refused.headers
            )
        found = replace(found, requested_at=requested_at, purpose="robots", attempts=asking.attempts)
        if self._on_robots:
            self._on_robots(found)
        missing = found.status is not None and 400 <= found.status < 500 and found.status not in {401, 403, 429}
        if found.outcome == "empty" or missing:
            host.robots_known = True  # no robots.txt: everything is allowed
            return
        if found.outcome != "fetched":
            if host.closed is None:
                host.closed = _Closed(
                    "robots_denied",
                    f"robots.txt could not be read ({found.detail}), so nothing of this host was fetched; "
                    "the next run tries again",
                )
            raise host.closed.error()
        host.robots = Protego.parse(found.data.decode("utf-8", errors="replace"))
        host.robots_known = True
        self._keep_pace(host, host.robots)

    def _keep_pace(self, host: _Host, robots: Protego) -> None:
        asked = float(robots.crawl_delay(PRODUCT) or 0)
        rate = robots.request_rate(PRODUCT)
        if rate is not None and rate.requests:
            asked = max(asked, rate.seconds / rate.requests)
        if asked > self.policy.max_pause_seconds:
            host.closed = _Closed(
                "robots_denied",
                f"robots.txt asks for {asked:g} seconds between requests, more than a run waits; nothing was fetched. "
                "Ask the portal's owner for a copy",
            )
            raise host.closed.error()
        host.pause_seconds = max(host.pause_seconds, asked)

    # -- redirects ------------------------------------------------------------------------------------------

    def _followed(self, url: str, host: _Host, asking: _Asking) -> Fetched:
        """The page an address leads to, over redirects within the portal."""
        address = url
        for _ in range(self.policy.max_redirects + 1):
            answer = self._answered(address, host, asking)
            if answer.status not in _REDIRECTS:
                return self._accepted(url, address, answer, asking)
            address = self._redirected(address, answer)
            host = self._host(address)
            if asking.purpose != "robots":
                try:
                    self._ask_robots(address, host)
                except RefusedError as refused:
                    if refused.outcome != "robots_denied":
                        raise
                    raise RefusedError(
                        "robots_denied", f"it leads to {address}, which robots.txt does not allow: {refused.detail}"
                    ) from refused
        raise RefusedError(
            "http_error",
            f"more than {self.policy.max_redirects} redirects in a row; open it in a browser and correct it",
            status=answer.status,
            headers=answer.headers,
        )

    def _redirected(self, address: str, answer: Answer) -> str:
        location = answer.headers.get("location", "")
        with suppress(UnicodeError):
            # Headers are read as Latin-1; portals write UTF-8 into them.
            location = location.encode("latin-1").decode("utf-8")
        try:
            target = urljoin(address, location)
            followed = may_follow(address, target, self._owns)
        except ValueError:
            target, followed = location, False
        if not followed:
            raise RefusedError(
                "http_error",
                f"it leads to another place ({target[:200]!r}), which was not followed; name its host among the hosts "
                "of the portal, or that portal itself, if its pages are wanted",
                status=answer.status,
                headers=answer.headers,
            )
        return target

    # -- one address ----------------------------------------------------------------------------------------

    def _answered(self, address: str, host: _Host, asking: _Asking) -> Answer:
        """An answer of the server, after as many attempts as the policy allows. Raises :class:`RefusedError`."""
        headers = self._request_headers(asking)
        limit = self.policy.max_feed_bytes if asking.purpose in {"feed", "sitemap"} else self.policy.max_bytes
        for attempt in itertools.count():
            with host.slots:
                self._wait_turn(host)
                asking.attempts += 1
                try:
                    answer = self._wire.ask(address, headers, limit)
                    fault = _busy(answer)
                except RefusedError as refused:
                    fault = refused
                finally:
                    self._rest(host)
            if fault is None:
                host.faults = 0
                if answer.status >= 400:
                    self._apply_retry_after(host, answer.headers, f"{address} answered with status {answer.status}")
                return answer
            self._apply_retry_after(host, fault.headers, f"{address} answered with status {fault.status}")
            if not fault.transient or attempt >= self.policy.retries or host.closed:
                self._count(host, fault)
                raise fault
            # The delay is drawn from the whole interval, so that many clients do not return at the same time.
            backoff = min(self.policy.backoff_seconds * 2**attempt, self.policy.max_backoff_seconds) * self._chance()
            with host.lock:
                host.next_allowed = max(host.next_allowed, self._monotonic() + backoff)
        raise AssertionError("the last attempt returns or raises")

    def _count(self, host: _Host, fault: RefusedError) -> None:
        """Open the circuit of a host that fails repeatedly. A response that is not accepted is not counted."""
        if fault.outcome not in {"timeout", "network_error"} and not fault.transient:
            host.faults = 0
            return
        host.faults += 1
        if host.faults >= self.policy.breaker_faults and host.closed is None:
            host.closed = _Closed(
                "not_asked",
                f"{host.faults} addresses of this host failed in a row (the last one: {fault.detail}), so this run "
                "left it alone; the next one tries again",
            )

    def _apply_retry_after(self, host: _Host, headers: Mapping[str, str], reason: str) -> None:
        """Retry-After binds this host from now on: within this run if it is short, over runs if it is not."""
        wait = retry_after(headers, self._clock())
        if wait is None:
            return
        seconds = wait.total_seconds()
        if seconds <= self.policy.max_retry_after_seconds:
            with host.lock:
                host.next_allowed = max(host.next_allowed, self._monotonic() + seconds)
            return
        until = self._clock() + min(wait, timedelta(days=self.policy.max_wait_days))
        reason = f"{reason} and asked to wait {seconds:.0f} seconds"
        host.closed = _closed_until(until, reason)
        if self._on_wait:
            self._on_wait(host.name, until, reason)

    def _request_headers(self, asking: _Asking) -> dict[str, str]:
        headers = {
            "User-Agent": self._agent,
            "Accept": _ACCEPT.get(asking.purpose, _ACCEPT_PAGE),
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "vi,en;q=0.5",
        }
        if asking.validators.etag:
            headers["If-None-Match"] = asking.validators.etag
        if asking.validators.last_modified:
            headers["If-Modified-Since"] = asking.validators.last_modified
        return headers

    def _accepted(self, url: str, address: str, answer: Answer, asking: _Asking) -> Fetched:
        status, headers, data = answer.status, answer.headers, answer.data
        media_type = headers.get("content-type")
        conditional = asking.validators != Validators()
        if status == 304 and conditional:
            return Fetched(
                url,
                "unchanged",
                self._clock(),
                status=status,
                media_type=media_type,
                final_url=address,
                headers=headers,
            )
        if status != 200:
            raise RefusedError("http_error", _status_message(status), status=status, headers=headers)
        is_page = asking.purpose in {"article", "listing"}
        if is_page and media_type and media_type.split(";")[0].strip().lower() not in _HTML_TYPES:
            raise RefusedError(
                "not_html",
                f"it is {media_type.split(';')[0]}, no page; it was not kept",
                status=status,
                headers=headers,
            )
        if not data.strip():
            raise RefusedError(
                "empty", "the server answered with nothing; the next run tries again", status=status, headers=headers
            )
        if is_page and (b"\x00" in data[:1000] or b"<" not in data[:5000]):
            raise RefusedError("not_html", "the body is no HTML; it was not kept", status=status, headers=headers)
        return Fetched(
            url,
            "fetched",
            self._clock(),
            status=status,
            data=data,
            media_type=media_type,
            final_url=address,
            headers=headers,
        )

    # -- pace -----------------------------------------------------------------------------------------------

    def _wait_turn(self, host: _Host) -> None:
        """Sleep until the host may be requested again. Raises if it was closed meanwhile."""
        with host.lock:
            if host.closed:
                raise host.closed.error()
            now = self._monotonic()
            turn = max(now, host.next_allowed)
            if self.policy.concurrency > 1:
                # Parallel requests start at intervals; a single one waits after its response.
                host.next_allowed = turn + host.pause_seconds
        if turn > now:
            self._sleep(turn - now)

    def _rest(self, host: _Host) -> None:
        if self.policy.concurrency == 1:
            with host.lock:
                host.next_allowed = max(host.next_allowed, self._monotonic() + host.pause_seconds)

    def _host(self, url: str) -> _Host:
        try:
            parts = urlsplit(url)
            name = f"{parts.hostname}:{_port(url)}"
        except ValueError as error:
            raise RefusedError("network_error", "this is no address; correct the link") from error
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise RefusedError("network_error", "this is no web address; correct the link")
        with self._hosts_lock:
            if name not in self._hosts:
                self._hosts[name] = self._first_met(name)
            return self._hosts[name]

    def _first_met(self, name: str) -> _Host:
        host = _Host(name, BoundedSemaphore(self.policy.concurrency), self.policy.pause_seconds)
        until = self._waits.get(name)
        if until is not None:
            left = (until - self._clock()).total_seconds()
            if left > self.policy.max_retry_after_seconds:
                host.closed = _closed_until(until, "an earlier run was asked to wait")
            elif left > 0:
                host.next_allowed = self._monotonic() + left
        return host


def may_follow(address: str, target: str, owns: Callable[[str], bool] | None = None) -> bool:
    """Whether a redirect may be followed: within one host and port, or to an address that ``owns`` accepts.

    From http to https on the default ports too, never from https to http. Raises ValueError for an invalid address.
    """
    before, after = urlsplit(address), urlsplit(target)
    if after.scheme not in {"http", "https"} or after.username or (before.scheme, after.scheme) == ("https", "http"):
        return False
    ports = (_port(address), _port(target))
    is_same_port = ports[0] == ports[1] if before.scheme == after.scheme else ports == (80, 443)
    return (before.hostname == after.hostname and is_same_port) or (owns is not None and owns(target))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Seconds of Retry-After, which may be a number or a date; None without it.

    A date is compared with the server's ``Date``: its clock may differ from ours. ``now`` is UTC without zone.
    """
    stated = headers.get("retry-after", "").strip()
    if stated.isdigit():
        # More digits would overflow the arithmetic.
        return timedelta(seconds=int(stated[:9]))
    until = _http_date(stated)
    if until is None:
        return None
    return max(until - (_http_date(headers.get("date", "")) or now), timedelta())


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _closed_until(until: datetime, reason: str) -> _Closed:
    return _Closed(
        "not_asked", f"{reason}: the host is left alone until {until:%Y-%m-%d %H:%M:%S} UTC; a later run tries again"
    )


def _busy(answer: Answer) -> RefusedError | None:
    if answer.status != 429 and answer.status < 500:
        return None
    return RefusedError(
        "http_error", _status_message(answer.status), status=answer.status, headers=answer.headers, transient=True
    )


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def _status_message(status: int) -> str:
    if status in {404, 410}:
        return f"the page does not exist any more (status {status}); nothing to do unless it was expected"
    if status >= 500:
        return f"the server failed (status {status}) after all retries; the next run tries again"
    if status in {401, 403}:
        return f"the server does not let us in (status {status}); ask the portal's owner"
    return f"the server refused (status {status}); the next run tries again"
