"""Conversations in the form of Gemma 3's template; calls and results in the form of engines."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends import LocalEngine
from backends.local.engine_table import EngineKind
from workers_ai import ToolCall, parse_request
from workers_ai.tool_calls import ToolResult, call_message, result_messages

GEMMA, OTHER = "gemma3:4b", "qwen3:8b"
PNG = "data:image/png;base64,iVBORw0KGgo="
PICTURE = {"type": "image_url", "image_url": {"url": PNG}}


def turns_sent(
    *messages: dict[str, Any], kind: EngineKind = "llama-server", model: str = GEMMA
) -> list[dict[str, Any]]:
    backend = LocalEngine("http://127.0.0.1:1", model, kind=kind)
    request = parse_request({"messages": list(messages)})
    sent: list[dict[str, Any]] = backend.engine_request(request).body["messages"]
    return sent


def changed(*messages: dict[str, Any]) -> list[str]:
    backend = LocalEngine("http://127.0.0.1:1", GEMMA, kind="llama-server")
    changes = backend.engine_request(parse_request({"messages": list(messages)})).changes
    return [change.path for change in changes if change.path.startswith("messages")]


def turn(role: str, content: Any = "x", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def test_an_ordinary_conversation_is_left_alone() -> None:
    messages = [turn("system", "Be kind."), turn("user"), turn("assistant"), turn("user")]
    assert turns_sent(*messages) == messages
    assert changed(*messages) == []


def test_turns_of_one_role_are_joined() -> None:
    messages = [turn("user", "a"), turn("user", "b"), turn("assistant", "c"), turn("assistant")]
    assert turns_sent(*messages) == [turn("user", "a\n\nb"), turn("assistant", "c\n\nx")]
    assert changed(*messages) == ["messages[1]", "messages[3]"]


def test_further_system_texts_go_before_the_user_s_next_words() -> None:
    messages = [turn("user", "a"), turn("assistant", "b"), turn("system", "s"), turn("user", "c")]
    assert turns_sent(*messages)[2:] == [turn("user", "s\n\nc")]
    assert changed(*messages) == ["messages[2]"]


def test_two_system_texts_become_part_of_the_first_turn() -> None:
    messages = [turn("system", "s"), turn("system", "t"), turn("user", "a")]
    assert turns_sent(*messages) == [turn("user", "s\n\nt\n\na")]


def test_a_server_that_refuses_system_turns_gets_none() -> None:
    messages = [turn("system", "s"), turn("user", "a")]
    assert turns_sent(*messages, kind="openai") == [turn("user", "s\n\na")]
    assert turns_sent(*messages, kind="openai", model=OTHER) == messages


def test_a_conversation_that_the_model_opens_gets_a_turn_before() -> None:
    assert turns_sent(turn("assistant", "Hi")) == [turn("user", ""), turn("assistant", "Hi")]
    opened = turns_sent(turn("system", "s"), turn("assistant", "Hi"))
    assert opened == [turn("user", "s"), turn("assistant", "Hi")]


def test_a_lone_system_text_is_said_by_the_user() -> None:
    assert turns_sent(turn("system", "s")) == [turn("user", "s")]


def test_a_system_text_goes_before_a_picture() -> None:
    content = [PICTURE, {"type": "text", "text": "What is it?"}]
    [only] = turns_sent(turn("system", "s"), turn("user", content), kind="openai")
    assert only["content"] == [{"type": "text", "text": "s"}, *content]


def test_a_single_part_becomes_a_list() -> None:
    assert turns_sent(turn("user", PICTURE)) == [turn("user", [PICTURE])]
    assert changed(turn("user", PICTURE)) == ["messages[0].content"]


def test_texts_alone_are_a_text() -> None:
    parts = [{"type": "text", "text": "a"}, {"text": "b"}]
    assert turns_sent(turn("user", parts)) == [turn("user", "a\nb")]


def test_other_models_get_the_turns_as_they_are() -> None:
    messages = [turn("user", "a"), turn("user", "b"), turn("system", "s")]
    assert turns_sent(*messages, model=OTHER) == messages


ROLES = st.lists(st.sampled_from(["system", "user", "assistant", "tool"]), min_size=1, max_size=9)


@given(ROLES)
def test_any_conversation_alternates_and_no_word_is_lost(roles: list[str]) -> None:
    messages = [turn(role, f"word{number}.") for number, role in enumerate(roles)]
    for kind in ("llama-server", "openai", "ollama"):
        sent = turns_sent(*messages, kind=kind)
        spoken = sent[1:] if sent[0]["role"] == "system" else sent
        expected = ["user", "assistant"] * len(spoken)
        assert [each["role"] for each in spoken] == expected[: len(spoken)]
        said = "".join(each["content"] for each in sent)
        assert all(f"word{number}." in said for number in range(len(roles)))


CALLS = [ToolCall("add", {"a": 1}, "call_1"), ToolCall("now", {}, "call_2")]
RESULTS = [ToolResult(CALLS[0], "3"), ToolResult(CALLS[1], "noon")]


def conversation() -> list[dict[str, Any]]:
    asked = call_message(CALLS, role="tool")
    results = result_messages(RESULTS, role="tool")
    return [turn("user"), *(message.body() for message in (asked, *results))]


def test_gemma_gets_calls_and_results_as_text() -> None:
    sent = turns_sent(*conversation())
    assert [each["role"] for each in sent] == ["user", "assistant", "user"]
    assert "tool_calls" not in sent[1]
    assert sent[1]["content"].count('"add"') == 1
    assert sent[2]["content"] == "Tool result for add: 3\n\nTool result for now: noon"


def test_calls_that_no_text_repeats_are_written_into_it() -> None:
    call = {"function": {"name": "add", "arguments": '{"a": 1}'}, "id": "c", "type": "function"}
    _, said = turns_sent(turn("user"), turn("assistant", "", tool_calls=[call]))
    assert said["content"] == '{"name": "add", "arguments": "{\\"a\\": 1}"}'


def test_a_result_is_named_after_its_call() -> None:
    call = {"function": {"name": "add", "arguments": "{}"}, "id": "c", "type": "function"}
    messages = [turn("user"), turn("assistant", "", tool_calls=[call])]
    *_, result = turns_sent(*messages, turn("tool", "3", tool_call_id="c"))
    assert result == turn("user", "Tool result for add: 3")


def test_other_models_get_calls_and_results_in_their_own_roles() -> None:
    *_, asked, first, second = turns_sent(*conversation(), model=OTHER)
    assert [call["id"] for call in asked["tool_calls"]] == ["call_1", "call_2"]
    assert asked["tool_calls"][0]["function"] == {"name": "add", "arguments": '{"a": 1}'}
    assert (first["tool_call_id"], second["tool_call_id"]) == ("call_1", "call_2")


def test_flat_calls_are_wrapped_and_their_results_find_them() -> None:
    flat = [{"name": "add", "arguments": {"a": 1}}, {"name": "now", "arguments": {}}]
    messages = [turn("user"), turn("assistant", "", tool_calls=flat)]
    results = [turn("tool", "noon", name="now"), turn("tool", "3", name="add")]
    *_, asked, first, second = turns_sent(*messages, *results, model=OTHER)
    ids = {call["function"]["name"]: call["id"] for call in asked["tool_calls"]}
    assert (first["tool_call_id"], second["tool_call_id"]) == (ids["now"], ids["add"])


def test_ollama_gets_arguments_as_objects_and_the_name_of_the_tool() -> None:
    *_, asked, first, _ = turns_sent(*conversation(), kind="ollama", model=OTHER)
    assert asked["tool_calls"][0] == {"function": {"name": "add", "arguments": {"a": 1}}}
    assert (first["role"], first["tool_name"]) == ("tool", "add")


@pytest.mark.parametrize("arguments", ["{oops", "[1]", 7])
def test_arguments_that_are_no_object_still_reach_ollama(arguments: Any) -> None:
    calls = [{"name": "add", "arguments": arguments}]
    messages = [turn("user"), turn("assistant", "", tool_calls=calls)]
    *_, asked = turns_sent(*messages, kind="ollama", model=OTHER)
    assert isinstance(asked["tool_calls"][0]["function"]["arguments"], dict)
