"""The tests' wire server in a process of its own: its pace does not depend on who measures."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parents[1]
ACCOUNT = "0" * 32
TOKEN = "made-up"  # noqa: S105 - the wire server takes any

Calls = list[tuple[str, dict[str, Any]]]
"""How an answer is made, as the wire server's control takes it."""


def streamed(tokens: Sequence[str], *, rate: float | None = None, after: float = 0) -> Calls:
    """Answer with these tokens, `rate` a second or all at once, `after` so many seconds."""
    calls: Calls = [("Answer.stream", {"responses": list(tokens)})]
    if rate:
        calls.append(("paced", {"seconds": 1 / rate}))
    if after:
        calls.append(("after", {"seconds": after}))
    return calls


class Upstream:
    """A wire server for as long as the `with` block runs. Times are those of time.monotonic()."""

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
        """Return what makes an app ask this server."""
        return {
            "CABOCHON_BACKEND": "cloudflare",
            "CLOUDFLARE_ACCOUNT_ID": ACCOUNT,
            "CLOUDFLARE_API_TOKEN": TOKEN,
            "CLOUDFLARE_BASE_URL": self.base_url,
        }

    def prepare(self, *answers: Calls) -> None:
        """Forget what came, and answer the next calls so; the last answer repeats."""
        self._control.delete("/__requests__").raise_for_status()
        self._control.post("/__script__", json={"run": answers}).raise_for_status()

    def last(self) -> dict[str, Any]:
        """Return the last request: `time` it was all there, `sent` at each write (head first)."""
        found = self._control.get("/__requests__").raise_for_status().json()
        return found["requests"][-1]
