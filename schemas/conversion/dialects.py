"""Translation of the schema dialects of OpenAPI 3.0 and Gemini to JSON Schema."""

from typing import Any

from workers_ai.json_values import Place, is_number

from .import_report import NO_FIELD, ImportReport
from .subschemas import with_subschemas

_TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
GEMINI_TYPES = {name.upper(): name for name in _TYPES}
"""Gemini's names for the types."""

_FOREIGN = {"discriminator", "externalDocs", "propertyOrdering", "xml"}
_BOUNDS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
_COUNTS = (
    *("minItems", "maxItems", "minLength", "maxLength"),
    *("minProperties", "maxProperties"),
)
_LONGEST_COUNT = 12


def in_json_schema(schema: Any, place: Place, findings: ImportReport) -> Any:
    """Return a schema and its subschemas in standard JSON Schema."""
    if not isinstance(schema, dict):
        return schema
    own = with_subschemas(schema, place, lambda part, at: in_json_schema(part, at, findings))
    for keyword in [key for key in own if key in _FOREIGN or key.startswith("x-")]:
        del own[keyword]
        findings.add(place, f"{keyword[:40]} was left out; {NO_FIELD}")
    _write_types(own)
    _write_bounds(own)
    if (nullable := own.pop("nullable", None)) is True:
        _allow_null(own, place, findings)
    elif nullable not in (None, False):
        findings.add(place, f"nullable was left out; {NO_FIELD}")
    return own


def _write_types(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = GEMINI_TYPES.get(kind, kind)
    elif isinstance(kind, list):
        schema["type"] = [GEMINI_TYPES.get(each, each) for each in kind if isinstance(each, str)]
    if schema.get("type") == "TYPE_UNSPECIFIED":
        del schema["type"]


def _write_bounds(schema: dict[str, Any]) -> None:
    for exclusive, bound in _BOUNDS.items():
        if isinstance(schema.get(exclusive), bool):
            is_exclusive = schema.pop(exclusive)
            if is_exclusive and is_number(schema.get(bound)):
                schema[exclusive] = schema.pop(bound)
    for keyword in _COUNTS:
        # Gemini writes 64-bit integers as strings.
        text = schema.get(keyword)
        if isinstance(text, str) and _is_count(text):
            schema[keyword] = int(text)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT


def _allow_null(schema: dict[str, Any], place: Place, findings: ImportReport) -> None:
    kind = schema.get("type")
    if isinstance(kind, str) and kind != "null":
        schema["type"] = [kind, "null"]
    elif isinstance(kind, list) and "null" not in kind:
        schema["type"] = [*kind, "null"]
    else:
        findings.add(place, f"nullable was left out; {NO_FIELD}")
        return
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
