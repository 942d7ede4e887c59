"""Faults of a value that should be a JSON Schema (2020-12)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from workers_ai import Fault
from workers_ai.json_values import Place, path, shown

from .keyword_shapes import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, is_schema, shape_problem
from .limits import TIMEOUT_FAULT, Check, OutOfTimeError, check_scope, size_fault
from .wrappers import wrapped_schema, wrapper_message

_NO_SCHEMA = "is not accepted; a schema is an object, true or false"
_REFERENCES = ("$ref", "$dynamicRef")
_SAME_VALUE = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"}
"""Keywords whose subschemas apply to the value itself, not to a part of it."""

_ENDLESS = "the schema refers back to itself here without descending into the value"


def check_schema(schema: Any) -> tuple[Fault, ...]:
    """Return the faults of a value as a JSON Schema, each with its path and one sentence.

    Checks the 2020-12 metaschema, regular expressions, and references: these must point into the
    schema itself, and not in a circle. A wrapper around a schema has one fault. Nothing
    is fetched and nothing is raised.
    """
    if problem := size_fault(schema):
        return (problem,)
    if not is_schema(schema):
        return (Fault("", f"{shown(schema)} {_NO_SCHEMA}"),)
    if wrapped := wrapped_schema(schema):
        return (Fault("", wrapper_message(wrapped[0])),)
    try:
        with check_scope() as check:
            survey = _Survey(check)
            survey.visit((), schema, None)
            # Follow references only if every shape is right: a pointer may cross any of them.
            if not survey.faults and isinstance(schema, dict):
                survey.follow(schema)
            if not survey.faults:
                survey.faults += _circles(survey.same_value)
    except OutOfTimeError:
        return (TIMEOUT_FAULT,)
    return tuple(survey.faults)


@dataclass(slots=True)
class _Survey:
    """Visits the subschemas without recursion: they may nest deeper than Python can call."""

    check: Check
    faults: list[Fault] = field(default_factory=list)
    same_value: dict[int, tuple[Place, list[int]]] = field(default_factory=dict)
    """By `id` of each subschema: where it is, and which others apply to the same value."""

    def visit(self, place: Place, schema: Any, resolver: Any) -> None:
        """Check the schema and all subschemas; with a resolver, their references too."""
        stack: list[tuple[Place, Any, Any]] = [(place, schema, resolver)]
        while stack:
            self.check.tick()
            place, part, around = stack.pop()
            if isinstance(part, bool) or (id(part) in self.same_value):
                continue
            if not isinstance(part, dict):
                self.faults.append(Fault(path(place), f"{shown(part)} {_NO_SCHEMA}"))
                continue
            near: list[int] = []
            self.same_value[id(part)] = (place, near)
            here = around and around.in_subresource(DRAFT202012.create_resource(part))
            inner = []
            for keyword, value in part.items():
                if problem := shape_problem(keyword, value):
                    self.faults.append(Fault(path((*place, keyword)), problem))
                    continue
                for steps, subschema in _subschemas(keyword, value):
                    inner.append(((*place, keyword, *steps), subschema, here))
                    if keyword in _SAME_VALUE:
                        near.append(id(subschema))
                if here and keyword in _REFERENCES:
                    inner += self._target((*place, keyword), value, here, near)
            stack += reversed(inner)

    def follow(self, schema: dict[str, Any]) -> None:
        """Visit the schema once more and look up every reference."""
        self.same_value.clear()
        resource = DRAFT202012.create_resource(schema)
        try:
            resolver: Any = Registry().resolver_with_root(resource)
            self.visit((), schema, resolver)
        except (Unresolvable, ValueError) as error:
            self.faults.append(Fault("", f"an $id in the schema cannot be read: {error}"))

    def _target(
        self, place: Place, reference: str, resolver: Any, near: list[int]
    ) -> list[tuple[Place, Any, Any]]:
        try:
            target = resolver.lookup(reference)
        except (Unresolvable, LookupError, ValueError, TypeError, AttributeError):
            self.faults.append(Fault(path(place), _unresolved(reference)))
            return []
        if not is_schema(target.contents):
            sentence = f"{shown(reference)} points to {shown(target.contents)}, not to a schema"
            self.faults.append(Fault(path(place), sentence))
            return []
        near.append(id(target.contents))
        return [(place, target.contents, target.resolver)]


def _subschemas(keyword: str, value: Any) -> Iterator[tuple[Place, Any]]:
    if keyword in SINGLE_SCHEMAS:
        yield (), value
    elif keyword in SCHEMA_LISTS:
        yield from (((at,), part) for at, part in enumerate(value))
    elif keyword in SCHEMA_MAPS:
        yield from (((name,), part) for name, part in value.items())


def _unresolved(reference: str) -> str:
    if reference.startswith("#"):
        return f"{shown(reference)} points to nothing in this schema"
    return (
        f"{shown(reference)} is outside this schema; references are followed only within it, "
        "and nothing is ever fetched"
    )


def _circles(near: dict[int, tuple[Place, list[int]]]) -> list[Fault]:
    """Return the fault of the first schema that refers to itself for the same value."""
    done: set[int] = set()
    for start in near:
        open_now: set[int] = set()
        stack = [(start, False)]
        while stack:
            here, leaving = stack.pop()
            if leaving:
                open_now.discard(here)
                done.add(here)
            elif here in open_now:
                return [Fault(path(near[here][0]), _ENDLESS)]
            elif here in near and here not in done:
                open_now.add(here)
                stack.append((here, True))
                stack += [(each, False) for each in near[here][1]]
    return []
