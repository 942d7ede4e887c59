"""Schemathesis, which generates valid and invalid requests from the page's own schema."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.backends.endpoint.serving import Served, serving_built_in
from workers_ai import model_card

pytestmark = pytest.mark.sdk

JSON = "application/json"
ERROR = {
    "type": "object",
    "required": ["result", "success", "errors", "messages"],
    "properties": {
        "success": {"const": False},
        "messages": {"const": []},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
            },
        },
    },
}
ENVELOPE = {
    "type": "object",
    "required": ["result", "success", "errors", "messages"],
    "properties": {
        "success": {"const": True},
        "result": {"type": "object", "properties": {"response": {"type": "string"}}},
    },
}


def document(path: str) -> dict[str, Any]:
    answers = {
        "200": {JSON: {"schema": ENVELOPE}, "text/event-stream": {"schema": {"type": "string"}}},
        **{status: {JSON: {"schema": ERROR}} for status in ("400", "405", "413")},
    }
    operation = {
        "requestBody": {"required": True, "content": {JSON: {"schema": model_card.input_schema}}},
        "responses": {
            status: {"description": "An answer", "content": content}
            for status, content in answers.items()
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Workers AI", "version": "4"},
        "paths": {path: {"post": operation}},
    }


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
def test_what_the_schema_makes_is_answered_as_documented(
    library: Callable[[str], Any], mode: str
) -> None:
    schemathesis = library("schemathesis")
    checks = library("schemathesis.specs.openapi.checks")
    with serving_built_in() as served:
        made = schemathesis.openapi.from_dict(document(served.run_path))
        (found,) = made.get_all_operations()
        wanted = schemathesis.GenerationMode[mode]

        @settings(
            max_examples=60,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=found.ok().as_strategy(generation_mode=wanted))
        def answers(case: Any) -> None:
            # The page's schema accepts what no engine does: zero tokens, an invalid guided_json.
            send(case, served, [checks.positive_data_acceptance])

        answers()


def send(case: Any, served: Served, excluded: list[Any]) -> None:
    headers = {"authorization": "Bearer mine"}
    response = case.call(base_url=served.origin, headers=headers)
    assert response.status_code in (200, 400, 405, 413)
    if not response.headers["content-type"][0].startswith("text/event-stream"):
        case.validate_response(response, headers=headers, excluded_checks=excluded)
