"""Inspection of a call: its events, timeline and curl command."""

import html
import json
import re
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import events_of, redact_all_forms, timeline, to_curl
from exports.inspection.events import MOST_EVENTS
from tests.wire_server import Answer, Failure, WireServer
from workers_ai import Client, Cloudflare, Reply, Snapshot, parse_request
from workers_ai.call_trace import LARGEST_RECORD, MOST_TIMED, Attempt, CallTrace

ACCOUNT = "0123456789abcdef" * 2
TOKEN = 'cf/ut+"c&n<ry\\90c1%'
"""Every character in it is escaped somewhere: in JSON, in a URL or in HTML."""

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}], "stream": True})


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    with Client(Cloudflare(ACCOUNT, TOKEN, base_url=server.base_url), first_backoff=0.01) as made:
        yield made


def ended(client: Client) -> tuple[CallTrace, Snapshot]:
    reply = Reply(client, HELLO).start()
    *_, last = reply.updates()
    return reply.trace, last


def came(*pieces: bytes, secrets: tuple[str, ...] = ()) -> CallTrace:
    """Return a trace that received these pieces, a second apart."""
    trace = CallTrace(secrets=secrets)
    for at, piece in enumerate(pieces):
        trace.record(piece)
        trace.received[-1] = (float(at), piece)
    return trace


def run_with_curl(command: str, **variables: str) -> tuple[list[str], str]:
    """Run a command in a POSIX shell where curl only prints its arguments and its input."""
    curl = "curl() { for word; do printf '%s\\0' \"$word\"; done; printf '\\0'; cat; }\n"
    done = subprocess.run(  # noqa: S603 - running it is the point
        ["/bin/sh", "-u", "-c", curl + command], env=variables, capture_output=True, check=True
    )
    words, _, document = done.stdout.decode().partition("\0\0")
    return words.split("\0"), document


# What is recorded


def test_the_body_is_whole_where_more_pieces_came_than_are_timed() -> None:
    trace = CallTrace()
    for number in range(MOST_TIMED + 50):
        trace.record(b"%d," % number)

    assert len(trace.received) == MOST_TIMED
    assert trace.response_body == b"".join(b"%d," % n for n in range(MOST_TIMED + 50))
    assert len(trace.response_body) == trace.size


def test_another_try_forgets_what_the_last_one_brought() -> None:
    trace = CallTrace(status_code=500, response_headers={"a": "b"}, connected=1.0, answered=2.0)
    for _ in range(MOST_TIMED + 1):
        trace.record(b"x")
    trace.restart()

    assert (trace.response_body, trace.size, trace.status_code) == (b"", 0, None)
    assert (trace.response_headers, trace.connected, trace.answered) == ({}, None, None)


def test_recording_costs_less_than_two_microseconds() -> None:
    costs = []
    for _ in range(20):
        trace = CallTrace()
        began = time.perf_counter()
        for _ in range(1_000):
            trace.record(b"data: {}\n\n")
        costs.append((time.perf_counter() - began) / 1_000)

    assert min(costs) < 2e-6


# Events


def test_each_event_has_the_moment_at_which_it_was_whole() -> None:
    found = events_of(came(b'data: {"a"', b": 1}\n", b"\ndata: 2\n\ndata: 3\n\n", b"data: [DONE]"))

    assert [(event.at, event.data) for event in found.events] == [
        (2.0, '{"a": 1}'),
        (2.0, "2"),
        (2.0, "3"),
        (3.0, "[DONE]"),
    ]
    assert found.events[0].size == 8
    assert (found.left_out, found.bytes_left_out) == (0, 0)


@given(st.lists(st.integers(1, 40), max_size=12))
def test_events_are_the_same_however_the_bytes_were_cut(sizes: list[int]) -> None:
    whole = b"".join(b'data: {"response":"%d"}\r\n\r\n' % n for n in range(10))
    pieces, at = [], 0
    for size in sizes:
        pieces.append(whole[at : at + size])
        at += size
    found = events_of(came(*pieces, whole[at:])).events

    assert [event.data for event in found] == [f'{{"response":"{n}"}}' for n in range(10)]
    assert [event.at for event in found] == sorted(event.at or 0 for event in found)


@pytest.mark.parametrize("body", [b'{"result": {}}', b"[1]", b"<html>", b" \n {}", b"", b" \n"])
def test_what_is_not_a_stream_has_no_events(body: bytes) -> None:
    assert events_of(came(body)).events == ()


def test_what_is_left_out_is_reported() -> None:
    trace = CallTrace()
    for _ in range(MOST_TIMED + 7):
        trace.record(b"data: x\n\n")
    trace.record(b"y" * (LARGEST_RECORD + 1))
    found = events_of(trace)

    assert len(found.events) == MOST_EVENTS
    assert found.left_out == 7
    assert found.bytes_left_out == LARGEST_RECORD + 1


def test_an_event_whose_time_was_not_kept_has_none() -> None:
    trace = came(b"data: a\n\n")
    trace.untimed += b"data: b\n\n"

    assert [event.at for event in events_of(trace).events] == [0.0, None]


# The timeline of a call


def test_the_moments_of_a_call_are_in_order(server: WireServer, client: Client) -> None:
    server.script(Answer.stream(["a", "b", "c"]).paced(0.03).after(0.05))
    trace, last = ended(client)
    course = timeline(trace, last)

    assert course.sent is not None
    assert course.connected is not None
    assert course.headers is not None
    assert course.first_text is not None
    assert course.last_text is not None
    assert course.end is not None
    moments = [course.sent, course.connected, course.headers, course.first_text, course.last_text]
    assert [0.0, *moments, course.end] == sorted([0.0, *moments, course.end])
    assert course.headers - course.connected >= 45
    assert course.last_text - course.first_text >= 55
    assert course.end == pytest.approx(last.seconds * 1000, abs=1)


def test_a_reused_connection_is_not_reported_as_new(server: WireServer, client: Client) -> None:
    server.script(Answer.stream(["a"]), Answer.stream(["b"]))
    first, again = CallTrace(), CallTrace()
    list(client.answer(HELLO, trace=first))
    list(client.answer(HELLO, trace=again))

    assert server.connections == 1
    assert timeline(first).connected is not None
    assert timeline(again).connected is None


def test_retries_are_reported_with_their_waits(server: WireServer, client: Client) -> None:
    server.script(Failure.status(429, code=3040, retry_after=0.06), Answer.stream(["a"]))
    trace, last = ended(client)
    course = timeline(trace, last)
    [retry] = course.retries

    assert (retry.status_code, retry.wait) == (429, 60.0)
    assert "Capacity" in retry.error
    assert retry.failed is not None
    assert course.sent is not None
    assert retry.sent < retry.failed
    assert course.sent - retry.failed == pytest.approx(retry.wait, abs=0.01)


def test_a_retry_that_did_not_come_to_be_has_no_end() -> None:
    trace = CallTrace(attempts=[Attempt("Busy", 429, 1.0)], sent=[0.1])

    assert [each.failed for each in timeline(trace).retries] == [None]


def test_a_call_without_a_reply_has_a_course_too() -> None:
    body = [b'data: {"response":"a"}\n\n', b'data: {"response":"b"}\n\n', b"data: [DONE]\n\n"]
    course = timeline(came(*body))

    assert (course.first_text, course.last_text, course.end) == (0.0, 1000.0, 2000.0)


def test_what_did_not_happen_is_none() -> None:
    assert set(timeline(CallTrace())[:-1]) == {None}


def test_a_stream_that_broke_has_the_texts_that_came() -> None:
    course = timeline(came(b'data: {"response":"a"}\n\n', b'data: {"errors":[{"code":3040}]}\n\n'))

    assert (course.first_text, course.last_text) == (0.0, 0.0)


# curl


def test_a_command_makes_the_same_request(server: WireServer, client: Client) -> None:
    trace, _ = ended(client)
    words, document = run_with_curl(to_curl(trace), CLOUDFLARE_API_TOKEN="its value")

    assert trace.url in words
    assert "Authorization: Bearer its value".lower() in [word.lower() for word in words]
    assert "content-type: application/json" in [word.lower() for word in words]
    assert document.removesuffix("\n").encode() == server.requests[0].body
    assert words[-1] == "@-"


@given(st.text(), st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_whatever_was_sent_arrives_and_nothing_is_run(text: str, header: str) -> None:
    body = json.dumps({"prompt": text + "'; touch x; $(id) `id` \\ JSON"}).encode()
    trace = CallTrace("http://a.invalid/{x}[1]'$HOME", {"X-Said": header}, body)
    words, document = run_with_curl(to_curl(trace))

    assert trace.url in words
    assert "--globoff" in words
    assert f"X-Said: {header}" in words
    assert document.removesuffix("\n").encode() == body


def test_a_body_with_a_line_that_could_end_it_is_whole() -> None:
    trace = CallTrace("http://a.invalid/", {}, b"one\nJSON\ntwo\nJSON_\n$HOME")

    assert run_with_curl(to_curl(trace))[1] == "one\nJSON\ntwo\nJSON_\n$HOME\n"


def test_a_secret_is_a_variable_wherever_it_appears() -> None:
    body = json.dumps({"prompt": "It is cfut1, $HOME `id` \\ x"}).encode()
    headers = {"Authorization": "[redacted]", "X-Key": "a [redacted] b", "Cookie": "[redacted]"}
    trace = CallTrace("http://a.invalid/cfut1/run", headers, body, secrets=("cfut1",))
    command = to_curl(trace, "MY_KEY")
    words, document = run_with_curl(command, MY_KEY="cfut1", COOKIE="c=d")

    assert "cfut1" not in command
    assert "http://a.invalid/cfut1/run" in words
    assert {"Authorization: Bearer cfut1", "X-Key: a cfut1 b", "Cookie: c=d"} <= set(words)
    assert document.removesuffix("\n").encode() == body


def test_a_request_without_a_body_has_none() -> None:
    command = to_curl(CallTrace("http://a.invalid/"))

    assert run_with_curl(command) == (["--globoff", "--fail-with-body", "http://a.invalid/"], "")


# Secrets


def written(token: str) -> dict[str, str]:
    """Return the forms in which a token can be written."""
    in_json = json.dumps(token)[1:-1]
    return {
        "bare": token,
        "json": in_json,
        "json with slashes": in_json.replace("/", "\\/"),
        "json in json": json.dumps(in_json)[1:-1],
        "page": html.escape(token),
        "url": quote(token, safe=""),
        "httpx": str(httpx.URL("http://a.invalid").copy_with(path=f"/{token}"))[17:],
        "small url": re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), quote(token, safe="")),
    }


FORMS = written(TOKEN)
TRACES = {*FORMS.values(), "90c1"}
"""The last part of the token is the same in all its forms, and in nothing else."""


def seen_in(*texts: str) -> set[str]:
    return {trace for trace in TRACES for text in texts if trace in text}


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_secret_is_seen(form: str) -> None:
    text = f"x{FORMS[form]}y"
    trace = CallTrace(
        f"http://a.invalid/{text}?{text}={text}",
        {"X-Key": redact_all_forms(text, [TOKEN]), "Authorization": "[redacted]"},
        text.encode(),
        attempts=[Attempt(text, 429, 0.0)],
        sent=[0.0, 0.1],
        status_code=200,
        response_headers={"X-Echo": text, text: "name"},
        secrets=(TOKEN,),
    )
    trace.record(f"data: {text}\n\n".encode())
    events, course = events_of(trace), timeline(trace)

    assert seen_in(to_curl(trace)) == set()
    assert seen_in(repr(events), repr(course)) == set()
    assert seen_in(repr(trace.response_headers)) != set(), "there was something to hide"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [None, 3])
def test_a_token_that_the_server_repeats_is_not_shown(
    server: WireServer, client: Client, form: str, size: int | None
) -> None:
    echo = f'data: {{"response":"Your token is x{FORMS[form]}"}}\n\n'.encode()
    headers = {"X-Echo": FORMS[form], "Set-Cookie": f"t={TOKEN}"}
    answer = Answer.events(echo).with_headers(headers)
    server.script(answer.cut(size) if size else answer)
    trace, last = ended(client)

    assert seen_in(server.requests[0].headers["authorization"]) != set()
    assert seen_in(b"".join(data for _, data in trace.received).decode()) != set()
    assert seen_in(to_curl(trace), repr(events_of(trace))) == set()
    assert seen_in(repr(timeline(trace, last))) == set()
