"""The tests' wire server in its own process, so its pace does not depend on the measurement."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[1]
ACCOUNT = "0" * 32
TOKEN = "made-up"  # noqa: S105 - the wire server accepts any

Calls = list[tuple[str, dict[str, Any]]]
"""How to make an answer, in the form of the wire server's control API."""


def streamed(tokens: Sequence[str], *, rate: float | None = None, after: float = 0) -> Calls:
    """Answer with these tokens after `after` seconds, `rate` per second or unpaced."""
    calls: Calls = [("Answer.stream", {"responses": list(tokens)})]
    if rate:
        calls.append(("paced", {"seconds": 1 / rate}))
    if after:
        calls.append(("after", {"seconds": after}))
    return calls


class Upstream:
    """A wire server during the `with` block. Times are those of time.monotonic()."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.wire_server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.base_url = self._process.stdout.readline().strip()
        self._control = httpx.Client(
            base_url=self.base_url.removesuffix("/client/v4"), trust_env=False, timeout=30
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._control.close()
        self._process.terminate()
        self._process.wait(10)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment that makes an app call this server."""
        return {
            "CABOCHON_BACKEND": "cloudflare",
            "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
            "CLOUDFLARE_API_TOKEN": TOKEN,
            "CLOUDFLARE_BASE_URL": self.base_url,
        }

    def prepare(self, *answers: Calls) -> None:
        """Clear the requests, and set the next answers; the last one repeats."""
        self._control.delete("/__requests__").raise_for_status()
        self._control.post("/__script__", json={"run": answers}).raise_for_status()

    def last(self) -> dict[str, Any]:
        """Return the last request: `time` of its last byte, `sent` of each write (head first)."""
        found = self._control.get("/__requests__").raise_for_status().json()
        return found["requests"][-1]
