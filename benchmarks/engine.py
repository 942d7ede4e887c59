"""The cost of the client on a real engine: tokens per second through it, and through curl.

    python -m benchmarks.engine [--quick]

Both read the same stream from the same engine (llama.cpp's own server in `xllamacpp`, a tiny Gemma
3 with random weights, see `tests/engine`), one after the other, in one run; the engine is far
faster than with a real model. The ratio of the medians is what counts.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from backends import LocalEngine
from benchmarks.tables import print_table, shown
from tests.engine.running import RunningEngine
from tests.engine.tiny_gemma import write_tiny_gemma
from workers_ai import Client, parse_request

TOKENS = 2000
AIM = 0.95
# Always an answer of this length, with the same tokens.
REQUEST = parse_request(
    {
        "messages": [{"role": "user", "content": "Tell me words"}],
        "max_tokens": TOKENS,
        "seed": 7,
        "stream": True,
        "ignore_eos": True,
    }
)


def ours(client: Client) -> int:
    *_, last = client.stream(REQUEST)
    assert last.usage
    return last.usage.completion_tokens


def curl(url: str, body: bytes) -> int:
    command = ["curl", "-sN", url, "-H", "Content-Type: application/json", "-d", "@-"]
    read = subprocess.run(command, input=body, capture_output=True, check=True).stdout  # noqa: S603
    usages = [line for line in read.splitlines() if b'"usage"' in line]
    count: int = json.loads(usages[-1].removeprefix(b"data: "))["usage"]["completion_tokens"]
    return count


def rate(read: Callable[[], int]) -> float:
    """Return the tokens per second of one reading."""
    began = time.monotonic()
    found = read()
    taken = time.monotonic() - began
    assert found == TOKENS, f"{found} tokens"
    return found / taken


def measure(backend: LocalEngine, rounds: int) -> tuple[list[float], list[float]]:
    """Return the rates of the client and of curl, taken in alternating order."""
    request = backend.engine_request(REQUEST)
    url = f"{backend.base_url}/v1{request.path}"
    body = json.dumps(request.body).encode()
    samples: tuple[list[float], list[float]] = ([], [])
    with Client(backend) as client:
        readers: tuple[Callable[[], int], ...] = (lambda: ours(client), lambda: curl(url, body))
        for reader in readers:
            reader()
        for number in range(rounds):
            order = (0, 1) if number % 2 else (1, 0)
            for which in order:
                samples[which].append(rate(readers[which]))
    return samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rounds")
    rounds = 6 if parser.parse_args().quick else 20
    with tempfile.TemporaryDirectory() as folder:
        model = write_tiny_gemma(Path(folder))
        with RunningEngine(model, mmproj="") as engine:
            through_client, through_curl = measure(engine.backend(), rounds)
    ratio = median(through_client) / median(through_curl)
    row = ("tokens/s", shown(through_client), shown(through_curl), f"{ratio:.2f}")
    verdict = "yes" if ratio >= AIM else "NO"
    print_table([(*row, f"≥ {AIM}", verdict)], ("figure", "client", "curl", "ratio", "aim", "met"))


if __name__ == "__main__":
    main()
