import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from backends import BuiltIn
from schemas import check_answer
from tools import (
    EXAMPLE_TOOLS,
    HttpStub,
    describe_tools,
    duplicate_name_faults,
    read_tool,
    recover_calls,
    run_tool,
)
from tools.examples import TWO_CALLS, ExampleTool
from workers_ai import ChatRequest, Client, Response, Tool, ToolCall
from workers_ai.tool_calls import ResultRole, ToolResult, call_message, result_messages

SEEDS = (None, 1, 2, 3, 4, 5)
EXAMPLE_SCHEMAS = list(EXAMPLE_TOOLS.values())
ALL = [example.definition for example in EXAMPLE_SCHEMAS]
EXPECTED: dict[str, dict[str, Any]] = {
    "get_weather": {"city": "Paris", "unit": "celsius"},
    "convert_currency": {"amount": 250, "from": "USD", "to": "EUR"},
    "create_event": {
        "title": "Project review",
        "start": {"date": "2026-03-12", "time": "14:30"},
        "attendees": ["ana@example.com", "ben@example.com"],
    },
    "search_documents": {"query": "travel expenses", "limit": 3, "tags": ["guide"]},
}
MENTIONED = {
    "get_weather": "light rain",
    "convert_currency": "231.75",
    "create_event": "evt_4821",
    "search_documents": "Booking trains and hotels",
}

Ask = Callable[[Sequence[dict[str, Any]], Sequence[Tool], int | None], Response]

each_example = pytest.mark.parametrize("example", EXAMPLE_SCHEMAS, ids=list(EXAMPLE_TOOLS))
each_seed = pytest.mark.parametrize("seed", SEEDS)


def user(content: str) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: str) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


def answered(messages: Sequence[dict[str, Any]], seed: int | None, **keys: Any) -> Response:
    body = {"messages": list(messages), **keys} | ({} if seed is None else {"seed": seed})
    with Client(BuiltIn()) as client:
        return client.run(ChatRequest.model_validate(body))


def offered(
    messages: Sequence[dict[str, Any]], tools: Sequence[Tool], seed: int | None
) -> Response:
    return answered(messages, seed, tools=list(tools))


def described(
    messages: Sequence[dict[str, Any]], tools: Sequence[Tool], seed: int | None
) -> Response:
    system = {"role": "system", "content": describe_tools(tools)}
    return answered([system, *messages], seed)


def calls_in(response: Response, tools: Sequence[Tool]) -> list[ToolCall]:
    if response.tool_calls:
        return list(response.tool_calls)
    recovered = recover_calls(response.text, tools)
    return list(recovered.calls) if recovered else []


@each_example
def test_an_example_has_no_faults_and_its_answer_can_be_returned(example: ExampleTool) -> None:
    assert read_tool(json.dumps(example.definition.body())).faults == ()
    name = example.definition.name
    stub = HttpStub(example.definition, body=example.answer)
    run = run_tool(ToolCall(name, EXPECTED[name], "call_1"), {name: stub})
    assert run.value == example.answer


def test_the_examples_can_be_offered_together() -> None:
    drafts = [read_tool(json.dumps(tool.body())) for tool in ALL]
    assert set(duplicate_name_faults(drafts)) == {None}


@each_example
@each_seed
@pytest.mark.parametrize("ask", [offered, described])
@pytest.mark.parametrize("together", [False, True], ids=["alone", "together"])
def test_the_question_triggers_a_call_of_the_tool(
    example: ExampleTool, seed: int | None, ask: Ask, *, together: bool
) -> None:
    tools = ALL if together else [example.definition]
    (call,) = calls_in(ask([user(example.question)], tools, seed), tools)
    assert call.name == example.definition.name
    assert call.arguments == EXPECTED[call.name]
    assert check_answer(call.arguments, example.definition.parameters) == ()


@each_example
@each_seed
def test_the_answer_uses_the_result_of_an_offered_tool(
    example: ExampleTool, seed: int | None
) -> None:
    name = example.definition.name
    call = json.dumps({"name": name, "arguments": EXPECTED[name]})
    result = {"role": "tool", "name": name, "content": json.dumps(example.answer)}
    messages = [user(example.question), assistant(call), result]
    for tools in ({}, {"tools": ALL}):
        response = answered(messages, seed, **tools)
        assert not response.tool_calls
        assert MENTIONED[name] in response.text


@each_example
@each_seed
def test_the_answer_uses_the_result_of_a_described_tool(
    example: ExampleTool, seed: int | None
) -> None:
    name = example.definition.name
    asked = [user(example.question)]
    call = described(asked, ALL, seed).text
    result = user(f"Tool result for {name}: {json.dumps(example.answer)}")
    response = described([*asked, assistant(call), result], ALL, seed)
    assert calls_in(response, ALL) == []
    assert MENTIONED[name] in response.text


@each_example
@each_seed
@pytest.mark.parametrize("role", ["tool", "user"])
def test_the_answer_uses_what_a_stub_returned(
    example: ExampleTool, seed: int | None, role: ResultRole
) -> None:
    name = example.definition.name
    call = ToolCall(name, EXPECTED[name], "call_1")
    run = run_tool(call, {name: HttpStub(example.definition, body=example.answer)})
    turns = [call_message([call], role=role)]
    turns += result_messages([ToolResult(call, run.content)], role=role)
    messages = [user(example.question), *(turn.body() for turn in turns)]
    assert MENTIONED[name] in answered(messages, seed).text


@each_seed
@pytest.mark.parametrize("ask", [offered, described])
@pytest.mark.parametrize("tools", [ALL[:1], ALL], ids=["alone", "together"])
def test_one_question_triggers_two_calls(seed: int | None, ask: Ask, tools: Sequence[Tool]) -> None:
    calls = calls_in(ask([user(TWO_CALLS)], tools, seed), tools)
    assert [call.name for call in calls] == ["get_weather", "get_weather"]
    assert [call.arguments for call in calls] == [{"city": "Paris"}, {"city": "Oslo"}]


@each_seed
def test_the_answer_uses_the_results_of_both_calls(seed: int | None) -> None:
    asked = [user(TWO_CALLS)]
    call = described(asked, ALL, seed).text
    contents = ['{"temperature": 18}', '{"temperature": 7}']
    lines = "\n".join(f"Tool result for get_weather: {content}" for content in contents)
    turns = [{"role": "tool", "name": "get_weather", "content": content} for content in contents]
    for text in (
        described([*asked, assistant(call), user(lines)], ALL, seed).text,
        offered([*asked, assistant(call), *turns], ALL, seed).text,
    ):
        assert "18" in text
        assert "7" in text
