"""Tools on a real engine: described in the prompt, and through a template that has them."""

from typing import TYPE_CHECKING, Any

import pytest

from backends import read_changes
from tools import describe_tools, recover_calls
from workers_ai import ChatRequest, Message, Tool, parse_request
from workers_ai.call_trace import CallTrace
from workers_ai.tool_calls import ToolResult, call_message, result_messages

if TYPE_CHECKING:
    from tests.engine.running import RunningEngine

pytestmark = pytest.mark.engine

ADD = Tool(
    name="add",
    description="Add two numbers",
    parameters={
        "type": "object",
        "properties": {
            "a": {"type": "integer", "description": "The first"},
            "b": {"type": "integer", "description": "The second"},
        },
        "required": ["a", "b"],
    },
)
QUESTION = Message(role="user", content="What is 2 and 3?")


def test_tools_are_described_in_the_prompt_of_gemma(engine: "RunningEngine") -> None:
    assert not engine.backend().tool_support.takes_tools
    schema = {
        "type": "object",
        "properties": {
            "name": {"const": "add"},
            "parameters": {
                "type": "object",
                "properties": {"a": {"enum": [2]}, "b": {"enum": [3]}},
                "required": ["a", "b"],
                "additionalProperties": False,
            },
        },
        "required": ["name", "parameters"],
        "additionalProperties": False,
    }
    system = Message(role="system", content=describe_tools([ADD]))
    # A schema makes up for the random weights.
    request = ChatRequest(messages=[system, QUESTION], guided_json=schema, max_tokens=200)
    with engine.client() as client:
        first = client.run(request)
        found = recover_calls(first.text, [ADD])
        assert found is not None
        [call] = found.calls
        results = result_messages([ToolResult(call, "5")], role="user")
        turns = [system, QUESTION, call_message([call], role="user", key="parameters"), *results]
        answer = client.run(ChatRequest(messages=turns, max_tokens=4))

    assert (call.name, call.arguments) == ("add", {"a": 2, "b": 3})
    assert answer.finish in {"length", "done"}


def test_tools_that_gemma_does_not_support_are_left_out_with_a_note(
    engine: "RunningEngine",
) -> None:
    trace = CallTrace()
    with engine.client() as client:
        client.run(ChatRequest(messages=[QUESTION], tools=[ADD], max_tokens=2), trace=trace)

    noted = {change.path: change.sentence for change in read_changes(trace.response_headers)}
    assert noted["tools"].startswith("Not sent.")


@pytest.mark.parametrize("stream", [True, False])
def test_a_template_with_tools_makes_calls(tool_engine: "RunningEngine", *, stream: bool) -> None:
    assert tool_engine.backend().tool_support == (True, "tool", True)
    # Random weights start a call once its first character is made likely.
    nudge: dict[str, Any] = {"tool_choice": "required", "logit_bias": [["{", 6]]}
    request = ChatRequest(messages=[QUESTION], tools=[ADD], max_tokens=600, seed=2, **nudge)
    with tool_engine.client() as client:
        if stream:
            *_, last = client.stream(request)
            calls, finish = last.tool_calls, last.finish
        else:
            answer = client.run(request)
            calls, finish = answer.tool_calls, answer.finish

    assert finish == "done"
    assert calls
    for call in calls:
        assert call.name == "add"
        assert isinstance(call.arguments, dict)
        assert set(call.arguments) == {"a", "b"}
    assert len({call.id for call in calls}) == len(calls)


def test_the_results_of_calls_go_back_in_their_own_role(tool_engine: "RunningEngine") -> None:
    call = {"name": "add", "arguments": {"a": 2, "b": 3}}
    messages = [
        QUESTION.body(),
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "name": "add", "content": "5"},
    ]
    with tool_engine.client() as client:
        answer = client.run(parse_request({"messages": messages, "max_tokens": 4}))

    assert answer.finish in {"length", "done"}
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 20
