"""The front doors: each public name is documented, and used or public on purpose."""

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import workers_ai

ROOT = Path(__file__).parents[1]
ROOMS = ("conversations", "experiments", "exports", "backends", "tools", "schemas", "workers_ai")

ON_PURPOSE = {
    "experiments": {"check_backend"},
    "exports": {"snippets"},
    "backends": {"endpoint_app"},
}
"""Names that no other room uses: programs of others build on them."""


@cache
def door(room: str) -> ModuleType:
    return importlib.import_module(room)


@cache
def used_elsewhere(room: str) -> set[str]:
    """Return the names that other rooms import from a front door."""
    files = [ROOT / "app.py", *ROOT.glob("[a-z]*/**/*.py")]
    others = [path for path in files if path.relative_to(ROOT).parts[0] not in {room, "tests"}]
    return {
        name
        for path in others
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and not node.level and node.module
        for name in _names_at_the_door(room, node)
    }


def _names_at_the_door(room: str, node: ast.ImportFrom) -> list[str]:
    """Return the names, or the one module, that an import takes from a front door."""
    entrance, _, module = (node.module or "").partition(".")
    if entrance != room:
        return []
    return [module] if module else [alias.name for alias in node.names]


def as_ruff_sorts(names: list[str]) -> list[str]:
    """Sort constants first, then classes, then the rest."""
    return sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_is_there_once_and_in_order(room: str) -> None:
    names = list(door(room).__all__)

    assert names == as_ruff_sorts(list(set(names)))
    assert [name for name in names if not hasattr(door(room), name)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_class_and_function_says_what_it_is_for(room: str) -> None:
    public = {name: getattr(door(room), name) for name in door(room).__all__}
    kinds = (inspect.isroutine, inspect.isclass, inspect.ismodule)
    code = {name: item for name, item in public.items() if any(kind(item) for kind in kinds)}

    assert len(code) > len(public) / 2
    assert [name for name, item in code.items() if not (item.__doc__ or "").strip()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_used_or_public_on_purpose(room: str) -> None:
    idle = set(door(room).__all__) - used_elsewhere(room)

    assert idle == ON_PURPOSE.get(room, set())


def test_every_error_hangs_under_the_root() -> None:
    root = workers_ai.WorkersAIError
    public = [getattr(workers_ai, name) for name in workers_ai.__all__]
    errors = [each for each in public if getattr(each, "__module__", "") == "workers_ai.errors"]
    errors.remove(workers_ai.Fault)

    assert len(errors) >= 12
    assert all(issubclass(error, root) for error in errors)
    assert issubclass(workers_ai.APITimeoutError, workers_ai.APIConnectionError)
    narrow = ["Authentication", "ModelUnavailable", "ContextWindow", "RateLimit", "Quota"]
    for name in narrow:
        assert issubclass(getattr(workers_ai, f"{name}Error"), workers_ai.APIStatusError)


def test_every_import_in_a_docstring_works() -> None:
    """The first lines that a newcomer copies."""
    pattern = re.compile(rf"^\s*from ((?:{'|'.join(ROOMS)})[\w.]*) import ([\w, ]+)$", re.MULTILINE)
    found = [
        (module, name.strip())
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for module, names in pattern.findall(ast.get_docstring(ast.parse(path.read_text())) or "")
        for name in names.split(",")
    ]

    assert len(found) > len(ROOMS)
    assert [(m, n) for m, n in found if not hasattr(importlib.import_module(m), n)] == []
