"""Engines' answers as the client reads them: recorded bytes through real sockets."""

import json
from collections.abc import Iterator

import pytest

from backends.local.answer_translation import OllamaAnswers, OpenAIAnswers, translate_stream
from tests.backends.local.engine_server import EngineServer
from tests.backends.local.recordings import (
    CALL,
    REFUSALS,
    STREAMS,
    TOOL_STREAMS,
    WHOLE,
    Recording,
    llama,
    ndjson,
    ollama,
    sse,
    vllm,
)
from tests.wire_server import Answer
from workers_ai import Chunk, Client, ResponseError, WorkersAIError, decode_stream, parse_request
from workers_ai.call_trace import CallTrace

HELLO = parse_request({"messages": [{"role": "user", "content": "Hello"}]})


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        yield running


def chunks_of(server: EngineServer, kind: str, trace: CallTrace | None = None) -> list[Chunk]:
    with server.client(kind) as client:  # type: ignore[arg-type]
        return list(client.stream(HELLO, trace=trace))


def counted(last: Chunk) -> tuple[int, int] | None:
    usage = last.usage
    return None if usage is None else (usage.prompt_tokens, usage.completion_tokens)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_of_any_engine_is_the_same_to_the_client(server: EngineServer, name: str) -> None:
    recording = STREAMS[name]
    server.script(recording.answer)
    chunks = chunks_of(server, recording.kind)

    assert "".join(chunk.text for chunk in chunks) == recording.text
    assert (chunks[-1].finish, chunks[-1].damaged) == (recording.finish, 0)
    assert counted(chunks[-1]) == recording.tokens


@pytest.mark.parametrize("name", [*STREAMS, *TOOL_STREAMS])
def test_a_stream_cut_at_any_byte_is_the_same(name: str) -> None:
    recording = {**STREAMS, **TOOL_STREAMS}[name]
    whole = decoded(recording, [recording.body])
    for cut in range(len(recording.body) + 1):
        pieces = [recording.body[:cut], recording.body[cut:]]
        assert decoded(recording, pieces) == whole, cut
    assert decoded(recording, [bytes([byte]) for byte in recording.body]) == whole


def decoded(recording: Recording, pieces: list[bytes]) -> list[Chunk]:
    dialect = OllamaAnswers() if recording.kind == "ollama" else OpenAIAnswers()
    return list(decode_stream(translate_stream("Engine", dialect, pieces)))


@pytest.mark.parametrize("name", STREAMS)
def test_each_event_goes_on_before_the_next_has_come(name: str) -> None:
    recording = STREAMS[name]
    dialect = OllamaAnswers() if recording.kind == "ollama" else OpenAIAnswers()
    separator = b"\n" if recording.kind == "ollama" else b"\n\n"
    events = [event + separator for event in recording.body.split(separator) if event]
    taken = 0

    def one_by_one() -> Iterator[bytes]:
        nonlocal taken
        for taken, event in enumerate(events, start=1):  # noqa: B007 - it is read outside
            yield event

    spoken = [number for number, event in enumerate(events, start=1) if speaks(event)]
    answered = [
        taken
        for event in translate_stream("Engine", dialect, one_by_one())
        if b'"response":"' in event and b'"response":""' not in event
    ]
    assert answered == spoken


def speaks(event: bytes) -> bool:
    value = event.removeprefix(b"data: ").strip()
    if not value.startswith(b"{"):
        return False
    step = json.loads(value)
    choice = (step.get("choices") or [{}])[0] if "choices" in step else step
    message = choice.get("delta") or choice.get("message") or choice
    return bool(message.get("content") or message.get("text") or message.get("response"))


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_an_envelope(server: EngineServer, name: str) -> None:
    recording = WHOLE[name]
    server.script(Answer.of(recording.body))
    with server.client(recording.kind) as client:
        answer = client.run(HELLO)

    assert (answer.text, answer.finish) == (recording.text, recording.finish)
    counts = answer.usage and (answer.usage.prompt_tokens, answer.usage.completion_tokens)
    assert counts == recording.tokens
    assert answer.raw["success"] is True


@pytest.mark.parametrize("name", ["llama-server", "llama-server, raw"])
def test_a_stream_is_gathered_where_none_was_asked_for(server: EngineServer, name: str) -> None:
    recording = STREAMS[name]
    server.script(recording.answer.cut(3))
    with server.client(recording.kind) as client:
        answer = client.run(HELLO)

    assert server.requests[0].json()["stream"] is True
    assert (answer.text, answer.finish) == (recording.text, recording.finish)
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == recording.tokens
    assert answer.raw["result"]["response"] == recording.text


def test_the_calls_of_a_gathered_stream_are_whole(server: EngineServer) -> None:
    server.script(TOOL_STREAMS["llama-server"].answer)
    with server.client("llama-server") as client:
        [call] = client.run(HELLO).tool_calls

    assert (call.id, call.name, call.arguments) == ("XDGe", *CALL.values())


def test_a_gathered_stream_that_breaks_off_is_no_answer(server: EngineServer) -> None:
    server.script(Answer((sse(llama({"content": "a"}), done=False),)))
    with server.client("llama-server") as client, pytest.raises(ResponseError) as caught:
        client.run(HELLO)

    assert caught.value.partial == "a"


def test_a_whole_answer_in_place_of_a_stream_is_taken(server: EngineServer) -> None:
    server.script(Answer.of(WHOLE["llama-server"].body))
    chunks = chunks_of(server, "llama-server")

    assert "".join(chunk.text for chunk in chunks) == WHOLE["llama-server"].text


@pytest.mark.parametrize("name", TOOL_STREAMS)
def test_tool_calls_arrive_whole(server: EngineServer, name: str) -> None:
    recording = TOOL_STREAMS[name]
    server.script(recording.answer)
    *_, last = chunks_of(server, recording.kind)

    assert [(call.name, call.arguments) for call in last.tool_calls] == [tuple(CALL.values())]
    assert last.finish == "done"


def test_text_and_calls_can_both_be_there(server: EngineServer) -> None:
    function = {"name": "add", "arguments": '{"a" :1, "b": 2}'}
    call = {"type": "function", "function": function, "id": "FSfb"}
    message = {"role": "assistant", "content": "Adding.", "tool_calls": [call]}
    body = {"choices": [{"message": message, "finish_reason": "tool_calls"}]}
    server.script(Answer.document(body))
    with server.client("llama-server") as client:
        answer = client.run(HELLO)

    assert answer.text == "Adding."
    assert [(c.id, c.name, c.arguments) for c in answer.tool_calls] == [("FSfb", *CALL.values())]


def test_infinity_in_arguments_stays_text(server: EngineServer) -> None:
    function = {"name": "add", "arguments": '{"a": Infinity, "b": -0.0}'}
    call = {"index": 0, "id": "x", "type": "function", "function": function}
    server.script(Answer.events(vllm({"tool_calls": [call]}, "tool_calls")))
    *_, last = chunks_of(server, "vllm")

    assert last.tool_calls[0].arguments == '{"a": Infinity, "b": -0.0}'


def test_what_is_thought_aloud_travels_beside_the_text(server: EngineServer) -> None:
    server.script(STREAMS["ollama"].answer)
    trace = CallTrace()
    chunks = chunks_of(server, "ollama", trace)

    assert b'"thinking":"Hm."' in trace.response_body
    assert "Hm." not in "".join(chunk.text for chunk in chunks)


MID_STREAM = {
    "llama-server": (
        "llama-server",
        sse(llama({"content": "a"}), {"error": {"code": 500, "message": "boom"}}, done=False),
    ),
    "transformers serve": (
        "openai",
        sse(llama({"content": "a"}), {"error": "boom"}, done=False),
    ),
    "vllm": (
        "vllm",
        sse(vllm({"content": "a"}), {"object": "error", "message": "boom", "code": 400}),
    ),
    "ollama": ("ollama", ndjson(ollama({"content": "a"}), {"error": "boom"})),
}


@pytest.mark.parametrize("name", MID_STREAM)
def test_an_error_amid_a_stream_is_raised_with_the_text_so_far(
    server: EngineServer, name: str
) -> None:
    kind, body = MID_STREAM[name]
    server.script(Answer((body,), 200, {"Content-Type": "text/event-stream"}))
    with pytest.raises(WorkersAIError) as caught:
        chunks_of(server, kind)

    assert "boom" in caught.value.message
    assert caught.value.partial == "a"
    assert len(server.requests) == 1


@pytest.mark.parametrize("name", ["llama-server", "ollama"])
def test_a_stream_without_any_end_ended_early(server: EngineServer, name: str) -> None:
    begun = {
        "llama-server": sse(llama({"content": "a"}), done=False),
        "ollama": ndjson(ollama({"content": "a"})),
    }[name]
    server.script(Answer((begun,), 200, {"Content-Type": "text/event-stream"}))
    *_, last = chunks_of(server, name)

    assert last.finish == "ended_early"


def test_events_that_cannot_be_read_are_counted(server: EngineServer) -> None:
    server.script(Answer.events(llama({"content": "a"}), b"data: {oops\n\n", llama({}, "stop")))
    chunks = chunks_of(server, "llama-server")

    assert "".join(chunk.text for chunk in chunks) == "a"
    assert (chunks[-1].finish, chunks[-1].damaged) == ("done", 1)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("kind", ["llama-server", "ollama"])
@pytest.mark.parametrize("body", [b"", b"<html>A router's page</html>"])
def test_what_is_no_answer_is_refused(
    server: EngineServer, kind: str, body: bytes, *, stream: bool
) -> None:
    # llama-cpp-python answers an overlong prompt with 200 and an empty body, if it is to stream.
    server.script(Answer.of(body))
    with server.client(kind) as client, pytest.raises(ResponseError):  # type: ignore[arg-type]
        _ = list(client.stream(HELLO)) if stream else client.run(HELLO)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", REFUSALS)
def test_each_refusal_is_its_class_with_the_words_of_the_engine(
    server: EngineServer, name: str, *, stream: bool
) -> None:
    kind, status, body, error, code = REFUSALS[name]
    server.script(Answer.of(body, status=status).with_retry_after(0))
    with server.client(kind) as client, pytest.raises(WorkersAIError) as caught:
        _ = list(client.stream(HELLO)) if stream else client.run(HELLO)

    assert type(caught.value).__name__ == error
    assert caught.value.code == code
    assert caught.value.message.startswith(server.backend(kind).label)
    assert words(body) in caught.value.message


def words(body: bytes) -> str:
    """Return part of the message in a body."""
    try:
        value = json.loads(body)
    except ValueError:
        return body.decode()
    error = value.get("error", value.get("detail", value))
    error = error["message"] if isinstance(error, dict) else error
    return " ".join((error if isinstance(error, str) else error[0]["msg"]).split())


def test_a_model_that_loads_is_waited_for(server: EngineServer) -> None:
    kind, status, body, *_ = REFUSALS["llama-server, loading"]
    loading = Answer.of(body, status=status)
    server.script(loading.with_retry_after(0), STREAMS["llama-server"].answer)
    chunks = chunks_of(server, kind)

    assert chunks[-1].finish == "length"
    assert len(server.requests) == 2


def test_no_error_repeats_the_key(server: EngineServer) -> None:
    key = "sk-made-up-7261"
    server.script(Answer.document({"error": f"Bad key Bearer {key} ({key})"}, 401))
    with Client(server.backend("openai", api_key=key)) as client:
        trace = CallTrace()
        with pytest.raises(WorkersAIError) as caught:
            client.run(HELLO, trace=trace)

    assert key not in f"{caught.value!s}{trace!r}{trace.response_body!r}"
    assert "Bad key" in caught.value.message
