"""OpenAI's form: chat completions over the built-in model and over recorded answers."""

import json
from typing import Any

import pytest

from backends import endpoint_app
from backends.endpoint.completion_requests import RefusedError, read_completion
from backends.endpoint.limits import Limits
from tests.backends.endpoint.serving import GEMMA, Served, serving
from tests.backends.endpoint.test_run import SCHEMA, TOOL
from tests.wire_server import Answer, Ending, Failure, WireServer
from workers_ai import Client, Cloudflare, InvalidRequestError, ToolSupport, parse_request

WRAPPED = {"type": "function", "function": TOOL}
BARE = {"type": "function", "function": {"name": "ping", "parameters": None, "strict": True}}
USER = {"role": "user", "content": "Hello"}


def events(text: str) -> list[dict[str, Any]]:
    *lines, done = text.split("\n\n")[:-1]
    assert done == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def sent(upstream: WireServer) -> Any:
    return upstream.requests[-1].json()


def test_a_whole_answer_has_the_shape_of_a_chat_completion(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Answer.json("Hello there", tokens=2))
    answer = over_wire.chat().json()

    assert answer.pop("id").startswith("chatcmpl-")
    assert answer.pop("created") > 1_700_000_000
    message = {"role": "assistant", "content": "Hello there"}
    assert answer == {
        "model": GEMMA,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14},
    }


@pytest.mark.parametrize(
    "form", [Answer.stream, Answer.stream_b, Answer.stream_hybrid, Answer.stream_openai]
)
def test_every_form_of_stream_becomes_chunks(
    over_wire: Served, upstream: WireServer, form: Any
) -> None:
    upstream.script(form(["Grü", "ße", " 🙂"]))
    options = {"include_usage": True}
    *chunks, usage = events(over_wire.chat(stream=True, stream_options=options).text)
    choices = [chunk["choices"][0] for chunk in chunks]

    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in [*chunks, usage]}) == 1
    assert choices[0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(choice["delta"].get("content", "") for choice in choices) == "Grüße 🙂"
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]
    assert (usage["choices"], usage["usage"]["total_tokens"]) == ([], 15)


def test_usage_is_not_streamed_unasked(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.stream(["a"]))

    assert all(chunk["choices"] for chunk in events(over_wire.chat(stream=True).text))


def test_the_answer_that_used_up_its_tokens_ends_by_length(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Answer.json("a b", tokens=2))
    answer = over_wire.chat(max_completion_tokens=2).json()

    assert sent(upstream)["max_tokens"] == 2
    assert answer["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("stream", [False, True])
def test_tool_calls_come_in_openai_s_shape(built_in: Served, *, stream: bool) -> None:
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    answer = built_in.chat(messages=messages, tools=[WRAPPED], stream=stream)
    if stream:
        *_, called, last = events(answer.text)
        delta, reason = called["choices"][0]["delta"], last["choices"][0]["finish_reason"]
    else:
        choice = answer.json()["choices"][0]
        delta, reason = choice["message"], choice["finish_reason"]
        assert delta["content"] is None
    (call,) = delta["tool_calls"]

    assert reason == "tool_calls"
    assert call.get("index", 0) == 0
    assert call["id"].startswith("call_")
    assert call["type"] == "function"
    assert call["function"]["name"] == "get_weather"
    assert json.loads(call["function"]["arguments"]) == {"city": "Paris"}


def test_results_of_tools_are_answered_from(built_in: Served) -> None:
    called = {"name": "get_weather", "arguments": '{"city":"Paris"}'}
    messages = [
        {"role": "user", "content": "What is the weather in Paris?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": called}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": '{"temperature": 17}'},
    ]
    answer = built_in.chat(messages=messages, tools=[WRAPPED]).json()

    assert "17" in answer["choices"][0]["message"]["content"]


def test_results_of_tools_become_user_turns_where_the_model_s_template_needs_that(
    over_wire: Served, upstream: WireServer
) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "ping", "arguments": "{}"}}
    messages = [
        USER,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "pong"},
    ]
    over_wire.chat(messages=messages)

    turns = parse_request(sent(upstream)).messages  # type: ignore[union-attr]
    assert [turn.role for turn in turns] == ["user", "assistant", "user"]
    assert [turn.text for turn in turns[1:]] == [
        '{"name": "ping", "arguments": "{}"}',
        "Tool result for ping: pong",
    ]


def test_a_stream_with_tools_is_asked_for_whole_where_it_would_lose_its_text(
    over_wire: Served, upstream: WireServer
) -> None:
    upstream.script(Answer.json("Hello"))
    answer = over_wire.chat(stream=True, tools=[WRAPPED])

    assert "stream" not in sent(upstream)
    chunks = [event["choices"][0]["delta"].get("content") for event in events(answer.text)]
    assert chunks == ["", "Hello", None]


def test_tools_without_descriptions_are_completed(over_wire: Served, upstream: WireServer) -> None:
    parameters = {
        "type": "object",
        "properties": {"bookId": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
    }
    loose = {"type": "function", "function": {"name": "find_book", "parameters": parameters}}
    upstream.script(Answer.json("Hello"))
    over_wire.chat(tools=[BARE, loose])

    ping, find_book = sent(upstream)["tools"]
    assert ping["parameters"] == {"type": "object", "properties": {}}
    assert find_book["description"] == "Find book."
    described = {"type": "integer", "description": "The book id."}
    assert find_book["parameters"]["properties"]["bookId"] == described


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "ping"}}])
def test_a_call_that_has_to_be_made_is_asked_for_by_its_schema(
    over_wire: Served, upstream: WireServer, choice: Any
) -> None:
    upstream.script(Answer.json('{"a": 1}'))
    answer = over_wire.chat(tools=[BARE], tool_choice=choice).json()["choices"][0]

    assert sent(upstream)["guided_json"] == {"type": "object", "properties": {}}
    assert "tools" not in sent(upstream)
    assert answer["finish_reason"] == "tool_calls"
    (call,) = answer["message"]["tool_calls"]
    assert call["function"] == {"name": "ping", "arguments": '{"a": 1}'}


def test_a_forced_call_that_is_cut_off_is_8006(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.json('{"a": ', tokens=2))
    answer = over_wire.chat(tools=[BARE], tool_choice="required", max_tokens=2)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 8006)


def test_no_tools_are_offered_when_none_may_be_called(
    over_wire: Served, upstream: WireServer
) -> None:
    over_wire.chat(tools=[BARE], tool_choice="none")

    assert "tools" not in sent(upstream)


def test_tool_choice_any_is_8001(built_in: Served) -> None:
    answer = built_in.chat(tools=[BARE], tool_choice="any")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 8001)


@pytest.mark.parametrize(
    "json_schema", [{"name": "place", "schema": SCHEMA, "strict": True}, SCHEMA]
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_schema_is_followed_bare_or_in_an_envelope(
    built_in: Served, json_schema: Any, *, stream: bool
) -> None:
    response_format = {"type": "json_schema", "json_schema": json_schema}
    answer = built_in.chat(response_format=response_format, stream=stream)
    if stream:
        pieces = [event["choices"][0]["delta"].get("content", "") for event in events(answer.text)]
        text = "".join(pieces)
    else:
        text = answer.json()["choices"][0]["message"]["content"]

    assert set(json.loads(text)) == {"city", "size"}


def test_a_json_object_is_asked_for_as_one(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.json({"a": 1}))
    answer = over_wire.chat(response_format={"type": "json_object"}).json()

    assert sent(upstream)["guided_json"] == {"type": "object"}
    assert answer["choices"][0]["message"]["content"] == '{"a":1}'


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        (f"Answer as {json.dumps(SCHEMA, indent=2)} and no more.", SCHEMA),
        ("Answer as {this: that}", {"type": "object"}),
        ('Answer as {"city": "Rome"}', {"type": "object"}),
        ("Be brief.", {"type": "object"}),
    ],
)
def test_the_schema_that_libraries_write_into_the_system_text_is_followed(
    over_wire: Served, upstream: WireServer, text: str, schema: Any
) -> None:
    upstream.script(Answer.json("{}"))
    messages = [{"role": "system", "content": text}, USER]
    over_wire.chat(messages=messages, response_format={"type": "json_object"})

    assert sent(upstream)["guided_json"] == schema


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("stop", ["END", ["nope", "END"]])
def test_an_answer_ends_before_a_stop_text(
    over_wire: Served, upstream: WireServer, stop: Any, *, stream: bool
) -> None:
    pieces = ["One E", "ND-less", " two", " EN", "D", " three"]
    upstream.script(Answer.stream(pieces) if stream else Answer.json("".join(pieces)))
    answer = over_wire.chat(stream=stream, stop=stop)
    if stream:
        chunks = [event["choices"][0]["delta"].get("content", "") for event in events(answer.text)]
        text = "".join(chunks)
    else:
        text = answer.json()["choices"][0]["message"]["content"]

    assert text == "One "
    assert "stop" not in sent(upstream)


def test_a_stop_text_that_only_begins_is_kept(over_wire: Served, upstream: WireServer) -> None:
    upstream.script(Answer.stream(["a E", "N", "x E"]))
    chunks = events(over_wire.chat(stream=True, stop="END").text)

    assert "".join(c["choices"][0]["delta"].get("content", "") for c in chunks) == "a ENx E"


def test_what_openai_writes_otherwise_is_read(over_wire: Served, upstream: WireServer) -> None:
    messages = [
        {"role": "developer", "content": "Be brief.", "name": None},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
    ]
    over_wire.chat(
        messages=messages, temperature=None, user="me", n=1, top_p=0.5, top_k=3, stop=None
    )

    assert sent(upstream) == {
        "messages": [{"role": "system", "content": "Be brief."}, messages[1]],
        "top_p": 0.5,
        "top_k": 3,
    }


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"n": 2}, "/n"),
        ({"logprobs": True}, "/logprobs"),
        ({"logit_bias": {"1": 2}}, "/logit_bias"),
        ({"modalities": ["audio"]}, "/modalities"),
        ({"functions": []}, "/functions"),
        ({"stream": "yes"}, "/stream"),
        ({"stop": [""]}, "/stop"),
        ({"temperature": 9}, "/temperature"),
        ({"messages": "Hi"}, "/messages"),
        ({"messages": [3]}, "/messages/0"),
        ({"messages": [{"role": "user", "content": 3}]}, "/messages/0/content"),
        ({"tools": [{"type": "function"}]}, "/tools/0"),
        ({"tools": {}}, "/tools"),
        ({"tools": [BARE], "tool_choice": "pong"}, "/tool_choice"),
        ({"response_format": {"type": "xml"}}, "/response_format/type"),
        ({"response_format": {"type": "json_schema"}}, "/response_format/json_schema"),
        ({"model": None}, "/model"),
        ({"prompt": "x"}, "/"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_path(
    built_in: Served, body: dict[str, Any], path: str
) -> None:
    answer = built_in.chat(**body)
    (error,) = answer.json()["errors"]

    assert (answer.status_code, error["code"]) == (400, 5006)
    assert f"'{path}' " in error["message"]


def test_a_picture_elsewhere_is_not_fetched(built_in: Served) -> None:
    picture = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/a.png"}}
    answer = built_in.chat(messages=[{"role": "user", "content": [picture]}])

    assert answer.json()["errors"][0]["code"] == 5006


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("code", [3036, 3040, 3046, 5006, 5018, 5021, 5028, 7009, 10000])
def test_errors_are_those_of_the_documented_form(
    over_wire: Served, upstream: WireServer, code: int, *, stream: bool
) -> None:
    failure = Failure.status(code=code)
    upstream.script(failure, Failure.unsuccessful(code))
    answer, unsuccessful = (over_wire.chat(stream=stream) for _ in range(2))

    assert (answer.status_code, answer.content) == (failure.status, failure.body[0])
    assert unsuccessful.status_code == failure.status
    assert unsuccessful.json()["errors"][0]["code"] == code


@pytest.mark.parametrize(
    "broken",
    [
        Answer.stream(["Hello"], done=False),
        Answer.stream(["Hello", "x"]).broken(1, Ending.RESET),
        Answer.events({"response": "Hello"}, {"errors": [{"code": 3040, "message": "Busy"}]}),
    ],
)
def test_a_stream_that_breaks_says_so(
    over_wire: Served, upstream: WireServer, broken: Answer
) -> None:
    """OpenAI's libraries take a stream that just ends for a complete one."""
    upstream.script(broken)
    *_, said, last = over_wire.chat(stream=True).text.split("\n\n")[:-1]

    assert '"content":"Hello"' in said
    reported = json.loads(last.removeprefix("data: "))
    assert reported["errors"][0]["code"] in (3040, 7009)
    assert reported["error"]["message"] == reported["errors"][0]["message"]


NO_TOOLS = ToolSupport(takes_tools=False, result_role="user", streams=True)


def test_tools_are_described_in_the_prompt_where_a_model_does_not_support_them() -> None:
    completion = read_completion({"messages": [USER], "tools": [BARE]}, NO_TOOLS)
    system, user = completion.request.messages

    assert completion.request.tools is None
    assert completion.described[0].name == "ping"
    assert (system.role, user.text) == ("system", "Hello")
    assert '"name": "ping"' in system.text


@pytest.mark.parametrize("body", [{"messages": []}, {}])
def test_reading_raises_for_what_is_missing_and_for_what_is_refused(body: Any) -> None:
    with pytest.raises(InvalidRequestError if not body else RefusedError):
        read_completion({**body, "tool_choice": "any"} if body else body, NO_TOOLS)


def test_our_client_reads_the_chunks_as_well(over_wire: Served, upstream: WireServer) -> None:
    """The endpoint's own answers have the shape of wire.md 2E."""
    upstream.script(Answer.stream(["Hel", "lo"]))
    text = over_wire.chat(stream=True).text
    with WireServer() as other:
        other.script(Answer.events(text.encode(), done=False))
        backend = Cloudflare("0" * 32, "x", base_url=other.base_url)
        with (
            serving(endpoint_app(backend, limits=Limits())) as served,
            Client(served.backend()) as client,
        ):
            *chunks, last = client.stream(parse_request({"prompt": "x"}))

    assert "".join(chunk.text for chunk in chunks) == "Hello"
    assert last.finish == "done"
