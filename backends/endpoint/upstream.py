"""The backend behind an endpoint, called only through its transport."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import quote

import httpx

from workers_ai import Backend, ResponseError
from workers_ai.http_session import read_all
from workers_ai.transport import CallLimits
from workers_ai.wire import LARGEST_BODY, LARGEST_STREAM

_TIMEOUT = httpx.Timeout(130.0, connect=10.0).as_dict()
"""Seconds. The API itself gives up after about 120 (wire.md 3.5)."""

_MOST_KEPT = 16
_DRAIN_TIME = 0.05
_ERROR_TIME = 10.0
_LARGEST_ERROR = 64 * 1024


class Upstream:
    """Calls one backend. Safe to use from several threads in parallel.

    Each call has its own transport while it lasts: httpx's pool allows at most a hundred. Free
    transports are reused, the most recent first, because its connection is still warm.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._free: list[httpx.BaseTransport] = []
        self._run_url = httpx.URL(f"{backend.account_url}/ai/run/{backend.model}")
        fixed = {"user-agent": "cabochon", "accept-encoding": "identity"}
        self._headers = {**fixed, **backend.headers}

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._free:
            self._free.pop().close()

    @contextmanager
    def run(
        self, body: bytes, call: CallLimits, affinity: str | None = None
    ) -> Iterator[httpx.Response]:
        """Call the model. Yields the response with its body unread.

        Raises httpx's errors, and `InvalidRequestError` for an address that is not allowed.
        """
        headers = {"content-type": "application/json"}
        if affinity is not None and affinity.isascii():
            headers["x-session-affinity"] = affinity
        with self._sent("POST", self._run_url, headers, body, call) as response:
            yield response

    @contextmanager
    def get(self, path: str, call: CallLimits, **params: str) -> Iterator[httpx.Response]:
        """Get a path of the account; yields and raises as `run` does."""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
        url = httpx.URL(f"{self.backend.account_url}{path}?{query}")
        with self._sent("GET", url, {}, None, call) as response:
            yield response

    @contextmanager
    def _sent(
        self,
        method: str,
        url: httpx.URL,
        headers: dict[str, str],
        body: bytes | None,
        call: CallLimits,
    ) -> Iterator[httpx.Response]:
        request = httpx.Request(
            method,
            url,
            headers={**self._headers, **headers},
            content=body,
            extensions={"timeout": _TIMEOUT, "call": call},
        )
        with self._transport() as transport:
            response = transport.handle_request(request)
            try:
                yield response
            finally:
                response.close()
                call.stop.watch(None)

    @contextmanager
    def _transport(self) -> Iterator[httpx.BaseTransport]:
        transport = self._free.pop() if self._free else self.backend.transport()
        try:
            yield transport
        finally:
            if len(self._free) < _MOST_KEPT:
                self._free.append(transport)
            else:
                transport.close()


def chunks_of(response: httpx.Response) -> Iterator[bytes]:
    """Yield the bytes of a stream as they arrive; raises `ResponseError` if there are too many."""
    left = LARGEST_STREAM
    for data in response.iter_bytes():
        left -= len(data)
        if left < 0:
            raise ResponseError(f"The answer is larger than {LARGEST_STREAM:,} bytes.")
        yield data


def body_of(response: httpx.Response, call: CallLimits) -> bytes:
    """Return all bytes of an answer, or as much of an error as arrives in a short time.

    Raises `ResponseError` for an answer that is too large.
    """
    if response.status_code == httpx.codes.OK:
        return read_all(response.iter_bytes(), LARGEST_BODY)
    call.deadline = min(call.deadline, time.monotonic() + _ERROR_TIME)
    body = b""
    with suppress(httpx.HTTPError):
        for data in response.iter_bytes():
            body += data
            if len(body) > _LARGEST_ERROR:
                break
    return body[:_LARGEST_ERROR]


def drain(chunks: Iterator[bytes], call: CallLimits) -> None:
    """Read the rest of a body whose answer is complete, to keep its connection alive."""
    call.read_timeout = _DRAIN_TIME
    call.deadline = time.monotonic() + _DRAIN_TIME
    with suppress(httpx.HTTPError):
        for _ in chunks:
            pass
