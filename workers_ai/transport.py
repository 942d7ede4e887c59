"""The HTTP transport: httpx's own, with a deadline and a stop for each call.

httpx only limits single reads, so a server that drips bytes never times out, and it does not
expose a request's socket before the response has begun. Here each connection knows the call that
uses it: reads end at the call's deadline, and `Stop` can shut the socket at any moment.
"""

import logging
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from .address_policy import AddressRule
from .stop import Stop


@dataclass(slots=True)
class CallLimits:
    """A request in flight: its time limits, and the switch that ends it."""

    stop: Stop = field(default_factory=Stop)
    deadline: float = float("inf")
    """On the clock of `time.monotonic()`."""

    read_timeout: float | None = None
    """Seconds allowed between two reads, once set: the limit for a stream that has begun."""

    def limit(self, timeout: float | None) -> float | None:
        """Return how many seconds the next read can take."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the total time is used up")
        known = [limit for limit in (timeout, self.read_timeout) if limit is not None]
        limit = min([left, *known])
        return None if limit == float("inf") else limit


class SocketTransport(httpx.HTTPTransport):
    """httpx's HTTP/1.1 transport, which binds the sending thread's call to the socket."""

    def __init__(self, url: str) -> None:
        super().__init__(verify=_certificates(), proxy=_proxy(url))
        # httpx has no parameter for httpcore's network backend; the pool takes it from here.
        self._pool._network_backend = _Network()  # noqa: SLF001

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; drop any `Location` header, because httpx fails on malformed ones."""
        _calls.current = request.extensions.get("call")
        try:
            response = super().handle_request(request)
        finally:
            _calls.current = None
        response.headers.pop("location", None)
        return response


# At DEBUG httpcore logs response headers, in which a server can repeat the token.
logging.getLogger("httpcore.http11").addFilter(lambda record: record.levelno > logging.DEBUG)


class _Calls(threading.local):
    current: CallLimits | None = None


_calls = _Calls()


class _Network(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        return _Stream(stream, _calls.current)


class _Stream(httpcore.NetworkStream):
    """A connection that knows its call, bound when a request is written to it."""

    def __init__(self, stream: httpcore.NetworkStream, call: CallLimits | None) -> None:
        self._stream = stream
        self._call = call
        self._watch()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        limit = self._call.limit(timeout) if self._call else timeout
        return self._stream.read(max_bytes, limit)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if _calls.current is not self._call and _calls.current is not None:
            self._call = _calls.current
            self._watch()
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        if self._call:
            self._call.stop.watch(None)
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Stream(stream, _calls.current)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _watch(self) -> None:
        if self._call:
            self._call.stop.watch(self.get_extra_info("socket"))


@cache
def _certificates() -> ssl.SSLContext:
    """Return the trusted certificates, cached: reading them takes longer than a whole request."""
    return httpx.create_ssl_context()


def _proxy(url: str) -> str | None:
    """Return the environment's proxy for this URL, as httpx itself would choose it."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


class DirectTransport(SocketTransport):
    """`SocketTransport` without a proxy that connects to allowed addresses only.

    It connects to the very address that it checked, which defeats DNS rebinding. Raises
    `InvalidRequestError` for an address that is not allowed.
    """

    def __init__(self, rule: AddressRule) -> None:
        # Proxies are looked up by host: without a host the environment's proxies do not apply.
        super().__init__("")
        # As in SocketTransport: httpx has no parameter for it.
        network = self._pool._network_backend  # noqa: SLF001
        self._pool._network_backend = _CheckedNetwork(network, rule)  # noqa: SLF001


class _CheckedNetwork(httpcore.NetworkBackend):
    def __init__(self, network: httpcore.NetworkBackend, rule: AddressRule) -> None:
        self._network = network
        self._rule = rule

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._rule.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        for address in addresses[:-1]:
            try:
                return self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._network.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )
