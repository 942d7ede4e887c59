import base64
import io
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jsonschema
import pytest
from PIL import Image

ANNA = "Anna is 34 years old and lives in Paris. Extract the data."
TREE = {"type": "object", "properties": {"child": {"$ref": "#"}, "n": {"type": "integer"}}}
SCHEMAS = {
    "object": {
        "type": "object",
        "properties": {
            "vendor": {"type": "string"},
            "date": {"type": "string", "format": "date"},
            "total": {"type": "number"},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
                    "required": ["name", "price"],
                },
            },
        },
        "required": ["vendor", "date", "total", "items"],
    },
    "anything": {},
    "any object": {"type": "object"},
    "bounded integers": {
        "type": "array",
        "items": {"type": "integer", "minimum": 100, "maximum": 200},
        "minItems": 3,
        "maxItems": 5,
    },
    "enum": {"enum": ["a", "b", "long one", 3, None]},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "nullable": {"type": ["string", "null"]},
    "anyOf": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    "oneOf": {"oneOf": [{"type": "boolean"}, {"type": "integer"}]},
    "recursive": {**TREE, "required": ["n"]},
    "pattern": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
    "email": {"type": "string", "format": "email"},
    "long string": {"type": "string", "minLength": 300},
    "map": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
    "hostile names": {
        "type": "object",
        "properties": {'é"k': {"type": "string"}, "a\\b": {"const": 'x"\n\u2028'}},
        "required": ['é"k', "a\\b"],
        "additionalProperties": False,
    },
    "multiples": {"type": "integer", "multipleOf": 7, "minimum": 20},
}


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("temperature", [0, 0.6, 2, 5])
def test_a_guided_answer_is_valid(
    result: Callable[..., dict[str, Any]], name: str, temperature: float
) -> None:
    for seed in (1, 2, 3):
        found = result(ANNA, guided_json=SCHEMAS[name], temperature=temperature, seed=seed)
        jsonschema.validate(json.loads(found["response"]), SCHEMAS[name])


def person(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def test_fields_are_filled_with_what_was_said(ask: Callable[..., str]) -> None:
    schema = person(name={"type": "string"}, age={"type": "integer"}, city={"type": "string"})
    for seed in range(1, 6):
        answer = json.loads(ask(ANNA, guided_json=schema, seed=seed))
        assert answer == {"name": "Anna", "age": 34, "city": "Paris"}


def test_letters_beyond_ascii_are_copied_whole(ask: Callable[..., str]) -> None:
    schema = person(name={"type": "string"}, city={"type": "string"})
    answer = json.loads(ask("Zoë lives in Zürich.", guided_json=schema, temperature=0))
    assert answer == {"name": "Zoë", "city": "Zürich"}


def test_what_was_not_said_is_not_invented(ask: Callable[..., str]) -> None:
    schema = person(name={"type": "string"}, capital={"type": "string"})
    answer = json.loads(ask("Tell me about India", guided_json=schema, temperature=0))
    assert answer == {"name": "India", "capital": "unknown"}


def test_a_choice_that_was_mentioned_is_taken(ask: Callable[..., str]) -> None:
    schema = person(unit={"enum": ["celsius", "fahrenheit"]})
    answer = json.loads(ask("In fahrenheit, please", guided_json=schema, temperature=0))
    assert answer == {"unit": "fahrenheit"}


def test_fields_about_a_picture_hold_what_was_measured(ask: Callable[..., str]) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (220, 30, 30)).save(stream, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"
    parts = [{"type": "image_url", "image_url": {"url": url}}]
    schema = person(width={"type": "integer"}, height={"type": "integer"})
    messages = [{"role": "user", "content": parts}]
    answer = json.loads(ask(messages=messages, guided_json=schema, temperature=0))
    assert answer == {"width": 640, "height": 480}


def test_strings_about_the_guide_hold_readable_words(ask: Callable[..., str]) -> None:
    schema = person(title={"type": "string"}, summary={"type": "string"})
    answer = json.loads(ask("What is top_p?", guided_json=schema, temperature=0))
    assert answer["title"] == "What does top_p do?"
    assert answer["summary"].startswith("The `top_p` setting keeps")
    assert answer["summary"].endswith(".")


@pytest.mark.parametrize("max_tokens", [40, 60, 90, 150])
def test_the_document_is_closed_before_the_tokens_run_out(
    result: Callable[..., dict[str, Any]], max_tokens: int
) -> None:
    schema = {"type": "array", "items": person(note={"type": "string"}), "minItems": 2}
    for seed in range(1, 9):
        found = result(ANNA, guided_json=schema, temperature=2, seed=seed, max_tokens=max_tokens)
        assert found["usage"]["completion_tokens"] <= max_tokens
        jsonschema.validate(json.loads(found["response"]), schema)


def test_where_even_the_shortest_document_is_too_long_it_is_cut(
    result: Callable[..., dict[str, Any]],
) -> None:
    schema = person(**{f"property_{n}": {"type": "string"} for n in range(50)})
    found = result(ANNA, guided_json=schema, max_tokens=30)
    assert found["usage"]["completion_tokens"] == 30
    with pytest.raises(json.JSONDecodeError):
        json.loads(found["response"])


def test_the_stream_of_a_guided_answer_adds_up_to_it(
    run: Callable[..., httpx.Response], ask: Callable[..., str]
) -> None:
    schema = person(name={"type": "string"})
    lines = run(ANNA, guided_json=schema, seed=1, stream=True).text.splitlines()
    events = [
        json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: {")
    ]
    text = "".join(event["response"] for event in events)
    assert text == ask(ANNA, guided_json=schema, seed=1)


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "foo"}, "must be one of"),
        ({"not": {}}, "not"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"$ref": "http://elsewhere.invalid/x"}, "nothing is ever fetched"),
        ({"type": "string", "pattern": "("}, "regex|pattern|unclosed"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_with_the_reason(
    run: Callable[..., httpx.Response], schema: dict[str, Any], reason: str
) -> None:
    response = run("x", guided_json=schema)
    (error,) = response.json()["errors"]
    assert (response.status_code, error["code"]) == (400, 8007)
    assert any(word.lower() in error["message"].lower() for word in reason.split("|"))


def nested(depth: int) -> dict[str, Any]:
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


def doubled(times: int) -> dict[str, Any]:
    schema = {"type": "string"}
    for _ in range(times):
        schema = person(a=schema, b=schema)
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"},
        {"type": "string", "pattern": "^(a+)+$"},
        {"type": "string", "pattern": "^(a|aa)+(b{1,1000}){1,1000}$"},
        {"type": "string", "minLength": 1_000_000_000},
        {"type": "array", "minItems": 1_000_000, "items": {"type": "string"}},
        {"enum": [f"value {n}" for n in range(15_000)]},
        {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(500)}},
        {"type": "integer", "multipleOf": 7, "minimum": 10**30},
        {"x-guidance": {"whitespace_flexible": True, "nonsense": 1}},
        TREE,
        nested(150),
        doubled(12),
        doubled(13),
    ],
    ids=range(14),
)
def test_a_hostile_schema_is_answered_in_bounded_time(
    run: Callable[..., httpx.Response], schema: dict[str, Any]
) -> None:
    before = time.monotonic()
    assert run("x", guided_json=schema).status_code in {200, 400}
    assert time.monotonic() - before < 10
