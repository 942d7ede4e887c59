"""The cost of a call through the endpoint, compared with calling its backend directly.

    python -m benchmarks.endpoint [--quick]

Three processes: a wire server, the endpoint in front of it, and this one, which calls both with the
same transport. Medians of the rounds, taken in turn; the difference is what counts.

- *a request*: milliseconds for a complete answer that is available immediately.
- *a token, unpaced*: microseconds per token of a stream that arrives as fast as it is read.
- *a token, paced*: microseconds of CPU that the endpoint spends on a single token, at 1,000 tokens
  per second; this includes reading it from the backend, so reading it directly is the floor.
- *200 streams*: how late their last tokens are, at 10 tokens per second each.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Self

import httpx

from benchmarks.tables import print_table
from benchmarks.upstream import ACCOUNT, ROOT, TOKEN, Upstream, streamed
from tests.wire_server import word
from workers_ai import Cloudflare

TOKENS = 2000
STREAMS = 200
BODY = b'{"messages":[{"role":"user","content":"Tell me words"}],"stream":true}'
TICKS = os.sysconf("SC_CLK_TCK")


class Endpoint:
    """The endpoint in its own process, in front of a wire server."""

    def __init__(self, upstream: Upstream) -> None:
        self._environment = {**os.environ, **upstream.environment}

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "backends.endpoint", "--port", "0", "--per-minute", "0"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, "--backend", "cloudflare"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.base_url = self._process.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the process so far."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


class Caller:
    """Calls one address with its own transport, whose connection stays open."""

    def __init__(self, base_url: str) -> None:
        self._backend = Cloudflare(ACCOUNT, TOKEN, base_url=base_url)
        self._transport = self._backend.transport()
        self._url = httpx.URL(f"{self._backend.account_url}/ai/run/{self._backend.model}")

    def call(self) -> int:
        """Read an answer to its end, and return its number of bytes."""
        headers = dict(self._backend.headers)
        request = httpx.Request("POST", self._url, headers=headers, content=BODY)
        response = self._transport.handle_request(request)
        assert response.status_code == 200
        return sum(map(len, response.iter_raw()))


def typical(rounds: int, *calls: Callable[[], object]) -> list[float]:
    """Return the median seconds of each, taken in turn."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for samples, call in zip(taken, calls, strict=True):
            began = time.perf_counter()
            call()
            samples.append(time.perf_counter() - began)
    return list(map(median, taken))


def requests(upstream: Upstream, direct: Caller, through: Caller, rounds: int) -> tuple[str, ...]:
    upstream.prepare([("Answer.json", {"response": "Hello"})])
    typical(5, direct.call, through.call)
    least, full = typical(rounds, direct.call, through.call)
    return row("a request [ms]", least * 1e3, full * 1e3, 2)


def tokens(upstream: Upstream, direct: Caller, through: Caller, rounds: int) -> tuple[str, ...]:
    upstream.prepare(streamed([word(i) for i in range(TOKENS)]))
    assert direct.call() == through.call()
    least, full = (seconds * 1e6 / TOKENS for seconds in typical(rounds, direct.call, through.call))
    return row("a token, unpaced [µs]", least, full, 20)


def paced(
    upstream: Upstream, direct: Caller, through: Caller, endpoint: Endpoint, rounds: int
) -> tuple[str, ...]:
    upstream.prepare(streamed([word(i) for i in range(TOKENS)], rate=1000))
    least, full = [], []
    for _ in range(rounds):
        began = time.thread_time()
        direct.call()
        least.append((time.thread_time() - began) * 1e6 / TOKENS)
        spent = endpoint.cpu_seconds()
        through.call()
        full.append((endpoint.cpu_seconds() - spent) * 1e6 / TOKENS)
    return row("a token, paced [µs of CPU]", median(least), median(full), None)


def streams(upstream: Upstream, direct: str, through: str) -> tuple[str, ...]:
    pace, length = 10, 30
    upstream.prepare(streamed([word(i) for i in range(length)], rate=pace))
    late: list[float] = []
    for base_url in (direct, through):
        callers = [Caller(base_url) for _ in range(STREAMS)]
        with ThreadPoolExecutor(STREAMS) as pool:
            seconds = list(pool.map(lambda caller: typical(1, caller.call)[0], callers))
        late.append((max(seconds) - (length + 3) / pace) * 1e3)
    return row(f"the last of {STREAMS} streams, late by [ms]", late[0], late[1], 500)


def row(name: str, least: float, full: float, aim: float | None) -> tuple[str, ...]:
    added = full - least
    verdict = "" if aim is None else "yes" if added < aim else "NO"
    goal = "" if aim is None else f"< {aim:g}"
    return name, f"{least:.2f}", f"{full:.2f}", f"{added:.2f}", goal, verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds")
    rounds = 3 if parser.parse_args().quick else 9
    with Upstream() as upstream, Endpoint(upstream) as endpoint:
        direct, through = Caller(upstream.base_url), Caller(endpoint.base_url)
        rows = [
            requests(upstream, direct, through, 20 * rounds),
            tokens(upstream, direct, through, 5 * rounds),
            paced(upstream, direct, through, endpoint, max(1, rounds // 3)),
            streams(upstream, upstream.base_url, endpoint.base_url),
        ]
    print_table(rows, ("figure", "direct", "through the endpoint", "added", "aim", "met"))


if __name__ == "__main__":
    main()
