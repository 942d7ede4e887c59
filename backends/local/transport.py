"""The transport to a local engine: documented requests in, documented bytes out."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import httpx

from workers_ai import Fault, InvalidImageError, InvalidRequestError, parse_request, wire_writing
from workers_ai.address_policy import AddressRule
from workers_ai.transport import CallLimits, DirectTransport

from .answer_translation import (
    Dialect,
    OllamaAnswers,
    OpenAIAnswers,
    collect_stream,
    translate_stream,
    translate_whole,
)
from .changes import CHANGES_HEADER, SENT_TO_HEADER, changes_header
from .connection import openai_url
from .detection import detect_engine
from .error_mapping import error_of_response
from .model_facts import EngineRequest, ServedModel
from .ollama_requests import ollama_request
from .openai_requests import openai_request

_SEARCH = re.compile(r".*/ai/models/search")
_RUN = re.compile(r".*/ai/.+")
_OK, _REDIRECTS = 200, range(300, 400)
_PASSED_ON = ("authorization", "user-agent", "accept-encoding")
_LARGEST_ERROR = 64 * 1024
_LARGEST_LIST = 4 * 1024 * 1024
_ERROR_TIME = 10.0


class EngineTransport(httpx.BaseTransport):
    """Answers Workers AI requests by calling an engine at one address, and no other host.

    Whatever model a request's URL names, the configured one is used. Answers have two additional
    headers: where the request went, and what was changed in it (`read_changes`).
    """

    def __init__(self, served: ServedModel, base_url: str, rule: AddressRule) -> None:
        self._served = served
        self._base_url = base_url
        self._direct = DirectTransport(rule)

    def close(self) -> None:
        """Close all connections."""
        self._direct.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request.

        Raises httpx's errors for a failed connection, and `InvalidRequestError` for an address that
        is not allowed.
        """
        path = unquote(request.url.path)
        if request.method == "GET" and _SEARCH.fullmatch(path):
            return self._catalog(request)
        if request.method == "POST" and _RUN.fullmatch(path):
            return self._run(request)
        return wire_writing.no_route(path)

    def _run(self, request: httpx.Request) -> httpx.Response:
        try:
            body = _checked(request.read())
            translated = translated_request(self._served, body)
        except InvalidRequestError as error:
            return wire_writing.bad_input(error.faults)
        except InvalidImageError as error:
            return wire_writing.inference_error(400, 5004, f"Bad input: {error.message}")
        url = f"{self._api_url()}{translated.path}"
        response = self._ask(request, "POST", url, translated.body)
        answer = self._answered(
            request,
            response,
            stream=bool(body.get("stream")),
            is_streamed=bool(translated.body.get("stream")),
        )
        answer.headers[SENT_TO_HEADER] = f"POST {url}"
        answer.headers[CHANGES_HEADER] = changes_header(translated.changes)
        return answer

    def _answered(
        self,
        request: httpx.Request,
        response: httpx.Response,
        *,
        stream: bool,
        is_streamed: bool,
    ) -> httpx.Response:
        if response.status_code != _OK:
            return self._refused(request, response)
        label, dialect = self._served.engine.label, self._dialect()
        headers = wire_writing.EVENTS if stream else wire_writing.JSON
        answer = _Answer(response, label, dialect, stream=stream, is_streamed=is_streamed)
        return httpx.Response(200, headers=headers, stream=answer)

    def _refused(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        body = _read_error(request, response)
        if response.status_code in _REDIRECTS:
            return httpx.Response(response.status_code)
        label = self._served.engine.label
        return error_of_response(label, response.status_code, response.headers, body).response()

    def _catalog(self, request: httpx.Request) -> httpx.Response:
        listing_url = f"{openai_url(self._base_url)}/models"
        response = self._ask(request, "GET", listing_url)
        if response.status_code != _OK:
            return self._refused(request, response)
        listing = _loaded(response)

        def ask(path: str, body: dict[str, Any] | None) -> Any:
            if path == "":
                return listing
            method = "GET" if body is None else "POST"
            response = self._ask(request, method, f"{self._base_url}{path}", body)
            return _loaded(response) if response.status_code == _OK else _closed(response)

        found = detect_engine(self._base_url, ask, listing_path="")
        return wire_writing.envelope([model.entry() for model in found.models] if found else [])

    def _ask(
        self,
        request: httpx.Request,
        method: str,
        url: str,
        body: dict[str, Any] | None = None,
    ) -> httpx.Response:
        """Send a request in the engine's own API on behalf of a documented one."""
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        content = None if body is None else wire_writing.compact(body)
        if content is not None:
            headers["content-type"] = "application/json"
        asked = httpx.Request(
            method, url, headers=headers, content=content, extensions=request.extensions
        )
        return self._direct.handle_request(asked)

    def _api_url(self) -> str:
        return self._base_url if self._is_ollama() else openai_url(self._base_url)

    def _dialect(self) -> Dialect:
        return OllamaAnswers() if self._is_ollama() else OpenAIAnswers()

    def _is_ollama(self) -> bool:
        return self._served.engine.kind == "ollama"


def translated_request(served: ServedModel, body: dict[str, Any]) -> EngineRequest:
    """Return the engine's form of a documented body.

    Raises `InvalidImageError` for a picture that cannot be sent.
    """
    translate = ollama_request if served.engine.kind == "ollama" else openai_request
    return translate(served, body)


class _Answer(httpx.SyncByteStream):
    """An engine's answer, translated as it is read; closing it closes the connection."""

    def __init__(
        self,
        response: httpx.Response,
        label: str,
        dialect: Dialect,
        *,
        stream: bool,
        is_streamed: bool,
    ) -> None:
        self._response = response
        self._label = label
        self._dialect = dialect
        self._stream = stream
        """Whether to pass on a stream."""
        self._is_streamed = is_streamed
        """Whether the engine sends a stream."""

    def __iter__(self) -> Iterator[bytes]:
        chunks = self._response.iter_bytes()
        if self._stream:
            yield from translate_stream(self._label, self._dialect, chunks)
        elif self._is_streamed:
            yield collect_stream(self._label, self._dialect, chunks)
        else:
            yield translate_whole(self._label, self._dialect, chunks)

    def close(self) -> None:
        self._response.close()


def _checked(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError([Fault("", "the body is not JSON")]) from error
    return parse_request(value).body()


def _read_error(request: httpx.Request, response: httpx.Response) -> bytes:
    """Read an error, within a limited time and size."""
    call = request.extensions.get("call") or CallLimits()
    deadline, call.deadline = call.deadline, min(call.deadline, time.monotonic() + _ERROR_TIME)
    try:
        return _read(response, _LARGEST_ERROR)
    except httpx.HTTPError:
        return b""
    finally:
        call.deadline = deadline


def _read(response: httpx.Response, limit: int) -> bytes:
    body = b""
    try:
        for data in response.iter_bytes():
            body += data
            if len(body) > limit:
                break
    finally:
        response.close()
    return body[:limit]


def _loaded(response: httpx.Response) -> Any:
    try:
        return json.loads(_read(response, _LARGEST_LIST))
    except (ValueError, RecursionError):
        return None


def _closed(response: httpx.Response) -> None:
    response.close()
