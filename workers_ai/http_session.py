"""The HTTP session: sends a request, receives its bytes, and raises only this package's errors."""

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

import httpx

from .backend import Backend
from .call_trace import CallTrace
from .error_mapping import error_from_response
from .errors import APIConnectionError, APITimeoutError, ResponseError, WorkersAIError
from .redaction import redact, redact_headers
from .transport import CallLimits

_OK = 200
_SILENT = "The server stopped responding."
_LARGEST_ERROR = 64 * 1024
_ERROR_TIME = 10.0
_DRAIN_TIME = 0.05
_CONNECTED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})


class HttpSession:
    """An `httpx.Client` for one backend; its connections are reused."""

    def __init__(self, backend: Backend, *, connect_timeout: float, read_timeout: float) -> None:
        self._backend = backend
        self._http = httpx.Client(
            transport=backend.transport(),
            headers={"User-Agent": "cabochon", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def build(self, method: str, path: str, body: bytes | None = None) -> httpx.Request:
        """Return the request for a path under the backend's account."""
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self._http.build_request(
            method,
            f"{self._backend.account_url}{path}",
            content=body,
            headers={**self._backend.headers, **kind},
        )

    @contextmanager
    def send(
        self, request: httpx.Request, call: CallLimits, trace: CallTrace
    ) -> Iterator[httpx.Response]:
        """Send the request, and yield the response if its status is 200."""
        self._describe(request, trace)
        request.extensions["call"] = call
        request.extensions["trace"] = partial(_note_connection, trace)
        call.read_timeout = None
        try:
            with self.translated(call):
                if call.stop.is_set():
                    raise APIConnectionError("The call was stopped.")
                response = self._http.send(request, stream=True)
                trace.answered = trace.now()
            with closing(response):
                trace.status_code = response.status_code
                trace.response_headers = redact_headers(response.headers, self._backend.secrets)
                with self.translated(call):
                    if response.status_code != _OK:
                        raise self._failure(response, call, trace)
                yield response
        finally:
            call.stop.watch(None)

    def read_body(
        self, raw: Iterator[bytes], call: CallLimits, trace: CallTrace
    ) -> Generator[bytes, None, None]:
        """Yield the bytes of a body as they arrive."""
        with self.translated(call):
            for data in raw:
                trace.record(data)
                yield data
                if call.stop.is_set():
                    raise APIConnectionError("The call was stopped.")

    def drain(self, raw: Iterator[bytes], call: CallLimits) -> None:
        """Read the rest of a body after its answer is complete, so that its connection is reused.

        It does not wait for servers that keep the stream open after `[DONE]`.
        """
        call.read_timeout = _DRAIN_TIME
        call.deadline = time.monotonic() + _DRAIN_TIME
        with suppress(httpx.HTTPError):
            for _ in raw:
                pass

    def _hidden(self, error: WorkersAIError) -> WorkersAIError:
        error.reword(redact(error.message, self._backend.secrets))
        return error

    def _describe(self, request: httpx.Request, trace: CallTrace) -> None:
        trace.url = str(request.url)
        trace.request_headers = redact_headers(request.headers, self._backend.secrets)
        trace.request_body = request.content
        trace.secrets = self._backend.secrets
        trace.restart()

    def _failure(
        self, response: httpx.Response, call: CallLimits, trace: CallTrace
    ) -> WorkersAIError:
        """Return the error of a response, from as much of its body as arrives in a short time."""
        deadline, call.deadline = call.deadline, time.monotonic() + _ERROR_TIME
        body = b""
        with suppress(httpx.HTTPError):
            for data in response.iter_bytes():
                trace.record(data)
                body += data
                if len(body) > _LARGEST_ERROR:
                    break
        call.deadline = deadline
        return error_from_response(response.status_code, response.headers, body[:_LARGEST_ERROR])

    @contextmanager
    def translated(self, call: CallLimits) -> Iterator[None]:
        """Translate httpx's errors into ours, and remove the backend's secrets from all errors."""
        try:
            yield
        except httpx.ConnectTimeout as error:
            raise APITimeoutError("Could not connect to the server in time.") from error
        except httpx.TimeoutException as error:
            late = call.deadline <= time.monotonic()
            message = "The answer was not complete in time." if late else _SILENT
            raise APITimeoutError(message) from error
        except httpx.ConnectError as error:
            reason = f"Could not connect to {self._backend.base_url}: {error}"
            raise self._hidden(APIConnectionError(reason)) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            # Not chained: the message can be the server's, and repeat the token.
            raise self._hidden(APIConnectionError(f"The connection was lost: {error}")) from None
        except WorkersAIError as error:
            self._hidden(error)
            raise


def _note_connection(trace: CallTrace, event: str, _: dict[str, Any]) -> None:
    """Record when the connection was established, from httpcore's trace events."""
    if event in _CONNECTED:
        trace.connected = trace.now()


def read_all(chunks: Iterator[bytes], limit: int) -> bytes:
    """Return all bytes of a body, or raise `ResponseError` past the limit."""
    body = bytearray()
    for data in chunks:
        body += data
        if len(body) > limit:
            raise ResponseError(f"The answer is larger than {limit:,} bytes.")
    return bytes(body)
