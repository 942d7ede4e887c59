"""Checks of a tool's parameters: an object whose properties have one type and a description."""

from typing import Any

from schemas import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS
from workers_ai.json_values import Place, shown

from ..imports.normalize import words
from .fixes import Edit, Faults, in_quotes, with_key
from .subschemas import check_subschemas
from .type_names import implied_kind, json_schema_type, known_kind

_MISSING = "this key is required"
_BESIDE_PROPERTIES = {
    *("type", "required", "title", "description", "additionalProperties", "$schema", "$defs"),
}


def check_parameters(schema: dict[str, Any], place: Place, faults: Faults) -> None:
    """Report faults in the parameters and in all schemas within."""
    _check_object(schema, place, faults)
    properties = schema.get("properties")
    if isinstance(properties, dict):
        for name, part in properties.items():
            _check_property(name, part, (*place, "properties", name), faults)
    else:
        mend = _properties_mend(schema, place)
        sentence = f"{shown(properties)} is not accepted; it must be an object"
        faults.add((*place, "properties"), sentence if "properties" in schema else _MISSING, mend)
    check_subschemas(schema, place, faults)


def _check_object(schema: dict[str, Any], place: Place, faults: Faults) -> None:
    kind = schema.get("type")
    if kind == "object":
        return
    meant = kind is None or "properties" in schema or json_schema_type(kind) == "object"
    mend = with_key(place, "type", "object", "Set type to object") if meant else None
    sentence = f'{shown(kind)} is not accepted; it must be "object"'
    faults.add((*place, "type"), sentence if "type" in schema else _MISSING, mend)


def _properties_mend(schema: dict[str, Any], place: Place) -> Edit | None:
    if schema.get("properties") is not None:
        return None
    loose = [key for key in schema if key not in _BESIDE_PROPERTIES and key != "properties"]
    if loose and _are_properties(schema, loose):
        moved = {key: value for key, value in schema.items() if key not in loose}
        moved["properties"] = {key: schema[key] for key in loose}
        return Edit("Move them into properties", place, lambda _: moved)
    return with_key(place, "properties", {}, "Add properties")


def _are_properties(schema: dict[str, Any], keys: list[str]) -> bool:
    keywords = SINGLE_SCHEMAS | SCHEMA_LISTS | SCHEMA_MAPS
    return all(isinstance(schema[key], dict) and key not in keywords for key in keys)


def _check_property(name: str, schema: Any, place: Place, faults: Faults) -> None:
    if not isinstance(schema, dict):
        faults.add(place, _no_property(schema), _property_mend(schema, place))
        return
    kind = schema.get("type")
    if not isinstance(kind, str):
        _tell_of_kind(schema, place, faults)
    description = schema.get("description")
    if description is None or (isinstance(description, str) and not description.strip()):
        written = _description(name, schema)
        mend = with_key(place, "description", written, f"Add {in_quotes(written)}")
        sentence = "a description is required: it tells the model what to pass"
        faults.add((*place, "description"), sentence, mend)
    elif not isinstance(description, str):
        sentence = f"{shown(description)} is not accepted; it must be a string"
        faults.add((*place, "description"), sentence)


def _no_property(schema: Any) -> str:
    return f"{shown(schema)} is not accepted; it must be an object with type and description"


def _property_mend(schema: Any, place: Place) -> Edit | None:
    kind = json_schema_type(schema) or known_kind(schema)
    if not kind:
        return None
    return Edit(f"Set type to {kind}", place, lambda _: {"type": kind})


def _tell_of_kind(schema: dict[str, Any], place: Place, faults: Faults) -> None:
    kind = schema.get("type")
    found = implied_kind(schema)
    mend = with_key(place, "type", found, f"Set type to {found}") if found else None
    sentence = f"{shown(kind)} is not accepted; it must be the name of one type"
    faults.add((*place, "type"), sentence if "type" in schema else _MISSING, mend)


def _description(name: str, schema: dict[str, Any]) -> str:
    title = schema.get("title")
    return title if isinstance(title, str) and title.strip() else f"The {words(name)}."
