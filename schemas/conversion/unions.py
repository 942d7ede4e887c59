"""Reduction of `allOf`, `anyOf` and `oneOf` to one schema with one type, as documented."""

from typing import Any

from workers_ai.json_values import Place

from .import_report import ONE_TYPE, ImportReport

_MOST_LEVELS = 10
_SAID = {"description", "title", "default", "examples", "example", "deprecated"}


def one_schema(schema: dict[str, Any], place: Place, findings: ImportReport) -> dict[str, Any]:
    """Return a schema with its own type, if its alternatives name one."""
    for _ in range(_MOST_LEVELS):
        if "type" in schema:
            return schema
        if isinstance(schema.get("allOf"), list):
            schema = merge_all_of(schema, place, findings)
        elif keyword := next((k for k in ("anyOf", "oneOf") if _is_choice(schema.get(k))), ""):
            schema = _chosen(schema, keyword, place, findings)
        else:
            return schema
    return schema


def merge_all_of(schema: dict[str, Any], place: Place, findings: ImportReport) -> dict[str, Any]:
    """Return a schema with the parts of its `allOf` merged into it."""
    for _ in range(_MOST_LEVELS):
        parts = schema.get("allOf")
        if not isinstance(parts, list):
            return schema
        own = {key: value for key, value in schema.items() if key != "allOf"}
        for part in parts:
            if isinstance(part, dict):
                own = _both(own, part, place, findings)
        schema = own
    return schema


def _both(
    one: dict[str, Any], other: dict[str, Any], place: Place, findings: ImportReport
) -> dict[str, Any]:
    own = {**other, **one}
    for key in one.keys() & other.keys():
        if isinstance(one[key], dict) and isinstance(other[key], dict) and key == "properties":
            own[key] = {**other[key], **one[key]}
        elif isinstance(one[key], list) and isinstance(other[key], list) and key in _JOINED:
            own[key] = [*one[key], *(each for each in other[key] if each not in one[key])]
        elif key not in _SAID and one[key] != other[key]:
            findings.add(place, f"allOf has conflicting values for {key[:40]}; the first was kept")
    return own


_JOINED = {"required", "allOf"}


def _is_choice(value: Any) -> bool:
    return isinstance(value, list)


def _chosen(
    schema: dict[str, Any], keyword: str, place: Place, findings: ImportReport
) -> dict[str, Any]:
    choices = [choice for choice in schema[keyword] if isinstance(choice, dict)]
    real = [choice for choice in choices if not _is_null(choice)]
    own = {key: value for key, value in schema.items() if key != keyword}
    if len(real) < len(choices):
        findings.add(place, f"null was left out of {keyword}; {ONE_TYPE}")
        if own.get("default", "") is None:
            del own["default"]
    if not real:
        return {**own, "type": "null"} if choices else own
    if len(real) == 1:
        return {**real[0], **own}
    kinds = {kind if isinstance(kind := choice.get("type"), str) else "" for choice in real}
    if len(kinds) == 1 and "" not in kinds:
        return {**own, keyword: real, "type": kinds.pop()}
    findings.add(place, f"{keyword} was left out; {ONE_TYPE}, so the first was used")
    return {**real[0], **own}


def _is_null(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "null" or schema in ({"const": None}, {"enum": [None]})
