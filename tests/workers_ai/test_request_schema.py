"""Requests that parse_request accepts, compared with the page's schema."""

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from workers_ai import PARAMETERS, InvalidRequestError, parse_request
from workers_ai.contract import input_schema
from workers_ai.parameters import Parameter

DOCUMENTED = Draft202012Validator(input_schema())

Strategy = st.SearchStrategy[Any]

TEXT = st.text(st.characters(codec="utf-8"), max_size=4)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 2, 2.0, 5, 50, 51, 0.5, 1.5, 9_999_999_999, 10**10, 10**20, 1e300]),
    st.sampled_from(["", "text", "5", "true", "data:,", "data:image/png;base64,AA", "http://x"]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def mostly(good: Strategy) -> Strategy:
    """Draw what is expected here, or anything in one case of forty."""
    return st.integers(0, 39).flatmap(lambda draw: good if draw else JSON)


def near_the_bounds(parameter: Parameter) -> Strategy:
    """Draw a value in the parameter's range, or outside it in one case of ten."""
    if parameter.kind == "boolean":
        return mostly(st.booleans())
    low, high = parameter.minimum or 0, parameter.maximum or 10**6
    inside = st.integers(low, high) | st.sampled_from([low, high, float(high)])
    if parameter.kind == "number":
        inside |= st.floats(low, high)
    outside = st.sampled_from([low - 1, high + 1, low - 0.5, high + 0.5])
    return mostly(st.integers(0, 9).flatmap(lambda draw: inside if draw else outside))


def objects(
    required: dict[str, Strategy] | None = None, optional: dict[str, Strategy] | None = None
) -> Strategy:
    return mostly(st.fixed_dictionaries(required or {}, optional=(optional or {}) | {"more": JSON}))


NAMES = st.sampled_from(["a", "city", "type", ""])
IMAGE_URLS = objects(optional={"url": mostly(st.sampled_from(["data:,", "data:image/png,A"]))})
PARTS = objects(
    optional={
        "type": mostly(st.sampled_from(["text", "image_url", "other"])),
        "text": mostly(TEXT),
        "image_url": IMAGE_URLS,
    }
)
MESSAGES = objects(
    optional={
        "role": mostly(st.sampled_from(["system", "user", "assistant", "tool"])),
        "content": mostly(st.one_of(TEXT, PARTS, st.lists(PARTS, max_size=2))),
    }
)
SIGNATURES = {
    "name": mostly(NAMES),
    "description": mostly(TEXT),
    "parameters": objects(
        {
            "type": mostly(st.just("object")),
            "properties": mostly(
                st.dictionaries(
                    NAMES, objects({"type": mostly(NAMES), "description": mostly(TEXT)}), max_size=2
                )
            ),
        },
        {"required": mostly(st.lists(mostly(NAMES), max_size=2))},
    ),
}
WRAPPED = {"type": mostly(st.just("function")), "function": objects(SIGNATURES)}
TOOLS = st.one_of(
    objects(SIGNATURES),
    objects(WRAPPED),
    objects(SIGNATURES, WRAPPED),
    objects(WRAPPED, SIGNATURES),
)
FUNCTIONS = objects({"name": mostly(TEXT), "code": mostly(TEXT)})
SETTINGS = {name: near_the_bounds(parameter) for name, parameter in PARAMETERS.items()} | {
    "guided_json": objects(),
    "options": JSON,
}
CHATS = st.fixed_dictionaries(
    {"messages": mostly(st.lists(MESSAGES, max_size=3))},
    optional=SETTINGS
    | {
        "tools": mostly(st.lists(TOOLS, max_size=2)),
        "functions": mostly(st.lists(FUNCTIONS, max_size=2)),
    },
)
PROMPTS = st.fixed_dictionaries({"prompt": mostly(TEXT)}, optional=SETTINGS | {"tools": JSON})


def accepts(value: Any) -> bool:
    try:
        request = parse_request(value)
    except InvalidRequestError:
        return False
    assert request.body() == value
    assert json.loads(request.json_bytes()) == value
    return True


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(CHATS, CHATS, CHATS, PROMPTS, JSON))
@example({})
@example({"messages": [], "tools": [{"type": "f", "function": {}}]})
def test_the_same_requests_are_accepted(value: Any) -> None:
    assert accepts(value) == DOCUMENTED.is_valid(value)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(PARAMETERS)), st.one_of(SCALARS, st.floats(), st.integers()))
def test_the_same_parameters_are_accepted(name: str, value: Any) -> None:
    finite = not isinstance(value, float) or math.isfinite(value)
    value = {"prompt": "x", name: value}
    assert accepts(value) == (finite and DOCUMENTED.is_valid(value))


def chat(url: str = "data:", **more: Any) -> dict[str, Any]:
    return {"messages": [{"content": {"image_url": {"url": url}}}], **more}


@pytest.mark.parametrize(
    "value",
    [
        chat(url="database"),
        chat(url="data"),
        chat(url="dataset.png"),
        chat(prompt=""),
        chat(prompt=5),
        {"prompt": "x", "messages": 5},
        chat(unknown=math.nan),
        chat(unknown=math.inf),
        chat(max_tokens=10**5000),
        {"messages": [{"content": "x"}], "\ud800": 1},
    ],
)
def test_these_are_refused_on_purpose_though_the_schema_accepts_them(value: Any) -> None:
    assert DOCUMENTED.is_valid(value)
    assert not accepts(value)


@pytest.mark.parametrize(
    "value", [chat(), {"prompt": "x"}, chat(seed=1), {"messages": []}, chat(unknown=None)]
)
def test_the_schema_accepts_what_these_cases_start_from(value: Any) -> None:
    assert DOCUMENTED.is_valid(value)
    assert accepts(value)
