"""The alternative of `anyOf` or `oneOf` that a value was most likely meant to match."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError

from workers_ai.json_values import shown

from .value_keywords import JSON_TYPES, choices, joined_alternatives

Branch = list[ValidationError]

_IDENTIFYING = {"const", "enum"}


def nearest_errors(error: ValidationError) -> Iterator[ValidationError]:
    """Yield the errors to report instead of "matches none of the alternatives".

    If every alternative only requires a type or a fixed value, one error lists them all. Otherwise
    the errors come from the alternative whose type and fixed values match; ties go to the one
    that was followed deepest, then to the one with the fewest errors.
    """
    if not error.context:
        yield error
        return
    branches: dict[object, Branch] = defaultdict(list)
    for each in error.context:
        branches[each.schema_path[0]].append(each)
    if together := _listed(list(branches.values())):
        error.message = f"{shown(error.instance)} is not accepted; it must be {together}"
        yield error
        return
    for each in min(branches.values(), key=_distance):
        yield from nearest_errors(each)


def _distance(branch: Branch) -> tuple[int, int, int, int]:
    here = [each for each in branch if not each.path]
    wrong_type = sum(each.validator in {"type", "false"} for each in here)
    other_value = sum(each.validator in _IDENTIFYING for each in branch)
    depth = max(len(each.path) for each in branch)
    return wrong_type, other_value, -depth, len(branch)


def _listed(branches: list[Branch]) -> str:
    """Return what the alternatives require, or "" if one requires more than a type or a value."""
    wanted: dict[str, None] = {}
    for branch in branches:
        first = branch[0]
        if first.validator == "false":
            continue
        if first.path or first.validator not in {"type", *_IDENTIFYING}:
            return ""
        if first.validator == "type":
            names: Any = first.validator_value
            types = [names] if isinstance(names, str) else names
            wanted |= dict.fromkeys(JSON_TYPES[name] for name in types)
        else:
            values: Any = first.validator_value
            listed = values if first.validator == "enum" else [values]
            wanted |= dict.fromkeys([choices(listed)] if listed else [])
    return joined_alternatives(list(wanted))
