"""Log-probabilities through the engines' APIs: requested, and reported alongside the text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from backends.local.engine_table import EngineKind
from experiments import LOGPROBS_REQUEST, reported_tokens
from tests.backends.local.engine_server import CHAT, EngineServer
from tests.backends.local.recordings import NDJSON, llama, ndjson, sse
from tests.wire_server import Answer
from workers_ai import Request, ResponseError, parse_request

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}], **LOGPROBS_REQUEST})
RAW = parse_request({"prompt": "Hello", "raw": True, **LOGPROBS_REQUEST})

# recorded: xllamacpp 2026.10.11549, with top_logprobs 2
FIRST = {
    "id": 104,
    "token": "`",
    "bytes": [96],
    "logprob": -1.6967235803604126,
    "top_logprobs": [
        {"id": 253, "token": "", "bytes": [245], "logprob": -1.5338579416275024},
        {"id": 104, "token": "`", "bytes": [96], "logprob": -1.6967235803604126},
    ],
}
SECOND = {
    "id": 101,
    "token": "]",
    "bytes": [93],
    "logprob": -0.5912306904792786,
    "top_logprobs": [
        {"id": 101, "token": "]", "bytes": [93], "logprob": -0.5912306904792786},
        {"id": 185, "token": "\ufffd", "bytes": [177], "logprob": -1.313105821609497},
    ],
}
STREAM = sse(
    llama({"role": "assistant", "content": None}),
    *(
        {
            "choices": [
                {**llama({"content": each["token"]})["choices"][0], "logprobs": {"content": [each]}}
            ]
        }
        for each in (FIRST, SECOND)
    ),
    llama({}, "stop"),
)


def whole(**choice: Any) -> Answer:
    return Answer.document({"choices": [{"index": 0, "finish_reason": "stop", **choice}]})


# shaped: the types of Ollama 0.33.2's api package
OLLAMA = {
    "model": "gemma3:4b",
    "message": {"role": "assistant", "content": "`]"},
    "done": True,
    "done_reason": "stop",
    "logprobs": [FIRST, SECOND],
}
MESSAGE = {"role": "assistant", "content": "`]"}
ANSWERS: dict[EngineKind, Answer] = {
    "llama-server": Answer.of(STREAM, "text/event-stream"),
    "vllm": whole(message=MESSAGE, logprobs={"content": [FIRST, SECOND]}),
    "openai": whole(message=MESSAGE, logprobs={"content": [FIRST, SECOND]}),
    "ollama": Answer.document(OLLAMA),
}


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        yield running


def run(server: EngineServer, kind: EngineKind, answer: Answer, request: Request = HELLO) -> Any:
    server.script(answer)
    with server.client(kind) as client:
        return client.run(request)


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_whole_answer_has_them_beside_the_text(server: EngineServer, kind: EngineKind) -> None:
    answer = run(server, kind, ANSWERS[kind])
    moments = reported_tokens(answer)

    assert server.requests[-1].path == CHAT[kind]
    sent = server.requests[-1].json()
    assert (sent["logprobs"], sent["top_logprobs"]) == (True, 20)
    assert answer.text == "`]"
    assert answer.raw["result"]["logprobs"] == [FIRST, SECOND]
    assert [(moment.text, moment.chosen) for moment in moments] == [("`", None), ("]", 0)]


@pytest.mark.parametrize("kind", ["llama-server", "ollama"])
def test_a_stream_has_them_beside_the_text_and_stays_whole(
    server: EngineServer, kind: EngineKind
) -> None:
    steps = [
        {"message": {"content": each["token"]}, "logprobs": [each]} for each in (FIRST, SECOND)
    ]
    lines = ndjson(*steps, {"message": {"content": ""}, "done": True})
    streams = {"llama-server": ANSWERS["llama-server"], "ollama": Answer.of(lines, NDJSON)}
    server.script(streams[kind])
    with server.client(kind) as client:
        chunks = list(client.stream(HELLO))

    assert "".join(chunk.text for chunk in chunks) == "`]"
    assert (chunks[-1].finish, chunks[-1].damaged) == ("done", 0)


def test_without_a_chat_they_are_asked_for_and_reported_in_vllms_own_form(
    server: EngineServer,
) -> None:
    # shaped: CompletionLogProbs of vLLM 0.33
    columns = {
        "text_offset": [0, 1],
        "tokens": ["a", "b"],
        "token_logprobs": [-0.5, -2.0],
        "top_logprobs": [{"a": -0.5, "c": -2.5}, {"c": -0.3, "b": -2.0}],
    }
    answer = run(server, "vllm", whole(text="ab", logprobs=columns), RAW)
    moments = reported_tokens(answer)

    sent = server.requests[-1].json()
    assert (sent["logprobs"], "top_logprobs" in sent) == (20, False)
    assert [moment.text for moment in moments] == ["a", "b"]
    assert moments[0].reported.texts == ("a", "c")


@pytest.mark.parametrize(
    "logprobs",
    [None, [], {}, 5, "text", {"content": None}, {"tokens": 5}, {"tokens": ["a"]}],
)
@pytest.mark.parametrize("kind", ["vllm", "ollama"])
def test_a_report_that_is_none_leaves_the_answer(
    server: EngineServer, kind: EngineKind, logprobs: Any
) -> None:
    recorded = whole(message=MESSAGE, logprobs=logprobs)
    if kind == "ollama":
        recorded = Answer.document({**OLLAMA, "logprobs": logprobs})
    answer = run(server, kind, recorded)

    assert answer.text == "`]"
    assert "logprobs" not in answer.raw["result"]


def test_a_stream_that_breaks_off_is_reported_all_the_same(server: EngineServer) -> None:
    cut = b"\n\n".join(STREAM.split(b"\n\n")[:3]) + b"\n\n"
    with pytest.raises(ResponseError) as caught:
        run(server, "llama-server", Answer.of(cut, "text/event-stream"))

    assert caught.value.partial == "`]"


def test_what_a_model_says_about_logprobs_is_no_report(server: EngineServer) -> None:
    said = json.dumps({"logprobs": [1]})
    body = sse(llama({"content": said}), llama({}, "stop"))
    answer = run(server, "llama-server", Answer.of(body, "text/event-stream"))

    assert answer.text == said
    assert reported_tokens(answer) == ()
