"""Checks of `required`: a list of property names, each at most once."""

from collections import Counter
from typing import Any

from workers_ai.json_values import Place, shown

from .fixes import Edit, Faults, in_quotes, with_key, without, without_key

_WANTED = "it must be a list of property names"


def check_required(schema: dict[str, Any], place: Place, faults: Faults, *, is_whole: bool) -> None:
    """Report faults in a schema's `required` list, and flags in its properties.

    The names must be its properties only if `is_whole`: a branch's may be defined elsewhere.
    """
    properties = schema.get("properties")
    names = properties if isinstance(properties, dict) else {}
    for name, part in names.items():
        if isinstance(part, dict) and isinstance(part.get("required"), bool):
            _report_flag(name, schema, place, faults)
    given = schema.get("required", [])
    if isinstance(given, bool) and place[-2:-1] == ("properties",):
        # A flag: already reported for the enclosing object.
        return
    if not isinstance(given, list):
        sentence = f"{shown(given)} is not accepted; {_WANTED}"
        faults.add((*place, "required"), sentence, _list_mend(given, names, place))
        return
    _check_names(given, names if is_whole and isinstance(properties, dict) else None, place, faults)


def _report_flag(name: str, schema: dict[str, Any], place: Place, faults: Faults) -> None:
    here = (*place, "properties", name)
    sentence = "a property cannot be marked as required; the object lists its required names"
    if schema["properties"][name]["required"]:
        mend = _moving_mend(name, schema, place)
    else:
        mend = without_key(here, "required", "Remove required")
    faults.add((*here, "required"), sentence, mend)


def _moving_mend(name: str, schema: dict[str, Any], place: Place) -> Edit | None:
    listed = schema.get("required", [])
    if not isinstance(listed, list):
        return None
    listed = listed if name in listed else [*listed, name]
    part = without(schema["properties"][name], "required")
    moved = {"properties": {**schema["properties"], name: part}, "required": listed}
    owner = place[-1] if isinstance(place[-1], str) else "the object"
    return Edit(f"Move required to {owner}", place, lambda here: {**here, **moved})


def _list_mend(given: Any, names: dict[str, Any], place: Place) -> Edit | None:
    if given is None or given is False:
        return without_key(place, "required", "Remove required")
    if isinstance(given, str) and given in names:
        return with_key(place, "required", [given], "Make it a list")
    if isinstance(given, dict) and all(isinstance(flag, bool) for flag in given.values()):
        marked = [name for name, flag in given.items() if flag]
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
        mend = with_key(place, "required", listed, "Keep only the names")
        faults.add(here, f"{shown(foreign[0])} is not a name; {_WANTED}", mend)
    for name, count in Counter(listed).items():
        if names is not None and name not in names:
            rest = [each for each in given if each != name]
            mend = with_key(place, "required", rest, f"Remove {in_quotes(name)} from required")
            faults.add(here, f"{in_quotes(name)} is required but is not a property", mend)
        elif count > 1:
            first = given.index(name)
            rest = [each for at, each in enumerate(given) if each != name or at == first]
            mend = with_key(place, "required", rest, f"List {in_quotes(name)} once")
            faults.add(here, f"{in_quotes(name)} is listed twice", mend)
