"""A schema for answers: stored as written, sent only if it is valid."""

import json
from dataclasses import replace
from typing import Any

import pytest

from conversations import Question, Settings, next_request, read_schema
from workers_ai import InvalidRequestError, Parameters, ToolSupport

SCHEMA = {"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}
GUIDED = Settings(parameters=Parameters(), schema=json.dumps(SCHEMA), guided=True)
WHOLE = ToolSupport(takes_tools=True, result_role="user", streams=False)


def body(settings: Settings, **given: Any) -> dict[str, Any]:
    return next_request([], Question("How much?"), settings=settings, **given).body()


def test_the_schema_is_sent_as_it_is_in_both_forms() -> None:
    assert body(GUIDED)["guided_json"] == SCHEMA
    assert body(replace(GUIDED, form="prompt"))["guided_json"] == SCHEMA


def test_a_schema_that_is_switched_off_is_not_sent_and_may_be_anything() -> None:
    assert "guided_json" not in body(replace(GUIDED, guided=False, schema="{"))


def test_an_answer_with_a_schema_is_not_streamed_where_that_loses_text() -> None:
    streamed = replace(GUIDED, parameters=Parameters(stream=True))

    assert "stream" not in body(streamed, support=WHOLE)
    assert body(streamed)["stream"] is True


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The schema"),
        ("{", "line 1, column 2"),
        ("[]", "must be a JSON object"),
        ("true", "must be a JSON object"),
        ('{"type": "text"}', "type: The schema"),
        ('{"properties": {"a": {"minimum": "1"}}}', "properties.a.minimum: The schema"),
        ('{"$ref": "http://host/schema"}', "nothing is ever fetched"),
        ('{"$ref": "#"}', "refers back to itself"),
        ("[" * 5000, "nested"),
    ],
)
def test_a_schema_that_is_not_valid_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        body(replace(GUIDED, schema=text))

    assert sentence in str(caught.value)
    assert read_schema(text).faults
