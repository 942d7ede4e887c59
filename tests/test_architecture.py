"""The rules of the house, read from the source: who imports whom, and what stays out of files."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import conversations
import workers_ai

ROOT = Path(__file__).parents[1]
LAYERS = ("app", "pages", "components", "conversations", "workers_ai")
"""From left to right: imports only point right."""

MODULES = sorted(
    path.relative_to(ROOT)
    for path in [ROOT / "app.py", *(p for name in LAYERS for p in (ROOT / name).rglob("*.py"))]
)
FRONT_DOORS = {"workers_ai": workers_ai, "conversations": conversations}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}

HOMES = re.compile(r"(?<![\w.~-])/" + r"(?:home|root|Users|work)/" + r"\w")
REGISTRIES = [
    "pypi" + ".org",
    "files.python" + "hosted.org",
    "registry.npm" + "js.org",
    "crates" + ".io",
    "proxy.gol" + "ang.org",
    "registry-1.dock" + "er.io",
]
HEX_COLOUR = re.compile(r"[\"'(: ]#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text())


def layer_of(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[tuple[str, str | None]]:
    """Yield what a module imports, as `("a.b", "name")`, or `("a.b", None)` for `import a.b`."""
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(module, node)
            yield from ((source, alias.name) for alias in node.names)


def _absolute(module: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.parts[: len(module.parts) - node.level]
    return ".".join([*package, *filter(None, [node.module])])


def names_used(module: Path) -> set[str]:
    """Return every name, attribute and imported name in a module."""
    used = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Attribute):
            used.add(node.attr)
        elif isinstance(node, ast.Name):
            used.add(node.id)
        elif isinstance(node, ast.alias):
            used.update(node.name.split("."))
    return used


def tracked_texts() -> dict[str, str]:
    """Return every text file that git knows, by its path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is found where it is installed
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("this copy is not a git repository")
    names = [name for name in listing.stdout.decode().split("\0") if name]
    found = {}
    for name in names:
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode()
    return found


def test_every_layer_is_looked_at() -> None:
    assert {layer_of(module) for module in MODULES} == set(LAYERS)


def test_imports_only_point_right() -> None:
    for module in MODULES:
        own = LAYERS.index(layer_of(module))
        found = {source.split(".")[0] for source, _ in imports(module)}
        assert "tests" not in found, module
        assert [name for name in LAYERS[:own] if name in found] == [], module


def test_streamlit_is_left_and_httpx_is_right() -> None:
    wires = {"httpx", "httpcore", "requests", "urllib3", "socket"}
    databases = {"sqlite3", "sqlalchemy", "alembic", "psycopg"}
    for module in MODULES:
        foreign = {source.split(".")[0] for source, _ in imports(module)}
        right = layer_of(module) in {"workers_ai", "conversations"}
        assert not (right and "streamlit" in foreign), module
        assert layer_of(module) == "workers_ai" or not foreign & wires, module
        assert layer_of(module) == "conversations" or not foreign & databases, module


def test_a_package_is_entered_by_its_front_door() -> None:
    for module in MODULES:
        for source, name in imports(module):
            package = source.split(".")[0]
            if package in FRONT_DOORS and package != layer_of(module):
                assert source == package, f"{module} imports from {source}"
                assert name in FRONT_DOORS[package].__all__, f"{module}: {source} has no {name}"


def test_components_are_modules() -> None:
    for module in MODULES:
        for source, name in imports(module):
            if source == "components":
                assert (ROOT / "components" / f"{name}.py").exists(), f"{module} imports {name}"
            assert not source.startswith("components.") or name is not None, module


def test_what_is_private_stays_in_its_module() -> None:
    for module in MODULES:
        for source, name in imports(module):
            own = source.split(".")[0] in LAYERS
            assert not (own and (name or "").startswith("_")), f"{module}: {source} {name}"


@pytest.mark.parametrize(
    ("name", "owner"),
    [("session_state", "components/session.py"), ("query_params", "components/links.py")],
)
def test_what_streamlit_remembers_has_one_owner(name: str, owner: str) -> None:
    users = {module.as_posix() for module in MODULES if name in names_used(module)}

    assert users == {owner}


def test_no_module_has_a_vague_name() -> None:
    parts = {part for module in MODULES for part in module.with_suffix("").parts}
    tests = {path.stem for path in (ROOT / "tests").rglob("*.py")}

    assert not (parts | tests) & VAGUE


def test_no_component_has_colours_of_its_own() -> None:
    """They are in the theme, where light and dark differ."""
    drawn = [module for module in MODULES if layer_of(module) in {"app", "pages", "components"}]
    found = {str(m): HEX_COLOUR.findall((ROOT / m).read_text()) for m in drawn}

    assert {name: colours for name, colours in found.items() if colours} == {}


def test_no_file_names_a_home_or_a_registry() -> None:
    texts = tracked_texts()
    assert "tests/test_architecture.py" in texts or "app.py" in texts
    homes = {name: found[0] for name, text in texts.items() if (found := HOMES.search(text))}
    hosts = {name for name, text in texts.items() for host in REGISTRIES if host in text}

    assert homes == {}
    assert hosts == set()


def test_every_cited_section_of_the_wire_exists() -> None:
    text = (ROOT / "docs" / "wire.md").read_text()
    sections = set(
        re.findall(r"^(?:## (\d+)\.|\*\*(\d+\.\d+)\*\*|- \*\*(2[A-E])\*\*)", text, re.MULTILINE)
    )
    known = {name for found in sections for name in found if name}
    cited = {
        section
        for package in ("workers_ai", "conversations")
        for path in (ROOT / package).rglob("*.py")
        for group in re.findall(r"wire\.md ((?:\d[\dA-E.]*(?:, | and | to )?)+)", path.read_text())
        for section in re.findall(r"\d+(?:\.\d+|[A-E])?", group)
    }
    assert cited - known == set()
