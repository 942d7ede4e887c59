from typing import Any

import pytest

from workers_ai import FunctionDefinition, FunctionTool, InvalidRequestError, Tool, parse_request
from workers_ai.validation import parse_tool

CITY = {"type": "string", "description": "A city"}
SCHEMA = {"type": "object", "properties": {"city": CITY}, "required": ["city"]}
FLAT = {"name": "weather", "description": "The weather", "parameters": SCHEMA}
WRAPPED = {"type": "function", "function": FLAT}


def faults(tool: Any) -> list[str]:
    with pytest.raises(InvalidRequestError) as caught:
        parse_tool(tool)
    return [fault.path for fault in caught.value.faults]


def flat(**changes: Any) -> dict[str, Any]:
    return {**FLAT, **changes}


def with_schema(**changes: Any) -> dict[str, Any]:
    return flat(parameters={**SCHEMA, **changes})


@pytest.mark.parametrize(
    "tool",
    [
        FLAT,
        WRAPPED,
        {"type": "anything", "function": FLAT},
        {**WRAPPED, "name": 5, "strict": True},
        flat(type=5, function="not one"),
        flat(strict=None),
        flat(name="", description=""),
        {**WRAPPED, "function": flat(strict=True)},
        with_schema(properties={}),
        with_schema(required=[]),
        with_schema(required=["not a property"]),
        with_schema(type="array", additionalProperties=False, title=None),
        with_schema(properties={"model_config": CITY, "body": CITY, "": CITY, "a b": CITY}),
        with_schema(
            properties={
                "unit": {"enum": ["C", "F", None], "description": "Which", "type": "string"},
                "days": {
                    "items": {"type": ["integer", "null"], "minimum": 1.5},
                    "type": "array",
                    "description": "Nested, and the inner ones need no description",
                },
            }
        ),
    ],
)
def test_a_valid_tool_travels_unchanged(tool: Any) -> None:
    assert parse_tool(tool).body() == tool
    assert parse_request({"messages": [], "tools": [tool]}).body()["tools"] == [tool]


def test_the_schema_keeps_the_order_of_its_keys() -> None:
    tool = with_schema(properties={"z": {"enum": [1], "description": "d", "type": "t"}, "a": CITY})
    properties = parse_tool(tool).body()["parameters"]["properties"]
    assert list(properties) == ["z", "a"]
    assert list(properties["z"]) == ["enum", "description", "type"]


@pytest.mark.parametrize(
    ("tool", "paths"),
    [
        ({}, ["name", "description", "parameters"]),
        ({"name": "a"}, ["description", "parameters"]),
        (flat(name=None), ["name"]),
        (flat(description=5), ["description"]),
        (flat(parameters=[]), ["parameters"]),
        (flat(parameters={}), ["parameters.type", "parameters.properties"]),
        (with_schema(type=["object", "null"]), ["parameters.type"]),
        (with_schema(required=None), ["parameters.required"]),
        (with_schema(required="city"), ["parameters.required"]),
        (with_schema(required=["city", 5]), ["parameters.required[1]"]),
        (with_schema(properties=[]), ["parameters.properties"]),
        (with_schema(properties={"a": True}), ["parameters.properties.a"]),
        (
            with_schema(properties={"a b": {"type": "x"}}),
            ['parameters.properties["a b"].description'],
        ),
        (
            with_schema(properties={"a": {"type": ["string", "null"], "description": None}}),
            ["parameters.properties.a.type", "parameters.properties.a.description"],
        ),
        (with_schema(properties={5: CITY}), ["parameters.properties"]),
        (with_schema(limit=float("inf")), ["parameters.limit"]),
        ({"function": FLAT}, ["type"]),
        (
            {"type": "function", "function": {}},
            ["function.name", "function.description", "function.parameters"],
        ),
        ({"type": "function", "function": None}, ["function"]),
        ({"type": None, "function": FLAT}, ["type"]),
        (FLAT | WRAPPED, [""]),
    ],
)
def test_each_fault_has_its_path(tool: Any, paths: list[str]) -> None:
    assert faults(tool) == paths


@pytest.mark.parametrize("tool", [None, "weather", 5, [FLAT]])
def test_a_tool_is_an_object(tool: Any) -> None:
    assert faults(tool) == [""]
    with pytest.raises(InvalidRequestError) as caught:
        parse_request({"messages": [], "tools": [FLAT, tool]})
    assert [fault.path for fault in caught.value.faults] == ["tools[1]"]


def test_both_shapes_have_the_same_attributes() -> None:
    for tool in (parse_tool(FLAT), parse_tool(WRAPPED)):
        assert (tool.name, tool.description, tool.parameters) == ("weather", "The weather", SCHEMA)
    assert isinstance(parse_tool(FLAT), Tool)
    assert isinstance(parse_tool(WRAPPED), FunctionTool)


def test_a_tool_is_written_with_ordinary_fields() -> None:
    tool = Tool(name="weather", description="The weather", parameters=SCHEMA)
    assert tool.body() == FLAT
    assert FunctionTool(type="function", function=tool).body() == WRAPPED


def test_a_tool_does_not_share_the_schema_it_was_made_from() -> None:
    schema = {"type": "object", "properties": {}}
    tool = Tool(name="n", description="d", parameters=schema)
    schema["properties"]["late"] = 5
    assert tool.parameters == {"type": "object", "properties": {}}


def test_functions_travel_and_are_never_run() -> None:
    code = "raise SystemExit('it ran')"
    functions = [{"name": "f", "code": code, "note": 1}]
    request = parse_request({"messages": [], "functions": functions})
    assert request.body()["functions"] == functions
    assert FunctionDefinition(name="f", code=code).body() == {"name": "f", "code": code}


@pytest.mark.parametrize(
    ("functions", "paths"),
    [
        ([{"name": "f"}], ["functions[0].code"]),
        ([{"code": 5}], ["functions[0].name", "functions[0].code"]),
        ([None, "f"], ["functions[0]", "functions[1]"]),
        ({}, ["functions"]),
        (None, ["functions"]),
    ],
)
def test_a_bad_function_is_refused_with_its_path(functions: Any, paths: list[str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        parse_request({"messages": [], "functions": functions})
    assert [fault.path for fault in caught.value.faults] == paths
