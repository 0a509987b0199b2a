"""One HTTP request and its complete response, within limits of time and size, from an allowed address.

Contains the check for public addresses, decompression and the classification of errors. Connections are in
:mod:`ingestion.timed_http`; pace, robots.txt, retries and redirects in :mod:`.fetch`. A response is complete or an
error: half a body is never returned.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

import requests
import urllib3

from ingestion.portals.portals import LOOPBACK_HOSTS
from ingestion.timed_http import TimeLimit, session, time_limited

Outcome = Literal[
    "fetched",
    "unchanged",
    "not_asked",
    "robots_denied",
    "http_error",
    "timeout",
    "too_large",
    "network_error",
    "empty",
    "not_html",
]

_CHUNK = 64 * 1024
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
#: IPv6 addresses with an IPv4 address in their last 32 bits.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedError(Exception):
    """A request that is not made, or a response that is not accepted. The fetcher turns it into an outcome.

    ``transient``: the same request may succeed later.
    """

    def __init__(
        self,
        outcome: Outcome,
        detail: str,
        *,
        status: int | None = None,
        headers: Mapping[str, str] = _NO_HEADERS,
        transient: bool = False,
    ) -> None:
        super().__init__(detail)
        self.outcome: Outcome = outcome
        self.detail, self.status, self.headers, self.transient = detail, status, headers, transient


@dataclass(frozen=True)
class Answer:
    """One answer. ``headers`` have lower-case names; ``data`` is the decoded body of a 200, else empty."""

    status: int
    headers: Mapping[str, str]
    data: bytes


class Wire:
    """Connections to any number of hosts; safe for several threads. Close it when done."""

    def __init__(
        self,
        *,
        connect_seconds: float,
        read_seconds: float,
        total_seconds: float,
        allow_private: bool,
        connections: int = 1,
    ) -> None:
        self._timeouts = (connect_seconds, read_seconds)
        self._total_seconds, self._allow_private = total_seconds, allow_private
        # A proxy of the environment is for other hosts only, not for loopback.
        self._sessions = {
            loopback: session(
                address_check=None if allow_private else _check_public,
                use_proxy=not loopback,
                connections=connections,
            )
            for loopback in (False, True)
        }

    def close(self) -> None:
        """Close all connections."""
        for opened in self._sessions.values():
            opened.close()

    def ask(self, url: str, headers: Mapping[str, str], max_bytes: int) -> Answer:
        """One request, no redirects. Raises :class:`RefusedError`, and nothing else for the behaviour of a server."""
        name = _host_name(url)
        self._check_proxied(url, name)
        response: requests.Response | None = None
        with time_limited(self._total_seconds) as limit:
            try:
                with self._sessions[name in LOOPBACK_HOSTS].get(
                    url, headers=dict(headers), timeout=self._timeouts, stream=True, allow_redirects=False
                ) as response:
                    data = _body(response, max_bytes) if response.status_code == 200 else b""
                if limit.expired:
                    raise TimeoutError
                return Answer(response.status_code, _headers(response), data)
            except RefusedError as refused:
                raise self._too_late(refused, limit) from refused
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                raise self._too_late(_classified(error, self._timeouts[1], response), limit) from error

    def _too_late(self, refused: RefusedError, limit: TimeLimit) -> RefusedError:
        """Errors after we cut the connection are timeouts."""
        if not limit.expired:
            return refused
        return RefusedError(
            "timeout",
            f"not complete after {self._total_seconds:g} seconds; the next run tries again",
            status=refused.status,
            headers=refused.headers,
            transient=True,
        )

    def _check_proxied(self, url: str, name: str) -> None:
        """Check the name of a host behind a proxy, if it resolves here: the proxy chooses the address."""
        if self._allow_private or name in LOOPBACK_HOSTS or not requests.utils.get_environ_proxies(url):
            return
        try:
            addresses = [str(info[4][0]) for info in socket.getaddrinfo(name, None)]
        except (OSError, UnicodeError):
            if name.endswith((".local", ".localhost", ".internal")):
                raise _private(name, name) from None
            return  # the proxy knows the name; it is the proxy's network that is reached
        _check_public(name, addresses)


def is_public(address: str) -> bool:
    """Whether an IP address is public: not this machine, its network or a multicast group."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _check_public(name: str, addresses: list[str]) -> None:
    for address in addresses:
        if not is_public(address):
            raise _private(name, address)


def _private(name: str, address: str) -> RefusedError:
    return RefusedError(
        "network_error",
        f"the host {name!r} has a private address ({address}), which was not asked; "
        "set allow_private for its portal if that is meant",
    )


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError as error:
        raise RefusedError("network_error", "this is no address; correct the link") from error


# -- bodies ---------------------------------------------------------------------------------------------------------


def _headers(response: requests.Response) -> Mapping[str, str]:
    return MappingProxyType({name.lower(): value for name, value in response.headers.items()})


def _body(response: requests.Response, limit: int) -> bytes:
    """The decoded body within the limit, before and after decompression. Raises :class:`RefusedError` or as sockets."""
    status, headers = response.status_code, _headers(response)
    declared = headers.get("content-length", "")
    too_large = RefusedError(
        "too_large",
        f"more than {limit:,} bytes; it was given up. Raise the limit if it is wanted",
        status=status,
        headers=headers,
    )
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    decoder = _Decoder(headers.get("content-encoding", ""), limit)
    received = 0
    pieces: list[bytes] = []
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            received += len(chunk)
            if received > limit:
                raise too_large
            pieces.append(decoder.feed(chunk))
        decoder.finish()
    except RefusedError as refused:
        refused.status, refused.headers = status, headers
        raise
    if declared.isdigit() and received < int(declared):
        raise RefusedError(
            "network_error",
            f"only {received:,} of {declared} bytes arrived; the next run tries again",
            status=status,
            headers=headers,
            transient=True,
        )
    return b"".join(pieces)


def unfolded(data: bytes, limit: int) -> bytes:
    """``data`` decompressed if it is a gzip file, else as it is. Raises :class:`RefusedError` beyond ``limit``."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    decoder = _Decoder("gzip", limit)
    whole = decoder.feed(data)
    decoder.finish()
    return whole


class _Decoder:
    """Decompression that never produces more than the limit."""

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise RefusedError("network_error", f"the body is compressed as {name!r}, which was not asked for")
        # 47: gzip or zlib, recognised by their headers.
        self._engine = zlib.decompressobj(47) if name not in {"", "identity"} else None
        self._limit, self._size, self._began = limit, 0, False

    def feed(self, chunk: bytes) -> bytes:
        engine, pieces = self._engine, []
        if engine is None:
            return chunk
        while chunk:
            if engine.eof:
                # A gzip body may be several members in a row; what else follows is padding.
                if not chunk.startswith(b"\x1f\x8b"):
                    break
                engine = zlib.decompressobj(47)
            allowed = self._limit - self._size + 1
            try:
                piece = engine.decompress(chunk, allowed)
            except zlib.error:
                if self._began:
                    raise _damaged("damaged") from None
                # Some servers send raw deflate without the zlib header.
                engine = zlib.decompressobj(-15)
                try:
                    piece = engine.decompress(chunk, allowed)
                except zlib.error as error:
                    raise _damaged("damaged") from error
            self._began = True
            self._size += len(piece)
            if self._size > self._limit or engine.unconsumed_tail:
                raise RefusedError("too_large", f"it unfolds to more than {self._limit:,} bytes; it was given up")
            pieces.append(piece)
            chunk = engine.unused_data
        self._engine = engine
        return b"".join(pieces)

    def finish(self) -> None:
        if self._engine is not None and self._began and not self._engine.eof:
            raise _damaged("incomplete")


def _damaged(how: str) -> RefusedError:
    return RefusedError("network_error", f"the compressed body is {how}; the next run tries again", transient=True)


# -- faults ---------------------------------------------------------------------------------------------------------


def _classified(error: Exception, read_seconds: float, response: requests.Response | None) -> RefusedError:
    """The outcome behind an error of requests, which wraps the cause several times."""
    status = response.status_code if response is not None else None
    headers = _headers(response) if response is not None else _NO_HEADERS
    cause: object = error
    for _ in range(6):
        if isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError):
            return RefusedError(
                "timeout",
                f"silent for {read_seconds:g} seconds; the next run tries again",
                status=status,
                headers=headers,
                transient=True,
            )
        inner = getattr(cause, "reason", None) or (getattr(cause, "args", None) or (None,))[0]
        if not isinstance(inner, BaseException):
            break
        cause = inner
    name = type(cause).__name__
    if isinstance(error, requests.exceptions.SSLError):
        return RefusedError(
            "network_error",
            f"no safe connection ({cause}); if it persists, ask the portal's owner to fix it",
            # An invalid certificate stays invalid in a retry.
            transient=not isinstance(cause, ssl.SSLCertVerificationError),
        )
    if status is not None:
        return RefusedError(
            "network_error",
            f"the connection broke off ({name}); the next run tries again",
            status=status,
            headers=headers,
            transient=True,
        )
    return RefusedError(
        "network_error",
        f"no connection or no answer ({name}); check the address and the network",
        # An invalid address stays invalid in a retry.
        transient=not isinstance(error, ValueError),
    )
