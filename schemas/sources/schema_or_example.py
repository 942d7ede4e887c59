"""The distinction between a JSON Schema and an example of an answer."""

from typing import Any

from workers_ai.json_values import path, plain

from ..checks.keyword_shapes import is_schema, shape_problem
from ..checks.schema_check import check_schema
from ..checks.wrappers import wrapped_schema
from ..conversion.import_report import ImportReport
from ..schema_fixes import fixed_schema, schema_fixes
from .inference_result import SchemaSourceError

_COMBINED = ("anyOf", "oneOf", "allOf")
_OF_SCALARS = {
    *("type", "title", "description", "default", "examples", "enum", "const", "format", "pattern"),
    *("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "$comment", "deprecated"),
}
_SAYS_LITTLE = {"type", "title", "description"}


def written_schema(value: Any, findings: ImportReport) -> dict[str, Any] | None:
    """Return the value if it is a schema, or None if it is an example.

    Raises SchemaSourceError if it declares a JSON Schema dialect and has a fault.
    """
    if not isinstance(value, dict):
        return None
    if wrapped := wrapped_schema(value):
        place, value = wrapped
        findings.add((), f"the schema was taken from {path(place)}")
    is_declared = "json-schema.org" in str(value.get("$schema", ""))
    if not (is_declared or wrapped or _looks_like_one(value)):
        return None
    fixed = fixed_schema(value)
    problems = check_schema(fixed)
    if not problems:
        for fix in schema_fixes(value):
            findings.add((), f"{fix.path}: {fix.message}; done: {fix.label}")
        return dict(plain(fixed))
    if is_declared:
        raise SchemaSourceError(f"This JSON Schema has an error. {problems[0]}.")
    findings.add(
        (), f"it looks like a JSON Schema with an error ({problems[0]}) and was read as an example"
    )
    return None


def _looks_like_one(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    if kind is None:
        return _refers(value) or any(_are_schemas(value.get(key)) for key in _COMBINED)
    if shape_problem("type", kind):
        return False
    kinds = kind if isinstance(kind, list) else [kind]
    if "object" in kinds and isinstance(value.get("properties"), dict):
        return all(map(is_schema, value["properties"].values()))
    if "array" in kinds and (
        is_schema(value.get("items")) or _are_schemas(value.get("prefixItems"))
    ):
        return True
    return set(value) <= _OF_SCALARS and not set(value) <= _SAYS_LITTLE


def _refers(value: dict[str, Any]) -> bool:
    target = value.get("$ref")
    return (
        isinstance(target, str) and target.startswith("#") and isinstance(value.get("$defs"), dict)
    )


def _are_schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)
