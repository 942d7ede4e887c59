"""The names that an object requires: a list of names that are its properties, none twice."""

from collections import Counter
from typing import Any

from ..json_values import Place, shown
from .mending import Faults, Mend, named, with_key, without, without_key

_WANTED = "it must be a list of the names of properties"


def check_required(schema: dict[str, Any], place: Place, faults: Faults, *, is_whole: bool) -> None:
    """Tell what is wrong with the names that a schema requires, and with marks in its properties.

    Only where it is whole must the names be its properties: others may be told elsewhere.
    """
    properties = schema.get("properties")
    names = properties if isinstance(properties, dict) else {}
    for name, part in names.items():
        if isinstance(part, dict) and isinstance(part.get("required"), bool):
            _tell_of_a_mark(name, schema, place, faults)
    given = schema.get("required", [])
    if isinstance(given, bool) and place[-2:-1] == ("properties",):
        # A mark: the object around has told of it.
        return
    if not isinstance(given, list):
        told = f"{shown(given)} is not accepted; {_WANTED}"
        faults.tell((*place, "required"), told, _list_mend(given, names, place))
        return
    _check_names(given, names if is_whole and isinstance(properties, dict) else None, place, faults)


def _tell_of_a_mark(name: str, schema: dict[str, Any], place: Place, faults: Faults) -> None:
    here = (*place, "properties", name)
    told = "properties are not marked one by one; the object has a list of the required names"
    if schema["properties"][name]["required"]:
        mend = _moving_mend(name, schema, place)
    else:
        mend = without_key(here, "required", "Take required out")
    faults.tell((*here, "required"), told, mend)


def _moving_mend(name: str, schema: dict[str, Any], place: Place) -> Mend | None:
    listed = schema.get("required", [])
    if not isinstance(listed, list):
        return None
    listed = listed if name in listed else [*listed, name]
    part = without(schema["properties"][name], "required")
    moved = {"properties": {**schema["properties"], name: part}, "required": listed}
    owner = place[-1] if isinstance(place[-1], str) else "the object"
    return Mend(f"Move required to {owner}", place, lambda here: {**here, **moved})


def _list_mend(given: Any, names: dict[str, Any], place: Place) -> Mend | None:
    if given is None or given is False:
        return without_key(place, "required", "Take required out")
    if isinstance(given, str) and given in names:
        return with_key(place, "required", [given], "Make it a list")
    if isinstance(given, dict) and all(isinstance(mark, bool) for mark in given.values()):
        marked = [name for name, mark in given.items() if mark]
        if names.keys() >= set(marked):
            return with_key(place, "required", marked, "Make it a list")
    return None


def _check_names(
    given: list[Any], names: dict[str, Any] | None, place: Place, faults: Faults
) -> None:
    here = (*place, "required")
    listed = [name for name in given if isinstance(name, str)]
    foreign = [name for name in given if not isinstance(name, str)]
    if foreign:
        mend = with_key(place, "required", listed, "Keep the names alone")
        faults.tell(here, f"{shown(foreign[0])} is no name; {_WANTED}", mend)
    for name, count in Counter(listed).items():
        if names is not None and name not in names:
            rest = [each for each in given if each != name]
            mend = with_key(place, "required", rest, f"Take {named(name)} out of required")
            faults.tell(here, f"{named(name)} is required, but it is no property", mend)
        elif count > 1:
            first = given.index(name)
            rest = [each for at, each in enumerate(given) if each != name or at == first]
            mend = with_key(place, "required", rest, f"Name {named(name)} once")
            faults.tell(here, f"{named(name)} stands in the list twice", mend)
