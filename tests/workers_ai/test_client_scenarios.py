"""The client against a server that answers, fails, stalls and disconnects, over real sockets."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.wire_server import Answer, Ending, Failure, Request, WireServer, event
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    Chunk,
    Client,
    Cloudflare,
    ContextWindowError,
    ModelUnavailableError,
    QuotaError,
    RateLimitError,
    ResponseError,
    Stop,
    WorkersAIError,
    parse_request,
)
from workers_ai.call_trace import CallTrace

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})
API_TOKEN = "cfut_made-up-canary-7261"
WORDS = ["Grüße", " 🙂", ",\n", "", " wörld", "\u2028", " 5", "!"]
TEXT = "".join(WORDS)


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(api_token=API_TOKEN) as running:
        yield running


def client_of(server: WireServer, **limits: Any) -> Client:
    return client_at(server.base_url, **limits)


def client_at(base_url: str, **limits: Any) -> Client:
    backend = Cloudflare("0" * 32, API_TOKEN, base_url=base_url)
    limits = {"read_timeout": 5.0, "connect_timeout": 5.0, "first_backoff": 0.01, **limits}
    return Client(backend, max_retries=2, **limits)


def call(client: Client, *, stream: bool) -> tuple[str, Chunk]:
    """Return the text and the last chunk."""
    if not stream:
        whole = client.run(HELLO)
        last = Chunk("", whole.usage, whole.tool_calls, whole.finish, whole.damaged)
        return whole.text, last
    chunks = list(client.stream(HELLO))
    assert [chunk.finish for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    return "".join(chunk.text for chunk in chunks), chunks[-1]


def failure(server: WireServer, *, stream: bool = True, **limits: Any) -> WorkersAIError:
    """Call and return the error; any other exception fails the test."""
    with client_of(server, **limits) as client, pytest.raises(WorkersAIError) as caught:
        call(client, stream=stream)
    error = caught.value
    assert "\n" not in str(error)
    assert 0 < len(str(error)) <= 1000
    assert API_TOKEN not in f"{error!s} {error!r} {error.partial}"
    return error


# Answers


FORMS = {
    "A": Answer.stream(WORDS),
    "B": Answer.stream_b(WORDS),
    "D": Answer.stream_hybrid(WORDS),
    "E": Answer.stream_openai(WORDS),
}


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("cut", ["events", "whole", "bytes", "randomly"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_cut_anywhere_is_the_same_text(
    server: WireServer, form: str, cut: str, line_end: str
) -> None:
    spelled = FORMS[form].with_comments().with_line_ends(line_end).with_bom()
    cuts = {"events": spelled, "whole": spelled.whole(), "bytes": spelled.cut(1)}
    server.script(cuts.get(cut) or spelled.cut_randomly(seed=len(form + line_end)))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert text == TEXT
    assert (last.finish, last.damaged) == ("done", 0)
    assert last.usage is not None
    assert last.usage.total_tokens == 12 + len(WORDS)


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_the_data_lines_of_one_event_are_joined(
    server: WireServer, line_end: str, size: int
) -> None:
    lines = b'data: {"response":\ndata\ndata:"a"\nid: 7\ndata: }\n\n'
    server.script(Answer.events(lines, {"response": "b"}).with_line_ends(line_end).cut(size))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert (text, last.finish, last.damaged) == ("ab", "done", 0)


@pytest.mark.parametrize("stream", [False, True])
def test_json_is_accepted_whether_a_stream_was_requested_or_not(
    server: WireServer, *, stream: bool
) -> None:
    server.script(Answer.json(TEXT, tokens=8))
    with client_of(server) as client:
        text, last = call(client, stream=stream)

    assert (text, last.finish) == (TEXT, "done")
    assert server.requests[0].json().get("stream", False) is stream


def test_numbers_booleans_null_and_objects_are_text(server: WireServer) -> None:
    server.script(Answer.stream(["a", 4, 0, 2.5, True, False, None, {"k": [1]}, "z"]))
    with client_of(server) as client:
        text, _ = call(client, stream=True)

    assert text == 'a402.5truefalse{"k":[1]}z'


def test_a_claimed_charset_is_not_believed(server: WireServer) -> None:
    latin = {"Content-Type": "text/event-stream; charset=iso-8859-1"}
    server.script(Answer.stream(WORDS).with_headers(latin))
    with client_of(server) as client:
        assert call(client, stream=True)[0] == TEXT


def test_surrogates_are_joined_or_replaced_and_can_always_be_encoded(server: WireServer) -> None:
    server.script(Answer.stream(["\ud83d", "\ude42", "a", "\ud83d", "b", "\udc00"]))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert text == "🙂a\ufffdb\ufffd"
    assert last.finish == "done"


def test_bytes_that_are_not_utf8_are_replaced(server: WireServer) -> None:
    server.script(Answer.events(b'data: {"response":"a\xff\xc3b"}\n\n', {"response": "c"}))
    with client_of(server) as client:
        text, _ = call(client, stream=True)

    assert (text[0], text[-2:]) == ("a", "bc")
    assert "\ufffd" in text


def test_damaged_events_are_counted_and_cost_nothing_else(server: WireServer) -> None:
    deep = b"data: " + b"[" * 100_000 + b"\n\n"
    digits = b'data: {"response":' + b"9" * 5000 + b"}\n\n"
    garbage = (b"data: {oops\n\n", b"data: 7\n\n", deep, digits, b"event: x\n\n", b"nonsense\n\n")
    server.script(Answer.events({"response": "a"}, *garbage, {"response": "b"}))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert (text[0], text[-1]) == ("a", "b")
    assert last.finish == "done"
    assert 3 <= last.damaged <= 4


def test_a_stream_that_ends_without_done_ended_early(server: WireServer) -> None:
    server.script(Answer.stream(["a", "b"], done=False))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert (text, last.finish) == ("ab", "ended_early")
    assert len(server.requests) == 1


def test_a_finish_reason_replaces_done(server: WireServer) -> None:
    choices = [{"delta": {"content": "b"}, "finish_reason": "length"}]
    server.script(Answer.events({"response": "a"}, {"choices": choices}, done=False))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert (text, last.finish) == ("ab", "length")


def test_done_ends_the_reply_though_the_line_stays_open(server: WireServer) -> None:
    server.script(Answer.stream(["all"]).held())
    start = time.monotonic()
    with client_of(server) as client:
        text, last = call(client, stream=True)
        assert time.monotonic() - start < 1

    assert (text, last.finish) == ("all", "done")
    assert server.until(lambda s: s.open_connections == 0)


def test_whole_tool_calls_arrive_exactly(server: WireServer) -> None:
    calls = [
        {"name": "add", "arguments": {"a": 1, "b": [None, "ü"]}},
        {"name": "add", "arguments": '{"a": 2}'},
        {"id": "x", "type": "function", "function": {"name": "now", "arguments": "{}"}},
    ]
    server.script(Answer.stream_calls(calls))
    with client_of(server) as client:
        _, last = call(client, stream=True)

    assert [(c.name, c.arguments) for c in last.tool_calls] == [
        ("add", {"a": 1, "b": [None, "ü"]}),
        ("add", {"a": 2}),
        ("now", {}),
    ]
    assert len({c.id for c in last.tool_calls}) == 3


@pytest.mark.parametrize(
    ("fragments", "arguments"),
    [
        (['{"a": 1', ', "b": ', "2}"], {"a": 1, "b": 2}),
        (['{"a": 1', ", oops"], '{"a": 1, oops'),
        ([{"a": 1}], {"a": 1}),
    ],
)
def test_fragments_of_a_tool_call_are_joined(
    server: WireServer, fragments: list[object], arguments: object
) -> None:
    server.script(Answer.stream_fragments("calculator", fragments, call_id="tool-7").cut(1))
    with client_of(server) as client:
        _, last = call(client, stream=True)

    (made,) = last.tool_calls
    assert (made.name, made.arguments, made.id) == ("calculator", arguments, "tool-7")


# Failures before any text


FAILURES: dict[str, tuple[Answer, type[WorkersAIError], int | None, int | None, int]] = {
    "wrong token": (Failure.status(code=10000), AuthenticationError, 401, 10000, 1),
    "wrong account": (Failure.status(403, code=10000), AuthenticationError, 403, 10000, 1),
    "no token": (Failure.status(code=9106), AuthenticationError, 400, 9106, 1),
    "bad account id": (Failure.status(code=7003), AuthenticationError, 404, 7003, 1),
    "model not allowed": (Failure.status(code=5018), ModelUnavailableError, 403, 5018, 1),
    "model retired": (Failure.status(code=5028), ModelUnavailableError, 410, 5028, 1),
    "model unknown": (Failure.status(code=5007), ModelUnavailableError, 400, 5007, 1),
    "window": (Failure.status(code=5021), ContextWindowError, 413, 5021, 1),
    "too large": (Failure.status(code=3006), APIStatusError, 413, 3006, 1),
    "bad body": (Failure.status(code=5006), APIStatusError, 400, 5006, 1),
    "unprocessable": (Failure.openai(422), APIStatusError, 422, None, 1),
    "per minute": (Failure.status(code=3021), RateLimitError, 429, 3021, 3),
    "no capacity": (Failure.status(code=3040), RateLimitError, 429, 3040, 3),
    "bare 429": (Failure.empty(429), RateLimitError, 429, None, 3),
    "allowance": (Failure.status(code=3036), QuotaError, 429, 3036, 1),
    "allowance, old code": (Failure.status(code=4006), QuotaError, 429, 4006, 1),
    "upstream": (Failure.status(code=7009), APIStatusError, 502, 7009, 3),
    "page 500": (Failure.html(500), APIStatusError, 500, None, 3),
    "page 502": (Failure.html(502), APIStatusError, 502, None, 3),
    "page 503": (Failure.html(503), APIStatusError, 503, None, 3),
    "empty 500": (Failure.empty(500), APIStatusError, 500, None, 3),
    "page 404": (Failure.html(404), APIStatusError, 404, None, 1),
    "200, not allowed": (Failure.unsuccessful(5018), ModelUnavailableError, 200, 5018, 1),
    "200, bad body": (Failure.unsuccessful(5006), APIStatusError, 200, 5006, 1),
    "gateway": (Failure.gateway(), AuthenticationError, 401, 2009, 1),
    "relayed": (Failure.relayed(5006), APIStatusError, 400, 5006, 1),
    "relayed limit": (Failure.relayed(3021), RateLimitError, 429, 3021, 3),
    "wrapped": (Failure.wrapped(), APIStatusError, 400, 8007, 1),
    "openai": (Failure.openai(401), AuthenticationError, 401, None, 1),
    "empty": (Failure.empty(), ResponseError, None, None, 1),
    "portal": (Failure.portal(), ResponseError, None, None, 1),
    "array": (Answer.document([1]), ResponseError, None, None, 1),
    "deep": (Answer.of(b"[" * 100_000), ResponseError, None, None, 1),
    "other": (Answer.document({"hello": 1}), ResponseError, None, None, 1),
}
"""By name: answer, error class, status, code, number of requests."""


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", FAILURES)
def test_each_failure_is_its_class_after_the_right_number_of_requests(
    server: WireServer, name: str, *, stream: bool
) -> None:
    answer, kind, status, code, requests = FAILURES[name]
    server.script(answer)
    error = failure(server, stream=stream)

    assert type(error) is kind
    if status is not None:
        assert (error.status_code, error.code) == (status, code)
    assert len(server.requests) == requests


def test_a_server_that_timed_out_is_retried_at_most_once(server: WireServer) -> None:
    server.script(Failure.status(code=3046))

    assert type(failure(server)) is APIStatusError
    assert len(server.requests) == 2


def test_the_allowance_is_known_by_its_message_too(server: WireServer) -> None:
    server.script(Failure.gateway(429, 1, "you have used up your daily free allocation of 10,000"))

    assert type(failure(server)) is QuotaError
    assert len(server.requests) == 1


def test_the_message_of_the_engine_is_unwrapped(server: WireServer) -> None:
    server.script(Failure.wrapped("max_tokens must be at least 1, got 0."))
    message = str(failure(server))

    assert "max_tokens must be at least 1, got 0." in message
    assert "{" not in message


def test_a_failure_that_passes_is_not_seen(server: WireServer) -> None:
    server.script(Failure.html(503), Failure.status(code=3040), Answer.stream(["fine"]))
    with client_of(server) as client:
        text, last = call(client, stream=True)

    assert (text, last.finish) == ("fine", "done")
    bodies = {request.body for request in server.requests}
    assert len(server.requests) == 3
    assert len(bodies) == 1


def test_only_the_answer_that_counts_is_recorded_and_raw(server: WireServer) -> None:
    server.script(Failure.status(code=3021, retry_after=0), Answer.json("fine"))
    trace = CallTrace()
    with client_of(server) as client:
        answer = client.run(HELLO, trace=trace)
    assert answer.text == "fine"
    assert answer.raw["result"]["response"] == "fine"
    assert b"rate limiting" not in trace.response_body
    assert [attempt.status_code for attempt in trace.attempts] == [429]


def test_a_failure_of_the_model_list_is_redacted_too(server: WireServer) -> None:
    server.script_search(Failure.status(200, code=10000, message=f"Bad token {API_TOKEN}"))
    with client_of(server) as client, pytest.raises(AuthenticationError) as raised:
        client.models()
    assert API_TOKEN not in str(raised.value)


def test_an_error_that_echoes_the_token_is_redacted(server: WireServer) -> None:
    server.script(
        Failure.openai(401, f"Bad header Authorization: Bearer {API_TOKEN} ({API_TOKEN})")
    )

    assert "Bad header" in str(failure(server))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: WireServer, status: int) -> None:
    with WireServer() as other:
        server.script(Failure.redirect(f"{other.origin}{'/client/v4/anything'}", status))
        error = failure(server)

        assert type(error) is ResponseError
        assert len(server.requests) == 1
        assert (other.requests, other.connections) == ([], 0)


@pytest.mark.parametrize("location", ["http://[", "//:bad:port", "http://a:999999/", "\x7f"])
def test_a_redirect_to_nowhere_is_the_same_error(server: WireServer, location: str) -> None:
    server.script(Failure.redirect(location))

    assert type(failure(server)) is ResponseError


# Retry-After


def gaps(server: WireServer) -> list[float]:
    return [b.time - a.time for a, b in pairwise(server.requests)]


def test_retry_after_in_seconds_is_obeyed(server: WireServer) -> None:
    server.script(Failure.status(code=3021, retry_after=0.4), Answer.stream(["ok"]))
    with client_of(server) as client:
        assert call(client, stream=True)[0] == "ok"

    assert 0.4 <= gaps(server)[0] < 0.8


def test_retry_after_as_a_date_is_obeyed(server: WireServer) -> None:
    then = datetime.now(UTC) + timedelta(seconds=2)
    server.script(
        Failure.status(code=3021, retry_after=format_datetime(then, usegmt=True)),
        Answer.stream(["ok"]),
    )
    with client_of(server) as client:
        assert call(client, stream=True)[0] == "ok"

    assert 0.8 < gaps(server)[0] < 2.5


@pytest.mark.parametrize(
    "retry_after", ["soon", "", "-5", "nan", "inf", "1e400", "Wed, 99 Foo 2026 26:61:00", "\xff"]
)
def test_an_unreadable_retry_after_changes_nothing(server: WireServer, retry_after: str) -> None:
    server.script(Failure.status(code=3021, retry_after=retry_after))
    error = failure(server)

    assert type(error) is RateLimitError
    assert error.retry_after is None
    assert len(server.requests) == 3
    assert max(gaps(server)) < 0.5


@pytest.mark.parametrize("retry_after", [3600, 10**30])
def test_too_long_a_wait_is_shown_instead_of_waited(server: WireServer, retry_after: int) -> None:
    server.script(Failure.status(code=3021, retry_after=retry_after))
    error = failure(server)

    assert type(error) is RateLimitError
    assert error.retry_after == float(retry_after)
    assert f"{error.retry_after:.0f} s" in str(error)
    assert len(server.requests) == 1


# Lost connections


BREAKS: dict[str, Answer] = {
    "reset": Answer.bare(Ending.RESET),
    "close": Answer.bare(Ending.CLOSE),
    "not http": Answer.bare(b"SSH-2.0-OpenSSH_9.6\r\n", Ending.CLOSE),
    "head cut": Answer.bare(b"HTTP/1.1 200 OK\r\nContent-Ty", Ending.CLOSE),
    "reset after the head": Answer.stream(["x"]).broken(0, "reset"),
    "close after the head": Answer.stream(["x"]).broken(0, "close"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_line_that_breaks_before_any_text_is_tried_three_times(
    server: WireServer, name: str
) -> None:
    server.script(BREAKS[name])

    assert type(failure(server)) is APIConnectionError
    assert len(server.requests) == 3


def test_nobody_listening_is_a_connection_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    start = time.monotonic()
    with client_at(f"http://127.0.0.1:{port}") as client, pytest.raises(WorkersAIError) as caught:
        call(client, stream=True)

    assert type(caught.value) is APIConnectionError
    assert time.monotonic() - start < 2


def test_a_server_that_speaks_no_tls_is_a_connection_error(server: WireServer) -> None:
    url = server.base_url.replace("http:", "https:")
    with client_at(url) as client, pytest.raises(WorkersAIError) as caught:
        call(client, stream=True)

    assert type(caught.value) is APIConnectionError


BREAKS_AFTER_TEXT: dict[str, tuple[Answer, type[WorkersAIError]]] = {
    "reset": (Answer.stream(WORDS).broken(2, "reset"), APIConnectionError),
    "close": (Answer.stream(WORDS).broken(2, "close"), APIConnectionError),
    "torn": (Answer.stream(WORDS).torn(2), APIConnectionError),
    "silence": (Answer.stream(WORDS).broken(2, "hold"), APITimeoutError),
    "errors": (
        Answer.stream(WORDS[:2], done=False)
        .whole()
        .followed(event({"errors": [{"code": 3040, "message": "Capacity exceeded"}]})),
        RateLimitError,
    ),
    "error text": (
        Answer.events({"response": WORDS[0]}, {"response": WORDS[1]}, {"error": "boom"}),
        APIStatusError,
    ),
    "success false": (
        Answer.events({"response": WORDS[0] + WORDS[1]}, {"success": False, "errors": []}),
        APIStatusError,
    ),
    "finish_reason error": (
        Answer.events({"response": WORDS[0] + WORDS[1]}, {"finish_reason": "error"}),
        ResponseError,
    ),
}


@pytest.mark.parametrize("name", BREAKS_AFTER_TEXT)
def test_text_is_kept_and_never_asked_for_twice(server: WireServer, name: str) -> None:
    answer, kind = BREAKS_AFTER_TEXT[name]
    server.script(answer)
    error = failure(server, read_timeout=0.3)

    assert type(error) is kind
    assert error.partial == WORDS[0] + WORDS[1]
    assert len(server.requests) == 1


# Time


@pytest.mark.parametrize("stream", [False, True])
def test_silence_is_ended_by_the_read_timeout(server: WireServer, *, stream: bool) -> None:
    server.script(Answer.bare(Ending.HOLD))
    start = time.monotonic()
    error = failure(server, stream=stream, read_timeout=0.3)

    assert type(error) is APITimeoutError
    assert len(server.requests) == 1
    assert 0.3 <= time.monotonic() - start < 1
    assert server.until(lambda s: s.open_connections == 0)


def test_a_slow_stream_that_moves_is_read_to_its_end(server: WireServer) -> None:
    server.script(Answer.stream(WORDS).paced(0.15))
    with client_of(server, read_timeout=0.4) as client:
        text, last = call(client, stream=True)

    assert (text, last.finish) == (TEXT, "done")


def test_text_is_handed_on_as_it_comes(server: WireServer) -> None:
    server.script(Answer.stream(["a", "b", "c"]).paced(0.2))
    with client_of(server) as client:
        seen = [time.monotonic() for chunk in client.stream(HELLO) if chunk.text]

    written = server.requests[0].sent[1:4]
    assert all(0 <= read - sent < 0.15 for read, sent in zip(seen, written, strict=True))


@pytest.mark.parametrize(
    "answer", [Answer.json("slow").dripped(0.05), Answer.stream(WORDS).dripped(0.05)]
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_dripping_server_is_ended_by_the_total_limit(
    server: WireServer, answer: Answer, *, stream: bool
) -> None:
    server.script(answer)
    start = time.monotonic()
    error = failure(server, stream=stream, read_timeout=0.5, total_timeout=1.0)

    assert type(error) is APITimeoutError
    assert len(server.requests) == 1
    assert 0.9 < time.monotonic() - start < 2


def test_the_total_limit_ends_silence_too(server: WireServer) -> None:
    server.script(Answer.stream(WORDS).broken(2, "hold"))
    start = time.monotonic()
    error = failure(server, read_timeout=20, total_timeout=0.5)

    assert type(error) is APITimeoutError
    assert error.partial == WORDS[0] + WORDS[1]
    assert 0.4 < time.monotonic() - start < 1.5


def test_an_endless_stream_is_ended_by_the_total_limit_and_its_text_kept(
    server: WireServer,
) -> None:
    server.script(Answer.stream(["more "], done=False).paced(0.01).endless())
    start = time.monotonic()
    error = failure(server, total_timeout=1.0)

    assert type(error) is APITimeoutError
    assert error.partial.startswith("more more ")
    assert 0.9 < time.monotonic() - start < 2
    assert server.until(lambda s: s.open_connections == 0)


# Stop


def stopped_after(client: Client, seconds: float) -> tuple[list[Chunk], float]:
    """Call, stop after that many seconds, and return the chunks and how long the end took."""
    stop = Stop()
    set_at: list[float] = []

    def end() -> None:
        set_at.append(time.monotonic())
        stop.set()

    timer = threading.Timer(seconds, end)
    timer.start()
    chunks = list(client.stream(HELLO, stop=stop))
    took = time.monotonic() - set_at[0]
    timer.join()
    return chunks, took


STOPPED: dict[str, tuple[Answer, str]] = {
    "before the head": (Answer.bare(Ending.HOLD), ""),
    "before the first text": (Answer.stream(WORDS).broken(0, "hold"), ""),
    "in silence": (Answer.stream(WORDS).broken(2, "hold"), WORDS[0] + WORDS[1]),
    "waiting to retry": (Failure.status(code=3021, retry_after=30), ""),
    "dripping": (Answer.stream(WORDS).dripped(0.05), ""),
}


@pytest.mark.parametrize("name", STOPPED)
def test_stop_ends_the_request_and_keeps_the_text(server: WireServer, name: str) -> None:
    answer, text = STOPPED[name]
    server.script(answer)
    with client_of(server, read_timeout=20) as client:
        chunks, took = stopped_after(client, 0.3)
        waiting = "waiting" in name  # between two requests, with nothing to close
        assert waiting or server.until(lambda s: s.open_connections == 0)

    assert took < 0.5
    assert "".join(chunk.text for chunk in chunks) == text
    assert chunks[-1].finish == "stopped"
    assert len(server.requests) == 1


def test_stop_amid_flowing_text_ends_it(server: WireServer) -> None:
    server.script(Answer.stream(["more "], done=False).paced(0.02).endless())
    with client_of(server) as client:
        chunks, took = stopped_after(client, 0.3)
        assert server.until(lambda s: s.open_connections == 0)

    assert took < 0.5
    assert chunks[-1].finish == "stopped"
    assert "".join(chunk.text for chunk in chunks).startswith("more more ")


# Connections, memory, threads


def test_leaving_a_stream_closes_its_connection(server: WireServer) -> None:
    server.script(Answer.stream(["more"], done=False).paced(0.01).endless())
    with client_of(server) as client:
        with closing(client.stream(HELLO)) as chunks:  # type: ignore[type-var]
            next(chunks)
        assert server.until(lambda s: s.open_connections == 0)

    assert server.closed_by_client[0].mid_answer


def test_whole_answers_share_one_connection(server: WireServer) -> None:
    server.script(Answer.stream(WORDS))
    with client_of(server) as client:
        for _ in range(5):
            call(client, stream=True)
        assert server.connections == 1

    assert server.until(lambda s: s.open_connections == 0)


def test_connections_do_not_leak_through_failures(server: WireServer) -> None:
    server.script(
        Failure.html(503),
        Failure.status(code=5006),
        Failure.huge(400, 1),
        Answer.flood("<html>", 70, "text/html"),
        Answer.stream(["a", "b"]).broken(1, "reset"),
        Answer.stream(["a", "b"]).torn(1),
        Answer.events({"response": "a"}, {"error": "boom"}, done=False).endless(),
        Answer.stream(["fine"]),
    )
    kept = []  # an error references its frames, and everything that they reference
    with client_of(server) as client:
        for _ in range(7):
            try:
                call(client, stream=True)
            except WorkersAIError as error:
                kept.append(error)
        assert server.until(lambda s: s.open_connections <= 1)

    assert len(kept) == 6
    assert server.until(lambda s: s.open_connections == 0)


MEGABYTES = 600
FLOODS: dict[str, Callable[[], Answer]] = {
    "error": lambda: Failure.huge(500, MEGABYTES),
    "event": lambda: Answer.flood('data: {"response":"', MEGABYTES),
    "JSON": lambda: Answer.flood('{"result":{"response":"', MEGABYTES, "application/json"),
    "page": lambda: Answer.flood("<html>", MEGABYTES, "text/html"),
    "comment": lambda: Answer.flood(": ", MEGABYTES),
    "head": lambda: Answer.bare(b"HTTP/1.1 200 OK\r\nX: ", *[b"x" * 1_000_000] * MEGABYTES),
    "events": lambda: Answer.events(*[event({"response": "x" * 1_000_000})] * MEGABYTES),
    "gzip": lambda: Answer.bomb(MEGABYTES),
    "gzip error": lambda: replace(Answer.bomb(MEGABYTES), status=500),
}
PEAK_RESET = Path("/proc/self/clear_refs")


def peak_megabytes() -> int:
    """Return the peak memory of this process since the last reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.skipif(not PEAK_RESET.exists(), reason="only Linux can reset the peak of memory use")
@pytest.mark.parametrize("name", FLOODS)
def test_no_answer_fills_the_memory(server: WireServer, name: str) -> None:
    server.script(FLOODS[name]())
    PEAK_RESET.write_text("5")
    before = peak_megabytes()
    start = time.monotonic()
    failure(server)

    assert peak_megabytes() - before < 300
    assert time.monotonic() - start < 10


def test_threads_share_a_client_and_get_their_own_answers(server: WireServer) -> None:
    def echo(request: Request) -> Answer:
        content = request.json()["messages"][0]["content"]
        return Answer.stream([content, "!"]).paced(0.01)

    server.script(echo)

    def ask(number: int) -> str:
        question = parse_request({"messages": [{"role": "user", "content": f"n{number}"}]})
        return "".join(chunk.text for chunk in client.stream(question))

    with client_of(server) as client, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(32))) == [f"n{number}!" for number in range(32)]
