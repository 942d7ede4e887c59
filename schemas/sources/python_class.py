"""The schema of an answer from a Python class: parsed, never run or imported."""

import ast
from collections.abc import Sequence
from typing import Any

from workers_ai.json_values import Place

from ..checks.keyword_shapes import shape_problem
from ..conversion.import_report import ImportReport, quoted
from ..conversion.subschemas import with_subschemas
from ..python_source.annotations import PythonTypes
from ..python_source.field_metadata import unexpressed
from ..python_source.syntax import parse_source
from .inference_result import SchemaSourceError
from .python_models import ModelClasses, names_in


def legal_schema(schema: Any, place: Place, findings: ImportReport) -> Any:
    """Return a copy of a schema without illegal keywords; each omission is reported."""
    if not isinstance(schema, dict):
        return schema
    own = {}
    for keyword, value in schema.items():
        if problem := shape_problem(keyword, value):
            findings.add(place, f"{quoted(keyword)} was left out: {problem}")
        else:
            own[keyword] = value
    return with_subschemas(own, place, lambda part, at: legal_schema(part, at, findings))


Schema = dict[str, Any]

_MOST_LISTED = 8


def schema_of_python(text: str, findings: ImportReport) -> Schema:
    """Return the schema of the class that the others serve; what it cannot express is reported.

    Raises PythonSourceError if it is not Python, and SchemaSourceError if there is no class.
    """
    types = _ModelTypes(_body(parse_source(text)), findings)
    root = types.root()
    if not root:
        raise SchemaSourceError(
            "This Python has no class with fields. Use a pydantic model, a dataclass, a TypedDict, "
            "a NamedTuple or an Enum."
        )
    return types.whole(root)


def _body(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a source, preceded by the classes nested in them."""
    own = set(map(id, body))
    nodes = (node for line in body for node in ast.walk(line))
    nested = [node for node in nodes if isinstance(node, ast.ClassDef) and id(node) not in own]
    return [*nested, *body]


class _ModelTypes(PythonTypes):
    """Types in which recursive classes become references."""

    def __init__(self, body: Sequence[ast.stmt], findings: ImportReport) -> None:
        self._models = ModelClasses(body)
        super().__init__(body, findings, self._models)
        self._root = ""
        self._referred: set[str] = set()
        self._definitions: dict[str, Schema] = {}

    def root(self) -> str:
        """Return the last class that no other class uses; "" if there are no classes."""
        known = self._models.candidates()
        used = {name for each in known for name in self._used(each) if name != each}
        free = [name for name in known if name not in used] or known
        if len(free) > 1:
            others = _listed(free[:-1])
            sentence = f"{quoted(free[-1])} was used as the answer, not {others}"
            self._findings.add((), sentence)
        return free[-1] if free else ""

    def whole(self, root: str) -> Schema:
        """Return the schema of a class, including the definitions it needs."""
        self._root = root
        schema = self.schema(ast.Name(root), ())
        parts = {name: self._legal(part, name) for name, part in self._definitions.items()}
        return {**self._legal(schema), **({"$defs": parts} if parts else {})}

    def _legal(self, schema: Schema, *place: str) -> Schema:
        legal: Schema = legal_schema(schema, place, self._findings)
        return legal

    def _used(self, name: str) -> set[str]:
        found, waiting = set(), list(self._models.used(name))
        while waiting:
            each = waiting.pop()
            if each not in found:
                found.add(each)
                waiting += names_in([self._aliases[each]]) if each in self._aliases else ()
        return found

    def _own(self, name: str, place: Place) -> Schema:
        if name in self._trail or name in self._definitions:
            self._referred.add(name)
            return self._reference(name)
        schema = super()._own(name, place)
        if name not in self._referred or name == self._root:
            return schema
        self._definitions[name] = schema
        return self._reference(name)

    def _reference(self, name: str) -> Schema:
        return {"$ref": "#" if name == self._root else f"#/$defs/{name}"}

    def _object(self, name: str, place: Place) -> Schema:
        self._tell_of(name, place)
        if (wrapped := self._models.wrapped(name)) is not None:
            schema = self.schema(wrapped, place)
            text = self._models.description(name)
            return {**schema, "description": text} if text else schema
        own = super()._object(name, place)
        head: Schema = {key: own[key] for key in ("type", "description") if key in own}
        closed = {"additionalProperties": False} if self._models.is_closed(name) else {}
        return {**head, **own, **closed}

    def _tell_of(self, name: str, place: Place) -> None:
        for stranger in self._models.unknown_bases(name):
            origin = f"{quoted(stranger)} is not in the source"
            sentence = f"{origin}; what {quoted(name)} inherits from it is missing"
            self._findings.add(place, sentence)
        if self._models.has_alias_generator(name):
            self._findings.add(place, "its alias_generator is not run; the field names are used")
        if found := self._models.validators(name):
            self._findings.add(place, f"the schema does not express {_listed(found)}")

    def _limited(self, schema: Schema, node: ast.expr, place: Place) -> Schema:
        for name in unexpressed(schema, node):
            self._findings.add(place, f"the schema does not express {quoted(name)}")
        return super()._limited(schema, node, place)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST_LISTED
    rest = [f"{more} more"] if more > 0 else []
    return " and ".join([*map(quoted, names[:_MOST_LISTED]), *rest])
