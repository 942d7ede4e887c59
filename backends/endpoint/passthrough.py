"""Answers passed through in the backend's own bytes: the documented form needs no translation."""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from workers_ai import WorkersAIError, wire_writing
from workers_ai.error_mapping import error_from_response
from workers_ai.redaction import redact
from workers_ai.transport import CallLimits

from ..local.changes import CHANGES_HEADER
from . import error_responses
from .redaction import Redactor
from .stream_bridge import ClientLeftError, Headers, StreamBridge
from .upstream import Upstream, body_of, chunks_of, drain

_EVENTS = [(b"content-type", b"text/event-stream")]
_JSON = [(b"content-type", b"application/json")]
_OK = 200
_FAILED = range(400, 600)
_END = b"data: [DONE]\n\n"
_PASSED = frozenset(
    {b"retry-after", b"cf-ai-req-id", b"cf-ray", b"cf-aig-log-id", CHANGES_HEADER.encode()}
)
"""The headers that callers know from the API (wire.md 1), and the list of an engine's changes."""

_STATUSES: Mapping[int, int] = {
    **dict.fromkeys((1000, 2009, 10000), 401),
    **dict.fromkeys((3023, 3041, 5016, 5018, 5035), 403),
    **dict.fromkeys((3042, 7003), 404),
    **dict.fromkeys((5005, 5019, 7001), 405),
    **dict.fromkeys((3007, 3008, 3046), 408),
    5028: 410,
    **dict.fromkeys((3006, 3010, 3030, 5021), 413),
    **dict.fromkeys((3021, 3036, 3040, 4006), 429),
    7009: 502,
}
"""The status of every code that is not sent with 400 (wire.md 3.2, 3.3)."""


def pass_through(
    upstream: Upstream, body: bytes, call: CallLimits, bridge: StreamBridge, affinity: str | None
) -> None:
    """Send a documented request to the backend, and pass on its answer."""
    redactor = Redactor(upstream.backend.secrets)
    with errors_reported(bridge, upstream), upstream.run(body, call, affinity) as response:
        if not streams(response):
            bridge.answer(whole_answer(response, call, upstream))
            return
        bridge.start(_OK, stream_headers(response, redactor))
        chunks = chunks_of(response)
        for data in chunks:
            if passed := redactor.feed(data):
                bridge.write(passed)
            if data.endswith(_END):
                break
        if rest := redactor.flush():
            bridge.write(rest)
        drain(chunks, call)


def streams(response: httpx.Response) -> bool:
    """Return whether a stream of events follows."""
    kind = response.headers.get("content-type", "")
    return (
        response.status_code == _OK
        and kind.partition(";")[0].strip().lower() == "text/event-stream"
    )


def whole_answer(response: httpx.Response, call: CallLimits, upstream: Upstream) -> httpx.Response:
    """Return an answer that is not a stream, unchanged if documented, else converted."""
    body = body_of(response, call)
    if not _is_documented(response.status_code, body):
        return _as_documented(response, body, upstream)
    redactor = Redactor(upstream.backend.secrets)
    headers = [*_JSON, *_passed(response, redactor)]
    return httpx.Response(response.status_code, headers=headers, content=redactor.whole(body))


def stream_headers(response: httpx.Response, redactor: Redactor) -> Headers:
    """Return the headers for a stream that is passed on."""
    return [*_EVENTS, *_passed(response, redactor)]


@contextmanager
def errors_reported(bridge: StreamBridge, upstream: Upstream) -> Iterator[None]:
    """Pass on failures of the backend as documented errors."""
    try:
        yield
    except ClientLeftError:
        pass
    except httpx.TimeoutException:
        bridge.answer(error_responses.timed_out())
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
        bridge.answer(error_responses.unavailable())
    except WorkersAIError as error:
        bridge.answer(_failure(error, upstream))


def _failure(error: WorkersAIError, upstream: Upstream) -> httpx.Response:
    """Return the response for an error reported with status 200, or within a stream."""
    message = redact(error.message, upstream.backend.secrets)
    if error.code is None:
        return error_responses.unavailable(sentence=message)
    text = message.removeprefix("AiError: ")
    return wire_writing.inference_error(_STATUSES.get(error.code, 400), error.code, text)


def _is_documented(status: int, body: bytes) -> bool:
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    reports = isinstance(value.get("errors"), list) and bool(value["errors"])
    return reports if status != _OK else reports or "result" in value


def _as_documented(response: httpx.Response, body: bytes, upstream: Upstream) -> httpx.Response:
    status = response.status_code
    if status not in _FAILED:
        return error_responses.unavailable()
    failure = error_from_response(status, response.headers, body)
    message = redact(failure.message, upstream.backend.secrets)
    if failure.code is None:
        return error_responses.unavailable(status, message)
    answer = wire_writing.inference_error(status, failure.code, message.removeprefix("AiError: "))
    if (wait := response.headers.get("retry-after", "")).isdigit():
        answer.headers["retry-after"] = wait
    return answer


def _passed(response: httpx.Response, redactor: Redactor) -> Headers:
    """Return the headers that are passed on; an inference always gets an id."""
    passed = [
        (name, redactor.whole(value))
        for given, value in response.headers.raw
        if (name := given.lower()) in _PASSED
    ]
    named = response.status_code != _OK or "cf-ai-req-id" in response.headers
    return passed if named else [*passed, (b"cf-ai-req-id", str(uuid.uuid4()).encode())]
