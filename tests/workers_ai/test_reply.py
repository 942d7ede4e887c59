"""Replies: an answer that continues in its own thread, whoever views it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import httpx
import pytest

from tests.wire_server import Answer, Failure, WireServer, event
from workers_ai import (
    APIConnectionError,
    ChatRequest,
    Client,
    Cloudflare,
    RateLimitError,
    Reply,
    ResponseError,
    Snapshot,
    parse_request,
)

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}], "stream": True})
DONE = b"data: [DONE]\n\n"
SOON = 5.0
"""Seconds. Nothing here takes that long; a longer wait has hung."""


class Script(httpx.BaseTransport):
    """A transport that answers with what a function yields."""

    def __init__(self, body: Callable[[], Iterator[bytes]], status: int = 200) -> None:
        self.body = body
        self.status = status
        self.requests: list[bytes] = []
        self.closed = threading.Event()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request.read())
        return httpx.Response(self.status, stream=_Body(self))


class _Body(httpx.SyncByteStream):
    def __init__(self, script: Script) -> None:
        self.script = script

    def __iter__(self) -> Iterator[bytes]:
        yield from self.script.body()

    def close(self) -> None:
        self.script.closed.set()


@dataclass(frozen=True)
class Scripted:
    """A backend with such a transport."""

    script: Script = field(compare=False)
    label: str = "Scripted"
    model: str = "@cf/a/b"
    base_url: str = "http://scripted.invalid"
    account_url: str = "http://scripted.invalid/accounts/x"
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()

    def transport(self) -> httpx.BaseTransport:
        return self.script


def reply_to(
    body: Callable[[], Iterator[bytes]], on_end: Callable[[Snapshot], None] | None = None
) -> Reply:
    client = Client(Scripted(Script(body)), first_backoff=0.01)
    return Reply(client, HELLO, on_end=on_end)


def text_events(*texts: str) -> list[bytes]:
    return [event({"response": text}) for text in texts]


def last_of(reply: Reply) -> Snapshot:
    *_, last = reply.updates()
    return last


class Gate:
    """A gate at which a scripted body waits for the test."""

    def __init__(self) -> None:
        self._steps = threading.Semaphore(0)

    def open(self) -> None:
        self._steps.release()

    def wait(self) -> None:
        assert self._steps.acquire(timeout=SOON)


def gated(gate: Gate, pieces: list[bytes]) -> Callable[[], Iterator[bytes]]:
    def body() -> Iterator[bytes]:
        for piece in pieces:
            gate.wait()
            yield piece

    return body


# The progress of a reply


def test_a_reply_grows_and_ends() -> None:
    gate = Gate()
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    pieces = [*text_events("Hel", "lo"), event({"response": "", "usage": usage}), DONE]
    reply = reply_to(gated(gate, pieces)).start()
    assert reply.snapshot().finish is None
    seen = reply.snapshot()
    for expected in ("Hel", "Hello"):
        gate.open()
        assert reply.wait(seen.version, SOON)
        seen = reply.snapshot()
        assert (seen.text, seen.finish) == (expected, None)
    gate.open()
    gate.open()

    last = last_of(reply)
    assert (last.text, last.finish, last.error) == ("Hello", "done", None)
    assert last.usage is not None
    assert last.usage.completion_tokens == 2
    assert last.first_text is not None
    assert 0 <= last.first_text <= last.seconds


def test_the_clock_of_a_reply_stops_with_it() -> None:
    reply = reply_to(lambda: iter([*text_events("Hi"), DONE])).start()
    first = last_of(reply)
    time.sleep(0.03)

    assert reply.snapshot() == first


def test_a_snapshot_does_not_change() -> None:
    gate = Gate()
    reply = reply_to(gated(gate, [*text_events("a", "b"), DONE])).start()
    gate.open()
    assert reply.wait(0, SOON)
    early = reply.snapshot()
    gate.open()
    gate.open()
    last_of(reply)

    assert (early.text, early.finish) == ("a", None)
    with pytest.raises(AttributeError):
        early.text = "b"  # type: ignore[misc]


def test_waiting_for_nothing_new_ends_when_the_time_is_up() -> None:
    gate = Gate()
    reply = reply_to(gated(gate, [DONE])).start()
    version = reply.snapshot().version
    began = time.monotonic()

    assert not reply.wait(version, 0.05)
    assert 0.04 < time.monotonic() - began < 1
    gate.open()
    assert last_of(reply).finish == "done"


def test_a_reply_starts_only_once() -> None:
    reply = reply_to(lambda: iter([DONE])).start()
    last_of(reply)

    with pytest.raises(RuntimeError):
        reply.start()


def test_many_watch_and_all_see_the_whole() -> None:
    gate = Gate()
    texts = [f"{number} " for number in range(30)]
    reply = reply_to(gated(gate, [*text_events(*texts), DONE]))
    seen: list[list[Snapshot]] = [[], []]

    def watch(snapshots: list[Snapshot]) -> None:
        snapshots.extend(reply.updates())

    watchers = [threading.Thread(target=watch, args=(snapshots,)) for snapshots in seen]
    reply.start()
    for watcher in watchers:
        watcher.start()
    for _ in range(len(texts) + 1):
        gate.open()
    for watcher in watchers:
        watcher.join(SOON)

    for snapshots in seen:
        assert snapshots[-1].text == "".join(texts)
        assert [s.finish for s in snapshots[:-1]] == [None] * (len(snapshots) - 1)
        assert snapshots[-1].finish == "done"
        versions = [s.version for s in snapshots]
        assert versions == sorted(set(versions))
        assert all(snapshots[-1].text.startswith(s.text) for s in snapshots)


def test_late_viewers_see_the_end_immediately() -> None:
    reply = reply_to(lambda: iter([*text_events("Hi"), DONE])).start()
    last_of(reply)

    assert [s.text for s in reply.updates()] == ["Hi"]


# How it ends


def test_on_end_is_called_once_with_the_last_snapshot() -> None:
    calls: list[tuple[Snapshot, str]] = []
    ended = threading.Event()

    def on_end(snapshot: Snapshot) -> None:
        calls.append((snapshot, threading.current_thread().name))
        ended.set()

    reply = reply_to(lambda: iter([*text_events("Hi"), DONE]), on_end).start()
    assert ended.wait(SOON)
    reply.stop()
    reply.stop()
    reply._thread.join(SOON)

    [(snapshot, thread)] = calls
    assert snapshot == reply.snapshot()
    assert (snapshot.text, snapshot.finish) == ("Hi", "done")
    assert thread != threading.current_thread().name


def test_on_end_is_called_once_for_a_reply_that_is_stopped() -> None:
    gate = Gate()
    calls: list[Snapshot] = []
    reply = reply_to(gated(gate, [*text_events("a", "b", "c"), DONE]), calls.append).start()
    gate.open()
    assert reply.wait(0, SOON)
    reply.stop()
    assert reply.snapshot().finish == "stopped"
    for _ in range(4):
        gate.open()
    reply._thread.join(SOON)

    assert [(s.text, s.finish) for s in calls] == [("a", "stopped")]
    assert reply.snapshot().text == "a"


def test_an_error_keeps_the_text_that_came_before() -> None:
    report = event({"errors": [{"code": 3040, "message": "Capacity exceeded"}]})
    last = last_of(reply_to(lambda: iter([*text_events("Half"), report])).start())

    assert (last.text, last.finish) == ("Half", "error")
    assert isinstance(last.error, RateLimitError)
    assert last.error.partial == "Half"


def test_a_line_that_breaks_is_an_error_and_not_an_end() -> None:
    def body() -> Iterator[bytes]:
        yield from text_events("Half")
        raise httpx.ReadError("broken pipe")

    last = last_of(reply_to(body).start())
    assert (last.text, last.finish) == ("Half", "error")
    assert isinstance(last.error, APIConnectionError)


def test_a_fault_of_our_own_ends_the_reply_and_is_not_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def body() -> Iterator[bytes]:
        yield from text_events("Half")
        raise ZeroDivisionError("our own fault")

    caught: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", caught.append)
    calls: list[Snapshot] = []
    reply = reply_to(body, calls.append).start()
    last = last_of(reply)
    reply._thread.join(SOON)

    assert (last.text, last.finish) == ("Half", "error")
    assert isinstance(last.error, ResponseError)
    assert "our own fault" not in last.error.message
    assert [args.exc_type for args in caught] == [ZeroDivisionError]
    assert [snapshot.finish for snapshot in calls] == ["error"]


def test_an_on_end_that_fails_does_not_take_the_answer_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def on_end(snapshot: Snapshot) -> None:
        raise OSError("disk full")

    caught: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", caught.append)
    reply = reply_to(lambda: iter([*text_events("Hi"), DONE]), on_end).start()
    reply._thread.join(SOON)

    assert (reply.snapshot().text, reply.snapshot().finish) == ("Hi", "done")
    assert [args.exc_type for args in caught] == [OSError]


# Over real sockets


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer() as running:
        yield running


@pytest.fixture
def client(server: WireServer) -> Iterator[Client]:
    backend = Cloudflare("0" * 32, "cfut_made-up", base_url=server.base_url)
    with Client(backend, first_backoff=0.01) as running:
        yield running


WHERE: dict[str, tuple[Answer, int]] = {
    "before the first byte": (Answer.stream(["late"]).after(30), 0),
    "after the head": (Answer.stream(["late"]).broken(0, "hold"), 1),
    "amid the text": (Answer.stream(["Half", " a", " word"]).broken(2, "hold"), 3),
    "during an unstreamed answer": (Answer.json("late").broken(0, "hold"), 1),
}
"""By name: the answer, and how often the server has written when it goes silent."""


@pytest.mark.parametrize("name", WHERE)
def test_stop_closes_the_connection_within_a_second(
    server: WireServer, client: Client, name: str
) -> None:
    answer, writes = WHERE[name]
    server.script(answer)
    reply = Reply(client, HELLO).start()
    assert server.until(lambda s: bool(s.requests) and len(s.requests[0].sent) == writes)
    if writes == 3:
        assert reply.wait(1, SOON)
    stopped = time.monotonic()
    reply.stop()
    assert reply.snapshot().finish == "stopped"

    assert server.until(lambda s: bool(s.closed_by_client), 1)
    assert server.closed_by_client[0].time - stopped < 1
    assert server.closed_by_client[0].mid_answer
    assert reply.snapshot().text == ("Half a" if writes == 3 else "")
    reply._thread.join(SOON)
    assert not reply._thread.is_alive()
    assert len(server.requests) == 1


def test_stop_ends_the_wait_before_a_retry(server: WireServer, client: Client) -> None:
    server.script(Failure.status(code=3021, retry_after=30))
    reply = Reply(client, HELLO).start()
    assert server.until(lambda _: bool(reply.trace.attempts))
    reply.stop()
    reply._thread.join(1)

    assert not reply._thread.is_alive()
    assert len(server.requests) == 1
    assert reply.snapshot().error is None


def test_stop_before_the_start_sends_nothing(server: WireServer, client: Client) -> None:
    reply = Reply(client, HELLO)
    reply.stop()
    reply.start()
    reply._thread.join(SOON)

    assert reply.snapshot().finish == "stopped"
    assert server.requests == []


def test_retries_are_reported_while_they_happen(server: WireServer, client: Client) -> None:
    again = Failure.status(code=3040, retry_after=0.01)
    server.script(again, Failure.html(502), Answer.stream(["Fine"]))
    reply = Reply(client, HELLO).start()
    last = last_of(reply)

    assert (last.text, last.finish) == ("Fine", "done")
    attempts = reply.trace.attempts
    assert [attempt.status_code for attempt in attempts] == [429, 502]
    assert attempts[0].wait == 0.01
    assert "Capacity" in attempts[0].error
    assert len(server.requests) == 3


def test_what_went_over_the_wire_is_on_record_without_the_token(
    server: WireServer, client: Client
) -> None:
    reply = Reply(client, HELLO).start()
    last_of(reply)

    trace = reply.trace
    assert trace.request_body == server.requests[0].body
    assert trace.url == f"{server.origin}{server.requests[0].path}"
    assert trace.status_code == 200
    assert trace.response_body.endswith(DONE)
    assert "cfut_made-up" not in repr(trace)
    assert server.requests[0].headers["authorization"] == "Bearer cfut_made-up"


def test_a_request_that_asks_for_no_stream_is_sent_without(
    server: WireServer, client: Client
) -> None:
    request = parse_request({"messages": [{"role": "user", "content": "Hello"}]})
    assert isinstance(request, ChatRequest)
    server.script(Answer.json("Whole", tokens=9))
    last = last_of(Reply(client, request).start())

    assert (last.text, last.finish) == ("Whole", "done")
    assert "stream" not in server.requests[0].json()
