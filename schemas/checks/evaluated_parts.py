"""The parts of a value that a schema has evaluated; `unevaluated…` applies to the rest."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .limits import current_check
from .patterns import occurs

_CHOICES = ("allOf", "anyOf", "oneOf")


def matching_patterns(patterns: Iterable[str], name: str) -> bool:
    """Return whether one of the patterns occurs in the name."""
    return any(occurs(pattern, name) for pattern in patterns)


def evaluated_keys(validator: Any, value: Any, schema: Any, *, own: bool = True) -> set[str]:
    """Return the keys that `schema` evaluates; `own` includes its own `unevaluatedProperties`.

    The schema is one that the value matches, or the one being checked.
    """
    current_check().tick()
    if isinstance(schema, bool):
        return set()
    if "additionalProperties" in schema or (own and "unevaluatedProperties" in schema):
        return set(value)
    known = set(schema.get("properties", ())) & set(value)
    patterns = schema.get("patternProperties", ())
    known |= {name for name in value if matching_patterns(patterns, name)}
    for inner, part in _in_place(validator, value, schema):
        known |= evaluated_keys(inner, value, part)
    return known


def evaluated_items(validator: Any, value: Any, schema: Any, *, own: bool = True) -> set[int]:
    """Return the indexes of the items that `schema` evaluates, as `evaluated_keys` does."""
    current_check().tick()
    if isinstance(schema, bool):
        return set()
    if "items" in schema or (own and "unevaluatedItems" in schema):
        return set(range(len(value)))
    known = set(range(min(len(value), len(schema.get("prefixItems", ())))))
    if "contains" in schema:
        wanted = validator.evolve(schema=schema["contains"])
        known |= {at for at, item in enumerate(value) if wanted.is_valid(item)}
    for inner, part in _in_place(validator, value, schema):
        known |= evaluated_items(inner, value, part)
    return known


def _in_place(validator: Any, value: Any, schema: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the subschemas that apply to the same value and that it matches."""
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema:
            target = validator._resolver.lookup(schema[keyword])  # noqa: SLF001 - no public way
            inner = validator.evolve(schema=target.contents, _resolver=target.resolver)
            if inner.is_valid(value):
                yield inner, target.contents
    fits = _fits(validator, value)
    parts = [part for keyword in _CHOICES for part in schema.get(keyword, ())]
    if isinstance(value, dict):
        dependent = schema.get("dependentSchemas", {})
        parts += [part for name, part in dependent.items() if name in value]
    if "if" in schema:
        parts += [schema["if"], schema.get("then" if fits(schema["if"]) else "else", True)]
    for part in parts:
        if fits(part):
            yield validator, part


def _fits(validator: Any, value: Any) -> Callable[[Any], bool]:
    return lambda schema: next(validator.descend(value, schema), None) is None
