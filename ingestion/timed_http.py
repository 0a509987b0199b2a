"""HTTP connections with a limit on the time of a whole request, to addresses that may be checked.

Contains sockets and their addresses; requests and their pace are in :mod:`ingestion.portals.fetch` and
:mod:`ingestion.submissions.inbox`. Returns sessions of requests, and a timer that ends slow requests.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

#: Raises if a name must not be requested at one of its addresses.
AddressCheck = Callable[[str, list[str]], None]

# -- time -----------------------------------------------------------------------------------------------------------

_local = threading.local()


class TimeLimit:
    """Cuts a request's connection when its time is up.

    The read timeout of requests never expires while a server sends a byte now and then.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self.socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        self.expired = True
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def time_limited(seconds: float) -> Iterator[TimeLimit]:
    """Within the block, requests of this thread through :func:`session` end after ``seconds``, all together."""
    limit = _local.limit = TimeLimit(seconds)
    limit.start()
    try:
        yield limit
    finally:
        limit.stop()
        _local.limit = None


# -- connections ----------------------------------------------------------------------------------------------------


class _Plain(HTTPConnection):
    """Resolves a name once, checks every address, and connects to one of those: a second look-up could differ."""

    check: AddressCheck | None = None

    def _new_conn(self) -> socket.socket:
        check = type(self).check
        if check is None or self.proxy is not None:
            return super()._new_conn()
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        check(self.host, addresses)
        failure: Exception | None = None
        for address in addresses:
            try:
                return create_connection(
                    (address, self.port),
                    self.timeout,
                    source_address=self.source_address,
                    socket_options=self.socket_options,
                )
            except TimeoutError as error:
                failure = ConnectTimeoutError(self, f"{self.host} ({address}) does not answer: {error}")
            except OSError as error:
                failure = NewConnectionError(self, f"{self.host} ({address}): {error}")
        raise failure or NewConnectionError(self, f"{self.host} has no address")

    def connect(self) -> None:
        super().connect()
        self._limit_time()

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._limit_time()
        super().request(*args, **kwargs)

    def _limit_time(self) -> None:
        limit: TimeLimit | None = getattr(_local, "limit", None)
        if limit is not None and self.sock is not None:
            limit.socket = self.sock


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS."""


def _pools(address_check: AddressCheck | None) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(_Plain):
        check = address_check and staticmethod(address_check)

    class Secure(_Secure):
        check = address_check and staticmethod(address_check)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Adapter(HTTPAdapter):
    def __init__(self, pools: dict[str, type[HTTPConnectionPool]], connections: int) -> None:
        self._pools = pools
        super().__init__(max_retries=0, pool_connections=4, pool_maxsize=connections)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Callers follow redirects: in requests, an invalid target would raise and lose the response."""


def session(
    *, address_check: AddressCheck | None = None, use_proxy: bool = True, connections: int = 1
) -> requests.Session:
    """A session whose requests obey :func:`time_limited`, and connect to no address that ``address_check`` refuses.

    It follows no redirects by itself, retries nothing and sends no credentials of a netrc file.
    """
    session = _Session()
    session.trust_env = use_proxy
    session.auth = _no_credentials
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(_pools(address_check), connections))
    return session


def _no_credentials(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from sending the credentials of a netrc file."""
    return request
