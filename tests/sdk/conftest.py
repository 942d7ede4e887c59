"""Third-party libraries against the endpoint, installed for these tests only."""

import importlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.endpoint.serving import Served, serving_built_in

HERE = Path(__file__).parent
MODULES = Path(os.environ.get("CABOCHON_NODE_MODULES", HERE / "node_modules"))


def missing(what: str) -> None:
    if os.environ.get("CABOCHON_REQUIRE_SDKS") == "1":
        pytest.fail(f"{what}, but CABOCHON_REQUIRE_SDKS=1 requires it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def library() -> Callable[[str], Any]:
    """Import a library by name, or skip the test."""

    def imported(name: str) -> Any:
        try:
            return importlib.import_module(name)
        except ImportError as error:
            missing(f"{name} cannot be imported: {error}")

    return imported


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving_built_in(token="mine") as served:
        yield served


@pytest.fixture
def node(tmp_path: Path, served: Served) -> Callable[[str], str]:
    """Run a script with the libraries of package.json, and return its output."""
    program = shutil.which("node")
    if program is None:
        missing("node is not installed")
    if not MODULES.is_dir():
        missing(f"{MODULES} is missing: run npm install in tests/sdk")
    (tmp_path / "node_modules").symlink_to(MODULES.resolve())

    def run(name: str) -> str:
        script = tmp_path / name
        script.write_text((HERE / name).read_text())
        done = subprocess.run(  # noqa: S603 - our own scripts
            [str(program), str(script)],
            env={"PATH": os.environ["PATH"], "ORIGIN": served.origin},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run
