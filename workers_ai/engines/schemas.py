"""The schema that an answer must fit, however a request asks for it (wire.md 6)."""

from collections.abc import Mapping
from typing import Any


def asked_schema(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the bare schema of `guided_json` or of `response_format` in any of its forms."""
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
