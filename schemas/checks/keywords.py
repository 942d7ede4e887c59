"""Checks of keywords about the parts of a value; `jsonschema` finds the parts.

The library's own functions search with `re`, compare every pair of items, and report all extra
keys in one sentence.
"""

import math
from typing import Any

from jsonschema.exceptions import ValidationError

from workers_ai.json_values import identity, shown

from .evaluated_parts import evaluated_items, evaluated_keys, matching_patterns
from .limits import current_check
from .patterns import occurs
from .value_keywords import VALUE_KEYWORDS, Errors, Keyword, choices, short_json

NOTHING_ACCEPTED = "nothing is accepted here"


def _unique_items(_validator: Any, unique: Any, value: Any, _schema: Any) -> Errors:
    if not unique or not isinstance(value, list):
        return
    seen: dict[Any, int] = {}
    for at, item in enumerate(value):
        first = seen.setdefault(identity(item), at)
        if first != at:
            message = f"it equals item {first} (counted from 0); items must not repeat"
            yield ValidationError(message, path=[at])


def _properties(validator: Any, schemas: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, dict):
        for name, schema in schemas.items():
            if name in value:
                yield from _part(validator, value[name], schema, name, NOTHING_ACCEPTED)


def _prefix_items(validator: Any, schemas: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, list):
        for at, (item, schema) in enumerate(zip(value, schemas, strict=False)):
            yield from _part(validator, item, schema, at, NOTHING_ACCEPTED)


def _items(validator: Any, schema: Any, value: Any, parent: Any) -> Errors:
    if isinstance(value, list):
        for at in range(len(parent.get("prefixItems", ())), len(value)):
            yield from _part(validator, value[at], schema, at, "no item is accepted here")


def _part(validator: Any, value: Any, schema: Any, key: int | str, refusal: str) -> Errors:
    if schema is False:
        yield ValidationError(refusal, path=[key])
    else:
        yield from validator.descend(value, schema, path=key)


def _contains(validator: Any, schema: Any, value: Any, parent: Any) -> Errors:
    if not isinstance(value, list):
        return
    least, most = parent.get("minContains", 1), parent.get("maxContains", math.inf)
    wanted = validator.evolve(schema=schema)
    count = sum(1 for item in value if wanted.is_valid(item))
    matching = f"{count or 'none'} of {len(value)} {'does' if count == 1 else 'do'}"
    if count < least:
        items = "item must match" if least == 1 else "items must match"
        yield ValidationError(f"at least {shown(least)} {items} contains; {matching}")
    if count > most:
        items = "item may match" if most == 1 else "items may match"
        yield ValidationError(f"at most {shown(most)} {items} contains; {matching}")


def _required(_validator: Any, names: Any, value: Any, _schema: Any) -> Errors:
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield ValidationError("it is missing", path=[name])


def _dependent_required(_validator: Any, needs: Any, value: Any, _schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for name, needed in needs.items():
        for other in needed if name in value else ():
            if other not in value:
                yield ValidationError(
                    f"it is missing; {short_json(name)} requires it", path=[other]
                )


def _pattern_properties(validator: Any, patterns: Any, value: Any, _schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for pattern, schema in patterns.items():
        for name, part in value.items():
            if occurs(pattern, name):
                yield from _part(validator, part, schema, name, "this key is not accepted")


def _additional_properties(validator: Any, schema: Any, value: Any, parent: Any) -> Errors:
    if not isinstance(value, dict):
        return
    named, patterns = parent.get("properties", {}), parent.get("patternProperties", {})
    for name, part in value.items():
        if name not in named and not matching_patterns(patterns, name):
            yield from _part(validator, part, schema, name, "this key is not accepted")


def _property_names(validator: Any, schema: Any, value: Any, _schema: Any) -> Errors:
    if not isinstance(value, dict):
        return
    for name in value:
        for error in validator.descend(name, schema):
            yield ValidationError(f"the key itself: {error.message}", path=[name])


def _unevaluated_properties(validator: Any, schema: Any, value: Any, parent: Any) -> Errors:
    if isinstance(value, dict):
        known = evaluated_keys(validator, value, parent, own=False)
        for name in [name for name in value if name not in known]:
            yield from _part(validator, value[name], schema, name, "this key is not accepted")


def _unevaluated_items(validator: Any, schema: Any, value: Any, parent: Any) -> Errors:
    if isinstance(value, list):
        known = evaluated_items(validator, value, parent, own=False)
        for at in [at for at in range(len(value)) if at not in known]:
            yield from _part(validator, value[at], schema, at, "no item is accepted here")


def _branch(validator: Any, schema: Any, value: Any, at: int) -> list[ValidationError]:
    if schema is False:
        return [ValidationError(NOTHING_ACCEPTED, validator="false", schema_path=[at])]
    return list(validator.descend(value, schema, schema_path=at))


def _any_of(validator: Any, branches: Any, value: Any, _schema: Any) -> Errors:
    failed = []
    for at, branch in enumerate(branches):
        errors = _branch(validator, branch, value, at)
        if not errors:
            return
        failed += errors
    yield ValidationError("it matches none of the alternatives", context=failed)


def _one_of(validator: Any, branches: Any, value: Any, _schema: Any) -> Errors:
    failed, fitting = [], 0
    for at, branch in enumerate(branches):
        errors = _branch(validator, branch, value, at)
        failed += errors
        fitting += not errors
    if not fitting:
        yield ValidationError("it matches none of the alternatives", context=failed)
    elif fitting > 1:
        yield ValidationError(
            f"it matches {fitting} of the {len(branches)} alternatives; it must match exactly one"
        )


def _not(validator: Any, schema: Any, value: Any, _schema: Any) -> Errors:
    if validator.evolve(schema=schema).is_valid(value):
        excluded = choices([schema]) if not isinstance(schema, dict) else ", ".join(schema)
        sentence = f"{shown(value)} is excluded by the schema (not: {excluded or 'any'})"
        yield ValidationError(sentence)


def with_deadline(keyword: Keyword) -> Keyword:
    """Return the check of a keyword that looks at the clock first."""

    def check(validator: Any, keyword_value: Any, value: Any, schema: Any) -> Errors:
        current_check().tick()
        return keyword(validator, keyword_value, value, schema)

    return check


KEYWORDS: dict[str, Keyword] = VALUE_KEYWORDS | {
    "uniqueItems": _unique_items,
    "properties": _properties,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "required": _required,
    "dependentRequired": _dependent_required,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "unevaluatedProperties": _unevaluated_properties,
    "unevaluatedItems": _unevaluated_items,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
}
