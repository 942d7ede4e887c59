"""The data classes of a Python source, with what the schema of an answer needs from them."""

import ast
from collections.abc import Iterable, Iterator

from ..python_source.classes import MODELS, PythonClasses
from ..python_source.constants import constant_text, elements, last_name
from .inference_result import SchemaSourceError

_VALIDATORS = {
    *("field_validator", "model_validator", "validator", "root_validator"),
    *("field_serializer", "model_serializer"),
}
_PLAIN_BASES = {*MODELS, "Generic", "object", "ABC", "Protocol", "BaseSettings", "str", "int"}
_CONFIGURATIONS = {"ConfigDict", "dict", "SettingsConfigDict"}
_LONGEST_NAME = 1000

MOST_CLASSES = 500


class ModelClasses(PythonClasses):
    """The classes of one source; every class with annotated fields counts as data.

    Raises SchemaSourceError if there are more than `MOST_CLASSES`.
    """

    def __init__(self, body: Iterable[ast.stmt]) -> None:
        super().__init__(body)
        if len(self._classes) > MOST_CLASSES:
            raise SchemaSourceError(f"The source has more than {MOST_CLASSES} classes.")

    def candidates(self) -> list[str]:
        """Return the classes that could be the answer: data classes, or else enums."""
        data = [name for name in self._classes if self.is_data(name)]
        return data or [name for name in self._classes if self.is_enum(name) and self.members(name)]

    def is_data(self, name: str) -> bool:
        """Return whether a class has fields that a JSON object could have."""
        family = (each for each in self._bases(name) if each in self)
        return super().is_data(name) or any(map(self.own_fields, family))

    def is_closed(self, name: str) -> bool:
        """Return whether a class forbids extra fields."""
        extra = self._setting(name, "extra")
        return "forbid" in (constant_text(extra), last_name(extra)) or _is_true(
            self._setting(name, "forbid_unknown_fields")
        )

    def has_alias_generator(self, name: str) -> bool:
        """Return whether a function generates the names of the fields."""
        return self._setting(name, "alias_generator") is not None

    def unknown_bases(self, name: str) -> list[str]:
        """Return the bases of a class that are not in the source."""
        family = self._bases(name)
        return [each for each in family if each and each not in self and each not in _PLAIN_BASES]

    def validators(self, name: str) -> list[str]:
        """Return the names of the methods that check or change the values of a class."""
        return [
            line.name
            for each in reversed(self._family(name))
            for line in each.body
            if isinstance(line, ast.FunctionDef)
            and _VALIDATORS & {last_name(decorator) for decorator in line.decorator_list}
        ]

    def wrapped(self, name: str) -> ast.expr | None:
        """Return the annotation of a RootModel, whose value is not an object, or None."""
        if "RootModel" not in self._bases(name):
            return None
        root = next((field.annotation for field in self.fields(name) if field.name == "root"), None)
        bases = [base for each in self._family(name) for base in each.bases]
        given = (base.slice for base in bases if isinstance(base, ast.Subscript))
        return root or next(given, None)

    def used(self, name: str) -> set[str]:
        """Return the names that the fields and the bases of a class use."""
        node = self._classes[name]
        lines = [line.annotation for line in node.body if isinstance(line, ast.AnnAssign)]
        return set(names_in([*lines, *node.bases]))

    def _family(self, name: str) -> list[ast.ClassDef]:
        return [self._classes[each] for each in self._bases(name) if each in self._classes]

    def _setting(self, name: str, key: str) -> ast.expr | None:
        found = (_settings(each).get(key) for each in self._family(name))
        return next((value for value in found if value is not None), None)


def names_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names in annotations, quoted ones included; calls and literals are skipped."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            yield last_name(node)
        elif isinstance(node, ast.Constant):
            stack += _quoted(constant_text(node))
        elif isinstance(node, ast.Subscript) and last_name(node) == "Annotated":
            stack += elements(node.slice)[:1]
        elif not isinstance(node, ast.Call) and last_name(node) != "Literal":
            stack += ast.iter_child_nodes(node)


def _quoted(text: str) -> list[ast.AST]:
    try:
        return [ast.parse(text.strip(), mode="eval").body] if 0 < len(text) < _LONGEST_NAME else []
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _settings(node: ast.ClassDef) -> dict[str, ast.expr]:
    """Return the settings of a model: class keywords, `model_config`, and a nested `Config`."""
    found = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    for line in node.body:
        if isinstance(line, ast.ClassDef) and line.name == "Config":
            found |= dict(_assigned(line.body))
        for name, value in _assigned([line]):
            if name == "model_config":
                found |= _entries(value)
    return found


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for line in body:
        if isinstance(line, ast.Assign):
            yield from ((last_name(target), line.value) for target in line.targets)
        elif isinstance(line, ast.AnnAssign) and line.value is not None:
            yield last_name(line.target), line.value


def _entries(node: ast.expr) -> dict[str, ast.expr]:
    if isinstance(node, ast.Call) and last_name(node) in _CONFIGURATIONS:
        return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if isinstance(node, ast.Dict):
        return {
            constant_text(key): value for key, value in zip(node.keys, node.values, strict=True)
        }
    return {}


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True
