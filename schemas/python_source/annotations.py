"""Translation of Python annotations in a syntax tree to JSON Schema."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

from workers_ai.json_values import Place

from ..conversion.import_report import ImportReport, quoted
from ..conversion.type_inference import json_type
from .classes import ClassField, PythonClasses
from .constants import NotAConstantError, constant, constant_text, elements, is_ellipsis, last_name
from .field_metadata import with_constraints
from .type_names import ARRAYS, CONSTRAINED, NAMED, OBJECTS, SETS, WRAPPERS

MOST_TYPES = 20_000
"""Types of one source; those of a class count each time it is named."""

DEEPEST_TYPE = 30
LONGEST_TEXT_ANNOTATION = 1000

Schema = dict[str, Any]


class PythonTypes:
    """The annotations of one source, and the classes and aliases that they name."""

    def __init__(
        self, body: Sequence[ast.stmt], findings: ImportReport, classes: PythonClasses | None = None
    ) -> None:
        self._classes = PythonClasses(body) if classes is None else classes
        self._aliases = dict(_aliases(body))
        self._findings = findings
        self._left = MOST_TYPES
        self._trail: list[str] = []
        self._depth = 0

    def schema(self, node: ast.expr, place: Place) -> Schema:
        """Return the schema of an annotation; what JSON Schema cannot express is reported."""
        self._left -= 1
        if self._left < 0 or self._depth >= DEEPEST_TYPE:
            self._findings.add(place, "its type is too large or nested too deeply and was cut off")
            return {}
        self._depth += 1
        try:
            return self._schema(node, place)
        finally:
            self._depth -= 1

    def value(self, node: ast.expr) -> Any:
        """Return the JSON value of a literal or an enum member."""
        if isinstance(node, ast.Attribute) and self._classes.is_enum(last_name(node.value)):
            members = self._classes.members(last_name(node.value))
            if node.attr in members:
                return members[node.attr]
        return constant(node)

    def with_default(self, schema: Schema, node: ast.expr | None, place: Place) -> Schema:
        """Return a schema with its default; a default of None is left out."""
        if node is None:
            return schema
        try:
            value = self.value(node)
        except NotAConstantError:
            self._findings.add(place, "its default is not a constant and was left out")
            return schema
        return schema if value is None else {**schema, "default": value}

    def _schema(self, node: ast.expr, place: Place) -> Schema:
        if isinstance(node, ast.Constant):
            return self._constant(node, place)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(_flat_union(node), place)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, place)
        return self._named(last_name(node), node, place)

    def _constant(self, node: ast.Constant, place: Place) -> Schema:
        if node.value is None:
            return {"type": "null"}
        text = constant_text(node)
        try:
            if not text or len(text) > LONGEST_TEXT_ANNOTATION:
                return self._unknown(repr(text or node.value), place)
            inner = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return self._unknown(text, place)
        return self.schema(inner, place)

    def _named(self, name: str, node: ast.expr, place: Place) -> Schema:
        if name in self._classes or name in self._aliases:
            return self._own(name, place)
        if isinstance(node, ast.Call):
            return self._constrained(name, node, place)
        if name in NAMED:
            return dict(NAMED[name])
        return self._unknown(name or type(node).__name__, place)

    def _constrained(self, name: str, node: ast.Call, place: Place) -> Schema:
        """Return the schema of a call such as `constr(max_length=5)`."""
        if name not in CONSTRAINED:
            return self._unknown(name or "Call", place)
        schema = dict(NAMED[CONSTRAINED[name]])
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        items = node.args[0] if node.args else given.get("item_type")
        if schema["type"] == "array" and items is not None:
            schema["items"] = self.schema(items, (*place, "items"))
        return self._limited(schema, node, place)

    def _unknown(self, name: str, place: Place) -> Schema:
        self._findings.add(place, f"the type {quoted(name)} is unknown")
        return {}

    def _own(self, name: str, place: Place) -> Schema:
        if name in self._trail:
            self._findings.add(place, f"{quoted(name)} refers to itself; it was cut off here")
            return {"type": "object"} if name in self._classes else {}
        self._trail.append(name)
        try:
            if name in self._aliases:
                return self.schema(self._aliases[name], place)
            if self._classes.is_enum(name):
                return self._enum(name, place)
            if self._classes.is_data(name):
                return self._object(name, place)
        finally:
            self._trail.pop()
        return self._unknown(name, place)

    def _enum(self, name: str, place: Place) -> Schema:
        schema = self._values(list(self._classes.members(name).values()), place)
        text = self._classes.description(name)
        return {**schema, "description": text} if text else schema

    def _object(self, name: str, place: Place) -> Schema:
        fields = self._classes.fields(name)
        own = {field.name: self._field(field, (*place, field.name)) for field in fields}
        required = [field.name for field in fields if field.is_required]
        schema: Schema = {"type": "object", "properties": own}
        if text := self._classes.description(name):
            schema["description"] = text
        return {**schema, "required": required} if required else schema

    def _field(self, field: ClassField, place: Place) -> Schema:
        schema = self.schema(field.annotation, place)
        if field.description:
            schema["description"] = field.description
        if field.extras is not None:
            schema = self._limited(schema, field.extras, place)
        return self.with_default(schema, field.default, place)

    def _values(self, values: list[Any], place: Place) -> Schema:
        self._left -= len(values)
        kinds = list(dict.fromkeys(map(json_type, values)))
        if not kinds or self._left < 0:
            self._findings.add(place, "its values could not be read")
            return {}
        return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": values}

    def _union(self, nodes: Sequence[ast.expr], place: Place) -> Schema:
        found: list[Schema] = []
        for node in nodes:
            schema = self.schema(node, place)
            if schema not in found:
                found.append(schema)
        return found[0] if len(found) == 1 else {"anyOf": found}

    def _subscript(self, node: ast.Subscript, place: Place) -> Schema:
        name, inner = last_name(node), elements(node.slice)
        if not inner:
            return self._named(name, node, place)
        readers: dict[str, Callable[[list[ast.expr], Place], Schema]] = {
            "Annotated": self._annotated,
            "Literal": self._literal,
            "Optional": self._optional,
            "Union": self._union,
            "tuple": self._tuple,
            "Tuple": self._tuple,
        }
        if name in readers:
            return readers[name](inner, place)
        if name in WRAPPERS:
            return self.schema(inner[0], place)
        if name in ARRAYS | SETS:
            items = self.schema(inner[0], (*place, "items"))
            unique = {"uniqueItems": True} if name in SETS else {}
            return {"type": "array", "items": items, **unique}
        return self._mapping(inner, place) if name in OBJECTS else self._named(name, node, place)

    def _mapping(self, inner: list[ast.expr], place: Place) -> Schema:
        if last_name(inner[0]) != "str":
            self._findings.add(place, "keys of an object are always strings")
        values = self.schema(inner[-1], (*place, "additionalProperties"))
        return {"type": "object", "additionalProperties": values} if values else {"type": "object"}

    def _annotated(self, inner: list[ast.expr], place: Place) -> Schema:
        schema = self.schema(inner[0], place)
        for node in inner[1:]:
            schema = self._limited(schema, node, place)
        return schema

    def _limited(self, schema: Schema, node: ast.expr, place: Place) -> Schema:  # noqa: ARG002 - subclasses report with the path
        return with_constraints(schema, node)

    def _literal(self, inner: list[ast.expr], place: Place) -> Schema:
        values: list[Any] = []
        for node in inner:
            try:
                values.append(self.value(node))
            except NotAConstantError:
                self._findings.add(place, "one of its values is not a constant and was left out")
        return self._values(values, place)

    def _optional(self, inner: list[ast.expr], place: Place) -> Schema:
        return self._union([*inner, ast.Constant(None)], place)

    def _tuple(self, inner: list[ast.expr], place: Place) -> Schema:
        if len(inner) > 1 and is_ellipsis(inner[1]):
            return {"type": "array", "items": self.schema(inner[0], (*place, "items"))}
        parts = [self.schema(each, (*place, at)) for at, each in enumerate(inner)]
        size = len(parts)
        return {"type": "array", "prefixItems": parts, "minItems": size, "maxItems": size}


def _flat_union(node: ast.expr) -> list[ast.expr]:
    # A loop, not recursion: `a | b | c …` nests to the left, one level per member.
    found: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _aliases(body: Sequence[ast.stmt]) -> list[tuple[str, ast.expr]]:
    found = []
    for line in body:
        target = line.targets[0] if isinstance(line, ast.Assign) else None
        target = line.target if isinstance(line, ast.AnnAssign) else target
        value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and value is not None:
            is_new = (
                last_name(value) == "NewType" and isinstance(value, ast.Call) and value.args[1:]
            )
            found.append((target.id, value.args[1] if is_new else value))  # type: ignore[attr-defined]
    return found
