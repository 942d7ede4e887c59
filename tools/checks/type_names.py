"""Foreign names of types, and the type of a schema that names none."""

import json
import re
from typing import Any

from schemas import JSON_TYPES, has_type, inferred_type, json_type
from workers_ai.json_values import is_number

from .fixes import without

_WORDS = {
    **dict.fromkeys(("str", "text", "char", "varchar"), "string"),
    **dict.fromkeys(("int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("float", "double", "decimal"), "number"),
    "bool": "boolean",
    **dict.fromkeys(("list", "tuple", "set"), "array"),
    **dict.fromkeys(("dict", "map", "record", "struct"), "object"),
    **dict.fromkeys(("none", "nil", "nonetype"), "null"),
}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_ASIDE = ("enum", "const", "default")


class ConversionError(ValueError):
    """The value cannot be converted to the type."""


def known_kind(word: Any) -> str:
    """Return the word if it is a JSON Schema type, or ""."""
    return word if isinstance(word, str) and word in JSON_TYPES else ""


def json_schema_type(word: Any) -> str:
    """Return the JSON Schema type for a foreign name (`str`, `STRING`: string), or ""."""
    if not isinstance(word, str) or word in JSON_TYPES:
        return ""
    plain = word.strip().lower()
    return _WORDS.get(plain) or known_kind(plain)


def implied_kind(schema: dict[str, Any]) -> str:
    """Return the one type that a schema implies without naming it, or ""."""
    kind = schema.get("type")
    if isinstance(kind, list):
        return _one([json_schema_type(each) or known_kind(each) for each in kind])
    if kind is not None:
        return ""
    for keyword in ("anyOf", "oneOf"):
        if isinstance(schema.get(keyword), list):
            return _one([_kind_of_choice(choice) for choice in schema[keyword]])
    values = [schema[key] for key in ("const", "default") if schema.get(key) is not None]
    listed = schema.get("enum")
    values += listed if isinstance(listed, list) else []
    if values:
        return _one(list(map(json_type, values)))
    for keyword in _ASIDE:
        schema = without(schema, keyword)
    return inferred_type(schema, "")


def _one(kinds: list[str]) -> str:
    real = {kind for kind in kinds if kind != "null"}
    if real == {"integer", "number"}:
        return "number"
    return real.pop() if len(real) == 1 else ""


def _kind_of_choice(choice: Any) -> str:
    kind = choice.get("type") if isinstance(choice, dict) else None
    return json_schema_type(kind) or known_kind(kind)


def converted(value: Any, kind: str) -> Any:
    """Return a value converted to a type if it is unambiguous, or raise ConversionError."""
    if has_type(value, kind):
        return value
    if kind == "string" and (isinstance(value, bool) or is_number(value)):
        return json.dumps(value)
    if isinstance(value, str):
        read = _read(value.strip())
        if read is not None and has_type(read, kind):
            return read
    raise ConversionError(kind)


def _read(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return json.loads(text) if _NUMBER.fullmatch(text) else None
