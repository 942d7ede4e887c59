"""The bodies of requests, checked before anything goes to the backend."""

import json
from collections.abc import Mapping
from typing import Any

from ..errors import Fault, InvalidRequestError
from ..parsing import parse_request


def read_body(content: bytes) -> dict[str, Any]:
    """Return the JSON object of a body, or raise InvalidRequestError."""
    try:
        # Decoded here: json.loads() of bytes would also take UTF-16, which no backend expects.
        value = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = "is nested too deeply" if deep else "is not JSON in UTF-8"
        raise InvalidRequestError([Fault("", f"the body {reason}")]) from None
    if not isinstance(value, dict):
        raise InvalidRequestError([Fault("", "the body must be a JSON object")])
    return value


def checked(content: bytes, *, knows_response_format: bool) -> bytes:
    """Return the body to send for a documented request, or raise InvalidRequestError.

    It is what came, byte by byte, with one exception: `response_format`, which is not on the page
    but which libraries send, becomes `guided_json` where the backend does not know it.
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
    """Return the schema that a `response_format` asks for, None where it asks for text.

    The schema may stand bare or in OpenAI's envelope (wire.md 6), and for `json_object` in a system
    text, where libraries write it. Raises InvalidRequestError.
    """
    given = response_format if isinstance(response_format, Mapping) else {"type": response_format}
    kind = given.get("type")
    if kind in (None, "text"):
        return None
    if kind == "json_object":
        return _told_schema(messages) or {"type": "object"}
    if kind != "json_schema":
        sentence = "the type must be text, json_object or json_schema"
        raise InvalidRequestError([Fault("response_format.type", sentence)])
    schema = given.get("json_schema")
    if isinstance(schema, dict) and "name" in schema and "schema" in schema:
        schema = schema["schema"]
    if not isinstance(schema, dict):
        raise InvalidRequestError([Fault("response_format.json_schema", "a schema is an object")])
    return schema


def _told_schema(messages: Any) -> dict[str, Any] | None:
    """Return the schema of an object that a system text has as its first JSON, if one has."""
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
