"""A real browser, and a real Streamlit server to open in it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.store.database import MEMORY

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
ROOT = Path(__file__).parents[2]


def _missing(what: str) -> None:
    if os.environ.get("CABOCHON_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, but CABOCHON_REQUIRE_BROWSER=1 requires it")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The system's Chromium, run by Playwright."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not shutil.which(path):
        _missing(f"there is no Chromium at {path}")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - may be missing
    except ImportError:
        _missing("Playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def profile(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Make browser profiles with separate cookies: `profile(width=1280, **options)`."""
    with ExitStack() as stack:

        def make(width: int = 1280, height: int = 900, **options: Any) -> Any:
            viewport = {"width": width, "height": height}
            context = chromium.new_context(viewport=viewport, **options)
            stack.callback(context.close)
            return context

        yield make


@pytest.fixture
def axe() -> Any:
    """The rules of axe-core; see accessibility.py."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class Served:
    """A script served by Streamlit, always on the same port, until stopped or killed."""

    script: Path
    arguments: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Options for Streamlit itself."""

    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", str(self.script)]
        command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
        command += ["--browser.gatherUsageStats", "false", *self.options, "--", *self.arguments]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        env = {**os.environ, "PYTHONPATH": path, "CABOCHON_DATABASE_URL": MEMORY, **self.env}
        self._process = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own
        _wait_for(self.url, self._process)

    def kill(self) -> None:
        """Kill the server like a crash would, without any cleanup."""
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)


@pytest.fixture(scope="session")
def run_streamlit() -> Iterator[Callable[..., str]]:
    """Serve a script and return its URL: `run_streamlit(path, *arguments, env=None)`."""
    with ExitStack() as stack:

        def run(script: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
            served = Served(script, arguments, env=env or {})
            stack.callback(served.stop)
            return served.url

        yield run


@pytest.fixture(scope="session")
def built_in_app(run_streamlit: Callable[..., str]) -> str:
    """The app on the built-in model, shared by tests that do not need their own."""
    return run_streamlit(ROOT / "app.py", env={"CABOCHON_BACKEND": "builtin"})


@pytest.fixture
def serve_app() -> Iterator[Callable[[str], Served]]:
    """Serve the app for one test, with its chats in the database at a URL."""
    with ExitStack() as stack:

        def serve(database_url: str) -> Served:
            served = Served(ROOT / "app.py", env={"CABOCHON_DATABASE_URL": database_url})
            stack.callback(served.stop)
            return served

        yield serve


def _wait_for(url: str, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/_stcore/health", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"Streamlit did not start within {seconds:.0f} s")
