"""The schema that an answer must match, in any form a request can give it (wire.md 6)."""

from collections.abc import Mapping
from typing import Any


def asked_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the bare schema in `guided_json`, or in any form of `response_format`."""
    if isinstance(body.get("guided_json"), dict):
        return dict(body["guided_json"])
    form = body.get("response_format")
    wrapped = form.get("json_schema") if isinstance(form, dict) else None
    if not isinstance(wrapped, dict):
        return None
    inner = wrapped.get("schema")
    return dict(inner) if isinstance(inner, dict) else dict(wrapped)


def response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Wrap a schema as OpenAI does."""
    named = {"name": "answer", "strict": True, "schema": dict(schema)}
    return {"type": "json_schema", "json_schema": named}
