"""An engine in its own process, which can be killed and restarted at the same address."""

import json
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import httpx

from backends import LocalEngine, engine_at
from tests.engine.tiny_gemma import CONTEXT, NAME, TinyGemma
from workers_ai import Client

SERVE = Path(__file__).with_name("serve.py")
STARTS_WITHIN = 30.0
"""Seconds; it takes a quarter of a second."""


class RunningEngine:
    """llama.cpp's own server with the tiny Gemma 3, running during the `with` block."""

    def __init__(self, model: TinyGemma, *, api_key: str | None = None, **settings: Any) -> None:
        self._model = model
        self.api_key = api_key
        seen = {"mmproj": str(model.vision), "alias": NAME, "n_ctx": CONTEXT, "port": 0}
        keys = {"api_keys": [api_key]} if api_key else {}
        self._settings = {**seen, **keys, **settings}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, at its previous address if it had one."""
        command = [sys.executable, str(SERVE), str(self._model.text), json.dumps(self._settings)]
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], STARTS_WITHIN)
        self.url = self._process.stdout.readline().strip() if ready else ""
        assert self.url, "the engine did not start"
        self._settings["port"] = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """Kill it, as a crash would."""
        self._process.kill()
        self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def backend(self) -> LocalEngine:
        """Return the backend as the page makes it, from the detected engine."""
        found = engine_at(self.url, self.api_key)
        return LocalEngine.of(found, found.models[0], api_key=self.api_key)

    def client(self, **limits: Any) -> Client:
        return Client(self.backend(), first_backoff=0.05, **limits)

    def slot(self) -> dict[str, Any]:
        """Return the state of the engine's only slot."""
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        response = httpx.get(f"{self.url}/slots", headers=headers, trust_env=False)
        slots: list[dict[str, Any]] = response.json()
        return slots[0]

    def seconds_until_free(self) -> float:
        """Wait until the engine is idle, and return the seconds that took."""
        start = time.monotonic()
        while self.slot()["is_processing"]:
            assert time.monotonic() - start < STARTS_WITHIN, "the engine never stops"
            time.sleep(0.005)
        return time.monotonic() - start
