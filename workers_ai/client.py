"""The client: one request in, one answer out, complete or streamed, from any backend."""

import time
from collections.abc import Iterator
from contextlib import closing
from types import TracebackType
from typing import Any, Self

import httpx

from .backend import Backend
from .call_trace import LARGEST_RECORD, Attempt, CallTrace
from .error_mapping import LONGEST_WAIT, retries_for, wait_before
from .errors import APIConnectionError, APITimeoutError, WorkersAIError
from .http_session import HttpSession, read_all
from .model_cards import model_card
from .requests import ChatRequest, PromptRequest
from .responses import Chunk, Response
from .stop import Stop
from .transport import CallLimits
from .wire import LARGEST_BODY, decode_stream, load_object

Request = ChatRequest | PromptRequest


class Client:
    """A thread-safe client of one backend.

    `connect_timeout` and `read_timeout` (before the first byte and between reads) are in seconds;
    `silence_timeout` replaces the latter once an answer has begun, `total_timeout` ends any call.
    A call that fails before its first text is retried up to `max_retries` times where that can
    help (wire.md 3.4), first after about `first_backoff` seconds; `trace.attempts` lists the
    failed attempts.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        connect_timeout: float = 10.0,
        read_timeout: float = 130.0,
        silence_timeout: float | None = None,
        total_timeout: float = 600.0,
        max_retries: int = 2,
        first_backoff: float = 0.5,
    ) -> None:
        self.backend = backend
        self._silence_timeout = silence_timeout or read_timeout
        self._total_timeout = total_timeout
        self._max_retries = max_retries
        self._first_backoff = first_backoff
        self._sender = HttpSession(
            backend, connect_timeout=connect_timeout, read_timeout=read_timeout
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._sender.close()

    def run(
        self, request: Request, *, stop: Stop | None = None, trace: CallTrace | None = None
    ) -> Response:
        """Send the request without `stream: true` and return the complete answer.

        Raises `WorkersAIError`. Setting `stop` from another thread ends the call: the answer then
        has `finish` "stopped".
        """
        record = trace or CallTrace()
        unstreamed = request.replace(stream=None) if request.stream else request
        chunks = list(self.answer(unstreamed, stop=stop, trace=record))
        last = chunks[-1]
        raw = load_object(record.response_body) if _is_whole(record, last) else None
        return Response(
            "".join(chunk.text for chunk in chunks),
            last.tool_calls,
            last.usage,
            last.finish or "ended_early",
            raw,
            last.damaged,
        )

    def stream(
        self, request: Request, *, stop: Stop | None = None, trace: CallTrace | None = None
    ) -> Iterator[Chunk]:
        """Send the request with `stream: true` and yield the answer as it arrives.

        Raises `WorkersAIError` with the text so far as `.partial`. Setting `stop` from another
        thread ends the call: the last chunk then has `finish` "stopped".
        """
        streamed = request if request.stream else request.replace(stream=True)
        yield from self.answer(streamed, stop=stop, trace=trace)

    def answer(
        self, request: Request, *, stop: Stop | None = None, trace: CallTrace | None = None
    ) -> Iterator[Chunk]:
        """Send the request unchanged, streamed or not, and yield the answer."""
        record = trace or CallTrace()
        call = CallLimits(stop or Stop(), time.monotonic() + self._total_timeout)
        begun = False
        while True:
            try:
                for chunk in self._attempt(request, call, record):
                    begun = begun or bool(chunk.text)
                    yield chunk
            except WorkersAIError as error:
                again = not begun and not call.stop.is_set() and self._waited(error, call, record)
                if not again and not call.stop.is_set():
                    raise
            else:
                return
            if call.stop.is_set():
                yield Chunk(finish="stopped")
                return

    def request_to_send(self, request: Request) -> httpx.Request:
        """Return the HTTP request that a call sends: URL, headers and body."""
        path = f"/ai/run/{self.backend.model}"
        return self._sender.build("POST", path, request.json_bytes())

    def models(self) -> list[dict[str, Any]]:
        """Return the account's text models, as `/ai/models/search` lists them (wire.md 7.5).

        The call is free, so it is also a check of the account id and the token.
        """
        request = self._sender.build("GET", "/ai/models/search?task=Text+Generation&per_page=100")
        call, record = CallLimits(deadline=time.monotonic() + 30), CallTrace()
        with self._sender.send(request, call, record) as response, self._sender.translated(call):
            received = self._sender.read_body(response.iter_bytes(), call, record)
            entries = load_object(read_all(received, LARGEST_BODY)).get("result")
        found = entries if isinstance(entries, list) else []
        return [entry for entry in found if isinstance(entry, dict) and entry.get("name")]

    def _attempt(self, request: Request, call: CallLimits, record: CallTrace) -> Iterator[Chunk]:
        given = request.max_tokens
        limit = model_card.default_max_tokens if given is None else int(given)
        with self._sender.send(self.request_to_send(request), call, record) as response:
            call.read_timeout = self._silence_timeout
            raw = response.iter_bytes()
            with (
                closing(self._sender.read_body(raw, call, record)) as received,
                self._sender.translated(call),
            ):
                yield from decode_stream(received, max_tokens=limit)
            self._sender.drain(raw, call)

    def _waited(self, error: WorkersAIError, call: CallLimits, record: CallTrace) -> bool:
        """Wait before the next attempt; False if there should be none."""
        failed = len(record.attempts) + 1
        if failed > _retry_limit(error, self._max_retries):
            return False
        wait = wait_before(failed, error.retry_after, self._first_backoff)
        if wait is None:
            error.reword(
                f"{error.message} The server asks to wait {error.retry_after:.0f} s; "
                f"retries wait at most {LONGEST_WAIT:.0f} s."
            )
        if wait is None or time.monotonic() + wait >= call.deadline:
            return False
        record.attempts.append(Attempt(error.message, error.status_code, wait))
        return not call.stop.wait(wait)


def _retry_limit(error: WorkersAIError, allowed: int) -> int:
    """Return how many retries the error is worth. A server that went silent is not retried."""
    if isinstance(error, APITimeoutError):
        return allowed if isinstance(error.__cause__, httpx.ConnectTimeout) else 0
    if isinstance(error, APIConnectionError):
        return allowed
    return retries_for(error, allowed)


def _is_whole(record: CallTrace, last: Chunk) -> bool:
    """Return whether a JSON body was received and recorded completely."""
    kept = record.size <= LARGEST_RECORD and last.finish != "stopped"
    return kept and record.response_body.lstrip()[:1] == b"{"
