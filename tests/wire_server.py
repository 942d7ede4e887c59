"""A Workers AI server for tests: real sockets, the bytes of wire.md, and faults on demand.

    with WireServer() as server:
        server.script(Failure.status(429, code=3021, retry_after=0.1), Answer.stream(["Hel", "lo"]))
        ...                             # point a client at server.base_url
        assert len(server.requests) == 2

An `Answer` is a value that expands into steps: bytes to send, pauses, endings. HTTP is written by
hand, because a library would correct the very faults to be tested. Times are those of
`time.monotonic()`, which on Linux is one clock for all processes.

`python -m tests.wire_server --tokens 2000 --rate 500` serves other processes: POST /__script__
sets the answers, GET /__requests__ lists the requests, DELETE /__requests__ clears them.
"""

import argparse
import contextlib
import itertools
import json
import random
import re
import select
import signal
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Literal, NamedTuple, Self

MODEL = "@cf/google/gemma-3-12b-it"
MEGABYTE = 1_000_000
TLS_HANDSHAKE = b"\x16"
UUID = "82a04848-3b5f-4c7e-9d0a-6f1e2d3c4b5a"
RUN = re.compile(
    r"/client/v4/accounts/[0-9a-fA-F]{32}/ai/run/@.+|/v1/[0-9a-fA-F]{32}/[^/]+/workers-ai/(run/)?@.+"
)
SEARCH = re.compile(r"/client/v4/accounts/[0-9a-fA-F]{32}/ai/models/search(\?.*)?")

USED_UP = (
    "AiError: AiError: you have used up your daily free allocation of 10,000 neurons, please"
    " upgrade to Cloudflare's Workers Paid plan if you would like to continue usage."
)

MESSAGES: Mapping[int, tuple[int, str]] = {
    1000: (401, "Invalid API Token"),
    2009: (401, "Unauthorized"),
    3006: (413, "AiError: AiError: Request too large"),
    3021: (429, "AiError: AiError: rate limiting: inference request per min rate reached"),
    3036: (429, USED_UP),
    3040: (429, "AiError: AiError: Capacity temporarily exceeded, please try again."),
    3046: (408, "AiError: AiError: Request timeout"),
    4006: (429, USED_UP),
    5006: (400, "AiError: Bad input: Error: '/temperature' must be <= 5"),
    5007: (400, f"AiError: No such model {MODEL} or task"),
    5018: (403, f"AiError: Ai: This account is not allowed to access {MODEL}."),
    5021: (
        413,
        (
            "AiError: Ai: The estimated number of input and maximum output tokens (139704)"
            " exceeded this model context window limit (80000)."
        ),
    ),
    5028: (
        410,
        (
            "AiError: Model has been deprecated: This model was deprecated on 2026-05-30. Please"
            " use an alternative model."
        ),
    ),
    7001: (405, "GET not supported for requested URI."),
    7003: (404, "Could not route to this path, perhaps your object identifier is invalid?"),
    7009: (502, "AiError: Upstream service unavailable"),
    9106: (400, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"),
    10000: (401, "Authentication error"),
}
"""The status and message of each code (wire.md 0, 3.2, 3.3)."""

FRONT_END = frozenset({1000, 7001, 7003, 9106, 10000})
"""Codes of the API's front end, whose bodies have another key order (wire.md 3.1, shape 2)."""


class Ending(StrEnum):
    """What happens to a connection instead of an orderly end."""

    HOLD = "hold"
    """Silence, until the client leaves or the server stops."""
    RESET = "reset"
    CLOSE = "close"


class Pause(NamedTuple):
    """Silence before the next step."""

    seconds: float
    steady: bool = False
    """Measured from the previous pause, so that a long series does not drift."""


class Raw(NamedTuple):
    """Bytes of the body without a chunk header."""

    data: bytes


Piece = bytes | Raw | Pause | Ending
Step = bytes | Pause | Ending


@dataclass(frozen=True)
class Answer:
    """The answer to one request. Each method returns a new answer, so calls can be chained."""

    body: tuple[Piece, ...] = ()
    """The body; each bytes object is one write, and one chunk if the framing is chunked."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    framing: Literal["chunked", "length", "close"] = "chunked"
    prelude: tuple[Step, ...] = ()
    """Sent before the status line."""
    head: bool = True
    """Whether there is a status line at all."""
    head_pace: float = 0
    """Seconds before each byte of the head; 0 sends it in one write."""
    repeats: bool = False
    """Whether the body repeats forever."""

    # Content

    @classmethod
    def of(cls, body: bytes, content_type: str = "application/json", status: int = 200) -> Self:
        return cls((body,), status, {"Content-Type": content_type}, "length")

    @classmethod
    def document(cls, value: object, status: int = 200) -> Self:
        return cls.of(as_json(value), status=status)

    @classmethod
    def result(cls, result: object) -> Self:
        """Answer with `result` in the documented envelope (wire.md 1.2)."""
        return cls.document({"result": result, "success": True, "errors": [], "messages": []})

    @classmethod
    def json(cls, response: object, *, tool_calls: object = None, tokens: int = 3) -> Self:
        """Answer like a call without `stream` (wire.md 1.3, 1.4)."""
        calls = {} if tool_calls is None else {"tool_calls": tool_calls}
        return cls.result({"response": response, **calls, "usage": usage(tokens)})

    @classmethod
    def events(cls, *events: object, done: bool = True) -> Self:
        """Answer with events: bytes unchanged, everything else as `data: <json>`."""
        body = [e if isinstance(e, bytes) else event(e) for e in events]
        done_event = [b"data: [DONE]\n\n"] if done else []
        return cls((*body, *done_event), headers={"Content-Type": "text/event-stream"})

    @classmethod
    def stream(cls, responses: Sequence[object], *, done: bool = True) -> Self:
        """Stream in form A of wire.md 2: padded events, an empty one, the usage."""
        padded = [{"response": r, "p": padding(i)} for i, r in enumerate(responses)]
        last = {"response": "", "usage": usage(len(responses))}
        return cls.events(*padded, {"response": ""}, last, done=done)

    @classmethod
    def stream_b(cls, responses: Sequence[object]) -> Self:
        """Stream in form B: `tool_calls` is [] everywhere, and one event has no `response`."""
        events = [
            {"response": r, "tool_calls": [], "p": padding(i)}
            for i, r in enumerate(("", *responses))
        ]
        last = {"response": "", "tool_calls": [], "usage": usage(len(responses))}
        return cls.events(*events, {"tool_calls": [], "p": padding(9)}, last)

    @classmethod
    def stream_calls(cls, calls: Sequence[object]) -> Self:
        """Stream whole tool calls (form C)."""
        return cls.events({"response": "", "tool_calls": calls}, {"response": "", "usage": usage()})

    @classmethod
    def stream_fragments(cls, name: str, fragments: Sequence[object], *, call_id: str) -> Self:
        """Stream one tool call in fragments, closed by the null sentinel (form C)."""
        function = {"id": call_id, "type": "function", "index": 0, "function": {"name": name}}
        parts = [{"index": 0, "function": {"arguments": fragment}} for fragment in fragments]
        nulls = {"id": None, "type": None, "index": 0, "function": {"name": None, "arguments": ""}}
        events = [{"tool_calls": [part]} for part in (function, *parts, nulls)]
        return cls.events({"response": "", "tool_calls": []}, *events)

    @classmethod
    def stream_hybrid(cls, responses: Sequence[object]) -> Self:
        """Stream in form D: `response` and `delta.content` are equal."""
        first = {"choices": [{"delta": {"content": "", "role": "assistant"}}], "response": ""}
        events = [{"choices": [{"delta": {"content": r}}], "response": r} for r in responses]
        stop = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
        last = {"response": "", "usage": usage(len(responses))}
        return cls.events({**first, "tool_calls": []}, *events, stop, last)

    @classmethod
    def stream_openai(cls, responses: Sequence[object], *, finish_reason: str = "stop") -> Self:
        """Stream in form E: usage is per event at first, and the total at the end."""
        deltas = ({"content": r, "reasoning_content": None} for r in responses)
        events = [openai_event(i, delta, None, usage(1)) for i, delta in enumerate(deltas)]
        stop = openai_event(7, {"reasoning_content": None}, finish_reason, usage(0))
        bare = {**stop, "choices": [], "usage": {"prompt_tokens": 0, **usage(1)}}
        last = {"response": "", "usage": {**usage(len(responses)), "neurons": 1.7727}}
        return cls.events(*events, stop, bare, last)

    @classmethod
    def words(cls, tokens: int, rate: float) -> Self:
        """Stream that many tokens at `rate` tokens per second."""
        return cls.stream([word(i) for i in range(tokens)]).paced(1 / rate)

    @classmethod
    def flood(cls, start: str, megabytes: int, content_type: str = "text/event-stream") -> Self:
        """Answer with `start`, followed by many letters x."""
        letters = b"x" * MEGABYTE
        return cls((start.encode(), *[letters] * megabytes), headers={"Content-Type": content_type})

    @classmethod
    def bomb(cls, megabytes: int, content_type: str = "application/json") -> Self:
        """Answer with a small gzip body that unpacks to that many megabytes of JSON."""
        packer = zlib.compressobj(level=1, wbits=31)
        letters = b"x" * MEGABYTE
        parts = [b'{"result":{"response":"', *[letters] * megabytes, b'"},"success":true}']
        packed = b"".join([*map(packer.compress, parts), packer.flush()])
        return cls.of(packed, content_type).with_headers({"Content-Encoding": "gzip"})

    @classmethod
    def bare(cls, *steps: Step) -> Self:
        """Answer with steps only, without a status line."""
        return cls(prelude=steps, head=False, framing="close")

    # Chunking and encoding

    def cut(self, size: int) -> Self:
        """Send `size` bytes at a time."""
        return self._recut(lambda data: range(size, len(data), size))

    def cut_randomly(self, seed: int) -> Self:
        """Send a random number of bytes at a time, reproducible by seed."""
        dice = random.Random(seed)  # noqa: S311 - not for security
        return self._recut(lambda data: sorted(dice.sample(range(1, len(data)), len(data) // 9)))

    def whole(self) -> Self:
        return self._recut(lambda _: ())

    def with_line_ends(self, line_end: str) -> Self:
        ends = line_end.encode()
        return self._mapped(lambda data: data.replace(b"\n", ends))

    def with_bom(self) -> Self:
        return replace(self, body=(b"\xef\xbb\xbf", *self.body))

    def with_comments(self) -> Self:
        """Put a comment line before every event, like servers that keep a connection alive."""
        return self._mapped(lambda data: b": still here\n" + data)

    def with_headers(self, headers: Mapping[str, str]) -> Self:
        return replace(self, headers={**self.headers, **headers})

    def with_retry_after(self, retry_after: float | str) -> Self:
        return self.with_headers({"Retry-After": str(retry_after)})

    # Timing and faults

    def after(self, seconds: float) -> Self:
        """Stay silent before the first byte."""
        return replace(self, prelude=(Pause(seconds), *self.prelude))

    def paced(self, seconds: float) -> Self:
        """Pause before every write of the body."""
        pauses = itertools.repeat(Pause(seconds, steady=True))
        body = itertools.chain.from_iterable(zip(pauses, self.body, strict=False))
        return replace(self, body=tuple(body))

    def dripped(self, seconds: float) -> Self:
        """Send the head and the body byte by byte, with a pause before each."""
        return replace(self.cut(1).paced(seconds), head_pace=seconds)

    def endless(self) -> Self:
        return replace(self, repeats=True, framing="chunked")

    def followed(self, *pieces: Piece) -> Self:
        """Append pieces to the body."""
        return replace(self, body=(*self.body, *pieces))

    def held(self) -> Self:
        """Send everything and keep the connection open."""
        return self.broken(len(self.body), Ending.HOLD)

    def broken(self, after: int, how: str) -> Self:
        """Send `after` writes of the body, then `hold`, `reset` or `close`."""
        return replace(self, body=(*self.body[:after], Ending(how)), framing="chunked")

    def torn(self, after: int) -> Self:
        """Send `after` writes of the body, then close in mid-chunk."""
        half = Raw(b'40\r\ndata: {"respo')
        return replace(self, body=(*self.body[:after], half, Ending.CLOSE), framing="chunked")

    # Expansion

    def steps(self) -> Iterator[Step]:
        """Yield the steps of the connection, in order."""
        yield from self.prelude
        if self.head:
            yield from self._head_steps()
        for piece in itertools.cycle(self.body) if self.repeats else self.body:
            yield from self._framed(piece)
        if self.framing == "chunked":
            yield b"0\r\n\r\n"

    def _head_steps(self) -> Iterator[Step]:
        head = self._head()
        if not self.head_pace:
            yield head
            return
        for i in range(len(head)):
            yield Pause(self.head_pace, steady=True)
            yield head[i : i + 1]

    def _head(self) -> bytes:
        headers = {**self._framing_header(), **self.headers}
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        status = f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
        return "".join([status, *lines, "\r\n"]).encode("latin-1")

    def _framing_header(self) -> Mapping[str, str]:
        length = sum(len(piece) for piece in self.body if isinstance(piece, bytes))
        return {
            "chunked": {"Transfer-Encoding": "chunked"},
            "length": {"Content-Length": str(length)},
            "close": {"Connection": "close"},
        }[self.framing]

    def _framed(self, piece: Piece) -> Iterator[Step]:
        if isinstance(piece, Raw):
            yield piece.data
        elif not isinstance(piece, bytes):
            yield piece
        elif piece:
            chunked = self.framing == "chunked"
            yield b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece

    def _recut(self, places: Callable[[bytes], Iterable[int]]) -> Self:
        pieces = [piece for piece in self.body if isinstance(piece, bytes)]
        if len(pieces) < len(self.body):
            raise ValueError("Cut an answer before pacing or breaking it.")
        data = b"".join(pieces)
        cuts = [0, *places(data), len(data)]
        return replace(self, body=tuple(data[a:b] for a, b in itertools.pairwise(cuts)))

    def _mapped(self, change: Callable[[bytes], bytes]) -> Self:
        body = (change(piece) if isinstance(piece, bytes) else piece for piece in self.body)
        return replace(self, body=tuple(body))


class Failure:
    """The failures of wire.md 3, and those of gateways and edge servers."""

    @staticmethod
    def status(
        status: int | None = None,
        *,
        code: int,
        message: str | None = None,
        retry_after: float | str | None = None,
    ) -> Answer:
        """Fail with a code; status and message default to those of wire.md (shapes 1, 2)."""
        usual, text = MESSAGES[code]
        if code in FRONT_END:
            errors = [{"code": code, "message": message or text}]
            front = {"result": None, "success": False, "errors": errors, "messages": []}
            answer = Answer.document(front, status or usual)
        else:
            errors = [{"message": message or f"{text} ({UUID})", "code": code}]
            body = {"errors": errors, "success": False, "result": {}, "messages": []}
            answer = Answer.document(body, status or usual)
        return answer if retry_after is None else answer.with_retry_after(retry_after)

    @staticmethod
    def unsuccessful(code: int = 3040) -> Answer:
        """Fail with HTTP 200."""
        return Failure.status(200, code=code)

    @staticmethod
    def gateway(status: int = 401, code: int = 2009, message: str = "Unauthorized") -> Answer:
        """Fail like the AI Gateway's host: `error`, not `errors` (shape 3)."""
        error = [{"code": code, "message": message}]
        return Answer.document(
            {"success": False, "result": [], "messages": [], "error": error}, status
        )

    @staticmethod
    def relayed(code: int = 5006) -> Answer:
        """Fail like a gateway that relays an error of Workers AI (shape 4)."""
        status, message = MESSAGES[code]
        body = {"name": "AiError", "internalCode": code, "httpCode": status, "message": message}
        return Answer.document({**body, "description": message.removeprefix("AiError: ")}, status)

    @staticmethod
    def wrapped(inner: str = "max_tokens must be at least 1, got 0.") -> Answer:
        """Fail like the engine behind the API: a JSON string in the message (shape 5)."""
        error = {"object": "error", "message": inner, "type": "BadRequestError"}
        text = as_json({**error, "param": None, "code": 400}).decode()
        errors = [{"message": f"AiError: AiError: {text} ({UUID})", "code": 8007}]
        return Answer.document(
            {"errors": errors, "success": False, "result": {}, "messages": []}, 400
        )

    @staticmethod
    def openai(status: int = 400, message: str = "Invalid value for 'model'.") -> Answer:
        """Fail like OpenAI (shape 6)."""
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
        return Answer.document({"error": error}, status)

    @staticmethod
    def html(status: int = 502) -> Answer:
        """Fail with an HTML page of an edge server."""
        phrase = HTTPStatus(status).phrase
        page = f"<!DOCTYPE html><html><head><title>{status} {phrase}</title></head>"
        page += f"<body><center><h1>{phrase}</h1></center><hr>cloudflare</body></html>\n"
        return Answer.of(page.encode(), "text/html; charset=UTF-8", status)

    @staticmethod
    def portal() -> Answer:
        """Answer like a captive portal: an HTML page with HTTP 200."""
        page = b"<html><title>Welcome to the hotel</title><form>Room number</form></html>"
        return Answer.of(page, "text/html")

    @staticmethod
    def empty(status: int = 200) -> Answer:
        return Answer.of(b"", status=status)

    @staticmethod
    def huge(status: int = 500, megabytes: int = 20) -> Answer:
        """Fail with a message of many megabytes."""
        start = '{"success":false,"result":null,"errors":[{"code":1,"message":"'
        flood = Answer.flood(start, megabytes, "application/json")
        return replace(flood, body=(*flood.body, b'"}]}'), status=status)

    @staticmethod
    def redirect(location: str, status: int = 307) -> Answer:
        return Answer.of(b"", status=status).with_headers({"Location": location})


@dataclass
class Request:
    """A received request, and when it was answered."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case; a repeated header is joined with a comma."""
    body: bytes
    time: float
    """When the last byte of the request arrived."""
    connection: int
    """Counted from 1."""
    sent: list[float] = field(default_factory=list)
    """When each write of the answer began."""

    def json(self) -> Any:
        return json.loads(self.body)

    def described(self) -> dict[str, Any]:
        return {**asdict(self), "body": self.body.decode("utf-8", "backslashreplace")}


class ClosedByClient(NamedTuple):
    """A connection that the client ended."""

    connection: int
    time: float
    mid_answer: bool
    """Whether an answer was still in progress."""


class ClientLeftError(Exception):
    """The client closed the connection or speaks TLS, or this server is stopping."""


class Connection:
    """One accepted socket: reads requests, plays answers."""

    def __init__(self, number: int, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = number
        self.is_open = True
        self.is_control = False
        self._socket = sock
        self._reader = sock.makefile("rb")

    def read_request(self) -> Request | None:
        """Read one request; None if the client closed the connection between requests."""
        if self._reader.peek(1)[:1] == TLS_HANDSHAKE:
            raise ClientLeftError
        line = self._reader.readline()
        if not line:
            return None
        method, path, _ = line.decode("latin-1").split(" ", 2)
        headers = self._read_headers()
        if headers.get("expect") == "100-continue":
            self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self._read_body(headers)
        return Request(method, path, headers, body, time.monotonic(), self.number)

    def play(self, answer: Answer, request: Request) -> bool:
        """Send the answer; False if the connection cannot be reused."""
        due = time.monotonic()
        for step in answer.steps():
            if isinstance(step, bytes):
                request.sent.append(time.monotonic())
                self._socket.sendall(step)
            elif isinstance(step, Pause):
                due = (due if step.steady else time.monotonic()) + step.seconds
                self._wait_until(due)
            else:
                self._end(step)
                return False
        return answer.framing != "close" and request.headers.get("connection") != "close"

    def interrupt(self) -> None:
        """Wake this connection's thread, whatever it is waiting for."""
        if self.is_open:
            with contextlib.suppress(OSError):  # the client may have reset it already
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.is_open = False
        self._reader.close()
        self._socket.close()

    def _read_headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        while line := self._read_line():
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return headers

    def _read_body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self._read_exactly(int(headers.get("content-length", "0")))
        chunks = []
        while size := int(self._read_line(), 16):
            chunks.append(self._read_exactly(size))
            self._read_line()
        self._read_line()
        return b"".join(chunks)

    def _read_line(self) -> bytes:
        line = self._reader.readline()
        if not line:
            raise ClientLeftError
        return line.rstrip(b"\r\n")

    def _read_exactly(self, size: int) -> bytes:
        data = self._reader.read(size)
        if len(data) < size:
            raise ClientLeftError
        return data

    def _wait_until(self, due: float) -> None:
        while (left := due - time.monotonic()) > 0:
            readable, _, _ = select.select([self._socket], [], [], min(left, 60))
            if readable and not self._socket.recv(1, socket.MSG_PEEK):
                raise ClientLeftError
            if readable:  # the next request has arrived: it can wait
                time.sleep(min(left, 0.01))

    def _end(self, ending: Ending) -> None:
        if ending is Ending.HOLD:
            self._wait_until(float("inf"))
        elif ending is Ending.RESET:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Scripted = Answer | Callable[[Request], Answer]


class WireServer:
    """A server on loopback that runs during the `with` block.

    Invalid requests (an unknown path, no `Authorization`, or a token other than `api_token`) are
    refused as by Cloudflare, and do not consume the script.
    """

    def __init__(self, *, port: int = 0, api_token: str | None = None) -> None:
        self.requests: list[Request] = []
        """All requests except control requests, in order."""
        self.closed_by_client: list[ClosedByClient] = []
        self._api_token = api_token
        self._scripts: dict[str, list[Scripted]] = {"run": [as_asked(3, 1000)], "search": [found()]}
        self._connections: list[Connection] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._stopping = False
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.base_url = f"{self.origin}/client/v4"
        self._acceptor = threading.Thread(target=self._accept, name="wire server", daemon=True)

    def __enter__(self) -> Self:
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping = True
        self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        with self._lock:
            for connection in self._connections:
                connection.interrupt()
        for thread in self._threads:
            thread.join()

    def script(self, *answers: Scripted) -> None:
        """Set the answers to the next model calls, one each; the last answer repeats."""
        self._set_script("run", answers)

    def script_search(self, *answers: Scripted) -> None:
        """Set the answers to the next catalog searches, which is how a token is checked."""
        self._set_script("search", answers)

    def clear(self) -> None:
        """Clear the requests and closings so far."""
        with self._lock:
            self.requests.clear()
            self.closed_by_client.clear()

    @property
    def connections(self) -> int:
        """The number of accepted connections, except those of control requests."""
        return len(self._own_connections())

    @property
    def open_connections(self) -> int:
        return sum(connection.is_open for connection in self._own_connections())

    def until(self, condition: Callable[[Self], bool], seconds: float = 2.0) -> bool:
        """Wait until the condition holds; return False on timeout."""
        deadline = time.monotonic() + seconds
        while not condition(self):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def _own_connections(self) -> list[Connection]:
        with self._lock:
            return [c for c in self._connections if not c.is_control]

    def _set_script(self, kind: str, answers: Sequence[Scripted]) -> None:
        if not answers:
            raise ValueError("A script needs at least one answer.")
        with self._lock:
            self._scripts[kind] = list(answers)

    def _accept(self) -> None:
        while not self._stopping:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                connection = Connection(len(self._connections) + 1, sock)
                self._connections.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: Connection) -> None:
        answering = left = False
        try:
            while request := connection.read_request():
                answering = True
                if not connection.play(self._answer(connection, request), request):
                    break
                answering = False
            else:
                left = True
        except (ClientLeftError, ConnectionError):
            left = True
        finally:
            self._closed(connection, left=left, mid_answer=answering)

    def _closed(self, connection: Connection, *, left: bool, mid_answer: bool) -> None:
        with self._lock:
            connection.close()
            if left and not self._stopping and not connection.is_control:
                closing = ClosedByClient(connection.number, time.monotonic(), mid_answer)
                self.closed_by_client.append(closing)

    def _answer(self, connection: Connection, request: Request) -> Answer:
        if request.path.startswith("/__"):
            connection.is_control = True
            return self._control(request)
        with self._lock:
            self.requests.append(request)
        refused = self._refuse(request)
        if refused is not None:
            return refused
        scripted = self._next("run" if request.method == "POST" else "search")
        return scripted if isinstance(scripted, Answer) else scripted(request)

    def _refuse(self, request: Request) -> Answer | None:
        if RUN.fullmatch(request.path):
            allowed = "POST"
        elif SEARCH.fullmatch(request.path):
            allowed = "GET"
        else:
            return Failure.status(code=7003)
        if request.method != allowed:
            message = f"{request.method} not supported for requested URI."
            return Failure.status(code=7001, message=message)
        scheme, _, api_token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not api_token:
            return Failure.status(code=9106)
        wrong = self._api_token is not None and api_token != self._api_token
        return Failure.status(code=10000) if wrong else None

    def _next(self, kind: str) -> Scripted:
        with self._lock:
            script = self._scripts[kind]
            return script.pop(0) if len(script) > 1 else script[0]

    def _control(self, request: Request) -> Answer:
        match request.method, request.path:
            case "POST", "/__script__":
                return self._control_script(request)
            case "GET", "/__requests__":
                return Answer.document(self._described())
            case "DELETE", "/__requests__":
                self.clear()
                return Answer.document({})
        return Answer.document({"error": "no such control"}, 404)

    def _control_script(self, request: Request) -> Answer:
        try:
            for kind, answers in request.json().items():
                self._scripts[kind]  # refuses a kind that does not exist
                self._set_script(kind, [answer_from(calls) for calls in answers])
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            return Answer.document({"error": f"{type(error).__name__}: {error}"}, 400)
        return Answer.document({})

    def _described(self) -> dict[str, Any]:
        with self._lock:
            requests = [request.described() for request in self.requests]
            closings = [closing._asdict() for closing in self.closed_by_client]
        counts = {"connections": self.connections, "open_connections": self.open_connections}
        return {"requests": requests, "closed_by_client": closings, **counts}


def as_json(value: object) -> bytes:
    """Encode as UTF-8, or entirely as \\u escapes if there is a lone surrogate."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def event(value: object) -> bytes:
    return b"data: %b\n\n" % as_json(value)


def usage(tokens: int = 3) -> dict[str, int]:
    return {"prompt_tokens": 12, "completion_tokens": tokens, "total_tokens": 12 + tokens}


def padding(number: int) -> str:
    """Return the padding that hides the length of a token; clients ignore it (wire.md 2)."""
    alphabet = "abdefghijklmnoprstuvxyz1234567890"
    return (alphabet * 2)[: 5 + number * 17 % 50]


def word(number: int) -> str:
    line_end = "\n\n" if number % 60 == 59 else ""
    return f"{' ' if number % 60 else ''}word{number}{line_end}"


def openai_event(
    number: int, delta: object, finish_reason: str | None, counted: object
) -> dict[str, Any]:
    choice = {"delta": delta, "finish_reason": finish_reason, "index": 0, "logprobs": None}
    matched = {"matched_stop": None if finish_reason is None else 106}
    about = {"created": 1791402526, "id": "f962", "model": MODEL, "object": "chat.completion.chunk"}
    return {"choices": [{**choice, **matched}], **about, "p": padding(number), "usage": counted}


def found() -> Answer:
    """Answer like a catalog that has the page's model (wire.md 7.5)."""
    task = {"id": "c329a1f9", "name": "Text Generation", "description": "Generates text."}
    properties = [{"property_id": "context_window", "value": "80000"}]
    model = {"id": "a1b2", "source": 1, "name": MODEL, "description": "", "task": task, "tags": []}
    return Answer.result([{**model, "properties": properties}])


def as_asked(tokens: int, rate: float) -> Callable[[Request], Answer]:
    """Answer with that many words, streamed if the request asks for it, otherwise in one piece."""

    def answer(request: Request) -> Answer:
        if request.json().get("stream"):
            return Answer.words(tokens, rate)
        text = "".join(word(i) for i in range(tokens))
        return Answer.json(text, tokens=tokens).after(tokens / rate)

    return answer


def answer_from(calls: Sequence[tuple[str, Mapping[str, Any]]]) -> Answer:
    """Build an answer from JSON: `[["Failure.html", {"status": 502}], ["after", {"seconds": 1}]]`.

    The first call names a factory, `Answer.x` or `Failure.x`; the others are methods of its result.
    """
    (factory, arguments), *changes = calls
    owner, _, name = factory.partition(".")
    answer = getattr({"Answer": Answer, "Failure": Failure}[owner], name)(**arguments)
    for name, arguments in changes:
        answer = getattr(answer, name)(**arguments)
    if not isinstance(answer, Answer):
        raise TypeError(f"{calls} does not make an answer")
    return answer


def main() -> None:
    """Serve until interrupted, and print the base URL."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free port")
    parser.add_argument("--tokens", type=int, default=100, help="length of each answer")
    parser.add_argument("--rate", type=float, default=50, help="tokens per second")
    options = parser.parse_args()
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    with WireServer(port=options.port) as server:
        server.script(as_asked(options.tokens, options.rate))
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        signal.sigwait(signals)


if __name__ == "__main__":
    main()
