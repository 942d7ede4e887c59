"""Whether a value is a JSON Schema (2020-12) that can be checked against."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from ..errors import Fault
from ..faults import path
from ..json_values import Place, shown
from .limits import LATE, Check, OutOfTimeError, one_check, too_much
from .shapes import LISTS, MAPS, SINGLE, is_schema, shape_problem

_NO_SCHEMA = "is not accepted; a schema is an object, true or false"
_REFERENCES = ("$ref", "$dynamicRef")
_SAME_VALUE = {"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"}
"""Keywords whose subschemas speak of the value itself, not of a part of it."""

_ENDLESS = "the schema leads back to itself here without ever looking at a part of the value"


def check_schema(schema: Any) -> tuple[Fault, ...]:
    """Return what keeps a value from being a JSON Schema, each with its place and one sentence.

    Checked are the 2020-12 metaschema, regular expressions, and references: they must lead into
    the schema itself, and not in a circle. Nothing is fetched and nothing is raised.
    """
    if problem := too_much(schema):
        return (problem,)
    if not is_schema(schema):
        return (Fault("", f"{shown(schema)} {_NO_SCHEMA}"),)
    try:
        with one_check() as check:
            survey = _Survey(check)
            survey.visit((), schema, None)
            # References are followed only where every shape is right: a pointer may cross it.
            if not survey.faults and isinstance(schema, dict):
                survey.follow(schema)
            if not survey.faults:
                survey.faults += _circles(survey.same_value)
    except OutOfTimeError:
        return (LATE,)
    return tuple(survey.faults)


@dataclass(slots=True)
class _Survey:
    """Goes through the subschemas without recursion: they may nest deeper than Python can call."""

    check: Check
    faults: list[Fault] = field(default_factory=list)
    same_value: dict[int, tuple[Place, list[int]]] = field(default_factory=dict)
    """By the identity of each subschema: where it is, and which ones see the same value."""

    def visit(self, place: Place, schema: Any, resolver: Any) -> None:
        """Check the schema and all within; with a resolver, their references too."""
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
        """Go through it once more and look up every reference."""
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
            sentence = f"{shown(reference)} leads to {shown(target.contents)}, which is no schema"
            self.faults.append(Fault(path(place), sentence))
            return []
        near.append(id(target.contents))
        return [(place, target.contents, target.resolver)]


def _subschemas(keyword: str, value: Any) -> Iterator[tuple[Place, Any]]:
    if keyword in SINGLE:
        yield (), value
    elif keyword in LISTS:
        yield from (((at,), part) for at, part in enumerate(value))
    elif keyword in MAPS:
        yield from (((name,), part) for name, part in value.items())


def _unresolved(reference: str) -> str:
    if reference.startswith("#"):
        return f"{shown(reference)} leads nowhere; nothing in this schema is there"
    return (
        f"{shown(reference)} is not in this schema; references are only followed within it, "
        "and nothing is ever fetched"
    )


def _circles(near: dict[int, tuple[Place, list[int]]]) -> list[Fault]:
    """Find a schema that a value would have to pass before it can pass it."""
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
