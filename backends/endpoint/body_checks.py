"""Request bodies, checked before anything goes to the backend."""

import json
from collections.abc import Mapping
from typing import Any

from workers_ai import Fault, InvalidRequestError, parse_request


def read_body(content: bytes) -> dict[str, Any]:
    """Return the JSON object in a body, or raise InvalidRequestError."""
    try:
        # Decoded here: json.loads() of bytes also accepts UTF-16, which no backend expects.
        value = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = "is nested too deeply" if deep else "is not JSON in UTF-8"
        raise InvalidRequestError([Fault("", f"the body {reason}")]) from None
    if not isinstance(value, dict):
        raise InvalidRequestError([Fault("", "the body must be a JSON object")])
    return value


def checked_body(content: bytes, *, knows_response_format: bool) -> bytes:
    """Return the body to send for a documented request, or raise InvalidRequestError.

    It is the received body byte for byte, with one exception: `response_format`, which is not on
    the page but which libraries send, becomes `guided_json` if the backend does not know it.
    """
    value = read_body(content)
    if not knows_response_format and "response_format" in value:
        schema = schema_of(value.pop("response_format"), value.get("messages"))
        if schema is not None:
            value.setdefault("guided_json", schema)
        return parse_request(value).json_bytes()
    parse_request(value)
    return content


def schema_of(response_format: Any, messages: Any) -> dict[str, Any] | None:
    """Return the schema that a `response_format` asks for, or None if it asks for text.

    The schema can be bare or in OpenAI's envelope (wire.md 6); for `json_object`, it can be in a
    system text, where libraries write it. Raises InvalidRequestError.
    """
    given = response_format if isinstance(response_format, Mapping) else {"type": response_format}
    kind = given.get("type")
    if kind in (None, "text"):
        return None
    if kind == "json_object":
        return _schema_in_system_text(messages) or {"type": "object"}
    if kind != "json_schema":
        sentence = "the type must be text, json_object or json_schema"
        raise InvalidRequestError([Fault("response_format.type", sentence)])
    schema = given.get("json_schema")
    if isinstance(schema, dict) and "name" in schema and "schema" in schema:
        schema = schema["schema"]
    if not isinstance(schema, dict):
        raise InvalidRequestError(
            [Fault("response_format.json_schema", "the schema must be an object")]
        )
    return schema


def _schema_in_system_text(messages: Any) -> dict[str, Any] | None:
    """Return the object schema that is the first JSON in a system text, if there is one."""
    for message in messages if isinstance(messages, list) else []:
        text = message.get("content") if isinstance(message, dict) else None
        if not isinstance(text, str) or message.get("role") not in ("system", "developer"):
            continue
        try:
            value, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
        except (ValueError, RecursionError):
            continue
        if value.get("type") == "object" and isinstance(value.get("properties"), dict):
            return dict(value)
    return None
