"""Documented requests as sent to each engine, and the changes noted with them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from backends import ENGINES, LocalEngine, read_changes
from backends.local.changes import Change
from backends.local.engine_table import EngineKind
from backends.local.model_facts import EngineRequest
from tests.backends.local.engine_server import CHAT, EngineServer
from tests.backends.local.recordings import STREAMS
from tests.wire_server import Answer
from workers_ai import PARAMETERS, ChatRequest, Message, PromptRequest, parse_request
from workers_ai.call_trace import CallTrace

KINDS: tuple[EngineKind, ...] = tuple(ENGINES)
LIKE_OPENAI: tuple[EngineKind, ...] = KINDS[1:]
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
PARAMETERS_OF_ADD = {
    "type": "object",
    "properties": {"a": {"type": "integer", "description": "A number"}},
}
TOOL = {"name": "add", "description": "Add numbers", "parameters": PARAMETERS_OF_ADD}


def sent(kind: EngineKind, *, model: str = "gemma3:4b", **body: Any) -> EngineRequest:
    """Translate a body; without messages or a prompt, it gets a greeting."""
    if not {"messages", "prompt"} & body.keys():
        body["messages"] = [{"role": "user", "content": "Hello"}]
    backend = LocalEngine("http://127.0.0.1:1", model, kind=kind)
    return backend.engine_request(parse_request(body))


def sampling(kind: EngineKind, **body: Any) -> dict[str, Any]:
    request = sent(kind, **body)
    return request.body["options"] if kind == "ollama" else request.body


def paths(request: EngineRequest) -> set[str]:
    return {change.path for change in request.changes}


def test_the_table_says_something_of_every_documented_input() -> None:
    documented = {*PARAMETERS, "guided_json", "tools", "functions", "lora"}
    for engine in ENGINES.values():
        assert engine.parameter_notes.keys() == documented
        for name, note in engine.parameter_notes.items():
            assert note.parameter == name
            assert note.treatment == "kept" or note.sentence, (engine.kind, name)
            assert not note.sentence or note.sentence.endswith("."), (engine.kind, name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("temperature", 1.5), ("top_p", 0.5), ("top_k", 7), ("seed", 9_999_999_999)),
        *(("frequency_penalty", 1.25), ("presence_penalty", 0.75)),
    ],
)
def test_most_parameters_keep_their_names(kind: EngineKind, name: str, value: float) -> None:
    assert sampling(kind, **{name: value})[name] == value


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("ollama", {"repeat_penalty"}),
        ("llama-server", {"repeat_penalty"}),
        ("vllm", {"repetition_penalty"}),
        ("lm-studio", {"repeat_penalty"}),
        ("openai", {"repetition_penalty", "repeat_penalty"}),
    ],
)
def test_the_repetition_penalty_has_the_name_of_the_engine(
    kind: EngineKind, names: set[str]
) -> None:
    body = sampling(kind, repetition_penalty=1.2)
    assert {name: body[name] for name in body if "penalty" in name} == dict.fromkeys(names, 1.2)
    renamed = names != {"repetition_penalty"}
    assert ("repetition_penalty" in paths(sent(kind, repetition_penalty=1.2))) is renamed


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_of_the_answer_is_always_sent(kind: EngineKind) -> None:
    name = "num_predict" if kind == "ollama" else "max_tokens"
    assert sampling(kind)[name] == 256
    assert sampling(kind, max_tokens=9)[name] == 9
    assert Change("max_tokens", "256 was added, the documented default.") in sent(kind).changes


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0, -1, -2])
def test_no_limit_that_means_endless_is_sent(kind: EngineKind, value: int) -> None:
    name = "num_predict" if kind == "ollama" else "max_tokens"
    assert sampling(kind, max_tokens=value)[name] == 1
    assert "max_tokens" in paths(sent(kind, max_tokens=value))


@pytest.mark.parametrize("kind", KINDS)
def test_the_documented_temperature_is_sent_and_other_defaults_are_the_engine_s(
    kind: EngineKind,
) -> None:
    body = sampling(kind)
    assert body["temperature"] == 0.6
    assert not {"top_p", "top_k", "seed", "frequency_penalty", "presence_penalty"} & body.keys()
    assert sampling(kind, temperature=0)["temperature"] == 0


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("temperature", 5, 2),
        ("temperature", 2, 2),
        ("top_p", 2, 1),
        ("top_p", 0, 0.01),
        ("repetition_penalty", 0, 0.01),
    ],
)
def test_vllm_gets_what_it_takes_and_the_change_is_noted(
    name: str, value: float, taken: float
) -> None:
    given: dict[str, Any] = {name: value}
    request = sent("vllm", **given)
    noted = [change.sentence for change in request.changes if change.path == name]

    assert request.body[name] == taken
    assert bool(noted) is (value != taken)
    assert all(f"{value} became {taken}" in sentence for sentence in noted)


def test_llama_server_is_sent_no_minimum_of_its_own() -> None:
    assert sent("llama-server").body["min_p"] == 0
    assert "min_p" in paths(sent("llama-server"))
    assert sent("llama-server", min_p=0.2).body["min_p"] == 0.2
    assert "min_p" not in sent("vllm").body


def test_ollama_is_to_refuse_too_long_a_prompt_and_not_to_cut_it() -> None:
    request = sent("ollama")
    assert (request.body["truncate"], request.body["shift"]) == (False, False)
    assert sent("ollama", truncate=True).body["truncate"] is True


def test_the_window_of_ollama_is_sent_only_where_it_is_set() -> None:
    assert "num_ctx" not in sampling("ollama")
    backend = LocalEngine("http://127.0.0.1:1", "gemma3:4b", kind="ollama", num_ctx=16384)
    request = backend.engine_request(ChatRequest(messages=[Message(role="user", content="x")]))
    assert request.body["options"]["num_ctx"] == 16384


@pytest.mark.parametrize("kind", KINDS)
def test_a_prompt_is_a_turn_and_a_raw_one_is_no_chat(kind: EngineKind) -> None:
    scoped, raw = sent(kind, prompt="Hi"), sent(kind, prompt="<start_of_turn>", raw=True)
    assert scoped.body["messages"] == [{"role": "user", "content": "Hi"}]
    assert raw.path == ("/api/generate" if kind == "ollama" else "/completions")
    assert raw.body["prompt"] == "<start_of_turn>"
    assert raw.body.get("raw") is (True if kind == "ollama" else None)
    assert "messages" not in raw.body


@pytest.mark.parametrize("kind", KINDS)
def test_raw_with_messages_is_noted(kind: EngineKind) -> None:
    request = sent(kind, raw=True)
    assert "raw" not in request.body
    assert "raw" in paths(request)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_travels_under_the_name_of_the_engine(kind: EngineKind) -> None:
    body = sent(kind, guided_json=SCHEMA).body
    assert "guided_json" not in body
    if kind == "ollama":
        assert body["format"] == SCHEMA
    else:
        wrapped = {"name": "answer", "strict": True, "schema": SCHEMA}
        assert body["response_format"] == {"type": "json_schema", "json_schema": wrapped}
    assert "guided_json" in paths(sent(kind, guided_json=SCHEMA))


def test_a_schema_for_a_raw_prompt_has_another_name_at_llama_server() -> None:
    body = sent("llama-server", prompt="x", raw=True, guided_json=SCHEMA).body
    assert body["json_schema"] == SCHEMA
    assert "response_format" not in body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [SCHEMA, {"name": "x", "strict": False, "schema": SCHEMA}])
def test_both_forms_of_response_format_become_the_one_that_engines_take(
    kind: EngineKind, form: dict[str, Any]
) -> None:
    body = sent(kind, response_format={"type": "json_schema", "json_schema": form}).body
    schema = (
        body["format"] if kind == "ollama" else body["response_format"]["json_schema"]["schema"]
    )
    assert schema == SCHEMA


def test_json_without_a_schema_is_asked_of_ollama_in_its_own_way() -> None:
    body = sent("ollama", response_format={"type": "json_object"}).body
    assert body["format"] == "json"
    assert "response_format" not in body


@pytest.mark.parametrize("kind", KINDS)
def test_tools_are_wrapped_for_models_that_take_them(kind: EngineKind) -> None:
    wrapped = {"type": "function", "function": TOOL}
    assert sent(kind, model="qwen3:8b", tools=[TOOL]).body["tools"] == [wrapped]
    assert sent(kind, model="qwen3:8b", tools=[wrapped]).body["tools"] == [wrapped]


@pytest.mark.parametrize("kind", KINDS)
def test_tools_are_left_out_for_gemma_3_and_that_is_noted(kind: EngineKind) -> None:
    request = sent(kind, tools=[TOOL])
    noted = [change.sentence for change in request.changes if change.path == "tools"]
    if kind == "lm-studio":
        assert "tools" in request.body
    else:
        assert "tools" not in request.body
        assert noted[0].startswith("Not sent.")


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_engine_has_is_left_out_and_noted(kind: EngineKind) -> None:
    functions = [{"name": "f", "code": "return 1"}]
    request = sent(kind, functions=functions, lora="mine")
    assert not {"functions", "lora"} & request.body.keys()
    assert {"functions", "lora"} <= paths(request)


@pytest.mark.parametrize("kind", LIKE_OPENAI)
def test_undocumented_keys_travel_to_engines_with_that_api(kind: EngineKind) -> None:
    more: dict[str, Any] = {"stop": ["x"], "chat_template_kwargs": {"enable_thinking": False}}
    assert more.items() <= sent(kind, **more).body.items()


def test_undocumented_keys_go_where_ollama_looks_for_them() -> None:
    request = sent("ollama", stop=["x"], think=False, options={"mirostat": 1}, n=2)
    assert request.body["think"] is False
    assert (request.body["options"]["stop"], request.body["options"]["mirostat"]) == (["x"], 1)
    assert "n" not in request.body
    assert "n" in paths(request)


@pytest.mark.parametrize("kind", LIKE_OPENAI)
def test_a_stream_is_asked_for_its_usage(kind: EngineKind) -> None:
    assert sent(kind, stream=True).body["stream_options"] == {"include_usage": True}
    assert sent(kind).body.get("stream", False) is (kind == "llama-server")


def test_llama_server_streams_in_any_case_which_is_noted() -> None:
    assert "stream" in paths(sent("llama-server"))
    assert "stream" not in paths(sent("llama-server", stream=True))


def test_ollama_which_streams_by_default_is_asked_not_to() -> None:
    assert sent("ollama").body["stream"] is False


@pytest.fixture
def server() -> Iterator[EngineServer]:
    with EngineServer() as running:
        yield running


@pytest.mark.parametrize("kind", ["llama-server", "ollama"])
def test_what_is_sent_is_what_was_shown_and_the_exchange_lists_it(
    server: EngineServer, kind: EngineKind
) -> None:
    server.script(STREAMS[kind].answer)
    request = ChatRequest(
        messages=[Message(role="user", content="Grüße \ud83d")], top_k=7, lora="x", stream=True
    )
    shown = server.backend(kind).engine_request(request)
    trace = CallTrace()
    with server.client(kind) as client:
        list(client.stream(request, trace=trace))

    [got] = server.requests
    assert got.path == CHAT[kind]
    assert json.loads(got.body) | {"messages": []} == shown.body | {"messages": []}
    assert read_changes(trace.response_headers) == shown.changes
    assert "lora" in {change.path for change in shown.changes}
    headers = trace.response_headers
    assert headers["x-cabochon-sent-to"] == f"POST {server.origin}{CHAT[kind]}"


def test_what_was_changed_is_noted_for_a_refused_request_too(server: EngineServer) -> None:
    server.script(Answer.document({"error": "no"}, 400))
    trace = CallTrace()
    with server.client("ollama") as client, pytest.raises(Exception, match="no"):
        client.run(PromptRequest(prompt="x", lora="y"), trace=trace)
    assert "lora" in {change.path for change in read_changes(trace.response_headers)}


def test_an_answer_of_another_backend_lists_no_changes() -> None:
    assert read_changes({"content-type": "application/json"}) == ()
