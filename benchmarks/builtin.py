"""The speed of the built-in model: loading, the first token, tokens per second.

Run `python -m benchmarks.builtin` from the root of the repository. Times are CPU time of one
thread, because wall-clock time includes other work of the machine.
"""

import json
import statistics
import time
from collections.abc import Iterator

import httpx

from backends import load_guide
from backends.builtin.language_model import MODEL, HelpModel
from backends.builtin.transport import BuiltInTransport

URL = f"http://builtin.invalid/client/v4/accounts/0/ai/run/{MODEL}"
ROUNDS = 9
SCHEMA = {
    "type": "object",
    "properties": {"title": {"type": "string"}, "summary": {"type": "string"}},
    "required": ["title", "summary"],
}
CASES = {
    "documented settings": {"seed": 1},
    "all parameters": {
        "seed": 1,
        "temperature": 1.0,
        "top_k": 50,
        "top_p": 0.95,
        "repetition_penalty": 1.1,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.1,
    },
    "temperature 5": {"seed": 1, "temperature": 5},
    "guided_json": {"seed": 1, "guided_json": SCHEMA},
}


def chunks(body: dict[str, object]) -> Iterator[bytes]:
    content = {"messages": [{"role": "user", "content": "What does top_p do?"}], "stream": True}
    request = httpx.Request("POST", URL, content=json.dumps({**content, **body}).encode())
    response = BuiltInTransport().handle_request(request)
    assert response.status_code == 200
    assert isinstance(response.stream, httpx.SyncByteStream)
    return iter(response.stream)


def measure(body: dict[str, object]) -> tuple[float, float]:
    """Return the seconds to the first token and the tokens per second after it."""
    begun = time.process_time()
    stream = chunks(body)
    next(stream)
    first = time.process_time()
    rest = len(list(stream)) - 2  # the usage event and [DONE]
    return first - begun, rest / (time.process_time() - first)


def load() -> float:
    begun = time.process_time()
    HelpModel(load_guide())
    return time.process_time() - begun


def main() -> None:
    print(f"load               {1000 * statistics.median(load() for _ in range(3)):7.0f} ms")
    for name, body in CASES.items():
        measure(body)
        firsts, rates = zip(*(measure(body) for _ in range(ROUNDS)), strict=True)
        first, rate = 1000 * statistics.median(firsts), statistics.median(rates)
        print(f"{name:20}{first:6.1f} ms to the first token, then {rate:6.0f} tokens/s")


if __name__ == "__main__":
    main()
