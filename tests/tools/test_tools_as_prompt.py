"""Tools described in the prompt."""

import json

import pytest

from backends.builtin.conversation import read_conversation
from backends.builtin.tool_choice import offered_tools
from tools import describe_tools
from workers_ai import FunctionTool, Tool

CITY = {"type": "string", "description": "Straße oder 都市"}
WEATHER = Tool(
    name="weather",
    description="The weather [now]",
    parameters={"type": "object", "properties": {"city": CITY}, "required": ["city"]},
)
CLOCK = Tool(name="clock", description="The time", parameters={"type": "object", "properties": {}})


def wrapped(tool: Tool) -> FunctionTool:
    return FunctionTool(type="function", function=tool)


def listed(text: str) -> object:
    return json.loads(text[text.index("[") :])


def test_the_documented_form_of_a_call_is_requested() -> None:
    text = describe_tools([WEATHER])

    assert text.startswith("You have access to the following functions.")
    assert '{"name": function name, "parameters": {' in text
    assert "nothing else" in text
    assert "JSON list" in text


def test_the_tools_are_described_completely_and_in_order() -> None:
    text = describe_tools([WEATHER, CLOCK])

    assert listed(text) == [WEATHER.body(), CLOCK.body()]
    assert listed(describe_tools([CLOCK, WEATHER])) == [CLOCK.body(), WEATHER.body()]


def test_both_shapes_give_the_same_text() -> None:
    assert describe_tools([wrapped(WEATHER), CLOCK]) == describe_tools([WEATHER, wrapped(CLOCK)])


def test_the_json_can_be_read_by_people() -> None:
    text = describe_tools([WEATHER])

    assert "Straße oder 都市" in text
    assert '\n    "name": "weather",\n' in text


def test_a_lone_surrogate_is_written_as_its_escape() -> None:
    odd = CLOCK.model_copy(update={"description": "\ud800"})
    text = describe_tools([odd])

    assert text.encode()
    assert listed(text) == [odd.body()]


def test_keys_beyond_the_documented_ones_are_left_out() -> None:
    strict = Tool.model_validate({**CLOCK.body(), "strict": True})

    assert describe_tools([strict]) == describe_tools([CLOCK])


def test_no_tools_give_no_text() -> None:
    assert describe_tools([]) == ""


def test_a_schema_can_be_as_deep_as_what_can_be_sent() -> None:
    schema: dict[str, object] = {"type": "string", "description": "x"}
    for _ in range(190):
        schema = {"type": "object", "description": "x", "properties": {"a": schema}}
    deep = Tool(name="deep", description="x", parameters=schema)

    assert listed(describe_tools([deep])) == [deep.body()]


@pytest.mark.parametrize("role", ["system", "user"])
def test_the_built_in_model_understands_it(role: str) -> None:
    text = describe_tools([WEATHER, CLOCK])
    body = {"messages": [{"role": role, "content": text}, {"role": "user", "content": "Hello"}]}
    offered = offered_tools(body, read_conversation(body))

    assert [(tool.name, tool.as_text) for tool in offered] == [("weather", True), ("clock", True)]
