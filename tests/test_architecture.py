"""The architecture rules, checked against the source: imports, and what files must not contain."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = (
    "pages",
    "components",
    "conversations",
    "experiments",
    "exports",
    "backends",
    "tools",
    "schemas",
    "workers_ai",
)
"""From left to right: imports only point right."""

ARROWS: dict[str, set[str]] = {
    "app": {"components", "backends"},
    "pages": {"components", "conversations", "workers_ai"},
    "components": {
        "conversations",
        "experiments",
        "exports",
        "backends",
        "tools",
        "schemas",
        "workers_ai",
    },
    "conversations": {"experiments", "tools", "schemas", "workers_ai"},
    "experiments": {"backends", "tools", "schemas", "workers_ai"},
    "exports": {"backends", "workers_ai"},
    "backends": {"tools", "schemas", "workers_ai"},
    "tools": {"schemas", "workers_ai"},
    "schemas": {"workers_ai"},
    "workers_ai": set(),
}
"""What each room imports of the others, today."""

MODULES = sorted(
    path.relative_to(ROOT)
    for path in [ROOT / "app.py", *(p for name in ROOMS for p in (ROOT / name).rglob("*.py"))]
)
LARGEST_DOOR = 60
EXPORTED_WHOLE = {Path("schemas", "schema_fields", "__init__.py")}
"""Packages that a front door exports under one name."""

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
HEX_COLOR = re.compile(r"[\"'(: ]#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text())


def room_of(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[tuple[str, str | None]]:
    """Yield a module's imports: `("a.b", "name")`, or `("a.b", None)` for `import a.b`."""
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
    """Return every text file tracked by git, by its path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - git is found where it is installed
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listing.returncode:
        pytest.skip("this is not a git repository")
    names = [name for name in listing.stdout.decode().split("\0") if name]
    found = {}
    for name in names:
        data = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b"\0"
        if b"\0" not in data:
            found[name] = data.decode()
    return found


def front_door(room: str) -> set[str]:
    """Return the names that a room lists in its `__init__.py`."""
    found = (
        ast.literal_eval(node.value)
        for node in parsed(Path(room, "__init__.py")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    return set(next(found, ()))


def imports_between(left: str, right: str) -> list[tuple[Path, str, str | None]]:
    """Return what the modules of one room import of another: (module, source, name)."""
    return [
        (module, source, name)
        for module in MODULES
        if room_of(module) == left
        for source, name in imports(module)
        if source.split(".")[0] == right
    ]


def test_every_room_is_looked_at() -> None:
    assert {room_of(module) for module in MODULES} == {"app", *ROOMS} == set(ARROWS)


def test_the_rooms_are_all_there_is() -> None:
    folders = {name.split("/")[0] for name in tracked_texts() if name.endswith(".py")}
    beside = {"app.py", "start.py", "tests", "benchmarks"}

    assert folders == {*ROOMS, *beside}


def test_arrows_only_point_right() -> None:
    for left, rights in ARROWS.items():
        own = ROOMS.index(left) if left in ROOMS else -1
        assert [right for right in rights if ROOMS.index(right) <= own] == [], left


@pytest.mark.parametrize("left", ARROWS)
def test_a_room_imports_what_its_arrows_say(left: str) -> None:
    others = {*ROOMS, "app", "tests", "benchmarks"} - {left}
    found = {right for right in others if imports_between(left, right)}

    assert found == ARROWS[left]


@pytest.mark.parametrize(
    ("left", "right"), [(left, right) for left in ARROWS for right in sorted(ARROWS[left])]
)
def test_an_arrow_enters_by_the_front_door(left: str, right: str) -> None:
    """The door lists names and whole modules. Components have none: a page loads what it draws."""
    doors = front_door(right)
    for module, source, name in imports_between(left, right):
        if right == "components":
            assert name is not None, f"{module} imports {source} whole"
            assert (ROOT / source.replace(".", "/")).with_suffix(".py").exists(), (module, source)
        else:
            entrance, _, inner = source.partition(".")
            assert (inner or name) in doors, f"{module}: {right} does not list {inner or name}"
            assert (entrance, bool(name)) == (right, True), f"{module} imports {source} whole"


def test_front_doors_are_the_only_lists_of_names() -> None:
    listed = {
        module
        for module in MODULES
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Name) and node.id == "__all__"
    }
    doors = {Path(room, "__init__.py") for room in ROOMS}

    assert listed <= {*doors, *EXPORTED_WHOLE}
    assert all(len(front_door(room)) <= LARGEST_DOOR for room in ROOMS[1:])


def test_imports_within_a_room_are_relative() -> None:
    for module in MODULES:
        if "migrations" in module.parts:
            continue  # Alembic runs these as scripts.
        room = room_of(module)
        absolute = {
            node.module
            for node in ast.walk(parsed(module))
            if isinstance(node, ast.ImportFrom) and not node.level and node.module
        }
        assert {name for name in absolute if name.split(".")[0] == room} == set(), module


def test_streamlit_is_left_and_httpx_is_right() -> None:
    wires = {"httpx", "httpcore", "requests", "urllib3", "socket"}
    databases = {"sqlite3", "sqlalchemy", "alembic", "psycopg"}
    for module in MODULES:
        room = room_of(module)
        foreign = {source.split(".")[0] for source, _ in imports(module)}
        draws = room in {"app", "pages", "components"}
        assert draws or "streamlit" not in foreign, module
        calls = ROOMS.index(room) > ROOMS.index("conversations") if room in ROOMS else False
        assert calls or not foreign & wires, module
        assert room == "conversations" or not foreign & databases, module


def test_what_is_private_stays_in_its_module() -> None:
    for module in MODULES:
        for source, name in imports(module):
            own = source.split(".")[0] in ROOMS
            assert not (own and (name or "").startswith("_")), f"{module}: {source} {name}"


@pytest.mark.parametrize(
    ("name", "owner"),
    [("session_state", "components/session.py"), ("query_params", "components/shell/links.py")],
)
def test_what_streamlit_remembers_has_one_owner(name: str, owner: str) -> None:
    users = {module.as_posix() for module in MODULES if name in names_used(module)}

    assert users == {owner}


def test_no_module_has_a_vague_name() -> None:
    parts = {part for module in MODULES for part in module.with_suffix("").parts}
    tests = {path.stem for path in (ROOT / "tests").rglob("*.py")}

    assert not (parts | tests) & VAGUE


def test_no_component_has_its_own_colors() -> None:
    """They are in the theme, where light and dark differ."""
    drawn = [module for module in MODULES if room_of(module) in {"app", "pages", "components"}]
    found = {str(m): HEX_COLOR.findall((ROOT / m).read_text()) for m in drawn}

    assert {name: colors for name, colors in found.items() if colors} == {}


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
        for package in ROOMS[2:]
        for path in (ROOT / package).rglob("*.py")
        for group in re.findall(r"wire\.md ((?:\d[\dA-E.]*(?:, | and | to )?)+)", path.read_text())
        for section in re.findall(r"\d+(?:\.\d+|[A-E])?", group)
    }
    assert cited - known == set()
