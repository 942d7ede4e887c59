import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from backends.builtin.language_model import CONTEXT_WINDOW, MODEL
from backends.builtin.transport import BuiltInTransport
from tests.backends.builtin.conftest import URL

Run = Callable[..., httpx.Response]


def events(response: httpx.Response) -> list[dict[str, Any]]:
    *lines, done = response.text.split("\n\n")[:-1]
    assert done == "data: [DONE]"
    assert all(line.startswith("data: ") for line in lines)
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def test_an_answer_comes_in_the_documented_envelope(run: Run) -> None:
    response = run("What is a neuron?", temperature=0)
    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert list(body) == ["result", "success", "errors", "messages"]
    assert (body["success"], body["errors"], body["messages"]) == (True, [], [])
    assert list(body["result"]) == ["response", "usage"]


def test_a_stream_is_the_same_answer_in_events(run: Run) -> None:
    whole = run("What is a neuron?", seed=5).json()["result"]
    streamed = run("What is a neuron?", seed=5, stream=True)
    assert streamed.headers["content-type"] == "text/event-stream"
    *pieces, last = events(streamed)
    assert "".join(piece["response"] for piece in pieces) == whole["response"]
    assert last == {"response": "", "usage": whole["usage"]}
    assert len(pieces) == whole["usage"]["completion_tokens"]


def test_every_piece_is_padded_to_hide_its_length(run: Run) -> None:
    *pieces, _ = events(run("What is a neuron?", stream=True))
    assert len({len(piece["p"]) for piece in pieces}) > 5


def test_a_streamed_tool_call_is_one_event(run: Run) -> None:
    parameters = {"type": "object", "properties": {}}
    tool = {"name": "get_time", "description": "Tell the current time", "parameters": parameters}
    first, last = events(run("What time is it?", tools=[tool], stream=True))
    assert first == {"response": "", "tool_calls": [{"name": "get_time", "arguments": {}}]}
    assert "usage" in last


def test_bytes_that_are_not_letters_become_replacement_characters_and_valid_json(run: Run) -> None:
    for seed in range(1, 4):
        for piece in events(run("hi", temperature=5, seed=seed, stream=True)):
            assert isinstance(piece["response"], str)


ERROR = re.compile(r"AiError: .+ \([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)", re.DOTALL)


def inference_error(response: httpx.Response) -> tuple[int, int, str]:
    body = response.json()
    (error,) = body["errors"]
    assert (body["success"], body["result"], body["messages"]) == (False, {}, [])
    assert ERROR.fullmatch(error["message"])
    return response.status_code, error["code"], error["message"]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"prompt": "x", "temperature": 9}, "'/temperature'"),
        ({"messages": [{"role": "user", "content": None}]}, "'/messages/0/content'"),
        ({"prompt": "x", "top_k": "3"}, "'/top_k'"),
        ({"prompt": "x", "max_tokens": 0}, "'/max_tokens'"),
        ({"prompt": "x", "max_tokens": -5}, "'/max_tokens'"),
        ({"prompt": "x", "lora": "mine"}, "'/lora'"),
        ({}, "'/'"),
        ([], "'/'"),
    ],
)
def test_a_bad_body_is_5006_with_the_path(client: httpx.Client, body: Any, part: str) -> None:
    status, code, message = inference_error(client.post(URL, json=body))
    assert (status, code) == (400, 5006)
    assert part in message


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'"x"', b"[" * 100_000, b"NaN"])
def test_what_is_not_a_json_object_is_5006(client: httpx.Client, content: bytes) -> None:
    assert inference_error(client.post(URL, content=content))[:2] == (400, 5006)


def test_a_prompt_beyond_the_window_is_5021_in_the_documented_words(run: Run) -> None:
    status, code, message = inference_error(run("hi", max_tokens=CONTEXT_WINDOW))
    assert (status, code) == (413, 5021)
    assert (
        f"Ai: The estimated number of input and maximum output tokens ({CONTEXT_WINDOW + 7}) "
        f"exceeded this model context window limit (80000)."
    ) in message


def test_what_just_fits_the_window_is_answered(run: Run) -> None:
    assert run("hi", max_tokens=CONTEXT_WINDOW - 7).status_code == 200


def test_another_model_is_5007(client: httpx.Client) -> None:
    url = URL.replace(MODEL, "@cf/google/gemma-3-12b-it")
    status, code, message = inference_error(client.post(url, json={"prompt": "x"}))
    assert (status, code) == (400, 5007)
    assert "No such model @cf/google/gemma-3-12b-it or task" in message


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/client/v4/accounts/0/ai/walk/x", 404, 7003),
        ("GET", "/elsewhere", 404, 7003),
        ("GET", f"/client/v4/accounts/0/ai/run/{MODEL}", 405, 7001),
        ("POST", "/client/v4/accounts/0/ai/models/search", 405, 7001),
    ],
)
def test_other_routes_and_methods_are_refused_by_the_front_end(
    client: httpx.Client, method: str, path: str, status: int, code: int
) -> None:
    response = client.request(method, f"http://builtin.invalid{path}")
    body = response.json()
    assert (response.status_code, body["errors"][0]["code"]) == (status, code)
    assert (body["success"], body["result"]) == (False, None)


def test_the_catalog_names_its_only_model(client: httpx.Client) -> None:
    url = "http://builtin.invalid/client/v4/accounts/0/ai/models/search?search=x"
    assert [entry["id"] for entry in client.get(url).json()["result"]] == [MODEL]


def test_no_socket_is_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert run("Hello", stream=True).status_code == 200


def stream_of(transport: BuiltInTransport, **body: Any) -> tuple[httpx.Response, Iterator[bytes]]:
    request = httpx.Request("POST", URL, json={"prompt": "hi", "stream": True, **body})
    response = transport.handle_request(request)
    assert isinstance(response.stream, httpx.SyncByteStream)
    return response, iter(response.stream)


def test_a_stream_is_written_while_it_is_read() -> None:
    response, chunks = stream_of(BuiltInTransport(), temperature=5, max_tokens=60_000)
    before = time.monotonic()
    first = [next(chunks) for _ in range(5)]
    assert time.monotonic() - before < 2
    assert all(chunk.startswith(b'data: {"response":') for chunk in first)
    response.close()


def test_a_closed_stream_stops() -> None:
    response, chunks = stream_of(BuiltInTransport(), temperature=5, max_tokens=60_000)
    next(chunks)
    response.close()
    assert list(chunks) == []


def test_pacing_does_not_delay_the_first_token_and_ends_at_once_when_closed() -> None:
    response, chunks = stream_of(BuiltInTransport(tokens_per_second=0.01))
    before = time.monotonic()
    next(chunks)
    threading.Timer(0.2, response.close).start()
    assert list(chunks) == []
    assert time.monotonic() - before < 3


def test_a_paced_stream_keeps_its_pace() -> None:
    _, chunks = stream_of(BuiltInTransport(tokens_per_second=50), temperature=5, max_tokens=20)
    before = time.monotonic()
    assert len(list(chunks)) >= 15
    assert time.monotonic() - before >= 19 / 50


def test_many_threads_get_the_answers_that_one_would(run: Run) -> None:
    questions = ["What is a neuron?", "What does top_k do?", "Who are you?", "Hello"] * 4
    alone = [run(question, seed=1).json() for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda question: run(question, seed=1).json(), questions)
        assert list(together) == alone
