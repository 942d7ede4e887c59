"""A Streamlit server for a benchmark."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import httpx

from benchmarks.upstream import ROOT


class AppServer:
    """Serves one script, with the settings of `.streamlit/config.toml`, inside a `with` block.

    Chats are stored in a temporary folder, never among the user's.
    """

    def __init__(self, script: str, environment: dict[str, str]) -> None:
        self._script = Path(__file__).with_name(script)
        self._environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        self._environment["CABOCHON_DATABASE_URL"] = f"sqlite:///{self._folder.name}/chats.db"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = [sys.executable, "-m", "streamlit", "run", str(self._script)]
        command += ["--server.port", port, "--server.headless", "true"]
        command += ["--logger.level", "error"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
            command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL
        )
        self.pid = self._process.pid
        self.url = f"http://127.0.0.1:{port}"
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/_stcore/health", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(f"{self._script.name} was not served")
