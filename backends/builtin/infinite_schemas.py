"""Parts of a schema that require themselves recursively, so that no value is finite."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from .schema_lookup import parts, targets

_KINDS = ("null", "boolean", "number", "string", "array", "object")


def finite_types(schema: Mapping[str, Any]) -> dict[int, list[str]]:
    """Return the types that allow a finite value, by the id() of each part that lists others too.

    If no type is left, no value can satisfy the part. Recursion that arises only from several parts
    together, through `allOf`, is not detected.
    """
    survey = _Survey(schema)
    survey.follow()
    kinds = ((part, survey.kinds(part)) for part in survey.parts)
    return {id(part): left for part, left in kinds if len(left) < len(_named(part))}


class _Survey:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._targets = targets(schema)
        begun = (schema, *self._targets.values())
        found = {id(part): part for each in begun for _, part in parts(each)}
        self.parts = list(found.values())
        self._ends: set[int] = set()

    def follow(self) -> None:
        """Find the parts with finite values, then those that depend only on them, and so on."""
        dependents = defaultdict(list)
        for part in self.parts:
            for group in self._needs(part):
                for each in group:
                    dependents[id(each)].append(part)
        waiting = list(self.parts)
        while waiting:
            part = waiting.pop()
            if id(part) not in self._ends and self.kinds(part):
                self._ends.add(id(part))
                waiting += dependents[id(part)]

    def kinds(self, part: Mapping[str, Any]) -> list[str]:
        """Return the types that allow a finite value, as far as is known."""
        if not all(any(map(self._is_over, group)) for group in self._choices(part)):
            return []
        if "const" in part or "enum" in part:
            return _named(part)
        inner = {"object": _required(part), "array": _first_items(part)}
        return [kind for kind in _named(part) if all(map(self._is_over, inner.get(kind, ())))]

    def _is_over(self, part: Any) -> bool:
        return not isinstance(part, Mapping) or id(part) in self._ends

    def _needs(self, part: Mapping[str, Any]) -> Iterator[list[Any]]:
        yield from self._choices(part)
        yield _required(part)
        yield _first_items(part)

    def _choices(self, part: Mapping[str, Any]) -> Iterator[list[Any]]:
        """Yield groups of schemas; a value must also satisfy at least one of each group."""
        if "$ref" in part:
            yield [self._targets[part["$ref"]]]
        yield from (part[keyword] for keyword in ("anyOf", "oneOf") if keyword in part)
        yield from ([each] for each in part.get("allOf", ()))


def _named(part: Mapping[str, Any]) -> list[str]:
    named = part.get("type", _KINDS)
    return [named] if isinstance(named, str) else list(named)


def _required(part: Mapping[str, Any]) -> list[Any]:
    properties = part.get("properties", {})
    others = None if part.get("patternProperties") else part.get("additionalProperties")
    return [properties.get(name, others) for name in part.get("required", ())]


def _first_items(part: Mapping[str, Any]) -> list[Any]:
    least = int(part.get("minItems", 0))
    prefix = list(part.get("prefixItems", ()))
    return prefix[:least] + ([part.get("items")] if least > len(prefix) else [])
