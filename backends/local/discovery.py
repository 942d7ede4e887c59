"""Engine discovery: on the usual ports of this machine, or at a given address."""

import json
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from workers_ai import APIConnectionError, InvalidRequestError, ResponseError, WorkersAIError
from workers_ai.address_policy import ANYWHERE, LOOPBACK, AddressRule
from workers_ai.backend import url_faults
from workers_ai.call_trace import CallTrace
from workers_ai.http_session import HttpSession, read_all
from workers_ai.transport import CallLimits

from .connection import DirectBackend, key_headers, openai_url, root_of
from .detection import FoundEngine, detect_engine
from .engine_table import ENGINES

ENGINE_PORTS = tuple(engine.port for engine in ENGINES.values() if engine.port is not None)
"""The engines' default ports."""

_LARGEST = 4 * 1024 * 1024
_UNAVAILABLE = 503


def find_engines(
    ports: Iterable[int] = ENGINE_PORTS, timeout: float = 0.3, rule: AddressRule = LOOPBACK
) -> list[FoundEngine]:
    """Return the engines that answer on this machine's ports within `timeout` seconds in total.

    Those with a Gemma 3 come first. Never raises: an engine that does not answer is left out.
    """
    deadline = time.monotonic() + timeout
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    pool = ThreadPoolExecutor(max(len(urls), 1), thread_name_prefix="engines")
    try:
        asked = [pool.submit(_found_at, url, deadline, rule) for url in urls]
        found = [engine for each in asked if (engine := _result(each, deadline)) is not None]
    finally:
        pool.shutdown(wait=False)
    return sorted(found, key=lambda engine: not any(each.is_gemma3 for each in engine.models))


def engine_at(
    base_url: str,
    api_key: str | None = None,
    *,
    rule: AddressRule = ANYWHERE,
    timeout: float = 10.0,
) -> FoundEngine:
    """Return the engine at a URL, with or without its `/v1`.

    Raises a `WorkersAIError` for a failed connection, a rejected key, or an address that is not
    allowed, and `ResponseError` if whatever answers is not an engine.
    """
    faults = url_faults(base_url)
    if faults:
        raise InvalidRequestError(faults)
    root = root_of(base_url)
    # The address of Ollama's API is often copied with its /api.
    roots = [root, root.removesuffix("/api")] if root.endswith("/api") else [root]
    questions = [_Questions(each, api_key, rule, time.monotonic() + timeout) for each in roots]
    with ExitStack() as stack:
        for question in questions:
            stack.callback(question.close)
            found = question.engine()
            if found is not None:
                return found
    raise questions[0].failure or ResponseError(
        f"{root} answers, but it is not an engine: there is no list of models at "
        f"{openai_url(root)}/models."
    )


def _result(asked: Future[FoundEngine | None], deadline: float) -> FoundEngine | None:
    """Return the result if it is in time; a late thread ends on its own."""
    try:
        return asked.result(max(deadline - time.monotonic(), 0))
    except TimeoutError:
        return None


def _found_at(url: str, deadline: float, rule: AddressRule) -> FoundEngine | None:
    questions = _Questions(url, None, rule, deadline)
    try:
        return questions.engine()
    finally:
        questions.close()


class _Questions:
    """Queries one engine, with one deadline for all queries."""

    def __init__(self, root: str, api_key: str | None, rule: AddressRule, deadline: float) -> None:
        self.failure: WorkersAIError | None = None
        """The error of the first query."""
        self._root = root
        self._call = CallLimits(deadline=deadline)
        secrets = (api_key,) if api_key else ()
        direct = DirectBackend(root, rule, key_headers(api_key), secrets)
        left = max(deadline - time.monotonic(), 0.001)
        self._sender = HttpSession(direct, connect_timeout=left, read_timeout=left)
        self._is_loading = False
        self._has_asked = False

    def close(self) -> None:
        self._sender.close()

    def engine(self) -> FoundEngine | None:
        listing = f"{openai_url(self._root).removeprefix(self._root)}/models"
        found = detect_engine(self._root, self._answer, listing)
        if found is None and self._is_loading:
            return FoundEngine("llama-server", self._root, ())
        return found

    def _answer(self, path: str, body: dict[str, Any] | None) -> Any:
        if isinstance(self.failure, APIConnectionError):
            return None
        trace = CallTrace()
        try:
            return self._asked(path, body, trace)
        except WorkersAIError as error:
            if self.failure is None and not self._has_asked:
                self.failure = error
            server = trace.response_headers.get("server")
            loads = trace.status_code == _UNAVAILABLE and server == "llama.cpp"
            self._is_loading = self._is_loading or loads
        except (ValueError, RecursionError):
            pass
        finally:
            self._has_asked = True
        return None

    def _asked(self, path: str, body: dict[str, Any] | None, trace: CallTrace) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = self._sender.build("GET" if body is None else "POST", path, content)
        with (
            self._sender.send(request, self._call, trace) as response,
            self._sender.translated(self._call),
        ):
            received = self._sender.read_body(response.iter_bytes(), self._call, trace)
            return json.loads(read_all(received, _LARGEST))
