"""The client with an engine that stalls, breaks or is stopped: as with Cloudflare's own API."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from backends.local.engine_table import EngineKind
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.recordings import NDJSON, OLLAMA_DONE, llama, ndjson, ollama
from tests.wire_server import Answer, Ending, Failure, Request
from workers_ai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    Chunk,
    Client,
    InvalidRequestError,
    Reply,
    ResponseError,
    Stop,
    WorkersAIError,
    parse_request,
)
from workers_ai.address_policy import AddressRule

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})
WORDS = ["Grüße", " 🙂", ",\n", " wörld", "\u2028", " 5", "!"]
TEXT = "".join(WORDS)
BOTH: tuple[EngineKind, ...] = ("llama-server", "ollama")


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        yield running


def story(kind: EngineKind, words: list[str], *, done: bool = True) -> Answer:
    """Answer with one write per word."""
    if kind == "ollama":
        last = [ndjson(ollama({"content": ""}, **OLLAMA_DONE))] if done else []
        lines = [ndjson(ollama({"content": word})) for word in words]
        return Answer((*lines, *last), headers={"Content-Type": NDJSON})
    last_events = [llama({}, "stop")] if done else []
    return Answer.events(*(llama({"content": word}) for word in words), *last_events, done=done)


def text_and_last(client: Client) -> tuple[str, Chunk]:
    chunks = list(client.stream(HELLO))
    return "".join(chunk.text for chunk in chunks), chunks[-1]


def failure(server: EngineServer, kind: EngineKind, **limits: float) -> WorkersAIError:
    with server.client(kind, **limits) as client, pytest.raises(WorkersAIError) as caught:
        text_and_last(client)
    return caught.value


@pytest.mark.parametrize("cut", ["events", "whole", "bytes", "randomly"])
@pytest.mark.parametrize("kind", BOTH)
def test_an_answer_cut_anywhere_is_the_same(
    server: EngineServer, kind: EngineKind, cut: str
) -> None:
    events = story(kind, WORDS)
    cuts = {"events": events, "whole": events.whole(), "bytes": events.cut(1)}
    server.script(cuts.get(cut) or events.cut_randomly(seed=7))
    with server.client(kind) as client:
        text, last = text_and_last(client)

    assert (text, last.finish, last.damaged) == (TEXT, "done", 0)


def test_done_ends_the_reply_though_the_line_stays_open(server: EngineServer) -> None:
    server.script(story("llama-server", WORDS).held())
    start = time.monotonic()
    with server.client("llama-server") as client:
        text, last = text_and_last(client)

    assert time.monotonic() - start < 1
    assert (text, last.finish) == (TEXT, "done")
    assert server.until(lambda s: s.open_connections == 0)


@pytest.mark.parametrize("kind", BOTH)
def test_whole_answers_share_one_connection(server: EngineServer, kind: EngineKind) -> None:
    server.script(story(kind, WORDS))
    with server.client(kind) as client:
        for _ in range(5):
            text_and_last(client)
        assert server.connections == 1

    assert server.until(lambda s: s.open_connections == 0)


@pytest.mark.parametrize("kind", BOTH)
def test_leaving_a_stream_closes_its_connection(server: EngineServer, kind: EngineKind) -> None:
    server.script(story(kind, ["more"], done=False).paced(0.01).endless())
    with server.client(kind) as client:
        with closing(client.stream(HELLO)) as chunks:  # type: ignore[type-var]
            next(chunks)
        assert server.until(lambda s: s.open_connections == 0)

    assert server.closed_by_client[0].mid_answer


STOPPED: dict[str, Any] = {
    "before the head": lambda _: (Answer.bare(Ending.HOLD), ""),
    "before the first text": lambda kind: (story(kind, WORDS).broken(0, "hold"), ""),
    "in silence": lambda kind: (story(kind, WORDS).broken(2, "hold"), WORDS[0] + WORDS[1]),
    "dripping": lambda kind: (story(kind, WORDS).dripped(0.05), ""),
    "amid an error": lambda _: (Failure.huge(500, 1).dripped(0.05), ""),
}


@pytest.mark.parametrize("name", STOPPED)
@pytest.mark.parametrize("kind", BOTH)
def test_stop_ends_the_call_and_keeps_the_text(
    server: EngineServer, kind: EngineKind, name: str
) -> None:
    answer, text = STOPPED[name](kind)
    server.script(answer)
    stop = Stop()
    timer = threading.Timer(0.3, stop.set)
    start = time.monotonic()
    with server.client(kind, read_timeout=20) as client:
        timer.start()
        chunks = list(client.stream(HELLO, stop=stop))
        took = time.monotonic() - start
        timer.join()
        assert server.until(lambda s: s.open_connections == 0)

    assert took < 0.8
    assert "".join(chunk.text for chunk in chunks) == text
    assert chunks[-1].finish == "stopped"


@pytest.mark.parametrize("kind", BOTH)
def test_a_whole_answer_is_stopped_too(server: EngineServer, kind: EngineKind) -> None:
    server.script(Answer.bare(Ending.HOLD))
    stop = Stop()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    with server.client(kind, read_timeout=20) as client:
        answer = client.run(HELLO, stop=stop)
    timer.join()

    assert answer.finish == "stopped"
    assert server.until(lambda s: s.open_connections == 0)


@pytest.mark.parametrize("kind", BOTH)
def test_a_reply_keeps_what_came_before_it_was_stopped(
    server: EngineServer, kind: EngineKind
) -> None:
    server.script(story(kind, ["more "], done=False).paced(0.01).endless())
    with server.client(kind) as client:
        reply = Reply(client, HELLO.replace(stream=True))
        reply.start()
        assert server.until(lambda _: bool(reply.snapshot().text))
        reply.stop()
        last = list(reply.updates())[-1]

    assert last.finish == "stopped"
    assert last.text.startswith("more ")


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("how", ["reset", "close"])
def test_an_engine_that_dies_amid_an_answer_is_an_error_with_the_text(
    server: EngineServer, kind: EngineKind, how: str
) -> None:
    server.script(story(kind, WORDS).broken(2, how))
    error = failure(server, kind)

    assert type(error) is APIConnectionError
    assert error.partial == WORDS[0] + WORDS[1]
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", BOTH)
def test_one_that_dies_before_the_first_word_is_asked_again(
    server: EngineServer, kind: EngineKind
) -> None:
    server.script(Answer.bare(Ending.RESET), story(kind, WORDS))
    with server.client(kind) as client:
        text, _ = text_and_last(client)

    assert text == TEXT
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", BOTH)
def test_silence_is_a_timeout(server: EngineServer, kind: EngineKind) -> None:
    server.script(story(kind, WORDS).broken(2, "hold"))
    error = failure(server, kind, silence_timeout=0.3)

    assert type(error) is APITimeoutError
    assert error.partial == WORDS[0] + WORDS[1]


@pytest.mark.parametrize("kind", BOTH)
def test_dripping_is_ended_by_the_total_limit(server: EngineServer, kind: EngineKind) -> None:
    server.script(story(kind, WORDS).dripped(0.05))
    start = time.monotonic()
    error = failure(server, kind, read_timeout=0.5, total_timeout=1.0)

    assert type(error) is APITimeoutError
    assert 0.9 < time.monotonic() - start < 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", BOTH)
def test_a_redirect_is_not_followed(server: EngineServer, kind: EngineKind, status: int) -> None:
    with EngineServer() as other:
        server.script(Failure.redirect(f"{other.origin}/v1/chat/completions", status))
        assert type(failure(server, kind)) is ResponseError
        assert other.connections == 0


def test_nobody_there_is_said_with_the_address() -> None:
    with EngineServer() as gone:
        client = gone.client("ollama")
    with client, pytest.raises(APIConnectionError, match=gone.origin):
        client.run(HELLO)


@pytest.mark.parametrize("kind", BOTH)
def test_connections_do_not_leak_through_failures(server: EngineServer, kind: EngineKind) -> None:
    server.script(
        Answer.document({"error": "no"}, 400),
        Failure.huge(400, 1),
        Answer.flood("<html>", 70, "text/html"),
        story(kind, ["a", "b"]).broken(1, "reset"),
        story(kind, WORDS),
    )
    kept = []
    with server.client(kind) as client:
        for _ in range(5):
            try:
                text_and_last(client)
            except WorkersAIError as error:
                kept.append(error)
        assert server.until(lambda s: s.open_connections <= 1)

    assert len(kept) == 4
    assert server.until(lambda s: s.open_connections == 0)


MEGABYTES = 600
FLOODS = {
    "error": lambda: Failure.huge(500, MEGABYTES),
    "event": lambda: Answer.flood('data: {"choices":[{"delta":{"content":"', MEGABYTES),
    "JSON": lambda: Answer.flood('{"choices":[{"message":"', MEGABYTES, "application/json"),
    "page": lambda: Answer.flood("<html>", MEGABYTES, "text/html"),
    "comment": lambda: Answer.flood(": ", MEGABYTES),
    "gzip": lambda: Answer.bomb(MEGABYTES),
}
PEAK_RESET = Path("/proc/self/clear_refs")


def peak_megabytes() -> int:
    """Return the peak memory of this process since the last reset."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


@pytest.mark.skipif(not PEAK_RESET.exists(), reason="only Linux can reset the peak memory")
@pytest.mark.parametrize("name", FLOODS)
@pytest.mark.parametrize("kind", BOTH)
def test_no_answer_fills_the_memory(server: EngineServer, kind: EngineKind, name: str) -> None:
    server.script(FLOODS[name]())
    PEAK_RESET.write_text("5")
    before = peak_megabytes()
    failure(server, kind)

    assert peak_megabytes() - before < 300


@pytest.mark.parametrize("kind", BOTH)
def test_threads_get_their_own_answers(server: EngineServer, kind: EngineKind) -> None:
    def echo(request: Request) -> Answer:
        return story(kind, [request.json()["messages"][0]["content"], "!"]).paced(0.01)

    server.script(echo)

    def ask(number: int) -> str:
        question = parse_request({"messages": [{"role": "user", "content": f"n{number}"}]})
        return "".join(chunk.text for chunk in client.stream(question))

    with server.client(kind) as client, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(24))) == [f"n{number}!" for number in range(24)]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "needs messages"),
        (b'{"prompt":"x","temperature":9}', "temperature"),
    ],
)
def test_a_body_that_breaks_the_documented_schema_is_5006(
    server: EngineServer, body: bytes, part: str
) -> None:
    transport = server.backend("ollama").transport()
    response = posted(transport, f"{server.origin}/ai/run/x", body)

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, 5006)
    assert part in response.json()["errors"][0]["message"]
    assert server.requests == []


def test_a_broken_picture_is_5004_before_anything_is_sent(server: EngineServer) -> None:
    url = {"url": "data:image/png;base64,aGVsbG8="}
    parts = [{"type": "image_url", "image_url": url}]
    request = parse_request({"messages": [{"role": "user", "content": parts}]})
    with server.client("ollama") as client, pytest.raises(APIStatusError) as caught:
        client.run(request)

    assert caught.value.code == 5004
    assert server.requests == []


def test_other_routes_are_refused(server: EngineServer) -> None:
    response = posted(server.backend("ollama").transport(), f"{server.origin}/walk", b"{}")

    assert (response.status_code, response.json()["errors"][0]["code"]) == (404, 7003)


def posted(transport: httpx.BaseTransport, url: str, body: bytes) -> httpx.Response:
    with httpx.Client(transport=transport) as client:
        return client.post(url, content=body)


def test_an_address_that_is_not_allowed_is_no_reason_to_try_again(server: EngineServer) -> None:
    backend = server.backend("ollama", rule=AddressRule.of("10.0.0.0/8"))
    with Client(backend, first_backoff=5) as client:
        start = time.monotonic()
        with pytest.raises(InvalidRequestError):
            client.run(HELLO)
    assert time.monotonic() - start < 1
