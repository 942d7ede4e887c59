"""JSON on lines, annotated with its faults."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas import annotated_json, check_answer
from workers_ai import Fault

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


@given(VALUES)
def test_without_faults_it_is_the_value_as_json_writes_it(value: Any) -> None:
    assert annotated_json(value, ()) == json.dumps(value, indent=2, ensure_ascii=False)


def test_a_fault_follows_the_line_that_it_is_about() -> None:
    schema = {
        "type": "object",
        "properties": {
            "items": {
                "type": "array",
                "items": {"type": "object", "properties": {"a b": {"type": "string"}}},
            }
        },
        "required": ["total"],
    }
    value = {"items": [{"a b": "x"}, {"a b": 5}]}
    lines = annotated_json(value, check_answer(value, schema)).split("\n")

    assert lines[0] == "{  // ← total: it is missing"
    [marked] = [line for line in lines[1:] if "// ←" in line]
    assert marked.startswith('      "a b": 5  // ← ')


def test_several_faults_of_one_place_are_together() -> None:
    assert annotated_json(1, [Fault("", "too small"), Fault("", "odd")]) == "1  // ← too small; odd"


def test_a_long_value_ends_with_an_ellipsis() -> None:
    assert annotated_json(list(range(9)), (), most=3) == "[\n  0,\n  1,\n…"


def test_a_deep_value_is_written() -> None:
    value: Any = 0
    for _ in range(2_000):
        value = [value]

    assert annotated_json(value, (), most=10**4).count("[") == 2_000
