"""Constants and names in a Python syntax tree. Only literals are evaluated."""

import ast
import json
from typing import Any

from workers_ai.json_values import check_json, plain


class NotAConstantError(ValueError):
    """The expression is not a literal that JSON can express."""


def constant(node: ast.expr) -> Any:
    """Return the JSON value of a literal (a tuple becomes a list), or raise NotAConstantError."""
    try:
        value = plain(ast.literal_eval(node))
        json.dumps(check_json(value), ensure_ascii=False).encode()
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise NotAConstantError from None
    return value


def last_name(node: ast.AST | None) -> str:
    """Return the last part of a dotted name ("Field" for `pydantic.Field(…)`), or ""."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def constant_text(node: ast.AST | None) -> str:
    """Return the value of a string literal, or ""."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.encode(errors="replace").decode()
    return ""


def elements(node: ast.expr) -> list[ast.expr]:
    """Return the arguments in the brackets of a subscript."""
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def is_ellipsis(node: ast.AST | None) -> bool:
    """Return whether it is `...`."""
    return isinstance(node, ast.Constant) and node.value is ...
