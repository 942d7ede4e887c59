"""Schema keywords that an engine may not enforce."""

from typing import Any

import pytest

from schemas import schema_flags
from schemas.flags import MOST_FLAGS


def flagged(schema: Any) -> list[str]:
    return [flag.path for flag in schema_flags(schema)]


def test_a_plain_schema_has_no_flags() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "enum": ["x", "y"]}},
        "required": ["a"],
        "additionalProperties": False,
    }
    assert schema_flags(schema) == ()


@pytest.mark.parametrize(
    ("part", "keyword"),
    [
        ({"type": "number", "multipleOf": 2}, "multipleOf"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"type": "string", "pattern": "^a"}, "pattern"),
        ({"type": "string", "format": "idn-email"}, "format"),
        ({"dependentRequired": {}}, "dependentRequired"),
        ({"not": {"type": "string"}}, "not"),
        ({"enum": list(range(51))}, "enum"),
    ],
)
def test_a_keyword_is_flagged_where_it_is(part: dict[str, Any], keyword: str) -> None:
    schema = {"properties": {"a b": {"items": part}}, "required": ["a b"], "$defs": {"x": {}}}

    assert flagged(schema) == [f'properties["a b"].items.{keyword}']


def test_what_is_not_required_may_be_left_out() -> None:
    assert flagged({"properties": {"a": {}, "b": {}}, "required": ["a"]}) == ["required"]
    assert "b" in schema_flags({"properties": {"a": {}, "b": {}}, "required": ["a"]})[0].message


def test_a_property_that_is_named_like_a_keyword_is_not_one() -> None:
    assert flagged({"properties": {"pattern": {}}, "required": ["pattern"]}) == []


def test_a_root_that_is_not_an_object_is_flagged() -> None:
    assert flagged({"type": "array"}) == ["type"]


def test_there_is_an_end_to_them() -> None:
    many = {str(at): {"minimum": 1} for at in range(200)}
    deep: Any = {}
    for _ in range(300):
        deep = {"items": deep}

    assert len(flagged({"properties": many})) == MOST_FLAGS
    assert flagged(deep) == []
    assert flagged(True) == []  # noqa: FBT003 - a schema
