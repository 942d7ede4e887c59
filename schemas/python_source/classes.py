"""Classes of a source that describe data: enums, dataclasses, TypedDicts and pydantic models."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .constants import NotAConstantError, constant, constant_text, elements, last_name
from .docstrings import read_docstring
from .field_metadata import is_field, read_field

_ENUMS = {"Enum", "IntEnum", "StrEnum", "IntFlag", "Flag"}
MODELS = {"BaseModel", "TypedDict", "NamedTuple", "RootModel", "Struct", "SQLModel"}
_DECORATORS = {"dataclass", "define", "frozen", "mutable", "attrs"}
_NOT_FIELDS = {"ClassVar", "KW_ONLY", "ConfigDict"}


class ClassField(NamedTuple):
    """One field of a data class."""

    name: str
    annotation: ast.expr
    default: ast.expr | None
    extras: ast.expr | None
    """The call of `Field(…)`, if there is one."""

    is_required: bool
    description: str


class PythonClasses:
    """The classes of one source."""

    def __init__(self, body: Iterable[ast.stmt]) -> None:
        self._classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
        self._descriptions: dict[str, str] = {}
        self._own: dict[str, list[ClassField]] = {}
        self._fields: dict[str, list[ClassField]] = {}
        self._members: dict[str, dict[str, Any]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._classes

    def is_enum(self, name: str) -> bool:
        """Return whether a class is an enum."""
        return name in self._classes and not _ENUMS.isdisjoint(self._bases(name))

    def is_data(self, name: str) -> bool:
        """Return whether a class has fields that a JSON object could have."""
        if name not in self._classes:
            return False
        family = [self._classes[each] for each in self._bases(name) if each in self._classes]
        decorators = {last_name(each) for node in family for each in node.decorator_list}
        return not MODELS.isdisjoint(self._bases(name)) or not _DECORATORS.isdisjoint(decorators)

    def description(self, name: str) -> str:
        """Return the text of a class's docstring."""
        if name not in self._descriptions:
            self._descriptions[name] = read_docstring(_docstring(self._classes[name])).text
        return self._descriptions[name]

    def members(self, name: str) -> dict[str, Any]:
        """Return the constant members of an enum."""
        if name not in self._members:
            is_text = "StrEnum" in self._bases(name)
            self._members[name] = dict(_members(self._classes[name], is_text=is_text))
        return self._members[name]

    def own_fields(self, name: str) -> list[ClassField]:
        """Return the fields of a class without those of its bases."""
        if name not in self._own:
            self._own[name] = list(_fields(self._classes[name]))
        return self._own[name]

    def fields(self, name: str) -> list[ClassField]:
        """Return the fields of a class, those of its bases first."""
        if name not in self._fields:
            found: dict[str, ClassField] = {}
            for each in reversed(self._bases(name)):
                if each in self._classes:
                    found |= {field.name: field for field in self.own_fields(each)}
            self._fields[name] = list(found.values())
        return self._fields[name]

    def _bases(self, name: str) -> list[str]:
        """Return a class and all its bases, without duplicates, nearest first."""
        found: dict[str, None] = {}
        waiting = [name]
        while waiting:
            each = waiting.pop(0)
            if each not in found:
                found[each] = None
                node = self._classes.get(each)
                waiting += [last_name(base) for base in node.bases] if node else []
        return list(found)


def _docstring(node: ast.ClassDef) -> str | None:
    return constant_text(node.body[0].value) if isinstance(node.body[0], ast.Expr) else None


def _members(node: ast.ClassDef, *, is_text: bool) -> Iterator[tuple[str, Any]]:
    last = 0
    for line in node.body:
        if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name):
            continue
        name = line.targets[0].id
        try:
            is_auto = last_name(line.value) == "auto"
            automatic = name.lower() if is_text else last + 1
            value = automatic if is_auto else constant(line.value)
        except NotAConstantError:
            continue
        last = value if isinstance(value, int) else last
        if not name.startswith("_"):
            yield name, value


def _fields(node: ast.ClassDef) -> Iterator[ClassField]:
    docs = read_docstring(_docstring(node)).descriptions
    is_total = not any(
        keyword.arg == "total"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is False
        for keyword in node.keywords
    )
    for line, below in zip(node.body, (*node.body[1:], None), strict=True):
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            text = (
                inspect.cleandoc(constant_text(below.value)) if isinstance(below, ast.Expr) else ""
            )
            name = line.target.id
            if not name.startswith("_") and last_name(line.annotation) not in _NOT_FIELDS:
                yield _field(name, line, text or docs.get(name, ""), is_total=is_total)


def _field(name: str, line: ast.AnnAssign, text: str, *, is_total: bool) -> ClassField:
    wrapper = last_name(line.annotation)
    if is_field(line.value) and line.value is not None:
        call = read_field(line.value)
        return ClassField(
            call.alias or name, line.annotation, call.default, line.value, call.is_required, text
        )
    is_required = line.value is None and (is_total or wrapper == "Required")
    is_required = is_required and wrapper != "NotRequired"
    if (inner := _field_within(line.annotation)) is not None:
        call = read_field(inner)
        default = call.default if line.value is None else line.value
        is_required = is_required and call.is_required
        return ClassField(call.alias or name, line.annotation, default, None, is_required, text)
    return ClassField(name, line.annotation, line.value, None, is_required, text)


def _field_within(annotation: ast.expr) -> ast.expr | None:
    """Return the `Field(…)` in `Annotated[…]`."""
    if last_name(annotation) != "Annotated" or not isinstance(annotation, ast.Subscript):
        return None
    return next(filter(is_field, elements(annotation.slice)), None)
