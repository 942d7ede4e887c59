"""The text of a draft, read: a tool, or its faults."""

from typing import Any

from schemas import check_schema
from workers_ai import InvalidRequestError
from workers_ai.json_values import Place, path
from workers_ai.validation import parse_tool

from .draft import ToolDraft
from .envelope import check_envelope
from .fixes import Faults
from .json_draft import decoded
from .parameters import check_parameters


def read_tool(text: str) -> ToolDraft:
    """Read the JSON of one tool, in either documented shape.

    Checks the page's input schema (wire.md 5.2), that `parameters` is a JSON Schema that a value
    can follow, and that a call can name the tool in every notation. A draft without faults is sent
    as is. Nothing is raised.
    """
    found = decoded(text)
    if found.faults:
        return ToolDraft(found.value, None, found.faults)
    faults = Faults(found.value)
    place = check_envelope(found.value, faults)
    if place is not None:
        check_parameters(_at(found.value, place), place, faults)
        _check_schema(_at(found.value, place), place, faults)
    if listed := faults.listed():
        return ToolDraft(found.value, None, listed)
    try:
        return ToolDraft(found.value, parse_tool(found.value))
    except InvalidRequestError as error:
        for where, message in error.faults:
            faults.add_at(where, message)
        return ToolDraft(found.value, None, faults.listed())


def _check_schema(schema: dict[str, Any], place: Place, faults: Faults) -> None:
    begin = path(place)
    for where, message in check_schema(schema):
        joint = "" if where.startswith("[") or not where else "."
        faults.add_at(f"{begin}{joint}{where}", message)


def _at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value
