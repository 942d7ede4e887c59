"""Wrappers that clients send around a schema, and schemas that constrain nothing."""

from typing import Any

from workers_ai.json_values import Place, path

from .keyword_shapes import ANNOTATIONS, KEYWORDS


def wrapped_schema(value: Any) -> tuple[Place, dict[str, Any]] | None:
    """Return where in a wrapper the schema is, and the schema; None if it is not a wrapper.

    Wrappers are what clients send around a schema: OpenAI's `response_format` and tools,
    Anthropic's and MCP's tools, Gemini's `responseSchema`, and this API's own `guided_json`.
    """
    if not isinstance(value, dict) or _is_constraining(value):
        return None
    for place in _WRAPPED:
        inner: Any = value
        for key in place:
            inner = inner.get(key) if isinstance(inner, dict) else None
        if isinstance(inner, dict) and _is_constraining(inner):
            return place, inner
    return None


_WRAPPED: tuple[Place, ...] = (
    ("schema",),
    ("json_schema", "schema"),
    ("json_schema",),
    ("response_format", "json_schema", "schema"),
    ("response_format", "json_schema"),
    ("text", "format", "schema"),
    ("format", "schema"),
    ("function", "parameters"),
    *(
        (name,)
        for name in ("parameters", "input_schema", "inputSchema", "outputSchema", "output_schema")
    ),
    *((name,) for name in ("guided_json", "responseSchema", "response_schema")),
    ("generationConfig", "responseSchema"),
)
_WRAPPING_TYPES = ("json_schema", "function")


def _is_constraining(schema: dict[str, Any]) -> bool:
    """Return whether a schema has a keyword that some answer could violate."""
    if schema.get("type") in _WRAPPING_TYPES:
        return False
    return any(key in KEYWORDS and key not in ANNOTATIONS for key in schema)


def constrains_nothing(schema: Any) -> bool:
    """Return whether no keyword of a schema means anything for an answer."""
    return isinstance(schema, dict) and not _is_constraining(schema)


def wrapper_message(place: Place) -> str:
    """Return the sentence that says where the schema in a wrapper is."""
    return f"it is a wrapper around a schema, which is at {path(place)}"
