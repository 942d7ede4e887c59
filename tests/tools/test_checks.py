import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import ToolDraft, ToolFault, duplicate_name_faults, read_tool
from tools.checks.fixes import MOST_FAULTS
from tools.checks.json_draft import LONGEST_DRAFT
from workers_ai import InvalidRequestError, parse_request
from workers_ai.validation import parse_tool

CITY = {"type": "string", "description": "A city"}
SCHEMA = {"type": "object", "properties": {"city": CITY}, "required": ["city"]}
FLAT = {"name": "get_weather", "description": "The weather", "parameters": SCHEMA}
WRAPPED = {"type": "function", "function": FLAT}


def read(value: Any) -> ToolDraft:
    return read_tool(json.dumps(value))


def only_fault(value: Any) -> ToolFault:
    draft = read(value)
    assert draft.tool is None
    assert [str(fault) for fault in draft.faults] == [str(draft.faults[0])]
    return draft.faults[0]


def mended(fault: ToolFault) -> Any:
    assert fault.fix is not None
    return json.loads(fault.fix.text)


def flat(**changes: Any) -> dict[str, Any]:
    return {**FLAT, **changes}


def with_schema(**changes: Any) -> dict[str, Any]:
    return flat(parameters={**SCHEMA, **changes})


def with_unit(**keys: Any) -> dict[str, Any]:
    return with_schema(properties={"city": CITY, "unit": {"description": "The unit", **keys}})


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name != key}


@pytest.mark.parametrize(
    "tool",
    [
        FLAT,
        WRAPPED,
        flat(name="a.b-C_9"),
        flat(type="function", strict=True),
        {**WRAPPED, "function": {**FLAT, "strict": True}},
        with_schema(properties={}, required=[]),
        flat(parameters=without(SCHEMA, "required")),
        with_schema(additionalProperties=False, title="Weather"),
        with_unit(type="string", enum=["C", "F"], default="C"),
        with_unit(type="number", enum=[1, 2.5], default=1),
        with_unit(type="integer", default=1.0, minimum=0),
        with_unit(type="array", items={"type": ["string", "null"], "enum": ["a", None]}),
        with_unit(
            type="object",
            properties={"a": {"type": "string"}, "b": {}},
            required=["a"],
            anyOf=[{"required": ["a"]}, {"required": ["b"], "properties": {"c": {}}}],
        ),
        with_schema(properties={"city": CITY, "required": CITY, "type": CITY, "a b": CITY}),
    ],
)
def test_a_valid_tool_is_sent_as_is(tool: Any) -> None:
    draft = read(tool)
    assert draft.faults == ()
    assert draft.value == tool
    assert draft.tool is not None
    assert draft.tool.body() == tool


@pytest.mark.parametrize(
    ("tool", "path", "label", "fixed"),
    [
        ([FLAT], "", "Use the one tool", FLAT),
        ({"tools": [[WRAPPED]]}, "", "Use the one tool", WRAPPED),
        (without(WRAPPED, "type"), "type", "Set type to function", WRAPPED),
        ({**WRAPPED, "type": "fn"}, "type", "Set type to function", WRAPPED),
        ({**WRAPPED, **FLAT}, "function", "Keep only function", WRAPPED),
        (flat(name="get weather!"), "name", "Rename to get_weather", FLAT),
        (flat(name="wetter für"), "name", "Rename to wetter_fur", flat(name="wetter_fur")),
        (
            {**without(FLAT, "parameters"), "input_schema": SCHEMA},
            "parameters",
            "Rename input_schema to parameters",
            FLAT,
        ),
        (
            without(FLAT, "parameters"),
            "parameters",
            "Add empty parameters",
            flat(parameters={"type": "object", "properties": {}}),
        ),
        (flat(parameters=without(SCHEMA, "type")), "parameters.type", "Set type to object", FLAT),
        (with_schema(type="OBJECT"), "parameters.type", "Set type to object", FLAT),
        (with_schema(type=["object", "null"]), "parameters.type", "Set type to object", FLAT),
        (
            flat(parameters={"type": "object"}),
            "parameters.properties",
            "Add properties",
            flat(parameters={"type": "object", "properties": {}}),
        ),
        (
            flat(parameters={"type": "object", "city": CITY, "required": ["city"]}),
            "parameters.properties",
            "Move them into properties",
            FLAT,
        ),
        (
            with_schema(properties={"city": {"type": "string"}}),
            "parameters.properties.city.description",
            "Add “The city.”",
            with_schema(properties={"city": {"type": "string", "description": "The city."}}),
        ),
        (
            with_schema(properties={"city": {**CITY, "type": ["string", "null"]}}),
            "parameters.properties.city.type",
            "Set type to string",
            FLAT,
        ),
        (
            with_schema(properties={"city": {**CITY, "required": True}}, required=[]),
            "parameters.properties.city.required",
            "Move required to parameters",
            FLAT,
        ),
        (
            with_schema(properties={"city": {**CITY, "required": False}}),
            "parameters.properties.city.required",
            "Remove required",
            FLAT,
        ),
        (
            with_schema(required=["city", "unit"]),
            "parameters.required",
            "Remove “unit” from required",
            FLAT,
        ),
        (with_schema(required=["city", "city"]), "parameters.required", "List “city” once", FLAT),
        (with_schema(required=["city", 5]), "parameters.required", "Keep only the names", FLAT),
        (with_schema(required="city"), "parameters.required", "Make it a list", FLAT),
        (with_schema(required={"city": True}), "parameters.required", "Make it a list", FLAT),
        (
            with_schema(required=None),
            "parameters.required",
            "Remove required",
            flat(parameters=without(SCHEMA, "required")),
        ),
        (
            with_unit(type="string", enum=[]),
            "parameters.properties.unit.enum",
            "Remove enum",
            with_unit(type="string"),
        ),
        (
            with_unit(type="string", enum=["C", None]),
            "parameters.properties.unit.enum",
            "Remove null from enum",
            with_unit(type="string", enum=["C"]),
        ),
        (
            with_unit(type="integer", enum=["1", 2]),
            "parameters.properties.unit.enum",
            "Convert them to integer",
            with_unit(type="integer", enum=[1, 2]),
        ),
        (
            with_unit(type="string", default=None),
            "parameters.properties.unit.default",
            "Remove default",
            with_unit(type="string"),
        ),
        (
            with_unit(type="boolean", default="True"),
            "parameters.properties.unit.default",
            "Convert it to boolean",
            with_unit(type="boolean", default=True),
        ),
        (
            with_unit(type="array", items={"type": "str"}),
            "parameters.properties.unit.items.type",
            "Set type to string",
            with_unit(type="array", items={"type": "string"}),
        ),
        (
            with_unit(type="object", properties={"a": {}}, required=["a", "b"]),
            "parameters.properties.unit.required",
            "Remove “b” from required",
            with_unit(type="object", properties={"a": {}}, required=["a"]),
        ),
        (
            with_unit(type="object", properties={"a": {"required": True}}),
            "parameters.properties.unit.properties.a.required",
            "Move required to unit",
            with_unit(type="object", properties={"a": {}}, required=["a"]),
        ),
    ],
)
def test_what_can_only_mean_one_thing_has_a_fix(
    tool: Any, path: str, label: str, fixed: Any
) -> None:
    fault = only_fault(tool)
    assert fault.path == path
    assert fault.fix is not None
    assert fault.fix.label == label
    assert mended(fault) == fixed
    assert read_tool(fault.fix.text).faults == ()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("str", "string"),
        ("STRING", "string"),
        ("int", "integer"),
        ("float", "number"),
        ("bool", "boolean"),
        ("list", "array"),
        ("dict", "object"),
    ],
)
def test_types_of_other_languages_are_translated(word: str, kind: str) -> None:
    fault = only_fault(with_unit(type=word))
    assert fault.path == "parameters.properties.unit.type"
    assert mended(fault) == with_unit(type=kind)


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({"enum": ["C", "F"]}, "string"),
        ({"enum": [1, 2.5]}, "number"),
        ({"default": 5}, "integer"),
        ({"properties": {}}, "object"),
        ({"items": {}}, "array"),
        ({"minLength": 3}, "string"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer"),
        ({"enum": [1, "a"]}, None),
        ({"type": ["string", "integer"]}, None),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, None),
        ({}, None),
    ],
)
def test_a_type_is_filled_in_where_the_rest_implies_it(keys: Any, kind: str | None) -> None:
    fault = only_fault(with_unit(**keys))
    assert fault.path == "parameters.properties.unit.type"
    if kind is None:
        assert fault.fix is None
    else:
        assert mended(fault) == with_unit(**keys, type=kind)


@pytest.mark.parametrize(
    ("tool", "path", "words"),
    [
        (5, "", "a tool must be a JSON object, not 5"),
        ([], "", "one tool (a JSON object), not a list"),
        ([FLAT, FLAT], "", "one tool (a JSON object), not a list"),
        ({"type": "function", "function": "f"}, "function", "must be an object"),
        ({**WRAPPED, **FLAT, "name": "other"}, "function", "flat or wrapped in function, not both"),
        (without(FLAT, "name"), "name", "this key is required"),
        (flat(name=""), "name", "the name is empty; a name is 1 to 64 letters"),
        (flat(name="天気"), "name", "“天気” is not accepted"),
        (flat(description=" "), "description", "the description is empty"),
        (flat(description=None), "description", "null is not accepted; it must be a string"),
        (flat(parameters=[]), "parameters", "a list is not accepted; it must be an object"),
        (with_schema(properties=[], required=[]), "parameters.properties", "a list is not"),
        (with_unit(type="anything"), "parameters.properties.unit.type", "one of null, boolean"),
        (with_unit(type="string", pattern="("), "parameters.properties.unit.pattern", "regular"),
        (with_unit(type="integer", enum=["a"]), "parameters.properties.unit.enum", "not of type"),
        (with_unit(type="integer", default="a"), "parameters.properties.unit.default", '"a" is'),
        (with_unit(type="string", minLength=-1), "parameters.properties.unit.minLength", "-1"),
        (
            {**WRAPPED, "function": with_unit(type="array", items={"$ref": "#/nowhere"})},
            'function.parameters.properties.unit.items["$ref"]',
            "points to nothing",
        ),
        (
            with_schema(properties={"city": CITY, "a b": {**CITY, "description": 5}}),
            'parameters.properties["a b"].description',
            "must be a string",
        ),
    ],
)
def test_what_could_mean_several_things_is_only_reported(tool: Any, path: str, words: str) -> None:
    fault = only_fault(tool)
    assert fault.path == path
    assert words in fault.message
    assert fault.fix is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the draft is empty"),
        (" \n", "the draft is empty"),
        ('{"name": }', "not JSON at line 1, column 10"),
        ('{\n "name": NaN}', "not JSON at line 2, column 10: NaN"),
        ('["NaN", -Infinity]', "not JSON at line 1, column 9: -Infinity"),
        ("[1, 1e999]", "not JSON at line 1, column 5: 1e999"),
        ("[\n" + "9" * 5000 + "]", "not JSON at line 2, column 1: 99999"),
        ("[" * 100_000, "nested more than"),
        ('["\\ud800"]', "lone surrogate"),
        ("1" * (LONGEST_DRAFT + 1), "more than 200,000 characters"),
    ],
)
def test_text_that_is_not_json_has_one_fault(text: str, words: str) -> None:
    draft = read_tool(text)
    assert draft.value is None
    assert draft.tool is None
    assert [fault.path for fault in draft.faults] == [""]
    assert words in draft.faults[0].message
    assert draft.faults[0].fix is None


@pytest.mark.parametrize(
    ("old", "new", "label"),
    [
        ('"city"]', '"city", ]', "Remove trailing commas"),
        ("}", ",}", "Remove trailing commas"),
        ('"The weather"', '"The weather", "strict": True', "Use true, false and null"),
    ],
)
def test_what_python_allows_is_written_as_json(old: str, new: str, label: str) -> None:
    (fault,) = read_tool(json.dumps(FLAT).replace(old, new)).faults
    assert fault.fix is not None
    assert fault.fix.label == label
    assert without(mended(fault), "strict") == FLAT


def test_only_what_is_outside_of_strings_is_fixed() -> None:
    tool = flat(description='None, True,] "so,}"')
    (fault,) = read_tool(json.dumps(tool)[:-1] + ",}").faults
    assert mended(fault) == tool


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_tool("\ufeff" + json.dumps(FLAT)).faults == ()


def test_a_duplicate_key_is_reported_with_its_path() -> None:
    (fault,) = read_tool('{"parameters": {"type": "object", "type": "array"}}').faults
    assert fault.path == "parameters.type"
    assert fault.message == "“type” appears twice here; only one can count"
    assert fault.fix is None


def test_a_duplicate_key_with_the_same_value_is_fixed() -> None:
    text = json.dumps(FLAT)[:-1] + ', "name": "get_weather"}'
    (fault,) = read_tool(text).faults
    assert mended(fault) == FLAT


def test_every_fault_is_reported_once_and_in_order() -> None:
    draft = read({"function": {"parameters": {"properties": {"a": {"type": "str"}, "b": 5}}}})
    assert [fault.path for fault in draft.faults] == [
        "type",
        "function.name",
        "function.description",
        "function.parameters.type",
        "function.parameters.properties.a.description",
        "function.parameters.properties.b",
        "function.parameters.properties.a.type",
    ]


def test_a_fix_keeps_letters_and_the_order_of_keys() -> None:
    tool = {"description": "Größe", **with_schema(required=["city", "x"])}
    fix = only_fault(tool).fix
    assert fix is not None
    assert fix.text == json.dumps(
        {"description": "The weather", **without(FLAT, "description")}, indent=2
    ).replace("The weather", tool["description"])


def test_endless_faults_are_counted_and_cost_little() -> None:
    properties: dict[str, Any] = {f"p{number}": {} for number in range(10_000)}
    begin = time.monotonic()
    faults = read(with_schema(properties=properties, required=[])).faults
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].message == "19,950 more errors are not listed"
    assert time.monotonic() - begin < 10


def test_a_text_full_of_quotes_is_read_quickly() -> None:
    begin = time.monotonic()
    assert read_tool('{"' + '\\"' * 90_000).tool is None
    assert read_tool("{" + ",\n" * 90_000).tool is None
    assert time.monotonic() - begin < 10


def test_the_second_tool_of_a_name_is_reported_and_gets_another() -> None:
    drafts = [read(FLAT), read(WRAPPED), read(flat(name="get_weather_2")), read(FLAT), read(5)]
    faults = duplicate_name_faults(drafts)
    assert [fault and fault.path for fault in faults] == [None, "function.name", None, "name", None]
    renamed = [mended(fault) for fault in faults if fault]
    assert renamed[0] == {**WRAPPED, "function": flat(name="get_weather_3")}
    assert renamed[1] == flat(name="get_weather_4")


def test_a_name_that_is_made_longer_is_not_too_long() -> None:
    drafts = [read(flat(name="a" * 64))] * 2
    (fault,) = filter(None, duplicate_name_faults(drafts))
    assert mended(fault)["name"] == "a" * 62 + "_2"
    assert fault.fix is not None
    assert read_tool(fault.fix.text).faults == ()


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["1", "a", "true", ""])
TYPES = st.sampled_from(["string", "object", "array", "integer", "str", "INT", "null", "x", ""])
JSON = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = st.sampled_from(["city", "unit", "a b", "required"])


def dictionaries(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=values)


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return dictionaries(
        type=TYPES | st.lists(TYPES, max_size=2) | JSON,
        description=st.sampled_from(["Text", ""]) | JSON,
        required=st.lists(NAMES | SCALARS, max_size=3)
        | NAMES
        | st.booleans()
        | st.dictionaries(NAMES, st.booleans(), max_size=2)
        | JSON,
        properties=st.dictionaries(NAMES, inner, max_size=3) | JSON,
        items=inner,
        enum=st.lists(SCALARS, max_size=3) | JSON,
        default=SCALARS,
        anyOf=st.lists(inner, max_size=2),
    )


SCHEMAS = st.recursive(
    TYPES | JSON | schemas(JSON), lambda inner: schemas(inner) | inner, max_leaves=6
)
SOUND = st.just(SCHEMA)
TEXTS = st.sampled_from(["get_weather", "a b", "", "ü", "x" * 70]) | JSON
BARE = dictionaries(
    name=TEXTS, description=TEXTS, parameters=SCHEMAS | SOUND, input_schema=SCHEMAS, args=SCHEMAS
)
DRAFTS = st.recursive(
    BARE
    | st.builds(lambda tool, more: {**FLAT, **tool, **more}, BARE, st.just({}))
    | st.builds(lambda schema: flat(parameters=schema), SCHEMAS)
    | st.builds(lambda schema: with_schema(properties={"city": CITY, "a": schema}), SCHEMAS)
    | JSON,
    lambda inner: (
        st.builds(lambda tool, more: {"function": tool, **more}, inner, BARE)
        | st.builds(lambda tool: {"type": "function", "function": tool}, inner)
        | st.lists(inner, max_size=2)
        | st.builds(lambda tools: {"tools": tools}, inner)
    ),
    max_leaves=2,
)


def paths(draft: ToolDraft) -> set[tuple[str, str]]:
    return {(fault.path, fault.message) for fault in draft.faults}


@given(DRAFTS)
def test_a_fix_removes_its_fault_and_adds_none_there(value: Any) -> None:
    before = read(value)
    for fault in before.faults:
        if fault.fix is not None:
            after = read_tool(fault.fix.text)
            assert (fault.path, fault.message) not in paths(after)
            added = paths(after) - paths(before)
            assert [path for path, _ in added if path == fault.path] == []


@given(DRAFTS, st.randoms(use_true_random=False))
def test_fixes_come_to_an_end(value: Any, random: Any) -> None:
    draft = read(value)
    for _ in range(200):
        fixes = [fault.fix for fault in draft.faults if fault.fix is not None]
        if not fixes:
            return
        draft = read_tool(random.choice(fixes).text)
    pytest.fail("there is always one more fix")


@given(DRAFTS)
def test_a_draft_without_faults_is_sent_unchanged(value: Any) -> None:
    draft = read(value)
    while fix := next((fault.fix for fault in draft.faults if fault.fix), None):
        draft = read_tool(fix.text)
    assert (draft.tool is None) == bool(draft.faults)
    if draft.tool is not None:
        request = parse_request({"messages": [], "tools": [draft.value]})
        assert request.body()["tools"] == [draft.value]
        assert draft.tool.body() == draft.value


@given(DRAFTS)
def test_what_cannot_be_sent_has_a_fault(value: Any) -> None:
    try:
        parse_tool(value)
    except InvalidRequestError:
        assert read(value).faults


@given(DRAFTS)
def test_no_fault_is_reported_twice(value: Any) -> None:
    listed = [str(fault) for fault in read(value).faults]
    assert len(set(listed)) == len(listed)


@given(JSON | DRAFTS, st.integers(0, 300), st.text(max_size=3))
def test_any_text_is_read_and_nothing_is_raised(value: Any, at: int, typed: str) -> None:
    text = json.dumps(value)
    draft = read_tool(text[:at] + typed + text[at:])
    assert (draft.tool is None) == bool(draft.faults)
    duplicate_name_faults([draft, draft])


@given(st.text())
def test_any_words_are_read_and_nothing_is_raised(text: str) -> None:
    assert read_tool(text).tool is None
