"""Import of functions from Python source: parsed, never run or imported."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from schemas import (
    Docstring,
    NotAConstantError,
    PythonClasses,
    PythonTypes,
    constant_text,
    is_field,
    json_type,
    last_name,
    parse_source,
    read_docstring,
    read_field,
    with_constraints,
)
from workers_ai.json_values import Place

from .tool_builder import ToolBuilder

_INJECTED = re.compile(r"(?:Context|Ctx|Runtime|RunnableConfig)$")
_CONTEXTS = {"ctx", "context", "run_context", "tool_context"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def add_python(text: str, builder: ToolBuilder) -> None:
    """Add the functions of a source, or the methods of its classes if it has no functions."""
    body = parse_source(text)
    types = PythonTypes(body, builder.findings)
    for function, is_method in _public(_functions(body), builder):
        if builder.is_full:
            return
        _Signature(function, types, builder, is_method=is_method).gather()


def _functions(body: Sequence[ast.stmt]) -> list[tuple[Function, bool]]:
    found = [(node, False) for node in body if isinstance(node, Function)]
    if found:
        return found
    classes = PythonClasses(body)
    return [
        (node, True)
        for each in body
        if isinstance(each, ast.ClassDef) and not classes.is_enum(each.name)
        for node in each.body
        if isinstance(node, Function) and not node.name.startswith("__")
    ]


def _public(
    functions: Iterable[tuple[Function, bool]], builder: ToolBuilder
) -> Iterator[tuple[Function, bool]]:
    own = [pair for pair in functions if not _decorators(pair[0]) & {"overload", "property"}]
    public = [pair for pair in own if not pair[0].name.startswith("_")]
    for function, _ in own if public else ():
        if function.name.startswith("_"):
            builder.findings.add((function.name,), "it is private and was left out")
    return iter(public or own)


def _decorators(function: Function) -> set[str]:
    return {last_name(node) for node in function.decorator_list}


class _Signature:
    """One function, being turned into a tool."""

    def __init__(
        self, function: Function, types: PythonTypes, builder: ToolBuilder, *, is_method: bool
    ) -> None:
        self._function = function
        self._types = types
        self._gathering = builder
        self._name = builder.unique_name(function.name)
        self._place: Place = (self._name, "parameters")
        self._has_self = is_method and "staticmethod" not in _decorators(function)
        first = function.body[0]
        self._docs = read_docstring(
            constant_text(first.value) if isinstance(first, ast.Expr) else None
        )

    def gather(self) -> None:
        properties: dict[str, Any] = {}
        required = []
        for argument, default in self._arguments():
            schema, is_required = self._argument(argument, default)
            properties[argument.arg] = schema
            if is_required:
                required.append(argument.arg)
        schema = {"type": "object", "properties": properties, "required": required}
        if not required:
            del schema["required"]
        self._gathering.add(self._name, self._docs.text, schema)

    def _arguments(self) -> Iterator[tuple[ast.arg, ast.expr | None]]:
        given = self._function.args
        for star in filter(None, (given.vararg, given.kwarg)):
            stars = "*" if star is given.vararg else "**"
            self._lose(star.arg, f"{stars}{star.arg} was left out; every argument needs a name")
        for at, (argument, default) in enumerate(_with_defaults(given)):
            if self._is_bound(argument, at):
                self._lose(argument.arg, "Python supplies it, so it was left out")
            elif _is_injected(argument, default):
                self._lose(argument.arg, "the program supplies it, so it was left out")
            else:
                yield argument, default

    def _is_bound(self, argument: ast.arg, at: int) -> bool:
        return at == 0 and (self._has_self or argument.arg in ("self", "cls"))

    def _lose(self, name: str, sentence: str) -> None:
        self._gathering.findings.add((*self._place, name), sentence)

    def _argument(self, argument: ast.arg, default: ast.expr | None) -> tuple[dict[str, Any], bool]:
        place = (*self._place, argument.arg)
        schema = self._annotation(argument, default, place)
        is_required = default is None
        if is_field(default) and default is not None:
            schema = with_constraints(schema, default)
            call = read_field(default)
            default, is_required = call.default, call.is_required
        if text := self._docs.descriptions.get(argument.arg):
            schema.setdefault("description", text)
            if not _says_itself(argument.annotation):
                schema["description"] = text
        return self._types.with_default(schema, default, place), is_required

    def _annotation(
        self, argument: ast.arg, default: ast.expr | None, place: Place
    ) -> dict[str, Any]:
        if argument.annotation is not None:
            return self._types.schema(argument.annotation, place)
        written = _expression(self._docs, argument.arg)
        if written is not None:
            return self._types.schema(written, place)
        try:
            value = None if default is None else self._types.value(default)
        except NotAConstantError:
            value = None
        return {} if value is None else {"type": json_type(value)}


def _with_defaults(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    plain = [*given.posonlyargs, *given.args]
    missing = len(plain) - len(given.defaults)
    yield from zip(plain, (*[None] * missing, *given.defaults), strict=True)
    yield from zip(given.kwonlyargs, given.kw_defaults, strict=True)


def _is_injected(argument: ast.arg, default: ast.expr | None) -> bool:
    if last_name(default) in ("Depends", "Security"):
        return True
    annotation = argument.annotation
    if annotation is None:
        return argument.arg in _CONTEXTS
    if last_name(annotation) == "Annotated" and isinstance(annotation, ast.Subscript):
        metadata_names = {last_name(node) for node in ast.walk(annotation.slice)}
        return any(name.startswith(("Injected", "Depends")) for name in metadata_names)
    name = last_name(annotation) or constant_text(annotation).split("[")[0]
    return _INJECTED.search(name) is not None


def _says_itself(annotation: ast.expr | None) -> bool:
    """Return whether the description comes from the annotation, not from the class it names."""
    return last_name(annotation) == "Annotated"


def _expression(docs: Docstring, name: str) -> ast.expr | None:
    text = docs.types.get(name, "")
    try:
        return ast.parse(text, mode="eval").body if 0 < len(text) < 200 else None  # noqa: PLR2004
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
