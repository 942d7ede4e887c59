"""CONTRIBUTING.md and README.md name files, functions, commands and rooms that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.test_architecture import ARROWS, ROOMS, ROOT, front_door

PAGES = ("CONTRIBUTING.md", "README.md")
YOUR_OWN = {".streamlit/secrets.toml", "secrets.toml"}
"""Files that a person creates."""

_QUOTED = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
_FILE = re.compile(r".+\.(?:py|md|toml|txt|json|js|mjs|sh|css|example)")
_PAIR = re.compile(r"`([\w./-]+\.py)`((?:\s·\s+`[\w.]+`)+)")
_LINK = re.compile(r"\]\(([^)#:\s]+)\)|(?:src|srcset)=\"([^\":]+)\"")
_COMMAND = re.compile(r"python3? -m ([\w.]+)")
_IMPORT = re.compile(r"from (\w+) import ([\w, ]+)")


def paths_in(text: str) -> set[str]:
    """Return what is in backticks and looks like a path in the repository."""
    quoted = {name for name in _QUOTED.findall(text) if _PATH.fullmatch(name)}
    return {name for name in quoted if "/" in name or _FILE.fullmatch(name)}


def pairs_in(text: str) -> list[tuple[str, str]]:
    """Return each `path.py` · `name`; one path can have several names."""
    found = _PAIR.findall(text)
    return [(path, name) for path, names in found for name in _QUOTED.findall(names)]


def links_in(text: str) -> set[str]:
    return {link or source for link, source in _LINK.findall(text)}


def commands_in(text: str) -> set[str]:
    """Return the modules of the repository that `python -m` is to run."""
    found = {name.rstrip(".") for name in _COMMAND.findall(text)}
    return {name for name in found if (ROOT / name.partition(".")[0]).is_dir()}


@cache
def defined_in(path: str) -> frozenset[str]:
    """Return the names that a file defines: `function`, `Class`, `Class.method`, `CONSTANT`."""
    body = ast.parse((ROOT / path).read_text()).body
    members = {
        f"{node.name}.{name}"
        for node in body
        if isinstance(node, ast.ClassDef)
        for name in _names(node.body)
    }
    return frozenset(members | _names(body))


def _names(body: list[ast.stmt]) -> set[str]:
    found = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            found.add(ast.unparse(node.target))
        elif isinstance(node, ast.Assign):
            found.update(map(ast.unparse, node.targets))
    return found


def missing_paths(text: str) -> set[str]:
    return {name for name in paths_in(text) - YOUR_OWN if not (ROOT / name).exists()}


def missing_names(text: str) -> set[tuple[str, str]]:
    known = [(path, name) for path, name in pairs_in(text) if (ROOT / path).is_file()]
    return {(path, name) for path, name in known if name not in defined_in(path)}


def missing_commands(text: str) -> set[str]:
    files = {name: ROOT / name.replace(".", "/") for name in commands_in(text)}
    return {
        name
        for name, path in files.items()
        if not path.with_suffix(".py").is_file() and not (path / "__main__.py").is_file()
    }


def missing_imports(text: str) -> set[tuple[str, str]]:
    found = [(room, name) for room, names in _IMPORT.findall(text) for name in names.split(",")]
    known = [(room, name.strip()) for room, name in found if room in ROOMS]
    return {(room, name) for room, name in known if name not in front_door(room)}


@pytest.fixture(params=PAGES)
def text(request: pytest.FixtureRequest) -> str:
    return (ROOT / str(request.param)).read_text()


def test_every_path_exists(text: str) -> None:
    assert paths_in(text)
    assert missing_paths(text) == set()


def test_every_name_after_a_path_is_defined_in_that_file(text: str) -> None:
    assert missing_names(text) == set()


def test_every_link_leads_to_a_file(text: str) -> None:
    assert links_in(text)
    assert {link for link in links_in(text) if not (ROOT / link).exists()} == set()


def test_every_command_names_a_module_that_can_be_run(text: str) -> None:
    assert missing_commands(text) == set()


def test_every_import_is_at_a_front_door(text: str) -> None:
    assert missing_imports(text) == set()


def test_the_trips_and_the_tables_name_many_places() -> None:
    pairs = pairs_in((ROOT / "CONTRIBUTING.md").read_text())

    assert len(pairs) > 50
    assert {Path(path).parts[0] for path, _ in pairs} >= set(ROOMS) - {"pages"}


def test_no_dot_between_a_path_and_a_name_is_overlooked() -> None:
    """A pair that is not written in the uniform way would not be checked."""
    page = (ROOT / "CONTRIBUTING.md").read_text()

    assert page.count("·") == len(pairs_in(page))


def test_the_table_of_rooms_agrees_with_the_arrows() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    table = page.partition("### The nine rooms")[2].partition("###")[0]
    rows = re.findall(r"^\| `(\w+)/` \|[^|]*\|([^|]*)\|", table, re.MULTILINE)
    listed = {room: [name.strip() for name in names.split(",")] for room, names in rows}

    assert tuple(listed) == ROOMS
    for room, names in listed.items():
        expected = sorted(ARROWS[room], key=ROOMS.index) or ["nothing of ours"]
        assert names == expected, room


def test_what_does_not_exist_would_be_noticed() -> None:
    here = "tests/test_contributing.py"
    text = f"""`{here}` · `paths_in` · `gone`, `no/such.py`, `gone.md`, `{here}` ·
    `Gone.method`, python -m workers_ai.serve, from workers_ai import Client, LocalEngine"""

    assert missing_paths(text) == {"no/such.py", "gone.md"}
    assert missing_names(text) == {(here, "gone"), (here, "Gone.method")}
    assert missing_commands(text) == {"workers_ai.serve"}
    assert missing_imports(text) == {("workers_ai", "LocalEngine")}
